//! From the provider block to a configured provider.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{AssumeRoleModel, ProviderModel, WebIdentityModel};
use crate::aws::{AssumeRole, Aws, Environment, RetryMode, Secret, Service, Settings, WebIdentity};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{IgnoreTags, ProviderConfig};
use crate::schema::{self, common};
use crate::value::{Field, FromValue, Path, Value};

/// The provider before ConfigureProvider.
pub fn unconfigured() -> ProviderConfig {
    ProviderConfig::new(Err(Diagnostic::error(
        "Provider not configured",
        "The Terraform client asked for an operation on AWS without configuring the provider first.",
    )))
}

/// Checks a provider block. Unknown values pass.
pub fn validate(config: &Value) -> Diagnostics {
    let mut diags = Diagnostics::new();
    schema::validate(super::schema(), config, &mut diags);
    diags
}

/// Configures the provider. A block with unknown values, which a plan may bring,
/// gives a provider that plans and fails only when AWS is called.
pub async fn configure(config: &Value, terraform_version: &str) -> (ProviderConfig, Diagnostics) {
    configure_with(config, terraform_version, Environment::process()).await
}

async fn configure_with(
    config: &Value,
    terraform_version: &str,
    environment: Environment,
) -> (ProviderConfig, Diagnostics) {
    let mut diags = validate(config);
    if diags.has_errors() {
        return (unconfigured(), diags);
    }
    let model = match ProviderModel::from_value(config, &Path::root()) {
        Ok(model) => model,
        // A null block: nothing is configured, everything comes from the environment.
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
            "Provider configuration not known yet",
            format!(
                "{name} of the provider block depends on something that is only known after apply, but AWS has to be \
                 asked now, because objects of this provider exist already. Apply what it depends on first, with \
                 -target, or give a value that is known."
            ),
        )
        .at(Path::attribute(name))),
    };
    let offline_region = match &aws {
        Ok(aws) => aws.region_offline().await,
        Err(_) => None,
    };
    let mut provider = ProviderConfig::new(aws);
    provider.region = match (&model.region, offline_region) {
        (Field::Known(region), _) if !region.is_empty() => Field::Known(region.clone()),
        (_, Some(region)) => Field::Known(region),
        _ => Field::Unknown,
    };
    provider.default_tags = default_tags(&model, &environment);
    provider.ignore_tags = ignore_tags(&model, &environment);
    (provider, diags)
}

/// The first attribute or block, tags aside, that is not wholly known.
fn first_unknown(config: &Value) -> Option<&str> {
    config
        .as_map()?
        .iter()
        .find(|(name, value)| !value.is_wholly_known() && *name != "default_tags")
        .map(|(name, _)| name.as_str())
}

/// Tags of the block over those of the environment, `TF_AWS_DEFAULT_TAGS_<key>`, which
/// is the variable of hashicorp/aws.
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

/// Keys of the block and of the environment, `TF_AWS_IGNORE_TAGS_KEYS` and
/// `TF_AWS_IGNORE_TAGS_KEY_PREFIXES`, each a list separated by commas.
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
    let mut user_agent = vec![format!("terraform-provider-elasticache/{}", super::VERSION)];
    // Some clients send words here; only what is safe in a header is passed on.
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

/// A block without a role is how a module switches it off.
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

fn endpoints(model: &ProviderModel) -> BTreeMap<Service, String> {
    all(&model.endpoints)
        .into_iter()
        .flatten()
        .filter_map(|(name, url)| Some((Service::from_name(&name)?, text(&url)?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Map;

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

    #[tokio::test]
    async fn the_region_is_known_without_the_network() {
        let (provider, diags) = configured(&block(&[("region", "eu-west-1".into())]), &[]).await;
        assert!(diags.is_empty());
        assert_eq!(provider.region, "eu-west-1".into());
        let (provider, _) = configured(&block(&[]), &[("AWS_REGION", "eu-north-1")]).await;
        assert_eq!(provider.region, "eu-north-1".into());
    }

    #[tokio::test]
    async fn an_unknown_value_fails_only_when_aws_is_called() {
        let config = block(&[("region", Value::Unknown)]);
        let (provider, diags) = configured(&config, &[]).await;
        assert!(diags.is_empty());
        assert!(provider.region.is_unknown());
        let problem = provider.aws().unwrap_err();
        assert_eq!(problem.summary, "Provider configuration not known yet");
        assert_eq!(problem.path, Some(Path::attribute("region")));
    }

    #[tokio::test]
    async fn unknown_default_tags_do_not_keep_aws_from_being_called() {
        let unknown = Value::map([("tags", Value::map([("a", Value::Unknown)]))]);
        let (provider, _) = configured(&block(&[("default_tags", unknown)]), &[]).await;
        assert!(provider.aws().is_ok());
        assert!(provider.default_tags.is_unknown());
    }

    #[tokio::test]
    async fn tags_come_from_block_and_environment() {
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
        let shown: Vec<_> = all.iter().map(|(key, value)| format!("{key}={value}")).collect();
        assert_eq!(shown, ["env=dev", "owner=me", "team=block"]);
        for key in ["a", "b", "k", "kubernetes.io/x", "aws:x"] {
            assert!(provider.ignore_tags.covers(key), "{key}");
        }
        assert!(!provider.ignore_tags.covers("c"));
    }

    #[tokio::test]
    async fn what_is_wrong_is_said_at_its_place() {
        let config = block(&[("access_key", "AKIA".into()), ("retry_mode", "fast".into())]);
        let (_, diags) = configured(&config, &[]).await;
        let shown: Vec<_> =
            diags.iter().map(|d| format!("{}: {}", d.path.clone().unwrap_or_default(), d.detail)).collect();
        assert_eq!(
            shown,
            [
                "access_key: access_key needs secret_key to be given as well.",
                "retry_mode: retry_mode must be \"standard\" or \"adaptive\", but is \"fast\".",
            ]
        );
    }

    #[test]
    fn the_model_holds_exactly_what_the_schema_has() {
        use crate::engine::testing::assert_model;
        use crate::value::Model;
        assert_model("provider", &super::super::schema().block, ProviderModel::ATTRIBUTES);
    }
}
