//! Import, names and spelling.

use crate::steer::{THIS, group, instant, writes};

/// An import was followed by a replacement: what could not be read seemed to have changed.
#[test]
fn aws_32835_an_import_replaces_nothing() {
    let arguments = "num_cache_clusters = 2\nengine_version = \"7.1\"\nautomatic_failover_enabled = true\n\
                     multi_az_enabled = true\nat_rest_encryption_enabled = true\ntransit_encryption_enabled = true\n\
                     port = 6380\nsubnet_group_name = \"default\"\nsecurity_group_ids = [\"sg-00000001\"]\n\
                     security_group_names = []\nsnapshot_retention_limit = 5\nsnapshot_window = \"02:00-03:00\"\n\
                     maintenance_window = \"sun:05:00-sun:07:00\"\nparameter_group_name = \"default.redis7\"\n\
                     preferred_cache_cluster_azs = [\"eu-west-1a\", \"eu-west-1b\"]\n\
                     tags = { team = \"red\" }";
    let world = instant(&group(arguments));
    world.applied();
    world.terraform.run(&["state", "rm", THIS]).succeeds();
    world.terraform.run(&["import", THIS, "cache"]).succeeds();
    world.aws.record().clear();
    world.terraform.apply();
    assert_eq!(writes(&world.aws), [""; 0]);
    assert!(world.terraform.plan().actions().is_empty());
}

/// The same for shards.
#[test]
fn aws_16141_an_import_of_a_cluster_replaces_nothing() {
    let world = instant(&group(
        "num_node_groups = 2\nreplicas_per_node_group = 1\nautomatic_failover_enabled = true\n\
         multi_az_enabled = true\nparameter_group_name = \"default.redis7.cluster.on\"",
    ));
    world.applied();
    world.terraform.run(&["state", "rm", THIS]).succeeds();
    world.terraform.run(&["import", THIS, "cache"]).succeeds();
    world.terraform.assert_unchanged();
}

/// Ids with capitals came back in small letters, and every plan replaced the group.
#[test]
fn aws_pr_47705_an_id_in_capitals_is_the_same_id() {
    let with = |id: &str| group("num_cache_clusters = 1").replace("\"cache\"", &format!("{id:?}"));
    let world = instant(&with("Cache-DEV"));
    world.applied();
    assert_eq!(world.terraform.text(THIS, "replication_group_id"), "Cache-DEV");
    assert_eq!(world.terraform.text(THIS, "id"), "cache-dev");
    world.aws.record().clear();
    world.terraform.configure(&with("cache-dev"));
    assert!(world.terraform.plan().actions().is_empty());
    world.applied();
    assert_eq!(writes(&world.aws), [""; 0]);
}
