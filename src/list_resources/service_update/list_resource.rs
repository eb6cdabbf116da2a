//! Listing the service updates of replication groups.

use aws_sdk_elasticache::types::UpdateAction;

use super::attributes::ServiceUpdatesModel;
use crate::engine::{AnyResource, Context, ListError, ListResource, Listed, Results, failed};
use crate::resources::service_update::ServiceUpdate;
use crate::services::elasticache::update_action::{self, Filter};

/// `list "elasticache_service_update"`.
pub struct ServiceUpdateList;

impl ListResource for ServiceUpdateList {
    type Model = ServiceUpdatesModel;

    fn resource(&self) -> &'static dyn AnyResource {
        &ServiceUpdate
    }

    async fn list(
        &self,
        cx: &Context<'_>,
        config: ServiceUpdatesModel,
        results: &mut Results<'_>,
    ) -> Result<(), ListError> {
        let group = config.replication_group_id.text().map(str::to_lowercase);
        let filter = Filter {
            service_update_name: config.service_update_name.text().map(str::to_owned),
            replication_group_ids: group.into_iter().collect(),
            ..Filter::default()
        };
        let found = update_action::list(cx.scope(), &filter).await;
        let found = found.map_err(|error| failed("list update actions", &error))?;
        results.page(found.into_iter().filter_map(listed)).await
    }
}

/// `None` for a cluster, for an update that the resource would have to apply, and for an incomplete answer.
fn listed(action: UpdateAction) -> Option<Listed> {
    if !update_action::is_complete(&action) {
        return None;
    }
    let status = update_action::status_of(&action).to_owned();
    let (group, update) = (action.replication_group_id?, action.service_update_name?);
    let observed = format!("{update} of {group} ({status})");
    (!update_action::is_open(&status)).then(|| Listed::of([group, update], observed))
}
