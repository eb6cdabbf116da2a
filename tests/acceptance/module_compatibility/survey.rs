//! The survey itself: which arguments the modules in the field use.

use std::fs;
use std::path::Path;

use super::folder;

/// Arguments and blocks of replication groups, counted over nineteen modules.
const GROUP: &str = "replication_group_id node_type port automatic_failover_enabled engine_version subnet_group_name \
    security_group_ids at_rest_encryption_enabled transit_encryption_enabled auth_token parameter_group_name tags \
    maintenance_window description engine snapshot_window notification_topic_arn snapshot_retention_limit \
    num_cache_clusters multi_az_enabled apply_immediately log_delivery_configuration preferred_cache_cluster_azs \
    auto_minor_version_upgrade kms_key_id snapshot_arns num_node_groups replicas_per_node_group snapshot_name \
    user_group_ids auth_token_update_strategy final_snapshot_identifier data_tiering_enabled transit_encryption_mode \
    security_group_names global_replication_group_id network_type cluster_mode ip_discovery timeouts";

/// What the modules read of them.
const GROUP_READ: &str = "primary_endpoint_address id configuration_endpoint_address member_clusters \
    reader_endpoint_address arn cluster_enabled port engine_version_actual auth_token tags_all";

const PARAMETER_GROUP: &str = "name family parameter description lifecycle tags";
const SUBNET_GROUP: &str = "name subnet_ids description tags";
const ALARM: &str = "alarm_name alarm_description comparison_operator evaluation_periods metric_name namespace period \
    statistic threshold dimensions alarm_actions ok_actions tags datapoints_to_alarm treat_missing_data";
const SECRET: &str = "name description kms_key_id recovery_window_in_days tags";
const URL: &str = "name description type key_id tags overwrite";

/// The text of each fixture's files.
fn texts(folder: &Path) -> Vec<String> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.path().is_dir() {
            all.extend(texts(&entry.path()));
        } else {
            all.push(fs::read_to_string(entry.path()).unwrap());
        }
    }
    all
}

/// The bodies of the resource blocks of a type, in HCL formatted as usual.
fn bodies(texts: &[String], ty: &str) -> String {
    let opening = format!(r#"resource "{ty}" "#);
    let blocks =
        texts.iter().flat_map(|text| text.split("\nresource ").skip(1).map(|b| format!("resource {b}")));
    blocks
        .filter(|block| block.starts_with(&opening))
        .map(|block| block.split("\n}").next().unwrap().to_owned())
        .collect()
}

/// True when a line of the bodies sets the argument or opens the block.
fn sets(bodies: &str, name: &str) -> bool {
    bodies.lines().map(str::trim).any(|line| {
        let first = line.split([' ', '=']).next().unwrap();
        first == name || line.starts_with(&format!(r#"dynamic "{name}""#))
    })
}

#[test]
fn every_argument_of_the_survey_is_sent_by_a_fixture() {
    let texts = texts(&folder());
    for (ty, arguments) in [
        ("elasticache_replication_group", GROUP),
        ("elasticache_parameter_group", PARAMETER_GROUP),
        ("elasticache_subnet_group", SUBNET_GROUP),
        ("elasticache_metric_alarm", ALARM),
        ("elasticache_auth_token_secret", SECRET),
        ("elasticache_ssm_url", URL),
    ] {
        let bodies = bodies(&texts, ty);
        for name in arguments.split_whitespace() {
            assert!(sets(&bodies, name), "no fixture sends {ty}.{name}");
        }
    }
}

#[test]
fn every_attribute_of_the_survey_is_read_by_a_fixture() {
    let all = texts(&folder()).join("\n");
    for name in GROUP_READ.split_whitespace() {
        let read = all.match_indices(&format!(".{name}")).any(|(at, found)| {
            let before = &all[all[..at].rfind([' ', '(', '{']).unwrap_or(0)..at];
            let after = all[at + found.len()..].chars().next().unwrap_or(' ');
            before.contains("elasticache_replication_group.") && !after.is_alphanumeric() && after != '_'
        });
        assert!(read, "no fixture reads {name} of a group");
    }
}
