//! What is looked up before a global datastore is created: the replication group that is to be its primary.
//!
//! AWS takes over engine, version, and size of the primary, so what the configuration asks for is compared with them
//! while nothing is created yet. And a primary that belongs to no global datastore now is the reason why one that has
//! it after a lost response can only be the one that this create made; see [`super::recover`].

use aws_sdk_elasticache::types::{CacheCluster, ReplicationGroup};

use super::attributes::GlobalReplicationGroupModel;
use super::update::steps;
use super::{shards, upgrade};
use crate::aws::Found;
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, failed};
use crate::resources::common::errors::incomplete;
use crate::services::elasticache::replication_group;
use crate::value::Path;

/// Refuses a primary that does not exist, that belongs to a global datastore, or that cannot come to the planned
/// version or number of shards.
pub(super) async fn check(
    cx: &Context<'_>,
    config: &GlobalReplicationGroupModel,
    planned: &GlobalReplicationGroupModel,
) -> Result<(), Diagnostics> {
    let id = planned.primary_id();
    let what = format!("create global datastore {:?}", planned.suffix());
    let group = match replication_group::describe(cx.scope(), &id).await {
        Ok(Found::Yes(group)) => group,
        Ok(Found::Incomplete) => return Err(incomplete(what, "replication group")),
        Ok(Found::No(_)) => {
            let place = planned.region.text().map(|region| format!(" in {region}")).unwrap_or_default();
            let detail = format!(
                "Replication group {id:?} does not exist{place}. A global datastore is created in the Region \
                 of its primary: correct `primary_replication_group_id` or `region`."
            );
            return Err(at_primary("Primary does not exist", &detail).into());
        }
        Err(error) => return Err(failed(what, &error).into()),
    };
    let datastore = group.global_replication_group_info().and_then(|info| info.global_replication_group_id());
    if let Some(datastore) = datastore {
        return Err(at_primary(
            "Primary belongs to a global datastore",
            &format!(
                "Replication group {id:?} is a member of the global datastore {datastore:?}, and AWS allows one. To manage that \
                 one here, {}",
                cx.how_to_import("elasticache_global_replication_group", datastore).await
            ),
        )
        .into());
    }
    let subject = format!("Replication group {id:?}");
    if let Some(problem) = shards::problem(&running(&group, None), planned, &subject) {
        return Err(problem.into());
    }
    if planned.engine.text().is_none() && planned.engine_version.text().is_none() {
        return Ok(());
    }
    let member = match group.member_clusters().iter().min() {
        Some(first) => replication_group::describe_member(cx.scope(), first).await.map(Found::yes),
        None => Ok(None),
    };
    let member = member.map_err(|error| failed(what, &error))?;
    version(config, planned, &running(&group, member.as_ref()))
}

fn at_primary(summary: &str, detail: &str) -> Diagnostic {
    Diagnostic::error(summary, detail.trim_end()).at(Path::attribute("primary_replication_group_id"))
}

/// A global datastore with engine, version, and shards of the primary.
fn running(group: &ReplicationGroup, member: Option<&CacheCluster>) -> GlobalReplicationGroupModel {
    let shards = i32::try_from(group.node_groups().len()).ok().filter(|shards| *shards > 0);
    GlobalReplicationGroupModel {
        num_node_groups: if group.cluster_enabled() == Some(false) { Some(1) } else { shards }.into(),
        engine: group.engine().or(member.and_then(CacheCluster::engine)).into(),
        engine_version_actual: member.and_then(CacheCluster::engine_version).into(),
        cluster_enabled: group.cluster_enabled().into(),
        ..GlobalReplicationGroupModel::default()
    }
}

fn version(
    config: &GlobalReplicationGroupModel,
    planned: &GlobalReplicationGroupModel,
    running: &GlobalReplicationGroupModel,
) -> Result<(), Diagnostics> {
    let subject = format!("Replication group {:?}", planned.primary_id());
    if let Some(problem) = upgrade::problem(running, config, planned, &subject) {
        return Err(problem.into());
    }
    let is_upgrade = steps::upgrade(running, planned).is_some();
    match upgrade::needless_parameter_group(running, config, planned) {
        Some(problem) if is_upgrade && planned.parameter_group_name.text().is_some() => Err(problem.into()),
        _ => Ok(()),
    }
}
