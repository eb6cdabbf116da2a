//! A token, the group that it opens, and the URL and the JSON that applications read.

use serde_json::{Value, json};

use crate::secrets::held::{arn, connection, current, opens, parameter};
use crate::simulator::{Fault, on};
use crate::world::World;

pub const GROUP: &str = "elasticache_replication_group.this";
pub const URL: &str = "elasticache_ssm_url.this";
pub const CONNECTION: &str = "elasticache_connection_secret.this";

/// A secret with these lines, a group with those that takes its token from there, and URL
/// and connection secret of the group.
pub fn chain(secret: &str, group: &str) -> String {
    format!(
        r#"
        resource "elasticache_auth_token_secret" "this" {{
          name = "app/token"
          {secret}
        }}
        resource "elasticache_replication_group" "this" {{
          replication_group_id         = "cache"
          description                  = "of the application"
          node_type                    = "cache.t4g.small"
          engine_version               = "7.1"
          num_cache_clusters           = 1
          transit_encryption_enabled   = true
          auth_token_secret_arn        = elasticache_auth_token_secret.this.arn
          auth_token_secret_version_id = elasticache_auth_token_secret.this.version_id
          {group}
        }}
        resource "elasticache_ssm_url" "this" {{
          name              = "/app/redis_url"
          replication_group = elasticache_replication_group.this
        }}
        resource "elasticache_connection_secret" "this" {{
          name                    = "app/redis"
          replication_group       = elasticache_replication_group.this
          recovery_window_in_days = 0
        }}
        "#
    )
}

