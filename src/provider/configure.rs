//! From the provider block to a configured provider.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{AssumeRoleModel, ProviderModel, WebIdentityModel};
use crate::aws::{AssumeRole, Aws, RetryMode, Secret, Service, Settings, WebIdentity};
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
        None => Ok(Aws::new(settings(&model, terraform_version))),
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
    provider.default_tags = default_tags(&model);
    if let Some(ignore) = model.ignore_tags.known() {
        let known = |field: &Field<BTreeSet<String>>| field.known().cloned().unwrap_or_default();
        provider.ignore_tags =
            IgnoreTags { keys: known(&ignore.keys), key_prefixes: known(&ignore.key_prefixes) };
    }
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

fn default_tags(model: &ProviderModel) -> Field<BTreeMap<String, String>> {
    let tags = match &model.default_tags {
        Field::Null => return Field::Known(BTreeMap::new()),
        Field::Unknown => return Field::Unknown,
        Field::Known(block) => &block.tags,
    };
    match tags {
        Field::Null => Field::Known(BTreeMap::new()),
        Field::Unknown => Field::Unknown,
        Field::Known(tags) if tags.values().any(Field::is_unknown) => Field::Unknown,
        Field::Known(tags) => Field::Known(
            tags.iter().filter_map(|(key, value)| Some((key.clone(), value.known()?.clone()))).collect(),
        ),
    }
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
