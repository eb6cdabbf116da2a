//! Attributes of the list resource `elasticache_user_group_association`.

use crate::object;
use crate::schema::{common, optional};
use crate::value::Field;

object! {
    /// Lists the associations of user groups with their users: one for each member of a group. Those of groups that are being
    /// deleted are omitted.
    pub struct UserGroupAssociationsModel {
        /// Lists the users of this user group. Case is ignored. If omitted, those of every group.
        user_group_id: Field<String> = optional(),
        region: Field<String> = common::region_to_list(),
    }
}
