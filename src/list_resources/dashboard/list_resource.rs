//! Listing dashboards.

use aws_sdk_cloudwatch::types::DashboardEntry;

use super::attributes::DashboardsModel;
use crate::engine::{AnyResource, Context, ListError, ListResource, Listed, Results, failed};
use crate::list_resources::text::{count, describe};
use crate::resources::dashboard::Dashboard;
use crate::services::cloudwatch::dashboard::listing;

/// `list "elasticache_dashboard"`.
pub struct DashboardList;

impl ListResource for DashboardList {
    type Model = DashboardsModel;

    fn resource(&self) -> &'static dyn AnyResource {
        &Dashboard
    }

    async fn list(
        &self,
        cx: &Context<'_>,
        config: DashboardsModel,
        results: &mut Results<'_>,
    ) -> Result<(), ListError> {
        let mut pages = listing(cx.scope(), config.name_prefix.text().unwrap_or(PREFIX));
        while let Some(page) = pages.next().await.map_err(|error| failed("list dashboards", &error))? {
            let found = page.into_iter().filter_map(listed);
            results.page(found).await?;
        }
        Ok(())
    }
}

/// The beginning of the default name of `elasticache_dashboard`.
const PREFIX: &str = "elasticache-";

fn listed(dashboard: DashboardEntry) -> Option<Listed> {
    let name = dashboard.dashboard_name?;
    let size = dashboard.size.and_then(|size| usize::try_from(size).ok());
    let observed = describe(&name, &[&size.map(|size| count(size, "byte")).unwrap_or_default()]);
    Some(Listed::new(name, observed).arn(dashboard.dashboard_arn))
}
