//! What a node type and an engine version can carry, as far as AWS documents it. Types
//! that are not named here pass: AWS adds some every year.
//!
//! Sources: the API reference (CreateReplicationGroup: `CacheNodeType`,
//! `DataTieringEnabled`, `NetworkType`, `TransitEncryptionEnabled`; CreateSnapshot:
//! `SnapshotFeatureNotSupportedFault`) and the user guide ("In-transit encryption
//! conditions", "At-rest encryption conditions", "Valkey node-type specific parameters",
//! "Log delivery", "Role-Based Access Control").

use super::attributes::ReplicationGroupModel;
use crate::diag::Diagnostics;
use crate::engine::PlanContext;
use crate::resources::common::engine_version::Version;
use crate::value::{Field, Path};

/// Types of the previous generation: AWS documents that it creates no new groups of them, and that Valkey does
/// not run on them.
const PREVIOUS: &[&str] = &["c1", "m1", "m2", "m3", "r3", "t1"];

/// Types that are missing in the lists of AWS of those with encryption, in transit or at rest.
const WITHOUT_ENCRYPTION: &[&str] = &["c1", "m1", "m2", "t1"];

/// Types that are not built on the Nitro system, which IPv6 needs.
const WITHOUT_NITRO: &[&str] = &["c1", "m1", "m2", "m3", "m4", "r3", "r4", "t1", "t2"];

/// Types with Graviton2 processors, for Redis OSS 5.0.6 and later.
const GRAVITON2: &[&str] = &["m6g", "r6g", "t4g"];

/// The one with data tiering.
const TIERED: &str = "r6gd";

/// What the checks depend on: a group that AWS has is not measured again while these stay.
const CAUSES: &[&str] = &[
    "at_rest_encryption_enabled",
    "auth_token",
    "auth_token_wo_version",
    "automatic_failover_enabled",
    "cluster_mode",
    "data_tiering_enabled",
    "engine",
    "engine_version",
    "log_delivery_configuration",
    "multi_az_enabled",
    "network_type",
    "node_type",
    "num_node_groups",
    "snapshot_retention_limit",
    "transit_encryption_enabled",
    "user_group_ids",
];

/// `r6gd` of `cache.r6gd.xlarge`.
fn class(node_type: &str) -> &str {
    node_type.split('.').nth(1).unwrap_or_default()
}

fn class_of(model: &ReplicationGroupModel) -> Option<&str> {
    model.node_type.text().map(class)
}

/// Refuses features that the node type or the engine version does not have.
pub(super) fn check(model: &ReplicationGroupModel, diags: &mut Diagnostics) {
    let mut refuse = |name: &str, detail: String| {
        diags.error_at(Path::attribute(name), format!("Invalid {name}"), detail);
    };
    if let Some(node_type) = model.node_type.text() {
        on_node_type(model, node_type, &mut refuse);
    }
    let version = model.engine_version.text().and_then(Version::parse);
    if let (Some(version), Some(text)) = (version, model.engine_version.text()) {
        on_version(model, version, text, &mut refuse);
    }
}

fn on_node_type(model: &ReplicationGroupModel, node_type: &str, refuse: &mut impl FnMut(&str, String)) {
    let class = class(node_type);
    match (class == TIERED, model.data_tiering_enabled.known()) {
        (false, Some(true)) => refuse(
            "data_tiering_enabled",
            format!(
                "Only r6gd nodes have data tiering, and `node_type` is {node_type:?}: use a type such as \"cache.r6gd.xlarge\", \
                 or remove `data_tiering_enabled`."
            ),
        ),
        (true, Some(false)) => refuse(
            "data_tiering_enabled",
            format!(
                "AWS runs {node_type:?} with data tiering only: set `data_tiering_enabled = true`, or use another `node_type`."
            ),
        ),
        _ => {}
    }
    if PREVIOUS.contains(&class)
        && model.engine.text().is_some_and(|name| name.eq_ignore_ascii_case("valkey"))
    {
        refuse(
            "node_type",
            format!(
                "Valkey does not run on {node_type:?}, a type of the previous generation: use one such as \"cache.t4g.small\"."
            ),
        );
    }
    if WITHOUT_ENCRYPTION.contains(&class) {
        for (name, flag) in [
            ("at_rest_encryption_enabled", &model.at_rest_encryption_enabled),
            ("transit_encryption_enabled", &model.transit_encryption_enabled),
        ] {
            if flag.is_true() {
                let detail = format!(
                    "AWS does not support encryption on {node_type:?}: use a newer `node_type` such as \
                     \"cache.t4g.small\", or remove `{name}`."
                );
                refuse(name, detail);
            }
        }
    }
    if class == "t1" {
        t1(model, node_type, refuse);
    }
    let ipv6 = model.network_type.text().is_some_and(|kind| kind != "ipv4");
    if ipv6 && WITHOUT_NITRO.contains(&class) {
        refuse(
            "network_type",
            format!(
                "IPv6 needs a node type built on the Nitro system, which {node_type:?} is not: use a newer one, or \"ipv4\"."
            ),
        );
    }
}

