//! When a wait polls.
//!
//! A poll costs a call, and calls count against the quota of the account. A wait therefore has a budget: [`START`]
//! calls, and one more for every [`INTERVAL`]. Several waits that share their polls pay a part of each, so that they
//! can always poll every few seconds. A wait by itself polls every [`PROMPT`] while it has savings, and at most once in
//! [`INTERVAL`] in the long run. If what it waits for has a shortest duration, it saves until then.

use std::time::Duration;

/// Seconds after which the end of a state is seen, as long as the budget allows it.
const PROMPT: f64 = 3.0;

/// Seconds for which a wait gets the budget of one call.
const INTERVAL: f64 = 15.0;

/// Calls that the budget has at the start, for what ends soon.
const START: f64 = 12.0;

/// With so many calls saved, a wait by itself polls every [`PROMPT`]; with fewer, less often.
const PLENTY: f64 = 6.0;

/// Seconds after the first poll.
const FIRST: f64 = 0.5;

/// After so many seconds, a wait that cannot end soon polls sparsely.
const QUICK: f64 = 10.0;

/// Seconds between sparse polls at most, in case AWS is faster than it has ever been seen.
const SPARSE: f64 = 45.0;

/// The polls of one wait so far.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Schedule {
    earliest: Duration,
    spent: f64,
    cost: f64,
}

impl Schedule {
    /// No poll yet. `earliest` is the shortest duration of what is waited for.
    pub(super) fn new(earliest: Duration) -> Self {
        Self { earliest, spent: 0.0, cost: 1.0 }
    }

    /// Records a poll that cost this part of a call.
    pub(super) fn record(&mut self, cost: f64) {
        self.spent += cost;
        self.cost = cost;
    }

    /// The pause that leaves the savings as they are, if each poll costs as much as the last one.
    pub(super) fn steady(&self) -> Duration {
        Duration::from_secs_f64((INTERVAL * self.cost).max(PROMPT))
    }

    /// The pause after a poll, `elapsed` after the beginning of the wait.
    pub(super) fn pause(&self, elapsed: Duration) -> Duration {
        let seconds = elapsed.as_secs_f64();
        let growing = Duration::from_secs_f64(FIRST + seconds / 2.0);
        if self.cost < 1.0 {
            return growing.min(self.steady());
        }
        let until_earliest = self.earliest.saturating_sub(elapsed);
        if !until_earliest.is_zero() && seconds > QUICK {
            let sparse = elapsed.min(Duration::from_secs_f64(SPARSE));
            return sparse.min(until_earliest).max(Duration::from_secs_f64(FIRST));
        }
        let saved = START + seconds / INTERVAL - self.spent;
        let affordable = INTERVAL - (INTERVAL - PROMPT) * saved / PLENTY;
        growing.min(Duration::from_secs_f64(affordable.clamp(PROMPT, INTERVAL * 1.2)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The times of the polls of one wait until `end`, in seconds, and of the one that sees it.
    fn polls(earliest: f64, cost: f64, end: f64) -> Vec<f64> {
        let mut schedule = Schedule::new(Duration::from_secs_f64(earliest));
        let mut times = vec![0.0];
        while let Some(&now) = times.last()
            && now < end
        {
            schedule.record(cost);
            times.push(now + schedule.pause(Duration::from_secs_f64(now)).as_secs_f64());
        }
        times
    }

    /// The ends that are seen last, each right after a poll at a time of two hours, and the seconds until the next
    /// poll. An end at any other time is seen sooner after it.
    fn latest(earliest: f64, cost: f64) -> Vec<(f64, f64)> {
        polls(earliest, cost, 7200.0).array_windows().map(|[poll, next]| (*poll, next - poll)).collect()
    }

    proptest::proptest! {
        #[test]
        fn a_wait_keeps_to_its_budget(earliest in 0.0_f64..600.0, sharers in 1_u32..200) {
            let mut spent = 0.0;
            for time in polls(earliest, 1.0 / f64::from(sharers), 7200.0) {
                spent += 1.0 / f64::from(sharers);
                assert!(spent <= START + time / INTERVAL + 2.0, "{spent} calls in {time} s");
            }
        }

        #[test]
        fn waits_that_share_their_polls_see_the_end_within_five_seconds(
            earliest in 0.0_f64..600.0,
            sharers in 3_u32..200,
        ) {
            for (end, late) in latest(earliest, 1.0 / f64::from(sharers)) {
                assert!(late <= 5.0 + 1e-6, "{late} s after an end at {end} s");
            }
        }

        #[test]
        fn a_wait_by_itself_sees_the_end_within_five_seconds_of_the_shortest_duration(
            earliest in 240.0_f64..1200.0,
        ) {
            for (poll, late) in latest(earliest, 1.0) {
                let before = (earliest - poll).max(0.0);
                let holds = late - before <= 5.0 || poll > earliest + 25.0;
                assert!(holds, "{late} s after a poll at {poll} s, shortest {earliest} s");
            }
        }
    }

    #[test]
    fn a_wait_by_itself_sees_an_end_soon() {
        for (end, late) in latest(0.0, 1.0) {
            let bound = match end {
                ..4.0 => 2.6,
                4.0..15.0 => 6.0,
                15.0..20.0 => 7.0,
                20.0..60.0 => 11.0,
                _ => INTERVAL * 1.2,
            };
            assert!(late <= bound, "{late} s after an end at {end} s");
        }
    }

    /// A failure of what cannot succeed yet.
    #[test]
    fn an_early_end_is_seen_before_the_shortest_duration() {
        for (end, late) in latest(1200.0, 1.0) {
            assert!(late <= end.min(SPARSE) + FIRST, "{late} s after an end at {end} s");
        }
    }

    /// A group that is created in eight minutes, by itself: fewer than one call in ten seconds.
    #[test]
    fn a_wait_saves_until_the_shortest_duration() {
        let waiting = polls(240.0, 1.0, 240.0);
        assert!(waiting.len() <= 16, "{waiting:?}");
        assert!(polls(240.0, 1.0, 480.0).len() <= 48);
    }
}
