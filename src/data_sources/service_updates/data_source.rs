//! Listing service updates.

use aws_sdk_elasticache::types::{
    ServiceUpdate, ServiceUpdateSeverity, ServiceUpdateStatus, ServiceUpdateType,
};

use super::attributes::{ListedUpdateModel, ServiceUpdatesDataModel};
use crate::aws::unless_not_found;
use crate::diag::Diagnostics;
use crate::engine::{Context, DataSource, failed};
use crate::resources::common::errors::incomplete_listing;
use crate::resources::service_update::time;
use crate::services::elasticache::service_update;
use crate::value::Field;

/// `elasticache_service_updates`.
pub struct ServiceUpdatesData;

impl DataSource for ServiceUpdatesData {
    type Model = ServiceUpdatesDataModel;

    fn type_name(&self) -> &'static str {
        "elasticache_service_updates"
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        config: ServiceUpdatesDataModel,
    ) -> Result<ServiceUpdatesDataModel, Diagnostics> {
        let what = "list service updates";
        let listed = service_update::list(cx.scope(), &config.filter()).await;
        let found = unless_not_found(listed, service_update::NOT_FOUND);
        let found = found.map_err(|error| failed(what, &error))?.unwrap_or_default();
        if found.iter().any(|update| update.service_update_name().is_none()) {
            return Err(incomplete_listing(what));
        }
        let names = found.iter().filter_map(|update| update.service_update_name().map(str::to_owned));
        Ok(ServiceUpdatesDataModel {
            id: cx.scope().resolved_region().await.ok().into(),
            names: Field::Known(names.collect()),
            service_updates: Field::Known(found.iter().map(flatten).collect()),
            ..config
        })
    }
}

fn flatten(update: &ServiceUpdate) -> ListedUpdateModel {
    ListedUpdateModel {
        name: update.service_update_name().into(),
        description: update.service_update_description().into(),
        status: update.service_update_status().map(ServiceUpdateStatus::as_str).into(),
        severity: update.service_update_severity().map(ServiceUpdateSeverity::as_str).into(),
        r#type: update.service_update_type().map(ServiceUpdateType::as_str).into(),
        engine: update.engine().into(),
        engine_version: update.engine_version().into(),
        release_date: time(update.service_update_release_date()),
        recommended_apply_by_date: time(update.service_update_recommended_apply_by_date()),
        end_date: time(update.service_update_end_date()),
        auto_update_after_recommended_apply_by_date: update
            .auto_update_after_recommended_apply_by_date()
            .into(),
        estimated_update_time: update.estimated_update_time().into(),
    }
}
