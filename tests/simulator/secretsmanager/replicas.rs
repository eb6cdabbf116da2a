//! Copies of secrets in other regions.

use super::secret::{Replica, Secret, Store};
use crate::simulator::json::Input;
use crate::simulator::protocol::{Millis, Place, ServiceError};
use crate::simulator::stores::PerPlace;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The regions of a request.
pub(super) fn read(place: &Place, input: &Input<'_>) -> Result<BTreeMap<String, Replica>, ServiceError> {
    let force = input.flag("ForceOverwriteReplicaSecret")?.unwrap_or_default();
    let mut replicas = BTreeMap::new();
    for region in input.structures("AddReplicaRegions")? {
        let name = region.need("Region", region.bounded("Region", 1, 128)?)?;
        if name == place.region {
            return Err(ServiceError::new("InvalidParameterException", "Invalid replica region."));
        }
        let key = region.text("KmsKeyId")?.map(str::to_owned);
        let replica = Replica { key, force, status: "InProgress", message: String::new() };
        replicas.insert(name.to_owned(), replica);
    }
    Ok(replicas)
}

pub(super) fn add(
    store: &mut Store,
    place: &Place,
    input: &Input<'_>,
    now: Millis,
) -> Result<Value, ServiceError> {
    let new = read(place, input)?;
    let secret = store.writable(input)?;
    let there = |region: &&String| secret.replicas.get(*region).is_some_and(|r| r.status != "Failed");
    if let Some(region) = new.keys().find(there) {
        let message = format!("Secret is already replicated to region {region}.");
        return Err(ServiceError::new("InvalidParameterException", message));
    }
    secret.replicas.extend(new);
    secret.changed = now;
    Ok(json!({ "ARN": secret.arn, "ReplicationStatus": secret.replication() }))
}

pub(super) fn remove(store: &mut Store, input: &Input<'_>) -> Result<Value, ServiceError> {
    let regions = input.texts("RemoveReplicaRegions")?;
    let secret = store.writable(input)?;
    if let Some(region) = regions.iter().find(|region| !secret.replicas.contains_key(**region)) {
        let message = format!("Secret is not replicated to region {region}.");
        return Err(ServiceError::new("InvalidParameterException", message));
    }
    regions.into_iter().for_each(|region| drop(secret.replicas.remove(region)));
    Ok(json!({ "ARN": secret.arn, "ReplicationStatus": secret.replication() }))
}

pub(super) fn stop(store: &mut Store, input: &Input<'_>) -> Result<Value, ServiceError> {
    let secret = store.existing(input)?;
    let Some(primary) = secret.primary.take() else {
        return Err(ServiceError::new("InvalidRequestException", "The secret is not a replica."));
    };
    secret.promoted_from = Some(primary);
    Ok(json!({ "ARN": secret.arn }))
}

/// Brings the copies of the secrets at this place up to date. AWS takes seconds for it; here the
/// answer that adds a replica says InProgress, and everything after it sees the end.
pub(super) fn carry_over(stores: &mut PerPlace<Store>, place: &Place) {
    let elsewhere = |region: &str| Place { account: place.account.clone(), region: region.to_owned() };
    let mut promoted = Vec::new();
    for secret in stores.at(place).secrets.values_mut() {
        promoted.extend(secret.promoted_from.take().map(|primary| (secret.name.clone(), primary)));
    }
    for (name, primary) in promoted {
        if let Some(primary) = stores.at(&elsewhere(&primary)).secrets.get_mut(&name) {
            primary.replicas.remove(&place.region);
        }
    }
    let ours: Vec<Secret> =
        stores.at(place).secrets.values().filter(|secret| secret.primary.is_none()).cloned().collect();
    let account: Vec<Place> = stores.places().filter(|p| p.account == place.account).cloned().collect();
    for other in account.iter().filter(|other| *other != place) {
        stores.at(other).secrets.retain(|name, copy| {
            copy.primary.as_ref() != Some(&place.region)
                || ours.iter().any(|one| one.name == *name && one.replicas.contains_key(&other.region))
        });
    }
    for secret in ours {
        for (region, replica) in &secret.replicas {
            let other = elsewhere(region);
            let there = stores.at(&other).secrets.get(&secret.name);
            let foreign = there.is_some_and(|there| there.primary.as_ref() != Some(&place.region));
            let (status, message) = if foreign && !replica.force {
                let message = format!(
                    "Replication failed: Secret name {} already exists in region {region}.",
                    secret.name
                );
                ("Failed", message)
            } else {
                let mut copy = secret.clone();
                copy.arn = secret.arn.replacen(&format!(":{}:", place.region), &format!(":{region}:"), 1);
                copy.key.clone_from(&replica.key);
                copy.primary = Some(place.region.clone());
                copy.replicas.clear();
                stores.at(&other).secrets.insert(secret.name.clone(), copy);
                ("InSync", String::new())
            };
            let ours = stores.at(place).secrets.get_mut(&secret.name);
            if let Some(replica) = ours.and_then(|secret| secret.replicas.get_mut(region)) {
                replica.status = status;
                replica.message = message;
            }
        }
    }
}
