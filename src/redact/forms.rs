//! Finding one secret in a text, in the forms in which programs write it.
//!
//! - Character by character: raw, percent-encoded (also twice), or with the escapes of
//!   JSON, XML and Rust, in any mixture.
//! - As a whole: Base64 (both alphabets, at any offset within a longer value),
//!   hexadecimal digits, and a list of byte values.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::REDACTED;

/// From this length in bytes on, a secret is found within longer words. A shorter one
/// is redacted only where it stands alone: it may be a part of an ordinary word.
const LONG: usize = 8;

/// Fewest characters of a Base64 form that are looked for within a longer value.
const SHORTEST_CORE: usize = 6;

/// Backslashes before one character: three levels of escaping.
const MOST_BACKSLASHES: usize = 8;

/// The text without the secret; `None` when it does not contain it.
pub(super) fn redact(text: &str, secret: &str) -> Option<String> {
    // No form is shorter than the secret.
    if text.len() < secret.len() {
        return None;
    }
    let mut found = Vec::new();
    let alone = secret.len() < LONG;
    find(text, secret, Edges { alone, ..Edges::default() }, &mut found);
    for core in base64_cores(secret.as_bytes(), alone) {
        for core in [core.replace('+', "-").replace('/', "_"), core] {
            find(text, &core, Edges { alone, run: Some(is_base64), ..Edges::default() }, &mut found);
        }
    }
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    find(text, &hex, Edges { alone, any_case: true, ..Edges::default() }, &mut found);
    let bytes = secret.bytes().map(|byte| byte.to_string()).collect::<Vec<_>>();
    for separator in [", ", ","] {
        find(text, &bytes.join(separator), Edges { alone: true, ..Edges::default() }, &mut found);
    }
    (!found.is_empty()).then(|| replace(text, found))
}

/// What belongs to a find beside the match itself.
#[derive(Clone, Copy, Default)]
struct Edges {
    /// The match counts only where no letter or digit adjoins it, except one that ends an escape.
    alone: bool,
    /// Upper and lower case are the same.
    any_case: bool,
    /// The match extends over all adjoining characters of this kind.
    run: Option<fn(u8) -> bool>,
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'-' | b'_')
}

/// Adds the ranges of `text` that are `needle`, with escapes.
fn find(text: &str, needle: &str, edges: Edges, found: &mut Vec<(usize, usize)>) {
    let bytes = text.as_bytes();
    let Some(first) = needle.bytes().next() else { return };
    let begins = |byte: u8| {
        byte == first
            || (edges.any_case && byte.eq_ignore_ascii_case(&first))
            || matches!(byte, b'%' | b'+' | b'\\' | b'&')
    };
    let mut start = 0;
    while start < bytes.len() {
        if !begins(bytes[start]) {
            start += 1;
            continue;
        }
        let end = longest_match(bytes, start, needle, edges.any_case).filter(|end| {
            let word = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
            let before = &bytes[..start];
            !edges.alone || !(word(bytes.get(*end)) || (word(before.last()) && !ends_with_escape(before)))
        });
        let Some(end) = end else {
            start += 1;
            continue;
        };
        let (mut from, mut to) = (start, end);
        if let Some(belongs) = edges.run {
            while from > 0 && belongs(bytes[from - 1]) {
                from -= 1;
            }
            while to < bytes.len() && belongs(bytes[to]) {
                to += 1;
            }
        }
        found.push((from, to));
        start = to;
    }
}

/// Whether the text ends with an escape whose last character is a letter or a digit, such as `%20`, `\u0020` or `\n`.
/// Encoders write no letter or digit as an escape, so a word begins behind it.
fn ends_with_escape(text: &[u8]) -> bool {
    let digits_behind = |prefix: &[u8], length: usize| {
        let at = text.len().checked_sub(length);
        at.map(|at| text.split_at(at))
            .is_some_and(|(rest, digits)| rest.ends_with(prefix) && digits.iter().all(u8::is_ascii_hexdigit))
    };
    // An escape of one character, of two digits (its percent sign perhaps encoded itself), and of four.
    text.iter().nth_back(1) == Some(&b'\\')
        || [&b"%"[..], b"%25", b"%2525", b"\\x"].iter().any(|prefix| digits_behind(prefix, 2))
        || digits_behind(b"\\u", 4)
}

/// The end of the longest way to read `needle` at `start`.
fn longest_match(text: &[u8], start: usize, needle: &str, any_case: bool) -> Option<usize> {
    let mut ends = vec![start];
    for expected in needle.chars() {
        let mut next = Vec::new();
        for at in ends {
            read_char(&text[at..], expected, any_case, &mut |length| next.push(at + length));
        }
        next.sort_unstable();
        next.dedup();
        if next.is_empty() {
            return None;
        }
        ends = next;
    }
    ends.last().copied()
}

