//! Deleting a group.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use super::{FakeGroup, ReplicationGroup, configured, none, params};
use crate::engine::AnyResource;
use crate::testing::aws::{FakeAws, problems};
use crate::value::Value;

const GONE: &str = "ReplicationGroupNotFoundFault";

#[tokio::test(start_paused = true)]
async fn delete_takes_the_final_snapshot_and_waits_for_the_end() {
    let polls = AtomicU32::new(0);
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "DescribeReplicationGroups" if polls.fetch_add(1, Ordering::Relaxed) == 3 => {
            call.error(GONE, "Gone.")
        }
        "DescribeReplicationGroups" => FakeGroup { status: "deleting", ..FakeGroup::two() }.answer(call),
        _ => FakeGroup::two().answer(call),
    });
    let deleted =
        aws.delete(&ReplicationGroup, &configured([("final_snapshot_identifier", "last".into())])).await;
    none(&deleted.diags);
    assert_eq!(deleted.state, Value::Null);
    let calls = aws.calls();
    assert_eq!(calls[0].operation, "DeleteReplicationGroup");
    assert_eq!(params(&calls[0]), ["FinalSnapshotIdentifier=last", "ReplicationGroupId=cache"]);
    assert_eq!(calls.len(), 5);
}

#[tokio::test(start_paused = true)]
async fn delete_retries_while_the_group_is_busy() {
    let tries = AtomicU32::new(0);
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "DeleteReplicationGroup" if tries.fetch_add(1, Ordering::Relaxed) < 5 => {
            call.error("InvalidReplicationGroupState", "It is snapshotting.")
        }
        "DescribeReplicationGroups" if tries.load(Ordering::Relaxed) > 5 => call.error(GONE, "Gone."),
        _ => FakeGroup { status: "snapshotting", ..FakeGroup::two() }.answer(call),
    });
    let started = Instant::now();
    none(&aws.delete(&ReplicationGroup, &configured([])).await.diags);
    assert!(started.elapsed() > Duration::from_secs(5));
    assert_eq!(aws.operations().iter().filter(|o| *o == "DeleteReplicationGroup").count(), 6);
}

#[tokio::test(start_paused = true)]
async fn delete_is_not_repeated_after_a_lost_response() {
    let polls = AtomicU32::new(0);
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "DeleteReplicationGroup" => call.error("InvalidReplicationGroupState", "It is deleting."),
        _ if polls.fetch_add(1, Ordering::Relaxed) < 3 => {
            FakeGroup { status: "deleting", ..FakeGroup::two() }.answer(call)
        }
        _ => call.error(GONE, "Gone."),
    });
    none(&aws.delete(&ReplicationGroup, &configured([])).await.diags);
    assert_eq!(aws.operations().iter().filter(|o| *o == "DeleteReplicationGroup").count(), 1);
}

#[tokio::test]
async fn delete_of_a_missing_group_succeeds() {
    let aws = FakeAws::new(|call| call.error(GONE, "Gone."));
    none(&aws.delete(&ReplicationGroup, &configured([])).await.diags);
    assert_eq!(aws.operations(), ["DeleteReplicationGroup"]);
}

#[tokio::test(start_paused = true)]
async fn refused_delete_keeps_the_state() {
    let aws = FakeAws::new(|call| call.error("SnapshotAlreadyExistsFault", "There is one."));
    let state = configured([("final_snapshot_identifier", "last".into())]);
    let deleted = aws.delete(&ReplicationGroup, &state).await;
    assert_eq!(
        problems(&deleted.diags),
        ["Failed to delete replication group \"cache\": ElastiCache DeleteReplicationGroup: \
          SnapshotAlreadyExistsFault: There is one (HTTP 400, request id r-1). The replication group was not \
          changed. Delete snapshot \"last\", or set another `final_snapshot_identifier` and apply that \
          first: a destroy uses the value in the state."]
    );
    assert_eq!(deleted.state, state);
}

#[tokio::test]
async fn destroy_warns_about_daily_snapshots_without_a_final_one() {
    let aws = FakeAws::new(|call| call.error(GONE, ""));
    let state = configured([("snapshot_retention_limit", Value::from(3))]);
    let plan = AnyResource::plan(
        &ReplicationGroup,
        &aws.provider,
        crate::engine::PlanRequest { prior: state, ..Default::default() },
    );
    assert_eq!(
        problems(&plan.diags),
        ["final_snapshot_identifier: No final snapshot: Replication group \"cache\" takes daily \
             snapshots, which AWS deletes with it, and `final_snapshot_identifier` is not set: its data will \
             be lost. To keep it, set `final_snapshot_identifier` and apply before destroying."]
    );
}

