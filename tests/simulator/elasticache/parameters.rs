//! The parameters of each family: name, default, type, allowed values, whether one may change
//! them, and whether that needs a reboot.
//!
//! redis5.0 is as `DescribeEngineDefaultParameters` gives it (an example answer in the AWS CLI's
//! reference). The other families are that list with the changes that the user guide describes
//! ("Engine specific parameters"). NOT COMPLETE are: descriptions of what redis5.0 does not have (the
//! name's words stand for them), the commands of `rename-commands` in later families (none are
//! checked), the node type specific parameters (none are given), and families older than redis2.8.

use super::parameter_text::COMMANDS;

/// One parameter of a family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Known {
    /// Name.
    pub(super) name: &'static str,
    /// Value in a group of one's own.
    pub(super) default: Option<&'static str>,
    /// `integer` or `string`.
    pub(super) kind: &'static str,
    /// Allowed values as AWS writes them, empty for any.
    pub(super) allowed: &'static str,
    /// Whether one may change it.
    pub(super) modifiable: bool,
    /// Whether a change needs a reboot.
    pub(super) reboot: bool,
    /// First family that has it, by [`rank`].
    since: u8,
    /// Last family that has it.
    until: u8,
}

/// Order of families: what the user guide says of redis7 holds for valkey7 as well.
fn rank(family: &str) -> u8 {
    match family {
        "redis2.6" => 0,
        "redis2.8" => 1,
        "redis3.2" => 2,
        "redis4.0" => 3,
        "redis5.0" => 4,
        "redis6.x" => 5,
        "redis7" | "valkey7" => 6,
        "valkey8" => 7,
        _ => 8,
    }
}

const ANY: u8 = u8::MAX;
const INT: &str = "integer";
const STR: &str = "string";
const BOOL: &str = "yes,no";

/// A parameter that one may change at once.
const fn free(
    (name, default): (&'static str, &'static str),
    kind: &'static str,
    allowed: &'static str,
    (since, until): (u8, u8),
) -> Known {
    Known { name, default: Some(default), kind, allowed, modifiable: true, reboot: false, since, until }
}

/// A parameter that one may not change.
const fn fixed(
    (name, default): (&'static str, &'static str),
    kind: &'static str,
    allowed: &'static str,
    (since, until): (u8, u8),
) -> Known {
    Known { name, default: Some(default), kind, allowed, modifiable: false, reboot: false, since, until }
}

/// The same, but changes take a reboot.
const fn reboot(mut known: Known) -> Known {
    known.reboot = true;
    known
}

/// The same, but without a default.
const fn unset(mut known: Known) -> Known {
    known.default = None;
    known
}

const POLICIES: &str = "volatile-lru,allkeys-lru,volatile-lfu,allkeys-lfu,volatile-random,allkeys-random,\
                        volatile-ttl,noeviction";
const OLD_POLICIES: &str = "volatile-lru,allkeys-lru,volatile-random,allkeys-random,volatile-ttl,noeviction";

