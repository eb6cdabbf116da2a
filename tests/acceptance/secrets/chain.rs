//! A token, the group that it opens, and the URL that applications read.

use crate::secrets::held::{current, opens, parameter};
use crate::simulator::{Fault, on};
use crate::world::World;

pub const GROUP: &str = "elasticache_replication_group.this";
pub const URL: &str = "elasticache_ssm_url.this";

/// A secret with these lines, a group with those that takes its token from there, and the
/// URL of the group.
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
        "#
    )
}

/// Group, secret and URL agree on a token, which this gives.
#[track_caller]
pub fn agreed(world: &World) -> String {
    let token = current(world, "app/token");
    assert_eq!(opens(world, "cache").last(), Some(&token), "the newest token of the group");
    let host = world.terraform.text(GROUP, "endpoint");
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
    assert_eq!(parameter(world, "/app/redis_url"), format!("rediss://:{encoded}@{host}:6379"));
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
        "auth_token_enabled",
        "auth_token_secret_version_id",
        "auth_token_version",
        "pending_modified_values",
    ];
    assert_eq!(changed(GROUP), group);
    assert_eq!(changed(URL), ["replication_group", "version"]);
    let warnings = world.terraform.apply();
    assert!(warnings.iter().any(|w| w.summary == "The old token is still valid"), "{warnings:?}");
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
    for (rotation, (service, action, reached)) in [
        ("secretsmanager", "PutSecretValue", 0),
        ("secretsmanager", "GetSecretValue", 1),
        ("elasticache", "ModifyReplicationGroup", 1),
        ("elasticache", "DescribeCacheClusters", 2),
        ("ssm", "PutParameter", 2),
    ]
    .into_iter()
    .enumerate()
    {
        let before = agreed(&world);
        world.terraform.configure(&chain(&format!("generate = {{}}\nrotation = \"{rotation}\""), ""));
        world.aws.fault(on(service, action), Fault::code("AccessDeniedException", "not now"));
        world.terraform.run(&["apply", "-refresh=false", "-auto-approve"]).fails();
        assert_eq!(world.aws.pending_faults(), 0, "{action} was not called");
        // The clients' token is good, whatever has become of the new one.
        assert!(opens(&world, "cache").contains(&before), "{action}");
        assert!(parameter(&world, "/app/redis_url").contains(&before), "{action}");
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
    assert!(refused.contains("Keep auth_token_secret_arn, or give user_group_ids instead."), "{refused}");
}
