//! Durability of writes.
//!
//! From the user guide, "Durability" and "Configuring durability": valkey from 9.0 on, with cluster
//! mode, Multi-AZ with a replica in each shard, and encryption in transit; `default` is disabled on
//! 9.0; durability turns encryption at rest on, with a key of the service unless another is named.
//! Since 27 October 2026 an existing group changes in every direction, by a request that changes
//! nothing else (release notes; an older page still speaks of `sync` and `async` only).

use super::faults;
use super::group::{ClusterMode, Group};
use super::input;
use super::protocol::{Params, ServiceError};
use super::versions::Version;

/// What durability depends on.
pub(super) struct Conditions {
    pub(super) engine: &'static str,
    pub(super) version: Version,
    pub(super) mode: ClusterMode,
    pub(super) multi_az: bool,
    pub(super) tls: bool,
}

impl Conditions {
    fn of(group: &Group) -> Self {
        Self {
            engine: group.engine,
            version: group.version,
            mode: group.cluster_mode,
            multi_az: group.multi_az,
            tls: group.tls.enabled(),
        }
    }

    /// Whether the group has the setting at all. A belief: others show none.
    fn has_durability(&self) -> bool {
        self.engine == "valkey" && self.version >= Version(9, 0, 0) && self.mode == ClusterMode::Enabled
    }

    fn check(&self, durability: &str) -> Result<(), ServiceError> {
        match durability {
            "default" | "disabled" => Ok(()),
            "sync" | "async" if !self.has_durability() => Err(faults::combination(format!(
                "Durability {durability} needs valkey 9.0 or later with cluster mode enabled."
            ))),
            "sync" | "async" if !self.multi_az || !self.tls => Err(faults::combination(format!(
                "Durability {durability} needs Multi-AZ with a replica in each shard, and encryption in transit."
            ))),
            "sync" | "async" => Ok(()),
            other => Err(faults::value(format!("Invalid durability: {other}"))),
        }
    }
}

/// Durability of a new group.
pub(super) fn first(params: &Params, conditions: &Conditions) -> Result<Option<String>, ServiceError> {
    match input::text(params, "Durability") {
        Some(durability) => {
            conditions.check(durability)?;
            Ok(Some(durability.to_owned()))
        }
        None => Ok(conditions.has_durability().then(|| "default".to_owned())),
    }
}

/// The change of durability that a call asks for.
pub(super) fn change(params: &Params, group: &Group) -> Result<Option<String>, ServiceError> {
    let Some(durability) = input::text(params, "Durability") else { return Ok(None) };
    let alone = ["Action", "Version", "ReplicationGroupId", "ApplyImmediately", "Durability"];
    if let Some(other) = params.0.keys().find(|name| !alone.contains(&name.as_str())) {
        return Err(faults::combination(format!("Durability cannot be modified together with {other}.")));
    }
    Conditions::of(group).check(durability)?;
    if group.durability.is_none() {
        return Err(faults::combination("Durability needs valkey 9.0 or later with cluster mode enabled."));
    }
    Ok(Some(durability.to_owned()).filter(|requested| Some(requested) != group.durability.as_ref()))
}

/// What is in effect.
pub(super) fn effective(group: &Group) -> Option<&str> {
    group.durability.as_deref().map(|requested| if requested == "default" { "disabled" } else { requested })
}

/// Whether data at rest is encrypted.
pub(super) fn encrypts(group: &Group) -> bool {
    group.at_rest || effective(group).is_some_and(|mode| mode != "disabled")
}
