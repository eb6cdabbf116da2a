//! How AWS is asked for many objects of each kind.

use std::collections::BTreeMap;

use aws_sdk_cloudwatch::types::{AlarmType, MetricAlarm};
use aws_sdk_elasticache::types::{
    CacheCluster, CacheParameterGroup, CacheSubnetGroup, ReplicationGroup, ServerlessCache, User, UserGroup,
};
use aws_sdk_ssm::types::{Parameter, ParameterMetadata, ParameterStringFilter};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::batcher::{BatchSource, Page};
use crate::aws::{Aws, AwsError, Cancel, ErrorKind, PageTokens, Service, call};

/// AWS's most records on a page of a listing.
const PAGE: i32 = 100;
/// The types of objects whose tags are listed from the index of the Resource Groups Tagging API.
pub(super) const INDEXED_TYPES: [&str; 3] = ["elasticache", "cloudwatch:alarm", "ssm:parameter"];
/// The most of `DescribeParameters`, and the most values of one of its filters.
const PARAMETERS_PAGE: i32 = 50;

/// A way to ask, in one region.
macro_rules! sources {
    ($($name:ident),*) => {$(
        #[derive(Debug)]
        pub(super) struct $name {
            aws: Aws,
            region: Option<String>,
        }

        impl $name {
            pub(super) fn new(aws: &Aws, region: Option<&str>) -> Self {
                Self { aws: aws.clone(), region: region.map(str::to_owned) }
            }
        }
    )*};
}

sources!(
    ReplicationGroups,
    CacheClusters,
    ServerlessCaches,
    SubnetGroups,
    ParameterGroups,
    Users,
    UserGroups,
    Alarms,
    AlarmsOfNames,
    Parameters,
    EncryptedParameters,
    ParametersMetadata,
    TagIndex
);

/// A listing of ElastiCache, which has no call for several keys. An object without an
/// ARN comes from an answer that was cut short.
macro_rules! elasticache_listing {
    ($name:ident, $item:ty, $operation:literal, $call:ident, $items:ident, $key:ident
        $(, $option:ident($value:expr))*) => {
        impl BatchSource for $name {
            type Item = $item;
            const LISTS: bool = true;
            const AT_ONCE: usize = 0;

            async fn page(&self, marker: Option<String>) -> Result<Page<$item>, AwsError> {
                let client = self.aws.elasticache(self.region.as_deref()).await?;
                let request = client.$call().max_records(PAGE).set_marker(marker)$(.$option($value))*;
                let answer = ask(Service::ElastiCache, $operation, request.send()).await?;
                let whole = answer.$items.unwrap_or_default().into_iter().filter(|it| it.arn().is_some());
                let items = whole.filter_map(|it| Some((it.$key()?.to_owned(), it))).collect();
                Ok(Page { items, next: more(answer.marker) })
            }

            async fn some(&self, _keys: Vec<String>) -> Result<Vec<(String, $item)>, AwsError> {
                Ok(Vec::new())
            }
        }
    };
}

elasticache_listing!(
    ReplicationGroups,
    ReplicationGroup,
    "DescribeReplicationGroups",
    describe_replication_groups,
    replication_groups,
    replication_group_id
);
elasticache_listing!(
    CacheClusters,
    CacheCluster,
    "DescribeCacheClusters",
    describe_cache_clusters,
    cache_clusters,
    cache_cluster_id,
    show_cache_node_info(true)
);
elasticache_listing!(
    SubnetGroups,
    CacheSubnetGroup,
    "DescribeCacheSubnetGroups",
    describe_cache_subnet_groups,
    cache_subnet_groups,
    cache_subnet_group_name
);
elasticache_listing!(
    ParameterGroups,
    CacheParameterGroup,
    "DescribeCacheParameterGroups",
    describe_cache_parameter_groups,
    cache_parameter_groups,
    cache_parameter_group_name
);
elasticache_listing!(Users, User, "DescribeUsers", describe_users, users, user_id);
elasticache_listing!(
    UserGroups,
    UserGroup,
    "DescribeUserGroups",
    describe_user_groups,
    user_groups,
    user_group_id
);

/// Its pages hold 50 records unless the request says otherwise (API reference of
/// DescribeServerlessCaches, `MaxResults`).
impl BatchSource for ServerlessCaches {
    type Item = ServerlessCache;
    const LISTS: bool = true;
    const AT_ONCE: usize = 0;

