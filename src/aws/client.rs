//! Clients, made when they are first needed.

use super::batch::{Batchers, Reads, Writes};
use super::call::last_refusal::KeepRefusal;
use super::call::outage::EndpointHistory;
use super::call::retry_rules::QuotaErrorsArePermanent;
use super::config::profile::SharedFiles;
use super::config::sdk_config;
use super::config::sdk_config::Loaded;
use super::config::{account, profile, region};
use super::direct::{ec2, logs, tagging};
use super::http::complete_response::{CompleteResponse, RetryTruncatedResponse};
use super::http::rate_limit::RateLimit;
use super::http::response_limit::LargeResponsesArePermanent;
use super::http::response_log::ResponseLogger;
use super::http::user_agent::UserAgentInterceptor;
use super::shared_attempt::SharedAttempt;
use super::{AwsError, Cancel, Environment, ErrorKind, Service, Settings, call};
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime::client::retries::{RetryPartition, TokenBucket};
use aws_smithy_runtime_api::client::http::HttpClient;
use aws_types::region::Region;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use tokio::sync::OnceCell;

/// How long the tagging index may take to answer. Where it cannot be reached, as in a
/// network with endpoints for some services only, this is lost once.
const INDEX_TIMEOUT: Duration = Duration::from_secs(5);

/// How long STS may take to return the account ID for a check. Where it cannot be reached, as in a network with endpoints
/// for some services only, a call takes two or three times as long to fail.
const ACCOUNT_TIMEOUT: Duration = Duration::from_secs(10);

/// The way to AWS. Cheap to clone; all clones share clients, connections and
/// credentials.
///
/// Nothing is loaded before the first use: no file, no environment, no
/// certificate, no credentials.
#[derive(Debug, Clone)]
pub struct Aws(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    settings: Settings,
    /// `None`: that of the process, read at the first use.
    environment: Option<Environment>,
    loaded: SharedAttempt<Loaded>,
    /// The account of the credentials, whether or not it may be touched.
    account: SharedAttempt<String>,
    /// The result of [`Aws::account_id_for_check`].
    checked_account: OnceCell<Result<String, AwsError>>,
    elasticache: PerRegion<aws_sdk_elasticache::Client>,
    ssm: PerRegion<aws_sdk_ssm::Client>,
    secretsmanager: PerRegion<aws_sdk_secretsmanager::Client>,
    cloudwatch: PerRegion<aws_sdk_cloudwatch::Client>,
    logs: PerRegion<logs::Client>,
    ec2: PerRegion<ec2::Client>,
    tagging: PerRegion<tagging::Client>,
    has_tagging: OnceLock<bool>,
    writes: Writes,
    /// Whether reads are batched; unit tests of resources see every call.
    batches: bool,
    batchers: PerRegion<Arc<Batchers>>,
}

/// One client per region.
#[derive(Debug)]
struct PerRegion<C>(Mutex<BTreeMap<String, C>>);

impl<C: Clone> PerRegion<C> {
    fn get(&self, region: &str, make: impl FnOnce() -> C) -> C {
        let mut clients = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(region) {
            return client.clone();
        }
        let client = make();
        clients.insert(region.to_owned(), client.clone());
        client
    }
}

impl<C> Default for PerRegion<C> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

/// Retries are bounded by `max_retries` alone. The SDK would also allow a service no more
/// than a hundred of them under way in the whole process, which an apply of many
/// resources uses up at once when AWS throttles, and would then fail what only has to wait.
fn unmetered(service: Service) -> RetryPartition {
    RetryPartition::custom(service.name()).token_bucket(TokenBucket::unlimited()).build()
}

