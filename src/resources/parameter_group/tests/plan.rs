//! Errors, replacements and warnings at plan.

use super::{ParameterGroup, blocks, cache, group};
use crate::engine::AnyResource;
use crate::testing::aws::{FakeAws, config, problems};
use crate::value::{Path, Value};

fn errors(config: &Value) -> Vec<String> {
    problems(&ParameterGroup.validate(config))
}

/// The errors of a configuration in which `argument` has this value.
fn of_argument<const N: usize>(argument: &str, value: &str, others: [(&str, Value); N]) -> String {
    let mut desired = config(&ParameterGroup, others);
    if let Value::Map(entries) = &mut desired {
        entries.insert(argument.to_owned(), value.into());
    }
    errors(&desired).join("\n")
}

#[test]
fn validate_rejects_wrong_names() {
    let name = |name: &str| of_argument("name", name, [("family", "redis7".into())]);
    for good in ["a", "Cache-1", &"a".repeat(255)] {
        assert_eq!(name(good), "");
    }
    let invalid = |problem: &str| format!("name: Invalid name: `name` {problem}.");
    assert_eq!(name(""), invalid("must have 1 to 255 characters, but has 0"));
    assert_eq!(name(&"a".repeat(256)), invalid("must have 1 to 255 characters, but has 256"));
    let letters = "must be a letter followed by letters, digits and hyphens, but is";
    for bad in ["1a", "-a", "a_b", "a.b", "é"] {
        assert_eq!(name(bad), invalid(&format!("{letters} {bad:?}")));
    }
    assert_eq!(name("a--b"), invalid("must not have two hyphens in a row, but is \"a--b\""));
    assert_eq!(name("a-"), invalid("must not end with a hyphen, but is \"a-\""));
    assert_eq!(
        name("Default.redis7"),
        invalid(
            "must not begin with \"default.\", which AWS reserves for its own parameter groups; use another name"
        )
    );
}

#[test]
fn validate_rejects_wrong_prefixes() {
    let prefix = |prefix: &str| of_argument("name_prefix", prefix, [("family", "redis7".into())]);
    for good in ["a-", "a", &"a".repeat(229)] {
        assert_eq!(prefix(good), "");
    }
    assert_eq!(
        prefix(&"a".repeat(230)),
        "name_prefix: Invalid name_prefix: `name_prefix` must have 1 to 229 characters, but has 230."
    );
}

#[test]
fn validate_requires_name_or_prefix() {
    let missing = "name: Missing name: A parameter group requires a name. Set `name`, or `name_prefix` for a name with a unique suffix.";
    assert_eq!(errors(&config(&ParameterGroup, [("family", "redis7".into())])), [missing]);
    assert_eq!(of_argument("name_prefix", "", [("family", "redis7".into())]), missing);
    assert_eq!(
        of_argument("name", "a", [("family", "redis7".into()), ("name_prefix", "a-".into())]),
        "name: Conflicting arguments: `name` and `name_prefix` cannot be set together. Remove one of them."
    );
    for unknown in ["name", "name_prefix"] {
        assert!(
            errors(&config(&ParameterGroup, [("family", "redis7".into()), (unknown, Value::Unknown)]))
                .is_empty()
        );
    }
    // Modules send an empty string for an omitted argument.
    assert_eq!(of_argument("name", "a", [("family", "redis7".into()), ("name_prefix", "".into())]), "");
}

#[test]
fn validate_rejects_versions_in_place_of_families() {
    let family = |family: &str| of_argument("family", family, [("name", "a".into())]);
    let families = "valkey7 valkey8 valkey9 valkey10 redis2.6 redis2.8 redis3.2 redis4.0 redis5.0 redis6.x redis7 \
                    redis8 memcached1.4 memcached1.5 memcached1.6 memcached2.0 valkey10.x";
    for good in families.split(' ') {
        assert_eq!(family(good), "", "{good}");
    }
    for (version, right) in [
        ("redis7.1", "redis7"),
        ("redis7.x", "redis7"),
        ("redis6.2", "redis6.x"),
        ("redis6", "redis6.x"),
        ("redis5", "redis5.0"),
        ("redis5.0.6", "redis5.0"),
        ("redis2.8.24", "redis2.8"),
        ("redis3.2.10", "redis3.2"),
        ("valkey7.2", "valkey7"),
        ("valkey8.0", "valkey8"),
        ("Redis7", "redis7"),
        ("memcached1.6.22", "memcached1.6"),
    ] {
        assert_eq!(
            family(version),
            format!(
                "family: Invalid family: `family` must be the family of the engine version: use {right:?} instead of \
                 {version:?}."
            )
        );
    }
    for bad in ["", "7", "redis", "redis-7", "default.redis7", "redis7.", "postgres16"] {
        assert_eq!(
            family(bad),
            format!(
                "family: Invalid family: `family` must be a family such as \"valkey8\", \"redis7\", \"redis6.x\" or \
                 \"memcached1.6\", but is {bad:?}."
            )
        );
    }
}

