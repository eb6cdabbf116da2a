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
                 INSUFFICIENT_DATA. Use a name from its member_clusters, or elasticache_alarm_set for all of them. If it \
                 is a cluster of its own, add CacheNodeId = \"0001\" to the dimensions."
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
    let counted = Watched {
        namespace: Some("AWS/ElastiCache"),
        metric: Some("CPUUtilization"),
        statistic: Some("SampleCount"),
        threshold: Some(1.0),
        ..Watched::default()
    };
    assert!(lint(&counted).is_empty());
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
    let elsewhere =
        Watched { namespace: Some("Own"), metric: Some("CacheHitRatio"), ..Watched::default() };
    assert!(lint(&elsewhere).is_empty());
    let open = Watched { namespace: Some("AWS/ElastiCache"), ..Watched::default() };
    assert!(lint(&open).is_empty());
}

#[test]
fn dimensions_must_be_those_the_metric_has() {
    let group = [("ReplicationGroupId", "main")];
    let wrong = warnings("CPUUtilization", &group, 80.0);
    assert_eq!(
        wrong,
        [(
            Part::Dimensions,
            "CPUUtilization does not exist under these dimensions: An alarm on CPUUtilization under ReplicationGroupId \
             would stay in INSUFFICIENT_DATA. ElastiCache publishes it for each node, under CacheClusterId (a name from \
             member_clusters) and CacheNodeId (\"0001\"). elasticache_alarm_set makes alarms for every node of a group."
                .to_owned()
        )]
    );
    assert_eq!(warnings("DatabaseMemoryUsageCountedForEvictPercentage", &group, 80.0), []);
    assert_eq!(warnings("EngineCPUUtilization", &group, 80.0).len(), 1);
    assert_eq!(
        warnings("EngineCPUUtilization", &[("ReplicationGroupId", "main"), ("Role", "Primary")], 80.0),
        []
    );
    assert_eq!(
        warnings("CurrItems", &[("CacheClusterId", "a-001"), ("CacheNodeId", "0001"), ("Tier", "SSD")], 1.0),
        []
    );
    assert_eq!(warnings("CPUUtilization", &[("CacheClusterID", "a-001")], 80.0).len(), 1);
    assert_eq!(warnings("ThrottledCmds", &[("CacheClusterId", "a-001")], 0.0).len(), 1);
    assert_eq!(warnings("ThrottledCmds", &[("clusterId", "a")], 0.0), []);
}
