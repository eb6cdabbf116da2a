//! One typical configuration of every resource and action, a change of it, and what exists before.

use std::collections::BTreeSet;

use terraform_provider_elasticache::engine::{AnyAction, AnyResource};
use terraform_provider_elasticache::registry::REGISTRY;
use terraform_provider_elasticache::schema::Schema;
use terraform_provider_elasticache::value::{Value, json};

/// A call of another client: Region, service, action, and parameters as `Name=value`, with `%20` for a space, or as a
/// document.
pub type Seed = (&'static str, &'static str, &'static str, &'static str);

/// Lets AWS end what it is doing.
pub const WAIT: Seed = ("", "clock", "", "");

pub(super) const HOME: &str = "eu-west-1";
pub(super) const AWAY: &str = "us-west-2";

/// A type, and how it is used.
pub struct Subject {
    /// The type.
    pub name: &'static str,
    /// What is special about this one, if it is not the typical configuration of its type.
    pub case: &'static str,
    /// What exists before, in order.
    pub seeds: &'static [Seed],
    /// The configuration, as JSON.
    pub(super) config: &'static str,
    /// The arguments that differ in the change; empty for a type whose arguments all force a new resource.
    pub(super) change: &'static str,
    /// How errors name the object; `|` separates alternatives.
    pub object: &'static str,
}

/// A replication group of two nodes.
pub const GROUP: Seed = (
    HOME,
    "elasticache",
    "CreateReplicationGroup",
    "ReplicationGroupId=stack ReplicationGroupDescription=test CacheNodeType=cache.r7g.large Engine=redis \
     EngineVersion=7.1 NumCacheClusters=2 AutomaticFailoverEnabled=true",
);

/// A service update that every group has from its creation on.
const UPDATE: &str = "ReplicationGroupIds.member.1=stack ServiceUpdateName=elc-20251201-001";

