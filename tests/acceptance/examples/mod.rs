//! Examples that teams start from: projects, pipelines and mocks.

mod comments;
mod demo;
mod environments;
mod mocks;
mod pipelines;
mod projects;
mod recipes;

use std::path::{Path, PathBuf};

use crate::support::terraform::Run;

/// The folder of the examples.
fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")
}

/// How many runs of `terraform test` passed; none may have failed.
#[track_caller]
fn passed(run: &Run) -> usize {
    let line = run.stdout.lines().find_map(|line| line.strip_prefix("Success! "));
    let count = line.and_then(|line| line.strip_suffix(" passed, 0 failed."));
    count.unwrap_or_else(|| panic!("{run}")).parse().unwrap()
}
