//! Configures the provider from the provider block.

use std::collections::{BTreeMap, BTreeSet};

use super::attributes::{AssumeRoleModel, ProviderModel, WebIdentityModel};
use super::foreign;
use crate::aws::{
    AssumeRole, Aws, AwsError, Cancel, Environment, RetryMode, Secret, Service, Settings, WebIdentity,
};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{DeletedNames, IgnoreTags, ProviderConfig};
use crate::redact::{self, Secrets};
use crate::schema::{self, common};
use crate::value::{Field, FromValue, Path, Value};

/// Variables whose values are secrets.
const SECRET_VARIABLES: &[&str] = &[
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "TF_AWS_WEB_IDENTITY_TOKEN",
];

/// Variable with which a debug build skips the pauses that AWS requires after a deletion, so that tests against a simulated
/// AWS do not wait. A release build ignores it.
const WITHOUT_PAUSES: &str = "ELASTICACHE_TEST_WITHOUT_PAUSES";

/// The provider before ConfigureProvider.
pub fn unconfigured() -> ProviderConfig {
    ProviderConfig::new(Err(Diagnostic::error(
        "Provider is not configured",
        "Terraform requested an operation on AWS before it configured the provider. Report this as a bug of the Terraform \
         client.",
    )))
}

/// Checks a provider block. Unknown values pass.
pub fn validate(config: &Value) -> Diagnostics {
    let mut diags = Diagnostics::new();
    schema::validate(super::schema(), config, &mut diags);
    // Terraform validates before it configures, so the warning appears once.
    foreign::warn(config, &mut diags);
    diags
}

/// Configures the provider. With unknown values, as in a plan, the provider plans, and fails only if it calls AWS.
pub async fn configure(config: &Value, terraform_version: &str) -> (ProviderConfig, Diagnostics) {
    configure_with(config, terraform_version, Environment::process()).await
}

async fn configure_with(
    config: &Value,
    terraform_version: &str,
    environment: Environment,
) -> (ProviderConfig, Diagnostics) {
    let mut diags = Diagnostics::new();
    // The account check below is a call of this RPC, before the provider has its secrets.
    SECRET_VARIABLES.iter().filter_map(|name| environment.get(name)).for_each(redact::remember);
    schema::validate(super::schema(), config, &mut diags);
    if diags.has_errors() {
        return (unconfigured(), diags);
    }
    let model = match ProviderModel::from_value(config, &Path::root()) {
        Ok(model) => model,
        // A null block: all settings come from the environment.
        Err(_) if config.is_null() => ProviderModel::default(),
        Err(error) => {
            diags.push(
                Diagnostic::error("Invalid provider configuration", format!("{error}.")).at(error.path),
            );
            return (unconfigured(), diags);
        }
    };
    let aws = match first_unknown(config) {
        None => Ok(Aws::with_environment(settings(&model, terraform_version), environment.clone())),
        Some(name) => Err(Diagnostic::error(
            "Provider configuration is unknown",
            format!(
                "`{name}` of the provider block is known only after apply, but AWS has to be called now, because objects of \
                 this provider already exist. Apply the objects that it depends on first, with -target, or set a known \
                 value."
            ),
        )
        .at(Path::attribute(name))),
    };
    if let Ok(aws) = &aws
        && let Some(error) = wrong_account(aws, &model).await
    {
        diags.push(error);
        return (unconfigured(), diags);
    }
    let offline_region = match &aws {
        Ok(aws) => aws.region_offline().await,
        Err(_) => None,
    };
    let mut provider = ProviderConfig::new(aws);
    provider.secrets = Secrets::collected(|| {
        super::schema().block.remember_secrets(config);
        SECRET_VARIABLES.iter().filter_map(|name| environment.get(name)).for_each(redact::remember);
    });
    provider.region = match (&model.region, offline_region) {
        (Field::Known(region), _) if !region.is_empty() => Field::Known(region.clone()),
        (_, Some(region)) => Field::Known(region),
        _ => Field::Unknown,
    };
    provider.default_tags = default_tags(&model, &environment);
    provider.ignore_tags = ignore_tags(&model, &environment);
    if cfg!(debug_assertions) && environment.get(WITHOUT_PAUSES).is_some() {
        provider.deleted_names = DeletedNames::without_pauses();
    }
    (provider, diags)
}

