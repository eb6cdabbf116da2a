//! From the model to the request of the service, and from the user group that AWS returns to the model.

use aws_sdk_elasticache::types::UserGroup;

use super::attributes::UserGroupModel;
use crate::services::elasticache::user_group::{Modification, members};
use crate::value::Field;

/// The change from `prior` to `planned`. It keeps members that the state does not have: an association may have added
/// them in the same apply.
pub(super) fn expand_modify(prior: &UserGroupModel, planned: &UserGroupModel) -> Modification {
    let mut change = Modification::default();
    if let Some(desired) = planned.managed() {
        let before = prior.managed().unwrap_or_default();
        change.remove = before.difference(&desired).cloned().collect();
        change.add = desired;
    }
    match (prior.default_user_id.known(), planned.default_user_id.known()) {
        (_, Some(own)) => drop(change.add.insert(own.clone())),
        (Some(own), None) => drop(change.remove.insert(own.clone())),
        (None, None) => {}
    }
    change.engine = Some(planned.aws_engine()).filter(|engine| *engine != prior.aws_engine());
    change
}

impl UserGroupModel {
    /// The model with the values that AWS returns. Tags are read separately.
    pub(super) fn flatten(mut self, group: &UserGroup) -> Self {
        self.id = group.user_group_id().into();
        self.user_group_id = group.user_group_id().into();
        self.engine = group.engine().into();
        self.minimum_engine_version = group.minimum_engine_version().into();
        self.arn = group.arn().into();
        if !self.user_ids.is_null() {
            let mut existing = members(group);
            if let Some(own) = self.default_user_id.known() {
                existing.remove(own);
            }
            self.user_ids = Field::Known(existing);
        }
        self
    }
}
