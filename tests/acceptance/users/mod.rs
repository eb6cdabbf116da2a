//! Users, user groups and associations through their whole life: the real Terraform and
//! the built provider against the simulated AWS, which has states, pending changes and
//! faults. `CASES.md` beside this file says which test shows what.
//!
//! Cases are those of hashicorp/aws's own acceptance tests, its users' issues (a test
//! is named for the issue it comes from), and AWS's documents.

mod association;
mod default_user;
mod engine;
mod group;
mod issues;
mod login;
pub mod parts;
mod user;
