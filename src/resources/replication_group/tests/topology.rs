//! Lists of steps about nodes, TLS and the maintenance window.

use super::steps::{base, list, modify, settings};
use crate::aws::Secret;
use crate::resources::replication_group::attributes::ReplicationGroupModel as Model;
use crate::resources::replication_group::scaling::{Replicas, Shards};
use crate::resources::replication_group::update::modification::Modification;
use crate::resources::replication_group::update::steps::{Step, Withdrawal, steps};
use crate::value::Field;

fn nodes(count: i32) -> Model {
    Model {
        num_cache_clusters: Field::Known(count),
        replicas_per_node_group: Field::Known(count - 1),
        ..base()
    }
}

fn shards(shards: i32, replicas: i32) -> Model {
    Model {
        num_cache_clusters: Field::Known(shards * (replicas + 1)),
        num_node_groups: Field::Known(shards),
        replicas_per_node_group: Field::Known(replicas),
        ..base()
    }
}

/// Failover and Multi-AZ switched on or off.
fn failover(on: bool) -> Step {
    settings(|change| {
        change.values.automatic_failover_enabled = Field::Known(on);
        change.values.multi_az_enabled = Field::Known(on);
    })
}

fn tls(on: bool, mode: Option<&str>) -> Model {
    Model {
        transit_encryption_enabled: Field::Known(on),
        transit_encryption_mode: mode.map_or(Field::Null, Field::from),
        ..base()
    }
}

fn step(purpose: &'static str, on: Option<bool>, mode: Option<&'static str>) -> Step {
    modify(purpose, |change| {
        change.values.transit_encryption_enabled = on.into();
        change.values.transit_encryption_mode = mode.into();
    })
}

#[test]
fn more_nodes_before_failover_and_zones() {
    let prior = Model { automatic_failover_enabled: Field::Known(false), ..nodes(1) };
    let planned = Model { multi_az_enabled: Field::Known(true), ..nodes(4) };
    let on = failover(true);
    assert_eq!(list(&prior, &planned), [Step::IncreaseReplicas(Replicas::InEach(3)), on]);
    assert_eq!(list(&nodes(2), &nodes(4)), [Step::IncreaseReplicas(Replicas::InEach(3))]);
}

#[test]
fn fewer_nodes_after_failover_and_zones() {
    let prior = Model { multi_az_enabled: Field::Known(true), ..nodes(4) };
    let planned = Model { automatic_failover_enabled: Field::Known(false), ..nodes(2) };
    let off = failover(false);
    assert_eq!(list(&prior, &planned), [off, Step::DecreaseReplicas(Replicas::InEach(1))]);
}

#[test]
fn failover_is_disabled_immediately_when_nodes_are_removed() {
    let planned = Model {
        automatic_failover_enabled: Field::Known(false),
        description: "Another".into(),
        apply_immediately: Field::Known(false),
        ..nodes(1)
    };
    let off = modify("disable failover", |c| c.values.automatic_failover_enabled = Field::Known(false));
    let later = settings(|c| (c.values.description, c.immediately) = ("Another".into(), false));
    assert_eq!(list(&nodes(4), &planned), [off, Step::DecreaseReplicas(Replicas::InEach(0)), later]);
}

#[test]
fn shards_and_replicas() {
    let (count, each) = (|shards| Step::Shards(Shards::Count(shards)), Replicas::InEach);
    assert_eq!(list(&shards(2, 1), &shards(3, 2)), [count(3), Step::IncreaseReplicas(each(2))]);
    assert_eq!(list(&shards(3, 2), &shards(2, 1)), [count(2), Step::DecreaseReplicas(each(1))]);
    assert_eq!(list(&shards(2, 2), &shards(3, 1)), [count(3), Step::DecreaseReplicas(each(1))]);
}

/// A larger node type must hold the data of the shards that go.
#[test]
fn shards_are_removed_after_the_node_type_is_larger() {
    let planned = Model { node_type: "cache.r7g.large".into(), ..shards(2, 1) };
    let larger = settings(|c| c.values.node_type = "cache.r7g.large".into());
    assert_eq!(list(&shards(3, 1), &planned), [larger.clone(), Step::Shards(Shards::Count(2))]);
    let planned = Model { node_type: "cache.r7g.large".into(), ..shards(4, 1) };
    assert_eq!(list(&shards(3, 1), &planned), [Step::Shards(Shards::Count(4)), larger]);
}

#[test]
fn durability_is_changed_in_a_request_of_its_own() {
    let prior = Model { durability: "async".into(), ..shards(2, 1) };
    let planned = Model { durability: "sync".into(), description: "Another".into(), ..shards(2, 1) };
    let durable = modify("change durability", |c| c.values.durability = "sync".into());
    let described = settings(|c| c.values.description = "Another".into());
    assert_eq!(list(&prior, &planned), [described, durable]);
}

