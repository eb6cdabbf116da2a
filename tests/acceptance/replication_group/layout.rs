//! Shards laid out one by one, and counted: every change in place, none by spelling.
//!
//! The provider runs in this process against the simulated AWS, which takes milliseconds for each
//! case; what depends on Terraform's own checks is in [`with_terraform`].

mod laws;
mod with_terraform;

use std::collections::BTreeMap;

use terraform_provider_elasticache::engine::{AnyResource, PlanResponse};
use terraform_provider_elasticache::resources::replication_group::ReplicationGroup;
use terraform_provider_elasticache::value::Value;

use super::model::drive::{self, Driver};
use crate::aws_control::control;
use crate::simulator::Call;

/// One shard of a configuration.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Block {
    pub id: Option<String>,
    pub primary: Option<String>,
    pub replicas: Option<Vec<String>>,
    pub count: Option<i64>,
    pub slots: Option<String>,
}

/// A shard with an ID, and a zone for each node, the primary's first.
fn block(id: &str, zones: &[&str]) -> Block {
    Block {
        id: Some(id.to_owned()),
        primary: zones.first().map(|zone| zone_name(zone)),
        replicas: Some(zones.iter().skip(1).map(|zone| zone_name(zone)).collect()),
        count: i64::try_from(zones.len()).ok().map(|nodes| nodes - 1),
        slots: None,
    }
}

/// The same without zones.
fn counted(id: &str, replicas: i64) -> Block {
    Block { id: Some(id.to_owned()), count: Some(replicas), ..Block::default() }
}

fn zone_name(zone: &str) -> String {
    format!("eu-west-1{zone}")
}

impl Block {
    fn value(&self) -> Value {
        let text = |text: &Option<String>| text.as_deref().map_or(Value::Null, Value::from);
        let blocks = &AnyResource::schema(&ReplicationGroup).block.blocks;
        let block = blocks.iter().find(|block| block.name == "node_group_configuration").unwrap();
        block.block.conform(Value::map([
            ("node_group_id", text(&self.id)),
            ("primary_availability_zone", text(&self.primary)),
            (
                "replica_availability_zones",
                self.replicas.as_ref().map_or(Value::Null, |zones| {
                    Value::List(zones.iter().map(|zone| zone.as_str().into()).collect())
                }),
            ),
            ("replica_count", self.count.map_or(Value::Null, Value::from)),
            ("slots", text(&self.slots)),
        ]))
    }
}

/// A group `lab` in a simulated AWS of its own.
pub struct Lab {
    driver: Driver,
    state: Value,
}

impl Lab {
    pub fn new() -> Self {
        Self { driver: Driver::new(), state: Value::Null }
    }

    /// With a group of this configuration.
    fn with(entries: Vec<(&str, Value)>, blocks: &[Block]) -> Self {
        let mut lab = Self::new();
        lab.apply(entries, blocks);
        lab
    }

    fn plan(&self, entries: Vec<(&str, Value)>, blocks: &[Block]) -> PlanResponse {
        self.driver.plan(&self.state, &configuration(entries, blocks))
    }

    /// Plans and applies a change in place, then checks that a second plan is empty and that a
    /// read gives the state back. Gives the calls that changed something.
    #[track_caller]
    fn apply(&mut self, entries: Vec<(&str, Value)>, blocks: &[Block]) -> Vec<Call> {
        let config = configuration(entries, blocks);
        let plan = self.driver.plan(&self.state, &config);
        assert_eq!(drive::errors(&plan.diags), [""; 0]);
        assert!(plan.replace.is_empty(), "{:?}", plan.replace);
        self.driver.record().clear();
        self.state = self.driver.apply(&self.state, &config, plan).unwrap();
        let calls = self.driver.record().all();
        let read = self.driver.read(&self.state).unwrap();
        assert_eq!(drive::differences(&self.state, &read), [""; 0], "a read");
        let again = self.driver.plan(&self.state, &config);
        assert_eq!(drive::differences(&self.state, &again.planned), [""; 0], "a second plan");
        assert_eq!(drive::errors(&again.diags), [""; 0]);
        calls
            .into_iter()
            .filter(|call| !call.action.starts_with("Describe") && !call.action.starts_with("List"))
            .collect()
    }

