//! What follows from a schema: one test per kind of rule, on the resource that
//! uses them all.

use super::plan::PlanContext;
use crate::diag::Diagnostics;
use crate::engine::{PlanResponse, Private, Resource};
use crate::testing::core::{plan, plan_with, provider};
use crate::testing::test_resource::{Raw, TestResource};
use crate::value::Value::{Null, Unknown};
use crate::value::{Field, Map, Path, Value};

fn s(text: &str) -> Value {
    Value::from(text)
}

fn n(number: i64) -> Value {
    Value::from(number)
}

fn with<const N: usize>(object: &Value, values: [(&str, Value); N]) -> Value {
    let mut entries: Map = object.as_map().cloned().unwrap_or_default();
    entries.extend(values.map(|(name, value)| (name.to_owned(), value)));
    Value::Map(entries)
}

/// A configuration of a name, subnets, and these.
fn config<const N: usize>(values: [(&str, Value); N]) -> Value {
    let empty = Value::Map(TestResource.schema().empty_object());
    let given = with(&empty, [("name", s("a")), ("subnets", Value::set([s("subnet-1")]))]);
    with(&given, values)
}

/// The state that configuration leads to, with these from AWS.
fn state<const N: usize>(config: &Value, observed: [(&str, Value); N]) -> Value {
    let defaults =
        [("engine", s("redis")), ("version", s("7.1")), ("actual", s("7.1.0")), ("revision", n(1))];
    let rest = [("window", s("mon")), ("members", Value::List(vec![s("a-1")]))];
    let planned = create(config).planned;
    let open = defaults.into_iter().chain(rest).filter(|(name, _)| planned.get(name).is_unknown());
    let mut known = planned.as_map().cloned().unwrap_or_default();
    known.extend(open.map(|(name, value)| (name.to_owned(), value)));
    with(&Value::Map(known), observed)
}

#[track_caller]
fn fine(response: PlanResponse) -> PlanResponse {
    assert!(response.diags.is_empty(), "{:?}", response.diags);
    response
}

#[track_caller]
fn create(config: &Value) -> PlanResponse {
    fine(plan(&TestResource, &Null, config))
}

#[track_caller]
fn update(prior: &Value, config: &Value) -> PlanResponse {
    fine(plan(&TestResource, prior, config))
}

/// Names of the attributes that are planned as unknown.
fn open(response: &PlanResponse) -> Vec<&str> {
    let entries = response.planned.as_map().into_iter().flatten();
    entries.filter(|(_, value)| value.is_unknown()).map(|(name, _)| name.as_str()).collect()
}

fn rule<const N: usize>(values: [(&str, Value); N]) -> Value {
    let none = ["key", "value", "kind", "slots", "index"].map(|name| (name, Null));
    with(&Value::map(none), values)
}

#[test]
fn a_create_plans_defaults_and_leaves_computed_values_open() {
    let response = create(&config([]));
    assert_eq!(response.planned.get("description"), &s("Managed"));
    assert_eq!(response.planned.get("id"), &s("a"));
    assert_eq!(open(&response), ["actual", "engine", "members", "revision", "version", "window"]);
    assert!(response.replace.is_empty());
}

#[test]
fn a_default_comes_back_when_the_argument_goes() {
    let prior = state(&config([("description", s("Mine"))]), []);
    assert_eq!(prior.get("description"), &s("Mine"));
    assert_eq!(update(&prior, &config([])).planned.get("description"), &s("Managed"));
}

#[test]
fn nothing_changes_when_nothing_changes() {
    let config = config([("nodes", n(2)), ("token", s("t")), ("tags", Value::map([("k", s("v"))]))]);
    let prior = state(&config, []);
    let response = update(&prior, &config);
    assert_eq!(response.planned, prior);
    assert!(response.replace.is_empty() && response.planned.get("token").is_null());
}

#[test]
fn another_spelling_keeps_the_one_that_is_there() {
    let prior = state(&config([]), []);
    let response = update(&prior, &config([("name", s("A")), ("window", s("MON"))]));
    assert_eq!(response.planned, prior);
    assert!(response.replace.is_empty());
}