    async fn page(&self, marker: Option<String>) -> Result<Page<ServerlessCache>, AwsError> {
        let client = self.aws.elasticache(self.region.as_deref()).await?;
        let request = client.describe_serverless_caches().set_next_token(marker);
        let answer = ask(Service::ElastiCache, "DescribeServerlessCaches", request.send()).await?;
        let complete =
            answer.serverless_caches.unwrap_or_default().into_iter().filter(|it| it.arn().is_some());
        let items = complete.filter_map(|it| Some((it.serverless_cache_name()?.to_owned(), it))).collect();
        Ok(Page { items, next: more(answer.next_token) })
    }

    async fn some(&self, _keys: Vec<String>) -> Result<Vec<(String, ServerlessCache)>, AwsError> {
        Ok(Vec::new())
    }
}

impl BatchSource for Alarms {
    type Item = MetricAlarm;
    const LISTS: bool = true;
    const AT_ONCE: usize = 100;

    async fn page(&self, marker: Option<String>) -> Result<Page<MetricAlarm>, AwsError> {
        let client = self.aws.cloudwatch(self.region.as_deref()).await?;
        let request = client
            .describe_alarms()
            .alarm_types(AlarmType::MetricAlarm)
            .max_records(PAGE)
            .set_next_token(marker);
        let answer = ask(Service::CloudWatch, "DescribeAlarms", request.send()).await?;
        Ok(Page { items: alarms(answer.metric_alarms), next: more(answer.next_token) })
    }

    async fn some(&self, keys: Vec<String>) -> Result<Vec<(String, MetricAlarm)>, AwsError> {
        let client = self.aws.cloudwatch(self.region.as_deref()).await?;
        let request = client
            .describe_alarms()
            .set_alarm_names(Some(keys))
            .alarm_types(AlarmType::MetricAlarm)
            .max_records(PAGE);
        let answer = ask(Service::CloudWatch, "DescribeAlarms", request.send()).await?;
        Ok(alarms(answer.metric_alarms))
    }
}

impl BatchSource for AlarmsOfNames {
    type Item = Option<MetricAlarm>;
    // A listing may be older than the question.
    const LISTS: bool = false;
    const AT_ONCE: usize = 100;

    async fn page(&self, _marker: Option<String>) -> Result<Page<Self::Item>, AwsError> {
        Ok(Page { items: Vec::new(), next: None })
    }

    async fn some(&self, keys: Vec<String>) -> Result<Vec<(String, Self::Item)>, AwsError> {
        let client = self.aws.cloudwatch(self.region.as_deref()).await?;
        let mut tokens = PageTokens::new(Service::CloudWatch, "DescribeAlarms");
        let mut described: BTreeMap<String, Self::Item> =
            keys.iter().map(|key| (key.clone(), None)).collect();
        loop {
            let request = client
                .describe_alarms()
                .set_alarm_names(Some(keys.clone()))
                .alarm_types(AlarmType::MetricAlarm)
                .max_records(PAGE)
                .set_next_token(tokens.next());
            let answer = ask(Service::CloudWatch, "DescribeAlarms", request.send()).await?;
            for alarm in answer.metric_alarms.unwrap_or_default() {
                let name = alarm.alarm_name().filter(|name| keys.iter().any(|key| key == name));
                // The direct call says that the response is about another alarm.
                let Some(name) = name.map(str::to_owned) else { return Ok(Vec::new()) };
                match alarm.alarm_arn() {
                    Some(_) => described.insert(name, Some(alarm)),
                    // The direct call says that the response is incomplete.
                    None => described.remove(&name),
                };
            }
            if !tokens.advance(answer.next_token)? {
                return Ok(described.into_iter().collect());
            }
        }
    }
}

fn alarms(alarms: Option<Vec<MetricAlarm>>) -> Vec<(String, MetricAlarm)> {
    let whole = alarms.unwrap_or_default().into_iter().filter(|alarm| alarm.alarm_arn().is_some());
    whole.filter_map(|alarm| Some((alarm.alarm_name()?.to_owned(), alarm))).collect()
}

impl BatchSource for Parameters {
    type Item = Parameter;
    // A listing with values exists by path only, ten to a page, and shows what is not ours.
    const LISTS: bool = false;
    const AT_ONCE: usize = 10;

    async fn page(&self, _marker: Option<String>) -> Result<Page<Parameter>, AwsError> {
        Ok(Page { items: Vec::new(), next: None })
    }

    async fn some(&self, keys: Vec<String>) -> Result<Vec<(String, Parameter)>, AwsError> {
        get_parameters(&self.aws, self.region.as_deref(), keys, true).await
    }
}

impl BatchSource for EncryptedParameters {
    type Item = Parameter;
    const LISTS: bool = false;
    const AT_ONCE: usize = 10;

