//! `elasticache_user`, the data source: a user that is there.

mod data_source;
mod model;
mod schema;

pub use data_source::UserData;
