//! The simulated ElastiCache, called without a server.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod simulator;

use simulator::elasticache::{Config, Control, ElastiCache, Hosts, Quotas};
use simulator::seam;

// Here and not below the simulator, which is a part of many tests: these run once.
#[path = "simulator/elasticache/tests/mod.rs"]
mod tests;
