//! One table per rule of a plan: what must pass, and what must be refused and how.

use super::sample::{block, item, list, map, n, object, part, s, texts};
use super::{plan_problems, replace_problems};
use crate::value::Value::{Null, Unknown};
use crate::value::{Path, Value};

/// Config, planned, and the beginning of the one problem; none when empty.
type Case<const N: usize> = [(&'static str, Value, Value, &'static str); N];

#[track_caller]
fn check<const N: usize>(prior: Option<&Value>, cases: Case<N>) {
    for (name, config, planned, problem) in cases {
        let prior = prior.map_or(Null, |prior| object([(name, prior.clone())]));
        let what = format!("{name}: {config:?} planned as {planned:?}");
        let problems = plan_problems(&block(), &prior, &object([(name, config)]), &object([(name, planned)]));
        if problem.is_empty() {
            assert!(problems.is_empty(), "{what}: {problems:?}");
        } else {
            assert!(problems.len() == 1 && problems[0].starts_with(problem), "{what}: {problems:?}");
        }
    }
}

#[test]
fn rule_1_the_plan_has_the_type_of_the_schema() {
    check(
        None,
        [
            ("name", n(1), n(1), "name must be of type string, but is a number"),
            ("tags", map([("a", n(1))]), map([("a", n(1))]), "tags[\"a\"] must be of type string"),
            ("zones", list([s("a")]), list([s("a"), n(1)]), "zones[1] must be of type string"),
            ("subnets", list([]), list([]), "subnets must be of type set(string), but is a list"),
            ("subnets", Null, Value::Set(texts(["b", "a"]).into()), "subnets is a set that is not in order"),
            ("any", s("a"), s("a"), "any must be of type any, but is a string"),
            ("one", Null, map([("host", Null)]), "one.port is in the schema, but missing"),
            ("else", Null, Null, "else is not in the schema"),
            ("list_block", list([]), list([map([("index", Null)])]), "list_block[0].key is in the schema"),
        ],
    );
    let problems = plan_problems(&block(), &Null, &object([]), &map([]));
    assert_eq!(problems.len(), object([]).as_map().unwrap().len());
}

#[test]
fn rule_1_write_only_attributes_are_null() {
    check(None, [("token", s("t"), Null, ""), ("token", s("t"), s("t"), "token is write-only")]);
    check(None, [("token", Unknown, Unknown, "token is write-only"), ("token", Null, Null, "")]);
}

#[test]
fn rule_2_the_object_is_there_when_it_is_configured() {
    let (block, existing) = (block(), object([]));
    assert_eq!(plan_problems(&block, &existing, &Null, &Null), [""; 0]);
    let problems = plan_problems(&block, &existing, &Null, &existing);
    assert_eq!(problems, ["The object is planned to exist, but the configuration does not have it"]);
    let problems = plan_problems(&block, &existing, &existing, &Null);
    assert_eq!(problems, ["The object is planned to be absent, but the configuration has it"]);
    let problems = plan_problems(&block, &existing, &existing, &Unknown);
    assert!(problems[0].starts_with("The object is planned as unknown as a whole"));
}

#[test]
fn rule_3_what_is_configured_is_planned() {
    let typed = |value| Value::Typed(Box::new(crate::value::Type::Number), Box::new(value));
    for prior in [None, Some(&Null), Some(&s("before"))] {
        check(
            prior,
            [
                ("name", s("a"), s("a"), ""),
                ("name", Unknown, Unknown, ""),
                ("size", n(1), n(1), ""),
                ("note", Null, Null, ""),
                ("tags", map([("a", Unknown)]), map([("a", Unknown)]), ""),
                ("any", typed(n(1)), typed(n(1)), ""),
            ],
        );
    }
}

#[test]
fn rule_4_the_prior_value_may_stay() {
    check(
        Some(&s("A")),
        [
            ("name", s("a"), s("A"), ""),
            ("note", s("a"), s("A"), ""),
            ("note", Unknown, s("A"), ""),
            ("note", Null, s("A"), "note is planned as \"A\", but is neither configured nor computed"),
        ],
    );
    check(Some(&Null), [("note", s("a"), Null, "note is planned as null, but the configuration says \"a\"")]);
    check(Some(&map([("a", s("A"))])), [("tags", map([("a", s("a"))]), map([("a", s("A"))]), "")]);
}

