//! Hands on the simulated AWS, for the cases that look behind its API.

use std::time::{Duration, Instant};

use crate::fixture::{Fixture, place};
use crate::simulator::elasticache::{Config, Control};
use crate::simulator::protocol::{Params, QueryService};
use crate::simulator::{Call, Simulator};
use crate::support::terraform::Diagnostic;

/// A fixture in which everything is done at the next call.
pub fn instant(configuration: &str) -> Fixture {
    let fixture = Fixture::new(configuration);
    fixture.aws.with_state(|aws| {
        aws.elasticache.configure(|config| *config = Config { start: config.start, ..Config::instant() });
    });
    fixture
}

/// Looks at the simulated ElastiCache, or interferes with it.
pub fn control<T>(aws: &Simulator, act: impl FnOnce(&mut Control<'_>) -> T) -> T {
    let now = aws.clock().now();
    aws.with_state(|fixture| act(&mut fixture.elasticache.at(&place(), now)))
}

/// Calls ElastiCache as another client does.
pub fn ask(aws: &Simulator, action: &str, parameters: &[(&str, &str)]) {
    let now = aws.clock().now();
    let parameters =
        Params(parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect());
    aws.with_state(|fixture| fixture.elasticache.call(&place(), action, &parameters, now)).unwrap();
}

/// Makes a user `someone` and with it the user group `people`.
pub fn people(aws: &Simulator) {
    ask(
        aws,
        "CreateUser",
        &[
            ("UserId", "someone"),
            ("UserName", "default"),
            ("Engine", "redis"),
            ("AccessString", "on ~* +@all"),
            ("NoPasswordRequired", "true"),
        ],
    );
    ask(
        aws,
        "CreateUserGroup",
        &[("UserGroupId", "people"), ("Engine", "redis"), ("UserIds.member.1", "someone")],
    );
}

/// What changed something since the record was cleared, such as `ModifyReplicationGroup`; in order.
pub fn writes(aws: &Simulator) -> Vec<String> {
    let reads = |call: &Call| call.action.starts_with("Describe") || call.action.starts_with("List");
    let all = aws.record().all();
    all.into_iter()
        .filter(|call| call.service == "elasticache" && call.is_done() && !reads(call))
        .map(|call| call.action)
        .collect()
}

/// The ModifyReplicationGroup that were carried out since the record was cleared.
pub fn modifications(aws: &Simulator) -> Vec<Call> {
    aws.calls("elasticache", "ModifyReplicationGroup").into_iter().filter(Call::is_done).collect()
}

/// Everything that diagnostics say.
pub fn words(diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(|diagnostic| format!("{diagnostic}\n")).collect()
}

/// What an apply that must fail says.
#[track_caller]
pub fn failure(fixture: &Fixture) -> String {
    words(&fixture.terraform.apply_fails())
}

/// What a plan that must fail says.
#[track_caller]
pub fn plan_failure(fixture: &Fixture) -> String {
    words(&fixture.terraform.plan_fails())
}

/// The actions of a service that changed something since the record was cleared, in order.
pub fn writes_to(fixture: &Fixture, service: &str) -> Vec<String> {
    let reads = |call: &Call| call.action.starts_with("Describe") || call.action.starts_with("List");
    let all = fixture.aws.record().all();
    let done = all.into_iter().filter(|call| call.service == service && call.is_done() && !reads(call));
    done.map(|call| call.action).collect()
}

/// Waits, by real time, until a call was made so many times.
#[track_caller]
pub fn until_called(fixture: &Fixture, service: &str, action: &str, times: usize) {
    let begin = Instant::now();
    while fixture.aws.calls(service, action).len() < times {
        assert!(begin.elapsed() < Duration::from_secs(60), "{action} was not called {times} times");
        std::thread::sleep(Duration::from_millis(10));
    }
}
