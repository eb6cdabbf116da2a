//! What the provider block can say about AWS, as plain data.

use crate::aws::{Secret, Service};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// The provider block's AWS part. Names and meanings are those of
/// hashicorp/aws; what is left unset comes from the environment and the shared
/// configuration files, as in every AWS SDK.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    /// Region of every object that names none itself.
    pub region: Option<String>,
    /// Profile in the shared files. It overrides keys in the environment.
    pub profile: Option<String>,
    /// Files read instead of `~/.aws/config`, later ones winning. This path and the others are expanded as a shell
    /// expands `~` and variables ([`super::paths`]).
    pub shared_config_files: Vec<String>,
    /// Files read instead of `~/.aws/credentials`, later ones winning.
    pub shared_credentials_files: Vec<String>,
    /// Access key id; needs `secret_key`.
    pub access_key: Option<String>,
    /// Secret access key; needs `access_key`.
    pub secret_key: Option<Secret>,
    /// Session token of temporary keys.
    pub token: Option<Secret>,
    /// Roles to assume, one with the credentials of the one before.
    pub assume_role: Vec<AssumeRole>,
    /// Role to assume with an OIDC token, before `assume_role`.
    pub assume_role_with_web_identity: Option<WebIdentity>,
    /// Endpoint URLs that win over environment and files.
    pub endpoints: BTreeMap<Service, String>,
    /// Retries after a first failed attempt; 25 when nothing sets it.
    pub max_retries: Option<u32>,
    /// How retries are paced.
    pub retry_mode: Option<RetryMode>,
    /// Accounts that may be touched; exclusive with `forbidden_account_ids`.
    pub allowed_account_ids: BTreeSet<String>,
    /// Accounts that must not be touched.
    pub forbidden_account_ids: BTreeSet<String>,
    /// PEM file of the certificate authorities to trust instead of the system's.
    pub custom_ca_bundle: Option<String>,
    /// Proxy for `http://` endpoints, and for `https://` ones when nothing
    /// names a proxy for those. The empty string switches the environment's off.
    pub http_proxy: Option<String>,
    /// Proxy for `https://` endpoints. The empty string switches the
    /// environment's off.
    pub https_proxy: Option<String>,
    /// Hosts reached without a proxy, comma-separated.
    pub no_proxy: Option<String>,
    /// Accept any TLS certificate. For tests against a local AWS only.
    pub insecure: bool,
    /// Use FIPS endpoints.
    pub use_fips_endpoint: Option<bool>,
    /// Use dual-stack (IPv4 and IPv6) endpoints.
    pub use_dualstack_endpoint: Option<bool>,
    /// Address of the EC2 instance metadata service.
    pub ec2_metadata_service_endpoint: Option<String>,
    /// `IPv4` or `IPv6`.
    pub ec2_metadata_service_endpoint_mode: Option<String>,
    /// `true`: never ask the instance metadata service; `false`: ask it even
    /// where `AWS_EC2_METADATA_DISABLED` says not to.
    pub skip_metadata_api_check: Option<bool>,
    /// Kept for configurations that come from hashicorp/aws. Credentials are
    /// never checked ahead of the first real call here, so it changes nothing.
    pub skip_credentials_validation: bool,
    /// Accept any region name.
    pub skip_region_validation: bool,
    /// Never ask STS for the account id.
    pub skip_requesting_account_id: bool,
    /// Region of the STS endpoint; the provider's region when unset.
    pub sts_region: Option<String>,
    /// Products added to the User-Agent header, such as `"my-module/1.2"`.
    pub user_agent: Vec<String>,
}

/// How retries are paced. Names as in `AWS_RETRY_MODE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryMode {
    /// Exponential back-off with jitter.
    Standard,
    /// `Standard`, and slows down the first attempts too when AWS throttles.
    Adaptive,
}

impl RetryMode {
    /// The name in configurations and in `AWS_RETRY_MODE`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Adaptive => "adaptive",
        }
    }

    /// The mode of a name; `None` when unknown.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Standard, Self::Adaptive].into_iter().find(|mode| mode.name() == name)
    }
}

/// One `assume_role` block: the parameters of STS AssumeRole.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AssumeRole {
    /// ARN of the role.
    pub role_arn: String,
    /// Length of a session; STS gives one hour when unset.
    pub duration: Option<Duration>,
    /// External id that the role's trust policy asks for.
    pub external_id: Option<String>,
    /// Session policy as JSON.
    pub policy: Option<String>,
    /// ARNs of managed session policies.
    pub policy_arns: Vec<String>,
    /// Session name; made up when unset.
    pub session_name: Option<String>,
    /// Source identity.
    pub source_identity: Option<String>,
    /// Session tags.
    pub tags: BTreeMap<String, String>,
    /// Keys of the session tags that pass to the next role.
    pub transitive_tag_keys: Vec<String>,
}

/// The `assume_role_with_web_identity` block: the parameters of STS
/// AssumeRoleWithWebIdentity.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WebIdentity {
    /// ARN of the role; `AWS_ROLE_ARN` when unset.
    pub role_arn: Option<String>,
    /// Session name; `AWS_ROLE_SESSION_NAME`, else made up.
    pub session_name: Option<String>,
    /// The token itself; it overrides the file.
    pub web_identity_token: Option<Secret>,
    /// File with the token, read again for every session;
    /// `AWS_WEB_IDENTITY_TOKEN_FILE` when unset.
    pub web_identity_token_file: Option<String>,
    /// Length of a session; STS gives one hour when unset.
    pub duration: Option<Duration>,
    /// Session policy as JSON.
    pub policy: Option<String>,
    /// ARNs of managed session policies.
    pub policy_arns: Vec<String>,
}
