//! Attributes of the provider block, with the names and meanings of hashicorp/aws, so that a provider block moves with
//! its resources.

use std::collections::{BTreeMap, BTreeSet};

use super::{foreign, validate};
use crate::aws::Service;
use crate::object;
use crate::schema::{Attribute, Block, Check, Nesting, Typed, block, common, optional};
use crate::value::{ConvertError, Field, FromValue, IntoValue, Path, Type, Value};

object! {
    /// Manages Amazon ElastiCache for Redis OSS and Valkey, and the AWS objects that a cache requires. Omitted arguments
    /// are taken from the environment (`AWS_REGION`, `AWS_PROFILE`, …) and the shared configuration files, as in every
    /// AWS SDK.
    pub(super) struct ProviderModel {
        /// AWS Region of all objects that do not set `region`. If omitted, `AWS_REGION`, `AWS_DEFAULT_REGION`, or the Region
        /// of the profile.
        region: Field<String> = optional(),
        /// Profile in the shared configuration files. If omitted, `AWS_PROFILE`, or `default`.
        profile: Field<String> = optional(),
        /// Paths of shared configuration files. In this and every other path of the block, a leading `~` and variables such
        /// as `$HOME` or `${HOME}` are expanded. A file that does not exist is ignored. If omitted, `AWS_CONFIG_FILE`, or
        /// `~/.aws/config`.
        shared_config_files: Field<Vec<String>> = optional(),
        /// Paths of shared credentials files. A file that does not exist is ignored. If omitted,
        /// `AWS_SHARED_CREDENTIALS_FILE`, or `~/.aws/credentials`.
        shared_credentials_files: Field<Vec<String>> = optional(),
        /// Access key ID. Prefer a profile, a role or the environment. If omitted, the next source of credentials applies.
        access_key: Field<String> = optional().requires(&["secret_key"]),
        /// Secret access key of `access_key`. If omitted, the next source of credentials applies.
        secret_key: Field<String> = optional().requires(&["access_key"]).sensitive(),
        /// Session token of temporary credentials. If omitted, none is sent with `access_key`.
        token: Field<String> = optional().sensitive(),
        /// Maximum number of retries of a call with a transient error: `0` to `1000`. If omitted, `AWS_MAX_ATTEMPTS` or the
        /// profile applies, otherwise `25`.
        max_retries: Field<i64> = optional().check(Check::Range(0, 1000)),
        /// Retry mode: `standard` or `adaptive`. If omitted, `AWS_RETRY_MODE` or the profile applies, otherwise `standard`.
        retry_mode: Field<String> = optional().check(Check::By(validate::retry_mode)),
        /// IDs of the only AWS accounts in which the provider works. With credentials of another account, plan and apply
        /// fail. The account is checked when Terraform configures the provider, or before the first call if credentials or
        /// STS are not available then. If omitted, all accounts are allowed.
        allowed_account_ids: Field<BTreeSet<String>> = optional()
            .conflicts(&["forbidden_account_ids"])
            .check(validate::each_account()),
        /// IDs of the AWS accounts in which the provider does not work; checked as `allowed_account_ids`. If omitted, no
        /// account is forbidden.
        forbidden_account_ids: Field<BTreeSet<String>> = optional().check(validate::each_account()),
        /// PEM file of certificate authorities to trust. If omitted, `AWS_CA_BUNDLE` or the profile applies.
        custom_ca_bundle: Field<String> = optional(),
        /// Proxy for `http` endpoints; an empty string disables the proxy of the environment. If omitted, `HTTP_PROXY`
        /// applies.
        http_proxy: Field<String> = optional(),
        /// Proxy for `https` endpoints; an empty string disables the proxy of the environment. If omitted, `HTTPS_PROXY`
        /// applies.
        https_proxy: Field<String> = optional(),
        /// Hosts that are reached without a proxy, separated by commas: `example.com` with its subdomains, `.example.com`
        /// or `*.example.com` for subdomains alone, an IP address, a CIDR block, each but the last with an optional port
        /// as in `example.com:8443`, or `*` for all. If omitted, `NO_PROXY` applies.
        no_proxy: Field<String> = optional(),
        /// Whether any TLS certificate is accepted. For tests against an emulator only. Defaults to `false`.
        insecure: Field<bool> = optional(),
        /// Whether FIPS endpoints are used. If omitted, `AWS_USE_FIPS_ENDPOINT` or the profile applies.
        use_fips_endpoint: Field<bool> = optional(),
        /// Whether dual-stack endpoints (IPv4 and IPv6) are used. If omitted, `AWS_USE_DUALSTACK_ENDPOINT` or the profile
        /// applies.
        use_dualstack_endpoint: Field<bool> = optional(),
        /// URL of the EC2 instance metadata service. If omitted, `AWS_EC2_METADATA_SERVICE_ENDPOINT` or the profile
        /// applies.
        ec2_metadata_service_endpoint: Field<String> = optional(),
        /// Protocol of the EC2 instance metadata service: `IPv4` or `IPv6`. If omitted,
        /// `AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE` or the profile applies.
        ec2_metadata_service_endpoint_mode: Field<String> = optional().check(Check::OneOf(&["IPv4", "IPv6"])),
        /// Whether the EC2 instance metadata service is never used. If omitted, `AWS_EC2_METADATA_DISABLED` applies.
        skip_metadata_api_check: Field<bool> = optional(),
        /// Accepted for configurations written for hashicorp/aws. It has no effect: credentials are not checked before the
        /// first call.
        skip_credentials_validation: Field<bool> = optional(),
        /// Whether any Region name is accepted. Defaults to `false`.
        skip_region_validation: Field<bool> = optional(),
        /// Whether the account ID is never requested from STS. Defaults to `false`.
        skip_requesting_account_id: Field<bool> = optional(),
        /// AWS Region of the STS endpoint. Defaults to the provider's Region.
        sts_region: Field<String> = optional(),
        /// Products to append to the User-Agent header, such as `module/1.0`. If omitted, none are.
        user_agent: Field<Vec<String>> = optional(),
        /// Accepted for provider blocks written for hashicorp/aws. It has no effect, and a warning says so.
        tag_policy_compliance: Field<String> = optional().check(Check::OneOf(&["error", "warning", "disabled"])),
        /// Accepted for provider blocks written for hashicorp/aws. It has no effect, and a warning says so.
        token_bucket_rate_limiter_capacity: Field<i64> = optional(),
        /// Accepted for provider blocks written for hashicorp/aws. It has no effect.
        s3_use_path_style: Field<bool> = optional(),
        /// Accepted for provider blocks written for hashicorp/aws. It has no effect.
        s3_us_east_1_regional_endpoint: Field<String> = optional(),
        assume_role: Field<Vec<AssumeRoleModel>> = block(),
        assume_role_with_web_identity: Field<WebIdentityModel> = block(),
        default_tags: Field<DefaultTagsModel> = block(),
        ignore_tags: Field<IgnoreTagsModel> = block(),
        /// Custom endpoints of services. If omitted, `AWS_ENDPOINT_URL_<SERVICE>`, `AWS_ENDPOINT_URL` and the profile
        /// apply, then AWS's own endpoints. The names of all other services that hashicorp/aws accepts here are accepted
        /// and have no effect.
        endpoints: Field<Vec<EndpointsModel>> = block(),
    }
}

