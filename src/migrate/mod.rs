//! The command `migrate`: rewrites configurations that manage caches with hashicorp/aws for this
//! provider. It changes files below one folder, and never a state.

mod command;
mod diff;
mod offered;
mod rewrite;
mod write;

pub use command::{NAME, SUMMARY, run};
