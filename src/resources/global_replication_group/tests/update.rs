//! Changing a global datastore.

use std::sync::Arc;

use super::{
    AwsState, BUSY, GlobalReplicationGroup, Observed, aws, aws_state, created, desired, healthy, none, sent,
    unanswered,
};
use crate::testing::aws::{problems, text_map};
use crate::value::Value;

const MODIFY: &str = "ModifyGlobalReplicationGroup";

/// A datastore with two shards and a secondary, and the state that a refresh has of it.
async fn existing() -> (AwsState, Value) {
    let aws_state = aws_state(Observed { shards: 2, ..Observed::missing() });
    let state = created(&aws_state).await;
    *aws_state.lock().unwrap() = Observed { shards: 2, ..Observed::paired() };
    let state = super::refreshed(&aws_state, &state).await;
    (aws_state, state)
}

#[tokio::test(start_paused = true)]
async fn each_change_is_one_request_in_place() {
    let change = |name: &'static str, value: Value| vec![(name, value)];
    let upgrade = vec![
        ("engine", Value::from("valkey")),
        ("engine_version", "8.0".into()),
        ("parameter_group_name", "own".into()),
    ];
    let placement = Value::List(vec![Value::map([
        ("replication_group_id", Value::from("Cache")),
        ("replication_group_region", "us-east-1".into()),
        (
            "resharding_configurations",
            Value::List(vec![Value::map([
                ("node_group_id", Value::from("3")),
                ("preferred_availability_zones", Value::List(vec!["us-east-1a".into(), "us-east-1b".into()])),
            ])]),
        ),
    ])]);
    let cases: Vec<(Vec<(&str, Value)>, String)> = vec![
        (
            change("global_replication_group_description", "Bookings".into()),
            format!("{MODIFY} GlobalReplicationGroupDescription=Bookings"),
        ),
        (
            change("cache_node_type", "cache.r7g.xlarge".into()),
            format!("{MODIFY} CacheNodeType=cache.r7g.xlarge"),
        ),
        (
            change("automatic_failover_enabled", false.into()),
            format!("{MODIFY} AutomaticFailoverEnabled=false"),
        ),
        (upgrade, format!("{MODIFY} CacheParameterGroupName=own Engine=valkey EngineVersion=8.0")),
        (
            vec![("num_node_groups", Value::from(3)), ("regional_configurations", placement)],
            "IncreaseNodeGroupsInGlobalReplicationGroup NodeGroupCount=3 \
             RegionalConfigurations.RegionalConfiguration.1.ReplicationGroupId=cache \
             RegionalConfigurations.RegionalConfiguration.1.ReplicationGroupRegion=us-east-1 \
             RegionalConfigurations.RegionalConfiguration.1.ReshardingConfiguration.ReshardingConfiguration.1.NodeGroupId=0003 \
             RegionalConfigurations.RegionalConfiguration.1.ReshardingConfiguration.ReshardingConfiguration.1.\
             PreferredAvailabilityZones.AvailabilityZone.1=us-east-1a \
             RegionalConfigurations.RegionalConfiguration.1.ReshardingConfiguration.ReshardingConfiguration.1.\
             PreferredAvailabilityZones.AvailabilityZone.2=us-east-1b"
                .to_owned(),
        ),
        (
            change("num_node_groups", Value::from(1)),
            "DecreaseNodeGroupsInGlobalReplicationGroup \
             GlobalNodeGroupsToRemove.GlobalNodeGroupId.1=ldgnf-booking-0002 NodeGroupCount=1"
                .to_owned(),
        ),
        (
            change("primary_replication_group_id", "cache-west".into()),
            "FailoverGlobalReplicationGroup PrimaryRegion=us-west-2 PrimaryReplicationGroupId=cache-west".to_owned(),
        ),
    ];
    for (changes, expected) in cases {
        let (aws_state, state) = existing().await;
        let aws = healthy(&aws_state);
        let Value::Map(mut config) = desired([]) else { panic!("no object") };
        config.extend(changes.into_iter().map(|(name, value)| (name.to_owned(), value)));
        let config = Value::Map(config);
        let plan = aws.plan(&GlobalReplicationGroup, &state, &config);
        assert!(plan.replace.is_empty(), "{expected}");
        let updated = aws.update(&GlobalReplicationGroup, &state, config.clone()).await;
        none(&updated.diags);
        assert_eq!(sent(&aws), [expected.as_str()]);
        // Nothing is left to do.
        let state = super::refreshed(&aws_state, &updated.state).await;
        let plan = healthy(&aws_state).plan(&GlobalReplicationGroup, &state, &config);
        none(&plan.diags);
        assert_eq!(plan.planned, state, "{expected}");
    }
}

