//! An update of a replication group: a list of steps, run one after another.

pub(super) mod cluster_mode;
pub(super) mod credentials;
pub(super) mod modification;
pub(super) mod pending;
pub(super) mod run;
pub(super) mod steps;