#[test]
fn rules_5_and_6_computed_values_are_free_when_not_configured() {
    for prior in [None, Some(&Null), Some(&n(1))] {
        let text = if prior.is_none() { s("x") } else { Null };
        check(
            prior,
            [
                ("size", Null, n(2), ""),
                ("size", Null, Unknown, ""),
                ("size", Null, Null, ""),
                ("arn", Null, Unknown, ""),
                ("arn", Null, text, ""),
                ("size", n(1), Unknown, "size is planned as unknown, but the configuration says 1"),
            ],
        );
    }
}

#[test]
fn rule_7_nothing_is_invented_for_what_is_not_computed() {
    check(
        None,
        [
            ("note", Null, s("a"), "note is planned as \"a\", but is neither configured nor computed"),
            ("note", Null, Unknown, "note is planned as unknown"),
            ("tags", Null, map([]), "tags is planned as an object or map of 0"),
            ("one", Null, item(Null, Null), "one is planned as an object"),
            ("secret", Null, s("hunter2"), "secret is planned as a sensitive value"),
        ],
    );
}

#[test]
fn rule_8_what_is_configured_is_not_changed() {
    let a = || map([("a", s("1"))]);
    check(
        Some(&s("p")),
        [
            (
                "name",
                s("a"),
                s("A"),
                "name is planned as \"A\", but the configuration says \"a\" and the state \"p\"",
            ),
            ("name", s("a"), Unknown, "name is planned as unknown, but the configuration says \"a\""),
            ("name", s("a"), Null, "name is planned as null, but"),
            ("name", Unknown, s("a"), "name is planned as \"a\", but the configuration says unknown"),
            ("size", n(1), n(2), "size is planned as 2"),
            ("tags", a(), map([("a", Unknown)]), "tags is planned as"),
            ("tags", a(), map([("a", s("1")), ("b", s("2"))]), "tags is planned as an object or map of 2"),
            ("zones", list(texts(["a", "b"])), list(texts(["b", "a"])), "zones is planned as"),
            ("subnets", Value::set(texts(["a"])), Value::set([]), "subnets is planned as a set of 0"),
            ("secret", s("hunter2"), s("x"), "secret is planned as a sensitive value, but"),
        ],
    );
    // Null and empty are not the same.
    check(
        None,
        [
            ("note", s(""), Null, "note is planned as null"),
            ("zones", list([]), Null, "zones is planned as null"),
        ],
    );
}

#[test]
fn rule_9_nested_objects_are_compared_attribute_by_attribute() {
    check(
        None,
        [
            ("one", item("h", Null), item("h", Unknown), ""),
            ("one", item("h", Null), item("h", 1), ""),
            ("one", item("h", Null), item("i", 1), "one.host is planned as \"i\""),
            ("one", item("h", Null), Null, "one is planned to be absent"),
            ("one", item("h", Null), Unknown, "one is planned as unknown as a whole"),
            ("one", Unknown, item("h", Unknown), "one is planned as known"),
            (
                "hidden",
                item("hunter2", Null),
                item("hunter3", 1),
                "hidden is planned with another (sensitive) value",
            ),
        ],
    );
    check(Some(&item("H", 1)), [("one", item("h", Null), item("H", 1), "")]);
    check(Some(&item("H", 1)), [("one", item("h", Null), item("H", 2), "")]);
}

#[test]
fn rule_9_nested_lists_and_maps_keep_their_keys() {
    let two = || list([item("a", Null), item("b", Null)]);
    check(
        None,
        [
            ("list", two(), list([item("a", 1), item("b", Unknown)]), ""),
            ("list", two(), list([item("a", 1)]), "list is planned as a list of 1"),
            ("list", two(), list([item("a", 1), item("c", 2)]), "list[1].host is planned as \"c\""),
            ("list", two(), list([item("a", 1), Unknown]), "list[1] is planned as unknown as a whole"),
            ("list", two(), list([Null, item("b", 1)]), "list[0] is planned to be absent"),
            ("list", list([Null]), list([item("a", 1)]), "list[0] is planned to exist"),
            ("list", list([Null, item("a", Null)]), list([Null, item("a", 1)]), ""),
            ("list", two(), Unknown, "list is planned as unknown as a whole"),
        ],
    );
    let one = || map([("k", item("a", Null))]);
    check(
        None,
        [
            ("map", one(), map([("k", item("a", 1))]), ""),
            ("map", one(), map([("k", item("b", 1))]), "map[\"k\"].host is planned as \"b\""),
            ("map", one(), map([("k", item("a", 1)), ("l", Unknown)]), "map[\"l\"] is in the plan, but not"),
            ("map", one(), map([]), "map[\"k\"] is in the configuration, but not in the plan"),
            ("map", one(), map([("k", Unknown)]), "map[\"k\"] is planned as unknown as a whole"),
        ],
    );
    let prior = list([item("A", 1), item("B", 2)]);
    check(Some(&prior), [("list", two(), list([item("a", 3), item("B", 2)]), "")]);
    check(
        Some(&prior),
        [("list", two(), list([item("B", 3), item("b", 2)]), "list[0].host is planned as \"B\"")],
    );
}

