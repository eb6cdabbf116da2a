//! What the environment sets for all proofs, and what they print.

use std::fmt::Display;
use std::io::Write as _;
use std::str::FromStr;

/// `CHAOS_SEED`, or else the seed of the proof.
pub fn seed<T: FromStr>(of_the_proof: T) -> T {
    std::env::var("CHAOS_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(of_the_proof)
}

/// Whether `CHAOS_ONLY` keeps what has this name: it is a part of the name, or not set.
pub fn is_chosen(name: &str) -> bool {
    std::env::var("CHAOS_ONLY").map_or(true, |only| name.contains(&only))
}

/// Whether `CHAOS_ONLY` may leave something out.
pub fn is_partial() -> bool {
    std::env::var("CHAOS_ONLY").is_ok_and(|only| !only.is_empty())
}

/// Prints a line at once, also from a test that passes.
pub fn say(line: impl Display) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}
