//! The parameters of a group: what to change, how to change it, how to read it.

use std::collections::BTreeSet;

use aws_sdk_elasticache::types::{CacheNodeTypeSpecificParameter, Parameter, ParameterNameValue};

use super::model::{ParameterGroupModel, Parameters};
use crate::aws::{AwsError, Service, call_retrying};
use crate::diag::Diagnostic;
use crate::engine::Context;
use crate::resources::elasticache::Pages;

/// Most parameters AWS takes in one ModifyCacheParameterGroup or ResetCacheParameterGroup.
const BATCH: usize = 20;

/// The group is in the middle of another change, such as one sent a moment ago.
pub(super) const BUSY: &[&str] = &["InvalidCacheParameterGroupState"];

/// Memory kept free for snapshots and replication, in bytes, or in percent since
/// Redis 2.8.22. Only one of the two counts, and the first cannot always be reset.
const RESERVED_MEMORY: &str = "reserved-memory";
const RESERVED_MEMORY_PERCENT: &str = "reserved-memory-percent";

/// What to do about the parameters of one group.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    /// Names to bring back to the family's default.
    pub(super) reset: BTreeSet<String>,
    /// Values to set.
    pub(super) set: Parameters,
}

impl Changes {
    /// From `prior` to `planned`.
    pub(super) fn between(prior: &Parameters, planned: &Parameters) -> Self {
        Self {
            reset: prior.keys().filter(|name| !planned.contains_key(*name)).cloned().collect(),
            set: planned
                .iter()
                .filter(|(name, value)| prior.get(*name) != Some(value))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
        }
    }
}

/// Carries the changes out: resets first, then values, both in name order.
pub(super) async fn change(
    cx: &Context<'_>,
    group: &ParameterGroupModel,
    mut changes: Changes,
) -> Result<(), AwsError> {
    let name = group.aws_name();
    // One name AWS will not reset spoils its whole batch, so this one goes alone.
    // Setting the percentage takes its place anyway.
    let reserved_memory = changes.reset.remove(RESERVED_MEMORY);
    let names: Vec<String> = changes.reset.into_iter().collect();
    for batch in names.chunks(BATCH) {
        reset(cx, &name, batch).await?;
    }
    if reserved_memory && !changes.set.contains_key(RESERVED_MEMORY_PERCENT) {
        reset_reserved_memory(cx, group).await?;
    }
    let values: Vec<(String, String)> = changes.set.into_iter().collect();
    for batch in values.chunks(BATCH) {
        modify(cx, &name, batch).await?;
    }
    Ok(())
}

/// Resets `reserved-memory`. Where AWS says it does not exist (or fails, in
/// GovCloud), the group is first switched over to the percentage, which can be reset.
async fn reset_reserved_memory(cx: &Context<'_>, group: &ParameterGroupModel) -> Result<(), AwsError> {
    let name = group.aws_name();
    match reset(cx, &name, &[RESERVED_MEMORY.to_owned()]).await {
        Err(error) if cannot_be_reset(&error) => {}
        done => return done,
    }
    if matches!(group.family.text(), Some("redis2.6" | "redis2.8")) {
        cx.warn(Diagnostic::warning(
            format!("Parameter reserved-memory of parameter group {name:?} keeps its value"),
            "AWS cannot reset it in this family, which has no reserved-memory-percent. Keep its parameter block, with \
             the value \"0\" for no reserved memory.",
        ));
        return Ok(());
    }
    if group.parameters().contains_key(RESERVED_MEMORY_PERCENT) {
        return Ok(());
    }
    modify(cx, &name, &[(RESERVED_MEMORY_PERCENT.to_owned(), "0".to_owned())]).await?;
    reset(cx, &name, &[RESERVED_MEMORY_PERCENT.to_owned()]).await
}

fn cannot_be_reset(error: &AwsError) -> bool {
    let denied = error.message().is_some_and(|message| message.contains("reserved-memory doesn't exist"));
    (error.is(&["InvalidParameterValue"]) && denied) || error.is(&["InternalFailure"])
}

async fn reset(cx: &Context<'_>, group: &str, names: &[String]) -> Result<(), AwsError> {
    let client = cx.aws().elasticache(cx.region()).await?;
    let names: Vec<_> =
        names.iter().map(|name| ParameterNameValue::builder().parameter_name(name).build()).collect();
    call_retrying(cx.cancel(), cx.deadline(), BUSY, || {
        let call = client
            .reset_cache_parameter_group()
            .cache_parameter_group_name(group)
            .reset_all_parameters(false)
            .set_parameter_name_values(Some(names.clone()));
        cx.call(Service::ElastiCache, "ResetCacheParameterGroup", call.send())
    })
    .await
    .map(|_| ())
}

