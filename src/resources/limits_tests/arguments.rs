//! Which argument each member of a request comes from.

use crate::diag::Diagnostics;
use crate::engine::AnyResource;
use crate::provider;
use crate::resources::{
    alarm_set, auth_token_secret, composite_alarm, connection_secret, global_replication_group, log_group,
    metric_alarm, replication_group, serverless_cache, ssm_url, user, user_group, user_group_association,
};
use crate::testing::aws::{config, problems};
use crate::value::Value;

/// What the argument belongs to.
#[derive(Clone, Copy)]
pub(super) enum Owner {
    Resource(&'static dyn AnyResource),
    Provider,
}

/// The arguments that give a member a value.
type Given = Vec<(&'static str, Value)>;

/// An argument, and the members that it is sent as.
pub(super) struct Argument {
    pub members: &'static [&'static str],
    owner: Owner,
    /// The top-level argument or block that errors point at.
    at: &'static str,
    /// The configuration in which the member has this value.
    make: fn(Value) -> Given,
    /// A text of this length that is right in every other way; `None` for what is no text.
    pub text: Option<fn(usize) -> String>,
    /// The longest text, where a documented rule is narrower than the model.
    pub longest: Option<usize>,
    /// So many elements.
    pub many: Option<fn(usize) -> Value>,
    /// Choices of the model that the provider does not offer.
    pub not_offered: &'static [&'static str],
}

impl Argument {
    fn errors(&self, value: &Value) -> Diagnostics {
        let given = (self.make)(value.clone());
        let diags = match self.owner {
            Owner::Resource(resource) => {
                let mut all = base(resource.type_name());
                all.retain(|(name, _)| !given.iter().any(|(other, _)| other == name));
                all.extend(given);
                let Value::Map(mut object) = config(resource, []) else { unreachable!() };
                object.extend(all.into_iter().map(|(name, value)| (name.to_owned(), value)));
                resource.validate(&resource.schema().conform(Value::Map(object)))
            }
            Owner::Provider => {
                let mut object = provider::schema().empty_object();
                object.extend(given.into_iter().map(|(name, value)| (name.to_owned(), value)));
                provider::validate(&provider::schema().conform(Value::Map(object)))
            }
        };
        let mut own = Diagnostics::new();
        for diagnostic in diags {
            let here =
                diagnostic.path.as_ref().and_then(crate::value::Path::first_attribute) == Some(self.at);
            if here && diagnostic.severity == crate::diag::Severity::Error {
                own.push(diagnostic);
            }
        }
        own
    }

    pub(super) fn refuses(&self, member: &str, value: &Value) {
        assert!(self.errors(value).has_errors(), "{member} as {}: {value:?} passes", self.at);
    }

    pub(super) fn accepts(&self, member: &str, value: &Value) {
        let errors = self.errors(value);
        assert!(!errors.has_errors(), "{member} as {}: {value:?}: {:?}", self.at, problems(&errors));
    }
}

fn set(value: Value) -> Value {
    Value::set([value])
}

