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
//! Three things keep this true:
//! - Only existing objects are answered. `None` says nothing: absence, denied access and
//!   every error are left to the caller's direct call, so no listing deletes anything
//!   from a state and no diagnostic differs.
//! - Whatever the provider writes makes all that was listed before void
//!   ([`Writes`]), and after [`STALE`] it is void anyway.
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

use super::{Aws, AwsError};
use batcher::{Gather, Pulse};
pub(super) use writes::Writes;

/// After this long a listing is taken again: a plan may run for minutes.
const STALE: Duration = Duration::from_secs(30);

/// So many waits share what they see; fewer ask for themselves.
const SEVERAL: usize = 3;

/// What is gathered in one region.
#[derive(Debug)]
pub(super) struct Gathered {
    replication_groups: Arc<Gather<ReplicationGroup>>,
    cache_clusters: Arc<Gather<CacheCluster>>,
    serverless_caches: Arc<Gather<ServerlessCache>>,
    subnet_groups: Arc<Gather<CacheSubnetGroup>>,
    parameter_groups: Arc<Gather<CacheParameterGroup>>,
    users: Arc<Gather<User>>,
    user_groups: Arc<Gather<UserGroup>>,
    alarms: Arc<Gather<MetricAlarm>>,
    parameters: Arc<Gather<Parameter>>,
    parameter_metadata: Arc<Gather<ParameterMetadata>>,
    tags: Arc<Gather<BTreeMap<String, String>>>,
    /// Its other owners are the waits under way.
    waits: Arc<()>,
}

impl Gathered {
    pub(super) fn new(writes: &Writes) -> Self {
        let pulse = Pulse::default();
        Self {
            replication_groups: Gather::new(writes, &pulse),
            cache_clusters: Gather::new(writes, &pulse),
            serverless_caches: Gather::new(writes, &pulse),
            subnet_groups: Gather::new(writes, &pulse),
            parameter_groups: Gather::new(writes, &pulse),
            users: Gather::new(writes, &pulse),
            user_groups: Gather::new(writes, &pulse),
            alarms: Gather::new(writes, &pulse),
            parameters: Gather::new(writes, &pulse),
            parameter_metadata: Gather::new(writes, &pulse),
            tags: Gather::new(writes, &pulse),
            waits: Arc::default(),
        }
    }
}

/// A wait that is counted while this lives.
#[derive(Debug)]
pub struct Waiting {
    _counted: Option<Arc<()>>,
}

/// The reads of one region. Every method answers the object when it was found
/// together with others, and `None` when the caller has to ask by itself.
#[derive(Debug)]
pub struct Reads<'a> {
    aws: &'a Aws,
    region: Option<&'a str>,
    /// `None`: nothing is gathered, everybody asks alone.
    gathered: Option<Arc<Gathered>>,
    since: Option<Instant>,
}

macro_rules! read {
    ($(#[$doc:meta])* $name:ident($key:ident) -> $item:ty, $of:ident, $source:ident) => {
        $(#[$doc])*
        pub async fn $name(&self, $key: &str) -> Option<$item> {
            let gather = &self.gathered.as_ref()?.$of;
            gather.find($key, self.since, || sources::$source::new(self.aws, self.region)).await
        }
    };
}

impl<'a> Reads<'a> {
    pub(super) fn new(aws: &'a Aws, region: Option<&'a str>, gathered: Option<Arc<Gathered>>) -> Self {
        Self { aws, region, gathered, since: None }
    }

    /// To be kept for as long as a wait lasts whose polls use [`Reads::since`].
    pub fn waiting(&self) -> Waiting {
        Waiting { _counted: self.gathered.as_ref().map(|gathered| Arc::clone(&gathered.waits)) }
    }

    /// The same for the polls of waits, as soon as several wait: of what was asked of AWS
    /// at that time or later, because a wait must not be told again what it has seen.
    #[must_use]
    pub fn since(self, time: Instant) -> Self {
        let several = |gathered: &Arc<Gathered>| Arc::strong_count(&gathered.waits) > SEVERAL;
        Self { since: Some(time), gathered: self.gathered.filter(several), ..self }
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
        /// The SSM parameter with this name, its value decrypted. Never kept.
        parameter(name) -> Parameter, parameters, Parameters
    );
    read!(
        /// What `DescribeParameters` says of the SSM parameter with this name.
        parameter_metadata(name) -> ParameterMetadata, parameter_metadata, ParametersMetadata
    );

    /// The tags of the object with this ARN as the index of the Resource Groups
    /// Tagging API has them. The index lags behind by seconds, so only tags that are
    /// as expected may be taken from it. No tags for an object that a whole listing
    /// of the index does not hold: it lists what has or had tags.
    pub async fn tags(&self, arn: &str) -> Option<BTreeMap<String, String>> {
        let gather = &self.gathered.as_ref()?.tags;
        if !self.aws.has_tagging() {
            return None;
        }
        gather.find(arn, self.since, || sources::TagIndex::new(self.aws, self.region)).await
    }
}

/// What was found together with others, or else what a direct call says of it. `ask` is
/// not begun where nothing is left to ask.
///
/// # Errors
/// Those of `ask`.
pub async fn listed_or<T>(
    listed: Option<T>,
    ask: impl Future<Output = Result<Option<T>, AwsError>>,
) -> Result<Option<T>, AwsError> {
    match listed {
        Some(found) => Ok(Some(found)),
        None => ask.await,
    }
}
