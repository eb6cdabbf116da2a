//! Rebalancing the slots of a global datastore, against a scripted AWS.

use super::RebalanceSlotsInGlobalReplicationGroup;
use crate::engine::AnyAction;
use crate::testing::aws::{Answer, Call, FakeAws, problems};
use crate::testing::core::invoked;
use crate::value::Value;

fn datastore(call: &Call, status: &str, shards: usize) -> Answer {
    let shard = |number: usize| {
        format!(
            "<GlobalNodeGroup><GlobalNodeGroupId>ldgnf-booking-{number:04}</GlobalNodeGroupId></GlobalNodeGroup>"
        )
    };
    let groups: String = (1..=shards).map(shard).collect();
    call.xml(&format!(
        "<GlobalReplicationGroups><GlobalReplicationGroup><GlobalReplicationGroupId>ldgnf-booking\
         </GlobalReplicationGroupId><Status>{status}</Status><ClusterEnabled>{}</ClusterEnabled><GlobalNodeGroups>{groups}\
         </GlobalNodeGroups><ARN>arn:aws:elasticache::111122223333:globalreplicationgroup:ldgnf-booking</ARN>\
         </GlobalReplicationGroup></GlobalReplicationGroups>",
        shards > 0
    ))
}

fn config() -> Value {
    let schema = AnyAction::schema(&RebalanceSlotsInGlobalReplicationGroup);
    schema.conform(Value::map([("global_replication_group_id", Value::from("ldgnf-booking"))]))
}

#[tokio::test(start_paused = true)]
async fn rebalancing_waits_from_its_begin_to_its_end() {
    let mut polls = 0;
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "RebalanceSlotsInGlobalReplicationGroup" => {
            assert_eq!(call.param("ApplyImmediately"), "true");
            call.xml("<GlobalReplicationGroup/>")
        }
        _ => {
            polls += 1;
            // Once before the request, twice before AWS begins, twice while slots move.
            datastore(call, if (4..6).contains(&polls) { "modifying" } else { "available" }, 2)
        }
    });
    let (messages, diags) =
        invoked(&RebalanceSlotsInGlobalReplicationGroup, &aws.provider, &aws.cancel, config()).await;
    assert_eq!(problems(&diags), [""; 0]);
    assert_eq!(
        messages,
        [
            "Starting to rebalance the slots of global datastore \"ldgnf-booking\"",
            "Global datastore \"ldgnf-booking\" is available",
            "Global datastore \"ldgnf-booking\" is modifying",
            "Global datastore \"ldgnf-booking\" is available",
            "The slots are distributed over 2 shards",
        ]
    );
}

/// Slots that are distributed evenly do not move.
#[tokio::test(start_paused = true)]
async fn rebalancing_ends_where_nothing_moves() {
    let aws = FakeAws::new(|call| match call.operation.as_str() {
        "RebalanceSlotsInGlobalReplicationGroup" => call.xml("<GlobalReplicationGroup/>"),
        _ => datastore(call, "available", 2),
    });
    let (messages, diags) =
        invoked(&RebalanceSlotsInGlobalReplicationGroup, &aws.provider, &aws.cancel, config()).await;
    assert_eq!(problems(&diags), [""; 0]);
    assert_eq!(messages.last().map(String::as_str), Some("The slots are distributed over 2 shards"));
}

#[tokio::test(start_paused = true)]
async fn a_datastore_without_cluster_mode_is_refused_at_plan_and_when_invoked() {
    let aws = FakeAws::new(|call| datastore(call, "available", 0));
    let expected = "global_replication_group_id: Global datastore has one shard: Global datastore \
                    \"ldgnf-booking\", which `global_replication_group_id` names, has cluster mode disabled, \
                    so all slots are in its only shard. AWS distributes slots only with cluster mode. Invoke \
                    this action for a global datastore with cluster mode.";
    let planned =
        AnyAction::plan(&RebalanceSlotsInGlobalReplicationGroup, &aws.provider, &aws.cancel, &config()).await;
    assert_eq!(problems(&planned), [expected]);
    let (_, diags) =
        invoked(&RebalanceSlotsInGlobalReplicationGroup, &aws.provider, &aws.cancel, config()).await;
    assert_eq!(problems(&diags), [expected]);
    assert!(aws.operations().iter().all(|operation| operation.starts_with("Describe")));
}

/// The request that follows a lost response is refused while AWS moves the slots, and would move them again afterwards.
#[tokio::test(start_paused = true)]
async fn a_rebalance_whose_response_was_lost_is_not_repeated() {
    for status in [500, 503] {
        let (mut sent, mut polls) = (false, 0);
        let aws = FakeAws::new(move |call| match call.operation.as_str() {
            "RebalanceSlotsInGlobalReplicationGroup" => {
                sent = true;
                Answer { status, content_type: "text/xml", body: Vec::new() }
            }
            _ => {
                polls += u32::from(sent);
                datastore(call, if (1..4).contains(&polls) { "modifying" } else { "available" }, 2)
            }
        });
        let (messages, diags) =
            invoked(&RebalanceSlotsInGlobalReplicationGroup, &aws.provider, &aws.cancel, config()).await;
        assert_eq!(problems(&diags), [""; 0]);
        assert_eq!(messages.last().map(String::as_str), Some("The slots are distributed over 2 shards"));
        let sent = aws.operations().iter().filter(|operation| !operation.starts_with("Describe")).count();
        assert_eq!(sent, 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_rebalance_that_aws_has_not_begun_is_an_error() {
    let aws = FakeAws::new(|call| match call.operation.as_str() {
        "RebalanceSlotsInGlobalReplicationGroup" => {
            Answer { status: 500, content_type: "text/xml", body: Vec::new() }
        }
        _ => datastore(call, "available", 2),
    });
    let (_, diags) =
        invoked(&RebalanceSlotsInGlobalReplicationGroup, &aws.provider, &aws.cancel, config()).await;
    assert!(problems(&diags)[0].starts_with("Failed to rebalance the slots"), "{:?}", problems(&diags));
}

#[tokio::test(start_paused = true)]
async fn a_refused_request_is_an_error() {
    let aws = FakeAws::new(|call| match call.operation.as_str() {
        "RebalanceSlotsInGlobalReplicationGroup" => call.error("InvalidParameterValue", "Not now."),
        _ => datastore(call, "available", 2),
    });
    let (_, diags) =
        invoked(&RebalanceSlotsInGlobalReplicationGroup, &aws.provider, &aws.cancel, config()).await;
    assert_eq!(
        problems(&diags),
        ["Failed to rebalance the slots of global datastore \"ldgnf-booking\": ElastiCache \
          RebalanceSlotsInGlobalReplicationGroup: InvalidParameterValue: Not now (HTTP 400, request id r-1)."]
    );
}
