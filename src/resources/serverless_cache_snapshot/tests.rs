//! The snapshot of a serverless cache against a scripted AWS.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use super::ServerlessCacheSnapshot;
use crate::engine::AnyResource;
use crate::testing::aws::{Answer, Call, FakeAws, config, problems, text_map};
use crate::value::{Path, Value};

const ARN: &str = "arn:aws:elasticache:us-east-1:111122223333:serverlesscachesnapshot:nightly";

fn members(status: &str) -> String {
    format!(
        "<ServerlessCacheSnapshotName>nightly</ServerlessCacheSnapshotName><ARN>{ARN}</ARN><Status>{status}</Status>\
         <SnapshotType>manual</SnapshotType><CreateTime>2026-01-24T10:00:05Z</CreateTime>\
         <BytesUsedForCache>1048576</BytesUsedForCache><ServerlessCacheConfiguration>\
         <ServerlessCacheName>cache</ServerlessCacheName><Engine>valkey</Engine>\
         <MajorEngineVersion>8</MajorEngineVersion></ServerlessCacheConfiguration>"
    )
}

fn described(call: &Call, status: &str) -> Answer {
    call.xml(&format!(
        "<ServerlessCacheSnapshots><ServerlessCacheSnapshot>{}</ServerlessCacheSnapshot></ServerlessCacheSnapshots>",
        members(status)
    ))
}

fn answer(call: &Call) -> Answer {
    match call.operation.as_str() {
        "DescribeServerlessCacheSnapshots" => described(call, "available"),
        "ListTagsForResource" => call.xml("<TagList/>"),
        "AddTagsToResource" => call.xml(""),
        _ => call.xml(&format!("<ServerlessCacheSnapshot>{}</ServerlessCacheSnapshot>", members("creating"))),
    }
}

fn of_cache<const N: usize>(entries: [(&str, Value); N]) -> Value {
    let fixed = [("name", Value::from("nightly")), ("serverless_cache_name", "cache".into())];
    let all: std::collections::BTreeMap<&str, Value> = fixed.into_iter().chain(entries).collect();
    AnyResource::schema(&ServerlessCacheSnapshot).conform(Value::map(all))
}

fn none() -> Vec<String> {
    Vec::new()
}

#[tokio::test]
async fn create_sends_the_snapshot_and_a_read_changes_nothing() {
    let aws = FakeAws::new(answer);
    let config = of_cache([("name", "Nightly".into()), ("tags", text_map([("team", "x")]))]);
    let done = aws.create(&ServerlessCacheSnapshot, config).await;
    assert_eq!(problems(&done.diags), none());
    let calls = aws.calls();
    let operations: Vec<_> = calls.iter().map(|call| call.operation.as_str()).collect();
    assert_eq!(operations, ["CreateServerlessCacheSnapshot", "DescribeServerlessCacheSnapshots"]);
    assert_eq!(calls[0].param("ServerlessCacheSnapshotName"), "nightly");
    assert_eq!(calls[0].param("ServerlessCacheName"), "cache");
    assert_eq!(calls[0].list("Tags.Tag.*.Key"), ["team"]);
    for (name, value) in [
        ("id", Value::from("nightly")),
        ("name", "Nightly".into()),
        ("arn", ARN.into()),
        ("status", "available".into()),
        ("snapshot_type", "manual".into()),
        ("create_time", "2026-01-24T10:00:05Z".into()),
        ("expiry_time", Value::Null),
        ("bytes_used_for_cache", 1_048_576.into()),
        ("engine", "valkey".into()),
        ("major_engine_version", "8".into()),
    ] {
        assert_eq!(done.state.get(name), &value, "{name}");
    }
    let without_tags = aws.create(&ServerlessCacheSnapshot, of_cache([])).await.state;
    assert_eq!(aws.read(&ServerlessCacheSnapshot, &without_tags).await.state, without_tags);
}

#[tokio::test]
async fn key_of_an_alias_is_noted_by_the_create_and_kept_by_an_update() {
    let key = "<KmsKeyId>arn:aws:kms:us-east-1:111122223333:key/1</KmsKeyId><Status>";
    let aws = FakeAws::new(move |call| answer(call).with("<Status>", key));
    let created =
        aws.create(&ServerlessCacheSnapshot, of_cache([("kms_key_id", "alias/caches".into())])).await;
    assert_eq!(problems(&created.diags), none());
    let read = aws.read_unchanged(&ServerlessCacheSnapshot, &created).await;
    assert!(!read.private.is_empty());
    let exported = of_cache([("kms_key_id", "alias/caches".into()), ("s3_bucket_name", "backups".into())]);
    let changed = aws.update_read(&ServerlessCacheSnapshot, &read, exported).await;
    aws.read_unchanged(&ServerlessCacheSnapshot, &changed).await;
}

