//! Node types: which there are, and what each can carry.
//!
//! Those of the API model (`CacheNodeType`), and r6gd and c7gn of the user guide ("Supported node
//! types"). Those of earlier generations that the model calls previous are refused for new groups.

use super::faults;
use super::protocol::ServiceError;
use super::versions::Version;

/// Classes with their sizes, smallest first. The order of sizes is the order of memory.
const CLASSES: &[(&str, &[&str])] = &[
    ("t2", &["micro", "small", "medium"]),
    ("t3", &["micro", "small", "medium"]),
    ("t4g", &["micro", "small", "medium"]),
    ("m4", &["large", "xlarge", "2xlarge", "4xlarge", "10xlarge"]),
    ("m5", &["large", "xlarge", "2xlarge", "4xlarge", "12xlarge", "24xlarge"]),
    ("m6g", &["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"]),
    ("m7g", &["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"]),
    ("c7gn", &["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"]),
    ("r4", &["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge"]),
    ("r5", &["large", "xlarge", "2xlarge", "4xlarge", "12xlarge", "24xlarge"]),
    ("r6g", &["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"]),
    ("r6gd", &["xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"]),
    ("r7g", &["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"]),
];

/// The previous generation, "creation of new clusters is not supported for these types" (API model).
const PREVIOUS: &[&str] = &["t1", "m1", "m2", "m3", "c1", "r3"];

/// Memory of `large` (or, of the burstable ones, `micro`) in tenths of a gibibyte: enough to say
/// which type is larger. Rounded from the user guide's table.
fn memory(node_type: &str) -> Option<u64> {
    let (class, size) = parts(node_type)?;
    let base = match class {
        "t2" | "t3" | "t4g" => {
            return match size {
                "micro" => Some(5),
                "small" => Some(14),
                "medium" => Some(31),
                _ => None,
            };
        }
        "m4" | "m5" | "m6g" | "m7g" => 64,
        "c7gn" => 32,
        _ => 130,
    };
    let factor = match size {
        "large" => 1,
        "xlarge" => 2,
        other => 2 * other.strip_suffix("xlarge")?.parse::<u64>().ok()?,
    };
    Some(base * factor)
}

fn parts(node_type: &str) -> Option<(&str, &str)> {
    node_type.strip_prefix("cache.")?.split_once('.')
}

fn class(node_type: &str) -> &str {
    parts(node_type).map_or("", |(class, _)| class)
}

fn is_known(node_type: &str) -> bool {
    parts(node_type).is_some_and(|(class, size)| {
        CLASSES.iter().any(|(known, sizes)| *known == class && sizes.contains(&size))
    })
}

/// All types that a group may have.
pub(super) fn all() -> impl Iterator<Item = String> {
    CLASSES.iter().flat_map(|(class, sizes)| sizes.iter().map(move |size| format!("cache.{class}.{size}")))
}

/// Refuses what is not a node type, or one that this engine version cannot run on.
pub(super) fn check(node_type: &str, engine: &str, version: Version) -> Result<(), ServiceError> {
    if PREVIOUS.contains(&class(node_type)) {
        return Err(faults::value(format!("Cache node type {node_type} is not supported for new clusters.")));
    }
    if !is_known(node_type) {
        return Err(faults::value(format!("Invalid Cache Node Type: {node_type}.")));
    }
    // Graviton: 5.0.6 onward (API model). Data tiering: 6.2 (user guide "Data tiering").
    let least = match class(node_type) {
        "t4g" | "m6g" | "r6g" | "m7g" | "r7g" | "c7gn" => Version(5, 0, 6),
        "r6gd" => Version(6, 2, 0),
        _ => Version(0, 0, 0),
    };
    if version < least {
        return Err(faults::combination(format!(
            "Cache node type {node_type} is not supported for {engine} engine version {version}."
        )));
    }
    Ok(())
}

/// Data tiering and r6gd go together, always (API model, `DataTieringEnabled`).
pub(super) fn check_tiering(node_type: &str, tiering: bool) -> Result<(), ServiceError> {
    match (class(node_type) == "r6gd", tiering) {
        (true, false) => Err(faults::combination(format!("Data tiering must be enabled for {node_type}."))),
        (false, true) => Err(faults::combination(format!("Data tiering is not supported for {node_type}."))),
        _ => Ok(()),
    }
}

/// What a group may be scaled to: types that can carry the same features, by memory. Types with
/// data tiering exchange with none without (user guide "Data tiering").
pub(super) fn allowed(from: &str, engine: &str, version: Version) -> (Vec<String>, Vec<String>) {
    let own = memory(from).unwrap_or_default();
    all()
        .filter(|to| to != from && (class(to) == "r6gd") == (class(from) == "r6gd"))
        .filter(|to| check(to, engine, version).is_ok())
        .partition(|to| memory(to).unwrap_or_default() >= own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_has_a_size() {
        assert!(all().all(|node_type| memory(&node_type).is_some()));
    }

    #[test]
    fn types_are_checked_against_the_engine() {
        let refusal = |node_type, version| check(node_type, "redis", version).unwrap_err().code;
        assert_eq!(refusal("cache.t9.micro", Version(7, 1, 0)), "InvalidParameterValue");
        assert_eq!(refusal("cache.t1.micro", Version(7, 1, 0)), "InvalidParameterValue");
        assert_eq!(refusal("t3.micro", Version(7, 1, 0)), "InvalidParameterValue");
        assert_eq!(refusal("cache.t4g.micro", Version(4, 0, 10)), "InvalidParameterCombination");
        assert!(check("cache.t4g.micro", "redis", Version(5, 0, 6)).is_ok());
        assert!(check_tiering("cache.r6gd.xlarge", false).is_err());
        assert!(check_tiering("cache.t3.micro", true).is_err());
    }

    #[test]
    fn scaling_goes_both_ways_but_never_between_tiering_and_none() {
        let (up, down) = allowed("cache.t3.small", "redis", Version(7, 1, 0));
        assert!(up.contains(&"cache.t3.medium".to_owned()) && up.contains(&"cache.t2.small".to_owned()));
        assert!(down.contains(&"cache.t3.micro".to_owned()) && !down.contains(&"cache.r5.large".to_owned()));
        assert!(!up.iter().chain(&down).any(|to| to.contains("r6gd")));
    }
}