/// All parameters. A name may stand more than once where a family changed it.
const ALL: &[Known] = &[
    free(("acl-pubsub-default", "allchannels"), STR, "allchannels,resetchannels", (5, ANY)),
    free(("acllog-max-len", "128"), INT, "1-10000", (5, ANY)),
    free(("active-defrag-cycle-max", "75"), INT, "1-75", (3, ANY)),
    free(("active-defrag-cycle-min", "5"), INT, "1-75", (3, ANY)),
    free(("active-defrag-ignore-bytes", "104857600"), INT, "1048576-", (3, ANY)),
    free(("active-defrag-max-scan-fields", "1000"), INT, "1-1000000", (4, ANY)),
    free(("active-defrag-threshold-lower", "10"), INT, "1-100", (3, ANY)),
    free(("active-defrag-threshold-upper", "100"), INT, "1-100", (3, ANY)),
    free(("active-expire-effort", "1"), INT, "1-10", (5, ANY)),
    free(("activedefrag", "no"), STR, BOOL, (3, ANY)),
    reboot(fixed(("activerehashing", "yes"), STR, BOOL, (0, ANY))),
    free(("appendfsync", "everysec"), STR, "always,everysec,no", (0, 1)),
    fixed(("appendfsync", "everysec"), STR, "always,everysec,no", (2, ANY)),
    free(("appendonly", "no"), STR, BOOL, (0, 1)),
    fixed(("appendonly", "no"), STR, BOOL, (2, ANY)),
    free(("client-output-buffer-limit-normal-hard-limit", "0"), INT, "0-", (0, ANY)),
    free(("client-output-buffer-limit-normal-soft-limit", "0"), INT, "0-", (0, ANY)),
    free(("client-output-buffer-limit-normal-soft-seconds", "0"), INT, "0-", (0, ANY)),
    free(("client-output-buffer-limit-pubsub-hard-limit", "33554432"), INT, "0-", (0, ANY)),
    free(("client-output-buffer-limit-pubsub-soft-limit", "8388608"), INT, "0-", (0, ANY)),
    free(("client-output-buffer-limit-pubsub-soft-seconds", "60"), INT, "0-", (0, ANY)),
    fixed(("client-output-buffer-limit-replica-soft-seconds", "60"), INT, "0-", (4, ANY)),
    fixed(("client-output-buffer-limit-slave-soft-seconds", "60"), INT, "0-", (0, 3)),
    free(("client-query-buffer-limit", "1073741824"), INT, "1048576-1073741824", (3, ANY)),
    free(("close-on-replica-write", "yes"), STR, BOOL, (4, ANY)),
    free(("close-on-slave-write", "yes"), STR, BOOL, (1, 3)),
    free(("cluster-allow-pubsubshard-when-down", "yes"), STR, BOOL, (6, ANY)),
    free(("cluster-allow-reads-when-down", "no"), STR, BOOL, (5, ANY)),
    reboot(free(("cluster-databases", "1"), INT, "1-10000", (8, ANY))),
    reboot(fixed(("cluster-enabled", "no"), STR, BOOL, (2, ANY))),
    free(("cluster-preferred-endpoint-type", "tls-dynamic"), STR, "ip,tls-dynamic", (6, ANY)),
    free(("cluster-require-full-coverage", "no"), STR, BOOL, (2, ANY)),
    free(("commandlog-execution-slower-than", "10000"), INT, "-", (8, ANY)),
    free(("commandlog-slow-execution-max-len", "128"), INT, "0-", (8, ANY)),
    reboot(free(("databases", "16"), INT, "1-1200000", (0, 3))),
    reboot(free(("databases", "16"), INT, "1-1200000", (4, ANY))),
    free(("extended-redis-compatibility", "yes"), STR, BOOL, (7, ANY)),
    free(("hash-max-listpack-entries", "512"), INT, "0-", (6, ANY)),
    free(("hash-max-listpack-value", "64"), INT, "0-", (6, ANY)),
    free(("hash-max-ziplist-entries", "512"), INT, "0-", (0, ANY)),
    free(("hash-max-ziplist-value", "64"), INT, "0-", (0, ANY)),
    free(("hll-sparse-max-bytes", "3000"), INT, "1-16000", (2, ANY)),
    free(("latency-tracking", "no"), STR, BOOL, (6, ANY)),
    free(("lazyfree-lazy-eviction", "no"), STR, BOOL, (3, 6)),
    free(("lazyfree-lazy-eviction", "yes"), STR, BOOL, (7, ANY)),
    free(("lazyfree-lazy-expire", "no"), STR, BOOL, (3, 6)),
    free(("lazyfree-lazy-expire", "yes"), STR, BOOL, (7, ANY)),
    free(("lazyfree-lazy-server-del", "no"), STR, BOOL, (3, 6)),
    free(("lazyfree-lazy-server-del", "yes"), STR, BOOL, (7, ANY)),
    free(("lazyfree-lazy-user-del", "no"), STR, BOOL, (5, 6)),
    free(("lazyfree-lazy-user-del", "yes"), STR, BOOL, (7, ANY)),
    free(("lfu-decay-time", "1"), INT, "0-", (3, ANY)),
    free(("lfu-log-factor", "10"), INT, "1-", (3, ANY)),
    free(("list-compress-depth", "0"), INT, "0-", (2, ANY)),
    fixed(("list-max-listpack-size", "-2"), INT, "-5,-4,-3,-2,-1,1-", (6, ANY)),
    free(("list-max-ziplist-entries", "512"), INT, "0-", (0, 1)),
    fixed(("list-max-ziplist-size", "-2"), INT, "-5,-4,-3,-2,-1,1-", (2, ANY)),
    free(("list-max-ziplist-value", "64"), INT, "0-", (0, 1)),
    free(("lua-replicate-commands", "yes"), STR, BOOL, (4, 5)),
    fixed(("lua-time-limit", "5000"), INT, "5000", (0, ANY)),
    reboot(fixed(("maxclients", "65000"), INT, "1-65000", (0, 4))),
    reboot(free(("maxclients", "65000"), INT, "1-65000", (5, ANY))),
    free(("maxmemory-policy", "volatile-lru"), STR, OLD_POLICIES, (0, 2)),
    free(("maxmemory-policy", "volatile-lru"), STR, POLICIES, (3, ANY)),
    free(("maxmemory-samples", "3"), INT, "1-", (0, ANY)),
    free(("min-replicas-max-lag", "10"), INT, "0-", (4, ANY)),
    free(("min-replicas-to-write", "0"), INT, "0-", (4, ANY)),
    free(("min-slaves-max-lag", "10"), INT, "0-", (1, 3)),
    free(("min-slaves-to-write", "0"), INT, "0-", (1, 3)),
    unset(free(("notify-keyspace-events", ""), STR, "", (1, ANY))),
    free(("proto-max-bulk-len", "536870912"), INT, "1048576-536870912", (3, ANY)),
    free(("rename-commands", ""), STR, COMMANDS, (4, 4)),
    free(("rename-commands", ""), STR, "", (5, ANY)),
    free(("repl-backlog-size", "1048576"), INT, "16384-", (1, ANY)),
    free(("repl-backlog-ttl", "3600"), INT, "0-", (1, ANY)),
    free(("repl-timeout", "60"), INT, "11-", (1, 1)),
    fixed(("repl-timeout", "60"), INT, "11-", (2, 3)),
    fixed(("replica-allow-chaining", "no"), STR, BOOL, (4, ANY)),
    fixed(("replica-ignore-maxmemory", "yes"), STR, BOOL, (4, ANY)),
    fixed(("replica-lazy-flush", "no"), STR, BOOL, (4, 6)),
    fixed(("replica-lazy-flush", "yes"), STR, BOOL, (7, ANY)),
    free(("reserved-memory", "0"), INT, "0-", (0, 1)),
    free(("reserved-memory-percent", "25"), INT, "0-100", (2, ANY)),
    free(("set-max-intset-entries", "512"), INT, "0-", (0, ANY)),
    fixed(("slave-allow-chaining", "no"), STR, BOOL, (0, 3)),
    free(("slowlog-log-slower-than", "10000"), INT, "-", (0, ANY)),
    free(("slowlog-max-len", "128"), INT, "0-", (0, ANY)),
    free(("stream-node-max-bytes", "4096"), INT, "0-", (4, ANY)),
    free(("stream-node-max-entries", "100"), INT, "0-", (4, ANY)),
    free(("tcp-keepalive", "0"), INT, "0-", (0, 1)),
    free(("tcp-keepalive", "300"), INT, "0-", (2, ANY)),
    free(("timeout", "0"), INT, "0,20-", (0, ANY)),
    free(("tracking-table-max-keys", "1000000"), INT, "1-100000000", (5, ANY)),
    free(("zset-max-listpack-entries", "128"), INT, "0-", (6, ANY)),
    free(("zset-max-listpack-value", "64"), INT, "0-", (6, ANY)),
    free(("zset-max-ziplist-entries", "128"), INT, "0-", (0, ANY)),
    free(("zset-max-ziplist-value", "64"), INT, "0-", (0, ANY)),
];

