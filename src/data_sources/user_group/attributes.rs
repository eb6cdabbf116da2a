//! Attributes of the data source `elasticache_user_group`.

use std::collections::BTreeSet;

use crate::engine::state::tags::Tags;
use crate::object;
use crate::resources::common::rbac::check_user_group_reference;
use crate::schema::{Check, Reference, common, computed, required};
use crate::value::Field;

object! {
    /// An existing user group of role-based access control (RBAC), such as AWS's `default.iam-user-group`.
    pub struct UserGroupDataModel {
        /// ID of the user group. Case is ignored.
        user_group_id: Field<String> = required().check(Check::By(check_user_group_reference)).reference(Reference::Own),
        /// ID of the user group, in lower case.
        id: Field<String> = computed(),
        /// ARN of the user group.
        arn: Field<String> = computed(),
        /// Engine of the user group: `redis` or `valkey`.
        engine: Field<String> = computed(),
        /// Status of the user group, such as `active` or `modifying`.
        status: Field<String> = computed(),
        /// IDs of all members, including a user named `default`. Pending changes are included.
        user_ids: Field<BTreeSet<String>> = computed(),
        /// Lowest engine version of a cache that supports the user group.
        minimum_engine_version: Field<String> = computed(),
        /// IDs of the replication groups that use the user group.
        replication_group_ids: Field<BTreeSet<String>> = computed(),
        /// Names of the serverless caches that use the user group.
        serverless_cache_names: Field<BTreeSet<String>> = computed(),
        region: Field<String> = common::region_to_ask(),
        tags: Field<Tags> = common::tags_shown(),
    }
}