object! {
    /// A role to assume. Several blocks form a chain: each role is assumed with the credentials of the role before.
    pub(super) struct AssumeRoleModel {
        /// ARN of the role. If omitted, the block is ignored.
        role_arn: Field<String> = role_arn(),
        duration: Field<String> = duration(),
        /// External ID that the trust policy of the role requires. If omitted, none is sent.
        external_id: Field<String> = optional()
            .check(Check::Length(2, 1224))
            .check(Check::Pattern(&validate::EXTERNAL_ID, "letters, digits and +=,.@:/-_")),
        /// Session policy, as JSON. If omitted, none applies.
        policy: Field<String> = optional().check(Check::By(common::check_json)),
        policy_arns: Field<BTreeSet<String>> = policy_arns(),
        /// Name of the session. If omitted, `terraform-provider-elasticache-` and a time.
        session_name: Field<String> = named_session(optional()),
        /// Source identity of the session. If omitted, none is set.
        source_identity: Field<String> = named_session(optional()),
        /// Session tags. If omitted, there are none.
        tags: Field<BTreeMap<String, String>> = common::check_as_plain_tags(optional()),
        /// Keys of the session tags that the next role of the chain receives. If omitted, none are passed.
        transitive_tag_keys: Field<BTreeSet<String>> = optional()
            .check(Check::MaxItems(50))
            .check(Check::Each(Box::new(Check::Length(1, 128))))
            .check(Check::Each(Box::new(Check::By(common::check_tag_text)))),
    }
}