#[test]
fn validate_rejects_empty_and_duplicate_parameters() {
    assert_eq!(
        errors(&group("a", &[("timeout", "")])),
        [
            "parameter: Parameter without value: Parameter \"timeout\" has an empty value, which AWS does not accept. Set \
             `value`, or remove the block to use the default of the family."
        ]
    );
    assert_eq!(
        errors(&group("a", &[("", "1")])),
        ["parameter.name: Invalid parameter.name: `parameter.name` must not be empty."]
    );
    assert_eq!(
        errors(&group("a", &[("", "1"), ("timeout", "1")])),
        ["parameter: Invalid parameter.name: `parameter.name` must not be empty."]
    );
    assert_eq!(
        errors(&group("a", &[("timeout", "1"), ("Timeout", "2"), ("databases", "4")])),
        [
            "parameter: Duplicate parameter: Parameter \"timeout\" has the values \"1\" and \"2\". Remove all of its blocks \
             except one."
        ]
    );
    let block = Value::map([("name", Value::from("timeout")), ("value", Value::Unknown)]);
    let also = Value::map([("name", Value::from("timeout")), ("value", Value::from("1"))]);
    for open in [Value::Unknown, Value::set([block, also])] {
        let desired =
            config(&ParameterGroup, [("name", "a".into()), ("family", "redis7".into()), ("parameter", open)]);
        assert!(errors(&desired).is_empty());
    }
}

#[test]
fn plan_computes_the_id_from_the_name() {
    let aws = FakeAws::new(cache(|_| None));
    let planned = aws.plan(&ParameterGroup, &Value::Null, &group("Cache", &[])).planned;
    assert_eq!(planned.get("id"), &Value::from("cache"));
    assert!(planned.get("arn").is_unknown());
    assert_eq!(planned.get("description"), &Value::from("Managed by Terraform"));
    assert!(aws.calls().is_empty());
}

/// What must be replaced, and the warnings.
fn replacement(before: &Value, after: &Value) -> (Vec<String>, Vec<String>) {
    let aws = FakeAws::new(cache(|_| None));
    let mut prior = aws.plan(&ParameterGroup, &Value::Null, before).planned;
    if let Value::Map(entries) = &mut prior {
        entries.insert("arn".to_owned(), "arn".into());
        if entries["name"].is_unknown() {
            entries.insert("name".to_owned(), "blue-1".into());
            entries.insert("id".to_owned(), "blue-1".into());
        }
    }
    let plan = aws.plan(&ParameterGroup, &prior, after);
    (plan.replace.iter().map(Path::to_string).collect(), problems(&plan.diags))
}

fn of_family(name: (&str, &str), family: &str, parameters: &[(&str, &str)]) -> Value {
    config(
        &ParameterGroup,
        [(name.0, name.1.into()), ("family", family.into()), ("parameter", blocks(parameters))],
    )
}

#[test]
fn new_family_replaces_and_warns_of_a_fixed_name() {
    let (fixed, prefix) = (("name", "cache"), ("name_prefix", "blue-"));
    let (replaced, warnings) =
        replacement(&of_family(fixed, "redis7", &[]), &of_family(fixed, "valkey8", &[]));
    assert_eq!(replaced, ["family"]);
    assert_eq!(
        warnings,
        [
            "family: Parameter group \"cache\" will be replaced: AWS cannot change the family of a parameter group. With the \
             same name, the old parameter group is deleted first, which AWS refuses while a cache uses it. For a parameter \
             group in use, change `name` as well, or use `name_prefix` instead, and set `lifecycle { create_before_destroy \
             = true }`."
        ]
    );
    let (replaced, warnings) =
        replacement(&of_family(prefix, "redis7", &[]), &of_family(prefix, "valkey8", &[]));
    assert_eq!(replaced, ["family"]);
    assert!(warnings.is_empty());
}

#[test]
fn prefix_that_the_name_has_does_not_replace() {
    let prefix = |prefix| of_family(("name_prefix", prefix), "redis7", &[]);
    assert!(replacement(&prefix("blue-"), &prefix("Blu")).0.is_empty());
    assert_eq!(replacement(&prefix("blue-"), &prefix("green-")).0, ["name_prefix"]);
    // From a prefix to the full name, and back.
    let name = of_family(("name", "blue-1"), "redis7", &[]);
    assert!(replacement(&prefix("blue-"), &name).0.is_empty());
    assert!(replacement(&name, &prefix("blue-")).0.is_empty());
}