/// Group, URL and both secrets agree on a token, which this gives.
#[track_caller]
pub fn agreed(world: &World) -> String {
    let token = current(world, "app/token");
    assert_eq!(opens(world, "cache").last(), Some(&token), "the newest token of the group");
    let group = world.terraform.state(GROUP);
    let host = group["endpoint"].as_str().unwrap();
    let encoded: String = token
        .bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || b == b'-' {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect();
    let url = format!("rediss://:{encoded}@{host}:6379");
    assert_eq!(parameter(world, "/app/redis_url"), url);
    let expected = json!({
        "auth_token": token, "engine": group["engine"], "host": host, "port": 6379,
        "reader_host": group["reader_endpoint_address"], "ssl": true, "url": url, "username": Value::Null,
    });
    assert_eq!(connection(world), expected);
    token
}

#[test]
fn a_generated_token_goes_to_group_and_url_in_one_apply() {
    let world = World::new(&chain("generate = { length = 64, special = true }", ""));
    world.applied();
    let token = agreed(&world);
    assert_eq!(opens(&world, "cache"), [token]);
    assert_eq!(world.terraform.state(GROUP)["auth_token_version"], 1);
    assert_eq!(world.terraform.state(GROUP)["auth_token_enabled"], true);
}

#[test]
fn a_rotation_reaches_group_and_url_in_the_same_apply() {
    let world = World::new(&chain("generate = {}", ""));
    world.applied();
    let first = agreed(&world);

    world.terraform.configure(&chain("generate = {}\nrotation = \"1\"", ""));
    let plan = world.terraform.plan();
    let changed = |address| plan.changed(address).into_iter().collect::<Vec<_>>();
    let group = [
        "auth_token_last_modified_date",
        "auth_token_secret_version_id",
        "auth_token_version",
        "pending_modified_values",
        "running_values",
    ];
    assert_eq!(changed(GROUP), group);
    assert_eq!(changed(URL), ["replication_group", "version"]);
    assert_eq!(changed(CONNECTION), ["replication_group", "version_id"]);
    let warnings = world.terraform.apply();
    assert!(warnings.iter().any(|w| w.summary == "Old AUTH token is still valid"), "{warnings:?}");
    world.terraform.assert_unchanged();
    let second = agreed(&world);
    assert_eq!(opens(&world, "cache"), [first, second.clone()]);
    assert_eq!(world.terraform.state(GROUP)["auth_token_version"], 2);

    // Once the clients have moved, the old one is retired.
    world.then(&chain("generate = {}\nrotation = \"1\"", "auth_token_update_strategy = \"SET\""));
    assert_eq!(opens(&world, "cache"), [second.as_str()]);
    assert_eq!(agreed(&world), second);
    assert_eq!(world.terraform.state(GROUP)["auth_token_version"], 2);
}

#[test]
fn an_apply_that_fails_in_the_middle_of_a_rotation_is_made_up_for_by_the_next() {
    let world = World::new(&chain("generate = {}", ""));
    world.terraform.apply();
    let of = |secret: &str| on("secretsmanager", "PutSecretValue").with("SecretId", &arn(&world, secret));
    for (rotation, (fault, reached)) in [
        (of("app/token"), 0),
        (on("secretsmanager", "GetSecretValue"), 1),
        (on("elasticache", "ModifyReplicationGroup"), 1),
        (on("elasticache", "DescribeCacheClusters"), 2),
        (on("ssm", "PutParameter"), 2),
        (of("app/redis"), 2),
    ]
    .into_iter()
    .enumerate()
    {
        let action = format!("{fault:?}");
        let before = agreed(&world);
        world.terraform.configure(&chain(&format!("generate = {{}}\nrotation = \"{rotation}\""), ""));
        world.aws.fault(fault, Fault::code("AccessDeniedException", "not now"));
        world.terraform.run(&["apply", "-refresh=false", "-auto-approve"]).fails();
        assert_eq!(world.aws.pending_faults(), 0, "{action} was not called");
        // The clients' token is good, whatever has become of the new one.
        assert!(opens(&world, "cache").contains(&before), "{action}");
        let (url, redis) = (parameter(&world, "/app/redis_url"), connection(&world));
        assert!(opens(&world, "cache").iter().any(|token| url.contains(token)), "{action}");
        assert!(opens(&world, "cache").iter().any(|token| redis["auth_token"] == **token), "{action}");
        let rotated = opens(&world, "cache").last() != Some(&before);
        assert_eq!((current(&world, "app/token") != before, rotated), (reached > 0, reached > 1), "{action}");

        world.aws.record().clear();
        world.terraform.apply();
        world.terraform.assert_unchanged();
        let after = agreed(&world);
        assert_ne!(after, before, "{action}");
        assert_eq!(opens(&world, "cache"), [before, after], "{action}");
        // What is done is not done again.
        assert_eq!(world.modifications().len(), usize::from(reached < 2), "{action}");
    }
}

#[test]
fn a_token_by_reference_is_not_taken_away_but_for_users() {
    let world = World::new(&chain("generate = {}", ""));
    world.terraform.apply();
    let without = chain("generate = {}", "")
        .replace("auth_token_secret_arn        = elasticache_auth_token_secret.this.arn", "")
        .replace("auth_token_secret_version_id = elasticache_auth_token_secret.this.version_id", "");
    let refused = world.refused(&without);
    assert!(refused.contains("Keep auth_token_secret_arn, or set user_group_ids instead."), "{refused}");
}

/// A token that the group does not pass on has to be given to what follows it as well.
#[test]
fn a_url_without_the_token_of_its_group_is_told_before_the_first_apply() {
    let write_only = chain("generate = {}", "")
        .replace(
            "auth_token_secret_arn        = elasticache_auth_token_secret.this.arn",
            "auth_token_wo = \"write-only-token-01\"",
        )
        .replace(
            "auth_token_secret_version_id = elasticache_auth_token_secret.this.version_id",
            "auth_token_wo_version = 1",
        );
    let world = World::new(&write_only);
    let told = world.terraform.plan().diagnostics;
    let mut at: Vec<&str> = told.iter().map(|warning| warning.block.as_str()).collect();
    at.sort_unstable();
    assert_eq!(
        at,
        ["resource \"elasticache_connection_secret\" \"this\"", "resource \"elasticache_ssm_url\" \"this\""]
    );
    for warning in &told {
        assert_eq!(warning.summary, "Replication group requires an AUTH token");
        assert!(warning.line.starts_with("replication_group "), "{warning}");
    }
    world.terraform.apply();
    // Clients may get it another way, and whoever meant that is not told again.
    world.terraform.assert_unchanged();

    let given = "= elasticache_replication_group.this\nauth_token_wo = \"write-only-token-01\"\nauth_token_wo_version = 1\n";
    world.terraform.configure(&write_only.replace("= elasticache_replication_group.this\n", given));
    assert_eq!(world.terraform.apply(), []);
    assert_eq!(connection(&world)["auth_token"], "write-only-token-01");
    world.terraform.assert_unchanged();
}
