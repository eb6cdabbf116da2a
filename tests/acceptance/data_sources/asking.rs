//! Pieces of configurations, and what the cases share.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::fixture::Fixture;

/// Where [`data`] stands.
pub fn address(kind: &str) -> String {
    format!("data.elasticache_{kind}.this")
}

/// A data source `this` of that kind with these arguments.
pub fn data(kind: &str, arguments: &str) -> String {
    format!(
        r#"data "elasticache_{kind}" "this" {{
  {arguments}
}}
"#
    )
}

/// Applies, so that the data source is in the state, and gives what it read.
#[track_caller]
pub fn read(fixture: &Fixture, kind: &str) -> Value {
    fixture.apply_and_verify();
    fixture.terraform.state(&address(kind))
}

/// The calls of one plan.
pub fn calls_of_a_plan(fixture: &Fixture) -> BTreeMap<String, usize> {
    fixture.aws.record().clear();
    fixture.terraform.plan().assert_empty();
    fixture.aws.record().counts()
}

/// These attributes have these values.
#[track_caller]
pub fn assert_has<const N: usize>(state: &Value, expected: [(&str, Value); N]) {
    for (name, value) in expected {
        assert_eq!(state[name], value, "{name}");
    }
}
