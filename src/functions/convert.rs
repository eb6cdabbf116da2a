//! Terraform's conversions between types, for an argument that accepts any type.

use crate::value::{Number, Type, Value};

/// The value as a `ty`, by Terraform's rules: numbers and booleans convert to text and back, an object to a map. `None` if
/// it cannot be converted.
pub(super) fn convert(value: &Value, ty: &Type) -> Option<Value> {
    match (value, ty) {
        (Value::Typed(_, inner), ty) => convert(inner, ty),
        (Value::Null, _)
        | (Value::Bool(_), Type::Bool)
        | (Value::Number(_), Type::Number)
        | (Value::String(_), Type::String) => Some(value.clone()),
        (Value::Bool(flag), Type::String) => Some(Value::string(flag.to_string())),
        (Value::Number(number), Type::String) => Some(Value::string(number.to_string())),
        (Value::String(text), Type::Bool) => match text.as_str() {
            "true" | "1" => Some(Value::Bool(true)),
            "false" | "0" => Some(Value::Bool(false)),
            _ => None,
        },
        (Value::String(text), Type::Number) => text.parse::<Number>().ok().map(Value::Number),
        (Value::Map(entries), Type::Map(element)) => {
            let convert_entry =
                |(key, value): (&String, &Value)| Some((key.clone(), convert(value, element)?));
            entries.iter().map(convert_entry).collect::<Option<_>>().map(Value::Map)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_converted_by_the_rules_of_terraform() {
        let number = Value::from(7);
        let typed = Value::Typed(Box::new(Type::Number), Box::new(number.clone()));
        for (value, ty, expected) in [
            (Value::Null, Type::Bool, Some(Value::Null)),
            (number.clone(), Type::String, Some(Value::from("7"))),
            (typed, Type::Number, Some(number.clone())),
            (Value::from("7"), Type::Number, Some(number.clone())),
            (Value::from("seven"), Type::Number, None),
            (Value::from(true), Type::String, Some(Value::from("true"))),
            (Value::from("false"), Type::Bool, Some(Value::from(false))),
            (Value::from("yes"), Type::Bool, None),
            (number.clone(), Type::Bool, None),
            (Value::List(Vec::new()), Type::map(Type::String), None),
            (
                Value::map([("a", number), ("b", Value::Null)]),
                Type::map(Type::String),
                Some(Value::map([("a", Value::from("7")), ("b", Value::Null)])),
            ),
        ] {
            assert_eq!(convert(&value, &ty), expected, "{value:?} as {ty}");
        }
    }
}
