//! Listing log groups.

use super::attributes::LogGroupsModel;
use crate::aws::direct::logs::LogGroup as ExistingGroup;
use crate::engine::{AnyResource, Context, ListError, ListResource, Listed, Results, failed};
use crate::list_resources::text::{count, describe};
use crate::resources::log_group::LogGroup;
use crate::services::logs::log_group::listing;

/// `list "elasticache_log_group"`.
pub struct LogGroupList;

impl ListResource for LogGroupList {
    type Model = LogGroupsModel;

    fn resource(&self) -> &'static dyn AnyResource {
        &LogGroup
    }

    async fn list(
        &self,
        cx: &Context<'_>,
        config: LogGroupsModel,
        results: &mut Results<'_>,
    ) -> Result<(), ListError> {
        let mut pages = listing(cx.scope(), config.name_prefix.text().unwrap_or(PREFIX));
        while let Some(page) = pages.next().await.map_err(|error| failed("list log groups", &error))? {
            let found = page.into_iter().filter_map(listed);
            results.page(found).await?;
        }
        Ok(())
    }
}

/// The usual beginning of the log groups of caches.
const PREFIX: &str = "/aws/elasticache/";

fn listed(group: ExistingGroup) -> Option<Listed> {
    let name = group.name?;
    let days = group.retention_in_days.and_then(|days| usize::try_from(days).ok());
    let retained =
        days.map_or_else(|| "kept forever".to_owned(), |days| format!("kept {}", count(days, "day")));
    let observed = describe(&name, &[&retained]);
    Some(Listed::new(name, observed).arn(group.arn))
}
