//! Engines, their versions and parameter group families.
//!
//! Versions as the user guide lists them ("Supported engines and versions"). From version 6 on
//! one asks for `major.minor` and gets the newest patch (hashicorp/aws #32252, and AWS's refusal
//! of other spellings); `6.x` means the newest 6.

use super::faults;
use super::protocol::ServiceError;

/// A version in full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version(pub(super) u16, pub(super) u16, pub(super) u16);

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

/// A version that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Release {
    /// `redis` or `valkey`.
    pub(super) engine: &'static str,
    /// As it is asked for.
    pub(super) name: &'static str,
    /// As members show it.
    pub(super) full: Version,
    /// Family of its parameter groups.
    pub(super) family: &'static str,
}

const fn release(engine: &'static str, name: &'static str, full: Version, family: &'static str) -> Release {
    Release { engine, name, full, family }
}

/// All releases, oldest first. The patch numbers of those from 6 on are beliefs: the newest
/// that the user guide or issue threads name (6.2.6, 7.0.7, 7.1.0, 7.2.6); AWS moves them.
/// The family of valkey 9 is a belief by analogy; the API model of 1.43 ends at valkey8.
pub(super) const RELEASES: &[Release] = &[
    release("redis", "2.8.24", Version(2, 8, 24), "redis2.8"),
    release("redis", "3.2.4", Version(3, 2, 4), "redis3.2"),
    release("redis", "3.2.6", Version(3, 2, 6), "redis3.2"),
    release("redis", "3.2.10", Version(3, 2, 10), "redis3.2"),
    release("redis", "4.0.10", Version(4, 0, 10), "redis4.0"),
    release("redis", "5.0.0", Version(5, 0, 0), "redis5.0"),
    release("redis", "5.0.3", Version(5, 0, 3), "redis5.0"),
    release("redis", "5.0.4", Version(5, 0, 4), "redis5.0"),
    release("redis", "5.0.5", Version(5, 0, 5), "redis5.0"),
    release("redis", "5.0.6", Version(5, 0, 6), "redis5.0"),
    release("redis", "6.0", Version(6, 0, 5), "redis6.x"),
    release("redis", "6.2", Version(6, 2, 6), "redis6.x"),
    release("redis", "7.0", Version(7, 0, 7), "redis7"),
    release("redis", "7.1", Version(7, 1, 0), "redis7"),
    release("valkey", "7.2", Version(7, 2, 6), "valkey7"),
    release("valkey", "8.0", Version(8, 0, 1), "valkey8"),
    release("valkey", "8.1", Version(8, 1, 0), "valkey8"),
    release("valkey", "8.2", Version(8, 2, 0), "valkey8"),
    release("valkey", "9.0", Version(9, 0, 0), "valkey9"),
    release("valkey", "9.1", Version(9, 1, 0), "valkey9"),
];

/// Families, oldest first.
pub(super) const FAMILIES: &[&str] = &[
    "redis2.6", "redis2.8", "redis3.2", "redis4.0", "redis5.0", "redis6.x", "redis7", "valkey7", "valkey8",
    "valkey9",
];

/// The engine as AWS spells it.
pub(super) fn engine(text: &str) -> Result<&'static str, ServiceError> {
    match text.to_ascii_lowercase().as_str() {
        "redis" => Ok("redis"),
        "valkey" => Ok("valkey"),
        "memcached" => Err(faults::value("Replication is not supported for the memcached engine.")),
        _ => Err(faults::value(format!("Invalid cache engine: {text}"))),
    }
}

/// Finds a release by what was asked for.
pub(super) fn find(engine: &str, requested: &str) -> Result<Release, ServiceError> {
    let name = if engine == "redis" && requested == "6.x" { "6.2" } else { requested };
    if let Some(found) = RELEASES.iter().find(|r| r.engine == engine && r.name == name) {
        return Ok(*found);
    }
    let parts: Vec<&str> = requested.split('.').collect();
    if let [major, minor, patch] = parts.as_slice() {
        let short = format!("{major}.{minor}");
        if patch.parse::<u16>().is_ok() && RELEASES.iter().any(|r| r.engine == engine && r.name == short) {
            return Err(faults::value(format!(
                "Specific version selection is not allowed for '{requested}', please use '{short}'"
            )));
        }
    }
    Err(faults::value(format!("Cannot find version {requested} for {engine}")))
}

