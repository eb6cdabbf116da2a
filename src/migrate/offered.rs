//! What this provider offers, from its schemas.

use std::collections::BTreeMap;

use super::rewrite::catalog::{Catalog, Member, Members, Shape, Twin};
use crate::provider::{SOURCE, VERSION};
use crate::registry::REGISTRY;
use crate::schema::{Attribute, Block, BlockNesting, Mode, Nesting};

/// The types that this provider has for types of hashicorp/aws.
pub(super) fn catalog() -> Catalog {
    let mut resources: BTreeMap<String, Vec<Twin>> = BTreeMap::new();
    for resource in REGISTRY.resources {
        for source in resource.move_sources() {
            let twin = twin(resource.type_name(), &resource.schema().block);
            resources.entry((*source).to_owned()).or_default().push(twin);
        }
    }
    // A data source has the name of that of hashicorp/aws, without the prefix.
    let data_sources = REGISTRY.data_sources.iter().map(|data_source| {
        let name = data_source.type_name();
        (format!("aws_{name}"), vec![twin(name, &data_source.schema().block)])
    });
    Catalog {
        source: SOURCE.to_owned(),
        version: constraint(VERSION),
        resources,
        data_sources: data_sources.collect(),
        provider: members(&crate::provider::schema().block),
    }
}

/// Any later version with the same first number.
fn constraint(version: &str) -> String {
    let parts: Vec<&str> = version.split('.').take(2).collect();
    format!("~> {}", parts.join("."))
}

fn twin(type_name: &str, block: &Block) -> Twin {
    Twin { type_name: type_name.to_owned(), members: members(block) }
}

fn members(block: &Block) -> Members {
    let blocks = block.blocks.iter().map(|nested| {
        let inner = members(&nested.block);
        let shape = match nested.nesting {
            BlockNesting::Single => Shape::One(inner),
            BlockNesting::List | BlockNesting::Set => Shape::Many(inner),
        };
        (nested.name.to_owned(), Member { is_argument: true, shape })
    });
    attributes(&block.attributes).chain(blocks).collect()
}

fn attributes(attributes: &[Attribute]) -> impl Iterator<Item = (String, Member)> {
    attributes.iter().map(|attribute| {
        let shape = attribute.nested.as_ref().map_or(Shape::Value, |nested| {
            let inner = self::attributes(&nested.attributes).collect();
            match nested.nesting {
                Nesting::Single => Shape::One(inner),
                Nesting::List | Nesting::Set => Shape::Many(inner),
                Nesting::Map => Shape::Keyed(inner),
            }
        });
        (attribute.name.to_owned(), Member { is_argument: attribute.mode != Mode::Computed, shape })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::rewrite::differences::WHEN_OMITTED;
    use crate::migrate::rewrite::select::is_considered;

    const GUIDE: &str = include_str!("../../docs/guides/from-hashicorp-aws.md");

    /// Types that several resources of hashicorp/aws become together, or with other arguments, and composite alarms,
    /// whose rule may name alarms of any service.
    const BY_HAND: [&str; 4] = [
        "aws_cloudwatch_composite_alarm",
        "aws_secretsmanager_secret",
        "aws_security_group",
        "aws_ssm_parameter",
    ];

    /// A type that `moved` blocks accept is rewritten, or the guide says how it comes here.
    #[test]
    fn every_type_that_moves_is_rewritten_or_moved_by_hand() {
        let catalog = catalog();
        assert!(catalog.resources.len() > 8, "{:?}", catalog.resources.keys());
        for (theirs, pairs) in &catalog.resources {
            assert_ne!(is_considered(theirs), BY_HAND.contains(&theirs.as_str()), "{theirs}");
            assert!(GUIDE.contains(&format!("`{theirs}`")), "{theirs}");
            assert!(pairs.len() == 1 || !is_considered(theirs), "{theirs}: {pairs:?}");
        }
        assert!(catalog.data_sources.contains_key("aws_elasticache_replication_group"));
    }

    #[test]
    fn members_have_the_shapes_of_the_schema() {
        let catalog = catalog();
        let group = &catalog.resources["aws_elasticache_replication_group"][0];
        assert_eq!(group.type_name, "elasticache_replication_group");
        assert!(group.members["replication_group_id"].is_argument);
        assert!(!group.members["member_clusters"].is_argument);
        let logs = &group.members["log_delivery_configuration"];
        assert!(matches!(&logs.shape, Shape::Many(inner) if inner["destination"].is_argument), "{logs:?}");
        assert!(matches!(&group.members["timeouts"].shape, Shape::One(_)));
        assert!(catalog.provider["assume_role"].shape.members().unwrap()["role_arn"].is_argument);
    }

    #[test]
    fn the_version_is_one_with_the_same_first_number() {
        assert_eq!(constraint("0.1.0"), "~> 0.1");
        assert_eq!(constraint("1.12.3-beta1"), "~> 1.12");
    }

    /// The guide lists the values of omitted arguments that the command reports.
    #[test]
    fn differences_are_those_of_the_guide() {
        let (_, table) = GUIDE.split_once("## What dependents receive").unwrap();
        let mut listed = Vec::new();
        for line in table.lines().filter(|line| line.starts_with('|') && line.contains("omitted")) {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let [what, theirs, ours] = cells[..] else { continue };
            let value = |cell: &str| cell.strip_prefix('`')?.strip_suffix('`').map(str::to_owned);
            let Some((theirs, ours)) = value(theirs).zip(value(ours)).filter(|(a, b)| a != b) else {
                continue;
            };
            let names: Vec<&str> = what.split('`').skip(1).step_by(2).collect();
            let (types, attributes): (Vec<&str>, Vec<&str>) =
                names.into_iter().partition(|name| name.starts_with("elasticache_"));
            for (ty, attribute) in types.iter().flat_map(|ty| attributes.iter().map(move |it| (*ty, *it))) {
                listed.push((ty.to_owned(), attribute.to_owned(), theirs.clone(), ours.clone()));
            }
        }
        let reported = WHEN_OMITTED.iter().map(|(ty, attribute, theirs, ours)| {
            ((*ty).to_owned(), (*attribute).to_owned(), (*theirs).to_owned(), (*ours).to_owned())
        });
        let mut reported: Vec<_> = reported.collect();
        listed.sort();
        reported.sort();
        assert_eq!(reported, listed);
    }
}
