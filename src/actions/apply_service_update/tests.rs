//! Applying a service update, against a scripted AWS.

use std::sync::{Arc, Mutex};

use super::ApplyServiceUpdate;
use crate::engine::AnyAction;
use crate::testing::aws::{Answer, Call, FakeAws, problems};
use crate::testing::core::invoked;
use crate::value::Value;

const UPDATE: &str = "elc-20260915-001";

fn config(entries: Vec<(&'static str, Value)>) -> Value {
    let all = entries.into_iter().chain([("service_update_name", Value::from(UPDATE))]);
    AnyAction::schema(&ApplyServiceUpdate).conform(Value::map(all))
}

fn of_group() -> Value {
    config(vec![("replication_group_id", "Cache".into())])
}

fn listed(call: &Call, status: &str, nodes: &str) -> Answer {
    call.xml(&format!(
        "<UpdateActions><UpdateAction><ReplicationGroupId>cache</ReplicationGroupId><ServiceUpdateName>{UPDATE}\
         </ServiceUpdateName><UpdateActionStatus>{status}</UpdateActionStatus><NodesUpdated>{nodes}</NodesUpdated>\
         </UpdateAction></UpdateActions>"
    ))
}

fn released(call: &Call, status: &str) -> Answer {
    call.xml(&format!(
        "<ServiceUpdates><ServiceUpdate><ServiceUpdateName>{UPDATE}</ServiceUpdateName><ServiceUpdateStatus>{status}\
         </ServiceUpdateStatus></ServiceUpdate></ServiceUpdates>"
    ))
}

fn unprocessed(call: &Call, kind: &str, message: &str) -> Answer {
    call.xml(&format!(
        "<ProcessedUpdateActions/><UnprocessedUpdateActions><UnprocessedUpdateAction><ReplicationGroupId>cache\
         </ReplicationGroupId><ServiceUpdateName>{UPDATE}</ServiceUpdateName><ErrorType>{kind}</ErrorType><ErrorMessage>{message}\
         </ErrorMessage></UnprocessedUpdateAction></UnprocessedUpdateActions>"
    ))
}

fn processed(call: &Call) -> Answer {
    call.xml("<ProcessedUpdateActions/><UnprocessedUpdateActions/>")
}

/// An AWS whose action has these statuses, one after the other from the request on; before it the first one.
fn aws(statuses: &'static [(&'static str, &'static str)]) -> FakeAws {
    let requested = Arc::new(Mutex::new(None));
    FakeAws::new(move |call| {
        let mut requested = requested.lock().unwrap();
        match call.operation.as_str() {
            "BatchApplyUpdateAction" => {
                *requested = Some(0);
                processed(call)
            }
            _ => {
                let at = requested.as_mut().map_or(0, |at| {
                    *at = (*at + 1).min(statuses.len() - 1);
                    *at
                });
                listed(call, statuses[at].0, statuses[at].1)
            }
        }
    })
}

async fn run(aws: &FakeAws, config: Value) -> (Vec<String>, Vec<String>) {
    let (messages, diags) = invoked(&ApplyServiceUpdate, &aws.provider, &aws.cancel, config).await;
    (messages, problems(&diags))
}

fn requests(aws: &FakeAws) -> Vec<Call> {
    aws.calls().into_iter().filter(|call| call.operation.starts_with("Batch")).collect()
}

#[tokio::test(start_paused = true)]
async fn an_update_is_applied_and_each_step_is_reported() {
    let aws = aws(&[
        ("not-applied", "0/2"),
        ("waiting-to-start", "0/2"),
        ("in-progress", "0/2"),
        ("in-progress", "1/2"),
        ("complete", "2/2"),
    ]);
    let (messages, problems) = run(&aws, of_group()).await;
    assert_eq!(problems, [""; 0]);
    let of = "Service update \"elc-20260915-001\" of replication group \"cache\" is";
    assert_eq!(
        messages,
        [
            format!("{of} not-applied, 0/2 nodes updated"),
            "Applying service update \"elc-20260915-001\" to replication group \"cache\"".to_owned(),
            format!("{of} waiting-to-start, 0/2 nodes updated"),
            format!("{of} in-progress, 0/2 nodes updated"),
            format!("{of} in-progress, 1/2 nodes updated"),
            format!("{of} complete, 2/2 nodes updated"),
        ]
    );
    let [call] = requests(&aws).try_into().unwrap();
    assert_eq!(call.param("ServiceUpdateName"), UPDATE);
    assert_eq!(call.list("ReplicationGroupIds.member."), ["cache"]);
    assert_eq!(call.list("CacheClusterIds.member."), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_complete_update_is_not_requested_and_one_in_progress_is_waited_for() {
    for statuses in [&[("complete", "2/2")][..], &[("not-applicable", "0/0")]] {
        let aws = aws(statuses);
        assert_eq!(run(&aws, of_group()).await.1, [""; 0]);
        assert!(requests(&aws).is_empty());
    }
    let mut polls = 0;
    let aws = FakeAws::new(move |call| {
        polls += 1;
        listed(call, if polls < 4 { "in-progress" } else { "complete" }, "1/2")
    });
    assert_eq!(run(&aws, of_group()).await.1, [""; 0]);
    assert!(requests(&aws).is_empty());
}

/// AWS accepts those that it has scheduled, and those that were stopped.
#[tokio::test(start_paused = true)]
async fn scheduled_and_stopped_updates_are_applied() {
    for first in ["scheduled", "scheduling", "stopped"] {
        let statuses: &'static [(&str, &str)] = Box::leak(Box::new([
            (first, "0/2"),
            (first, "0/2"),
            ("in-progress", "0/2"),
            ("complete", "2/2"),
        ]));
        let aws = aws(statuses);
        assert_eq!(run(&aws, of_group()).await.1, [""; 0], "{first}");
        assert_eq!(requests(&aws).len(), 1, "{first}");
    }
}

