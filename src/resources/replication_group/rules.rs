//! Rules over one value of a configuration.

use std::sync::LazyLock;

use regex_lite::Regex;

use crate::resources::common::connection::auth_token::auth_token_problems;
use crate::schema::{Attribute, Check, pattern};
use crate::value::Value;

static ID: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[A-Za-z](-?[0-9A-Za-z])*$"));
pub(super) static DAILY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$"));
pub(super) static WEEKLY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(mon|tue|wed|thu|fri|sat|sun):([01][0-9]|2[0-3]):[0-5][0-9]-(mon|tue|wed|thu|fri|sat|sun):([01][0-9]|2[0-3]):[0-5][0-9]$",
    )
});
pub(super) static SHARD_ID: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[0-9]{1,4}$"));
pub(super) static SLOTS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*$"));

/// Hash slots of a group with cluster mode.
pub(super) const HASH_SLOTS: u32 = 16_384;

/// The rules of the ID of a replication group.
pub(crate) fn id_checks() -> [Check; 2] {
    let form = "letters, digits and single hyphens, beginning with a letter and not ending with a hyphen";
    [Check::Length(1, 40), Check::Pattern(&ID, form)]
}

/// The ID of a replication group.
pub(super) fn id(attribute: Attribute) -> Attribute {
    id_checks().into_iter().fold(attribute, Attribute::check)
}

/// The engines of a replication group.
pub(super) fn engine(value: &Value) -> Result<(), String> {
    match value.as_str().map(str::to_ascii_lowercase).as_deref() {
        None | Some("redis" | "valkey") => Ok(()),
        Some("memcached") => {
            Err("must be \"redis\" or \"valkey\"; a replication group cannot run memcached".to_owned())
        }
        Some(_) => {
            Err(format!("must be \"redis\" or \"valkey\", but is {:?}", value.as_str().unwrap_or_default()))
        }
    }
}

/// See [`auth_token_problems`].
pub(super) fn auth_token(value: &Value) -> Result<(), String> {
    let problems = auth_token_problems(value.as_str().unwrap_or_default());
    problems.into_iter().next().map_or(Ok(()), Err)
}

/// Minutes of the day of `hh:mm`.
fn minutes(text: &str) -> Option<u32> {
    let (hours, minutes) = text.split_once(':')?;
    Some(hours.parse::<u32>().ok()? * 60 + minutes.parse::<u32>().ok()?)
}

/// Start in minutes and length in minutes of `hh:mm-hh:mm`.
fn daily(text: &str) -> Option<(u32, u32)> {
    let (start, end) = text.split_once('-')?;
    let (start, end) = (minutes(start)?, minutes(end)?);
    Some((start, (end + 1440 - start) % 1440))
}

/// Start in minutes of the week and length in minutes of `ddd:hh:mm-ddd:hh:mm`.
fn weekly(text: &str) -> Option<(u32, u32)> {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let at = |text: &str| -> Option<u32> {
        let (day, time) = text.split_once(':')?;
        let day = DAYS.iter().position(|name| day.eq_ignore_ascii_case(name))?;
        Some(u32::try_from(day).ok()? * 1440 + minutes(time)?)
    };
    let (start, end) = text.split_once('-')?;
    let (start, end) = (at(start)?, at(end)?);
    Some((start, (end + 10080 - start) % 10080))
}

fn an_hour(length: Option<(u32, u32)>) -> Result<(), String> {
    match length {
        Some((_, length)) if length < 60 => {
            Err(format!("must be at least 60 minutes long, which AWS requires, but is {length}"))
        }
        _ => Ok(()),
    }
}

/// A daily window lasts an hour at least.
pub(super) fn daily_window(value: &Value) -> Result<(), String> {
    an_hour(value.as_str().and_then(daily))
}

/// A weekly window lasts an hour at least.
pub(super) fn weekly_window(value: &Value) -> Result<(), String> {
    an_hour(value.as_str().and_then(weekly))
}

/// True when a weekly and a daily window have a minute in common.
pub(super) fn overlap(week: &str, day: &str) -> bool {
    let (Some(weekly), Some(daily)) = (weekly(week), daily(day)) else { return false };
    // One window of the day before the week begins, and those of the days after it.
    (0..16).any(|day| {
        let start = day * 1440 + daily.0;
        let (from, to) = (weekly.0 + 1440, weekly.0 + 1440 + weekly.1);
        start < to && from < start + daily.1
    })
}

