//! Configurations of the matrix besides the typical ones: what a type does in more than one way.

use super::subjects::{AWAY, DEFAULT_USER, GROUP, HOME, SHARDS, Seed, Subject, USER, USERS, WAIT};

/// A snapshot of [`GROUP`].
const SNAPSHOT: Seed = (HOME, "elasticache", "CreateSnapshot", "SnapshotName=base ReplicationGroupId=stack");

const SERVERLESS: Seed =
    (HOME, "elasticache", "CreateServerlessCache", "ServerlessCacheName=cache Engine=valkey");

const SERVERLESS_SNAPSHOT: Seed = (
    HOME,
    "elasticache",
    "CreateServerlessCacheSnapshot",
    "ServerlessCacheName=cache ServerlessCacheSnapshotName=base",
);

/// Another user group than [`USERS`].
const OTHERS: Seed =
    (HOME, "elasticache", "CreateUserGroup", "UserGroupId=others Engine=redis UserIds.member.1=first");

/// The primary of a global datastore in another Region.
const ABROAD: Seed = (
    AWAY,
    "elasticache",
    "CreateReplicationGroup",
    "ReplicationGroupId=first ReplicationGroupDescription=test CacheNodeType=cache.r7g.large Engine=redis \
     EngineVersion=7.1 NumCacheClusters=2 AutomaticFailoverEnabled=true",
);

const STORE_ABROAD: Seed = (
    AWAY,
    "elasticache",
    "CreateGlobalReplicationGroup",
    "GlobalReplicationGroupIdSuffix=store PrimaryReplicationGroupId=first",
);