    #[track_caller]
    fn import(&mut self) {
        let resource: &dyn AnyResource = &ReplicationGroup;
        let stub = resource.import("lab").unwrap();
        let Value::Map(mut state) = self.driver.read(&stub).unwrap() else { unreachable!("an object") };
        // It says how changes are made; the engine plans no change of it alone after an import.
        state.insert("apply_immediately".to_owned(), true.into());
        self.state = Value::Map(state);
    }

    #[track_caller]
    fn refresh(&mut self) {
        self.state = self.driver.read(&self.state).unwrap();
    }

    /// Zones of the nodes of each shard, by ID.
    fn shards(&self) -> BTreeMap<String, Vec<String>> {
        control(self.driver.aws(), |aws| aws.zones("lab"))
    }

    /// The same in short: `0001:ab 0002:ba`.
    fn layout(&self) -> String {
        let zone = |zone: &String| zone.strip_prefix("eu-west-1").unwrap_or(zone).to_owned();
        let shard = |(id, zones): (&String, &Vec<String>)| {
            let mut zones: Vec<String> = zones.iter().map(zone).collect();
            zones.sort();
            format!("{id}:{}", zones.concat())
        };
        self.shards().iter().map(shard).collect::<Vec<_>>().join(" ")
    }

    /// A block of the state.
    fn block(&self, id: &str) -> &Value {
        let blocks = self.state.get("node_group_configuration").as_elements().unwrap();
        blocks.iter().find(|block| block.get("node_group_id") == &Value::from(id)).expect("a block")
    }

    #[track_caller]
    fn assert_unchanged(&self, entries: Vec<(&str, Value)>, blocks: &[Block]) {
        let plan = self.plan(entries, blocks);
        assert_eq!(drive::errors(&plan.diags), [""; 0]);
        assert_eq!(drive::differences(&self.state, &plan.planned), [""; 0]);
    }
}

/// A group with cluster mode.
fn sharded(entries: Vec<(&'static str, Value)>) -> Vec<(&'static str, Value)> {
    let mut all = vec![
        ("automatic_failover_enabled", Value::from(true)),
        ("parameter_group_name", "default.redis7.cluster.on".into()),
    ];
    all.extend(entries);
    all
}

fn configuration(entries: Vec<(&str, Value)>, blocks: &[Block]) -> Value {
    let mut all = vec![
        ("replication_group_id", Value::from("lab")),
        ("description", "a lab".into()),
        ("node_type", "cache.t4g.small".into()),
        ("apply_immediately", true.into()),
        ("node_group_configuration", Value::set(blocks.iter().map(Block::value))),
    ];
    all.extend(entries);
    AnyResource::schema(&ReplicationGroup).conform(Value::map(all))
}

fn counts(shards: i64, replicas: i64) -> Vec<(&'static str, Value)> {
    sharded(vec![
        ("num_node_groups", Value::from(shards)),
        ("replicas_per_node_group", Value::from(replicas)),
    ])
}

fn actions(calls: &[Call]) -> Vec<&str> {
    calls.iter().map(|call| call.action.as_str()).collect()
}

/// The members of a list of a call, such as `ReshardingConfiguration`, with their zones.
fn members(call: &Call, list: &str) -> Vec<String> {
    let member = |number: usize| {
        let at = |name: &str| call.parameter(&format!("{list}.{number}.{name}"));
        let id = at("NodeGroupId")?;
        let zones = (1..).map_while(|n| at(&format!("PreferredAvailabilityZones.{}.{n}", zone_member(list))));
        let zones: Vec<String> = zones.map(|zone| zone.replace("eu-west-1", "")).collect();
        let count = at("NewReplicaCount").map(|count| format!("={count}")).unwrap_or_default();
        Some(format!("{id}{count}:{}", zones.concat()))
    };
    (1..).map_while(member).collect()
}

/// The name of a list's members differs between the two calls (API model).
fn zone_member(list: &str) -> &'static str {
    if list.starts_with("Resharding") { "AvailabilityZone" } else { "PreferredAvailabilityZone" }
}

