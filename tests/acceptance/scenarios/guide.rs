//! The guide "From an AUTH token to users", applied as it is written.

use std::collections::BTreeMap;

use terraform_provider_elasticache::aws::Secret;
use terraform_provider_elasticache::resources::common::connection::url::RedisUrl;

use crate::fixture::Fixture;
use crate::scenarios::held::{current, described, opens, parameter};
use crate::simulator::{InjectedFault, on};
use crate::support::terraform::is_opentofu;

const GUIDE: &str = include_str!("../../../docs/guides/auth-token-to-users.md");

/// What stands for `# ...` in the guide.
const SECRET: &str = r#"name = "app/token"
generate = { length = 64, special = true }"#;
const CACHE: &str = r#"
  replication_group_id       = "cache"
  description                = "of the application"
  node_type                  = "cache.t4g.small"
  engine                     = "valkey"
  engine_version             = "8.0"
  num_cache_clusters         = 1
  transit_encryption_enabled = true
"#;

/// How the group has its token before.
const TOKEN: &str = r#"
  auth_token_secret_arn        = elasticache_auth_token_secret.token.arn
  auth_token_secret_version_id = elasticache_auth_token_secret.token.version_id
"#;

/// What reads the token.
const READERS: &str = r#"
ephemeral "elasticache_auth_token_secret" "token" {
  secret_id  = elasticache_auth_token_secret.token.arn
  version_id = elasticache_auth_token_secret.token.version_id
}

resource "elasticache_ssm_url" "this" {
  name                         = "/app/redis_url"
  replication_group            = elasticache_replication_group.this
  auth_token_secret_arn        = elasticache_auth_token_secret.token.arn
  auth_token_secret_version_id = elasticache_auth_token_secret.token.version_id
}
"#;

/// The configurations of the guide: the users, and the group and the secret when the group moves.
fn snippets() -> [String; 2] {
    let fenced = GUIDE.split("```terraform\n").skip(1);
    let blocks: Vec<String> = fenced.map(|rest| rest.split("```").next().unwrap().to_owned()).collect();
    let [users, moved] = <[String; 2]>::try_from(blocks).unwrap();
    let moved = moved.replacen("# ...", CACHE, 1).replacen("# ...", SECRET, 1);
    assert!(!moved.contains("# ..."), "{moved}");
    [users, moved]
}

/// E7.
#[test]
fn clients_can_log_in_after_each_apply_of_the_guide() {
    let [users, moved] = snippets();
    let before = format!(
        r#"resource "elasticache_auth_token_secret" "token" {{
  {SECRET}
}}
resource "elasticache_replication_group" "this" {{
  {CACHE}{TOKEN}}}
{READERS}"#
    );
    let fixture = Fixture::new(&before);
    fixture.terraform.apply();
    let token = current(&fixture, "app/token");
    assert_eq!(opens(&fixture, "cache"), [token.as_str()]);
    let published = || {
        let url = RedisUrl::parse(&parameter(&fixture, "/app/redis_url")).unwrap();
        url.password.as_ref().map(Secret::expose).map(str::to_owned)
    };

    // 1. The users have the token as their password; the group does not know them yet.
    fixture.terraform.configure(&format!("{before}{users}"));
    let create = || "create".to_owned();
    assert_eq!(
        fixture.terraform.plan().actions(),
        BTreeMap::from([("elasticache_user.app", create()), ("elasticache_user_group.app", create())])
    );
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    assert_eq!(fixture.control(|aws| aws.login("app")), [token.as_str()]);
    assert_eq!(opens(&fixture, "cache"), [token.as_str()]);

    // 2. The group moves. Where that fails, its token is still in the secret.
    let secret_stays = format!("{moved}{READERS}{users}");
    fixture.terraform.configure(&secret_stays);
    let refusal = InjectedFault::code("InvalidParameterValue", "Refused.");
    fixture.aws.fault(on("elasticache", "ModifyReplicationGroup"), refusal);
    fixture.terraform.apply_fails();
    assert_eq!(opens(&fixture, "cache"), [token.as_str()]);
    assert_eq!((current(&fixture, "app/token"), published()), (token.clone(), Some(token.clone())));
    let warnings: String = fixture.terraform.apply().iter().map(ToString::to_string).collect();
    assert!(!warnings.contains("Keep the secret of the old AUTH token"), "{warnings}");
    fixture.terraform.assert_unchanged();
    assert_eq!(opens(&fixture, "cache"), [""], "no token opens it, and none is needed");
    assert_eq!(fixture.control(|aws| aws.login("app")), [token.as_str()]);
    assert_eq!(published(), Some(token));
    let guarded = fixture.terraform.run(&["plan", "-destroy", "-no-color"]).fails();
    let refused = if is_opentofu() { "Resource instance cannot" } else { "Instance cannot" };
    assert!(guarded.stderr.contains(&format!("{refused} be destroyed")), "{guarded}");

    // 3. The secret goes, once the user has another password.
    let (group, _) = moved.split_once(r#"resource "elasticache_auth_token_secret""#).unwrap();
    let users = users
        .replace("ephemeral.elasticache_auth_token_secret.token.auth_token", r#""another-password-1""#)
        .replace("passwords_wo_version = 1", "passwords_wo_version = 2");
    fixture.terraform.configure(&format!("{group}{users}"));
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    assert_eq!(fixture.control(|aws| aws.login("app")), ["another-password-1"]);
    assert!(described(&fixture, "app/token")["DeletedDate"].is_number());
}
