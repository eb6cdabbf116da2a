//! A parameter, its versions, and the names it is called by.

use super::Store;
use crate::simulator::clock;
use crate::simulator::protocol::{Millis, Place, ServiceError};
use crate::simulator::stores::{Tags, scramble};
use base64::Engine;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A parameter.
#[derive(Debug, Default)]
pub(super) struct Parameter {
    /// The newest is last; never empty once stored.
    pub(super) versions: Vec<Version>,
    pub(super) tags: Tags,
}

/// One version.
#[derive(Debug, Clone)]
pub(super) struct Version {
    pub(super) number: u64,
    pub(super) kind: String,
    pub(super) value: String,
    pub(super) description: Option<String>,
    pub(super) key: Option<String>,
    pub(super) pattern: Option<String>,
    pub(super) tier: String,
    pub(super) data_type: String,
    pub(super) modified: Millis,
    pub(super) labels: BTreeSet<String>,
}

pub(super) const SECURE: &str = "SecureString";
pub(super) const ADVANCED: &str = "Advanced";

impl Parameter {
    pub(super) fn latest(&self) -> Option<&Version> {
        self.versions.last()
    }
}

impl Version {
    /// The value as read: a SecureString that is not decrypted is a KMS ciphertext in base64.
    fn observed(&self, name: &str, decrypt: bool) -> String {
        if self.kind != SECURE || decrypt {
            return self.value.clone();
        }
        let seed = format!("{name}:{}:{}:{:?}", self.number, self.value, self.key);
        let noise = scramble(&seed, "!#$%&()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ", 120);
        base64::engine::general_purpose::STANDARD.encode([b"\x01\x02\x02\x00x", noise.as_bytes()].concat())
    }

    /// The parameter as GetParameter shows it.
    pub(super) fn parameter(
        &self,
        place: &Place,
        name: &str,
        selector: Option<&str>,
        decrypt: bool,
    ) -> Value {
        let mut observed = json!({
            "Name": name, "Type": self.kind, "Value": self.observed(name, decrypt), "Version": self.number,
            "LastModifiedDate": clock::seconds(self.modified), "ARN": arn(place, name),
            "DataType": self.data_type,
        });
        if let Some(selector) = selector {
            observed["Selector"] = json!(format!(":{selector}"));
        }
        observed
    }

    /// The parameter as DescribeParameters shows it.
    pub(super) fn metadata(&self, place: &Place, name: &str) -> Value {
        let mut observed = json!({
            "Name": name, "ARN": arn(place, name), "Type": self.kind, "Version": self.number,
            "LastModifiedDate": clock::seconds(self.modified), "Tier": self.tier, "DataType": self.data_type,
            "LastModifiedUser": format!("arn:aws:iam::{}:user/simulator", place.account), "Policies": [],
        });
        let optional =
            [("KeyId", &self.key), ("Description", &self.description), ("AllowedPattern", &self.pattern)];
        for (member, value) in optional {
            if let Some(value) = value.as_ref().filter(|value| !value.is_empty()) {
                observed[member] = json!(value);
            }
        }
        observed
    }
}

/// The ARN of a parameter; the slash that begins a path is not doubled.
pub(super) fn arn(place: &Place, name: &str) -> String {
    let slash = if name.starts_with('/') { "" } else { "/" };
    format!("arn:aws:ssm:{}:{}:parameter{slash}{name}", place.region, place.account)
}

/// Which parameter a reader means: a name or an ARN, perhaps with a version or a label.
pub(super) struct Desired<'a> {
    pub(super) name: String,
    pub(super) selector: Option<&'a str>,
}

impl<'a> Desired<'a> {
    pub(super) fn read(store: &Store, place: &Place, text: &'a str) -> Self {
        let prefix = arn(place, "/");
        let (path, is_arn) = match text.strip_prefix(&prefix) {
            Some(rest) => (rest, true),
            None => (text, false),
        };
        let (path, selector) = path.split_once(':').map_or((path, None), |(path, rest)| (path, Some(rest)));
        // An ARN does not tell `a` from `/a`.
        let name = match (is_arn, store.contains_key(path)) {
            (true, false) => format!("/{path}"),
            _ => path.to_owned(),
        };
        Self { name, selector }
    }

    pub(super) fn version<'s>(&self, store: &'s Store) -> Result<&'s Version, ServiceError> {
        // AWS sends this code without a message.
        let none = || ServiceError::new("ParameterNotFound", "");
        let parameter = store.get(&self.name).ok_or_else(none)?;
        let Some(selector) = self.selector else { return parameter.latest().ok_or_else(none) };
        let is_it = |version: &&Version| match selector.parse::<u64>() {
            Ok(number) => version.number == number,
            Err(_) => version.labels.contains(selector),
        };
        parameter.versions.iter().find(is_it).ok_or_else(|| {
            let message = format!(
                "Systems Manager could not find version {selector} of {}. Verify the version and try again.",
                self.name
            );
            ServiceError::new("ParameterVersionNotFound", message)
        })
    }
}
