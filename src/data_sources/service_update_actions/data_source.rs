//! Listing update actions.

use aws_sdk_elasticache::types::UpdateAction;

use super::attributes::{ListedActionModel, ServiceUpdateActionsDataModel};
use crate::diag::Diagnostics;
use crate::engine::{Context, DataSource, failed};
use crate::resources::common::errors::incomplete_listing;
use crate::resources::service_update::action;
use crate::services::elasticache::update_action;
use crate::value::Field;

/// `elasticache_service_update_actions`.
pub struct ServiceUpdateActionsData;

impl DataSource for ServiceUpdateActionsData {
    type Model = ServiceUpdateActionsDataModel;

    fn type_name(&self) -> &'static str {
        "elasticache_service_update_actions"
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        config: ServiceUpdateActionsDataModel,
    ) -> Result<ServiceUpdateActionsDataModel, Diagnostics> {
        let what = "list update actions";
        let found = update_action::list(cx.scope(), &config.filter()).await;
        let found = found.map_err(|error| failed(what, &error))?;
        if !found.iter().all(update_action::is_complete) {
            return Err(incomplete_listing(what));
        }
        let mut actions: Vec<ListedActionModel> = found.iter().map(flatten).collect();
        actions.sort_by(|a, b| key(a).cmp(&key(b)));
        Ok(ServiceUpdateActionsDataModel {
            id: cx.scope().resolved_region().await.ok().into(),
            update_actions: Field::Known(actions),
            ..config
        })
    }
}

/// AWS documents no order.
fn key(action: &ListedActionModel) -> [Option<&str>; 3] {
    [action.service_update_name.text(), action.replication_group_id.text(), action.cache_cluster_id.text()]
}

fn flatten(found: &UpdateAction) -> ListedActionModel {
    ListedActionModel {
        service_update_name: found.service_update_name().into(),
        replication_group_id: found.replication_group_id().into(),
        cache_cluster_id: found.cache_cluster_id().into(),
        update_action_status: update_action::status_of(found).into(),
        action: action(found),
    }
}
