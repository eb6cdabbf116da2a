//! The secret as a typed model.

use std::collections::BTreeMap;

use crate::aws::Secret;
use crate::engine::state::tags::Tags;
use crate::model;
use crate::resources::common::connection;
use crate::resources::common::connection::Source;
use crate::resources::common::secret::{ReplicaModel, secret_settings};
use crate::value::{Field, SetOf};

model! {
    /// An `elasticache_connection_secret`; the schema says what each attribute means.
    pub struct ConnectionSecretModel {
        /// Same as `name`.
        id: Field<String>,
        /// Name of the secret.
        name: Field<String>,
        /// The group, or as much of it as a connection needs.
        replication_group: Field<GroupModel>,
        /// Host instead of a group.
        host: Field<String>,
        /// Port that belongs to `host`.
        port: Field<i64>,
        /// TLS of `host`.
        transit_encryption_enabled: Field<bool>,
        /// Host to read from that belongs to `host`.
        reader_host: Field<String>,
        /// Engine that runs on `host`.
        engine: Field<String>,
        /// RBAC user.
        username: Field<String>,
        /// Token, kept in state.
        auth_token: Field<Secret>,
        /// Token, kept nowhere else.
        auth_token_wo: Field<Secret>,
        /// Says when `auth_token_wo` changes.
        auth_token_wo_version: Field<i64>,
        /// Secret with the token.
        auth_token_secret_arn: Field<String>,
        /// Version of that secret.
        auth_token_secret_version_id: Field<String>,
        /// Database number in the URL.
        database: Field<i64>,
        /// Query parameters of the URL.
        parameters: Field<BTreeMap<String, Field<String>>>,
        /// More keys.
        additional: Field<BTreeMap<String, Field<String>>>,
        /// Whether the current version is the one written here.
        in_sync: Field<bool>,
        /// Description.
        description: Field<String>,
        /// KMS key.
        kms_key_id: Field<String>,
        /// Days until a deleted secret is gone; 0 for at once.
        recovery_window_in_days: Field<i64>,
        /// Takes over what is there.
        overwrite: Field<bool>,
        /// Restores what is scheduled for deletion.
        restore_deleted: Field<bool>,
        /// Lets a replica take the place of a secret of its name.
        force_overwrite_replica_secret: Field<bool>,
        /// Copies in other regions.
        replica: Field<SetOf<ReplicaModel>>,
        /// ARN.
        arn: Field<String>,
        /// Id of the current version.
        version_id: Field<String>,
        /// Region.
        region: Field<String>,
        /// Own tags.
        tags: Field<Tags>,
        /// All tags.
        tags_all: Field<Tags>,
    }
}

secret_settings!(ConnectionSecretModel);

model! {
    /// [`connection::GroupModel`] and the engine, which no URL tells.
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
        /// `redis` or `valkey`, as desired.
        engine: Field<String>,
        /// The engine in effect; ours only.
        engine_actual: Field<String>,
    }
}

impl GroupModel {
    /// The engine that runs.
    pub(super) fn running_engine(&self) -> &Field<String> {
        if self.engine_actual.is_null() { &self.engine } else { &self.engine_actual }
    }
}

impl From<GroupModel> for connection::GroupModel {
    fn from(group: GroupModel) -> Self {
        Self {
            endpoint: group.endpoint,
            reader_endpoint: group.reader_endpoint,
            configuration_endpoint_address: group.configuration_endpoint_address,
            primary_endpoint_address: group.primary_endpoint_address,
            reader_endpoint_address: group.reader_endpoint_address,
            port: group.port,
            transit_encryption_enabled: group.transit_encryption_enabled,
            transit_encryption_active: group.transit_encryption_active,
            auth_token: group.auth_token,
            auth_token_secret_arn: group.auth_token_secret_arn,
            auth_token_secret_version_id: group.auth_token_secret_version_id,
            auth_token_version: group.auth_token_version,
            auth_token_enabled: group.auth_token_enabled,
        }
    }
}

impl ConnectionSecretModel {
    /// What the connection is made of.
    pub(super) fn source(&self) -> Source {
        Source {
            replication_group: match &self.replication_group {
                Field::Null => Field::Null,
                Field::Unknown => Field::Unknown,
                Field::Known(group) => Field::Known(group.clone().into()),
            },
            host: self.host.clone(),
            port: self.port.clone(),
            transit_encryption_enabled: self.transit_encryption_enabled.clone(),
            use_reader_endpoint: Field::Null,
            username: self.username.clone(),
            auth_token: self.auth_token.clone(),
            auth_token_wo: self.auth_token_wo.clone(),
            auth_token_wo_version: self.auth_token_wo_version.clone(),
            auth_token_secret_arn: self.auth_token_secret_arn.clone(),
            auth_token_secret_version_id: self.auth_token_secret_version_id.clone(),
            database: self.database.clone(),
            parameters: self.parameters.clone(),
        }
    }
}
