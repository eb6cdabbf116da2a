//! Ephemeral resources, in the places where Terraform takes what they give.

use serde_json::json;

use crate::fixture::Fixture;
use crate::scenarios::held;
use crate::support::terraform::only;

const SECRET: &str = "elasticache_auth_token_secret.test";

/// A secret that takes the token that is made while this version is new.
fn created(version: u32) -> String {
    format!(
        r#"
        ephemeral "elasticache_auth_token" "this" {{
          length  = 64
          special = true
        }}
        resource "elasticache_auth_token_secret" "test" {{
          name                  = "app/token"
          auth_token_wo         = ephemeral.elasticache_auth_token.this.auth_token
          auth_token_wo_version = {version}
        }}
        "#
    )
}

#[test]
fn a_token_that_was_made_reaches_the_secret_alone() {
    let fixture = Fixture::new(&created(1));
    fixture.apply_and_verify();
    let first = held::current(&fixture, "app/token");
    assert_eq!(first.len(), 64);
    let version = fixture.terraform.text(SECRET, "version_id");

    // Every run makes another token, of which nothing comes as long as the version stays.
    fixture.apply_and_verify();
    assert_eq!(held::current(&fixture, "app/token"), first);
    assert_eq!(fixture.terraform.text(SECRET, "version_id"), version);

    fixture.change_and_verify(&created(2));
    let second = held::current(&fixture, "app/token");
    assert_ne!(second, first);
    let state = fixture.terraform.run(&["state", "pull"]).succeeds().stdout;
    assert!(!state.contains(&first) && !state.contains(&second));
}

const READ: &str = r#"
    resource "elasticache_auth_token_secret" "test" {
      name     = "app/token"
      generate = {}
    }
    ephemeral "elasticache_auth_token_secret" "this" {
      secret_id  = elasticache_auth_token_secret.test.arn
      version_id = elasticache_auth_token_secret.test.version_id
    }
    resource "elasticache_ssm_url" "test" {
      name                       = "/app/url"
      host                       = "cache.example.com"
      transit_encryption_enabled = true
      auth_token_wo              = ephemeral.elasticache_auth_token_secret.this.auth_token
      auth_token_wo_version      = 1
    }
"#;

/// On the first apply the secret does not exist before its turn, and the read waits for it.
#[test]
fn a_token_that_is_read_goes_into_a_write_only_argument() {
    let fixture = Fixture::new(READ);
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    let token = held::current(&fixture, "app/token");
    let input = json!({ "Name": "/app/url", "WithDecryption": true });
    let stored = fixture.ask("ssm", "GetParameter", &input);
    assert_eq!(stored["Parameter"]["Value"], format!("rediss://:{token}@cache.example.com:6379"));
    let state = fixture.terraform.run(&["state", "pull"]).succeeds().stdout;
    assert!(!state.contains(&token));
}

