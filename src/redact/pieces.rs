//! Finding pieces of a secret: a message that was cut off or wrapped quotes no whole one.
//!
//! A piece has twelve characters or more. It is found by the hashes of all its windows, so that a long text is read
//! once for all secrets and no copy of a secret is stored. The text is read as it is and with its escapes undone,
//! one level after the other: lists of bytes, percent-encoding, and the escapes of JSON, Rust and XML.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The shortest pieces: raw, in Base64, and as hexadecimal digits.
const RAW: Window = Window::of(12);
const BASE64: Window = Window::of(16);
const HEX: Window = Window::of(24);

/// What the SDK encodes in the body of a query.
const FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Levels of escaping that are undone.
const LEVELS: usize = 3;

/// Base of the hashes: odd, so that no character is lost.
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

/// A number of characters, and the power of [`BASE`] with that exponent.
#[derive(Clone, Copy)]
struct Window {
    length: usize,
    power: u64,
}

impl Window {
    const fn of(length: usize) -> Self {
        let (mut power, mut exponent) = (1_u64, 0);
        while exponent < length {
            power = power.wrapping_mul(BASE);
            exponent += 1;
        }
        Self { length, power }
    }
}

/// Hashes of all windows of a secret.
#[derive(Default)]
pub(super) struct Pieces {
    /// Sorted.
    hashes: Vec<u64>,
    /// A bit for each value of the first twelve bits of a hash, which rules out most texts.
    mask: Vec<u64>,
}

impl Pieces {
    /// The windows of a secret in each form. None of a secret that is composed of ordinary text, such as a URL, an
    /// ARN or a document: what is secret in it is remembered by itself.
    pub(super) fn of(secret: &str) -> Self {
        let mut hashes = Vec::new();
        if !secret.contains(|c: char| c.is_whitespace() || matches!(c, ':' | '@' | '{')) {
            add(secret, RAW, &mut hashes);
            // A dump of a request has the secret as the body has it: form-encoded, or escaped.
            let json = serde_json::Value::from(secret).to_string();
            let mut sent = vec![
                secret.to_owned(),
                utf8_percent_encode(secret, FORM).to_string(),
                json.trim_matches('"').to_owned(),
            ];
            sent.sort_unstable();
            sent.dedup();
            sent.iter().for_each(|text| add_encoded(text, &mut hashes));
        }
        hashes.sort_unstable();
        hashes.dedup();
        let mut mask = vec![0; 64];
        for hash in &hashes {
            if let Some(word) = mask.get_mut(word_of(*hash)) {
                *word |= bit_of(*hash);
            }
        }
        Self { hashes, mask }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    fn have(&self, hash: u64) -> bool {
        self.mask.get(word_of(hash)).is_some_and(|word| word & bit_of(hash) != 0)
            && self.hashes.binary_search(&hash).is_ok()
    }
}

fn word_of(hash: u64) -> usize {
    usize::try_from(hash >> 58).unwrap_or_default()
}

fn bit_of(hash: u64) -> u64 {
    1 << ((hash >> 52) & 63)
}

/// Adds the windows of a text in Base64 and as hexadecimal digits.
fn add_encoded(text: &str, hashes: &mut Vec<u64>) {
    for offset in 0..3 {
        let bytes = [&[0; 2][..offset], text.as_bytes()].concat();
        // Without the characters that hold bits of the bytes before and after.
        let core = |encoded: String| {
            encoded.get([0, 2, 3][offset]..bytes.len() * 8 / 6).unwrap_or_default().to_owned()
        };
        add(&core(STANDARD_NO_PAD.encode(&bytes)), BASE64, hashes);
        add(&core(URL_SAFE_NO_PAD.encode(&bytes)), BASE64, hashes);
    }
    let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    add(&hex, HEX, hashes);
    add(&hex.to_ascii_uppercase(), HEX, hashes);
}

fn add(form: &str, window: Window, hashes: &mut Vec<u64>) {
    let windows = (form.chars().count() + 1).saturating_sub(window.length);
    let read = Hashes::of(form.chars());
    hashes.extend((0..windows).map(|at| read.window(at, window)));
}

/// Hashes of the beginnings of a text, from which those of all windows follow.
struct Hashes(Vec<u64>);

impl Hashes {
    fn of(characters: impl Iterator<Item = char>) -> Self {
        let mut hash = 0_u64;
        let beginnings = characters.map(|c| {
            hash = hash.wrapping_mul(BASE).wrapping_add(u64::from(u32::from(c)) + 1);
            hash
        });
        Self(std::iter::once(0).chain(beginnings).collect())
    }

