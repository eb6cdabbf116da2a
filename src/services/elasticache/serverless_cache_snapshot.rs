//! Snapshots of serverless caches.

use std::sync::atomic::{AtomicBool, Ordering};

use aws_sdk_elasticache::operation::copy_serverless_cache_snapshot::builders::CopyServerlessCacheSnapshotFluentBuilder;
use aws_sdk_elasticache::operation::create_serverless_cache_snapshot::builders::CreateServerlessCacheSnapshotFluentBuilder;
use aws_sdk_elasticache::types::ServerlessCacheSnapshot;

use crate::aws::{
    AwsError, Found, Listing, Poll, Scope, Service, UnansweredAttempts, WaitError, WaitPlan, about_another,
    is_named, is_transient,
};
use crate::services::elasticache::BUSY;

/// The snapshot does not exist.
pub(crate) const NOT_FOUND: &[&str] = &["ServerlessCacheSnapshotNotFoundFault"];

/// A snapshot of that name exists.
pub(crate) const EXISTS: &[&str] = &["ServerlessCacheSnapshotAlreadyExistsFault"];

/// The status of a snapshot that AWS is deleting.
pub(crate) const DELETING: &str = "deleting";

const DESCRIBE: &str = "DescribeServerlessCacheSnapshots";

/// Which snapshots to list: those that match each member that is set.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Filter<'a> {
    /// The name.
    pub(crate) name: Option<&'a str>,
    /// The name of the cache.
    pub(crate) cache: Option<&'a str>,
    /// The type of the snapshot, such as `manual`.
    pub(crate) snapshot_type: Option<&'a str>,
}

/// The snapshot's status in lower case.
pub(crate) fn status_of(snapshot: &ServerlessCacheSnapshot) -> String {
    snapshot.status().unwrap_or("unknown").to_ascii_lowercase()
}

/// An answer that was cut short parses as a snapshot without its later parts.
fn is_complete(snapshot: &ServerlessCacheSnapshot) -> bool {
    snapshot.arn().is_some() && snapshot.status().is_some()
}

/// The snapshot, by a call of its own.
pub(crate) async fn describe(
    scope: &Scope<'_>,
    name: &str,
) -> Result<Found<ServerlessCacheSnapshot>, AwsError> {
    let client = scope.elasticache().await?;
    let call = client.describe_serverless_cache_snapshots().serverless_cache_snapshot_name(name);
    let answer = scope.call(Service::ElastiCache, DESCRIBE, call.send()).await;
    Found::named(
        answer.map(|answer| answer.serverless_cache_snapshots),
        (Service::ElastiCache, DESCRIBE),
        name,
        ServerlessCacheSnapshot::serverless_cache_snapshot_name,
        is_complete,
        NOT_FOUND,
    )
}

/// The status of the snapshot, `unknown` when the response holds no complete one; `None` when it does not
/// exist.
pub(crate) async fn status(scope: &Scope<'_>, name: &str) -> Result<Option<String>, AwsError> {
    Ok(describe(scope, name).await?.status(|snapshot| Some(status_of(&snapshot))))
}

/// The snapshots that match, newest first, without those that are being deleted.
pub(crate) async fn list(
    scope: &Scope<'_>,
    filter: &Filter<'_>,
) -> Result<Vec<ServerlessCacheSnapshot>, AwsError> {
    let mut all = listing(scope, *filter);
    let mut found = Vec::new();
    while let Some(page) = all.next().await? {
        found.extend(page);
    }
    let requested = filter.name.unwrap_or_default();
    let is_other = |name: &&str| filter.name.is_some() && !name.eq_ignore_ascii_case(requested);
    let mut names = found.iter().filter_map(ServerlessCacheSnapshot::serverless_cache_snapshot_name);
    if let Some(other) = names.find(is_other) {
        return Err(about_another(Service::ElastiCache, DESCRIBE, other, requested));
    }
    found.retain(|snapshot| status_of(snapshot) != DELETING && matches(snapshot, filter));
    let age = |snapshot: &ServerlessCacheSnapshot| {
        snapshot.create_time().map(|time| (time.secs(), time.subsec_nanos()))
    };
    found.sort_by(|a, b| {
        let names = || a.serverless_cache_snapshot_name().cmp(&b.serverless_cache_snapshot_name());
        age(b).cmp(&age(a)).then_with(names)
    });
    Ok(found)
}

/// The snapshots that match a filter, page by page, as AWS returns them.
///
/// A snapshot or a cache that does not exist is an empty listing.
pub(crate) fn listing<'a>(scope: &'a Scope<'a>, filter: Filter<'a>) -> Listing<'a, ServerlessCacheSnapshot> {
    Listing::new(Service::ElastiCache, DESCRIBE, move |token| async move {
        let lower = |text: Option<&str>| text.map(str::to_lowercase);
        let client = scope.elasticache().await?;
        let call = client
            .describe_serverless_cache_snapshots()
            .set_serverless_cache_snapshot_name(lower(filter.name))
            .set_serverless_cache_name(lower(filter.cache))
            .set_snapshot_type(filter.snapshot_type.map(str::to_owned))
            .set_next_token(token);
        let answer = match scope.call(Service::ElastiCache, DESCRIBE, call.send()).await {
            Err(error) if error.is(NOT_FOUND) || error.is(&["ServerlessCacheNotFoundFault"]) => {
                return Ok((None, None));
            }
            answer => answer?,
        };
        Ok((answer.serverless_cache_snapshots, answer.next_token))
    })
}

