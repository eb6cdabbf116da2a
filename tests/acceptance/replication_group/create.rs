//! Creating groups, and deleting them.
//!
//! The old release's explicit `availability_zones` have no counterpart here.

use serde_json::json;

use crate::fixture::Fixture;
use crate::hcl::{GROUP, group};
use crate::simulator::Call;

/// A group that was applied, and the call that created it.
fn created(id: &str, lines: &str) -> (Fixture, Call) {
    let fixture = Fixture::new(&group(id, lines));
    fixture.apply_and_verify();
    let call = fixture.aws.calls("elasticache", "CreateReplicationGroup").remove(0);
    assert_eq!(fixture.modifications().len(), 0, "a new group needs no second call");
    (fixture, call)
}

#[test]
fn one_node_with_nothing_but_what_is_needed() {
    let (fixture, call) = created("one", r#"node_type = "cache.t4g.small""#);
    let state = fixture.group();
    let expected = json!({
        "engine": "redis", "engine_version": "7.1", "engine_version_actual": "7.1.0",
        "num_cache_clusters": 1, "num_node_groups": 1, "replicas_per_node_group": 0,
        "member_clusters": ["one-001"], "cluster_enabled": false, "cluster_mode": "disabled",
        "multi_az_enabled": false, "automatic_failover_enabled": false, "auto_minor_version_upgrade": true,
        "data_tiering_enabled": false, "port": 6379, "parameter_group_name": "default.redis7",
        "at_rest_encryption_enabled": false, "transit_encryption_enabled": false, "status": "available",
        "network_type": "ipv4", "ip_discovery": "ipv4", "pending_modified_values": {},
    });
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(state[name], *value, "{name}");
    }
    // What the configuration leaves open is left to AWS.
    for open in ["EngineVersion", "MultiAZEnabled", "AtRestEncryptionEnabled", "TransitEncryptionMode"] {
        assert_eq!(call.parameter(open), None, "{open}");
    }
    // What AWS's default depends on the engine for is stated.
    for stated in ["AutomaticFailoverEnabled", "TransitEncryptionEnabled"] {
        assert_eq!(call.parameter(stated).as_deref(), Some("false"), "{stated}");
    }
    fixture.terraform.destroy();
    let deletes = fixture.aws.calls("elasticache", "DeleteReplicationGroup");
    assert_eq!(deletes.len(), 1);
    assert_eq!(deletes[0].parameter("FinalSnapshotIdentifier"), None);
}

#[test]
fn a_version_before_6_is_kept_in_full() {
    let (fixture, _) = created(
        "five",
        r#"node_type = "cache.t3.small"
 engine_version = "5.0.6""#,
    );
    assert_eq!(fixture.group()["engine_version"], "5.0.6");
    assert_eq!(fixture.group()["engine_version_actual"], "5.0.6");
    assert_eq!(fixture.group()["auto_minor_version_upgrade"], true);
}

#[test]
fn valkey_is_encrypted_at_rest_without_asking() {
    let (fixture, call) = created(
        "valk",
        r#"node_type = "cache.t4g.small"
 engine = "valkey""#,
    );
    assert_eq!(call.parameter("AtRestEncryptionEnabled"), None);
    assert_eq!(fixture.group()["at_rest_encryption_enabled"], true);
    assert_eq!(fixture.group()["engine"], "valkey");
    assert_eq!(fixture.group()["engine_version"], "9.1");
}

