//! Deleting a global datastore.

use std::sync::Arc;

use super::{
    BUSY, GlobalReplicationGroup, NOT_FOUND, Observed, SECONDARY, aws, aws_state, created, healthy, none,
    sent,
};
use crate::engine::{AnyResource, ApplyRequest};
use crate::testing::aws::{FakeAws, problems};
use crate::value::Value;

const DELETE: &str = "DeleteGlobalReplicationGroup";

async fn state() -> Value {
    created(&aws_state(Observed::missing())).await
}

#[tokio::test(start_paused = true)]
async fn the_primary_is_retained_and_waited_for() {
    let aws_state = aws_state(Observed::alone());
    let mut polls = 0;
    let aws = aws(&aws_state, move |call| {
        if call.operation != "DescribeReplicationGroups" {
            return None;
        }
        polls += 1;
        let observed = Observed { primary_in: (polls < 3).then_some("ldgnf-booking"), ..Observed::alone() };
        Some(call.xml(&format!("<ReplicationGroups>{}</ReplicationGroups>", observed.primary_xml())))
    });
    let deleted = aws.delete(&GlobalReplicationGroup, &state().await).await;
    none(&deleted.diags);
    assert_eq!(deleted.state, Value::Null);
    let calls = aws.calls();
    let delete = calls.iter().find(|call| call.operation == DELETE).unwrap();
    assert_eq!(super::params(delete), ["RetainPrimaryReplicationGroup=true"]);
    let waits = calls.iter().filter(|call| call.operation == "DescribeReplicationGroups").count();
    assert_eq!(waits, 3);
}

