//! Type constraints and their JSON form.

use std::collections::BTreeMap;

/// The type of a value, as Terraform's type system has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Type {
    /// `bool`
    Bool,
    /// `number`
    Number,
    /// `string`
    String,
    /// `list(T)`
    List(Box<Type>),
    /// `set(T)`
    Set(Box<Type>),
    /// `map(T)`
    Map(Box<Type>),
    /// `object({…})`
    Object(BTreeMap<String, Type>),
    /// `tuple([…])`
    Tuple(Vec<Type>),
    /// Any type; the value says which.
    Dynamic,
}

impl Type {
    /// `list(element)`
    pub fn list(element: Type) -> Self {
        Type::List(Box::new(element))
    }

    /// `set(element)`
    pub fn set(element: Type) -> Self {
        Type::Set(Box::new(element))
    }

    /// `map(element)`
    pub fn map(element: Type) -> Self {
        Type::Map(Box::new(element))
    }

    /// `object({…})`
    pub fn object<K: Into<String>>(attributes: impl IntoIterator<Item = (K, Type)>) -> Self {
        Type::Object(attributes.into_iter().map(|(name, ty)| (name.into(), ty)).collect())
    }

    /// The compact JSON form of the protocol, object keys sorted.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::json;
        match self {
            Type::Bool => json!("bool"),
            Type::Number => json!("number"),
            Type::String => json!("string"),
            Type::Dynamic => json!("dynamic"),
            Type::List(element) => json!(["list", element.to_json()]),
            Type::Set(element) => json!(["set", element.to_json()]),
            Type::Map(element) => json!(["map", element.to_json()]),
            Type::Object(attributes) => {
                let attributes: serde_json::Map<_, _> =
                    attributes.iter().map(|(name, ty)| (name.clone(), ty.to_json())).collect();
                json!(["object", attributes])
            }
            Type::Tuple(elements) => {
                json!(["tuple", elements.iter().map(Type::to_json).collect::<Vec<_>>()])
            }
        }
    }

    /// Reads the JSON form. `None` for anything that is not one, or that nests
    /// deeper than 64 levels.
    pub fn from_json(json: &serde_json::Value) -> Option<Self> {
        Self::read(json, 64)
    }

    fn read(json: &serde_json::Value, depth: u8) -> Option<Self> {
        let depth = depth.checked_sub(1)?;
        if let Some(name) = json.as_str() {
            return match name {
                "bool" => Some(Type::Bool),
                "number" => Some(Type::Number),
                "string" => Some(Type::String),
                "dynamic" => Some(Type::Dynamic),
                _ => None,
            };
        }
        let parts = json.as_array()?;
        // An object may carry a third part, the names of its optional
        // attributes; it matters to configuration only.
        let (kind, of) = match parts.as_slice() {
            [kind, of] => (kind.as_str()?, of),
            [kind, of, _] if kind == "object" => ("object", of),
            _ => return None,
        };
        match kind {
            "list" => Some(Type::list(Self::read(of, depth)?)),
            "set" => Some(Type::set(Self::read(of, depth)?)),
            "map" => Some(Type::map(Self::read(of, depth)?)),
            "tuple" => {
                of.as_array()?.iter().map(|ty| Self::read(ty, depth)).collect::<Option<_>>().map(Type::Tuple)
            }
            "object" => of
                .as_object()?
                .iter()
                .map(|(name, ty)| Some((name.clone(), Self::read(ty, depth)?)))
                .collect::<Option<_>>()
                .map(Type::Object),
            _ => None,
        }
    }
}

impl std::fmt::Display for Type {
    /// The form used in HCL: `list(string)`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Type::Bool => f.write_str("bool"),
            Type::Number => f.write_str("number"),
            Type::String => f.write_str("string"),
            Type::Dynamic => f.write_str("any"),
            Type::List(element) => write!(f, "list({element})"),
            Type::Set(element) => write!(f, "set({element})"),
            Type::Map(element) => write!(f, "map({element})"),
            Type::Object(_) => f.write_str("object"),
            Type::Tuple(_) => f.write_str("tuple"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_form_is_compact_with_sorted_keys() {
        let ty = Type::object([
            ("b", Type::set(Type::String)),
            ("a", Type::Tuple(vec![Type::Bool, Type::Number])),
        ]);
        let text = r#"["object",{"a":["tuple",["bool","number"]],"b":["set","string"]}]"#;
        assert_eq!(ty.to_json().to_string(), text);
        assert_eq!(Type::from_json(&serde_json::from_str(text).unwrap()), Some(ty));
    }

    #[test]
    fn rejects_what_is_no_type() {
        for text in [r#""int""#, "1", "null", r#"["list"]"#, r#"["list","string","x"]"#, r#"["tuple",{}]"#] {
            assert_eq!(Type::from_json(&serde_json::from_str(text).unwrap()), None, "{text}");
        }
    }

    #[test]
    fn rejects_nesting_without_end() {
        let text = format!("{}\"string\"{}", "[\"list\",".repeat(100), "]".repeat(100));
        assert_eq!(Type::from_json(&serde_json::from_str(&text).unwrap()), None);
    }
}