/// A part of the key space: first and last slot.
pub(super) type Range = (u32, u32);

/// `0-100,200` as ranges; `None` when a number is none.
pub(super) fn ranges(text: &str) -> Option<Vec<Range>> {
    let range = |part: &str| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        Some((first.parse().ok()?, last.parse().ok()?))
    };
    text.split(',').map(range).collect()
}

/// Slots of one shard: "Keyspaces range from 0 to 16,383."
pub(super) fn slots_of_a_shard(value: &Value) -> Result<(), String> {
    let Some(text) = value.as_str() else { return Ok(()) };
    let last = HASH_SLOTS - 1;
    match ranges(text) {
        Some(ranges) if ranges.iter().all(|(_, end)| *end <= last) => {
            let reversed = ranges.iter().find(|(first, end)| first > end);
            reversed.map_or(Ok(()), |(first, end)| {
                Err(format!("must have the lower slot first, but has {first}-{end}"))
            })
        }
        // What is no number at all is of the wrong form.
        None if !text.bytes().all(|byte| byte.is_ascii_digit() || b"-,".contains(&byte)) => Ok(()),
        _ => Err(format!("must be within 0-{last}, but is {text:?}")),
    }
}

/// An ID of a shard in the form in which AWS returns it: four digits.
pub(super) fn shard_id(text: &str) -> String {
    format!("{text:0>4}")
}

/// True when two texts name the same slots, such as `0-99` and `50-99,0-49`.
pub(super) fn same_slot_texts(a: &str, b: &str) -> bool {
    match (slots(a), slots(b)) {
        (Some(a), Some(b)) => a == b,
        _ => a == b,
    }
}

/// Ranges of slots in order, adjacent ones joined.
fn slots(text: &str) -> Option<Vec<(u16, u16)>> {
    let range = |part: &str| {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        let (from, to) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
        (from <= to).then_some((from, to))
    };
    let mut ranges: Vec<(u16, u16)> = text.split(',').map(range).collect::<Option<_>>()?;
    ranges.sort_unstable();
    ranges.dedup_by(|next, before| {
        let joins = before.1.checked_add(1).is_none_or(|after| next.0 <= after);
        if joins {
            before.1 = before.1.max(next.1);
        }
        joins
    });
    Some(ranges)
}

/// Equivalence of IDs of shards: `1` and `0001` are the same.
pub(super) fn same_shard(a: &Value, b: &Value) -> bool {
    a.as_str().map(shard_id) == b.as_str().map(shard_id)
}

/// Equivalence of slots.
pub(super) fn same_slots(a: &Value, b: &Value) -> bool {
    a.as_str().zip(b.as_str()).is_some_and(|(a, b)| same_slot_texts(a, b))
}

/// False while AWS has not returned the value: a change from an unknown value is not detected.
pub(super) fn was_told(prior: &Value, _: &Value) -> bool {
    !prior.is_null() && !prior.is_empty()
}

/// False when the argument is removed or, after an import, given for the first time: the group keeps its data.
pub(super) fn both_given(prior: &Value, planned: &Value) -> bool {
    let given = |value: &Value| !value.is_null() && !value.is_empty();
    given(prior) && given(planned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_read_and_measured() {
        assert_eq!(daily("03:00-05:00"), Some((180, 120)));
        assert_eq!(daily("23:30-00:30"), Some((1410, 60)));
        assert_eq!(weekly("sun:23:30-mon:00:30"), Some((6 * 1440 + 1410, 60)));
        assert!(daily_window(&Value::from("03:00-03:30")).is_err());
    }

    #[test]
    fn ids_have_four_digits() {
        assert_eq!(["1", "01", "0001", "12345"].map(shard_id), ["0001", "0001", "0001", "12345"]);
    }

    #[test]
    fn slots_are_compared_as_sets() {
        for (a, b) in
            [("0-99", "0-49,50-99"), ("5", "5-5"), ("100-200,0-99", "0-200"), ("0-16383", "0-16383")]
        {
            assert!(same_slot_texts(a, b) && same_slot_texts(b, a), "{a} {b}");
        }
        for (a, b) in [("0-99", "0-98"), ("0-99", "0-49,51-99"), ("x", "0-99")] {
            assert!(!same_slot_texts(a, b), "{a} {b}");
        }
    }
}
