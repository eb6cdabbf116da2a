//! Schema of the provider block. Names and meanings follow hashicorp/aws, so that
//! a provider block moves with its resources.

use std::sync::LazyLock;

use regex_lite::Regex;

use super::foreign;
use crate::aws::{RetryMode, Service};
use crate::schema::{Attribute, Block, BlockNesting, Check, NestedBlock, Schema, common, pattern};
use crate::value::{Type, Value};

/// A match is longer than the 20 characters that AWS requires at least.
static ROLE_ARN: LazyLock<Regex> = LazyLock::new(|| pattern(r"^arn:[a-z0-9-]+:iam::\d{12}:role/.+$"));
static ACCOUNT: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\d{12}$"));
static EXTERNAL_ID: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[\w+=,.@:/-]*$"));
static SESSION_NAME: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[\w+=,.@-]*$"));
static URL: LazyLock<Regex> = LazyLock::new(|| pattern(r"^https?://\S+$"));

/// The schema of the provider block.
pub fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(build);
    &SCHEMA
}

fn text(name: &'static str, description: &'static str) -> Attribute {
    Attribute::optional(name, Type::String, description)
}

fn flag(name: &'static str, description: &'static str) -> Attribute {
    Attribute::optional(name, Type::Bool, description)
}

fn build() -> Schema {
    let texts = || Type::list(Type::String);
    let set = || Type::set(Type::String);
    Schema::new(
        Block::new(
            "Manages Amazon ElastiCache for Redis OSS and Valkey, and what a cache needs around it. Arguments left out \
             are taken from the environment (`AWS_REGION`, `AWS_PROFILE`, …) and the shared configuration files, as in \
             every AWS SDK.",
        )
        .attributes([
            text("region", "Region of every resource that names none itself. `AWS_REGION` or the profile otherwise."),
            text("profile", "Profile in the shared configuration files. `AWS_PROFILE` otherwise."),
            Attribute::optional("shared_config_files", texts(), "Files read instead of `~/.aws/config`."),
            Attribute::optional("shared_credentials_files", texts(), "Files read instead of `~/.aws/credentials`."),
            text("access_key", "Access key id. Prefer a profile, a role or the environment.").requires(&["secret_key"]),
            text("secret_key", "Secret access key that belongs to `access_key`.").requires(&["access_key"]).sensitive(),
            text("token", "Session token of temporary keys.").sensitive(),
            Attribute::optional("max_retries", Type::Number, "Retries of a call that failed in passing. Defaults to 25.")
                .check(Check::Range(0, 1000)),
            text("retry_mode", "How retries are paced: `standard` or `adaptive`.").check(Check::By(retry_mode)),
            Attribute::optional(
                "allowed_account_ids",
                set(),
                "IDs of the only accounts that the provider works in. With credentials of another account, plan and apply fail. \
                 The account is checked when Terraform configures the provider, or before the first call if credentials \
                 or STS are not available then.",
            )
            .conflicts(&["forbidden_account_ids"])
            .check(Check::Each(Box::new(Check::Pattern(&ACCOUNT, "an account id of twelve digits")))),
            Attribute::optional("forbidden_account_ids", set(), "IDs of accounts that the provider does not work in; checked as `allowed_account_ids`.")
                .check(Check::Each(Box::new(Check::Pattern(&ACCOUNT, "an account id of twelve digits")))),
            text("custom_ca_bundle", "PEM file of certificate authorities to trust. `AWS_CA_BUNDLE` otherwise."),
            // The empty string means something here: no proxy, whatever the environment says.
            Attribute::optional("http_proxy", Type::String, "Proxy of `http` endpoints. `HTTP_PROXY` otherwise."),
            Attribute::optional("https_proxy", Type::String, "Proxy of `https` endpoints. `HTTPS_PROXY` otherwise."),
            text(
                "no_proxy",
                "Hosts that are reached without a proxy, separated by commas: `example.com` with its subdomains, \
                 `.example.com` or `*.example.com` for subdomains alone, an IP address, a CIDR block, each but the last with \
                 an optional port as in `example.com:8443`, or `*` for all. If omitted, `NO_PROXY` applies.",
            ),
            flag("insecure", "Accept any TLS certificate. For tests against a local AWS only."),
            flag("use_fips_endpoint", "Use FIPS endpoints."),
            flag("use_dualstack_endpoint", "Use endpoints that answer over IPv4 and IPv6."),
            text("ec2_metadata_service_endpoint", "Address of the EC2 instance metadata service."),
            text("ec2_metadata_service_endpoint_mode", "`IPv4` or `IPv6`.").check(Check::OneOf(&["IPv4", "IPv6"])),
            flag("skip_metadata_api_check", "Never ask the EC2 instance metadata service."),
            flag(
                "skip_credentials_validation",
                "Accepted for configurations written for hashicorp/aws. Credentials are never checked ahead of the first \
                 call here, so it changes nothing.",
            ),
            flag("skip_region_validation", "Accept any name of a region."),
            flag("skip_requesting_account_id", "Never ask STS for the account id."),
            text("sts_region", "Region of the STS endpoint. The provider's region otherwise."),
            Attribute::optional("user_agent", texts(), "Products added to the User-Agent header."),
            text(
                "tag_policy_compliance",
                "Accepted for provider blocks written for hashicorp/aws. It has no effect, and a warning says so.",
            )
            .check(Check::OneOf(&["error", "warning", "disabled"])),
            Attribute::optional(
                "token_bucket_rate_limiter_capacity",
                Type::Number,
                "Accepted for provider blocks written for hashicorp/aws. It has no effect, and a warning says so.",
            ),
            flag("s3_use_path_style", "Accepted for provider blocks written for hashicorp/aws. It has no effect."),
            text(
                "s3_us_east_1_regional_endpoint",
                "Accepted for provider blocks written for hashicorp/aws. It has no effect.",
            ),
        ])
        .block(NestedBlock::new("assume_role", BlockNesting::List, assume_role()))
        .block(NestedBlock::new("assume_role_with_web_identity", BlockNesting::Single, web_identity()))
        .block(NestedBlock::new("default_tags", BlockNesting::Single, default_tags()))
        .block(NestedBlock::new("ignore_tags", BlockNesting::Single, ignore_tags()))
        .block(NestedBlock::new("endpoints", BlockNesting::List, endpoints())),
    )
}

