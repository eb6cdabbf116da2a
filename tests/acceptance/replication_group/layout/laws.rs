//! Random layouts: each becomes the next in place, and then a plan is empty.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::super::model::drive;
use super::{Block, Lab, block, configuration, counted, counts, sharded};

/// Sequences of layouts.
const CASES: u32 = 40;

const ZONES: [&str; 3] = ["a", "b", "c"];

/// What a configuration says of the shards.
#[derive(Debug, Clone)]
enum Layout {
    Counts(i64, i64),
    Blocks(Vec<Block>),
}

/// Shards by number: their zones, and how much of that the block says.
fn blocks() -> impl Strategy<Value = Layout> {
    let shard = (proptest::collection::vec(proptest::sample::select(&ZONES[..]), 0..3), 0..3_u8);
    proptest::collection::btree_map(1..6_u32, shard, 1..4).prop_map(|shards| {
        let one = |(id, (replicas, kind)): (u32, (Vec<&str>, u8))| {
            // The primary's zone follows from the number, so that no layout needs it to move.
            let mut zones = vec![ZONES[usize::try_from(id).unwrap() % 3]];
            zones.extend(replicas);
            let width = usize::from(kind) + 1;
            let id = format!("{id:0width$}");
            match kind {
                0 => counted(&id, i64::try_from(zones.len()).unwrap() - 1),
                _ => block(&id, &zones),
            }
        };
        Layout::Blocks(shards.into_iter().map(one).collect())
    })
}

fn layouts() -> impl Strategy<Value = Layout> {
    prop_oneof![
        3 => blocks(),
        1 => (1..5_i64, 0..3_i64).prop_map(|(shards, replicas)| Layout::Counts(shards, replicas)),
    ]
}

fn parts(layout: &Layout) -> (Vec<(&'static str, terraform_provider_elasticache::value::Value)>, Vec<Block>) {
    match layout {
        Layout::Counts(shards, replicas) => (counts(*shards, *replicas), Vec::new()),
        Layout::Blocks(blocks) => (sharded(Vec::new()), blocks.clone()),
    }
}

/// Applies the layouts one after another; gives how many were applied in place.
fn sequence(layouts: &[Layout]) -> Result<u32, TestCaseError> {
    let mut lab = Lab::new();
    let mut applied = 0;
    for layout in layouts {
        let (entries, blocks) = parts(layout);
        let config = configuration(entries, &blocks);
        let plan = lab.driver.plan(&lab.state, &config);
        prop_assert_eq!(drive::errors(&plan.diags), Vec::<String>::new());
        if !plan.replace.is_empty() {
            // A shard that AWS placed elsewhere has its primary in no zone of the block.
            let message = plan.diags.iter().all(|d| d.detail.contains("only a failover moves the primary"));
            prop_assert!(message, "{:?}", plan.diags);
            continue;
        }
        lab.state = match lab.driver.apply(&lab.state, &config, plan) {
            // With cluster mode AWS does not return which node of a shard is the primary, so it alone
            // can refuse to remove it.
            Err(error) if error.contains("is the primary and cannot be removed") => return Ok(applied),
            result => result.map_err(TestCaseError::fail)?,
        };
        applied += 1;
        let read = lab.driver.read(&lab.state).map_err(TestCaseError::fail)?;
        prop_assert_eq!(drive::differences(&lab.state, &read), Vec::<String>::new(), "a read");
        let again = lab.driver.plan(&lab.state, &config);
        prop_assert_eq!(
            drive::differences(&lab.state, &again.planned),
            Vec::<String>::new(),
            "a second plan"
        );
        let shards = lab.shards();
        match layout {
            Layout::Counts(count, replicas) => {
                prop_assert_eq!(i64::try_from(shards.len()).ok(), Some(*count));
                let nodes = usize::try_from(replicas + 1).unwrap();
                prop_assert!(shards.values().all(|zones| zones.len() == nodes), "{shards:?}");
            }
            Layout::Blocks(blocks) => {
                prop_assert_eq!(shards.len(), blocks.len());
                for block in blocks {
                    let id = format!("{:0>4}", block.id.as_ref().unwrap());
                    let mut zones = shards[&id].clone();
                    prop_assert_eq!(i64::try_from(zones.len()).ok(), block.count.map(|count| count + 1));
                    let mut requested: Vec<String> =
                        block.primary.iter().chain(block.replicas.iter().flatten()).cloned().collect();
                    zones.sort();
                    requested.sort();
                    prop_assert!(requested.is_empty() || requested == zones, "{block:?} {zones:?}");
                }
            }
        }
    }
    lab.driver.destroy(&lab.state).map_err(TestCaseError::fail)?;
    Ok(applied)
}

#[test]
fn any_layout_becomes_the_next_in_place() {
    let config =
        Config { cases: CASES, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let applied = std::cell::Cell::new(0);
    let sequences = proptest::collection::vec(layouts(), 2..=4);
    let result = TestRunner::new_with_rng(config, rng).run(&sequences, |layouts| {
        applied.set(applied.get() + sequence(&layouts)?);
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    assert!(applied.get() > 2 * CASES, "only {} applies", applied.get());
}
