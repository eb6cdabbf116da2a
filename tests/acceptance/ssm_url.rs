//! `elasticache_ssm_url` in depth.

use serde_json::{Value, json};

use crate::fixture::Fixture;
use crate::scenarios::chain::chain;
use crate::scenarios::held::{current, parameter};
use crate::simulator::{InjectedFault, on};
use crate::support::terraform::only;

const URL: &str = "elasticache_ssm_url.this";
const NAME: &str = "/app/redis_url";
const TOKEN: &str = "token-0123456789abcdef";
const OTHER: &str = "other-0123456789abcdef";

/// The URL of a host with these lines.
fn url(lines: &str) -> String {
    format!(
        r#"resource "elasticache_ssm_url" "this" {{
  name = {NAME:?}
  host = "cache.example"
  transit_encryption_enabled = true
  {lines}
}}
"#
    )
}

/// What DescribeParameters shows of the parameter.
fn described(fixture: &Fixture) -> Value {
    let filter = json!({ "ParameterFilters": [{ "Key": "Name", "Values": [NAME] }] });
    fixture.ask("ssm", "DescribeParameters", &filter)["Parameters"][0].clone()
}

/// Another client writes the parameter.
fn write(fixture: &Fixture, value: &str) {
    let input = json!({ "Name": NAME, "Value": value, "Type": "SecureString", "Overwrite": true });
    fixture.ask("ssm", "PutParameter", &input);
}

#[test]
fn every_token_that_aws_takes_survives_the_url() {
    // Every special character at the beginning, in the middle and at the end.
    let tokens = "!&#$^<>-".chars().map(|c| format!("{c}middle{c}0123456789{c}"));
    let fixture = Fixture::new("");
    for (version, token) in tokens.chain(["!&#$^<>-".repeat(16), "0123456789abcdef".to_owned()]).enumerate() {
        // In HCL `$${` alone would need quoting, and no brace is allowed in a token.
        let by_value = version % 2 == 0;
        let lines = match by_value {
            true => format!("auth_token = {token:?}"),
            false => format!("auth_token_wo = {token:?}\nauth_token_wo_version = {version}"),
        };
        fixture.terraform.configure(&url(&lines));
        fixture.terraform.apply();
        let stored = parameter(&fixture, NAME);
        let encoded =
            stored.strip_prefix("rediss://:").and_then(|rest| rest.strip_suffix("@cache.example:6379"));
        let encoded = encoded.unwrap_or_else(|| panic!("{stored}"));
        assert!(encoded.chars().all(|c| c.is_ascii_alphanumeric() || "%-".contains(c)), "{encoded}");
        let decoded = percent_encoding::percent_decode_str(encoded).decode_utf8().unwrap();
        assert_eq!(decoded, token);
        assert_eq!(fixture.terraform.text(URL, "url"), "rediss://cache.example:6379");
    }
}

