//! `elasticache_create_snapshot`: takes a snapshot of a replication group or of one node.

mod action;
mod attributes;
#[cfg(test)]
mod tests;

pub use action::CreateSnapshot;
