//! Systems Manager Parameter Store.

mod parameter;
mod put;
mod read;
mod tags;

use super::json::Input;
use super::protocol::{Millis, Place, ServiceError};
use super::state::unknown;
use super::stores::{PerPlace, Tags};
use parameter::Parameter;
use serde_json::Value;
use std::collections::BTreeMap;

/// What refuses members that break the API model.
const INVALID: &str = "ValidationException";

/// The parameters of one account and region, by name.
type Store = BTreeMap<String, Parameter>;

/// The service.
#[derive(Debug, Default)]
pub(super) struct Ssm {
    stores: PerPlace<Store>,
}

impl Ssm {
    pub(super) fn call(
        &mut self,
        place: &Place,
        action: &str,
        input: &Value,
        now: Millis,
    ) -> Result<Value, ServiceError> {
        let (store, input) = (self.stores.at(place), Input::new(input, INVALID));
        match action {
            "PutParameter" => put::put(store, place, &input, now),
            "GetParameter" => read::get(store, place, &input),
            "GetParameters" => read::get_several(store, place, &input),
            "GetParametersByPath" => read::get_by_path(store, place, &input),
            "GetParameterHistory" => read::history(store, place, &input),
            "DescribeParameters" => read::describe(store, place, &input),
            "DeleteParameter" => read::delete(store, place, &input),
            "DeleteParameters" => read::delete_several(store, place, &input),
            "LabelParameterVersion" => put::label(store, place, &input),
            "AddTagsToResource" => tags::add(store, &input),
            "RemoveTagsFromResource" => tags::remove(store, &input),
            "ListTagsForResource" => tags::list(store, &input),
            _ => Err(unknown("ssm", action)),
        }
    }

    /// ARNs with tags.
    pub(super) fn tagged(&mut self, place: &Place) -> Vec<(String, Tags)> {
        let store = self.stores.at(place);
        store.iter().map(|(name, one)| (parameter::arn(place, name), one.tags.clone())).collect()
    }
}
