//! Rules over several attributes of a configuration: what AWS would refuse, found before AWS is asked.

use super::attributes::ReplicationGroupModel;
use super::{counts, default_groups, limits, log_destinations, node_types, rules};
use crate::diag::Diagnostics;
use crate::resources::common::engine_version::Version;
use crate::value::{Field, Path};

/// Why AWS refuses several zones without failover.
pub(super) const ZONES_NEED_FAILOVER: &str =
    "`multi_az_enabled` requires `automatic_failover_enabled = true`. Set it, or remove `multi_az_enabled`.";

/// Why AWS refuses a key without encryption.
pub(super) const KEY_NEEDS_ENCRYPTION: &str =
    "`kms_key_id` requires `at_rest_encryption_enabled = true`. Set it, or remove `kms_key_id`.";

/// Rules over several attributes.
pub(super) fn group(config: &ReplicationGroupModel, diags: &mut Diagnostics) {
    engine_and_version(config, diags);
    size(config, diags);
    counts::check(config, diags);
    security(config, diags);
    windows(config, diags);
    snapshot_source(config, diags);
    logs(config, diags);
    limits::check(config, diags);
    node_types::check(config, diags);
}

fn refuse(diags: &mut Diagnostics, name: &str, detail: &str) {
    diags.error_at(Path::attribute(name), format!("Invalid {name}"), detail);
}

/// Redis OSS ends with 7.1, and Valkey begins with 7.2.
fn engine_and_version(config: &ReplicationGroupModel, diags: &mut Diagnostics) {
    let (Some(engine), Some(text)) = (config.engine.text(), config.engine_version.text()) else { return };
    let Some(version) = Version::parse(text) else { return };
    let valkey = version.at_least(7, 2, 0);
    if engine.eq_ignore_ascii_case("valkey") && !valkey {
        let detail = format!(
            "Valkey {text} does not exist: the first version is \"7.2\". Set `engine_version = \"7.2\"` or later, or \
             `engine = \"redis\"`."
        );
        refuse(diags, "engine_version", &detail);
    } else if engine.eq_ignore_ascii_case("redis") && valkey {
        let detail = format!(
            "Redis OSS {text} does not exist: the last version is \"7.1\". Set `engine = \"valkey\"`, or \
             `engine_version = \"7.1\"` or earlier."
        );
        refuse(diags, "engine_version", &detail);
    }
}

fn size(config: &ReplicationGroupModel, diags: &mut Diagnostics) {
    let off = |flag: &Field<bool>| flag.known() == Some(&false);
    if config.node_type.text().is_none() && !config.node_type.is_unknown() {
        let global = &config.global_replication_group_id;
        if global.text().is_none() && !global.is_unknown() {
            diags.error_at(
                Path::attribute("node_type"),
                "Missing node_type",
                "`node_type` is not set. Only a replication group that joins a global datastore has the node type of the \
                 datastore. Set `node_type`, for example to \"cache.t4g.small\".",
            );
        }
    }
    if config.multi_az_enabled.is_true() && off(&config.automatic_failover_enabled) {
        refuse(diags, "multi_az_enabled", ZONES_NEED_FAILOVER);
    }
    let single = config.num_cache_clusters.known().is_some_and(|n| *n < 2);
    // Cluster mode has failover with any number of nodes. The mode of a parameter group of the
    // user's own is not known here.
    let own = config
        .parameter_group_name
        .text()
        .is_some_and(|name| default_groups::of_default_group(name).is_none());
    let clustered = config.has_cluster_mode()
        || own
        || config.parameter_group_name.is_unknown()
        || config.cluster_mode.is_unknown();
    for (name, flag, needs_replica) in [
        ("automatic_failover_enabled", &config.automatic_failover_enabled, !clustered),
        ("multi_az_enabled", &config.multi_az_enabled, true),
    ] {
        if flag.is_true() && single && needs_replica {
            refuse(
                diags,
                name,
                &format!("`{name}` requires a replica. Set `num_cache_clusters` to 2 or more."),
            );
        }
    }
    if config.num_node_groups.known().is_some_and(|n| *n > 1) && off(&config.automatic_failover_enabled) {
        refuse(
            diags,
            "automatic_failover_enabled",
            "Several shards require `automatic_failover_enabled = true`, because AWS requires failover with cluster \
             mode. Set it, or remove it.",
        );
    }
}

