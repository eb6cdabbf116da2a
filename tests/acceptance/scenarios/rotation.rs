//! The password of a user in a secret: one rotation reaches the user, the URL and the
//! connection secret in one apply.

use serde_json::json;
use terraform_provider_elasticache::aws::Secret;
use terraform_provider_elasticache::resources::common::connection::url::RedisUrl;

use crate::fixture::Fixture;
use crate::scenarios::chain::chain;
use crate::scenarios::held::{connection, current, opens, parameter};

/// A user that takes its password from a secret, a group of it, and what clients read.
fn users(rotation: &str, user: &str) -> String {
    format!(
        r#"
        resource "elasticache_auth_token_secret" "this" {{
          name     = "app/token"
          generate = {{ length = 64, special = true }}
          rotation = "{rotation}"
        }}
        resource "elasticache_user" "app" {{
          user_id                    = "app"
          user_name                  = "app"
          engine                     = "valkey"
          access_string              = "on ~* +@all"
          password_secret_arn        = elasticache_auth_token_secret.this.arn
          password_secret_version_id = elasticache_auth_token_secret.this.version_id
          {user}
        }}
        resource "elasticache_user_group" "this" {{
          user_group_id = "people"
          engine        = "valkey"
          user_ids      = [elasticache_user.app.user_id]

          lifecycle {{
            create_before_destroy = true
          }}
        }}
        resource "elasticache_replication_group" "this" {{
          replication_group_id       = "cache"
          description                = "of the application"
          node_type                  = "cache.t4g.small"
          engine                     = "valkey"
          engine_version             = "8.0"
          num_cache_clusters         = 2
          automatic_failover_enabled = true
          transit_encryption_enabled = true
          user_group_ids             = [elasticache_user_group.this.id]
        }}
        resource "elasticache_ssm_url" "this" {{
          name                         = "/app/redis_url"
          replication_group            = elasticache_replication_group.this
          username                     = elasticache_user.app.user_name
          auth_token_secret_arn        = elasticache_auth_token_secret.this.arn
          auth_token_secret_version_id = elasticache_auth_token_secret.this.version_id
        }}
        resource "elasticache_connection_secret" "this" {{
          name                         = "app/redis"
          replication_group            = elasticache_replication_group.this
          username                     = elasticache_user.app.user_name
          auth_token_secret_arn        = elasticache_auth_token_secret.this.arn
          auth_token_secret_version_id = elasticache_auth_token_secret.this.version_id
          recovery_window_in_days      = 0
        }}
        "#
    )
}

/// What clients read is the password in the secret; gives it.
#[track_caller]
fn agreed(fixture: &Fixture) -> String {
    let password = current(fixture, "app/token");
    let url = RedisUrl::parse(&parameter(fixture, "/app/redis_url")).unwrap();
    assert_eq!(url.password.as_ref().map(Secret::expose), Some(password.as_str()));
    assert_eq!(url.username.as_deref(), Some("app"));
    assert_eq!(connection(fixture)["auth_token"], json!(password));
    password
}

#[track_caller]
fn valid(fixture: &Fixture) -> Vec<String> {
    fixture.control(|aws| aws.login("app"))
}

/// C11.
#[test]
fn a_rotation_reaches_user_url_and_connection_secret_in_one_apply() {
    let fixture = Fixture::new(&users("1", ""));
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    let first = agreed(&fixture);
    assert_eq!(valid(&fixture), [first.as_str()]);
    let user = fixture.terraform.state("elasticache_user.app");
    assert_eq!(user["password_count"], 1);
    assert!(!user.to_string().contains(&first), "the password is in the state");

    fixture.terraform.configure(&users("2", ""));
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    let second = agreed(&fixture);
    assert_ne!(second, first);
    // Clients that have not read the new one yet are not turned away.
    assert_eq!(valid(&fixture), [second.as_str(), first.as_str()]);
    assert_eq!(fixture.terraform.state("elasticache_user.app")["password_count"], 2);

    // The one before goes when that is asked for.
    fixture.terraform.configure(&users("2", "retain_previous_password = false"));
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    assert_eq!(valid(&fixture), [second.as_str()]);

    fixture.terraform.configure(&users("3", "retain_previous_password = false"));
    let warnings: Vec<_> = fixture.terraform.apply().iter().map(ToString::to_string).collect();
    assert!(warnings.iter().any(|it| it.contains("Current password becomes invalid")), "{warnings:?}");
    fixture.terraform.assert_unchanged();
    assert_eq!(valid(&fixture), [agreed(&fixture)]);
}

/// A password that somebody else puts in place is taken back.
#[test]
fn a_password_changed_by_others_is_put_back() {
    let fixture = Fixture::new(&users("1", ""));
    fixture.terraform.apply();
    let password = agreed(&fixture);
    fixture.other_client(
        "ModifyUser",
        "UserId=app Passwords.member.1=another-password-1 Passwords.member.2=another-password-2",
    );
    fixture.aws.clock().advance(std::time::Duration::from_secs(600));
    fixture.terraform.apply();
    assert_eq!(valid(&fixture), [password]);
    fixture.terraform.assert_unchanged();
}

/// The way from the token to users whose password is in the same secret: the secret stays, so
/// nothing warns, and the group moves while clients can read it. Without it, the plan warns.
#[test]
fn users_replace_a_token_whose_secret_they_keep() {
    let before = chain(
        r#"generate = { length = 64, special = true }
rotation = "1""#,
        "",
    )
    .replace(
        r#"engine_version               = "7.1""#,
        r#"engine = "valkey"
engine_version = "8.0""#,
    )
    .replace("num_cache_clusters           = 1", "num_cache_clusters = 2\nautomatic_failover_enabled = true");
    let fixture = Fixture::new(&before);
    fixture.terraform.apply();
    let of_secret = "password_secret_arn        = elasticache_auth_token_secret.this.arn\n          \
                     password_secret_version_id = elasticache_auth_token_secret.this.version_id";
    let after = users("1", "");
    let (_, after) = after.split_once(r#"resource "elasticache_user" "app""#).unwrap();
    let (access, _) = after.split_once(r#"resource "elasticache_ssm_url""#).unwrap();
    assert!(access.contains(of_secret));
    let access = access.replace(of_secret, r#"passwords = ["another-password-1"]"#);
    fixture.terraform.configure(&format!(r#"resource "elasticache_user" "app"{access}"#));
    let warnings: Vec<_> = fixture.terraform.plan().diagnostics.iter().map(ToString::to_string).collect();
    assert!(warnings.iter().any(|it| it.contains("Keep the secret of the old AUTH token")), "{warnings:?}");

    fixture.terraform.configure(&users("1", ""));
    let warnings: Vec<_> = fixture.terraform.apply().iter().map(ToString::to_string).collect();
    assert!(!warnings.iter().any(|it| it.contains("Keep the secret of the old AUTH token")), "{warnings:?}");
    assert_eq!(opens(&fixture, "cache"), [""]);
    let password = agreed(&fixture);
    assert_eq!(valid(&fixture), [password]);
}