/// An answer with HTTP 200 may hold a refusal.
#[tokio::test(start_paused = true)]
async fn an_unprocessed_action_is_an_error_with_the_words_of_aws() {
    let aws = FakeAws::new(|call| match call.operation.as_str() {
        "BatchApplyUpdateAction" => {
            unprocessed(call, "InvalidParameterValue", "The service update is expired.")
        }
        _ => listed(call, "not-applied", "0/2"),
    });
    assert_eq!(
        run(&aws, of_group()).await.1,
        ["Failed to apply service update \"elc-20260915-001\" to replication group \"cache\": ElastiCache \
             BatchApplyUpdateAction: InvalidParameterValue: The service update is expired (HTTP 200, request id r-1)."]
    );
}

/// The SDK repeats a request whose response was lost, and AWS refuses the repetition.
#[tokio::test(start_paused = true)]
async fn a_refusal_of_an_action_that_is_under_way_is_no_error() {
    let mut status = "not-applied";
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "BatchApplyUpdateAction" => {
            status = "in-progress";
            unprocessed(
                call,
                "InvalidParameterValue",
                "The update action is not in a valid status. Current status: in-progress.",
            )
        }
        _ => {
            let now = status;
            if now == "in-progress" {
                status = "complete";
            }
            listed(call, now, "1/2")
        }
    });
    assert_eq!(run(&aws, of_group()).await.1, [""; 0]);
    assert_eq!(requests(&aws).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_busy_group_is_waited_for() {
    let mut refusals = 0;
    let mut accepted = false;
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "BatchApplyUpdateAction" if refusals < 2 => {
            refusals += 1;
            unprocessed(call, "InvalidReplicationGroupState", "The replication group is not available.")
        }
        "BatchApplyUpdateAction" => {
            accepted = true;
            processed(call)
        }
        _ => listed(call, if accepted { "complete" } else { "not-applied" }, "0/2"),
    });
    assert_eq!(run(&aws, of_group()).await.1, [""; 0]);
    assert_eq!(requests(&aws).len(), 3);
}

#[tokio::test(start_paused = true)]
async fn an_update_that_another_client_stops_is_an_error() {
    let aws = aws(&[("not-applied", "0/2"), ("in-progress", "1/2"), ("stopping", "1/2"), ("stopped", "1/2")]);
    let (_, problems) = run(&aws, of_group()).await;
    assert!(
        problems[0].contains("its last status was \"stopped\". It was stopped outside of this operation."),
        "{problems:?}"
    );
}

/// hashicorp/aws waits ten minutes in its tests.
#[tokio::test(start_paused = true)]
async fn a_new_group_is_waited_for_until_aws_lists_it() {
    let begin = tokio::time::Instant::now();
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "DescribeServiceUpdates" => released(call, "available"),
        "DescribeReplicationGroups" => call.xml("<ReplicationGroups/>"),
        _ if begin.elapsed().as_secs() < 600 => call.xml("<UpdateActions/>"),
        _ => listed(call, "complete", "2/2"),
    });
    assert_eq!(run(&aws, of_group()).await.1, [""; 0]);
    assert!(requests(&aws).is_empty());
    assert!(begin.elapsed().as_secs() < 630, "{:?}", begin.elapsed());
}

