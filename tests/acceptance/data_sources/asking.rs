//! Pieces of configurations, and what the cases share.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::world::World;

/// Where [`data`] stands.
pub fn address(kind: &str) -> String {
    format!("data.elasticache_{kind}.this")
}

/// A data source `this` of that kind with these arguments.
pub fn data(kind: &str, arguments: &str) -> String {
    format!("data \"elasticache_{kind}\" \"this\" {{\n{arguments}\n}}\n")
}

/// Applies, so that the data source is in the state, and gives what it read.
#[track_caller]
pub fn read(world: &World, kind: &str) -> Value {
    world.applied();
    world.terraform.state(&address(kind))
}

/// The calls of one plan.
pub fn calls_of_a_plan(world: &World) -> BTreeMap<String, usize> {
    world.aws.record().clear();
    world.terraform.plan().assert_empty();
    world.aws.record().counts()
}

/// What a plan that must fail says.
#[track_caller]
pub fn told(world: &World) -> String {
    let all = world.terraform.plan_fails();
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// These attributes have these values.
#[track_caller]
pub fn assert_has<const N: usize>(state: &Value, expected: [(&str, Value); N]) {
    for (name, value) in expected {
        assert_eq!(state[name], value, "{name}");
    }
}
