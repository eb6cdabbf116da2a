//! Every deferrable attribute, in a case of its own.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::fixture::Fixture;
use crate::hcl::group;

const COMMON: &str = r#"num_cache_clusters = 2
 maintenance_window = "sun:05:00-sun:07:00""#;
pub(super) const LATER: &str = "apply_immediately = false";

/// A change that waits.
pub(super) struct Case {
    pub(super) id: &'static str,
    /// What the group has in any case.
    pub(super) common: &'static str,
    pub(super) from: &'static str,
    pub(super) to: &'static str,
    /// What is pending, by attribute.
    pub(super) pending: Value,
    /// What runs until then, by attribute.
    pub(super) running: Value,
    /// What the attributes are before and after.
    pub(super) attribute: &'static str,
    pub(super) after: Value,
    /// Whether AWS tells of it, so that an import finds it.
    pub(super) message: bool,
    /// Keys of the connection secret that change once the change is carried out.
    pub(super) connection: &'static [&'static str],
}

/// The configuration of a case: the group, and everything that follows a group.
pub(super) fn config(case: &Case, lines: &str, when: &str) -> String {
    let Case { id, common, .. } = case;
    group(id, &format!("{COMMON}\n {common}\n {when}\n {lines}")) + DEPENDENTS
}

const SMALL: &str = r#"node_type = "cache.t3.small""#;

const DEPENDENTS: &str = r#"
resource "elasticache_ssm_url" "this" {
  name              = "/app/url"
  replication_group = elasticache_replication_group.this
}
resource "elasticache_connection_secret" "this" {
  name              = "app/redis"
  replication_group = elasticache_replication_group.this
}
resource "elasticache_alarm_set" "this" {
  replication_group = elasticache_replication_group.this
}
output "tls" {
  value = elasticache_replication_group.this.transit_encryption_active
}
"#;

pub(super) fn node_type() -> Case {
    Case {
        id: "laternode",
        common: "",
        from: r#"node_type = "cache.t3.small""#,
        to: r#"node_type = "cache.t3.medium""#,
        pending: json!({"node_type": "cache.t3.medium"}),
        running: json!({"node_type": "cache.t3.small"}),
        attribute: "node_type",
        after: json!("cache.t3.medium"),
        message: true,
        connection: &[],
    }
}

