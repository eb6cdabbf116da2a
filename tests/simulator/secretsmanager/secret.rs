//! A secret, its versions, and the names it is called by.

use crate::simulator::clock;
use crate::simulator::json::Input;
use crate::simulator::protocol::{Millis, ServiceError};
use crate::simulator::stores::Tags;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

pub(super) const CURRENT: &str = "AWSCURRENT";
pub(super) const PREVIOUS: &str = "AWSPREVIOUS";

/// How long the name of a secret deleted by force stays taken. The reference of DeleteSecret: "there
/// might be a short delay before the secret is permanently deleted".
pub(super) const FORCED: Millis = 2_000;

/// The content of a version, as it stands in requests and answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content {
    Text(String),
    /// Base64.
    Binary(String),
}

impl Content {
    /// What a request carries.
    pub(super) fn read(input: &Input<'_>) -> Result<Option<Self>, ServiceError> {
        let text = input.bounded("SecretString", 1, 65_536)?;
        let binary = input.text("SecretBinary")?;
        match (text, binary) {
            (Some(_), Some(_)) => Err(ServiceError::new(
                "InvalidParameterException",
                "You can't specify both a binary secret value and a string secret value in the same secret.",
            )),
            (Some(text), None) if text.len() > 65_536 => {
                Err(input.broken("SecretString", "…", "have length less than or equal to 65536"))
            }
            (Some(text), None) => Ok(Some(Self::Text(text.to_owned()))),
            (None, Some(binary)) => Ok(Some(Self::Binary(binary.to_owned()))),
            (None, None) => Ok(None),
        }
    }

    pub(super) fn show(&self, observed: &mut Map<String, Value>) {
        match self {
            Self::Text(text) => observed.insert("SecretString".to_owned(), json!(text)),
            Self::Binary(binary) => observed.insert("SecretBinary".to_owned(), json!(binary)),
        };
    }
}

/// One version.
#[derive(Debug, Clone)]
pub(super) struct Version {
    pub(super) id: String,
    pub(super) content: Content,
    pub(super) stages: BTreeSet<String>,
    pub(super) created: Millis,
}

/// A copy in another region.
#[derive(Debug, Clone)]
pub(super) struct Replica {
    pub(super) key: Option<String>,
    pub(super) force: bool,
    pub(super) status: &'static str,
    pub(super) message: String,
}

/// A secret.
#[derive(Debug, Clone)]
pub(super) struct Secret {
    pub(super) name: String,
    pub(super) arn: String,
    pub(super) description: Option<String>,
    pub(super) key: Option<String>,
    pub(super) kind: Option<String>,
    pub(super) tags: Tags,
    pub(super) policy: Option<String>,
    /// The newest is last.
    pub(super) versions: Vec<Version>,
    pub(super) created: Millis,
    pub(super) changed: Millis,
    /// When it goes, once it is to be deleted.
    pub(super) deleted: Option<Millis>,
    /// When its deletion was requested.
    pub(super) marked: Option<Millis>,
    /// Deleted by force: it is no longer found, but its name is still taken.
    pub(super) forced: bool,
    pub(super) replicas: BTreeMap<String, Replica>,
    /// Of a replica, the region of its primary.
    pub(super) primary: Option<String>,
    /// Of a replica made a secret of its own, the region of what was its primary.
    pub(super) promoted_from: Option<String>,
}

impl Secret {
    /// The version with a stage.
    pub(super) fn staged(&self, stage: &str) -> Option<&Version> {
        self.versions.iter().find(|version| version.stages.contains(stage))
    }

    /// Puts a stage on one version and takes it from all others. What was current becomes the
    /// previous one.
    pub(super) fn stage(&mut self, id: &str, stage: &str) {
        let before = self.staged(stage).map(|version| version.id.clone());
        for version in &mut self.versions {
            version.stages.remove(stage);
            if version.id == id {
                version.stages.insert(stage.to_owned());
            }
        }
        if let Some(before) = before.filter(|before| stage == CURRENT && before != id) {
            for version in self.versions.iter_mut().filter(|version| version.id == id) {
                version.stages.remove(PREVIOUS);
            }
            self.stage(&before, PREVIOUS);
        }
    }

    /// Versions without a stage are deprecated; the service drops old ones. Belief: about a
    /// hundred are kept ("Secrets Manager deletes deprecated versions ... when there are more
    /// than 100", user guide on versions).
    pub(super) fn prune(&mut self) {
        while self.versions.len() > 100 {
            let Some(oldest) = self.versions.iter().position(|version| version.stages.is_empty()) else {
                return;
            };
            self.versions.remove(oldest);
        }
    }

