//! A token, the group that it opens, and the URL and the JSON that applications read.

use serde_json::{Value, json};

use crate::fixture::Fixture;
use crate::hcl::GROUP;
use crate::scenarios::held::{arn, connection, current, opens, parameter};
use crate::simulator::{InjectedFault, on};

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
pub fn agreed(fixture: &Fixture) -> String {
    let token = current(fixture, "app/token");
    assert_eq!(opens(fixture, "cache").last(), Some(&token), "the newest token of the group");
    let group = fixture.terraform.state(GROUP);
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
    assert_eq!(parameter(fixture, "/app/redis_url"), url);
    let reader = group["reader_endpoint_address"].as_str().unwrap();
    let reader_url = format!("rediss://:{encoded}@{reader}:6379");
    let expected = json!({
        "auth_token": token, "engine": group["engine"], "host": host, "port": 6379,
        "reader_host": reader, "reader_port": 6379, "reader_url": reader_url, "ssl": true, "url": url,
        "username": Value::Null,
    });
    assert_eq!(connection(fixture), expected);
    token
}

#[test]
fn a_generated_token_goes_to_group_and_url_in_one_apply() {
    let fixture = Fixture::new(&chain("generate = { length = 64, special = true }", ""));
    fixture.apply_and_verify();
    let token = agreed(&fixture);
    assert_eq!(opens(&fixture, "cache"), [token]);
    assert_eq!(fixture.terraform.state(GROUP)["auth_token_version"], 1);
    assert_eq!(fixture.terraform.state(GROUP)["auth_token_enabled"], true);
}

#[test]
fn a_rotation_reaches_group_and_url_in_the_same_apply() {
    let fixture = Fixture::new(&chain("generate = {}", ""));
    fixture.apply_and_verify();
    let first = agreed(&fixture);

    fixture.terraform.configure(&chain(
        r#"generate = {}
rotation = "1""#,
        "",
    ));
    let plan = fixture.terraform.plan();
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
    let warnings = fixture.terraform.apply();
    assert!(warnings.iter().any(|w| w.summary == "Old AUTH token is still valid"), "{warnings:?}");
    fixture.terraform.assert_unchanged();
    let second = agreed(&fixture);
    assert_eq!(opens(&fixture, "cache"), [first, second.clone()]);
    assert_eq!(fixture.terraform.state(GROUP)["auth_token_version"], 2);

    // Once the clients have moved, the old one is retired.
    fixture.change_and_verify(&chain(
        r#"generate = {}
rotation = "1""#,
        r#"auth_token_update_strategy = "SET""#,
    ));
    assert_eq!(opens(&fixture, "cache"), [second.as_str()]);
    assert_eq!(agreed(&fixture), second);
    assert_eq!(fixture.terraform.state(GROUP)["auth_token_version"], 2);
}

#[test]
fn an_apply_that_fails_in_the_middle_of_a_rotation_is_made_up_for_by_the_next() {
    let fixture = Fixture::new(&chain("generate = {}", ""));
    fixture.terraform.apply();
    let of = |secret: &str| on("secretsmanager", "PutSecretValue").with("SecretId", &arn(&fixture, secret));
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
        let before = agreed(&fixture);
        fixture.terraform.configure(&chain(
            &format!(
                r#"generate = {{}}
rotation = "{rotation}""#
            ),
            "",
        ));
        fixture.aws.fault(fault, InjectedFault::code("AccessDeniedException", "not now"));
        fixture.terraform.run(&["apply", "-refresh=false", "-auto-approve"]).fails();
        assert_eq!(fixture.aws.pending_faults(), 0, "{action} was not called");
        // The clients' token is good, whatever has become of the new one.
        assert!(opens(&fixture, "cache").contains(&before), "{action}");
        let (url, redis) = (parameter(&fixture, "/app/redis_url"), connection(&fixture));
        assert!(opens(&fixture, "cache").iter().any(|token| url.contains(token)), "{action}");
        assert!(opens(&fixture, "cache").iter().any(|token| redis["auth_token"] == **token), "{action}");
        let rotated = opens(&fixture, "cache").last() != Some(&before);
        assert_eq!(
            (current(&fixture, "app/token") != before, rotated),
            (reached > 0, reached > 1),
            "{action}"
        );

        fixture.aws.record().clear();
        fixture.terraform.apply();
        fixture.terraform.assert_unchanged();
        let after = agreed(&fixture);
        assert_ne!(after, before, "{action}");
        assert_eq!(opens(&fixture, "cache"), [before, after], "{action}");
        // What is done is not done again.
        assert_eq!(fixture.modifications().len(), usize::from(reached < 2), "{action}");
    }
}

#[test]
fn a_token_by_reference_is_not_taken_away_but_for_users() {
    let fixture = Fixture::new(&chain("generate = {}", ""));
    fixture.terraform.apply();
    let without = chain("generate = {}", "")
        .replace("auth_token_secret_arn        = elasticache_auth_token_secret.this.arn", "")
        .replace("auth_token_secret_version_id = elasticache_auth_token_secret.this.version_id", "");
    let refused = fixture.refused(&without);
    assert!(refused.contains("Keep `auth_token_secret_arn`, or set `user_group_ids` instead."), "{refused}");
}

/// A token that the group does not pass on has to be given to what follows it as well.
#[test]
fn a_url_without_the_token_of_its_group_is_told_before_the_first_apply() {
    let write_only = chain("generate = {}", "")
        .replace(
            "auth_token_secret_arn        = elasticache_auth_token_secret.this.arn",
            r#"auth_token_wo = "write-only-token-01""#,
        )
        .replace(
            "auth_token_secret_version_id = elasticache_auth_token_secret.this.version_id",
            "auth_token_wo_version = 1",
        );
    let fixture = Fixture::new(&write_only);
    let message = fixture.terraform.plan().diagnostics;
    let mut at: Vec<&str> = message.iter().map(|warning| warning.block.as_str()).collect();
    at.sort_unstable();
    assert_eq!(
        at,
        [r#"resource "elasticache_connection_secret" "this""#, r#"resource "elasticache_ssm_url" "this""#]
    );
    for warning in &message {
        assert_eq!(warning.summary, "Replication group requires an AUTH token");
        assert!(warning.line.starts_with("replication_group "), "{warning}");
    }
    fixture.terraform.apply();
    // Clients may get it another way, and whoever meant that is not told again.
    fixture.terraform.assert_unchanged();

    let given = r#"= elasticache_replication_group.this
auth_token_wo = "write-only-token-01"
auth_token_wo_version = 1
"#;
    fixture.terraform.configure(&write_only.replace("= elasticache_replication_group.this\n", given));
    assert_eq!(fixture.terraform.apply(), []);
    assert_eq!(connection(&fixture)["auth_token"], "write-only-token-01");
    fixture.terraform.assert_unchanged();
}
