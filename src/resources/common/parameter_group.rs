//! What the plan and the create of a parameter group record for the replication groups that use it.

use crate::engine::Facts;
use crate::engine::contract::facts;

const FAMILY: &str = "family";
const CLUSTER_ENABLED: &str = "cluster-enabled";
const REPLACED: &str = "replaced";

fn created_key(name: &str, region: &str) -> String {
    facts::key("created parameter group", &name.to_lowercase(), region)
}

fn key(name: &str, region: &str) -> String {
    facts::key("parameter group", &name.to_lowercase(), region)
}

/// A key of its own: what is recorded for a key takes the place of what was recorded before.
fn old_key(name: &str, region: &str) -> String {
    facts::key("old parameter group", &name.to_lowercase(), region)
}

/// Records what the plan of a parameter group knows, for the caches that name it.
pub(in crate::resources) fn record(
    facts: &Facts,
    name: &str,
    region: &str,
    family: &str,
    cluster_enabled: bool,
) {
    let mode = if cluster_enabled { "yes" } else { "no" };
    facts.record(key(name, region), [(FAMILY, family.to_owned()), (CLUSTER_ENABLED, mode.to_owned())]);
}

/// The family of a parameter group that is planned in this run.
pub(in crate::resources) fn family(facts: &Facts, name: &str, region: &str) -> Option<String> {
    facts.get(&key(name, region), FAMILY)
}

/// Whether a parameter group that is planned in this run has cluster mode.
pub(in crate::resources) fn is_cluster_enabled(facts: &Facts, name: &str, region: &str) -> Option<bool> {
    facts.get(&key(name, region), CLUSTER_ENABLED).map(|mode| mode == "yes")
}

/// Records that the plan replaces the group, so that this run deletes the old one.
pub(in crate::resources) fn record_replaced(facts: &Facts, name: &str, region: &str) {
    facts.record(old_key(name, region), [(REPLACED, String::new())]);
}

/// Records the family of a parameter group that this run has created.
pub(in crate::resources) fn record_created(facts: &Facts, name: &str, region: &str, family: &str) {
    facts.record(created_key(name, region), [(FAMILY, family.to_owned())]);
}

/// The family of a parameter group that this run has created.
pub(in crate::resources) fn created_family(facts: &Facts, name: &str, region: &str) -> Option<String> {
    facts.get(&created_key(name, region), FAMILY)
}

/// True when a plan of this run replaces the group.
pub(in crate::resources) fn is_replaced(facts: &Facts, name: &str, region: &str) -> bool {
    facts.get(&old_key(name, region), REPLACED).is_some()
}
