//! The exact texts of warnings, and alarms without a warning.

use std::collections::BTreeMap;

use super::lint::{Part, Watched, lint};

fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn warnings(metric: &str, dimensions: &[(&str, &str)], threshold: f64) -> Vec<(Part, String)> {
    let dimensions = map(dimensions);
    let watched = Watched {
        namespace: Some("AWS/ElastiCache"),
        metric: Some(metric),
        dimensions: Some(&dimensions),
        statistic: Some("Average"),
        threshold: Some(threshold),
    };
    lint(&watched).into_iter().map(|(part, d)| (part, format!("{}: {}", d.summary, d.detail))).collect()
}

/// The example "Additional Monitoring" in the README of a module: a hit rate of 0.8 for the ID of a replication group.
#[test]
fn replication_group_and_fraction_are_warned_of() {
    let found = warnings("CacheHitRate", &[("CacheClusterId", "koneksi-staging-redis")], 0.8);
    assert_eq!(
        found,
        [
            (
                Part::Dimensions,
                "CacheClusterId is not a node: ElastiCache publishes metrics for the nodes of a replication group, such as \
                 \"koneksi-staging-redis-001\" or \"koneksi-staging-redis-0001-001\", and not for the replication group. If \
                 \"koneksi-staging-redis\" is the ID of a replication group, the alarm stays in INSUFFICIENT_DATA: use an \
                 element of its `member_clusters`. If it is a cache cluster, add CacheNodeId = \"0001\" to the dimensions."
                    .to_owned()
            ),
            (
                Part::Threshold,
                "CacheHitRate is a percentage: CloudWatch publishes CacheHitRate as a number from 0 to 100, so the threshold \
                 0.8 is 0.8 %. For 80 %, set `threshold = 80`."
                    .to_owned()
            ),
        ]
    );
}

#[test]
fn nodes_are_not_warned_of() {
    for id in ["main-001", "main-0001-001", "a-b-12-003"] {
        assert_eq!(warnings("CPUUtilization", &[("CacheClusterId", id)], 75.0), [], "{id}");
        let both = [("CacheClusterId", id), ("CacheNodeId", "0001")];
        assert_eq!(warnings("ReplicationLag", &both, 1.0), [], "{id}");
    }
    let cache_cluster = [("CacheClusterId", "sessions"), ("CacheNodeId", "0002")];
    assert_eq!(warnings("CPUUtilization", &cache_cluster, 75.0), []);
    assert_eq!(warnings("GetMisses", &[("CacheClusterId", "sessions")], 75.0), []);
    assert_eq!(warnings("CPUUtilization", &[], 75.0), [], "over all clusters of the account");
}

#[test]
fn only_fractions_of_percentages_are_warned_of() {
    let node = [("CacheClusterId", "main-001")];
    for threshold in [0.0, -1.0, 1.01, 80.0] {
        assert_eq!(warnings("EngineCPUUtilization", &node, threshold), [], "{threshold}");
    }
    assert_eq!(warnings("EngineCPUUtilization", &node, 1.0).len(), 1);
    assert_eq!(warnings("ReplicationLag", &node, 0.5), []);
    let statistic = |statistic| {
        let watched = Watched {
            namespace: Some("AWS/ElastiCache"),
            metric: Some("CPUUtilization"),
            statistic,
            threshold: Some(1.0),
            ..Watched::default()
        };
        lint(&watched).len()
    };
    for other in ["SampleCount", "tc90", "TC(:0.5)", "PR(:80)"] {
        assert_eq!(statistic(Some(other)), 0, "{other} has another unit");
    }
    assert_eq!(statistic(None), 0, "unknown");
    for statistic_name in ["Maximum", "p99", "tm90"] {
        assert_eq!(statistic(Some(statistic_name)), 1, "{statistic_name}");
    }
}

#[test]
fn unknown_metrics_are_warned_of_if_one_is_similar() {
    assert_eq!(
        warnings("CacheHitRatio", &[("CacheClusterId", "x")], 0.8),
        [(
            Part::Metric,
            "Unknown ElastiCache metric: AWS does not document a metric \"CacheHitRatio\" in AWS/ElastiCache, and without \
             data the alarm stays in INSUFFICIENT_DATA. Use CacheHitRate if that is the metric."
                .to_owned()
        )]
    );
    assert_eq!(warnings("BloomFilterBasedCmds", &[("CacheClusterId", "main-001")], 0.8), []);
    assert_eq!(warnings("MetricOfNextYear", &[("CacheClusterId", "main")], 0.8), []);
    let elsewhere = Watched { namespace: Some("Own"), metric: Some("CacheHitRatio"), ..Watched::default() };
    assert!(lint(&elsewhere).is_empty());
    let unknown = Watched { namespace: Some("AWS/ElastiCache"), ..Watched::default() };
    assert!(lint(&unknown).is_empty());
}

#[test]
fn metrics_of_nodes_are_warned_of_for_a_replication_group() {
    let group = [("ReplicationGroupId", "main")];
    assert_eq!(
        warnings("CPUUtilization", &group, 80.0),
        [(
            Part::Dimensions,
            "CPUUtilization is not published for replication groups: ElastiCache publishes CPUUtilization for each \
             node, so an alarm with the dimension ReplicationGroupId stays in INSUFFICIENT_DATA. Create an alarm for each \
             element of `member_clusters`, with the dimensions CacheClusterId (the element) and CacheNodeId (\"0001\")."
                .to_owned()
        )]
    );
    for metric in ["DatabaseMemoryUsageCountedForEvictPercentage", "EngineCPUUtilization"] {
        assert_eq!(warnings(metric, &group, 80.0), [], "{metric}");
        assert_eq!(warnings(metric, &[("NodeGroupId", "0001"), group[0]], 80.0), [], "{metric}");
    }
    assert_eq!(warnings("EngineCPUUtilization", &[group[0], ("Role", "Primary")], 80.0), []);
}

#[test]
fn dimensions_in_another_case_are_warned_of() {
    let wrong = warnings("CPUUtilization", &[("CacheClusterID", "a-001")], 80.0);
    assert_eq!(
        wrong,
        [(
            Part::Dimensions,
            "Unknown ElastiCache dimension: Names of dimensions are case-sensitive, and no ElastiCache metric has the \
             dimension CacheClusterID, so the alarm stays in INSUFFICIENT_DATA. Use CacheClusterId."
                .to_owned()
        )]
    );
}

#[test]
fn undocumented_combinations_are_not_warned_of() {
    for dimension in ["ReplicationGroupId", "GlobalReplicationGroupId", "clusterId", "NewDimension"] {
        assert_eq!(warnings("GlobalDatastoreReplicationLag", &[(dimension, "main")], 5.0), [], "{dimension}");
    }
    assert_eq!(warnings("SetTypeCmds", &[("ReplicationGroupId", "main")], 5.0), []);
    assert_eq!(warnings("CPUUtilization", &[("NewDimension", "main")], 80.0), []);
    assert_eq!(warnings("ThrottledCmds", &[("clusterId", "a")], 0.0), []);
    let tier = [("CacheClusterId", "a"), ("CacheNodeId", "0001"), ("Tier", "SSD")];
    assert_eq!(warnings("CurrItems", &tier, 1.0), []);
}
