//! Marks: secrets that a test plants, the forms in which programs write them, and the search for them.

use std::collections::{BTreeSet, HashMap};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// A planted secret.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// The argument, or the source, that holds it.
    pub owner: String,
    pub text: String,
}

/// What the SDK encodes in the body of a query.
const BODY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

impl Mark {
    /// The mark of an owner: the same in every run, with every special character that an AUTH token may have.
    pub fn of(owner: &str) -> Self {
        let mut state = owner.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let mut letters = |count: usize| {
            let letter = |_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                char::from(LETTERS[usize::try_from(state >> 33).unwrap() % LETTERS.len()])
            };
            (0..count).map(letter).collect::<String>()
        };
        let special: String = "!&#$^<>-".chars().map(|c| format!("{c}{}", letters(2))).collect();
        let text = format!("{}{special}{}", letters(14), letters(14));
        Self { owner: owner.to_owned(), text }
    }
}

/// A way to write a text.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    pub name: &'static str,
    pub write: fn(&str) -> String,
    /// Characters of a piece of a mark in this form, at least, that count as found.
    shortest: usize,
}

impl Form {
    /// Whether it has other characters than the text.
    fn is_dump(&self) -> bool {
        ["Base64", "hexadecimal", "debug output of bytes"].iter().any(|name| self.name.starts_with(name))
    }
}

const fn form(name: &'static str, shortest: usize, write: fn(&str) -> String) -> Form {
    Form { name, write, shortest }
}

/// The forms in which a service or a program writes a text.
pub const FORMS: &[Form] = &[
    form("raw", 12, str::to_owned),
    form("percent-encoded", 24, percent),
    form("percent-encoded, lower case", 24, |text| lower_escapes(&percent(text))),
    form("percent-encoded twice", 36, |text| percent(text).replace('%', "%25")),
    form("form-encoded", 24, |text| percent(text).replace("%20", "+")),
    form("Base64", 16, |text| STANDARD.encode(text)),
    form("Base64, offset 1", 16, |text| STANDARD.encode(format!("x{text}"))),
    form("Base64, offset 2", 16, |text| STANDARD.encode(format!("xy{text}"))),
    form("Base64 of URLs", 16, |text| URL_SAFE_NO_PAD.encode(text)),
    form("Base64 of URLs, offset 1", 16, |text| URL_SAFE_NO_PAD.encode(format!("x{text}"))),
    form("Base64 of URLs, offset 2", 16, |text| URL_SAFE_NO_PAD.encode(format!("xy{text}"))),
    form("Base64, percent-encoded", 16, |text| percent(&STANDARD.encode(text))),
    form("hexadecimal", 24, |text| text.bytes().map(|byte| format!("{byte:02x}")).collect()),
    form("hexadecimal, upper case", 24, |text| text.bytes().map(|byte| format!("{byte:02X}")).collect()),
    form("JSON", 12, |text| serde_json::Value::from(text).to_string()),
    form("JSON, ASCII letters only", 48, |text| escaped(text, |c| format!("\\u{:04x}", u32::from(c)))),
    form("JSON in JSON", 12, |text| {
        serde_json::Value::from(serde_json::Value::from(text).to_string()).to_string()
    }),
    form("JSON of Go", 24, |text| {
        let json = serde_json::Value::from(text).to_string();
        json.replace('&', "\\u0026").replace('<', "\\u003c").replace('>', "\\u003e")
    }),
    form("XML", 24, |text| {
        text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
    }),
    form("XML, decimal", 48, |text| escaped(text, |c| format!("&#{};", u32::from(c)))),
    form("XML, hexadecimal", 48, |text| escaped(text, |c| format!("&#x{:X};", u32::from(c)))),
    form("debug output of Rust", 12, |text| format!("{text:?}")),
    form("debug output of bytes", 40, |text| format!("{:?}", text.as_bytes())),
];

/// Forms that break a text into pieces.
pub const BROKEN: &[Form] = &[
    form("lines of 20 characters", 12, |text| lines(text, 20)),
    form("Base64 in lines of 76 characters", 16, |text| lines(&STANDARD.encode(text), 76)),
    form("hexadecimal in lines of 32 digits", 24, |text| {
        lines(&text.bytes().map(|byte| format!("{byte:02x}")).collect::<String>(), 32)
    }),
];

/// Forms that only the search knows: no service writes them.
const SEARCHED: &[Form] = &[form("reversed", 12, |text| text.chars().rev().collect())];

fn percent(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

fn lower_escapes(text: &str) -> String {
    let mut parts = text.split('%');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| format!("{text}%{}{}", part[..2].to_lowercase(), &part[2..]))
}

/// Every character escaped.
fn escaped(text: &str, escape: impl Fn(char) -> String) -> String {
    text.chars().map(escape).collect()
}

fn lines(text: &str, width: usize) -> String {
    let characters: Vec<char> = text.chars().collect();
    let lines: Vec<String> = characters.chunks(width).map(|line| line.iter().collect()).collect();
    lines.join(" \n ")
}

