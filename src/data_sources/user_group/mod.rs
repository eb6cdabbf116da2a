//! `elasticache_user_group`, the data source: a user group that is there.

mod data_source;
mod model;
mod schema;

pub use data_source::UserGroupData;
