//! The form of node types.

use std::sync::LazyLock;

use regex_lite::Regex;
use strsim::osa_distance;

use crate::schema::pattern;
use crate::value::Value;

static FORM: LazyLock<Regex> = LazyLock::new(|| pattern(r"^cache\.[a-z0-9]+\.[a-z0-9]+$"));

/// The sizes of all node types, where `xlarge` may follow a number (user guide, "Supported node types").
const SIZES: [&str; 5] = ["large", "medium", "micro", "small", "xlarge"];

/// A node type of any class: AWS adds some every year.
pub(in crate::resources) fn check(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(text) if !FORM.is_match(text) => Err(expected("cache.t4g.small", text)),
        Some(text) => check_size(text),
        None => Ok(()),
    }
}

/// Refuses a size that is spelled nearly as one of AWS's. Others may be newer than this list.
///
/// Classes are not checked in this way: new ones, such as `m8g`, are spelled nearly as those before them.
pub(in crate::resources) fn check_size(node_type: &str) -> Result<(), String> {
    meant(node_type).map_or(Ok(()), |meant| Err(expected(&meant, node_type)))
}

/// The error about a node type, with one that is correct.
pub(in crate::resources) fn expected(example: &str, node_type: &str) -> String {
    format!("must be a node type such as {example:?}, but is {node_type:?}")
}

/// The node type that a misspelled one is likely meant to be.
fn meant(node_type: &str) -> Option<String> {
    let (class, size) = node_type.rsplit_once('.')?;
    let name = size.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = size.strip_suffix(name)?;
    let sizes = SIZES.into_iter().filter(|size| number.is_empty() || *size == "xlarge");
    let sizes = sizes.map(|size| (osa_distance(name, size), size));
    let (distance, nearest) = sizes.min()?;
    (1..=2).contains(&distance).then(|| format!("{class}.{number}{nearest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(node_type: &str) -> Option<String> {
        check(&Value::string(node_type)).err()
    }

    #[test]
    fn a_misspelled_size_is_refused_with_the_size_that_is_meant() {
        for (node_type, meant) in [
            ("cache.t4g.mirco", "cache.t4g.micro"),
            ("cache.t4g.smal", "cache.t4g.small"),
            ("cache.r7g.lrage", "cache.r7g.large"),
            ("cache.r7g.larges", "cache.r7g.large"),
            ("cache.r7g.2xlage", "cache.r7g.2xlarge"),
            ("cache.r7g.2large", "cache.r7g.2xlarge"),
            ("cache.m7g.xlrg", "cache.m7g.xlarge"),
        ] {
            let error = format!("must be a node type such as {meant:?}, but is {node_type:?}");
            assert_eq!(problem(node_type), Some(error));
        }
    }

    #[test]
    fn sizes_and_classes_that_aws_may_add_pass() {
        for node_type in [
            "cache.t4g.micro",
            "cache.m7g.xlarge",
            "cache.c7gn.16xlarge",
            "cache.r9gd.96xlarge",
            "cache.x9.metal",
            "cache.t9.nano",
            "cache.t9.huge",
        ] {
            assert_eq!(problem(node_type), None, "{node_type}");
        }
    }

    #[test]
    fn another_form_is_refused() {
        for node_type in ["t4g.small", "db.t4g.small", "cache.t4g", "cache.T4g.small", "cache.t4g.small ", ""]
        {
            let error = format!("must be a node type such as \"cache.t4g.small\", but is {node_type:?}");
            assert_eq!(problem(node_type), Some(error));
        }
    }
}
