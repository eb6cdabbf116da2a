//! Every argument and attribute that hashicorp/aws has for an object of this provider exists here as well, or
//! has a reason not to.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;
use terraform_provider_elasticache::provider;
use terraform_provider_elasticache::registry::REGISTRY;
use terraform_provider_elasticache::schema::{Attribute, Block};

/// Names of hashicorp/aws. A dot leads into a block.
const NAMES: &str = include_str!("parity/hashicorp-aws.json");

struct Names {
    provider: BTreeSet<String>,
    resources: Vec<Twin>,
    data_sources: Vec<Twin>,
    /// Types without a counterpart, with the reason.
    without: BTreeMap<String, String>,
}

/// A type, and the one of this provider that takes its place.
struct Twin {
    theirs: String,
    ours: String,
    names: BTreeSet<String>,
    /// Names that this provider lacks, with the reason.
    missing: BTreeMap<String, String>,
}

fn text(value: &Json) -> String {
    value.as_str().unwrap().to_owned()
}

fn texts(value: &Json) -> BTreeSet<String> {
    value.as_array().unwrap().iter().map(text).collect()
}

fn reasons(value: &Json) -> BTreeMap<String, String> {
    let entries = value.as_object().into_iter().flatten();
    entries.map(|(name, reason)| (name.clone(), text(reason))).collect()
}

fn names() -> Names {
    let names: Json = serde_json::from_str(NAMES).unwrap();
    let twin = |twin: &Json| Twin {
        theirs: text(&twin["type"]),
        ours: text(&twin["ours"]),
        names: texts(&twin["names"]),
        missing: reasons(&twin["missing"]),
    };
    let pairs = |kind: &str| names[kind].as_array().unwrap().iter().map(twin).collect();
    Names {
        provider: texts(&names["provider"]),
        resources: pairs("resources"),
        data_sources: pairs("data_sources"),
        without: reasons(&names["without"]),
    }
}

/// The names in a block, with those in its blocks and nested attributes.
fn names_in(block: &Block, within: &str, found: &mut BTreeSet<String>) {
    attributes_in(&block.attributes, within, found);
    for nested in &block.blocks {
        let name = format!("{within}{}", nested.name);
        names_in(&nested.block, &format!("{name}."), found);
        found.insert(name);
    }
}

fn attributes_in(attributes: &[Attribute], within: &str, found: &mut BTreeSet<String>) {
    for attribute in attributes {
        let name = format!("{within}{}", attribute.name);
        if let Some(nested) = &attribute.nested {
            attributes_in(&nested.attributes, &format!("{name}."), found);
        }
        found.insert(name);
    }
}

/// The names that `block` lacks and that have no reason, and reasons for names that it has.
fn unexplained(
    theirs: &BTreeSet<String>,
    missing: &BTreeMap<String, String>,
    block: &Block,
) -> (Vec<String>, Vec<String>) {
    let mut ours = BTreeSet::new();
    names_in(block, "", &mut ours);
    let lacks = theirs.difference(&ours).filter(|name| !missing.contains_key(*name)).cloned().collect();
    let stale = missing.keys().filter(|name| !theirs.contains(*name) || ours.contains(*name)).cloned();
    (lacks, stale.collect())
}

#[test]
#[allow(clippy::print_stderr, reason = "the output of the test is the list of what is missing")]
fn every_name_of_hashicorp_aws_exists_or_has_a_reason() {
    let names = names();
    let resources = names.resources.iter().map(|twin| {
        let ours = REGISTRY.resources.iter().find(|it| it.type_name() == twin.ours);
        (twin, &ours.unwrap_or_else(|| panic!("{} does not exist", twin.ours)).schema().block)
    });
    let data_sources = names.data_sources.iter().map(|twin| {
        let ours = REGISTRY.data_sources.iter().find(|it| it.type_name() == twin.ours);
        (twin, &ours.unwrap_or_else(|| panic!("{} does not exist", twin.ours)).schema().block)
    });
    let mut wrong = Vec::new();
    for (twin, block) in resources.chain(data_sources) {
        let (lacks, stale) = unexplained(&twin.names, &twin.missing, block);
        let tell = |what: &str, names: Vec<String>| {
            names
                .into_iter()
                .map(|name| format!("{} {what} {}.{name}", twin.ours, twin.theirs))
                .collect::<Vec<_>>()
        };
        wrong.extend(tell("lacks", lacks));
        wrong.extend(tell("has, or does not need a reason for,", stale));
        for (name, reason) in &twin.missing {
            eprintln!("{}.{name}: {reason}", twin.theirs);
            assert!(reason.ends_with('.'), "{reason}");
        }
    }
    let (lacks, _) = unexplained(&names.provider, &BTreeMap::new(), &provider::schema().block);
    wrong.extend(lacks.into_iter().map(|name| format!("the provider block lacks {name}")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A `moved` block from a type needs its arguments.
#[test]
fn every_type_that_is_moved_from_is_compared() {
    let names = names();
    let compared: BTreeSet<&str> = names.resources.iter().map(|twin| twin.theirs.as_str()).collect();
    for resource in REGISTRY.resources {
        for source in resource.move_sources() {
            let name = resource.type_name();
            assert!(
                compared.contains(source),
                "{name} is moved from {source}, which tests/docs/parity lacks"
            );
            assert!(!names.without.contains_key(*source), "{source} has a counterpart: {name}");
        }
    }
    assert!(names.without.values().all(|reason| reason.ends_with('.')));
}
