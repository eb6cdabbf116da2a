//! No error shows a secret, whoever quotes it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::simulator::{Fault, on};
use crate::steer::instant;

const SECRET: &str = "s3cret-of-a-test-!&#$^<>-0123456789";

fn assert_hidden(text: &str, context: &str) {
    let percent = utf8_percent_encode(SECRET, NON_ALPHANUMERIC).to_string();
    let hex: String = SECRET.bytes().map(|byte| format!("{byte:02x}")).collect();
    for form in [SECRET, &percent, STANDARD.encode(SECRET).trim_end_matches('='), &hex, "s3cret-of-a-test"] {
        assert!(!text.contains(form), "{context}: {form} in {text}");
    }
}

/// AWS, or a proxy, refuses each write with a message that quotes the request.
#[test]
fn a_message_that_quotes_the_request_shows_no_secret() {
    let group = |argument: &str| {
        format!(
            "resource \"elasticache_replication_group\" \"this\" {{\nreplication_group_id = \"cache\"\ndescription = \
             \"of a test\"\nnode_type = \"cache.t4g.small\"\nnum_cache_clusters = 1\ntransit_encryption_enabled = \
             true\n{argument}\n}}\n"
        )
    };
    let user = |argument: &str| {
        format!(
            "resource \"elasticache_user\" \"this\" {{\nuser_id = \"app\"\nuser_name = \"app\"\nengine = \
             \"redis\"\naccess_string = \"on ~* +@all\"\n{argument}\n}}\n"
        )
    };
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
            user(&format!("authentication_mode {{\ntype = \"password\"\npasswords = [{SECRET:?}]\n}}")),
        ),
        (
            "ssm",
            "PutParameter",
            format!(
                "resource \"elasticache_ssm_url\" \"this\" {{\nname = \"/url\"\nhost = \
                 \"cache.example.com\"\ntransit_encryption_enabled = true\nauth_token = {SECRET:?}\n}}\n"
            ),
        ),
        (
            "secretsmanager",
            "CreateSecret",
            format!(
                "resource \"elasticache_auth_token_secret\" \"this\" {{\nname = \"token\"\nauth_token = {SECRET:?}\n}}\n"
            ),
        ),
        (
            "secretsmanager",
            "CreateSecret",
            format!(
                "resource \"elasticache_connection_secret\" \"this\" {{\nname = \"redis\"\nhost = \
                 \"cache.example.com\"\ntransit_encryption_enabled = true\nauth_token = {SECRET:?}\n}}\n"
            ),
        ),
    ];
    for (service, action, configuration) in cases {
        let world = instant(&configuration);
        world.aws.fault(on(service, action).always(), Fault::Quoted);
        let run = world.terraform.run(&["apply", "-auto-approve", "-json"]).fails();
        let told: String = run.diagnostics().iter().map(|it| format!("{it}\n")).collect();
        assert!(told.contains("The request {"), "{action}: {told}");
        assert!(told.contains("(redacted)"), "{action}: {told}");
        assert_hidden(&told, action);
    }
}

/// An endpoint that is no URL is named, before any request is made that could be shown.
#[test]
fn an_endpoint_that_is_no_url_is_named_and_no_request_is_shown() {
    let configuration = format!(
        "resource \"elasticache_user\" \"this\" {{\nuser_id = \"app\"\nuser_name = \"app\"\nengine = \
         \"redis\"\naccess_string = \"on ~* +@all\"\npasswords = [{SECRET:?}]\n}}\n"
    );
    for url in ["localhost:1234", "http://", "https://", "//x", "http://bad host"] {
        let mut world = instant(&configuration);
        world.terraform.set("AWS_ENDPOINT_URL_ELASTICACHE", url);
        let run = world.terraform.run(&["apply", "-auto-approve", "-json"]).fails();
        let told: String = run.diagnostics().iter().map(|it| format!("{it}\n")).collect();
        assert!(told.contains("AWS_ENDPOINT_URL_ELASTICACHE is "), "{url}: {told}");
        assert!(!told.contains("Request {") && !told.contains("AuthenticationMode"), "{url}: {told}");
        assert_hidden(&told, url);
    }
}

/// A URL, or a token, in an argument for something else is not quoted back.
#[test]
fn a_secret_in_the_wrong_argument_is_not_quoted() {
    let cases = [
        format!(
            "resource \"elasticache_ssm_url\" \"this\" {{\nname = \"/url\"\nhost = \"rediss://:{SECRET}@cache.example.com:6379\"\n}}\n"
        ),
        format!(
            "resource \"elasticache_connection_secret\" \"this\" {{\nname = \"x\"\nhost = \"{SECRET}@cache.example.com\"\n}}\n"
        ),
        format!(
            "resource \"elasticache_replication_group\" \"this\" {{\nreplication_group_id = \"cache\"\ndescription = \
             \"of a test\"\nnode_type = \"cache.t4g.small\"\nnum_cache_clusters = 1\ntransit_encryption_enabled = \
             true\nauth_token_secret_arn = {SECRET:?}\nauth_token_secret_version_id = \"x\"\n}}\n"
        ),
    ];
    for configuration in cases {
        let world = instant(&configuration);
        // Not the lines of the configuration, which Terraform itself adds.
        let told = world.terraform.plan_fails();
        let told: String = told.iter().map(|it| format!("{}: {}\n", it.summary, it.detail)).collect();
        assert!(told.contains("Invalid "), "{told}");
        assert_hidden(&told, &configuration);
    }
}
