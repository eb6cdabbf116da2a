//! The metrics that ElastiCache publishes, and the dimensions under which it does.
//!
//! Names and units are those of the ElastiCache user guide: "Host-Level Metrics",
//! "Metrics for Valkey and Redis OSS", "Metrics for Memcached" and "Metrics and events
//! for Valkey and Redis OSS serverless caches".
//!
//! Dimensions: those of nodes and groups are in the user guide of CloudWatch,
//! "Supported metrics for resource tags for telemetry", AWS/ElastiCache. The list is not
//! complete, so only what contradicts it is found wrong, not what it lacks. A node of a
//! replication group is a cluster of its own with one node, `0001`. Those of a serverless cache are in recorded listings
//! only (cdklabs/cdk-monitoring-constructs#766).

use strsim::levenshtein;

/// The namespace of them all.
pub(crate) const NAMESPACE: &str = "AWS/ElastiCache";

/// The id of the only node of a cluster of Redis OSS or Valkey.
pub(crate) const NODE_ID: &str = "0001";

/// Host-level metrics, and those of the engine.
const NODE: &[&str] = &[
    "ActiveDefragHits",
    "AllocatorFragmentationBytes",
    "AllocatorFragmentationRatio",
    "AuthenticationFailures",
    "BlockedConnections",
    "BytesReadFromDisk",
    "BytesUsedForCache",
    "BytesWrittenToDisk",
    "CPUCreditBalance",
    "CPUCreditUsage",
    "CPUUtilization",
    "CacheHitRate",
    "CacheHits",
    "CacheMisses",
    "ChannelAuthorizationFailures",
    "CommandAuthorizationFailures",
    "CurrConnections",
    "CurrItems",
    "CurrItemsWithVolatileFields",
    "CurrVolatileItems",
    "DB0AverageTTL",
    "DatabaseAuthorizationFailures",
    "DatabaseCapacityUsageCountedForEvictPercentage",
    "DatabaseCapacityUsagePercentage",
    "DatabaseMemoryUsageCountedForEvictPercentage",
    "DatabaseMemoryUsagePercentage",
    "DurabilityBufferExceededErrorCount",
    "DurabilityLag",
    "EngineCPUUtilization",
    "ErrorCount",
    "Evictions",
    "FreeableMemory",
    "GlobalDatastoreReplicationLag",
    "IamAuthenticationExpirations",
    "IamAuthenticationThrottling",
    "IsMaster",
    "IsPrimary",
    "KeyAuthorizationFailures",
    "KeysTracked",
    "MajorPageFaults",
    "MasterLinkHealthStatus",
    "MemoryFragmentationRatio",
    "NetworkBandwidthInAllowanceExceeded",
    "NetworkBandwidthOutAllowanceExceeded",
    "NetworkBaselineMaxUsageInPercentage",
    "NetworkBaselineMaxUsageOutPercentage",
    "NetworkBaselineUsageInPercentage",
    "NetworkBaselineUsageOutPercentage",
    "NetworkBytesIn",
    "NetworkBytesOut",
    "NetworkConntrackAllowanceExceeded",
    "NetworkLinkLocalAllowanceExceeded",
    "NetworkMaxBytesIn",
    "NetworkMaxBytesOut",
    "NetworkMaxPacketsIn",
    "NetworkMaxPacketsOut",
    "NetworkPacketsIn",
    "NetworkPacketsOut",
    "NetworkPacketsPerSecondAllowanceExceeded",
    "NewConnections",
    "NumItemsReadFromDisk",
    "NumItemsWrittenToDisk",
    "PrimaryLinkHealthStatus",
    "ProcessedCommands",
    "PubSubChannels",
    "PubSubShardChannels",
    "Reclaimed",
    "ReclaimedFields",
    "RejectedConnections",
    "ReplicationBytes",
    "ReplicationLag",
    "SaveInProgress",
    "SearchNumberOfIndexes",
    "SearchTotalIndexedDocuments",
    "SearchUsedMemoryBytes",
    "SuccessfulReadRequestLatency",
    "SuccessfulWriteRequestLatency",
    "SwapUsage",
    "TrafficManagementActive",
    "UsedMemoryDataset",
];

