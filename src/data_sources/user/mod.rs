//! `elasticache_user`, the data source: an existing user.

mod attributes;
mod convert;
mod data_source;

pub use data_source::UserData;