#[tokio::test(start_paused = true)]
async fn what_does_not_exist_is_a_warning_at_plan_and_an_error_when_invoked() {
    let aws = FakeAws::new(|call| match call.operation.as_str() {
        "DescribeServiceUpdates" => call.error("ServiceUpdateNotFoundFault", "None."),
        _ => call.xml("<UpdateActions/>"),
    });
    let expected = "service_update_name: Failed to apply service update \"elc-20260915-001\" to replication group \"cache\": ";
    let (_, found) = run(&aws, of_group()).await;
    assert!(found[0].starts_with(expected), "{found:?}");
    let planned = AnyAction::plan(&ApplyServiceUpdate, &aws.provider, &aws.cancel, &of_group()).await;
    assert!(!planned.has_errors());
    assert_eq!(
        problems(&planned),
        [
            "service_update_name: Service update does not exist: AWS has no service update \"elc-20260915-001\" in this Region. \
          The action fails unless AWS releases it first. Otherwise, correct `service_update_name` or `region`."
        ]
    );
    for (config, operation, code, argument) in [
        (of_group(), "DescribeReplicationGroups", "ReplicationGroupNotFoundFault", "replication_group_id"),
        (
            config(vec![("cache_cluster_id", "one".into())]),
            "DescribeCacheClusters",
            "CacheClusterNotFound",
            "cache_cluster_id",
        ),
    ] {
        let aws = FakeAws::new(move |call| match call.operation.as_str() {
            "DescribeServiceUpdates" => released(call, "available"),
            "DescribeUpdateActions" => call.xml("<UpdateActions/>"),
            name if name == operation => call.error(code, "None."),
            name => panic!("{name}"),
        });
        let planned = AnyAction::plan(&ApplyServiceUpdate, &aws.provider, &aws.cancel, &config).await;
        assert!(!planned.has_errors());
        assert!(problems(&planned)[0].starts_with(&format!("{argument}: ")), "{planned:?}");
        let (_, found) = run(&aws, config).await;
        assert!(found[0].starts_with(&format!("{argument}: Failed to apply")), "{found:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_expired_update_that_is_not_listed_is_an_error() {
    let aws = FakeAws::new(|call| match call.operation.as_str() {
        "DescribeServiceUpdates" => released(call, "expired"),
        _ => call.xml("<UpdateActions/>"),
    });
    let expected = "service_update_name: Service update is not available: Service update \"elc-20260915-001\" is expired, and \
                    AWS does not list it for replication group \"cache\". Set `service_update_name` to an update that is \
                    available: updates are cumulative.";
    assert_eq!(run(&aws, of_group()).await.1, [expected]);
    let planned = AnyAction::plan(&ApplyServiceUpdate, &aws.provider, &aws.cancel, &of_group()).await;
    assert_eq!(problems(&planned), [expected]);
}

#[test]
fn exactly_one_cache_is_required() {
    let found = |config: Value| problems(&AnyAction::validate(&ApplyServiceUpdate, &config));
    assert!(found(config(Vec::new()))[0].starts_with("replication_group_id: Missing cache: "));
    let both = config(vec![("replication_group_id", "a".into()), ("cache_cluster_id", "b".into())]);
    assert!(found(both)[0].starts_with("cache_cluster_id: Conflicting arguments: "));
    assert_eq!(found(config(vec![("replication_group_id", Value::Unknown)])), [""; 0]);
}

/// Ctrl-C: the error says what continues.
#[tokio::test(start_paused = true)]
async fn a_stop_says_that_aws_continues() {
    let aws = aws(&[("not-applied", "0/2"), ("in-progress", "0/2")]);
    let cancel = aws.cancel.clone();
    let stop = async {
        tokio::time::sleep(std::time::Duration::from_secs(60)).await;
        cancel.cancel();
    };
    let ((_, problems), ()) = tokio::join!(run(&aws, of_group()), stop);
    let rest = "AWS continues to apply service update \"elc-20260915-001\" to replication group \"cache\".";
    assert!(problems[0].contains(rest), "{problems:?}");
}