/// Every one.
pub const CASES: &[Subject] = &[
    Subject {
        name: "elasticache_auth_token_secret",
        case: "replicas",
        seeds: &[],
        config: r#"{"name": "stack/token", "generate": {}, "recovery_window_in_days": 0,
                    "replica": [{"region": "us-west-2"}]}"#,
        change: r#"{"replica": [{"region": "eu-central-1"}],
                    "policy": "{\"Version\":\"2012-10-17\",\"Statement\":[]}"}"#,
        object: "stack/token",
    },
    Subject {
        name: "elasticache_global_replication_group",
        case: "shards",
        seeds: &[SHARDS, WAIT],
        config: r#"{"global_replication_group_id_suffix": "store", "primary_replication_group_id": "stack",
                    "cache_node_type": "cache.r7g.large", "num_node_groups": 2}"#,
        change: r#"{"cache_node_type": "cache.r7g.xlarge", "num_node_groups": 3}"#,
        object: "store",
    },
    Subject {
        name: "elasticache_log_group",
        case: "protected",
        seeds: &[],
        config: r#"{"name": "/stack/slow",
                    "kms_key_id": "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"}"#,
        change: r#"{"kms_key_id": null, "deletion_protection_enabled": true}"#,
        object: "/stack/slow",
    },
    Subject {
        name: "elasticache_replication_group",
        case: "cluster mode",
        seeds: &[],
        config: r#"{"replication_group_id": "stack", "description": "first", "node_type": "cache.r7g.large",
                    "engine": "redis", "engine_version": "7.1", "num_cache_clusters": 2,
                    "automatic_failover_enabled": true, "cluster_mode": "disabled", "apply_immediately": true}"#,
        change: r#"{"description": "second", "cluster_mode": "compatible", "num_cache_clusters": 3}"#,
        object: "stack",
    },
    Subject {
        name: "elasticache_replication_group",
        case: "engine and logs",
        seeds: &[],
        config: r#"{"replication_group_id": "stack", "description": "first", "node_type": "cache.r7g.large",
                    "engine": "redis", "engine_version": "7.1", "num_cache_clusters": 1, "apply_immediately": true}"#,
        change: r#"{"engine": "valkey", "engine_version": "7.2",
                    "log_delivery_configuration": [{"destination": "/stack/slow", "destination_type": "cloudwatch-logs",
                                                    "log_format": "json", "log_type": "slow-log"}]}"#,
        object: "stack",
    },
    Subject {
        name: "elasticache_replication_group",
        case: "secondary",
        seeds: &[ABROAD, WAIT, STORE_ABROAD, WAIT],
        config: r#"{"replication_group_id": "stack", "description": "first",
                    "global_replication_group_id": "sgaui-store", "num_cache_clusters": 2}"#,
        change: r#"{"description": "second", "num_cache_clusters": 3}"#,
        object: "stack",
    },
    Subject {
        name: "elasticache_replication_group",
        case: "shards",
        seeds: &[],
        config: r#"{"replication_group_id": "stack", "description": "first", "node_type": "cache.r7g.large",
                    "engine": "valkey", "engine_version": "8.0", "num_node_groups": 2, "replicas_per_node_group": 2,
                    "automatic_failover_enabled": true, "apply_immediately": true,
                    "final_snapshot_identifier": "last"}"#,
        change: r#"{"num_node_groups": 3, "replicas_per_node_group": 1, "snapshot_retention_limit": 3}"#,
        object: "stack",
    },
    Subject {
        name: "elasticache_replication_group",
        case: "token",
        seeds: &[],
        config: r#"{"replication_group_id": "stack", "description": "first", "node_type": "cache.r7g.large",
                    "engine": "redis", "engine_version": "7.1", "num_cache_clusters": 1, "apply_immediately": true,
                    "transit_encryption_enabled": true, "auth_token": "the-first-token-of-the-group"}"#,
        change: r#"{"auth_token": "the-second-token-of-the-group"}"#,
        object: "stack",
    },
    Subject {
        name: "elasticache_replication_group",
        case: "users",
        seeds: &[DEFAULT_USER, WAIT, USERS, OTHERS, WAIT],
        config: r#"{"replication_group_id": "stack", "description": "first", "node_type": "cache.r7g.large",
                    "engine": "redis", "engine_version": "7.1", "num_cache_clusters": 1,
                    "transit_encryption_enabled": true, "user_group_ids": ["people"], "apply_immediately": true}"#,
        change: r#"{"user_group_ids": ["others"], "maintenance_window": "sun:05:00-sun:07:00"}"#,
        object: "stack",
    },
    Subject {
        name: "elasticache_security_group",
        case: "descriptions",
        seeds: &[],
        config: r#"{"name": "stack", "allow_self": true, "allowed_cidr_blocks": ["10.0.0.0/16"],
                    "rule_descriptions": {"self": "nodes"}}"#,
        change: r#"{"allowed_cidr_blocks": ["10.0.0.0/16", "10.2.0.0/16"],
                    "rule_descriptions": {"self": "members", "10.0.0.0/16": "the app"}}"#,
        object: "stack|sg-",
    },
    Subject {
        name: "elasticache_serverless_cache",
        case: "engine",
        seeds: &[],
        config: r#"{"name": "stack", "engine": "redis", "major_engine_version": "7", "daily_snapshot_time": "09:00"}"#,
        change: r#"{"engine": "valkey", "major_engine_version": "7", "daily_snapshot_time": "10:00"}"#,
        object: "stack",
    },
    Subject {
        name: "elasticache_serverless_cache",
        case: "users",
        seeds: &[DEFAULT_USER, WAIT, USERS, OTHERS, WAIT],
        config: r#"{"name": "stack", "engine": "redis", "user_group_id": "people", "final_snapshot_name": "last",
                    "cache_usage_limits": [{"data_storage": [{"maximum": 10, "unit": "GB"}]}]}"#,
        change: r#"{"user_group_id": "others", "snapshot_retention_limit": 2,
                    "cache_usage_limits": [{"data_storage": [{"maximum": 20, "unit": "GB"}]}]}"#,
        object: "stack",
    },
    Subject {
        name: "elasticache_serverless_cache_snapshot",
        case: "copy to a bucket",
        seeds: &[SERVERLESS, WAIT, SERVERLESS_SNAPSHOT, WAIT],
        config: r#"{"name": "stack", "source_snapshot_name": "base", "s3_bucket_name": "bucket"}"#,
        change: r#"{"tags": {"team": "b"}}"#,
        object: "stack",
    },
    Subject {
        name: "elasticache_snapshot",
        case: "copy",
        seeds: &[GROUP, WAIT, SNAPSHOT, WAIT],
        config: r#"{"name": "copy", "source_snapshot_name": "base"}"#,
        change: r#"{"tags": {"team": "b"}}"#,
        object: "copy|base",
    },
    Subject {
        name: "elasticache_snapshot",
        case: "export",
        seeds: &[GROUP, WAIT, SNAPSHOT, WAIT],
        config: r#"{"name": "copy", "source_snapshot_name": "base", "target_bucket": "bucket"}"#,
        change: "",
        object: "copy|base",
    },
    Subject {
        name: "elasticache_ssm_url",
        case: "tier",
        seeds: &[],
        config: r#"{"name": "/stack/url", "host": "a.example.com", "tier": "Intelligent-Tiering"}"#,
        change: r#"{"tier": "Advanced", "description": "another"}"#,
        object: "/stack/url",
    },
    Subject {
        name: "elasticache_user",
        case: "IAM",
        seeds: &[],
        config: r#"{"user_id": "stack", "user_name": "stack", "engine": "valkey", "access_string": "on ~app:* +@read",
                    "authentication_mode": [{"type": "iam"}]}"#,
        change: r#"{"authentication_mode": [{"type": "password", "passwords": ["the-password-of-a-user"]}]}"#,
        object: "stack",
    },
    Subject {
        name: "elasticache_user_group",
        case: "default user of its own",
        seeds: &[DEFAULT_USER, USER],
        config: r#"{"user_group_id": "stack", "engine": "redis", "user_ids": ["first"]}"#,
        change: r#"{"disabled_default_user": true, "user_ids": ["someone"]}"#,
        object: "stack",
    },
];