fn duration() -> Attribute {
    text("duration", "Length of a session, 15 minutes to 12 hours, such as `1h`. An hour otherwise.")
        .check(Check::By(session_length))
}

fn session_name() -> Attribute {
    text("session_name", "Name of the session.")
        .check(Check::Length(2, 64))
        .check(Check::Pattern(&SESSION_NAME, "letters, digits and +=,.@-_"))
}

/// API model of STS, shape PolicyDescriptorType.
fn policy_arns() -> Attribute {
    Attribute::optional("policy_arns", Type::set(Type::String), "ARNs of managed session policies.")
        .check(Check::Each(Box::new(Check::Length(20, 2048))))
}

fn assume_role() -> Block {
    Block::new("A role to assume. Several blocks are a chain: each is assumed with the credentials of the one before.")
        .attributes([
            text("role_arn", "ARN of the role.")
                .check(Check::Length(1, 2048))
                .check(Check::Pattern(&ROLE_ARN, "the ARN of an IAM role")),
            duration(),
            text("external_id", "External id that the role's trust policy asks for.")
                .check(Check::Length(2, 1224))
                .check(Check::Pattern(&EXTERNAL_ID, "letters, digits and +=,.@:/-_")),
            text("policy", "Session policy as JSON.").check(Check::By(common::check_json)),
            policy_arns(),
            session_name(),
            text("source_identity", "Source identity of the session.")
                .check(Check::Length(2, 64))
                .check(Check::Pattern(&SESSION_NAME, "letters, digits and +=,.@-_")),
            common::check_as_plain_tags(Attribute::optional("tags", Type::map(Type::String), "Session tags.")),
            Attribute::optional("transitive_tag_keys", Type::set(Type::String), "Keys of tags that pass to the next role.")
                .check(Check::MaxItems(50))
                .check(Check::Each(Box::new(Check::Length(1, 128))))
                .check(Check::Each(Box::new(Check::By(common::check_tag_text)))),
        ])
}

