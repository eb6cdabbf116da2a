//! ARNs that must be of the object's own Region.

use super::validate::full_name;
use super::{Attribute, Block, BlockNesting, Nesting, Schema, common};
use crate::diag::Diagnostics;
use crate::value::{Path, Value};

/// What an argument's ARNs may not name in another Region.
#[derive(Debug, Clone, Copy)]
pub struct RegionRule {
    /// Services whose ARNs the rule is about, such as `sns`.
    pub services: &'static [&'static str],
    /// Why AWS refuses others: a whole sentence.
    pub reason: &'static str,
}

/// KMS keys.
pub const KMS: RegionRule = RegionRule {
    services: &["kms"],
    reason: "AWS uses KMS keys of the same Region only; a multi-Region key has an ARN in each of its Regions.",
};

/// An error at each ARN of another Region than the object's, as far as both are known.
/// What stands in the prior state already is what AWS has accepted.
pub fn check_regions(schema: &Schema, prior: &Value, planned: &Value, diags: &mut Diagnostics) {
    in_block(&schema.block, prior, planned, &Path::root(), None, diags);
}

/// `outer` is the Region of the object around this one.
fn in_block(
    block: &Block,
    prior: &Value,
    planned: &Value,
    path: &Path,
    outer: Option<&str>,
    diags: &mut Diagnostics,
) {
    let region = planned.get(common::REGION).as_str().filter(|name| !name.is_empty()).or(outer);
    in_attributes(&block.attributes, prior, planned, path, region, diags);
    for nested in &block.blocks {
        let (prior, planned) = (prior.get(nested.name), planned.get(nested.name));
        let at = path.then(nested.name);
        if prior == planned {
            continue;
        }
        match planned.as_elements() {
            None => in_block(&nested.block, prior, planned, &at, region, diags),
            Some(items) => {
                for (i, item) in items.iter().enumerate() {
                    let at = if nested.nesting == BlockNesting::Set { at.clone() } else { at.index(i) };
                    in_block(&nested.block, &Value::Null, item, &at, region, diags);
                }
            }
        }
    }
}

fn in_attributes(
    attributes: &[Attribute],
    prior: &Value,
    planned: &Value,
    path: &Path,
    region: Option<&str>,
    diags: &mut Diagnostics,
) {
    let Some(region) = region else { return };
    for attribute in attributes.iter().filter(|attribute| attribute.is_configurable()) {
        let (prior, planned) = (prior.get(attribute.name), planned.get(attribute.name));
        let at = path.then(attribute.name);
        if prior == planned {
            continue;
        }
        if let Some(rule) = &attribute.in_region {
            for arn in texts(planned) {
                check(rule, arn, region, &at, diags);
            }
        }
        let Some(nested) = &attribute.nested else { continue };
        match (nested.nesting, planned) {
            (Nesting::Map, Value::Map(entries)) => {
                for (key, item) in entries {
                    // Terraform finds the line of an element, but nothing inside it.
                    let (at, mut inner) = (at.key(key), Diagnostics::new());
                    in_attributes(&nested.attributes, prior.get(key), item, &at, Some(region), &mut inner);
                    inner.into_iter().for_each(|diagnostic| diags.push(diagnostic.at(at.clone())));
                }
            }
            (Nesting::Single, single) => {
                let mut inner = Diagnostics::new();
                in_attributes(&nested.attributes, prior, single, &at, Some(region), &mut inner);
                diags.extend(inner.in_object_at(&at));
            }
            (_, items) => {
                for item in items.as_elements().unwrap_or_default() {
                    in_attributes(&nested.attributes, &Value::Null, item, &at, Some(region), diags);
                }
            }
        }
    }
}

/// The text, or each of several.
fn texts(value: &Value) -> impl Iterator<Item = &str> {
    value.as_str().into_iter().chain(value.as_elements().unwrap_or_default().iter().filter_map(Value::as_str))
}

fn check(rule: &RegionRule, arn: &str, region: &str, at: &Path, diags: &mut Diagnostics) {
    let Some((service, theirs)) = service_and_region(arn) else { return };
    if theirs.is_empty() || theirs == region || !rule.services.contains(&service) {
        return;
    }
    let name = full_name(at);
    diags.error_at(
        at.clone(),
        format!("Invalid {name}"),
        format!("`{name}` has {arn:?}, which is in {theirs}, but the object is in {region}. {}", rule.reason),
    );
}

/// Service and Region of an ARN; the Region is empty for what has none.
fn service_and_region(arn: &str) -> Option<(&str, &str)> {
    let mut parts = arn.strip_prefix("arn:")?.splitn(5, ':');
    let (_, service, region) = (parts.next()?, parts.next()?, parts.next()?);
    parts.next().map(|_| (service, region))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOPICS: RegionRule = RegionRule { services: &["sns"], reason: "Topics are near." };
    const OURS: &str = "arn:aws:sns:eu-west-1:111122223333:ops";
    const THEIRS: &str = "arn:aws:sns:us-east-1:111122223333:ops";

    fn problems(prior: &Value, region: Value, topics: &[&str]) -> Vec<String> {
        let topic = Attribute::optional("topics", crate::value::Type::set(crate::value::Type::String), "")
            .in_region(TOPICS);
        let schema = Schema::new(Block::new("").attributes([topic, common::region()]));
        let topics = Value::set(topics.iter().map(|topic| Value::from(*topic)));
        let planned = Value::map([("topics", topics), ("region", region)]);
        let mut diags = Diagnostics::new();
        check_regions(&schema, prior, &planned, &mut diags);
        crate::testing::aws::problems(&diags)
    }

    #[test]
    fn an_arn_of_another_region_is_refused_where_both_are_known() {
        let here = || Value::from("eu-west-1");
        assert_eq!(
            problems(&Value::Null, here(), &[OURS, THEIRS]),
            [format!(
                "topics: Invalid topics: `topics` has {THEIRS:?}, which is in us-east-1, but the object is in eu-west-1. \
                 Topics are near."
            )]
        );
        assert_eq!(problems(&Value::Null, Value::Unknown, &[THEIRS]), [""; 0]);
        for passes in [OURS, "arn:aws:lambda:us-east-1:1:function:f", "arn:aws:iam::1:role/r", "ab12cd34"] {
            assert_eq!(problems(&Value::Null, here(), &[passes]), [""; 0], "{passes}");
        }
    }

    #[test]
    fn what_aws_has_accepted_already_is_not_refused() {
        let prior = Value::map([("topics", Value::set([Value::from(THEIRS)]))]);
        assert_eq!(problems(&prior, "eu-west-1".into(), &[THEIRS]), [""; 0]);
    }
}
