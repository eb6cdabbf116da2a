//! Engine versions as sets: what a configuration writes stands for every version
//! it describes, so `6.x`, `6.2` and `6.2.6` need not be equal to mean the same.

use std::cmp::Ordering;

/// A version as written: up to three numbers, where `x` or nothing stands for any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Version {
    major: u32,
    minor: Option<u32>,
    patch: Option<u32>,
}

impl Version {
    /// Reads `7`, `7.1`, `6.x`, `5.0.6`; `None` for anything else.
    pub(super) fn parse(text: &str) -> Option<Self> {
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

    /// True when `actual` is one of the versions this one stands for.
    pub(super) fn contains(self, actual: Self) -> bool {
        let covers = |wanted: Option<u32>, has: Option<u32>| wanted.is_none() || wanted == has;
        self.major == actual.major && covers(self.minor, actual.minor) && covers(self.patch, actual.patch)
    }

    /// True when every version this one stands for is older than `actual`: going
    /// there would be a downgrade.
    pub(super) fn is_below(self, actual: Self) -> bool {
        let key = |version: Self, open: u32| {
            (version.major, version.minor.unwrap_or(open), version.patch.unwrap_or(open))
        };
        key(self, u32::MAX).cmp(&key(actual, 0)) == Ordering::Less
    }

    /// True when this is a later minor version of the same major one: what an
    /// automatic minor upgrade brings.
    pub(super) fn is_minor_upgrade_of(self, wanted: Self) -> bool {
        self.major == wanted.major && wanted.minor.is_some_and(|minor| self.minor.unwrap_or(0) > minor)
    }

    /// True from this release on.
    pub(super) fn at_least(self, major: u32, minor: u32, patch: u32) -> bool {
        let key = (self.major, self.minor.unwrap_or(u32::MAX), self.patch.unwrap_or(u32::MAX));
        key >= (major, minor, patch)
    }

    /// How AWS wants the version written for this engine: in full before Redis 6,
    /// `major.minor` from then on.
    pub(super) fn shown(self) -> String {
        match (self.minor, self.patch) {
            (Some(minor), Some(patch)) if self.major < 6 => format!("{}.{minor}.{patch}", self.major),
            (Some(minor), _) => format!("{}.{minor}", self.major),
            (None, _) => self.major.to_string(),
        }
    }
}

/// True when the two spellings stand for a common version.
pub(super) fn same(a: &str, b: &str) -> bool {
    match (Version::parse(a), Version::parse(b)) {
        (Some(a), Some(b)) => a.contains(b) || b.contains(a),
        _ => a == b,
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
        for (wanted, actual) in [("6.x", "6.2.6"), ("6.2", "6.2.6"), ("7", "7.1.0"), ("5.0.6", "5.0.6")] {
            assert!(version(wanted).contains(version(actual)), "{wanted} {actual}");
        }
        for (wanted, actual) in [("6.0", "6.2.6"), ("7.0", "7.1.0"), ("6.x", "7.0.4"), ("5.0.5", "5.0.6")] {
            assert!(!version(wanted).contains(version(actual)), "{wanted} {actual}");
        }
    }

    /// The peer's table of downgrades, acceptance cases §9.
    #[test]
    fn knows_a_downgrade() {
        for (wanted, actual) in [
            ("1.2.3", "1.3.5"),
            ("1.2.3", "2.4.6"),
            ("6.0", "6.2.1"),
            ("6.x", "7.2.4"),
            ("6.2", "7.2.4"),
            ("5.0.6", "6.2.1"),
        ] {
            assert!(version(wanted).is_below(version(actual)), "{wanted} {actual}");
        }
        for (wanted, actual) in [
            ("5.0.6", "5.0.6"),
            ("6.2", "6.2.1"),
            ("6.4", "6.2.1"),
            ("7.0", "6.2.1"),
            ("6.x", "5.0.6"),
            ("6.x", "6.2.1"),
        ] {
            assert!(!version(wanted).is_below(version(actual)), "{wanted} {actual}");
        }
    }

    #[test]
    fn knows_a_minor_upgrade() {
        assert!(version("7.1.0").is_minor_upgrade_of(version("7.0")));
        assert!(!version("7.0.7").is_minor_upgrade_of(version("7.0")));
        assert!(!version("8.0.0").is_minor_upgrade_of(version("7.2")));
    }

    #[test]
    fn is_shown_as_aws_wants_it() {
        assert_eq!(version("5.0.6").shown(), "5.0.6");
        assert_eq!(version("7.1.0").shown(), "7.1");
        assert!(version("7.0.5").at_least(7, 0, 5) && !version("7.0.4").at_least(7, 0, 5));
        assert!(version("7.1").at_least(7, 0, 5));
    }

    #[test]
    fn refuses_what_is_no_version() {
        for text in ["", "x", "6.", "6.y", "6.x.1", "1.2.3.4", "v7"] {
            assert_eq!(Version::parse(text), None, "{text:?}");
        }
    }
}
