//! What the resources share that know of log groups.

use aws_sdk_cloudwatchlogs::types::LogGroup;

use crate::aws::{AwsError, ErrorKind, Service};
use crate::engine::Context;

/// The group, or `None` when AWS lists none of that name.
pub(super) async fn describe(cx: &Context<'_>, name: &str) -> Result<Option<LogGroup>, AwsError> {
    const OPERATION: &str = "DescribeLogGroups";
    let client = cx.aws().logs(cx.region()).await?;
    let mut next = None;
    loop {
        let call = client.describe_log_groups().log_group_name_prefix(name).set_next_token(next);
        let answer = cx.call(Service::Logs, OPERATION, call.send()).await?;
        // Sorted by name, so the group itself comes before those that go on from its name.
        let found =
            answer.log_groups.unwrap_or_default().into_iter().find(|g| g.log_group_name() == Some(name));
        if let Some(group) = found {
            if group.arn().or_else(|| group.log_group_arn()).is_some() {
                return Ok(Some(group));
            }
            let detail = "it holds a log group without an ARN".to_owned();
            let kind = ErrorKind::Response { detail, request_id: None };
            return Err(AwsError::new(Service::Logs, OPERATION, kind));
        }
        next = answer.next_token.filter(|token| !token.is_empty());
        if next.is_none() {
            return Ok(None);
        }
    }
}
