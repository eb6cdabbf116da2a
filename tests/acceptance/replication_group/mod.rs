//! Replication groups through their whole life: the real
//! Terraform and the built provider against the simulated AWS, which has states,
//! pending changes and faults.
//!
//! Cases are those of hashicorp/aws's own acceptance tests, its users' issues (a test
//! is named for the issue it comes from), and AWS's documents. `CASES.md` beside this file
//! says which test stands for which of those acceptance tests.

mod cluster_mode;
mod create;
mod credentials;
mod deferred;
mod deferred_engine;
mod faults;
mod global;
mod ignored;
mod issues;
mod layout;
mod log_delivery;
mod log_destinations;
mod model;
mod protection;
mod reboot;
mod scaling;
mod stopped;
mod tls;
mod token_reference;
mod updates;
mod validation;
mod versions;
