//! What the services keep their objects in.

use super::protocol::Place;
use std::collections::BTreeMap;

/// Tags by key.
pub(super) type Tags = BTreeMap<String, String>;

/// Something for each account and region.
#[derive(Debug, Default)]
pub(super) struct PerPlace<T>(BTreeMap<Place, T>);

impl<T: Default> PerPlace<T> {
    /// What is at this place; made when it is not there.
    pub(super) fn at(&mut self, place: &Place) -> &mut T {
        self.0.entry(place.clone()).or_default()
    }

    /// All places.
    pub(super) fn places(&self) -> impl Iterator<Item = &Place> {
        self.0.keys()
    }
}

/// A page of a listing, from a token that this function made; none when the token is not one.
pub(super) fn page<T>(items: Vec<T>, token: Option<&str>, size: usize) -> Option<(Vec<T>, Option<String>)> {
    let start = match token {
        None => 0,
        Some(token) => usize::from_str_radix(token.strip_prefix("AAEA")?, 16).ok()?,
    };
    if start > items.len() {
        return None;
    }
    let next = (start + size < items.len()).then(|| format!("AAEA{:016x}", start + size));
    Some((items.into_iter().skip(start).take(size).collect(), next))
}

/// Letters and digits that look random and are the same in every run (FNV-1a over the seed).
pub(super) fn scramble(seed: &str, alphabet: &str, length: usize) -> String {
    let letters: Vec<char> = alphabet.chars().collect();
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut mix = |byte: u8| {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        hash
    };
    for byte in seed.bytes() {
        mix(byte);
    }
    let mut pick = |n: usize| {
        let index = usize::try_from(mix(n.to_le_bytes()[0]) >> 33).unwrap_or_default();
        letters.get(index % letters.len().max(1)).copied()
    };
    (0..length).filter_map(&mut pick).collect()
}

/// Letters and digits.
pub(super) const ALPHANUMERIC: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
/// Hexadecimal digits.
pub(super) const HEX: &str = "0123456789abcdef";

/// Whether a text matches a pattern with `*` and `?`.
pub(super) fn like(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    // reach[t]: the pattern so far matches the first t characters.
    let mut reach = vec![false; text.len() + 1];
    reach[0] = true;
    for p in pattern {
        let mut next = vec![false; text.len() + 1];
        for t in 0..=text.len() {
            next[t] = match p {
                '*' => reach[t] || (t > 0 && next[t - 1]),
                '?' => t > 0 && reach[t - 1],
                p => t > 0 && reach[t - 1] && text[t - 1] == p,
            };
        }
        reach = next;
    }
    reach[text.len()]
}
