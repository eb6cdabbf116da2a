//! The simulated calendar: instants as AWS writes them, weekly and daily windows.

use super::faults;
use super::protocol::{Millis, ServiceError};

const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const DAY: u32 = 24 * 60;
const WEEK: u32 = 7 * DAY;

/// Milliseconds since 1970 as AWS writes them: `2026-01-05T00:00:00.000Z`.
pub(super) fn iso(unix_millis: u64) -> String {
    let (year, month, day) = civil(unix_millis / 86_400_000);
    let rest = unix_millis % 86_400_000;
    let (hour, minute) = (rest / 3_600_000, rest / 60_000 % 60);
    let (second, milli) = (rest / 1000 % 60, rest % 1000);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
}

/// The day and minute in a name of an automatic snapshot: `2026-01-05-00-00`.
pub(super) fn stamp(unix_millis: u64) -> String {
    iso(unix_millis).chars().take(16).map(|c| if c == 'T' || c == ':' { '-' } else { c }).collect()
}

/// Reads `2026-01-05T00:00:00[.000]Z`.
pub(super) fn parse_iso(text: &str) -> Option<u64> {
    let (date, time) = text.trim_end_matches('Z').split_once('T')?;
    let date: Vec<u64> = date.split('-').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let (clock, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let clock: Vec<u64> = clock.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let (&[year, month, day], &[hour, minute, second]) = (date.as_slice(), clock.as_slice()) else {
        return None;
    };
    let milli: u64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    Some(days(year, month, day)? * 86_400_000 + ((hour * 60 + minute) * 60 + second) * 1000 + milli)
}

/// Year, month and day of a day counted from 1970-01-01 (the usual era arithmetic).
fn civil(days: u64) -> (u64, u64, u64) {
    let z = days + 719_468;
    let era = z / 146_097;
    let day_of_era = z % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

fn days(year: u64, month: u64, day: u64) -> Option<u64> {
    if year < 1970 || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let era = year / 400;
    let year_of_era = year % 400;
    let shifted = if month > 2 { month - 3 } else { month + 9 };
    let day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + (153 * shifted + 2) / 5 + day - 1;
    (era * 146_097 + day_of_era).checked_sub(719_468)
}

/// A stretch of time that comes back every week or every day, in minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    /// Minutes from the start of the period: Sunday midnight, or midnight.
    start: u32,
    length: u32,
    period: u32,
}

impl Window {
    /// Reads `ddd:hh:mm-ddd:hh:mm`. At least an hour (API model, `PreferredMaintenanceWindow`).
    pub(super) fn weekly(text: &str) -> Result<Self, ServiceError> {
        let bad = || faults::value(format!("Invalid maintenance window format: {text}"));
        let (from, to) = text.split_once('-').ok_or_else(bad)?;
        let window =
            Self::between(week_minute(from).ok_or_else(bad)?, week_minute(to).ok_or_else(bad)?, WEEK);
        if window.length < 60 {
            return Err(faults::value("The maintenance window must be at least 60 minutes."));
        }
        Ok(window)
    }

    /// Reads `hh:mm-hh:mm`. The refusal of short ones is worded as in hashicorp/aws #2153.
    pub(super) fn daily(text: &str) -> Result<Self, ServiceError> {
        let bad = || faults::value(format!("Invalid snapshot window format: {text}"));
        let (from, to) = text.split_once('-').ok_or_else(bad)?;
        let window = Self::between(day_minute(from).ok_or_else(bad)?, day_minute(to).ok_or_else(bad)?, DAY);
        if window.length < 60 {
            return Err(faults::value("Snapshot window must be at least 60 minutes."));
        }
        Ok(window)
    }

    fn between(start: u32, end: u32, period: u32) -> Self {
        Self { start, length: (end + period - start) % period, period }
    }

    /// Whether a weekly and a daily window touch.
    pub(super) fn overlaps(self, other: Self) -> bool {
        let minutes = |window: Self| {
            (0..WEEK / window.period).flat_map(move |turn| {
                (0..window.length).map(move |m| (turn * window.period + window.start + m) % WEEK)
            })
        };
        let mine: std::collections::BTreeSet<u32> = minutes(self).collect();
        minutes(other).any(|minute| mine.contains(&minute))
    }

    /// The first instant at or after this one when the window opens.
    pub(super) fn next_opening(self, unix_millis: u64) -> u64 {
        // 1970-01-01 was a Thursday.
        let shift = if self.period == WEEK { u64::from(4 * DAY) } else { 0 };
        let period = u64::from(self.period) * 60_000;
        let offset = (unix_millis + shift * 60_000) % period;
        let start = u64::from(self.start) * 60_000;
        unix_millis + (start + period - offset) % period
    }
}

impl std::fmt::Display for Window {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let write = |minute: u32| {
            let clock = format!("{:02}:{:02}", minute % DAY / 60, minute % 60);
            match DAYS.get((minute / DAY) as usize) {
                Some(day) if self.period == WEEK => format!("{day}:{clock}"),
                _ => clock,
            }
        };
        write!(f, "{}-{}", write(self.start), write((self.start + self.length) % self.period))
    }
}