/// E1: `-replace` and a taint reach the delete without a destroy plan.
#[tokio::test(start_paused = true)]
async fn apply_refuses_to_delete_a_protected_group() {
    let protected = configured([("deletion_protection", true.into())]);
    let aws = FakeAws::new(|call| FakeGroup::two().answer(call));
    let refused = aws.delete(&ReplicationGroup, &protected).await;
    assert_eq!(
        problems(&refused.diags),
        ["deletion_protection: Replication group is protected from deletion: Replication group \"cache\" \
             has `deletion_protection = true`, so it was not deleted. If Terraform marked it as tainted, run \
             `terraform untaint ADDRESS` to keep it. If it was to be replaced, omit `-replace`. To delete \
             it, set `deletion_protection = false` and apply that first."]
    );
    assert_eq!(refused.state, protected);
    assert_eq!(aws.operations(), ["DescribeReplicationGroups"]);
}

#[tokio::test(start_paused = true)]
async fn protection_ignores_missing_and_failed_groups() {
    let protected =
        configured([("deletion_protection", true.into()), ("final_snapshot_identifier", "last".into())]);
    let aws = FakeAws::new(|call| call.error(GONE, "Gone."));
    none(&aws.delete(&ReplicationGroup, &protected).await.diags);
    // What AWS could not create, as the state of the last refresh has it.
    let polls = AtomicU32::new(0);
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "DescribeReplicationGroups" if polls.fetch_add(1, Ordering::Relaxed) > 1 => call.error(GONE, "Gone."),
        _ => FakeGroup { status: "create-failed", ..FakeGroup::two() }.answer(call),
    });
    let Value::Map(mut failed) = protected else { panic!("no state") };
    failed.insert("status".to_owned(), "create-failed".into());
    none(&aws.delete(&ReplicationGroup, &Value::Map(failed)).await.diags);
    let calls = aws.calls();
    let deleted = calls.iter().find(|call| call.operation == "DeleteReplicationGroup").unwrap();
    assert_eq!(params(deleted), ["ReplicationGroupId=cache"], "no snapshot of nothing");
}

/// E5: found out when the deletion is planned, before anything that depends on the group goes.
#[tokio::test(start_paused = true)]
async fn existing_final_snapshot_is_found_before_the_deletion() {
    let prior = configured([("final_snapshot_identifier", "Last".into())]);
    let check = async |aws: &FakeAws| {
        AnyResource::before_removal(&ReplicationGroup, &aws.provider, &aws.cancel, &prior).await
    };
    let exists = FakeAws::new(|call| {
        assert_eq!((call.operation.as_str(), call.param("SnapshotName")), ("DescribeSnapshots", "last"));
        call.xml(
            "<Snapshots><Snapshot><SnapshotName>last</SnapshotName><SnapshotStatus>available</SnapshotStatus>\
                  <ARN>arn:aws:elasticache:us-east-1:111122223333:snapshot:last</ARN></Snapshot></Snapshots>",
        )
    });
    assert_eq!(
        problems(&check(&exists).await),
        ["final_snapshot_identifier: Final snapshot already exists: Replication group \"cache\" is \
             deleted with the final snapshot \"Last\", but a snapshot of that name exists, so AWS would \
             refuse the deletion. Delete that snapshot; or set another `final_snapshot_identifier` and apply \
             that first, since a deletion uses the value in the state."]
    );
    let free = FakeAws::new(|call| call.error("SnapshotNotFoundFault", "None."));
    none(&check(&free).await);
    // What cannot be found out is no reason to refuse.
    let denied = FakeAws::new(|call| call.error("AccessDenied", "No."));
    none(&check(&denied).await);
    let silent = FakeAws::new(|call| call.error("None", "Nothing is asked."));
    none(
        &AnyResource::before_removal(&ReplicationGroup, &silent.provider, &silent.cancel, &configured([]))
            .await,
    );
    assert_eq!(silent.operations(), [""; 0]);
}
