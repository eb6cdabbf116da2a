//! One log line as the host parses it.

use std::fmt::Write;

use time::OffsetDateTime;
use time::format_description::FormatItem;
use time::macros::format_description;
use tracing::Level;

use crate::redact::redact;

/// The host splits lines of 64 KiB and then shows their parts as plain text.
const LINE_LIMIT: usize = 60 * 1024;

/// Most bytes of JSON that the message, or one field, may take.
const MESSAGE_LIMIT: usize = 16 * 1024;
const FIELD_LIMIT: usize = 8 * 1024;

/// Six digits exactly: the host takes no other form for a time.
const TIMESTAMP: &[FormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]Z");

/// Names and values, the latest value of a name last. They are redacted when a line is written: most spans of a run
/// are on no line.
#[derive(Clone, Default)]
pub(super) struct Fields(Vec<(&'static str, Field)>);

#[derive(Clone)]
enum Field {
    Text(String),
    /// A number or a truth value, in JSON.
    Literal(String),
}

impl Fields {
    /// Sets a field to a text.
    pub(super) fn text(&mut self, name: &'static str, value: impl Into<String>) {
        self.set(name, Field::Text(value.into()));
    }

    /// Sets a field to a number or a truth value, whose display form is JSON.
    pub(super) fn literal(&mut self, name: &'static str, value: impl std::fmt::Display) {
        self.set(name, Field::Literal(value.to_string()));
    }

    /// Takes over the fields of `other`.
    pub(super) fn merge(&mut self, other: &Self) {
        for (name, field) in &other.0 {
            self.set(name, field.clone());
        }
    }

    fn set(&mut self, name: &'static str, field: Field) {
        // Names with an at sign belong to the host, and it would crash on some of their values.
        let name = name.trim_start_matches('@');
        self.0.retain(|(other, _)| *other != name);
        self.0.push((name, field));
    }
}

/// Writes a line with its newline, without any secret of the current call. Fields that do not fit are omitted, and the
/// line says so.
pub(super) fn render(
    time: OffsetDateTime,
    level: Level,
    module: &str,
    message: &str,
    fields: &Fields,
) -> String {
    // Formatting fails for no time there is.
    let timestamp = time.format(TIMESTAMP).unwrap_or_default();
    let level = level.as_str().to_ascii_lowercase();
    let mut line = format!("{{\"@level\":\"{level}\",\"@message\":");
    push_text(&mut line, &redact(message), MESSAGE_LIMIT);
    line.push_str(",\"@module\":");
    push_text(&mut line, module, FIELD_LIMIT);
    let _ = write!(line, ",\"@timestamp\":\"{timestamp}\"");
    let mut left_out = 0_usize;
    for (name, field) in &fields.0 {
        let json = match field {
            Field::Text(text) => {
                let mut json = String::new();
                push_text(&mut json, &redact(text), FIELD_LIMIT);
                json
            }
            Field::Literal(json) => json.clone(),
        };
        if line.len() + name.len() + json.len() > LINE_LIMIT - 64 {
            left_out += 1;
            continue;
        }
        let _ = write!(line, ",\"{name}\":{json}");
    }
    if left_out > 0 {
        let _ = write!(line, ",\"fields_left_out\":{left_out}");
    }
    line.push_str("}\n");
    line
}

/// Appends a JSON string of at most `limit` bytes; what is cut off is replaced by its length.
fn push_text(out: &mut String, text: &str, limit: usize) {
    let start = out.len();
    out.push('"');
    for (offset, character) in text.char_indices() {
        // An escaped character takes 6 bytes, the closing remark less than 40.
        if out.len() - start > limit - 48 {
            let _ = write!(out, "… ({} more bytes)", text.len() - offset);
            break;
        }
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => drop(write!(out, "\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const TIME: OffsetDateTime = datetime!(2026-11-21 01:18:17.7133126 UTC);

    #[test]
    fn exact_form() {
        let mut fields = Fields::default();
        fields.text("tf_rpc", "Plan\"\n\u{1}é");
        fields.literal("tf_req_duration_ms", 12);
        assert_eq!(
            render(TIME, Level::WARN, "provider.wire", "slow", &fields),
            "{\"@level\":\"warn\",\"@message\":\"slow\",\"@module\":\"provider.wire\",\
             \"@timestamp\":\"2026-11-21T01:18:17.713312Z\",\
             \"tf_rpc\":\"Plan\\\"\\n\\u0001é\",\"tf_req_duration_ms\":12}\n"
        );
    }

    #[test]
    fn six_digits_also_for_a_full_second() {
        let line = render(datetime!(2026-01-02 15:04:05 UTC), Level::TRACE, "m", "", &Fields::default());
        assert!(line.contains("\"@timestamp\":\"2026-01-02T15:04:05.000000Z\""), "{line}");
    }

    #[test]
    fn later_values_replace_earlier_ones() {
        let (mut outer, mut inner) = (Fields::default(), Fields::default());
        outer.text("a", "outer");
        outer.literal("b", true);
        inner.text("@a", "inner");
        outer.merge(&inner);
        let line = render(TIME, Level::INFO, "m", "x", &outer);
        assert!(line.ends_with(",\"b\":true,\"a\":\"inner\"}\n"), "{line}");
    }

    #[test]
    fn a_line_stays_below_the_limit_and_stays_json() {
        for text in ["x".repeat(200_000), "\u{1}é\"".repeat(100_000), "𝄞".repeat(30_000)] {
            let mut fields = Fields::default();
            for name in ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"] {
                fields.text(name, text.as_str());
            }
            let line = render(TIME, Level::ERROR, "m", &text, &fields);
            assert!(line.len() <= LINE_LIMIT, "{}", line.len());
            let json: serde_json::Value = serde_json::from_str(&line).unwrap();
            assert!(json["@message"].as_str().unwrap().ends_with(" more bytes)"));
            assert!(json["fields_left_out"].is_number());
        }
    }
}
