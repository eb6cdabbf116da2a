//! Leaving a global datastore.

pub(crate) use super::global_replication_group::{disassociate, wait_disassociated};
