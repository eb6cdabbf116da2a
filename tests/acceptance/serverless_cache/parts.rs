//! Pieces of configurations, and looks at the simulated AWS.

use crate::aws_control::instant;
use crate::fixture::Fixture;
use crate::simulator::Call;

/// The address of the cache of [`cache`].
pub const CACHE: &str = "elasticache_serverless_cache.this";

/// The address of the snapshot of [`snapshot`].
pub const SNAPSHOT: &str = "elasticache_serverless_cache_snapshot.this";

/// A serverless cache `cache` with these arguments beside the ones that it requires.
pub fn cache(arguments: &str) -> String {
    let engine = if arguments.contains("engine ") {
        ""
    } else {
        r#"engine = "valkey"
"#
    };
    format!(
        r#"resource "elasticache_serverless_cache" "this" {{
  name = "cache"
  {engine}{arguments}
}}
"#
    )
}

/// A snapshot `before` with these arguments.
pub fn snapshot(arguments: &str) -> String {
    format!(
        r#"resource "elasticache_serverless_cache_snapshot" "this" {{
  name = "before"
  {arguments}
}}
"#
    )
}

/// The cache and a snapshot of it, with these arguments too.
pub fn snapshot_of_cache(arguments: &str) -> String {
    let of = format!("serverless_cache_name = elasticache_serverless_cache.this.name\n{arguments}");
    cache("") + &snapshot(&of)
}

/// Applies the configuration and checks that nothing is left to do; the record begins after it.
pub fn applied(configuration: &str) -> Fixture {
    let fixture = instant(configuration);
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture
}

/// The calls of this kind that were carried out since the record was cleared.
pub fn done(fixture: &Fixture, action: &str) -> Vec<Call> {
    fixture.aws.calls("elasticache", action).into_iter().filter(Call::is_done).collect()
}

/// The members of each ModifyServerlessCache that was carried out, without the name.
pub fn modifications(fixture: &Fixture) -> Vec<Vec<String>> {
    let members = |call: &Call| {
        let names = call.parameters.as_object().unwrap().keys();
        names.filter(|name| *name != "ServerlessCacheName").cloned().collect()
    };
    done(fixture, "ModifyServerlessCache").iter().map(members).collect()
}
