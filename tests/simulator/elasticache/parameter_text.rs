//! What AWS says of the parameters of family redis5.0 (example of describe-engine-default-parameters
//! in the AWS CLI's reference). A belief: other families say the same of what they share with it.

/// The description of a parameter, as the API returns it; `None` for one that no recording shows.
pub(super) fn description(name: &str) -> Option<&'static str> {
    TEXTS.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// The commands that `rename-commands` accepts in family redis5.0.
pub(super) const COMMANDS: &str = "APPEND,BITCOUNT,BITFIELD,BITOP,BITPOS,BLPOP,BRPOP,BRPOPLPUSH,BZPOPMIN,BZPOPMAX,\
CLIENT,COMMAND,DBSIZE,DECR,DECRBY,DEL,DISCARD,DUMP,ECHO,EVAL,EVALSHA,EXEC,EXISTS,EXPIRE,EXPIREAT,FLUSHALL,FLUSHDB,\
GEOADD,GEOHASH,GEOPOS,GEODIST,GEORADIUS,GEORADIUSBYMEMBER,GET,GETBIT,GETRANGE,GETSET,HDEL,HEXISTS,HGET,HGETALL,\
HINCRBY,HINCRBYFLOAT,HKEYS,HLEN,HMGET,HMSET,HSET,HSETNX,HSTRLEN,HVALS,INCR,INCRBY,INCRBYFLOAT,INFO,KEYS,LASTSAVE,\
LINDEX,LINSERT,LLEN,LPOP,LPUSH,LPUSHX,LRANGE,LREM,LSET,LTRIM,MEMORY,MGET,MONITOR,MOVE,MSET,MSETNX,MULTI,OBJECT,\
PERSIST,PEXPIRE,PEXPIREAT,PFADD,PFCOUNT,PFMERGE,PING,PSETEX,PSUBSCRIBE,PUBSUB,PTTL,PUBLISH,PUNSUBSCRIBE,RANDOMKEY,\
READONLY,READWRITE,RENAME,RENAMENX,RESTORE,ROLE,RPOP,RPOPLPUSH,RPUSH,RPUSHX,SADD,SCARD,SCRIPT,SDIFF,SDIFFSTORE,\
SELECT,SET,SETBIT,SETEX,SETNX,SETRANGE,SINTER,SINTERSTORE,SISMEMBER,SLOWLOG,SMEMBERS,SMOVE,SORT,SPOP,SRANDMEMBER,\
SREM,STRLEN,SUBSCRIBE,SUNION,SUNIONSTORE,SWAPDB,TIME,TOUCH,TTL,TYPE,UNSUBSCRIBE,UNLINK,UNWATCH,WAIT,WATCH,ZADD,\
ZCARD,ZCOUNT,ZINCRBY,ZINTERSTORE,ZLEXCOUNT,ZPOPMAX,ZPOPMIN,ZRANGE,ZRANGEBYLEX,ZREVRANGEBYLEX,ZRANGEBYSCORE,ZRANK,\
ZREM,ZREMRANGEBYLEX,ZREMRANGEBYRANK,ZREMRANGEBYSCORE,ZREVRANGE,ZREVRANGEBYSCORE,ZREVRANK,ZSCORE,ZUNIONSTORE,SCAN,\
SSCAN,HSCAN,ZSCAN,XINFO,XADD,XTRIM,XDEL,XRANGE,XREVRANGE,XLEN,XREAD,XGROUP,XREADGROUP,XACK,XCLAIM,XPENDING,\
GEORADIUS_RO,GEORADIUSBYMEMBER_RO,LOLWUT,XSETID,SUBSTR";

