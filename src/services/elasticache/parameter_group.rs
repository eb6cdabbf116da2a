//! Parameter groups, their parameters, and the caches that use them.

use aws_sdk_elasticache::operation::create_cache_parameter_group::builders::CreateCacheParameterGroupFluentBuilder;
use aws_sdk_elasticache::types::{
    CacheNodeTypeSpecificParameter, CacheParameterGroup, Parameter, ParameterNameValue,
};

use crate::aws::{
    AwsError, Found, Listing, Pages, Scope, Service, Tags, UnansweredAttempts, is_named, listed_or,
};
use crate::services::elasticache::{BUSY, tags};

/// The parameter group does not exist.
pub(crate) const NOT_FOUND: &[&str] = &["CacheParameterGroupNotFoundFault"];

/// A parameter group of that name exists.
pub(crate) const EXISTS: &[&str] = &["CacheParameterGroupAlreadyExistsFault"];

/// How AWS refuses to delete a group that is in use, or in the middle of another change.
pub(crate) const IN_USE: &[&str] = &["InvalidCacheParameterGroupState"];

/// Most parameters that AWS accepts in one ModifyCacheParameterGroup or ResetCacheParameterGroup.
pub(crate) const BATCH: usize = 20;

/// A parameter group with everything that AWS returns of it.
#[derive(Debug, Clone)]
pub(crate) struct Observed {
    pub(crate) group: CacheParameterGroup,
    /// Every parameter of it.
    pub(crate) parameters: Vec<Parameter>,
    /// Those whose value depends on the node type.
    pub(crate) by_node_type: Vec<CacheNodeTypeSpecificParameter>,
    /// The same parameters in a new group of the family.
    pub(crate) defaults: Vec<Parameter>,
    pub(crate) tags: Tags,
}

/// True for the groups that AWS creates itself, one or two for each family.
pub(crate) fn is_default(name: &str) -> bool {
    name.to_ascii_lowercase().starts_with("default.")
}

/// The group alone, from a listing if others are read at the same time; otherwise as [`describe`].
pub(crate) async fn find(scope: &Scope<'_>, name: &str) -> Result<Found<CacheParameterGroup>, AwsError> {
    let listed = scope.reads().parameter_group(name).await;
    listed_or(listed, describe(scope, name)).await
}

/// The group with its parameters and tags.
pub(crate) async fn find_whole(scope: &Scope<'_>, name: &str) -> Result<Found<Observed>, AwsError> {
    Found::of(read_whole(scope, name).await, NOT_FOUND)
}

async fn read_whole(scope: &Scope<'_>, name: &str) -> Result<Option<Observed>, AwsError> {
    let Some(group) = find(scope, name).await?.or_refusal()? else { return Ok(None) };
    let tags = async {
        // AWS's own groups have no tags, and cannot be given any.
        match is_default(name) {
            true => Ok(Tags::new()),
            false => tags::list(scope, group.arn().unwrap_or_default()).await,
        }
    };
    let family = group.cache_parameter_group_family().unwrap_or_default();
    let (listed, defaults, tags) =
        tokio::join!(list_parameters(scope, name, None), list_defaults(scope, family), tags);
    let ((parameters, by_node_type), defaults) = (listed?, defaults?);
    Ok(Some(Observed { group, parameters, by_node_type, defaults, tags: tags? }))
}

/// The group alone, by a call of its own.
pub(crate) async fn describe(scope: &Scope<'_>, name: &str) -> Result<Found<CacheParameterGroup>, AwsError> {
    let client = scope.elasticache().await?;
    let call = client.describe_cache_parameter_groups().cache_parameter_group_name(name);
    let answer = scope.call(Service::ElastiCache, "DescribeCacheParameterGroups", call.send()).await;
    // An object without ARN comes from an answer that was cut short.
    let whole = |group: &CacheParameterGroup| group.arn().is_some();
    Found::named(
        answer.map(|answer| answer.cache_parameter_groups),
        (Service::ElastiCache, "DescribeCacheParameterGroups"),
        name,
        CacheParameterGroup::cache_parameter_group_name,
        whole,
        NOT_FOUND,
    )
}

/// The parameter groups of the Region, those of AWS among them, page by page.
pub(crate) fn listing<'a>(scope: &'a Scope<'a>) -> Listing<'a, CacheParameterGroup> {
    Listing::new(Service::ElastiCache, "DescribeCacheParameterGroups", move |marker| async move {
        let client = scope.elasticache().await?;
        let call = client.describe_cache_parameter_groups().set_marker(marker);
        let answer = scope.call(Service::ElastiCache, "DescribeCacheParameterGroups", call.send()).await?;
        Ok((answer.cache_parameter_groups, answer.marker))
    })
}

