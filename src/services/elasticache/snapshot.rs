//! Snapshots.

use std::sync::atomic::{AtomicBool, Ordering};

use aws_sdk_elasticache::operation::copy_snapshot::builders::CopySnapshotFluentBuilder;
use aws_sdk_elasticache::operation::create_snapshot::builders::CreateSnapshotFluentBuilder;
use aws_sdk_elasticache::types::{NodeSnapshot, Snapshot};
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

use crate::aws::{
    AwsError, Found, Listing, Poll, Scope, Service, UnansweredAttempts, WaitError, WaitPlan, about_another,
    is_named,
};
use crate::services::elasticache::BUSY;

/// The snapshot does not exist.
pub(crate) const NOT_FOUND: &[&str] = &["SnapshotNotFoundFault"];

/// A snapshot of that name exists.
pub(crate) const EXISTS: &[&str] = &["SnapshotAlreadyExistsFault"];

/// Which snapshots to list: those that fit all that is given.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Filter<'a> {
    /// Of this name.
    pub(crate) name: Option<&'a str>,
    /// Of this replication group.
    pub(crate) group: Option<&'a str>,
    /// Of this node.
    pub(crate) cluster: Option<&'a str>,
    /// `manual` or `automated`.
    pub(crate) source: Option<&'a str>,
    /// Taken after this moment, in RFC 3339.
    pub(crate) after: Option<&'a str>,
    /// Taken before this moment, in RFC 3339.
    pub(crate) before: Option<&'a str>,
}

/// The snapshot.
pub(crate) async fn describe(scope: &Scope<'_>, name: &str) -> Result<Found<Snapshot>, AwsError> {
    let client = scope.elasticache().await?;
    let call = client.describe_snapshots().snapshot_name(name).show_node_group_config(true);
    let answer = scope.call(Service::ElastiCache, "DescribeSnapshots", call.send()).await;
    let whole = |snapshot: &Snapshot| snapshot.arn().is_some() && snapshot.snapshot_status().is_some();
    Found::named(
        answer.map(|answer| answer.snapshots),
        (Service::ElastiCache, "DescribeSnapshots"),
        name,
        Snapshot::snapshot_name,
        whole,
        NOT_FOUND,
    )
}

/// The snapshot's status; `None` when AWS has no such snapshot.
pub(crate) async fn status(scope: &Scope<'_>, name: &str) -> Result<Option<String>, AwsError> {
    Ok(describe(scope, name).await?.status(|snapshot| snapshot.snapshot_status))
}

/// The snapshots that fit, newest first, without those that are being deleted.
pub(crate) async fn list(scope: &Scope<'_>, filter: &Filter<'_>) -> Result<Vec<Snapshot>, AwsError> {
    let all = match list_all(scope, filter, filter.cluster).await {
        Err(error) if error.is(NOT_FOUND) => Ok(Vec::new()),
        // AWS does not look for snapshots of a node that is gone, but still lists them.
        Err(error) if error.is(&["CacheClusterNotFound", "CacheClusterNotFoundFault"]) => {
            list_all(scope, filter, None).await
        }
        answer => answer,
    };
    let mut found = all?;
    let requested = filter.name.unwrap_or_default();
    let is_other = |name: &&str| filter.name.is_some() && !name.eq_ignore_ascii_case(requested);
    if let Some(other) = found.iter().filter_map(Snapshot::snapshot_name).find(is_other) {
        return Err(about_another(Service::ElastiCache, "DescribeSnapshots", other, requested));
    }
    found.retain(|snapshot| snapshot.snapshot_status() != Some("deleting") && fits(snapshot, filter));
    found.sort_by(|a, b| age(b).cmp(&age(a)).then_with(|| a.snapshot_name().cmp(&b.snapshot_name())));
    Ok(found)
}

async fn list_all(
    scope: &Scope<'_>,
    filter: &Filter<'_>,
    cluster: Option<&str>,
) -> Result<Vec<Snapshot>, AwsError> {
    let (mut pages, mut all) = (listing(scope, Filter { cluster, ..*filter }), Vec::new());
    while let Some(page) = pages.next().await? {
        all.extend(page);
    }
    Ok(all)
}

/// The snapshots that AWS finds for a filter, page by page; [`fits`] compares the rest.
pub(crate) fn listing<'a>(scope: &'a Scope<'a>, filter: Filter<'a>) -> Listing<'a, Snapshot> {
    Listing::new(Service::ElastiCache, "DescribeSnapshots", move |marker| async move {
        let client = scope.elasticache().await?;
        let lower = |text: Option<&str>| text.map(str::to_lowercase);
        // A request has other words for the source than a response.
        let source = filter.source.map(|source| if source == "manual" { "user" } else { "system" });
        let call = client
            .describe_snapshots()
            .set_snapshot_name(lower(filter.name))
            .set_replication_group_id(lower(filter.group))
            .set_cache_cluster_id(lower(filter.cluster))
            .set_snapshot_source(source.map(str::to_owned))
            .show_node_group_config(true)
            .set_marker(marker);
        let answer = scope.call(Service::ElastiCache, "DescribeSnapshots", call.send()).await?;
        Ok((answer.snapshots, answer.marker))
    })
}

/// AWS has looked for some of this already, but need not for all.
pub(crate) fn fits(snapshot: &Snapshot, filter: &Filter<'_>) -> bool {
    let same = |desired: Option<&str>, is: Option<&str>| {
        desired.is_none_or(|desired| is.is_some_and(|is| is.eq_ignore_ascii_case(desired)))
    };
    let limit = |text: Option<&str>| text.and_then(moment);
    let age = age(snapshot);
    same(filter.name, snapshot.snapshot_name())
        && same(filter.group, snapshot.replication_group_id())
        && same(filter.cluster, snapshot.cache_cluster_id())
        && limit(filter.after).is_none_or(|after| age.is_some_and(|age| age > after))
        && limit(filter.before).is_none_or(|before| age.is_some_and(|age| age < before))
}