const TEXTS: &[(&str, &str)] = &[
    ("active-defrag-cycle-max", "Maximal effort for defrag in CPU percentage"),
    ("active-defrag-cycle-min", "Minimal effort for defrag in CPU percentage"),
    ("active-defrag-ignore-bytes", "Minimum amount of fragmentation waste to start active defrag"),
    (
        "active-defrag-max-scan-fields",
        "Maximum number of set/hash/zset/list fields that will be processed from the main dictionary scan",
    ),
    ("active-defrag-threshold-lower", "Minimum percentage of fragmentation to start active defrag"),
    ("active-defrag-threshold-upper", "Maximum percentage of fragmentation at which we use maximum effort"),
    ("activedefrag", "Enabled active memory defragmentation"),
    ("activerehashing", "Apply rehashing or not."),
    ("appendfsync", "fsync policy for AOF persistence"),
    ("appendonly", "Enable Redis persistence."),
    ("client-output-buffer-limit-normal-hard-limit", "Normal client output buffer hard limit in bytes."),
    ("client-output-buffer-limit-normal-soft-limit", "Normal client output buffer soft limit in bytes."),
    ("client-output-buffer-limit-normal-soft-seconds", "Normal client output buffer soft limit in seconds."),
    ("client-output-buffer-limit-pubsub-hard-limit", "Pubsub client output buffer hard limit in bytes."),
    ("client-output-buffer-limit-pubsub-soft-limit", "Pubsub client output buffer soft limit in bytes."),
    ("client-output-buffer-limit-pubsub-soft-seconds", "Pubsub client output buffer soft limit in seconds."),
    (
        "client-output-buffer-limit-replica-soft-seconds",
        "Replica client output buffer soft limit in seconds.",
    ),
    ("client-query-buffer-limit", "Max size of a single client query buffer"),
    (
        "close-on-replica-write",
        "If enabled, clients who attempt to write to a read-only replica will be disconnected. Applicable to 2.8.23 \
         and higher.",
    ),
    ("cluster-enabled", "Enable cluster mode"),
    (
        "cluster-require-full-coverage",
        "Whether cluster becomes unavailable if one or more slots are not covered",
    ),
    ("databases", "Set the number of databases."),
    (
        "hash-max-ziplist-entries",
        "The maximum number of hash entries in order for the dataset to be compressed.",
    ),
    (
        "hash-max-ziplist-value",
        "The threshold of biggest hash entries in order for the dataset to be compressed.",
    ),
    ("hll-sparse-max-bytes", "HyperLogLog sparse representation bytes limit"),
    ("lazyfree-lazy-eviction", "Perform an asynchronous delete on evictions"),
    ("lazyfree-lazy-expire", "Perform an asynchronous delete on expired keys"),
    ("lazyfree-lazy-server-del", "Perform an asynchronous delete on key updates"),
    ("lfu-decay-time", "The amount of time in minutes to decrement the key counter for LFU eviction policy"),
    ("lfu-log-factor", "The log factor for incrementing key counter for LFU eviction policy"),
    (
        "list-compress-depth",
        "Number of quicklist ziplist nodes from each side of the list to exclude from compression. The head and tail of \
         the list are always uncompressed for fast push/pop operations",
    ),
    (
        "list-max-ziplist-size",
        "The number of entries allowed per internal list node can be specified as a fixed maximum size or a maximum \
         number of elements",
    ),
    ("lua-replicate-commands", "Always enable Lua effect replication or not"),
    (
        "lua-time-limit",
        "Max execution time of a Lua script in milliseconds. 0 for unlimited execution without warnings.",
    ),
    ("maxclients", "The maximum number of Redis clients."),
    ("maxmemory-policy", "Max memory policy."),
    ("maxmemory-samples", "Max memory samples."),
    (
        "min-replicas-max-lag",
        "The maximum amount of replica lag in seconds beyond which the master would stop taking writes. A value of 0 \
         means the master always takes writes.",
    ),
    (
        "min-replicas-to-write",
        "The minimum number of replicas that must be present with lag no greater than min-replicas-max-lag for master \
         to take writes. Setting this to 0 means the master always takes writes.",
    ),
    (
        "notify-keyspace-events",
        "The keyspace events for Redis to notify Pub/Sub clients about. By default all notifications are disabled",
    ),
    ("proto-max-bulk-len", "Max size of a single element request"),
    ("rename-commands", "Redis commands that can be dynamically renamed by the customer"),
    (
        "repl-backlog-size",
        "The replication backlog size in bytes for PSYNC. This is the size of the buffer which accumulates slave data \
         when slave is disconnected for some time, so that when slave reconnects again, only transfer the portion of \
         data which the slave missed. Minimum value is 16K.",
    ),
    (
        "repl-backlog-ttl",
        "The amount of time in seconds after the master no longer have any slaves connected for the master to free the \
         replication backlog. A value of 0 means to never release the backlog.",
    ),
    ("replica-allow-chaining", "Configures if chaining of replicas is allowed"),
    (
        "replica-ignore-maxmemory",
        "Determines if replica ignores maxmemory setting by not evicting items independent from the master",
    ),
    ("replica-lazy-flush", "Perform an asynchronous flushDB during replica sync"),
    (
        "reserved-memory-percent",
        "The percent of memory reserved for non-cache memory usage. You may want to increase this parameter for nodes \
         with read replicas, AOF enabled, etc, to reduce swap usage.",
    ),
    ("set-max-intset-entries", "The limit in the size of the set in order for the dataset to be compressed."),
    (
        "slowlog-log-slower-than",
        "The execution time, in microseconds, to exceed in order for the command to get logged. Note that a negative \
         number disables the slow log, while a value of zero forces the logging of every command.",
    ),
    (
        "slowlog-max-len",
        "The length of the slow log. There is no limit to this length. Just be aware that it will consume memory. You \
         can reclaim memory used by the slow log with SLOWLOG RESET.",
    ),
    ("stream-node-max-bytes", "The maximum size of a single node in a stream in bytes"),
    ("stream-node-max-entries", "The maximum number of items a single node in a stream can contain"),
    ("tcp-keepalive", "If non-zero, send ACKs every given number of seconds."),
    ("timeout", "Close connection if client is idle for a given number of seconds, or never if 0."),
    (
        "zset-max-ziplist-entries",
        "The maximum number of sorted set entries in order for the dataset to be compressed.",
    ),
    (
        "zset-max-ziplist-value",
        "The threshold of biggest sorted set entries in order for the dataset to be compressed.",
    ),
];