/// Every resource of the registry.
pub const RESOURCES: &[Subject] = &[
    Subject {
        name: "elasticache_alarm_set",
        case: "",
        seeds: &[GROUP, WAIT],
        config: r#"{"replication_group": {"id": "stack", "member_clusters": ["stack-001"]}, "tags": {"team": "a"}}"#,
        change: r#"{"replication_group": {"id": "stack", "member_clusters": ["stack-001", "stack-002"]}}"#,
        object: "stack",
    },
    Subject {
        name: "elasticache_auth_token_secret",
        case: "",
        seeds: &[],
        config: r#"{"name": "stack/token", "generate": {}, "recovery_window_in_days": 0, "tags": {"team": "a"}}"#,
        change: r#"{"description": "another", "rotation": "second", "tags": {"team": "b"}}"#,
        object: "stack/token",
    },
    Subject {
        name: "elasticache_composite_alarm",
        case: "",
        seeds: &[(
            HOME,
            "cloudwatch",
            "PutMetricAlarm",
            r#"{"AlarmName": "other", "ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1,
                "Threshold": 80.0, "Namespace": "AWS/EC2", "MetricName": "CPUUtilization", "Period": 60,
                "Statistic": "Average"}"#,
        )],
        config: r#"{"alarm_name": "stack", "alarm_rule": "ALARM(other)", "tags": {"team": "a"}}"#,
        change: r#"{"alarm_rule": "OK(other)", "tags": {"team": "b"}}"#,
        object: "stack",
    },
    Subject {
        name: "elasticache_connection_secret",
        case: "",
        seeds: &[],
        config: r#"{"name": "stack/redis", "host": "a.example.com", "recovery_window_in_days": 0,
                    "tags": {"team": "a"}}"#,
        change: r#"{"host": "b.example.com", "description": "another", "tags": {"team": "b"}}"#,
        object: "stack/redis",
    },
    Subject {
        name: "elasticache_dashboard",
        case: "",
        seeds: &[GROUP, WAIT],
        config: r#"{"replication_group": {"id": "stack", "member_clusters": ["stack-001"]}}"#,
        change: r#"{"replication_group": {"id": "stack", "member_clusters": ["stack-001", "stack-002"]}}"#,
        object: "stack",
    },
    Subject {
        name: "elasticache_global_replication_group",
        case: "",
        seeds: &[GROUP, WAIT],
        config: r#"{"global_replication_group_id_suffix": "store", "primary_replication_group_id": "stack"}"#,
        change: r#"{"global_replication_group_description": "another"}"#,
        object: "store",
    },
    Subject {
        name: "elasticache_log_group",
        case: "",
        seeds: &[],
        config: r#"{"name": "/stack/slow", "retention_in_days": 7, "tags": {"team": "a"}}"#,
        change: r#"{"retention_in_days": 30, "tags": {"team": "b"}}"#,
        object: "/stack/slow",
    },
    Subject {
        name: "elasticache_metric_alarm",
        case: "",
        seeds: &[],
        config: r#"{"alarm_name": "stack", "comparison_operator": "GreaterThanThreshold", "evaluation_periods": 1,
                    "threshold": 80, "namespace": "AWS/EC2", "metric_name": "CPUUtilization", "period": 60,
                    "statistic": "Average", "tags": {"team": "a"}}"#,
        change: r#"{"threshold": 90, "tags": {"team": "b"}}"#,
        object: "stack",
    },
    Subject {
        name: "elasticache_parameter_group",
        case: "",
        seeds: &[],
        config: r#"{"name": "stack", "family": "redis7", "tags": {"team": "a"},
                    "parameter": [{"name": "maxmemory-policy", "value": "allkeys-lru"}]}"#,
        change: r#"{"parameter": [{"name": "timeout", "value": "20"}], "tags": {"team": "b"}}"#,
        object: "stack",
    },
    Subject {
        name: "elasticache_replication_group",
        case: "",
        seeds: &[],
        config: r#"{"replication_group_id": "stack", "description": "first", "node_type": "cache.t4g.small",
                    "engine": "redis", "engine_version": "7.1", "num_cache_clusters": 1, "apply_immediately": true,
                    "tags": {"team": "a"}}"#,
        change: r#"{"description": "second", "node_type": "cache.t4g.medium", "num_cache_clusters": 2,
                    "tags": {"team": "b"}}"#,
        object: "stack",
    },
    Subject {
        name: "elasticache_security_group",
        case: "",
        seeds: &[],
        config: r#"{"name": "stack", "allowed_cidr_blocks": ["10.0.0.0/16"], "tags": {"team": "a"}}"#,
        change: r#"{"allowed_cidr_blocks": ["10.1.0.0/16"], "tags": {"team": "b"}}"#,
        object: "stack|sg-",
    },
    Subject {
        name: "elasticache_serverless_cache",
        case: "",
        seeds: &[],
        config: r#"{"name": "stack", "engine": "valkey", "tags": {"team": "a"}}"#,
        change: r#"{"description": "another", "tags": {"team": "b"}}"#,
        object: "stack",
    },
    Subject {
        name: "elasticache_serverless_cache_snapshot",
        case: "",
        seeds: &[
            (HOME, "elasticache", "CreateServerlessCache", "ServerlessCacheName=cache Engine=valkey"),
            WAIT,
        ],
        config: r#"{"name": "stack", "serverless_cache_name": "cache", "tags": {"team": "a"}}"#,
        change: r#"{"tags": {"team": "b"}}"#,
        object: "stack",
    },
    Subject {
        name: "elasticache_service_update",
        case: "",
        seeds: &[GROUP, WAIT],
        config: r#"{"replication_group_id": "stack", "service_update_name": "elc-20251201-001"}"#,
        change: "",
        object: "stack",
    },
    Subject {
        name: "elasticache_snapshot",
        case: "",
        seeds: &[GROUP, WAIT],
        config: r#"{"name": "copy", "replication_group_id": "stack", "tags": {"team": "a"}}"#,
        change: r#"{"tags": {"team": "b"}}"#,
        object: "copy|stack",
    },
    Subject {
        name: "elasticache_ssm_url",
        case: "",
        seeds: &[],
        config: r#"{"name": "/stack/url", "host": "a.example.com", "tags": {"team": "a"}}"#,
        change: r#"{"host": "b.example.com", "tags": {"team": "b"}}"#,
        object: "/stack/url",
    },
    Subject {
        name: "elasticache_subnet_group",
        case: "",
        seeds: &[],
        config: r#"{"name": "stack", "subnet_ids": ["subnet-00000001"], "tags": {"team": "a"}}"#,
        change: r#"{"description": "another", "tags": {"team": "b"}}"#,
        object: "stack",
    },
    Subject {
        name: "elasticache_user",
        case: "",
        seeds: &[],
        config: r#"{"user_id": "stack", "user_name": "stack", "engine": "redis", "access_string": "on ~app:* +@read",
                    "passwords": ["the-password-of-a-user"], "tags": {"team": "a"}}"#,
        change: r#"{"access_string": "on ~app:* +@all", "tags": {"team": "b"}}"#,
        object: "stack",
    },
    Subject {
        name: "elasticache_user_group",
        case: "",
        seeds: &[USER],
        config: r#"{"user_group_id": "stack", "engine": "redis", "disabled_default_user": true,
                    "tags": {"team": "a"}}"#,
        change: r#"{"user_ids": ["someone"], "tags": {"team": "b"}}"#,
        object: "stack",
    },
    Subject {
        name: "elasticache_user_group_association",
        case: "",
        seeds: &[DEFAULT_USER, WAIT, USERS, USER, WAIT],
        config: r#"{"user_group_id": "people", "user_id": "someone"}"#,
        change: "",
        object: "people",
    },
];

