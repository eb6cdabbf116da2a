//! `elasticache_connection_check`: whether a cache can be reached from here.

mod attributes;
mod data_source;

#[cfg(test)]
mod tests;

pub use data_source::ConnectionCheck;
