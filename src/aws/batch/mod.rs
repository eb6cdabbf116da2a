//! Reads of many objects, served together.
//!
//! A plan reads every resource on its own, and each call counts against AWS's
//! throttles. What is asked for at the same time is therefore gathered for a few
//! milliseconds and answered by one listing or one call for many:
//!
//! ```text
//! read of a resource ──► Reads::subnet_group(name)
//!                          │ alone?            None: the caller describes it, one call
//!                          │ listed a moment ago?          the listed object, no call
//!                          └ with others ──► pages of a listing while they pay,
//!                                            then one call for many keys, where AWS has one
//! ```
//!
//! Waits ask in the same way, for what is not older than a moment ([`Reads::since`]), so
//! that a hundred groups that are being created cost little more than one.
//!
//! A read ends with the operation that asks ([`Reads::until`]); the shared calls go on for the others.
//!
//! Four things keep this true:
//! - Only existing objects are answered. `None` says nothing: absence, denied access and
//!   every error are left to the caller's direct call, so no listing deletes anything
//!   from a state and no diagnostic differs. [`Reads::alarm_of_name`] is no listing: its
//!   call is the direct call, with more names in it.
//! - Whatever the provider writes makes all that was listed before void
//!   ([`Writes`]), and after [`STALE`] it is void anyway.
//! - An operation that changes an object receives nothing that was listed before it began
//!   ([`Reads::not_before`]), and no read after it what was listed before it ended
//!   ([`Reads::end_change`]): while it waited, AWS went on without being written to.
//! - Nothing is kept beyond one configured provider: [`Reads`] lives in `Aws`.

pub(crate) mod batcher;
mod sources;
#[cfg(test)]
mod tests;
mod writes;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use aws_sdk_cloudwatch::types::MetricAlarm;
use aws_sdk_elasticache::types::{
    CacheCluster, CacheParameterGroup, CacheSubnetGroup, ReplicationGroup, ServerlessCache, User, UserGroup,
};
use aws_sdk_ssm::types::{Parameter, ParameterMetadata};

use super::call::attempt::BoxFuture;
use super::call::waits::{Waiting, Waits};
use super::{Aws, AwsError, Cancel};
use batcher::{ActivityCounter, Batcher};
pub(super) use writes::Writes;

/// After this long a listing is taken again: a plan may run for minutes.
const STALE: Duration = Duration::from_secs(30);

/// The batchers of one region.
#[derive(Debug)]
pub(super) struct Batchers {
    replication_groups: Arc<Batcher<ReplicationGroup>>,
    cache_clusters: Arc<Batcher<CacheCluster>>,
    serverless_caches: Arc<Batcher<ServerlessCache>>,
    subnet_groups: Arc<Batcher<CacheSubnetGroup>>,
    parameter_groups: Arc<Batcher<CacheParameterGroup>>,
    users: Arc<Batcher<User>>,
    user_groups: Arc<Batcher<UserGroup>>,
    alarms: Arc<Batcher<MetricAlarm>>,
    alarms_of_names: Arc<Batcher<Option<MetricAlarm>>>,
    parameters: Arc<Batcher<Parameter>>,
    encrypted_parameters: Arc<Batcher<Parameter>>,
    parameter_metadata: Arc<Batcher<ParameterMetadata>>,
    tags: Arc<Batcher<BTreeMap<String, String>>>,
    waits: Arc<Waits>,
    writes: Writes,
}

impl Batchers {
    pub(super) fn new(writes: &Writes) -> Self {
        let activity = ActivityCounter::default();
        Self {
            replication_groups: Batcher::new(writes, &activity),
            cache_clusters: Batcher::new(writes, &activity),
            serverless_caches: Batcher::new(writes, &activity),
            subnet_groups: Batcher::new(writes, &activity),
            parameter_groups: Batcher::new(writes, &activity),
            users: Batcher::new(writes, &activity),
            user_groups: Batcher::new(writes, &activity),
            alarms: Batcher::new(writes, &activity),
            alarms_of_names: Batcher::new(writes, &activity),
            parameters: Batcher::new(writes, &activity),
            encrypted_parameters: Batcher::new(writes, &activity),
            parameter_metadata: Batcher::new(writes, &activity),
            tags: Batcher::new(writes, &activity),
            waits: Waits::new(),
            writes: writes.clone(),
        }
    }
}

/// The reads of one region. Every method answers the object when it was found
/// together with others, and `None` when the caller has to ask by itself.
#[derive(Debug)]
pub struct Reads<'a> {
    aws: &'a Aws,
    region: Option<&'a str>,
    /// `None`: nothing is batched, each read is a call.
    batchers: Option<Arc<Batchers>>,
    since: Option<Instant>,
    cancel: Option<&'a Cancel>,
}

