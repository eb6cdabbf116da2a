//! The parameters of each parameter group family, as AWS documents them: which there
//! are, what values they take, and which nobody but AWS may change.
//!
//! What stands here serves to find mistakes before AWS does. It is never complete, since
//! AWS adds parameters; so a name that is not here is no mistake, and a family that is not
//! here has no rules.

mod table;

use strsim::levenshtein;
pub(crate) use table::Parameter;
use table::{FAMILIES, PARAMETERS, Values};

/// True when the parameters of this family are documented.
pub(crate) fn is_documented(family: &str) -> bool {
    rank(family).is_some()
}

/// The parameter of that name, in lower case, in a family.
pub(crate) fn find(family: &str, name: &str) -> Option<&'static Parameter> {
    of(family).find(|parameter| parameter.name == name)
}

/// The name in a family that a name that is not there may be meant for; `None` when none
/// resembles it.
pub(crate) fn nearest(family: &str, name: &str) -> Option<&'static str> {
    // As many changes as make a third of the name.
    let limit = name.len() / 3;
    of(family)
        .map(|parameter| (levenshtein(name, parameter.name), parameter.name))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, name)| name)
}

/// The family that one that does not exist may be meant for.
pub(crate) fn nearest_family(family: &str) -> Option<&'static str> {
    let all = FAMILIES.iter().flat_map(|names| names.iter());
    // The newest of those that are as near.
    all.rev()
        .map(|known| (levenshtein(family, known), *known))
        .filter(|(distance, _)| *distance <= 2)
        .min_by_key(|it| it.0)
        .map(|(_, name)| name)
}

/// True for a family of Memcached: they exist, and their parameters are not described here.
pub(crate) fn is_of_memcached(family: &str) -> bool {
    ["memcached1.4", "memcached1.5", "memcached1.6"].contains(&family)
}

/// True for a parameter whose changes a node applies when it is rebooted.
///
/// User guide, "Rebooting nodes": `activerehashing` and `databases`. The answers of
/// DescribeCacheParameters that the API reference gives as examples have the change type
/// `requires-reboot` for these two and for `maxclients`.
pub(crate) fn requires_reboot(name: &str) -> bool {
    ["activerehashing", "databases", "maxclients"].contains(&name)
}

/// The families that have a parameter of that name, in their order.
pub(crate) fn families_with(name: &str) -> Vec<&'static str> {
    let all = FAMILIES.iter().flat_map(|names| names.iter());
    all.filter(|family| find(family, name).is_some()).copied().collect()
}

impl Parameter {
    /// False when AWS refuses every change of it.
    pub(crate) fn is_modifiable(&self) -> bool {
        !matches!(self.values, Values::Fixed)
    }

    /// What is wrong with a value, to complete "the parameter must be".
    ///
    /// # Errors
    /// The values that are allowed, in words.
    pub(crate) fn check(&self, value: &str) -> Result<(), String> {
        match &self.values {
            Values::Fixed | Values::Text => Ok(()),
            Values::OneOf(allowed) if allowed.contains(&value) => Ok(()),
            Values::OneOf(allowed) => Err(listed(allowed)),
            Values::Letters(allowed) if value.chars().all(|letter| allowed.contains(letter)) => Ok(()),
            Values::Letters(allowed) => Err(format!("made of the letters {allowed}")),
            Values::Number(ranges) => number(ranges, value),
        }
    }
}

/// Position of a family among [`FAMILIES`].
fn rank(family: &str) -> Option<usize> {
    FAMILIES.iter().position(|names| names.contains(&family))
}

fn of(family: &str) -> impl Iterator<Item = &'static Parameter> {
    let rank = rank(family);
    PARAMETERS.iter().filter(move |parameter| {
        let (first, last) = parameter.families;
        rank.is_some_and(|rank| (first..=last).contains(&rank))
    })
}

fn listed(allowed: &[&str]) -> String {
    let quoted: Vec<String> = allowed.iter().map(|value| format!("{value:?}")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => quoted.join(""),
    }
}

