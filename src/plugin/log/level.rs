//! Log levels as users write them.

use tracing::level_filters::LevelFilter;

/// The level a user asked for.
///
/// `JSON` is the host's word for "everything, as JSON". A word that is no level means `TRACE` to
/// the host as well, which is what `TF_LOG=1` is meant to show.
pub(super) fn parse(text: Option<&str>) -> LevelFilter {
    let Some(text) = text else { return LevelFilter::WARN };
    match text.to_ascii_uppercase().as_str() {
        "OFF" => LevelFilter::OFF,
        "ERROR" => LevelFilter::ERROR,
        "WARN" => LevelFilter::WARN,
        "INFO" => LevelFilter::INFO,
        "DEBUG" => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels() {
        for (text, level) in [
            (None, LevelFilter::WARN),
            (Some("off"), LevelFilter::OFF),
            (Some("Error"), LevelFilter::ERROR),
            (Some("WARN"), LevelFilter::WARN),
            (Some("info"), LevelFilter::INFO),
            (Some("DEBUG"), LevelFilter::DEBUG),
            (Some("trace"), LevelFilter::TRACE),
            (Some("JSON"), LevelFilter::TRACE),
            (Some("1"), LevelFilter::TRACE),
        ] {
            assert_eq!(parse(text), level, "{text:?}");
        }
    }
}