/// What AWS decides by engine and topology is known at plan and stated in the request: TLS is off, and failover is
/// off with one node, on with replicas on Valkey, and on with cluster mode.
#[test]
fn tls_and_failover_of_a_new_group_are_stated_and_known_at_plan() {
    let sharded = "num_node_groups = 2\n replicas_per_node_group = 1";
    let on_at_once = r#"parameter_group_name = "default.valkey9.cluster.on"
 num_node_groups = 1"#;
    for (id, engine, lines, failover, zones) in [
        ("v-one", "valkey", "", "false", false),
        ("v-counted", "valkey", "num_cache_clusters = 1", "false", false),
        ("v-two", "valkey", "num_cache_clusters = 2", "true", false),
        ("v-zones", "valkey", "num_cache_clusters = 2\n multi_az_enabled = true", "true", true),
        ("v-off", "valkey", "num_cache_clusters = 2\n automatic_failover_enabled = false", "false", false),
        ("v-shards", "valkey", sharded, "true", false),
        ("v-mode", "valkey", on_at_once, "true", false),
        ("r-one", "redis", "", "false", false),
        ("r-two", "redis", "num_cache_clusters = 2", "false", false),
        ("r-shards", "redis", sharded, "true", false),
        (
            "r-mode",
            "redis",
            r#"cluster_mode = "enabled"
 parameter_group_name = "default.redis7.cluster.on""#,
            "true",
            false,
        ),
    ] {
        let lines = format!(
            r#"node_type = "cache.t4g.small"
 engine = "{engine}"
 {lines}"#
        );
        let fixture = Fixture::new(&group(id, &lines));
        let plan = fixture.terraform.plan();
        let planned = &plan.change(GROUP)["after"];
        let expected = json!({
            "automatic_failover_enabled": failover == "true", "transit_encryption_enabled": false,
            "transit_encryption_active": false, "transit_encryption_mode": "", "engine_actual": engine,
        });
        for (name, value) in expected.as_object().unwrap() {
            assert_eq!(planned[name], *value, "{id}: {name}");
        }
        fixture.apply_and_verify();
        let call = fixture.aws.calls("elasticache", "CreateReplicationGroup").remove(0);
        assert_eq!(call.parameter("TransitEncryptionEnabled").as_deref(), Some("false"), "{id}");
        assert_eq!(call.parameter("AutomaticFailoverEnabled").as_deref(), Some(failover), "{id}");
        assert_eq!(call.parameter("TransitEncryptionMode"), None, "{id}");
        assert_eq!(fixture.group()["multi_az_enabled"], zones, "{id}");
    }
}

/// Multi-AZ alone is an error only where failover is off.
#[test]
fn multi_az_of_redis_without_cluster_mode_still_needs_failover() {
    let fixture = Fixture::new("");
    let lines = r#"node_type = "cache.t4g.small"
 num_cache_clusters = 2
 multi_az_enabled = true"#;
    let said = fixture.refused(&group("redis", lines));
    assert!(said.contains("`multi_az_enabled` requires `automatic_failover_enabled = true`"), "{said}");
    let sharded = r#"node_type = "cache.t4g.small"
 num_node_groups = 2
 replicas_per_node_group = 1
 multi_az_enabled = true"#;
    fixture.change_and_verify(&group("sharded", sharded));
    assert_eq!(fixture.group()["multi_az_enabled"], true);
}

/// On Valkey failover came with the replicas, and goes with the last one.
#[test]
fn failover_of_valkey_that_the_configuration_never_mentions_goes_with_the_last_replica() {
    let at = |nodes: u8| {
        let lines = r#"node_type = "cache.t4g.small"
 engine = "valkey""#;
        group("shrinks", &format!("{lines}\n num_cache_clusters = {nodes}"))
    };
    let fixture = Fixture::new(&at(2));
    fixture.apply_and_verify();
    assert_eq!(fixture.group()["automatic_failover_enabled"], true);
    fixture.change_and_verify(&at(1));
    assert_eq!(fixture.group()["automatic_failover_enabled"], false);
    assert_eq!(fixture.group()["num_cache_clusters"], 1);
    fixture.assert_in_place();
}