#[tokio::test]
async fn a_copy_names_its_source_and_takes_over_the_cache() {
    let aws = FakeAws::new(answer);
    let copy = config(
        &ServerlessCacheSnapshot,
        [("name", "nightly".into()), ("source_snapshot_name", "Automatic.cache-1".into())],
    );
    let done = aws.create(&ServerlessCacheSnapshot, copy.clone()).await;
    assert_eq!(problems(&done.diags), none());
    let sent = aws.calls().swap_remove(0);
    assert_eq!(sent.operation, "CopyServerlessCacheSnapshot");
    assert_eq!(sent.param("SourceServerlessCacheSnapshotName"), "automatic.cache-1");
    assert_eq!(sent.param("TargetServerlessCacheSnapshotName"), "nightly");
    assert_eq!(done.state.get("serverless_cache_name"), &Value::from("cache"));
    assert_eq!(aws.plan(&ServerlessCacheSnapshot, &done.state, &copy).planned, done.state);
}

#[tokio::test]
async fn an_export_follows_the_snapshot_and_a_change_of_the_bucket() {
    let aws = FakeAws::new(answer);
    let with_bucket = |bucket: &str| of_cache([("s3_bucket_name", bucket.into())]);
    let done = aws.create(&ServerlessCacheSnapshot, with_bucket("backups")).await;
    assert_eq!(problems(&done.diags), none());
    let calls = aws.calls();
    let operations: Vec<_> = calls.iter().map(|call| call.operation.as_str()).collect();
    assert_eq!(
        operations,
        [
            "CreateServerlessCacheSnapshot",
            "DescribeServerlessCacheSnapshots",
            "ExportServerlessCacheSnapshot",
            "DescribeServerlessCacheSnapshots"
        ]
    );
    assert_eq!(calls[2].param("S3BucketName"), "backups");
    let moved = aws.update(&ServerlessCacheSnapshot, &done.state, with_bucket("archive")).await;
    assert_eq!(problems(&moved.diags), none());
    assert_eq!(aws.operations(), ["ExportServerlessCacheSnapshot", "DescribeServerlessCacheSnapshots"]);
    // The files stay.
    let removed = aws.update(&ServerlessCacheSnapshot, &moved.state, of_cache([])).await;
    assert_eq!((problems(&removed.diags), aws.operations()), (none(), none()));
}

/// A tainted snapshot would be deleted by the next apply, and the export of the next one be refused for the same reason.
#[tokio::test(start_paused = true)]
async fn a_refused_export_does_not_taint_the_snapshot_and_is_repeated_in_place() {
    let refusals = AtomicU32::new(0);
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "ExportServerlessCacheSnapshot" if refusals.fetch_add(1, Ordering::Relaxed) == 0 => {
            call.error("InvalidParameterValue", "No access to the bucket.")
        }
        _ => answer(call),
    });
    let exported = || of_cache([("s3_bucket_name", "backups".into())]);
    let done = aws.create(&ServerlessCacheSnapshot, exported()).await;
    assert!(!done.diags.has_errors(), "{:?}", done.diags);
    let warned = problems(&done.diags);
    let summary = "Failed to export serverless cache snapshot \"nightly\" to bucket \"backups\": ";
    assert!(warned[0].starts_with(&format!("s3_bucket_name: {summary}")), "{warned:?}");
    assert!(warned[0].contains("The next plan shows `s3_bucket_name` as missing"), "{warned:?}");
    let read = aws.read_again(&ServerlessCacheSnapshot, done).await;
    assert!(read.state.get("s3_bucket_name").is_empty());
    let plan = aws.plan_read(&ServerlessCacheSnapshot, &read, &exported());
    assert!(plan.replace.is_empty() && plan.planned.get("s3_bucket_name") == &Value::from("backups"));
    aws.calls();
    let repeated = aws.update_read(&ServerlessCacheSnapshot, &read, exported()).await;
    assert_eq!(problems(&repeated.diags), none());
    assert_eq!(aws.operations(), ["ExportServerlessCacheSnapshot", "DescribeServerlessCacheSnapshots"]);
    let read = aws.read_again(&ServerlessCacheSnapshot, repeated).await;
    let plan = aws.plan_read(&ServerlessCacheSnapshot, &read, &exported());
    assert_eq!(plan.planned, read.state);
}

