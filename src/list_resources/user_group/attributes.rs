//! Attributes of the list resource `elasticache_user_group`.

use crate::object;
use crate::schema::{Check, common, optional};
use crate::value::Field;

object! {
    /// Lists the user groups of role-based access control (RBAC). User groups that are being deleted are omitted.
    pub struct UserGroupsModel {
        /// Lists the user groups whose ID begins with this prefix. Case is ignored. If omitted, the ID may begin
        /// with anything.
        id_prefix: Field<String> = optional(),
        /// Lists the user groups of this engine: `valkey` or `redis`. If omitted, both.
        engine: Field<String> = optional().check(Check::OneOf(&["valkey", "redis"])),
        region: Field<String> = common::region_to_list(),
    }
}
