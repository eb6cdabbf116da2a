//! No error shows a secret, whoever quotes it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

use crate::aws_control::instant;
use crate::fixture::Fixture;
use crate::simulator::{InjectedFault, on};

const SECRET: &str = "s3cret-of-a-test-!&#$^<>-0123456789";

/// The secret that an update replaces.
const FIRST: &str = "first-s3cret-of-a-test-!&#$^<>-987654";

fn assert_hidden(text: &str, context: &str) {
    for secret in [SECRET, FIRST] {
        let percent = utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string();
        let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
        for form in
            [secret, &percent, STANDARD.encode(secret).trim_end_matches('='), &hex, "s3cret-of-a-test"]
        {
            assert!(!text.contains(form), "{context}: {form} in {text}");
        }
    }
}

fn group(argument: &str) -> String {
    format!(
        r#"resource "elasticache_replication_group" "this" {{
  replication_group_id = "cache"
  description = "of a test"
  node_type = "cache.t4g.small"
  num_cache_clusters = 1
  transit_encryption_enabled = true
  {argument}
}}
"#
    )
}

fn user(argument: &str) -> String {
    format!(
        r#"resource "elasticache_user" "this" {{
  user_id = "app"
  user_name = "app"
  engine = "redis"
  access_string = "on ~* +@all"
  {argument}
}}
"#
    )
}

fn url(argument: &str) -> String {
    format!(
        r#"resource "elasticache_ssm_url" "this" {{
  name = "/url"
  host = "cache.example.com"
  transit_encryption_enabled = true
  {argument}
}}
"#
    )
}

fn token(argument: &str) -> String {
    format!(
        r#"resource "elasticache_auth_token_secret" "this" {{
  name = "token"
  {argument}
}}
"#
    )
}

fn connection(argument: &str) -> String {
    format!(
        r#"resource "elasticache_connection_secret" "this" {{
  name = "redis"
  host = "cache.example.com"
  transit_encryption_enabled = true
  {argument}
}}
"#
    )
}

/// The apply of a fixture in which AWS, or a proxy, refuses these calls with a message that quotes the request.
#[track_caller]
fn assert_refused_without_secret(fixture: &Fixture, service: &str, action: &str) {
    fixture.aws.fault(on(service, action).always(), InjectedFault::Quoted);
    let run = fixture.terraform.run(&["apply", "-auto-approve", "-json"]).fails();
    let message: String = run.diagnostics().iter().map(|it| format!("{it}\n")).collect();
    // Terraform itself shows the line of the configuration that a diagnostic is about.
    let source = std::fs::read_to_string(fixture.terraform.path().join("main.tf")).unwrap();
    let is_source = |line: &&str| source.lines().any(|own| own.trim() == line.trim());
    let message: String =
        message.lines().filter(|line| !is_source(line)).map(|line| format!("{line}\n")).collect();
    assert!(message.contains("The request {"), "{action}: {message}");
    assert!(message.contains("(redacted)"), "{action}: {message}");
    assert_hidden(&message, action);
}

/// InjectedFault A2.
#[test]
fn a_create_that_is_refused_with_the_request_shows_no_secret() {
    let cases = [
        ("elasticache", "CreateReplicationGroup", group(&format!("auth_token = {SECRET:?}"))),
        (
            "elasticache",
            "CreateReplicationGroup",
            group(&format!("auth_token_wo = {SECRET:?}\nauth_token_wo_version = 1")),
        ),
        ("elasticache", "CreateUser", user(&format!("passwords = [{SECRET:?}]"))),
        (
            "elasticache",
            "CreateUser",
            user(&format!("passwords_wo = [{SECRET:?}]\npasswords_wo_version = 1")),
        ),
        (
            "elasticache",
            "CreateUser",
            user(&format!(
                r#"authentication_mode {{
type = "password"
passwords = [{SECRET:?}]
}}"#
            )),
        ),
        ("ssm", "PutParameter", url(&format!("auth_token = {SECRET:?}"))),
        ("secretsmanager", "CreateSecret", token(&format!("auth_token = {SECRET:?}"))),
        ("secretsmanager", "CreateSecret", connection(&format!("auth_token = {SECRET:?}"))),
    ];
    for (service, action, configuration) in cases {
        assert_refused_without_secret(&instant(&configuration), service, action);
    }
}

/// InjectedFault A2. Each way to give another secret to an object that has one.
#[test]
fn an_update_that_is_refused_with_the_request_shows_no_secret() {
    type Given = fn(&str, u8) -> String;
    let written: Given = |secret, _| format!("auth_token = {secret:?}");
    let write_only: Given =
        |secret, version| format!("auth_token_wo = {secret:?}\nauth_token_wo_version = {version}");
    let passwords: Given = |secret, _| format!("passwords = [{secret:?}]");
    let write_only_passwords: Given =
        |secret, version| format!("passwords_wo = [{secret:?}]\npasswords_wo_version = {version}");
    let mode: Given = |secret, _| {
        format!(
            r#"authentication_mode {{
type = "password"
passwords = [{secret:?}]
}}"#
        )
    };
    type Object = fn(&str) -> String;
    let cases: [(&str, &str, Object, Given); 11] = [
        ("elasticache", "ModifyReplicationGroup", group, written),
        ("elasticache", "ModifyReplicationGroup", group, write_only),
        ("elasticache", "ModifyUser", user, passwords),
        ("elasticache", "ModifyUser", user, write_only_passwords),
        ("elasticache", "ModifyUser", user, mode),
        ("ssm", "PutParameter", url, written),
        ("ssm", "PutParameter", url, write_only),
        ("secretsmanager", "PutSecretValue", token, written),
        ("secretsmanager", "PutSecretValue", token, write_only),
        ("secretsmanager", "PutSecretValue", connection, written),
        ("secretsmanager", "PutSecretValue", connection, write_only),
    ];
    for (service, action, object, given) in cases {
        let fixture = instant(&object(&given(FIRST, 1)));
        fixture.terraform.apply();
        fixture.terraform.configure(&object(&given(SECRET, 2)));
        assert_refused_without_secret(&fixture, service, action);
    }
}

