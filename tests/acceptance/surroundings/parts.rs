//! What the cases share.

use std::time::{Duration, Instant};

use crate::simulator::Call;
use crate::support::terraform::Diagnostic;
use crate::world::World;

/// Everything that diagnostics say.
pub fn words(diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(|diagnostic| format!("{diagnostic}\n")).collect()
}

/// What an apply that must fail says.
#[track_caller]
pub fn told(world: &World) -> String {
    words(&world.terraform.apply_fails())
}

/// The actions of a service that changed something since the record was cleared, in order.
pub fn writes(world: &World, service: &str) -> Vec<String> {
    let reads = |call: &Call| call.action.starts_with("Describe") || call.action.starts_with("List");
    let all = world.aws.record().all();
    let done = all.into_iter().filter(|call| call.service == service && call.is_done() && !reads(call));
    done.map(|call| call.action).collect()
}

/// Waits, by real time, until a call was made so many times.
#[track_caller]
pub fn until_called(world: &World, service: &str, action: &str, times: usize) {
    let begin = Instant::now();
    while world.aws.calls(service, action).len() < times {
        assert!(begin.elapsed() < Duration::from_secs(60), "{action} was not called {times} times");
        std::thread::sleep(Duration::from_millis(10));
    }
}