/// Kinds of commands; each has `…Cmds` and `…CmdsLatency`, and `…CmdsECPUs` when
/// serverless.
const COMMANDS: &[&str] = &[
    "BloomFilterBased",
    "ClusterBased",
    "EvalBased",
    "GeoSpatialBased",
    "GetType",
    "HashBased",
    "HyperLogLogBased",
    "JsonBased",
    "JsonBasedGet",
    "JsonBasedSet",
    "KeyBased",
    "ListBased",
    "NonKeyType",
    "PubSubBased",
    "SearchBased",
    "SearchBasedGet",
    "SearchBasedSet",
    "SetBased",
    "SetType",
    "SortedSetBased",
    "StreamBased",
    "StringBased",
];

/// Of Memcached alone. The guide's tables say `CmdGet`, the console `CmdGets`.
const MEMCACHED: &[&str] = &[
    "BytesReadIntoMemcached",
    "BytesUsedForCacheItems",
    "BytesUsedForHash",
    "BytesWrittenOutFromMemcached",
    "CasBadval",
    "CasHits",
    "CasMisses",
    "CmdConfigGet",
    "CmdConfigSet",
    "CmdFlush",
    "CmdGet",
    "CmdGets",
    "CmdSet",
    "CmdSets",
    "CmdTouch",
    "CurrConfig",
    "DecrHits",
    "DecrMisses",
    "DeleteHits",
    "DeleteMisses",
    "EvictedUnfetched",
    "ExpiredUnfetched",
    "GetHits",
    "GetMisses",
    "IncrHits",
    "IncrMisses",
    "NewItems",
    "SlabsMoved",
    "TouchHits",
    "TouchMisses",
    "UnusedMemory",
];

/// Those of a serverless cache with the engine Memcached (user guide, "Metrics for ElastiCache Serverless for Memcached").
/// There is no CacheHitRate among them.
const SERVERLESS_MEMCACHED: &[&str] = &[
    "BytesUsedForCache",
    "CurrConnections",
    "CurrItems",
    "ElastiCacheProcessingUnits",
    "Evictions",
    "NetworkBytesIn",
    "NetworkBytesOut",
    "NewConnections",
    "Reclaimed",
    "SuccessfulReadRequestLatency",
    "SuccessfulWriteRequestLatency",
    "ThrottledCmds",
    "TotalCmdsCount",
];

/// Of serverless caches alone.
const SERVERLESS: &[&str] = &["ElastiCacheProcessingUnits", "ThrottledCmds", "TotalCmdsCount"];

/// Percentages from 0 to 100, or more.
const PERCENTAGES: &[&str] = &[
    "CPUUtilization",
    "CacheHitRate",
    "DatabaseCapacityUsageCountedForEvictPercentage",
    "DatabaseCapacityUsagePercentage",
    "DatabaseMemoryUsageCountedForEvictPercentage",
    "DatabaseMemoryUsagePercentage",
    "EngineCPUUtilization",
    "NetworkBaselineMaxUsageInPercentage",
    "NetworkBaselineMaxUsageOutPercentage",
    "NetworkBaselineUsageInPercentage",
    "NetworkBaselineUsageOutPercentage",
];

/// Published for a replication group, under `ReplicationGroupId`.
const GROUP: &[&str] = &[
    "DatabaseCapacityUsageCountedForEvictPercentage",
    "DatabaseMemoryUsageCountedForEvictPercentage",
    "EngineCPUUtilization",
];

/// Metrics whose dimensions AWS's documents do not tell.
const UNDOCUMENTED_DIMENSIONS: &[&str] =
    &["GlobalDatastoreReplicationLag", "IsPrimary", "PrimaryLinkHealthStatus"];

/// Names of the dimensions, in AWS's spelling: case counts.
const DIMENSIONS: &[&str] =
    &["CacheClusterId", "CacheNodeId", "NodeGroupId", "ReplicationGroupId", "Role", "Tier", "clusterId"];

