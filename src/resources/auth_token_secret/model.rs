//! The secret as a typed model.

use crate::aws::Secret;
use crate::engine::state::tags::Tags;
use crate::model;
use crate::resources::common::secret::{Purpose, ReplicaModel, secret_settings};
use crate::value::{Field, SetOf};

/// Characters of a generated token when nothing else is said.
pub(super) const LENGTH: i64 = 32;

model! {
    /// An `elasticache_auth_token_secret`; the schema says what each attribute means.
    pub struct AuthTokenSecretModel {
        /// Same as `name`.
        id: Field<String>,
        /// Name of the secret.
        name: Field<String>,
        /// Token, kept in state.
        auth_token: Field<Secret>,
        /// Token, kept nowhere.
        auth_token_wo: Field<Secret>,
        /// Says when `auth_token_wo` changes.
        auth_token_wo_version: Field<i64>,
        /// How a token is made.
        generate: Field<GenerateModel>,
        /// Says when another token is to be made.
        rotation: Field<String>,
        /// Description.
        description: Field<String>,
        /// KMS key.
        kms_key_id: Field<String>,
        /// Days until it is gone.
        recovery_window_in_days: Field<i64>,
        /// Takes over what is there.
        overwrite: Field<bool>,
        /// Restores what is scheduled for deletion.
        restore_deleted: Field<bool>,
        /// Lets a replica take another's place.
        force_overwrite_replica_secret: Field<bool>,
        /// ARN.
        arn: Field<String>,
        /// Current version.
        version_id: Field<String>,
        /// Region.
        region: Field<String>,
        /// Own tags.
        tags: Field<Tags>,
        /// All tags.
        tags_all: Field<Tags>,
        /// Copies.
        replica: Field<SetOf<ReplicaModel>>,
    }
}

secret_settings!(AuthTokenSecretModel);

model! {
    /// How a token is made.
    pub struct GenerateModel {
        /// Characters.
        length: Field<i64>,
        /// Other characters than letters and digits too.
        special: Field<bool>,
    }
}

impl GenerateModel {
    /// As `generate = {}` is planned.
    pub(super) fn default_shape() -> Self {
        Self { length: Field::Known(LENGTH), special: Field::Known(false) }
    }

    /// How many characters, and whether special ones may be among them.
    pub(super) fn shape(&self) -> (i64, bool) {
        let length = self.length.known().copied().unwrap_or(LENGTH);
        (length, self.special.is_true())
    }
}

impl AuthTokenSecretModel {
    /// Attributes by which a token is given, and whether they are.
    pub(super) fn sources(&self) -> [(&'static str, bool); 3] {
        let given = |field: &Field<Secret>| field.is_unknown() || field.given().is_some();
        [
            ("auth_token", given(&self.auth_token)),
            ("auth_token_wo", given(&self.auth_token_wo) || !self.auth_token_wo_version.is_null()),
            ("generate", !self.generate.is_null()),
        ]
    }

    /// True when the state says nothing of where the token came from, as after an import.
    pub(super) fn is_imported(&self) -> bool {
        self.sources().iter().all(|(_, given)| !given)
    }

    /// What a version with a token of this model is written for.
    pub(super) fn purpose(&self) -> Purpose {
        let version = self.auth_token_wo_version.known().map(i64::to_string).unwrap_or_default();
        let (kind, shape) = match self.generate.known() {
            Some(generate) => ("generated", format!("{:?}", generate.shape())),
            None => ("given", version),
        };
        Purpose::new([
            "elasticache_auth_token_secret",
            kind,
            &shape,
            self.rotation.text().unwrap_or_default(),
        ])
    }

    /// True when going from `self` to `planned` may put another token in the secret.
    pub(super) fn may_write(&self, planned: &Self) -> bool {
        if self.version_id.is_null() && self.is_imported() {
            return true;
        }
        if planned.generate.is_unknown() {
            // It may become null, next to a token that is given: `generate = var.x == null ? {} : null`.
            return true;
        }
        if planned.generate.known().is_some() {
            // After an import the secret has its token, and keeps it.
            return !self.is_imported()
                && (shape(&self.generate) != shape(&planned.generate)
                    || self.rotation.text() != planned.rotation.text()
                    || planned.rotation.is_unknown());
        }
        if planned.auth_token.is_unknown() || planned.auth_token_wo_version.is_unknown() {
            return true;
        }
        self.auth_token.given() != planned.auth_token.given()
            || self.auth_token_wo_version != planned.auth_token_wo_version
            || self.generate.known().is_some()
    }
}

/// The shape of what is generated; `None` where nothing is, or it is not known yet.
fn shape(generate: &Field<GenerateModel>) -> Option<(i64, bool)> {
    let generate = generate.known()?;
    let open = generate.length.is_unknown() || generate.special.is_unknown();
    (!open).then(|| generate.shape())
}
