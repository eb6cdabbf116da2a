//! The policies of `examples/policies` on plans of the real Terraform: each rule in Rego, for checkov and in Python.
//!
//! conftest (or OPA) and checkov run where they are installed; a test says which of them it skips.

mod cases;
mod documents;
mod plans;
pub mod tools;
