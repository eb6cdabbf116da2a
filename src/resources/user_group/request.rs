//! The change of a user group in the form of the service.

use super::model::UserGroupModel;
use crate::services::elasticache::user_group::Modification;

/// The change from `prior` to `planned`. Members that came by other ways since the state was read
/// stay: an association may have been made in the same apply.
pub(super) fn expand_modify(prior: &UserGroupModel, planned: &UserGroupModel) -> Modification {
    let mut change = Modification::default();
    if let Some(wanted) = planned.managed() {
        let before = prior.managed().unwrap_or_default();
        change.remove = before.difference(&wanted).cloned().collect();
        change.add = wanted;
    }
    match (prior.default_user_id.known(), planned.default_user_id.known()) {
        (_, Some(own)) => drop(change.add.insert(own.clone())),
        (Some(own), None) => drop(change.remove.insert(own.clone())),
        (None, None) => {}
    }
    change.engine = Some(planned.aws_engine()).filter(|engine| *engine != prior.aws_engine());
    change
}
