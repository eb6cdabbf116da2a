//! Attributes of `elasticache_ssm_url`.

use super::rules;
use crate::engine::state::tags::Tags;
use crate::object;
use crate::resources::common::connection;
use crate::resources::common::connection::Connection;
use crate::resources::common::forms;
use crate::schema::{Check, Equivalence, common, computed, optional, optional_computed, required};
use crate::value::Field;

/// The KMS key of a SecureString without a key.
pub(super) const DEFAULT_KEY: &str = "alias/aws/ssm";

object! {
    /// Manages the connection URL of a cache in a parameter of the SSM Parameter Store. The provider composes the URL
    /// and encodes every reserved character of the token. The URL follows the replication group: when its endpoint,
    /// port, TLS or token changes, the same apply writes the parameter. The version of the parameter changes only when
    /// the URL or a setting of the parameter changes. See
    /// [PutParameter](https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html).
    pub struct SsmUrlModel {
        connection: Connection,
        /// Name of the parameter.
        id: Field<String> = computed(),
        /// Name of the parameter: letters, digits and the characters `_.-`, or a path such as
        /// `/app/production/redis_url` with at most 15 levels. AWS reserves names that begin with `aws` or `ssm`.
        /// Changing this forces a new resource.
        name: Field<String> = required()
            .check(Check::Length(1, 2048))
            .check(Check::Pattern(
                &rules::NAME,
                "made of letters, digits and the characters _.-; a path begins with a slash, does not end with one, and \
                 has at most 15 levels",
            ))
            .check(Check::By(rules::not_reserved))
            .replace(),
        /// Type of the parameter: `SecureString`, which KMS encrypts, or `String`, with which everyone who can read the
        /// parameter can read the token.
        r#type: Field<String> = optional()
            .check(Check::OneOf(&["SecureString", "String"]))
            .default("SecureString"),
        /// KMS key that encrypts a `SecureString`: its ID, ARN or alias. Defaults to `alias/aws/ssm`.
        key_id: Field<String> = forms::kms_key(optional()).check(Check::Length(1, 256)),
        /// Tier of the parameter: `Standard` (URLs of at most 4096 bytes), `Advanced` (at most 8192 bytes; AWS bills it) or
        /// `Intelligent-Tiering`, with which AWS chooses one of the two at each write and does not go back to `Standard`. If
        /// omitted, AWS uses the default tier of the account. A change to `Standard` forces a new resource if `tier_actual`
        /// is `Advanced`; the replacement creates the parameter 30 seconds after its deletion, as AWS requires. For a parameter of either tier, `Intelligent-Tiering` by itself is no change.
        tier: Field<String> = optional_computed()
            .check(Check::OneOf(&[rules::STANDARD, rules::ADVANCED, rules::INTELLIGENT_TIERING]))
            .equivalent_if(Equivalence::By(rules::same_tier)),
        /// Tier that the parameter has: `Standard` or `Advanced`. It differs from `tier` only if that is
        /// `Intelligent-Tiering`.
        tier_actual: Field<String> = computed(),
        /// Whether a create takes over an existing parameter and replaces its value. If `false`, an existing parameter
        /// is an error; it can be imported.
        overwrite: Field<bool> = optional().default(false).directive()
            .not_readable("Used when the parameter is created"),
        /// Description of the parameter. If omitted, the parameter has none.
        description: Field<String> = optional().check(Check::Length(0, 1024)),
        /// Connection URL without the token. After an import, `***` replaces a password that the configuration does not
        /// set.
        url: Field<String> = computed().not_readable("Complete only if the configuration gives the token"),
        /// Version of the parameter. It changes when the parameter is written.
        version: Field<i64> = computed().not_readable("The first apply may write the parameter again"),
        /// ARN of the parameter.
        arn: Field<String> = computed(),
        region: Field<String> = common::region(),
        tags: Field<Tags> = common::plain_tags(),
        tags_all: Field<Tags> = common::tags_all(),
    }
}

impl SsmUrlModel {
    /// True if the URL has a token that the state does not have.
    pub(super) fn hides_token(&self) -> bool {
        !connection::token(&Connection::default(), &self.connection).in_state
    }

    /// The name of the parameter.
    pub(super) fn name_text(&self) -> &str {
        self.name.text().unwrap_or_default()
    }

    /// The tier that the parameter has, as far as the state says. An older state has only `tier`.
    pub(super) fn actual_tier(&self) -> Option<&str> {
        self.tier_actual.text().or(self.tier.text()).filter(|tier| *tier != rules::INTELLIGENT_TIERING)
    }

    /// True if the parameter is encrypted.
    pub(super) fn is_secure(&self) -> bool {
        self.r#type.text() == Some("SecureString")
    }

    /// The KMS key of the parameter; `None` for type `String`.
    pub(super) fn key(&self) -> Option<&str> {
        self.is_secure().then(|| self.key_id.text().unwrap_or(DEFAULT_KEY))
    }
}
