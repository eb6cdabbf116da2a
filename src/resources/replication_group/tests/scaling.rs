//! From the shards that exist to those that are desired.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::resources::replication_group::layout::{Layout, Node, Shard, Wish, without};
use crate::resources::replication_group::rules::shard_id;
use crate::resources::replication_group::scaling::{
    Desired, Placement, Replicas, ShardGoal, Shards, nodes_to_remove, scaling,
};
use crate::resources::replication_group::update::steps::Step;

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// A shard with a node in each of these zones, the primary first.
fn shard(id: &str, zones: &[&str]) -> Shard {
    let node = |(at, zone): (usize, &&str)| Node {
        id: format!("cache-{id}-{:03}", at + 1),
        zone: Some((*zone).to_owned()),
        outpost: None,
        is_primary: at == 0,
    };
    let nodes: Vec<Node> = zones.iter().enumerate().map(node).collect();
    Shard {
        id: id.to_owned(),
        replicas: i32::try_from(zones.len()).unwrap() - 1,
        zones: texts(zones),
        outposts: Vec::new(),
        slots: None,
        nodes,
    }
}

fn wish(id: &str, zones: &[&str]) -> Wish {
    Wish {
        id: Some(id.to_owned()),
        replicas: Some(i32::try_from(zones.len()).unwrap() - 1),
        primary_zone: zones.first().map(|zone| (*zone).to_owned()),
        replica_zones: texts(zones.get(1..).unwrap_or_default()),
        ..Wish::default()
    }
}

fn counted(id: &str, replicas: i32) -> Wish {
    Wish { id: Some(id.to_owned()), replicas: Some(replicas), ..Wish::default() }
}

fn goal(id: &str, replicas: i32, zones: &[&str]) -> ShardGoal {
    ShardGoal { id: id.to_owned(), replicas, zones: texts(zones), outposts: Vec::new() }
}

fn steps(observed: &[Shard], wishes: Vec<Wish>) -> (Vec<Step>, Vec<Step>) {
    let scaling = scaling(&Layout { shards: observed.to_vec() }, &Desired::Shards(wishes));
    (scaling.first, scaling.last)
}

fn two() -> [Shard; 2] {
    [shard("0001", &["a", "b"]), shard("0002", &["b", "a"])]
}

/// D5: one call, with an entry for each shard of the result, as the user guide has it.
#[test]
fn a_third_shard_is_added_where_it_was_asked_for() {
    let [first, second] = [wish("0001", &["a", "b"]), wish("0002", &["b", "a"])];
    let (added, removed) = steps(&two(), vec![first, second, wish("0003", &["c", "a"])]);
    let place =
        |id: &str, zones: &[&str], is_new| Placement { id: id.to_owned(), zones: texts(zones), is_new };
    let placements = vec![
        place("0001", &["a", "b"], false),
        place("0002", &["b", "a"], false),
        place("0003", &["c", "a"], true),
    ];
    assert_eq!(added, [Step::Shards(Shards::Add(placements))]);
    assert_eq!(removed, []);
}

#[test]
fn a_shard_without_a_block_is_removed_and_no_other() {
    let (added, removed) = steps(&two(), vec![wish("0002", &["b", "a"])]);
    assert_eq!(added, []);
    assert_eq!(removed, [Step::Shards(Shards::Remove { ids: texts(&["0001"]), left: 1 })]);
}

#[test]
fn another_id_adds_a_shard_before_the_old_one_is_removed() {
    let (added, removed) = steps(&two(), vec![counted("0001", 1), counted("0007", 1)]);
    let Step::Shards(Shards::Add(placements)) = &added[0] else { panic!("{added:?}") };
    assert_eq!(
        placements.iter().map(|place| place.id.as_str()).collect::<Vec<_>>(),
        ["0001", "0002", "0007"]
    );
    assert_eq!(
        (added.len(), removed),
        (1, vec![Step::Shards(Shards::Remove { ids: texts(&["0002"]), left: 2 })])
    );
}

/// D6: the replicas of one shard.
#[test]
fn the_replicas_of_one_shard_change_alone() {
    let (added, removed) = steps(&two(), vec![wish("0001", &["a", "b", "c"]), wish("0002", &["b", "a"])]);
    assert_eq!(added, [Step::IncreaseReplicas(Replicas::Of(vec![goal("0001", 2, &["a", "b", "c"])]))]);
    assert_eq!(removed, []);
    let (added, removed) = steps(&two(), vec![counted("0001", 1), counted("0002", 0)]);
    assert_eq!(added, []);
    assert_eq!(removed, [Step::DecreaseReplicas(Replicas::Of(vec![goal("0002", 0, &[])]))]);
}

