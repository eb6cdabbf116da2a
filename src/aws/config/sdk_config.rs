//! From settings, environment and shared files to the SDK's configuration.

use super::assume_role::{RoleProvider, WebIdentityProvider};
use super::checked_credentials::CheckedCredentials;
use super::profile::SharedFiles;
use super::{endpoints, profile, region};
use crate::aws::call::retries;
use crate::aws::http::client::{LazyHttpClient, Network};
use crate::aws::http::complete_response::CompleteResponse;
use crate::aws::http::proxy::Proxies;
use crate::aws::http::response_limit::LargeResponsesArePermanent;
use crate::aws::http::response_log::ResponseLogger;
use crate::aws::http::tls;
use crate::aws::http::user_agent::{self, UserAgentInterceptor};
use crate::aws::{AwsError, Environment, Service, Settings};
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime::client::identity::IdentityCache;
use aws_types::region::Region;
use std::collections::BTreeMap;
use std::time::Duration;

/// A host that does not answer a SYN in this time is not there.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Silence after a request. ElastiCache answers within seconds; the slowest
/// calls seen are creates under load, well below this.
const READ_TIMEOUT: Duration = Duration::from_secs(60);
/// One whole attempt, connecting and reading included.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(90);
/// An answer that stops in the middle for so long is given up.
const STALLED: Duration = Duration::from_secs(20);
/// Getting credentials may be a chain of STS calls with retries, or a
/// `credential_process` that asks the user for a code.
const CREDENTIALS_TIMEOUT: Duration = Duration::from_secs(120);

/// What every client is made from.
#[derive(Debug)]
pub(in crate::aws) struct Loaded {
    /// Region, credentials, retries, timeouts, HTTP client.
    pub(in crate::aws) sdk: SdkConfig,
    /// Added to the User-Agent header.
    pub(in crate::aws) user_agent: String,
    /// Endpoint URLs of the services that have one.
    pub(in crate::aws) endpoints: BTreeMap<Service, String>,
}

/// Checks what can be checked of the settings alone.
///
/// # Errors
/// The first contradiction, with its fix.
pub(in crate::aws) fn check(settings: &Settings) -> Result<(), AwsError> {
    let half = |given: &str, missing: &str| {
        AwsError::config(
            format!("{given} is set without {missing}."),
            "Set both, or neither and give credentials another way (profile, environment, role).",
        )
    };
    match (&settings.access_key, &settings.secret_key) {
        (Some(_), None) => return Err(half("access_key", "secret_key")),
        (None, Some(_)) => return Err(half("secret_key", "access_key")),
        (None, None) if settings.token.is_some() => return Err(half("token", "access_key and secret_key")),
        _ => {}
    }
    let accounts_listed =
        !settings.allowed_account_ids.is_empty() || !settings.forbidden_account_ids.is_empty();
    if !settings.allowed_account_ids.is_empty() && !settings.forbidden_account_ids.is_empty() {
        return Err(AwsError::config(
            "`allowed_account_ids` and `forbidden_account_ids` are both set.",
            "Set one of them: an account that is not allowed is forbidden already.",
        ));
    }
    if accounts_listed && settings.skip_requesting_account_id {
        return Err(AwsError::config(
            "`allowed_account_ids` and `forbidden_account_ids` cannot be checked with \
             `skip_requesting_account_id = true`.",
            "Remove one or the other.",
        ));
    }
    Ok(())
}

/// The region that settings or environment name.
pub(in crate::aws) fn region_named(settings: &Settings, environment: &Environment) -> Option<String> {
    let given = settings.region.clone().filter(|region| !region.is_empty());
    given.or_else(|| environment.first_of(&["AWS_REGION", "AWS_DEFAULT_REGION"]).map(str::to_owned))
}

