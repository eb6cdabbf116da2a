//! The words of each refusal.

use super::{ReplicationGroup, TOKEN, configured};
use crate::engine::AnyResource;
use crate::testing::aws::problems;
use crate::value::Value;

fn refusals<const N: usize>(changes: [(&str, Value); N]) -> Vec<String> {
    problems(&AnyResource::validate(&ReplicationGroup, &configured(changes)))
}

#[test]
fn valid_and_unknown_configurations_pass() {
    assert_eq!(refusals([]), [] as [&str; 0]);
    for name in [
        "replication_group_id",
        "description",
        "node_type",
        "engine",
        "engine_version",
        "num_cache_clusters",
        "automatic_failover_enabled",
        "transit_encryption_enabled",
        "maintenance_window",
        "kms_key_id",
        "log_delivery_configuration",
        "node_group_configuration",
    ] {
        assert_eq!(refusals([(name, Value::Unknown)]), [] as [&str; 0], "{name}");
    }
    let tls = ("transit_encryption_enabled", Value::Unknown);
    assert_eq!(
        refusals([("auth_token", Value::Unknown), ("auth_token_update_strategy", "ROTATE".into())]),
        [] as [&str; 0]
    );
    assert_eq!(refusals([tls, ("auth_token", TOKEN.into())]), [] as [&str; 0]);
}

#[test]
fn refuses_wrong_numbers_of_nodes_and_failover() {
    assert_eq!(
        refusals([("node_type", Value::Null)]),
        [
            "node_type: Missing node_type: `node_type` is not set. Only a replication group that joins a global datastore has \
             the node type of the datastore. Set `node_type`, for example to \"cache.t4g.small\"."
        ]
    );
    assert_eq!(
        refusals([("multi_az_enabled", true.into()), ("automatic_failover_enabled", false.into())]),
        [
            "multi_az_enabled: Invalid multi_az_enabled: `multi_az_enabled` requires `automatic_failover_enabled = true`. Set \
             it, or remove `multi_az_enabled`."
        ]
    );
    assert_eq!(
        refusals([("num_cache_clusters", Value::from(1))]),
        [
            "automatic_failover_enabled: Invalid automatic_failover_enabled: `automatic_failover_enabled` requires a \
             replica. Set `num_cache_clusters` to 2 or more."
        ]
    );
    let shards = ("num_node_groups", Value::from(2));
    let none = ("num_cache_clusters", Value::Null);
    assert_eq!(
        refusals([shards.clone(), none.clone(), ("automatic_failover_enabled", false.into())]),
        ["automatic_failover_enabled: Invalid automatic_failover_enabled: Several shards require \
             `automatic_failover_enabled = true`, because AWS requires failover with cluster mode. Set it, or remove it."]
    );
    let blocks = &ReplicationGroup.schema().block.blocks;
    let block = blocks.iter().find(|block| block.name == "node_group_configuration").unwrap();
    let shard = block.block.conform(Value::map([("node_group_id", "0001".into())]));
    assert_eq!(
        refusals([shards, none, ("node_group_configuration", Value::set([shard]))]),
        ["num_node_groups: Invalid num_node_groups: `num_node_groups` is 2, but the configuration has 1 \
          `node_group_configuration` blocks. Set as many blocks, or none."]
    );
}

#[test]
fn refuses_wrong_credentials_and_tls() {
    let off = ("transit_encryption_enabled", Value::from(false));
    let token = ("auth_token", Value::from(TOKEN));
    let users = ("user_group_ids", Value::set([Value::from("users")]));
    let only = "AWS accepts credentials over TLS only.";
    assert_eq!(
        refusals([off.clone(), token.clone()]),
        [format!(
            "auth_token: Invalid auth_token: `auth_token` requires `transit_encryption_enabled = true`: {only}"
        )]
    );
    assert_eq!(
        refusals([off.clone(), users.clone()]),
        [format!(
            "user_group_ids: Invalid user_group_ids: `user_group_ids` requires `transit_encryption_enabled = true`: {only}"
        )]
    );
    let preferred = ("transit_encryption_mode", Value::from("preferred"));
    assert_eq!(
        refusals([preferred.clone(), token.clone()]),
        [format!(
            "transit_encryption_mode: Invalid transit_encryption_mode: `auth_token` requires `transit_encryption_mode = \
             \"required\"`: {only}"
        )]
    );
    assert_eq!(
        refusals([off, preferred]),
        ["transit_encryption_mode: Invalid transit_encryption_mode: `transit_encryption_mode` requires \
          `transit_encryption_enabled = true`. Set it, or remove `transit_encryption_mode`."]
    );
    let strategy = |strategy: &str| ("auth_token_update_strategy", Value::from(strategy));
    assert_eq!(
        refusals([strategy("DELETE"), token]),
        [
            "auth_token_update_strategy: Invalid auth_token_update_strategy: `DELETE` removes the token when `user_group_ids` \
          replaces it, but a token is configured. Remove one of the two."
        ]
    );
    // Without a token it is a warning of the plan.
    assert_eq!(refusals([strategy("ROTATE")]), [] as [&str; 0]);
    assert_eq!(refusals([strategy("DELETE"), users]), [] as [&str; 0]);
    assert_eq!(
        refusals([("auth_token", "c2VjcmV0+c2VjcmV0/c2VjcmV0==".into())]),
        [
            "auth_token: Invalid auth_token: `auth_token` must consist of letters, digits and the characters !&#$^<>-, which \
          AWS requires. Base64 text has the characters +/=, and a file often ends with a line break, which trimspace() \
          removes; `openssl rand -hex 32` returns a valid token."
        ]
    );
}

