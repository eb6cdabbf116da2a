//! Parameter group families: which one an engine version needs.

use super::model::ReplicationGroupModel;
use super::version::Version;

/// The family of an engine version, such as `redis7` or `valkey8`; `None` for what
/// is no engine of a replication group. The naming is that of AWS's list of engine
/// versions: `redis5.0` with the minor version before 6, `redis6.x`, then the major.
pub(super) fn family(engine: &str, version: Version) -> Option<String> {
    let (major, minor) = version.major_minor();
    match (engine.to_ascii_lowercase().as_str(), major) {
        ("redis", 0..=5) => Some(format!("redis{major}.{}", minor?)),
        ("redis", 6) => Some("redis6.x".to_owned()),
        ("redis", _) => Some(format!("redis{major}")),
        ("valkey", _) => Some(format!("valkey{major}")),
        _ => None,
    }
}

/// The family that engine and version of a model need, when both are known.
pub(super) fn of_model(model: &ReplicationGroupModel) -> Option<String> {
    family(model.engine.text()?, Version::parse(model.engine_version.text()?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_has_its_family() {
        let cases = [
            ("redis", "5.0.6", "redis5.0"),
            ("redis", "3.2.10", "redis3.2"),
            ("redis", "6.x", "redis6.x"),
            ("redis", "6.2", "redis6.x"),
            ("Redis", "7.1", "redis7"),
            ("valkey", "7.2", "valkey7"),
            ("valkey", "8.0", "valkey8"),
        ];
        for (engine, version, expected) in cases {
            let version = Version::parse(version).unwrap();
            assert_eq!(family(engine, version).as_deref(), Some(expected), "{engine} {version:?}");
        }
        assert_eq!(family("memcached", Version::parse("1.6").unwrap()), None);
    }
}