/// `reserved-memory` in families that list only `reserved-memory-percent`: one may set it, it is
/// then shown, and it cannot be reset (hashicorp/aws #6752, #17004).
const HIDDEN: Known = free(("reserved-memory", "0"), INT, "0-", (2, ANY));

impl Known {
    /// Whether a value is allowed.
    pub(super) fn allows(&self, value: &str) -> bool {
        if self.kind == INT && value.parse::<i64>().is_err() {
            return false;
        }
        if self.name == "notify-keyspace-events" {
            return value.chars().all(|c| "KEg$lshzxeAtdmn".contains(c));
        }
        if self.name == "rename-commands" && !self.allowed.is_empty() {
            // Pairs of a command and its new name (user guide, "Redis OSS 5.0.3 parameter changes").
            let is_known = |word: &str| self.allowed.split(',').any(|name| name.eq_ignore_ascii_case(word));
            let words: Vec<&str> = value.split_whitespace().collect();
            return words.len().is_multiple_of(2) && words.iter().step_by(2).all(|word| is_known(word));
        }
        self.allowed.is_empty() || self.allowed.split(',').any(|part| self.within(part, value))
    }

    fn within(&self, part: &str, value: &str) -> bool {
        let ends = part.char_indices().skip(1).find(|(_, c)| *c == '-').map(|(at, _)| part.split_at(at));
        match (self.kind, value.parse::<i64>(), ends) {
            // A lone hyphen: any number.
            (INT, Ok(_), None) if part == "-" => true,
            (INT, Ok(number), Some((low, high))) => {
                low.parse().is_ok_and(|low: i64| number >= low)
                    && high
                        .get(1..)
                        .is_none_or(|high| high.parse().map_or(high.is_empty(), |high: i64| number <= high))
            }
            _ => part == value,
        }
    }
}