    /// What every write answers.
    pub(super) fn names(&self) -> Map<String, Value> {
        Map::from_iter([("ARN".to_owned(), json!(self.arn)), ("Name".to_owned(), json!(self.name))])
    }

    pub(super) fn replication(&self) -> Vec<Value> {
        let show = |(region, replica): (&String, &Replica)| {
            json!({
                "Region": region, "KmsKeyId": replica.key.as_deref().unwrap_or("alias/aws/secretsmanager"),
                "Status": replica.status, "StatusMessage": replica.message,
            })
        };
        self.replicas.iter().map(show).collect()
    }

    /// The secret as DescribeSecret and ListSecrets show it.
    pub(super) fn show(&self, stages: &str) -> Map<String, Value> {
        let mut observed = self.names();
        let mut put = |name: &str, value: Value| drop(observed.insert(name.to_owned(), value));
        let optional = [("Description", &self.description), ("KmsKeyId", &self.key), ("Type", &self.kind)];
        for (name, value) in optional {
            if let Some(value) = value {
                put(name, json!(value));
            }
        }
        let tags: Vec<Value> = self.tags.iter().map(|(k, v)| json!({ "Key": k, "Value": v })).collect();
        put("Tags", json!(tags));
        put("CreatedDate", json!(clock::seconds(self.created)));
        put("LastChangedDate", json!(clock::seconds(self.changed)));
        // The moment of the request, not the end of the window, which only the answer of DeleteSecret has
        // (Cloud Custodian's recordings of 2025).
        if let Some(marked) = self.marked {
            put("DeletedDate", json!(clock::seconds(marked)));
        }
        let staged = self.versions.iter().filter(|version| !version.stages.is_empty());
        let staged: Map<String, Value> = staged.map(|v| (v.id.clone(), json!(v.stages))).collect();
        if !staged.is_empty() {
            put(stages, Value::Object(staged));
        }
        if let Some(primary) = &self.primary {
            put("PrimaryRegion", json!(primary));
        }
        if !self.replicas.is_empty() {
            put("ReplicationStatus", json!(self.replication()));
        }
        observed
    }
}

/// The secrets of one account and region, by name.
#[derive(Debug, Default)]
pub(super) struct Store {
    pub(super) secrets: BTreeMap<String, Secret>,
}

impl Store {
    /// Drops what is due.
    pub(super) fn forget(&mut self, now: Millis) {
        self.secrets.retain(|_, secret| secret.deleted.is_none_or(|deleted| deleted > now));
    }

    /// The name of the secret with this name, ARN, or ARN without its last seven characters.
    fn name_of(&self, id: &str) -> Option<String> {
        let found = self.secrets.values().find(|secret| {
            secret.name == id
                || secret.arn == id
                || (id.starts_with("arn:") && secret.arn.len() == id.len() + 7 && secret.arn.starts_with(id))
        });
        found.filter(|secret| !secret.forced).map(|secret| secret.name.clone())
    }

    /// The secret that a request is about, whatever its state.
    pub(super) fn any(&mut self, input: &Input<'_>) -> Result<&mut Secret, ServiceError> {
        let id = input.need("SecretId", input.bounded("SecretId", 1, 2048)?)?;
        self.named(id)
    }

    pub(super) fn named(&mut self, id: &str) -> Result<&mut Secret, ServiceError> {
        let none = || {
            ServiceError::new("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
        };
        let name = self.name_of(id).ok_or_else(none)?;
        self.secrets.get_mut(&name).ok_or_else(none)
    }

    /// The secret that a request is about, unless it is marked for deletion.
    pub(super) fn existing(&mut self, input: &Input<'_>) -> Result<&mut Secret, ServiceError> {
        let secret = self.any(input)?;
        alive(secret)?;
        Ok(secret)
    }

    /// The secret that a request changes: no replica, and not marked for deletion.
    pub(super) fn writable(&mut self, input: &Input<'_>) -> Result<&mut Secret, ServiceError> {
        let secret = self.existing(input)?;
        if secret.primary.is_some() {
            // The guide on replication: a replica's value cannot be changed. Wording is a belief.
            return Err(ServiceError::new(
                "InvalidRequestException",
                "You can't perform this operation on a replica secret.",
            ));
        }
        Ok(secret)
    }
}

pub(super) fn alive(secret: &Secret) -> Result<(), ServiceError> {
    match secret.deleted {
        None => Ok(()),
        Some(_) => Err(ServiceError::new(
            "InvalidRequestException",
            "You can't perform this operation on the secret because it was marked for deletion.",
        )),
    }
}
