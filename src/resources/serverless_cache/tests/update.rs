//! Changes in place: one field per request.

use std::sync::Arc;

use super::{ServerlessCache, answer, aws_with, created, given, ids, limits, members, none, problems, set};
use crate::testing::aws::{Call, FakeAws, text_map};
use crate::value::Value;

/// The members of each ModifyServerlessCache but the name, as `member=value`.
fn modifications(calls: &[Call]) -> Vec<Vec<String>> {
    let of = |call: &Call| {
        let members = call
            .params
            .iter()
            .filter(|(name, _)| !["Action", "Version", "ServerlessCacheName"].contains(&name.as_str()));
        members.map(|(name, value)| format!("{name}={value}")).collect()
    };
    calls.iter().filter(|call| call.operation == "ModifyServerlessCache").map(of).collect()
}

#[tokio::test(start_paused = true)]
async fn each_field_is_one_request_with_a_wait() {
    let aws = aws_with(&members());
    let state = created(&aws, given([])).await;
    let config = given([
        ("description", "Sessions".into()),
        ("daily_snapshot_time", "09:00".into()),
        ("snapshot_retention_limit", 7.into()),
        ("cache_usage_limits", limits((0, 10), (0, 5000))),
        ("security_group_ids", ids(&["sg-2", "sg-3"])),
        ("user_group_id", "App".into()),
        ("major_engine_version", "9".into()),
        ("tags", text_map([("team", "x")])),
    ]);
    let done = aws.update(&ServerlessCache, &state, config.clone()).await;
    assert_eq!(problems(&done.diags), none());
    let calls = aws.calls();
    assert_eq!(
        modifications(&calls),
        [
            vec!["Description=Sessions"],
            vec!["DailySnapshotTime=09:00"],
            vec!["SnapshotRetentionLimit=7"],
            vec![
                "CacheUsageLimits.DataStorage.Maximum=10",
                "CacheUsageLimits.DataStorage.Unit=GB",
                "CacheUsageLimits.ECPUPerSecond.Maximum=5000"
            ],
            vec!["SecurityGroupIds.SecurityGroupId.1=sg-2", "SecurityGroupIds.SecurityGroupId.2=sg-3"],
            vec!["UserGroupId=app"],
            vec!["MajorEngineVersion=9"],
        ]
    );
    let operations: Vec<_> = calls.iter().map(|call| call.operation.as_str()).collect();
    let expected: Vec<&str> = ["AddTagsToResource", "DescribeServerlessCaches"]
        .into_iter()
        .chain((0..7).flat_map(|_| ["ModifyServerlessCache", "DescribeServerlessCaches"]))
        .collect();
    assert_eq!(operations, expected);
    assert_eq!(aws.plan(&ServerlessCache, &done.state, &config).planned, done.state);
}

#[tokio::test(start_paused = true)]
async fn what_is_removed_from_the_configuration_is_removed_in_aws() {
    let members = members();
    set(&members, "Description", "Sessions");
    set(&members, "SnapshotRetentionLimit", "7");
    set(&members, "UserGroupId", "app");
    set(
        &members,
        "CacheUsageLimits",
        "<DataStorage><Minimum>1</Minimum><Maximum>10</Maximum></DataStorage><ECPUPerSecond><Maximum>5000</Maximum>\
         </ECPUPerSecond>",
    );
    let aws = aws_with(&members);
    let config = given([
        ("description", "Sessions".into()),
        ("snapshot_retention_limit", 7.into()),
        ("user_group_id", "app".into()),
        ("cache_usage_limits", limits((1, 10), (0, 5000))),
    ]);
    let state = created(&aws, config).await;
    let done = aws.update(&ServerlessCache, &state, given([])).await;
    assert_eq!(problems(&done.diags), none());
    assert_eq!(
        modifications(&aws.calls()),
        [
            vec!["Description= "],
            vec!["SnapshotRetentionLimit=0"],
            vec![
                "CacheUsageLimits.DataStorage.Maximum=0",
                "CacheUsageLimits.DataStorage.Minimum=0",
                "CacheUsageLimits.DataStorage.Unit=GB",
                "CacheUsageLimits.ECPUPerSecond.Maximum=0"
            ],
            vec!["RemoveUserGroup=true"],
        ]
    );
    assert_eq!(aws.read(&ServerlessCache, &done.state).await.state, done.state);
}