#[test]
fn null_and_empty_are_kept_and_change_nothing_else() {
    let none = config([]);
    for (name, empty) in [("parameters", Value::map([("", Null); 0])), ("zones", Value::List(Vec::new()))] {
        let prior = state(&none, []);
        let response = update(&prior, &with(&none, [(name, empty.clone())]));
        assert_eq!(response.planned.get(name), &empty);
        assert!(response.replace.is_empty());
    }
    // "" leaves the choice to AWS, which has chosen.
    let prior = state(&none, []);
    assert_eq!(update(&prior, &config([("window", s(""))])).planned, prior);
    assert_eq!(create(&config([("window", s(""))])).planned.get("window"), &s(""));
}

#[test]
fn a_computed_value_opens_with_its_causes_along_the_chain() {
    let prior = state(&config([]), []);
    // The engine opens the version, the version the real one, and any change the revision.
    assert_eq!(open(&update(&prior, &config([("engine", s("valkey"))]))), ["actual", "revision", "version"]);
    assert_eq!(open(&update(&prior, &config([("version", s("8.0"))]))), ["actual", "revision"]);
    assert_eq!(open(&update(&prior, &config([("nodes", n(3))]))), ["members", "revision"]);
    assert_eq!(open(&update(&prior, &config([("zones", Value::List(vec![s("z")]))]))), ["revision"]);
    // What is configured stays closed.
    let both = config([("engine", s("valkey")), ("version", s("8.0"))]);
    assert_eq!(open(&update(&prior, &both)), ["actual", "revision"]);
    // A block may be a cause.
    let block = config([("rule", Value::set([rule([("key", s("k"))])]))]);
    assert_eq!(open(&update(&prior, &block)), ["members", "revision"]);
}

#[test]
fn tags_all_is_the_union_when_all_of_it_is_known() {
    let own = |value| config([("tags", Value::map([("k", value), ("team", s("mine"))]))]);
    let all = Value::map([("k", s("v")), ("team", s("mine"))]);
    assert_eq!(create(&own(s("v"))).planned.get("tags_all"), &all);
    assert_eq!(create(&config([])).planned.get("tags_all"), &Value::map([("team", s("cache"))]));
    assert_eq!(create(&own(Unknown)).planned.get("tags_all"), &Unknown);
    let mut provider = provider();
    provider.default_tags = Field::Unknown;
    let response = fine(plan_with(&provider, &TestResource, &Null, &own(s("v"))));
    assert_eq!(response.planned.get("tags_all"), &Unknown);
}

#[test]
fn an_object_keeps_its_region_and_moves_only_when_told() {
    assert_eq!(create(&config([])).planned.get("region"), &s("eu-west-1"));
    let mut unknown = provider();
    unknown.region = Field::Unknown;
    let response = fine(plan_with(&unknown, &TestResource, &Null, &config([])));
    assert_eq!(response.planned.get("region"), &Unknown);
    let mut other = provider();
    other.region = Field::Known("us-east-1".to_owned());
    let prior = state(&config([]), []);
    let response = fine(plan_with(&other, &TestResource, &prior, &config([])));
    assert_eq!(response.planned, prior);
    let response = update(&prior, &config([("region", s("us-east-1"))]));
    assert_eq!(response.replace, [Path::attribute("region")]);
}

#[test]
fn set_blocks_keep_the_computed_values_of_the_element_they_are() {
    let two = |second: &str| {
        Value::set([
            rule([("key", s("k")), ("value", s("1"))]),
            rule([("key", s("l")), ("value", s(second))]),
        ])
    };
    let created = |key, value, index| {
        let slots = Value::List(vec![s("0-1")]);
        rule([
            ("key", s(key)),
            ("value", s(value)),
            ("kind", s("plain")),
            ("slots", slots),
            ("index", n(index)),
        ])
    };
    let prior = state(
        &config([("rule", two("2"))]),
        [("rule", Value::set([created("k", "1", 1), created("l", "2", 2)]))],
    );
    assert_eq!(update(&prior, &config([("rule", two("2"))])).planned, prior);
    let changed = update(&prior, &config([("rule", two("3"))]));
    let fresh = rule([
        ("key", s("l")),
        ("value", s("3")),
        ("kind", s("plain")),
        ("slots", Unknown),
        ("index", Unknown),
    ]);
    assert_eq!(changed.planned.get("rule"), &Value::set([created("k", "1", 1), fresh]));
    // In another spelling it is the same element, and two are never one.
    let spelled =
        Value::set([rule([("key", s("K")), ("value", s("1"))]), rule([("key", s("l")), ("value", s("2"))])]);
    assert_eq!(update(&prior, &config([("rule", spelled)])).planned, prior);
}