/// Checks the account if the block lists accounts, so that a plan for another account fails. Without credentials or STS,
/// the account is checked before the first call instead, because a plan may need neither.
async fn wrong_account(aws: &Aws, model: &ProviderModel) -> Option<Diagnostic> {
    let lists = [
        ("allowed_account_ids", &model.allowed_account_ids),
        ("forbidden_account_ids", &model.forbidden_account_ids),
    ];
    let (name, _) = lists.into_iter().find(|(_, list)| list.known().is_some_and(|list| !list.is_empty()))?;
    let checked = aws.account_id_for_check(&Cancel::new()).await;
    let error = checked.err().filter(AwsError::is_wrong_account)?;
    Some(Diagnostic::error("Wrong AWS account", error.to_string()).at(Path::attribute(name)))
}

/// The first attribute or block except tags that is not wholly known.
fn first_unknown(config: &Value) -> Option<&str> {
    config
        .as_map()?
        .iter()
        .find(|(name, value)| !value.is_wholly_known() && *name != "default_tags")
        .map(|(name, _)| name.as_str())
}

/// The tags of the block, which override those of the environment variables `TF_AWS_DEFAULT_TAGS_<key>`, as in
/// hashicorp/aws.
fn default_tags(model: &ProviderModel, environment: &Environment) -> Field<BTreeMap<String, String>> {
    let inherited = environment.with_prefix("TF_AWS_DEFAULT_TAGS_");
    let mut all: BTreeMap<String, String> =
        inherited.map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
    let tags = match &model.default_tags {
        Field::Null => return Field::Known(all),
        Field::Unknown => return Field::Unknown,
        Field::Known(block) => &block.tags,
    };
    match tags {
        Field::Null => Field::Known(all),
        Field::Unknown => Field::Unknown,
        Field::Known(tags) if tags.values().any(Field::is_unknown) => Field::Unknown,
        Field::Known(tags) => {
            all.extend(tags.iter().filter_map(|(key, value)| Some((key.clone(), value.known()?.clone()))));
            Field::Known(all)
        }
    }
}

/// The keys of the block and of the environment variables `TF_AWS_IGNORE_TAGS_KEYS` and
/// `TF_AWS_IGNORE_TAGS_KEY_PREFIXES`, which are lists separated by commas.
fn ignore_tags(model: &ProviderModel, environment: &Environment) -> IgnoreTags {
    let inherited = |name: &str| -> BTreeSet<String> {
        let list = environment.get(name).unwrap_or_default();
        list.split(',').map(str::trim).filter(|key| !key.is_empty()).map(str::to_owned).collect()
    };
    let mut ignore = IgnoreTags {
        keys: inherited("TF_AWS_IGNORE_TAGS_KEYS"),
        key_prefixes: inherited("TF_AWS_IGNORE_TAGS_KEY_PREFIXES"),
    };
    if let Some(block) = model.ignore_tags.known() {
        ignore.keys.extend(block.keys.known().into_iter().flatten().cloned());
        ignore.key_prefixes.extend(block.key_prefixes.known().into_iter().flatten().cloned());
    }
    ignore
}

fn text(field: &Field<String>) -> Option<String> {
    field.text().map(str::to_owned)
}

fn secret(field: &Field<String>) -> Option<Secret> {
    field.text().map(Secret::from)
}

fn all<T: Clone, C: IntoIterator<Item = T> + Clone>(field: &Field<C>) -> Vec<T> {
    field.known().cloned().into_iter().flatten().collect()
}

