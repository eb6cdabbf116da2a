//! `revrx-redis`: what the guide makes by hand, argument by argument.

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::{assert_sent, created, output, settle, standing_in, using};
use crate::world::World;

const ROOT: &str = r#"
module "redis" {
  source = "./modules/revrx-redis"

  subnet_ids            = ["subnet-00000001", "subnet-00000002"]
  app_security_group_id = elasticache_security_group.app_servers.id
}

resource "elasticache_security_group" "app_servers" {
  name   = "app-servers"
  vpc_id = "vpc-00000001"
}

output "redis" {
  value = module.redis
}
"#;

/// The token that Secrets Manager holds.
fn token(world: &World) -> String {
    let input = json!({ "SecretId": "revrx-redis-prod/auth-token" });
    let found = world.ask("secretsmanager", "GetSecretValue", &input);
    found["SecretString"].as_str().unwrap().to_owned()
}

/// The module with nothing given is the guide's call, and its outputs are the lines of the guide's `.env`.
#[test]
fn the_group_of_the_guide() {
    let world = using("revrx-redis", ROOT);
    settle(&world);
    let token = token(&world);
    assert_eq!(token.len(), 32);
    assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    assert_sent(
        &created(&world),
        &[
            ("ReplicationGroupId", Some("revrx-redis-prod")),
            ("ReplicationGroupDescription", Some("RevRx Report Processing Queue")),
            ("Engine", Some("redis")),
            ("EngineVersion", Some("7.1")),
            ("CacheNodeType", Some("cache.r7g.large")),
            ("NumCacheClusters", Some("2")),
            ("AutomaticFailoverEnabled", Some("true")),
            ("MultiAZEnabled", Some("true")),
            ("CacheSubnetGroupName", Some("revrx-redis-subnet-group")),
            ("AtRestEncryptionEnabled", Some("true")),
            ("TransitEncryptionEnabled", Some("true")),
            ("AuthToken", Some(&token)),
            ("SnapshotRetentionLimit", Some("7")),
            ("PreferredMaintenanceWindow", Some("sun:05:00-sun:07:00")),
            ("Tags.Tag.1.Key", Some("Environment")),
            ("Tags.Tag.1.Value", Some("production")),
            ("Tags.Tag.2.Key", Some("Service")),
            ("Tags.Tag.2.Value", Some("revrx")),
        ],
    );
    let outputs = output(&world, "redis");
    // `aws ec2 authorize-security-group-ingress` of the guide.
    let rules = world.aws.calls("ec2", "AuthorizeSecurityGroupIngress");
    assert_eq!(rules.len(), 1);
    assert_sent(
        &rules[0],
        &[
            ("GroupId", outputs["security_group_id"].as_str()),
            ("IpPermissions.1.IpProtocol", Some("tcp")),
            ("IpPermissions.1.FromPort", Some("6379")),
            ("IpPermissions.1.ToPort", Some("6379")),
            (
                "IpPermissions.1.Groups.1.GroupId",
                Some(&world.terraform.text("elasticache_security_group.app_servers", "id")),
            ),
        ],
    );
    let host = outputs["redis_host"].as_str().unwrap();
    assert!(host.starts_with("master.revrx-redis-prod."), "{host}");
    assert_eq!((&outputs["redis_port"], &outputs["redis_db"]), (&json!(6379), &json!(0)));
    assert_eq!(outputs["redis_url"], format!("rediss://:${{REDIS_PASSWORD}}@{host}:6379/0"));
    // The token is in no state and in no output.
    let state = fs::read_to_string(world.terraform.path().join("terraform.tfstate")).unwrap();
    assert!(!state.contains(&token));
    assert_eq!(read_env(&world, &token), environment(host, &token));
    world.destroyed();
}

/// What the guide's `.env` comes to. Celery wants to be told how certificates are checked.
fn environment(host: &str, token: &str) -> String {
    let url = format!("rediss://:{token}@{host}:6379/0");
    format!(
        "REDIS_HOST={host}\nREDIS_PORT=6379\nREDIS_PASSWORD={token}\nREDIS_DB=0\nREDIS_URL={url}\n\
         CELERY_BROKER_URL={url}?ssl_cert_reqs=required\nCELERY_RESULT_BACKEND={url}?ssl_cert_reqs=required\n"
    )
}

/// The `.env` as a shell reads it, with an `aws` that answers as Secrets Manager does.
fn read_env(world: &World, token: &str) -> String {
    let secret = world.terraform.text("module.redis.elasticache_auth_token_secret.this", "arn");
    let bin = world.terraform.path().join("bin");
    fs::create_dir(&bin).unwrap();
    let asked =
        format!("secretsmanager get-secret-value --secret-id {secret} --query SecretString --output text");
    world.terraform.write("bin/aws", &format!("#!/bin/sh\n[ \"$*\" = '{asked}' ] && echo '{token}'\n"));
    world.terraform.program(Path::new("chmod"), &["+x", "bin/aws"]).succeeds();
    let env = world.terraform.run(&["output", "-json", "redis"]).succeeds();
    let env: serde_json::Value = serde_json::from_str(&env.stdout).unwrap();
    world.terraform.write(".env", env["env"].as_str().unwrap());
    let script = "PATH=$PWD/bin:$PATH; . ./.env; for name in REDIS_HOST REDIS_PORT REDIS_PASSWORD REDIS_DB \
                  REDIS_URL CELERY_BROKER_URL CELERY_RESULT_BACKEND; do eval echo $name=\\$$name; done";
    world.terraform.program(Path::new("sh"), &["-c", script]).succeeds().stdout
}

/// 32 random bytes, as `openssl rand` encodes them.
fn random() -> [u8; 32] {
    std::array::from_fn(|_| fastrand::u8(..))
}

/// What `openssl rand -base64 32` prints is refused before anything is asked of AWS.
#[test]
fn a_token_in_base64_is_refused_at_plan_with_the_reason() {
    let world = using("revrx-redis", ROOT);
    for token in [&*STANDARD.encode(random()), "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg="] {
        let given = format!("source = \"./modules/revrx-redis\"\n\n  auth_token = \"{token}\"");
        let said = world.refused(&standing_in(ROOT, &[("source = \"./modules/revrx-redis\"", &given)]));
        assert!(said.contains("openssl rand -base64 32, ends with = and may hold + and /"), "{said}");
        assert!(said.contains("openssl rand -hex 32"), "{said}");
    }
    assert_eq!(world.aws.record().len(), 0);

    // What it says to do instead works.
    let hex: String = random().iter().map(|byte| format!("{byte:02x}")).collect();
    let given = format!("source = \"./modules/revrx-redis\"\n\n  auth_token = \"{hex}\"");
    world.terraform.configure(&standing_in(ROOT, &[("source = \"./modules/revrx-redis\"", &given)]));
    settle(&world);
    assert_eq!(token(&world), hex);
    assert_sent(&created(&world), &[("AuthToken", Some(&hex))]);
    world.destroyed();
}
