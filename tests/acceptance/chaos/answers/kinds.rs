//! The kinds of mutations: what each does to an answer, and which law the operation is held to then.

use super::answer::Answer;
use super::{bytes, content, extensions, hostile, http};
use crate::chaos::cells::Law;

/// A kind of mutation.
#[derive(Debug)]
pub struct Kind {
    pub name: &'static str,
    /// Changes the answer; none where it is not applicable.
    pub change: fn(&mut Answer<'_>, &mut fastrand::Rng) -> Option<Law>,
    /// A member gets a value that AWS may add: no refresh fails for it.
    pub is_addition: bool,
}

const fn kind(name: &'static str, change: fn(&mut Answer<'_>, &mut fastrand::Rng) -> Option<Law>) -> Kind {
    Kind { name, change, is_addition: false }
}

/// All of them.
pub const KINDS: &[Kind] = &[
    kind("bit flipped", bytes::flip),
    kind("byte removed", bytes::remove),
    kind("byte inserted", bytes::insert),
    kind("end cut off", bytes::cut),
    kind("end repeated", bytes::repeat_end),
    kind("document twice", bytes::twice),
    kind("text before the document", bytes::prefix),
    kind("UTF-16", bytes::utf16),
    kind("bytes that are not UTF-8", bytes::not_utf8),
    kind("nested up to 50,000 deep", hostile::nest),
    kind("entities that expand", hostile::bomb),
    kind("value that the format forbids", hostile::forbidden),
    kind("element removed", content::remove),
    kind("element repeated", content::repeat),
    kind("element renamed", content::rename),
    kind("element emptied", content::empty),
    kind("element of another type", content::retype),
    kind("null", content::null),
    kind("number out of range", content::number),
    kind("text emptied", content::blank),
    kind("text of odd characters", content::unicode),
    kind("text of up to 300,000 characters", hostile::huge),
    kind("about another object", content::rename_object),
    Kind { name: "unknown enum value", change: extensions::unknown_value, is_addition: true },
    Kind { name: "unknown members", change: extensions::add_members, is_addition: true },
    kind("members in another order", extensions::reorder),
    kind("another spelling", extensions::respell),
    kind("body of another operation", http::other_operation),
    kind("body of another call of the operation", http::other_call),
    kind("body of an error", http::error_body),
    kind("another status", http::status),
    kind("Content-Length too large", http::too_long),
    kind("Content-Length too small", http::too_short),
    kind("in chunks", http::chunks),
    kind("another Content-Type", http::content_type),
    kind("Content-Encoding that is not so", http::content_encoding),
    kind("unknown headers", http::headers),
    kind("no request ID", http::no_request_id),
];

/// Changes the answer by the kind, or by the next one that is applicable; which one it was.
pub fn mutate(at: usize, answer: &mut Answer<'_>, rng: &mut fastrand::Rng) -> (usize, Law) {
    let mut turns = (0..KINDS.len()).map(|turn| (at + turn) % KINDS.len());
    let found = turns.find_map(|at| Some((at, (KINDS[at].change)(answer, rng)?)));
    found.expect("a kind that is always applicable")
}
