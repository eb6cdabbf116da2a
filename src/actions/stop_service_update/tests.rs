//! Stopping a service update, against a scripted AWS.

use super::StopServiceUpdate;
use crate::actions::fake_group::Group;
use crate::engine::AnyAction;
use crate::testing::aws::{Answer, Call, FakeAws, problems};
use crate::testing::core::invoked;
use crate::value::Value;

fn config() -> Value {
    AnyAction::schema(&StopServiceUpdate).conform(Value::map([
        ("service_update_name", Value::from("elc-a")),
        ("replication_group_id", "cache".into()),
    ]))
}

fn listed(call: &Call, status: &str) -> Answer {
    call.xml(&format!(
        "<UpdateActions><UpdateAction><ReplicationGroupId>cache</ReplicationGroupId><ServiceUpdateName>elc-a\
         </ServiceUpdateName><UpdateActionStatus>{status}</UpdateActionStatus><NodesUpdated>1/2</NodesUpdated></UpdateAction>\
         </UpdateActions>"
    ))
}

fn refused(call: &Call) -> Answer {
    call.xml(
        "<UnprocessedUpdateActions><UnprocessedUpdateAction><ErrorType>InvalidParameterValue</ErrorType><ErrorMessage>The \
         update action is not in a valid status.</ErrorMessage></UnprocessedUpdateAction></UnprocessedUpdateActions>",
    )
}

async fn run(aws: &FakeAws) -> (Vec<String>, Vec<String>) {
    let (messages, diags) = invoked(&StopServiceUpdate, &aws.provider, &aws.cancel, config()).await;
    (messages, problems(&diags))
}

fn requests(aws: &FakeAws) -> usize {
    aws.calls().iter().filter(|call| call.operation == "BatchStopUpdateAction").count()
}

#[tokio::test(start_paused = true)]
async fn an_update_in_progress_is_stopped_before_its_next_node() {
    let mut statuses = vec!["stopped", "stopping", "stopping", "in-progress"];
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "BatchStopUpdateAction" => call.xml("<ProcessedUpdateActions/>"),
        _ => {
            let status = if statuses.len() > 1 { statuses.pop() } else { statuses.first().copied() };
            listed(call, status.unwrap())
        }
    });
    let (messages, problems) = run(&aws).await;
    assert_eq!(problems, [""; 0]);
    let of = "Service update \"elc-a\" of replication group \"cache\" is";
    assert_eq!(
        messages,
        [
            format!("{of} in-progress, 1/2 nodes updated"),
            "Stopping service update \"elc-a\" of replication group \"cache\"".to_owned(),
            format!("{of} stopping, 1/2 nodes updated"),
            format!("{of} stopped, 1/2 nodes updated"),
            "Nodes of replication group \"cache\" that are updated stay updated".to_owned(),
        ]
    );
    assert_eq!(requests(&aws), 1);
}

#[tokio::test(start_paused = true)]
async fn an_update_that_is_not_in_progress_is_left_alone() {
    for status in ["complete", "not-applied", "stopped", "not-applicable", "scheduled"] {
        let aws = FakeAws::new(move |call| listed(call, status));
        assert_eq!(run(&aws).await.1, [""; 0], "{status}");
        assert_eq!(requests(&aws), 0, "{status}");
    }
}

/// It was complete before AWS received the request, or the response to a first request was lost.
#[tokio::test(start_paused = true)]
async fn a_refusal_counts_only_while_the_update_is_in_progress() {
    let mut was_asked = false;
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "BatchStopUpdateAction" => {
            was_asked = true;
            refused(call)
        }
        _ => listed(call, if was_asked { "complete" } else { "in-progress" }),
    });
    assert_eq!(run(&aws).await.1, [""; 0]);

    let aws = FakeAws::new(|call| match call.operation.as_str() {
        "BatchStopUpdateAction" => refused(call),
        _ => listed(call, "in-progress"),
    });
    assert_eq!(
        run(&aws).await.1,
        [
            "Failed to stop service update \"elc-a\" of replication group \"cache\": ElastiCache BatchStopUpdateAction: \
             InvalidParameterValue: The update action is not in a valid status (HTTP 200, request id r-1)."
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn an_update_that_is_not_listed_is_a_warning_at_plan_and_an_error_when_invoked() {
    let found = "service_update_name: Update action does not exist: AWS lists no service update \"elc-a\" for replication group \
                 \"cache\" in this Region.";
    for (group_exists, expected) in [
        (true, found),
        (
            false,
            "replication_group_id: Replication group does not exist: AWS has no replication group \"cache\"",
        ),
    ] {
        let aws = FakeAws::new(move |call| match call.operation.as_str() {
            "DescribeReplicationGroups" if group_exists => Group::new().described(call).unwrap(),
            "DescribeReplicationGroups" => call.error("ReplicationGroupNotFoundFault", "None."),
            _ => call.xml("<UpdateActions/>"),
        });
        let planned = AnyAction::plan(&StopServiceUpdate, &aws.provider, &aws.cancel, &config()).await;
        assert!(!planned.has_errors());
        assert!(problems(&planned)[0].starts_with(expected), "{planned:?}");
        assert_eq!(
            run(&aws).await.1,
            [format!(
                "{found} It lists those of a new cache about ten minutes after the creation. Correct `service_update_name`, the \
                 ID of the cache, or `region`."
            )]
        );
    }
}
