//! Attributes of `elasticache_user`.

use super::rules;
use crate::aws::Secret;
use crate::engine::TimeoutsModel;
use crate::engine::state::tags::Tags;
use crate::object;
use crate::resources::common::rbac::{check_access_string, check_engine, check_identifier, same_access};
use crate::resources::common::secret;
use crate::schema::{Attribute, Check, Equivalence, Reference, block, common, computed, optional, required};
use crate::services::elasticache::identifier::stored_id;
use crate::value::{Field, SetOf};

/// Arguments whose change may change the number of passwords.
const AUTHENTICATION: &[&str] = &[
    "authentication_mode",
    "no_password_required",
    "passwords",
    "passwords_wo_version",
    "password_secret_arn",
    "password_secret_version_id",
    "retain_previous_password",
];

object! {
    /// Manages a user of role-based access control (RBAC). A user takes effect through the user groups that contain it.
    /// Exactly one of `passwords`, `passwords_wo`, `password_secret_arn`, `authentication_mode` and
    /// `no_password_required` sets how the user authenticates. Deleting a user removes it from its user groups; one
    /// that is replaced under the same `user_id` becomes a member of them again. See
    /// [Role-Based Access Control](https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html).
    pub struct UserModel {
        /// ID of the user: `user_id` in lower case.
        id: Field<String> = computed(),
        /// ID of the user, by which user groups refer to it: 1 to 40 letters, digits and hyphens, beginning with a letter.
        /// Case is ignored: AWS stores the ID in lower case. Changing this forces a new resource.
        user_id: Field<String> = required()
            .check(Check::By(check_identifier))
            .check(Check::Reserved(rules::not_reserved))
            .reference(Reference::Own)
            .equivalent_if(Equivalence::IgnoreCase)
            .replace(),
        /// Name with which clients log in. Clients that send no name log in as the user named `default`. Changing this
        /// forces a new resource.
        user_name: Field<String> = required().check(Check::By(rules::user_name)).replace(),
        /// Engine of the user: `redis` or `valkey`. Case is ignored. A user group with engine `valkey` accepts users of
        /// both engines, one with engine `redis` only users with engine `redis`. Changes are made in place, in both
        /// directions.
        engine: Field<String> = required().check(Check::By(check_engine)).equivalent_if(Equivalence::IgnoreCase),
        /// Permissions of the user as an [access
        /// string](https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html) of Redis ACL rules, such
        /// as `on ~app:* -@all +@read`. AWS returns it in another form; access strings that grant the same permissions
        /// are equal. Without `on`, the user cannot log in.
        access_string: Field<String> = required()
            .check(Check::By(check_access_string))
            .equivalent_if(Equivalence::By(same_access)),
        /// Whether the user logs in without a password. AWS does not accept this with engine `valkey`.
        no_password_required: Field<bool> = optional().default(false)
            .not_readable("AWS returns the authentication type, not the argument that sets it"),
        /// One or two passwords, each of 16 to 128 characters and each valid. They are stored in the state; see
        /// `passwords_wo` and `password_secret_arn`. To rotate a password without refusing clients, add the new one, move
        /// the clients, then remove the old one. If omitted, another argument sets how the user authenticates.
        passwords: Field<SetOf<Secret>> = passwords().conflicts(&["passwords_wo", "authentication_mode"]).sensitive()
            .not_readable("AWS does not return passwords"),
        /// One or two passwords as in `passwords`, stored neither in state nor in plan. A single string is accepted as a
        /// list of one. Change `passwords_wo_version` together with them. Requires Terraform or OpenTofu 1.11. If omitted,
        /// another argument sets how the user authenticates.
        passwords_wo: Field<Vec<Secret>> = passwords()
            .accepts_one()
            .conflicts(&["authentication_mode"])
            .requires(&["passwords_wo_version"])
            .write_only(),
        /// Any whole number. Change it whenever `passwords_wo` changes, which Terraform does not store. Required with
        /// `passwords_wo`; without effect if omitted with it.
        passwords_wo_version: Field<i64> = optional().requires(&["passwords_wo"])
            .not_readable("Kept in the state only"),
        password_secret_arn: Field<String> =
            secret::password_secret_arn(&["passwords", "passwords_wo", "authentication_mode"])
            .not_readable("AWS does not return the source of a password"),
        password_secret_version_id: Field<String> = secret::password_secret_version_id()
            .not_readable("AWS does not return the source of a password"),
        /// Whether the password of the previous version remains valid, until the next change, if
        /// `password_secret_version_id` changes, so that no client is refused. Set it to `false` to remove the password of
        /// the previous version, for example if it has leaked. Defaults to `true`.
        retain_previous_password: Field<bool> = optional().requires(&["password_secret_arn"])
            .not_readable("Used when the password is changed"),
        /// Number of passwords of the user: 0, 1, or 2 during a rotation.
        password_count: Field<i64> = computed().recomputed_when(AUTHENTICATION)
            .not_readable("Changes when passwords are sent"),
        /// Lowest engine version of a cache that supports the user.
        minimum_engine_version: Field<String> = computed().recomputed_when(&["engine", "authentication_mode"])
            .not_readable("May change with how the user logs in"),
        /// ARN of the user.
        arn: Field<String> = computed(),
        region: Field<String> = common::region(),
        tags: Field<Tags> = common::tags(),
        tags_all: Field<Tags> = common::tags_all(),
        /// How the user authenticates. If omitted, another argument sets it.
        authentication_mode: Field<Vec<AuthenticationModeModel>> = block().max(1)
            .not_readable("AWS returns the authentication type, not the argument that sets it"),
        timeouts: Field<TimeoutsModel> = block(),
    }
}

