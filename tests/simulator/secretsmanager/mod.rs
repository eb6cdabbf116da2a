//! Secrets Manager. Rules from its API reference; wording from AWS's answers as users report them.

mod life;
mod policy;
mod read;
mod replicas;
mod secret;
mod versions;

use super::json::Input;
use super::protocol::{Millis, Place, ServiceError};
use super::state::unknown;
use super::stores::{PerPlace, Tags};
use secret::Store;
use serde_json::Value;

/// What refuses members that break the API model.
const INVALID: &str = "ValidationException";

/// The service.
#[derive(Debug, Default)]
pub(super) struct SecretsManager {
    stores: PerPlace<Store>,
    /// How many secrets were ever made; their ARNs end in what comes of it.
    created: u64,
}

impl SecretsManager {
    pub(super) fn call(
        &mut self,
        place: &Place,
        action: &str,
        input: &Value,
        now: Millis,
    ) -> Result<Value, ServiceError> {
        let input = &Input::new(input, INVALID);
        self.created += 1;
        let created = self.created;
        let store = self.stores.at(place);
        store.forget(now);
        let answer = match action {
            "CreateSecret" => life::create(store, place, input, now, created),
            "UpdateSecret" => life::update(store, input, now),
            "DeleteSecret" => life::delete(store, place, input, now),
            "RestoreSecret" => life::restore(store, input),
            "TagResource" => life::tag(store, input, now),
            "UntagResource" => life::untag(store, input, now),
            "DescribeSecret" => read::describe(store, input),
            "ListSecrets" => read::list(store, input),
            "GetSecretValue" => read::value(store, input),
            "BatchGetSecretValue" => read::batch(store, input),
            "ListSecretVersionIds" => read::version_ids(store, input),
            "GetRandomPassword" => read::random_password(input, created),
            "PutSecretValue" => versions::put(store, input, now),
            "UpdateSecretVersionStage" => versions::update_stage(store, input, now),
            "PutResourcePolicy" => policy::put(store, input),
            "GetResourcePolicy" => policy::get(store, input),
            "DeleteResourcePolicy" => policy::delete(store, input),
            "ValidateResourcePolicy" => policy::validate(input),
            "ReplicateSecretToRegions" => replicas::add(store, place, input, now),
            "RemoveRegionsFromReplication" => replicas::remove(store, input),
            "StopReplicationToReplica" => replicas::stop(store, input),
            _ => Err(unknown("secretsmanager", action)),
        }?;
        replicas::carry_over(&mut self.stores, place);
        Ok(answer)
    }

    /// ARNs with tags; replicas have the tags of their primary.
    pub(super) fn tagged(&mut self, place: &Place) -> Vec<(String, Tags)> {
        let secrets = self.stores.at(place).secrets.values();
        secrets.filter(|one| one.deleted.is_none()).map(|one| (one.arn.clone(), one.tags.clone())).collect()
    }
}
