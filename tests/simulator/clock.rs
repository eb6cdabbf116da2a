//! The time the simulated AWS lives in.

use super::lock;
use super::protocol::Millis;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::Instant;

/// The moment of Unix time, in milliseconds, at which every simulation begins: 2026-01-05T00:00:00Z,
/// a Monday. It is fixed so that dates in answers are the same in every run.
pub const EPOCH: u64 = 1_767_571_200_000;

/// The simulated clock. It stands still until it is told otherwise; copies share one time.
#[derive(Debug, Clone)]
pub struct Clock(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    /// Time up to `since`.
    elapsed: Duration,
    /// When `elapsed` was taken; by the time of the runtime, which a test may have paused.
    since: Instant,
    /// Simulated seconds in a real second.
    scale: f64,
    /// By how much each API call moves the time on.
    per_call: Duration,
}

impl State {
    fn now(&self) -> Duration {
        self.elapsed + self.since.elapsed().mul_f64(self.scale)
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(State {
            elapsed: Duration::ZERO,
            since: Instant::now(),
            scale: 0.0,
            per_call: Duration::ZERO,
        })))
    }
}

impl Clock {
    /// The time since the simulator started.
    pub fn now(&self) -> Millis {
        millis(lock(&self.0).now())
    }

    /// Moves the time on.
    pub fn advance(&self, by: Duration) {
        lock(&self.0).elapsed += by;
    }

    /// Makes each API call move the time on by this much, before it is carried out. A program that
    /// waits by asking then reaches every state after so many questions, however little it sleeps.
    pub fn set_per_call(&self, by: Duration) {
        lock(&self.0).per_call = by;
    }

    /// Lets the time run: `scale` simulated seconds in a real one; 0 stops it again.
    pub fn set_scale(&self, scale: f64) {
        let mut state = lock(&self.0);
        state.elapsed = state.now();
        state.since = Instant::now();
        state.scale = if scale.is_finite() { scale.max(0.0) } else { 0.0 };
    }

    /// The time of a call that comes in now.
    pub(super) fn tick(&self) -> Millis {
        let mut state = lock(&self.0);
        let by = state.per_call;
        state.elapsed += by;
        millis(state.now())
    }
}

fn millis(time: Duration) -> Millis {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX - EPOCH)
}

/// A simulated moment in seconds of Unix time, as JSON protocols write timestamps.
pub fn seconds(now: Millis) -> f64 {
    // Exact for two hundred thousand years.
    #[allow(clippy::cast_precision_loss)]
    let millis = (EPOCH + now) as f64;
    millis / 1000.0
}

/// A simulated moment as XML protocols write it: `2026-01-05T00:00:00.000Z`.
pub fn iso(now: Millis) -> String {
    let millis = EPOCH + now;
    let (days, rest) = (millis / 86_400_000, millis % 86_400_000);
    let (year, month, day) = date(days);
    let (hours, minutes, seconds) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hours:02}:{minutes:02}:{seconds:02}.{:03}Z", rest % 1000)
}

/// The date of a day counted from 1970-01-01, by walking the years and months.
fn date(mut days: u64) -> (u64, usize, u64) {
    let leap = |year: u64| (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400);
    let mut year = 1970;
    while days >= 365 + u64::from(leap(year)) {
        days -= 365 + u64::from(leap(year));
        year += 1;
    }
    let february = 28 + u64::from(leap(year));
    for (month, length) in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].into_iter().enumerate() {
        if days < length {
            return (year, month + 1, days + 1);
        }
        days -= length;
    }
    (year, 12, 31)
}
