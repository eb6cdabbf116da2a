//! Resource policies as text.

use serde_json::Value as Json;

use crate::value::Value;

/// The policy without statements, which stands for none.
pub(super) const NONE: &str = "{}";

/// True for a policy without statements.
pub(super) fn is_none(policy: &str) -> bool {
    serde_json::from_str::<Json>(policy)
        .is_ok_and(|policy| policy.as_object().is_some_and(serde_json::Map::is_empty))
}

/// True for policies that differ in layout, in the order of lists, or in a list of one element for that element.
pub(super) fn same(a: &Value, b: &Value) -> bool {
    match (a.as_str(), b.as_str()) {
        (Some(a), Some(b)) => same_text(a, b),
        _ => false,
    }
}

/// The same of texts.
pub(super) fn same_text(a: &str, b: &str) -> bool {
    let canonical = |text: &str| serde_json::from_str(text).ok().map(canonical);
    a == b || canonical(a).is_some_and(|a| canonical(b) == Some(a))
}

/// IAM policy grammar: a list of one element may be written without brackets, and the order of a list has no meaning.
fn canonical(policy: Json) -> Json {
    match policy {
        Json::Array(mut items) if items.len() == 1 => items.pop().map_or(Json::Null, canonical),
        Json::Array(items) => {
            let mut items: Vec<Json> = items.into_iter().map(canonical).collect();
            items.sort_by_key(Json::to_string);
            Json::Array(items)
        }
        Json::Object(entries) => {
            Json::Object(entries.into_iter().map(|(key, value)| (key, canonical(value))).collect())
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_are_equal_in_any_layout() {
        let one = r#"{"Statement":[{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Principal":{"AWS":["a","b"]}}]}"#;
        let same = [
            r#"{ "Statement": {"Principal": {"AWS": ["b", "a"]}, "Action": ["secretsmanager:GetSecretValue"], "Effect": "Allow"} }"#,
            one,
        ];
        for other in same {
            assert!(same_text(one, other), "{other}");
        }
        assert!(!same_text(one, &one.replace("Allow", "Deny")) && !same_text(one, NONE));
        assert!(is_none(" { } ") && !is_none(one) && !is_none(""));
    }
}