#[test]
fn an_id_in_capitals_is_kept_as_it_is_written() {
    let (fixture, _) = created("Upper-Case", r#"node_type = "cache.t4g.small""#);
    assert_eq!(fixture.group()["id"], "upper-case");
    assert_eq!(fixture.group()["member_clusters"], json!(["upper-case-001"]));
    assert!(fixture.control(|aws| aws.status("upper-case")).is_some());
}

#[test]
fn one_preferred_zone_is_kept() {
    let lines = r#"node_type = "cache.t4g.small"
 num_cache_clusters = 1
 preferred_cache_cluster_azs = ["eu-west-1b"]"#;
    let (fixture, call) = created("onezone", lines);
    assert_eq!(call.parameter("PreferredCacheClusterAZs.AvailabilityZone.1").as_deref(), Some("eu-west-1b"));
    assert_eq!(fixture.group()["preferred_cache_cluster_azs"], json!(["eu-west-1b"]));
}

#[test]
fn preferred_zones_keep_their_order_and_may_repeat() {
    let lines = r#"node_type = "cache.t4g.small"
 num_cache_clusters = 4
 preferred_cache_cluster_azs = ["eu-west-1b", "eu-west-1a", "eu-west-1b", "eu-west-1c"]"#;
    let (_, call) = created("zones", lines);
    let zone =
        |at: usize| call.parameter(&format!("PreferredCacheClusterAZs.AvailabilityZone.{at}")).unwrap();
    assert_eq!(
        [zone(1), zone(2), zone(3), zone(4)],
        ["eu-west-1b", "eu-west-1a", "eu-west-1b", "eu-west-1c"]
    );
}

#[test]
fn several_zones_give_a_primary_and_a_reader_endpoint() {
    let lines = r#"node_type = "cache.t4g.small"
 num_cache_clusters = 2
 automatic_failover_enabled = true
 multi_az_enabled = true
 snapshot_window = "02:00-03:00"
 snapshot_retention_limit = 7"#;
    let (fixture, call) = created("multi", lines);
    assert_eq!(call.parameter("SnapshotRetentionLimit").as_deref(), Some("7"));
    let state = fixture.group();
    let (primary, reader) = (&state["primary_endpoint_address"], &state["reader_endpoint_address"]);
    assert!(primary.as_str().unwrap().starts_with("multi."), "{primary}");
    assert!(reader.as_str().unwrap().starts_with("multi-ro."), "{reader}");
    assert_eq!(state["configuration_endpoint_address"], serde_json::Value::Null);
    assert_eq!(state["snapshot_window"], "02:00-03:00");
    assert_eq!(state["multi_az_enabled"], true);
}

/// hashicorp/aws's case multiAzInVPC.
#[test]
fn several_zones_in_a_vpc_with_subnets_and_security_group() {
    let around = r#"
        resource "elasticache_subnet_group" "around" {
          name       = "around"
          subnet_ids = ["subnet-00000001", "subnet-00000002"]
        }

        resource "elasticache_security_group" "around" {
          name   = "around"
          vpc_id = elasticache_subnet_group.around.vpc_id
        }
    "#;
    let lines = r#"node_type = "cache.t4g.small"
 num_cache_clusters = 2
 automatic_failover_enabled = true
 multi_az_enabled = true
 snapshot_window = "02:00-03:00"
 snapshot_retention_limit = 7
 preferred_cache_cluster_azs = ["eu-west-1a", "eu-west-1b"]
 subnet_group_name = elasticache_subnet_group.around.name
 security_group_ids = [elasticache_security_group.around.id]"#;
    let fixture = Fixture::new(&(around.to_owned() + &group("vpc", lines)));
    fixture.apply_and_verify();
    let state = fixture.group();
    assert_eq!(state["subnet_group_name"], "around");
    assert_eq!(state["security_group_ids"].as_array().unwrap().len(), 1);
    assert_eq!(state["preferred_cache_cluster_azs"], json!(["eu-west-1a", "eu-west-1b"]));
    assert_eq!((&state["multi_az_enabled"], &state["snapshot_retention_limit"]), (&json!(true), &json!(7)));
    let host = |name: &str| state[name].as_str().unwrap().to_owned();
    assert!(host("primary_endpoint_address").starts_with("vpc."));
    assert!(host("reader_endpoint_address").starts_with("vpc-ro."));
}

#[test]
fn ipv6_is_told_to_clients_of_a_dual_stack_group() {
    let lines = r#"node_type = "cache.t4g.small"
 num_node_groups = 2
 replicas_per_node_group = 1
 automatic_failover_enabled = true
 network_type = "dual_stack"
 ip_discovery = "ipv6""#;
    let (fixture, call) = created("dual", lines);
    assert_eq!(call.parameter("NetworkType").as_deref(), Some("dual_stack"));
    assert_eq!(call.parameter("IpDiscovery").as_deref(), Some("ipv6"));
    assert_eq!(fixture.group()["ip_discovery"], "ipv6");
    assert_eq!(fixture.group()["cluster_enabled"], true);
}

#[test]
fn data_is_encrypted_at_rest_with_a_key_of_ones_own() {
    let key = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555";
    let lines = format!(
        r#"node_type = "cache.t4g.small"
 at_rest_encryption_enabled = true
 kms_key_id = "{key}""#
    );
    let (fixture, call) = created("key", &lines);
    assert_eq!(call.parameter("AtRestEncryptionEnabled").as_deref(), Some("true"));
    assert_eq!(call.parameter("KmsKeyId").as_deref(), Some(key));
    assert_eq!(fixture.group()["kms_key_id"], key);
}

#[test]
fn data_is_encrypted_at_rest_with_the_key_of_aws() {
    let (fixture, call) = created(
        "atrest",
        r#"node_type = "cache.t4g.small"
 at_rest_encryption_enabled = true"#,
    );
    assert_eq!(call.parameter("KmsKeyId"), None);
    assert_eq!(fixture.group()["at_rest_encryption_enabled"], true);
    assert_eq!(fixture.group()["kms_key_id"], "");
}

#[test]
fn a_token_goes_with_tls() {
    let lines = r#"node_type = "cache.t4g.small"
 transit_encryption_enabled = true
 auth_token = "0123456789abcdef""#;
    let (fixture, call) = created("token", lines);
    assert_eq!(call.parameter("TransitEncryptionEnabled").as_deref(), Some("true"));
    assert_eq!(fixture.group()["auth_token_enabled"], true);
    assert_eq!(fixture.group()["transit_encryption_mode"], "required");
    let url = fixture.group()["url"].as_str().unwrap().to_owned();
    assert!(url.starts_with("rediss://master.token."), "{url}");
    assert_eq!(fixture.control(|aws| aws.valid_tokens("token")), [Some("0123456789abcdef".to_owned())]);
}

#[test]
fn data_is_tiered_on_nodes_that_can() {
    let (fixture, call) = created(
        "tiered",
        r#"node_type = "cache.r6gd.xlarge"
 data_tiering_enabled = true"#,
    );
    assert_eq!(call.parameter("DataTieringEnabled").as_deref(), Some("true"));
    assert_eq!(fixture.group()["data_tiering_enabled"], true);
}

#[test]
fn durability_is_kept_by_valkey_9_with_cluster_mode() {
    let lines = r#"node_type = "cache.r7g.large"
 engine = "valkey"
 engine_version = "9.0"
 num_node_groups = 2
 replicas_per_node_group = 1
 durability = "sync"
 automatic_failover_enabled = true
 multi_az_enabled = true
 transit_encryption_enabled = true"#;
    let (fixture, call) = created("durable", lines);
    assert_eq!(call.parameter("Durability").as_deref(), Some("sync"));
    assert_eq!(fixture.group()["durability"], "sync");
    assert_eq!(fixture.group()["effective_durability"], "sync");
    assert_eq!(fixture.group()["storage_encryption_type"], "sse-elasticache");
}

#[test]
fn a_delete_leaves_the_final_snapshot() {
    let lines = r#"node_type = "cache.t4g.small"
 final_snapshot_identifier = "the-last""#;
    let (fixture, _) = created("final", lines);
    fixture.terraform.destroy();
    let deletes = fixture.aws.calls("elasticache", "DeleteReplicationGroup");
    assert_eq!(deletes[0].parameter("FinalSnapshotIdentifier").as_deref(), Some("the-last"));
    fixture.terraform.configure(&group(
        "restored",
        r#"node_type = "cache.t4g.small"
 snapshot_name = "the-last""#,
    ));
    fixture.apply_and_verify();
    assert_eq!(fixture.group()["status"], "available", "made from the snapshot, which is there");
}

#[test]
fn a_group_that_vanished_is_planned_anew() {
    let (fixture, _) = created("vanished", r#"node_type = "cache.t4g.small""#);
    assert!(fixture.control(|aws| aws.vanish("vanished")));
    fixture.terraform.plan().assert_create(GROUP);
    fixture.apply_and_verify();
    assert_eq!(fixture.aws.calls("elasticache", "CreateReplicationGroup").len(), 2);
}
