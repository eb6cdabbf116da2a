//! `auth_token_problems(token)`

use crate::engine::{Function, FunctionError, Parameter};
use crate::resources::common::connection::auth_token;
use crate::value::{Type, Value};

/// The function.
pub(super) struct AuthTokenProblems;

impl Function for AuthTokenProblems {
    fn name(&self) -> &'static str {
        "auth_token_problems"
    }

    fn summary(&self) -> &'static str {
        "The rules of ElastiCache that an AUTH token violates"
    }

    fn description(&self) -> &'static str {
        "The rules of ElastiCache that an AUTH token violates: a list of sentences, empty for a valid token. A token has 16 \
         to 128 letters, digits and the characters `!&#$^<>-`. The sentences never quote the token, so `nonsensitive` is safe \
         for the list of a sensitive token."
    }

    fn parameters(&self) -> Vec<Parameter> {
        vec![Parameter::new("token", Type::String, "The token.")]
    }

    fn returns(&self) -> Type {
        Type::list(Type::String)
    }

    fn call(&self, arguments: &[Value]) -> Result<Value, FunctionError> {
        let token = arguments.first().and_then(Value::as_str).unwrap_or_default();
        let sentence = |problem| Value::string(format!("The token {problem}."));
        Ok(Value::List(auth_token::auth_token_problems(token).into_iter().map(sentence).collect()))
    }
}
