//! The attributes that resources with a secret have in common.

use std::sync::LazyLock;

use regex_lite::Regex;

use crate::resources::common::forms;
use crate::schema::{
    Attribute, Block, BlockNesting, Check, Equivalence, NestedBlock, Reference, common, pattern,
};
use crate::services::secretsmanager::secret::DEFAULT_KEY;
use crate::value::{Type, Value};

/// API reference of DeleteSecret, `RecoveryWindowInDays`.
const DEFAULT_WINDOW: i64 = 30;

/// API reference of CreateSecret, `Name`.
static NAME: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[0-9A-Za-z/_+=.@!-]+$"));

/// API reference of CreateSecret, `ARN` of the answer.
static ARN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^arn:[a-z0-9-]+:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[0-9A-Za-z/_+=.@!-]+$")
});

/// API model of CreateSecret, shape RegionType.
static REGION: LazyLock<Regex> = LazyLock::new(|| pattern(r"^([a-z]+-)+\d+$"));

/// Everything about a secret but its value. A resource opens `version_id` in its plan
/// when it may write another version.
pub fn settings() -> Vec<Attribute> {
    let mut attributes = vec![
        Attribute::computed("id", Type::String, "Name of the secret."),
        Attribute::required(
            "name",
            Type::String,
            "Name of the secret, such as `app/production/redis`. A change means a new secret.",
        )
        .check(Check::Length(1, 512))
        .check(Check::Pattern(&NAME, "made of letters, digits and the characters /_+=.@!-"))
        .replace(),
        Attribute::optional("description", Type::String, "Description of the secret.")
            .check(Check::Length(0, 2048)),
        forms::kms_key(Attribute::optional(
            "kms_key_id",
            Type::String,
            "KMS key that encrypts the secret: its ID, ARN or alias. Defaults to `alias/aws/secretsmanager`, which other \
             accounts cannot use.",
        ))
        .check(Check::Length(0, 2048))
        .same_if(Equivalence::By(same_key)),
        Attribute::optional(
            "recovery_window_in_days",
            Type::Number,
            "Days during which the secret can be restored after it was destroyed: 7 to 30, or 0 to delete it for good at \
             once; 30 when not given. Until they are over its name is taken; see `restore_deleted`.",
        )
        .check(Check::By(check_window))
        .default(DEFAULT_WINDOW),
        Attribute::optional(
            "overwrite",
            Type::Bool,
            "Whether creating takes over a secret of this name that is already there, and gives it a new version. \
             Otherwise that is an error, and the secret can be imported.",
        )
        .default(false)
        .directive(),
        Attribute::optional(
            "restore_deleted",
            Type::Bool,
            "Whether creating restores a secret of this name that is scheduled for deletion, and takes it over. Otherwise \
             that is an error.",
        )
        .default(false)
        .directive(),
        Attribute::optional(
            "force_overwrite_replica_secret",
            Type::Bool,
            "Whether a replica takes the place of a secret of this name in its region.",
        )
        .default(false)
        .directive(),
        Attribute::computed("arn", Type::String, "ARN of the secret."),
        Attribute::computed(
            "version_id",
            Type::String,
            "Id of the current version of the secret. It changes whenever the value does.",
        ),
        common::region(),
    ];
    attributes.extend(common::tags());
    attributes
}

/// A token by reference, as [`super::Reference`] takes it. `conflicts` are the other ways
/// to give one.
pub fn reference(conflicts: &'static [&'static str]) -> [Attribute; 2] {
    [
        Attribute::optional(
            "auth_token_secret_arn",
            Type::String,
            "ARN of a secret of Secrets Manager that holds the token and nothing else, as in \
             `elasticache_auth_token_secret.this.arn`. It is read during apply, in the region of the ARN, and the token is \
             kept neither in state nor in plan.",
        )
        .check(Check::Pattern(&ARN, "the ARN of a secret in Secrets Manager"))
        .may_hold_secret()
        .reference(Reference::Own)
        .conflicts(conflicts)
        .requires(&["auth_token_secret_version_id"]),
        Attribute::optional(
            "auth_token_secret_version_id",
            Type::String,
            "Id of the version of that secret, as in `elasticache_auth_token_secret.this.version_id`. Another version is \
             another token.",
        )
        .may_hold_secret()
        .requires(&["auth_token_secret_arn"]),
    ]
}

/// The password of a user by reference. `conflicts` are the other ways to give one.
pub fn password_reference(conflicts: &'static [&'static str]) -> [Attribute; 2] {
    [
        Attribute::optional(
            "password_secret_arn",
            Type::String,
            "ARN of a secret in Secrets Manager that holds the password and nothing else, as in \
             `elasticache_auth_token_secret.this.arn`. It is read during apply, in the Region of the ARN, and the password \
             is kept neither in state nor in plan.",
        )
        .check(Check::Pattern(&ARN, "the ARN of a secret in Secrets Manager"))
        .reference(Reference::Own)
        .conflicts(conflicts)
        .requires(&["password_secret_version_id"])
        .may_hold_secret(),
        Attribute::optional(
            "password_secret_version_id",
            Type::String,
            "ID of the version of that secret, as in `elasticache_auth_token_secret.this.version_id`. Another version is \
             another password: a rotation of the secret reaches the user, the URL and the connection secret in the same \
             apply.",
        )
        .requires(&["password_secret_arn"])
        .may_hold_secret(),
    ]
}

/// The `replica` block.
pub fn replica() -> NestedBlock {
    let block = Block::new("A copy of the secret in another region.").attributes([
        Attribute::required("region", Type::String, "AWS Region of the copy.")
            .check(Check::Length(1, 128))
            .check(Check::Pattern(&REGION, "the name of a Region, such as \"eu-west-1\"")),
        forms::kms_key(Attribute::optional(
            "kms_key_id",
            Type::String,
            "KMS key in that Region: its ID, ARN or alias. Defaults to `alias/aws/secretsmanager`.",
        ))
        .check(Check::Length(0, 2048))
        .same_if(Equivalence::By(same_key)),
    ]);
    NestedBlock::new("replica", BlockNesting::Set, block)
}

/// A key id, the ARN of that key, and the default key by its alias or not at all.
pub(super) fn same_key(a: &Value, b: &Value) -> bool {
    let (Some(a), Some(b)) = (a.as_str(), b.as_str()) else { return false };
    same_key_text(a, b)
}

/// See [`same_key`].
pub(super) fn same_key_text(a: &str, b: &str) -> bool {
    let ends = |arn: &str, id: &str| {
        let head = arn.strip_suffix(id).unwrap_or_default();
        head.ends_with(":key/") || (id.starts_with("alias/") && head.ends_with(':'))
    };
    let a = if a.is_empty() { DEFAULT_KEY } else { a };
    let b = if b.is_empty() { DEFAULT_KEY } else { b };
    a == b || ends(a, b) || ends(b, a)
}

/// API reference of DeleteSecret: 7 to 30 days; 0 stands for deletion by force.
fn check_window(value: &Value) -> Result<(), String> {
    let days = match value {
        Value::Number(days) => days.to_string(),
        _ => return Ok(()),
    };
    match days.parse::<i64>() {
        Ok(0 | 7..=30) => Ok(()),
        _ => Err(format!("must be 0, which deletes at once, or 7 to 30 days, but is {days}")),
    }
}