/// Makes the SDK's configuration. Reads the shared files; asks the instance
/// metadata service for the region when nothing else names one.
///
/// # Errors
/// Everything that is wrong with settings, files, proxies, CA bundle, region.
pub(in crate::aws) async fn load(settings: &Settings, process: &Environment) -> Result<Loaded, AwsError> {
    check(settings)?;
    let settings = &settings.with_expanded_paths(process);
    let mut environment = process.overlaid_with(settings);
    let files = SharedFiles::of(settings).await;
    files.unreadable.warn();
    let profiles = profile::load(settings, &environment, &files).await?;
    let selected = |key: &str| profiles.get(key).filter(|value| !value.trim().is_empty());
    retries::resolve(settings, &mut environment, &profiles)?;
    let endpoints = endpoints::resolve(settings, &environment, &profiles)?;
    check_metadata_service(&environment)?;
    let bundle = settings
        .custom_ca_bundle
        .as_deref()
        .or_else(|| environment.get("AWS_CA_BUNDLE"))
        .or_else(|| selected("ca_bundle"));
    let network = Network {
        proxies: Proxies::new(settings, &environment)?,
        tls: tls::context(bundle)?,
        insecure: settings.insecure,
    };

    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .read_timeout(READ_TIMEOUT)
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .build();
    // The upload side counts from the first moment and would call a connection
    // that takes five seconds to make a stalled one; our timeouts cover it.
    let stalled =
        StalledStreamProtectionConfig::enabled().upload_enabled(false).grace_period(STALLED).build();
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .env(environment.to_sdk())
        .profile_files(files.readable)
        .http_client(LazyHttpClient::new(network))
        .timeout_config(timeouts)
        .stalled_stream_protection(stalled)
        .identity_cache(IdentityCache::lazy().load_timeout(CREDENTIALS_TIMEOUT).build());
    let named = region_named(settings, &environment).or_else(|| profile::region(&profiles));
    if let Some(name) = named {
        if !settings.skip_region_validation {
            region::check(&name)?;
        }
        loader = loader.region(Region::new(name));
    }
    if let Some(fips) = either(settings.use_fips_endpoint, environment.flag("AWS_USE_FIPS_ENDPOINT")?) {
        loader = loader.use_fips(fips);
    }
    let dualstack = environment.flag("AWS_USE_DUALSTACK_ENDPOINT")?;
    if let Some(dualstack) = either(settings.use_dualstack_endpoint, dualstack) {
        loader = loader.use_dual_stack(dualstack);
    }
    if let (Some(key), Some(secret)) = (&settings.access_key, &settings.secret_key) {
        let token = settings.token.as_ref().map(|token| token.expose().to_owned());
        loader = loader.credentials_provider(Credentials::new(
            key,
            secret.expose(),
            token,
            None,
            "provider block",
        ));
    }
    let mut sdk = loader.load().await;
    // The SDK takes an empty `region` of a profile for a name.
    if sdk.region().is_none_or(|region| region.as_ref().trim().is_empty()) {
        return Err(AwsError::config(
            "No AWS region is set.",
            files
                .unreadable
                .added_to("Set region in the provider block, AWS_REGION, or region in the profile."),
        ));
    }
    if let Some(provider) = sdk.credentials_provider() {
        let checked = CheckedCredentials { provider, unreadable: files.unreadable };
        let checked = SharedCredentialsProvider::new(checked);
        sdk = sdk.to_builder().credentials_provider(checked).build();
    }

    let user_agent = user_agent::user_agent(settings, environment.get("TF_APPEND_USER_AGENT"));
    let loaded = Loaded { sdk, user_agent, endpoints };
    with_roles(loaded, settings, process)
}

fn either<T>(setting: Option<T>, variable: Option<T>) -> Option<T> {
    setting.or(variable)
}

/// Checks where the instance metadata service is said to be.
fn check_metadata_service(environment: &Environment) -> Result<(), AwsError> {
    if let Some(url) = environment.get("AWS_EC2_METADATA_SERVICE_ENDPOINT") {
        endpoints::check("AWS_EC2_METADATA_SERVICE_ENDPOINT", url)?;
    }
    match environment.get("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE") {
        Some(mode) if !["ipv4", "ipv6"].contains(&mode.trim().to_ascii_lowercase().as_str()) => {
            Err(AwsError::config(
                format!("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE is {mode:?}."),
                "Set it to \"IPv4\" or \"IPv6\", or unset it.",
            ))
        }
        _ => Ok(()),
    }
}

/// Puts the roles over the base credentials: the web identity first, then the
/// chain, each role assumed with the credentials of the one before.
///
/// The web identity block reads the environment of the process: the SDK's copy lacks the variables that
/// `profile` excludes as a source of the base credentials.
fn with_roles(mut loaded: Loaded, settings: &Settings, process: &Environment) -> Result<Loaded, AwsError> {
    let put = |loaded: &mut Loaded, provider: SharedCredentialsProvider| {
        loaded.sdk = loaded.sdk.to_builder().credentials_provider(provider).build();
    };
    if let Some(identity) = &settings.assume_role_with_web_identity {
        let provider = WebIdentityProvider::new(sts(&loaded, settings), identity, process)?;
        put(&mut loaded, SharedCredentialsProvider::new(provider));
    }
    for role in &settings.assume_role {
        let provider = RoleProvider::new(sts(&loaded, settings), role.clone());
        put(&mut loaded, SharedCredentialsProvider::new(provider));
    }
    Ok(loaded)
}

/// An STS client with the credentials as they stand.
pub(in crate::aws) fn sts(loaded: &Loaded, settings: &Settings) -> aws_sdk_sts::Client {
    let mut config = aws_sdk_sts::config::Builder::from(&loaded.sdk)
        .retry_classifier(LargeResponsesArePermanent)
        .interceptor(ResponseLogger(Service::Sts))
        .interceptor(CompleteResponse(Service::Sts))
        .interceptor(UserAgentInterceptor(loaded.user_agent.clone()));
    if let Some(region) = &settings.sts_region {
        config = config.region(Region::new(region.clone()));
    }
    config.set_endpoint_url(loaded.endpoints.get(&Service::Sts).cloned());
    aws_sdk_sts::Client::from_conf(config.build())
}
