//! `elasticache_reboot_nodes`: reboots nodes of a replication group, so that changed parameters take effect.

mod action;
mod attributes;
mod nodes;
#[cfg(test)]
mod tests;

pub use action::RebootNodes;