#[tokio::test(start_paused = true)]
async fn tags_change_without_a_change_of_the_datastore() {
    let (aws_state, state) = existing().await;
    let aws = healthy(&aws_state);
    let config = desired([("tags", text_map([("team", "cache")]))]);
    aws_state.lock().unwrap().tags = vec![("team".to_owned(), "cache".to_owned())];
    let updated = aws.update(&GlobalReplicationGroup, &state, config).await;
    none(&updated.diags);
    let sent = sent(&aws);
    assert!(sent.len() == 1 && sent[0].starts_with("AddTagsToResource "), "{sent:?}");
}

/// What only says how a later change is made asks AWS for nothing.
#[tokio::test(start_paused = true)]
async fn directives_alone_call_nothing_that_changes_the_datastore() {
    let (aws_state, state) = existing().await;
    let aws = healthy(&aws_state);
    let config = desired([("global_node_groups_to_remove", Value::set([Value::from("2")]))]);
    let updated = aws.update(&GlobalReplicationGroup, &state, config).await;
    none(&updated.diags);
    assert_eq!(sent(&aws), [""; 0]);
    assert_eq!(updated.state.get("global_node_groups_to_remove").as_elements().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_change_is_sent_again_while_the_datastore_is_busy() {
    let (aws_state, state) = existing().await;
    let mut refusals = 3;
    let aws = aws(&aws_state, move |call| {
        if call.operation != MODIFY || refusals == 0 {
            return None;
        }
        refusals -= 1;
        Some(call.error(BUSY, "It is modifying."))
    });
    let config = desired([("cache_node_type", "cache.r7g.xlarge".into())]);
    none(&aws.update(&GlobalReplicationGroup, &state, config).await.diags);
    assert_eq!(sent(&aws).len(), 4);
}

/// The response is lost: what AWS returns then says whether the change was made.
#[tokio::test(start_paused = true)]
async fn a_change_whose_response_was_lost_is_not_sent_again() {
    let changes: [(&str, Value); 5] = [
        ("global_replication_group_description", "Bookings".into()),
        ("cache_node_type", "cache.r7g.xlarge".into()),
        ("automatic_failover_enabled", false.into()),
        ("num_node_groups", Value::from(3)),
        ("primary_replication_group_id", "cache-west".into()),
    ];
    for (name, value) in changes {
        let (aws_state, state) = existing().await;
        let shared = Arc::clone(&aws_state);
        let aws = aws(&aws_state, move |call| {
            let reads = call.operation.starts_with("Describe") || call.operation.starts_with("List");
            (!reads).then(|| {
                shared.lock().unwrap().answer(call);
                unanswered()
            })
        });
        let updated = aws.update(&GlobalReplicationGroup, &state, desired([(name, value)])).await;
        none(&updated.diags);
        assert_eq!(sent(&aws).len(), 1, "{name}");
    }
}

/// A request that was carried out although its response was lost makes the datastore busy for its own repetition.
#[tokio::test(start_paused = true)]
async fn a_repetition_that_is_refused_as_busy_ends_when_the_change_is_done() {
    let (aws_state, state) = existing().await;
    let shared = Arc::clone(&aws_state);
    let mut tries = 0;
    let aws = aws(&aws_state, move |call| {
        if call.operation != MODIFY {
            return None;
        }
        tries += 1;
        if tries == 2 {
            shared.lock().unwrap().node_type = "cache.r7g.xlarge".to_owned();
        }
        Some(call.error(BUSY, "It is modifying."))
    });
    let config = desired([("cache_node_type", "cache.r7g.xlarge".into())]);
    none(&aws.update(&GlobalReplicationGroup, &state, config).await.diags);
    assert_eq!(sent(&aws).len(), 2);
}

/// The state has what was done, and the message says what was not.
#[tokio::test(start_paused = true)]
async fn a_change_that_is_interrupted_is_saved_as_far_as_it_went() {
    let (aws_state, state) = existing().await;
    let aws = aws(&aws_state, |call| {
        let is_scaling = call.params.contains_key("CacheNodeType");
        is_scaling.then(|| call.error("InvalidParameterValue", "No capacity."))
    });
    let config = desired([
        ("engine", "valkey".into()),
        ("engine_version", "8.0".into()),
        ("parameter_group_name", "own".into()),
        ("cache_node_type", "cache.r7g.xlarge".into()),
        ("automatic_failover_enabled", false.into()),
    ]);
    let updated = aws.update(&GlobalReplicationGroup, &state, config.clone()).await;
    assert_eq!(
        problems(&updated.diags),
        [
            "Failed to scale the nodes to cache.r7g.xlarge of global datastore \"ldgnf-booking\": ElastiCache \
          ModifyGlobalReplicationGroup: InvalidParameterValue: No capacity (HTTP 400, request id r-1).",
            "Change is partly applied: Done: upgrade the engine to valkey 8.0. Not done, or not completed: scale the \
          nodes to cache.r7g.xlarge; disable automatic failover. The next apply continues from there."
        ]
    );
    let state = updated.state;
    for (name, value) in
        [("engine", "valkey"), ("parameter_group_name", "own"), ("cache_node_type", "cache.r7g.large")]
    {
        assert_eq!(state.get(name).as_str(), Some(value), "{name}");
    }
    let aws = healthy(&aws_state);
    none(&aws.update(&GlobalReplicationGroup, &state, config).await.diags);
    assert_eq!(
        sent(&aws),
        [
            format!("{MODIFY} CacheNodeType=cache.r7g.xlarge"),
            format!("{MODIFY} AutomaticFailoverEnabled=false")
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_change_waits_until_aws_returns_it() {
    let (aws_state, state) = existing().await;
    let shared = Arc::clone(&aws_state);
    let mut polls = 0;
    let aws = aws(&aws_state, move |call| match call.operation.as_str() {
        MODIFY => Some(call.xml("<GlobalReplicationGroup/>")),
        "DescribeGlobalReplicationGroups" => {
            polls += 1;
            let mut observed = shared.lock().unwrap();
            match polls {
                // The state before the change for a moment, then the change, then its end.
                2 => observed.status = "modifying",
                4 => (observed.status, observed.node_type) = ("available", "cache.r7g.xlarge".to_owned()),
                _ => {}
            }
            None
        }
        _ => None,
    });
    let config = desired([("cache_node_type", "cache.r7g.xlarge".into())]);
    let updated = aws.update(&GlobalReplicationGroup, &state, config).await;
    none(&updated.diags);
    let polls = aws.operations().iter().filter(|it| *it == "DescribeGlobalReplicationGroups").count();
    assert_eq!(polls, 4);
    assert_eq!(updated.state.get("status").as_str(), Some("available"));
}

#[tokio::test(start_paused = true)]
async fn a_change_that_does_not_end_in_time_says_what_aws_returns() {
    let (aws_state, state) = existing().await;
    let aws =
        aws(&aws_state, |call| (call.operation == MODIFY).then(|| call.xml("<GlobalReplicationGroup/>")));
    let config = desired([
        ("cache_node_type", "cache.r7g.xlarge".into()),
        ("timeouts", Value::map([("update", Value::from("10s"))])),
    ]);
    let updated = aws.update(&GlobalReplicationGroup, &state, config).await;
    let problems = problems(&updated.diags);
    let words = "its last status was \"available, but its node type is cache.r7g.large\".";
    assert!(problems[0].contains(words), "{problems:?}");
}

/// The wait for a major upgrade is interrupted, and AWS completes it: the same configuration plans nothing.
#[tokio::test(start_paused = true)]
async fn an_upgrade_that_is_not_waited_for_plans_nothing_once_aws_has_completed_it() {
    let (aws_state, state) = existing().await;
    let interrupted =
        aws(&aws_state, |call| (call.operation == MODIFY).then(|| call.xml("<GlobalReplicationGroup/>")));
    let config = desired([
        ("engine", "valkey".into()),
        ("engine_version", "8.0".into()),
        ("parameter_group_name", "own".into()),
        ("timeouts", Value::map([("update", Value::from("10s"))])),
    ]);
    let updated = interrupted.update(&GlobalReplicationGroup, &state, config.clone()).await;
    assert!(updated.diags.has_errors());
    assert_eq!(updated.state.get("parameter_group_name").as_str(), Some("own"));
    // Until then, the next apply waits for it.
    let plan = healthy(&aws_state).plan(&GlobalReplicationGroup, &updated.state, &config);
    none(&plan.diags);
    assert_ne!(plan.planned, updated.state);
    {
        let mut observed = aws_state.lock().unwrap();
        (observed.engine, observed.version) = ("valkey".to_owned(), "8.0.1".to_owned());
    }
    let state = super::refreshed(&aws_state, &updated.state).await;
    let plan = healthy(&aws_state).plan(&GlobalReplicationGroup, &state, &config);
    none(&plan.diags);
    // Of the timeouts, the state has what was saved.
    for name in ["engine", "engine_version", "engine_version_actual", "parameter_group_name"] {
        assert_eq!(plan.planned.get(name), state.get(name), "{name}");
    }
}

/// Another client upgrades, and the configuration follows: the argument is recorded without a request.
#[tokio::test(start_paused = true)]
async fn a_parameter_group_of_the_running_family_is_recorded_after_an_upgrade_by_another_client() {
    for name in ["default.redis7", "own"] {
        let aws_state = aws_state(Observed { version: "6.2.6".to_owned(), ..Observed::missing() });
        let state = created(&aws_state).await;
        aws_state.lock().unwrap().version = "7.1.0".to_owned();
        let aws = healthy(&aws_state);
        let read = aws.read(&GlobalReplicationGroup, &state).await;
        none(&read.diags);
        for version in ["7.1", "7.x"] {
            let config = desired([("engine_version", version.into()), ("parameter_group_name", name.into())]);
            let plan = aws.plan_read(&GlobalReplicationGroup, &read, &config);
            let warning = format!(
                "parameter_group_name: Parameter group may not be in use: Global datastore \"ldgnf-booking\" runs the \
                 family \"redis7\" already, so this apply only records `parameter_group_name = {name:?}` in the state, and \
                 sends no request for it. "
            );
            let said = problems(&plan.diags);
            assert!(said.len() == 1 && said[0].starts_with(&warning), "{said:#?}");
            aws.calls();
            let updated = aws.update_read(&GlobalReplicationGroup, &read, config.clone()).await;
            none(&updated.diags);
            assert_eq!(sent(&aws), [""; 0]);
            let read = aws.read_again(&GlobalReplicationGroup, updated).await;
            let plan = aws.plan_read(&GlobalReplicationGroup, &read, &config);
            none(&plan.diags);
            assert_eq!(plan.planned, read.state, "{name}");
            // That upgrade explains no other parameter group.
            let other =
                desired([("engine_version", version.into()), ("parameter_group_name", "other".into())]);
            let refused = problems(&aws.plan_read(&GlobalReplicationGroup, &read, &other).diags);
            assert!(refused[0].contains("Parameter group cannot be changed alone"), "{refused:#?}");
        }
    }
}
