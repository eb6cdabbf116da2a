//! The membership as a typed model.

use crate::engine::TimeoutsModel;
use crate::model;
use crate::services::elasticache::identifier::kept;
use crate::value::Field;

model! {
    /// An `elasticache_user_group_association`.
    pub struct UserGroupAssociationModel {
        /// Ids of group and user, with a comma between them.
        id: Field<String>,
        /// Id of the group.
        user_group_id: Field<String>,
        /// Id of the user.
        user_id: Field<String>,
        /// Region.
        region: Field<String>,
        /// Time limits.
        timeouts: Field<TimeoutsModel>,
    }
}

impl UserGroupAssociationModel {
    /// Ids of group and user as AWS keeps them.
    pub(super) fn pair(&self) -> (String, String) {
        let text = |field: &Field<String>| field.known().map(|id| kept(id)).unwrap_or_default();
        (text(&self.user_group_id), text(&self.user_id))
    }
}