const RESHARDING: &str = "ReshardingConfiguration.ReshardingConfiguration";
const REPLICAS: &str = "ReplicaConfiguration.ConfigureShard";

/// D1.
#[test]
fn a_short_id_of_a_shard_is_the_same_id() {
    let slots = |id: &str, slots: &str| Block { slots: Some(slots.to_owned()), ..counted(id, 1) };
    let blocks = [slots("1", "0-8191"), slots("2", "8192-16383")];
    let mut lab = Lab::with(sharded(vec![]), &blocks);
    lab.refresh();
    lab.assert_unchanged(sharded(vec![]), &blocks);
    lab.assert_unchanged(sharded(vec![]), &[slots("02", "8192-16383"), slots("0001", "0-8191")]);
    lab.import();
    lab.assert_unchanged(sharded(vec![]), &blocks);
    // Without cluster mode as well.
    let one = [Block { id: Some("1".to_owned()), ..Block::default() }];
    let two = || vec![("num_cache_clusters", Value::from(2))];
    let mut lab = Lab::with(two(), &one);
    assert_eq!(lab.shards().values().map(Vec::len).collect::<Vec<_>>(), [2]);
    lab.refresh();
    lab.assert_unchanged(two(), &one);
}

/// D3.
#[test]
fn shards_of_different_sizes_plan_clean() {
    let mut lab = Lab::with(sharded(vec![]), &[counted("1", 1), counted("2", 2)]);
    lab.assert_unchanged(sharded(vec![]), &[counted("1", 1), counted("2", 2)]);
    lab.import();
    assert_eq!(lab.state.get("num_cache_clusters"), &Value::from(5));
    assert_eq!(lab.state.get("replicas_per_node_group"), &Value::from(2));
    lab.assert_unchanged(counts(2, 2), &[]);
    // All counts that the state has agree with its blocks.
    let mut all = counts(2, 2);
    all.push(("num_cache_clusters", Value::from(5)));
    lab.assert_unchanged(all, &[counted("1", 1), counted("2", 2)]);
    // A count that changes holds for every shard.
    let calls = lab.apply(counts(2, 3), &[]);
    assert_eq!(actions(&calls), ["IncreaseReplicaCount"]);
    assert_eq!(lab.shards().values().map(Vec::len).collect::<Vec<_>>(), [4, 4]);
}

#[test]
fn counts_between_those_of_the_shards_raise_some_and_lower_others() {
    let mut lab = Lab::with(sharded(vec![]), &[counted("1", 1), counted("2", 3)]);
    let calls = lab.apply(counts(2, 2), &[]);
    assert_eq!(actions(&calls), ["IncreaseReplicaCount", "DecreaseReplicaCount"]);
    assert_eq!(members(&calls[0], REPLICAS), ["0001=2:"]);
    assert_eq!(members(&calls[1], REPLICAS), ["0002=2:"]);
}

/// D4.
#[test]
fn one_node_with_cluster_mode_is_written_by_num_cache_clusters_too() {
    let mut lab = Lab::with(counts(1, 0), &[]);
    lab.import();
    let one = ("num_cache_clusters", Value::from(1));
    lab.assert_unchanged(vec![one.clone()], &[]);
    lab.assert_unchanged(sharded(vec![one.clone()]), &[]);
    // And created with it: as a shard, since AWS refuses one node with failover.
    let mut lab = Lab::new();
    let calls = lab.apply(sharded(vec![one]), &[]);
    assert_eq!(calls[0].parameter("NumNodeGroups").as_deref(), Some("1"));
    assert_eq!(calls[0].parameter("ReplicasPerNodeGroup").as_deref(), Some("0"));
    assert_eq!(calls[0].parameter("NumCacheClusters"), None);
}

