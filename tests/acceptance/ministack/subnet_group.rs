//! `elasticache_subnet_group`.

use aws_sdk_elasticache::types::{CacheSubnetGroup, Tag};
use serde_json::json;

use crate::support::ministack::{Account, SUBNETS};
use crate::support::terraform::{Workspace, only};

const THIS: &str = "elasticache_subnet_group.this";

fn group(body: &str) -> String {
    format!("resource \"elasticache_subnet_group\" \"this\" {{\n{body}\n}}\n")
}

fn basic() -> String {
    group(&format!("name = \"booking\"\nsubnet_ids = [{:?}]", SUBNETS[0]))
}

/// What AWS holds under that name.
fn live(aws: &Account, name: &str) -> CacheSubnetGroup {
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
    let group = live(&aws, "booking");
    assert_eq!(group.cache_subnet_group_description(), Some("Managed by Terraform"));
    assert_eq!(subnets(&group), SUBNETS[..1]);
    assert_eq!(
        terraform.state(THIS),
        json!({
            "arn": group.arn(),
            "description": "Managed by Terraform",
            "id": "booking",
            "name": "booking",
            "region": "eu-west-1",
            "subnet_ids": [SUBNETS[0]],
            "tags": {},
            "tags_all": {},
            "timeouts": null,
            "vpc_id": group.vpc_id(),
        })
    );
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
        "name = \"booking\"\ndescription = \"Of the booking service\"\nsubnet_ids = {SUBNETS:?}"
    )));
    // One subnet stays, and all subnets of a group are in one VPC.
    terraform.plan().assert_update(THIS, &["description", "subnet_ids"]);
    terraform.apply();
    let group = live(&aws, "booking");
    assert_eq!(group.cache_subnet_group_description(), Some("Of the booking service"));
    assert_eq!(subnets(&group), SUBNETS);
    terraform.assert_settled();

    terraform.configure(&basic());
    terraform.plan().assert_update(THIS, &["description", "subnet_ids"]);
    terraform.apply();
    assert_eq!(subnets(&live(&aws, "booking")), SUBNETS[..1]);
    terraform.assert_settled();
}

#[test]
fn a_change_of_name_means_a_new_group() {
    let aws = Account::new();
    let terraform = Workspace::new(&aws, &basic());
    terraform.apply();
    terraform.configure(&basic().replace("booking", "payment"));
    terraform.plan().assert_replace(THIS, &["name"]);
    terraform.apply();
    assert_gone(&aws, "booking");
    assert_eq!(live(&aws, "payment").cache_subnet_group_name(), Some("payment"));
    terraform.assert_settled();
}

#[test]
fn names_in_capitals_are_the_same_names() {
    let aws = Account::new();
    let terraform = Workspace::new(&aws, &basic().replace("booking", "Booking-DEV"));
    terraform.apply();
    assert_eq!(terraform.text(THIS, "name"), "Booking-DEV");
    assert_eq!(terraform.text(THIS, "id"), "booking-dev");
    assert_eq!(live(&aws, "booking-dev").cache_subnet_group_name(), Some("booking-dev"));
    terraform.assert_settled();

    terraform.configure(&basic().replace("booking", "booking-dev"));
    terraform.assert_unchanged();
}

#[test]
fn drift_is_shown_and_repaired() {
    let aws = Account::new();
    let terraform = Workspace::new(&aws, &basic());
    terraform.apply();
    let call = aws.elasticache.modify_cache_subnet_group().cache_subnet_group_name("booking");
    aws.ask(call.cache_subnet_group_description("Changed by hand").subnet_ids(SUBNETS[1]).send());

    let drift = terraform.refresh_only();
    assert_eq!(drift.json["resource_drift"][0]["change"]["after"]["description"], "Changed by hand");
    // No subnet stays, so the group may be in another VPC afterwards.
    terraform.plan().assert_update(THIS, &["description", "subnet_ids", "vpc_id"]);
    terraform.apply();
    let group = live(&aws, "booking");
    assert_eq!(group.cache_subnet_group_description(), Some("Managed by Terraform"));
    assert_eq!(subnets(&group), SUBNETS[..1]);
    terraform.assert_unchanged();
}

#[test]
fn tags_changed_elsewhere_are_repaired() {
    let aws = Account::new();
    let terraform = Workspace::new(&aws, &basic().replace("\n}", "\ntags = { team = \"red\" }\n}"));
    terraform.apply();
    let arn = terraform.text(THIS, "arn");
    let tag = |key: &str, value: &str| Tag::builder().key(key).value(value).build();
    let call = aws.elasticache.add_tags_to_resource().resource_name(&arn);
    aws.ask(call.tags(tag("team", "blue")).tags(tag("by", "hand")).send());

    let plan = terraform.plan();
    plan.assert_update(THIS, &["tags", "tags_all"]);
    assert_eq!(*plan.after(THIS, "tags"), json!({ "team": "red" }));
    terraform.apply();
    assert_eq!(aws.tags(&arn), [("team".to_owned(), "red".to_owned())].into());
    terraform.assert_unchanged();
}