macro_rules! read {
    ($(#[$doc:meta])* $name:ident($key:ident) -> $item:ty, $of:ident, $source:ident) => {
        $(#[$doc])*
        pub async fn $name(&self, $key: &str) -> Option<$item> {
            let batchers = self.batchers.as_ref()?;
            let since = self.since.or(batchers.writes.last_end());
            let found = batchers.$of.find($key, since, || sources::$source::new(self.aws, self.region));
            self.unless_cancelled(Box::pin(found)).await
        }
    };
}

impl<'a> Reads<'a> {
    pub(super) fn new(aws: &'a Aws, region: Option<&'a str>, batchers: Option<Arc<Batchers>>) -> Self {
        Self { aws, region, batchers, since: None, cancel: None }
    }

    /// The same without what was listed before this time.
    #[must_use]
    pub fn not_before(self, time: Option<Instant>) -> Self {
        Self { since: time, ..self }
    }

    /// The same for an operation that this token cancels: a read answers `None` from then on, and the direct call of the
    /// caller reports the cancellation. What is shared with other operations goes on for them.
    #[must_use]
    pub fn until(self, cancel: &'a Cancel) -> Self {
        Self { cancel: Some(cancel), ..self }
    }

    /// While AWS throttles or does not answer, a shared call takes as long as all its attempts.
    async fn unless_cancelled<T>(&self, found: BoxFuture<'_, Option<T>>) -> Option<T> {
        let Some(cancel) = self.cancel else { return found.await };
        tokio::select! {
            // An answer that came is worth more than a request to stop.
            biased;
            found = found => found,
            () = cancel.cancelled() => None,
        }
    }

    /// To be called at the end of an operation that changes an object: what depends on it reads from now on.
    pub fn end_change(&self) {
        if let Some(batchers) = &self.batchers {
            batchers.writes.end();
        }
    }

    /// To be kept for as long as a wait lasts whose polls use [`Reads::since`].
    pub fn waiting(&self) -> Waiting {
        self.batchers.as_ref().map(|batchers| Waiting::new(&batchers.waits)).unwrap_or_default()
    }

    /// The same for the polls of waits, as soon as several wait: of what was asked of AWS
    /// at that time or later, because a wait must not be told again what it has seen.
    #[must_use]
    pub fn since(self, time: Instant) -> Self {
        let batchers = self.batchers.filter(|batchers| batchers.waits.are_several());
        Self { since: Some(time), batchers, ..self }
    }

    read!(
        /// The replication group with this id, in lower case as AWS keeps it.
        replication_group(id) -> ReplicationGroup, replication_groups, ReplicationGroups
    );
    read!(
        /// The cache cluster with this id, with its nodes.
        cache_cluster(id) -> CacheCluster, cache_clusters, CacheClusters
    );
    read!(
        /// The serverless cache with this name, in lower case as AWS stores it.
        serverless_cache(name) -> ServerlessCache, serverless_caches, ServerlessCaches
    );
    read!(
        /// The subnet group with this name, in lower case as AWS keeps it.
        subnet_group(name) -> CacheSubnetGroup, subnet_groups, SubnetGroups
    );
    read!(
        /// The parameter group with this name, in lower case as AWS keeps it.
        parameter_group(name) -> CacheParameterGroup, parameter_groups, ParameterGroups
    );
    read!(
        /// The user with this id, in lower case as AWS keeps it.
        user(id) -> User, users, Users
    );
    read!(
        /// The user group with this id, in lower case as AWS keeps it.
        user_group(id) -> UserGroup, user_groups, UserGroups
    );
    read!(
        /// The metric alarm with this name.
        alarm(name) -> MetricAlarm, alarms, Alarms
    );
    read!(
        /// What a call that names this alarm and others says of it now: the alarm, or that it does not exist. Never
        /// kept.
        alarm_of_name(name) -> Option<MetricAlarm>, alarms_of_names, AlarmsOfNames
    );
    read!(
        /// The SSM parameter with this name, its value not decrypted. Never kept.
        encrypted_parameter(name) -> Parameter, encrypted_parameters, EncryptedParameters
    );
    read!(
        /// The SSM parameter with this name, its value decrypted. Never kept.
        parameter(name) -> Parameter, parameters, Parameters
    );
    read!(
        /// What `DescribeParameters` says of the SSM parameter with this name.
        parameter_metadata(name) -> ParameterMetadata, parameter_metadata, ParametersMetadata
    );

    /// True if the index of [`Reads::tags`] has the objects of the service that the ARN names.
    pub fn is_indexed(arn: &str) -> bool {
        let service = arn.split(':').nth(2);
        sources::INDEXED_TYPES.iter().any(|kind| kind.split(':').next() == service)
    }

    /// The tags of the object with this ARN as the index of the Resource Groups
    /// Tagging API has them. The index lags behind by seconds, so only tags that are
    /// as expected may be taken from it. No tags for an object that a whole listing
    /// of the index does not hold: it lists what has or had tags.
    pub async fn tags(&self, arn: &str) -> Option<BTreeMap<String, String>> {
        let batcher = &self.batchers.as_ref()?.tags;
        if !self.aws.has_tagging() {
            return None;
        }
        let found = batcher.find(arn, self.since, || sources::TagIndex::new(self.aws, self.region));
        self.unless_cancelled(Box::pin(found)).await
    }
}

/// What was found together with others, or else what a direct call says of it. `ask` is
/// not begun where nothing is left to ask.
///
/// # Errors
/// Those of `ask`.
pub async fn listed_or<T, F: From<T>>(
    listed: Option<T>,
    ask: impl Future<Output = Result<F, AwsError>>,
) -> Result<F, AwsError> {
    match listed {
        Some(found) => Ok(found.into()),
        None => ask.await,
    }
}
