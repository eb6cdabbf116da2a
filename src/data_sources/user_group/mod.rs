//! `elasticache_user_group`, the data source: an existing user group.

mod attributes;
mod convert;
mod data_source;

pub use data_source::UserGroupData;