object! {
    /// A role to assume with an OIDC token, such as that of a CI system.
    pub(super) struct WebIdentityModel {
        /// ARN of the role. If omitted, `AWS_ROLE_ARN`.
        role_arn: Field<String> = role_arn(),
        duration: Field<String> = duration(),
        /// Session policy, as JSON. If omitted, none applies.
        policy: Field<String> = optional().check(Check::Length(1, 2048)).check(Check::By(common::check_json)),
        policy_arns: Field<BTreeSet<String>> = policy_arns(),
        /// Name of the session. If omitted, `AWS_ROLE_SESSION_NAME`, or `terraform-provider-elasticache-` and a time.
        session_name: Field<String> = named_session(optional()),
        /// The OIDC token. If omitted, it is read from `web_identity_token_file`, and without that from the variable
        /// `TF_AWS_WEB_IDENTITY_TOKEN`.
        web_identity_token: Field<String> = optional()
            .check(Check::Length(4, 20000))
            .conflicts(&["web_identity_token_file"])
            .sensitive(),
        /// File with the OIDC token. If omitted, `AWS_WEB_IDENTITY_TOKEN_FILE`.
        web_identity_token_file: Field<String> = optional(),
    }
}

object! {
    /// Tags of all resources that support tags.
    pub(super) struct DefaultTagsModel {
        /// The tags. A tag of a resource overrides the one with the same key. If omitted, there are none.
        tags: Field<BTreeMap<String, Field<String>>> = common::check_as_tags(optional()),
    }
}

object! {
    /// Tags that are managed elsewhere: they are neither read nor changed.
    pub(super) struct IgnoreTagsModel {
        /// Keys of tags. If omitted, no keys are ignored.
        keys: Field<BTreeSet<String>> = optional(),
        /// Prefixes of keys. If omitted, no prefixes are ignored.
        key_prefixes: Field<BTreeSet<String>> = optional(),
    }
}

fn role_arn() -> Attribute {
    optional()
        .check(Check::Length(1, 2048))
        .check(Check::Pattern(&validate::ROLE_ARN, "the ARN of an IAM role"))
}

fn duration() -> Attribute {
    optional()
        .describe("Duration of the session: 15 minutes to 12 hours, such as `1h`. Defaults to one hour.")
        .check(Check::By(validate::session_length))
}

fn named_session(attribute: Attribute) -> Attribute {
    attribute
        .check(Check::Length(2, 64))
        .check(Check::Pattern(&validate::SESSION_NAME, "letters, digits and +=,.@-_"))
}

/// API model of STS, shape PolicyDescriptorType.
fn policy_arns() -> Attribute {
    optional()
        .describe("ARNs of managed policies that are session policies. If omitted, none apply.")
        .check(Check::Each(Box::new(Check::Length(20, 2048))))
}

/// URLs by service. The services are data, so the attributes of the block are not declared one by one.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct EndpointsModel(pub(super) BTreeMap<String, Field<String>>);

impl FromValue for EndpointsModel {
    fn from_value(value: &Value, path: &Path) -> Result<Self, ConvertError> {
        BTreeMap::from_value(value, path).map(Self)
    }
}

impl IntoValue for EndpointsModel {
    fn into_value(self) -> Value {
        self.0.into_value()
    }
}

impl Typed for EndpointsModel {
    fn ty() -> Type {
        endpoints().ty()
    }

    fn nested() -> Option<(Nesting, Block)> {
        Some((Nesting::Single, endpoints()))
    }
}

fn endpoints() -> Block {
    let url = |name: &'static str, description: String| {
        let mut attribute = Attribute::optional(name, Type::String, "");
        attribute.description = description.into();
        attribute.check(Check::Pattern(&validate::URL, "a URL that starts with http:// or https://"))
    };
    let own = |service: Service| {
        let description = format!("URL of the endpoint of {}. If omitted, see `endpoints`.", service.title());
        url(service.name(), description)
    };
    let alias = |service: Service| {
        let description = format!("Alias of `{0}`. If omitted, `{0}` applies.", service.name());
        service.aliases().iter().map(move |alias| url(alias, description.clone()))
    };
    let without_effect = |name| Attribute::optional(name, Type::String, "Accepted without effect.").ignored();
    Block::default()
        .attributes(Service::ALL.map(own))
        .attributes(Service::ALL.into_iter().flat_map(alias))
        .attributes(foreign::ENDPOINTS.iter().copied().map(without_effect))
}