fn settings(model: &ProviderModel, terraform_version: &str) -> Settings {
    let mut user_agent = Vec::new();
    // Some clients send other text; only characters that are safe in a header are sent.
    if !terraform_version.is_empty()
        && terraform_version.bytes().all(|b| b.is_ascii_alphanumeric() || b".-+".contains(&b))
    {
        user_agent.push(format!("Terraform/{terraform_version}"));
    }
    user_agent.extend(all(&model.user_agent));
    Settings {
        region: text(&model.region),
        profile: text(&model.profile),
        shared_config_files: all(&model.shared_config_files),
        shared_credentials_files: all(&model.shared_credentials_files),
        access_key: text(&model.access_key),
        secret_key: secret(&model.secret_key),
        token: secret(&model.token),
        assume_role: all(&model.assume_role).iter().filter_map(assume_role).collect(),
        assume_role_with_web_identity: model.assume_role_with_web_identity.known().map(web_identity),
        endpoints: endpoints(model),
        max_retries: model.max_retries.known().and_then(|n| u32::try_from(*n).ok()),
        retry_mode: model.retry_mode.text().and_then(RetryMode::from_name),
        allowed_account_ids: model.allowed_account_ids.known().cloned().unwrap_or_default(),
        forbidden_account_ids: model.forbidden_account_ids.known().cloned().unwrap_or_default(),
        custom_ca_bundle: text(&model.custom_ca_bundle),
        http_proxy: model.http_proxy.known().cloned(),
        https_proxy: model.https_proxy.known().cloned(),
        no_proxy: text(&model.no_proxy),
        insecure: model.insecure.is_true(),
        use_fips_endpoint: model.use_fips_endpoint.known().copied(),
        use_dualstack_endpoint: model.use_dualstack_endpoint.known().copied(),
        ec2_metadata_service_endpoint: text(&model.ec2_metadata_service_endpoint),
        ec2_metadata_service_endpoint_mode: text(&model.ec2_metadata_service_endpoint_mode),
        skip_metadata_api_check: model.skip_metadata_api_check.known().copied(),
        skip_credentials_validation: model.skip_credentials_validation.is_true(),
        skip_region_validation: model.skip_region_validation.is_true(),
        skip_requesting_account_id: model.skip_requesting_account_id.is_true(),
        sts_region: text(&model.sts_region),
        user_agent,
    }
}

/// A block without a role has no effect, as modules use it.
fn assume_role(block: &AssumeRoleModel) -> Option<AssumeRole> {
    Some(AssumeRole {
        role_arn: text(&block.role_arn)?,
        duration: block.duration.text().and_then(common::parse_duration),
        external_id: text(&block.external_id),
        policy: text(&block.policy),
        policy_arns: all(&block.policy_arns),
        session_name: text(&block.session_name),
        source_identity: text(&block.source_identity),
        tags: block.tags.known().cloned().unwrap_or_default(),
        transitive_tag_keys: all(&block.transitive_tag_keys),
    })
}

fn web_identity(block: &WebIdentityModel) -> WebIdentity {
    WebIdentity {
        role_arn: text(&block.role_arn),
        session_name: text(&block.session_name),
        web_identity_token: secret(&block.web_identity_token),
        web_identity_token_file: text(&block.web_identity_token_file),
        duration: block.duration.text().and_then(common::parse_duration),
        policy: text(&block.policy),
        policy_arns: all(&block.policy_arns),
    }
}

