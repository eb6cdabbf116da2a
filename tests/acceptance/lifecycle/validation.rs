//! What is refused at plan, before AWS is asked anything.

use crate::world::{World, group};

/// The plan is refused with these words, and nothing is called.
#[track_caller]
fn refuses(lines: &str, words: &[&str]) {
    let world = World::new("");
    let said = world.refused(&group("refused", lines));
    for word in words {
        assert!(said.contains(word), "no {word:?} in: {said}");
    }
    assert_eq!(world.aws.record().order(), Vec::<String>::new(), "calls");
}

#[test]
fn several_zones_without_failover() {
    refuses(
        "node_type = \"cache.t4g.small\"\n num_cache_clusters = 2\n multi_az_enabled = true\n \
         automatic_failover_enabled = false",
        &["Invalid multi_az_enabled", "automatic_failover_enabled = true"],
    );
}

/// Nothing said of failover means none in a new group; in one that exists, what it has.
#[test]
fn several_zones_with_nothing_said_of_failover() {
    let of = |lines: &str| {
        let common = "node_type = \"cache.t4g.small\"\n num_cache_clusters = 2\n apply_immediately = true";
        group("zonal", &format!("{common}\n {lines}"))
    };
    let world = World::new("");
    let needs = "multi_az_enabled needs automatic_failover_enabled = true";
    let said = world.refused(&of("multi_az_enabled = true"));
    assert!(said.contains(needs), "{said}");
    world.terraform.configure(&of("automatic_failover_enabled = false"));
    world.terraform.apply();
    let said = world.refused(&of("multi_az_enabled = true"));
    assert!(said.contains(needs), "{said}");
    world.terraform.configure(&of("automatic_failover_enabled = true"));
    world.terraform.apply();
    world.then(&of("multi_az_enabled = true"));
}

#[test]
fn shards_together_with_a_number_of_nodes() {
    refuses(
        "node_type = \"cache.t4g.small\"\n num_cache_clusters = 3\n num_node_groups = 2",
        &["Invalid num_cache_clusters", "num_node_groups is 2"],
    );
}

#[test]
fn replicas_together_with_a_number_of_nodes() {
    refuses(
        "node_type = \"cache.t4g.small\"\n num_cache_clusters = 3\n replicas_per_node_group = 1",
        &["Invalid num_cache_clusters", "replicas_per_node_group = 1 makes 2 nodes"],
    );
}

/// With one shard, as it is until there is a group with more.
#[test]
fn replicas_that_make_another_number_of_nodes_of_a_new_group() {
    refuses(
        "node_type = \"cache.t4g.small\"\n num_cache_clusters = 4\n replicas_per_node_group = 1",
        &["Invalid num_cache_clusters", "makes 2 nodes of a replication group with 1 shard"],
    );
}

#[test]
fn failover_with_a_single_node() {
    refuses(
        "node_type = \"cache.t4g.small\"\n num_cache_clusters = 1\n automatic_failover_enabled = true",
        &["Invalid automatic_failover_enabled", "num_cache_clusters to 2"],
    );
}

#[test]
fn no_node_type() {
    refuses("num_cache_clusters = 1", &["Invalid node_type", "cache.t4g.small"]);
}

#[test]
fn a_node_type_for_a_member_of_a_global_datastore() {
    refuses(
        "node_type = \"cache.r7g.large\"\n global_replication_group_id = \"abcde-global\"",
        &["global_replication_group_id", "node_type"],
    );
}

#[test]
fn shards_for_a_member_of_a_global_datastore() {
    refuses(
        "num_node_groups = 2\n global_replication_group_id = \"abcde-global\"",
        &["global_replication_group_id", "num_node_groups"],
    );
}

#[test]
fn zones_that_are_not_one_for_each_node() {
    refuses(
        "node_type = \"cache.t4g.small\"\n num_cache_clusters = 3\n \
         preferred_cache_cluster_azs = [\"eu-west-1a\", \"eu-west-1b\"]",
        &["has 2 Availability Zones for 3 nodes", "one Availability Zone for each node"],
    );
}

#[test]
fn windows_that_overlap_or_are_too_short() {
    refuses(
        "node_type = \"cache.t4g.small\"\n maintenance_window = \"sun:05:00-sun:07:00\"\n \
         snapshot_window = \"06:00-07:00\"",
        &["overlap"],
    );
    refuses("node_type = \"cache.t4g.small\"\n snapshot_window = \"06:00-06:30\"", &["60 minutes"]);
}

#[test]
fn a_token_without_tls_or_with_characters_aws_refuses() {
    refuses(
        "node_type = \"cache.t4g.small\"\n auth_token = \"0123456789abcdef\"",
        &["transit_encryption_enabled = true"],
    );
    refuses(
        "node_type = \"cache.t4g.small\"\n transit_encryption_enabled = true\n \
         auth_token = \"not/allowed/0123456789\"",
        &["!&#$^<>-"],
    );
}

#[test]
fn a_log_that_goes_to_two_places() {
    let block = |name: &str| {
        format!(
            "log_delivery_configuration {{\n destination = \"{name}\"\n destination_type = \"cloudwatch-logs\"\n \
             log_format = \"json\"\n log_type = \"slow-log\"\n }}"
        )
    };
    refuses(&format!("node_type = \"cache.t4g.small\"\n {}\n {}", block("a"), block("b")), &["Two blocks"]);
}

#[test]
fn versions_that_no_engine_has() {
    for version in ["5.4", "5.x", "5", "6", "6.5.0", "6.y", "7", "7.x", "7.2.x", "7."] {
        refuses(
            &format!("node_type = \"cache.t4g.small\"\n engine_version = \"{version}\""),
            &["engine_version"],
        );
    }
}

#[test]
fn an_engine_that_does_not_have_the_version() {
    refuses(
        "node_type = \"cache.t4g.small\"\n engine = \"valkey\"\n engine_version = \"7.1\"",
        &["the first version is \"7.2\""],
    );
    refuses(
        "node_type = \"cache.t4g.small\"\n engine = \"redis\"\n engine_version = \"8.0\"",
        &["the last version is \"7.1\""],
    );
    refuses("node_type = \"cache.t4g.small\"\n engine_version = \"8.0\"", &["engine = \"valkey\""]);
    refuses("node_type = \"cache.t4g.small\"\n engine = \"memcached\"", &["cannot run memcached"]);
}

#[test]
fn a_final_snapshot_name_that_aws_refuses() {
    refuses("node_type = \"cache.t4g.small\"\n final_snapshot_identifier = \"a--b\"", &["single hyphens"]);
}

#[test]
fn a_parameter_group_of_another_family() {
    refuses(
        "node_type = \"cache.t4g.small\"\n engine_version = \"7.1\"\n \
         parameter_group_name = \"default.redis6.x\"",
        &["default.redis7"],
    );
}
