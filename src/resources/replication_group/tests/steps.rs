//! Whole lists of steps.

use std::collections::BTreeSet;

use super::TOKEN;
use crate::aws::Secret;
use crate::resources::common::progress::Outcome;
use crate::resources::replication_group::attributes::{LogDeliveryModel, ReplicationGroupModel};
use crate::resources::replication_group::scaling::Replicas;
use crate::resources::replication_group::update::modification::Modification;
use crate::resources::replication_group::update::run::progress;
use crate::resources::replication_group::update::steps::{Step, steps};
use crate::value::{Field, SetOf};

type Model = ReplicationGroupModel;
const NEW: &str = "another-token-0123456789";

/// A group with TLS and failover, two nodes, changes applied immediately.
pub(super) fn base() -> Model {
    Model {
        replication_group_id: "cache".into(),
        description: "A cache".into(),
        engine: "redis".into(),
        engine_version: "7.1".into(),
        engine_version_actual: "7.1.0".into(),
        num_cache_clusters: Field::Known(2),
        num_node_groups: Field::Known(1),
        replicas_per_node_group: Field::Known(1),
        automatic_failover_enabled: Field::Known(true),
        multi_az_enabled: Field::Known(false),
        transit_encryption_enabled: Field::Known(true),
        transit_encryption_mode: "required".into(),
        apply_immediately: Field::Known(true),
        snapshot_retention_limit: Field::Known(0),
        ..Model::default()
    }
}

/// The steps from one model to another, whose configuration is what is planned.
pub(super) fn list(prior: &Model, planned: &Model) -> Vec<Step> {
    let by_nodes = planned.num_node_groups == Field::Known(1);
    let config = Model {
        num_cache_clusters: if by_nodes { planned.num_cache_clusters.clone() } else { Field::Null },
        num_node_groups: if by_nodes { Field::Null } else { planned.num_node_groups.clone() },
        replicas_per_node_group: if by_nodes { Field::Null } else { planned.replicas_per_node_group.clone() },
        ..planned.clone()
    };
    steps(&config, prior, planned)
}

pub(super) fn modify(purpose: &'static str, change: impl FnOnce(&mut Modification)) -> Step {
    let mut modification = Modification::new(purpose, true);
    change(&mut modification);
    Step::Modify(Box::new(modification))
}

pub(super) fn settings(change: impl FnOnce(&mut Modification)) -> Step {
    modify("change settings", change)
}

fn credentials(token: Option<&str>, strategy: Option<&'static str>) -> Step {
    modify("change credentials", |change| {
        change.token = token.map(Secret::from);
        change.token_strategy = strategy;
    })
}

fn ids(ids: &[&str]) -> Field<BTreeSet<String>> {
    Field::Known(ids.iter().map(|id| (*id).to_owned()).collect())
}

fn log(kind: &str, destination: &str) -> LogDeliveryModel {
    LogDeliveryModel {
        destination: destination.into(),
        destination_type: "cloudwatch-logs".into(),
        log_format: "json".into(),
        log_type: kind.into(),
    }
}

#[test]
fn nothing_changed_is_no_step() {
    assert_eq!(list(&base(), &base()), []);
}

#[test]
fn state_only_arguments_are_no_step() {
    let planned = Model {
        final_snapshot_identifier: "last".into(),
        apply_immediately: Field::Null,
        preferred_cache_cluster_azs: Field::Known(vec!["us-east-1a".to_owned()]),
        ..base()
    };
    assert_eq!(list(&base(), &planned), []);
}

#[test]
fn empty_values_are_no_step() {
    let planned = Model {
        maintenance_window: "".into(),
        snapshot_window: "".into(),
        notification_topic_arn: "".into(),
        parameter_group_name: "".into(),
        security_group_ids: ids(&[]),
        user_group_ids: ids(&[]),
        ..base()
    };
    assert_eq!(list(&base(), &planned), []);
    let prior = Model { security_group_ids: ids(&["sg-1"]), ..base() };
    assert_eq!(list(&prior, &planned), []);
}

#[test]
fn changed_description_is_one_step() {
    let planned = Model { description: "Another".into(), ..base() };
    assert_eq!(list(&base(), &planned), [settings(|c| c.values.description = "Another".into())]);
}

#[test]
fn tags_alone_modify_nothing() {
    let tags = [("a".to_owned(), "b".to_owned())].into_iter().collect();
    let planned = Model { tags_all: Field::Known(tags), ..base() };
    assert_eq!(list(&base(), &planned), [Step::Tags]);
}

#[test]
fn changed_node_type_is_one_step() {
    let planned = Model { node_type: "cache.m7g.large".into(), ..base() };
    assert_eq!(list(&base(), &planned), [settings(|c| c.values.node_type = "cache.m7g.large".into())]);
}