/// AWS has filtered already, but documents no rule for a filter of several members.
fn matches(snapshot: &ServerlessCacheSnapshot, filter: &Filter<'_>) -> bool {
    let same = |desired: Option<&str>, found: Option<&str>| {
        desired.is_none_or(|desired| found.is_some_and(|found| found.eq_ignore_ascii_case(desired)))
    };
    let cache = snapshot.serverless_cache_configuration().and_then(|cache| cache.serverless_cache_name());
    same(filter.name, snapshot.serverless_cache_snapshot_name())
        && same(filter.cache, cache)
        && same(filter.snapshot_type, snapshot.snapshot_type())
}

/// One attempt to create a snapshot; `None` when the response holds no complete one. `attempts` learns of
/// attempts that were not answered.
pub(crate) async fn create(
    scope: &Scope<'_>,
    call: CreateServerlessCacheSnapshotFluentBuilder,
    attempts: &UnansweredAttempts,
) -> Result<Option<ServerlessCacheSnapshot>, AwsError> {
    let requested = call.get_serverless_cache_snapshot_name().clone();
    let call = call.customize().interceptor(attempts.clone());
    let answer = scope.call(Service::ElastiCache, "CreateServerlessCacheSnapshot", call.send()).await?;
    Ok(answer.serverless_cache_snapshot.filter(|snapshot| {
        is_complete(snapshot) && is_named(snapshot.serverless_cache_snapshot_name(), requested.as_deref())
    }))
}

/// One attempt to copy a snapshot; `None` when the response holds no complete one. `attempts` learns of
/// attempts that were not answered.
pub(crate) async fn copy(
    scope: &Scope<'_>,
    call: CopyServerlessCacheSnapshotFluentBuilder,
    attempts: &UnansweredAttempts,
) -> Result<Option<ServerlessCacheSnapshot>, AwsError> {
    let requested = call.get_target_serverless_cache_snapshot_name().clone();
    let call = call.customize().interceptor(attempts.clone());
    let answer = scope.call(Service::ElastiCache, "CopyServerlessCacheSnapshot", call.send()).await?;
    Ok(answer.serverless_cache_snapshot.filter(|snapshot| {
        is_complete(snapshot) && is_named(snapshot.serverless_cache_snapshot_name(), requested.as_deref())
    }))
}

/// Starts to export the snapshot to a bucket, once it is in the middle of nothing else.
pub(crate) async fn export(scope: &Scope<'_>, name: &str, bucket: &str) -> Result<(), AwsError> {
    let client = scope.elasticache().await?;
    let attempts = UnansweredAttempts::default();
    let started = scope.retry(BUSY, async || {
        let call = client
            .export_serverless_cache_snapshot()
            .serverless_cache_snapshot_name(name)
            .s3_bucket_name(bucket)
            .customize()
            .interceptor(attempts.clone());
        match scope.call(Service::ElastiCache, "ExportServerlessCacheSnapshot", call.send()).await {
            // An earlier attempt was not answered, and its export is what the snapshot is busy with.
            Err(error) if attempts.any() && error.is(BUSY) => Ok(()),
            answer => answer.map(drop),
        }
    });
    started.await
}

/// Waits until the snapshot is available.
pub(crate) async fn wait_available(
    scope: &Scope<'_>,
    name: &str,
) -> Result<ServerlessCacheSnapshot, WaitError> {
    let plan =
        WaitPlan::new(format!("serverless cache snapshot {name:?} to be available"), scope.time_left());
    let exists = AtomicBool::new(false);
    let pending = |status: &str| Ok(Poll::Pending { status: status.to_owned() });
    let failed = |status: &str, reason: &str| {
        Ok(Poll::Failed { status: status.to_owned(), reason: reason.to_owned() })
    };
    let waited = scope.wait(&plan, async || {
        let snapshot = match describe(scope, name).await? {
            Found::Yes(snapshot) => snapshot,
            Found::Incomplete => return pending("unknown"),
            Found::No(_) if exists.load(Ordering::Relaxed) => {
                return failed("deleted", "AWS canceled it, or it was deleted outside of this operation.");
            }
            Found::No(_) => return pending("not found yet"),
        };
        exists.store(true, Ordering::Relaxed);
        match status_of(&snapshot).as_str() {
            "available" => Ok(Poll::Ready(snapshot)),
            DELETING => failed(DELETING, "It is being deleted outside of this operation."),
            // The API reference lists no status of a failure; these are those of other objects.
            status @ ("failed" | "create-failed") => failed(status, "AWS could not create it."),
            status => pending(status),
        }
    });
    waited.await
}

/// Deletes the snapshot once it is in the middle of nothing else.
pub(crate) async fn delete(scope: &Scope<'_>, name: &str) -> Result<(), AwsError> {
    let client = scope.elasticache().await?;
    let deleted = scope.retry(BUSY, async || {
        let call = client.delete_serverless_cache_snapshot().serverless_cache_snapshot_name(name);
        match scope.call(Service::ElastiCache, "DeleteServerlessCacheSnapshot", call.send()).await {
            // The deletion is under way when the answer to an earlier attempt was lost.
            Err(error) if (error.is(BUSY) || is_transient(&error)) && is_deleting(scope, name).await => {
                Ok(())
            }
            answer => answer.map(drop),
        }
    });
    deleted.await
}

async fn is_deleting(scope: &Scope<'_>, name: &str) -> bool {
    matches!(status(scope, name).await, Ok(Some(status)) if status == DELETING)
}

/// Waits until AWS no longer has the snapshot.
pub(crate) async fn wait_deleted(scope: &Scope<'_>, name: &str) -> Result<(), WaitError> {
    let plan = WaitPlan::new(format!("serverless cache snapshot {name:?} to be deleted"), scope.time_left());
    scope.wait_deleted(&plan, || status(scope, name)).await
}
