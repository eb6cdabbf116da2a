//! A new log group whose creation AWS accepted, but whose answer was lost.

use super::model::LogGroupModel;
use crate::aws::Scope;
use crate::services::logs::log_group;

/// Whether the existing log group is one that an unanswered create has just created: it is as that call
/// asked, with nothing in it, and without the retention that is set next. One that existed before would
/// have to be the same in all of this.
pub(super) async fn is_as_created(scope: &Scope<'_>, planned: &LogGroupModel) -> bool {
    let Ok(Some(group)) = log_group::describe(scope, planned.name()).await else { return false };
    let existing = LogGroupModel::default().with_live(&group);
    let class = planned.log_group_class.text().unwrap_or("STANDARD");
    let desired = planned.tags_all.known().cloned().unwrap_or_default();
    existing.log_group_class.text() == Some(class)
        && existing.retention().is_none()
        && group.stored_bytes.unwrap_or(0) == 0
        && existing.kms_key_id.text() == planned.kms_key_id.text()
        && existing.deletion_protection_enabled.is_true() == planned.deletion_protection_enabled.is_true()
        && log_group::list_tags(scope, existing.arn.text().unwrap_or_default())
            .await
            .is_ok_and(|tags| tags == desired)
}
