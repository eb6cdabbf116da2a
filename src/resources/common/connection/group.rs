//! As much of a replication group as a connection needs.

use crate::aws::Secret;
use crate::object;
use crate::resources::common::secret::Reference as SecretReference;
use crate::schema::{Check, Reference, optional};
use crate::value::Field;

object! {
    /// The attributes of a replication group that a connection requires.
    pub struct GroupModel {
        /// Host of the replication group, with or without cluster mode. If omitted, one of the next two is used.
        endpoint: Field<String> = optional(),
        /// Host with cluster mode. If omitted, the replication group has no cluster mode.
        configuration_endpoint_address: Field<String> = optional(),
        /// Host of the primary without cluster mode. If omitted, `endpoint` or `configuration_endpoint_address` is
        /// required.
        primary_endpoint_address: Field<String> = optional(),
        /// Host for reads. If omitted, `reader_endpoint_address` is used.
        reader_endpoint: Field<String> = optional(),
        /// Host for reads from the replicas, without cluster mode. If omitted, `reader_endpoint` is used.
        reader_endpoint_address: Field<String> = optional(),
        /// Port of the replication group. Defaults to `6379`.
        port: Field<i64> = optional().check(Check::Range(1, 65535)).reference(Reference::Own),
        /// Whether the replication group uses TLS. It is used if `transit_encryption_active` is omitted. Defaults to `true`
        /// if `auth_token_enabled` is `true`, because AUTH tokens require TLS, otherwise to `false` with a warning. Required
        /// if `auth_token_enabled` is `false`, as in the data source of `hashicorp/aws`, which does not return whether the
        /// cache uses TLS.
        transit_encryption_enabled: Field<bool> = optional(),
        /// Whether the replication group uses TLS at present, without pending changes. If omitted,
        /// `transit_encryption_enabled` is used.
        transit_encryption_active: Field<bool> = optional(),
        /// AUTH token of the replication group, if the state has it. `auth_token` beside `replication_group` takes
        /// precedence. If omitted, the connection uses no token of the replication group.
        auth_token: Field<Secret> = optional().sensitive(),
        /// ARN of the secret with the AUTH token of the replication group. The connection reads the same secret, unless
        /// a token is set beside `replication_group`. If omitted, no secret is read.
        auth_token_secret_arn: Field<String> = optional().may_hold_secret(),
        /// Version ID of that secret. If omitted, no secret is read.
        auth_token_secret_version_id: Field<String> = optional().may_hold_secret(),
        /// Counter that the replication group increments with each change of its token. If omitted, such a change is
        /// not detected.
        auth_token_version: Field<i64> = optional(),
        /// Role of the replication group in a global datastore: `PRIMARY` or `SECONDARY`. The URL of a secondary has the
        /// reader endpoint. If omitted, the replication group is no secondary.
        global_replication_group_role: Field<String> = optional(),
        /// Whether the replication group requires an AUTH token, and thus TLS. The plan warns if the connection then has no
        /// token. If omitted, the plan does not warn.
        auth_token_enabled: Field<bool> = optional(),
    }
}

impl GroupModel {
    /// The secret with the token of the replication group.
    pub(super) fn reference(&self) -> SecretReference {
        SecretReference::new(&self.auth_token_secret_arn, &self.auth_token_secret_version_id)
            .within("replication_group")
    }

    /// Whether connections use TLS at present; null if the object does not say. AUTH tokens require TLS (API reference of
    /// CreateReplicationGroup, `AuthToken`).
    pub(super) fn tls(&self) -> Field<bool> {
        let given = [&self.transit_encryption_active, &self.transit_encryption_enabled];
        match (given.into_iter().find(|field| !field.is_null()), &self.auth_token_enabled) {
            (Some(given), _) => given.clone(),
            (None, Field::Known(false)) => Field::Null,
            (None, requires_token) => requires_token.clone(),
        }
    }

    /// The host. A secondary of a global datastore accepts reads only (user guide, "Replication across AWS Regions using
    /// global datastores"): its host is the reader endpoint, which it has without cluster mode.
    pub(super) fn host(&self) -> Field<String> {
        let is_secondary = match &self.global_replication_group_role {
            Field::Unknown => return Field::Unknown,
            role => role.text().is_some_and(|role| role.eq_ignore_ascii_case("secondary")),
        };
        if is_secondary {
            let reader = self.reader();
            if !reader.is_null() {
                return reader;
            }
        }
        first([&self.endpoint, &self.configuration_endpoint_address, &self.primary_endpoint_address])
    }

    /// The reader endpoint. With cluster mode there is none, although `reader_endpoint` is then the configuration
    /// endpoint.
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

/// The first that is set; unknown if one before it is.
fn first<const N: usize>(candidates: [&Field<String>; N]) -> Field<String> {
    let first = candidates.into_iter().find(|field| field.is_unknown() || field.text().is_some());
    first.cloned().unwrap_or_default()
}
