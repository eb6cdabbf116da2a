//! One table per rule of an apply: what must pass, and what must be refused and how.

use super::sample::{block, item, list, map, n, object, part, s, set, texts};
use super::{apply_problems, completion_problems, unknown_problems};
use crate::value::Value::{Null, Unknown};
use crate::value::{Type, Value};

/// Attribute, planned, actual, and the beginning of the one problem; none when empty.
type Case<const N: usize> = [(&'static str, Value, Value, &'static str); N];

#[track_caller]
fn check<const N: usize>(cases: Case<N>) {
    for (name, planned, actual, problem) in cases {
        let what = format!("{name}: {planned:?} became {actual:?}");
        let problems = apply_problems(&block(), &object([(name, planned)]), &object([(name, actual)]));
        if problem.is_empty() {
            assert!(problems.is_empty(), "{what}: {problems:?}");
        } else {
            assert!(problems.iter().any(|found| found.starts_with(problem)), "{what}: {problems:?}");
        }
    }
}

#[test]
fn rule_1_the_object_is_there_when_it_was_planned() {
    let existing = object([]);
    assert_eq!(apply_problems(&block(), &Null, &Null), [""; 0]);
    let problems = apply_problems(&block(), &existing, &Null);
    assert_eq!(problems, ["The object was planned to exist, but is absent"]);
    let problems = apply_problems(&block(), &Null, &existing);
    assert_eq!(problems, ["The object was planned to be absent, but is there"]);
}

#[test]
fn rule_2_nothing_is_unknown_any_more() {
    check([
        ("arn", Unknown, Unknown, "arn is still unknown"),
        ("note", s("a"), Unknown, "note was known, but is unknown now"),
        ("tags", Unknown, map([("a", Unknown)]), "tags.a is still unknown"),
        ("subnets", Unknown, Value::set([Unknown]), "subnets is still unknown"),
        (
            "list_block",
            list([part("a", Unknown)]),
            list([part("a", Unknown)]),
            "list_block[0].index is still",
        ),
    ]);
    assert_eq!(unknown_problems(&object([("arn", Unknown)])), ["arn is still unknown"]);
    // A second plan may leave open what the first left open.
    let open = object([("arn", Unknown), ("set_block", Value::set([part("a", Unknown)]))]);
    assert_eq!(completion_problems(&block(), &open, &open), [""; 0]);
}

#[test]
fn rule_3_the_state_has_the_type_of_the_schema() {
    check([
        ("arn", Unknown, n(1), "arn must be of type string, but is a number"),
        ("single_block", Unknown, map([("key", Null)]), "single_block.index is in the schema, but missing"),
        ("token", Null, s("t"), "token is write-only"),
        ("else", Null, Null, "else is not in the schema"),
    ]);
}

#[test]
fn rule_4_known_values_stay() {
    check([
        ("name", s("a"), s("a"), ""),
        ("name", s("a"), s("b"), "name was planned as \"a\", but is \"b\""),
        ("name", s("a"), Null, "name was planned as \"a\", but is null"),
        ("note", Null, s(""), "note was planned as null, but is \"\""),
        ("size", n(1), "1.0".parse().map_or(Null, Value::Number), ""),
        ("secret", s("hunter2"), s("hunter3"), "secret was planned as another (sensitive) value"),
        ("secret", Unknown, s("hunter2"), ""),
        (
            "zones",
            list(texts(["a"])),
            list(texts(["a", "b"])),
            "zones was planned with 1 elements, but has 2",
        ),
        ("zones", list(texts(["a", "b"])), list(texts(["b", "a"])), "zones[0] was planned as \"a\""),
        ("zones", list([]), Null, "zones was planned as a list of 0, but is null"),
        ("zones", Null, list([]), "zones was planned as null"),
        ("tags", map([("a", s("1"))]), map([]), "tags[\"a\"] was planned, but is missing"),
        ("tags", map([]), map([("a", s("1"))]), "tags[\"a\"] was not planned"),
        ("tags", map([("a", s("1"))]), map([("a", s("2"))]), "tags[\"a\"] was planned as \"1\""),
        ("one", item("h", Unknown), item("h", 1), ""),
        ("one", item("h", Unknown), item("i", 1), "one[\"host\"] was planned as \"h\""),
        ("list", list([item("h", Unknown)]), list([item("h", 1)]), ""),
        (
            "map",
            map([("k", item("h", 2))]),
            map([("k", item("h", 1))]),
            "map[\"k\"][\"port\"] was planned as 2",
        ),
    ]);
}

