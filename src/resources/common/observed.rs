//! Values of attributes as AWS returns them.

use crate::value::Field;

/// The observed value; if AWS returns none, the previous one.
pub(in crate::resources) fn or<T: Clone>(observed: Option<T>, before: &Field<T>) -> Field<T> {
    match (observed, before) {
        (Some(observed), _) => Field::Known(observed),
        (None, Field::Known(before)) => Field::Known(before.clone()),
        (None, Field::Null | Field::Unknown) => Field::Null,
    }
}

/// As [`or`], for a text.
pub(in crate::resources) fn or_text(observed: Option<&str>, before: &Field<String>) -> Field<String> {
    or(observed.map(str::to_owned), before)
}

/// True if the ARN in a response is that of the state, or if the state has none, as in an import. That AWS does not know
/// another ARN says nothing of the object.
pub(in crate::resources) fn has_arn(own: &Field<String>, found: Option<&str>) -> bool {
    own.text().is_none_or(|own| Some(own) == found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_is_compared_with_that_of_the_state() {
        let own = Field::Known("arn:a".to_owned());
        assert!(has_arn(&own, Some("arn:a")));
        assert!(!has_arn(&own, Some("arn:b")));
        assert!(!has_arn(&own, None));
        assert!(has_arn(&Field::Null, Some("arn:b")));
    }
}
