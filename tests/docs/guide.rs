//! The guide for configurations of hashicorp/aws says what dependents receive.

use std::fs;

use serde_json::{Value as Json, json};
use terraform_provider_elasticache::registry::REGISTRY;
use terraform_provider_elasticache::schema::{Attribute, Mode};
use terraform_provider_elasticache::value::Value;

use crate::pages::root;

/// States that hashicorp/aws 5.100.0 wrote.
const STATES: &str = include_str!("../acceptance/module_compatibility/states/hashicorp-aws-5.100.0.json");

/// Types of both providers for the same object, with arguments of the same names.
const TWINS: [(&str, &str); 10] = [
    ("aws_cloudwatch_log_group", "elasticache_log_group"),
    ("aws_cloudwatch_metric_alarm", "elasticache_metric_alarm"),
    ("aws_elasticache_parameter_group", "elasticache_parameter_group"),
    ("aws_elasticache_replication_group", "elasticache_replication_group"),
    ("aws_elasticache_subnet_group", "elasticache_subnet_group"),
    ("aws_elasticache_user", "elasticache_user"),
    ("aws_elasticache_user_group", "elasticache_user_group"),
    ("aws_elasticache_user_group_association", "elasticache_user_group_association"),
    ("aws_secretsmanager_secret", "elasticache_auth_token_secret"),
    ("aws_security_group", "elasticache_security_group"),
];

/// A row about arguments that are omitted.
#[derive(Debug)]
struct Omitted {
    attributes: Vec<String>,
    types: Vec<String>,
    theirs: String,
    ours: String,
}

/// The rows of the guide whose values are those of arguments that are omitted.
fn rows() -> Vec<Omitted> {
    let guide = fs::read_to_string(root().join("docs/guides/from-hashicorp-aws.md")).unwrap();
    let (_, section) = guide.split_once("## What dependents receive").expect("the section");
    let mut rows = Vec::new();
    for line in section.lines().filter(|line| line.starts_with('|')) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [what, theirs, ours] = cells[..] else { panic!("not three cells: {line}") };
        let value = |cell: &str| cell.strip_prefix('`')?.strip_suffix('`').map(str::to_owned);
        let (true, Some(theirs), Some(ours)) = (what.contains("omitted"), value(theirs), value(ours)) else {
            continue;
        };
        let names = what.split('`').skip(1).step_by(2).map(str::to_owned);
        let (types, attributes) = names.partition(|name| name.starts_with("elasticache_"));
        rows.push(Omitted { attributes, types, theirs, ours });
    }
    rows
}

fn attribute(type_name: &str, name: &str) -> Option<&'static Attribute> {
    let resource = REGISTRY.resources.iter().find(|resource| resource.type_name() == type_name);
    resource.unwrap_or_else(|| panic!("there is no {type_name}")).schema().block.attribute(name)
}

/// What a state of this provider holds for an argument that is omitted and that AWS returns no value of.
fn when_omitted(attribute: &Attribute) -> Json {
    match attribute.default.clone().unwrap_or_else(|| attribute.settled(Value::Null)) {
        Value::Null => Json::Null,
        Value::Bool(flag) => json!(flag),
        Value::Number(number) => number.to_string().parse().unwrap(),
        Value::String(text) => json!(text),
        Value::List(items) | Value::Set(items) if items.is_empty() => json!([]),
        Value::Map(entries) if entries.is_empty() => json!({}),
        other => panic!("{}: {other:?} is no value of an argument that is omitted", attribute.name),
    }
}

/// The values that states of hashicorp/aws hold for an attribute of a type.
fn values_of(states: &Json, type_name: &str, attribute: &str) -> Vec<Json> {
    let is_of_type = |address: &str| address.split('.').next() == Some(type_name);
    let objects = states.as_object().unwrap().iter().filter(|(address, _)| is_of_type(address));
    objects.filter_map(|(_, state)| state["attributes"].get(attribute).cloned()).collect()
}

/// Fault K24.
#[test]
fn the_values_of_omitted_arguments_are_those_of_the_schema_and_of_hashicorps_states() {
    let states: Json = serde_json::from_str(STATES).unwrap();
    let rows = rows();
    assert!(rows.len() >= 8, "{rows:?}");
    for row in &rows {
        assert!(!row.types.is_empty() && !row.attributes.is_empty(), "{row:?}");
        let ours: Json = serde_json::from_str(&row.ours).unwrap();
        let theirs: Json = serde_json::from_str(&row.theirs).unwrap();
        for type_name in &row.types {
            let twin = TWINS.iter().find(|(_, ours)| ours == type_name).expect("a twin").0;
            for name in &row.attributes {
                let attribute = attribute(type_name, name);
                let attribute = attribute.unwrap_or_else(|| panic!("{type_name} has no {name}"));
                assert_eq!(when_omitted(attribute), ours, "{type_name}.{name}");
                let found = values_of(&states, twin, name);
                assert!(found.contains(&theirs), "{twin}.{name} is never {theirs}: {found:?}");
            }
        }
    }
}

/// Fault K24. Where hashicorp/aws never holds the value that is ours, the guide has a row.
#[test]
fn no_difference_of_an_omitted_argument_is_left_out() {
    let states: Json = serde_json::from_str(STATES).unwrap();
    let rows = rows();
    let empty = [Json::Null, json!(""), json!([]), json!({})];
    let mut compared = 0;
    for (twin, type_name) in TWINS {
        let addresses = states.as_object().unwrap().iter();
        let object = addresses.filter(|(address, _)| address.split('.').next() == Some(twin));
        let names = object.flat_map(|(_, state)| state["attributes"].as_object().unwrap().keys());
        for name in names.collect::<std::collections::BTreeSet<_>>() {
            let Some(attribute) = attribute(type_name, name) else { continue };
            let optional = matches!(attribute.mode, Mode::Optional | Mode::OptionalComputed);
            let mut unset = values_of(&states, twin, name);
            unset.retain(|value| empty.contains(value));
            if !optional || unset.is_empty() {
                continue;
            }
            compared += 1;
            let is_same = unset.contains(&when_omitted(attribute));
            let has_row = rows
                .iter()
                .any(|row| row.attributes.contains(name) && row.types.iter().any(|it| it == type_name));
            assert!(
                is_same || has_row,
                "{type_name}.{name}: {unset:?} there, {} here",
                when_omitted(attribute)
            );
        }
    }
    assert!(compared > 20, "{compared} arguments");
}
