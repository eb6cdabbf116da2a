//! The calls to ElastiCache.

use std::sync::atomic::{AtomicBool, Ordering};

use aws_sdk_elasticache::types::{Snapshot as LiveSnapshot, SourceType};
use tokio::time::Instant;

use super::model::SnapshotModel;
use crate::aws::{AwsError, LostAnswers, Poll, Service, WaitPlan, call_retrying, is_transient, wait_for};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::Context;
use crate::resources::elasticache;
use crate::value::Field;

pub(super) const NOT_FOUND: &[&str] = &["SnapshotNotFoundFault"];
pub(super) const EXISTS: &[&str] = &["SnapshotAlreadyExistsFault"];
/// The cache, or the snapshot, is in the middle of something that passes.
pub(super) const BUSY: &[&str] =
    &["InvalidReplicationGroupState", "InvalidCacheClusterState", "InvalidSnapshotState"];

/// Has AWS take the snapshot, or copy one, once what it is of is not busy.
pub(super) async fn begin(cx: &Context<'_>, model: &SnapshotModel) -> Result<Option<LiveSnapshot>, AwsError> {
    let lost = LostAnswers::default();
    call_retrying(cx.cancel(), cx.deadline(), BUSY, async || {
        match ask(cx, model, &lost).await {
            // What the cache is busy with may be this very snapshot.
            Err(error) if lost.any() && (error.is(EXISTS) || error.is(BUSY) || is_transient(&error)) => {
                begun(cx, model).await.map(Some).ok_or(error)
            }
            answer => answer,
        }
    })
    .await
}

/// The one call; `lost` learns of attempts without an answer.
async fn ask(
    cx: &Context<'_>,
    model: &SnapshotModel,
    lost: &LostAnswers,
) -> Result<Option<LiveSnapshot>, AwsError> {
    let client = cx.aws().elasticache(cx.region()).await?;
    let text = |field: &Field<String>| field.text().map(str::to_owned);
    let tags = elasticache::to_api(&model.tags_all);
    if let Some(source) = model.source_snapshot_name.text() {
        let call = client
            .copy_snapshot()
            .source_snapshot_name(source)
            .target_snapshot_name(model.aws_name())
            .set_target_bucket(text(&model.target_bucket))
            .set_kms_key_id(text(&model.kms_key_id))
            // A file in a bucket has no tags of ElastiCache.
            .set_tags(tags.filter(|_| model.bucket().is_none()))
            .customize()
            .interceptor(lost.clone());
        return Ok(cx.call(Service::ElastiCache, "CopySnapshot", call.send()).await?.snapshot);
    }
    let call = client
        .create_snapshot()
        .snapshot_name(model.aws_name())
        .set_replication_group_id(text(&model.replication_group_id))
        .set_cache_cluster_id(text(&model.cache_cluster_id))
        .set_kms_key_id(text(&model.kms_key_id))
        .set_tags(tags)
        .customize()
        .interceptor(lost.clone());
    Ok(cx.call(Service::ElastiCache, "CreateSnapshot", call.send()).await?.snapshot)
}

/// The snapshot; `None` when the answer holds none that is whole, which is no proof
/// that it is gone.
pub(super) async fn describe(cx: &Context<'_>, name: &str) -> Result<Option<LiveSnapshot>, AwsError> {
    let client = cx.aws().elasticache(cx.region()).await?;
    let call = client.describe_snapshots().snapshot_name(name).show_node_group_config(true);
    let answer = cx.call(Service::ElastiCache, "DescribeSnapshots", call.send()).await?;
    let whole = |snapshot: &LiveSnapshot| snapshot.arn().is_some() && snapshot.snapshot_status().is_some();
    Ok(answer.snapshots.unwrap_or_default().into_iter().find(whole))
}

