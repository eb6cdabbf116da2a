//! The attributes that resources with a secret share.

use std::collections::BTreeMap;

use super::{policy_text, validate};
use crate::engine::state::tags::Tags;
use crate::object;
use crate::resources::common::forms;
use crate::resources::common::names::SUFFIX;
use crate::schema::{
    Attribute, Check, Equivalence, Reference, block, common, computed, optional, optional_computed, required,
};
use crate::services::secretsmanager::secret::DEFAULT_KEY;
use crate::value::{Field, SetOf, Type};

/// API reference of DeleteSecret, `RecoveryWindowInDays`.
const DEFAULT_WINDOW: i64 = 30;

object! {
    /// All attributes of a secret except its value. A resource has them as a group, the member `secret: Settings`, and
    /// plans `version_id` as unknown if it may write another version.
    pub struct Settings {
        /// Name of the secret.
        id: Field<String> = computed(),
        /// Name of the secret, such as `app/production/redis`: 1 to 512 letters, digits and the characters `/_+=.@!-`
        /// (see [CreateSecret](https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html)).
        /// If omitted, the name is `name_prefix`, or `terraform-` without a prefix, with a unique suffix. Changing this
        /// forces a new resource.
        name: Field<String> = optional_computed()
            .check(Check::Length(1, validate::LONGEST_NAME))
            .check(Check::Pattern(&validate::NAME, validate::NAME_FORM))
            .empty_is_value()
            .conflicts(&["name_prefix"])
            .replace(),
        /// Beginning of the name, to which the provider appends a unique suffix. If omitted, `name` applies. Changing this
        /// to a prefix that the name does not have forces a new resource.
        name_prefix: Field<String> = optional()
            .check(Check::Length(1, validate::LONGEST_NAME - SUFFIX))
            .check(Check::Pattern(&validate::NAME, validate::NAME_FORM)),
        /// Description of the secret, at most 2048 characters. If omitted, the secret has none.
        description: Field<String> = optional().check(Check::Length(0, 2048)),
        /// KMS key that encrypts the secret: its ID, ARN or alias. Defaults to `alias/aws/secretsmanager`, which other
        /// AWS accounts cannot use.
        kms_key_id: Field<String> = key(),
        /// [Resource policy](https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html)
        /// of the secret as JSON, at most 20480 characters, for example to share it with another AWS account. `{}` removes
        /// the policy. If omitted, the policy is not changed, and not read after the import.
        policy: Field<String> = optional_computed()
            .check(Check::Length(0, 20_480))
            .check(Check::By(common::check_json))
            .equivalent_if(Equivalence::By(policy_text::same)),
        /// Days during which the secret can be restored after the resource is destroyed: `7` to `30`, or `0` to delete it
        /// immediately and permanently (see
        /// [DeleteSecret](https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html)). Until
        /// then its name cannot be used again; see `restore_deleted`.
        recovery_window_in_days: Field<i64> = optional()
            .check(Check::By(validate::recovery_window))
            .default(DEFAULT_WINDOW)
            .not_readable("Used when the secret is deleted"),
        /// Whether create adopts an existing secret of this name and gives it a new version. If false, an existing secret
        /// is an error, and can be imported.
        overwrite: Field<bool> = optional().default(false).directive()
            .not_readable("Used when the secret is created"),
        /// Whether create restores and adopts a secret of this name that is scheduled for deletion. If false, such a
        /// secret is an error.
        restore_deleted: Field<bool> = optional().default(false).directive()
            .not_readable("Used when the secret is created"),
        /// Whether a replica overwrites an existing secret of this name in its Region. If false, the replication to that
        /// Region fails.
        force_overwrite_replica_secret: Field<bool> = optional().default(false).directive()
            .not_readable("Used when replicas are created"),
        /// ARN of the secret.
        arn: Field<String> = computed(),
        /// ID of the current version of the secret. It changes with the value.
        version_id: Field<String> = computed().not_readable("The first apply may write the value again"),
        region: Field<String> = common::region(),
        tags: Field<Tags> = common::tags(),
        tags_all: Field<Tags> = common::tags_all(),
        replica: Field<SetOf<ReplicaModel>> = block(),
    }
}

