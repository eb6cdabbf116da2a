//! Import, names and spelling.

use crate::aws_control::{instant, writes};
use crate::hcl::{GROUP, small_group};

/// An import was followed by a replacement: what could not be read seemed to have changed.
#[test]
fn aws_32835_an_import_replaces_nothing() {
    let arguments = r#"num_cache_clusters = 2
engine_version = "7.1"
automatic_failover_enabled = true
multi_az_enabled = true
at_rest_encryption_enabled = true
transit_encryption_enabled = true
port = 6380
subnet_group_name = "default"
security_group_ids = ["sg-00000001"]
security_group_names = []
snapshot_retention_limit = 5
snapshot_window = "02:00-03:00"
maintenance_window = "sun:05:00-sun:07:00"
parameter_group_name = "default.redis7"
preferred_cache_cluster_azs = ["eu-west-1a", "eu-west-1b"]
tags = { team = "red" }"#;
    let fixture = instant(&small_group(arguments));
    fixture.apply_and_verify();
    fixture.terraform.run(&["state", "rm", GROUP]).succeeds();
    fixture.terraform.run(&["import", GROUP, "cache"]).succeeds();
    fixture.aws.record().clear();
    fixture.terraform.apply();
    assert_eq!(writes(&fixture.aws), [""; 0]);
    assert!(fixture.terraform.plan().actions().is_empty());
}

/// The same for shards.
#[test]
fn aws_16141_an_import_of_a_cluster_replaces_nothing() {
    let fixture = instant(&small_group(
        r#"num_node_groups = 2
replicas_per_node_group = 1
automatic_failover_enabled = true
multi_az_enabled = true
parameter_group_name = "default.redis7.cluster.on""#,
    ));
    fixture.apply_and_verify();
    fixture.terraform.run(&["state", "rm", GROUP]).succeeds();
    fixture.terraform.run(&["import", GROUP, "cache"]).succeeds();
    fixture.terraform.assert_unchanged();
}

/// Ids with capitals came back in small letters, and every plan replaced the group.
#[test]
fn aws_pr_47705_an_id_in_capitals_is_the_same_id() {
    let with = |id: &str| small_group("num_cache_clusters = 1").replace(r#""cache""#, &format!("{id:?}"));
    let fixture = instant(&with("Cache-DEV"));
    fixture.apply_and_verify();
    assert_eq!(fixture.terraform.text(GROUP, "replication_group_id"), "Cache-DEV");
    assert_eq!(fixture.terraform.text(GROUP, "id"), "cache-dev");
    fixture.aws.record().clear();
    fixture.terraform.configure(&with("cache-dev"));
    assert!(fixture.terraform.plan().actions().is_empty());
    fixture.apply_and_verify();
    assert_eq!(writes(&fixture.aws), [""; 0]);
}
