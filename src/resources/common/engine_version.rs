//! Engine versions as sets: what a configuration writes stands for every version it describes, so `6.x`, `6.2` and
//! `6.2.6` need not be equal to mean the same. And the parameter group family that a version needs.

use std::cmp::Ordering;

use crate::value::Value;

/// A version as written: up to three numbers, where `x` or nothing stands for any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Version {
    major: u32,
    minor: Option<u32>,
    patch: Option<u32>,
}

impl Version {
    /// Reads `7`, `7.1`, `6.x`, `5.0.6`; `None` for anything else.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let major = parts.next()?.parse().ok()?;
        let mut open = false;
        let mut part = |text: Option<&str>| match text {
            None => Some(None),
            Some("x") => {
                open = true;
                Some(None)
            }
            // `6.x.1` says nothing.
            Some(_) if open => None,
            Some(number) => number.parse().ok().map(Some),
        };
        let minor = part(parts.next())?;
        let patch = part(parts.next())?;
        parts.next().is_none().then_some(Self { major, minor, patch })
    }

    /// Major and, where given, minor version.
    pub(crate) fn major_minor(self) -> (u32, Option<u32>) {
        (self.major, self.minor)
    }

    /// True when `actual` is one of the versions this one stands for.
    pub(crate) fn contains(self, actual: Self) -> bool {
        let covers = |desired: Option<u32>, has: Option<u32>| desired.is_none() || desired == has;
        self.major == actual.major && covers(self.minor, actual.minor) && covers(self.patch, actual.patch)
    }

    /// True when every version this one stands for is older than `actual`: going
    /// there would be a downgrade.
    pub(crate) fn is_below(self, actual: Self) -> bool {
        let key = |version: Self, open: u32| {
            (version.major, version.minor.unwrap_or(open), version.patch.unwrap_or(open))
        };
        key(self, u32::MAX).cmp(&key(actual, 0)) == Ordering::Less
    }

    /// True when this is a later minor version of the same major one, as an automatic minor upgrade brings.
    pub(crate) fn is_minor_upgrade_of(self, desired: Self) -> bool {
        self.major == desired.major && desired.minor.is_some_and(|minor| self.minor.unwrap_or(0) > minor)
    }

    /// True from this release on.
    pub(crate) fn at_least(self, major: u32, minor: u32, patch: u32) -> bool {
        let key = (self.major, self.minor.unwrap_or(u32::MAX), self.patch.unwrap_or(u32::MAX));
        key >= (major, minor, patch)
    }

    /// The form that requests accept: in full before Redis OSS 6, `major.minor` from then on (AWS refuses others with
    /// "Specific version selection is not allowed").
    pub(crate) fn observed(self) -> String {
        match (self.minor, self.patch) {
            (Some(minor), Some(patch)) if self.major < 6 => format!("{}.{minor}.{patch}", self.major),
            (Some(minor), _) => format!("{}.{minor}", self.major),
            (None, _) => self.major.to_string(),
        }
    }
}

/// True when the two spellings stand for a common version.
pub(crate) fn same(a: &str, b: &str) -> bool {
    match (Version::parse(a), Version::parse(b)) {
        (Some(a), Some(b)) => a.contains(b) || b.contains(a),
        _ => a == b,
    }
}

/// Refuses a version that is not written as AWS accepts it: in full before Redis OSS 6, `6.x`, and `major.minor` from 6
/// on.
pub(crate) fn check(value: &Value) -> Result<(), String> {
    let Some(text) = value.as_str() else { return Ok(()) };
    let parts = text.split('.').count();
    let is_open = text.contains('x');
    let fits = Version::parse(text).is_some_and(|version| match version.major {
        0..=5 => parts == 3 && !is_open,
        6 => parts == 2,
        _ => parts == 2 && !is_open,
    });
    if fits {
        return Ok(());
    }
    if text.parse::<u32>().is_ok_and(|major| major > 6) {
        return Err(format!(
            "must be \"major.minor\" in quotes, but is {text:?}. Terraform reads {text}.0 without quotes as the number \
             {text}; write `engine_version = \"{text}.0\"`"
        ));
    }
    Err(format!(
        "must be a version as AWS writes it: \"major.minor\" such as \"7.1\" or \"8.0\", \"6.x\", or in full such as \
         \"5.0.6\" before 6; but is {text:?}"
    ))
}

