//! The way from disabled to enabled cluster mode (user guide, "Modifying cluster mode").

use super::steps::{base, list, modify, settings};
use super::{FakeGroup, HOST, READER, ReplicationGroup, configured, none};
use crate::resources::replication_group::attributes::ReplicationGroupModel as Model;
use crate::resources::replication_group::scaling::Shards;
use crate::resources::replication_group::update::modification::Modification;
use crate::resources::replication_group::update::steps::{Step, Withdrawal};
use crate::testing::aws::{FakeAws, problems};
use crate::value::{Field, Value};

const ON: &str = "default.redis7.cluster.on";

fn group(mode: &str) -> Model {
    let parameters = if mode == "disabled" { "default.redis7" } else { ON };
    Model {
        cluster_mode: mode.into(),
        cluster_enabled: Field::Known(mode != "disabled"),
        parameter_group_name: parameters.into(),
        ..base()
    }
}

fn to(mode: &str, parameters: Option<&str>) -> Step {
    modify("change cluster mode", |change| {
        change.values.cluster_mode = mode.into();
        change.values.parameter_group_name = parameters.map_or(Field::Null, Field::from);
    })
}

#[test]
fn cluster_mode_and_its_parameter_group_are_changed_in_a_request_of_their_own() {
    let planned = Model { description: "Another".into(), ..group("compatible") };
    let described = settings(|change| change.values.description = "Another".into());
    assert_eq!(list(&group("disabled"), &planned), [described, to("compatible", Some(ON))]);
}

#[test]
fn a_group_leaves_compatible_before_it_is_scaled_and_upgraded() {
    let sharded = Model {
        num_cache_clusters: Field::Known(4),
        num_node_groups: Field::Known(2),
        node_type: "cache.r7g.large".into(),
        ..group("enabled")
    };
    let larger = settings(|change| change.values.node_type = "cache.r7g.large".into());
    assert_eq!(
        list(&group("compatible"), &sharded),
        [to("enabled", None), Step::Shards(Shards::Count(2)), larger]
    );
    let upgraded = Model {
        engine: "valkey".into(),
        engine_version: "8.0".into(),
        parameter_group_name: "default.valkey8.cluster.on".into(),
        ..group("enabled")
    };
    let upgrade = settings(|change| {
        change.values.engine = "valkey".into();
        change.values.engine_version = "8.0".into();
        change.values.parameter_group_name = "default.valkey8.cluster.on".into();
    });
    assert_eq!(list(&group("compatible"), &upgraded), [to("enabled", None), upgrade]);
}

#[test]
fn cluster_mode_waits_in_a_request_of_its_own_and_is_withdrawn_in_one() {
    let later = |model: Model| Model { apply_immediately: Field::Known(false), ..model };
    let planned = later(Model { node_type: "cache.r7g.large".into(), ..group("compatible") });
    let steps = list(&later(group("disabled")), &planned);
    let requested: Vec<_> = steps
        .iter()
        .map(|step| match step {
            Step::Modify(change) => (change.immediately, change.deferrable()),
            other => panic!("{other:?}"),
        })
        .collect();
    let mode = vec!["cluster_mode", "parameter_group_name"];
    assert_eq!(requested, [(false, vec!["node_type"]), (false, mode)]);

    let values = |mode: &str, parameters: &str, node: &str| {
        let values = [("cluster_mode", mode), ("node_type", node), ("parameter_group_name", parameters)];
        Field::Known(values.map(|(name, value)| (name.to_owned(), value.to_owned())).into())
    };
    let planned = later(Model { node_type: "cache.r7g.large".into(), ..group("disabled") });
    let prior = Model {
        node_type: "cache.r7g.xlarge".into(),
        cluster_mode: "compatible".into(),
        parameter_group_name: ON.into(),
        pending_modified_values: values("compatible", ON, "cache.r7g.xlarge"),
        running_values: values("disabled", "default.redis7", "cache.r7g.large"),
        ..planned.clone()
    };
    let back = |names: &[&'static str], change: &dyn Fn(&mut Model)| {
        let mut modification =
            Modification::new("withdraw changes that wait for the maintenance window", false);
        change(&mut modification.values);
        Step::Withdraw(Box::new(Withdrawal { names: names.to_vec(), change: modification }))
    };
    assert_eq!(
        list(&prior, &planned),
        [
            back(&["node_type"], &|values| values.node_type = "cache.r7g.large".into()),
            back(&["cluster_mode", "parameter_group_name"], &|values| {
                values.cluster_mode = "disabled".into();
                values.parameter_group_name = "default.redis7".into();
            }),
        ]
    );
}

