//! Deleting a group.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use super::{ReplicationGroup, Shown, none, params, wanted};
use crate::resources::testing::{FakeAws, problems};
use crate::value::Value;

const GONE: &str = "ReplicationGroupNotFoundFault";

#[tokio::test(start_paused = true)]
async fn takes_the_final_snapshot_and_waits_till_it_is_gone() {
    let polls = AtomicU32::new(0);
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "DescribeReplicationGroups" if polls.fetch_add(1, Ordering::Relaxed) == 3 => {
            call.error(GONE, "Gone.")
        }
        "DescribeReplicationGroups" => Shown { status: "deleting", ..Shown::two() }.answer(call),
        _ => Shown::two().answer(call),
    });
    let deleted =
        aws.delete(&ReplicationGroup, &wanted([("final_snapshot_identifier", "last".into())])).await;
    none(&deleted.diags);
    assert_eq!(deleted.state, Value::Null);
    let calls = aws.calls();
    assert_eq!(calls[0].operation, "DeleteReplicationGroup");
    assert_eq!(params(&calls[0]), ["FinalSnapshotIdentifier=last", "ReplicationGroupId=cache"]);
    assert_eq!(calls.len(), 5);
}

#[tokio::test(start_paused = true)]
async fn waits_while_the_group_is_busy() {
    let tries = AtomicU32::new(0);
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "DeleteReplicationGroup" if tries.fetch_add(1, Ordering::Relaxed) < 5 => {
            call.error("InvalidReplicationGroupState", "It is snapshotting.")
        }
        "DescribeReplicationGroups" if tries.load(Ordering::Relaxed) > 5 => call.error(GONE, "Gone."),
        _ => Shown { status: "snapshotting", ..Shown::two() }.answer(call),
    });
    let started = Instant::now();
    none(&aws.delete(&ReplicationGroup, &wanted([])).await.diags);
    assert!(started.elapsed() > Duration::from_secs(5));
    assert_eq!(aws.operations().iter().filter(|o| *o == "DeleteReplicationGroup").count(), 6);
}

#[tokio::test(start_paused = true)]
async fn a_delete_whose_answer_was_lost_is_not_repeated() {
    let polls = AtomicU32::new(0);
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "DeleteReplicationGroup" => call.error("InvalidReplicationGroupState", "It is deleting."),
        _ if polls.fetch_add(1, Ordering::Relaxed) < 3 => {
            Shown { status: "deleting", ..Shown::two() }.answer(call)
        }
        _ => call.error(GONE, "Gone."),
    });
    none(&aws.delete(&ReplicationGroup, &wanted([])).await.diags);
    assert_eq!(aws.operations().iter().filter(|o| *o == "DeleteReplicationGroup").count(), 1);
}

#[tokio::test]
async fn what_is_gone_needs_no_delete() {
    let aws = FakeAws::new(|call| call.error(GONE, "Gone."));
    none(&aws.delete(&ReplicationGroup, &wanted([])).await.diags);
    assert_eq!(aws.operations(), ["DeleteReplicationGroup"]);
}

#[tokio::test(start_paused = true)]
async fn a_refused_delete_keeps_the_state() {
    let aws = FakeAws::new(|call| call.error("SnapshotAlreadyExistsFault", "There is one."));
    let state = wanted([("final_snapshot_identifier", "last".into())]);
    let deleted = aws.delete(&ReplicationGroup, &state).await;
    assert_eq!(
        problems(&deleted.diags),
        [
            "Failed to delete replication group \"cache\": ElastiCache DeleteReplicationGroup: SnapshotAlreadyExistsFault: \
          There is one (HTTP 400, request id r-1). The group is as it was. Delete snapshot \"last\", or give another \
          final_snapshot_identifier and apply that first: a destroy goes by the state."
        ]
    );
    assert_eq!(deleted.state, state);
}

#[tokio::test]
async fn daily_snapshots_without_a_final_one_are_warned_of() {
    let aws = FakeAws::new(|call| call.error(GONE, ""));
    let state = wanted([("snapshot_retention_limit", Value::from(3))]);
    let plan = crate::engine::AnyResource::plan(
        &ReplicationGroup,
        &aws.provider,
        crate::engine::PlanRequest { prior: state, ..Default::default() },
    );
    assert_eq!(
        problems(&plan.diags),
        [
            "final_snapshot_identifier: No final snapshot: Replication group \"cache\" takes daily snapshots, which AWS \
          deletes with it, and final_snapshot_identifier is not set: its data will be lost. To keep it, set \
          final_snapshot_identifier and apply before destroying."
        ]
    );
}
