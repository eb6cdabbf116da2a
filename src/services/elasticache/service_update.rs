//! Service updates: what AWS releases for caches that consist of nodes.

use aws_sdk_elasticache::types::{ServiceUpdate, ServiceUpdateStatus};
use aws_smithy_types::DateTime;

use crate::aws::{AwsError, Found, Pages, Scope, Service};

/// The service update does not exist.
pub(crate) const NOT_FOUND: &[&str] = &["ServiceUpdateNotFoundFault"];

const DESCRIBE: &str = "DescribeServiceUpdates";

/// Which service updates to list: those that match each member that is not empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    /// The name.
    pub(crate) name: Option<String>,
    /// `available`, `cancelled` or `expired`; at most three.
    pub(crate) statuses: Vec<String>,
}

/// The service update.
pub(crate) async fn describe(scope: &Scope<'_>, name: &str) -> Result<Found<ServiceUpdate>, AwsError> {
    let filter = Filter { name: Some(name.to_owned()), ..Filter::default() };
    Found::named(
        list(scope, &filter).await.map(Some),
        (Service::ElastiCache, DESCRIBE),
        name,
        ServiceUpdate::service_update_name,
        |_| true,
        NOT_FOUND,
    )
}

/// The service updates that match, newest first.
pub(crate) async fn list(scope: &Scope<'_>, filter: &Filter) -> Result<Vec<ServiceUpdate>, AwsError> {
    let client = scope.elasticache().await?;
    let statuses: Vec<_> =
        filter.statuses.iter().map(|status| ServiceUpdateStatus::from(status.as_str())).collect();
    let mut pages = Pages::new(Service::ElastiCache, DESCRIBE);
    while pages.more() {
        let call = client
            .describe_service_updates()
            .set_service_update_name(filter.name.clone())
            .set_service_update_status(Some(statuses.clone()).filter(|statuses| !statuses.is_empty()))
            .set_marker(pages.marker());
        let answer = scope.call(Service::ElastiCache, DESCRIBE, call.send()).await?;
        pages.add(answer.service_updates, answer.marker)?;
    }
    let mut found = pages.all();
    let released = |update: &ServiceUpdate| update.service_update_release_date().map(DateTime::secs);
    found.sort_by(|a, b| {
        released(b).cmp(&released(a)).then_with(|| a.service_update_name().cmp(&b.service_update_name()))
    });
    Ok(found)
}

/// True for one that can no longer be applied: "You can apply only those service updates that have an available or
/// scheduled status" (user guide, "Managing service updates").
pub(crate) fn is_over(update: &ServiceUpdate) -> bool {
    let over = [ServiceUpdateStatus::Expired, ServiceUpdateStatus::Cancelled];
    update.service_update_status().is_some_and(|status| over.contains(status))
}