/// What T1 nodes cannot do.
fn t1(model: &ReplicationGroupModel, node_type: &str, refuse: &mut impl FnMut(&str, String)) {
    let newer = "use a newer `node_type` such as \"cache.t4g.micro\"";
    for (name, flag) in [
        ("automatic_failover_enabled", &model.automatic_failover_enabled),
        ("multi_az_enabled", &model.multi_az_enabled),
    ] {
        if flag.is_true() {
            refuse(
                name,
                format!(
                    "AWS does not support automatic failover on {node_type:?}: {newer}, or set `{name} = \
                                  false`."
                ),
            );
        }
    }
    // Cluster mode needs failover.
    if model.num_node_groups.known().is_some_and(|shards| *shards > 1) {
        refuse("num_node_groups", format!("AWS does not support cluster mode on {node_type:?}: {newer}."));
    }
    if model.cluster_mode.text().is_some_and(|mode| mode != "disabled") {
        refuse("cluster_mode", format!("AWS does not support cluster mode on {node_type:?}: {newer}."));
    }
    if model.snapshot_retention_limit.known().is_some_and(|days| *days > 0) {
        refuse(
            "snapshot_retention_limit",
            format!(
                "AWS does not support snapshots of {node_type:?}: {newer}, or set `snapshot_retention_limit = 0`."
            ),
        );
    }
}

fn on_version(
    model: &ReplicationGroupModel,
    version: Version,
    text: &str,
    refuse: &mut impl FnMut(&str, String),
) {
    let from = |major, minor, patch| version.at_least(major, minor, patch);
    let class = class_of(model).unwrap_or_default();
    let least = match class {
        TIERED if !from(6, 2, 0) => Some("6.2"),
        class if GRAVITON2.contains(&class) && !from(5, 0, 6) => Some("5.0.6"),
        _ => None,
    };
    if let (Some(least), Some(node_type)) = (least, model.node_type.text()) {
        refuse(
            "node_type",
            format!(
                "{node_type:?} runs redis from {least} on, and `engine_version` is {text:?}: raise it, or use another `node_type`."
            ),
        );
    }
    // 3.2.6 has encryption, 3.2.10 does not, and 4.0.10 has it again.
    let encrypts = from(4, 0, 10) || (from(3, 2, 6) && !from(3, 2, 7));
    for (name, flag) in [
        ("at_rest_encryption_enabled", &model.at_rest_encryption_enabled),
        ("transit_encryption_enabled", &model.transit_encryption_enabled),
    ] {
        if flag.is_true() && !encrypts {
            let detail = format!(
                "Encryption needs redis 3.2.6, or 4.0.10 and later, and `engine_version` is {text:?}: raise it, or \
                 remove `{name}`."
            );
            refuse(name, detail);
        }
    }
    if model.network_type.text().is_some_and(|kind| kind != "ipv4") && !from(6, 2, 0) {
        refuse(
            "network_type",
            format!(
                "IPv6 needs engine version 6.2 or later, and `engine_version` is {text:?}: raise it, or use \"ipv4\"."
            ),
        );
    }
    if model.user_group_ids.known().is_some_and(|ids| !ids.is_empty()) && !from(6, 0, 0) {
        refuse(
            "user_group_ids",
            format!(
                "User groups need engine version 6.0 or later, and `engine_version` is {text:?}: raise it, or use `auth_token`."
            ),
        );
    }
    for log in model.logs() {
        let least = match log.log_type.text() {
            Some("slow-log") if !from(6, 0, 0) => "6.0",
            Some("engine-log") if !from(6, 2, 0) => "6.2",
            _ => continue,
        };
        refuse(
            "log_delivery_configuration",
            format!(
                "{} needs engine version {least} or later, and `engine_version` is {text:?}: raise it, or remove the \
                 block.",
                log.log_type.text().unwrap_or_default()
            ),
        );
    }
}

/// The same with what the configuration leaves to the state, and what can only be said
/// of a plan.
pub(super) fn plan(cx: &mut PlanContext<'_, ReplicationGroupModel>) {
    let Some(prior) = cx.prior else {
        let open = cx.config.data_tiering_enabled.is_null();
        if open && class_of(&cx.planned) == Some(TIERED) {
            // There is no such group without.
            cx.set("data_tiering_enabled", true);
        }
        warn_of_previous(cx);
        check(&cx.planned.clone(), &mut cx.diags);
        return;
    };
    if !CAUSES.iter().any(|name| cx.changed(name)) {
        return;
    }
    let tiered = |model: &ReplicationGroupModel| class_of(model).map(|class| class == TIERED);
    if let (Some(before), Some(after)) = (tiered(prior), tiered(&cx.planned))
        && before != after
        && cx.config.data_tiering_enabled.is_null()
    {
        let (desired, way) = if after { (true, "to") } else { (false, "from") };
        cx.diags.error_at(
            Path::attribute("node_type"),
            "Invalid node_type",
            format!(
                "AWS does not move a replication group {way} r6gd nodes in place, because only r6gd nodes \
                 have data tiering. Keep the node family; or, if the data may be lost, set \
                 `data_tiering_enabled = {desired}` to replace the replication group."
            ),
        );
        return;
    }
    if cx.changed("node_type") {
        warn_of_previous(cx);
    }
    let mut planned = cx.planned.clone();
    if cx.config.engine_version.is_null() {
        // What runs says more than what was asked for once.
        planned.engine_version = prior.engine_version_actual.text().map_or(Field::Null, Field::from);
    }
    check(&planned, &mut cx.diags);
}

fn warn_of_previous(cx: &mut PlanContext<'_, ReplicationGroupModel>) {
    let Some(node_type) = cx.planned.node_type.text().filter(|name| PREVIOUS.contains(&class(name))) else {
        return;
    };
    let detail = format!(
        "{node_type:?} belongs to the previous generation, and AWS documents that it creates no new replication groups \
         of it. Use a type such as \"cache.t4g.small\" or \"cache.r7g.large\"."
    );
    cx.diags.warning_at(Path::attribute("node_type"), "Previous-generation node type", detail);
}
