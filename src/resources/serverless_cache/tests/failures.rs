//! Answers that are lost, creations that fail, and deletions that are refused.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::{ServerlessCache, answer, aws_with, created, given, members, none, problems, set};
use crate::testing::aws::{Answer, Call, FakeAws};
use crate::value::Value;

/// No answer that could be read: the connection broke in the middle.
fn lost(_: &Call) -> Answer {
    Answer { status: 500, content_type: "text/xml", body: Vec::new() }
}

/// An AWS that creates the cache at the first attempt, whose answer is lost, and then says that it exists.
fn with_lost_answer(members: &super::Members) -> FakeAws {
    let (shared, attempts) = (Arc::clone(members), AtomicU32::new(0));
    FakeAws::new(move |call| match call.operation.as_str() {
        "CreateServerlessCache" if attempts.fetch_add(1, Ordering::Relaxed) == 0 => lost(call),
        "CreateServerlessCache" => call
            .error("ServerlessCacheAlreadyExistsFault", "Serverless cache with name cache already exists."),
        _ => answer(&shared, call),
    })
}

#[tokio::test(start_paused = true)]
async fn a_cache_of_a_lost_answer_is_adopted_while_it_is_being_created() {
    let members = members();
    set(&members, "Status", "creating");
    let (shared, polls) = (Arc::clone(&members), AtomicU32::new(0));
    let attempts = AtomicU32::new(0);
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "CreateServerlessCache" if attempts.fetch_add(1, Ordering::Relaxed) == 0 => lost(call),
        "CreateServerlessCache" => call
            .error("ServerlessCacheAlreadyExistsFault", "Serverless cache with name cache already exists."),
        "DescribeServerlessCaches" => {
            if polls.fetch_add(1, Ordering::Relaxed) == 2 {
                set(&shared, "Status", "available");
            }
            answer(&shared, call)
        }
        _ => answer(&shared, call),
    });
    let done = aws.create(&ServerlessCache, given([])).await;
    assert_eq!(problems(&done.diags), none());
    assert_eq!(done.state.get("status"), &Value::from("available"));
}

#[tokio::test(start_paused = true)]
async fn an_older_cache_is_not_adopted() {
    let done = with_lost_answer(&members()).create(&ServerlessCache, given([])).await;
    assert!(done.diags.has_errors() && done.state.is_null(), "{:?}", done.diags);
}

#[tokio::test(start_paused = true)]
async fn an_existing_cache_is_an_error_that_says_how_to_import_it() {
    let members = members();
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "CreateServerlessCache" => call
            .error("ServerlessCacheAlreadyExistsFault", "Serverless cache with name cache already exists."),
        _ => answer(&members, call),
    });
    let done = aws.create(&ServerlessCache, given([])).await;
    let errors = problems(&done.diags);
    assert!(errors[0].contains("terraform import elasticache_serverless_cache.NAME cache"), "{errors:?}");
    assert_eq!(done.state, Value::Null);
}

#[tokio::test(start_paused = true)]
async fn a_cache_with_other_arguments_is_not_adopted() {
    for (name, value) in [("UserGroupId", "app"), ("Description", "Other"), ("Engine", "redis")] {
        let members = members();
        set(&members, "Status", "creating");
        set(&members, name, value);
        let done = with_lost_answer(&members).create(&ServerlessCache, given([])).await;
        assert!(done.diags.has_errors() && done.state.is_null(), "{name}: {:?}", done.diags);
    }
}

