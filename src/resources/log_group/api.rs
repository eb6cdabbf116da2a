//! The calls to CloudWatch Logs.

use super::model::LogGroupModel;
use crate::aws::logs::LogGroup;
use crate::aws::{AwsError, LostAnswers, Service, call_retrying};
use crate::engine::Context;
use crate::engine::tags::{TagChanges, Tags};
use crate::resources::cloudwatch_logs;
use crate::value::Field;

/// "Multiple concurrent requests to update the same resource were in conflict": the
/// same request passes a moment later.
const BUSY: &[&str] = &["OperationAbortedException"];
pub(super) const NOT_FOUND: &[&str] = &["ResourceNotFoundException"];
pub(super) const EXISTS: &[&str] = &["ResourceAlreadyExistsException"];

/// Runs a call and waits out conflicts.
macro_rules! settle {
    ($cx:expr, $operation:literal, $call:expr) => {
        call_retrying($cx.cancel(), $cx.deadline(), BUSY, || $cx.call(Service::Logs, $operation, $call)).await
    };
}

/// Creates the group with all it can be created with; retention is a call of its own.
/// `lost` learns of attempts without an answer.
pub(super) async fn create(
    cx: &Context<'_>,
    model: &LogGroupModel,
    lost: &LostAnswers,
) -> Result<(), AwsError> {
    let client = cx.aws().logs(cx.region()).await?;
    let tags = model.tags_all.known().cloned().unwrap_or_default();
    let group = LogGroup {
        name: Some(model.name().to_owned()),
        kms_key_id: model.kms_key_id.text().map(str::to_owned),
        class: model.log_group_class.text().map(str::to_owned),
        deletion_protection_enabled: model.deletion_protection_enabled.is_true().then_some(true),
        ..LogGroup::default()
    };
    settle!(cx, "CreateLogGroup", client.create_log_group(&group, &tags, lost))
}

/// Whether the group that exists is one that an unanswered create has just made: it is
/// as that call asked, with nothing in it, and without the retention that is set next.
/// One that was there before would have to be the same in all of this.
pub(super) async fn is_as_created(cx: &Context<'_>, model: &LogGroupModel) -> bool {
    let Ok(Some(group)) = cloudwatch_logs::describe(cx, model.name()).await else { return false };
    let live = LogGroupModel::default().with_live(&group);
    let class = model.log_group_class.text().unwrap_or("STANDARD");
    let wanted = model.tags_all.known().cloned().unwrap_or_default();
    live.log_group_class.text() == Some(class)
        && live.retention().is_none()
        && group.stored_bytes.unwrap_or(0) == 0
        && live.kms_key_id.text() == model.kms_key_id.text()
        && live.deletion_protection_enabled.is_true() == model.deletion_protection_enabled.is_true()
        && list_tags(cx, live.arn.text().unwrap_or_default()).await.is_ok_and(|tags| tags == wanted)
}

/// Sets how long events are kept; `None` for ever.
pub(super) async fn set_retention(cx: &Context<'_>, name: &str, days: Option<i32>) -> Result<(), AwsError> {
    let client = cx.aws().logs(cx.region()).await?;
    match days {
        Some(days) => settle!(cx, "PutRetentionPolicy", client.put_retention_policy(name, days)),
        None => settle!(cx, "DeleteRetentionPolicy", client.delete_retention_policy(name)),
    }
}

/// Sets the key that encrypts what comes from now on; `None` for AWS's own.
pub(super) async fn set_key(cx: &Context<'_>, name: &str, key: Option<&str>) -> Result<(), AwsError> {
    let client = cx.aws().logs(cx.region()).await?;
    match key {
        Some(key) => settle!(cx, "AssociateKmsKey", client.associate_kms_key(name, key)),
        None => settle!(cx, "DisassociateKmsKey", client.disassociate_kms_key(name)),
    }
}

/// Switches the protection from deletion.
pub(super) async fn protect(cx: &Context<'_>, name: &str, protected: bool) -> Result<(), AwsError> {
    let client = cx.aws().logs(cx.region()).await?;
    settle!(cx, "PutLogGroupDeletionProtection", client.put_log_group_deletion_protection(name, protected))
}

/// Deletes the group. That it is gone already is success.
pub(super) async fn delete(cx: &Context<'_>, name: &str) -> Result<(), AwsError> {
    let client = cx.aws().logs(cx.region()).await?;
    match settle!(cx, "DeleteLogGroup", client.delete_log_group(name)) {
        Err(error) if !error.is(NOT_FOUND) => Err(error),
        _ => Ok(()),
    }
}

/// The tags of the group with that ARN, which has no `:*` at its end.
pub(super) async fn list_tags(cx: &Context<'_>, arn: &str) -> Result<Tags, AwsError> {
    let client = cx.aws().logs(cx.region()).await?;
    cx.call(Service::Logs, "ListTagsForResource", client.list_tags(arn)).await
}

/// Brings the tags from `prior` to `planned`; no call when they are equal.
pub(super) async fn change_tags(
    cx: &Context<'_>,
    arn: &str,
    prior: &Field<Tags>,
    planned: &Field<Tags>,
) -> Result<(), AwsError> {
    let changes = TagChanges::between(cx.provider(), prior, planned);
    let client = cx.aws().logs(cx.region()).await?;
    if !changes.remove.is_empty() {
        cx.call(Service::Logs, "UntagResource", client.untag_resource(arn, &changes.remove)).await?;
    }
    if !changes.set.is_empty() {
        cx.call(Service::Logs, "TagResource", client.tag_resource(arn, &changes.set)).await?;
    }
    Ok(())
}