/// The parameter group family of an engine version, such as `redis7` or `valkey8`; `None` for an engine without
/// replication groups. The names are those of AWS's list of engine versions: `redis5.0` with the minor version before
/// Redis OSS 6, `redis6.x`, then the major version.
pub(crate) fn family(engine: &str, version: Version) -> Option<String> {
    let (major, minor) = version.major_minor();
    match (engine.to_ascii_lowercase().as_str(), major) {
        ("redis", 0..=5) => Some(format!("redis{major}.{}", minor?)),
        ("redis", 6) => Some("redis6.x".to_owned()),
        ("redis", _) => Some(format!("redis{major}")),
        ("valkey", _) => Some(format!("valkey{major}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        Version::parse(text).unwrap()
    }

    #[test]
    fn a_spelling_stands_for_what_it_describes() {
        for (desired, actual) in [("6.x", "6.2.6"), ("6.2", "6.2.6"), ("7", "7.1.0"), ("5.0.6", "5.0.6")] {
            assert!(version(desired).contains(version(actual)), "{desired} {actual}");
        }
        for (desired, actual) in [("6.0", "6.2.6"), ("7.0", "7.1.0"), ("6.x", "7.0.4"), ("5.0.5", "5.0.6")] {
            assert!(!version(desired).contains(version(actual)), "{desired} {actual}");
        }
    }

    /// The table of downgrades in the unit tests of hashicorp/aws.
    #[test]
    fn an_older_version_is_a_downgrade() {
        for (desired, actual) in [
            ("1.2.3", "1.3.5"),
            ("1.2.3", "2.4.6"),
            ("6.0", "6.2.1"),
            ("6.x", "7.2.4"),
            ("6.2", "7.2.4"),
            ("5.0.6", "6.2.1"),
        ] {
            assert!(version(desired).is_below(version(actual)), "{desired} {actual}");
        }
        for (desired, actual) in [
            ("5.0.6", "5.0.6"),
            ("6.2", "6.2.1"),
            ("6.4", "6.2.1"),
            ("7.0", "6.2.1"),
            ("6.x", "5.0.6"),
            ("6.x", "6.2.1"),
        ] {
            assert!(!version(desired).is_below(version(actual)), "{desired} {actual}");
        }
    }

    #[test]
    fn a_later_minor_version_is_a_minor_upgrade() {
        assert!(version("7.1.0").is_minor_upgrade_of(version("7.0")));
        assert!(!version("7.0.7").is_minor_upgrade_of(version("7.0")));
        assert!(!version("8.0.0").is_minor_upgrade_of(version("7.2")));
        assert!(version("7.0.5").at_least(7, 0, 5) && !version("7.0.4").at_least(7, 0, 5));
        assert!(version("7.1").at_least(7, 0, 5));
    }

    #[test]
    fn is_written_as_requests_accept_it() {
        assert_eq!(version("5.0.6").observed(), "5.0.6");
        assert_eq!(version("7.1.0").observed(), "7.1");
        assert_eq!(version("6.2").observed(), "6.2");
    }

    #[test]
    fn refuses_what_is_no_version() {
        for text in ["", "x", "6.", "6.y", "6.x.1", "1.2.3.4", "v7"] {
            assert_eq!(Version::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn versions_are_written_as_aws_writes_them() {
        for text in ["5.0.6", "6.x", "6.2", "7.0", "7.1", "8.0", "9.0"] {
            assert_eq!(check(&Value::from(text)), Ok(()), "{text}");
        }
        for text in ["5.4", "5", "5.x", "6", "6.5.0", "6.y", "7", "7.x", "7.5.0", "7.", "16.2.1", "6.xyz"] {
            assert!(check(&Value::from(text)).is_err(), "{text}");
        }
    }

    #[test]
    fn every_version_has_its_family() {
        for (engine, text, expected) in [
            ("redis", "5.0.6", "redis5.0"),
            ("redis", "6.x", "redis6.x"),
            ("Redis", "7.1", "redis7"),
            ("valkey", "7.2", "valkey7"),
            ("valkey", "8.0", "valkey8"),
        ] {
            assert_eq!(family(engine, version(text)).as_deref(), Some(expected), "{engine} {text}");
        }
        assert_eq!(family("memcached", version("1.6")), None);
    }
}
