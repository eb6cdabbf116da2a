//! Serverless caches.

use std::sync::OnceLock;
use std::time::Duration;

use aws_sdk_elasticache::operation::create_serverless_cache::builders::CreateServerlessCacheFluentBuilder;
use aws_sdk_elasticache::operation::modify_serverless_cache::builders::ModifyServerlessCacheFluentBuilder;
use aws_sdk_elasticache::types::ServerlessCache;
use tokio::time::Instant;

use crate::aws::{
    AwsError, Found, Listing, Poll, Scope, Service, UnansweredAttempts, WaitError, WaitPlan, is_named,
    is_transient, listed_or,
};
use crate::services::elasticache::{BUSY, serverless_cache_snapshot};

/// The serverless cache does not exist.
pub(crate) const NOT_FOUND: &[&str] = &["ServerlessCacheNotFoundFault"];

/// A serverless cache of that name exists.
pub(crate) const EXISTS: &[&str] = &["ServerlessCacheAlreadyExistsFault"];

/// Something of the cache is not deleted yet. The code is not in the API model; hashicorp/aws has met it while the network
/// interfaces of a cache are deleted.
const IN_USE: &[&str] = &["DependencyViolation"];

/// The status of a cache that AWS does not change.
pub(crate) const AVAILABLE: &str = "available";

/// The status of a cache that AWS could not create.
pub(crate) const CREATE_FAILED: &str = "create-failed";

/// The status of a cache that AWS is deleting.
pub(crate) const DELETING: &str = "deleting";

/// The status of a cache that AWS is creating.
pub(crate) const CREATING: &str = "creating";

const DESCRIBE: &str = "DescribeServerlessCaches";

/// How long an available cache may be returned with the values from before a change.
const SETTLING: Duration = Duration::from_secs(60);

/// The cache's status in lower case: the API model writes it in upper case, and AWS returns it in lower
/// case.
pub(crate) fn status_of(cache: &ServerlessCache) -> String {
    cache.status().unwrap_or("unknown").to_ascii_lowercase()
}

/// An answer that was cut short parses as a cache without its later parts.
fn is_complete(cache: &ServerlessCache) -> bool {
    cache.arn().is_some() && cache.status().is_some()
}

/// The cache, from a listing if others are read at the same time; otherwise as [`describe`].
pub(crate) async fn find(scope: &Scope<'_>, name: &str) -> Result<Found<ServerlessCache>, AwsError> {
    let listed = scope.reads().serverless_cache(name).await;
    listed_or(listed, describe(scope, name)).await
}

/// The cache, by a call of its own.
pub(crate) async fn describe(scope: &Scope<'_>, name: &str) -> Result<Found<ServerlessCache>, AwsError> {
    let client = scope.elasticache().await?;
    let call = client.describe_serverless_caches().serverless_cache_name(name);
    let answer = scope.call(Service::ElastiCache, DESCRIBE, call.send()).await;
    Found::named(
        answer.map(|answer| answer.serverless_caches),
        (Service::ElastiCache, DESCRIBE),
        name,
        ServerlessCache::serverless_cache_name,
        is_complete,
        NOT_FOUND,
    )
}

/// The status of the cache, `unknown` when the response holds no complete one; `None` when it does not
/// exist.
pub(crate) async fn status(scope: &Scope<'_>, name: &str) -> Result<Option<String>, AwsError> {
    Ok(describe(scope, name).await?.status(|cache| Some(status_of(&cache))))
}

/// Every serverless cache of the Region but those being deleted; `None` when the response is incomplete.
pub(crate) async fn list(scope: &Scope<'_>) -> Result<Option<Vec<ServerlessCache>>, AwsError> {
    let mut all = listing(scope);
    let mut caches = Vec::new();
    while let Some(page) = all.next().await? {
        caches.extend(page);
    }
    if !caches.iter().all(is_complete) {
        return Ok(None);
    }
    caches.retain(|cache| status_of(cache) != DELETING);
    Ok(Some(caches))
}

/// The serverless caches of the Region, page by page.
pub(crate) fn listing<'a>(scope: &'a Scope<'a>) -> Listing<'a, ServerlessCache> {
    Listing::new(Service::ElastiCache, DESCRIBE, move |token| async move {
        let client = scope.elasticache().await?;
        let call = client.describe_serverless_caches().set_next_token(token);
        let answer = scope.call(Service::ElastiCache, DESCRIBE, call.send()).await?;
        Ok((answer.serverless_caches, answer.next_token))
    })
}

/// One attempt to create a cache; `None` when the response holds no complete one. `attempts` learns of
/// attempts that were not answered.
pub(crate) async fn create(
    scope: &Scope<'_>,
    call: CreateServerlessCacheFluentBuilder,
    attempts: &UnansweredAttempts,
) -> Result<Option<ServerlessCache>, AwsError> {
    let requested = call.get_serverless_cache_name().clone();
    let call = call.customize().interceptor(attempts.clone());
    let answer = scope.call(Service::ElastiCache, "CreateServerlessCache", call.send()).await?;
    Ok(answer
        .serverless_cache
        .filter(|cache| is_complete(cache) && is_named(cache.serverless_cache_name(), requested.as_deref())))
}

