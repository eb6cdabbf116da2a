//! Adopts a new log group if AWS accepted its creation, but the response was lost.

use super::attributes::LogGroupModel;
use crate::aws::Scope;
use crate::services::logs::log_group;

/// True if the existing log group is the one that an unanswered attempt has created: it is as planned, empty, and without
/// the retention, which the next call sets.
pub(super) async fn matches_request(scope: &Scope<'_>, planned: &LogGroupModel) -> bool {
    let Ok(Some(group)) = log_group::describe(scope, planned.name()).await else { return false };
    let existing = LogGroupModel::default().flatten(&group);
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