/// A group as AWS returns it in a mode.
fn observed(mode: &str) -> FakeGroup {
    let mut observed = FakeGroup::two();
    observed.group.push_str(&format!(
        "<ClusterMode>{mode}</ClusterMode><ClusterEnabled>{}</ClusterEnabled>",
        mode != "disabled"
    ));
    if mode != "disabled" {
        observed.group.push_str(
            "<ConfigurationEndpoint><Address>clustercfg.cache</Address><Port>6379</Port></ConfigurationEndpoint>",
        );
    }
    observed
}

/// The errors of a plan that changes a group of this mode.
async fn refused<const N: usize>(mode: &str, changes: [(&str, Value); N]) -> Vec<String> {
    let observed = observed(mode);
    let aws = FakeAws::new(move |call| observed.answer(call));
    let at_once = || configured([("apply_immediately", true.into())]);
    let created = aws.create(&ReplicationGroup, at_once()).await;
    none(&created.diags);
    let Value::Map(mut config) = at_once() else { panic!("no configuration") };
    config.extend(changes.map(|(name, value)| (name.into(), value)));
    problems(&aws.plan(&ReplicationGroup, &created.state, &Value::Map(config)).diags)
}

#[tokio::test(start_paused = true)]
async fn the_plan_refuses_what_aws_refuses_on_the_way() {
    let mode = |mode: &str| ("cluster_mode", Value::from(mode));
    let later = || ("apply_immediately", Value::from(false));
    let shards = || [("num_cache_clusters", Value::Null), ("num_node_groups", Value::from(2))];
    let [a, b] = shards();
    let none: [String; 0] = [];
    assert_eq!(refused("disabled", [mode("compatible")]).await, none);
    assert_eq!(refused("compatible", [mode("enabled")]).await, none);
    assert_eq!(refused("compatible", [mode("disabled")]).await, none);
    assert_eq!(refused("compatible", [mode("enabled"), a, b]).await, none);
    assert_eq!(refused("compatible", [("description", "Another".into())]).await, none);

    let [a, b] = shards();
    let [c, d] = shards();
    for (problems, path, text) in [
        (refused("disabled", [mode("enabled")]).await, "cluster_mode", "first be compatible"),
        (refused("enabled", [mode("disabled")]).await, "cluster_mode", "stays enabled"),
        (refused("enabled", [mode("compatible")]).await, "cluster_mode", "stays enabled"),
        (
            refused("disabled", [mode("compatible"), ("automatic_failover_enabled", false.into())]).await,
            "cluster_mode",
            "failover and a replica",
        ),
        (
            refused(
                "disabled",
                [mode("compatible"), ("engine", "valkey".into()), ("engine_version", "8.0".into())],
            )
            .await,
            "cluster_mode",
            "different parameter groups",
        ),
        (refused("disabled", [mode("compatible"), a, b]).await, "num_node_groups", "require cluster mode"),
        (refused("compatible", [c, d]).await, "num_node_groups", "while cluster mode is compatible"),
        (
            refused("compatible", [("node_type", "cache.r7g.large".into())]).await,
            "node_type",
            "while cluster mode is compatible",
        ),
        (
            refused("compatible", [("num_cache_clusters", 3.into())]).await,
            "num_cache_clusters",
            "while cluster mode is compatible",
        ),
        (
            refused("compatible", [mode("enabled"), later(), ("num_cache_clusters", 3.into())]).await,
            "num_cache_clusters",
            "only in the maintenance window",
        ),
    ] {
        assert_eq!(problems.len(), 1, "{text}: {problems:?}");
        assert!(problems[0].starts_with(path) && problems[0].contains(text), "{text}: {problems:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_compatible_group_keeps_the_endpoints_that_its_clients_use() {
    let observed = observed("compatible");
    let aws = FakeAws::new(move |call| observed.answer(call));
    let state = aws.create(&ReplicationGroup, configured([])).await.state;
    for (name, host) in [
        ("configuration_endpoint_address", "clustercfg.cache"),
        ("primary_endpoint_address", HOST),
        ("reader_endpoint_address", READER),
        ("endpoint", HOST),
        ("reader_endpoint", READER),
    ] {
        assert_eq!(state.get(name), &Value::from(host), "{name}");
    }
    assert_eq!(state.get("url"), &Value::from(format!("rediss://{HOST}:6379").as_str()));
}
