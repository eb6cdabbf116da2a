//! The functions of the provider.

mod auth_token_problems;
mod convert;
mod parse_redis_url;
mod redis_url;

use crate::engine::Function;

/// Every function of the provider, by name. Server, docs and tests use this list.
pub static FUNCTIONS: &[&dyn Function] =
    &[&auth_token_problems::AuthTokenProblems, &parse_redis_url::ParseRedisUrl, &redis_url::RedisUrl];

#[cfg(test)]
mod tests;
