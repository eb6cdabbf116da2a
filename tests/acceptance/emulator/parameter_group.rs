//! `elasticache_parameter_group`.

use std::collections::BTreeMap;

use serde_json::json;

use crate::support::ministack::Account;
use crate::support::terraform::Workspace;

const THIS: &str = "elasticache_parameter_group.this";

fn group(body: &str, parameters: &[(&str, &str)]) -> String {
    let blocks: String = parameters
        .iter()
        .map(|(name, value)| format!("parameter {{\nname = {name:?}\nvalue = {value}\n}}\n"))
        .collect();
    format!(
        r#"resource "elasticache_parameter_group" "this" {{
  {body}
  {blocks}}}
"#
    )
}

fn basic(parameters: &[(&str, &str)]) -> String {
    group(
        r#"name = "booking"
family = "valkey8""#,
        parameters,
    )
}

/// The parameters AWS holds under that name that are not the defaults.
fn existing(aws: &Account, name: &str) -> BTreeMap<String, String> {
    let answer = aws.ask(aws.elasticache.describe_cache_parameters().cache_parameter_group_name(name).send());
    let of_user = answer.parameters().iter().filter(|p| p.source() == Some("user"));
    of_user
        .map(|p| (p.parameter_name().unwrap().to_owned(), p.parameter_value().unwrap().to_owned()))
        .collect()
}

fn pairs(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn assert_gone(aws: &Account, name: &str) {
    let call = aws.elasticache.describe_cache_parameter_groups().cache_parameter_group_name(name).send();
    let error = aws.refused(call).into_service_error();
    assert!(error.is_cache_parameter_group_not_found_fault(), "{error}");
}

#[test]
fn lives_from_create_to_destroy() {
    let aws = Account::new();
    let terraform =
        Workspace::new(&aws, &basic(&[("timeout", "60"), ("maxmemory-policy", r#""allkeys-lru""#)]));
    let plan = terraform.plan();
    plan.assert_create(THIS);
    assert_eq!(plan.after(THIS, "id"), "booking");
    assert_eq!(terraform.apply(), []);
    assert_eq!(existing(&aws, "booking"), pairs(&[("maxmemory-policy", "allkeys-lru"), ("timeout", "60")]));
    let state = terraform.state(THIS);
    assert_eq!(
        state["parameter"],
        json!([{ "name": "maxmemory-policy", "value": "allkeys-lru" }, { "name": "timeout", "value": "60" }])
    );
    assert_eq!(state["arn"], format!("arn:aws:elasticache:eu-west-1:{}:parametergroup:booking", aws.id));
    terraform.assert_settled();
    terraform.destroy();
    assert_gone(&aws, "booking");
}

#[test]
fn parameters_come_change_and_go_in_place() {
    let aws = Account::new();
    let terraform = Workspace::new(&aws, &basic(&[]));
    terraform.apply();
    assert_eq!(existing(&aws, "booking"), pairs(&[]));
    terraform.assert_settled();
    let steps: [&[(&str, &str)]; 5] = [
        &[("timeout", r#""60""#)],
        &[("timeout", r#""60""#), ("maxmemory-policy", r#""allkeys-lru""#)],
        &[("timeout", r#""90""#), ("maxmemory-policy", r#""allkeys-lru""#)],
        &[("databases", r#""32""#), ("maxmemory-policy", r#""noeviction""#)],
        &[],
    ];
    for parameters in steps {
        terraform.configure(&basic(parameters));
        terraform.plan().assert_update(THIS, &["parameter"]);
        terraform.apply();
        let expected: BTreeMap<String, String> =
            pairs(parameters).into_iter().map(|(name, value)| (name, value.replace('"', ""))).collect();
        assert_eq!(existing(&aws, "booking"), expected);
        terraform.assert_unchanged();
    }
    terraform.assert_settled();
}
