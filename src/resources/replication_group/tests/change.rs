//! Carrying out an update.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::Instant;

use super::{FakeGroup, ReplicationGroup, TOKEN, changing, configured, none, params};
use crate::engine::{ApplyResponse, Ongoing, Progress};
use crate::testing::aws::{Call, FakeAws, config, problems};
use crate::value::Value;

const NEW: &str = "another-token-0123456789";

async fn state<const N: usize>(changes: [(&str, Value); N]) -> Value {
    let aws = FakeAws::new(|call| observed().answer(call));
    let created = aws.create(&ReplicationGroup, configured(changes)).await;
    none(&created.diags);
    created.state
}

fn observed() -> FakeGroup {
    let mut observed = FakeGroup::two();
    observed.group = observed.group.replace("false</AuthTokenEnabled>", "true</AuthTokenEnabled>");
    observed
}

/// An update where the calls that change something are answered with these errors
/// one after another; `""` and whatever follows is success.
async fn update(prior: &Value, to: Value, errors: &[&'static str]) -> (ApplyResponse, Vec<Call>) {
    let mut errors: VecDeque<&str> = errors.iter().copied().collect();
    let aws = FakeAws::new(move |call| {
        if call.operation.starts_with("Describe") || call.operation.starts_with("List") {
            return observed().answer(call);
        }
        match errors.pop_front().unwrap_or_default().split_once(": ") {
            Some((code, message)) => call.error(code, message),
            None => observed().answer(call),
        }
    });
    let changed = aws.update(&ReplicationGroup, prior, to).await;
    let calls = aws.calls();
    (changed, changing(&calls).into_iter().cloned().collect())
}

#[tokio::test(start_paused = true)]
async fn update_retries_while_the_group_is_busy() {
    let prior = state([]).await;
    let busy = "InvalidReplicationGroupState: It is modifying.";
    let member = "InvalidCacheClusterState: It is creating.";
    let started = Instant::now();
    let to = configured([("description", "Another".into())]);
    let (changed, calls) = update(&prior, to, &[busy, busy, member]).await;
    none(&changed.diags);
    assert!(started.elapsed() > Duration::from_secs(3));
    assert_eq!(calls.len(), 4);
    assert_eq!(
        params(&calls[3]),
        ["ApplyImmediately=false", "ReplicationGroupDescription=Another", "ReplicationGroupId=cache"]
    );
}

#[tokio::test(start_paused = true)]
async fn update_succeeds_when_aws_finds_nothing_to_modify() {
    let prior = state([]).await;
    let done = "InvalidParameterCombination: No modifications were requested";
    let (changed, _) = update(&prior, configured([("description", "Another".into())]), &[done]).await;
    none(&changed.diags);
    let other = "InvalidParameterCombination: Something else";
    let (changed, _) = update(&prior, configured([("description", "Another".into())]), &[other]).await;
    assert_eq!(
        problems(&changed.diags),
        ["Failed to change settings of replication group \"cache\": ElastiCache ModifyReplicationGroup: \
          InvalidParameterCombination: Something else (HTTP 400, request id r-1)."]
    );
    assert_eq!(changed.state, prior);
}

/// A change of the node type, after which the group is described with these statuses and node types one after another.
async fn resize(descriptions: &[(&'static str, &'static str)]) -> (ApplyResponse, Duration) {
    let prior = state([]).await;
    let mut descriptions: VecDeque<_> = descriptions.iter().copied().collect();
    let mut is_sent = false;
    let aws = FakeAws::new(move |call| {
        is_sent |= call.operation == "ModifyReplicationGroup";
        let mut group = observed();
        if !is_sent || call.operation != "DescribeReplicationGroups" {
            return group.answer(call);
        }
        let (status, node_type) = descriptions[0];
        if descriptions.len() > 1 {
            descriptions.pop_front();
        }
        group.status = status;
        let mut answer = group.answer(call);
        let body = String::from_utf8(answer.body).unwrap().replace("cache.t4g.small", node_type);
        answer.body = body.into_bytes();
        answer
    });
    let started = Instant::now();
    let to = configured([("node_type", "cache.t4g.medium".into()), ("apply_immediately", true.into())]);
    let changed = aws.update(&ReplicationGroup, &prior, to).await;
    (changed, started.elapsed())
}

/// A group is available with its old node type for a moment after AWS has accepted the change.
#[tokio::test(start_paused = true)]
async fn update_waits_until_the_group_has_the_new_node_type() {
    let (changed, _) = resize(&[
        ("available", "cache.t4g.small"),
        ("modifying", "cache.t4g.small"),
        ("available", "cache.t4g.medium"),
    ])
    .await;
    none(&changed.diags);
    assert_eq!(changed.state.get("node_type"), &Value::from("cache.t4g.medium"));
}

/// AWS gives up a change to a node type that is too small for the data, and says so in an event only (aws-cloudformation
/// roadmap #2273).
#[tokio::test(start_paused = true)]
async fn update_that_aws_gives_up_is_an_error() {
    let (changed, elapsed) =
        resize(&[("modifying", "cache.t4g.small"), ("available", "cache.t4g.small")]).await;
    let problems = problems(&changed.diags).join("\n");
    assert!(
        problems.contains("`node_type` is \"cache.t4g.small\" instead of \"cache.t4g.medium\""),
        "{problems}"
    );
    assert_eq!(changed.state.get("node_type"), &Value::from("cache.t4g.small"));
    assert!(elapsed < Duration::from_secs(600), "{elapsed:?}");
}

#[tokio::test(start_paused = true)]
async fn update_of_state_only_arguments_makes_no_call() {
    let prior = state([]).await;
    let to = configured([("final_snapshot_identifier", "last".into()), ("apply_immediately", true.into())]);
    let (changed, calls) = update(&prior, to, &[]).await;
    none(&changed.diags);
    assert_eq!(calls.len(), 0);
    assert_eq!(changed.state.get("final_snapshot_identifier"), &Value::from("last"));
}

#[tokio::test(start_paused = true)]
async fn failed_update_reports_finished_steps_and_keeps_the_new_token() {
    let prior = state([("auth_token", TOKEN.into())]).await;
    let to = configured([("auth_token", NEW.into()), ("description", "Another".into())]);
    let (changed, calls) = update(&prior, to, &["", "InvalidParameterValue: Not so."]).await;
    assert_eq!(calls.len(), 2);
    assert_eq!(
        problems(&changed.diags),
        [
            "Old AUTH token is still valid: Replication group \"cache\" accepts both the old and the new \
             AUTH token now. When every client uses it, set `auth_token_update_strategy = \"SET\"` and \
             apply; then remove `auth_token_update_strategy`, because with SET the next new token makes this \
             one invalid at once.",
            "Failed to change settings of replication group \"cache\": ElastiCache ModifyReplicationGroup: \
             InvalidParameterValue: Not so (HTTP 400, request id r-1).",
            "Change is partly applied: Done: change credentials. Not done: change settings. The next apply continues \
             from there.",
        ]
    );
    assert_eq!(changed.state.get("auth_token"), &Value::from(NEW));
    assert_eq!(changed.state.get("description"), &Value::from("A cache"));
}

#[tokio::test(start_paused = true)]
async fn interrupted_rotation_is_finished_by_the_next_apply() {
    let set = ("auth_token_update_strategy", Value::from("SET"));
    let prior = state([("auth_token", TOKEN.into()), set.clone()]).await;
    let to = configured([("auth_token", NEW.into()), set]);
    let (changed, calls) = update(&prior, to.clone(), &["", "InvalidParameterValue: Not so."]).await;
    let sent =
        |call: &Call| (call.param("AuthToken").to_owned(), call.param("AuthTokenUpdateStrategy").to_owned());
    assert_eq!(sent(&calls[0]), (NEW.to_owned(), "ROTATE".to_owned()));
    assert_eq!(sent(&calls[1]), (NEW.to_owned(), "SET".to_owned()));
    let (changed, calls) = update(&changed.state, to, &[]).await;
    none(&changed.diags);
    assert_eq!(calls.iter().map(sent).collect::<Vec<_>>(), [(NEW.to_owned(), "SET".to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn write_only_token_appears_in_the_request_only() {
    let token = |token: &str, version| {
        configured([("auth_token_wo", token.into()), ("auth_token_wo_version", Value::from(version))])
    };
    let aws = FakeAws::new(|call| observed().answer(call));
    let created = aws.create(&ReplicationGroup, token(TOKEN, 1)).await;
    none(&created.diags);
    let plan = aws.plan(&ReplicationGroup, &created.state, &token(NEW, 2));
    let (changed, calls) = update(&created.state, token(NEW, 2), &[]).await;
    assert_eq!(calls[0].param("AuthToken"), NEW);
    for observed in [format!("{created:?}"), format!("{plan:?}"), format!("{changed:?}")] {
        assert!(!observed.contains(TOKEN) && !observed.contains(NEW));
    }
}

#[tokio::test(start_paused = true)]
async fn update_names_the_current_primary_for_snapshots() {
    let to = configured([("snapshot_retention_limit", Value::from(3))]);
    let (changed, calls) = update(&state([]).await, to, &[]).await;
    none(&changed.diags);
    assert_eq!(
        params(&calls[0]),
        [
            "ApplyImmediately=false",
            "ReplicationGroupId=cache",
            "SnapshotRetentionLimit=3",
            "SnapshottingClusterId=cache-002",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn scaling_waits_for_the_new_nodes() {
    let prior = state([]).await;
    let mut polls = 0;
    let aws = FakeAws::new(move |call| {
        let mut observed = observed();
        if call.operation == "DescribeReplicationGroups" {
            polls += 1;
        }
        // AWS still says "available" with the old nodes, then makes the new one.
        if polls > 3 {
            observed.nodes.push(("cache-003", if polls > 6 { "available" } else { "creating" }));
        }
        observed.answer(call)
    });
    let changed =
        aws.update(&ReplicationGroup, &prior, configured([("num_cache_clusters", Value::from(3))])).await;
    none(&changed.diags);
    let calls = aws.calls();
    let sent = changing(&calls);
    assert_eq!(sent.len(), 1);
    assert_eq!(params(sent[0]), ["ApplyImmediately=true", "NewReplicaCount=2", "ReplicationGroupId=cache"]);
    assert_eq!(changed.state.get("member_clusters").as_elements().map(<[Value]>::len), Some(3));
}

#[tokio::test(start_paused = true)]
async fn resharding_removes_the_shards_with_the_highest_ids() {
    let mut removed = false;
    let shards = |ids: &[&str]| -> String {
        ids.iter().map(|id| format!("<NodeGroup><NodeGroupId>{id}</NodeGroupId></NodeGroup>")).collect()
    };
    let aws = FakeAws::new(move |call| {
        removed |= call.operation == "ModifyReplicationGroupShardConfiguration";
        let ids: &[&str] = if removed { &["0001", "0003"] } else { &["0003", "0001", "0005"] };
        let group = format!(
            "<ReplicationGroupId>cache</ReplicationGroupId><Status>available</Status><NodeGroups>{}</NodeGroups><ARN>{}</ARN>",
            shards(ids),
            super::ARN
        );
        call.xml(&format!(
            "<ReplicationGroups><ReplicationGroup>{group}</ReplicationGroup></ReplicationGroups><ReplicationGroup>{group}</ReplicationGroup>"
        ))
    });
    let of = |shards: i64| {
        config(
            &ReplicationGroup,
            [
                ("replication_group_id", "cache".into()),
                ("description", "A cache".into()),
                ("node_type", "cache.t4g.small".into()),
                ("num_node_groups", Value::from(shards)),
                ("replicas_per_node_group", Value::from(0)),
            ],
        )
    };
    let prior = aws.create(&ReplicationGroup, of(3)).await;
    none(&prior.diags);
    aws.calls();
    none(&aws.update(&ReplicationGroup, &prior.state, of(2)).await.diags);
    let calls = aws.calls();
    assert_eq!(
        params(changing(&calls)[0]),
        [
            "ApplyImmediately=true",
            "NodeGroupCount=2",
            "NodeGroupsToRemove.NodeGroupToRemove.1=0005",
            "ReplicationGroupId=cache",
        ]
    );
}

/// H7: the deletion of what the group uses waits for a change of the group by the same run.
#[tokio::test(start_paused = true)]
async fn update_and_deletion_are_recorded_as_ongoing() {
    const KEY: &str = "replication group cache in us-east-1";
    let prior = state([]).await;
    let (ongoing, visited) = (Ongoing::default(), Arc::new(Mutex::new(Vec::new())));
    let (requested, noted) = (ongoing.clone(), Arc::clone(&visited));
    let mut aws = FakeAws::new(move |call| match call.operation.as_str() {
        "ModifyReplicationGroup" => {
            noted.lock().unwrap().push(requested.progress(KEY));
            observed().answer(call)
        }
        "DeleteReplicationGroup" => {
            noted.lock().unwrap().push(requested.progress(KEY));
            call.error("InvalidParameterValue", "No.")
        }
        _ => observed().answer(call),
    });
    aws.provider.ongoing = ongoing.clone();
    // What waits for the maintenance window is not about to be released.
    let deferred =
        aws.update(&ReplicationGroup, &prior, configured([("parameter_group_name", "mine".into())])).await;
    assert!(!deferred.diags.has_errors(), "{:?}", deferred.diags);
    assert_eq!(ongoing.progress(KEY), Progress::None);

    none(&aws.update(&ReplicationGroup, &prior, configured([("description", "Another".into())])).await.diags);
    assert_eq!(ongoing.progress(KEY), Progress::Settling);
    tokio::time::advance(Duration::from_secs(60)).await;
    assert_eq!(ongoing.progress(KEY), Progress::None);

    assert!(aws.delete_replaced(&ReplicationGroup, &prior).await.diags.has_errors());
    assert_eq!(ongoing.progress(KEY), Progress::Settling);
    assert_eq!(*visited.lock().unwrap(), [Progress::Running; 3]);
}
