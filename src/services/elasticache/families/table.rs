//! The facts, from the user guide ("Engine specific parameters") and from the answers of
//! DescribeCacheParameters that the API reference gives as examples. Where they disagree
//! about a limit, or give none, the wider one stands here: AWS has the last word.

/// A parameter as some families have it.
#[derive(Debug)]
pub(crate) struct Parameter {
    /// Its name, in lower case.
    pub(super) name: &'static str,
    /// First and last family that has it so, as positions in [`FAMILIES`].
    pub(super) families: (usize, usize),
    /// What it may be set to.
    pub(super) values: Values,
}

/// What a parameter may be set to.
#[derive(Debug)]
pub(super) enum Values {
    /// Nothing: AWS changes it, or nobody.
    Fixed,
    /// Anything.
    Text,
    /// One of these.
    OneOf(&'static [&'static str]),
    /// Any combination of these letters.
    Letters(&'static str),
    /// A whole number in one of these ranges, ends included.
    Number(&'static [(i64, i64)]),
}

use Values::{Fixed, Letters, Number, OneOf, Text};

/// The families, oldest first; those in one row have the same parameters.
pub(super) const FAMILIES: &[&[&str]] = &[
    &["redis2.6"],
    &["redis2.8"],
    &["redis3.2"],
    &["redis4.0"],
    &["redis5.0"],
    &["redis6.x"],
    &["redis7", "valkey7"],
    &["valkey8"],
    &["valkey9"],
];

const R26: usize = 0;
const R28: usize = 1;
const R32: usize = 2;
const R40: usize = 3;
const R50: usize = 4;
const R6: usize = 5;
const R7: usize = 6;
const V8: usize = 7;
const V9: usize = 8;

const FLAG: Values = OneOf(&["yes", "no"]);
const ANY: Values = Number(&[(i64::MIN, i64::MAX)]);
const COUNT: Values = Number(&[(0, i64::MAX)]);
const POSITIVE: Values = Number(&[(1, i64::MAX)]);
const PERCENT: Values = Number(&[(1, 100)]);
const OLD_POLICIES: Values = OneOf(&[
    "volatile-lru",
    "allkeys-lru",
    "volatile-random",
    "allkeys-random",
    "volatile-ttl",
    "noeviction",
]);
const POLICIES: Values = OneOf(&[
    "volatile-lru",
    "allkeys-lru",
    "volatile-lfu",
    "allkeys-lfu",
    "volatile-random",
    "allkeys-random",
    "volatile-ttl",
    "noeviction",
]);

const fn row(name: &'static str, families: (usize, usize), values: Values) -> Parameter {
    Parameter { name, families, values }
}

/// Every parameter, in the order of names; one that changed stands once for each form.
#[rustfmt::skip]
pub(super) const PARAMETERS: &[Parameter] = &[
    row("acl-pubsub-default", (R6, V9), OneOf(&["allchannels", "resetchannels"])),
    row("acllog-max-len", (R6, V9), COUNT),
    row("active-defrag-cycle-max", (R40, V9), Number(&[(1, 75)])),
    row("active-defrag-cycle-min", (R40, V9), Number(&[(1, 75)])),
    row("active-defrag-ignore-bytes", (R40, V9), COUNT),
    row("active-defrag-max-scan-fields", (R50, V9), Number(&[(1, 1_000_000)])),
    row("active-defrag-threshold-lower", (R40, V9), PERCENT),
    row("active-defrag-threshold-upper", (R40, V9), PERCENT),
    row("active-expire-effort", (R6, V9), Number(&[(1, 10)])),
    row("activedefrag", (R40, V9), FLAG),
    // Until a cache uses the group.
    row("activerehashing", (R26, R6), FLAG),
    row("activerehashing", (R7, V9), Fixed),
    row("appendfsync", (R26, R28), OneOf(&["always", "everysec", "no"])),
    row("appendfsync", (R32, V9), Fixed),
    row("appendonly", (R26, R28), FLAG),
    row("appendonly", (R32, V9), Fixed),
    row("client-output-buffer-limit-normal-hard-limit", (R26, V9), COUNT),
    row("client-output-buffer-limit-normal-soft-limit", (R26, V9), COUNT),
    row("client-output-buffer-limit-normal-soft-seconds", (R26, V9), COUNT),
    row("client-output-buffer-limit-pubsub-hard-limit", (R26, V9), COUNT),
    row("client-output-buffer-limit-pubsub-soft-limit", (R26, V9), COUNT),
    row("client-output-buffer-limit-pubsub-soft-seconds", (R26, V9), COUNT),
    row("client-output-buffer-limit-replica-hard-limit", (R50, V9), Fixed),
    row("client-output-buffer-limit-replica-soft-limit", (R50, V9), Fixed),
    row("client-output-buffer-limit-replica-soft-seconds", (R50, V9), Fixed),
    row("client-output-buffer-limit-slave-hard-limit", (R26, R40), Fixed),
    row("client-output-buffer-limit-slave-soft-limit", (R26, R40), Fixed),
    row("client-output-buffer-limit-slave-soft-seconds", (R26, R40), Fixed),
    row("client-query-buffer-limit", (R40, V9), Number(&[(1_048_576, 1_073_741_824)])),
    row("close-on-replica-write", (R50, V9), FLAG),
    row("close-on-slave-write", (R28, R40), FLAG),
    row("cluster-allow-pubsubshard-when-down", (R7, V9), FLAG),
    row("cluster-allow-reads-when-down", (R6, V9), FLAG),
    // Both on a new group only.
    row("cluster-databases", (V9, V9), Number(&[(0, 10_000)])),
    row("cluster-enabled", (R32, V9), FLAG),
    row("cluster-preferred-endpoint-type", (R7, V9), OneOf(&["ip", "tls-dynamic"])),
    row("cluster-require-full-coverage", (R32, V9), FLAG),
    row("commandlog-large-reply-max-len", (V8, V9), Number(&[(0, 1024)])),
    row("commandlog-large-request-max-len", (V8, V9), Number(&[(0, 1024)])),
    row("commandlog-reply-larger-than", (V8, V9), ANY),
    row("commandlog-request-larger-than", (V8, V9), ANY),
    // Until a cache uses the group.
    row("databases", (R26, V9), Number(&[(1, 1_200_000)])),
    row("extended-redis-compatibility", (V8, V9), FLAG),
    row("hash-max-listpack-entries", (R7, V9), COUNT),
    row("hash-max-listpack-value", (R7, V9), COUNT),
    row("hash-max-ziplist-entries", (R26, R6), COUNT),
    row("hash-max-ziplist-value", (R26, R6), COUNT),
    row("hll-sparse-max-bytes", (R32, V9), POSITIVE),
    row("latency-tracking", (R7, V9), FLAG),
    row("lazyfree-lazy-eviction", (R40, R7), FLAG),
    row("lazyfree-lazy-expire", (R40, R7), FLAG),
    row("lazyfree-lazy-server-del", (R40, R7), FLAG),
    row("lazyfree-lazy-user-del", (R6, R7), FLAG),
    row("lfu-decay-time", (R40, V9), COUNT),
    row("lfu-log-factor", (R40, V9), POSITIVE),
    row("list-compress-depth", (R32, V9), COUNT),
    row("list-max-ziplist-entries", (R26, R28), COUNT),
    row("list-max-ziplist-size", (R32, R6), Fixed),
    row("list-max-ziplist-value", (R26, R28), COUNT),
    row("lua-replicate-commands", (R50, R50), FLAG),
    row("lua-time-limit", (R26, V9), Fixed),
    row("maxclients", (R26, R50), Fixed),
    // The user guide says nothing of it for later families, where AWS has let it go.
    row("maxclients", (R6, V9), Number(&[(1, 65_000)])),
    row("maxmemory", (R26, V9), Fixed),
    row("maxmemory-policy", (R26, R32), OLD_POLICIES),
    row("maxmemory-policy", (R40, V9), POLICIES),
    row("maxmemory-samples", (R26, R7), POSITIVE),
    row("maxmemory-samples", (V8, V9), Number(&[(1, 64)])),
    row("min-replicas-max-lag", (R50, V9), COUNT),
    row("min-replicas-to-write", (R50, V9), COUNT),
    row("min-slaves-max-lag", (R28, R40), COUNT),
    row("min-slaves-to-write", (R28, R40), COUNT),
    // The guide's letters, and those of later engines: streams, modules, misses, new keys.
    row("notify-keyspace-events", (R28, V9), Letters("KEg$lshzxeAtdmn")),
    row("proto-max-bulk-len", (R40, V9), Number(&[(1_048_576, 536_870_912)])),
    row("rename-commands", (R50, V9), Text),
    row("repl-backlog-size", (R28, V9), Number(&[(16_384, i64::MAX)])),
    row("repl-backlog-ttl", (R28, V9), COUNT),
    row("repl-timeout", (R28, R28), Number(&[(11, i64::MAX)])),
    row("repl-timeout", (R32, R40), Fixed),
    row("replica-allow-chaining", (R50, V9), Fixed),
    row("replica-ignore-maxmemory", (R50, V9), Fixed),
    row("replica-lazy-flush", (R50, R7), Fixed),
    // Documented up to redis2.8, and taken by AWS ever since.
    row("reserved-memory", (R26, V9), COUNT),
    row("reserved-memory-percent", (R32, V9), Number(&[(0, 100)])),
    row("search-default-timeout-ms", (V8, V9), Number(&[(1, 60_000)])),
    row("search-enable-partial-results", (V8, V9), FLAG),
    row("search-fanout-target-mode", (V8, V9), OneOf(&["client", "throughput"])),
    row("set-max-intset-entries", (R26, V9), COUNT),
    row("slave-allow-chaining", (R26, R40), Fixed),
    row("slave-lazy-flush", (R40, R40), Fixed),
    row("slowlog-log-slower-than", (R26, V9), ANY),
    row("slowlog-max-len", (R26, V9), COUNT),
    row("stream-node-max-bytes", (R50, V9), COUNT),
    row("stream-node-max-entries", (R50, V9), COUNT),
    row("tcp-keepalive", (R26, V9), COUNT),
    row("timeout", (R26, V9), Number(&[(0, 0), (20, i64::MAX)])),
    row("tracking-table-max-keys", (R6, V9), COUNT),
    row("zset-max-listpack-entries", (R7, V9), COUNT),
    row("zset-max-listpack-value", (R7, V9), COUNT),
    row("zset-max-ziplist-entries", (R26, R6), COUNT),
    row("zset-max-ziplist-value", (R26, R6), COUNT),
];
