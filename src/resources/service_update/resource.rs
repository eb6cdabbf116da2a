//! Plan, create, read, delete and import of a service update of a replication group.

use aws_sdk_elasticache::types::{ServiceUpdate as Released, ServiceUpdateStatus};

use super::attributes::ServiceUpdateModel;
use super::convert::{self, id_of};
use super::failure::failure;
use crate::aws::Found;
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, Identity, PlanContext, Resource, Timeouts, failed};
use crate::resources::common::errors::present;
use crate::services::elasticache::update_action::{self, Target};
use crate::services::elasticache::update_action_wait::{self, Applied, Event};
use crate::services::elasticache::{replication_group, service_update};
use crate::value::Path;

/// `elasticache_service_update`.
pub struct ServiceUpdate;

impl Resource for ServiceUpdate {
    type Model = ServiceUpdateModel;

    fn type_name(&self) -> &'static str {
        "elasticache_service_update"
    }

    /// A shard has up to six nodes, which AWS updates one after the other in up to 30 minutes each (user guide, "Managing
    /// service updates").
    fn timeouts(&self) -> Timeouts {
        Timeouts::minutes(180, 10, 10)
    }

    fn plan(&self, cx: &mut PlanContext<'_, ServiceUpdateModel>) {
        match (cx.planned.replication_group_id.known(), cx.planned.service_update_name.known()) {
            (Some(group), Some(update)) => {
                let id = id_of(&group.to_lowercase(), update);
                cx.set("id", id);
            }
            _ => cx.set_unknown("id"),
        }
    }

    async fn create(
        &self,
        cx: &Context<'_>,
        _config: ServiceUpdateModel,
        planned: ServiceUpdateModel,
    ) -> Result<ServiceUpdateModel, Diagnostics> {
        let (group, update) = planned.pair();
        let planned = ServiceUpdateModel { id: id_of(&group, &update).into(), ..planned };
        let what = format!("apply service update {update:?} to replication group {group:?}");
        let save = |event: Event<'_>| match event {
            Event::Accepted => cx.save(planned.clone()),
            Event::Observed(action) if update_action::is_under_way(update_action::status_of(action)) => {
                cx.save(convert::flatten(planned.clone(), action));
            }
            Event::Observed(_) => {}
        };
        let target = Target::ReplicationGroup(&group);
        let applied = update_action_wait::apply(cx.scope(), &update, target, save).await;
        match applied.map_err(|error| failure(&what, &error))? {
            Applied::Done(action) => Ok(convert::flatten(planned, &action)),
            Applied::NotOffered(released) => {
                cx.warn(not_offered(&group, &update, &released));
                Ok(convert::flatten_unlisted(planned, &released))
            }
        }
    }

    /// One that is not applied, or no longer, is created again: nothing of it has to be deleted before.
    async fn read(
        &self,
        cx: &Context<'_>,
        state: ServiceUpdateModel,
    ) -> Result<Option<ServiceUpdateModel>, Diagnostics> {
        let (group, update) = state.pair();
        let what = format!("read service update {update:?} of replication group {group:?}");
        let found = update_action::find(cx.scope(), &update, Target::ReplicationGroup(&group)).await;
        let state = ServiceUpdateModel {
            id: id_of(&group, &update).into(),
            replication_group_id: group.as_str().into(),
            ..state
        };
        match found.map_err(|error| failed(&what, &error))? {
            Some(action) if update_action::is_open(update_action::status_of(&action)) => Ok(None),
            Some(action) => Ok(Some(convert::flatten(state, &action))),
            None => read_unlisted(cx, &what, &group, &update, state).await,
        }
    }

    async fn update(
        &self,
        _cx: &Context<'_>,
        _config: ServiceUpdateModel,
        _prior: ServiceUpdateModel,
        planned: ServiceUpdateModel,
    ) -> Result<ServiceUpdateModel, Diagnostics> {
        // Only the timeouts change in place.
        Ok(planned)
    }

    async fn delete(&self, _cx: &Context<'_>, _state: ServiceUpdateModel) -> Result<(), Diagnostics> {
        // AWS does not revert a service update.
        Ok(())
    }

    fn identity(&self) -> Identity {
        Identity::of(&["replication_group_id", "service_update_name"])
    }

    fn import(&self, id: &str) -> Result<ServiceUpdateModel, Diagnostic> {
        let (group, region) = match convert::parts(id) {
            Some((arn, _)) if arn.starts_with("arn:") => {
                let group = arn.split_once(":replicationgroup:").map_or("", |(_, group)| group);
                (group, arn.split(':').nth(3))
            }
            Some((group, _)) => (group, None),
            None => ("", None),
        };
        let update = convert::parts(id).map_or("", |(_, update)| update);
        if group.is_empty() {
            return Err(Diagnostic::error(
                "Invalid import ID",
                format!(
                    "The import ID is {id:?}. It must consist of the ID or ARN of the replication group and the name of the service \
                     update, separated by a comma or a slash, as in \"cache,elc-20260915-001\"."
                ),
            ));
        }
        Ok(ServiceUpdateModel {
            id: id_of(&group.to_lowercase(), update).into(),
            replication_group_id: group.into(),
            service_update_name: update.into(),
            region: region.into(),
            ..ServiceUpdateModel::default()
        })
    }
}

/// A service update that AWS does not list for the replication group. Listings end some time after an update expires, and
/// absence from one never means that the update is not applied; only without its replication group it is gone.
async fn read_unlisted(
    cx: &Context<'_>,
    what: &str,
    group: &str,
    update: &str,
    mut state: ServiceUpdateModel,
) -> Result<Option<ServiceUpdateModel>, Diagnostics> {
    let found = replication_group::find(cx.scope(), group).await;
    let existing = present(what, "replication group", found)?;
    let is_gone = existing.is_none_or(|existing| existing.status() == Some("deleting"));
    // Nothing but the listing knows what an import has to find.
    if is_gone || (cx.is_imported() && state.status.is_null()) {
        return Ok(None);
    }
    let released = service_update::describe(cx.scope(), update).await;
    if let Found::Yes(released) = released.map_err(|error| failed(what, &error))? {
        let status = released.service_update_status().map(ServiceUpdateStatus::as_str);
        state.action.service_update_status = status.into();
    }
    Ok(Some(state))
}

fn not_offered(group: &str, update: &str, released: &Released) -> Diagnostic {
    let status = released.service_update_status().map_or("expired", ServiceUpdateStatus::as_str);
    Diagnostic::warning(
        "Service update was not applied",
        format!(
            "Service update {update:?} is {status}, and AWS does not list it for replication group {group:?}: it was created with the \
             update or a later one, or the update does not concern it. Remove the resource, or set `service_update_name` to an \
             update that is available."
        ),
    )
    .at(Path::attribute("service_update_name"))
}