/// The snapshot's status; `None` when AWS has no such snapshot.
pub(super) async fn status(cx: &Context<'_>, name: &str) -> Result<Option<String>, AwsError> {
    match describe(cx, name).await {
        Ok(found) => {
            Ok(Some(found.and_then(|it| it.snapshot_status).unwrap_or_else(|| "unknown".to_owned())))
        }
        Err(error) if error.is(NOT_FOUND) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The snapshot that an unanswered attempt has just begun: AWS is still at it, which
/// takes it minutes while the repetition follows within seconds, and it is of what was
/// asked for.
async fn begun(cx: &Context<'_>, model: &SnapshotModel) -> Option<LiveSnapshot> {
    // A file in a bucket is nothing that AWS shows.
    if model.bucket().is_some() {
        return None;
    }
    let live = describe(cx, &model.aws_name()).await.ok()??;
    let of = |wanted: &Field<String>, live: Option<&str>| match wanted.text() {
        Some(wanted) => live.is_some_and(|live| live.eq_ignore_ascii_case(wanted)),
        None => true,
    };
    let ours = matches!(live.snapshot_status(), Some("creating" | "copying"))
        && of(&model.replication_group_id, live.replication_group_id())
        && of(&model.cache_cluster_id, live.cache_cluster_id())
        && model.kms_key_id.text().is_none_or(|key| {
            key.contains("alias/")
                || live.kms_key_id().is_some_and(|live| elasticache::same_key_text(key, live))
        });
    tracing::info!(ours, "An answer was lost, and the snapshot exists.");
    ours.then_some(live)
}

/// Waits until the snapshot is there with all its data. `what` completes "Failed to".
pub(super) async fn available(
    cx: &Context<'_>,
    name: &str,
    model: &SnapshotModel,
    what: &str,
) -> Result<LiveSnapshot, Diagnostics> {
    let timeout = cx.deadline().saturating_duration_since(Instant::now());
    let plan = WaitPlan::new(format!("snapshot {name:?} to be available"), timeout);
    let seen = AtomicBool::new(false);
    let waited = wait_for(cx.cancel(), &plan, async || {
        let pending = |status: &str| Ok(Poll::Pending { status: status.to_owned() });
        let failed = |status: &str, reason: &str| {
            Ok(Poll::Failed { status: status.to_owned(), reason: reason.to_owned() })
        };
        let snapshot = match describe(cx, name).await {
            Ok(Some(snapshot)) => snapshot,
            Ok(None) => return pending("unknown"),
            Err(error) if error.is(NOT_FOUND) && seen.load(Ordering::Relaxed) => {
                return failed("gone", "AWS gave it up, or somebody deleted it.");
            }
            Err(error) if error.is(NOT_FOUND) => return pending("not visible yet"),
            Err(error) => return Err(error),
        };
        seen.store(true, Ordering::Relaxed);
        match snapshot.snapshot_status().unwrap_or("unknown") {
            "available" => Ok(Poll::Ready(snapshot)),
            "deleting" => failed("deleting", "Somebody else is deleting it."),
            // Not in the API's list of statuses, but what else would a failure be called.
            status @ ("failed" | "create-failed") => failed(status, "AWS could not take it."),
            status => pending(status),
        }
    })
    .await;
    match waited {
        Ok(snapshot) => Ok(snapshot),
        Err(error) => {
            let mut detail = error.to_string();
            detail.push_str(&events(cx, model).await);
            Err(Diagnostic::error(format!("Failed to {what}"), detail).into())
        }
    }
}

/// What AWS has to say of the cache, for a snapshot that does not come to be.
async fn events(cx: &Context<'_>, model: &SnapshotModel) -> String {
    let source = match (model.replication_group_id.text(), model.cache_cluster_id.text()) {
        (Some(group), _) => (SourceType::ReplicationGroup, group),
        (None, Some(cluster)) => (SourceType::CacheCluster, cluster),
        (None, None) => return String::new(),
    };
    // Nobody waits for more once Terraform is asked to stop.
    if cx.cancel().is_cancelled() {
        return String::new();
    }
    let events = elasticache::events(cx, source.0, source.1).await;
    if events.is_empty() {
        return String::new();
    }
    format!("\nAWS's latest events of {:?}:\n- {}", source.1, events.join("\n- "))
}

/// Deletes the snapshot, once nothing is made from it any more, and waits until it is
/// gone. That it is gone already is success.
pub(super) async fn delete(cx: &Context<'_>, name: &str) -> Result<(), Diagnostics> {
    let what = format!("delete snapshot {name:?}");
    let client =
        cx.aws().elasticache(cx.region()).await.map_err(|error| crate::engine::failed(&what, &error))?;
    let deleted = call_retrying(cx.cancel(), cx.deadline(), BUSY, async || {
        let call = client.delete_snapshot().snapshot_name(name);
        match cx.call(Service::ElastiCache, "DeleteSnapshot", call.send()).await {
            // A delete whose answer was lost: it is under way, so there is nothing to repeat.
            Err(error) if error.is(BUSY) && is_deleting(cx, name).await => Ok(()),
            answer => answer.map(drop),
        }
    })
    .await;
    match deleted {
        Ok(()) => {}
        Err(error) if error.is(NOT_FOUND) => return Ok(()),
        Err(error) => return Err(crate::engine::failed(&what, &error).into()),
    }
    let timeout = cx.deadline().saturating_duration_since(Instant::now());
    let plan = WaitPlan::new(format!("snapshot {name:?} to be gone"), timeout);
    let gone = wait_for(cx.cancel(), &plan, async || match describe(cx, name).await {
        Err(error) if error.is(NOT_FOUND) => Ok(Poll::Ready(())),
        Err(error) => Err(error),
        Ok(snapshot) => {
            let status = snapshot.and_then(|s| s.snapshot_status).unwrap_or_else(|| "unknown".to_owned());
            Ok(Poll::Pending { status })
        }
    });
    gone.await.map_err(|error| Diagnostic::error(format!("Failed to {what}"), error.to_string()).into())
}

async fn is_deleting(cx: &Context<'_>, name: &str) -> bool {
    matches!(describe(cx, name).await, Ok(Some(snapshot)) if snapshot.snapshot_status() == Some("deleting"))
}