#[test]
fn rule_5_unknown_values_may_become_anything() {
    for actual in [Null, s(""), s("a")] {
        check([
            ("arn", Unknown, actual.clone(), ""),
            ("tags", map([("a", Unknown)]), map([("a", actual)]), ""),
        ]);
    }
    let typed = |ty, value| Value::Typed(Box::new(ty), Box::new(value));
    check([
        ("zones", Unknown, list(texts(["a", "b"])), ""),
        ("zones", list([s("a"), Unknown]), list(texts(["a", "b"])), ""),
        ("any", Unknown, typed(Type::Number, n(1)), ""),
        ("any", typed(Type::Number, Unknown), typed(Type::Number, n(1)), ""),
        ("any", typed(Type::Number, Unknown), typed(Type::String, s("1")), "any was planned as unknown"),
    ]);
}

#[test]
fn rule_6_elements_of_sets_find_each_other() {
    let (a, b, c) = (s("a"), s("b"), s("c"));
    check([
        ("subnets", set([a.clone(), b.clone()]), set([b.clone(), a.clone()]), ""),
        ("subnets", set([a.clone(), Unknown]), set([a.clone(), b.clone()]), ""),
        ("subnets", set([a.clone(), Unknown]), set([a.clone()]), ""),
        ("subnets", set([Unknown, Unknown]), set([a.clone()]), ""),
        (
            "subnets",
            set([a.clone()]),
            set([b.clone()]),
            "subnets was planned with an element (\"a\") that is not",
        ),
        (
            "subnets",
            set([a.clone()]),
            set([a.clone(), b.clone()]),
            "subnets has an element (\"b\") that was not",
        ),
        (
            "subnets",
            set([a.clone(), Unknown]),
            set([b.clone()]),
            "subnets was planned with an element (\"a\")",
        ),
        ("subnets", set([Unknown]), set([a.clone(), c]), "subnets was planned with 1 elements, but has 2"),
        ("subnets", set([a.clone()]), set([]), "subnets was planned with an element (\"a\")"),
        ("set", set([item("a", Unknown)]), set([item("a", 1)]), ""),
        ("set", set([item("a", Unknown)]), set([item("b", 1)]), "set was planned with an element"),
    ]);
}

#[test]
fn rule_7_blocks_stay_as_many() {
    let open = || part("a", Unknown);
    check([
        ("list_block", list([open()]), list([part("a", 1)]), ""),
        ("list_block", list([open()]), list([part("b", 1)]), "list_block[0].key was planned as \"a\""),
        ("list_block", list([open()]), list([]), "list_block was planned with 1 blocks, but has 0"),
        ("list_block", list([]), list([part("a", 1)]), "list_block was planned with 0 blocks, but has 1"),
        ("list_block", Unknown, list([part("a", 1), part("b", 1)]), ""),
        ("list_block", list([]), Null, "list_block must be empty, not null"),
        ("single_block", Null, Null, ""),
        ("single_block", Unknown, Null, ""),
        ("single_block", Unknown, part("a", 1), ""),
        ("single_block", open(), part("a", 1), ""),
        ("single_block", open(), Null, "single_block was planned to exist"),
        ("single_block", Null, part("a", 1), "single_block was planned to be absent"),
        ("set_block", set([open(), part("b", Unknown)]), set([part("a", 1), part("b", 1)]), ""),
        ("set_block", set([open(), part(Unknown, Unknown)]), set([part("a", 1)]), ""),
        ("set_block", set([open()]), set([part("b", 1)]), "set_block has an element"),
        (
            "set_block",
            set([open()]),
            set([part("a", 1), part("a", 2)]),
            "set_block was planned with 1 elements",
        ),
        ("set_block", Unknown, set([part("a", 1)]), ""),
    ]);
}
