//! `elasticache_parameter_group`.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::ministack::Account;
use crate::support::terraform::Workspace;

const THIS: &str = "elasticache_parameter_group.this";

fn group(body: &str, parameters: &[(&str, &str)]) -> String {
    let blocks: String = parameters
        .iter()
        .map(|(name, value)| format!("parameter {{\nname = {name:?}\nvalue = {value}\n}}\n"))
        .collect();
    format!("resource \"elasticache_parameter_group\" \"this\" {{\n{body}\n{blocks}}}\n")
}

fn basic(parameters: &[(&str, &str)]) -> String {
    group("name = \"booking\"\nfamily = \"valkey8\"", parameters)
}

/// The parameters AWS holds under that name that are not the defaults.
fn live(aws: &Account, name: &str) -> BTreeMap<String, String> {
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
        Workspace::new(&aws, &basic(&[("timeout", "60"), ("maxmemory-policy", "\"allkeys-lru\"")]));
    let plan = terraform.plan();
    plan.assert_create(THIS);
    assert_eq!(plan.after(THIS, "id"), "booking");
    assert_eq!(terraform.apply(), []);
    assert_eq!(live(&aws, "booking"), pairs(&[("maxmemory-policy", "allkeys-lru"), ("timeout", "60")]));
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
    assert_eq!(live(&aws, "booking"), pairs(&[]));
    terraform.assert_settled();
    let steps: [&[(&str, &str)]; 5] = [
        &[("timeout", "\"60\"")],
        &[("timeout", "\"60\""), ("maxmemory-policy", "\"allkeys-lru\"")],
        &[("timeout", "\"90\""), ("maxmemory-policy", "\"allkeys-lru\"")],
        &[("databases", "\"32\""), ("maxmemory-policy", "\"noeviction\"")],
        &[],
    ];
    for parameters in steps {
        terraform.configure(&basic(parameters));
        terraform.plan().assert_update(THIS, &["parameter"]);
        terraform.apply();
        let expected: BTreeMap<String, String> =
            pairs(parameters).into_iter().map(|(name, value)| (name, value.replace('"', ""))).collect();
        assert_eq!(live(&aws, "booking"), expected);
        terraform.assert_unchanged();
    }
    terraform.assert_settled();
}

/// AWS takes twenty in a call, and the answer has as many pages as it needs.
#[test]
fn more_parameters_than_one_call_takes() {
    let aws = Account::new();
    let names: Vec<String> = (1..=45).map(|i| format!("made-up-{i:02}")).collect();
    let parameters: Vec<(&str, &str)> = names.iter().map(|name| (&**name, "1")).collect();
    let terraform = Workspace::new(&aws, &basic(&parameters));
    terraform.apply();
    assert_eq!(live(&aws, "booking").len(), 45);
    terraform.assert_settled();
    terraform.configure(&basic(&parameters).replace("value = 1", "value = 2"));
    terraform.plan().assert_update(THIS, &["parameter"]);
    terraform.apply();
    assert!(live(&aws, "booking").values().all(|value| value == "2"));
    terraform.assert_unchanged();
}

#[test]
fn family_and_description_mean_a_new_group() {
    let aws = Account::new();
    let terraform = Workspace::new(&aws, &basic(&[]));
    terraform.apply();
    terraform.configure(&basic(&[]).replace("valkey8", "valkey7"));
    let plan = terraform.plan();
    plan.assert_replace(THIS, &["family"]);
    let warning = &plan.diagnostics[0];
    assert!(warning.severity == "warning" && warning.detail.contains("create_before_destroy"), "{warning}");
    terraform.configure(
        &basic(&[])
            .replace("\n}", "\ndescription = \"Another\"\n}")
            .replace("\"valkey8\"\n}", "\"valkey8\"\ndescription = \"Another\"\n}"),
    );
    terraform.plan().assert_replace(THIS, &["description"]);
    terraform.apply();
    terraform.assert_settled();
}

#[test]
fn a_new_family_is_made_before_the_old_group_goes() {
    let aws = Account::new();
    let with = |family: &str| {
        group(
            &format!(
                "name_prefix = \"Booking-\"\nfamily = {family:?}\nlifecycle {{\ncreate_before_destroy = true\n}}"
            ),
            &[("timeout", "60")],
        )
    };
    let terraform = Workspace::new(&aws, &with("valkey7"));
    assert!(terraform.plan().is_unknown(THIS, "name"));
    terraform.apply();
    let old = terraform.text(THIS, "name");
    assert!(old.starts_with("booking-") && old.len() > 16, "{old}");
    terraform.assert_settled();

    terraform.configure(&with("valkey8"));
    let plan = terraform.plan();
    assert_eq!(plan.actions_on(THIS), ["create", "delete"]);
    terraform.apply();
    let new = terraform.text(THIS, "name");
    assert!(new.starts_with("booking-") && new != old, "{new}");
    assert_gone(&aws, &old);
    assert_eq!(live(&aws, &new), pairs(&[("timeout", "60")]));
    terraform.assert_settled();
}

