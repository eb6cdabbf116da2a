//! Attributes of `elasticache_auth_token_secret`.

use super::validate;
use crate::aws::Secret;
use crate::object;
use crate::resources::common::secret::{Settings, VersionSeed};
use crate::schema::{Check, optional};
use crate::value::Field;

/// The default length of a generated token.
pub(super) const LENGTH: i64 = 32;

object! {
    /// Manages an AUTH token in Secrets Manager, from the configuration or generated. The secret holds the token and
    /// nothing else, and is created before the replication group that uses it. A token that is generated, or set by
    /// `auth_token_wo`, is in no state, plan or log.
    pub struct AuthTokenSecretModel {
        /// AUTH token: [16 to 128](https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html) letters, digits and
        /// the characters `!&#$^<>-`. It is stored in the state; see `auth_token_wo` and `generate`. If omitted, one of
        /// these is required.
        auth_token: Field<Secret> = optional()
            .sensitive()
            .check(Check::By(validate::token))
            .conflicts(&["auth_token_wo", "generate"])
            .not_readable("An import does not read the value of the secret"),
        /// AUTH token, stored neither in state nor in plan. Change `auth_token_wo_version` together with it. Requires
        /// Terraform or OpenTofu 1.11. If omitted, `auth_token` or `generate` is required.
        auth_token_wo: Field<Secret> = optional()
            .write_only()
            .check(Check::By(validate::token))
            .conflicts(&["generate"])
            .requires(&["auth_token_wo_version"]),
        /// Any whole number. Change it whenever `auth_token_wo` changes, which Terraform does not store. Required with
        /// `auth_token_wo`; without effect if omitted with it.
        auth_token_wo_version: Field<i64> = optional().requires(&["auth_token_wo"])
            .not_readable("Kept in the state only"),
        /// Generates the token, as in `generate = {}`. Only the secret holds it. Changing `length` or `special` generates
        /// another token. If omitted, `auth_token` or `auth_token_wo` is required.
        generate: Field<GenerateModel> = optional().not_readable("Used when the token is generated"),
        /// Any text, such as a date or `time_rotating.this.id`. Changing it generates another token as a new version of
        /// the secret; the token before remains readable as the previous version. If omitted, the token is not rotated.
        rotation: Field<String> = optional().requires(&["generate"]).not_readable("Kept in the state only"),
        secret: Settings,
    }
}

object! {
    /// How a token is generated.
    pub struct GenerateModel {
        /// Number of characters of the token: 16 to 128.
        length: Field<i64> = optional().check(Check::Range(16, 128)).default(LENGTH),
        /// Whether the token may have the characters `!&#$^<>-` besides letters and digits. Without them it requires no
        /// quoting.
        special: Field<bool> = optional().default(false),
    }
}

impl GenerateModel {
    /// The planned value of `generate = {}`.
    pub(super) fn default_shape() -> Self {
        Self { length: Field::Known(LENGTH), special: Field::Known(false) }
    }

    /// The number of characters, and whether special characters are allowed.
    pub(super) fn shape(&self) -> (i64, bool) {
        let length = self.length.known().copied().unwrap_or(LENGTH);
        (length, self.special.is_true())
    }
}

impl AuthTokenSecretModel {
    /// The arguments that set the token, each with whether it is set.
    pub(super) fn sources(&self) -> [(&'static str, bool); 3] {
        let given = |field: &Field<Secret>| field.is_unknown() || field.given().is_some();
        [
            ("auth_token", given(&self.auth_token)),
            ("auth_token_wo", given(&self.auth_token_wo) || !self.auth_token_wo_version.is_null()),
            ("generate", !self.generate.is_null()),
        ]
    }

    /// True if the state has no source of the token, as after an import.
    pub(super) fn is_imported(&self) -> bool {
        self.sources().iter().all(|(_, given)| !given)
    }

    /// The seed of a version with a token of this model.
    pub(super) fn seed(&self) -> VersionSeed {
        let version = self.auth_token_wo_version.known().map(i64::to_string).unwrap_or_default();
        let (kind, shape) = match self.generate.known() {
            Some(generate) => ("generated", format!("{:?}", generate.shape())),
            None => ("given", version),
        };
        VersionSeed::new([
            "elasticache_auth_token_secret",
            kind,
            &shape,
            self.rotation.text().unwrap_or_default(),
        ])
    }

    /// True if the change from `self` to `planned` may write another token.
    pub(super) fn may_write(&self, planned: &Self) -> bool {
        if self.secret.version_id.is_null() && self.is_imported() {
            return true;
        }
        if planned.generate.is_unknown() {
            // It may become null beside a token, as in `generate = var.token == null ? {} : null`.
            return true;
        }
        if planned.generate.known().is_some() {
            // An imported secret keeps its token.
            return !self.is_imported()
                && (!has_same_shape(&self.generate, &planned.generate)
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

/// True if both generate a token, and certainly one of the same shape.
fn has_same_shape(before: &Field<GenerateModel>, planned: &Field<GenerateModel>) -> bool {
    let (Some(before), Some(planned)) = (before.known(), planned.known()) else { return false };
    let is_unknown = planned.length.is_unknown() || planned.special.is_unknown();
    !is_unknown && before.shape() == planned.shape()
}
