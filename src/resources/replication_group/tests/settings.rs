//! The rows of the flat settings.

use std::collections::BTreeSet;

use crate::resources::replication_group::attributes::ReplicationGroupModel;
use crate::resources::replication_group::deferral;
use crate::resources::replication_group::settings::{self, SETTINGS};
use crate::resources::replication_group::update::modification::Modification;
use crate::schema::Object;
use crate::value::Field;

/// Arguments that are no flat settings, each with the reason.
const BY_HAND: &[(&str, &str)] = &[
    ("allow_engine_replacement", "kept in the state only"),
    ("apply_immediately", "how a change is made"),
    ("auth_token", "a change rotates the token, and AWS does not return it"),
    ("auth_token_secret_arn", "a way to give the token"),
    ("auth_token_secret_version_id", "a way to give the token"),
    ("auth_token_update_strategy", "how the token is changed"),
    ("auth_token_wo", "a way to give the token"),
    ("auth_token_wo_version", "a way to give the token"),
    ("deletion_protection", "kept in the state only"),
    ("engine", "changed together with engine_version"),
    ("engine_version", "compared as a set of versions"),
    ("final_snapshot_identifier", "an argument of the deletion"),
    (
        "global_replication_group_id",
        "AWS returns it as part of another object, and a group can leave its datastore",
    ),
    ("kms_key_id", "an alias cannot be compared with the key that AWS returns"),
    ("log_delivery_configuration", "blocks, switched on and off one by one"),
    ("node_group_configuration", "blocks, changed by calls of their own"),
    ("notification_topic_arn", "a second parameter switches it off"),
    ("num_cache_clusters", "one of three ways to count nodes, changed by calls of their own"),
    ("num_node_groups", "one of three ways to count nodes, changed by calls of their own"),
    ("region", "the place of the object"),
    ("replicas_per_node_group", "one of three ways to count nodes, changed by calls of their own"),
    ("replication_group_id", "the ID of the object"),
    (
        "snapshotting_cluster_id",
        "AWS sets it on existing groups only, and chooses a node where it is omitted",
    ),
    ("tags", "changed by calls of their own"),
    ("timeouts", "kept in the state only"),
    ("transit_encryption_enabled", "changed in two steps, together with its mode"),
    ("transit_encryption_mode", "changed in two steps, together with TLS"),
    ("user_group_ids", "added and removed one by one"),
];

#[test]
fn every_argument_is_a_setting_or_has_a_reason_not_to_be() {
    let block = ReplicationGroupModel::block();
    let attributes = block.attributes.iter().filter(|attribute| attribute.is_configurable());
    let arguments: BTreeSet<&str> =
        attributes.map(|attribute| attribute.name).chain(block.blocks.iter().map(|it| it.name)).collect();
    let rows: Vec<&str> = SETTINGS.iter().map(|setting| setting.field.name).collect();
    let by_hand: Vec<&str> = BY_HAND.iter().map(|(name, _)| *name).collect();
    let both: BTreeSet<&str> = rows.iter().chain(&by_hand).copied().collect();
    assert_eq!(both, arguments);
    assert_eq!(rows.len() + by_hand.len(), arguments.len(), "an argument is in both");
    assert!(rows.is_sorted() && by_hand.is_sorted());
}

/// A value of each setting that is changed in place, which [`prior`] does not have.
fn changes() -> Vec<(&'static str, ReplicationGroupModel)> {
    let base = ReplicationGroupModel::default;
    let ids = |id: &str| Field::Known(BTreeSet::from([id.to_owned()]));
    vec![
        (
            "auto_minor_version_upgrade",
            ReplicationGroupModel { auto_minor_version_upgrade: Field::Known(false), ..base() },
        ),
        (
            "automatic_failover_enabled",
            ReplicationGroupModel { automatic_failover_enabled: Field::Known(false), ..base() },
        ),
        ("cluster_mode", ReplicationGroupModel { cluster_mode: "compatible".into(), ..base() }),
        ("description", ReplicationGroupModel { description: "Another".into(), ..base() }),
        ("durability", ReplicationGroupModel { durability: "sync".into(), ..base() }),
        ("ip_discovery", ReplicationGroupModel { ip_discovery: "ipv6".into(), ..base() }),
        (
            "maintenance_window",
            ReplicationGroupModel { maintenance_window: "mon:05:00-mon:07:00".into(), ..base() },
        ),
        ("multi_az_enabled", ReplicationGroupModel { multi_az_enabled: Field::Known(true), ..base() }),
        ("node_type", ReplicationGroupModel { node_type: "cache.m7g.large".into(), ..base() }),
        ("parameter_group_name", ReplicationGroupModel { parameter_group_name: "own".into(), ..base() }),
        ("security_group_ids", ReplicationGroupModel { security_group_ids: ids("sg-2"), ..base() }),
        (
            "snapshot_retention_limit",
            ReplicationGroupModel { snapshot_retention_limit: Field::Known(7), ..base() },
        ),
        ("snapshot_window", ReplicationGroupModel { snapshot_window: "09:00-11:00".into(), ..base() }),
    ]
}

