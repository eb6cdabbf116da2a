//! Global datastores and their members in two Regions, through their whole life: the real Terraform and the built
//! provider against the simulated AWS.

/// A test for each of these faults, which is what this function of the module does with it.
macro_rules! each_fault {
    ($survives:ident: $($test:ident => $fault:expr,)+) => {
        $(#[test] fn $test() { $survives(&$fault); })+
    };
}

mod changes;
mod create;
mod data;
mod delete;
mod drift;
mod example;
mod failover;
mod faults;
mod members;
mod moved;
mod parts;
mod refusals;
