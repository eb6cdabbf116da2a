//! Log groups.

use crate::aws::direct::logs::LogGroup;
use crate::aws::{
    AwsError, ErrorKind, Listing, PageTokens, Poll, Scope, Service, TagChanges, Tags, UnansweredAttempts,
    WaitError, WaitPlan,
};

/// The code of a log group that does not exist.
pub(crate) const NOT_FOUND: &[&str] = &["ResourceNotFoundException"];
/// The code of a log group that already exists.
pub(crate) const EXISTS: &[&str] = &["ResourceAlreadyExistsException"];
/// "Multiple concurrent requests to update the same resource were in conflict": the same request
/// succeeds a moment later.
const BUSY: &[&str] = &["OperationAbortedException"];

/// Sends a request, and repeats it while it is in conflict with others.
macro_rules! retry_conflicts {
    ($scope:expr, $operation:literal, $call:expr) => {
        $scope.retry(BUSY, || $scope.call(Service::Logs, $operation, $call)).await
    };
}

/// Creates the log group `group`, whose retention is a call of its own. `attempts` learns of attempts
/// that were not answered.
pub(crate) async fn create(
    scope: &Scope<'_>,
    group: &LogGroup,
    tags: &Tags,
    attempts: &UnansweredAttempts,
) -> Result<(), AwsError> {
    let client = scope.logs().await?;
    retry_conflicts!(scope, "CreateLogGroup", client.create_log_group(group, tags, attempts))
}

/// The log group, or `None` when AWS lists none of that name.
pub(crate) async fn describe(scope: &Scope<'_>, name: &str) -> Result<Option<LogGroup>, AwsError> {
    const OPERATION: &str = "DescribeLogGroups";
    let client = scope.logs().await?;
    let mut tokens = PageTokens::new(Service::Logs, OPERATION);
    loop {
        let next = tokens.next();
        let call = client.describe_log_groups(name, next.as_deref());
        let (groups, token) = scope.call(Service::Logs, OPERATION, call).await?;
        // Sorted by name, so the log group itself comes before those whose names begin with its name.
        if let Some(group) = groups.into_iter().find(|group| group.name.as_deref() == Some(name)) {
            if group.arn.is_some() {
                return Ok(Some(group));
            }
            let detail = "it holds a log group without an ARN".to_owned();
            let kind = ErrorKind::Response { detail, request_id: None };
            return Err(AwsError::new(Service::Logs, OPERATION, kind));
        }
        if !tokens.advance(token)? {
            return Ok(None);
        }
    }
}

/// The log groups whose names begin with a prefix, page by page.
///
/// AWS refuses an empty prefix.
pub(crate) fn listing<'a>(scope: &'a Scope<'a>, prefix: &'a str) -> Listing<'a, LogGroup> {
    Listing::new(Service::Logs, "DescribeLogGroups", move |token| async move {
        let client = scope.logs().await?;
        let call = client.describe_log_groups(prefix, token.as_deref());
        let (groups, next) = scope.call(Service::Logs, "DescribeLogGroups", call).await?;
        Ok((Some(groups), next))
    })
}

/// The log group that was just created: AWS may list it only after a moment.
pub(crate) async fn wait_available(scope: &Scope<'_>, name: &str) -> Result<LogGroup, WaitError> {
    let plan = WaitPlan::new(format!("log group {name:?} to appear"), scope.timeout());
    let visible = scope.wait(&plan, || async {
        Ok(match describe(scope, name).await? {
            Some(group) => Poll::Ready(group),
            None => Poll::Pending { status: "not shown yet".to_owned() },
        })
    });
    visible.await
}

/// Sets how long log events are kept; `None` for ever.
pub(crate) async fn set_retention(scope: &Scope<'_>, name: &str, days: Option<i32>) -> Result<(), AwsError> {
    let client = scope.logs().await?;
    match days {
        Some(days) => retry_conflicts!(scope, "PutRetentionPolicy", client.put_retention_policy(name, days)),
        None => retry_conflicts!(scope, "DeleteRetentionPolicy", client.delete_retention_policy(name)),
    }
}

/// Sets the key that encrypts log events from now on; `None` for AWS's own.
pub(crate) async fn set_key(scope: &Scope<'_>, name: &str, key: Option<&str>) -> Result<(), AwsError> {
    let client = scope.logs().await?;
    match key {
        Some(key) => retry_conflicts!(scope, "AssociateKmsKey", client.associate_kms_key(name, key)),
        None => retry_conflicts!(scope, "DisassociateKmsKey", client.disassociate_kms_key(name)),
    }
}

/// Switches deletion protection.
pub(crate) async fn set_deletion_protection(
    scope: &Scope<'_>,
    name: &str,
    protected: bool,
) -> Result<(), AwsError> {
    let client = scope.logs().await?;
    retry_conflicts!(
        scope,
        "PutLogGroupDeletionProtection",
        client.put_log_group_deletion_protection(name, protected)
    )
}

/// Deletes the log group. Not found is success.
pub(crate) async fn delete(scope: &Scope<'_>, name: &str) -> Result<(), AwsError> {
    let client = scope.logs().await?;
    match retry_conflicts!(scope, "DeleteLogGroup", client.delete_log_group(name)) {
        Err(error) if !error.is(NOT_FOUND) => Err(error),
        _ => Ok(()),
    }
}

/// The tags of the log group with that ARN, which has no `:*` at its end.
pub(crate) async fn list_tags(scope: &Scope<'_>, arn: &str) -> Result<Tags, AwsError> {
    let client = scope.logs().await?;
    scope.call(Service::Logs, "ListTagsForResource", client.list_tags(arn)).await
}

/// Removes and sets tags.
pub(crate) async fn change_tags(scope: &Scope<'_>, arn: &str, changes: &TagChanges) -> Result<(), AwsError> {
    let client = scope.logs().await?;
    if !changes.remove.is_empty() {
        scope.call(Service::Logs, "UntagResource", client.untag_resource(arn, &changes.remove)).await?;
    }
    if !changes.set.is_empty() {
        scope.call(Service::Logs, "TagResource", client.tag_resource(arn, &changes.set)).await?;
    }
    Ok(())
}
