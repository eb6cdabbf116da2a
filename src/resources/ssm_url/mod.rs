//! `elasticache_ssm_url`: the connection URL of a cache in an SSM parameter, kept current.

mod attributes;
mod convert;
mod observed;
mod plan;
mod recover;
mod resource;
mod rules;
mod validate;

pub use resource::SsmUrl;

#[cfg(test)]
mod tests;
