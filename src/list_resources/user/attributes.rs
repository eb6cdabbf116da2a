//! Attributes of the list resource `elasticache_user`.

use crate::object;
use crate::schema::{Check, common, optional};
use crate::value::Field;

object! {
    /// Lists the users of role-based access control (RBAC). Users that are being deleted are omitted, and so is the user
    /// `default` of AWS, which cannot be managed.
    pub struct UsersModel {
        /// Lists the users whose ID begins with this prefix. Case is ignored. If omitted, the ID may begin with
        /// anything.
        id_prefix: Field<String> = optional(),
        /// Lists the users of this engine: `valkey` or `redis`. If omitted, both.
        engine: Field<String> = optional().check(Check::OneOf(&["valkey", "redis"])),
        region: Field<String> = common::region_to_list(),
    }
}
