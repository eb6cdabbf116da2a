//! The description of an attribute as people read it, in reference pages and in editors.

use std::borrow::Cow;

use super::Attribute;
use crate::value::Value;

impl Attribute {
    /// The description, followed by the default if there is one. An empty default is what an omitted argument is anyway;
    /// the description says what that means.
    pub fn documentation(&self) -> Cow<'static, str> {
        let default = self.default.as_ref().filter(|default| !default.is_empty());
        match default.and_then(literal) {
            Some(text) => Cow::Owned(format!("{} Defaults to `{text}`.", self.description)),
            None => self.description.clone(),
        }
    }
}

/// A default as the pages write it: text without its quotes. `None` for a value that has no short form.
fn literal(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Set(items) | Value::List(items) => {
            let items: Option<Vec<String>> = items.iter().map(literal).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Type;

    fn documentation(ty: Type, default: impl Into<Value>) -> String {
        Attribute::optional("size", ty, "Size of it.").default(default).documentation().into_owned()
    }

    #[test]
    fn documentation_ends_with_the_default() {
        assert_eq!(documentation(Type::Bool, false), "Size of it. Defaults to `false`.");
        assert_eq!(documentation(Type::Number, 300_i64), "Size of it. Defaults to `300`.");
        assert_eq!(documentation(Type::String, "alias/aws/ssm"), "Size of it. Defaults to `alias/aws/ssm`.");
        let ports = Value::set([Value::from(6379_i64)]);
        assert_eq!(documentation(Type::set(Type::Number), ports), "Size of it. Defaults to `[6379]`.");
    }

    #[test]
    fn documentation_does_not_name_an_empty_default() {
        assert_eq!(documentation(Type::String, ""), "Size of it.");
        assert_eq!(documentation(Type::list(Type::String), Value::List(Vec::new())), "Size of it.");
        assert_eq!(documentation(Type::String, Value::Null), "Size of it.");
    }
}
