//! `elasticache_ssm_url` in depth.

use serde_json::{Value, json};

use crate::secrets::chain::chain;
use crate::secrets::held::{current, parameter};
use crate::simulator::{Fault, on};
use crate::support::terraform::only;
use crate::world::World;

const URL: &str = "elasticache_ssm_url.this";
const NAME: &str = "/app/redis_url";
const TOKEN: &str = "token-0123456789abcdef";
const OTHER: &str = "other-0123456789abcdef";

/// The URL of a host with these lines.
fn url(lines: &str) -> String {
    format!(
        "resource \"elasticache_ssm_url\" \"this\" {{\n  name = {NAME:?}\n  host = \"cache.example\"\n  \
         transit_encryption_enabled = true\n  {lines}\n}}\n"
    )
}

/// What DescribeParameters shows of the parameter.
fn described(world: &World) -> Value {
    let filter = json!({ "ParameterFilters": [{ "Key": "Name", "Values": [NAME] }] });
    world.ask("ssm", "DescribeParameters", &filter)["Parameters"][0].clone()
}

/// Another client writes the parameter.
fn write(world: &World, value: &str) {
    let input = json!({ "Name": NAME, "Value": value, "Type": "SecureString", "Overwrite": true });
    world.ask("ssm", "PutParameter", &input);
}

#[test]
fn every_token_that_aws_takes_survives_the_url() {
    // Every special character at the beginning, in the middle and at the end.
    let tokens = "!&#$^<>-".chars().map(|c| format!("{c}middle{c}0123456789{c}"));
    let world = World::new("");
    for (version, token) in tokens.chain(["!&#$^<>-".repeat(16), "0123456789abcdef".to_owned()]).enumerate() {
        // In HCL `$${` alone would need quoting, and no brace is allowed in a token.
        let by_value = version % 2 == 0;
        let lines = match by_value {
            true => format!("auth_token = {token:?}"),
            false => format!("auth_token_wo = {token:?}\nauth_token_wo_version = {version}"),
        };
        world.terraform.configure(&url(&lines));
        world.terraform.apply();
        let stored = parameter(&world, NAME);
        let encoded =
            stored.strip_prefix("rediss://:").and_then(|rest| rest.strip_suffix("@cache.example:6379"));
        let encoded = encoded.unwrap_or_else(|| panic!("{stored}"));
        assert!(encoded.chars().all(|c| c.is_ascii_alphanumeric() || "%-".contains(c)), "{encoded}");
        let decoded = percent_encoding::percent_decode_str(encoded).decode_utf8().unwrap();
        assert_eq!(decoded, token);
        assert_eq!(world.terraform.text(URL, "url"), "rediss://cache.example:6379");
    }
}

#[test]
fn the_three_ways_to_give_a_token_and_from_one_to_another() {
    let world = World::new("");
    let input = json!({ "Name": "theirs", "SecretString": OTHER, "ClientRequestToken": "a".repeat(32) });
    let made = world.ask("secretsmanager", "CreateSecret", &input);
    let by_reference = format!(
        "auth_token_secret_arn = {}\nauth_token_secret_version_id = {}",
        made["ARN"], made["VersionId"]
    );
    let by_value = format!("auth_token = {TOKEN:?}");
    let write_only = format!("auth_token_wo = {OTHER:?}\nauth_token_wo_version = 7");
    let with = |token: &str| format!("rediss://:{token}@cache.example:6379");
    for (lines, token) in [
        (&by_value, TOKEN),
        (&by_reference, OTHER),
        (&by_value, TOKEN),
        (&write_only, OTHER),
        (&by_reference, OTHER),
        (&write_only, OTHER),
    ] {
        world.then(&url(lines));
        assert_eq!(parameter(&world, NAME), with(token));
        assert_eq!(world.terraform.text(URL, "url"), "rediss://cache.example:6379");
    }
    // The same token given in another way is not written again.
    assert_eq!(world.terraform.state(URL)["version"], 4);
    world.then(&url(""));
    assert_eq!(parameter(&world, NAME), "rediss://cache.example:6379");
    // As the password of a user it need not be a token.
    world.then(&url("username = \"app\"\nauth_token = \"p@ss/w\\\"rd\""));
    assert_eq!(parameter(&world, NAME), "rediss://app:p%40ss%2Fw%22rd@cache.example:6379");
}