#[tokio::test(start_paused = true)]
async fn a_creation_that_fails_ends_the_wait_with_the_events_and_stays_in_the_state() {
    let members = members();
    let shared = Arc::clone(&members);
    let aws = FakeAws::new(move |call| {
        match call.operation.as_str() {
        "CreateServerlessCache" => {
            set(&shared, "Status", "creating");
            let created = answer(&shared, call);
            set(&shared, "Status", "create-failed");
            created
        }
        "DescribeEvents" => call.xml(
            "<Events><Event><Message>Failed to create cache cache. Insufficient free IP addresses to create VPC \
             endpoint.</Message></Event></Events>",
        ),
        _ => answer(&shared, call),
    }
    });
    let done = aws.create(&ServerlessCache, given([("final_snapshot_name", "last".into())])).await;
    let errors = problems(&done.diags);
    assert!(
        errors[0].contains("its last status was \"create-failed\". AWS could not create it.")
            && errors[0].contains("Insufficient free IP addresses"),
        "{errors:?}"
    );
    let events = aws.calls().into_iter().find(|call| call.operation == "DescribeEvents").unwrap();
    assert_eq!(events.param("SourceType"), "serverless-cache");
    // It has no data: the deletion takes no snapshot.
    assert_eq!(done.state.get("id"), &Value::from("cache"));
    assert!(done.state.get("final_snapshot_name").is_empty(), "{:?}", done.state);
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_times_out_says_how_to_keep_the_cache() {
    let members = members();
    set(&members, "Status", "creating");
    let timeouts = Value::map([("create", Value::from("5m"))]);
    let done = aws_with(&members).create(&ServerlessCache, given([("timeouts", timeouts)])).await;
    let errors = problems(&done.diags);
    assert!(
        errors[0].contains("timed out after 5m") && errors[0].contains("terraform untaint"),
        "{errors:?}"
    );
    assert_eq!(done.state.get("id"), &Value::from("cache"));
}

#[tokio::test(start_paused = true)]
async fn an_untainted_cache_is_waited_for_by_the_next_apply() {
    let members = members();
    let aws = aws_with(&members);
    let state = created(&aws, given([])).await;
    set(&members, "Status", "creating");
    let endpoint = members.lock().unwrap().remove("Endpoint").unwrap();
    let read = aws.read(&ServerlessCache, &state).await.state;
    assert_eq!(read.get("endpoint").as_elements().unwrap().len(), 0);
    assert!(aws.plan(&ServerlessCache, &read, &given([])).planned.get("endpoint").is_unknown());
    set(&members, "Endpoint", &endpoint);
    set(&members, "Status", "available");
    let done = aws.update(&ServerlessCache, &read, given([])).await;
    assert_eq!(problems(&done.diags), none());
    assert_eq!(done.state.get("endpoint"), state.get("endpoint"));
    assert_eq!(done.state.get("status"), &Value::from("available"));
}

#[tokio::test(start_paused = true)]
async fn delete_takes_the_final_snapshot_and_waits_until_the_cache_is_gone() {
    let members = members();
    let (shared, deleted) = (Arc::clone(&members), AtomicU32::new(0));
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "DeleteServerlessCache" => {
            deleted.fetch_add(1, Ordering::Relaxed);
            set(&shared, "Status", "deleting");
            answer(&shared, call)
        }
        "DescribeServerlessCaches" if deleted.load(Ordering::Relaxed) > 0 => {
            match deleted.fetch_add(1, Ordering::Relaxed) {
                1..3 => answer(&shared, call),
                _ => call.error("ServerlessCacheNotFoundFault", "Serverless cache cache not found."),
            }
        }
        _ => answer(&shared, call),
    });
    let state = created(&aws, given([("final_snapshot_name", "Last".into())])).await;
    assert_eq!(problems(&aws.delete(&ServerlessCache, &state).await.diags), none());
    let calls = aws.calls();
    assert_eq!(calls[0].operation, "DeleteServerlessCache");
    assert_eq!(calls[0].param("FinalSnapshotName"), "last");
    assert_eq!(calls.len(), 4);
}

#[tokio::test(start_paused = true)]
async fn dependency_violations_and_busy_states_are_waited_out_by_a_delete() {
    let members = members();
    let (shared, attempts) = (Arc::clone(&members), AtomicU32::new(0));
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "DeleteServerlessCache" => match attempts.fetch_add(1, Ordering::Relaxed) {
            0 => call.error("DependencyViolation", "The endpoint is in use."),
            1 => call.error("InvalidServerlessCacheStateFault", "It is modifying."),
            _ => call.error("ServerlessCacheNotFoundFault", "Serverless cache cache not found."),
        },
        _ => answer(&shared, call),
    });
    let state = created(&aws, given([])).await;
    assert_eq!(problems(&aws.delete(&ServerlessCache, &state).await.diags), none());
}

#[tokio::test(start_paused = true)]
async fn a_name_of_the_final_snapshot_that_is_taken_is_told_with_the_fix() {
    let members = members();
    let shared = Arc::clone(&members);
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "DeleteServerlessCache" => {
            call.error("ServerlessCacheSnapshotAlreadyExistsFault", "Snapshot last already exists.")
        }
        _ => answer(&shared, call),
    });
    let state = created(&aws, given([("final_snapshot_name", "last".into())])).await;
    let errors = problems(&aws.delete(&ServerlessCache, &state).await.diags);
    assert!(
        errors[0].ends_with(
            " The cache was not deleted. Delete snapshot \"last\", or set another `final_snapshot_name` and apply that first: \
             a destroy goes by the state."
        ),
        "{errors:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_modification_of_a_lost_answer_is_not_sent_again() {
    let members = members();
    let shared = Arc::clone(&members);
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "ModifyServerlessCache" => {
            answer(&shared, call);
            lost(call)
        }
        _ => answer(&shared, call),
    });
    let state = created(&aws, given([])).await;
    let done = aws.update(&ServerlessCache, &state, given([("description", "New".into())])).await;
    assert_eq!(problems(&done.diags), none());
    let sent = aws.operations().into_iter().filter(|operation| operation == "ModifyServerlessCache").count();
    assert_eq!(sent, 1);
}