#[test]
fn a_group_deleted_elsewhere_is_made_again() {
    let aws = Account::new();
    let terraform = Workspace::new(&aws, &basic());
    terraform.apply();
    let delete = || aws.elasticache.delete_cache_subnet_group().cache_subnet_group_name("booking").send();
    aws.ask(delete());
    terraform.plan().assert_create(THIS);
    terraform.apply();
    assert_eq!(subnets(&live(&aws, "booking")), SUBNETS[..1]);
    terraform.assert_unchanged();

    // Without a refresh, the destroy meets a group that is gone: that is what it wanted.
    aws.ask(delete());
    terraform.run(&["destroy", "-auto-approve", "-refresh=false"]).succeeds();
}

#[test]
fn one_for_each_key() {
    let aws = Account::new();
    let terraform = Workspace::new(
        &aws,
        &group(&format!(
            "for_each = toset([\"a\", \"b\", \"c\"])\nname = \"group-${{each.key}}\"\nsubnet_ids = {SUBNETS:?}"
        )),
    );
    terraform.apply();
    assert_eq!(subnets(&live(&aws, "group-b")), SUBNETS);
    terraform.assert_settled();
}

#[test]
fn empty_values_stay_as_they_are_written() {
    let aws = Account::new();
    let terraform = Workspace::new(
        &aws,
        &group(&format!(
            "name = \"booking\"\ndescription = \"\"\nsubnet_ids = {SUBNETS:?}\ntags = {{}}\nregion = null\n\
             timeouts {{\ncreate = \"\"\ndelete = \"5m\"\n}}"
        )),
    );
    terraform.apply();
    let state = terraform.state(THIS);
    assert_eq!((&state["description"], &state["tags"]), (&json!(""), &json!({})));
    assert_eq!(state["timeouts"], json!({ "create": "", "delete": "5m", "read": null, "update": null }));
    terraform.assert_unchanged();
    terraform.assert_importable_except(&[(
        "elasticache_subnet_group",
        "tags",
        "AWS knows no difference between none and an empty map",
    )]);
}

#[test]
fn values_may_be_unknown_at_plan() {
    let aws = Account::new();
    let terraform = Workspace::new(
        &aws,
        &format!(
            "resource \"terraform_data\" \"it\" {{\n  input = {{ name = \"Booking\", ids = {SUBNETS:?}, tag = \"x\" }}\n}}\n{}",
            group(
                "name = terraform_data.it.output.name\ndescription = terraform_data.it.output.name\n\
                 subnet_ids = terraform_data.it.output.ids\ntags = { team = terraform_data.it.output.tag }"
            )
        ),
    );
    let plan = terraform.plan();
    for attribute in ["id", "name", "description", "subnet_ids", "tags", "tags_all", "arn", "vpc_id"] {
        assert!(plan.is_unknown(THIS, attribute), "{attribute}");
    }
    terraform.apply();
    assert_eq!(subnets(&live(&aws, "booking")), SUBNETS);
    terraform.assert_unchanged();
}

#[test]
fn the_import_command_takes_name_and_region() {
    let aws = Account::new();
    let terraform = Workspace::new(&aws, &basic());
    terraform.apply();
    for id in ["booking", "Booking", "booking@eu-west-1"] {
        terraform.run(&["state", "rm", THIS]).succeeds();
        terraform.run(&["import", THIS, id]).succeeds();
        terraform.assert_unchanged();
    }
    terraform.run(&["state", "rm", THIS]).succeeds();
    let missing = terraform.run(&["import", "-no-color", THIS, "missing"]).fails();
    assert!(missing.stderr.contains("Cannot import non-existent remote object"), "{missing}");
}

#[test]
fn a_group_in_another_region_stays_there() {
    let aws = Account::new();
    let terraform = Workspace::new(&aws, &basic().replace("\n}", "\nregion = \"us-west-2\"\n}"));
    terraform.apply();
    assert!(terraform.text(THIS, "arn").starts_with("arn:aws:elasticache:us-west-2:"));
    assert_gone(&aws, "booking");
    terraform.assert_unchanged();
    terraform.run(&["state", "rm", THIS]).succeeds();
    terraform.run(&["import", THIS, "booking@us-west-2"]).succeeds();
    terraform.assert_unchanged();
    terraform.destroy();
}

#[test]
fn a_name_that_is_taken_is_refused_with_awss_words() {
    let aws = Account::new();
    Workspace::new(&aws, &basic()).apply();
    let second = Workspace::new(&aws, &basic());
    let diagnostics = second.apply_fails();
    let error = only(&diagnostics);
    assert_eq!(error.summary, "Failed to create subnet group \"booking\"");
    assert!(
        error.detail.starts_with("ElastiCache CreateCacheSubnetGroup: CacheSubnetGroupAlreadyExists"),
        "{error}"
    );
    assert_eq!(
        second.resources(),
        Vec::<serde_json::Value>::new(),
        "nothing that is not ours enters the state"
    );
}