#[test]
fn change_of_cluster_enabled_replaces() {
    let with = |parameters: &[(&str, &str)]| of_family(("name", "cache"), "redis7", parameters);
    let (none, off, on) = (
        with(&[]),
        with(&[("cluster-enabled", "no")]),
        with(&[("Cluster-Enabled", "yes"), ("timeout", "60")]),
    );
    for (before, after) in [(&none, &on), (&off, &on), (&on, &off), (&on, &none)] {
        let (replaced, warnings) = replacement(before, after);
        assert_eq!(replaced, ["parameter"]);
        assert_eq!(warnings.len(), 1);
        assert!(
            warnings[0].contains("AWS cannot change cluster-enabled in a parameter group that is in use.")
        );
    }
    for (before, after) in [(&none, &off), (&off, &none), (&on, &on)] {
        assert_eq!(replacement(before, after), (Vec::new(), Vec::new()));
    }
    // Unknown values: no replacement is planned, and AWS decides.
    let open = config(
        &ParameterGroup,
        [("name", "cache".into()), ("family", "redis7".into()), ("parameter", Value::Unknown)],
    );
    assert!(replacement(&none, &open).0.is_empty());
}

/// The diagnostics of a new parameter group of a family.
fn diagnostics(family: &str, parameters: &[(&str, &str)]) -> Vec<String> {
    let aws = FakeAws::new(cache(|_| None));
    problems(&aws.plan(&ParameterGroup, &Value::Null, &of_family(("name", "a"), family, parameters)).diags)
}

#[test]
fn plan_rejects_values_that_the_family_does_not_allow() {
    assert_eq!(
        diagnostics("redis7", &[("Timeout", "10")]),
        [
            "parameter[0].value: Invalid parameter value: Parameter \"timeout\" of redis7 must be a whole number without a \
             unit: 0, or 20 or more. The configured value is \"10\"."
        ]
    );
    assert_eq!(
        diagnostics("valkey8", &[("activedefrag", "true")]),
        [
            "parameter[0].value: Invalid parameter value: Parameter \"activedefrag\" of valkey8 must be \"yes\" or \"no\". The \
             configured value is \"true\"."
        ]
    );
    assert_eq!(
        diagnostics("redis7", &[("appendonly", "no")]),
        [
            "parameter[0].value: Parameter cannot be changed: AWS does not allow a change of \"appendonly\" in a \
             parameter group of family redis7. Remove the `parameter` block."
        ]
    );
    // AWS may have undocumented families: their parameters are not checked.
    let unknown = diagnostics("redis99", &[("timeout", "10"), ("appendonly", "no")]);
    assert!(
        unknown.len() == 1 && unknown[0].starts_with("family: Unknown parameter group family: "),
        "{unknown:?}"
    );
    assert_eq!(
        diagnostics("redis7", &[("cluster-enabled", "yes"), ("reserved-memory", "1")]),
        [] as [&str; 0]
    );
}

#[test]
fn plan_warns_of_unknown_names_and_suggests_similar_ones() {
    assert_eq!(
        diagnostics("redis7", &[("maxmemory-polciy", "noeviction")]),
        [
            "parameter[0].value: Unknown parameter: AWS documents no parameter \"maxmemory-polciy\" for redis7. Did you mean \
             \"maxmemory-policy\"? It is sent unchanged. If AWS refuses it, some of the other parameters may already \
             be changed."
        ]
    );
    let said = diagnostics("redis7", &[("hash-max-ziplist-value", "64")]).join("");
    assert!(said.contains(", only for families from redis2.6 to redis6.x"), "{said}");
    assert!(said.contains("Did you mean \"hash-max-listpack-value\"?"), "{said}");
}

#[test]
fn plan_does_not_check_existing_values() {
    let with = |parameters: &[(&str, &str)]| of_family(("name", "cache"), "redis7", parameters);
    let before = with(&[("timeout", "10"), ("new-one", "1")]);
    assert_eq!(replacement(&before, &before).1, [] as [&str; 0]);
    assert_eq!(replacement(&before, &with(&[("timeout", "10"), ("new-one", "2")])).1, [] as [&str; 0]);
    assert_eq!(replacement(&before, &with(&[("timeout", "11"), ("new-one", "1")])).1.len(), 1);
}

/// Each suggestion costs a comparison with every parameter of the family.
#[test]
fn plan_explains_ten_of_ten_thousand_unknown_parameters() {
    let named = |i: usize| {
        Value::map([("name", Value::from(format!("maxmemory-polici-{i}").as_str())), ("value", "x".into())])
    };
    let all = Value::set((0..10_000).map(named));
    let config =
        config(&ParameterGroup, [("name", "cache".into()), ("family", "redis7".into()), ("parameter", all)]);
    let aws = FakeAws::new(|call| call.error("Unexpected", "A plan sends no request."));
    assert!(!ParameterGroup.validate(&config).has_errors());
    let plan = aws.plan(&ParameterGroup, &Value::Null, &config);
    let warnings = problems(&plan.diags);
    assert_eq!(warnings.len(), 11);
    assert!(warnings[0].contains("Did you mean \"maxmemory-policy\"?"), "{}", warnings[0]);
    assert!(warnings[10].contains(", and 9970 more. They are sent unchanged."), "{}", warnings[10]);
}
