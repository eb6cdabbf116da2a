//! The data sources of snapshots of serverless caches against a scripted AWS.

use super::ServerlessCacheSnapshotData;
use crate::data_sources::serverless_cache_snapshots::ServerlessCacheSnapshotsData;
use crate::engine::AnyDataSource;
use crate::testing::aws::{Answer, Call, FakeAws, problems};
use crate::value::Value;

fn snapshot(name: &str, cache: &str, status: &str, hour: u32) -> String {
    format!(
        "<ServerlessCacheSnapshot><ServerlessCacheSnapshotName>{name}</ServerlessCacheSnapshotName>\
         <ARN>arn:aws:elasticache:us-east-1:111122223333:serverlesscachesnapshot:{name}</ARN><Status>{status}</Status>\
         <SnapshotType>manual</SnapshotType><CreateTime>2026-01-24T{hour:02}:00:00Z</CreateTime>\
         <ServerlessCacheConfiguration><ServerlessCacheName>{cache}</ServerlessCacheName><Engine>valkey</Engine>\
         </ServerlessCacheConfiguration></ServerlessCacheSnapshot>"
    )
}

/// The snapshot of a name, or else every snapshot: the provider filters as well.
fn answer(call: &Call) -> Answer {
    let all = [
        ("first", "api", "available", 1),
        ("second", "api", "available", 2),
        ("third", "api", "creating", 3),
        ("fourth", "api", "deleting", 4),
        ("other", "sessions", "available", 5),
    ];
    let name = call.param("ServerlessCacheSnapshotName");
    let all = all.into_iter().filter(|it| name.is_empty() || name == it.0);
    let all: String = all.map(|(name, cache, status, hour)| snapshot(name, cache, status, hour)).collect();
    match call.operation.as_str() {
        "DescribeServerlessCacheSnapshots" => {
            call.xml(&format!("<ServerlessCacheSnapshots>{all}</ServerlessCacheSnapshots>"))
        }
        _ => call.xml("<TagList/>"),
    }
}

#[tokio::test]
async fn the_newest_available_snapshot_of_a_cache_is_found() {
    let aws = FakeAws::new(answer);
    let found = aws
        .ask(
            &ServerlessCacheSnapshotData,
            [("serverless_cache_name", "API".into()), ("most_recent", true.into())],
        )
        .await;
    assert_eq!(problems(&found.diags), [""; 0]);
    for (name, value) in [
        ("name", Value::from("second")),
        ("create_time", "2026-01-24T02:00:00Z".into()),
        ("engine", "valkey".into()),
        ("bytes_used_for_cache", Value::Null),
    ] {
        assert_eq!(found.state.get(name), &value, "{name}");
    }
    assert_eq!(aws.calls()[0].param("ServerlessCacheName"), "api");
}

#[tokio::test]
async fn none_or_several_snapshots_are_errors_with_the_fix() {
    let aws = FakeAws::new(answer);
    let several = aws.ask(&ServerlessCacheSnapshotData, [("serverless_cache_name", "api".into())]).await;
    assert_eq!(
        problems(&several.diags),
        [
            "serverless_cache_name: Several snapshots match: 2 snapshots match a snapshot of serverless cache \"api\": second, \
             first. Set `name` to one of them, or `most_recent = true` for the newest."
        ]
    );
    let none = aws.ask(&ServerlessCacheSnapshotData, [("name", "third".into())]).await;
    assert!(
        problems(&none.diags)[0].starts_with(
            "name: Serverless cache snapshot not found: AWS has no available snapshot that matches: a snapshot named \"third\"."
        ),
        "{:?}",
        none.diags
    );
    let config =
        AnyDataSource::schema(&ServerlessCacheSnapshotData).conform(Value::map([] as [(&str, Value); 0]));
    assert_eq!(
        problems(&AnyDataSource::validate(&ServerlessCacheSnapshotData, &config)),
        [
            "name: Missing name of the snapshot: Neither `name` nor `serverless_cache_name` is set. Set one of them."
        ]
    );
}

#[tokio::test]
async fn snapshots_are_listed_newest_first() {
    let aws = FakeAws::new(answer);
    for (arguments, names) in [
        (vec![], vec!["other", "third", "second", "first"]),
        (vec![("serverless_cache_name", Value::from("api"))], vec!["third", "second", "first"]),
        (vec![("snapshot_type", "automatic".into())], vec![]),
    ] {
        let found = aws.ask(&ServerlessCacheSnapshotsData, arguments.clone()).await;
        assert_eq!(problems(&found.diags), [""; 0]);
        let expected = Value::List(names.into_iter().map(Value::from).collect());
        assert_eq!(found.state.get("names"), &expected, "{arguments:?}");
    }
}

#[tokio::test]
async fn a_cache_that_never_existed_has_no_snapshots() {
    let aws = FakeAws::new(|call| call.error("ServerlessCacheNotFoundFault", "Serverless cache not found."));
    let found = aws.ask(&ServerlessCacheSnapshotsData, [("serverless_cache_name", "api".into())]).await;
    assert_eq!(problems(&found.diags), [""; 0]);
    assert_eq!(found.state.get("names"), &Value::List(Vec::new()));
}
