//! Secrets as attributes of models.
//!
//! A model prints with `Debug` in tests and logs, so what must not be seen is a
//! [`Secret`] there. In a [`Value`] it is plain text: values are never logged.

use crate::secret::Secret;
use crate::value::{ConvertError, Field, FromValue, IntoValue, Path, Value};

impl FromValue for Secret {
    fn from_value(value: &Value, path: &Path) -> Result<Self, ConvertError> {
        String::from_value(value, path).map(Secret::from)
    }
}

impl IntoValue for Secret {
    fn into_value(self) -> Value {
        Value::string(self.expose())
    }
}

impl Field<Secret> {
    /// The secret when known and not empty.
    pub fn given(&self) -> Option<&Secret> {
        self.known().filter(|secret| !secret.expose().is_empty())
    }
}
