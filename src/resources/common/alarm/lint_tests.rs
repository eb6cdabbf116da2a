//! Warnings, word for word, and alarms that get none.

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

/// The example "Additional Monitoring" of a module's README: a hit rate of 0.8 of a
/// replication group's id.
#[test]
fn the_alarm_of_a_readme_gets_both_warnings() {
    let found = warnings("CacheHitRate", &[("CacheClusterId", "koneksi-staging-redis")], 0.8);
    assert_eq!(
        found,
        [
            (
                Part::Dimensions,
                "CacheClusterId names no node of a replication group: Metrics exist for the nodes of a replication \
                 group, whose names are like \"koneksi-staging-redis-001\" or \"koneksi-staging-redis-0001-001\", and not \
                 for the group: if \"koneksi-staging-redis\" is the id of one, the alarm would stay in \
                 INSUFFICIENT_DATA. Use a name from its member_clusters. If it is a cluster of its own, add CacheNodeId = \
                 \"0001\" to the dimensions."
                    .to_owned()
            ),
            (
                Part::Threshold,
                "CacheHitRate is a percentage: CloudWatch shows CacheHitRate as a number from 0 to 100, and the \
                 threshold is 0.8, that is 0.8 %. For 80 % write 80."
                    .to_owned()
            ),
        ]
    );
}

#[test]
fn nodes_by_their_names_get_none() {
    for id in ["main-001", "main-0001-001", "a-b-12-003"] {
        assert_eq!(warnings("CPUUtilization", &[("CacheClusterId", id)], 75.0), [], "{id}");
        let both = [("CacheClusterId", id), ("CacheNodeId", "0001")];
        assert_eq!(warnings("ReplicationLag", &both, 1.0), [], "{id}");
    }
    let own_cluster = [("CacheClusterId", "sessions"), ("CacheNodeId", "0002")];
    assert_eq!(warnings("CPUUtilization", &own_cluster, 75.0), []);
    assert_eq!(warnings("GetMisses", &[("CacheClusterId", "sessions")], 75.0), []);
    assert_eq!(warnings("CPUUtilization", &[], 75.0), [], "over all clusters of the account");
}

#[test]
fn only_fractions_of_percentages_are_suspicious() {
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
        assert_eq!(statistic(Some(other)), 0, "{other}: not percents of CPU");
    }
    assert_eq!(statistic(None), 0, "not known yet");
    for percents in ["Maximum", "p99", "tm90"] {
        assert_eq!(statistic(Some(percents)), 1, "{percents}");
    }
}

#[test]
fn a_metric_that_does_not_exist_is_named() {
    assert_eq!(
        warnings("CacheHitRatio", &[("CacheClusterId", "x")], 0.8),
        [(
            Part::Metric,
            "ElastiCache has no such metric: AWS's documents list no metric \"CacheHitRatio\" in AWS/ElastiCache, so \
             the alarm would stay in INSUFFICIENT_DATA. Was CacheHitRate meant?"
                .to_owned()
        )]
    );
    assert_eq!(warnings("BloomFilterBasedCmds", &[("CacheClusterId", "main-001")], 0.8), []);
    assert_eq!(warnings("MetricOfNextYear", &[("CacheClusterId", "main")], 0.8), []);
    let elsewhere = Watched { namespace: Some("Own"), metric: Some("CacheHitRatio"), ..Watched::default() };
    assert!(lint(&elsewhere).is_empty());
    let open = Watched { namespace: Some("AWS/ElastiCache"), ..Watched::default() };
    assert!(lint(&open).is_empty());
}

#[test]
fn metrics_of_nodes_are_not_those_of_groups() {
    let group = [("ReplicationGroupId", "main")];
    assert_eq!(
        warnings("CPUUtilization", &group, 80.0),
        [(
            Part::Dimensions,
            "CPUUtilization is not published for replication groups: ElastiCache publishes CPUUtilization for each \
             node, so an alarm on it under ReplicationGroupId would stay in INSUFFICIENT_DATA. Make an alarm for each \
             name in member_clusters, with the dimensions CacheClusterId (that name) and CacheNodeId (\"0001\")."
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
fn names_of_dimensions_have_a_case() {
    let wrong = warnings("CPUUtilization", &[("CacheClusterID", "a-001")], 80.0);
    assert_eq!(
        wrong,
        [(
            Part::Dimensions,
            "ElastiCache has no such dimension: The names of dimensions are case-sensitive, and no metric of \
             ElastiCache is published under CacheClusterID, so the alarm would stay in INSUFFICIENT_DATA. Write \
             CacheClusterId."
                .to_owned()
        )]
    );
}

#[test]
fn what_the_documents_leave_open_gets_none() {
    for dimension in ["ReplicationGroupId", "GlobalReplicationGroupId", "clusterId", "NewDimension"] {
        assert_eq!(warnings("GlobalDatastoreReplicationLag", &[(dimension, "main")], 5.0), [], "{dimension}");
    }
    assert_eq!(warnings("SetTypeCmds", &[("ReplicationGroupId", "main")], 5.0), []);
    assert_eq!(warnings("CPUUtilization", &[("NewDimension", "main")], 80.0), []);
    assert_eq!(warnings("ThrottledCmds", &[("clusterId", "a")], 0.0), []);
    let tier = [("CacheClusterId", "a"), ("CacheNodeId", "0001"), ("Tier", "SSD")];
    assert_eq!(warnings("CurrItems", &tier, 1.0), []);
}
