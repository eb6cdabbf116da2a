//! `elasticache_ssm_url`: the connection URL of a cache in an SSM parameter, kept current.

mod convert;
mod model;
mod observed;
mod recover;
mod resource;
mod schema;

pub use resource::SsmUrl;

#[cfg(test)]
mod plan_tests;
#[cfg(test)]
mod tests;
