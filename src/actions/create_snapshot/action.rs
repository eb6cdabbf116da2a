//! Taking a snapshot.

use std::time::Duration;

use aws_sdk_elasticache::types::{CacheCluster, Snapshot};

use super::attributes::CreateSnapshotModel;
use crate::actions::replication_group::{
    at, at_plan, existing, existing_node, lower, planned, planned_node, timeout,
};
use crate::aws::{AwsError, Found, UnansweredAttempts};
use crate::diag::Diagnostics;
use crate::engine::{Action, ActionProgress, Context, failed};
use crate::resources::common::errors::{failed_wait, present};
use crate::services::elasticache::{BUSY, roles, snapshot};
use crate::value::Field;

/// `elasticache_create_snapshot`.
pub struct CreateSnapshot;

impl Action for CreateSnapshot {
    type Model = CreateSnapshotModel;

    fn type_name(&self) -> &'static str {
        "elasticache_create_snapshot"
    }

    fn timeout(&self, config: &CreateSnapshotModel) -> Duration {
        timeout(&config.timeout)
    }

    fn validate(&self, config: &CreateSnapshotModel, diags: &mut Diagnostics) {
        let (group, node) = (&config.replication_group_id, &config.cache_cluster_id);
        let is_open = group.is_unknown() || node.is_unknown();
        if !is_open && group.text().is_none() && node.text().is_none() {
            diags.push(at(
                "replication_group_id",
                "Missing source of the snapshot",
                "A snapshot requires a source. Set `replication_group_id` or `cache_cluster_id`.".to_owned(),
            ));
        }
    }

    async fn plan(&self, cx: &Context<'_>, config: &CreateSnapshotModel) -> Diagnostics {
        let source = match config.replication_group_id.text() {
            Some(group) => planned(cx, &group.to_lowercase()).await.map(drop),
            None => {
                let node = lower(&config.cache_cluster_id);
                // AWS names a node by its replication group and a number.
                let group = node.rsplit_once('-').map_or("", |(group, _)| group);
                match planned_node(cx, &node).await {
                    Ok(found) => {
                        let checked = check_node(cx, &node, &found).await;
                        checked.map_err(|problem| at_plan(cx, group, problem))
                    }
                    Err(problem) => Err(problem),
                }
            }
        };
        match source {
            Ok(()) => check_name(cx, &lower(&config.name)).await.err().unwrap_or_default(),
            Err(problem) => problem,
        }
    }

    async fn invoke(
        &self,
        cx: &Context<'_>,
        config: CreateSnapshotModel,
        progress: &ActionProgress,
    ) -> Result<(), Diagnostics> {
        let name = lower(&config.name);
        let what = format!("create snapshot {name:?}");
        let source = match config.replication_group_id.text().map(str::to_lowercase) {
            Some(group) => {
                existing(cx, &group).await?;
                format!("replication group {group:?}")
            }
            None => {
                let node = lower(&config.cache_cluster_id);
                check_node(cx, &node, &existing_node(cx, &node).await?).await?;
                format!("node {node:?}")
            }
        };
        check_name(cx, &name).await?;
        progress.say(format!("Creating snapshot {name:?} of {source}"));
        create(cx, &config, &name).await.map_err(|error| failed(&what, &error))?;
        progress.goes_on(format!("AWS continues to create snapshot {name:?}."));
        let waited = snapshot::wait_available(cx.scope(), &name).await;
        waited.map_err(|error| failed_wait(&what, &error))?;
        progress.goes_on("");
        progress.say(format!("Snapshot {name:?} of {source} is available"));
        Ok(())
    }
}

/// Refuses a name that a snapshot has.
async fn check_name(cx: &Context<'_>, name: &str) -> Result<(), Diagnostics> {
    let found = snapshot::describe(cx.scope(), name).await;
    let Some(existing) = present(&format!("read snapshot {name:?}"), &format!("snapshot {name:?}"), found)?
    else {
        return Ok(());
    };
    let status = existing.snapshot_status().unwrap_or_default();
    Err(at(
        "name",
        "Snapshot already exists",
        format!(
            "name is {name:?}, which an existing snapshot has; its status is {status:?}. Set name to one that no snapshot has."
        ),
    )
    .into())
}

/// Refuses a node that has no snapshots of its own.
async fn check_node(cx: &Context<'_>, node: &str, cluster: &CacheCluster) -> Result<(), Diagnostics> {
    if cluster.engine().is_some_and(|engine| engine.eq_ignore_ascii_case("memcached")) {
        let detail = format!("Node {node:?} runs Memcached, of which ElastiCache creates no snapshots.");
        return Err(at("cache_cluster_id", "Memcached has no snapshots", detail).into());
    }
    let Some(group) = cluster.replication_group_id() else { return Ok(()) };
    if roles::has_cluster_mode(&existing(cx, group).await?) {
        let detail = format!(
            "Node {node:?} belongs to replication group {group:?} with cluster mode, of which AWS creates \
             snapshots as a whole only. Set `replication_group_id = {group:?}` instead of \
             `cache_cluster_id`."
        );
        return Err(at("cache_cluster_id", "Replication group has cluster mode", detail).into());
    }
    Ok(())
}

/// Sends the request, again while the cache is busy. After a lost response it is sent again only if the snapshot does
/// not exist: no snapshot had the name before.
async fn create(
    cx: &Context<'_>,
    config: &CreateSnapshotModel,
    name: &str,
) -> Result<Option<Snapshot>, AwsError> {
    let client = cx.scope().elasticache().await?;
    let attempts = UnansweredAttempts::default();
    let text = |id: &Field<String>| id.text().map(str::to_owned);
    let created = cx.scope().retry(BUSY, async || {
        let call = client
            .create_snapshot()
            .snapshot_name(name)
            .set_replication_group_id(text(&config.replication_group_id))
            .set_cache_cluster_id(text(&config.cache_cluster_id))
            .set_kms_key_id(text(&config.kms_key_id));
        match snapshot::create(cx.scope(), call, &attempts).await {
            Err(error) if attempts.any() => match snapshot::describe(cx.scope(), name).await {
                Ok(Found::Yes(created)) => Ok(Some(created)),
                _ => Err(error),
            },
            answer => answer,
        }
    });
    created.await
}
