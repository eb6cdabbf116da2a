//! Text of display names and filters.

/// A number and what it counts: `1 node`, `3 nodes`.
pub(super) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// The name, and what else is known of it in parentheses; what is empty is omitted.
pub(super) fn describe(name: &str, details: &[&str]) -> String {
    let details: Vec<&str> = details.iter().copied().map(str::trim).filter(|it| !it.is_empty()).collect();
    match details.is_empty() {
        true => name.to_owned(),
        false => format!("{name} ({})", details.join(", ")),
    }
}

/// True when the name begins with the prefix, in any case; also without a prefix.
pub(super) fn has_prefix(name: &str, prefix: Option<&str>) -> bool {
    prefix.is_none_or(|prefix| name.to_lowercase().starts_with(&prefix.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_details_are_omitted() {
        assert_eq!(describe("a", &["valkey ", "", &count(1, "node")]), "a (valkey, 1 node)");
        assert_eq!(describe("a", &["", " "]), "a");
        assert_eq!(count(0, "user"), "0 users");
    }

    #[test]
    fn prefixes_match_in_any_case() {
        assert!(has_prefix("Booking-api", Some("booking-")));
        assert!(has_prefix("booking", None));
        assert!(!has_prefix("api-booking", Some("booking")));
    }
}
