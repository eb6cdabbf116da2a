//! Serverless caches and their snapshots, through their whole life: the real Terraform and the built provider
//! against the simulated AWS, which has states, rules and faults.

mod cache;
mod changes;
mod data;
mod dependents;
mod example;
mod faults;
mod moved;
mod neighbours;
pub mod parts;
mod replacement;
mod restored;