/// D5.
#[test]
fn a_third_shard_is_added_in_place_and_where_it_was_asked_for() {
    let two = [block("0001", &["a", "b"]), block("0002", &["b", "a"])];
    let three = [two[0].clone(), two[1].clone(), block("0003", &["c", "a"])];
    let count = |shards: i64| sharded(vec![("num_node_groups", Value::from(shards))]);
    let mut lab = Lab::with(count(2), &two);
    let calls = lab.apply(count(3), &three);
    assert_eq!(actions(&calls), ["ModifyReplicationGroupShardConfiguration"]);
    assert_eq!(calls[0].parameter("NodeGroupCount").as_deref(), Some("3"));
    assert_eq!(members(&calls[0], RESHARDING), ["0001:ab", "0002:ba", "0003:ca"]);
    assert_eq!(lab.layout(), "0001:ab 0002:ab 0003:ac");
    assert_eq!(lab.block("0003").get("primary_availability_zone"), &Value::from("eu-west-1c"));
    let calls = lab.apply(count(2), &two);
    assert_eq!(actions(&calls), ["ModifyReplicationGroupShardConfiguration"]);
    assert_eq!(calls[0].parameter("NodeGroupsToRemove.NodeGroupToRemove.1").as_deref(), Some("0003"));
    assert_eq!(lab.layout(), "0001:ab 0002:ab");
}

/// The number of shards need not be given beside the blocks, nor the IDs.
#[test]
fn blocks_alone_say_how_many_shards_there_are() {
    let of = |count: i64| Block { count: Some(count), ..Block::default() };
    let mut lab = Lab::with(sharded(vec![]), &[of(1), of(2)]);
    let before = lab.shards();
    let calls = lab.apply(sharded(vec![]), &[of(1), of(2), of(0)]);
    // AWS makes it with a replica, as the smallest has, which then goes.
    assert_eq!(actions(&calls), ["ModifyReplicationGroupShardConfiguration", "DecreaseReplicaCount"]);
    let after = lab.shards();
    assert!(before.iter().all(|(id, zones)| after.get(id) == Some(zones)), "{before:?} {after:?}");
    assert_eq!(after["0003"].len(), 1);
    let calls = lab.apply(sharded(vec![]), &[of(2), of(0)]);
    assert_eq!(actions(&calls), ["ModifyReplicationGroupShardConfiguration"]);
    assert_eq!(lab.shards().values().map(Vec::len).sum::<usize>(), 4);
    assert!(!lab.shards().contains_key("0003") || !lab.shards().contains_key("0001"), "{:?}", lab.shards());
}

/// Blocks without `replica_count` have an equal share of the nodes that the other blocks leave.
#[test]
fn num_cache_clusters_is_shared_by_blocks_without_a_count() {
    let open = |id: &str| Block { id: Some(id.to_owned()), ..Block::default() };
    let nodes = |nodes: i64| sharded(vec![("num_cache_clusters", Value::from(nodes))]);
    let mut lab = Lab::with(nodes(4), &[open("1"), open("2")]);
    let sizes = |lab: &Lab| lab.shards().into_values().map(|zones| zones.len()).collect::<Vec<_>>();
    assert_eq!(sizes(&lab), [2, 2]);
    let calls = lab.apply(nodes(6), &[open("1"), open("2")]);
    assert_eq!((actions(&calls), sizes(&lab)), (vec!["IncreaseReplicaCount"], vec![3, 3]));
    lab.apply(nodes(5), &[open("1"), counted("2", 2)]);
    assert_eq!(sizes(&lab), [2, 3]);
    let uneven = lab.plan(nodes(5), &[open("1"), open("2")]);
    assert_eq!(drive::errors(&uneven.diags).len(), 1, "{:?}", uneven.diags);
}