/// Reports the lengths of all forms of one character at the beginning of `text`.
fn read_char(text: &[u8], expected: char, any_case: bool, report: &mut impl FnMut(usize)) {
    let mut utf8 = [0; 4];
    let utf8 = expected.encode_utf8(&mut utf8).as_bytes();
    if text.starts_with(utf8) || (any_case && text.first().is_some_and(|b| utf8.eq_ignore_ascii_case(&[*b])))
    {
        report(utf8.len());
    }
    match text.first() {
        Some(b'%') => {
            percent(text, utf8).into_iter().for_each(&mut *report);
        }
        Some(b'+') if expected == ' ' => report(1),
        Some(b'\\') => {
            // JSON within JSON escapes the backslashes, too.
            let run = text.iter().take(MOST_BACKSLASHES).take_while(|byte| **byte == b'\\').count();
            for backslashes in 1..=run {
                if expected == '\\' {
                    report(backslashes);
                }
                if let Some(length) = backslash(&text[backslashes..], expected, utf8) {
                    report(backslashes + length);
                }
            }
        }
        Some(b'&') => {
            if let Some(length) = entity(&text[1..], expected) {
                report(1 + length);
            }
        }
        _ => {}
    }
}

/// Lengths of `utf8` percent-encoded, its percent signs perhaps encoded themselves. There are several
/// for a percent sign: `%25`, `%2525`.
fn percent(text: &[u8], utf8: &[u8]) -> Vec<usize> {
    let mut lengths = vec![0];
    for byte in utf8 {
        let more = |length: usize| {
            percent_byte(text.get(length..).unwrap_or_default(), *byte).map(move |more| length + more)
        };
        lengths = lengths.into_iter().flat_map(more).collect();
    }
    lengths
}

fn percent_byte(text: &[u8], byte: u8) -> impl Iterator<Item = usize> {
    let digits = text.strip_prefix(b"%").unwrap_or_default().chunks_exact(2);
    // Each "25" is the percent sign of the digits that follow, encoded once more.
    let levels = digits.clone().take_while(|digits| *digits == b"25").count();
    let found: Vec<usize> = digits
        .take(levels + 1)
        .enumerate()
        .filter(|(_, digits)| hex(digits) == Some(u32::from(byte)))
        .map(|(level, _)| 3 + 2 * level)
        .collect();
    found.into_iter()
}

/// Length of an escape behind its backslash.
fn backslash(text: &[u8], expected: char, utf8: &[u8]) -> Option<usize> {
    let simple = match expected {
        '\n' => b'n',
        '\r' => b'r',
        '\t' => b't',
        '\u{8}' => b'b',
        '\u{c}' => b'f',
        '\0' => b'0',
        c if c.is_ascii_punctuation() => u8::try_from(c).ok()?,
        _ => 0,
    };
    if simple != 0 && text.first() == Some(&simple) {
        return Some(1);
    }
    match text.first()? {
        b'x' => (hex(text.get(1..3)?) == utf8.first().filter(|_| utf8.len() == 1).map(|b| u32::from(*b)))
            .then_some(3),
        b'u' if text.get(1) == Some(&b'{') => {
            let end = text.iter().position(|byte| *byte == b'}')?;
            (hex(text.get(2..end)?) == Some(u32::from(expected))).then_some(end + 1)
        }
        b'u' => {
            let mut units = [0; 2];
            let mut length = 0;
            for (i, unit) in expected.encode_utf16(&mut units).iter().enumerate() {
                let rest = if i == 0 { text } else { text.get(length..)?.strip_prefix(b"\\")? };
                (rest.first() == Some(&b'u') && hex(rest.get(1..5)?) == Some(u32::from(*unit)))
                    .then_some(())?;
                length += 5 + i;
            }
            Some(length)
        }
        _ => None,
    }
}

/// Length of an entity of XML or HTML behind its ampersand.
fn entity(text: &[u8], expected: char) -> Option<usize> {
    let end = text.iter().take(12).position(|byte| *byte == b';')?;
    let name = std::str::from_utf8(&text[..end]).ok()?;
    let is = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => hex(digits.as_bytes())?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    (is == expected).then_some(end + 1)
}

fn hex(digits: &[u8]) -> Option<u32> {
    let text = std::str::from_utf8(digits).ok().filter(|text| text.bytes().all(|b| b.is_ascii_hexdigit()))?;
    u32::from_str_radix(text, 16).ok()
}

/// What of a Base64 value depends on the secret alone, for each of the three offsets
/// that the secret may have in the encoded bytes. Standing alone it has offset 0.
fn base64_cores(secret: &[u8], alone: bool) -> Vec<String> {
    if alone {
        return vec![STANDARD_NO_PAD.encode(secret)];
    }
    let core = |offset: usize| {
        let mut bytes = vec![0; offset];
        bytes.extend(secret);
        let encoded = STANDARD_NO_PAD.encode(&bytes);
        // Characters that also hold bits of the bytes before and after.
        let first = [0, 2, 3][offset];
        let whole = bytes.len() * 8 / 6;
        encoded.get(first..whole).unwrap_or_default().to_owned()
    };
    (0..3).map(core).filter(|core| core.len() >= SHORTEST_CORE).collect()
}

/// The text with these ranges replaced; ranges that meet become one.
pub(super) fn replace(text: &str, mut found: Vec<(usize, usize)>) -> String {
    found.sort_unstable();
    let (mut out, mut copied) = (String::with_capacity(text.len()), 0);
    for (from, to) in found {
        if to <= copied {
            continue;
        }
        if from > copied || copied == 0 {
            out.push_str(text.get(copied..from).unwrap_or_default());
            out.push_str(REDACTED);
        }
        copied = to;
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    out
}