/// AWS continues an export that it has accepted: it is not repeated.
#[tokio::test(start_paused = true)]
async fn an_export_that_is_not_waited_for_does_not_taint_the_snapshot() {
    let is_exporting = AtomicBool::new(false);
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "ExportServerlessCacheSnapshot" => {
            is_exporting.store(true, Ordering::Relaxed);
            answer(call)
        }
        "DescribeServerlessCacheSnapshots" if is_exporting.load(Ordering::Relaxed) => {
            described(call, "exporting")
        }
        _ => answer(call),
    });
    let timeouts = Value::map([("create", Value::from("10s"))]);
    let exported = of_cache([("s3_bucket_name", "backups".into()), ("timeouts", timeouts)]);
    let done = aws.create(&ServerlessCacheSnapshot, exported.clone()).await;
    assert!(!done.diags.has_errors(), "{:?}", done.diags);
    let warned = problems(&done.diags);
    assert!(
        warned[0].contains("AWS has accepted the export, so the next apply does not repeat it."),
        "{warned:?}"
    );
    let read = aws.read_again(&ServerlessCacheSnapshot, done).await;
    assert_eq!(aws.plan_read(&ServerlessCacheSnapshot, &read, &exported).planned, read.state);
}

/// `skip_destroy` would otherwise leave the snapshot behind, and the next create fails for its name.
#[tokio::test(start_paused = true)]
async fn an_unfinished_snapshot_is_deleted_whatever_skip_destroy_says() {
    let is_deleted = AtomicBool::new(false);
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "DeleteServerlessCacheSnapshot" => {
            is_deleted.store(true, Ordering::Relaxed);
            answer(call)
        }
        "DescribeServerlessCacheSnapshots" if is_deleted.load(Ordering::Relaxed) => {
            call.error("ServerlessCacheSnapshotNotFoundFault", "Snapshot nightly not found.")
        }
        "DescribeServerlessCacheSnapshots" => described(call, "creating"),
        _ => answer(call),
    });
    let timeouts = Value::map([("create", Value::from("10s"))]);
    let config = of_cache([("skip_destroy", true.into()), ("timeouts", timeouts)]);
    let interrupted = aws.create(&ServerlessCacheSnapshot, config).await;
    let errors = problems(&interrupted.diags);
    assert!(
        errors[0].contains("terraform untaint ADDRESS") && errors[0].contains("takes effect again"),
        "{errors:?}"
    );
    let read = aws.read(&ServerlessCacheSnapshot, &interrupted.state).await;
    aws.calls();
    assert_eq!(problems(&aws.delete(&ServerlessCacheSnapshot, &read.state).await.diags), none());
    assert_eq!(aws.operations(), ["DeleteServerlessCacheSnapshot", "DescribeServerlessCacheSnapshots"]);
}

#[tokio::test(start_paused = true)]
async fn a_busy_cache_is_waited_for() {
    let refusals = AtomicU32::new(0);
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "CreateServerlessCacheSnapshot" if refusals.fetch_add(1, Ordering::Relaxed) < 2 => {
            call.error("InvalidServerlessCacheStateFault", "It is modifying.")
        }
        _ => answer(call),
    });
    let done = aws.create(&ServerlessCacheSnapshot, of_cache([])).await;
    assert_eq!(problems(&done.diags), none());
    assert_eq!(aws.operations().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_snapshot_of_a_lost_answer_is_adopted_only_while_it_is_being_created() {
    for (status, is_adopted) in [("creating", true), ("available", false)] {
        let (attempts, polls) = (AtomicU32::new(0), AtomicU32::new(0));
        let aws = FakeAws::new(move |call| match call.operation.as_str() {
            "CreateServerlessCacheSnapshot" if attempts.fetch_add(1, Ordering::Relaxed) == 0 => {
                Answer { status: 500, content_type: "text/xml", body: Vec::new() }
            }
            "CreateServerlessCacheSnapshot" => {
                call.error("ServerlessCacheSnapshotAlreadyExistsFault", "It exists.")
            }
            "DescribeServerlessCacheSnapshots" if polls.fetch_add(1, Ordering::Relaxed) == 0 => {
                described(call, status)
            }
            _ => answer(call),
        });
        let done = aws.create(&ServerlessCacheSnapshot, of_cache([])).await;
        assert_eq!(done.diags.has_errors(), !is_adopted, "{status}: {:?}", done.diags);
        assert_eq!(done.state.is_null(), !is_adopted, "{status}");
    }
}

#[tokio::test]
async fn an_existing_snapshot_is_an_error_that_says_how_to_import_it() {
    let aws = FakeAws::new(|call| match call.operation.as_str() {
        "CreateServerlessCacheSnapshot" => {
            call.error("ServerlessCacheSnapshotAlreadyExistsFault", "It exists.")
        }
        _ => answer(call),
    });
    let done = aws.create(&ServerlessCacheSnapshot, of_cache([])).await;
    let errors = problems(&done.diags);
    assert!(errors[0].contains("elasticache_serverless_cache_snapshot.NAME nightly"), "{errors:?}");
}

#[tokio::test(start_paused = true)]
async fn a_snapshot_that_vanishes_is_an_error_with_the_events() {
    let polls = AtomicU32::new(0);
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "DescribeServerlessCacheSnapshots" => match polls.fetch_add(1, Ordering::Relaxed) {
            1 => described(call, "creating"),
            _ => call.error("ServerlessCacheSnapshotNotFoundFault", "Snapshot nightly not found."),
        },
        "DescribeEvents" => {
            call.xml("<Events><Event><Message>Snapshot nightly failed</Message></Event></Events>")
        }
        _ => answer(call),
    });
    let done = aws.create(&ServerlessCacheSnapshot, of_cache([])).await;
    let errors = problems(&done.diags);
    assert!(
        errors[0].contains("AWS canceled it") && errors[0].contains("Snapshot nightly failed"),
        "{errors:?}"
    );
    assert_eq!(done.state.get("id"), &Value::from("nightly"));
}

