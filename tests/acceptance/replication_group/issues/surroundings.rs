//! Parameter groups, subnet groups and snapshots around a group.

use crate::aws_control::{control, instant, writes};
use crate::fixture::Fixture;
use crate::hcl::{GROUP, small_group};
use crate::simulator::Call;

const PARAMETERS: &str = "elasticache_parameter_group.this";

/// A change of family had to replace a parameter group in use, and without name_prefix the new
/// one collided with the old one.
#[test]
fn aws_41845_another_family_while_the_group_is_in_use() {
    let with = |engine: &str, version: &str, family: &str| {
        format!(
            r#"resource "elasticache_parameter_group" "this" {{
  name_prefix = "cache-"
  family = {family:?}
  parameter {{
    name = "maxmemory-policy"
    value = "allkeys-lru"
  }}
  lifecycle {{
    create_before_destroy = true
  }}
}}
{}"#,
            small_group(&format!(
                "num_cache_clusters = 1\napply_immediately = true\nengine = {engine:?}\nengine_version = {version:?}\n\
                 parameter_group_name = elasticache_parameter_group.this.name"
            ))
        )
    };
    let fixture = instant(&with("redis", "6.2", "redis6.x"));
    fixture.apply_and_verify();
    for (engine, version, family) in [("redis", "7.1", "redis7"), ("valkey", "8.0", "valkey8")] {
        let old = fixture.terraform.text(PARAMETERS, "name");
        fixture.aws.record().clear();
        fixture.change_and_verify(&with(engine, version, family));
        assert_eq!(
            fixture.terraform.text(GROUP, "parameter_group_name"),
            fixture.terraform.text(PARAMETERS, "name")
        );
        assert_ne!(fixture.terraform.text(PARAMETERS, "name"), old);
        assert_eq!(
            writes(&fixture.aws),
            [
                "CreateCacheParameterGroup",
                "ModifyCacheParameterGroup",
                "ModifyReplicationGroup",
                "DeleteCacheParameterGroup"
            ]
        );
    }
}

fn parameters(family: &str, parameters: &[(&str, &str)]) -> String {
    let blocks: String = parameters
        .iter()
        .map(|(name, value)| format!("parameter {{\nname = {name:?}\nvalue = {value:?}\n}}\n"))
        .collect();
    format!(
        r#"resource "elasticache_parameter_group" "this" {{
  name = "mine"
  family = {family:?}
  {blocks}}}
"#
    )
}

/// `reserved-memory` could not be taken away again: AWS refuses to reset it.
#[test]
fn aws_6752_reserved_memory_can_be_taken_away() {
    let fixture = instant(&parameters("redis3.2", &[("reserved-memory", "0")]));
    fixture.apply_and_verify();
    fixture.change_and_verify(&parameters("redis3.2", &[]));
}

/// The same where another parameter stays.
#[test]
fn aws_17004_reserved_memory_goes_and_the_rest_stays() {
    let fixture = instant(&parameters("redis3.2", &[("reserved-memory", "0"), ("tcp-keepalive", "360")]));
    fixture.apply_and_verify();
    fixture.change_and_verify(&parameters("redis3.2", &[("tcp-keepalive", "360")]));
    assert_eq!(
        fixture.terraform.state(PARAMETERS)["parameter"],
        serde_json::json!([{ "name": "tcp-keepalive", "value": "360" }])
    );
}

/// A subnet group still counts as in use for a while after its replication group is gone.
#[test]
fn terraform_aws_modules_29_a_subnet_group_goes_after_its_replication_group() {
    let fixture = Fixture::new(&format!(
        r#"resource "elasticache_subnet_group" "this" {{
  name = "subnets"
  subnet_ids = ["subnet-00000001"]
}}
{}"#,
        small_group("num_cache_clusters = 1\nsubnet_group_name = elasticache_subnet_group.this.name")
    ));
    fixture.aws.with_state(|aws| aws.elasticache.configure(|config| config.durations.release = 900_000));
    fixture.apply_and_verify();
    fixture.terraform.destroy();
    let tries = fixture.aws.calls("elasticache", "DeleteCacheSubnetGroup");
    assert!(tries.len() > 1 && tries[0].code() == Some("CacheSubnetGroupInUse"), "{tries:?}");
    assert!(tries.last().is_some_and(Call::is_done));
}

/// What was destroyed could not be had back: the final snapshot is taken, and a new group
/// begins with it.
#[test]
fn aws_28984_a_group_comes_back_from_its_final_snapshot() {
    let fixture = instant(&small_group(
        r#"num_cache_clusters = 1
final_snapshot_identifier = "cache-final""#,
    ));
    fixture.terraform.apply();
    fixture.terraform.destroy();
    assert_eq!(control(&fixture.aws, |aws| aws.status("cache")), None);
    fixture.change_and_verify(&small_group(
        r#"num_cache_clusters = 1
snapshot_name = "cache-final""#,
    ));
    // Its snapshot may be forgotten afterwards without losing the group.
    fixture.aws.record().clear();
    fixture.change_and_verify(&small_group("num_cache_clusters = 1"));
    assert_eq!(writes(&fixture.aws), [""; 0]);
}
