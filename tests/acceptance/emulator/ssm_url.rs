//! `elasticache_ssm_url`.

use aws_sdk_ssm::types::{Parameter, ParameterType};
use serde_json::json;

use crate::support::ministack::Account;
use crate::support::terraform::{Workspace, only};

const THIS: &str = "elasticache_ssm_url.this";
const NAME: &str = "/booking/dev/redis/url";

fn url(body: &str) -> String {
    format!(
        r#"resource "elasticache_ssm_url" "this" {{
  name = "{NAME}"
  {body}
}}
"#
    )
}

fn basic() -> String {
    url(r#"host = "cache.local"
transit_encryption_enabled = true"#)
}

fn existing(aws: &Account, name: &str) -> Parameter {
    let answer = aws.ask(aws.ssm.get_parameter().name(name).with_decryption(true).send());
    answer.parameter().unwrap().clone()
}

fn assert_gone(aws: &Account, name: &str) {
    let error = aws.refused(aws.ssm.get_parameter().name(name).send()).into_service_error();
    assert!(error.is_parameter_not_found(), "{error}");
}

/// What an import of a URL cannot find.
#[test]
fn lives_from_create_to_destroy() {
    let aws = Account::new();
    let terraform = Workspace::new(&aws, &basic());
    let plan = terraform.plan();
    plan.assert_create(THIS);
    assert_eq!(plan.after(THIS, "url"), "rediss://cache.local:6379");
    assert_eq!(terraform.apply(), []);

    let parameter = existing(&aws, NAME);
    assert_eq!(parameter.value(), Some("rediss://cache.local:6379"));
    assert_eq!(parameter.r#type(), Some(&ParameterType::SecureString));
    let state = terraform.state(THIS);
    assert_eq!((&state["id"], &state["version"]), (&json!(NAME), &json!(1)));
    assert_eq!(state["arn"].as_str(), parameter.arn());
    terraform.assert_settled();
    assert_eq!(existing(&aws, NAME).version(), 1, "nothing that changes nothing moves the version");

    terraform.destroy();
    assert_gone(&aws, NAME);
}

#[test]
fn each_part_of_the_url_is_rewritten_in_place() {
    let aws = Account::new();
    let terraform = Workspace::new(&aws, &basic());
    terraform.apply();
    let steps = [
        (
            r#"host = "other.local"
port = 6380"#,
            "redis://other.local:6380",
        ),
        (
            r#"host = "other.local"
port = "6380"
database = 3"#,
            "redis://other.local:6380/3",
        ),
        (
            r#"host = "2001:db8::1"
username = "app"
auth_token = "a b/@"
transit_encryption_enabled = "true""#,
            "rediss://app:a%20b%2F%40@[2001:db8::1]:6379",
        ),
        (
            r#"host = "other.local"
transit_encryption_enabled = true
parameters = { ssl_cert_reqs = "required", no = null }"#,
            "rediss://other.local:6379?ssl_cert_reqs=required",
        ),
    ];
    for (version, (body, expected)) in (2..).zip(steps) {
        terraform.configure(&url(body));
        let plan = terraform.plan();
        assert_eq!(plan.actions_on(THIS), ["update"]);
        assert_eq!(plan.after(THIS, "url"), &*expected.replace(":a%20b%2F%40@", "@"), "without the token");
        terraform.apply();
        let parameter = existing(&aws, NAME);
        assert_eq!((parameter.value(), parameter.version()), (Some(expected), version));
        terraform.assert_unchanged();
    }
    terraform.assert_importable_except(&[(
        "elasticache_ssm_url",
        "parameters",
        "a null value is only in the configuration",
    )]);
}

#[test]
fn a_parameter_of_others_is_taken_over_only_when_told() {
    let aws = Account::new();
    let call = aws.ssm.put_parameter().name(NAME).value("precious").r#type(ParameterType::SecureString);
    aws.ask(call.send());
    let terraform = Workspace::new(&aws, &basic());
    let diagnostics = terraform.apply_fails();
    assert_eq!(only(&diagnostics).summary, format!("Failed to create SSM parameter {NAME:?}"));
    assert_eq!(existing(&aws, NAME).value(), Some("precious"));

    terraform.configure(&basic().replace("\n}", "\noverwrite = true\n}"));
    terraform.apply();
    let parameter = existing(&aws, NAME);
    assert_eq!((parameter.value(), parameter.version()), (Some("rediss://cache.local:6379"), 2));
    terraform.assert_settled();
}
