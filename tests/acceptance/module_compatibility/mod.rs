//! What public modules send, in the shapes they send it: fixtures written here after
//! a survey of modules in the field, applied by the real Terraform to the simulated AWS.
//!
//! Each is applied, planned again, refreshed and destroyed, and nothing may differ in
//! between.

mod fixtures;
mod host_versions;
mod hosts;
mod independent_client;
pub mod moved;
mod survey;

use std::path::{Path, PathBuf};

use crate::fixture::Fixture;

/// The folder of the fixtures.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/acceptance/module_compatibility/fixtures")
}

/// A fixture, not yet applied.
fn fixture(name: &str) -> Fixture {
    let fixture = Fixture::new("");
    fixture.terraform.copy(&folder().join(name), "");
    fixture.terraform.run(&["get"]).succeeds();
    fixture
}

/// Log groups that the fixtures deliver to. They are not theirs to make, and a group that delivers
/// to one that is not there is warned of at each plan.
const LOG_GROUPS: [&str; 5] =
    ["full-slow", "full-engine", "generated-slow", "other", "/aws/elasticache/shards/slow-log"];

/// A fixture that was applied, after which a plan and a refresh find nothing to do.
///
/// What AWS does not return, an import cannot find; empty strings and collections make no
/// difference to it.
fn applied(name: &str) -> Fixture {
    let fixture = fixture(name);
    fixture.log_groups(&LOG_GROUPS);
    fixture.terraform.apply();
    fixture.terraform.assert_settled();
    fixture
}