object! {
    /// How the user authenticates.
    pub struct AuthenticationModeModel {
        /// Type of authentication: `password`, `no-password-required` or `iam`. With `iam`, `user_name` must equal
        /// `user_id`. [IAM
        /// authentication](https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html) requires Valkey, or
        /// Redis OSS 7.0 or later, and TLS.
        r#type: Field<String> = required().check(Check::OneOf(&["password", "no-password-required", "iam"])),
        /// One or two passwords for type `password`, each of 16 to 128 characters. With this block the resource has two
        /// sensitive attributes, and `terraform plan -refresh-only -detailed-exitcode` of Terraform 1.11 exits with 2 at
        /// random; detect drift with a plain plan. If omitted, the user has no passwords.
        passwords: Field<SetOf<Secret>> = passwords().sensitive(),
        /// Number of passwords of the user.
        password_count: Field<i64> = computed().recomputed_when(&["type", "passwords"]),
    }
}

/// One or two passwords.
fn passwords() -> Attribute {
    optional()
        .check(Check::By(rules::at_most_two))
        .check(Check::Each(Box::new(Check::By(rules::password))))
        .reference(Reference::Own)
}

impl UserModel {
    /// The ID as AWS stores it.
    pub(super) fn aws_id(&self) -> String {
        self.user_id.known().map(|id| stored_id(id)).unwrap_or_default()
    }

    /// The engine in lower case.
    pub(super) fn aws_engine(&self) -> String {
        self.engine.known().map(|engine| engine.to_ascii_lowercase()).unwrap_or_default()
    }

    /// The secret that holds the password.
    pub(super) fn reference(&self) -> secret::Reference {
        secret::Reference::new(&self.password_secret_arn, &self.password_secret_version_id).to_password()
    }

    /// Whether a rotation retains the previous password.
    pub(super) fn retains_previous(&self) -> bool {
        self.retain_previous_password.known() != Some(&false)
    }

    /// The block `authentication_mode`.
    pub(super) fn mode(&self) -> Option<&AuthenticationModeModel> {
        self.authentication_mode.known().and_then(|blocks| blocks.first())
    }
}