/// True for a metric that ElastiCache publishes for serverless caches with the engine Memcached.
pub(crate) fn is_of_serverless_memcached(name: &str) -> bool {
    SERVERLESS_MEMCACHED.contains(&name)
}

/// True when ElastiCache has a metric of that name; names are case-sensitive.
pub(crate) fn exists(metric: &str) -> bool {
    [NODE, MEMCACHED, SERVERLESS].iter().any(|list| list.contains(&metric)) || is_of_commands(metric)
}

fn is_of_commands(metric: &str) -> bool {
    let kind = ["CmdsLatency", "CmdsECPUs", "Cmds"].iter().find_map(|suffix| metric.strip_suffix(suffix));
    kind.is_some_and(|kind| COMMANDS.contains(&kind))
}

/// True when the metric is a percentage.
pub(crate) fn is_percentage(metric: &str) -> bool {
    PERCENTAGES.contains(&metric)
}

/// True when only Memcached has the metric.
pub(crate) fn is_of_memcached(metric: &str) -> bool {
    MEMCACHED.contains(&metric)
}

/// True when AWS's documents give the metric's dimensions and `ReplicationGroupId`
/// alone is not among them: it is published for nodes, and not for groups.
pub(crate) fn is_not_of_groups(metric: &str) -> bool {
    let message = [NODE, MEMCACHED].iter().any(|list| list.contains(&metric));
    message && !GROUP.contains(&metric) && !UNDOCUMENTED_DIMENSIONS.contains(&metric)
}

/// True when only serverless caches have the metric.
pub(crate) fn is_of_serverless(metric: &str) -> bool {
    SERVERLESS.contains(&metric) || metric.ends_with("CmdsECPUs")
}

/// AWS's spelling of a dimension whose name differs in nothing but case.
pub(crate) fn misspelled_dimension(name: &str) -> Option<&'static str> {
    DIMENSIONS.iter().copied().find(|known| *known != name && known.eq_ignore_ascii_case(name))
}

/// The metric a name that does not exist was likely meant to be: one that differs in
/// case or in two letters. Other names may be of metrics newer than this list.
pub(crate) fn nearest(name: &str) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    let candidates = [NODE, MEMCACHED, SERVERLESS].into_iter().flatten().copied();
    let (distance, nearest) =
        candidates.map(|it| (levenshtein(&lower, &it.to_ascii_lowercase()), it)).min_by_key(|(d, _)| *d)?;
    (distance <= 2 && distance * 4 < name.len()).then_some(nearest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_and_agree() {
        for list in
            [NODE, COMMANDS, MEMCACHED, SERVERLESS, PERCENTAGES, GROUP, UNDOCUMENTED_DIMENSIONS, DIMENSIONS]
        {
            assert!(list.is_sorted(), "{list:?}");
        }
        for metric in [PERCENTAGES, GROUP, UNDOCUMENTED_DIMENSIONS].into_iter().flatten() {
            assert!(NODE.contains(metric), "{metric}");
        }
    }

    #[test]
    fn knows_the_metrics_of_the_guides_by_their_exact_names() {
        for metric in [
            "CPUUtilization",
            "ReplicationLag",
            "SetTypeCmds",
            "EvalBasedCmdsLatency",
            "GetHits",
            "ThrottledCmds",
        ] {
            assert!(exists(metric), "{metric}");
        }
        for metric in ["CPUutilization", "MemoryUtilization", "Cmds", "CacheHitRatio", ""] {
            assert!(!exists(metric), "{metric}");
        }
    }

    #[test]
    fn suggests_what_was_meant() {
        assert_eq!(nearest("CPUutilisation"), Some("CPUUtilization"));
        assert_eq!(nearest("CacheHitRatio"), Some("CacheHitRate"));
        assert_eq!(nearest("MemoryUtilization"), None);
        assert_eq!(nearest("MyOwnMetric"), None);
    }
}