/// AWS gives a new shard as many nodes as the smallest one has.
#[test]
fn a_larger_new_shard_gets_the_rest_of_its_replicas_afterwards() {
    let (added, _) =
        steps(&two(), vec![counted("0001", 1), counted("0002", 1), wish("0003", &["c", "a", "b"])]);
    let Step::Shards(Shards::Add(placements)) = &added[0] else { panic!("{added:?}") };
    assert_eq!(placements[2].zones, ["c", "a"]);
    assert_eq!(added[1..], [Step::IncreaseReplicas(Replicas::Of(vec![goal("0003", 2, &["c", "a", "b"])]))]);
    let (added, removed) = steps(&two(), vec![counted("0001", 1), counted("0002", 1), wish("0003", &["c"])]);
    let Step::Shards(Shards::Add(placements)) = &added[0] else { panic!("{added:?}") };
    assert_eq!((placements[2].zones.len(), placements[2].zones[0].as_str(), added.len()), (2, "c", 1));
    assert_eq!(removed, [Step::DecreaseReplicas(Replicas::Of(vec![goal("0003", 0, &["c"])]))]);
}

/// A node is moved by adding one and removing the other.
#[test]
fn a_replica_moves_to_another_zone() {
    let (added, removed) = steps(&two(), vec![wish("0001", &["a", "c"]), wish("0002", &["b", "a"])]);
    assert_eq!(added, [Step::IncreaseReplicas(Replicas::Of(vec![goal("0001", 2, &["a", "b", "c"])]))]);
    assert_eq!(removed, [Step::DecreaseReplicas(Replicas::Of(vec![goal("0001", 1, &["a", "c"])]))]);
    let moved = shard("0001", &["a", "b", "c"]);
    assert_eq!(nodes_to_remove(&moved, 1, &texts(&["a", "c"])), Some(texts(&["cache-0001-002"])));
}

/// No shard takes a sixth replica.
#[test]
fn a_full_shard_makes_room_first() {
    let full = [shard("0001", &["a", "b", "a", "b", "a", "b"])];
    let (added, removed) = steps(&full, vec![wish("0001", &["a", "b", "a", "b", "a", "c"])]);
    assert_eq!(
        added,
        [
            Step::DecreaseReplicas(Replicas::Of(vec![goal("0001", 4, &["a", "b", "a", "b", "a"])])),
            Step::IncreaseReplicas(Replicas::Of(vec![goal("0001", 5, &["a", "b", "a", "b", "a", "c"])])),
        ]
    );
    assert_eq!(removed, []);
}

#[test]
fn the_primary_is_never_named_for_removal() {
    let shard = shard("0001", &["a", "b", "b"]);
    assert_eq!(nodes_to_remove(&shard, 1, &texts(&["b", "b"])), None);
    assert_eq!(
        nodes_to_remove(&shard, 0, &texts(&["a"])),
        Some(texts(&["cache-0001-003", "cache-0001-002"]))
    );
    assert_eq!(nodes_to_remove(&shard, 1, &[]), Some(texts(&["cache-0001-003"])));
}

#[test]
fn counts_change_only_what_differs() {
    let of = |shards: Option<i32>, replicas: Option<i32>| {
        let observed = vec![shard("0001", &["a"]), shard("0002", &["a", "b", "c"])];
        let scaling = scaling(&Layout { shards: observed }, &Desired::Counts { shards, replicas });
        [scaling.first, scaling.last].concat()
    };
    let count = |count| Step::Shards(Shards::Count(count));
    let (up, down) = (
        |count| Step::IncreaseReplicas(Replicas::InEach(count)),
        |count| Step::DecreaseReplicas(Replicas::InEach(count)),
    );
    assert_eq!(of(None, None), []);
    assert_eq!(of(None, Some(1)), [up(1), down(1)]);
    assert_eq!(of(None, Some(2)), [up(2)]);
    assert_eq!(of(Some(3), None), [count(3)]);
    assert_eq!(of(Some(3), Some(0)), [count(3), down(0)]);
    assert_eq!(of(Some(1), Some(0)), [count(1)]);
}

const ZONES: [&str; 3] = ["a", "b", "c"];

