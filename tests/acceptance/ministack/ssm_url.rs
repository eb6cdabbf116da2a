//! `elasticache_ssm_url`.

use aws_sdk_ssm::types::{Parameter, ParameterType};
use serde_json::json;

use crate::support::ministack::Account;
use crate::support::terraform::{Workspace, only};

const THIS: &str = "elasticache_ssm_url.this";
const NAME: &str = "/booking/dev/redis/url";
const TOKEN: &str = "a-token#of?many%characters:&+";

fn url(body: &str) -> String {
    format!("resource \"elasticache_ssm_url\" \"this\" {{\n  name = \"{NAME}\"\n{body}\n}}\n")
}

fn basic() -> String {
    url("host = \"cache.local\"\ntransit_encryption_enabled = true")
}

fn live(aws: &Account, name: &str) -> Parameter {
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

    let parameter = live(&aws, NAME);
    assert_eq!(parameter.value(), Some("rediss://cache.local:6379"));
    assert_eq!(parameter.r#type(), Some(&ParameterType::SecureString));
    let state = terraform.state(THIS);
    assert_eq!((&state["id"], &state["version"]), (&json!(NAME), &json!(1)));
    assert_eq!(state["arn"].as_str(), parameter.arn());
    terraform.assert_settled();
    assert_eq!(live(&aws, NAME).version(), 1, "nothing that changes nothing moves the version");

    terraform.destroy();
    assert_gone(&aws, NAME);
}

#[test]
fn each_part_of_the_url_is_rewritten_in_place() {
    let aws = Account::new();
    let terraform = Workspace::new(&aws, &basic());
    terraform.apply();
    let steps = [
        ("host = \"other.local\"\nport = 6380", "redis://other.local:6380"),
        ("host = \"other.local\"\nport = \"6380\"\ndatabase = 3", "redis://other.local:6380/3"),
        (
            "host = \"2001:db8::1\"\nusername = \"app\"\nauth_token = \"a b/@\"\ntransit_encryption_enabled = \"true\"",
            "rediss://app:a%20b%2F%40@[2001:db8::1]:6379",
        ),
        (
            "host = \"other.local\"\ntransit_encryption_enabled = true\nparameters = { ssl_cert_reqs = \"required\", no = null }",
            "rediss://other.local:6379?ssl_cert_reqs=required",
        ),
    ];
    for (version, (body, expected)) in (2..).zip(steps) {
        terraform.configure(&url(body));
        let plan = terraform.plan();
        assert_eq!(plan.actions_on(THIS), ["update"]);
        assert_eq!(plan.after(THIS, "url"), &*expected.replace(":a%20b%2F%40@", "@"), "without the token");
        terraform.apply();
        let parameter = live(&aws, NAME);
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
fn description_and_type_change_in_place() {
    let aws = Account::new();
    let terraform = Workspace::new(&aws, &basic());
    terraform.apply();
    terraform.configure(&basic().replace("\n}", "\ndescription = \"URL of the cache\"\n}"));
    terraform.plan().assert_update(THIS, &["description", "version"]);
    terraform.apply();
    terraform.assert_settled();

    terraform.configure(&basic().replace("\n}", "\ntype = \"String\"\n}"));
    terraform.plan().assert_update(THIS, &["description", "type", "version"]);
    terraform.apply();
    assert_eq!(live(&aws, NAME).r#type(), Some(&ParameterType::String));
    terraform.assert_settled();
}

#[test]
fn follows_what_it_is_given_as_replication_group() {
    let aws = Account::new();
    let group = |port: u16| {
        format!(
            "resource \"terraform_data\" \"group\" {{\n  input = {{\n    endpoint = \"cache.local\"\n    port = {port}\n    \
             transit_encryption_enabled = true\n    auth_token = {TOKEN:?}\n    unrelated = [1]\n  }}\n}}\n{}",
            url("replication_group = terraform_data.group.output\ntype = \"SecureString\"")
        )
    };
    let terraform = Workspace::new(&aws, &group(6379));
    assert!(terraform.plan().is_unknown(THIS, "url"));
    terraform.apply();
    let expected =
        |port: u16| format!("rediss://:a-token%23of%3Fmany%25characters%3A%26%2B@cache.local:{port}");
    assert_eq!(live(&aws, NAME).value(), Some(&*expected(6379)));
    terraform.assert_unchanged();

    // The change of the group and that of the URL are one apply.
    terraform.configure(&group(6380));
    terraform.apply();
    assert_eq!(live(&aws, NAME).value(), Some(&*expected(6380)));
    terraform.assert_unchanged();
}

#[test]
fn a_write_only_token_is_in_no_state_and_no_plan() {
    let aws = Account::new();
    let with = |token: &str, version: u8| {
        url(&format!(
            "host = \"cache.local\"\ntransit_encryption_enabled = true\n\
             auth_token_wo = {token:?}\nauth_token_wo_version = {version}"
        ))
    };
    let terraform = Workspace::new(&aws, &with("first-secret-token", 1));
    terraform.plan();
    terraform.run(&["apply", "tfplan"]).succeeds();
    assert_eq!(live(&aws, NAME).value(), Some("rediss://:first-secret-token@cache.local:6379"));
    assert_eq!(terraform.text(THIS, "url"), "rediss://cache.local:6379");
    terraform.assert_settled();

    // Without a new version the new token is not seen; with one it is written.
    terraform.configure(&with("second-secret-token", 1));
    terraform.assert_unchanged();
    terraform.configure(&with("second-secret-token", 2));
    terraform.plan().assert_update(THIS, &["auth_token_wo_version", "version"]);
    terraform.apply();
    assert_eq!(live(&aws, NAME).value(), Some("rediss://:second-secret-token@cache.local:6379"));
    terraform.assert_unchanged();

    for file in ["terraform.tfstate", "terraform.tfstate.backup", "tfplan"] {
        let bytes = std::fs::read(terraform.path().join(file)).unwrap();
        assert!(!bytes.windows(12).any(|part| part == b"secret-token"), "{file} holds a token");
    }
}

#[test]
fn a_value_changed_elsewhere_is_shown_and_repaired() {
    let aws = Account::new();
    let terraform = Workspace::new(&aws, &basic());
    terraform.apply();
    let put = |value: &str| aws.ssm.put_parameter().name(NAME).value(value).overwrite(true).send();
    aws.ask(put("redis://by.hand:1"));
    terraform.plan().assert_update(THIS, &["url", "version"]);
    terraform.apply();
    let parameter = live(&aws, NAME);
    assert_eq!((parameter.value(), parameter.version()), (Some("rediss://cache.local:6379"), 3));
    terraform.assert_unchanged();
}

#[test]
fn a_parameter_deleted_elsewhere_is_made_again() {
    let aws = Account::new();
    let terraform = Workspace::new(&aws, &basic());
    terraform.apply();
    let delete = || aws.ssm.delete_parameter().name(NAME).send();
    aws.ask(delete());
    terraform.plan().assert_create(THIS);
    terraform.apply();
    assert_eq!(live(&aws, NAME).value(), Some("rediss://cache.local:6379"));
    aws.ask(delete());
    terraform.run(&["destroy", "-auto-approve", "-refresh=false"]).succeeds();
}

#[test]
fn a_parameter_of_others_is_taken_over_only_when_told() {
    let aws = Account::new();
    let call = aws.ssm.put_parameter().name(NAME).value("precious").r#type(ParameterType::SecureString);
    aws.ask(call.send());
    let terraform = Workspace::new(&aws, &basic());
    let diagnostics = terraform.apply_fails();
    assert_eq!(only(&diagnostics).summary, format!("SSM parameter {NAME:?} already exists"));
    assert_eq!(live(&aws, NAME).value(), Some("precious"));

    terraform.configure(&basic().replace("\n}", "\noverwrite = true\n}"));
    terraform.apply();
    let parameter = live(&aws, NAME);
    assert_eq!((parameter.value(), parameter.version()), (Some("rediss://cache.local:6379"), 2));
    terraform.assert_settled();
}

#[test]
fn empty_values_stay_as_they_are_written() {
    let aws = Account::new();
    let terraform = Workspace::new(
        &aws,
        &url(
            "host = \"cache.local\"\nport = \"6379\"\ntransit_encryption_enabled = \"false\"\nusername = \"\"\n\
             auth_token = \"\"\nparameters = {}\nkey_id = \"\"\ndescription = \"\"\ntags = {}\ntier = \"Standard\"",
        ),
    );
    terraform.apply();
    assert_eq!(live(&aws, NAME).value(), Some("redis://cache.local:6379"));
    assert_eq!(terraform.text(THIS, "description"), "");
    terraform.assert_unchanged();
}

#[test]
fn a_change_of_name_means_a_new_parameter() {
    let aws = Account::new();
    let terraform = Workspace::new(&aws, &basic());
    terraform.apply();
    terraform.configure(&basic().replace("/dev/", "/prod/"));
    terraform.plan().assert_replace(THIS, &["name"]);
    terraform.apply();
    assert_gone(&aws, NAME);
    terraform.assert_settled();
}

#[test]
fn one_for_each_key() {
    let aws = Account::new();
    let terraform = Workspace::new(
        &aws,
        "resource \"elasticache_ssm_url\" \"this\" {\nfor_each = { a = 0, b = 1 }\nname = \"/url/${each.key}\"\n\
         host = \"cache.local\"\ndatabase = each.value\n}\n",
    );
    terraform.apply();
    assert_eq!(live(&aws, "/url/b").value(), Some("redis://cache.local:6379/1"));
    terraform.assert_settled();
}

#[test]
fn everything_may_be_unknown_at_plan() {
    let aws = Account::new();
    let terraform = Workspace::new(
        &aws,
        "resource \"terraform_data\" \"it\" {\n  input = { name = \"/late\", host = \"cache.local\", port = 6380, tls = true, \
         token = \"late-token-of-length\", db = 2 }\n}\nresource \"elasticache_ssm_url\" \"this\" {\n\
         name = terraform_data.it.output.name\nhost = terraform_data.it.output.host\nport = terraform_data.it.output.port\n\
         transit_encryption_enabled = terraform_data.it.output.tls\nauth_token = terraform_data.it.output.token\n\
         database = terraform_data.it.output.db\n}\n",
    );
    let plan = terraform.plan();
    for attribute in ["id", "name", "host", "url", "version", "arn"] {
        assert!(plan.is_unknown(THIS, attribute), "{attribute}");
    }
    terraform.apply();
    assert_eq!(live(&aws, "/late").value(), Some("rediss://:late-token-of-length@cache.local:6380/2"));
    terraform.assert_unchanged();
}
