//! Names that are given, and names that are made unique behind a prefix.

use crate::diag::Diagnostics;
use crate::engine::Context;
use crate::value::{Field, Path};

/// How many characters [`Context::unique_suffix`] has.
pub(super) const SUFFIX: usize = 26;

/// An error when neither `name` nor `name_prefix` is given. `what` begins the
/// sentence, as in `A parameter group`.
pub(super) fn required(what: &str, name: &Field<String>, prefix: &Field<String>, diags: &mut Diagnostics) {
    if name.is_null() && prefix.text().is_none() && !prefix.is_unknown() {
        diags.error_at(
            Path::attribute("name"),
            "Missing name",
            format!("{what} needs name, or name_prefix for a name that is made unique."),
        );
    }
}

/// The planned name; made now where it is left to the prefix.
pub(super) fn chosen(cx: &Context<'_>, name: &Field<String>, prefix: &Field<String>) -> String {
    match name.text() {
        Some(name) => name.to_owned(),
        None => format!("{}{}", prefix.text().unwrap_or_default(), cx.unique_suffix()),
    }
}

/// Whether an object of this name fits the configured prefix. A prefix that is not
/// known yet may turn out another one, and core takes no replacement that the plan did
/// not announce.
pub(super) fn keeps(name: &str, prefix: &Field<String>) -> bool {
    match prefix {
        Field::Known(prefix) => name.starts_with(prefix.as_str()),
        Field::Null => true,
        Field::Unknown => false,
    }
}

/// The part of a name that [`Context::unique_suffix`] was put behind, if it was.
pub(super) fn prefix_of(name: &str) -> Option<&str> {
    let (prefix, suffix) = name.split_at_checked(name.len().checked_sub(SUFFIX)?)?;
    let (time, counter) = suffix.split_at_checked(18)?;
    let made = time.bytes().all(|b| b.is_ascii_digit()) && counter.bytes().all(|b| b.is_ascii_hexdigit());
    (made && !prefix.is_empty()).then_some(prefix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_what_a_made_suffix_stands_behind() {
        assert_eq!(prefix_of("cache-2025112109305312340000002a"), Some("cache-"));
        for name in ["cache", "2025112109305312340000002a", "cache-202511210930531234000000zz"] {
            assert_eq!(prefix_of(name), None, "{name}");
        }
    }

    #[test]
    fn an_unknown_prefix_may_not_be_the_one() {
        assert!(keeps("cache-1", &Field::from("cache-")) && keeps("cache-1", &Field::Null));
        assert!(!keeps("cache-1", &Field::from("redis-")) && !keeps("cache-1", &Field::Unknown));
    }
}
