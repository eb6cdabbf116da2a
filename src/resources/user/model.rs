//! The user as a typed model.

use aws_sdk_elasticache::types::User;

use crate::aws::Secret;
use crate::engine::TimeoutsModel;
use crate::engine::state::tags::Tags;
use crate::model;
use crate::resources::common::secret::Reference;
use crate::services::elasticache::identifier::kept;
use crate::value::{Field, SetOf};

model! {
    /// The block `authentication_mode`.
    pub struct AuthenticationModeModel {
        /// `password`, `no-password-required` or `iam`.
        r#type: Field<String>,
        /// One or two passwords.
        passwords: Field<SetOf<Secret>>,
        /// Passwords AWS knows of.
        password_count: Field<i64>,
    }
}

model! {
    /// An `elasticache_user`.
    pub struct UserModel {
        /// `user_id` as AWS keeps it.
        id: Field<String>,
        /// Id of the user.
        user_id: Field<String>,
        /// Name to log in with.
        user_name: Field<String>,
        /// `redis` or `valkey`.
        engine: Field<String>,
        /// What the user may do.
        access_string: Field<String>,
        /// How the user logs in.
        authentication_mode: Field<Vec<AuthenticationModeModel>>,
        /// Whether the name alone is enough.
        no_password_required: Field<bool>,
        /// One or two passwords.
        passwords: Field<SetOf<Secret>>,
        /// The same, kept out of state.
        passwords_wo: Field<Vec<Secret>>,
        /// Version of those.
        passwords_wo_version: Field<i64>,
        /// Secret with the password.
        password_secret_arn: Field<String>,
        /// Version of that secret.
        password_secret_version_id: Field<String>,
        /// Whether the password of the version before stays valid.
        retain_previous_password: Field<bool>,
        /// Passwords AWS knows of.
        password_count: Field<i64>,
        /// Lowest engine version the user works with.
        minimum_engine_version: Field<String>,
        /// ARN.
        arn: Field<String>,
        /// Region.
        region: Field<String>,
        /// Own tags.
        tags: Field<Tags>,
        /// All tags.
        tags_all: Field<Tags>,
        /// Time limits.
        timeouts: Field<TimeoutsModel>,
    }
}

impl UserModel {
    /// The id as AWS keeps it.
    pub(super) fn aws_id(&self) -> String {
        self.user_id.known().map(|id| kept(id)).unwrap_or_default()
    }

    /// The engine as AWS writes it.
    pub(super) fn aws_engine(&self) -> String {
        self.engine.known().map(|engine| engine.to_ascii_lowercase()).unwrap_or_default()
    }

    /// The secret that the password is taken from.
    pub(super) fn reference(&self) -> Reference {
        Reference::new(&self.password_secret_arn, &self.password_secret_version_id).to_password()
    }

    /// Whether a rotation keeps the password before valid. It does unless told otherwise.
    pub(super) fn retains_previous(&self) -> bool {
        self.retain_previous_password.known() != Some(&false)
    }

    /// The block `authentication_mode`, where there is one.
    pub(super) fn mode(&self) -> Option<&AuthenticationModeModel> {
        self.authentication_mode.known().and_then(|blocks| blocks.first())
    }

    /// The model with what AWS shows of the user; tags, and how it logs in, come from
    /// elsewhere.
    pub(super) fn with_live(mut self, user: &User) -> Self {
        let text = |value: Option<&str>| Field::from(value.map(str::to_owned));
        self.id = text(user.user_id());
        self.user_id = text(user.user_id());
        self.user_name = text(user.user_name());
        self.engine = text(user.engine());
        self.access_string = text(user.access_string());
        self.minimum_engine_version = text(user.minimum_engine_version());
        self.arn = text(user.arn());
        self
    }
}
