//! Changes with `apply_immediately = false`: accepted, told of, and carried out in the
//! maintenance window. The plan is empty all along.
//!
//! User groups, tokens and log delivery are always changed at once (`credentials`,
//! `log_delivery`), and so are nodes and shards (`scaling`).

use std::time::Duration;

use serde_json::{Value, json};

use crate::world::{GROUP, UNTOLD, World, group};

const COMMON: &str = "num_cache_clusters = 2\n maintenance_window = \"sun:05:00-sun:07:00\"";
const LATER: &str = "apply_immediately = false";

/// A change that waits.
struct Case {
    id: &'static str,
    /// What the group has in any case.
    common: &'static str,
    from: &'static str,
    to: &'static str,
    /// What is pending, by attribute.
    pending: Value,
    /// What the attributes are before and after.
    attribute: &'static str,
    after: Value,
    /// Whether AWS tells of it, so that an import finds it.
    told: bool,
}

fn config(case: &Case, lines: &str, when: &str) -> String {
    let Case { id, common, .. } = case;
    group(id, &format!("{COMMON}\n {common}\n {when}\n {lines}"))
}

fn settled(world: &World, case: &Case) {
    if case.told {
        world.terraform.assert_settled(UNTOLD);
    } else {
        // AWS has no field for it among the pending values: an import shows what there is
        // now, and the plan after it asks once more, which changes nothing.
        world.terraform.assert_unchanged();
    }
}

/// Applies the change, and checks that it waits.
fn waits(case: &Case) -> World {
    let world = World::new(&config(case, case.from, LATER));
    world.applied();
    let before = world.group()[case.attribute].clone();
    world.terraform.configure(&config(case, case.to, LATER));
    let warnings = world.terraform.apply();
    let [warning] = warnings.as_slice() else { panic!("{warnings:#?}") };
    assert_eq!(warning.summary, "Changes wait for the maintenance window");
    for words in ["sun:05:00-sun:07:00 UTC", case.attribute, "apply_immediately = true"] {
        assert!(warning.detail.contains(words), "no {words:?} in: {}", warning.detail);
    }
    let state = world.group();
    assert_eq!(state["pending_modified_values"], case.pending);
    assert_eq!(state[case.attribute], case.after, "the state has what is wanted");
    assert_ne!(before, case.after);
    settled(&world, case);
    assert!(world.control(|aws| aws.has_pending(case.id)));
    assert_eq!(world.sent("ApplyImmediately"), ["false"]);
    world
}

/// Checks the change before the window, and after it.
fn is_made_in_the_window(case: &Case) {
    let world = waits(case);
    assert!(world.control(|aws| aws.open_window(case.id)));
    world.aws.clock().advance(Duration::from_secs(3600));
    world.terraform.plan().assert_empty();
    // A refresh takes up that nothing is pending any more.
    world.terraform.run(&["apply", "-refresh-only", "-auto-approve"]).succeeds();
    world.terraform.assert_settled(UNTOLD);
    assert_eq!(world.group()["pending_modified_values"], json!({}));
    assert_eq!(world.group()[case.attribute], case.after);
    assert!(!world.control(|aws| aws.has_pending(case.id)));
    assert_eq!(world.modifications().len(), 1);
    world.assert_in_place();
}

fn node_type(id: &'static str) -> Case {
    Case {
        id,
        common: "",
        from: "node_type = \"cache.t3.small\"",
        to: "node_type = \"cache.t3.medium\"",
        pending: json!({"node_type": "cache.t3.medium"}),
        attribute: "node_type",
        after: json!("cache.t3.medium"),
        told: true,
    }
}

#[test]
fn node_type_of_redis() {
    is_made_in_the_window(&node_type("laternode"));
}

#[test]
fn node_type_of_valkey() {
    is_made_in_the_window(&Case { common: "engine = \"valkey\"", ..node_type("latervalk") });
}

#[test]
fn version_within_a_family() {
    is_made_in_the_window(&Case {
        id: "laterversion",
        common: "node_type = \"cache.t3.small\"",
        from: "engine_version = \"7.0\"",
        to: "engine_version = \"7.1\"",
        pending: json!({"engine_version": "7.1.0"}),
        attribute: "engine_version",
        after: json!("7.1"),
        told: true,
    });
}

/// The default parameter group goes with the version, and AWS does not tell of it.
#[test]
fn version_with_its_default_parameter_group() {
    is_made_in_the_window(&Case {
        id: "laterfamily",
        common: "node_type = \"cache.t3.small\"",
        from: "engine_version = \"6.2\"",
        to: "engine_version = \"7.1\"",
        pending: json!({"engine_version": "7.1.0", "parameter_group_name": "default.redis7"}),
        attribute: "engine_version",
        after: json!("7.1"),
        told: false,
    });
}