/// The endpoint of each service: by its name, otherwise by the first of its aliases.
fn endpoints(model: &ProviderModel) -> BTreeMap<Service, String> {
    let blocks = all(&model.endpoints);
    let endpoint = |service: Service| {
        let mut keys = std::iter::once(service.name()).chain(service.aliases().iter().copied());
        keys.find_map(|key| blocks.iter().find_map(|block| text(block.0.get(key)?)))
    };
    Service::ALL.into_iter().filter_map(|service| Some((service, endpoint(service)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Map, Type};

    /// A provider block with these attributes and blocks and nothing else.
    fn block(entries: &[(&str, Value)]) -> Value {
        let mut object: Map = super::super::schema().empty_object();
        object.extend(entries.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        Value::Map(object)
    }

    fn tags(pairs: &[(&str, &str)]) -> Value {
        Value::map(pairs.iter().map(|(key, value)| (*key, Value::from(*value))))
    }

    async fn configured(config: &Value, environment: &[(&str, &str)]) -> (ProviderConfig, Diagnostics) {
        let environment =
            environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        configure_with(config, "1.11.4", environment).await
    }

    /// An attribute with a path has a name that says so.
    fn is_path(name: &str) -> bool {
        ["_file", "_files", "_bundle"].iter().any(|end| name.ends_with(end))
    }

    /// Each path of these attributes set to one in the home directory.
    fn with_paths(block: &schema::Block) -> Value {
        let mut object: Map = block.empty_object();
        for attribute in block.attributes.iter().filter(|attribute| is_path(attribute.name)) {
            let path = Value::string(format!("~/{}", attribute.name));
            let value = if attribute.ty() == Type::String { path } else { Value::List(vec![path]) };
            object.insert(attribute.name.to_owned(), value);
        }
        for nested in &block.blocks {
            if nested.block.attributes.iter().any(|attribute| is_path(attribute.name)) {
                object.insert(nested.name.to_owned(), with_paths(&nested.block));
            }
        }
        Value::Map(object)
    }

    #[test]
    fn every_path_is_expanded() {
        let block = with_paths(&super::super::schema().block);
        let settings = settings(&ProviderModel::from_value(&block, &Path::root()).unwrap(), "");
        let environment = [("HOME", "/home/me")].into_iter().collect();
        let (given, expanded) =
            (format!("{settings:?}"), format!("{:?}", settings.with_expanded_paths(&environment)));
        assert_eq!(given.matches("\"~/").count(), 4, "{given}");
        assert_eq!(given.replace("\"~/", "\"/home/me/"), expanded);
    }

    #[tokio::test]
    async fn region_is_known_without_a_call() {
        let (provider, diags) = configured(&block(&[("region", "eu-west-1".into())]), &[]).await;
        assert!(diags.is_empty());
        assert_eq!(provider.region, "eu-west-1".into());
        let (provider, _) = configured(&block(&[]), &[("AWS_REGION", "eu-north-1")]).await;
        assert_eq!(provider.region, "eu-north-1".into());
    }

    #[tokio::test]
    async fn unknown_value_fails_only_if_aws_is_called() {
        let config = block(&[("region", Value::Unknown)]);
        let (provider, diags) = configured(&config, &[]).await;
        assert!(diags.is_empty());
        assert!(provider.region.is_unknown());
        let problem = provider.aws().unwrap_err();
        assert_eq!(problem.summary, "Provider configuration is unknown");
        assert_eq!(problem.path, Some(Path::attribute("region")));
    }

    #[tokio::test]
    async fn unknown_default_tags_allow_calls_to_aws() {
        let unknown = Value::map([("tags", Value::map([("a", Value::Unknown)]))]);
        let (provider, _) = configured(&block(&[("default_tags", unknown)]), &[]).await;
        assert!(provider.aws().is_ok());
        assert!(provider.default_tags.is_unknown());
    }

    #[tokio::test]
    async fn tags_are_merged_from_block_and_environment() {
        let config = block(&[
            ("default_tags", Value::map([("tags", tags(&[("team", "block"), ("env", "dev")]))])),
            (
                "ignore_tags",
                Value::map([("keys", Value::set([Value::from("k")])), ("key_prefixes", Value::Null)]),
            ),
        ]);
        let environment = [
            ("TF_AWS_DEFAULT_TAGS_team", "environment"),
            ("TF_AWS_DEFAULT_TAGS_owner", "me"),
            ("TF_AWS_IGNORE_TAGS_KEYS", "a, b"),
            ("TF_AWS_IGNORE_TAGS_KEY_PREFIXES", "kubernetes.io/"),
        ];
        let (provider, _) = configured(&config, &environment).await;
        let all = provider.default_tags.known().unwrap();
        let observed: Vec<_> = all.iter().map(|(key, value)| format!("{key}={value}")).collect();
        assert_eq!(observed, ["env=dev", "owner=me", "team=block"]);
        for key in ["a", "b", "k", "kubernetes.io/x", "aws:x"] {
            assert!(provider.ignore_tags.covers(key), "{key}");
        }
        assert!(!provider.ignore_tags.covers("c"));
    }

    #[tokio::test]
    async fn default_tags_are_validated_as_tags() {
        let wrong = |pairs: &[(&str, &str)]| {
            let config = block(&[("default_tags", Value::map([("tags", tags(pairs))]))]);
            let diags = validate(&config);
            diags.iter().map(|d| d.path.clone().unwrap_or_default().to_string()).collect::<Vec<_>>()
        };
        assert_eq!(wrong(&[("team", "a")]), [""; 0]);
        assert_eq!(wrong(&[("aws:a", "b")]), ["default_tags.tags"]);
        assert_eq!(wrong(&[("", "b")]), ["default_tags.tags"]);
    }

    #[tokio::test]
    async fn errors_are_reported_at_their_arguments() {
        let config = block(&[("access_key", "AKIA".into()), ("retry_mode", "fast".into())]);
        let (_, diags) = configured(&config, &[]).await;
        let observed: Vec<_> =
            diags.iter().map(|d| format!("{}: {}", d.path.clone().unwrap_or_default(), d.detail)).collect();
        assert_eq!(
            observed,
            [
                "access_key: `access_key` requires `secret_key`. Set `secret_key`, or remove `access_key`.",
                "retry_mode: `retry_mode` must be \"standard\" or \"adaptive\", but is \"fast\".",
            ]
        );
    }

    /// A provider block of hashicorp/aws for an emulator, with all keys.
    #[tokio::test]
    async fn provider_block_of_hashicorp_aws_is_accepted() {
        let block_of = |entries: Vec<(&str, Value)>| {
            let mut endpoints =
                super::super::schema().block.nested_block("endpoints").unwrap().block.empty_object();
            endpoints.extend(entries.into_iter().map(|(name, value)| (name.to_owned(), value)));
            Value::Map(endpoints)
        };
        let every = foreign::ENDPOINTS.iter().map(|name| (*name, Value::from("http://localhost:4566")));
        let config = block(&[
            ("s3_use_path_style", true.into()),
            ("s3_us_east_1_regional_endpoint", "legacy".into()),
            (
                "endpoints",
                Value::List(vec![
                    block_of(every.chain([("cloudwatchlogs", Value::from("http://logs:1"))]).collect()),
                    block_of(vec![
                        ("resourcegroupstagging", "http://tags:1".into()),
                        ("logs", "http://logs:2".into()),
                        ("elasticache", "http://cache:1".into()),
                    ]),
                ]),
            ),
        ]);
        assert!(validate(&config).is_empty());
        let model = ProviderModel::from_value(&config, &Path::root()).unwrap();
        let endpoints = endpoints(&model);
        let url = |service: Service| endpoints.get(&service).map(String::as_str);
        assert_eq!(url(Service::ElastiCache), Some("http://cache:1"));
        assert_eq!(url(Service::Logs), Some("http://logs:2"));
        assert_eq!(url(Service::Tagging), Some("http://tags:1"));
        assert_eq!((url(Service::Ssm), endpoints.len()), (None, 3));
        let (provider, diags) = configured(&config, &[]).await;
        assert!(diags.is_empty() && provider.aws().is_ok());
    }

    #[tokio::test]
    async fn ignored_arguments_are_named_in_one_warning() {
        let config = block(&[
            ("tag_policy_compliance", "error".into()),
            ("token_bucket_rate_limiter_capacity", Value::from(10000)),
        ]);
        let diags = validate(&config);
        let message: Vec<_> = diags.iter().collect();
        assert_eq!((message.len(), message[0].severity), (1, crate::diag::Severity::Warning));
        for name in ["tag_policy_compliance", "token_bucket_rate_limiter_capacity"] {
            assert!(message[0].detail.contains(name), "{}", message[0].detail);
        }
        assert!(configured(&config, &[]).await.1.is_empty(), "the warning appears at validation");
        assert!(validate(&block(&[("tag_policy_compliance", "disabled".into())])).is_empty());
        assert!(validate(&block(&[("tag_policy_compliance", "maybe".into())])).has_errors());
    }

    /// A server on loopback for GetCallerIdentity of STS and an empty list of ElastiCache. Returns its URL and the requests.
    async fn server() -> (String, std::sync::Arc<std::sync::Mutex<Vec<String>>>) {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let visited = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
        let requests = std::sync::Arc::clone(&visited);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let requests = std::sync::Arc::clone(&requests);
                tokio::spawn(async move {
                    let mut request = Vec::new();
                    while !String::from_utf8_lossy(&request).contains("Action=") {
                        let mut bytes = [0; 4096];
                        let read = stream.read(&mut bytes).await.unwrap();
                        request.extend_from_slice(&bytes[..read]);
                    }
                    let request = String::from_utf8_lossy(&request).into_owned();
                    let body = if request.contains("GetCallerIdentity") {
                        "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>999999999999</Account>\
                         </GetCallerIdentityResult></GetCallerIdentityResponse>"
                    } else {
                        "<DescribeReplicationGroupsResponse><DescribeReplicationGroupsResult/>\
                         </DescribeReplicationGroupsResponse>"
                    };
                    requests.lock().unwrap().push(request);
                    let answer = format!(
                        "HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
                        body.len()
                    );
                    stream.write_all(answer.as_bytes()).await.unwrap();
                });
            }
        });
        (url, visited)
    }

    #[tokio::test]
    async fn user_agent_names_the_provider_once() {
        let (url, visited) = server().await;
        let config =
            block(&[("region", "eu-west-1".into()), ("user_agent", Value::List(vec!["module/1.0".into()]))]);
        let environment = [
            ("AWS_ENDPOINT_URL", url.as_str()),
            ("AWS_ACCESS_KEY_ID", "AKIA"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
            ("TF_APPEND_USER_AGENT", "ci/2"),
        ];
        let (provider, _) = configured(&config, &environment).await;
        let client = provider.aws().unwrap().elasticache(None).await.unwrap();
        client.describe_replication_groups().send().await.unwrap();
        let request = visited.lock().unwrap()[0].clone();
        let agent = request.lines().find_map(|line| line.strip_prefix("user-agent: ")).unwrap().trim();
        let own = format!("terraform-provider-elasticache/{}", super::super::VERSION);
        for product in [own.as_str(), "Terraform/1.11.4", "module/1.0", "ci/2"] {
            assert_eq!(agent.matches(product).count(), 1, "{product} in {agent}");
        }
    }

    #[tokio::test]
    async fn wrong_account_is_an_error_at_configuration() {
        let (url, _) = server().await;
        let keys =
            [("AWS_ACCESS_KEY_ID", "AKIA"), ("AWS_SECRET_ACCESS_KEY", "secret"), ("AWS_REGION", "eu-west-1")];
        let reachable = [&keys[..], &[("AWS_ENDPOINT_URL", url.as_str())]].concat();
        for (name, account, wrong) in [
            ("allowed_account_ids", "111122223333", true),
            ("allowed_account_ids", "999999999999", false),
            ("forbidden_account_ids", "999999999999", true),
            ("forbidden_account_ids", "111122223333", false),
        ] {
            let config = block(&[(name, Value::set([Value::from(account)]))]);
            let (_, diags) = configured(&config, &reachable).await;
            let message: Vec<_> = diags.iter().map(|d| (d.summary.as_str(), d.path.clone())).collect();
            let expected = wrong.then(|| ("Wrong AWS account", Some(Path::attribute(name))));
            assert_eq!(message, expected.into_iter().collect::<Vec<_>>(), "{name} {account}");
        }
        // Without lists nothing is checked, and a plan requires neither credentials nor network.
        let config = block(&[("allowed_account_ids", Value::set([Value::from("111122223333")]))]);
        let nobody =
            [("AWS_EC2_METADATA_DISABLED", "true"), ("AWS_REGION", "eu-west-1"), ("HOME", "/nonexistent")];
        assert!(configured(&config, &nobody).await.1.is_empty());
        let unreachable = [&keys[..], &[("AWS_ENDPOINT_URL", "http://127.0.0.1:1")]].concat();
        assert!(configured(&config, &unreachable).await.1.is_empty());
    }

    #[tokio::test]
    async fn secrets_of_block_and_environment_are_redacted() {
        let config = block(&[("access_key", "AKIA".into()), ("secret_key", "block-secret-key".into())]);
        let (provider, _) = configured(&config, &[("AWS_SESSION_TOKEN", "environment-token")]).await;
        let call = Secrets::within(&provider.secrets);
        assert_eq!(call.redact("block-secret-key, environment-token, AKIA"), "(redacted), (redacted), AKIA");
    }
}