/// What AWS makes of a step, by its documents. `choose` stands for what AWS chooses.
fn carry_out(layout: &mut Layout, step: &Step, choose: usize) {
    match step {
        Step::Shards(Shards::Count(count)) => {
            while layout.shards.len() > usize::try_from(*count).unwrap() {
                layout.shards.pop();
            }
            let smallest = layout.smallest();
            for number in 1.. {
                if layout.shards.len() == usize::try_from(*count).unwrap() {
                    break;
                }
                let id = format!("{number:04}");
                if layout.get(&id).is_none() {
                    let zones = vec![ZONES[choose % 3]; usize::try_from(smallest).unwrap() + 1];
                    layout.shards.push(shard(&id, &zones));
                }
            }
        }
        Step::Shards(Shards::Add(all)) => {
            let nodes = usize::try_from(layout.smallest()).unwrap() + 1;
            for place in all {
                match layout.get(&place.id) {
                    Some(existing) => {
                        assert!(!place.is_new);
                        assert_eq!(place.zones, existing.zones);
                    }
                    None => {
                        let zones = if place.zones.is_empty() {
                            vec![ZONES[choose % 3].to_owned(); nodes]
                        } else {
                            place.zones.clone()
                        };
                        assert_eq!(zones.len(), nodes, "one zone for each node");
                        let zones: Vec<&str> = zones.iter().map(String::as_str).collect();
                        layout.shards.push(shard(&place.id, &zones));
                    }
                }
            }
        }
        Step::Shards(Shards::Remove { ids, left }) => {
            assert!(ids.iter().all(|id| layout.get(id).is_some()));
            layout.shards.retain(|shard| !ids.contains(&shard.id));
            assert_eq!(layout.shards.len(), usize::try_from(*left).unwrap());
        }
        Step::IncreaseReplicas(change) => replicas(layout, change, choose, true),
        Step::DecreaseReplicas(change) => replicas(layout, change, choose, false),
        other => panic!("{other:?}"),
    }
    layout.shards.sort_by(|a, b| a.id.cmp(&b.id));
}

fn replicas(layout: &mut Layout, change: &Replicas, choose: usize, up: bool) {
    let goals: Vec<ShardGoal> = match change {
        Replicas::Of(goals) => goals.clone(),
        // Where shards differ, the step asks for those that need it.
        Replicas::InEach(count) => {
            let open = |shard: &&Shard| if up { shard.replicas < *count } else { shard.replicas > *count };
            layout.shards.iter().filter(open).map(|shard| goal(&shard.id, *count, &[])).collect()
        }
    };
    for goal in goals {
        let before = layout.get(&goal.id).unwrap().clone();
        assert!((0..=5).contains(&goal.replicas) && (before.replicas < goal.replicas) == up);
        let zones =
            if up {
                let mut zones = before.zones.clone();
                match goal.zones.is_empty() {
                    true => zones
                        .resize(usize::try_from(goal.replicas).unwrap() + 1, ZONES[choose % 3].to_owned()),
                    false => {
                        assert_eq!(goal.zones.len(), usize::try_from(goal.replicas).unwrap() + 1);
                        assert_eq!(without(&before.zones, &goal.zones), [""; 0], "existing nodes stay");
                        zones.extend(without(&goal.zones, &before.zones));
                    }
                }
                zones
            } else {
                let removed = match goal.zones.is_empty() {
                    // AWS chooses, and never the primary.
                    true => before
                        .nodes
                        .iter()
                        .skip(1)
                        .map(|node| node.id.clone())
                        .take(usize::try_from(before.replicas - goal.replicas).unwrap())
                        .collect(),
                    false => nodes_to_remove(&before, goal.replicas, &goal.zones)
                        .expect("nodes that can be removed"),
                };
                before
                    .nodes
                    .iter()
                    .filter(|node| !removed.contains(&node.id))
                    .map(|node| node.zone.clone().unwrap())
                    .collect()
            };
        let zones: Vec<&str> = zones.iter().map(String::as_str).collect();
        let after = shard(&goal.id, &zones);
        *layout.shards.iter_mut().find(|shard| shard.id == goal.id).unwrap() = after;
    }
}

fn zones(most: usize) -> impl Strategy<Value = Vec<&'static str>> {
    proptest::collection::vec(proptest::sample::select(&ZONES[..]), 1..=most)
}

/// Shards with IDs of up to four digits, each once.
fn layouts() -> impl Strategy<Value = Vec<Shard>> {
    proptest::collection::btree_map(1..7_u32, zones(6), 1..5)
        .prop_map(|shards| shards.iter().map(|(id, zones)| shard(&format!("{id:04}"), zones)).collect())
}

/// Wishes: for a number, whether the ID is given, zones, and how much of them is asked for.
fn wishes() -> impl Strategy<Value = Vec<(u32, bool, Vec<&'static str>, u8)>> {
    let one = (any::<bool>(), zones(6), 0..4_u8);
    proptest::collection::btree_map(1..7_u32, one, 1..5).prop_map(|wishes| {
        wishes.into_iter().map(|(id, (named, zones, kind))| (id, named, zones, kind)).collect()
    })
}