fn number(ranges: &[(i64, i64)], value: &str) -> Result<(), String> {
    let within = |number: i64| ranges.iter().any(|(low, high)| (*low..=*high).contains(&number));
    if value.parse().is_ok_and(within) {
        return Ok(());
    }
    let range = |(low, high): &(i64, i64)| match (*low, *high) {
        (low, high) if low == high => low.to_string(),
        (i64::MIN, _) => "any".to_owned(),
        (low, i64::MAX) => format!("{low} or more"),
        (low, high) => format!("{low} to {high}"),
    };
    let ranges: Vec<String> = ranges.iter().map(range).collect();
    Err(format!("a whole number without a unit: {}", ranges.join(", or ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(family: &str, name: &str, value: &str) -> Result<(), String> {
        find(family, name).unwrap_or_else(|| panic!("{family} has no {name}")).check(value)
    }

    #[test]
    fn a_name_stands_once_in_each_family_and_in_order() {
        for family in FAMILIES.iter().flat_map(|names| names.iter()) {
            let names: Vec<_> = of(family).map(|parameter| parameter.name).collect();
            assert!(names.windows(2).all(|pair| pair[0] < pair[1]), "{family}: {names:?}");
            assert!(names.len() > 25, "{family} has {}", names.len());
        }
    }

    /// The user guide, "Engine specific parameters".
    #[test]
    fn families_differ_as_the_user_guide_says() {
        for (family, has, has_not) in [
            ("redis2.8", "close-on-slave-write", "close-on-replica-write"),
            ("redis3.2", "reserved-memory-percent", "list-max-ziplist-entries"),
            ("redis5.0", "close-on-replica-write", "close-on-slave-write"),
            ("redis5.0", "lua-replicate-commands", "acl-pubsub-default"),
            ("redis6.x", "acl-pubsub-default", "lua-replicate-commands"),
            ("redis6.x", "hash-max-ziplist-entries", "hash-max-listpack-entries"),
            ("redis7", "hash-max-listpack-entries", "hash-max-ziplist-entries"),
            ("valkey7", "lazyfree-lazy-expire", "extended-redis-compatibility"),
            ("valkey8", "extended-redis-compatibility", "lazyfree-lazy-expire"),
            ("valkey8", "search-fanout-target-mode", "cluster-databases"),
            ("valkey9", "cluster-databases", "hash-max-ziplist-value"),
        ] {
            assert!(find(family, has).is_some(), "{family} {has}");
            assert!(find(family, has_not).is_none(), "{family} {has_not}");
        }
        assert!(!is_documented("memcached1.6") && find("memcached1.6", "chunk_size").is_none());
    }

    #[test]
    fn values_are_measured() {
        for (family, name, value) in [
            ("redis7", "maxmemory-policy", "allkeys-lfu"),
            ("redis7", "timeout", "0"),
            ("redis7", "timeout", "20"),
            ("redis7", "slowlog-log-slower-than", "-1"),
            ("redis6.x", "notify-keyspace-events", "KEA"),
            ("redis7", "cluster-enabled", "yes"),
            ("valkey8", "maxmemory-samples", "64"),
            ("redis7", "maxmemory-samples", "65"),
            ("redis7", "reserved-memory-percent", "100"),
            ("redis5.0", "rename-commands", "SET set1 GET get1"),
        ] {
            assert_eq!(check(family, name, value), Ok(()), "{family} {name} {value}");
        }
        for (family, name, value, problem) in [
            ("redis3.2", "maxmemory-policy", "allkeys-lfu", "\"volatile-lru\", \"allkeys-lru\""),
            ("redis7", "timeout", "10", "0, or 20 or more"),
            ("redis7", "activedefrag", "true", "\"yes\" or \"no\""),
            ("redis7", "slowlog-max-len", "1k", "a whole number without a unit: 0 or more"),
            ("redis7", "notify-keyspace-events", "Q", "letters KE"),
            ("valkey8", "maxmemory-samples", "65", "1 to 64"),
            ("redis7", "reserved-memory-percent", "101", "0 to 100"),
            ("redis7", "slowlog-log-slower-than", "fast", ": any"),
        ] {
            let said = check(family, name, value).unwrap_err();
            assert!(said.contains(problem), "{family} {name} {value}: {said}");
        }
    }

    #[test]
    fn aws_keeps_some_to_itself() {
        for (family, name) in [
            ("redis7", "appendonly"),
            ("redis7", "maxmemory"),
            ("redis7", "activerehashing"),
            ("redis3.2", "repl-timeout"),
            ("valkey8", "replica-allow-chaining"),
        ] {
            assert!(!find(family, name).unwrap().is_modifiable(), "{family} {name}");
        }
        for (family, name) in
            [("redis2.6", "appendonly"), ("redis6.x", "activerehashing"), ("redis2.8", "repl-timeout")]
        {
            assert!(find(family, name).unwrap().is_modifiable(), "{family} {name}");
        }
    }

    #[test]
    fn the_nearest_name_is_found() {
        assert_eq!(nearest("redis7", "maxmemory-polciy"), Some("maxmemory-policy"));
        assert_eq!(nearest("redis7", "hash-max-ziplist-entries"), Some("hash-max-listpack-entries"));
        assert_eq!(nearest("redis5.0", "min-slaves-to-write"), Some("min-replicas-to-write"));
        assert_eq!(nearest("redis7", "chunk_size"), None);
        assert_eq!(nearest("memcached1.6", "maxmemory-policy"), None);
        assert_eq!(families_with("close-on-slave-write"), ["redis2.8", "redis3.2", "redis4.0"]);
    }
}
