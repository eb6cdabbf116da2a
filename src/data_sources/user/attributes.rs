//! Attributes of the data source `elasticache_user`.

use std::collections::BTreeSet;

use crate::engine::state::tags::Tags;
use crate::object;
use crate::resources::common::rbac::check_user_reference;
use crate::schema::{Check, Reference, common, computed, required};
use crate::value::Field;

object! {
    /// An existing user of role-based access control (RBAC), such as AWS's `default` and `default.iam-user`. AWS does not return passwords.
    pub struct UserDataModel {
        /// ID of the user. Case is ignored.
        user_id: Field<String> = required().check(Check::By(check_user_reference)).reference(Reference::Own),
        /// ID of the user, in lower case.
        id: Field<String> = computed(),
        /// ARN of the user.
        arn: Field<String> = computed(),
        /// Name with which clients log in.
        user_name: Field<String> = computed(),
        /// Engine of the user: `redis` or `valkey`.
        engine: Field<String> = computed(),
        /// Status of the user, such as `active` or `modifying`.
        status: Field<String> = computed(),
        /// Permissions of the user as Redis ACL rules, in the form that AWS returns.
        access_string: Field<String> = computed(),
        /// How the user authenticates: a list with one element.
        authentication_mode: Field<Vec<ModeModel>> = computed(),
        /// Whether the user logs in without a password.
        no_password_required: Field<bool> = computed(),
        /// Number of passwords of the user: 0, 1, or 2 during a rotation.
        password_count: Field<i32> = computed(),
        /// Lowest engine version of a cache that supports the user.
        minimum_engine_version: Field<String> = computed(),
        /// IDs of the user groups that contain the user.
        user_group_ids: Field<BTreeSet<String>> = computed(),
        region: Field<String> = common::region_to_ask(),
        tags: Field<Tags> = common::tags_shown(),
    }
}

object! {
    /// How a user authenticates.
    pub struct ModeModel {
        /// Type of authentication: `password`, `no-password-required` or `iam`.
        r#type: Field<String> = computed(),
        /// Number of passwords of the user.
        password_count: Field<i32> = computed(),
    }
}