object! {
    /// A replica of the secret in another Region. AWS bills each replica as a secret.
    pub struct ReplicaModel {
        /// AWS Region of the replica.
        region: Field<String> = required()
            .check(Check::Length(1, 128))
            .check(Check::Pattern(&validate::REGION, "the name of a Region, such as \"eu-west-1\"")),
        /// KMS key in that Region: its ID, ARN or alias. Defaults to `alias/aws/secretsmanager`.
        kms_key_id: Field<String> = key(),
    }
}

fn key() -> Attribute {
    forms::kms_key(optional())
        .check(Check::Length(0, 2048))
        .equivalent_if(Equivalence::By(validate::same_key))
}

impl Settings {
    /// The name of the secret.
    pub(super) fn name_text(&self) -> &str {
        self.name.text().unwrap_or_default()
    }

    /// The secret ID in requests: the ARN, which no other secret ever has, or the name while there is no ARN.
    pub(super) fn secret_id(&self) -> &str {
        self.arn.text().unwrap_or_else(|| self.name_text())
    }

    /// The key that encrypts the secret.
    pub(super) fn key(&self) -> &str {
        self.kms_key_id.text().unwrap_or(DEFAULT_KEY)
    }

    /// The KMS keys of the replicas by Region.
    pub(super) fn replicas(&self) -> BTreeMap<String, Option<String>> {
        let blocks = self.replica.known().map(|set| set.0.as_slice()).unwrap_or_default();
        let pair = |block: &ReplicaModel| {
            let key = block.kms_key_id.text().filter(|key| *key != DEFAULT_KEY).map(str::to_owned);
            Some((block.region.text()?.to_owned(), key))
        };
        blocks.iter().filter_map(pair).collect()
    }
}

/// `auth_token_secret_arn`: a token by reference; see [`super::Reference`]. `conflicts` are the arguments that set the token
/// in another way.
pub fn token_secret_arn(conflicts: &'static [&'static str]) -> Attribute {
    Attribute::optional(
        "auth_token_secret_arn",
        Type::String,
        "ARN of a secret in Secrets Manager that holds the AUTH token and nothing else, as in \
         `elasticache_auth_token_secret.this.arn`. The token is read during apply, in the Region of the ARN, and stored \
         neither in state nor in plan. If omitted, no secret is read.",
    )
    .check(Check::Pattern(&validate::ARN, "the ARN of a secret in Secrets Manager"))
    .may_hold_secret()
    .reference(Reference::Own)
    .conflicts(conflicts)
    .requires(&["auth_token_secret_version_id"])
}

/// `auth_token_secret_version_id`.
pub fn token_secret_version_id() -> Attribute {
    Attribute::optional(
        "auth_token_secret_version_id",
        Type::String,
        "ID of the version of that secret, as in `elasticache_auth_token_secret.this.version_id`. Another version ID \
         changes the token. If omitted, no secret is read.",
    )
    .may_hold_secret()
    .requires(&["auth_token_secret_arn"])
}

/// `password_secret_arn`: the password of a user by reference. `conflicts` are the arguments that set the password in
/// another way.
pub fn password_secret_arn(conflicts: &'static [&'static str]) -> Attribute {
    Attribute::optional(
        "password_secret_arn",
        Type::String,
        "ARN of a secret in Secrets Manager that holds the password and nothing else, as in \
         `elasticache_auth_token_secret.this.arn`. The password is read during apply, in the Region of the ARN, and \
         stored neither in state nor in plan. If omitted, no secret is read.",
    )
    .check(Check::Pattern(&validate::ARN, "the ARN of a secret in Secrets Manager"))
    .reference(Reference::Own)
    .conflicts(conflicts)
    .requires(&["password_secret_version_id"])
    .may_hold_secret()
}

/// `password_secret_version_id`.
pub fn password_secret_version_id() -> Attribute {
    Attribute::optional(
        "password_secret_version_id",
        Type::String,
        "ID of the version of that secret, as in `elasticache_auth_token_secret.this.version_id`. Another version ID \
         changes the password: a rotation of the secret reaches the user, the URL and the connection secret in the same \
         apply. If omitted, no secret is read.",
    )
    .requires(&["password_secret_arn"])
    .may_hold_secret()
}
