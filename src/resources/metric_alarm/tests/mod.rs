//! The alarm against scripted responses of CloudWatch, and errors before the first call.

mod promql;
mod resource;
mod validate;

use super::MetricAlarm;
use super::attributes::{
    CriteriaModel, MetricModel, PromQlModel, QueryModel, WallClockModel, WarmUpModel, WindowModel,
};
use crate::schema::Object;
use crate::value::Value;

fn object<M: Object, const N: usize>(entries: [(&str, Value); N]) -> Value {
    let mut object = M::default().into_value();
    if let Value::Map(map) = &mut object {
        map.extend(entries.map(|(key, value)| (key.to_owned(), value)));
    }
    object
}
