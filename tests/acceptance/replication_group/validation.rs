//! What is refused at plan, before AWS is asked anything.

use crate::fixture::Fixture;
use crate::hcl::group;

/// The plan is refused with these words, and nothing is called.
#[track_caller]
fn refuses(lines: &str, words: &[&str]) {
    let fixture = Fixture::new("");
    let said = fixture.refused(&group("refused", lines));
    for word in words {
        assert!(said.contains(word), "no {word:?} in: {said}");
    }
    assert_eq!(fixture.aws.record().order(), Vec::<String>::new(), "calls");
}

#[test]
fn several_zones_without_failover() {
    refuses(
        r#"node_type = "cache.t4g.small"
 num_cache_clusters = 2
 multi_az_enabled = true
 automatic_failover_enabled = false"#,
        &["Invalid multi_az_enabled", "automatic_failover_enabled = true"],
    );
}

/// Nothing said of failover means none in a new group; in one that exists, what it has.
#[test]
fn several_zones_with_nothing_said_of_failover() {
    let of = |lines: &str| {
        let common = r#"node_type = "cache.t4g.small"
 num_cache_clusters = 2
 apply_immediately = true"#;
        group("zonal", &format!("{common}\n {lines}"))
    };
    let fixture = Fixture::new("");
    let needs = "`multi_az_enabled` requires `automatic_failover_enabled = true`";
    let said = fixture.refused(&of("multi_az_enabled = true"));
    assert!(said.contains(needs), "{said}");
    fixture.terraform.configure(&of("automatic_failover_enabled = false"));
    fixture.terraform.apply();
    let said = fixture.refused(&of("multi_az_enabled = true"));
    assert!(said.contains(needs), "{said}");
    fixture.terraform.configure(&of("automatic_failover_enabled = true"));
    fixture.terraform.apply();
    fixture.change_and_verify(&of("multi_az_enabled = true"));
}

#[test]
fn shards_together_with_a_number_of_nodes() {
    refuses(
        r#"node_type = "cache.t4g.small"
 num_cache_clusters = 3
 num_node_groups = 2"#,
        &["Invalid num_cache_clusters", "`num_node_groups` is 2"],
    );
}

#[test]
fn replicas_together_with_a_number_of_nodes() {
    refuses(
        r#"node_type = "cache.t4g.small"
 num_cache_clusters = 3
 replicas_per_node_group = 1"#,
        &["Invalid num_cache_clusters", "`replicas_per_node_group = 1` makes 2 nodes"],
    );
}

/// With one shard, as it is until there is a group with more.
#[test]
fn replicas_that_make_another_number_of_nodes_of_a_new_group() {
    refuses(
        r#"node_type = "cache.t4g.small"
 num_cache_clusters = 4
 replicas_per_node_group = 1"#,
        &["Invalid num_cache_clusters", "makes 2 nodes of a replication group with 1 shard"],
    );
}

#[test]
fn failover_with_a_single_node() {
    refuses(
        r#"node_type = "cache.t4g.small"
 num_cache_clusters = 1
 automatic_failover_enabled = true"#,
        &["Invalid automatic_failover_enabled", "num_cache_clusters` to 2"],
    );
}

#[test]
fn no_node_type() {
    refuses("num_cache_clusters = 1", &["Missing node_type", "cache.t4g.small"]);
}

#[test]
fn a_node_type_for_a_member_of_a_global_datastore() {
    refuses(
        r#"node_type = "cache.r7g.large"
 global_replication_group_id = "abcde-global""#,
        &["global_replication_group_id", "node_type"],
    );
}

#[test]
fn shards_for_a_member_of_a_global_datastore() {
    refuses(
        r#"num_node_groups = 2
 global_replication_group_id = "abcde-global""#,
        &["global_replication_group_id", "num_node_groups"],
    );
}

#[test]
fn zones_that_are_not_one_for_each_node() {
    refuses(
        r#"node_type = "cache.t4g.small"
 num_cache_clusters = 3
 preferred_cache_cluster_azs = ["eu-west-1a", "eu-west-1b"]"#,
        &["has 2 Availability Zones for 3 nodes", "one Availability Zone for each node"],
    );
}

#[test]
fn windows_that_overlap_or_are_too_short() {
    refuses(
        r#"node_type = "cache.t4g.small"
 maintenance_window = "sun:05:00-sun:07:00"
 snapshot_window = "06:00-07:00""#,
        &["overlap"],
    );
    refuses(
        r#"node_type = "cache.t4g.small"
 snapshot_window = "06:00-06:30""#,
        &["60 minutes"],
    );
}

#[test]
fn a_token_without_tls_or_with_characters_aws_refuses() {
    refuses(
        r#"node_type = "cache.t4g.small"
 auth_token = "0123456789abcdef""#,
        &["transit_encryption_enabled = true"],
    );
    refuses(
        r#"node_type = "cache.t4g.small"
 transit_encryption_enabled = true
 auth_token = "not/allowed/0123456789""#,
        &["!&#$^<>-"],
    );
}

#[test]
fn a_log_that_goes_to_two_places() {
    let block = |name: &str| {
        format!(
            r#"log_delivery_configuration {{
 destination = "{name}"
 destination_type = "cloudwatch-logs"
 log_format = "json"
 log_type = "slow-log"
 }}"#
        )
    };
    refuses(
        &format!(
            r#"node_type = "cache.t4g.small"
 {}
 {}"#,
            block("a"),
            block("b")
        ),
        &["Two blocks"],
    );
}

#[test]
fn versions_that_no_engine_has() {
    for version in ["5.4", "5.x", "5", "6", "6.5.0", "6.y", "7", "7.x", "7.2.x", "7."] {
        refuses(
            &format!(
                r#"node_type = "cache.t4g.small"
 engine_version = "{version}""#
            ),
            &["engine_version"],
        );
    }
}

#[test]
fn an_engine_that_does_not_have_the_version() {
    refuses(
        r#"node_type = "cache.t4g.small"
 engine = "valkey"
 engine_version = "7.1""#,
        &[r#"the first version is "7.2""#],
    );
    refuses(
        r#"node_type = "cache.t4g.small"
 engine = "redis"
 engine_version = "8.0""#,
        &[r#"the last version is "7.1""#],
    );
    refuses(
        r#"node_type = "cache.t4g.small"
 engine_version = "8.0""#,
        &[r#"engine = "valkey""#],
    );
    refuses(
        r#"node_type = "cache.t4g.small"
 engine = "memcached""#,
        &["cannot run memcached"],
    );
}

#[test]
fn a_final_snapshot_name_that_aws_refuses() {
    refuses(
        r#"node_type = "cache.t4g.small"
 final_snapshot_identifier = "a--b""#,
        &["single hyphens"],
    );
}

#[test]
fn a_parameter_group_of_another_family() {
    refuses(
        r#"node_type = "cache.t4g.small"
 engine_version = "7.1"
 parameter_group_name = "default.redis6.x""#,
        &["default.redis7"],
    );
}
