//! What data sources read, against what the simulated AWS holds: the real Terraform and
//! the built provider.

mod asking;
mod groups;
mod neighbours;
mod replication_group;
mod snapshots;
mod users;
