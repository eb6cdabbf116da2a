//! Between the settings of a secret and Secrets Manager's types.

use aws_sdk_secretsmanager::operation::create_secret::builders::CreateSecretFluentBuilder;
use aws_sdk_secretsmanager::types::StatusType;

use super::attributes::{ReplicaModel, Settings};
use super::validate::same_key_text;
use crate::aws::Secret;
use crate::services::secretsmanager::secret;
use crate::services::secretsmanager::secret::{Observed, ObservedReplica};
use crate::value::{Field, SetOf};

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

/// The settings that AWS returns, in the spelling of `state` if both mean the same. Tags are read separately.
pub(super) fn flatten(observed: &Observed, state: &Settings) -> Settings {
    let mut settings = state.clone();
    settings.id = Field::Known(observed.name.clone());
    settings.name = Field::Known(observed.name.clone());
    settings.arn = Field::Known(observed.arn.clone());
    settings.version_id = observed.current.clone().into();
    settings.description = observed.description.clone().into();
    let key = observed.key.clone().unwrap_or_default();
    if !same_key_text(&key, state.key()) {
        settings.kms_key_id = observed.key.clone().into();
    }
    let before = state.replicas();
    let replica = |(region, replica): (&String, &ObservedReplica)| {
        // A failed replica does not exist; the next apply adds it again.
        if replica.status == Some(StatusType::Failed) {
            return None;
        }
        let configured = state.replica.known().and_then(|set| {
            set.0
                .iter()
                .find(|block| block.region.text() == Some(region))
                .map(|block| block.kms_key_id.clone())
        });
        let same = before.get(region).is_some_and(|key| {
            same_key_text(key.as_deref().unwrap_or_default(), replica.key.as_deref().unwrap_or_default())
        });
        let key = configured.filter(|_| same).unwrap_or_else(|| replica.key.clone().into());
        Some(ReplicaModel { region: Field::Known(region.clone()), kms_key_id: key })
    };
    settings.replica = Field::Known(SetOf(observed.replicas.iter().filter_map(replica).collect()));
    settings
}