#[test]
fn a_snapshot_has_exactly_one_source() {
    let of = |entries: [(&str, Value); 3]| {
        problems(&ServerlessCacheSnapshot.validate(&config(&ServerlessCacheSnapshot, entries)))
    };
    let sources = |cache: Value, snapshot: Value| {
        of([("name", "a".into()), ("serverless_cache_name", cache), ("source_snapshot_name", snapshot)])
    };
    assert_eq!(
        sources(Value::Null, Value::Null),
        ["serverless_cache_name: Missing source of the snapshot: Neither `serverless_cache_name` nor \
             `source_snapshot_name` is set. Set one of them."]
    );
    assert_eq!(
        sources("a".into(), "b".into()),
        [
            "source_snapshot_name: Conflicting arguments: `serverless_cache_name` and `source_snapshot_name` are both set, \
             and a snapshot has one source. Remove one of them."
        ]
    );
    assert_eq!(sources(Value::Unknown, Value::Null), none());
}

#[tokio::test]
async fn a_replacement_says_what_is_lost_and_refuses_a_name_that_is_taken() {
    let aws = FakeAws::new(answer);
    let state = aws.create(&ServerlessCacheSnapshot, of_cache([])).await.state;
    let plan = aws.plan(&ServerlessCacheSnapshot, &state, &of_cache([("name", "other".into())]));
    assert_eq!(plan.replace, [Path::attribute("name")]);
    let warned = problems(&plan.diags);
    assert!(warned[0].starts_with("name: Snapshot will be replaced: "), "{warned:?}");
    let remaining =
        aws.create(&ServerlessCacheSnapshot, of_cache([("skip_destroy", true.into())])).await.state;
    let of_another = of_cache([("serverless_cache_name", "another".into()), ("skip_destroy", true.into())]);
    let plan = aws.plan(&ServerlessCacheSnapshot, &remaining, &of_another);
    let refused = problems(&plan.diags);
    assert!(
        refused[0].starts_with("serverless_cache_name: Name of the new snapshot is taken: "),
        "{refused:?}"
    );
    // The same name in another case is the same snapshot.
    let plan = aws.plan(&ServerlessCacheSnapshot, &state, &of_cache([("name", "NIGHTLY".into())]));
    assert!(plan.replace.is_empty() && problems(&plan.diags).is_empty());
}

#[tokio::test(start_paused = true)]
async fn delete_waits_until_the_snapshot_is_gone_unless_it_is_retained() {
    let polls = AtomicU32::new(0);
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "DescribeServerlessCacheSnapshots" => match polls.fetch_add(1, Ordering::Relaxed) {
            0 => answer(call),
            1 | 2 => described(call, "deleting"),
            _ => call.error("ServerlessCacheSnapshotNotFoundFault", "Snapshot nightly not found."),
        },
        _ => answer(call),
    });
    let state = aws.create(&ServerlessCacheSnapshot, of_cache([])).await.state;
    aws.calls();
    assert_eq!(problems(&aws.delete(&ServerlessCacheSnapshot, &state).await.diags), none());
    assert_eq!(aws.operations().len(), 4);
    let aws = FakeAws::new(answer);
    let retained =
        aws.create(&ServerlessCacheSnapshot, of_cache([("skip_destroy", true.into())])).await.state;
    aws.calls();
    assert_eq!(problems(&aws.delete(&ServerlessCacheSnapshot, &retained).await.diags), none());
    assert_eq!(aws.operations(), none());
}

#[tokio::test]
async fn import_by_name_finds_the_cache() {
    let aws = FakeAws::new(answer);
    let found = aws.import(&ServerlessCacheSnapshot, "nightly").await;
    assert_eq!(problems(&found.diags), none());
    let plan = aws.plan_read(&ServerlessCacheSnapshot, &found, &of_cache([]));
    assert_eq!((problems(&plan.diags), plan.planned), (none(), found.state.clone()));
}
