//! Attributes of `elasticache_user_group`.

use std::collections::BTreeSet;

use crate::engine::TimeoutsModel;
use crate::engine::state::tags::Tags;
use crate::object;
use crate::resources::common::rbac::{check_engine, check_identifier, check_user_reference, same_ids};
use crate::schema::{
    Check, Equivalence, Reference, block, common, computed, optional, optional_computed, required,
};
use crate::services::elasticache::identifier::stored_id;
use crate::value::Field;

object! {
    /// Manages a user group of role-based access control (RBAC): the users that can log in to a cache. The members are
    /// managed either here, with `user_ids`, or one by one with `elasticache_user_group_association`; omit `user_ids`
    /// with the latter. See [Role-Based Access
    /// Control](https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html).
    pub struct UserGroupModel {
        /// ID of the user group: `user_group_id` in lower case.
        id: Field<String> = computed(),
        /// ID of the user group: 1 to 40 letters, digits and hyphens, beginning with a letter. Case is ignored: AWS stores
        /// the ID in lower case. Changing this forces a new resource.
        user_group_id: Field<String> = required()
            .check(Check::By(check_identifier))
            .reference(Reference::Own)
            .equivalent_if(Equivalence::IgnoreCase)
            .replace(),
        /// Engine of the user group: `redis` or `valkey`. Case is ignored. A user group with engine `redis` accepts users
        /// with engine `redis` and must have one named `default`; one with engine `valkey` accepts users of both engines
        /// that have a password or use IAM, and requires no user named `default`. Changes are made in place.
        engine: Field<String> = required().check(Check::By(check_engine)).equivalent_if(Equivalence::IgnoreCase),
        /// IDs of all members. Other members are removed. By default, AWS allows [100
        /// users](https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/quota-limits.html) in a user group. If omitted,
        /// the members are not managed by this resource: existing members are kept, and
        /// `elasticache_user_group_association` can add more.
        user_ids: Field<BTreeSet<String>> = optional_computed()
            .check(Check::Each(Box::new(Check::By(check_user_reference))))
            .empty_is_value()
            .reference(Reference::Own)
            .equivalent_if(Equivalence::By(same_ids))
            .not_readable("AWS does not return whether this resource manages the members"),
        /// Whether the user group creates and keeps a user named `default` that cannot log in (access string `off -@all`,
        /// a random password that is not stored), as engine `redis` requires one. The user belongs to the user group: it
        /// has the same tags, is not listed in `user_ids`, and is deleted with the user group. `default_user_id` is its
        /// ID.
        disabled_default_user: Field<bool> = optional().default(false),
        /// ID of the user that `disabled_default_user` creates: the ID of the user group followed by `-default-off`.
        default_user_id: Field<String> = computed(),
        /// Lowest engine version of a cache that supports the user group.
        minimum_engine_version: Field<String> = computed().recomputed_when(&["engine", "user_ids"])
            .not_readable("May change with the members"),
        /// ARN of the user group.
        arn: Field<String> = computed(),
        region: Field<String> = common::region(),
        tags: Field<Tags> = common::tags(),
        tags_all: Field<Tags> = common::tags_all(),
        timeouts: Field<TimeoutsModel> = block(),
    }
}

impl UserGroupModel {
    /// The ID as AWS stores it.
    pub(super) fn aws_id(&self) -> String {
        self.user_group_id.known().map(|id| stored_id(id)).unwrap_or_default()
    }

    /// The engine in lower case.
    pub(super) fn aws_engine(&self) -> String {
        self.engine.known().map(|engine| engine.to_ascii_lowercase()).unwrap_or_default()
    }

    /// True for a user group with engine `redis`.
    pub(super) fn is_redis(&self) -> bool {
        self.engine.known().is_some_and(|engine| engine.eq_ignore_ascii_case("redis"))
    }

    /// The members that `user_ids` manages, with IDs as AWS stores them; `None` if it is omitted.
    pub(super) fn managed(&self) -> Option<BTreeSet<String>> {
        self.user_ids.known().map(|ids| ids.iter().map(|id| stored_id(id)).collect())
    }
}
