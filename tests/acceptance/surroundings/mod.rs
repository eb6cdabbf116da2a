//! What a cache needs around it, through its whole life: log groups, security groups and snapshots.
//! The real Terraform and the built provider against the simulated AWS, which has states, rules,
//! interfaces and faults.

/// A test for each of these faults, which is what this function of the module does with it.
macro_rules! each_fault {
    ($survives:ident: $($(#[doc = $why:expr])? $test:ident => $fault:expr,)+) => {
        $($(#[doc = $why])? #[test] fn $test() { $survives(&$fault); })+
    };
}

mod log_delivery;
mod log_group;
mod parts;
mod security_group;
mod snapshot;
mod snapshot_data;
