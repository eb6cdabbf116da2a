//! What the resources share that know of log groups.

use crate::aws::logs::LogGroup;
use crate::aws::{AwsError, ErrorKind, PageTokens, Service};
use crate::engine::Context;

/// The group, or `None` when AWS lists none of that name.
pub(super) async fn describe(cx: &Context<'_>, name: &str) -> Result<Option<LogGroup>, AwsError> {
    const OPERATION: &str = "DescribeLogGroups";
    let client = cx.aws().logs(cx.region()).await?;
    let mut tokens = PageTokens::new(Service::Logs, OPERATION);
    loop {
        let next = tokens.next();
        let call = client.describe_log_groups(name, next.as_deref());
        let (groups, token) = cx.call(Service::Logs, OPERATION, call).await?;
        // Sorted by name, so the group itself comes before those that go on from its name.
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
