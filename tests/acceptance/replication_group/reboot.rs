//! Parameters that take effect when a node is rebooted.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::aws_control::{ask, instant, words};
use crate::hcl::{GROUP, small_group};

/// A group of two nodes with a parameter group of this name that sets `maxclients`.
fn with(name: &str, clients: u32) -> String {
    format!(
        "resource \"elasticache_parameter_group\" \"this\" {{\n  name_prefix = \"{name}-\"\n  family = \"redis7\"\n\n  \
         parameter {{\n    name = \"maxclients\"\n    value = \"{clients}\"\n  }}\n\n  lifecycle {{\n    \
         create_before_destroy = true\n  }}\n}}\n{}",
        small_group(
            "engine = \"redis\"\n  engine_version = \"7.1\"\n  num_cache_clusters = 2\n  apply_immediately = true\n  \
             parameter_group_name = elasticache_parameter_group.this.name"
        )
    )
}

#[test]
fn nodes_that_wait_for_a_reboot_are_in_the_state_until_each_is_rebooted() {
    let fixture = instant(&with("one", 20000));
    fixture.apply_and_verify();
    let state = || -> (Value, Value) {
        let state = fixture.terraform.state(GROUP);
        (state["parameter_apply_status"].clone(), state["nodes_pending_reboot"].clone())
    };
    let reboot = |node: &str| {
        let only = ("CacheNodeIdsToReboot.CacheNodeId.1", "0001");
        ask(&fixture.aws, "RebootCacheCluster", &[("CacheClusterId", node), only]);
    };
    // As `assert_settled`, which accepts no warning.
    let unchanged = || {
        let plan = fixture.terraform.plan();
        assert_eq!((plan.code, plan.actions()), (0, BTreeMap::new()));
        plan.assert_no_drift();
        assert_eq!(fixture.terraform.refresh_only().code, 0);
        fixture.terraform.assert_importable();
    };
    assert_eq!(state(), (json!("in-sync"), json!([])));

    // The group was read before the parameter group is changed: the next refresh shows what waits.
    fixture.terraform.configure(&with("one", 10000));
    let said = words(&fixture.terraform.plan().diagnostics);
    assert!(said.contains("Parameter takes effect after a reboot"), "{said}");
    assert!(said.contains("elasticache_reboot_nodes"), "{said}");
    fixture.terraform.apply();
    let said = words(&fixture.terraform.apply());
    assert!(said.contains("Nodes wait for a reboot"), "{said}");
    assert!(said.contains("\"cache-001\", \"cache-002\""), "{said}");
    assert_eq!(state(), (json!("pending-reboot"), json!(["cache-001", "cache-002"])));
    unchanged();

    reboot("cache-001");
    fixture.terraform.apply();
    assert_eq!(state(), (json!("pending-reboot"), json!(["cache-002"])));
    unchanged();
    reboot("cache-002");
    assert_eq!(words(&fixture.terraform.apply()), "");
    assert_eq!(state(), (json!("in-sync"), json!([])));
    fixture.terraform.assert_settled();

    // Another parameter group: what waits is known when the group has been changed.
    fixture.terraform.configure(&with("two", 5000));
    let said = words(&fixture.terraform.apply());
    assert!(said.contains("Nodes wait for a reboot"), "{said}");
    assert_eq!(state(), (json!("pending-reboot"), json!(["cache-001", "cache-002"])));
    unchanged();
}
