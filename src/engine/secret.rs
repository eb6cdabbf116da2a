//! Secrets as attributes of models, so that a model can be logged and shown without them.

use crate::aws::Secret;
use crate::value::{ConvertError, Field, FromValue, IntoValue, Path, Value};

impl FromValue for Secret {
    fn from_value(value: &Value, path: &Path) -> Result<Self, ConvertError> {
        String::from_value(value, path).map(Secret::new)
    }
}

impl IntoValue for Secret {
    fn into_value(self) -> Value {
        Value::string(self.expose())
    }
}

impl Field<Secret> {
    /// The secret when known and not empty; see [`Field::text`].
    pub fn secret(&self) -> Option<&Secret> {
        self.known().filter(|secret| !secret.expose().is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_a_string_that_a_model_does_not_show() {
        let field: Field<Secret> = Field::from_value(&Value::from("hunter2"), &Path::root()).unwrap();
        assert_eq!(format!("{field:?}"), "Known(Secret(redacted))");
        assert_eq!(field.into_value(), Value::from("hunter2"));
        let error = Secret::from_value(&Value::from(1), &Path::attribute("auth_token")).unwrap_err();
        assert_eq!(error.to_string(), "auth_token: a string is required");
    }
}
