//! Keeping data, and the parameter group that goes with a version.

use super::{ReplicationGroup, Shown, none, wanted};
use crate::diag::Diagnostic;
use crate::engine::{AnyResource, PlanRequest, PlanResponse, ProviderConfig};
use crate::resources::testing::{FakeAws, problems};
use crate::value::Value;

async fn state<const N: usize>(shown: Shown, changes: [(&str, Value); N]) -> Value {
    let aws = FakeAws::new(move |call| shown.answer(call));
    let made = aws.create(&ReplicationGroup, wanted(changes)).await;
    none(&made.diags);
    made.state
}

fn plan<const N: usize>(prior: &Value, changes: [(&str, Value); N]) -> PlanResponse {
    let aws = FakeAws::new(|call| call.error("None", "A plan calls nothing."));
    aws.plan(&ReplicationGroup, prior, &wanted(changes))
}

#[tokio::test(start_paused = true)]
async fn a_protected_group_is_not_replaced() {
    let prior = state(Shown::two(), [("deletion_protection", true.into())]).await;
    let plan = plan(&prior, [("deletion_protection", true.into()), ("port", Value::from(6380))]);
    assert_eq!(
        problems(&plan.diags),
        [
            "port: The group is protected from deletion: The change of port needs a new replication group in the place of \
          \"cache\", which has deletion_protection = true. Take the change back; or, if the group may go, set \
          deletion_protection = false and apply that first."
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_replacement_that_loses_snapshots_is_announced() {
    let days = ("snapshot_retention_limit", Value::from(5));
    let prior = state(Shown::two(), [days.clone()]).await;
    let port = ("port", Value::from(6380));
    let lost = plan(&prior, [days.clone(), port.clone()]);
    assert_eq!(
        problems(&lost.diags),
        [
            "port: The group will be replaced without a final snapshot: The change of port needs a new replication group in \
          the place of \"cache\". Its daily snapshots go with it, and final_snapshot_identifier is not set: its data will be \
          lost. To keep it, set final_snapshot_identifier and apply that first."
        ]
    );
    let last = ("final_snapshot_identifier", Value::from("last"));
    let prior = state(Shown::two(), [days.clone(), last.clone()]).await;
    none(&plan(&prior, [days, last, port]).diags);
}

#[test]
fn aws_own_parameter_groups_must_fit_version_and_cluster_mode() {
    let said = |changes: [(&str, Value); 2]| problems(&plan(&Value::Null, changes).diags);
    assert_eq!(
        said([("parameter_group_name", "default.redis6.x".into()), ("engine_version", "7.1".into())]),
        [
            "parameter_group_name: Invalid parameter_group_name: \"default.redis6.x\" is not for the engine version of the \
          group, which needs the family redis7: use \"default.redis7\", or a group of your own of that family."
        ]
    );
    assert_eq!(
        said([("parameter_group_name", "default.redis7".into()), ("cluster_mode", "enabled".into())]),
        [
            "parameter_group_name: Invalid parameter_group_name: \"default.redis7\" has cluster mode off, but cluster_mode = \
          \"enabled\" needs it on: use \"default.redis7.cluster.on\", or a group of your own with cluster-enabled set to yes."
        ]
    );
    assert!(said([("parameter_group_name", "mine".into()), ("engine_version", "7.1".into())]).is_empty());
}

#[tokio::test(start_paused = true)]
async fn aws_own_parameter_group_follows_the_version() {
    let valkey =
        [("engine", "valkey".into()), ("engine_version", "8.0".into()), ("apply_immediately", true.into())];
    let prior = state(Shown::two(), []).await;
    assert_eq!(prior.get("parameter_group_name"), &Value::from("default.redis7"));
    let followed = plan(&prior, valkey.clone());
    none(&followed.diags);
    assert_eq!(followed.planned.get("parameter_group_name"), &Value::from("default.valkey8"));
    // A group of the user's own is for the family it was made for.
    let mut prior = prior;
    if let Value::Map(entries) = &mut prior {
        entries.insert("parameter_group_name".into(), "mine".into());
    }
    assert_eq!(
        problems(&plan(&prior, valkey).diags),
        [
            "parameter_group_name: The parameter group does not fit: The group uses the parameter group \"mine\", which is for \
          redis7, and the new engine version needs the family valkey8. Name a group of that family in the same change; AWS \
          switches both together."
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_protected_group_is_not_destroyed() {
    let prior = state(Shown::two(), [("deletion_protection", true.into())]).await;
    let provider = ProviderConfig::new(Err(Diagnostic::error("No AWS", "A plan calls nothing.")));
    let plan = AnyResource::plan(&ReplicationGroup, &provider, PlanRequest { prior, ..Default::default() });
    assert_eq!(
        problems(&plan.diags),
        [
            "deletion_protection: The group is protected from deletion: Replication group \"cache\" has deletion_protection = \
          true. To destroy it, set deletion_protection = false and apply first."
        ]
    );
}
