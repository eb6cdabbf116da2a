//! From the settings of a secret to Secrets Manager's types.

use aws_sdk_secretsmanager::operation::create_secret::builders::CreateSecretFluentBuilder;

use super::settings::Settings;
use crate::aws::Secret;
use crate::services::secretsmanager::secret;

/// The request that creates the secret with its first version, whose ID is `version`.
pub(super) fn expand_create(
    call: CreateSecretFluentBuilder,
    settings: &Settings,
    value: &Secret,
    version: &str,
) -> CreateSecretFluentBuilder {
    let replicas = secret::expand_replicas(&settings.replicas());
    call.name(settings.name_text())
        .client_request_token(version)
        .secret_string(value.expose())
        .set_description(settings.description.text().map(str::to_owned))
        .set_kms_key_id(settings.kms_key_id.text().map(str::to_owned))
        .set_tags(settings.tags_all.known().and_then(secret::expand_tags))
        .set_force_overwrite_replica_secret(
            (!replicas.is_empty()).then(|| settings.force_overwrite_replica_secret.is_true()),
        )
        .set_add_replica_regions((!replicas.is_empty()).then_some(replicas))
}
