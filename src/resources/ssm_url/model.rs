//! The parameter as a typed model.

use std::collections::BTreeMap;

use crate::aws::Secret;
use crate::engine::state::tags::Tags;
use crate::model;
use crate::resources::common::connection;
use crate::resources::common::connection::{GroupModel, Source};
use crate::value::Field;

/// The key SSM takes when a SecureString names none.
pub(super) const DEFAULT_KEY: &str = "alias/aws/ssm";

model! {
    /// An `elasticache_ssm_url`; the schema says what each attribute means.
    pub struct SsmUrlModel {
        /// Same as `name`.
        id: Field<String>,
        /// Name of the parameter.
        name: Field<String>,
        /// The group, or as much of it as a URL needs.
        replication_group: Field<GroupModel>,
        /// Host instead of a group.
        host: Field<String>,
        /// Port that belongs to `host`.
        port: Field<i64>,
        /// TLS of `host`.
        transit_encryption_enabled: Field<bool>,
        /// Reader instead of primary.
        use_reader_endpoint: Field<bool>,
        /// RBAC user.
        username: Field<String>,
        /// Token, kept in state.
        auth_token: Field<Secret>,
        /// Token, kept nowhere.
        auth_token_wo: Field<Secret>,
        /// Says when `auth_token_wo` changes.
        auth_token_wo_version: Field<i64>,
        /// Secret with the token.
        auth_token_secret_arn: Field<String>,
        /// Version of that secret.
        auth_token_secret_version_id: Field<String>,
        /// Database number.
        database: Field<i64>,
        /// Query parameters.
        parameters: Field<BTreeMap<String, Field<String>>>,
        /// String or SecureString.
        r#type: Field<String>,
        /// KMS key.
        key_id: Field<String>,
        /// Parameter tier.
        tier: Field<String>,
        /// Takes over what is there.
        overwrite: Field<bool>,
        /// Description.
        description: Field<String>,
        /// The URL, as far as the state may know it.
        url: Field<String>,
        /// Version of the parameter.
        version: Field<i64>,
        /// ARN.
        arn: Field<String>,
        /// Region.
        region: Field<String>,
        /// Own tags.
        tags: Field<Tags>,
        /// All tags.
        tags_all: Field<Tags>,
    }
}

impl SsmUrlModel {
    /// What the URL is made of.
    pub(super) fn source(&self) -> Source {
        Source {
            replication_group: self.replication_group.clone(),
            host: self.host.clone(),
            port: self.port.clone(),
            transit_encryption_enabled: self.transit_encryption_enabled.clone(),
            use_reader_endpoint: self.use_reader_endpoint.clone(),
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

    /// True when the URL holds a token that the state does not.
    pub(super) fn hides_token(&self) -> bool {
        !connection::token(&Source::default(), &self.source()).in_state
    }

    /// The name of the parameter.
    pub(super) fn name_text(&self) -> &str {
        self.name.text().unwrap_or_default()
    }

    /// True when the parameter is encrypted.
    pub(super) fn is_secure(&self) -> bool {
        self.r#type.text() == Some("SecureString")
    }

    /// The key that encrypts the parameter; none for a plain one.
    pub(super) fn key(&self) -> Option<&str> {
        self.is_secure().then(|| self.key_id.text().unwrap_or(DEFAULT_KEY))
    }
}
