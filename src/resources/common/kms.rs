//! KMS keys, by ID, ARN, or alias.

use crate::engine::{Context, PlanContext};
use crate::value::{Field, FromValue, Value};

const ATTRIBUTE: &str = "kms_key_id";
/// The note of the key that AWS returned where the state has an alias.
const NOTE: &str = "key";

/// Notes the key in use for the next plan, if the state has an alias. Called by each create and each read; the key of an
/// existing object does not change.
pub(crate) fn note(cx: &Context<'_>, state: &Field<String>, observed: Option<&str>) {
    let observed = observed.filter(|_| state.text().is_some_and(is_alias));
    cx.note(NOTE, observed.map(str::to_owned).into_iter().collect());
}

/// Plans a new object for a key that is not the one in use. The state may have an alias, which tells nothing of keys.
pub(crate) fn plan<M: FromValue>(cx: &mut PlanContext<'_, M>, configured: &Field<String>) {
    let prior = cx.values(ATTRIBUTE).0.as_str().is_some_and(is_alias);
    let Some(configured) = configured.text().filter(|key| prior && !is_alias(key) && !key.is_empty()) else {
        return;
    };
    if cx.note(NOTE).iter().any(|key| !same_key_text(key, configured)) {
        cx.set_configured(ATTRIBUTE);
        cx.replace(ATTRIBUTE);
    }
}

/// True for a key ID and the ARN of that key, and for the name of an alias and its ARN. AWS returns the ARN of the key
/// for an alias, and only KMS knows which key that is: an alias is therefore equal to any key.
pub(crate) fn same_key(a: &Value, b: &Value) -> bool {
    let (Some(a), Some(b)) = (a.as_str(), b.as_str()) else { return false };
    same_key_text(a, b)
}

/// See [`same_key`].
pub(crate) fn same_key_text(a: &str, b: &str) -> bool {
    let is_end = |arn: &str, id: &str| {
        arn.strip_suffix(id)
            .is_some_and(|head| head.ends_with(":key/") || (head.ends_with(':') && is_alias(id)))
    };
    a == b || is_alias(a) != is_alias(b) || is_end(a, b) || is_end(b, a)
}

/// True for `alias/name` and the ARN of an alias.
pub(crate) fn is_alias(key: &str) -> bool {
    key.starts_with("alias/") || key.contains(":alias/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_id_equals_its_arn() {
        let arn = Value::from("arn:aws:kms:eu-west-1:123456789012:key/1234abcd");
        assert!(same_key(&arn, &Value::from("1234abcd")) && same_key(&Value::from("1234abcd"), &arn));
        assert!(!same_key(&arn, &Value::from("abcd")));
    }

    #[test]
    fn alias_equals_any_key_but_no_other_alias() {
        let same = |a: &str, b: &str| {
            same_key(&Value::from(a), &Value::from(b)) && same_key(&Value::from(b), &Value::from(a))
        };
        let arn = "arn:aws:kms:eu-west-1:123456789012:alias/demo";
        for key in ["1234abcd", "arn:aws:kms:eu-west-1:123456789012:key/1234abcd"] {
            assert!(same("alias/demo", key) && same(arn, key));
        }
        assert!(same("alias/demo", arn));
        assert!(!same("alias/other", arn) && !same("alias/demo", "alias/other") && !same("alias/emo", arn));
    }
}