/// InjectedFault A2. Neither configuration nor state hold a secret that is read during apply.
#[test]
fn a_secret_that_is_read_from_another_one_is_not_shown_by_a_refusal() {
    const VERSIONS: [&str; 2] =
        ["11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"];
    type Object = fn(&str) -> String;
    let cases: [(&str, [&str; 2], Object, &str); 4] = [
        ("elasticache", ["CreateReplicationGroup", "ModifyReplicationGroup"], group, "auth_token"),
        ("elasticache", ["CreateUser", "ModifyUser"], user, "password"),
        ("ssm", ["PutParameter"; 2], url, "auth_token"),
        ("secretsmanager", ["CreateSecret", "PutSecretValue"], connection, "auth_token"),
    ];
    for (service, [create, update], object, name) in cases {
        let fixture = instant("");
        let put = |action: &str, secret: &str, version: &str| {
            let id = if action == "CreateSecret" { "Name" } else { "SecretId" };
            let input = json!({ id: "given", "SecretString": secret, "ClientRequestToken": version });
            fixture.ask("secretsmanager", action, &input)["ARN"].as_str().unwrap().to_owned()
        };
        let arn = put("CreateSecret", FIRST, VERSIONS[0]);
        let with = |version: &str| {
            object(&format!("{name}_secret_arn = {arn:?}\n{name}_secret_version_id = {version:?}"))
        };
        fixture.terraform.configure(&with(VERSIONS[0]));
        assert_refused_without_secret(&fixture, service, create);
        fixture.aws.clear_faults();
        fixture.terraform.apply();
        put("PutSecretValue", SECRET, VERSIONS[1]);
        fixture.terraform.configure(&with(VERSIONS[1]));
        assert_refused_without_secret(&fixture, service, update);
    }
}

/// An endpoint that is no URL is named, before any request is made that could be shown.
#[test]
fn an_endpoint_that_is_no_url_is_named_and_no_request_is_shown() {
    let configuration = format!(
        r#"resource "elasticache_user" "this" {{
  user_id = "app"
  user_name = "app"
  engine = "redis"
  access_string = "on ~* +@all"
  passwords = [{SECRET:?}]
}}
"#
    );
    for url in ["localhost:1234", "http://", "https://", "//x", "http://bad host"] {
        let mut fixture = instant(&configuration);
        fixture.terraform.set("AWS_ENDPOINT_URL_ELASTICACHE", url);
        let run = fixture.terraform.run(&["apply", "-auto-approve", "-json"]).fails();
        let message: String = run.diagnostics().iter().map(|it| format!("{it}\n")).collect();
        // Terraform itself shows the line of the configuration that a diagnostic is about.
        let source = std::fs::read_to_string(fixture.terraform.path().join("main.tf")).unwrap();
        let is_source = |line: &&str| source.lines().any(|own| own.trim() == line.trim());
        let message: String =
            message.lines().filter(|line| !is_source(line)).map(|line| format!("{line}\n")).collect();
        assert!(message.contains("AWS_ENDPOINT_URL_ELASTICACHE is "), "{url}: {message}");
        assert!(
            !message.contains("Request {") && !message.contains("AuthenticationMode"),
            "{url}: {message}"
        );
        assert_hidden(&message, url);
    }
}

/// A URL, or a token, in an argument for something else is not quoted back.
#[test]
fn a_secret_in_the_wrong_argument_is_not_quoted() {
    let cases = [
        format!(
            r#"resource "elasticache_ssm_url" "this" {{
  name = "/url"
  host = "rediss://:{SECRET}@cache.example.com:6379"
}}
"#
        ),
        format!(
            r#"resource "elasticache_connection_secret" "this" {{
  name = "x"
  host = "{SECRET}@cache.example.com"
}}
"#
        ),
        format!(
            r#"resource "elasticache_replication_group" "this" {{
  replication_group_id = "cache"
  description = "of a test"
  node_type = "cache.t4g.small"
  num_cache_clusters = 1
  transit_encryption_enabled = true
  auth_token_secret_arn = {SECRET:?}
  auth_token_secret_version_id = "x"
}}
"#
        ),
    ];
    for configuration in cases {
        let fixture = instant(&configuration);
        // Not the lines of the configuration, which Terraform itself adds.
        let message = fixture.terraform.plan_fails();
        let message: String = message.iter().map(|it| format!("{}: {}\n", it.summary, it.detail)).collect();
        assert!(message.contains("Invalid "), "{message}");
        assert_hidden(&message, &configuration);
    }
}