#[tokio::test(start_paused = true)]
async fn a_secondary_that_stays_is_named_before_any_deletion() {
    let aws = healthy(&aws_state(Observed::paired()));
    let state = state().await;
    let deleted = aws.delete(&GlobalReplicationGroup, &state).await;
    assert_eq!(
        problems(&deleted.diags),
        ["Failed to delete global datastore \"ldgnf-booking\": AWS deletes a global datastore only \
             without secondaries, and it still has replication group \"cache-west\" in us-west-2. Destroy \
             each secondary, or remove its `global_replication_group_id`, first. Terraform does both in the \
             right order when the secondary refers to `global_replication_group_id` of the \
             `elasticache_global_replication_group` resource."]
    );
    assert_eq!(deleted.state, state);
    assert_eq!(sent(&aws), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_secondary_that_is_leaving_is_waited_for() {
    for (status, member) in [("available", "disassociating"), ("modifying", "associated")] {
        let mut leaving = Observed::paired();
        leaving.status = status;
        leaving.members[0].status = member;
        let aws_state = aws_state(leaving);
        let shared = Arc::clone(&aws_state);
        let mut polls = 0;
        let aws = aws(&aws_state, move |call| {
            if call.operation == "DescribeGlobalReplicationGroups" {
                polls += 1;
                if polls == 4 {
                    *shared.lock().unwrap() = Observed::alone();
                }
            }
            None
        });
        none(&aws.delete(&GlobalReplicationGroup, &state().await).await.diags);
        assert_eq!(sent(&aws), [format!("{DELETE} RetainPrimaryReplicationGroup=true")], "{status} {member}");
    }
}

/// A secondary that this run of Terraform is about to destroy leaves in a moment, although AWS returns it as associated.
#[tokio::test(start_paused = true)]
async fn a_secondary_that_this_run_changes_is_waited_for() {
    let aws_state = aws_state(Observed::paired());
    let shared = Arc::clone(&aws_state);
    let mut polls = 0;
    let aws = aws(&aws_state, move |call| {
        if call.operation == "DescribeGlobalReplicationGroups" {
            polls += 1;
            if polls == 3 {
                *shared.lock().unwrap() = Observed::alone();
            }
        }
        None
    });
    let change = aws.provider.ongoing.begin("replication group cache-west in us-west-2".to_owned());
    let request = ApplyRequest { prior: state().await, ..ApplyRequest::default() };
    let deleted = AnyResource::apply(&GlobalReplicationGroup, &aws.provider, &aws.cancel, request).await;
    drop(change);
    none(&deleted.diags);
    assert_eq!(sent(&aws).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_deletion_waits_while_the_datastore_is_busy() {
    let mut refusals = 4;
    let aws = aws(&aws_state(Observed::alone()), move |call| {
        if call.operation != DELETE || refusals == 0 {
            return None;
        }
        refusals -= 1;
        Some(call.error(BUSY, "Cannot delete a global replication group in modifying state"))
    });
    none(&aws.delete(&GlobalReplicationGroup, &state().await).await.diags);
    assert_eq!(sent(&aws).len(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_datastore_that_is_gone_or_going_is_not_deleted_again() {
    let gone = healthy(&aws_state(Observed::missing()));
    none(&gone.delete(&GlobalReplicationGroup, &state().await).await.diags);
    assert_eq!(sent(&gone), [""; 0]);
    let going = aws_state(Observed { status: "deleting", ..Observed::alone() });
    let mut polls = 0;
    let aws = aws(&going, move |call| {
        polls += usize::from(call.operation == "DescribeGlobalReplicationGroups");
        (polls > 2 && call.operation == "DescribeGlobalReplicationGroups")
            .then(|| call.error(NOT_FOUND, "Gone."))
    });
    none(&aws.delete(&GlobalReplicationGroup, &state().await).await.diags);
    assert_eq!(sent(&aws), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_deletion_without_effect_keeps_the_state() {
    let aws = aws(&aws_state(Observed::alone()), |call| {
        (call.operation == DELETE).then(|| call.xml("<GlobalReplicationGroup/>"))
    });
    let mut state = state().await;
    if let Value::Map(entries) = &mut state {
        entries.insert("timeouts".to_owned(), limits("10s"));
    }
    let deleted = aws.delete(&GlobalReplicationGroup, &state).await;
    let problems = problems(&deleted.diags);
    assert!(
        problems[0].starts_with(
            "Failed to delete global datastore \"ldgnf-booking\": Waiting for global datastore \"ldgnf-booking\" to be gone \
             timed out after"
        ) && problems[0].contains("remove this one from the state: terraform state rm ADDRESS"),
        "{problems:?}"
    );
    assert_eq!(deleted.state, state);
}

fn limits(delete: &str) -> Value {
    let none = ["create", "update", "read"].map(|name| (name, Value::Null));
    Value::map(none.into_iter().chain([("delete", Value::from(delete))]))
}

/// The datastore is deleted, whatever becomes of its primary.
#[tokio::test(start_paused = true)]
async fn a_primary_that_does_not_become_available_is_a_warning() {
    for (code, warned) in [("AccessDenied", true), ("ReplicationGroupNotFoundFault", false)] {
        let aws: FakeAws = aws(&aws_state(Observed::alone()), move |call| {
            (call.operation == "DescribeReplicationGroups").then(|| call.error(code, "No."))
        });
        let deleted = aws.delete(&GlobalReplicationGroup, &state().await).await;
        assert!(!deleted.diags.has_errors(), "{:?}", deleted.diags);
        assert_eq!(deleted.state, Value::Null);
        let warnings = problems(&deleted.diags);
        assert_eq!(
            warnings.iter().any(|it| it.starts_with("The former primary is not available yet: ")),
            warned
        );
    }
}

/// After a failover the primary is in another Region than the datastore of the configuration.
#[tokio::test(start_paused = true)]
async fn secondaries_in_any_region_count() {
    let mut moved = Observed::paired();
    moved.members = vec![
        super::Member { is_primary: true, ..SECONDARY },
        super::Member { is_primary: false, ..super::PRIMARY },
    ];
    let aws = healthy(&aws_state(moved));
    let deleted = aws.delete(&GlobalReplicationGroup, &state().await).await;
    let problems = problems(&deleted.diags);
    assert!(problems[0].contains("it still has replication group \"cache\" in us-east-1."), "{problems:?}");
}
