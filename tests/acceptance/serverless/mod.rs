//! Serverless caches and their snapshots, through their whole life: the real Terraform and the built provider
//! against the simulated AWS, which has states, rules and faults.

/// A test for each of these faults, which is what this function of the module does with it.
macro_rules! each_fault {
    ($survives:ident: $($test:ident => $fault:expr,)+) => {
        $(#[test] fn $test() { $survives(&$fault); })+
    };
}

mod cache;
mod changes;
mod data;
mod example;
mod faults;
mod moved;
mod neighbours;
mod parts;
mod replacement;
mod restored;
mod snapshot;