/// What of a form depends on the text alone, wherever it stands in a longer text.
fn core(form: Form, text: &str) -> String {
    let written = (form.write)(text);
    if form.name.starts_with("Base64") {
        let from = if form.name.ends_with("offset 1") || form.name.ends_with("offset 2") { 4 } else { 0 };
        let trimmed = written.trim_end_matches("%3D").trim_end_matches('=');
        return trimmed.get(from..trimmed.len().saturating_sub(1)).unwrap_or_default().to_owned();
    }
    written.trim_matches(|c| matches!(c, '"' | '\\' | '[' | ']')).to_owned()
}

/// Every piece of every mark in every form.
#[derive(Debug, Default)]
pub struct Index {
    /// Mark, form, bytes, and length of the shortest piece.
    patterns: Vec<(Mark, &'static str, Vec<u8>, usize)>,
    /// The first bytes of each piece, and where it stands: pattern and offset.
    pieces: HashMap<[u8; KEY], Vec<(usize, usize)>>,
    /// The pairs of bytes with which a piece begins.
    begins: Vec<bool>,
}

/// Bytes by which a piece is looked up.
const KEY: usize = 12;

/// A mark that was found, and its form.
pub type Found = BTreeSet<(String, &'static str)>;

impl Index {
    pub fn of(marks: &[Mark]) -> Self {
        let mut index = Self { begins: vec![false; 1 << 16], ..Self::default() };
        for mark in marks {
            // A dump has a mark as the body of a query has it.
            let encoded = utf8_percent_encode(&mark.text, BODY).to_string();
            for form in FORMS.iter().chain(SEARCHED) {
                index.add(mark, form.name, core(*form, &mark.text).as_bytes(), form.shortest);
                if form.is_dump() {
                    index.add(mark, form.name, core(*form, &encoded).as_bytes(), form.shortest);
                }
            }
        }
        index
    }

    fn add(&mut self, mark: &Mark, form: &'static str, bytes: &[u8], shortest: usize) {
        let length = shortest.min(bytes.len());
        assert!(length >= KEY, "{form} of {}", mark.owner);
        let pattern = self.patterns.len();
        self.patterns.push((mark.clone(), form, bytes.to_vec(), length));
        for at in 0..=bytes.len() - length {
            let key: [u8; KEY] = bytes[at..at + KEY].try_into().unwrap();
            self.begins[(usize::from(key[0]) << 8) | usize::from(key[1])] = true;
            let known = self.pieces.entry(key).or_default();
            for (other, offset) in known.iter() {
                let (owner, _, text, _) = &self.patterns[*other];
                let is_same = text.get(*offset..offset + length) == Some(&bytes[at..at + length]);
                assert!(
                    !is_same || owner == mark,
                    "{form}: a piece of {} and of {}",
                    mark.owner,
                    owner.owner
                );
            }
            known.push((pattern, at));
        }
    }

    /// The marks that a text holds, whole or in pieces.
    pub fn search(&self, text: &[u8]) -> Found {
        let mut found = Found::new();
        let mut at = 0;
        while at + KEY <= text.len() {
            let begins = self.begins[(usize::from(text[at]) << 8) | usize::from(text[at + 1])];
            let pieces = begins.then(|| self.pieces.get(&text[at..at + KEY])).flatten();
            let before = found.len();
            for (pattern, offset) in pieces.into_iter().flatten() {
                let (mark, form, bytes, length) = &self.patterns[*pattern];
                if text.get(at..at + length) == Some(&bytes[*offset..offset + length]) {
                    found.insert((mark.owner.clone(), *form));
                }
            }
            at += if found.len() > before { KEY } else { 1 };
        }
        found
    }
}

#[test]
fn every_planted_form_is_found() {
    let (mark, other) = (Mark::of("planted"), Mark::of("another"));
    let index = Index::of(&[mark.clone(), other.clone()]);
    let owners = |text: &str| {
        index.search(text.as_bytes()).into_iter().map(|(owner, _)| owner).collect::<BTreeSet<_>>()
    };
    for form in FORMS.iter().chain(BROKEN).chain(SEARCHED) {
        for around in ["", "AuthToken=", "{\"SecretString\":\"", "a", "ab", "Ünïcode "] {
            let written = (form.write)(&format!("{around}{}&Version=1", mark.text));
            let text = format!("Error: {written} (HTTP 400)");
            assert_eq!(owners(&text), BTreeSet::from(["planted".to_owned()]), "{}: {text}", form.name);
        }
        if form.is_dump() && !form.name.contains("lines") {
            let written = (form.write)(&format!("AuthToken={}", utf8_percent_encode(&mark.text, BODY)));
            assert_eq!(owners(&written), BTreeSet::from(["planted".to_owned()]), "{}: {written}", form.name);
        }
        let written = (form.write)(&format!("nothing here but {} and words", Mark::of("a third").text));
        assert_eq!(owners(&written), BTreeSet::new(), "{}: {written}", form.name);
    }
    // Any piece of twelve characters.
    for from in 0..=mark.text.len() - 12 {
        let piece = &mark.text[from..from + 12];
        assert_eq!(owners(&format!("x{piece}x")), BTreeSet::from(["planted".to_owned()]), "{piece}");
    }
    assert_eq!(owners(&format!("{}{}", &mark.text[..11], &other.text[..11])), BTreeSet::new());
}
