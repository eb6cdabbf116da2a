//! Rules for single values.

use crate::resources::common::connection::auth_token;
use crate::value::Value;

/// AWS's rules for AUTH tokens; see [`auth_token::auth_token_problems`].
pub(super) fn token(value: &Value) -> Result<(), String> {
    let problems = auth_token::auth_token_problems(value.as_str().unwrap_or_default());
    problems.into_iter().next().map_or(Ok(()), Err)
}