#[test]
fn refuses_wrong_engines_windows_and_logs() {
    assert_eq!(
        refusals([("engine", "valkey".into())]),
        [
            "engine_version: Invalid engine_version: Valkey 7.1 does not exist: the first version is \"7.2\". Set \
          `engine_version = \"7.2\"` or later, or `engine = \"redis\"`."
        ]
    );
    assert_eq!(
        refusals([("engine_version", "8.0".into())]),
        [
            "engine_version: Invalid engine_version: Redis OSS 8.0 does not exist: the last version is \"7.1\". Set `engine = \
          \"valkey\"`, or `engine_version = \"7.1\"` or earlier."
        ]
    );
    assert_eq!(
        refusals([("engine", "memcached".into())]),
        [
            "engine: Invalid engine: `engine` must be \"redis\" or \"valkey\"; a replication group cannot run memcached."
        ]
    );
    assert_eq!(
        refusals([("engine_version", "7.1.0".into())]),
        ["engine_version: Invalid engine_version: `engine_version` must be a version as AWS writes it: \
             \"major.minor\" such as \"7.1\" or \"8.0\", \"6.x\", or in full such as \"5.0.6\" before 6; but is \
             \"7.1.0\"."]
    );
    let windows = |maintenance: &str, snapshot: &str| {
        refusals([("maintenance_window", maintenance.into()), ("snapshot_window", snapshot.into())])
    };
    assert_eq!(
        windows("sun:05:00-sun:07:00", "06:00-08:00"),
        [
            "snapshot_window: Invalid snapshot_window: `snapshot_window` and `maintenance_window` overlap, which AWS does not \
          allow. Change one of them."
        ]
    );
    assert_eq!(
        windows("", "06:00-06:30"),
        [
            "snapshot_window: Invalid snapshot_window: `snapshot_window` must be at least 60 minutes long, which AWS \
             requires, but is 30."
        ]
    );
    let log = |destination: &str| {
        Value::map([
            ("destination", Value::from(destination)),
            ("destination_type", "cloudwatch-logs".into()),
            ("log_format", "json".into()),
            ("log_type", "slow-log".into()),
        ])
    };
    assert_eq!(
        refusals([("log_delivery_configuration", Value::set([log("a"), log("b")]))]),
        [
            "log_delivery_configuration: Invalid log_delivery_configuration: Two blocks have `log_type = \"slow-log\"`, \
             but AWS delivers each log to one destination. Remove one of them."
        ]
    );
    assert_eq!(
        refusals([("final_snapshot_identifier", "a--b".into())]),
        [
            "final_snapshot_identifier: Invalid final_snapshot_identifier: `final_snapshot_identifier` must be letters, digits \
          and single hyphens, beginning with a letter and not ending with a hyphen, but is \"a--b\"."
        ]
    );
}

#[test]
fn refuses_a_source_of_snapshots_without_snapshots() {
    let source = ("snapshotting_cluster_id", Value::from("cache-002"));
    assert_eq!(
        refusals([source.clone()]),
        [
            "snapshotting_cluster_id: Invalid snapshotting_cluster_id: `snapshotting_cluster_id` requires daily snapshots, and \
             `snapshot_retention_limit` is 0. Set it to a number of days, or remove `snapshotting_cluster_id`."
        ]
    );
    assert_eq!(refusals([source.clone(), ("snapshot_retention_limit", Value::Unknown)]), [] as [&str; 0]);
    let clustered =
        refusals([source, ("snapshot_retention_limit", Value::from(7)), ("cluster_mode", "enabled".into())]);
    assert!(
        clustered
            .iter()
            .any(|it| it.contains("does not support `snapshotting_cluster_id` with cluster mode")),
        "{clustered:?}"
    );
}