#[test]
fn a_secret_that_holds_no_token_writes_no_url() {
    let world = World::new("");
    let input = json!({ "Name": "theirs", "SecretString": "p@ss", "ClientRequestToken": "a".repeat(32) });
    let made = world.ask("secretsmanager", "CreateSecret", &input);
    let lines = format!(
        "auth_token_secret_arn = {}\nauth_token_secret_version_id = {}",
        made["ARN"], made["VersionId"]
    );
    world.terraform.configure(&url(&lines));
    let failed = world.terraform.apply_fails();
    let problem = only(&failed);
    assert!(problem.line.starts_with("auth_token_secret_arn"), "{problem}");
    assert!(problem.detail.contains("The token must have 16 to 128 characters, but has 4."), "{problem}");
    assert!(world.aws.calls("ssm", "PutParameter").is_empty());
    // A user's password may be of any form.
    world.then(&url(&format!("username = \"app\"\n{lines}")));
    assert_eq!(parameter(&world, NAME), "rediss://app:p%40ss@cache.example:6379");
}

#[test]
fn several_urls_of_one_group_follow_its_token_together() {
    let more = r#"
        resource "elasticache_ssm_url" "celery" {
          name              = "/app/celery_url"
          replication_group = elasticache_replication_group.this
          database          = 1
          parameters        = { ssl_cert_reqs = "required" }
        }
        resource "elasticache_ssm_url" "reader" {
          name                = "/app/reader_url"
          replication_group   = elasticache_replication_group.this
          use_reader_endpoint = true
        }
    "#;
    let group = "num_cache_clusters = 2";
    let configuration =
        |secret: &str| chain(secret, "").replace("num_cache_clusters         = 1", group) + more;
    let world = World::new(&configuration("generate = {}"));
    world.terraform.apply();
    for rotation in ["1", "2"] {
        world.terraform.configure(&configuration(&format!("generate = {{}}\nrotation = {rotation:?}")));
        world.terraform.apply();
        world.terraform.assert_unchanged();
        let token = current(&world, "app/token");
        let state = world.terraform.state("elasticache_replication_group.this");
        let (host, reader) =
            (state["endpoint"].as_str().unwrap(), state["reader_endpoint"].as_str().unwrap());
        assert_ne!(host, reader);
        assert_eq!(parameter(&world, NAME), format!("rediss://:{token}@{host}:6379"));
        let celery = format!("rediss://:{token}@{host}:6379/1?ssl_cert_reqs=required");
        assert_eq!(parameter(&world, "/app/celery_url"), celery);
        assert_eq!(parameter(&world, "/app/reader_url"), format!("rediss://:{token}@{reader}:6379"));
    }
}

#[test]
fn a_stored_url_that_somebody_changed_is_put_back() {
    let world = World::new(&chain("generate = {}", ""));
    world.applied();
    let good = parameter(&world, NAME);
    let host = world.terraform.text("elasticache_replication_group.this", "endpoint");
    // Another token shows in nothing that the state holds but the version.
    for (changes, drift) in
        [format!("rediss://:{OTHER}@{host}:6379"), "redis://elsewhere:1".to_owned(), "nonsense".to_owned()]
            .iter()
            .enumerate()
    {
        write(&world, drift);
        world.terraform.plan().assert_update(URL, &["url", "version"]);
        world.terraform.apply();
        world.terraform.assert_unchanged();
        assert_eq!(parameter(&world, NAME), good, "{drift}");
        assert_eq!(world.terraform.state(URL)["version"], 3 + 2 * changes);
    }
    // Written again as it was: there is nothing to write.
    write(&world, &good);
    world.terraform.apply();
    world.terraform.assert_unchanged();
    assert_eq!(world.terraform.state(URL)["version"], 8);
}