#[test]
fn engine() {
    is_made_in_the_window(&Case {
        id: "laterengine",
        common: "node_type = \"cache.t3.small\"",
        from: "engine = \"redis\"\n engine_version = \"7.1\"",
        to: "engine = \"valkey\"\n engine_version = \"8.0\"",
        pending: json!({"engine_version": "8.0.1", "parameter_group_name": "default.valkey8"}),
        attribute: "engine_version",
        after: json!("8.0"),
        told: false,
    });
}

#[test]
fn failover() {
    is_made_in_the_window(&Case {
        id: "laterfailover",
        common: "node_type = \"cache.t3.small\"",
        from: "automatic_failover_enabled = false",
        to: "automatic_failover_enabled = true",
        pending: json!({"automatic_failover_enabled": "true"}),
        attribute: "automatic_failover_enabled",
        after: json!(true),
        told: true,
    });
}

#[test]
fn zones() {
    is_made_in_the_window(&Case {
        id: "laterzones",
        common: "node_type = \"cache.t3.small\"\n automatic_failover_enabled = true",
        from: "multi_az_enabled = false",
        to: "multi_az_enabled = true",
        pending: json!({"multi_az_enabled": "true"}),
        attribute: "multi_az_enabled",
        after: json!(true),
        told: false,
    });
}

#[test]
fn cluster_mode() {
    is_made_in_the_window(&Case {
        id: "latermode",
        common: "node_type = \"cache.t3.small\"\n automatic_failover_enabled = true",
        from: "cluster_mode = \"disabled\"\n parameter_group_name = \"default.redis7\"",
        to: "cluster_mode = \"compatible\"\n parameter_group_name = \"default.redis7.cluster.on\"",
        pending: json!({"cluster_mode": "compatible", "parameter_group_name": "default.redis7.cluster.on"}),
        attribute: "cluster_mode",
        after: json!("compatible"),
        told: false,
    });
}

#[test]
fn parameter_group() {
    is_made_in_the_window(&Case {
        id: "laterparams",
        common: "node_type = \"cache.t3.small\"\n engine_version = \"7.1\"",
        from: "}\n resource \"elasticache_parameter_group\" \"own\" {\n name = \"own\"\n family = \"redis7\"",
        to: "parameter_group_name = elasticache_parameter_group.own.name\n }\n \
             resource \"elasticache_parameter_group\" \"own\" {\n name = \"own\"\n family = \"redis7\"",
        pending: json!({"parameter_group_name": "own"}),
        attribute: "parameter_group_name",
        after: json!("own"),
        told: false,
    });
}

#[test]
fn tls() {
    is_made_in_the_window(&Case {
        id: "latertls",
        common: "node_type = \"cache.t3.small\"",
        from: "transit_encryption_enabled = false",
        to: "transit_encryption_enabled = true\n transit_encryption_mode = \"preferred\"",
        pending: json!({"transit_encryption_enabled": "true", "transit_encryption_mode": "preferred"}),
        attribute: "transit_encryption_enabled",
        after: json!(true),
        told: true,
    });
}

#[test]
fn tls_required() {
    is_made_in_the_window(&Case {
        id: "laterrequired",
        common: "node_type = \"cache.t3.small\"\n transit_encryption_enabled = true",
        from: "transit_encryption_mode = \"preferred\"",
        to: "transit_encryption_mode = \"required\"",
        pending: json!({"transit_encryption_enabled": "true", "transit_encryption_mode": "required"}),
        attribute: "transit_encryption_mode",
        after: json!("required"),
        told: true,
    });
}

#[test]
fn ip_discovery() {
    is_made_in_the_window(&Case {
        id: "laterip",
        common: "node_type = \"cache.t3.small\"\n network_type = \"dual_stack\"",
        from: "ip_discovery = \"ipv4\"",
        to: "ip_discovery = \"ipv6\"",
        pending: json!({"ip_discovery": "ipv6"}),
        attribute: "ip_discovery",
        after: json!("ipv6"),
        told: false,
    });
}

/// The warning says so, and it is so.
#[test]
fn is_made_at_once_when_apply_immediately_is_set_later() {
    let case = Case {
        id: "hurry",
        common: "automatic_failover_enabled = true\n engine_version = \"7.1\"",
        from: "node_type = \"cache.t3.small\"\n multi_az_enabled = false",
        to: "node_type = \"cache.t3.medium\"\n multi_az_enabled = true",
        pending: json!({"node_type": "cache.t3.medium", "multi_az_enabled": "true"}),
        attribute: "node_type",
        after: json!("cache.t3.medium"),
        told: false,
    };
    let world = waits(&case);
    world.then(&config(&case, case.to, "apply_immediately = true"));
    assert_eq!(world.group()["pending_modified_values"], json!({}));
    assert!(!world.control(|aws| aws.has_pending("hurry")));
    assert_eq!(world.sent("CacheNodeType"), ["cache.t3.medium", "cache.t3.medium"]);
    assert_eq!(world.sent("ApplyImmediately"), ["false", "true"]);
    world.assert_in_place();
}

