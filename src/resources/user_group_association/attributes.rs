//! Attributes of `elasticache_user_group_association`.

use crate::engine::TimeoutsModel;
use crate::object;
use crate::resources::common::rbac::{check_identifier, check_user_reference};
use crate::schema::{Attribute, Check, Equivalence, Reference, block, common, computed, required};
use crate::services::elasticache::identifier::stored_id;
use crate::value::{Field, Value};

object! {
    /// Manages one user as a member of one user group. The `elasticache_user_group` must omit `user_ids` (or ignore its
    /// changes), otherwise it removes the user. Associations of one user group that are created or deleted together are
    /// combined into as few calls as possible. With engine `redis`, the user group has a user named `default` when it is
    /// created; `disabled_default_user = true` of `elasticache_user_group` adds one.
    pub struct UserGroupAssociationModel {
        /// IDs of user group and user, separated by a comma.
        id: Field<String> = computed(),
        /// ID of the user group. Case is ignored. Changing this forces a new resource.
        user_group_id: Field<String> = identifier(check_identifier),
        /// ID of the user. Case is ignored. Changing this forces a new resource.
        user_id: Field<String> = identifier(check_user_reference),
        region: Field<String> = common::region(),
        timeouts: Field<TimeoutsModel> = block(),
    }
}

fn identifier(check: fn(&Value) -> Result<(), String>) -> Attribute {
    required()
        .check(Check::By(check))
        .reference(Reference::Own)
        .equivalent_if(Equivalence::IgnoreCase)
        .replace()
}

impl UserGroupAssociationModel {
    /// The IDs of user group and user as AWS stores them.
    pub(super) fn pair(&self) -> (String, String) {
        let text = |field: &Field<String>| field.known().map(|id| stored_id(id)).unwrap_or_default();
        (text(&self.user_group_id), text(&self.user_id))
    }
}