/// A user that a group of users is given.
pub(super) const USER: Seed = (
    HOME,
    "elasticache",
    "CreateUser",
    "UserId=someone UserName=someone Engine=redis AccessString=on%20~*%20+@all NoPasswordRequired=true",
);

/// The default user of [`USERS`].
pub(super) const DEFAULT_USER: Seed = (
    HOME,
    "elasticache",
    "CreateUser",
    "UserId=first UserName=default Engine=redis AccessString=on%20~*%20+@all NoPasswordRequired=true",
);

pub(super) const USERS: Seed =
    (HOME, "elasticache", "CreateUserGroup", "UserGroupId=people Engine=redis UserIds.member.1=first");

/// The primary of a global datastore with shards.
pub(super) const SHARDS: Seed = (
    HOME,
    "elasticache",
    "CreateReplicationGroup",
    "ReplicationGroupId=stack ReplicationGroupDescription=test CacheNodeType=cache.r7g.large Engine=redis \
     EngineVersion=7.1 NumNodeGroups=2 ReplicasPerNodeGroup=1 AutomaticFailoverEnabled=true",
);

const STORE: Seed = (
    HOME,
    "elasticache",
    "CreateGlobalReplicationGroup",
    "GlobalReplicationGroupIdSuffix=store PrimaryReplicationGroupId=stack",
);

const SECONDARY: Seed = (
    AWAY,
    "elasticache",
    "CreateReplicationGroup",
    "ReplicationGroupId=second ReplicationGroupDescription=test GlobalReplicationGroupId=gxeiz-store \
     NumCacheClusters=2 AutomaticFailoverEnabled=true",
);

