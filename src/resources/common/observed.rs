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