/// A group with a value of each setting that is changed in place.
fn prior() -> ReplicationGroupModel {
    ReplicationGroupModel {
        auto_minor_version_upgrade: Field::Known(true),
        automatic_failover_enabled: Field::Known(true),
        cluster_mode: "disabled".into(),
        description: "A cache".into(),
        durability: "disabled".into(),
        ip_discovery: "ipv4".into(),
        maintenance_window: "sun:05:00-sun:07:00".into(),
        multi_az_enabled: Field::Known(false),
        node_type: "cache.t4g.small".into(),
        parameter_group_name: "default.redis7".into(),
        security_group_ids: Field::Known(BTreeSet::from(["sg-1".to_owned()])),
        snapshot_retention_limit: Field::Known(0),
        snapshot_window: "03:00-05:00".into(),
        ..ReplicationGroupModel::default()
    }
}

#[test]
fn a_difference_has_the_changed_settings_and_nothing_else() {
    let nothing = ReplicationGroupModel::default();
    assert_eq!(settings::difference(&prior(), &prior()), nothing);
    assert_eq!(settings::difference(&prior(), &nothing), nothing, "null leaves the value to AWS");
    for (name, change) in changes() {
        assert_eq!(settings::difference(&prior(), &change), change, "{name}");
        let modification =
            Modification { values: change.clone(), ..Modification::new("change settings", true) };
        assert!(!modification.is_satisfied_by(&prior()), "{name}");
        assert!(modification.is_satisfied_by(&change), "{name}");
    }
}

#[test]
fn every_setting_that_is_changed_in_place_has_a_change() {
    let changed: Vec<&str> = changes().iter().map(|(name, _)| *name).collect();
    let in_place = SETTINGS.iter().map(|setting| setting.field.name);
    let in_place = in_place.filter(|name| settings::field_in_place(name).is_some());
    assert_eq!(in_place.collect::<Vec<_>>(), changed);
}

#[test]
fn descriptions_say_whether_changes_wait() {
    for attribute in &ReplicationGroupModel::block().attributes {
        let (name, text) = (attribute.name, &attribute.description);
        let waits = deferral::attributes().any(|deferrable| deferrable == name);
        let window = "Changes are applied during the maintenance window unless `apply_immediately` is true.";
        assert_eq!(text.contains(window), waits, "{name}");
        let is_immediate = settings::field_in_place(name).is_some() && !waits;
        assert!(!is_immediate || text.contains("Changes are always applied immediately."), "{name}");
    }
}

/// What a member of a global datastore may change itself; see `datastore::decided`.
#[test]
fn a_member_of_a_global_datastore_changes_its_own_settings_only() {
    let member = |model| ReplicationGroupModel { global_replication_group_id: "world".into(), ..model };
    let own = changes().into_iter().filter(|(_, change)| {
        settings::difference(&prior(), &member(change.clone())) != ReplicationGroupModel::default()
    });
    let own: BTreeSet<&str> = own.map(|(name, _)| name).collect();
    let decided: BTreeSet<&str> = settings::decided_by_datastore().collect();
    assert_eq!(
        decided,
        [
            "auto_minor_version_upgrade",
            "automatic_failover_enabled",
            "multi_az_enabled",
            "node_type",
            "parameter_group_name",
        ]
        .into()
    );
    let all: BTreeSet<&str> = changes().iter().map(|(name, _)| *name).collect();
    assert_eq!(own, all.difference(&decided).copied().collect());
}
