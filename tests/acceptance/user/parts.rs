//! Pieces of configurations, and looks at the simulated AWS.

use std::time::Duration;

use crate::fixture::Fixture;
use crate::simulator::Call;
use crate::simulator::elasticache::Config;

/// Two passwords for two states of a rotation.
pub const OLD: &str = "the-old-password-1";
pub const NEW: &str = "the-new-password-2";

/// A user of this address and id, with these arguments beside the ones it cannot do without.
pub fn user(name: &str, arguments: &str) -> String {
    let mut whole = format!(
        r#"resource "elasticache_user" "{name}" {{
  user_id = "{name}"
"#
    );
    for (argument, value) in [("user_name", name), ("engine", "redis"), ("access_string", "on ~* +@all")] {
        if !arguments.contains(&format!("{argument} =")) {
            whole += &format!(
                r#"{argument} = "{value}"
"#
            );
        }
    }
    whole + arguments + "\n}\n"
}

/// A user with a password.
pub fn member(name: &str) -> String {
    user(name, &format!(r#"passwords = ["{OLD}"]"#))
}

/// A user group `this` with these arguments beside the ones it cannot do without.
pub fn group(arguments: &str) -> String {
    let engine = if arguments.contains("engine =") {
        ""
    } else {
        r#"engine = "redis"
"#
    };
    format!(
        r#"resource "elasticache_user_group" "this" {{
  user_group_id = "people"
  {engine}{arguments}
}}
"#
    )
}

/// The group `this` with these users as its members, and a default user of its own.
pub fn group_of(names: &[&str]) -> String {
    let ids: Vec<String> = names.iter().map(|name| format!("elasticache_user.{name}.user_id")).collect();
    group(&format!("disabled_default_user = true\nuser_ids = [{}]", ids.join(", ")))
}

/// The association of that user with the group `this`.
pub fn association(name: &str) -> String {
    format!(
        r#"resource "elasticache_user_group_association" "{name}" {{
  user_group_id = elasticache_user_group.this.id
  user_id = elasticache_user.{name}.id
}}
"#
    )
}

/// A fixture in which a change of a user or group is under way for some calls, as in AWS.
pub fn busy(configuration: &str) -> Fixture {
    let fixture = Fixture::new(configuration);
    fixture.aws.clock().set_per_call(Duration::from_secs(5));
    fixture
}

/// Everything is done at the next call from now on.
pub fn hurry(fixture: &Fixture) {
    fixture.aws.with_state(|aws| {
        aws.elasticache.configure(|config| *config = Config { start: config.start, ..Config::instant() });
    });
    fixture.aws.clock().advance(Duration::from_secs(600));
}

/// The calls of this kind that were carried out since the record was cleared.
pub fn done(fixture: &Fixture, action: &str) -> Vec<Call> {
    let mut calls = fixture.aws.calls("elasticache", action);
    calls.retain(Call::is_done);
    calls
}

/// The codes with which calls of this kind were refused since the record was cleared.
pub fn refusals(fixture: &Fixture, action: &str) -> Vec<String> {
    let calls = fixture.aws.calls("elasticache", action);
    calls.iter().filter_map(|call| call.code().map(str::to_owned)).collect()
}

/// The members of the group `people` as AWS has them, in order.
pub fn members(fixture: &Fixture) -> Vec<String> {
    let mut members = fixture.control(|aws| aws.user_group_members("people"));
    members.sort();
    members
}
