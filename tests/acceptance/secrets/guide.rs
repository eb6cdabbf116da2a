//! The guide "From an AUTH token to users", applied as it is written.

use std::collections::BTreeMap;

use terraform_provider_elasticache::aws::Secret;
use terraform_provider_elasticache::resources::common::connection::url::RedisUrl;

use crate::secrets::held::{current, described, opens, parameter};
use crate::simulator::{Fault, on};
use crate::world::World;

const GUIDE: &str = include_str!("../../../docs/guides/auth-token-to-users.md");

/// What stands for `# ...` in the guide.
const SECRET: &str = "name = \"app/token\"\ngenerate = { length = 64, special = true }";
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
        "resource \"elasticache_auth_token_secret\" \"token\" {{\n{SECRET}\n}}\n\
         resource \"elasticache_replication_group\" \"this\" {{\n{CACHE}{TOKEN}}}\n{READERS}"
    );
    let world = World::new(&before);
    world.terraform.apply();
    let token = current(&world, "app/token");
    assert_eq!(opens(&world, "cache"), [token.as_str()]);
    let published = || {
        let url = RedisUrl::parse(&parameter(&world, "/app/redis_url")).unwrap();
        url.password.as_ref().map(Secret::expose).map(str::to_owned)
    };

    // 1. The users have the token as their password; the group does not know them yet.
    world.terraform.configure(&format!("{before}{users}"));
    let create = || "create".to_owned();
    assert_eq!(
        world.terraform.plan().actions(),
        BTreeMap::from([("elasticache_user.app", create()), ("elasticache_user_group.app", create())])
    );
    world.terraform.apply();
    world.terraform.assert_unchanged();
    assert_eq!(world.control(|aws| aws.login("app")), [token.as_str()]);
    assert_eq!(opens(&world, "cache"), [token.as_str()]);

    // 2. The group moves. Where that fails, its token is still in the secret.
    let secret_stays = format!("{moved}{READERS}{users}");
    world.terraform.configure(&secret_stays);
    let refusal = Fault::code("InvalidParameterValue", "Refused.");
    world.aws.fault(on("elasticache", "ModifyReplicationGroup"), refusal);
    world.terraform.apply_fails();
    assert_eq!(opens(&world, "cache"), [token.as_str()]);
    assert_eq!((current(&world, "app/token"), published()), (token.clone(), Some(token.clone())));
    let warnings: String = world.terraform.apply().iter().map(ToString::to_string).collect();
    assert!(!warnings.contains("Keep the secret of the old AUTH token"), "{warnings}");
    world.terraform.assert_unchanged();
    assert_eq!(opens(&world, "cache"), [""], "no token opens it, and none is needed");
    assert_eq!(world.control(|aws| aws.login("app")), [token.as_str()]);
    assert_eq!(published(), Some(token));
    let guarded = world.terraform.run(&["plan", "-destroy", "-no-color"]).fails();
    assert!(guarded.stderr.contains("Instance cannot be destroyed"), "{guarded}");

    // 3. The secret goes, once the user has another password.
    let (group, _) = moved.split_once("resource \"elasticache_auth_token_secret\"").unwrap();
    let users = users
        .replace("ephemeral.elasticache_auth_token_secret.token.auth_token", "\"another-password-1\"")
        .replace("passwords_wo_version = 1", "passwords_wo_version = 2");
    world.terraform.configure(&format!("{group}{users}"));
    world.terraform.apply();
    world.terraform.assert_unchanged();
    assert_eq!(world.control(|aws| aws.login("app")), ["another-password-1"]);
    assert!(described(&world, "app/token")["DeletedDate"].is_number());
}
