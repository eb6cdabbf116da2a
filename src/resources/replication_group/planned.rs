//! What the plan of a replication group records for the plans of the actions on it.

use super::attributes::ReplicationGroupModel;
use crate::engine::contract::facts;
use crate::engine::{Facts, PlanContext};

const CHANGES: &str = "changes";

/// Without a Region: a global datastore does not say in which one a new member will be.
fn key(id: &str) -> String {
    facts::key("replication group", id, "any Region")
}

/// Records a plan that creates or changes the replication group.
pub(super) fn record(cx: &PlanContext<'_, ReplicationGroupModel>) {
    let planned = &cx.planned;
    if cx.prior.is_none_or(|prior| prior != planned)
        && let Some(id) = planned.id.text()
    {
        cx.provider.facts.record(key(id), [(CHANGES, String::new())]);
    }
}

/// True when a plan of this run creates or changes a replication group with this ID in lower case.
pub(crate) fn changes(facts: &Facts, id: &str) -> bool {
    facts.get(&key(id), CHANGES).is_some()
}