/// The parameters of a family in the order of their names.
pub(super) fn of(family: &str) -> impl Iterator<Item = &'static Known> {
    let rank = rank(family);
    ALL.iter().filter(move |known| (known.since..=known.until).contains(&rank))
}

/// A parameter of a family by name.
pub(super) fn find(family: &str, name: &str) -> Option<&'static Known> {
    of(family).find(|known| known.name == name).or_else(|| (name == HIDDEN.name).then_some(&HIDDEN))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_once_in_each_family_and_in_order() {
        for family in super::super::versions::FAMILIES {
            let names: Vec<_> = of(family).map(|known| known.name).collect();
            assert!(names.windows(2).all(|pair| pair[0] < pair[1]), "{family}: {names:?}");
            assert!(names.len() > 25, "{family} has {}", names.len());
        }
    }

    #[test]
    fn defaults_are_allowed() {
        for known in ALL {
            assert!(known.default.is_none_or(|value| known.allows(value)), "{}", known.name);
        }
    }

    #[test]
    fn values_are_checked() {
        let check = |family, name, value| find(family, name).unwrap().allows(value);
        assert!(check("redis7", "timeout", "0") && check("redis7", "timeout", "20"));
        assert!(!check("redis7", "timeout", "10") && !check("redis7", "timeout", "x"));
        assert!(check("redis7", "slowlog-log-slower-than", "-1"));
        assert!(check("redis7", "maxmemory-policy", "allkeys-lfu"));
        assert!(!check("redis2.8", "maxmemory-policy", "allkeys-lfu"));
        assert!(!check("redis7", "reserved-memory-percent", "101"));
        assert!(
            check("redis7", "notify-keyspace-events", "KEA")
                && !check("redis7", "notify-keyspace-events", "Q")
        );
        assert!(find("redis7", "reserved-memory").is_some() && find("redis7", "no-such").is_none());
        assert!(!find("redis7", "cluster-enabled").unwrap().modifiable);
        assert!(check("redis5.0", "rename-commands", "SET set1 get get1"));
        assert!(!check("redis5.0", "rename-commands", "SET"));
        assert!(!check("redis5.0", "rename-commands", "CONFIG config1"));
    }
}