    async fn page(&self, _marker: Option<String>) -> Result<Page<Parameter>, AwsError> {
        Ok(Page { items: Vec::new(), next: None })
    }

    async fn some(&self, keys: Vec<String>) -> Result<Vec<(String, Parameter)>, AwsError> {
        get_parameters(&self.aws, self.region.as_deref(), keys, false).await
    }
}

async fn get_parameters(
    aws: &Aws,
    region: Option<&str>,
    keys: Vec<String>,
    decrypted: bool,
) -> Result<Vec<(String, Parameter)>, AwsError> {
    let client = aws.ssm(region).await?;
    let request = client.get_parameters().set_names(Some(keys)).with_decryption(decrypted);
    let answer = ask(Service::Ssm, "GetParameters", request.send()).await?;
    let whole = answer.parameters.unwrap_or_default().into_iter().filter(|it| it.arn().is_some());
    Ok(whole.filter_map(|it| Some((it.name()?.to_owned(), it))).collect())
}

impl BatchSource for ParametersMetadata {
    type Item = ParameterMetadata;
    const LISTS: bool = true;
    const AT_ONCE: usize = 50;

    async fn page(&self, marker: Option<String>) -> Result<Page<ParameterMetadata>, AwsError> {
        let client = self.aws.ssm(self.region.as_deref()).await?;
        let request = client.describe_parameters().max_results(PARAMETERS_PAGE).set_next_token(marker);
        let answer = ask(Service::Ssm, "DescribeParameters", request.send()).await?;
        Ok(Page { items: metadata(answer.parameters), next: more(answer.next_token) })
    }

    async fn some(&self, keys: Vec<String>) -> Result<Vec<(String, ParameterMetadata)>, AwsError> {
        let client = self.aws.ssm(self.region.as_deref()).await?;
        let filter =
            ParameterStringFilter::builder().key("Name").option("Equals").set_values(Some(keys)).build();
        let filter = filter.map_err(|error| {
            let detail = error.to_string();
            AwsError::new(Service::Ssm, "DescribeParameters", ErrorKind::Config { detail })
        })?;
        let mut found = Vec::new();
        let mut tokens = PageTokens::new(Service::Ssm, "DescribeParameters");
        loop {
            let request = client
                .describe_parameters()
                .parameter_filters(filter.clone())
                .max_results(PARAMETERS_PAGE)
                .set_next_token(tokens.next());
            let answer = ask(Service::Ssm, "DescribeParameters", request.send()).await?;
            found.extend(metadata(answer.parameters));
            // A page may be empty and have another behind it.
            if !tokens.advance(answer.next_token)? {
                return Ok(found);
            }
        }
    }
}

fn metadata(parameters: Option<Vec<ParameterMetadata>>) -> Vec<(String, ParameterMetadata)> {
    let all = parameters.unwrap_or_default().into_iter();
    all.filter_map(|it| Some((it.name()?.to_owned(), it))).collect()
}

impl BatchSource for TagIndex {
    type Item = BTreeMap<String, String>;
    const LISTS: bool = true;
    const AT_ONCE: usize = 100;
    const ONE_PERMISSION: bool = true;

    async fn page(&self, marker: Option<String>) -> Result<Page<Self::Item>, AwsError> {
        let client = self.aws.tagging(self.region.as_deref()).await?;
        let request = client.get_resources(&INDEXED_TYPES, PAGE, marker.as_deref());
        let answer = ask(Service::Tagging, "GetResources", request).await;
        let (items, next) = answer.inspect_err(|error| {
            tracing::warn!(
                %error,
                action = "tag:GetResources",
                "the index of tags is not available; reading the tags of each object"
            );
        })?;
        Ok(Page { items, next: more(next) })
    }

    async fn some(&self, keys: Vec<String>) -> Result<Vec<(String, Self::Item)>, AwsError> {
        let client = self.aws.tagging(self.region.as_deref()).await?;
        ask(Service::Tagging, "GetResources", client.get_resources_by_arn(&keys)).await
    }

    fn absent() -> Option<Self::Item> {
        Some(BTreeMap::new())
    }
}

fn more(marker: Option<String>) -> Option<String> {
    marker.filter(|marker| !marker.is_empty())
}

/// Runs to its end even if an operation is canceled: others may wait for the answer. Each read ends by itself ([`Reads::until`]).
///
/// [`Reads::until`]: super::Reads::until
async fn ask<T, E>(
    service: Service,
    operation: &'static str,
    request: impl Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
) -> Result<T, AwsError>
where
    T: Send,
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    call(&Cancel::new(), service, operation, request).await
}
