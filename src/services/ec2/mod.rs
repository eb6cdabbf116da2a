//! Calls to EC2.

pub(crate) mod network_interface;
pub(crate) mod security_group;