#[test]
fn tier_and_key() {
    let filler = "parameters = { filler = join(\"\", [for i in range(1000) : \"12345\"]) }";
    let world = World::new(&url(&format!("tier = \"Advanced\"\nauth_token = {TOKEN:?}\n{filler}")));
    world.terraform.apply();
    world.terraform.assert_unchanged();
    assert!(parameter(&world, NAME).len() > 5000);
    assert_eq!(described(&world)["Tier"], "Advanced");
    assert_eq!(described(&world)["KeyId"], "alias/aws/ssm");

    // The key changes in place and encrypts what is written from then on.
    let key = format!("tier = \"Advanced\"\nkey_id = \"alias/app\"\nauth_token = {TOKEN:?}");
    world.terraform.configure(&url(&key));
    world.terraform.plan().assert_update(URL, &["key_id", "parameters", "url", "version"]);
    world.applied();
    assert_eq!(described(&world)["KeyId"], "alias/app");
    // AWS goes back to the standard tier only with a new parameter.
    world.terraform.configure(&url(&format!("tier = \"Standard\"\nauth_token = {TOKEN:?}")));
    world.terraform.plan().assert_replace(URL, &["tier"]);
    world.applied();
    assert_eq!(described(&world)["Tier"], "Standard");

    // Intelligent-Tiering takes what is needed.
    world.terraform.destroy();
    world.then(&url("tier = \"Intelligent-Tiering\""));
    assert_eq!(described(&world)["Tier"], "Standard");
    world.terraform.configure(&url(&format!("tier = \"Intelligent-Tiering\"\n{filler}")));
    world.terraform.apply();
    world.terraform.assert_unchanged();
    assert_eq!(described(&world)["Tier"], "Advanced");
}

#[test]
fn what_somebody_else_made_is_only_overwritten_when_told() {
    let world = World::new(&url(&format!("auth_token = {TOKEN:?}")));
    write(&world, "theirs");
    let failed = world.terraform.apply_fails();
    assert!(only(&failed).detail.contains("set `overwrite = true`"), "{failed:?}");
    assert_eq!(parameter(&world, NAME), "theirs");
    // Nor is it destroyed.
    world.terraform.destroy();
    assert_eq!(parameter(&world, NAME), "theirs");
    world.then(&url(&format!("auth_token = {TOKEN:?}\noverwrite = true")));
    assert_eq!(parameter(&world, NAME), format!("rediss://:{TOKEN}@cache.example:6379"));
}

#[test]
fn a_create_whose_answer_was_lost_is_known_again() {
    let world = World::new(&url("tags = { team = \"a\" }"));
    world.aws.fault(on("ssm", "PutParameter"), Fault::AppliedButResponseLost);
    assert_eq!(world.terraform.apply(), []);
    world.terraform.assert_unchanged();
    assert_eq!(world.terraform.state(URL)["version"], 1);
    // The same with the whole state lost, as when everything was killed: the user is told.
    std::fs::remove_file(world.terraform.path().join("terraform.tfstate")).unwrap();
    let warnings = world.terraform.apply();
    assert_eq!(only(&warnings).summary, format!("SSM parameter {NAME:?} already existed"));
    world.terraform.assert_unchanged();
    // Anything that differs is somebody else's.
    std::fs::remove_file(world.terraform.path().join("terraform.tfstate")).unwrap();
    world.terraform.configure(&url("tags = { team = \"b\" }"));
    let failed = world.terraform.apply_fails();
    assert_eq!(only(&failed).summary, format!("SSM parameter {NAME:?} already exists"));
}
