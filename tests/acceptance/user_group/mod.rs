//! User groups through their whole life: the real Terraform and the built provider against the simulated AWS.

mod default_user;
mod issues;
mod lifecycle;