#[test]
fn pending_durability_is_withdrawn_in_a_request_of_its_own() {
    let values = |durability: &str, node: &str| {
        let values = [("durability", durability), ("node_type", node)];
        Field::Known(values.map(|(name, value)| (name.to_owned(), value.to_owned())).into())
    };
    let planned = Model {
        durability: "async".into(),
        node_type: "cache.r7g.large".into(),
        apply_immediately: Field::Known(false),
        ..shards(2, 1)
    };
    let prior = Model {
        durability: "sync".into(),
        node_type: "cache.r7g.xlarge".into(),
        pending_modified_values: values("sync", "cache.r7g.xlarge"),
        running_values: values("async", "cache.r7g.large"),
        ..planned.clone()
    };
    let back = |name, change: &dyn Fn(&mut Modification)| {
        let purpose = "withdraw changes that wait for the maintenance window";
        let mut modification = Modification::new(purpose, false);
        change(&mut modification);
        Step::Withdraw(Box::new(Withdrawal { names: vec![name], change: modification }))
    };
    assert_eq!(
        list(&prior, &planned),
        [
            back("node_type", &|change| change.values.node_type = "cache.r7g.large".into()),
            back("durability", &|change| change.values.durability = "async".into()),
        ]
    );
}

/// A datastore decides over the shards of its members; replicas are the member's own.
#[test]
fn shards_of_a_global_member_are_not_changed() {
    let member = |model: Model| Model { global_replication_group_id: "abcde-global".into(), ..model };
    let prior = member(shards(2, 1));
    let config = |replicas| Model { num_cache_clusters: Field::Null, ..member(shards(4, replicas)) };
    assert_eq!(steps(&config(1), &prior, &prior), []);
    let nodes = Model { replicas_per_node_group: Field::Null, ..member(shards(4, 1)) };
    assert_eq!(steps(&nodes, &prior, &prior), []);
    let more = Step::IncreaseReplicas(Replicas::InEach(2));
    assert_eq!(steps(&config(2), &prior, &member(shards(2, 2))), [more]);
}

/// AWS returns no durability of groups that cannot have it, as an import shows.
#[test]
fn no_durability_is_not_changed_to_none() {
    for none in ["default", "disabled"] {
        let planned = Model { durability: none.into(), ..shards(2, 1) };
        assert_eq!(list(&shards(2, 1), &planned), []);
    }
}

#[test]
fn deleted_node_is_restored() {
    assert_eq!(list(&nodes(3), &nodes(4)), [Step::IncreaseReplicas(Replicas::InEach(3))]);
    assert_eq!(list(&nodes(3), &nodes(3)), []);
    assert_eq!(list(&nodes(3), &nodes(2)), [Step::DecreaseReplicas(Replicas::InEach(1))]);
}

#[test]
fn tls_on_goes_through_preferred() {
    let on = step("enable TLS", Some(true), Some("preferred"));
    let require = step("require TLS", None, Some("required"));
    let off = tls(false, None);
    assert_eq!(list(&off, &tls(true, Some("required"))), [on.clone(), require]);
    assert_eq!(list(&off, &tls(true, Some("preferred"))), std::slice::from_ref(&on));
    let open = Model { transit_encryption_mode: Field::Unknown, ..tls(true, None) };
    assert_eq!(list(&off, &open), [on]);
}

#[test]
fn tls_off_goes_through_preferred() {
    let prefer = step("allow connections without TLS", None, Some("preferred"));
    let off = step("disable TLS", Some(false), None);
    assert_eq!(list(&tls(true, Some("required")), &tls(false, None)), [prefer.clone(), off.clone()]);
    assert_eq!(list(&tls(true, Some("preferred")), &tls(false, None)), [off]);
    assert_eq!(list(&tls(true, Some("required")), &tls(true, Some("preferred"))), [prefer]);
}

#[test]
fn credentials_come_after_tls_is_required() {
    let planned = Model { auth_token: Field::Known(Secret::from(super::TOKEN)), ..tls(true, None) };
    let prior = tls(false, None);
    let steps = [
        step("enable TLS", Some(true), Some("preferred")),
        step("require TLS", None, Some("required")),
        modify("change credentials", |c| {
            c.token = Some(Secret::from(super::TOKEN));
            c.token_strategy = Some("SET");
        }),
    ];
    assert_eq!(list(&prior, &planned), steps);
}

#[test]
fn an_upgrade_comes_before_the_tls_that_needs_it() {
    let prior = Model { engine_version: "6.2".into(), ..tls(false, None) };
    let planned = tls(true, Some("preferred"));
    let steps = [
        settings(|c| c.values.engine_version = "7.1".into()),
        step("enable TLS", Some(true), Some("preferred")),
    ];
    assert_eq!(list(&prior, &planned), steps);
}

#[test]
fn settings_that_wait_come_last() {
    // An immediate change would carry out whatever is pending.
    let prior = Model { apply_immediately: Field::Null, ..nodes(2) };
    let planned = Model {
        node_type: "cache.m7g.large".into(),
        auth_token: Field::Known(Secret::from(super::TOKEN)),
        ..prior.clone()
    };
    let steps = [
        modify("change credentials", |c| {
            c.token = Some(Secret::from(super::TOKEN));
            c.token_strategy = Some("SET");
        }),
        settings(|c| (c.values.node_type, c.immediately) = ("cache.m7g.large".into(), false)),
    ];
    assert_eq!(list(&prior, &planned), steps);
}