fn day_minute(text: &str) -> Option<u32> {
    let (hour, minute) = text.trim().split_once(':')?;
    if hour.len() != 2 || minute.len() != 2 {
        return None;
    }
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

fn week_minute(text: &str) -> Option<u32> {
    let (day, clock) = text.trim().split_once(':')?;
    let day = DAYS.iter().position(|name| name.eq_ignore_ascii_case(day))?;
    Some(u32::try_from(day).ok()? * DAY + day_minute(clock)?)
}

/// Simulated time on the calendar.
pub(super) fn unix(start: u64, now: Millis) -> u64 {
    start + now
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn instants_are_read_and_written() {
        let text = "2026-01-05T07:08:09.120Z";
        assert_eq!(iso(parse_iso(text).unwrap()), text);
        assert_eq!(parse_iso("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(iso(951_782_400_000), "2000-02-29T00:00:00.000Z");
        assert_eq!(parse_iso("tomorrow"), None);
        assert_eq!(stamp(0), "1970-01-01-00-00");
    }

    #[test]
    fn windows_keep_their_spelling_but_for_capitals() {
        assert_eq!(Window::weekly("Sun:23:00-mon:01:30").unwrap().to_string(), "sun:23:00-mon:01:30");
        assert_eq!(Window::daily("23:30-00:30").unwrap().to_string(), "23:30-00:30");
        for bad in ["sun:5:00-sun:06:00", "sun:05:00", "foo:05:00-sun:06:00", "sun:05:00-sun:05:30"] {
            assert_eq!(Window::weekly(bad).unwrap_err().code, "InvalidParameterValue", "{bad}");
        }
        assert!(Window::daily("05:00-05:30").is_err());
    }

    #[test]
    fn overlap_is_seen_across_midnight_and_across_the_week() {
        let night = Window::daily("23:30-00:30").unwrap();
        assert!(Window::weekly("sat:23:00-sun:00:00").unwrap().overlaps(night));
        assert!(Window::weekly("sun:00:00-sun:01:00").unwrap().overlaps(night));
        assert!(!Window::weekly("sun:00:30-sun:01:30").unwrap().overlaps(night));
    }

    #[test]
    fn the_next_opening_is_on_the_right_weekday() {
        let monday = parse_iso("2026-01-05T00:00:00Z").unwrap();
        let window = Window::weekly("sun:05:00-sun:06:00").unwrap();
        assert_eq!(iso(window.next_opening(monday)), "2026-01-11T05:00:00.000Z");
        let opening = window.next_opening(monday);
        assert_eq!(window.next_opening(opening), opening);
        assert_eq!(iso(window.next_opening(opening + 1)), "2026-01-18T05:00:00.000Z");
    }
}
