//! Documents of the JSON protocols: reading members with AWS's checks, and refusals.

use super::protocol::ServiceError;
use serde_json::{Value, json};

/// A document or a structure in it, and the code with which its service refuses bad members.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    value: &'a Value,
    invalid: &'static str,
}

impl<'a> Input<'a> {
    /// The members of this value.
    pub fn new(value: &'a Value, invalid: &'static str) -> Self {
        Self { value, invalid }
    }

    /// One member; null is the same as none.
    pub fn get(&self, name: &str) -> Option<&'a Value> {
        self.value.get(name).filter(|value| !value.is_null())
    }

    fn typed<T>(
        &self,
        name: &str,
        read: impl Fn(&'a Value) -> Option<T>,
        kind: &str,
    ) -> Result<Option<T>, ServiceError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let wrong = || ServiceError::new("SerializationException", format!("{name} is not of type {kind}"));
        read(value).map(Some).ok_or_else(wrong)
    }

    /// A text.
    pub fn text(&self, name: &str) -> Result<Option<&'a str>, ServiceError> {
        self.typed(name, Value::as_str, "string")
    }

    /// An integer.
    pub fn integer(&self, name: &str) -> Result<Option<i64>, ServiceError> {
        self.typed(name, Value::as_i64, "integer")
    }

    /// A number.
    pub fn number(&self, name: &str) -> Result<Option<f64>, ServiceError> {
        self.typed(name, Value::as_f64, "double")
    }

    /// Yes or no.
    pub fn flag(&self, name: &str) -> Result<Option<bool>, ServiceError> {
        self.typed(name, Value::as_bool, "boolean")
    }

    /// The values of a list; empty when it is not there.
    pub fn items(&self, name: &str) -> Result<&'a [Value], ServiceError> {
        Ok(self.typed(name, Value::as_array, "list")?.map_or(&[], Vec::as_slice))
    }

    /// The structures of a list.
    pub fn structures(&self, name: &str) -> Result<Vec<Input<'a>>, ServiceError> {
        Ok(self.items(name)?.iter().map(|value| Self { value, ..*self }).collect())
    }

    /// The texts of a list.
    pub fn texts(&self, name: &str) -> Result<Vec<&'a str>, ServiceError> {
        let read = |value: &'a Value| {
            let wrong =
                || ServiceError::new("SerializationException", format!("{name} is not a list of strings"));
            value.as_str().ok_or_else(wrong)
        };
        self.items(name)?.iter().map(read).collect()
    }

    /// A member that must be there.
    pub fn need<T>(&self, name: &str, found: Option<T>) -> Result<T, ServiceError> {
        found.ok_or_else(|| {
            let message = format!(
                "1 validation error detected: Value null at '{}' failed to satisfy constraint: Member must not be null",
                wire_path(name)
            );
            ServiceError::new(self.invalid, message)
        })
    }

    /// A text that must be there.
    pub fn required(&self, name: &str) -> Result<&'a str, ServiceError> {
        let found = self.text(name)?;
        self.need(name, found)
    }

    /// A constraint of the API model on a member that is not kept.
    pub fn broken(&self, name: &str, value: impl std::fmt::Display, constraint: &str) -> ServiceError {
        let path = wire_path(name);
        let message = format!(
            "1 validation error detected: Value '{value}' at '{path}' failed to satisfy constraint: Member must {constraint}"
        );
        ServiceError::new(self.invalid, message)
    }

    /// A text of bounded length, counted in characters.
    pub fn bounded(&self, name: &str, min: usize, max: usize) -> Result<Option<&'a str>, ServiceError> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let length = text.chars().count();
        match length {
            _ if length < min => {
                Err(self.broken(name, text, &format!("have length greater than or equal to {min}")))
            }
            _ if length > max => {
                Err(self.broken(name, text, &format!("have length less than or equal to {max}")))
            }
            _ => Ok(Some(text)),
        }
    }

    /// An integer within bounds.
    pub fn within(&self, name: &str, min: i64, max: i64) -> Result<Option<i64>, ServiceError> {
        match self.integer(name)? {
            Some(n) if n < min => {
                Err(self.broken(name, n, &format!("have value greater than or equal to {min}")))
            }
            Some(n) if n > max => {
                Err(self.broken(name, n, &format!("have value less than or equal to {max}")))
            }
            found => Ok(found),
        }
    }

    /// A list of so many members at most.
    pub fn at_most(&self, name: &str, max: usize) -> Result<(), ServiceError> {
        if self.items(name)?.len() > max {
            let observed = Value::Array(self.items(name)?.to_vec());
            return Err(self.broken(name, observed, &format!("have length less than or equal to {max}")));
        }
        Ok(())
    }

    /// One of the values of an enumeration.
    pub fn one_of(&self, name: &str, values: &[&str]) -> Result<Option<&'a str>, ServiceError> {
        match self.text(name)? {
            Some(text) if !values.contains(&text) => {
                let set = format!("satisfy enum value set: [{}]", values.join(", "));
                Err(self.broken(name, text, &set))
            }
            found => Ok(found),
        }
    }
}

/// Names in messages begin with a small letter.
fn wire_path(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// A refusal. Secrets Manager and Logs spell the message differently: AWS's services are not
/// agreed on it, and clients read both.
pub(super) fn refusal(service: &str, fault: &ServiceError) -> Value {
    let message = if service == "secretsmanager" { "Message" } else { "message" };
    json!({ "__type": fault.code, message: fault.message })
}