/// One attempt to modify a cache; AWS accepts one field per request. `attempts` learns of attempts that
/// were not answered.
pub(crate) async fn modify(
    scope: &Scope<'_>,
    call: ModifyServerlessCacheFluentBuilder,
    attempts: &UnansweredAttempts,
) -> Result<(), AwsError> {
    let call = call.customize().interceptor(attempts.clone());
    match scope.call(Service::ElastiCache, "ModifyServerlessCache", call.send()).await {
        // The cache has the value already: hashicorp/terraform-provider-aws#36374 and #44746.
        Err(error) if finds_nothing_to_modify(&error) => Ok(()),
        answer => answer.map(drop),
    }
}

fn finds_nothing_to_modify(error: &AwsError) -> bool {
    error.is(&["InvalidParameterCombination", "InvalidParameterValue"])
        && error.message().is_some_and(|text| text.contains("No modifications were requested"))
}

/// Waits until the cache is available and `missing` returns `None`. A new cache may not be found at once,
/// and an available one may be returned with the values from before a change; after a minute of that it
/// counts as settled, so that a value which AWS normalizes does not use up the time.
pub(crate) async fn wait_available(
    scope: &Scope<'_>,
    name: &str,
    is_new: bool,
    missing: impl Fn(&ServerlessCache) -> Option<&'static str> + Sync,
) -> Result<ServerlessCache, WaitError> {
    let plan = WaitPlan::new(format!("serverless cache {name:?} to be available"), scope.time_left());
    let available_since = OnceLock::new();
    let pending = |status: &str| Ok(Poll::Pending { status: status.to_owned() });
    let failed = |status: &str, reason: &str| {
        Ok(Poll::Failed { status: status.to_owned(), reason: reason.to_owned() })
    };
    let waiting = scope.reads().waiting();
    let waited = scope.wait_sharing(&plan, &waiting, async |since: Instant| {
        let listed = scope.reads().since(since).serverless_cache(name).await;
        let cache = match listed_or(listed, describe(scope, name)).await? {
            Found::Yes(cache) => cache,
            Found::Incomplete => return pending("unknown"),
            Found::No(_) if is_new => return pending("not found yet"),
            Found::No(refusal) => return Err(refusal),
        };
        match status_of(&cache).as_str() {
            AVAILABLE => {
                let since = *available_since.get_or_init(Instant::now);
                match missing(&cache) {
                    Some(missing) if since.elapsed() < SETTLING => {
                        pending(&format!("available, without the new {missing}"))
                    }
                    _ => Ok(Poll::Ready(cache)),
                }
            }
            CREATE_FAILED => failed(CREATE_FAILED, "AWS could not create it."),
            DELETING => failed(DELETING, "It is being deleted outside of this operation."),
            status => pending(status),
        }
    });
    waited.await
}

/// Deletes the cache once it is in the middle of nothing else, after a snapshot of the name
/// `final_snapshot`.
pub(crate) async fn delete(
    scope: &Scope<'_>,
    name: &str,
    final_snapshot: Option<&str>,
) -> Result<(), AwsError> {
    let client = scope.elasticache().await?;
    let deleted = scope.retry_if(passes, async || {
        let call = client
            .delete_serverless_cache()
            .serverless_cache_name(name)
            .set_final_snapshot_name(final_snapshot.map(str::to_owned));
        match scope.call(Service::ElastiCache, "DeleteServerlessCache", call.send()).await {
            // The deletion is under way when the answer to an earlier attempt was lost. Its final snapshot
            // then exists as well.
            Err(error) if may_be_repeated(&error) && is_deleting(scope, name).await => Ok(()),
            answer => answer.map(drop),
        }
    });
    deleted.await
}

fn passes(error: &AwsError) -> bool {
    error.is(BUSY) || error.is(IN_USE)
}

fn may_be_repeated(error: &AwsError) -> bool {
    passes(error) || error.is(serverless_cache_snapshot::EXISTS) || is_transient(error)
}

/// True when the cache is being deleted, or no longer exists.
async fn is_deleting(scope: &Scope<'_>, name: &str) -> bool {
    match status(scope, name).await {
        Ok(status) => status.is_none_or(|status| status == DELETING),
        Err(_) => false,
    }
}

/// Waits until AWS no longer has the cache.
pub(crate) async fn wait_deleted(scope: &Scope<'_>, name: &str) -> Result<(), WaitError> {
    let plan = WaitPlan::new(format!("serverless cache {name:?} to be deleted"), scope.time_left());
    scope.wait_deleted(&plan, || status(scope, name)).await
}