#[test]
fn a_shard_in_the_middle_is_removed_by_its_block() {
    let three = [counted("1", 0), counted("2", 0), counted("3", 0)];
    let mut lab = Lab::with(sharded(vec![]), &three);
    lab.apply(sharded(vec![]), &[counted("1", 0), counted("3", 0)]);
    assert_eq!(lab.shards().keys().collect::<Vec<_>>(), ["0001", "0003"]);
    lab.apply(sharded(vec![]), &[counted("1", 0), counted("5", 0)]);
    assert_eq!(lab.shards().keys().collect::<Vec<_>>(), ["0001", "0005"]);
}

/// D6.
#[test]
fn the_replicas_of_one_shard_change_in_place() {
    let mut lab = Lab::with(sharded(vec![]), &[block("1", &["a", "b"]), block("2", &["b", "a"])]);
    let calls = lab.apply(sharded(vec![]), &[block("1", &["a", "b", "c"]), block("2", &["b", "a"])]);
    assert_eq!(actions(&calls), ["IncreaseReplicaCount"]);
    assert_eq!(members(&calls[0], REPLICAS), ["0001=2:abc"]);
    assert_eq!(calls[0].parameter("NewReplicaCount"), None);
    assert_eq!(lab.layout(), "0001:abc 0002:ab");
    let calls = lab.apply(sharded(vec![]), &[block("1", &["a", "c"]), block("2", &["b", "a"])]);
    assert_eq!(actions(&calls), ["DecreaseReplicaCount"]);
    assert_eq!(members(&calls[0], REPLICAS), ["0001=1:"]);
    assert_eq!(calls[0].parameter("ReplicasToRemove.member.1").as_deref(), Some("lab-0001-002"));
    assert_eq!(lab.layout(), "0001:ac 0002:ab");
}

/// Part of the law of D: Availability Zones in place.
#[test]
fn a_replica_moves_to_another_zone_in_place() {
    let mut lab = Lab::with(sharded(vec![]), &[block("1", &["a", "b"]), block("2", &["b", "a"])]);
    let calls = lab.apply(sharded(vec![]), &[block("1", &["a", "c"]), block("2", &["b", "a"])]);
    assert_eq!(actions(&calls), ["IncreaseReplicaCount", "DecreaseReplicaCount"]);
    assert_eq!(lab.layout(), "0001:ac 0002:ab");
    // Which node is the primary is no matter of the configuration.
    lab.assert_unchanged(sharded(vec![]), &[block("1", &["c", "a"]), block("2", &["a", "b"])]);
}

#[test]
fn the_primary_of_a_shard_does_not_move_without_a_new_group() {
    let lab = Lab::with(sharded(vec![]), &[block("1", &["a", "b"]), block("2", &["b", "a"])]);
    let plan = lab.plan(sharded(vec![]), &[block("1", &["c", "b"]), block("2", &["b", "a"])]);
    assert_eq!(
        plan.replace.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["node_group_configuration"]
    );
    let message: Vec<String> = plan.diags.iter().map(|d| d.detail.clone()).collect();
    assert_eq!(message.len(), 1);
    assert!(
        message[0].starts_with("The primary of shard 0001 is in eu-west-1a, where no node is configured.")
            && message[0].contains("its data is lost"),
        "{message:?}"
    );
}

/// D7.
#[test]
fn blocks_added_to_a_counted_group_change_it_in_place() {
    let mut lab = Lab::with(counts(2, 1), &[]);
    assert_eq!(lab.state.get("node_group_configuration"), &Value::set([]));
    let ids: Vec<&Value> = lab
        .state
        .get("node_groups")
        .as_elements()
        .unwrap()
        .iter()
        .map(|shard| shard.get("node_group_id"))
        .collect();
    assert_eq!(ids, [&Value::from("0001"), &Value::from("0002")]);
    let blocks = [counted("0001", 2), counted("0002", 2)];
    let two = || sharded(vec![("num_node_groups", Value::from(2))]);
    let calls = lab.apply(two(), &blocks);
    assert_eq!(actions(&calls), ["IncreaseReplicaCount"]);
    assert_eq!(lab.shards().values().map(Vec::len).collect::<Vec<_>>(), [3, 3]);
    // The same once more, after an import: with the blocks, and without them.
    lab.import();
    lab.assert_unchanged(two(), &blocks);
    lab.assert_unchanged(counts(2, 2), &[]);
    let calls = lab.apply(two(), &[counted("0001", 2), counted("0002", 1)]);
    assert_eq!(actions(&calls), ["DecreaseReplicaCount"]);
    // Blocks that go leave the shards alone.
    assert_eq!(actions(&lab.apply(two(), &[])), [""; 0]);
}