/// The wishes in words that AWS can follow: the primary of a shard that stays stays where it is.
fn feasible(observed: &[Shard], wishes: &[(u32, bool, Vec<&'static str>, u8)]) -> Vec<Wish> {
    let one = |(id, named, zones, kind): &(u32, bool, Vec<&'static str>, u8)| {
        let id = format!("{id:04}");
        let mut zones = zones.clone();
        let existing = observed.iter().find(|shard| shard.id == id);
        // Without an ID any shard may be continued, so zones are not asked for.
        let kind = if *named { *kind } else { kind % 2 };
        if let Some(existing) = existing {
            zones[0] = ZONES.into_iter().find(|zone| existing.zones[0] == *zone).unwrap();
        }
        let full = wish(&id, &zones);
        let id = named.then_some(id);
        match kind {
            0 => Wish { id, ..Wish::default() },
            1 => Wish { id, replicas: full.replicas, ..Wish::default() },
            2 => Wish { id, replica_zones: Vec::new(), ..full },
            _ => Wish { id, ..full },
        }
    };
    wishes.iter().map(one).collect()
}

fn check<S: Strategy>(strategy: S, law: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let config = Config { cases: 2000, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    if let Err(error) = TestRunner::new_with_rng(config, rng).run(&strategy, law) {
        panic!("{error}");
    }
}

fn run(layout: &mut Layout, desired: &Desired, choose: usize) -> usize {
    let scaling = scaling(layout, desired);
    let steps = [scaling.first, scaling.last].concat();
    for step in &steps {
        carry_out(layout, step, choose);
    }
    steps.len()
}

#[test]
fn any_layout_becomes_any_other_and_then_stays() {
    check((layouts(), wishes(), 0..3_usize), |(observed, requested, choose)| {
        let wishes = feasible(&observed, &requested);
        let mut layout = Layout { shards: observed };
        run(&mut layout, &Desired::Shards(wishes.clone()), choose);
        prop_assert_eq!(layout.shards.len(), wishes.len());
        prop_assert_eq!(
            run(&mut layout.clone(), &Desired::Shards(wishes.clone()), choose),
            0,
            "{:?}",
            layout
        );
        for wish in wishes.iter().filter(|wish| wish.id.is_some()) {
            let shard = layout.get(wish.id.as_ref().unwrap()).unwrap();
            prop_assert!(wish.is_satisfied_by(shard), "{wish:?} {shard:?}");
        }
        Ok(())
    });
}

#[test]
fn any_counts_are_reached_and_then_stay() {
    let counts = (proptest::option::of(1..6_i32), proptest::option::of(0..5_i32));
    check((layouts(), counts, 0..3_usize), |(observed, (shards, replicas), choose)| {
        let mut layout = Layout { shards: observed };
        let desired = Desired::Counts { shards, replicas };
        run(&mut layout, &desired, choose);
        prop_assert!(shards.is_none_or(|shards| i32::try_from(layout.shards.len()) == Ok(shards)));
        prop_assert!(replicas.is_none_or(|count| layout.shards.iter().all(|shard| shard.replicas == count)));
        prop_assert_eq!(run(&mut layout, &desired, choose), 0);
        Ok(())
    });
}

/// Spelling of IDs, order of blocks, and which zone of a shard is called the primary's.
#[test]
fn another_spelling_never_leads_to_a_step() {
    let spelled = (layouts(), any::<u64>());
    check(spelled, |(observed, seed)| {
        let mut wishes: Vec<Wish> = observed
            .iter()
            .enumerate()
            .map(|(at, shard)| {
                let digits = shard.id.trim_start_matches('0');
                let width = usize::try_from(seed >> at & 3).unwrap() + 1;
                let mut zones: Vec<&str> = shard.zones.iter().map(String::as_str).collect();
                let turn = usize::try_from(seed >> (at + 8) & 7).unwrap() % zones.len();
                zones.rotate_left(turn);
                let id = shard_id(&format!("{digits:0>width$}"));
                let named = seed >> (at + 16) & 1 == 0;
                Wish { id: named.then_some(id), ..wish("", &zones) }
            })
            .collect();
        let turn = usize::try_from(seed >> 32 & 7).unwrap() % wishes.len();
        wishes.rotate_left(turn);
        prop_assert_eq!(run(&mut Layout { shards: observed }, &Desired::Shards(wishes), 0), 0);
        Ok(())
    });
}