fn block<const N: usize>(entries: [(&'static str, Value); N]) -> Value {
    Value::map(entries)
}

/// Arguments that make a configuration right.
fn base(resource: &str) -> Given {
    match resource {
        "elasticache_replication_group" => vec![
            ("replication_group_id", "demo".into()),
            ("description", "cache".into()),
            ("node_type", "cache.t4g.small".into()),
            ("transit_encryption_enabled", true.into()),
        ],
        "elasticache_global_replication_group" => vec![
            ("global_replication_group_id_suffix", "demo".into()),
            ("primary_replication_group_id", "demo".into()),
        ],
        "elasticache_serverless_cache" => vec![("name", "demo".into()), ("engine", "valkey".into())],
        "elasticache_user" => vec![
            ("user_id", "app".into()),
            ("user_name", "app".into()),
            ("engine", "valkey".into()),
            ("access_string", "on ~* +@all".into()),
            ("passwords", set("abcDEF0123456789".into())),
        ],
        "elasticache_user_group" => vec![("user_group_id", "app".into()), ("engine", "valkey".into())],
        "elasticache_ssm_url" => vec![("name", "/app/url".into()), ("host", "cache.example.com".into())],
        "elasticache_connection_secret" => {
            vec![("name", "app/redis".into()), ("host", "cache.example.com".into())]
        }
        "elasticache_auth_token_secret" => {
            vec![("name", "app/token".into()), ("generate", Value::Map(crate::value::Map::new()))]
        }
        "elasticache_log_group" => vec![("name", "/app/slow".into())],
        "elasticache_metric_alarm" => vec![
            ("alarm_name", "cpu".into()),
            ("namespace", "AWS/ElastiCache".into()),
            ("metric_name", "CPUUtilization".into()),
            ("statistic", "Average".into()),
            ("period", Value::from(60)),
            ("evaluation_periods", Value::from(1)),
            ("threshold", Value::from(90)),
            ("comparison_operator", "GreaterThanThreshold".into()),
        ],
        "elasticache_composite_alarm" => {
            vec![("alarm_name", "any".into()), ("alarm_rule", "ALARM(cpu)".into())]
        }
        "elasticache_alarm_set" => vec![(
            "replication_group",
            block([("id", "demo".into()), ("member_clusters", Value::List(vec!["demo-001".into()]))]),
        )],
        _ => Vec::new(),
    }
}

fn plain(length: usize) -> String {
    // A hyphen, so that no text is one that a mock provider makes.
    if length < 3 { "a".repeat(length) } else { format!("a-{}", "a".repeat(length - 2)) }
}

fn digits(length: usize) -> String {
    "1".repeat(length)
}

fn topic(length: usize) -> String {
    let arn = "arn:aws:sns:eu-west-1:111122223333:";
    format!("{arn}{}", "a".repeat(length.saturating_sub(arn.len())))
}

fn role(length: usize) -> String {
    let arn = "arn:aws:iam::111122223333:role/";
    if length < arn.len() { "a".repeat(length) } else { format!("{arn}{}", "a".repeat(length - arn.len())) }
}

fn policy(length: usize) -> String {
    format!("{{\"a\":\"{}\"}}", "a".repeat(length.saturating_sub(8)))
}

fn region(length: usize) -> String {
    if length < 4 { "a".repeat(length) } else { format!("{}-1", "a".repeat(length - 2)) }
}

fn kms_key(length: usize) -> String {
    let arn = "arn:aws:kms:eu-west-1:111122223333:key/";
    format!("{arn}{}", "a".repeat(length.saturating_sub(arn.len())))
}

fn blank(length: usize) -> String {
    " ".repeat(length)
}

fn tags(count: usize) -> Value {
    Value::map((0..count).map(|i| (format!("key-{i}"), Value::from("value"))))
}

fn dimensions(count: usize) -> Value {
    Value::map((0..count).map(|i| (format!("Name{i}"), Value::from("value"))))
}

fn topics(count: usize) -> Value {
    Value::set(
        (0..count).map(|i| Value::from(format!("arn:aws:sns:eu-west-1:111122223333:topic-{i}").as_str())),
    )
}

fn key(text: &Value) -> Value {
    Value::map([(text.as_str().unwrap_or_default(), Value::from("value"))])
}

fn log(name: &'static str, value: Value) -> Given {
    let mut log = vec![
        ("destination", Value::from("/app/slow")),
        ("destination_type", "cloudwatch-logs".into()),
        ("log_format", "json".into()),
        ("log_type", "slow-log".into()),
    ];
    log.retain(|(other, _)| *other != name);
    log.push((name, value));
    vec![("log_delivery_configuration", set(Value::map(log)))]
}

/// A query in place of a metric.
fn query(entries: Given) -> Given {
    let mut query = vec![("id", Value::from("q1")), ("return_data", true.into())];
    query.retain(|(name, _)| !entries.iter().any(|(other, _)| other == name));
    query.extend(entries);
    let nothing = ["namespace", "metric_name", "statistic", "period"].map(|name| (name, Value::Null));
    [("metric_query", set(Value::map(query)))].into_iter().chain(nothing).collect()
}

fn query_metric(name: &'static str, value: Value) -> Given {
    let mut metric = vec![
        ("metric_name", Value::from("CPUUtilization")),
        ("namespace", "AWS/ElastiCache".into()),
        ("period", Value::from(60)),
        ("stat", "Average".into()),
    ];
    metric.retain(|(other, _)| *other != name);
    metric.push((name, value));
    query(vec![("metric", Value::List(vec![Value::map(metric)]))])
}

fn assumed(name: &'static str, value: Value) -> Given {
    let mut role = vec![("role_arn", Value::from("arn:aws:iam::111122223333:role/ci"))];
    role.retain(|(other, _)| *other != name);
    role.push((name, value));
    vec![("assume_role", Value::List(vec![Value::map(role)]))]
}

/// A JSON object of this length.
fn json(length: usize) -> String {
    format!("{{\"a\":\"{}\"}}", "a".repeat(length.saturating_sub(8)))
}

/// One block.
fn one(block: Value) -> Value {
    Value::List(vec![block])
}

/// An alarm on a PromQL query.
fn promql(criteria: Given) -> Given {
    let criteria = one(Value::map(criteria));
    vec![("evaluation_criteria", one(block([("promql_criteria", criteria)])))]
}

fn web(name: &'static str, value: Value) -> Given {
    vec![("assume_role_with_web_identity", block([(name, value)]))]
}

const NONE: Argument = Argument {
    members: &[],
    owner: Owner::Provider,
    at: "",
    make: |_| Vec::new(),
    text: None,
    longest: None,
    many: None,
    not_offered: &[],
};

const GROUP: Owner = Owner::Resource(&replication_group::ReplicationGroup);
const DATASTORE: Owner = Owner::Resource(&global_replication_group::GlobalReplicationGroup);
const SERVERLESS: Owner = Owner::Resource(&serverless_cache::ServerlessCache);
const USER: Owner = Owner::Resource(&user::User);
const USERS: Owner = Owner::Resource(&user_group::UserGroup);
const MEMBER: Owner = Owner::Resource(&user_group_association::UserGroupAssociation);
const URL: Owner = Owner::Resource(&ssm_url::SsmUrl);
const TOKEN: Owner = Owner::Resource(&auth_token_secret::AuthTokenSecret);
const CONNECTION: Owner = Owner::Resource(&connection_secret::ConnectionSecret);
const ALARM: Owner = Owner::Resource(&metric_alarm::MetricAlarm);
const COMPOSITE: Owner = Owner::Resource(&composite_alarm::CompositeAlarm);
const SET: Owner = Owner::Resource(&alarm_set::AlarmSet);
const LOGS: Owner = Owner::Resource(&log_group::LogGroup);

/// Each argument with its members.
#[rustfmt::skip]
pub(super) const ARGUMENTS: &[Argument] = &[
    // ElastiCache: replication groups.
    Argument { members: &["elasticache CreateReplicationGroup NodeGroupConfiguration[].NodeGroupId", "elasticache ModifyReplicationGroupShardConfiguration ReshardingConfiguration[].NodeGroupId"], owner: GROUP, at: "node_group_configuration", make: |value| vec![("node_group_configuration", set(block([("node_group_id", value)])))], text: Some(digits), ..NONE },
    Argument { members: &["elasticache CreateReplicationGroup UserGroupIds[]", "elasticache ModifyReplicationGroup UserGroupIdsToAdd[]", "elasticache ModifyReplicationGroup UserGroupIdsToRemove[]"], owner: GROUP, at: "user_group_ids", make: |value| vec![("user_group_ids", set(value))], text: Some(plain), ..NONE },
    Argument { members: &["elasticache CreateReplicationGroup LogDeliveryConfigurations[].LogType", "elasticache ModifyReplicationGroup LogDeliveryConfigurations[].LogType"], owner: GROUP, at: "log_delivery_configuration", make: |value| log("log_type", value), ..NONE },
    Argument { members: &["elasticache CreateReplicationGroup LogDeliveryConfigurations[].DestinationType", "elasticache ModifyReplicationGroup LogDeliveryConfigurations[].DestinationType"], owner: GROUP, at: "log_delivery_configuration", make: |value| { let mut log = log("destination_type", value); if let Some((_, Value::Set(blocks))) = log.first_mut() && let Some(Value::Map(block)) = blocks.first_mut() { block.insert("destination".to_owned(), "slow-log".into()); } log }, ..NONE },
    Argument { members: &["elasticache CreateReplicationGroup LogDeliveryConfigurations[].LogFormat", "elasticache ModifyReplicationGroup LogDeliveryConfigurations[].LogFormat"], owner: GROUP, at: "log_delivery_configuration", make: |value| log("log_format", value), ..NONE },
    Argument { members: &["elasticache CreateReplicationGroup NetworkType"], owner: GROUP, at: "network_type", make: |value| vec![("network_type", value)], ..NONE },
    Argument { members: &["elasticache CreateReplicationGroup IpDiscovery", "elasticache ModifyReplicationGroup IpDiscovery"], owner: GROUP, at: "ip_discovery", make: |value| vec![("ip_discovery", value)], ..NONE },
    Argument { members: &["elasticache CreateReplicationGroup TransitEncryptionMode", "elasticache ModifyReplicationGroup TransitEncryptionMode"], owner: GROUP, at: "transit_encryption_mode", make: |value| vec![("transit_encryption_mode", value)], ..NONE },
    Argument { members: &["elasticache CreateReplicationGroup ClusterMode", "elasticache ModifyReplicationGroup ClusterMode"], owner: GROUP, at: "cluster_mode", make: |value| vec![("cluster_mode", value)], ..NONE },
    Argument { members: &["elasticache CreateReplicationGroup Durability", "elasticache ModifyReplicationGroup Durability"], owner: GROUP, at: "durability", make: |value| vec![("durability", value), ("engine", "valkey".into()), ("engine_version", "9.0".into()), ("num_node_groups", Value::from(1))], ..NONE },
    Argument { members: &["elasticache ModifyReplicationGroup AuthTokenUpdateStrategy"], owner: GROUP, at: "auth_token_update_strategy", make: |value| vec![("auth_token_update_strategy", value)], ..NONE },
    // ElastiCache: global datastores.
    Argument { members: &["elasticache IncreaseNodeGroupsInGlobalReplicationGroup RegionalConfigurations[].ReshardingConfiguration[].NodeGroupId"], owner: DATASTORE, at: "regional_configurations", make: |value| { let shard = block([("node_group_id", value), ("preferred_availability_zones", Value::List(vec!["eu-west-1a".into()]))]); vec![("regional_configurations", Value::List(vec![block([("replication_group_id", "demo".into()), ("replication_group_region", "eu-west-1".into()), ("resharding_configurations", Value::List(vec![shard]))])]))] }, text: Some(digits), ..NONE },
    // ElastiCache: serverless caches.
    Argument { members: &["elasticache CreateServerlessCache CacheUsageLimits.DataStorage.Unit", "elasticache ModifyServerlessCache CacheUsageLimits.DataStorage.Unit"], owner: SERVERLESS, at: "cache_usage_limits", make: |value| { let storage = block([("maximum", Value::from(10)), ("minimum", Value::Null), ("unit", value)]); vec![("cache_usage_limits", Value::List(vec![block([("data_storage", Value::List(vec![storage])), ("ecpu_per_second", Value::List(Vec::new()))])]))] }, ..NONE },
    Argument { members: &["elasticache CreateServerlessCache NetworkType"], owner: SERVERLESS, at: "network_type", make: |value| vec![("network_type", value)], ..NONE },
    Argument { members: &["elasticache CreateServerlessCache ConnectionType"], owner: SERVERLESS, at: "connection_type", make: |value| vec![("connection_type", value)], ..NONE },
    // ElastiCache: users.
    Argument { members: &["elasticache CreateUser UserId", "elasticache ModifyUser UserId"], owner: USER, at: "user_id", make: |value| vec![("user_id", value)], text: Some(plain), ..NONE },
    Argument { members: &["elasticache CreateUser UserName"], owner: USER, at: "user_name", make: |value| vec![("user_name", value)], text: Some(plain), ..NONE },
    Argument { members: &["elasticache CreateUser Engine", "elasticache ModifyUser Engine"], owner: USER, at: "engine", make: |value| vec![("engine", value)], ..NONE },
    Argument { members: &["elasticache CreateUser AccessString", "elasticache ModifyUser AccessString"], owner: USER, at: "access_string", make: |value| vec![("access_string", value)], text: Some(blank), ..NONE },
    Argument { members: &["elasticache CreateUser AuthenticationMode.Type", "elasticache ModifyUser AuthenticationMode.Type"], owner: USER, at: "authentication_mode", make: |value| { let passwords = if value.as_str() == Some("password") { set("abcDEF0123456789".into()) } else { Value::Null }; vec![("passwords", Value::Null), ("engine", "redis".into()), ("authentication_mode", Value::List(vec![block([("type", value), ("passwords", passwords)])]))] }, ..NONE },
    Argument { members: &["elasticache CreateUserGroup Engine", "elasticache ModifyUserGroup Engine"], owner: USERS, at: "engine", make: |value| vec![("engine", value)], ..NONE },
    Argument { members: &["elasticache CreateUserGroup UserIds[]", "elasticache ModifyUserGroup UserIdsToAdd[]", "elasticache ModifyUserGroup UserIdsToRemove[]"], owner: USERS, at: "user_ids", make: |value| vec![("user_ids", set(value))], text: Some(plain), ..NONE },
    Argument { members: &["elasticache ModifyUserGroup UserIdsToAdd[]", "elasticache ModifyUserGroup UserIdsToRemove[]"], owner: MEMBER, at: "user_id", make: |value| vec![("user_group_id", "app".into()), ("user_id", value)], text: Some(plain), ..NONE },
    // SSM.
    Argument { members: &["ssm PutParameter Name"], owner: URL, at: "name", make: |value| vec![("name", value)], text: Some(plain), ..NONE },
    Argument { members: &["ssm PutParameter Description"], owner: URL, at: "description", make: |value| vec![("description", value)], text: Some(plain), ..NONE },
    Argument { members: &["ssm PutParameter Type"], owner: URL, at: "type", make: |value| vec![("type", value)], not_offered: &["StringList"], ..NONE },
    Argument { members: &["ssm PutParameter KeyId"], owner: URL, at: "key_id", make: |value| vec![("key_id", value)], text: Some(kms_key), ..NONE },
    Argument { members: &["ssm PutParameter Tier"], owner: URL, at: "tier", make: |value| vec![("tier", value)], ..NONE },
    Argument { members: &["ssm PutParameter Tags", "ssm AddTagsToResource Tags"], owner: URL, at: "tags", make: |value| vec![("tags", value)], many: Some(tags), ..NONE },
    Argument { members: &["ssm PutParameter Tags[].Key", "ssm AddTagsToResource Tags[].Key"], owner: URL, at: "tags", make: |value| vec![("tags", key(&value))], text: Some(plain), ..NONE },
    Argument { members: &["ssm PutParameter Tags[].Value", "ssm AddTagsToResource Tags[].Value"], owner: URL, at: "tags", make: |value| vec![("tags", block([("key", value)]))], text: Some(plain), ..NONE },
    // Secrets Manager.
    Argument { members: &["secretsmanager PutResourcePolicy ResourcePolicy"], owner: TOKEN, at: "policy", make: |value| vec![("policy", value)], text: Some(json), ..NONE },
    Argument { members: &["secretsmanager CreateSecret Name", "secretsmanager UpdateSecret SecretId", "secretsmanager PutResourcePolicy SecretId", "secretsmanager PutSecretValue SecretId", "secretsmanager DeleteSecret SecretId", "secretsmanager TagResource SecretId", "secretsmanager ReplicateSecretToRegions SecretId"], owner: TOKEN, at: "name", make: |value| vec![("name", value)], text: Some(plain), longest: Some(512), ..NONE },
    Argument { members: &["secretsmanager CreateSecret Description", "secretsmanager UpdateSecret Description"], owner: TOKEN, at: "description", make: |value| vec![("description", value)], text: Some(plain), ..NONE },
    Argument { members: &["secretsmanager CreateSecret KmsKeyId", "secretsmanager UpdateSecret KmsKeyId"], owner: TOKEN, at: "kms_key_id", make: |value| vec![("kms_key_id", value)], text: Some(kms_key), ..NONE },
    Argument { members: &["secretsmanager CreateSecret AddReplicaRegions[].Region", "secretsmanager ReplicateSecretToRegions AddReplicaRegions[].Region"], owner: CONNECTION, at: "replica", make: |value| vec![("replica", set(block([("region", value)])))], text: Some(region), ..NONE },
    Argument { members: &["secretsmanager CreateSecret AddReplicaRegions[].KmsKeyId", "secretsmanager ReplicateSecretToRegions AddReplicaRegions[].KmsKeyId"], owner: CONNECTION, at: "replica", make: |value| vec![("replica", set(block([("region", "eu-west-1".into()), ("kms_key_id", value)])))], text: Some(kms_key), ..NONE },
    Argument { members: &["secretsmanager CreateSecret Tags[].Key", "secretsmanager TagResource Tags[].Key"], owner: TOKEN, at: "tags", make: |value| vec![("tags", key(&value))], text: Some(plain), ..NONE },
    Argument { members: &["secretsmanager CreateSecret Tags[].Value", "secretsmanager TagResource Tags[].Value"], owner: TOKEN, at: "tags", make: |value| vec![("tags", block([("key", value)]))], text: Some(plain), ..NONE },
    // CloudWatch.
    Argument { members: &["cloudwatch PutMetricAlarm AlarmName"], owner: ALARM, at: "alarm_name", make: |value| vec![("alarm_name", value)], text: Some(plain), ..NONE },
    Argument { members: &["cloudwatch PutMetricAlarm AlarmDescription"], owner: ALARM, at: "alarm_description", make: |value| vec![("alarm_description", value)], text: Some(plain), ..NONE },
    Argument { members: &["cloudwatch PutMetricAlarm OKActions"], owner: ALARM, at: "ok_actions", make: |value| vec![("ok_actions", value)], many: Some(topics), ..NONE },
    Argument { members: &["cloudwatch PutMetricAlarm OKActions[]"], owner: ALARM, at: "ok_actions", make: |value| vec![("ok_actions", set(value))], text: Some(topic), ..NONE },
    Argument { members: &["cloudwatch PutMetricAlarm AlarmActions"], owner: ALARM, at: "alarm_actions", make: |value| vec![("alarm_actions", value)], many: Some(topics), ..NONE },
    Argument { members: &["cloudwatch PutMetricAlarm AlarmActions[]"], owner: ALARM, at: "alarm_actions", make: |value| vec![("alarm_actions", set(value))], text: Some(topic), ..NONE },
    Argument { members: &["cloudwatch PutMetricAlarm InsufficientDataActions"], owner: ALARM, at: "insufficient_data_actions", make: |value| vec![("insufficient_data_actions", value)], many: Some(topics), ..NONE },
    Argument { members: &["cloudwatch PutMetricAlarm InsufficientDataActions[]"], owner: ALARM, at: "insufficient_data_actions", make: |value| vec![("insufficient_data_actions", set(value))], text: Some(topic), ..NONE },
    Argument { members: &["cloudwatch PutMetricAlarm MetricName"], owner: ALARM, at: "metric_name", make: |value| vec![("metric_name", value)], text: Some(plain), ..NONE },
    Argument { members: &["cloudwatch PutMetricAlarm Namespace"], owner: ALARM, at: "namespace", make: |value| vec![("namespace", value)], text: Some(plain), ..NONE },
    Argument { members: &["cloudwatch PutMetricAlarm Statistic"], owner: ALARM, at: "statistic", make: |value| vec![("statistic", value)], ..NONE },
    Argument { members: &["cloudwatch PutMetricAlarm Dimensions"], owner: ALARM, at: "dimensions", make: |value| vec![("dimensions", value)], many: Some(dimensions), ..NONE },
    Argument { members: &["cloudwatch PutMetricAlarm Dimensions[].Name"], owner: ALARM, at: "dimensions", make: |value| vec![("dimensions", key(&value))], text: Some(plain), ..NONE },
    Argument { members: &["cloudwatch PutMetricAlarm Dimensions[].Value"], owner: ALARM, at: "dimensions", make: |value| vec![("dimensions", block([("Name", value)]))], text: Some(plain), ..NONE },
    Argument { members: &["cloudwatch PutMetricAlarm Period"], owner: ALARM, at: "period", make: |value| vec![("period", value)], ..NONE },
    Argument { members: &["cloudwatch PutMetricAlarm Unit"], owner: ALARM, at: "unit", make: |value| vec![("unit", value)], ..NONE },
    Argument { members: &["cloudwatch PutMetricAlarm EvaluationPeriods"], owner: ALARM, at: "evaluation_periods", make: |value| vec![("evaluation_periods", value)], ..NONE },
    Argument { members: &["cloudwatch PutMetricAlarm DatapointsToAlarm"], owner: ALARM, at: "datapoints_to_alarm", make: |value| vec![("datapoints_to_alarm", value)], ..NONE },
    Argument { members: &["cloudwatch PutMetricAlarm ComparisonOperator"], owner: ALARM, at: "comparison_operator", make: |value| vec![("comparison_operator", value)], ..NONE },
    Argument { members: &["cloudwatch PutMetricAlarm ThresholdMetricId"], owner: ALARM, at: "threshold_metric_id", make: |value| { let mut given = query(vec![("id", value.clone()), ("expression", "ANOMALY_DETECTION_BAND(m1)".into())]); given.extend([("threshold_metric_id", value), ("threshold", Value::Null), ("comparison_operator", "GreaterThanUpperThreshold".into())]); given }, text: Some(|length| "a".repeat(length)), ..NONE },
    Argument { members: &["cloudwatch PutMetricAlarm Metrics[].Id"], owner: ALARM, at: "metric_query", make: |value| query(vec![("id", value), ("expression", "m1".into())]), text: Some(|length| "a".repeat(length)), ..NONE },
    Argument { members: &["cloudwatch PutMetricAlarm Metrics[].Expression"], owner: ALARM, at: "metric_query", make: |value| query(vec![("expression", value)]), text: Some(plain), ..NONE },
    Argument { members: &["cloudwatch PutMetricAlarm Metrics[].Period"], owner: ALARM, at: "metric_query", make: |value| query(vec![("expression", "m1".into()), ("period", value)]), ..NONE },
    Argument { members: &["cloudwatch PutMetricAlarm Metrics[].AccountId"], owner: ALARM, at: "metric_query", make: |value| query(vec![("expression", "m1".into()), ("account_id", value)]), text: Some(plain), ..NONE },
    Argument { members: &["cloudwatch PutMetricAlarm Metrics[].MetricStat.Metric.Namespace"], owner: ALARM, at: "metric_query", make: |value| query_metric("namespace", value), text: Some(plain), ..NONE },
    Argument { members: &["cloudwatch PutMetricAlarm Metrics[].MetricStat.Metric.MetricName"], owner: ALARM, at: "metric_query", make: |value| query_metric("metric_name", value), text: Some(plain), ..NONE },
    Argument { members: &["cloudwatch PutMetricAlarm Metrics[].MetricStat.Metric.Dimensions"], owner: ALARM, at: "metric_query", make: |value| query_metric("dimensions", value), many: Some(dimensions), ..NONE },
    Argument { members: &["cloudwatch PutMetricAlarm Metrics[].MetricStat.Metric.Dimensions[].Name"], owner: ALARM, at: "metric_query", make: |value| query_metric("dimensions", key(&value)), text: Some(plain), ..NONE },
    Argument { members: &["cloudwatch PutMetricAlarm Metrics[].MetricStat.Metric.Dimensions[].Value"], owner: ALARM, at: "metric_query", make: |value| query_metric("dimensions", block([("Name", value)])), text: Some(plain), ..NONE },
    Argument { members: &["cloudwatch PutMetricAlarm Metrics[].MetricStat.Period"], owner: ALARM, at: "metric_query", make: |value| query_metric("period", value), ..NONE },
    Argument { members: &["cloudwatch PutMetricAlarm Metrics[].MetricStat.Unit"], owner: ALARM, at: "metric_query", make: |value| query_metric("unit", value), ..NONE },
    Argument { members: &["cloudwatch PutMetricAlarm EvaluationInterval"], owner: ALARM, at: "evaluation_interval", make: |value| vec![("evaluation_interval", value)], ..NONE },
    Argument { members: &["cloudwatch PutMetricAlarm EvaluationCriteria.PromQLCriteria.Query"], owner: ALARM, at: "evaluation_criteria", make: |value| promql(vec![("query", value)]), text: Some(plain), ..NONE },
    Argument { members: &["cloudwatch PutMetricAlarm EvaluationCriteria.PromQLCriteria.PendingPeriod"], owner: ALARM, at: "evaluation_criteria", make: |value| promql(vec![("query", "up".into()), ("pending_period", value)]), ..NONE },
    Argument { members: &["cloudwatch PutMetricAlarm EvaluationCriteria.PromQLCriteria.RecoveryPeriod"], owner: ALARM, at: "evaluation_criteria", make: |value| promql(vec![("query", "up".into()), ("recovery_period", value)]), ..NONE },
    Argument { members: &["cloudwatch PutMetricAlarm EvaluationWindow.WallClockWindow.Timezone"], owner: ALARM, at: "evaluation_window", make: |value| vec![("evaluation_window", one(block([("wall_clock_window", one(block([("timezone", value)])))])))], text: Some(plain), ..NONE },
    Argument { members: &["cloudwatch PutMetricAlarm WarmUpConfiguration.WarmUpPeriodDurationInMinutes"], owner: ALARM, at: "warm_up_configuration", make: |value| vec![("warm_up_configuration", one(block([("warm_up_period_duration_in_minutes", value)])))], ..NONE },
    Argument { members: &["cloudwatch PutCompositeAlarm AlarmName"], owner: COMPOSITE, at: "alarm_name", make: |value| vec![("alarm_name", value)], text: Some(plain), ..NONE },
    Argument { members: &["cloudwatch PutCompositeAlarm AlarmDescription"], owner: COMPOSITE, at: "alarm_description", make: |value| vec![("alarm_description", value)], text: Some(plain), ..NONE },
    Argument { members: &["cloudwatch PutCompositeAlarm AlarmRule"], owner: COMPOSITE, at: "alarm_rule", make: |value| vec![("alarm_rule", value)], text: Some(plain), ..NONE },
    Argument { members: &["cloudwatch PutCompositeAlarm ActionsSuppressor"], owner: COMPOSITE, at: "actions_suppressor", make: |value| vec![("actions_suppressor", one(block([("alarm", value), ("wait_period", Value::from(1)), ("extension_period", Value::from(1))])))], text: Some(plain), ..NONE },
    Argument { members: &["cloudwatch PutMetricAlarm Tags[].Key", "cloudwatch TagResource Tags[].Key"], owner: ALARM, at: "tags", make: |value| vec![("tags", key(&value))], text: Some(plain), ..NONE },
    Argument { members: &["cloudwatch PutMetricAlarm Tags[].Value", "cloudwatch TagResource Tags[].Value"], owner: ALARM, at: "tags", make: |value| vec![("tags", block([("key", value)]))], text: Some(plain), ..NONE },
    Argument { members: &["cloudwatch PutCompositeAlarm AlarmName"], owner: SET, at: "composite_alarm", make: |value| vec![("composite_alarm", block([("name_template", value)]))], text: Some(plain), ..NONE },
    Argument { members: &["cloudwatch PutCompositeAlarm AlarmDescription"], owner: SET, at: "composite_alarm", make: |value| vec![("composite_alarm", block([("description", value)]))], text: Some(plain), ..NONE },
    Argument { members: &["cloudwatch PutCompositeAlarm AlarmActions"], owner: SET, at: "composite_alarm", make: |value| vec![("composite_alarm", block([("alarm_actions", value)]))], many: Some(topics), ..NONE },
    Argument { members: &["cloudwatch PutCompositeAlarm AlarmActions[]"], owner: SET, at: "composite_alarm", make: |value| vec![("composite_alarm", block([("alarm_actions", set(value))]))], text: Some(topic), ..NONE },
    Argument { members: &["cloudwatch PutCompositeAlarm OKActions"], owner: SET, at: "composite_alarm", make: |value| vec![("composite_alarm", block([("ok_actions", value)]))], many: Some(topics), ..NONE },
    Argument { members: &["cloudwatch PutCompositeAlarm OKActions[]"], owner: SET, at: "composite_alarm", make: |value| vec![("composite_alarm", block([("ok_actions", set(value))]))], text: Some(topic), ..NONE },
    Argument { members: &["cloudwatch PutCompositeAlarm InsufficientDataActions"], owner: SET, at: "composite_alarm", make: |value| vec![("composite_alarm", block([("insufficient_data_actions", value)]))], many: Some(topics), ..NONE },
    Argument { members: &["cloudwatch PutCompositeAlarm InsufficientDataActions[]"], owner: SET, at: "composite_alarm", make: |value| vec![("composite_alarm", block([("insufficient_data_actions", set(value))]))], text: Some(topic), ..NONE },
    Argument { members: &["cloudwatch PutCompositeAlarm Tags[].Key"], owner: SET, at: "tags", make: |value| vec![("tags", key(&value))], text: Some(plain), ..NONE },
    Argument { members: &["cloudwatch PutCompositeAlarm Tags[].Value"], owner: SET, at: "tags", make: |value| vec![("tags", block([("key", value)]))], text: Some(plain), ..NONE },
    // CloudWatch Logs.
    Argument { members: &["logs CreateLogGroup logGroupName", "logs PutRetentionPolicy logGroupName", "logs AssociateKmsKey logGroupName"], owner: LOGS, at: "name", make: |value| vec![("name", value)], text: Some(plain), ..NONE },
    Argument { members: &["logs CreateLogGroup kmsKeyId", "logs AssociateKmsKey kmsKeyId"], owner: LOGS, at: "kms_key_id", make: |value| vec![("kms_key_id", value)], text: Some(kms_key), ..NONE },
    Argument { members: &["logs CreateLogGroup logGroupClass"], owner: LOGS, at: "log_group_class", make: |value| vec![("log_group_class", value)], ..NONE },
    Argument { members: &["logs CreateLogGroup tags", "logs TagResource tags"], owner: LOGS, at: "tags", make: |value| vec![("tags", value)], many: Some(tags), ..NONE },
    Argument { members: &["logs CreateLogGroup tags{key}", "logs TagResource tags{key}"], owner: LOGS, at: "tags", make: |value| vec![("tags", key(&value))], text: Some(plain), ..NONE },
    Argument { members: &["logs CreateLogGroup tags{}", "logs TagResource tags{}"], owner: LOGS, at: "tags", make: |value| vec![("tags", block([("key", value)]))], text: Some(plain), ..NONE },
    // STS: the provider block.
    Argument { members: &["sts AssumeRole RoleArn"], owner: Owner::Provider, at: "assume_role", make: |value| assumed("role_arn", value), text: Some(role), ..NONE },
    Argument { members: &["sts AssumeRole RoleSessionName"], owner: Owner::Provider, at: "assume_role", make: |value| assumed("session_name", value), text: Some(plain), ..NONE },
    Argument { members: &["sts AssumeRole PolicyArns[].arn"], owner: Owner::Provider, at: "assume_role", make: |value| assumed("policy_arns", set(value)), text: Some(role), ..NONE },
    Argument { members: &["sts AssumeRole Policy"], owner: Owner::Provider, at: "assume_role", make: |value| assumed("policy", value), text: Some(policy), ..NONE },
    Argument { members: &["sts AssumeRole Tags"], owner: Owner::Provider, at: "assume_role", make: |value| assumed("tags", value), many: Some(tags), ..NONE },
    Argument { members: &["sts AssumeRole Tags[].Key"], owner: Owner::Provider, at: "assume_role", make: |value| assumed("tags", key(&value)), text: Some(plain), ..NONE },
    Argument { members: &["sts AssumeRole Tags[].Value"], owner: Owner::Provider, at: "assume_role", make: |value| assumed("tags", block([("key", value)])), text: Some(plain), ..NONE },
    Argument { members: &["sts AssumeRole TransitiveTagKeys"], owner: Owner::Provider, at: "assume_role", make: |value| assumed("transitive_tag_keys", value), many: Some(|count| Value::set((0..count).map(|i| Value::from(format!("key-{i}").as_str())))), ..NONE },
    Argument { members: &["sts AssumeRole TransitiveTagKeys[]"], owner: Owner::Provider, at: "assume_role", make: |value| assumed("transitive_tag_keys", set(value)), text: Some(plain), ..NONE },
    Argument { members: &["sts AssumeRole ExternalId"], owner: Owner::Provider, at: "assume_role", make: |value| assumed("external_id", value), text: Some(plain), ..NONE },
    Argument { members: &["sts AssumeRole SourceIdentity"], owner: Owner::Provider, at: "assume_role", make: |value| assumed("source_identity", value), text: Some(plain), ..NONE },
    Argument { members: &["sts AssumeRoleWithWebIdentity RoleArn"], owner: Owner::Provider, at: "assume_role_with_web_identity", make: |value| web("role_arn", value), text: Some(role), ..NONE },
    Argument { members: &["sts AssumeRoleWithWebIdentity RoleSessionName"], owner: Owner::Provider, at: "assume_role_with_web_identity", make: |value| web("session_name", value), text: Some(plain), ..NONE },
    Argument { members: &["sts AssumeRoleWithWebIdentity PolicyArns[].arn"], owner: Owner::Provider, at: "assume_role_with_web_identity", make: |value| web("policy_arns", set(value)), text: Some(role), ..NONE },
    Argument { members: &["sts AssumeRoleWithWebIdentity Policy"], owner: Owner::Provider, at: "assume_role_with_web_identity", make: |value| web("policy", value), text: Some(policy), ..NONE },
    Argument { members: &["sts AssumeRoleWithWebIdentity WebIdentityToken"], owner: Owner::Provider, at: "assume_role_with_web_identity", make: |value| web("web_identity_token", value), text: Some(plain), ..NONE },
];

/// Limits that no argument can exceed, and why.
#[rustfmt::skip]
pub(super) const NO_ARGUMENT: &[(&str, &str)] = &[
    ("elasticache CreateReplicationGroup UserGroupIds", "an empty list is not sent"),
    ("elasticache CreateUser Passwords", "sent as AuthenticationMode.Passwords"),
    ("elasticache ModifyUser Passwords", "sent as AuthenticationMode.Passwords"),
    ("elasticache CreateUser AuthenticationMode.Passwords", "an empty list is no way to log in, which is an error of its own"),
    ("elasticache ModifyUser AuthenticationMode.Passwords", "an empty list is no way to log in, which is an error of its own"),
    ("elasticache CreateUserGroup UserIds", "an empty list is not sent"),
    ("elasticache ModifyUserGroup UserIdsToAdd", "an empty list is not sent"),
    ("elasticache ModifyUserGroup UserIdsToRemove", "an empty list is not sent"),
    ("elasticache ModifyReplicationGroupShardConfiguration NodeGroupsToRemove[]", "IDs that AWS returned"),
    ("ssm AddTagsToResource ResourceType", "always Parameter"),
    ("secretsmanager CreateSecret ClientRequestToken", "made by the provider"),
    ("secretsmanager PutSecretValue ClientRequestToken", "made by the provider"),
    ("secretsmanager UpdateSecret ClientRequestToken", "made by the provider"),
    ("secretsmanager CreateSecret SecretString", "a token, or the JSON of a connection, whose additional keys are limited"),
    ("secretsmanager PutSecretValue SecretString", "a token, or the JSON of a connection, whose additional keys are limited"),
    ("secretsmanager UpdateSecret SecretString", "not sent: a value is written with PutSecretValue"),
    ("secretsmanager CreateSecret AddReplicaRegions", "an empty list is not sent"),
    ("secretsmanager ReplicateSecretToRegions AddReplicaRegions", "an empty list is not sent"),
    ("secretsmanager PutSecretValue VersionStages", "not sent: AWS moves AWSCURRENT"),
    ("secretsmanager PutSecretValue VersionStages[]", "not sent: AWS moves AWSCURRENT"),
    ("cloudwatch PutMetricAlarm TreatMissingData", "four documented values, in metric_alarm's and alarm_set's own checks"),
    ("cloudwatch PutMetricAlarm EvaluateLowSampleCountPercentile", "two documented values"),
    ("cloudwatch TagResource ResourceARN", "an ARN that AWS returned"),
    ("logs TagResource resourceArn", "an ARN that AWS returned"),
    ("sts AssumeRole DurationSeconds", "a duration, in the provider block's own check"),
    ("sts AssumeRoleWithWebIdentity DurationSeconds", "a duration, in the provider block's own check"),
];
