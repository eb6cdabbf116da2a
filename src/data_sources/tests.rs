//! What holds for every registered data source.

use tokio_util::sync::CancellationToken;

use super::DATA_SOURCES;
use crate::schema::{Attribute, Block, Check, Mode, Replace, common};
use crate::testing::aws::{Call, FakeAws, problems};
use crate::testing::core::{assert_names, provider};
use crate::value::Value;

#[test]
fn names_are_unique_and_sorted() {
    assert_names(DATA_SOURCES.iter().map(|source| source.type_name()));
}

/// A data source has no life: nothing of it is planned, replaced or kept from the state.
#[test]
fn every_part_is_described_and_fit_for_asking() {
    fn attributes_of(owner: &str, attributes: &[Attribute]) {
        for attribute in attributes {
            let name = format!("{owner}.{}", attribute.name);
            assert!(attribute.description.ends_with('.'), "{name} has no description that is a sentence");
            assert!(!attribute.write_only, "{name} is write-only");
            assert!(attribute.default.is_none(), "{name} has a default");
            assert!(matches!(attribute.replace, Replace::Never), "{name} forces a new resource");
            let computed = attribute.mode == Mode::Computed;
            assert!(!computed || attribute.checks.is_empty(), "{name} is checked and not asked by");
            for check in &attribute.checks {
                if let Check::Pattern(pattern, _) = check {
                    assert!(!pattern.as_str().is_empty(), "{name}");
                }
            }
            if let Some(nested) = &attribute.nested {
                attributes_of(&name, &nested.attributes);
            }
        }
    }
    fn block_of(owner: &str, block: &Block) {
        attributes_of(owner, &block.attributes);
        for attribute in &block.attributes {
            for other in attribute.conflicts.iter().chain(attribute.requires) {
                assert!(block.attribute(other).is_some(), "{owner}.{} refers to {other}", attribute.name);
            }
        }
        for nested in &block.blocks {
            block_of(&format!("{owner}.{}", nested.name), &nested.block);
        }
    }
    for source in DATA_SOURCES {
        let block = &source.schema().block;
        block_of(source.type_name(), block);
        // A connection leads to a host, wherever that is.
        let has_region = block.attribute(common::REGION).is_some();
        assert_eq!(
            has_region,
            source.type_name() != "elasticache_connection_check",
            "{}",
            source.type_name()
        );
        assert!(block.attribute("id").is_none_or(|id| id.mode == Mode::Computed), "{}", source.type_name());
    }
}

/// Without a way to AWS a read is an error, whatever is asked, and no state.
#[tokio::test]
async fn a_provider_without_aws_reads_nothing() {
    for source in DATA_SOURCES {
        let config = source.schema().conform(Value::map([] as [(&str, Value); 0]));
        let answer = source.read(&provider(), &CancellationToken::new(), config).await;
        assert_eq!(problems(&answer.diags), ["No AWS: This is a test."], "{}", source.type_name());
        assert_eq!(answer.state, Value::Null, "{}", source.type_name());
    }
}

/// Each data source of one object: its key, and the XML around the objects in a response of AWS.
const OF_ONE_OBJECT: &[(&str, &str, &str, &str, &str)] = &[
    (
        "elasticache_global_replication_group",
        "global_replication_group_id",
        "GlobalReplicationGroups",
        "GlobalReplicationGroup",
        "GlobalReplicationGroupId",
    ),
    (
        "elasticache_parameter_group",
        "name",
        "CacheParameterGroups",
        "CacheParameterGroup",
        "CacheParameterGroupName",
    ),
    (
        "elasticache_replication_group",
        "replication_group_id",
        "ReplicationGroups",
        "ReplicationGroup",
        "ReplicationGroupId",
    ),
    ("elasticache_serverless_cache", "name", "ServerlessCaches", "member", "ServerlessCacheName"),
    (
        "elasticache_serverless_cache_snapshot",
        "name",
        "ServerlessCacheSnapshots",
        "ServerlessCacheSnapshot",
        "ServerlessCacheSnapshotName",
    ),
    ("elasticache_snapshot", "name", "Snapshots", "Snapshot", "SnapshotName"),
    ("elasticache_subnet_group", "name", "CacheSubnetGroups", "CacheSubnetGroup", "CacheSubnetGroupName"),
    ("elasticache_user", "user_id", "Users", "member", "UserId"),
    ("elasticache_user_group", "user_group_id", "UserGroups", "member", "UserGroupId"),
];

/// Data sources of many objects, of what AWS offers, or of a connection.
const OF_OTHERS: &[&str] = &[
    "elasticache_connection_check",
    "elasticache_engine_versions",
    "elasticache_node_types",
    "elasticache_replication_groups",
    "elasticache_serverless_cache_snapshots",
    "elasticache_serverless_caches",
    "elasticache_service_update_actions",
    "elasticache_service_updates",
    "elasticache_snapshots",
];

/// That another object is being deleted says nothing of the requested one.
#[tokio::test]
async fn an_answer_about_another_object_is_an_error() {
    for source in DATA_SOURCES.iter().filter(|source| !OF_OTHERS.contains(&source.type_name())) {
        let of = OF_ONE_OBJECT.iter().find(|row| row.0 == source.type_name());
        let (name, key, list, item, member) = *of.unwrap_or_else(|| panic!("{}", source.type_name()));
        for status in ["deleting", "available"] {
            let object = format!(
                "<{list}><{item}><{member}>other</{member}><ARN>arn:aws:x:::other</ARN><Status>{status}</Status>\
                 <SnapshotStatus>{status}</SnapshotStatus></{item}></{list}>"
            );
            let aws = FakeAws::new(move |call: &Call| match call.operation.starts_with("Describe") {
                true => call.xml(&object),
                false => call.xml(""),
            });
            let answer = aws.ask(*source, [(key, "mine".into())]).await;
            let errors = problems(&answer.diags);
            assert!(errors[0].contains(r#"it is about "other" instead of "mine""#), "{name}: {errors:?}");
            assert_eq!(answer.state, Value::Null, "{name}");
        }
    }
}

/// User guide, "Authenticating with IAM".
#[test]
fn user_and_user_group_of_aws_are_found_by_their_ids() {
    for (type_name, argument, id) in [
        ("elasticache_user", "user_id", "default.iam-user"),
        ("elasticache_user_group", "user_group_id", "default.iam-user-group"),
    ] {
        let source = DATA_SOURCES.iter().find(|source| source.type_name() == type_name).unwrap();
        for (id, is_accepted) in [(id, true), ("default.other", false)] {
            let config = source.schema().conform(Value::map([(argument, Value::from(id))]));
            let problems = problems(&source.validate(&config));
            assert_eq!(problems.is_empty(), is_accepted, "{id}: {problems:?}");
        }
    }
}