#[test]
fn rule_9_nested_sets_may_have_the_length_of_the_configuration() {
    let two = || Value::set([item("a", Null), item("b", Null)]);
    check(
        None,
        [
            ("set", two(), Value::set([item("a", 1), item("b", 2)]), ""),
            ("set", two(), Value::set([item("c", 1), item("d", 2)]), ""),
            ("set", two(), Value::set([item("a", 1)]), "set is planned as a set of 1"),
            ("set", Value::set([item("a", Null), item(Unknown, Null)]), Value::set([item("a", 1)]), ""),
            ("set", two(), Value::set([]), "set is planned as a set of 0"),
            ("set", two(), Unknown, "set is planned as unknown as a whole"),
        ],
    );
}

#[test]
fn rule_10_blocks_are_as_many_as_configured() {
    let two = || list([part("a", Null), part("b", Null)]);
    check(
        None,
        [
            ("list_block", two(), list([part("a", Unknown), part("b", 1)]), ""),
            ("list_block", two(), list([part("a", 1)]), "list_block has 1 blocks in the plan, but 2"),
            (
                "list_block",
                two(),
                list([part("a", 1), Unknown]),
                "list_block[1] is planned as unknown as a whole",
            ),
            (
                "list_block",
                two(),
                list([part("b", 1), part("b", 1)]),
                "list_block[0].key is planned as \"b\"",
            ),
            ("list_block", list([]), Null, "list_block must be empty, not null"),
            ("list_block", two(), Unknown, "list_block is planned as unknown, but the configuration says"),
            ("list_block", Unknown, list([]), "list_block must stay unknown"),
            ("list_block", Unknown, Unknown, ""),
        ],
    );
    check(Some(&list([part("A", 1)])), [("list_block", list([part("a", Null)]), list([part("A", 1)]), "")]);
}

#[test]
fn rule_10_a_single_block_is_there_or_not() {
    check(
        None,
        [
            ("single_block", Null, Null, ""),
            ("single_block", part("a", Null), part("a", 1), ""),
            ("single_block", part("a", Null), part("b", 1), "single_block.key is planned as \"b\""),
            ("single_block", part("a", Null), Null, "single_block is planned to be absent"),
            ("single_block", Null, part(Null, 1), "single_block is planned to exist"),
            ("single_block", part("a", Null), Unknown, "single_block is planned as unknown"),
            ("single_block", Unknown, Null, "single_block must stay unknown"),
        ],
    );
}

#[test]
fn rule_10_set_blocks_are_trusted() {
    let one = || Value::set([part("a", Null)]);
    check(
        None,
        [
            ("set_block", one(), Value::set([part("x", Unknown), part("y", 1)]), ""),
            ("set_block", one(), Value::set([Unknown]), "set_block has an element that is unknown"),
            ("set_block", Value::set([]), Null, "set_block must be empty, not null"),
        ],
    );
}

#[test]
fn rule_11_a_replacement_names_what_exists() {
    let name = Path::attribute("name");
    let (prior, planned) = (object([("zones", list([s("a")]))]), object([("tags", map([("k", s("v"))]))]));
    let fine =
        [name.clone(), Path::attribute("zones").index(0), Path::attribute("tags").key("k"), Path::root()];
    assert_eq!(replace_problems(&prior, &planned, &fine), [""; 0]);
    let wrong = [Path::attribute("nmae"), Path::attribute("zones").index(1), name.then("x")];
    let problems = replace_problems(&prior, &planned, &wrong);
    assert_eq!(problems.len(), 3);
    assert_eq!(problems[0], "nmae is said to need a new object, but there is no such attribute");
    assert_eq!(replace_problems(&Null, &planned, &wrong), [""; 0]);
    let unknown = object([("zones", Unknown)]);
    assert_eq!(replace_problems(&prior, &unknown, &wrong[1..2]), [""; 0]);
}
