//! The SSM URL against scripted responses of SSM, and errors before the first call.

mod plan;
mod resource;
mod serverless;
mod tier;

use super::SsmUrl;
use crate::resources::common::connection::GroupModel;
use crate::value::{IntoValue as _, Value};

/// A replication group with these attributes.
fn group_of<const N: usize>(entries: [(&str, Value); N]) -> Value {
    let mut group = GroupModel::default().into_value();
    if let Value::Map(map) = &mut group {
        map.extend(entries.map(|(key, value)| (key.to_owned(), value)));
    }
    group
}
