//! The limits that AWS's API models state of the request members that the provider sends,
//! each against the checks of the argument that the member comes from.
//!
//! `tests/limits/extract.py` writes the table. A limit that belongs to no argument fails
//! here until it has one, or a reason.

mod arguments;

use std::collections::BTreeSet;

use regex_lite::Regex;

use crate::value::Value;
use arguments::{ARGUMENTS, Argument, NO_ARGUMENT};

/// One row of the table.
#[derive(Debug)]
struct Limit {
    /// Service, operation and member.
    name: String,
    kind: String,
    min: Option<usize>,
    max: Option<usize>,
    pattern: Option<String>,
    choices: Vec<String>,
}

fn table() -> Vec<Limit> {
    let rows: Vec<serde_json::Value> =
        serde_json::from_str(include_str!("../../tests/limits/limits.json")).unwrap();
    let limit = |row: &serde_json::Value| {
        let text = |name: &str| row[name].as_str().unwrap().to_owned();
        let number = |name: &str| row[name].as_u64().map(|number| usize::try_from(number).unwrap());
        Limit {
            name: format!("{} {} {}", text("service"), text("operation"), text("member")),
            kind: text("type"),
            min: number("min"),
            max: number("max"),
            pattern: row["pattern"].as_str().map(str::to_owned),
            choices: row["enum"].as_array().map_or_else(Vec::new, |choices| {
                choices.iter().map(|choice| choice.as_str().unwrap().to_owned()).collect()
            }),
        }
    };
    rows.iter().skip(1).map(limit).collect()
}

/// The arguments of a member, and its limit.
fn pairs() -> Vec<(Limit, Vec<&'static Argument>)> {
    let of = |limit: Limit| {
        let arguments = ARGUMENTS.iter().filter(|it| it.members.contains(&limit.name.as_str())).collect();
        (limit, arguments)
    };
    table().into_iter().map(of).collect()
}

#[test]
fn every_limit_belongs_to_an_argument_or_has_a_reason() {
    let table = table();
    for limit in &table {
        let argument = ARGUMENTS.iter().any(|it| it.members.contains(&limit.name.as_str()));
        let reason = NO_ARGUMENT.iter().any(|(member, _)| *member == limit.name);
        assert!(argument || reason, "{}: no argument", limit.name);
        assert!(!(argument && reason), "{}: an argument and a reason to have none", limit.name);
    }
    let names: BTreeSet<&str> = table.iter().map(|limit| limit.name.as_str()).collect();
    let named =
        ARGUMENTS.iter().flat_map(|it| it.members).chain(NO_ARGUMENT.iter().map(|(member, _)| member));
    for name in named {
        assert!(names.contains(name), "{name}: not in the table");
    }
}

#[test]
fn lengths_of_texts_are_those_of_the_model() {
    for (limit, arguments) in pairs() {
        if limit.kind != "string" || !limit.choices.is_empty() {
            continue;
        }
        for argument in arguments {
            let Some(text) = argument.text else { continue };
            if let Some(max) = limit.max {
                argument.accepts(&limit.name, &Value::string(text(argument.longest.unwrap_or(max))));
                argument.refuses(&limit.name, &Value::string(text(max + 1)));
            }
            // An empty text stands for an argument that is not set.
            for short in 1..limit.min.unwrap_or(0) {
                argument.refuses(&limit.name, &Value::string(text(short)));
            }
        }
    }
}

#[test]
fn numbers_are_within_the_range_of_the_model() {
    for (limit, arguments) in pairs() {
        if limit.kind != "integer" || arguments.iter().any(|it| it.text.is_some()) {
            continue;
        }
        for argument in arguments {
            let number = |value: usize| Value::from(i64::try_from(value).unwrap());
            if let Some(below) = limit.min.and_then(|min| min.checked_sub(1)) {
                argument.refuses(&limit.name, &number(below));
            }
            if let Some(max) = limit.max {
                argument.refuses(&limit.name, &number(max + 1));
            }
        }
    }
}

#[test]
fn collections_have_as_many_elements_as_the_model_allows() {
    for (limit, arguments) in pairs() {
        if limit.kind != "list" && limit.kind != "map" {
            continue;
        }
        for argument in arguments {
            let Some(many) = argument.many else { continue };
            // SSM's model allows a thousand tags, its documents and every other service fifty.
            let max = limit.max.map(|max| max.min(50));
            if let Some(max) = max {
                argument.accepts(&limit.name, &many(max));
                argument.refuses(&limit.name, &many(max + 1));
            }
        }
    }
}

#[test]
fn choices_are_those_of_the_model() {
    for (limit, arguments) in pairs().into_iter().filter(|(limit, _)| !limit.choices.is_empty()) {
        for argument in arguments {
            argument.refuses(&limit.name, &Value::from("other"));
            for choice in &limit.choices {
                if !argument.not_offered.contains(&choice.as_str()) {
                    argument.accepts(&limit.name, &Value::from(choice.as_str()));
                }
            }
        }
    }
}

/// Texts that a pattern may not allow.
const STRANGE: &[&str] = &[
    "a b",
    " ",
    "a_b-c",
    "1abc-",
    "-abc",
    "a--b",
    "a:b",
    ":ab",
    "a,b",
    "a/b",
    "a#b",
    "a!b",
    "aé-b",
    "a*b",
    "a\"b",
    "a\tb",
    "eu-west",
    "a@b-",
    "a+b",
    "a=b-",
    "a.b-c",
    "a$b",
    "a%b",
    "a\u{1}b-c",
];

#[test]
fn what_a_pattern_does_not_match_is_refused() {
    for (limit, arguments) in pairs() {
        let Some(pattern) = &limit.pattern else { continue };
        // The engine here knows no classes of Unicode.
        let pattern = pattern
            .replace("\\p{L}", "A-Za-zé")
            .replace("\\p{Z}", " ")
            .replace("\\p{N}", "0-9")
            .replace(
                "\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF\\uE000-\\uFFFD\\u10000-\\u10FFFF",
                "\\t\\n\\r -~é",
            )
            .replace("\\u0009\\u000A\\u000D\\u0020-\\u00FF", "\\t\\n\\r -ÿ");
        let pattern = Regex::new(&format!("^(?:{pattern})$")).unwrap();
        for argument in arguments {
            for text in STRANGE.iter().filter(|text| !pattern.is_match(text)) {
                argument.refuses(&limit.name, &Value::from(*text));
            }
        }
    }
}