#[test]
fn from_redis_to_valkey_in_one_call() {
    let planned = Model {
        engine: "valkey".into(),
        engine_version: "8.0".into(),
        parameter_group_name: "own-valkey8".into(),
        ..base()
    };
    let step = settings(|c| {
        c.values.engine = "valkey".into();
        c.values.engine_version = "8.0".into();
        c.values.parameter_group_name = "own-valkey8".into();
    });
    assert_eq!(list(&base(), &planned), [step]);
}

#[test]
fn upgrade_precedes_the_logs_that_need_it() {
    let prior = Model { engine_version: "5.0.6".into(), ..base() };
    let slow = log("slow-log", "a");
    let planned = Model {
        engine_version: "6.2".into(),
        log_delivery_configuration: Field::Known(SetOf(vec![slow.clone()])),
        ..prior.clone()
    };
    let steps = [
        settings(|c| c.values.engine_version = "6.2".into()),
        modify("change log delivery", |c| c.logs = vec![slow.clone()]),
    ];
    assert_eq!(list(&prior, &planned), steps);
}

#[test]
fn logs_are_replaced_and_disabled_in_one_call() {
    let (slow, engine) = (log("slow-log", "a"), log("engine-log", "b"));
    let with = |logs: &[&LogDeliveryModel]| Model {
        log_delivery_configuration: Field::Known(SetOf(logs.iter().map(|log| (*log).clone()).collect())),
        ..base()
    };
    let other = log("slow-log", "c");
    let step = modify("change log delivery", |c| {
        c.logs = vec![other.clone()];
        c.logs_off = vec!["engine-log".to_owned()];
    });
    assert_eq!(list(&with(&[&slow, &engine]), &with(&[&other])), [step]);
}

#[test]
fn first_token_is_set_and_later_ones_are_rotated() {
    let token = |token: &str| Model { auth_token: Field::Known(Secret::from(token)), ..base() };
    assert_eq!(list(&base(), &token(TOKEN)), [credentials(Some(TOKEN), Some("SET"))]);
    assert_eq!(list(&token(TOKEN), &token(NEW)), [credentials(Some(NEW), Some("ROTATE"))]);
}

#[test]
fn token_strategy_is_followed() {
    let model = |token: &str, strategy: &str| Model {
        auth_token: Field::Known(Secret::from(token)),
        auth_token_update_strategy: strategy.into(),
        ..base()
    };
    let retire = modify("remove the old AUTH token", |c| {
        c.token = Some(Secret::from(NEW));
        c.token_strategy = Some("SET");
    });
    let (rotate, set) = (credentials(Some(NEW), Some("ROTATE")), credentials(Some(NEW), Some("SET")));
    let first = credentials(Some(NEW), Some("ROTATE"));
    assert_eq!(list(&base(), &model(NEW, "ROTATE")), [first]);
    assert_eq!(list(&model(TOKEN, "SET"), &model(NEW, "ROTATE")), std::slice::from_ref(&rotate));
    assert_eq!(list(&model(NEW, "ROTATE"), &model(NEW, "SET")), [set]);
    // SET is only taken of a token that was rotated in.
    assert_eq!(list(&model(TOKEN, "SET"), &model(NEW, "SET")), [rotate, retire]);
    assert_eq!(list(&model(NEW, "SET"), &model(NEW, "ROTATE")), []);
}

#[test]
fn a_write_only_token_follows_its_version() {
    let prior = Model { auth_token_wo_version: Field::Known(1), ..base() };
    let planned = Model { auth_token_wo_version: Field::Known(2), ..base() };
    let with_token =
        |model: &Model| Model { auth_token_wo: Field::Known(Secret::from(NEW)), ..model.clone() };
    assert_eq!(steps(&with_token(&prior), &prior, &prior), []);
    let rotate = credentials(Some(NEW), Some("ROTATE"));
    assert_eq!(steps(&with_token(&planned), &prior, &planned), [rotate]);
    // The token moves out of the state as it is.
    let retained = Model { auth_token: Field::Known(Secret::from(NEW)), ..base() };
    assert_eq!(steps(&with_token(&planned), &retained, &planned), []);
}

#[test]
fn from_token_to_user_groups_and_back_in_one_call() {
    let token = Model {
        auth_token: Field::Known(Secret::from(TOKEN)),
        auth_token_enabled: Field::Known(true),
        ..base()
    };
    let users = Model { user_group_ids: ids(&["users"]), ..base() };
    let there = modify("change credentials", |c| {
        c.token_strategy = Some("DELETE");
        c.add_user_groups = vec!["users".to_owned()];
    });
    let back = modify("change credentials", |c| {
        c.token = Some(Secret::from(TOKEN));
        c.token_strategy = Some("SET");
        c.remove_user_groups = vec!["users".to_owned()];
    });
    assert_eq!(list(&token, &users), [there]);
    assert_eq!(list(&users, &token), [back]);
}

