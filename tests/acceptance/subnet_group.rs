//! Subnet groups: acceptance cases §2, and what they do not have.

use serde_json::json;

use crate::aws_control::{ask, control, instant, writes};
use crate::fixture::{Fixture, place};
use crate::hcl::small_group;
use crate::simulator::{Call, InjectedFault, on};

const THIS: &str = "elasticache_subnet_group.this";

fn subnets(body: &str) -> String {
    format!(
        r#"resource "elasticache_subnet_group" "this" {{
  {body}
}}
"#
    )
}

fn basic() -> String {
    subnets(
        r#"name = "subnets"
subnet_ids = ["subnet-00000001"]"#,
    )
}

#[test]
fn basic_has_defaults_and_no_tags() {
    let fixture = instant(&basic());
    fixture.apply_and_verify();
    let state = fixture.terraform.state(THIS);
    assert_eq!(state["arn"], "arn:aws:elasticache:eu-west-1:123456789012:subnetgroup:subnets");
    assert_eq!(state["description"], "Managed by Terraform");
    assert_eq!(state["subnet_ids"], json!(["subnet-00000001"]));
    assert_eq!((&state["tags"], &state["tags_all"]), (&json!({}), &json!({})));
    fixture.terraform.destroy();
    assert_eq!(fixture.aws.calls("elasticache", "DeleteCacheSubnetGroup").len(), 1);
}

#[test]
fn disappears() {
    let fixture = instant(&basic());
    fixture.apply_and_verify();
    ask(&fixture.aws, "DeleteCacheSubnetGroup", &[("CacheSubnetGroupName", "subnets")]);
    fixture.terraform.plan().assert_create(THIS);
    fixture.apply_and_verify();
}

/// Added, changed, swapped, taken away; and one that somebody else put there.
#[test]
fn tags() {
    let with = |tags: &str| {
        subnets(&format!(
            r#"name = "subnets"
subnet_ids = ["subnet-00000001"]
tags = {{ {tags} }}"#
        ))
    };
    let fixture = instant(&basic());
    fixture.apply_and_verify();
    for tags in [r#"a = "1""#, r#"a = "2", b = "1""#, r#"b = "2", c = """#] {
        fixture.change_and_verify(&with(tags));
    }
    assert_eq!(fixture.terraform.state(THIS)["tags"], json!({ "b": "2", "c": "" }));
    let arn = fixture.terraform.text(THIS, "arn");
    control(&fixture.aws, |aws| aws.set_tag(&arn, "by", "hand"));
    fixture.terraform.plan().assert_update(THIS, &["tags", "tags_all"]);
    fixture.apply_and_verify();
    fixture.change_and_verify(&basic());
}

#[test]
fn description_and_subnets_change_in_place() {
    let fixture = instant(&basic());
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    let more = r#"name = "subnets"
description = "two"
subnet_ids = ["subnet-00000001", "subnet-00000002"]"#;
    fixture.change_and_verify(&subnets(more));
    fixture.change_and_verify(&basic());
    assert_eq!(writes(&fixture.aws), ["ModifyCacheSubnetGroup", "ModifyCacheSubnetGroup"]);
}