/// They may turn out to be different, and the default of each must then be what was planned.
#[test]
fn elements_of_a_set_that_are_not_known_yet_all_get_their_defaults() {
    let two = Value::set([rule([("key", Unknown)]), rule([("key", Unknown)])]);
    let response = create(&config([("rule", two)]));
    let planned = response.planned.get("rule").as_elements().unwrap_or_default();
    let kinds: Vec<&Value> = planned.iter().map(|rule| rule.get("kind")).collect();
    assert_eq!(kinds, [&s("plain"), &s("plain")]);
}

#[test]
fn nested_objects_get_defaults_and_keep_computed_values() {
    let route = |weight, port| Value::map([("host", s("h")), ("weight", weight), ("port", port)]);
    let given = config([("one", route(Null, Null)), ("routes", Value::List(vec![route(n(2), Null)]))]);
    let response = create(&given);
    assert_eq!(response.planned.get("one"), &route(n(1), Unknown));
    assert_eq!(response.planned.get("routes"), &Value::List(vec![route(n(2), Unknown)]));
    let routes = Value::List(vec![route(n(2), n(80))]);
    let prior = state(&given, [("one", route(n(1), n(443))), ("routes", routes)]);
    assert_eq!(update(&prior, &given).planned, prior);
}

#[test]
fn an_unknown_block_stays_unknown() {
    let response = create(&config([("rule", Unknown), ("step", Unknown)]));
    assert!(response.planned.get("rule").is_unknown() && response.planned.get("step").is_unknown());
}

#[test]
fn a_replacement_follows_its_rule() {
    let engine = |name: &str| config([("engine", s(name))]);
    let name = |value| config([("name", value)]);
    let replace = |prior: &Value, config: &Value| update(prior, config).replace;
    let redis = state(&engine("redis"), []);
    let valkey = state(&engine("valkey"), []);
    assert_eq!(replace(&redis, &engine("valkey")), []);
    assert_eq!(replace(&valkey, &engine("redis")), [Path::attribute("engine")]);
    assert_eq!(replace(&valkey, &config([("engine", Unknown)])), [Path::attribute("engine")]);
    assert_eq!(replace(&redis, &name(s("b"))), [Path::attribute("name")]);
    assert_eq!(replace(&redis, &name(Unknown)), [Path::attribute("name")]);
}

#[test]
fn a_destroy_plans_nothing() {
    let response = fine(plan(&TestResource, &state(&config([]), []), &Null));
    assert!(response.planned.is_null() && response.replace.is_empty());
}

/// Core plans a replacement a second time without the prior state, and with the private data of the replaced object.
#[test]
fn a_replacement_is_not_imported() {
    let (schema, provider) = (TestResource.schema(), provider());
    let notes = [("key".to_owned(), vec!["arn".to_owned()])];
    let private = Private { notes: notes.into(), ..Private::imported() };
    let (config, null) = (config([]), Null);
    let state = Raw(state(&config, []));
    let given = Raw(config.clone());
    let context = |prior, private| PlanContext {
        config: &given,
        prior,
        planned: given.clone(),
        provider: &provider,
        diags: Diagnostics::new(),
        schema,
        config_raw: &config,
        prior_raw: prior.map_or(&null, |prior: &Raw| &prior.0),
        private,
        raw: state.0.clone(),
        replace: Vec::new(),
    };
    let first = context(Some(&state), private.clone());
    assert!(first.is_imported() && !first.is_replaced());
    let second = context(None, private);
    assert!(!second.is_imported() && second.is_replaced());
    assert_eq!(second.note("key"), ["arn"]);
    assert!(!context(None, Private::default()).is_replaced());
    let mut caused = context(Some(&state), Private::default());
    caused.replace("name");
    assert!(caused.is_replaced());
}
