//! Users through their whole life: the real Terraform and
//! the built provider against the simulated AWS, which has states, pending changes and
//! faults. `CASES.md` beside this file says which test shows what.
//!
//! Cases are those of hashicorp/aws's own acceptance tests, its users' issues (a test
//! is named for the issue it comes from), and AWS's documents.

mod engine;
mod lifecycle;
mod login;
pub mod parts;