#[test]
fn pending_tls_is_made_at_once_when_apply_immediately_is_set_later() {
    let case = Case {
        id: "hurrytls",
        common: "node_type = \"cache.t3.small\"",
        from: "transit_encryption_enabled = false",
        to: "transit_encryption_enabled = true\n transit_encryption_mode = \"preferred\"",
        pending: json!({"transit_encryption_enabled": "true", "transit_encryption_mode": "preferred"}),
        attribute: "transit_encryption_enabled",
        after: json!(true),
        told: true,
    };
    let world = waits(&case);
    world.then(&config(&case, case.to, "apply_immediately = true"));
    assert_eq!(world.group()["pending_modified_values"], json!({}));
    assert!(!world.control(|aws| aws.has_pending("hurrytls")));
    world.assert_in_place();
}

/// What AWS does not show as pending an import cannot find, so the next apply asks for it
/// once more: with `apply_immediately = false` the same waits for the same window, and
/// nothing is done to the group before.
#[test]
fn is_asked_for_once_more_after_an_import_and_waits_all_the_same() {
    let case = Case {
        id: "asked",
        common: "node_type = \"cache.t3.small\"\n automatic_failover_enabled = true\n network_type = \"dual_stack\"",
        from: "multi_az_enabled = false\n ip_discovery = \"ipv4\"\n parameter_group_name = \"default.redis7\"",
        to: "multi_az_enabled = true\n ip_discovery = \"ipv6\"\n parameter_group_name = \"own\"",
        pending: json!({"multi_az_enabled": "true", "ip_discovery": "ipv6", "parameter_group_name": "own"}),
        attribute: "parameter_group_name",
        after: json!("own"),
        told: false,
    };
    let world = World::new("");
    world.other_client(
        "CreateCacheParameterGroup",
        "CacheParameterGroupName=own CacheParameterGroupFamily=redis7 Description=own",
    );
    world.then(&config(&case, case.from, LATER));
    world.terraform.configure(&config(&case, case.to, LATER));
    world.terraform.apply();
    world.terraform.assert_unchanged();
    assert_eq!(world.group()["pending_modified_values"], case.pending);
    world.terraform.run(&["state", "rm", GROUP]).succeeds();
    world.terraform.run(&["import", GROUP, case.id]).succeeds();
    world.aws.record().clear();
    assert_eq!(world.terraform.plan().actions_on(GROUP), ["update"]);
    let warnings = world.terraform.apply();
    assert!(
        warnings.iter().any(|it| it.summary == "Changes wait for the maintenance window"),
        "{warnings:#?}"
    );
    assert_eq!(world.aws.record().writes(), ["elasticache:ModifyReplicationGroup"]);
    assert_eq!(world.sent("ApplyImmediately"), ["false"]);
    world.terraform.assert_unchanged();
    assert_eq!(world.group()["pending_modified_values"], case.pending);
    assert_eq!(world.group()["status"], "available");
}

#[test]
fn is_taken_back_before_the_window() {
    let case = node_type("takenback");
    let world = waits(&case);
    world.then(&config(&case, case.from, LATER));
    assert_eq!(world.group()["pending_modified_values"], json!({}));
    assert!(!world.control(|aws| aws.has_pending("takenback")));
    assert_eq!(world.sent("CacheNodeType"), ["cache.t3.medium", "cache.t3.small"]);
}

#[test]
fn settings_that_never_wait_leave_nothing_pending() {
    let at = |lines: &str| {
        let lines = format!("node_type = \"cache.t3.small\"\n num_cache_clusters = 1\n {LATER}\n {lines}");
        group("neverwait", &lines)
    };
    let world = World::new(&at("maintenance_window = \"tue:06:30-tue:07:30\""));
    world.applied();
    world
        .terraform
        .configure(&at("maintenance_window = \"wed:06:00-wed:07:00\"\n snapshot_retention_limit = 2"));
    assert_eq!(world.terraform.apply(), []);
    world.terraform.assert_settled(UNTOLD);
    assert_eq!(world.group()["pending_modified_values"], json!({}));
    assert_eq!(world.group()["maintenance_window"], "wed:06:00-wed:07:00");
}
