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
        "What ElastiCache would not take about an AUTH token"
    }

    fn description(&self) -> &'static str {
        "What ElastiCache would not take about an AUTH token: a list of sentences, empty for a token that it takes. It takes \
         16 to 128 letters, digits and the characters `!&#$^<>-`. The sentences never quote the token, so `nonsensitive` may \
         be used on the list that a sensitive token gives."
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