    fn window(&self, at: usize, Window { length, power }: Window) -> u64 {
        let hash = |at: usize| self.0.get(at).copied().unwrap_or_default();
        hash(at + length).wrapping_sub(hash(at).wrapping_mul(power))
    }
}

/// A character, and where it stands in the text.
#[derive(Clone, Copy)]
struct Unit {
    character: char,
    from: usize,
    to: usize,
}

/// The ranges of `text` that are pieces of one of these secrets.
pub(super) fn find<'p>(text: &str, secrets: impl Iterator<Item = &'p Pieces>) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let secrets: Vec<&Pieces> = secrets.filter(|pieces| !pieces.is_empty()).collect();
    if text.len() < RAW.length || secrets.is_empty() {
        return found;
    }
    let unit = |(from, character): (usize, char)| Unit { character, from, to: from + character.len_utf8() };
    let mut units: Vec<Unit> = text.char_indices().map(unit).collect();
    for _ in 0..=LEVELS {
        let read = Hashes::of(units.iter().map(|unit| unit.character));
        for window in [RAW, BASE64, HEX] {
            for at in 0..(units.len() + 1).saturating_sub(window.length) {
                let hash = read.window(at, window);
                if secrets.iter().any(|pieces| pieces.have(hash)) {
                    found.push((units[at].from, units[at + window.length - 1].to));
                }
            }
        }
        match unescaped(&units) {
            Some(plain) => units = plain,
            None => break,
        }
    }
    found
}

/// The units with one level of escapes undone; `None` without escapes.
fn unescaped(units: &[Unit]) -> Option<Vec<Unit>> {
    let mut plain = Vec::with_capacity(units.len());
    let (mut at, mut has_escapes) = (0, false);
    while let Some(unit) = units.get(at) {
        let escape = match unit.character {
            '%' | '\\' | '&' => escape(&units[at..]),
            '0'..='9' => byte_of_list(units, at),
            _ => None,
        };
        match escape {
            Some((character, length)) => {
                plain.push(Unit { character, from: unit.from, to: units[at + length - 1].to });
                (at, has_escapes) = (at + length, true);
            }
            None => {
                plain.push(*unit);
                at += 1;
            }
        }
    }
    has_escapes.then_some(plain)
}

/// The character of a byte in a list of bytes, as in `[65, 117]`, and the length of the byte with its separator.
fn byte_of_list(units: &[Unit], at: usize) -> Option<(char, usize)> {
    let character = |at: usize| units.get(at).map(|unit| unit.character);
    if at > 0 && !matches!(character(at - 1), Some('[' | ',' | ' ')) {
        return None;
    }
    let digits: String = (at..at + 4).map_while(character).take_while(char::is_ascii_digit).collect();
    let byte: u8 = digits.parse().ok().filter(u8::is_ascii)?;
    let separator = match (character(at + digits.len()), character(at + digits.len() + 1)) {
        (Some(','), Some(' ')) => 2,
        (Some(','), _) => 1,
        (Some(']'), _) => 0,
        _ => return None,
    };
    Some((char::from(byte), digits.len() + separator))
}

/// The character that an escape stands for, and the length of the escape.
fn escape(units: &[Unit]) -> Option<(char, usize)> {
    let character = |at: usize| units.get(at).map(|unit| unit.character);
    let number = |from: usize, length: usize, radix: u32| {
        let digits: String = units.get(from..from + length)?.iter().map(|unit| unit.character).collect();
        char::from_u32(u32::from_str_radix(&digits, radix).ok()?)
    };
    let until = |end: char| units.iter().take(12).position(|unit| unit.character == end);
    match (character(0)?, character(1)?) {
        ('%', _) => Some((number(1, 2, 16)?, 3)),
        ('\\', 'x') => Some((number(2, 2, 16)?, 4)),
        ('\\', 'u') if character(2) == Some('{') => {
            let end = until('}')?;
            Some((number(3, end.checked_sub(3)?, 16)?, end + 1))
        }
        ('\\', 'u') => Some((number(2, 4, 16)?, 6)),
        ('\\', escaped) if escaped.is_ascii_punctuation() => Some((escaped, 2)),
        ('&', '#') if matches!(character(2), Some('x' | 'X')) => {
            let end = until(';')?;
            Some((number(3, end.checked_sub(3)?, 16)?, end + 1))
        }
        ('&', '#') => {
            let end = until(';')?;
            Some((number(2, end.checked_sub(2)?, 10)?, end + 1))
        }
        ('&', _) => {
            let end = until(';')?;
            let name: String = units.get(1..end)?.iter().map(|unit| unit.character).collect();
            let names = [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\'')];
            names.into_iter().find(|(known, _)| *known == name).map(|(_, character)| (character, end + 1))
        }
        _ => None,
    }
}
