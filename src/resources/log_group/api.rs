//! The calls to CloudWatch Logs.

use aws_sdk_cloudwatchlogs::types::LogGroupClass;

use super::model::LogGroupModel;
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

/// Runs a call of the client `$client` and waits out conflicts.
macro_rules! settle {
    ($cx:expr, $operation:literal, $call:expr) => {
        call_retrying($cx.cancel(), $cx.deadline(), BUSY, || {
            $cx.call(Service::Logs, $operation, $call.send())
        })
        .await
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
    let tags = model.tags_all.known().filter(|tags| !tags.is_empty());
    let protected = model.deletion_protection_enabled.is_true();
    settle!(
        cx,
        "CreateLogGroup",
        client
            .create_log_group()
            .log_group_name(model.name())
            .set_kms_key_id(model.kms_key_id.text().map(str::to_owned))
            .set_log_group_class(model.log_group_class.text().map(LogGroupClass::from))
            .set_deletion_protection_enabled(protected.then_some(true))
            .set_tags(tags.map(|tags| tags.clone().into_iter().collect()))
            .customize()
            .interceptor(lost.clone())
    )
    .map(drop)
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
        && group.stored_bytes().unwrap_or(0) == 0
        && live.kms_key_id.text() == model.kms_key_id.text()
        && live.deletion_protection_enabled.is_true() == model.deletion_protection_enabled.is_true()
        && list_tags(cx, live.arn.text().unwrap_or_default()).await.is_ok_and(|tags| tags == wanted)
}

/// Sets how long events are kept; `None` for ever.
pub(super) async fn set_retention(cx: &Context<'_>, name: &str, days: Option<i32>) -> Result<(), AwsError> {
    let client = cx.aws().logs(cx.region()).await?;
    match days {
        Some(days) => settle!(
            cx,
            "PutRetentionPolicy",
            client.put_retention_policy().log_group_name(name).retention_in_days(days)
        )
        .map(drop),
        None => settle!(cx, "DeleteRetentionPolicy", client.delete_retention_policy().log_group_name(name))
            .map(drop),
    }
}

/// Sets the key that encrypts what comes from now on; `None` for AWS's own.
pub(super) async fn set_key(cx: &Context<'_>, name: &str, key: Option<&str>) -> Result<(), AwsError> {
    let client = cx.aws().logs(cx.region()).await?;
    match key {
        Some(key) => {
            settle!(cx, "AssociateKmsKey", client.associate_kms_key().log_group_name(name).kms_key_id(key))
                .map(drop)
        }
        None => {
            settle!(cx, "DisassociateKmsKey", client.disassociate_kms_key().log_group_name(name)).map(drop)
        }
    }
}

/// Switches the protection from deletion.
pub(super) async fn protect(cx: &Context<'_>, name: &str, protected: bool) -> Result<(), AwsError> {
    let client = cx.aws().logs(cx.region()).await?;
    settle!(
        cx,
        "PutLogGroupDeletionProtection",
        client
            .put_log_group_deletion_protection()
            .log_group_identifier(name)
            .deletion_protection_enabled(protected)
    )
    .map(drop)
}

/// Deletes the group. That it is gone already is success.
pub(super) async fn delete(cx: &Context<'_>, name: &str) -> Result<(), AwsError> {
    let client = cx.aws().logs(cx.region()).await?;
    match settle!(cx, "DeleteLogGroup", client.delete_log_group().log_group_name(name)) {
        Err(error) if !error.is(NOT_FOUND) => Err(error),
        _ => Ok(()),
    }
}

/// The tags of the group with that ARN, which has no `:*` at its end.
pub(super) async fn list_tags(cx: &Context<'_>, arn: &str) -> Result<Tags, AwsError> {
    let client = cx.aws().logs(cx.region()).await?;
    let call = client.list_tags_for_resource().resource_arn(arn);
    let answer = cx.call(Service::Logs, "ListTagsForResource", call.send()).await?;
    Ok(answer.tags.unwrap_or_default().into_iter().collect())
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
        let keys: Vec<String> = changes.remove.into_iter().collect();
        let call = client.untag_resource().resource_arn(arn).set_tag_keys(Some(keys));
        cx.call(Service::Logs, "UntagResource", call.send()).await?;
    }
    if !changes.set.is_empty() {
        let tags = changes.set.into_iter().collect();
        let call = client.tag_resource().resource_arn(arn).set_tags(Some(tags));
        cx.call(Service::Logs, "TagResource", call.send()).await?;
    }
    Ok(())
}