/// The method that hands out one service's client. The SDK's clients share no
/// trait, so the text is shared instead.
macro_rules! service_client {
    ($(#[$doc:meta])* $name:ident, $sdk:ident, $service:expr) => {
        service_client!($(#[$doc])* $name, $sdk::config::Builder::from, $sdk::Client, $service);
    };
    ($(#[$doc:meta])* $name:ident, $config:expr, $client:path, $service:expr) => {
        $(#[$doc])*
        ///
        /// `None` is the provider's region. The client is made once per region and kept.
        ///
        /// # Errors
        /// Wrong settings, no region, no shared file or profile where one is
        /// named, an account that may not be touched.
        pub async fn $name(&self, region: Option<&str>) -> Result<$client, AwsError> {
            let (loaded, region) = self.ready(region).await?;
            Ok(self.0.$name.get(&region, || {
                let mut config = $config(&loaded.sdk)
                    .region(Region::new(region.clone()))
                    .retry_classifier(RetryTruncatedResponse)
                    .retry_classifier(LargeResponsesArePermanent)
                    .retry_classifier(QuotaErrorsArePermanent($service))
                    .retry_partition(unmetered($service))
                    .interceptor(self.0.writes.clone())
                    .interceptor(KeepRefusal)
                    .interceptor(EndpointHistory::default())
                    .interceptor(RateLimit::default())
                    .interceptor(ResponseLogger($service))
                    .interceptor(CompleteResponse($service))
                    .interceptor(UserAgentInterceptor(loaded.user_agent.clone()));
                config.set_endpoint_url(loaded.endpoints.get(&$service).cloned());
                <$client>::from_conf(config.build())
            }))
        }
    };
}

impl Aws {
    /// Keeps the settings. Does nothing else; see the type.
    pub fn new(settings: Settings) -> Self {
        Self::make(settings, None, true)
    }

    /// Like [`Aws::new`], with an environment of its own instead of the
    /// process's.
    pub fn with_environment(settings: Settings, environment: Environment) -> Self {
        Self::make(settings, Some(environment), true)
    }

    /// For unit tests: static credentials, `us-east-1`, the given connector,
    /// no retries and no timeouts, and a call of its own for each read.
    pub fn for_tests(http: impl HttpClient + 'static) -> Self {
        Self::of_connector(http, false)
    }

    /// The same, with one call for several reads.
    pub fn batching_for_tests(http: impl HttpClient + 'static) -> Self {
        Self::of_connector(http, true)
    }

    fn of_connector(http: impl HttpClient + 'static, batches: bool) -> Self {
        let sdk = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::from_static("us-east-1"))
            .credentials_provider(SharedCredentialsProvider::new(Credentials::for_tests()))
            .retry_config(RetryConfig::disabled())
            .timeout_config(TimeoutConfig::disabled())
            .http_client(http)
            .build();
        let aws = Self::make(Settings::default(), Some(Environment::default()), batches);
        aws.0.loaded.set(Loaded { sdk, user_agent: String::new(), endpoints: BTreeMap::new() });
        aws
    }

    fn make(settings: Settings, environment: Option<Environment>, batches: bool) -> Self {
        Self(Arc::new(Inner {
            settings,
            environment,
            loaded: SharedAttempt::new(),
            account: SharedAttempt::new(),
            checked_account: OnceCell::new(),
            elasticache: PerRegion::default(),
            ssm: PerRegion::default(),
            secretsmanager: PerRegion::default(),
            cloudwatch: PerRegion::default(),
            logs: PerRegion::default(),
            ec2: PerRegion::default(),
            tagging: PerRegion::default(),
            has_tagging: OnceLock::new(),
            writes: Writes::default(),
            batches,
            batchers: PerRegion::default(),
        }))
    }

    service_client!(
        /// The ElastiCache client of a region.
        elasticache, aws_sdk_elasticache, Service::ElastiCache
    );
    service_client!(
        /// The SSM client of a region.
        ssm, aws_sdk_ssm, Service::Ssm
    );
    service_client!(
        /// The Secrets Manager client of a region.
        secretsmanager, aws_sdk_secretsmanager, Service::SecretsManager
    );
    service_client!(
        /// The CloudWatch client of a region.
        cloudwatch, aws_sdk_cloudwatch, Service::CloudWatch
    );
    service_client!(
        /// The CloudWatch Logs client of a region.
        logs, logs::config, logs::Client, Service::Logs
    );
    service_client!(
        /// The EC2 client of a region.
        ec2, ec2::config, ec2::Client, Service::Ec2
    );

    /// The client of the Resource Groups Tagging API of a region: an index that only
    /// saves calls, so it is asked once and not for long. Nothing depends on it.
    ///
    /// # Errors
    /// As the other clients'.
    pub(super) async fn tagging(&self, region: Option<&str>) -> Result<tagging::Client, AwsError> {
        let (loaded, region) = self.ready(region).await?;
        Ok(self.0.tagging.get(&region, || {
            let timeouts = TimeoutConfig::builder().operation_timeout(INDEX_TIMEOUT).build();
            let mut config = tagging::config(&loaded.sdk)
                .region(Region::new(region.clone()))
                .retry_config(RetryConfig::disabled())
                .timeout_config(timeouts)
                .interceptor(ResponseLogger(Service::Tagging))
                .interceptor(CompleteResponse(Service::Tagging))
                .interceptor(UserAgentInterceptor(loaded.user_agent.clone()));
            config.set_endpoint_url(loaded.endpoints.get(&Service::Tagging).cloned());
            tagging::Client::from_conf(config.build())
        }))
    }

    /// Whether the tagging index belongs to the account the services are in: where
    /// services have endpoints of their own and the index has none, it is another.
    pub(super) fn has_tagging(&self) -> bool {
        *self.0.has_tagging.get_or_init(|| self.finds_tagging())
    }

    fn finds_tagging(&self) -> bool {
        let environment = self.environment();
        let given = |service: Service| {
            self.0.settings.endpoints.contains_key(&service)
                || environment.get(service.endpoint_variable()).is_some()
        };
        given(Service::Tagging)
            || environment.get("AWS_ENDPOINT_URL").is_some()
            || !Service::ALL.into_iter().any(given)
    }

    /// Reads of many objects in a region, served together; see [`Reads`].
    pub fn reads<'a>(&'a self, region: Option<&'a str>) -> Reads<'a> {
        let batchers = self.0.batches.then(|| {
            self.0.batchers.get(region.unwrap_or_default(), || Arc::new(Batchers::new(&self.0.writes)))
        });
        Reads::new(self, region, batchers)
    }

    /// The provider's region: from the settings, the environment, the profile,
    /// or at last the instance metadata service.
    ///
    /// # Errors
    /// Wrong settings, or no region anywhere.
    pub async fn region(&self) -> Result<String, AwsError> {
        Ok(region_of(self.loaded().await?))
    }

    /// The provider's region as far as it can be known without the network and
    /// without checking anything: for plans. `None` is "not known yet".
    pub async fn region_offline(&self) -> Option<String> {
        if let Some(loaded) = self.0.loaded.get() {
            return Some(region_of(loaded));
        }
        let process = self.environment();
        let settings = &self.0.settings.with_expanded_paths(&process);
        let environment = process.overlaid_with(settings);
        if let Some(region) = sdk_config::region_named(settings, &environment) {
            return Some(region);
        }
        let files = SharedFiles::of(settings).await;
        let profiles = profile::load(settings, &environment, &files).await.ok()?;
        profile::region(&profiles)
    }

    /// The ID of the account that the credentials belong to, requested from STS once, and checked against the lists of
    /// the provider block. All callers that wait share a failure.
    ///
    /// # Errors
    /// STS cannot be asked, or the account may not be touched.
    pub async fn account_id(&self) -> Result<String, AwsError> {
        let settings = &self.0.settings;
        if settings.skip_requesting_account_id {
            return Err(AwsError::config(
                "The AWS account ID is required, but `skip_requesting_account_id = true` forbids the \
                 request.",
                "Remove `skip_requesting_account_id`.",
            ));
        }
        let loaded = self.loaded().await?;
        let request = async || {
            let sts = sdk_config::sts(loaded, settings);
            let request = sts.get_caller_identity().send();
            let answer = call(&Cancel::new(), Service::Sts, "GetCallerIdentity", request)
                .await
                .map_err(account::explain)?;
            answer.account.ok_or_else(|| {
                AwsError::credentials("STS answered GetCallerIdentity without an account id.", "Run again.")
            })
        };
        let account = self.0.account.get_or_attempt(request).await?;
        account::check(account, settings)?;
        Ok(account.clone())
    }

    /// The same as [`Aws::account_id`] for callers that continue without it: one request for all of them, which ends
    /// after ten seconds or by the token. A failure is remembered, unless a later call of [`Aws::account_id`] succeeds.
    ///
    /// # Errors
    /// As [`Aws::account_id`], or the operation is canceled, which is not remembered.
    pub async fn account_id_for_check(&self, cancel: &Cancel) -> Result<String, AwsError> {
        if let Some(account) = self.0.account.get() {
            account::check(account, &self.0.settings)?;
            return Ok(account.clone());
        }
        let failed = |kind| AwsError::new(Service::Sts, "GetCallerIdentity", kind);
        let request = async || {
            let answered = tokio::time::timeout(ACCOUNT_TIMEOUT, Box::pin(self.account_id())).await;
            let detail = format!("STS did not answer within {} seconds", ACCOUNT_TIMEOUT.as_secs());
            answered.unwrap_or_else(|_| Err(failed(ErrorKind::Timeout { detail })))
        };
        tokio::select! {
            biased;
            checked = self.0.checked_account.get_or_init(request) => checked.clone(),
            () = cancel.cancelled() => Err(failed(ErrorKind::Cancelled)),
        }
    }

    /// Checks the form of a Region that a configuration names, without a call.
    ///
    /// # Errors
    /// A name of another form, unless `skip_region_validation` is set.
    pub fn check_region(&self, region: &str) -> Result<(), AwsError> {
        if self.0.settings.skip_region_validation { Ok(()) } else { region::check(region) }
    }

    /// Everything a client needs: the configuration, its region, and that the
    /// account may be touched.
    pub(super) async fn ready(&self, region: Option<&str>) -> Result<(&Loaded, String), AwsError> {
        let settings = &self.0.settings;
        let loaded = self.loaded().await?;
        let region = match region {
            Some(region) => {
                self.check_region(region)?;
                region.to_owned()
            }
            None => region_of(loaded),
        };
        if !settings.allowed_account_ids.is_empty() || !settings.forbidden_account_ids.is_empty() {
            Box::pin(self.account_id()).await?;
        }
        Ok((loaded, region))
    }

    async fn loaded(&self) -> Result<&Loaded, AwsError> {
        if let Some(loaded) = self.0.loaded.get() {
            return Ok(loaded);
        }
        let load = async || {
            let environment = self.environment();
            sdk_config::load(&self.0.settings, &environment).await
        };
        // On the heap: everybody who wants a client awaits this, and it is done once.
        Box::pin(self.0.loaded.get_or_attempt(load)).await
    }

    fn environment(&self) -> Environment {
        self.0.environment.clone().unwrap_or_else(Environment::process)
    }
}

/// Loading fails without a region, so there is always one.
fn region_of(loaded: &Loaded) -> String {
    loaded.sdk.region().map(ToString::to_string).unwrap_or_default()
}