#[test]
fn what_refers_to_the_group_follows_its_new_name() {
    let aws = Account::new();
    let with = |family: &str| {
        let body = format!(
            "name_prefix = \"b-\"\nfamily = {family:?}\nlifecycle {{\ncreate_before_destroy = true\n}}"
        );
        format!(
            "{}output \"name\" {{\nvalue = elasticache_parameter_group.this.name\n}}\n",
            group(&body, &[])
        )
    };
    let terraform = Workspace::new(&aws, &with("redis7"));
    terraform.apply();
    terraform.configure(&with("valkey8"));
    let plan = terraform.plan();
    assert_eq!(plan.json["output_changes"]["name"]["after_unknown"], true);
    terraform.apply();
    terraform.assert_unchanged();
}

#[test]
fn drift_is_shown_and_repaired() {
    let aws = Account::new();
    let terraform = Workspace::new(&aws, &basic(&[("timeout", "60")]));
    terraform.apply();
    let parameter = |name: &str, value: &str| {
        aws_sdk_elasticache::types::ParameterNameValue::builder()
            .parameter_name(name)
            .parameter_value(value)
            .build()
    };
    let call = aws.elasticache.modify_cache_parameter_group().cache_parameter_group_name("booking");
    aws.ask(
        call.parameter_name_values(parameter("timeout", "1"))
            .parameter_name_values(parameter("databases", "99"))
            .send(),
    );
    let plan = terraform.plan();
    plan.assert_update(THIS, &["parameter"]);
    assert_eq!(*plan.after(THIS, "parameter"), json!([{ "name": "timeout", "value": "60" }]));
    terraform.apply();
    assert_eq!(live(&aws, "booking"), pairs(&[("timeout", "60")]));
    terraform.assert_unchanged();
}

#[test]
fn a_group_deleted_elsewhere_is_made_again() {
    let aws = Account::new();
    let terraform = Workspace::new(&aws, &basic(&[("timeout", "60")]));
    terraform.apply();
    let delete =
        || aws.elasticache.delete_cache_parameter_group().cache_parameter_group_name("booking").send();
    aws.ask(delete());
    terraform.plan().assert_create(THIS);
    terraform.apply();
    assert_eq!(live(&aws, "booking"), pairs(&[("timeout", "60")]));
    aws.ask(delete());
    terraform.run(&["destroy", "-auto-approve", "-refresh=false"]).succeeds();
}

#[test]
fn capitals_make_no_difference() {
    let aws = Account::new();
    let terraform = Workspace::new(
        &aws,
        &basic(&[("MaxMemory-Policy", "\"allkeys-lru\"")]).replace("booking", "Booking"),
    );
    terraform.apply();
    assert_eq!(
        (terraform.text(THIS, "name"), terraform.text(THIS, "id")),
        ("Booking".to_owned(), "booking".to_owned())
    );
    assert_eq!(live(&aws, "booking"), pairs(&[("maxmemory-policy", "allkeys-lru")]));
    terraform.assert_unchanged();
    terraform.assert_importable_except(&[(
        "elasticache_parameter_group",
        "parameter",
        "an element of a set has no prior spelling",
    )]);
}

#[test]
fn empty_values_stay_as_they_are_written() {
    let aws = Account::new();
    let terraform = Workspace::new(
        &aws,
        "resource \"elasticache_parameter_group\" \"this\" {\nname = \"booking\"\nname_prefix = \"\"\nfamily = \"redis7\"\n\
         tags = {}\ndynamic \"parameter\" {\nfor_each = []\ncontent {\nname = \"a\"\nvalue = \"b\"\n}\n}\n}\n",
    );
    terraform.apply();
    let state = terraform.state(THIS);
    assert_eq!(
        (&state["name_prefix"], &state["tags"], &state["parameter"]),
        (&json!(""), &json!({}), &json!([]))
    );
    terraform.assert_unchanged();
}

#[test]
fn values_and_whole_blocks_may_be_unknown_at_plan() {
    let aws = Account::new();
    let terraform = Workspace::new(
        &aws,
        "resource \"terraform_data\" \"it\" {\n  input = { name = \"booking\", parameters = { timeout = 60, databases = 32 } }\n}\n\
         resource \"elasticache_parameter_group\" \"this\" {\nname = terraform_data.it.output.name\nfamily = \"valkey8\"\n\
         dynamic \"parameter\" {\nfor_each = terraform_data.it.output.parameters\ncontent {\nname = parameter.key\n\
         value = parameter.value\n}\n}\n}\n",
    );
    assert!(terraform.plan().is_unknown(THIS, "parameter"));
    terraform.apply();
    assert_eq!(live(&aws, "booking"), pairs(&[("databases", "32"), ("timeout", "60")]));
    terraform.assert_unchanged();
}

#[test]
fn one_for_each_key() {
    let aws = Account::new();
    let terraform = Workspace::new(
        &aws,
        &group(
            "for_each = toset([\"a\", \"b\"])\nname = \"group-${each.key}\"\nfamily = \"valkey8\"",
            &[("timeout", "50")],
        ),
    );
    terraform.apply();
    assert_eq!(live(&aws, "group-b"), pairs(&[("timeout", "50")]));
    terraform.assert_settled();
    terraform.destroy();
    assert_eq!(terraform.resources(), Vec::<Value>::new());
}