#[test]
fn a_name_in_capitals_is_the_same_name() {
    let fixture = instant(&basic().replace(r#""subnets""#, r#""Subnets-DEV""#));
    fixture.apply_and_verify();
    assert_eq!(fixture.terraform.text(THIS, "id"), "subnets-dev");
    fixture.terraform.configure(&basic().replace(r#""subnets""#, r#""subnets-dev""#));
    fixture.terraform.assert_unchanged();
}

/// The subnet group that is in use for a while longer than its replication group is there.
#[test]
fn a_group_in_use_is_deleted_once_it_is_free() {
    let with = |more: &str| {
        format!(
            "{}{}",
            basic(),
            small_group(&format!(
                "num_cache_clusters = 1\nsubnet_group_name = elasticache_subnet_group.this.name{more}"
            ))
        )
    };
    let fixture = Fixture::new(&with(""));
    fixture.apply_and_verify();
    fixture.aws.with_state(|aws| aws.elasticache.configure(|config| config.durations.release = 600_000));
    fixture.aws.record().clear();
    fixture.terraform.destroy();
    let tries = fixture.aws.calls("elasticache", "DeleteCacheSubnetGroup");
    assert!(tries.iter().any(|call| call.code() == Some("CacheSubnetGroupInUse")), "{tries:?}");
    assert!(tries.last().is_some_and(Call::is_done));
    assert!(control(&fixture.aws, |aws| aws.status("cache")).is_none());
}

/// InjectedFault H7. A group that something else keeps using is not deleted, and the message says at once
/// what that is.
#[test]
fn a_group_that_stays_in_use_is_told_of() {
    let fixture = instant(&basic());
    fixture.terraform.apply();
    ask(
        &fixture.aws,
        "CreateReplicationGroup",
        &[
            ("ReplicationGroupId", "other"),
            ("ReplicationGroupDescription", "of somebody else"),
            ("CacheNodeType", "cache.t4g.small"),
            ("CacheSubnetGroupName", "subnets"),
        ],
    );
    let run = fixture.terraform.run(&["destroy", "-auto-approve", "-json"]).fails();
    let message: String = run.diagnostics().iter().map(ToString::to_string).collect();
    assert!(message.contains("CacheSubnetGroupInUse"), "{message}");
    assert!(message.contains(r#"It is in use by replication group "other"."#), "{message}");
    assert_eq!(fixture.aws.calls("elasticache", "DeleteCacheSubnetGroup").len(), 1, "not tried again");
    assert_eq!(fixture.terraform.resources().len(), 1);
}

/// The subnets that nodes are in cannot be taken away.
#[test]
fn a_subnet_in_use_is_told_of() {
    let fixture = instant(&format!(
        "{}{}",
        basic(),
        small_group("num_cache_clusters = 1\nsubnet_group_name = elasticache_subnet_group.this.name")
    ));
    fixture.apply_and_verify();
    fixture.terraform.configure(&format!(
        "{}{}",
        basic().replace("00000001", "00000002"),
        small_group("num_cache_clusters = 1\nsubnet_group_name = elasticache_subnet_group.this.name")
    ));
    let message: String = fixture.terraform.apply_fails().iter().map(ToString::to_string).collect();
    assert!(message.contains("SubnetInUse"), "{message}");
    // Nothing of the refused change is in the state.
    assert_eq!(fixture.terraform.state(THIS)["subnet_ids"], json!(["subnet-00000001"]));
}

/// AWS's own group can be used without being managed.
#[test]
fn the_default_group_is_used_by_name() {
    let fixture = instant(&small_group(
        r#"num_cache_clusters = 1
subnet_group_name = "default""#,
    ));
    fixture.apply_and_verify();
    fixture.terraform.destroy();
    assert_eq!(fixture.aws.calls("elasticache", "DeleteCacheSubnetGroup").len(), 0);
}

/// The answer of a create that is lost: the group is there, and the user is told.
#[test]
fn a_throttled_create_goes_through() {
    let fixture = instant(&basic());
    fixture.aws.fault(on("elasticache", "CreateCacheSubnetGroup"), InjectedFault::Throttle);
    fixture.aws.fault(on("elasticache", "CreateCacheSubnetGroup"), InjectedFault::Status5xx);
    fixture.apply_and_verify();
    assert_eq!(fixture.aws.pending_faults(), 0);
    assert_eq!(fixture.aws.record().all()[0].place, place());
}

/// A group that exists after a lost answer, and equals the planned one, is the one that this
/// create made. One that differs is not.
#[test]
fn a_create_whose_answer_was_cut_short_goes_on_with_the_group_it_made() {
    for fault in [
        InjectedFault::CutBody(0.6),
        InjectedFault::TruncatedBody(0.6),
        InjectedFault::AppliedButResponseLost,
    ] {
        let fixture = instant(&basic());
        fixture.aws.fault(on("elasticache", "CreateCacheSubnetGroup"), fault);
        fixture.apply_and_verify();
        assert_eq!(fixture.aws.pending_faults(), 0);
    }
    let fixture = instant(&basic());
    ask(
        &fixture.aws,
        "CreateCacheSubnetGroup",
        &[
            ("CacheSubnetGroupName", "subnets"),
            ("CacheSubnetGroupDescription", "of somebody else"),
            ("SubnetIds.SubnetIdentifier.1", "subnet-00000001"),
        ],
    );
    fixture.aws.fault(on("elasticache", "CreateCacheSubnetGroup"), InjectedFault::Reset);
    let message: String = fixture.terraform.apply_fails().iter().map(ToString::to_string).collect();
    assert!(
        message.contains("An answer of AWS was lost before") && message.contains("To manage"),
        "{message}"
    );
    assert_eq!(fixture.terraform.run(&["state", "list"]).stdout.trim(), "");
}
