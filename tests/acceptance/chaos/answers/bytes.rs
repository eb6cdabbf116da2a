//! Mutations of the bytes of a body.

use super::answer::Answer;
use super::document::Format;
use crate::chaos::cells::Law;

/// Changes a body that is not empty, and says which law follows.
fn damage(answer: &mut Answer<'_>, act: impl FnOnce(&mut Vec<u8>)) -> Option<Law> {
    let before = answer.document.clone()?;
    let body = answer.encoded.body.clone();
    act(&mut answer.encoded.body);
    (answer.encoded.body != body).then(|| answer.law_of_body(&before))
}

pub fn flip(answer: &mut Answer<'_>, rng: &mut fastrand::Rng) -> Option<Law> {
    damage(answer, |body| {
        for _ in 0..rng.usize(1..4) {
            let at = rng.usize(..body.len());
            body[at] ^= 1 << rng.u32(..8);
        }
    })
}

pub fn remove(answer: &mut Answer<'_>, rng: &mut fastrand::Rng) -> Option<Law> {
    damage(answer, |body| {
        body.remove(rng.usize(..body.len()));
    })
}

pub fn insert(answer: &mut Answer<'_>, rng: &mut fastrand::Rng) -> Option<Law> {
    damage(answer, |body| body.insert(rng.usize(..body.len()), rng.u8(..)))
}

pub fn cut(answer: &mut Answer<'_>, rng: &mut fastrand::Rng) -> Option<Law> {
    damage(answer, |body| body.truncate(rng.usize(..body.len())))
}

pub fn repeat_end(answer: &mut Answer<'_>, rng: &mut fastrand::Rng) -> Option<Law> {
    damage(answer, |body| body.extend_from_within(rng.usize(..body.len())..))
}

pub fn twice(answer: &mut Answer<'_>, _rng: &mut fastrand::Rng) -> Option<Law> {
    damage(answer, |body| body.extend_from_within(..))
}

pub fn prefix(answer: &mut Answer<'_>, rng: &mut fastrand::Rng) -> Option<Law> {
    let before = ["\u{feff}", ")]}',\n", "Sign in to this network\n", "\0\0\0\0", "HTTP/1.1 200 OK\r\n\r\n"];
    damage(answer, |body| drop(body.splice(..0, rng.choice(before).unwrap().bytes())))
}

pub fn utf16(answer: &mut Answer<'_>, _rng: &mut fastrand::Rng) -> Option<Law> {
    damage(answer, |body| {
        *body = [0xff, 0xfe].into_iter().chain(body.iter().flat_map(|byte| [*byte, 0])).collect();
    })
}

/// In a text where there is one, so that the rest is well-formed.
pub fn not_utf8(answer: &mut Answer<'_>, rng: &mut fastrand::Rng) -> Option<Law> {
    let is_place = |pair: &[u8]| match answer.format {
        Format::Xml => pair[0] == b'>' && pair[1].is_ascii_alphanumeric(),
        Format::Json => pair[0] == b'"' && pair[1].is_ascii_alphanumeric(),
        Format::Cbor => pair.iter().all(u8::is_ascii_lowercase),
    };
    let places: Vec<usize> = answer
        .encoded
        .body
        .windows(2)
        .enumerate()
        .filter(|(_, pair)| is_place(pair))
        .map(|(at, _)| at)
        .collect();
    let at = rng.choice(places)? + 1;
    damage(answer, |body| body[at] = 0xff)
}
