//! `list "elasticache_ssm_url"`: the SSM parameters below a path.

mod attributes;
mod list_resource;

#[cfg(test)]
mod tests;

pub use list_resource::SsmUrlList;
