//! What an expression receives from this provider where hashicorp/aws gives something else. The guide
//! "Moving from hashicorp/aws" has the same list.

const GROUP: &str = "elasticache_replication_group";

/// Type, attribute, and its value with hashicorp/aws and here when the configuration omits it.
pub(crate) const WHEN_OMITTED: &[(&str, &str, &str, &str)] = &[
    ("elasticache_metric_alarm", "datapoints_to_alarm", "0", "null"),
    (GROUP, "apply_immediately", "null", "false"),
    (GROUP, "auth_token", "\"\"", "null"),
    (GROUP, "auth_token_update_strategy", "\"ROTATE\"", "\"\""),
    (GROUP, "final_snapshot_identifier", "null", "\"\""),
    (GROUP, "global_replication_group_id", "null", "\"\""),
    (GROUP, "notification_topic_arn", "null", "\"\""),
    (GROUP, "preferred_cache_cluster_azs", "null", "[]"),
    (GROUP, "snapshot_arns", "null", "[]"),
    (GROUP, "snapshot_name", "null", "\"\""),
    (GROUP, "user_group_ids", "null", "[]"),
];

/// Attributes that are booleans here and texts with hashicorp/aws.
const BOOLEANS: [&str; 2] = ["at_rest_encryption_enabled", "auto_minor_version_upgrade"];

/// Attributes that are lists here and sets with hashicorp/aws.
const LISTS: [&str; 1] = ["member_clusters"];

/// Arguments that are false with hashicorp/aws when they are omitted, and without a default here.
pub(crate) const WITHOUT_DEFAULT: [&str; 2] = ["automatic_failover_enabled", "multi_az_enabled"];

/// The values of an attribute that is omitted, with hashicorp/aws and here, where they differ.
pub(crate) fn when_omitted(type_name: &str, attribute: &str) -> Option<(&'static str, &'static str)> {
    let mut rows = WHEN_OMITTED.iter().filter(|(ty, name, ..)| *ty == type_name && *name == attribute);
    rows.next().map(|(.., theirs, ours)| (*theirs, *ours))
}

/// True for a boolean that is a text with hashicorp/aws.
pub(crate) fn is_boolean_here(type_name: &str, attribute: &str) -> bool {
    type_name == GROUP && BOOLEANS.contains(&attribute)
}

/// True for a list that is a set with hashicorp/aws.
pub(crate) fn is_list_here(type_name: &str, attribute: &str) -> bool {
    type_name == GROUP && LISTS.contains(&attribute)
}

/// True for a replication group.
pub(crate) fn is_group(type_name: &str) -> bool {
    type_name == GROUP
}
