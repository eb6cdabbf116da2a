//! Pieces of configurations, and looks at the simulated AWS.

use std::time::{Duration, Instant};

use crate::simulator::Call;
use crate::simulator::elasticache::Durations;
use crate::steer::instant;
use crate::support::terraform::Diagnostic;
use crate::world::World;

/// The address of the cache of [`cache`].
pub const CACHE: &str = "elasticache_serverless_cache.this";

/// The address of the snapshot of [`snapshot`].
pub const SNAPSHOT: &str = "elasticache_serverless_cache_snapshot.this";

/// A serverless cache `cache` with these arguments beside the ones that it requires.
pub fn cache(arguments: &str) -> String {
    let engine = if arguments.contains("engine ") { "" } else { "engine = \"valkey\"\n" };
    format!(
        "resource \"elasticache_serverless_cache\" \"this\" {{\nname = \"cache\"\n{engine}{arguments}\n}}\n"
    )
}

/// A snapshot `before` with these arguments.
pub fn snapshot(arguments: &str) -> String {
    format!(
        "resource \"elasticache_serverless_cache_snapshot\" \"this\" {{\nname = \"before\"\n{arguments}\n}}\n"
    )
}

/// The cache and a snapshot of it, with these arguments too.
pub fn snapshot_of_cache(arguments: &str) -> String {
    let of = format!("serverless_cache_name = elasticache_serverless_cache.this.name\n{arguments}");
    cache("") + &snapshot(&of)
}

/// Applies the configuration and checks that nothing is left to do; the record begins after it.
pub fn applied(configuration: &str) -> World {
    let world = instant(configuration);
    world.applied();
    world.aws.record().clear();
    world
}

/// The calls of this kind that were carried out since the record was cleared.
pub fn done(world: &World, action: &str) -> Vec<Call> {
    world.aws.calls("elasticache", action).into_iter().filter(Call::is_done).collect()
}

/// The actions that changed something since the record was cleared, in order.
pub fn writes(world: &World) -> Vec<String> {
    let reads = |call: &Call| call.action.starts_with("Describe") || call.action.starts_with("List");
    let all = world.aws.record().all();
    let done = all.into_iter().filter(|call| call.service == "elasticache" && call.is_done() && !reads(call));
    done.map(|call| call.action).collect()
}

/// The members of each ModifyServerlessCache that was carried out, without the name.
pub fn modifications(world: &World) -> Vec<Vec<String>> {
    let members = |call: &Call| {
        let names = call.parameters.as_object().unwrap().keys();
        names.filter(|name| *name != "ServerlessCacheName").cloned().collect()
    };
    done(world, "ModifyServerlessCache").iter().map(members).collect()
}

/// Everything that diagnostics say.
pub fn words(diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(|diagnostic| format!("{diagnostic}\n")).collect()
}

/// What an apply that must fail says.
#[track_caller]
pub fn failure(world: &World) -> String {
    words(&world.terraform.apply_fails())
}

/// How long things take from now on.
pub fn durations(world: &World, change: impl FnOnce(&mut Durations)) {
    world.aws.with_world(|aws| aws.elasticache.configure(|config| change(&mut config.durations)));
}

/// Waits, by real time, until a call was made so many times.
#[track_caller]
pub fn until_called(world: &World, action: &str, times: usize) {
    let begin = Instant::now();
    while world.aws.calls("elasticache", action).len() < times {
        assert!(begin.elapsed() < Duration::from_secs(60), "{action} was not called {times} times");
        std::thread::sleep(Duration::from_millis(10));
    }
}