async fn modify(cx: &Context<'_>, group: &str, values: &[(String, String)]) -> Result<(), AwsError> {
    let client = cx.aws().elasticache(cx.region()).await?;
    let pair = |(name, value): &(String, String)| {
        ParameterNameValue::builder().parameter_name(name).parameter_value(value).build()
    };
    let values: Vec<_> = values.iter().map(pair).collect();
    call_retrying(cx.cancel(), cx.deadline(), BUSY, || {
        let call = client
            .modify_cache_parameter_group()
            .cache_parameter_group_name(group)
            .set_parameter_name_values(Some(values.clone()));
        cx.call(Service::ElastiCache, "ModifyCacheParameterGroup", call.send())
    })
    .await
    .map(|_| ())
}

/// The parameters that differ from the family's defaults, as AWS shows them, or
/// `None` when the answer is not whole.
///
/// A parameter set to its own default may be shown as the system's and not the
/// user's. One that the state has and whose value is still the state's is therefore
/// kept, whoever AWS says set it; otherwise every plan would set it again.
pub(super) async fn read(
    cx: &Context<'_>,
    group: &str,
    state: &Parameters,
) -> Result<Option<Parameters>, AwsError> {
    let Some(listed) = describe(cx, group, Some("user")).await? else { return Ok(None) };
    // Local AWS stand-ins do not know the filter.
    let by_user = |(_, value, source): &(String, String, String)| !value.is_empty() && source == "user";
    let mut live: Parameters =
        listed.into_iter().filter(by_user).map(|(name, value, _)| (name, value)).collect();
    if state.keys().any(|name| !live.contains_key(name)) {
        let Some(all) = describe(cx, group, None).await? else { return Ok(None) };
        let unchanged = all.into_iter().filter(|(name, value, _)| state.get(name) == Some(value));
        live.extend(unchanged.map(|(name, value, _)| (name, value)));
    }
    Ok(Some(live))
}

/// Name, value (empty for none) and source of every parameter, from all pages.
async fn describe(
    cx: &Context<'_>,
    group: &str,
    source: Option<&str>,
) -> Result<Option<Vec<(String, String, String)>>, AwsError> {
    let (parameters, _) = list(cx, group, source).await?;
    Ok(parameters.iter().map(parts).collect())
}

/// Parameters, and those whose value depends on the node type.
pub(super) type Listed = (Vec<Parameter>, Vec<CacheNodeTypeSpecificParameter>);

/// The parameters of a group from all pages.
pub(super) async fn list(cx: &Context<'_>, group: &str, source: Option<&str>) -> Result<Listed, AwsError> {
    const OPERATION: &str = "DescribeCacheParameters";
    let client = cx.aws().elasticache(cx.region()).await?;
    let (mut parameters, mut by_node_type) = (Pages::new(OPERATION), Vec::new());
    while parameters.more() {
        let call = client
            .describe_cache_parameters()
            .cache_parameter_group_name(group)
            .set_source(source.map(str::to_owned))
            .set_marker(parameters.marker());
        let answer = cx.call(Service::ElastiCache, OPERATION, call.send()).await?;
        by_node_type.extend(answer.cache_node_type_specific_parameters.unwrap_or_default());
        parameters.add(answer.parameters, answer.marker)?;
    }
    Ok((parameters.all(), by_node_type))
}

/// The parameters a new group of the family has, from all pages.
pub(super) async fn defaults(cx: &Context<'_>, family: &str) -> Result<Vec<Parameter>, AwsError> {
    const OPERATION: &str = "DescribeEngineDefaultParameters";
    let client = cx.aws().elasticache(cx.region()).await?;
    let mut parameters = Pages::new(OPERATION);
    while parameters.more() {
        let call = client
            .describe_engine_default_parameters()
            .cache_parameter_group_family(family)
            .set_marker(parameters.marker());
        let answer = cx.call(Service::ElastiCache, OPERATION, call.send()).await?;
        let (found, marker) =
            answer.engine_defaults.map(|page| (page.parameters, page.marker)).unwrap_or_default();
        parameters.add(found, marker)?;
    }
    Ok(parameters.all())
}

/// `None` for a parameter that was cut short: name and source always stand.
fn parts(parameter: &Parameter) -> Option<(String, String, String)> {
    let name = parameter.parameter_name()?.to_lowercase();
    let value = parameter.parameter_value().unwrap_or_default().to_owned();
    Some((name, value, parameter.source()?.to_lowercase()))
}
