//! `elasticache_subnet_group`.

use aws_sdk_elasticache::types::CacheSubnetGroup;
use serde_json::json;

use crate::support::ministack::{Account, SUBNETS};
use crate::support::terraform::Workspace;

const THIS: &str = "elasticache_subnet_group.this";

fn group(body: &str) -> String {
    format!(
        r#"resource "elasticache_subnet_group" "this" {{
  {body}
}}
"#
    )
}

fn basic() -> String {
    group(&format!(
        r#"name = "booking"
subnet_ids = [{:?}]"#,
        SUBNETS[0]
    ))
}

/// What AWS holds under that name.
fn existing(aws: &Account, name: &str) -> CacheSubnetGroup {
    let answer = aws.ask(aws.elasticache.describe_cache_subnet_groups().cache_subnet_group_name(name).send());
    answer.cache_subnet_groups()[0].clone()
}

fn assert_gone(aws: &Account, name: &str) {
    let call = aws.elasticache.describe_cache_subnet_groups().cache_subnet_group_name(name).send();
    let error = aws.refused(call).into_service_error();
    assert!(error.is_cache_subnet_group_not_found_fault(), "{error}");
}

fn subnets(group: &CacheSubnetGroup) -> Vec<&str> {
    let mut ids: Vec<_> = group.subnets().iter().map(|subnet| subnet.subnet_identifier().unwrap()).collect();
    ids.sort_unstable();
    ids
}

#[test]
fn lives_from_create_to_destroy() {
    let aws = Account::new();
    let terraform = Workspace::new(&aws, &basic());
    let plan = terraform.plan();
    plan.assert_create(THIS);
    assert_eq!(plan.after(THIS, "id"), "booking");
    assert_eq!(plan.after(THIS, "region"), "eu-west-1");

    assert_eq!(terraform.apply(), []);
    let group = existing(&aws, "booking");
    assert_eq!(group.cache_subnet_group_description(), Some("Managed by Terraform"));
    assert_eq!(subnets(&group), SUBNETS[..1]);
    let state = terraform.state(THIS);
    assert_eq!((state["arn"].as_str(), state["vpc_id"].as_str()), (group.arn(), group.vpc_id()));
    assert_eq!((&state["id"], &state["subnet_ids"]), (&json!("booking"), &json!([SUBNETS[0]])));
    terraform.assert_settled();

    terraform.destroy();
    assert_gone(&aws, "booking");
    assert_eq!(terraform.resources(), Vec::<serde_json::Value>::new());
}

#[test]
fn description_and_subnets_change_in_place() {
    let aws = Account::new();
    let terraform = Workspace::new(&aws, &basic());
    terraform.apply();

    terraform.configure(&group(&format!(
        r#"name = "booking"
description = "Of the booking service"
subnet_ids = {SUBNETS:?}"#
    )));
    // One subnet stays, and all subnets of a group are in one VPC.
    terraform.plan().assert_update(THIS, &["description", "subnet_ids", "supported_network_types"]);
    terraform.apply();
    let group = existing(&aws, "booking");
    assert_eq!(group.cache_subnet_group_description(), Some("Of the booking service"));
    assert_eq!(subnets(&group), SUBNETS);
    terraform.assert_settled();

    terraform.configure(&basic());
    terraform.plan().assert_update(THIS, &["description", "subnet_ids", "supported_network_types"]);
    terraform.apply();
    assert_eq!(subnets(&existing(&aws, "booking")), SUBNETS[..1]);
    terraform.assert_settled();
}

#[test]
fn a_group_in_another_region_stays_there() {
    let aws = Account::new();
    let terraform = Workspace::new(
        &aws,
        &basic().replace(
            "\n}",
            r#"
region = "us-west-2"
}"#,
        ),
    );
    terraform.apply();
    assert!(terraform.text(THIS, "arn").starts_with("arn:aws:elasticache:us-west-2:"));
    assert_gone(&aws, "booking");
    terraform.assert_unchanged();
    terraform.run(&["state", "rm", THIS]).succeeds();
    terraform.run(&["import", THIS, "booking@us-west-2"]).succeeds();
    terraform.assert_unchanged();
    terraform.destroy();
}
