//! Changes that AWS has accepted and carries out later.

use std::collections::BTreeMap;

use super::live::Live;
use super::model::ReplicationGroupModel;
use super::steps::Modification;
use crate::diag::Diagnostic;
use crate::value::Field;

/// What AWS defers too, but has no field for among its pending values. The state
/// remembers it until AWS shows that it is done. An import does not know of it, so the
/// next apply asks once more; AWS takes a second request for what waits already, and it
/// goes on waiting unless `apply_immediately` says otherwise.
const MULTI_AZ: &str = "multi_az_enabled";
const PARAMETER_GROUP: &str = "parameter_group_name";
const IP_DISCOVERY: &str = "ip_discovery";
const UNTOLD: [&str; 3] = [MULTI_AZ, PARAMETER_GROUP, IP_DISCOVERY];

/// What was known to be pending, with what this change adds or takes out.
pub(super) fn after(
    known: &Field<BTreeMap<String, String>>,
    change: &Modification,
) -> BTreeMap<String, String> {
    let mut pending = known.known().cloned().unwrap_or_default();
    if change.immediately {
        // Carries out whatever is pending.
        pending.clear();
        return pending;
    }
    for (name, value) in [
        (MULTI_AZ, change.multi_az.map(|on| on.to_string())),
        (PARAMETER_GROUP, change.parameter_group.clone()),
        (IP_DISCOVERY, change.ip_discovery.clone()),
    ] {
        if let Some(value) = value {
            pending.insert(name.to_owned(), value);
        }
    }
    pending
}

/// `prior` as if what is pending in it had not been asked for, so that it is asked
/// for once more.
pub(super) fn forget(prior: &ReplicationGroupModel) -> ReplicationGroupModel {
    let mut model = prior.clone();
    let Some(pending) = prior.pending_modified_values.known() else { return model };
    for name in pending.keys() {
        match name.as_str() {
            "node_type" => model.node_type = Field::Null,
            "engine_version" => (model.engine, model.engine_version) = (Field::Null, Field::Null),
            "automatic_failover_enabled" => model.automatic_failover_enabled = Field::Null,
            "cluster_mode" => model.cluster_mode = Field::Null,
            "transit_encryption_enabled" => {
                let on = prior.transit_encryption_enabled.is_true();
                model.transit_encryption_enabled = Field::Known(!on);
                // TLS goes on and off by way of preferred.
                model.transit_encryption_mode = if on { Field::Null } else { "preferred".into() };
            }
            "transit_encryption_mode" if !pending.contains_key("transit_encryption_enabled") => {
                let required = prior.transit_encryption_mode.text() == Some("required");
                let before = if required { "preferred" } else { "required" };
                model.transit_encryption_mode = before.into();
            }
            MULTI_AZ => model.multi_az_enabled = Field::Null,
            PARAMETER_GROUP => model.parameter_group_name = Field::Null,
            IP_DISCOVERY => model.ip_discovery = Field::Null,
            _ => {}
        }
    }
    model
}

impl Live {
    /// What is pending: what AWS tells of, and of the rest what `model`, as it was known
    /// before, says is pending and AWS does not show as done.
    pub(super) fn all_pending(&self, model: &ReplicationGroupModel) -> BTreeMap<String, String> {
        let mut pending = self.pending();
        let member = self.member.as_ref();
        for name in UNTOLD {
            let live = match name {
                MULTI_AZ => self.group.multi_az().map(|zones| (zones.as_str() == "enabled").to_string()),
                PARAMETER_GROUP => member
                    .and_then(|m| m.cache_parameter_group()?.cache_parameter_group_name())
                    .map(str::to_owned),
                _ => self.group.ip_discovery().map(|discovery| discovery.as_str().to_owned()),
            };
            let wanted = model.pending_modified_values.known().and_then(|known| known.get(name));
            if let (Some(wanted), Some(live)) = (wanted, live)
                && !wanted.eq_ignore_ascii_case(&live)
            {
                pending.insert(name.to_owned(), wanted.clone());
            }
        }
        pending
    }

    /// What AWS tells of, by the attribute it will change. Secrets are told of by name only,
    /// and log delivery not at all: it never waits for the window.
    fn pending(&self) -> BTreeMap<String, String> {
        let mut pending = BTreeMap::new();
        let mut add = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                pending.insert(name.to_owned(), value);
            }
        };
        if let Some(member) = self.member.as_ref().and_then(|m| m.pending_modified_values()) {
            add("node_type", member.cache_node_type().map(str::to_owned));
            add("engine_version", member.engine_version().map(str::to_owned));
            add("transit_encryption_enabled", member.transit_encryption_enabled.map(|on| on.to_string()));
            add(
                "transit_encryption_mode",
                member.transit_encryption_mode().map(|mode| mode.as_str().to_owned()),
            );
        }
        if let Some(group) = self.group.pending_modified_values() {
            let failover = group.automatic_failover_status().map(|status| status.as_str() == "enabled");
            add("automatic_failover_enabled", failover.map(|on| on.to_string()));
            add("cluster_mode", group.cluster_mode().map(|mode| mode.as_str().to_owned()));
            add("transit_encryption_enabled", group.transit_encryption_enabled.map(|on| on.to_string()));
            add(
                "transit_encryption_mode",
                group.transit_encryption_mode().map(|mode| mode.as_str().to_owned()),
            );
            add("auth_token", group.auth_token_status().map(|status| status.as_str().to_lowercase()));
            if let Some(groups) = group.user_groups() {
                let add_ids = groups.user_group_ids_to_add().iter().map(|id| format!("+{id}"));
                let remove_ids = groups.user_group_ids_to_remove().iter().map(|id| format!("-{id}"));
                let ids: Vec<String> = add_ids.chain(remove_ids).collect();
                add("user_group_ids", (!ids.is_empty()).then(|| ids.join(", ")));
            }
        }
        pending
    }

    /// The word about changes that wait for the maintenance window; none when none do.
    pub(super) fn deferred(&self, pending: &BTreeMap<String, String>) -> Option<Diagnostic> {
        if pending.is_empty() {
            return None;
        }
        let id = self.group.replication_group_id().unwrap_or_default();
        let changes: Vec<String> = pending.iter().map(|(name, value)| format!("{name} ({value})")).collect();
        let window = match self.member.as_ref().and_then(|m| m.preferred_maintenance_window()) {
            Some(window) => format!("its maintenance window, {window} UTC"),
            None => "its maintenance window".to_owned(),
        };
        Some(Diagnostic::warning(
            "Changes wait for the maintenance window",
            format!(
                "AWS has accepted these changes of replication group {id:?} and carries them out in {window}: {}. To have \
                 them at once, set apply_immediately = true and apply.",
                changes.join("; ")
            ),
        ))
    }
}