/// When the last of its data was taken.
pub(crate) fn taken(snapshot: &Snapshot) -> Option<&DateTime> {
    let times = snapshot.node_snapshots().iter().filter_map(NodeSnapshot::snapshot_create_time);
    times.max_by_key(|time| (time.secs(), time.subsec_nanos()))
}

/// When its data was taken, in seconds and their parts.
fn age(snapshot: &Snapshot) -> Option<(i64, u32)> {
    taken(snapshot).map(|time| (time.secs(), time.subsec_nanos()))
}

/// A moment in RFC 3339, in seconds and their parts; `None` for any other text.
pub(crate) fn moment(text: &str) -> Option<(i64, u32)> {
    let time = DateTime::from_str(text, Format::DateTimeWithOffset).ok()?;
    Some((time.secs(), time.subsec_nanos()))
}

/// One attempt to take a snapshot. `attempts` learns of attempts that were not answered.
pub(crate) async fn create(
    scope: &Scope<'_>,
    call: CreateSnapshotFluentBuilder,
    attempts: &UnansweredAttempts,
) -> Result<Option<Snapshot>, AwsError> {
    let requested = call.get_snapshot_name().clone();
    let call = call.customize().interceptor(attempts.clone());
    let answer = scope.call(Service::ElastiCache, "CreateSnapshot", call.send()).await?;
    Ok(answer.snapshot.filter(|snapshot| is_named(snapshot.snapshot_name(), requested.as_deref())))
}

/// One attempt to copy a snapshot. `attempts` learns of attempts that were not answered.
pub(crate) async fn copy(
    scope: &Scope<'_>,
    call: CopySnapshotFluentBuilder,
    attempts: &UnansweredAttempts,
) -> Result<Option<Snapshot>, AwsError> {
    // An export has a name in the bucket, and not in ElastiCache.
    let is_export = call.get_target_bucket().is_some();
    let requested = call.get_target_snapshot_name().clone();
    let call = call.customize().interceptor(attempts.clone());
    let answer = scope.call(Service::ElastiCache, "CopySnapshot", call.send()).await?;
    Ok(answer
        .snapshot
        .filter(|snapshot| is_export || is_named(snapshot.snapshot_name(), requested.as_deref())))
}

/// Waits until the snapshot exists with all its data.
pub(crate) async fn wait_available(scope: &Scope<'_>, name: &str) -> Result<Snapshot, WaitError> {
    let plan = WaitPlan::new(format!("snapshot {name:?} to be available"), scope.time_left());
    let has_existed = AtomicBool::new(false);
    let waited = scope.wait(&plan, async || {
        let pending = |status: &str| Ok(Poll::Pending { status: status.to_owned() });
        let failed = |status: &str, reason: &str| {
            Ok(Poll::Failed { status: status.to_owned(), reason: reason.to_owned() })
        };
        let snapshot = match describe(scope, name).await? {
            Found::Yes(snapshot) => snapshot,
            Found::Incomplete => return pending("unknown"),
            Found::No(_) if has_existed.load(Ordering::Relaxed) => {
                return failed("gone", "AWS gave it up, or it was deleted outside of Terraform.");
            }
            Found::No(_) => return pending("not visible yet"),
        };
        has_existed.store(true, Ordering::Relaxed);
        match snapshot.snapshot_status().unwrap_or("unknown") {
            "available" => Ok(Poll::Ready(snapshot)),
            "deleting" => failed("deleting", "Another client is deleting it."),
            // Not in the API's list of statuses, but what else would a failure be called.
            status @ ("failed" | "create-failed") => failed(status, "AWS could not take it."),
            status => pending(status),
        }
    });
    waited.await
}

/// Deletes the snapshot, once nothing is made from it any more.
pub(crate) async fn delete(scope: &Scope<'_>, name: &str) -> Result<(), AwsError> {
    let client = scope.elasticache().await?;
    let deleted = scope.retry(BUSY, async || {
        let call = client.delete_snapshot().snapshot_name(name);
        match scope.call(Service::ElastiCache, "DeleteSnapshot", call.send()).await {
            // A delete whose answer was lost: it is under way, so there is nothing to repeat.
            Err(error) if error.is(BUSY) && is_deleting(scope, name).await => Ok(()),
            answer => answer.map(drop),
        }
    });
    deleted.await
}

async fn is_deleting(scope: &Scope<'_>, name: &str) -> bool {
    matches!(describe(scope, name).await, Ok(Found::Yes(snapshot)) if snapshot.snapshot_status() == Some("deleting"))
}

/// Waits until AWS no longer has the snapshot.
pub(crate) async fn wait_deleted(scope: &Scope<'_>, name: &str) -> Result<(), WaitError> {
    let plan = WaitPlan::new(format!("snapshot {name:?} to be gone"), scope.time_left());
    scope.wait_deleted(&plan, || status(scope, name)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_compared_whatever_their_zone() {
        assert_eq!(moment("2026-01-24T10:00:00Z"), moment("2026-01-24T12:00:00+02:00"));
        assert!(moment("2026-01-24T10:00:01Z") > moment("2026-01-24T10:00:00.5Z"));
        for text in ["yesterday", "2026-01-24", "2026-01-24 10:00:00"] {
            assert_eq!(moment(text), None, "{text}");
        }
    }
}