#[tokio::test(start_paused = true)]
async fn another_engine_is_sent_with_its_version() {
    let members = members();
    set(&members, "Engine", "redis");
    set(&members, "MajorEngineVersion", "7");
    let aws = aws_with(&members);
    let state = created(&aws, given([("engine", "redis".into())])).await;
    // The version of the state stays where the configuration has none.
    let done = aws.update(&ServerlessCache, &state, given([])).await;
    assert_eq!(problems(&done.diags), none());
    assert_eq!(modifications(&aws.calls()), [vec!["Engine=valkey", "MajorEngineVersion=7"]]);
    let back = aws.update(&ServerlessCache, &done.state, given([("engine", "redis".into())])).await;
    assert_eq!(problems(&back.diags), none());
    assert_eq!(modifications(&aws.calls()), [vec!["Engine=redis", "MajorEngineVersion=7"]]);
}

#[tokio::test(start_paused = true)]
async fn a_busy_cache_is_waited_for() {
    let members = members();
    let mut refusals = 3;
    let shared = Arc::clone(&members);
    let aws = FakeAws::new(move |call| {
        if call.operation == "ModifyServerlessCache" && refusals > 0 {
            refusals -= 1;
            return call.error("InvalidServerlessCacheStateFault", "It is modifying.");
        }
        answer(&shared, call)
    });
    let state = created(&aws, given([])).await;
    let done = aws.update(&ServerlessCache, &state, given([("description", "New".into())])).await;
    assert_eq!(problems(&done.diags), none());
    assert_eq!(modifications(&aws.calls()).len(), 4);
}

#[tokio::test(start_paused = true)]
async fn nothing_to_modify_counts_as_done() {
    let members = members();
    let shared = Arc::clone(&members);
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "ModifyServerlessCache" => {
            call.error("InvalidParameterCombination", "No modifications were requested")
        }
        _ => answer(&shared, call),
    });
    let state = created(&aws, given([])).await;
    set(&members, "Description", "New");
    let done = aws.update(&ServerlessCache, &state, given([("description", "New".into())])).await;
    assert_eq!(problems(&done.diags), none());
}

#[tokio::test(start_paused = true)]
async fn values_from_before_a_change_are_waited_out_for_a_minute() {
    let members = members();
    let shared = Arc::clone(&members);
    // AWS accepts the change and returns the cache as it was.
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "ModifyServerlessCache" => call.xml("<ServerlessCache/>"),
        _ => answer(&shared, call),
    });
    let state = created(&aws, given([])).await;
    let started = tokio::time::Instant::now();
    let done = aws.update(&ServerlessCache, &state, given([("description", "New".into())])).await;
    assert_eq!(problems(&done.diags), none());
    let waited = started.elapsed().as_secs();
    assert!((60..80).contains(&waited), "{waited} s");
    assert_eq!(aws.read(&ServerlessCache, &done.state).await.state.get("description"), &Value::from(""));
}

#[tokio::test(start_paused = true)]
async fn a_step_that_aws_refuses_says_what_was_done_and_what_was_not() {
    let members = members();
    let shared = Arc::clone(&members);
    let aws = FakeAws::new(move |call| match call.params.contains_key("UserGroupId") {
        true => call.error("UserGroupNotFound", "User group app not found."),
        false => answer(&shared, call),
    });
    let state = created(&aws, given([])).await;
    let config = given([
        ("description", "New".into()),
        ("user_group_id", "app".into()),
        ("major_engine_version", "9".into()),
    ]);
    let done = aws.update(&ServerlessCache, &state, config).await;
    let problems = problems(&done.diags);
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(
        problems[0].starts_with("Failed to change the user group of serverless cache \"cache\": ")
            && problems[0].ends_with(
                " `user_group_id` is \"app\": create that user group first, or set the ID of an existing one."
            ),
        "{problems:?}"
    );
    assert_eq!(
        problems[1],
        "Change is partly applied: Done: change the description. Not done: change the user group; change the \
         major engine version. The next apply continues from there."
    );
}

#[tokio::test]
async fn arguments_that_only_the_state_has_send_no_change() {
    let aws = aws_with(&members());
    let state = created(&aws, given([])).await;
    let config = given([("final_snapshot_name", "last".into()), ("deletion_protection", true.into())]);
    let done = aws.update(&ServerlessCache, &state, config.clone()).await;
    assert_eq!(problems(&done.diags), none());
    assert_eq!(aws.operations(), ["DescribeServerlessCaches", "ListTagsForResource"]);
    assert_eq!(aws.plan(&ServerlessCache, &done.state, &config).planned, done.state);
}