/// The keys of a second provider block may come out of a secret.
#[test]
fn a_token_that_is_read_configures_a_provider() {
    let secret = json!({ "Name": "ci/key", "SecretString": "abcDEF0123456789abcDEF", "ClientRequestToken": "a".repeat(32) });
    let configuration = r#"
        ephemeral "elasticache_auth_token_secret" "key" {
          secret_id = "ci/key"
        }
        provider "elasticache" {
          alias      = "second"
          access_key = "123456789012"
          secret_key = ephemeral.elasticache_auth_token_secret.key.auth_token
        }
        resource "elasticache_parameter_group" "test" {
          provider = elasticache.second
          name     = "test"
          family   = "redis7"
        }
    "#;
    let fixture = Fixture::new(configuration);
    fixture.ask("secretsmanager", "CreateSecret", &secret);
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    let state = fixture.terraform.run(&["state", "pull"]).succeeds().stdout;
    assert!(state.contains(r#""redis7""#) && !state.contains("abcDEF0123456789abcDEF"));
}

#[test]
fn a_secret_that_is_not_there_is_told_at_its_name() {
    let fixture = Fixture::new(
        r#"
        ephemeral "elasticache_auth_token_secret" "test" {
          secret_id = "app/nothing"
        }
        resource "elasticache_ssm_url" "test" {
          name                       = "/app/url"
          host                       = "cache.example.com"
          transit_encryption_enabled = true
          auth_token_wo              = ephemeral.elasticache_auth_token_secret.test.auth_token
          auth_token_wo_version      = 1
        }
        "#,
    );
    let said = fixture.terraform.plan_fails();
    let said = only(&said);
    assert_eq!(said.summary, r#"Failed to read the value of secret "app/nothing""#);
    assert!(said.to_string().contains(r#"secret_id = "app/nothing""#), "{said}");
    assert!(
        said.detail.contains("Set `secret_id` to the name or ARN of an existing secret with a value."),
        "{said}"
    );
}

/// The password that IAM gives is made without asking anybody, and stays out of the state.
#[test]
fn a_token_of_iam_is_made_from_the_credentials_of_the_provider() {
    let configuration = r#"
        ephemeral "elasticache_iam_auth_token" "this" {
          user_id              = "app"
          replication_group_id = "booking"
        }
        resource "elasticache_ssm_url" "test" {
          name                       = "/app/url"
          host                       = "cache.example.com"
          transit_encryption_enabled = true
          username                   = "app"
          auth_token_wo              = ephemeral.elasticache_iam_auth_token.this.auth_token
          auth_token_wo_version      = 1
        }
    "#;
    let fixture = Fixture::new(configuration);
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    let input = json!({ "Name": "/app/url", "WithDecryption": true });
    let stored =
        fixture.ask("ssm", "GetParameter", &input)["Parameter"]["Value"].as_str().unwrap().to_owned();
    let (_, token) = stored.split_once("rediss://app:").unwrap();
    assert!(
        token.starts_with("booking%2F%3FAction%3Dconnect%26User%3Dapp%26X-Amz-Algorithm%3DAWS4-HMAC-SHA256"),
        "{token}"
    );
    assert!(token.contains("eu-west-1%252Felasticache%252Faws4_request"), "{token}");
    let state = fixture.terraform.run(&["state", "pull"]).succeeds().stdout;
    assert!(!state.contains("X-Amz"));
    assert_eq!(fixture.aws.calls("sts", "GetCallerIdentity").len(), 0);
}

/// A connection as the stack of the cache writes it, with a token that its state does not hold.
const WRITTEN: &str = r#"
    resource "elasticache_auth_token_secret" "test" {
      name     = "app/token"
      generate = { length = 64, special = true }
    }
    resource "elasticache_connection_secret" "test" {
      name                         = "app/redis"
      host                         = "cache.example.com"
      port                         = 6380
      transit_encryption_enabled   = true
      reader_host                  = "reader.example.com"
      engine                       = "valkey"
      auth_token_secret_arn        = elasticache_auth_token_secret.test.arn
      auth_token_secret_version_id = elasticache_auth_token_secret.test.version_id
      additional                   = { service = "booking" }
    }
"#;

/// Each key is one of the attributes, and each can be given on: the token in a write-only
/// argument, all of it in the configuration of a provider, where Terraform shows none of it.
#[test]
fn a_connection_that_is_read_goes_into_write_only_arguments_and_configures_a_provider() {
    let read = r#"
        ephemeral "elasticache_connection_secret" "this" {
          secret_id  = elasticache_connection_secret.test.arn
          version_id = elasticache_connection_secret.test.version_id
        }
        resource "elasticache_ssm_url" "test" {
          name                       = "/app/url"
          host                       = "proxy.example.com"
          transit_encryption_enabled = true
          auth_token_wo              = ephemeral.elasticache_connection_secret.this.auth_token
          auth_token_wo_version      = 1
        }
        # Whatever the secret says is taken here, and checked when the provider is configured.
        provider "elasticache" {
          alias  = "second"
          region = (
            ephemeral.elasticache_connection_secret.this.host == "cache.example.com" &&
            ephemeral.elasticache_connection_secret.this.port == 6380 &&
            ephemeral.elasticache_connection_secret.this.reader_host == "reader.example.com" &&
            ephemeral.elasticache_connection_secret.this.reader_port == 6380 &&
            endswith(ephemeral.elasticache_connection_secret.this.reader_url, "@reader.example.com:6380") &&
            ephemeral.elasticache_connection_secret.this.engine == "valkey" &&
            ephemeral.elasticache_connection_secret.this.ssl &&
            ephemeral.elasticache_connection_secret.this.username == null &&
            ephemeral.elasticache_connection_secret.this.additional == tomap({ service = "booking" })
          ) ? "eu-central-1" : "us-east-1"
        }
        resource "elasticache_auth_token_secret" "copy" {
          provider              = elasticache.second
          name                  = "app/copy"
          auth_token_wo         = provider::elasticache::parse_redis_url(ephemeral.elasticache_connection_secret.this.url).auth_token
          auth_token_wo_version = 1
        }
    "#;
    // A provider cannot be configured by what is made in the same apply.
    let fixture = Fixture::new(WRITTEN);
    fixture.terraform.apply();
    fixture.terraform.configure(&format!("{WRITTEN}{read}"));
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    let token = held::current(&fixture, "app/token");
    let copy = fixture.ask_in(
        "eu-central-1",
        "secretsmanager",
        "GetSecretValue",
        &json!({ "SecretId": "app/copy" }),
    );
    assert_eq!(copy["SecretString"], token);
    let parts = |url: &str| url::Url::parse(url).unwrap();
    let url = parts(&held::parameter(&fixture, "/app/url"));
    let password = percent_encoding::percent_decode_str(url.password().unwrap()).decode_utf8().unwrap();
    assert_eq!((url.host_str(), &*password), (Some("proxy.example.com"), &*token));
    let state = fixture.terraform.run(&["state", "pull"]).succeeds().stdout;
    assert!(!state.contains(&token));
}

/// A version that is named is read, and not the one that is current.
#[test]
fn a_version_of_a_connection_is_read_when_it_is_named() {
    let fixture = Fixture::new("");
    let mut versions = Vec::new();
    for (token, action) in [("first-token-01234", "CreateSecret"), ("second-token-0123", "PutSecretValue")] {
        let name = if action == "CreateSecret" { "Name" } else { "SecretId" };
        let value = format!(r#"{{"url":"rediss://:{token}@h:6379","auth_token":"{token}"}}"#);
        let id = token[..5].repeat(8);
        fixture.ask(
            "secretsmanager",
            action,
            &json!({ name: "app/redis", "SecretString": value, "ClientRequestToken": id }),
        );
        versions.push(id);
    }
    let read = |version: &str, name: &str| {
        format!(
            r#"
            ephemeral "elasticache_connection_secret" "this" {{
              secret_id = "app/redis"
              {version}
            }}
            resource "elasticache_auth_token_secret" "test" {{
              name                  = "app/{name}"
              auth_token_wo         = ephemeral.elasticache_connection_secret.this.auth_token
              auth_token_wo_version = 1
            }}
            "#
        )
    };
    for (name, version, token) in [
        ("named", format!("version_id = {:?}", versions[0]), "first-token-01234"),
        ("current", String::new(), "second-token-0123"),
        ("labelled", r#"version_stage = "AWSPREVIOUS""#.to_owned(), "first-token-01234"),
    ] {
        fixture.terraform.configure(&read(&version, name));
        fixture.terraform.apply();
        assert_eq!(held::current(&fixture, &format!("app/{name}")), token);
    }
    fixture.terraform.configure(&read(r#"version_stage = "AWSPENDING""#, "labelled"));
    let said = fixture.terraform.plan_fails();
    assert_eq!(only(&said).line, r#"version_stage = "AWSPENDING""#);
    assert!(
        only(&said)
            .detail
            .ends_with("or no version of it has this label. Correct `secret_id` or `version_stage`."),
        "{said:?}"
    );
}

/// What is missing, or is somebody else's, is told at the name, and nothing of it is quoted.
#[test]
fn a_secret_without_a_connection_is_told_at_its_name() {
    let fixture = Fixture::new(
        r#"
        ephemeral "elasticache_connection_secret" "test" {
          secret_id = "app/redis"
        }
        resource "elasticache_ssm_url" "test" {
          name                       = "/app/url"
          host                       = "cache.example.com"
          transit_encryption_enabled = true
          auth_token_wo              = ephemeral.elasticache_connection_secret.test.auth_token
          auth_token_wo_version      = 1
        }
        "#,
    );
    let failure = || {
        let said = fixture.terraform.plan_fails();
        let said = only(&said);
        assert_eq!(said.line, r#"secret_id = "app/redis""#, "{said}");
        format!("{}: {}", said.summary, said.detail)
    };
    let missing = failure();
    assert!(missing.starts_with(r#"Failed to read the value of secret "app/redis": "#), "{missing}");
    assert!(
        missing.contains("Set `secret_id` to the name or ARN of an existing secret with a value."),
        "{missing}"
    );

    fixture.ask("secretsmanager", "CreateSecret", &json!({ "Name": "app/redis" }));
    for (n, value, problem) in [
        (1, "foreign-value-0123", "Its value is no JSON object. "),
        (2, r#"{"host":"h","port":"6379","auth_token":"foreign-value-0123"}"#, r#"has no key "url". "#),
        (3, r#"{"url":"rediss://:foreign-value-0123@h","host":"i"}"#, r#"The keys "host" and "url" of"#),
    ] {
        let id = n.to_string().repeat(32);
        fixture.ask(
            "secretsmanager",
            "PutSecretValue",
            &json!({ "SecretId": "app/redis", "SecretString": value, "ClientRequestToken": id }),
        );
        let message = failure();
        assert!(message.starts_with(r#"Secret "app/redis" has no connection: "#), "{message}");
        assert!(message.contains(problem) && !message.contains("foreign-value"), "{message}");
        assert!(message.contains("use the ephemeral resource `elasticache_auth_token_secret`."), "{message}");
    }
}

/// The URL of another stack; its parts reach write-only arguments, and no state.
#[test]
fn a_url_that_is_read_goes_into_a_write_only_argument() {
    let read = r#"
        ephemeral "elasticache_ssm_url" "this" {
          name = elasticache_ssm_url.test.arn
        }
        resource "elasticache_auth_token_secret" "copy" {
          name                  = "app/copy"
          auth_token_wo         = ephemeral.elasticache_ssm_url.this.auth_token
          auth_token_wo_version = 1
        }
    "#;
    let fixture = Fixture::new(&format!("{READ}{read}"));
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    let token = held::current(&fixture, "app/token");
    assert_eq!(held::current(&fixture, "app/copy"), token);
    let state = fixture.terraform.run(&["state", "pull"]).succeeds().stdout;
    assert!(!state.contains(&token));
}
