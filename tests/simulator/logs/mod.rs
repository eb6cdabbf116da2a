//! CloudWatch Logs: log groups and resource policies.

mod groups;
mod policies;

use super::json::Input;
use super::protocol::{Millis, Place, ServiceError};
use super::state::unknown;
use super::stores::{PerPlace, Tags};
use groups::Group;
use policies::Policy;
use serde_json::Value;
use std::collections::BTreeMap;

/// What refuses members that break the API model.
const INVALID: &str = "InvalidParameterException";

/// What there is in one account and region, by name.
#[derive(Debug, Default)]
struct Store {
    groups: BTreeMap<String, Group>,
    policies: BTreeMap<String, Policy>,
}

/// The service.
#[derive(Debug, Default)]
pub(super) struct Logs {
    stores: PerPlace<Store>,
}

impl Logs {
    pub(super) fn call(
        &mut self,
        place: &Place,
        action: &str,
        input: &Value,
        now: Millis,
    ) -> Result<Value, ServiceError> {
        let (store, input) = (self.stores.at(place), &Input::new(input, INVALID));
        let groups = &mut store.groups;
        match action {
            "CreateLogGroup" => groups::create(groups, input, now),
            "DescribeLogGroups" => groups::describe(groups, place, input),
            "DeleteLogGroup" => groups::delete(groups, input),
            "PutRetentionPolicy" => groups::put_retention(groups, input),
            "DeleteRetentionPolicy" => groups::delete_retention(groups, input),
            "AssociateKmsKey" => groups::associate_key(groups, input),
            "DisassociateKmsKey" => groups::disassociate_key(groups, input),
            "PutLogGroupDeletionProtection" => groups::protect(groups, input),
            "TagResource" => groups::tag(groups, input),
            "UntagResource" => groups::untag(groups, input),
            "ListTagsForResource" => groups::list_tags(groups, input),
            "PutResourcePolicy" => policies::put(&mut store.policies, input, now),
            "DescribeResourcePolicies" => policies::describe(&store.policies, input),
            "DeleteResourcePolicy" => policies::delete(&mut store.policies, input),
            _ => Err(unknown("logs", action)),
        }
    }

    /// ARNs with tags.
    pub(super) fn tagged(&mut self, place: &Place) -> Vec<(String, Tags)> {
        let groups = &self.stores.at(place).groups;
        groups.iter().map(|(name, group)| (groups::arn(place, name), group.tags.clone())).collect()
    }
}