#[test]
fn user_groups_go_before_the_tls_they_need() {
    let users = Model { user_group_ids: ids(&["users"]), ..base() };
    let gone = modify("change credentials", |c| c.remove_user_groups = vec!["users".to_owned()]);
    let relaxed =
        modify("allow connections without TLS", |c| c.values.transit_encryption_mode = "preferred".into());
    let preferred = Model { transit_encryption_mode: "preferred".into(), ..base() };
    assert_eq!(list(&users, &preferred), [gone.clone(), relaxed.clone()]);
    let off = Model {
        transit_encryption_enabled: Field::Known(false),
        transit_encryption_mode: Field::Null,
        ..base()
    };
    let switched = modify("disable TLS", |c| c.values.transit_encryption_enabled = Field::Known(false));
    assert_eq!(list(&users, &off), [gone, relaxed, switched]);
}

#[test]
fn unverified_token_is_no_step() {
    let imported = Model { auth_token_enabled: Field::Known(true), ..base() };
    let planned = Model { auth_token: Field::Known(Secret::from(TOKEN)), ..imported.clone() };
    assert_eq!(list(&imported, &planned), []);
}

#[test]
fn notifications_are_disabled() {
    let prior = Model { notification_topic_arn: "arn:aws:sns:us-east-1:1:t".into(), ..base() };
    assert_eq!(list(&prior, &base()), [settings(|c| c.topic = Some(None))]);
}

#[test]
fn the_first_snapshots_name_the_primary() {
    let days = |days| Model { snapshot_retention_limit: Field::Known(days), ..base() };
    let first = settings(|c| {
        c.values.snapshot_retention_limit = Field::Known(3);
        c.snapshot_primary = true;
    });
    assert_eq!(list(&days(0), &days(3)), [first]);
    assert_eq!(list(&days(3), &days(5)), [settings(|c| c.values.snapshot_retention_limit = Field::Known(5))]);
    assert_eq!(list(&days(3), &days(0)), [settings(|c| c.values.snapshot_retention_limit = Field::Known(0))]);
}

/// AWS forgets the node while it takes no snapshots.
#[test]
fn the_source_of_snapshots_is_named_when_it_changes_and_when_snapshots_begin() {
    let from = |node: &str, days| Model {
        snapshotting_cluster_id: node.into(),
        snapshot_retention_limit: Field::Known(days),
        ..base()
    };
    let source = settings(|c| c.snapshotting = Some("cache-002".to_owned()));
    assert_eq!(list(&from("", 3), &from("Cache-002", 3)), [source]);
    assert_eq!(list(&from("cache-002", 3), &from("", 3)), []);
    let first = settings(|c| {
        c.values.snapshot_retention_limit = Field::Known(3);
        c.snapshotting = Some("cache-002".to_owned());
        c.snapshot_primary = true;
    });
    assert_eq!(list(&from("cache-002", 0), &from("cache-002", 3)), [first]);
}

#[test]
fn no_secret_is_printed() {
    let planned =
        Model { auth_token: Field::Known(Secret::from(TOKEN)), url: "rediss://demo:6379".into(), ..base() };
    assert!(!format!("{planned:?} {:?}", list(&base(), &planned)).contains(TOKEN));
}

/// The outcome of a step is known or not: refused, without a response, or accepted.
#[test]
fn progress_reports_the_outcome_of_each_step() {
    let steps = [
        Step::Tags,
        Step::IncreaseReplicas(Replicas::InEach(2)),
        Step::DecreaseReplicas(Replicas::InEach(1)),
    ];
    let said =
        |done, left, steps: &[Step]| progress(done, left, steps).map(|it| it.summary + ": " + &it.detail);
    assert_eq!(said(0, Outcome::NotApplied, &steps[..1]), None, "the error says it all");
    for (done, left, steps, words) in [
        (
            1,
            Outcome::NotApplied,
            &steps[..2],
            "partly applied: Done: change the tags. Not done: increase the number of replicas to 2.",
        ),
        (
            0,
            Outcome::NotApplied,
            &steps[..2],
            "partly applied: Not done: change the tags; increase the number of replicas to 2.",
        ),
        (
            0,
            Outcome::InProgress,
            &steps[1..2],
            "Accepted by AWS and in progress: increase the number of replicas to 2.",
        ),
        (
            1,
            Outcome::Unanswered,
            &steps,
            "Done: change the tags. Requested, without a response from AWS: increase the number of replicas to 2. Not \
             done: decrease the number of replicas to 1.",
        ),
    ] {
        let said = said(done, left, steps).unwrap();
        assert!(said.ends_with(&format!("{words} The next apply continues from there.")), "{said}");
    }
}