/// D8.
#[test]
fn slots_and_zones_of_the_state_are_those_of_aws() {
    let slots = |id: &str, slots: &str| Block { slots: Some(slots.to_owned()), ..counted(id, 1) };
    let mut lab = Lab::with(counts(2, 1), &[]);
    // Other slots than AWS has are refused at once.
    let plan = lab.plan(sharded(vec![]), &[slots("1", "0-99"), slots("2", "100-16383")]);
    assert_eq!(
        plan.replace.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["node_group_configuration"]
    );
    let message: Vec<String> = plan.diags.iter().map(|d| d.detail.clone()).collect();
    assert!(
        message[0].starts_with("Shard 0001 has the slots 0-8191, and 0-99 are configured."),
        "{message:?}"
    );
    let blocks = [slots("1", "0-8191"), slots("2", "8192-16383")];
    assert_eq!(actions(&lab.apply(sharded(vec![]), &blocks)), [""; 0]);
    // A reshard outside Terraform shows in the state and in the plan.
    lab.driver.ask(
        "ModifyReplicationGroupShardConfiguration",
        &[("ReplicationGroupId", "lab"), ("ApplyImmediately", "true"), ("NodeGroupCount", "3")],
    );
    lab.refresh();
    let observed = lab.block("1").get("slots").as_str().unwrap().to_owned();
    assert_ne!(observed, "0-8191");
    assert_eq!(lab.state.get("num_node_groups"), &Value::from(3));
    let plan = lab.plan(sharded(vec![]), &blocks);
    assert_eq!(plan.replace.len(), 1);
    // Without slots the shard goes again, in place.
    let calls = lab.apply(sharded(vec![]), &[counted("1", 1), counted("2", 1)]);
    assert_eq!(calls[0].parameter("NodeGroupsToRemove.NodeGroupToRemove.1").as_deref(), Some("0003"));
}

#[test]
fn slots_stand_in_the_way_of_another_shard() {
    let slots = |id: &str, slots: &str| Block { slots: Some(slots.to_owned()), ..counted(id, 0) };
    let lab = Lab::with(sharded(vec![]), &[slots("1", "0-8191"), slots("2", "8192-16383")]);
    let more = [slots("1", "0-8191"), slots("2", "8192-16383"), counted("3", 0)];
    let errors = drive::errors(&lab.plan(sharded(vec![]), &more).diags);
    assert!(
        errors.len() == 1 && errors[0].contains("Remove `slots` from all `node_group_configuration` blocks"),
        "{errors:?}"
    );
}

/// D8 after a failover, which moves the primary of a group without cluster mode.
#[test]
fn a_failover_is_no_change_of_zones() {
    let entries = || vec![("automatic_failover_enabled", Value::from(true))];
    let mut lab = Lab::with(entries(), &[block("1", &["a", "b"])]);
    assert!(control(lab.driver.aws(), |aws| aws.fail_over("lab", "0001")));
    let before = lab.state.clone();
    lab.refresh();
    assert_eq!(drive::differences(&before, &lab.state), [""; 0]);
    lab.assert_unchanged(entries(), &[block("1", &["a", "b"])]);
    lab.import();
    assert_eq!(lab.block("0001").get("primary_availability_zone"), &Value::from("eu-west-1b"));
    lab.assert_unchanged(entries(), &[block("1", &["a", "b"])]);
}