pub(super) fn node_type_of_valkey() -> Case {
    Case { common: r#"engine = "valkey""#, ..node_type() }
}

pub(super) fn version_within_a_family() -> Case {
    Case {
        id: "laterversion",
        common: SMALL,
        from: r#"engine_version = "7.0""#,
        to: r#"engine_version = "7.1""#,
        pending: json!({"engine_version": "7.1.0"}),
        running: json!({"engine_version": "7.0"}),
        attribute: "engine_version",
        after: json!("7.1"),
        ..node_type()
    }
}

/// The default parameter group goes with the version, and AWS does not tell of it.
pub(super) fn version_with_its_default_parameter_group() -> Case {
    Case {
        id: "laterfamily",
        common: SMALL,
        from: r#"engine_version = "6.2""#,
        to: r#"engine_version = "7.1""#,
        pending: json!({"engine_version": "7.1.0", "parameter_group_name": "default.redis7"}),
        running: json!({"engine_version": "6.2", "parameter_group_name": "default.redis6.x"}),
        attribute: "engine_version",
        after: json!("7.1"),
        message: false,
        ..node_type()
    }
}

pub(super) fn version_with_a_named_parameter_group() -> Case {
    Case {
        id: "laternamed",
        from: r#"engine_version = "6.2"
 parameter_group_name = "default.redis6.x""#,
        to: r#"engine_version = "7.1"
 parameter_group_name = "default.redis7""#,
        ..version_with_its_default_parameter_group()
    }
}

pub(super) fn engine() -> Case {
    Case {
        id: "laterengine",
        common: SMALL,
        from: r#"engine = "redis"
 engine_version = "7.1""#,
        to: r#"engine = "valkey"
 engine_version = "8.0""#,
        pending: json!({
            "engine": "valkey", "engine_version": "8.0.1", "parameter_group_name": "default.valkey8",
        }),
        running: json!({
            "engine": "redis", "engine_version": "7.1", "parameter_group_name": "default.redis7",
        }),
        attribute: "engine",
        after: json!("valkey"),
        message: false,
        connection: &["engine"],
    }
}

/// Without the argument the group is redis before, and again after.
pub(super) fn engine_that_was_not_named() -> Case {
    Case { id: "laterunnamed", from: r#"engine_version = "7.1""#, ..engine() }
}

/// The one way back.
pub(super) fn engine_back_to_redis() -> Case {
    Case {
        id: "laterback",
        from: r#"engine = "valkey"
 engine_version = "7.2""#,
        to: r#"engine = "redis"
 engine_version = "7.1""#,
        pending: json!({
            "engine": "redis", "engine_version": "7.1.0", "parameter_group_name": "default.redis7",
        }),
        running: json!({
            "engine": "valkey", "engine_version": "7.2", "parameter_group_name": "default.valkey7",
        }),
        after: json!("redis"),
        ..engine()
    }
}

pub(super) fn failover() -> Case {
    Case {
        id: "laterfailover",
        common: SMALL,
        from: "automatic_failover_enabled = false",
        to: "automatic_failover_enabled = true",
        pending: json!({"automatic_failover_enabled": "true"}),
        running: json!({"automatic_failover_enabled": "false"}),
        attribute: "automatic_failover_enabled",
        after: json!(true),
        ..node_type()
    }
}

pub(super) fn zones() -> Case {
    Case {
        id: "laterzones",
        common: r#"node_type = "cache.t3.small"
 automatic_failover_enabled = true"#,
        from: "multi_az_enabled = false",
        to: "multi_az_enabled = true",
        pending: json!({"multi_az_enabled": "true"}),
        running: json!({"multi_az_enabled": "false"}),
        attribute: "multi_az_enabled",
        after: json!(true),
        message: false,
        ..node_type()
    }
}

pub(super) fn cluster_mode() -> Case {
    Case {
        id: "latermode",
        common: r#"node_type = "cache.t3.small"
 automatic_failover_enabled = true"#,
        from: r#"cluster_mode = "disabled"
 parameter_group_name = "default.redis7""#,
        to: r#"cluster_mode = "compatible"
 parameter_group_name = "default.redis7.cluster.on""#,
        pending: json!({"cluster_mode": "compatible", "parameter_group_name": "default.redis7.cluster.on"}),
        running: json!({"cluster_mode": "disabled", "parameter_group_name": "default.redis7"}),
        attribute: "cluster_mode",
        after: json!("compatible"),
        message: false,
        // Clients of both kinds use the endpoint of the primary (user guide, "Modifying cluster mode").
        connection: &[],
    }
}

pub(super) fn parameter_group() -> Case {
    Case {
        id: "laterparams",
        common: r#"node_type = "cache.t3.small"
 engine_version = "7.1""#,
        from: r#"parameter_group_name = "default.redis7"
 }
 resource "elasticache_parameter_group" "own" {
 name = "own"
 family = "redis7""#,
        to: r#"parameter_group_name = elasticache_parameter_group.own.name
 }
 resource "elasticache_parameter_group" "own" {
 name = "own"
 family = "redis7""#,
        pending: json!({"parameter_group_name": "own"}),
        running: json!({"parameter_group_name": "default.redis7"}),
        attribute: "parameter_group_name",
        after: json!("own"),
        message: false,
        ..node_type()
    }
}

pub(super) fn tls() -> Case {
    Case {
        id: "latertls",
        common: SMALL,
        from: "transit_encryption_enabled = false",
        to: r#"transit_encryption_enabled = true
 transit_encryption_mode = "preferred""#,
        pending: json!({"transit_encryption_enabled": "true", "transit_encryption_mode": "preferred"}),
        running: json!({"transit_encryption_enabled": "false", "transit_encryption_mode": ""}),
        attribute: "transit_encryption_enabled",
        after: json!(true),
        connection: &["host", "reader_host", "reader_url", "ssl", "url"],
        ..node_type()
    }
}

pub(super) fn tls_off() -> Case {
    Case {
        id: "lateroff",
        from: r#"transit_encryption_enabled = true
 transit_encryption_mode = "preferred""#,
        to: "transit_encryption_enabled = false",
        pending: json!({"transit_encryption_enabled": "false"}),
        running: json!({"transit_encryption_enabled": "true", "transit_encryption_mode": "preferred"}),
        after: json!(false),
        ..tls()
    }
}

pub(super) fn tls_required() -> Case {
    Case {
        id: "laterrequired",
        common: r#"node_type = "cache.t3.small"
 transit_encryption_enabled = true"#,
        from: r#"transit_encryption_mode = "preferred""#,
        to: r#"transit_encryption_mode = "required""#,
        pending: json!({"transit_encryption_enabled": "true", "transit_encryption_mode": "required"}),
        running: json!({"transit_encryption_enabled": "true", "transit_encryption_mode": "preferred"}),
        attribute: "transit_encryption_mode",
        after: json!("required"),
        ..node_type()
    }
}

pub(super) fn durability() -> Case {
    Case {
        id: "laterdurable",
        common: r#"node_type = "cache.r7g.large"
 engine = "valkey"
 engine_version = "9.0"
 cluster_mode = "enabled"
 automatic_failover_enabled = true
 multi_az_enabled = true
 transit_encryption_enabled = true"#,
        from: r#"durability = "async""#,
        to: r#"durability = "sync""#,
        pending: json!({"durability": "sync"}),
        running: json!({"durability": "async"}),
        attribute: "durability",
        after: json!("sync"),
        message: false,
        ..node_type()
    }
}

pub(super) fn ip_discovery() -> Case {
    Case {
        id: "laterip",
        common: r#"node_type = "cache.t3.small"
 network_type = "dual_stack""#,
        from: r#"ip_discovery = "ipv4""#,
        to: r#"ip_discovery = "ipv6""#,
        pending: json!({"ip_discovery": "ipv6"}),
        running: json!({"ip_discovery": "ipv4"}),
        attribute: "ip_discovery",
        after: json!("ipv6"),
        message: false,
        ..node_type()
    }
}

#[test]
fn the_cases_are_of_every_deferrable_attribute() {
    let schema = Fixture::new("").terraform.run(&["providers", "schema", "-json"]).succeeds();
    let schema: Value = serde_json::from_str(&schema.stdout).unwrap();
    let ours = schema["provider_schemas"].as_object().unwrap().values().next().unwrap();
    let block = &ours["resource_schemas"]["elasticache_replication_group"]["block"];
    let all = [
        node_type(),
        engine(),
        failover(),
        zones(),
        cluster_mode(),
        parameter_group(),
        tls(),
        ip_discovery(),
        durability(),
    ];
    let covered: Vec<String> =
        all.iter().flat_map(|case| case.pending.as_object().unwrap().keys().cloned()).collect();
    let waits = "during the maintenance window unless `apply_immediately` is true";
    let waiting = |attribute: &Value| attribute["description"].as_str().is_some_and(|it| it.contains(waits));
    let attributes = block["attributes"].as_object().unwrap();
    let described: BTreeSet<&str> =
        attributes.iter().filter(|(_, it)| waiting(it)).map(|(name, _)| name.as_str()).collect();
    assert_eq!(described, covered.iter().map(String::as_str).collect());
}