/// API reference of ModifyReplicationGroup, SnapshottingClusterId.
fn snapshot_source(config: &ReplicationGroupModel, diags: &mut Diagnostics) {
    if config.snapshotting_cluster_id.text().is_none() {
        return;
    }
    let days = &config.snapshot_retention_limit;
    if !days.is_unknown() && days.known().is_none_or(|days| *days == 0) {
        refuse(
            diags,
            "snapshotting_cluster_id",
            "`snapshotting_cluster_id` requires daily snapshots, and `snapshot_retention_limit` is 0. Set it to a number of \
             days, or remove `snapshotting_cluster_id`.",
        );
    }
    if config.has_cluster_mode() {
        refuse(
            diags,
            "snapshotting_cluster_id",
            "AWS does not support `snapshotting_cluster_id` with cluster mode, with which it takes snapshots of every shard. \
             Remove `snapshotting_cluster_id`.",
        );
    }
}

fn security(config: &ReplicationGroupModel, diags: &mut Diagnostics) {
    let tls_off = match config.transit_encryption_enabled {
        Field::Known(on) => !on,
        // AWS's own default, unless the group gets it from elsewhere.
        Field::Null => config.global_replication_group_id.is_null(),
        Field::Unknown => false,
    };
    let reference = config.reference();
    let written = config.auth_token.given().is_some() || config.auth_token_wo.given().is_some();
    let token = written || reference.is_certain();
    let groups = config.user_group_ids.known().is_some_and(|ids| !ids.is_empty());
    let credentials = match config.auth_token.given() {
        Some(_) => Some("auth_token"),
        None if written => Some("auth_token_wo"),
        None if token => Some("auth_token_secret_arn"),
        None => groups.then_some("user_group_ids"),
    };
    if let Some(name) = credentials.filter(|_| tls_off) {
        refuse(
            diags,
            name,
            &format!(
                "`{name}` requires `transit_encryption_enabled = true`: AWS accepts credentials over TLS only."
            ),
        );
    }
    if config.transit_encryption_mode.text().is_some() && tls_off {
        refuse(
            diags,
            "transit_encryption_mode",
            "`transit_encryption_mode` requires `transit_encryption_enabled = true`. Set it, or remove \
             `transit_encryption_mode`.",
        );
    }
    if config.kms_key_id.text().is_some() && config.at_rest_encryption_enabled.known() == Some(&false) {
        refuse(diags, "kms_key_id", KEY_NEEDS_ENCRYPTION);
    }
    if let Some(name) = credentials.filter(|_| config.transit_encryption_mode.text() == Some("preferred")) {
        refuse(
            diags,
            "transit_encryption_mode",
            &format!(
                "`{name}` requires `transit_encryption_mode = \"required\"`: AWS accepts credentials over TLS only."
            ),
        );
    }
    if config.auth_token_update_strategy.text() == Some("DELETE") && token {
        refuse(
            diags,
            "auth_token_update_strategy",
            "`DELETE` removes the token when `user_group_ids` replaces it, but a token is configured. Remove one of the \
             two.",
        );
    }
}

/// AWS refuses a snapshot window that meets the maintenance window.
fn windows(config: &ReplicationGroupModel, diags: &mut Diagnostics) {
    let (Some(weekly), Some(daily)) = (config.maintenance_window.text(), config.snapshot_window.text())
    else {
        return;
    };
    if rules::overlap(weekly, daily) {
        refuse(
            diags,
            "snapshot_window",
            "`snapshot_window` and `maintenance_window` overlap, which AWS does not allow. Change one of them.",
        );
    }
}

fn logs(config: &ReplicationGroupModel, diags: &mut Diagnostics) {
    log_destinations::check(config.logs(), diags);
    let mut visited: Vec<&str> = Vec::new();
    for log in config.logs() {
        let Some(kind) = log.log_type.text() else { continue };
        if visited.contains(&kind) {
            diags.error_at(
                Path::attribute("log_delivery_configuration"),
                "Invalid log_delivery_configuration",
                format!("Two blocks have `log_type = {kind:?}`, but AWS delivers each log to one destination. Remove one \
                         of them."),
            );
        }
        visited.push(kind);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_overlapping_windows() {
        let problems = |weekly: &str, daily: &str| {
            let config = ReplicationGroupModel {
                maintenance_window: weekly.into(),
                snapshot_window: daily.into(),
                ..Default::default()
            };
            let mut diags = Diagnostics::new();
            windows(&config, &mut diags);
            diags.has_errors()
        };
        assert!(problems("sun:05:00-sun:07:00", "06:00-08:00"));
        assert!(problems("sun:23:30-mon:00:30", "00:00-01:00"));
        assert!(!problems("sun:05:00-sun:07:00", "03:00-05:00"));
        assert!(!problems("sun:05:00-sun:07:00", "07:00-08:00"));
    }
}