/// Creates a group with the parameters of its family; `None` when the response holds no complete
/// one. `attempts` learns of attempts that were not answered.
pub(crate) async fn create(
    scope: &Scope<'_>,
    call: CreateCacheParameterGroupFluentBuilder,
    attempts: &UnansweredAttempts,
) -> Result<Option<CacheParameterGroup>, AwsError> {
    let requested = call.get_cache_parameter_group_name().clone();
    let created = scope.retry(BUSY, || {
        let call = call.clone().customize().interceptor(attempts.clone());
        scope.call(Service::ElastiCache, "CreateCacheParameterGroup", call.send())
    });
    let answer = created.await?;
    Ok(answer.cache_parameter_group.filter(|group| {
        group.arn().is_some() && is_named(group.cache_parameter_group_name(), requested.as_deref())
    }))
}

/// One attempt to delete the group.
pub(crate) async fn delete(scope: &Scope<'_>, name: &str) -> Result<(), AwsError> {
    let client = scope.elasticache().await?;
    let call = client.delete_cache_parameter_group().cache_parameter_group_name(name);
    scope.call(Service::ElastiCache, "DeleteCacheParameterGroup", call.send()).await.map(drop)
}

/// Brings parameters back to the default of the family, at most [`BATCH`].
pub(crate) async fn reset_parameters(
    scope: &Scope<'_>,
    group: &str,
    names: &[String],
) -> Result<(), AwsError> {
    let client = scope.elasticache().await?;
    let names: Vec<_> =
        names.iter().map(|name| ParameterNameValue::builder().parameter_name(name).build()).collect();
    let reset = scope.retry(BUSY, || {
        let call = client
            .reset_cache_parameter_group()
            .cache_parameter_group_name(group)
            .reset_all_parameters(false)
            .set_parameter_name_values(Some(names.clone()));
        scope.call(Service::ElastiCache, "ResetCacheParameterGroup", call.send())
    });
    reset.await.map(drop)
}

/// Sets parameters, at most [`BATCH`].
pub(crate) async fn modify_parameters(
    scope: &Scope<'_>,
    group: &str,
    values: &[(String, String)],
) -> Result<(), AwsError> {
    let client = scope.elasticache().await?;
    let pair = |(name, value): &(String, String)| {
        ParameterNameValue::builder().parameter_name(name).parameter_value(value).build()
    };
    let values: Vec<_> = values.iter().map(pair).collect();
    let modified = scope.retry(BUSY, || {
        let call = client
            .modify_cache_parameter_group()
            .cache_parameter_group_name(group)
            .set_parameter_name_values(Some(values.clone()));
        scope.call(Service::ElastiCache, "ModifyCacheParameterGroup", call.send())
    });
    modified.await.map(drop)
}

/// The parameters of a group from all pages, and those whose value depends on the node type;
/// with `source` only those that it has set, such as `user`.
pub(crate) async fn list_parameters(
    scope: &Scope<'_>,
    group: &str,
    source: Option<&str>,
) -> Result<(Vec<Parameter>, Vec<CacheNodeTypeSpecificParameter>), AwsError> {
    const OPERATION: &str = "DescribeCacheParameters";
    let client = scope.elasticache().await?;
    let (mut parameters, mut by_node_type) = (Pages::new(Service::ElastiCache, OPERATION), Vec::new());
    while parameters.more() {
        let call = client
            .describe_cache_parameters()
            .cache_parameter_group_name(group)
            .set_source(source.map(str::to_owned))
            .set_marker(parameters.marker());
        let answer = scope.call(Service::ElastiCache, OPERATION, call.send()).await?;
        by_node_type.extend(answer.cache_node_type_specific_parameters.unwrap_or_default());
        parameters.add(answer.parameters, answer.marker)?;
    }
    Ok((parameters.all(), by_node_type))
}

/// The parameters that a new group of the family has, from all pages.
async fn list_defaults(scope: &Scope<'_>, family: &str) -> Result<Vec<Parameter>, AwsError> {
    const OPERATION: &str = "DescribeEngineDefaultParameters";
    let client = scope.elasticache().await?;
    let mut parameters = Pages::new(Service::ElastiCache, OPERATION);
    while parameters.more() {
        let call = client
            .describe_engine_default_parameters()
            .cache_parameter_group_family(family)
            .set_marker(parameters.marker());
        let answer = scope.call(Service::ElastiCache, OPERATION, call.send()).await?;
        let (found, marker) =
            answer.engine_defaults.map(|page| (page.parameters, page.marker)).unwrap_or_default();
        parameters.add(found, marker)?;
    }
    Ok(parameters.all())
}