/// D9.
#[test]
fn durability_changes_in_place_and_shows_what_is_in_effect() {
    let entries = |durability: &str| {
        let mut entries = counts(2, 1);
        entries.retain(|(name, _)| *name != "parameter_group_name");
        entries.extend([
            ("engine", Value::from("valkey")),
            ("engine_version", "9.0".into()),
            ("multi_az_enabled", true.into()),
            ("transit_encryption_enabled", true.into()),
            ("durability", durability.into()),
        ]);
        entries
    };
    let mut lab = Lab::with(entries("sync"), &[]);
    for (durability, effective) in
        [("async", "async"), ("disabled", "disabled"), ("sync", "sync"), ("default", "disabled")]
    {
        let calls = lab.apply(entries(durability), &[]);
        assert_eq!(actions(&calls), ["ModifyReplicationGroup"]);
        assert_eq!(calls[0].parameter("Durability").as_deref(), Some(durability));
        assert_eq!(lab.state.get("effective_durability"), &Value::from(effective));
    }
    assert_eq!(lab.state.get("storage_encryption_type"), &Value::from("sse-elasticache"));
    assert!(lab.state.get("create_time").as_str().is_some());
}

/// D10.
#[test]
fn added_nodes_are_where_preferred_cache_cluster_azs_has_them() {
    let zones = |zones: &[&str]| {
        vec![
            ("num_cache_clusters", Value::from(i64::try_from(zones.len()).unwrap())),
            (
                "preferred_cache_cluster_azs",
                Value::List(zones.iter().map(|zone| zone_name(zone).as_str().into()).collect()),
            ),
        ]
    };
    let mut lab = Lab::with(zones(&["a", "b"]), &[]);
    let calls = lab.apply(zones(&["a", "b", "c"]), &[]);
    assert_eq!(members(&calls[0], REPLICAS), ["0001=2:abc"]);
    assert_eq!(lab.layout(), "0001:abc");
    let calls = lab.apply(zones(&["a", "c"]), &[]);
    assert_eq!(calls[0].parameter("ReplicasToRemove.member.1").as_deref(), Some("lab-002"));
    assert_eq!(lab.layout(), "0001:ac");
    let calls = lab.apply(zones(&["a", "b"]), &[]);
    assert_eq!(actions(&calls), ["IncreaseReplicaCount", "DecreaseReplicaCount"]);
    assert_eq!(lab.layout(), "0001:ab");
    let errors = drive::errors(&lab.plan(zones(&["c", "b"]), &[]).diags);
    assert!(errors.len() == 1 && errors[0].starts_with("Primary cannot be moved"), "{errors:?}");
    let mut short = zones(&["a", "b"]);
    short[0].1 = Value::from(3);
    let errors = drive::errors(&lab.plan(short, &[]).diags);
    assert!(
        errors.len() == 1 && errors[0].contains("has 2 entries, but the replication group has 3 nodes"),
        "{errors:?}"
    );
}

/// K28: shards that went outside Terraform leave those that can go.
#[test]
fn shards_removed_elsewhere_are_no_obstacle_to_removing_more() {
    for left in [2, 3] {
        let mut lab = Lab::with(counts(5, 0), &[]);
        lab.driver.ask(
            "ModifyReplicationGroupShardConfiguration",
            &[
                ("ReplicationGroupId", "lab"),
                ("ApplyImmediately", "true"),
                ("NodeGroupCount", "3"),
                ("NodeGroupsToRemove.NodeGroupToRemove.1", "0003"),
                ("NodeGroupsToRemove.NodeGroupToRemove.2", "0005"),
            ],
        );
        lab.refresh();
        assert_eq!(lab.shards().keys().collect::<Vec<_>>(), ["0001", "0002", "0004"]);
        lab.apply(counts(left, 0), &[]);
        assert_eq!(i64::try_from(lab.shards().len()).unwrap(), left);
    }
}