/// Every action of the registry.
pub const ACTIONS: &[Subject] = &[
    Subject {
        name: "elasticache_apply_service_update",
        case: "",
        seeds: &[GROUP, WAIT],
        config: r#"{"replication_group_id": "stack", "service_update_name": "elc-20251201-001"}"#,
        change: "",
        object: "stack",
    },
    Subject {
        name: "elasticache_create_snapshot",
        case: "",
        seeds: &[GROUP, WAIT],
        config: r#"{"name": "copy", "replication_group_id": "stack"}"#,
        change: "",
        object: "copy|stack",
    },
    Subject {
        name: "elasticache_failover_global_replication_group",
        case: "",
        seeds: &[GROUP, WAIT, STORE, WAIT, SECONDARY, WAIT],
        config: r#"{"global_replication_group_id": "gxeiz-store", "primary_replication_group_id": "second",
                    "primary_region": "us-west-2"}"#,
        change: "",
        object: "gxeiz-store",
    },
    Subject {
        name: "elasticache_promote_replica",
        case: "",
        seeds: &[
            (
                HOME,
                "elasticache",
                "CreateReplicationGroup",
                "ReplicationGroupId=stack ReplicationGroupDescription=test CacheNodeType=cache.r7g.large \
                 Engine=redis EngineVersion=7.1 NumCacheClusters=2",
            ),
            WAIT,
        ],
        config: r#"{"replication_group_id": "stack", "cache_cluster_id": "stack-002"}"#,
        change: "",
        object: "stack",
    },
    Subject {
        name: "elasticache_rebalance_slots_in_global_replication_group",
        case: "",
        seeds: &[SHARDS, WAIT, STORE, WAIT],
        config: r#"{"global_replication_group_id": "gxeiz-store"}"#,
        change: "",
        object: "gxeiz-store",
    },
    Subject {
        name: "elasticache_reboot_nodes",
        case: "",
        seeds: &[GROUP, WAIT],
        config: r#"{"replication_group_id": "stack", "cache_cluster_ids": ["stack-002"]}"#,
        change: "",
        object: "stack",
    },
    Subject {
        name: "elasticache_stop_service_update",
        case: "",
        seeds: &[GROUP, WAIT, (HOME, "elasticache", "BatchApplyUpdateAction", UPDATE)],
        config: r#"{"replication_group_id": "stack", "service_update_name": "elc-20251201-001"}"#,
        change: "",
        object: "stack",
    },
    Subject {
        name: "elasticache_test_failover",
        case: "",
        seeds: &[GROUP, WAIT],
        config: r#"{"replication_group_id": "stack"}"#,
        change: "",
        object: "stack",
    },
];

impl Subject {
    /// The type, and what is special about this one.
    pub fn label(&self) -> String {
        if self.case.is_empty() { self.name.to_owned() } else { format!("{} ({})", self.name, self.case) }
    }

    /// The resource of that name.
    pub fn resource(&self) -> Option<&'static dyn AnyResource> {
        REGISTRY.resources.iter().copied().find(|it| it.type_name() == self.name)
    }

    /// The action of that name.
    pub fn action(&self) -> Option<&'static dyn AnyAction> {
        REGISTRY.actions.iter().copied().find(|it| it.type_name() == self.name)
    }

    /// Whether an update in place exists.
    pub fn has_change(&self) -> bool {
        !self.change.is_empty()
    }

    /// The configuration.
    pub fn config(&self, schema: &Schema) -> Value {
        let config: serde_json::Value = serde_json::from_str(self.config).unwrap();
        schema.conform(json::decode(&config, schema.ty()).unwrap())
    }

    /// The configuration as a document.
    pub fn document(&self) -> serde_json::Value {
        serde_json::from_str(self.config).unwrap()
    }

    /// The configuration with the change, as a document.
    pub fn changed_document(&self) -> serde_json::Value {
        let mut config = self.document();
        let change: serde_json::Map<String, serde_json::Value> = serde_json::from_str(self.change).unwrap();
        config.as_object_mut().unwrap().extend(change);
        config
    }

    /// The configuration with the change.
    pub fn changed(&self, schema: &Schema) -> Value {
        schema.conform(json::decode(&self.changed_document(), schema.ty()).unwrap())
    }
}

/// A new type joins the matrix with its configuration here.
#[test]
fn every_registered_type_has_a_configuration() {
    let names = |subjects: &[Subject]| subjects.iter().map(|it| it.name).collect::<BTreeSet<_>>();
    assert_eq!(names(RESOURCES), REGISTRY.resources.iter().map(|it| it.type_name()).collect());
    assert_eq!(names(ACTIONS), REGISTRY.actions.iter().map(|it| it.type_name()).collect());
}