fn web_identity() -> Block {
    Block::new("A role to assume with an OIDC token, as CI systems hand out.").attributes([
        text("role_arn", "ARN of the role. `AWS_ROLE_ARN` otherwise.")
            .check(Check::Length(1, 2048))
            .check(Check::Pattern(&ROLE_ARN, "the ARN of an IAM role")),
        duration(),
        text("policy", "Session policy as JSON.")
            .check(Check::Length(1, 2048))
            .check(Check::By(common::check_json)),
        policy_arns(),
        session_name(),
        text("web_identity_token", "The token itself.")
            .check(Check::Length(4, 20000))
            .conflicts(&["web_identity_token_file"])
            .sensitive(),
        text(
            "web_identity_token_file",
            "File that holds the token. `AWS_WEB_IDENTITY_TOKEN_FILE` otherwise.",
        ),
    ])
}

fn default_tags() -> Block {
    Block::new("Tags for every resource that takes tags.").attributes([common::check_as_tags(
        Attribute::optional(
            "tags",
            Type::map(Type::String),
            "The tags. One of the same key on a resource wins.",
        ),
    )])
}

fn ignore_tags() -> Block {
    Block::new("Tags that something else manages: neither shown nor touched.").attributes([
        Attribute::optional("keys", Type::set(Type::String), "Whole keys."),
        Attribute::optional("key_prefixes", Type::set(Type::String), "Beginnings of keys."),
    ])
}

fn endpoints() -> Block {
    let url = |name, description| {
        text(name, description).check(Check::Pattern(&URL, "a URL that starts with http:// or https://"))
    };
    let aliases = |service: Service| service.aliases().iter().copied();
    Block::new(
        "Custom endpoints of services. If omitted, `AWS_ENDPOINT_URL_<SERVICE>`, `AWS_ENDPOINT_URL` and the profile apply, \
         then AWS's own endpoints. The names of all other services that hashicorp/aws accepts here are accepted and have no \
         effect.",
    )
    .attributes(Service::ALL.map(|service| url(service.name(), "URL of the service's endpoint.")))
    .attributes(
        Service::ALL.into_iter().flat_map(aliases).map(|alias| url(alias, "Another name of a service above.")),
    )
    .attributes(foreign::ENDPOINTS.iter().map(|name| text(name, "Without effect.").ignored()))
}

fn retry_mode(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(name) if RetryMode::from_name(name).is_none() => {
            Err(format!("must be \"standard\" or \"adaptive\", but is {name:?}"))
        }
        _ => Ok(()),
    }
}

/// STS: 15 minutes to 12 hours.
fn session_length(value: &Value) -> Result<(), String> {
    let Some(text) = value.as_str() else { return Ok(()) };
    match common::parse_duration(text) {
        Some(length) if (900..=43200).contains(&length.as_secs()) => Ok(()),
        _ => Err(format!("must be a duration between 15m and 12h, but is {text:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_compile_and_match() {
        assert!(ROLE_ARN.is_match("arn:aws:iam::123456789012:role/path/name"));
        assert!(ROLE_ARN.is_match("arn:aws-us-gov:iam::123456789012:role/name"));
        assert!(!ROLE_ARN.is_match("arn:aws:iam::123456789012:user/name"));
        assert!(ACCOUNT.is_match("123456789012") && !ACCOUNT.is_match("12345"));
        assert!(SESSION_NAME.is_match("ci+job=1,a.b@c-d_e") && !SESSION_NAME.is_match("a b"));
        assert!(URL.is_match("http://127.0.0.1:4566") && !URL.is_match("127.0.0.1:4566"));
    }
}
