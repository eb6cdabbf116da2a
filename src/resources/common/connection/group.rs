//! As much of a replication group as a connection needs.

use crate::aws::Secret;
use crate::model;
use crate::resources::common::secret::Reference;
use crate::value::Field;

model! {
    /// What a connection needs of a replication group.
    pub struct GroupModel {
        /// Host whatever the mode; ours only.
        endpoint: Field<String>,
        /// Host to read from; ours only.
        reader_endpoint: Field<String>,
        /// Host with cluster mode.
        configuration_endpoint_address: Field<String>,
        /// Host without cluster mode.
        primary_endpoint_address: Field<String>,
        /// Host to read from without cluster mode.
        reader_endpoint_address: Field<String>,
        /// Port.
        port: Field<i64>,
        /// TLS that is desired; where that is not known, the one that runs.
        transit_encryption_enabled: Field<bool>,
        /// TLS in effect; ours only.
        transit_encryption_active: Field<bool>,
        /// Token, when the group keeps it in state.
        auth_token: Field<Secret>,
        /// Secret with the token, when the group takes it from there.
        auth_token_secret_arn: Field<String>,
        /// Version of that secret.
        auth_token_secret_version_id: Field<String>,
        /// Raised with every change of the token.
        auth_token_version: Field<i64>,
        /// Whether clients must send a token.
        auth_token_enabled: Field<bool>,
    }
}

impl GroupModel {
    /// The secret that the group takes its token from.
    pub(super) fn reference(&self) -> Reference {
        Reference::new(&self.auth_token_secret_arn, &self.auth_token_secret_version_id)
            .within("replication_group")
    }

    /// Whether connections use TLS now.
    pub(super) fn tls(&self) -> &Field<bool> {
        match &self.transit_encryption_active {
            Field::Null => &self.transit_encryption_enabled,
            given => given,
        }
    }

    /// The host to connect to.
    pub(super) fn host(&self) -> Field<String> {
        first([&self.endpoint, &self.configuration_endpoint_address, &self.primary_endpoint_address])
    }

    /// The reader endpoint. A group with cluster mode has none of its own, even where
    /// an attribute names the configuration endpoint as the host to read from.
    pub(in crate::resources) fn reader(&self) -> Field<String> {
        let own = first([&self.reader_endpoint_address]);
        if !own.is_null() {
            return own;
        }
        match first([&self.configuration_endpoint_address]) {
            Field::Null => first([&self.reader_endpoint]),
            Field::Unknown => Field::Unknown,
            Field::Known(_) => Field::Null,
        }
    }
}

/// The first that is given; unknown when one before it is.
fn first<const N: usize>(candidates: [&Field<String>; N]) -> Field<String> {
    let given = candidates.into_iter().find(|field| field.is_unknown() || field.text().is_some());
    given.cloned().unwrap_or_default()
}