#[test]
fn the_three_ways_to_give_a_token_and_from_one_to_another() {
    let fixture = Fixture::new("");
    let input = json!({ "Name": "theirs", "SecretString": OTHER, "ClientRequestToken": "a".repeat(32) });
    let created = fixture.ask("secretsmanager", "CreateSecret", &input);
    let by_reference = format!(
        "auth_token_secret_arn = {}\nauth_token_secret_version_id = {}",
        created["ARN"], created["VersionId"]
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
        fixture.change_and_verify(&url(lines));
        assert_eq!(parameter(&fixture, NAME), with(token));
        assert_eq!(fixture.terraform.text(URL, "url"), "rediss://cache.example:6379");
    }
    // The same token given in another way is not written again.
    assert_eq!(fixture.terraform.state(URL)["version"], 4);
    fixture.change_and_verify(&url(""));
    assert_eq!(parameter(&fixture, NAME), "rediss://cache.example:6379");
    // As the password of a user it need not be a token.
    fixture.change_and_verify(&url(r#"username = "app"
auth_token = "p@ss/w\"rd""#));
    assert_eq!(parameter(&fixture, NAME), "rediss://app:p%40ss%2Fw%22rd@cache.example:6379");
}

#[test]
fn a_secret_that_holds_no_token_writes_no_url() {
    let fixture = Fixture::new("");
    let input = json!({ "Name": "theirs", "SecretString": "p@ss", "ClientRequestToken": "a".repeat(32) });
    let created = fixture.ask("secretsmanager", "CreateSecret", &input);
    let lines = format!(
        "auth_token_secret_arn = {}\nauth_token_secret_version_id = {}",
        created["ARN"], created["VersionId"]
    );
    fixture.terraform.configure(&url(&lines));
    let failed = fixture.terraform.apply_fails();
    let problem = only(&failed);
    assert!(problem.line.starts_with("auth_token_secret_arn"), "{problem}");
    assert!(problem.detail.contains("The token must have 16 to 128 characters, but has 4."), "{problem}");
    assert!(fixture.aws.calls("ssm", "PutParameter").is_empty());
    // A user's password may be of any form.
    fixture.change_and_verify(&url(&format!(
        r#"username = "app"
{lines}"#
    )));
    assert_eq!(parameter(&fixture, NAME), "rediss://app:p%40ss@cache.example:6379");
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
    let fixture = Fixture::new(&configuration("generate = {}"));
    fixture.terraform.apply();
    for rotation in ["1", "2"] {
        fixture.terraform.configure(&configuration(&format!("generate = {{}}\nrotation = {rotation:?}")));
        fixture.terraform.apply();
        fixture.terraform.assert_unchanged();
        let token = current(&fixture, "app/token");
        let state = fixture.terraform.state("elasticache_replication_group.this");
        let (host, reader) =
            (state["endpoint"].as_str().unwrap(), state["reader_endpoint"].as_str().unwrap());
        assert_ne!(host, reader);
        assert_eq!(parameter(&fixture, NAME), format!("rediss://:{token}@{host}:6379"));
        let celery = format!("rediss://:{token}@{host}:6379/1?ssl_cert_reqs=required");
        assert_eq!(parameter(&fixture, "/app/celery_url"), celery);
        assert_eq!(parameter(&fixture, "/app/reader_url"), format!("rediss://:{token}@{reader}:6379"));
    }
}

#[test]
fn a_stored_url_that_somebody_changed_is_put_back() {
    let fixture = Fixture::new(&chain("generate = {}", ""));
    fixture.apply_and_verify();
    let good = parameter(&fixture, NAME);
    let host = fixture.terraform.text("elasticache_replication_group.this", "endpoint");
    // Another token shows in nothing that the state holds but the version.
    for (changes, drift) in
        [format!("rediss://:{OTHER}@{host}:6379"), "redis://elsewhere:1".to_owned(), "nonsense".to_owned()]
            .iter()
            .enumerate()
    {
        write(&fixture, drift);
        fixture.terraform.plan().assert_update(URL, &["url", "version"]);
        fixture.terraform.apply();
        fixture.terraform.assert_unchanged();
        assert_eq!(parameter(&fixture, NAME), good, "{drift}");
        assert_eq!(fixture.terraform.state(URL)["version"], 3 + 2 * changes);
    }
    // Written again as it was: there is nothing to write.
    write(&fixture, &good);
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    assert_eq!(fixture.terraform.state(URL)["version"], 8);
}

#[test]
fn tier_and_key() {
    let filler = r#"parameters = { filler = join("", [for i in range(1000) : "12345"]) }"#;
    let fixture = Fixture::new(&url(&format!(
        r#"tier = "Advanced"
auth_token = {TOKEN:?}
{filler}"#
    )));
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    assert!(parameter(&fixture, NAME).len() > 5000);
    assert_eq!(described(&fixture)["Tier"], "Advanced");
    assert_eq!(described(&fixture)["KeyId"], "alias/aws/ssm");

    // The key changes in place and encrypts what is written from then on.
    let key = format!(
        r#"tier = "Advanced"
key_id = "alias/app"
auth_token = {TOKEN:?}"#
    );
    fixture.terraform.configure(&url(&key));
    fixture.terraform.plan().assert_update(URL, &["key_id", "parameters", "url", "version"]);
    fixture.apply_and_verify();
    assert_eq!(described(&fixture)["KeyId"], "alias/app");
    // AWS goes back to the standard tier only with a new parameter.
    fixture.terraform.configure(&url(&format!(
        r#"tier = "Standard"
auth_token = {TOKEN:?}"#
    )));
    fixture.terraform.plan().assert_replace(URL, &["tier"]);
    fixture.apply_and_verify();
    assert_eq!(described(&fixture)["Tier"], "Standard");

    // Intelligent-Tiering takes what is needed.
    fixture.terraform.destroy();
    fixture.change_and_verify(&url(r#"tier = "Intelligent-Tiering""#));
    assert_eq!(described(&fixture)["Tier"], "Standard");
    fixture.terraform.configure(&url(&format!(
        r#"tier = "Intelligent-Tiering"
{filler}"#
    )));
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    assert_eq!(described(&fixture)["Tier"], "Advanced");
    assert_eq!(fixture.terraform.state(URL)["tier_actual"], "Advanced");
    // The state has the configured tier, and the parameter cannot go back.
    fixture.terraform.configure(&url(r#"tier = "Standard""#));
    fixture.terraform.plan().assert_replace(URL, &["tier"]);
    fixture.apply_and_verify();
    assert_eq!(described(&fixture)["Tier"], "Standard");

    // It takes effect for an existing parameter: AWS raises the tier with the first URL that requires it.
    fixture.terraform.configure(&url(r#"tier = "Intelligent-Tiering""#));
    fixture.terraform.assert_unchanged();
    fixture.terraform.configure(&url(&format!(
        r#"tier = "Intelligent-Tiering"
{filler}"#
    )));
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    assert_eq!(described(&fixture)["Tier"], "Advanced");
}

#[test]
fn what_somebody_else_made_is_only_overwritten_when_told() {
    let fixture = Fixture::new(&url(&format!("auth_token = {TOKEN:?}")));
    write(&fixture, "theirs");
    let failed = fixture.terraform.apply_fails();
    assert!(only(&failed).detail.contains("set `overwrite = true`"), "{failed:?}");
    assert_eq!(parameter(&fixture, NAME), "theirs");
    // Nor is it destroyed.
    fixture.terraform.destroy();
    assert_eq!(parameter(&fixture, NAME), "theirs");
    fixture.change_and_verify(&url(&format!("auth_token = {TOKEN:?}\noverwrite = true")));
    assert_eq!(parameter(&fixture, NAME), format!("rediss://:{TOKEN}@cache.example:6379"));
}

#[test]
fn a_create_whose_answer_was_lost_is_known_again() {
    let fixture = Fixture::new(&url(r#"tags = { team = "a" }"#));
    fixture.aws.fault(on("ssm", "PutParameter"), InjectedFault::AppliedButResponseLost);
    assert_eq!(fixture.terraform.apply(), []);
    fixture.terraform.assert_unchanged();
    assert_eq!(fixture.terraform.state(URL)["version"], 1);
    // The same with the whole state lost, as when everything was killed: the user is told.
    std::fs::remove_file(fixture.terraform.path().join("terraform.tfstate")).unwrap();
    let warnings = fixture.terraform.apply();
    assert_eq!(only(&warnings).summary, format!("SSM parameter {NAME:?} already existed"));
    fixture.terraform.assert_unchanged();
    // Anything that differs is somebody else's.
    std::fs::remove_file(fixture.terraform.path().join("terraform.tfstate")).unwrap();
    fixture.terraform.configure(&url(r#"tags = { team = "b" }"#));
    let failed = fixture.terraform.apply_fails();
    assert_eq!(only(&failed).summary, format!("Failed to create SSM parameter {NAME:?}"));
}
