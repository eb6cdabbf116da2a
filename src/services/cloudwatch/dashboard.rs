//! Dashboards.

use aws_sdk_cloudwatch::operation::put_dashboard::builders::PutDashboardFluentBuilder;
use aws_sdk_cloudwatch::types::DashboardEntry;

use super::CONFLICT;
use crate::aws::{AwsError, ErrorKind, Listing, Scope, Service, about_another, unless_not_found};

const SERVICE: Service = Service::CloudWatch;

/// The codes of a dashboard that does not exist (API model, shape DashboardNotFoundError, and its
/// code in the older query protocol).
pub(crate) const NOT_FOUND: &[&str] =
    &["DashboardNotFoundError", "ResourceNotFound", "ResourceNotFoundException"];

/// A dashboard as GetDashboard returns it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Dashboard {
    /// ARN, which names no Region: "all dashboards in your account are global" (API reference of
    /// PutDashboard).
    pub(crate) arn: String,
    /// The body, JSON as it was written.
    pub(crate) body: String,
}

/// The dashboard; `None` when CloudWatch has none of that name.
pub(crate) async fn describe(scope: &Scope<'_>, name: &str) -> Result<Option<Dashboard>, AwsError> {
    const OPERATION: &str = "GetDashboard";
    let call = scope.cloudwatch().await?.get_dashboard().dashboard_name(name);
    let answer = scope.call(SERVICE, OPERATION, call.send()).await;
    let Some(answer) = unless_not_found(answer, NOT_FOUND)? else { return Ok(None) };
    if let Some(other) = answer.dashboard_name.filter(|found| found != name) {
        return Err(about_another(SERVICE, OPERATION, &other, name));
    }
    match (answer.dashboard_arn, answer.dashboard_body) {
        (Some(arn), Some(body)) => Ok(Some(Dashboard { arn, body })),
        _ => {
            let detail = "it holds no complete dashboard".to_owned();
            Err(AwsError::new(SERVICE, OPERATION, ErrorKind::Response { detail, request_id: None }))
        }
    }
}

/// Creates the dashboard, or replaces its body; tags are accepted when it is created. Returns what
/// CloudWatch remarks on a body that it accepts.
pub(crate) async fn put(scope: &Scope<'_>, call: PutDashboardFluentBuilder) -> Result<Vec<String>, AwsError> {
    let answer = scope.retry(CONFLICT, || scope.call(SERVICE, "PutDashboard", call.clone().send())).await?;
    let messages = answer.dashboard_validation_messages.unwrap_or_default();
    Ok(messages.into_iter().filter_map(|message| message.message).collect())
}

/// Deletes the dashboard. Not found is success.
pub(crate) async fn delete(scope: &Scope<'_>, name: &str) -> Result<(), AwsError> {
    let call = scope.cloudwatch().await?.delete_dashboards().dashboard_names(name);
    let deleted = scope.retry(CONFLICT, || scope.call(SERVICE, "DeleteDashboards", call.clone().send()));
    let deleted = deleted.await;
    unless_not_found(deleted, NOT_FOUND).map(drop)
}

/// The dashboards of the account whose names begin with a prefix, page by page.
pub(crate) fn listing<'a>(scope: &'a Scope<'a>, prefix: &'a str) -> Listing<'a, DashboardEntry> {
    Listing::new(SERVICE, "ListDashboards", move |token| async move {
        let client = scope.cloudwatch().await?;
        let call = client.list_dashboards().dashboard_name_prefix(prefix).set_next_token(token);
        let answer = scope.call(SERVICE, "ListDashboards", call.send()).await?;
        Ok((answer.dashboard_entries, answer.next_token))
    })
}