/// The release that a full version belongs to.
pub(super) fn of(engine: &str, full: Version) -> Option<Release> {
    RELEASES.iter().rev().find(|r| r.engine == engine && (r.full.0, r.full.1) == (full.0, full.1)).copied()
}

/// Family of an engine's version.
pub(super) fn family(engine: &str, full: Version) -> &'static str {
    of(engine, full).map_or("redis7", |release| release.family)
}

/// The next minor release of the same major version, which an automatic upgrade goes to.
pub(super) fn next_minor(engine: &str, full: Version) -> Option<Release> {
    RELEASES.iter().find(|r| r.engine == engine && r.full.0 == full.0 && r.full > full).copied()
}

/// The name of a family's default parameter group. Families from 3.2 on have two.
pub(super) fn default_group(family: &str, cluster: bool) -> String {
    if cluster { format!("default.{family}.cluster.on") } else { format!("default.{family}") }
}

/// Whether the group is one that AWS made.
pub(super) fn is_default_group(name: &str) -> bool {
    name.starts_with("default.")
}

/// Whether a version may follow another in place: upwards, or from redis to valkey. Nothing goes
/// down (API model, `EngineVersion`), with one exception: Valkey 7.2 goes back to Redis OSS 7.1 (user
/// guide "Upgrading engine versions"; hashicorp/terraform-provider-aws PR #46950).
pub(super) fn upgrade(from: (&str, Version), to: Release) -> Result<(), ServiceError> {
    if from.0 == "valkey" && to.engine == "redis" {
        let rolls_back = (from.1.0, from.1.1) == (7, 2) && (to.full.0, to.full.1) == (7, 1);
        if rolls_back {
            return Ok(());
        }
        return Err(faults::combination("Modifying the engine from valkey to redis is not supported."));
    }
    let (old, new) = ((from.1.0, from.1.1), (to.full.0, to.full.1));
    if from.0 == to.engine && new < old {
        return Err(faults::combination(format!(
            "Downgrading from engine version {} to {} is not supported.",
            from.1, to.full
        )));
    }
    if from.0 != to.engine && from.1 < Version(5, 0, 6) {
        return Err(faults::combination(
            "Upgrading to valkey is only supported from redis engine version 5.0.6 and above.",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_asked_for_by_minor() {
        assert_eq!(find("redis", "6.x").unwrap().full, Version(6, 2, 6));
        assert_eq!(find("redis", "7.1").unwrap().family, "redis7");
        assert_eq!(find("redis", "5.0.6").unwrap().family, "redis5.0");
        let refused = find("redis", "7.0.7").unwrap_err();
        assert!(refused.message.contains("please use '7.0'"), "{}", refused.message);
        for (engine, bad) in
            [("redis", "7.x"), ("redis", "8.0"), ("valkey", "7.1"), ("valkey", "8"), ("redis", "")]
        {
            assert_eq!(find(engine, bad).unwrap_err().code, "InvalidParameterValue", "{engine} {bad}");
        }
    }

    #[test]
    fn nothing_goes_down() {
        let at = |engine, name| find(engine, name).unwrap();
        assert!(upgrade(("redis", Version(6, 2, 6)), at("redis", "6.0")).is_err());
        assert!(upgrade(("redis", Version(6, 2, 6)), at("redis", "6.x")).is_ok());
        assert!(upgrade(("redis", Version(7, 1, 0)), at("valkey", "7.2")).is_ok());
        assert!(upgrade(("redis", Version(4, 0, 10)), at("valkey", "7.2")).is_err());
    }

    #[test]
    fn valkey_7_2_alone_goes_back_and_only_to_redis_7_1() {
        let at = |engine, name| find(engine, name).unwrap();
        assert!(upgrade(("valkey", Version(7, 2, 6)), at("redis", "7.1")).is_ok());
        assert!(upgrade(("valkey", Version(7, 2, 6)), at("redis", "7.0")).is_err());
        assert!(upgrade(("valkey", Version(8, 0, 1)), at("redis", "7.1")).is_err());
    }

    #[test]
    fn minor_upgrades_stay_within_the_major_version() {
        assert_eq!(next_minor("redis", Version(6, 0, 5)).unwrap().name, "6.2");
        assert_eq!(next_minor("redis", Version(7, 1, 0)), None);
        assert_eq!(next_minor("valkey", Version(8, 0, 1)).unwrap().name, "8.1");
    }
}
