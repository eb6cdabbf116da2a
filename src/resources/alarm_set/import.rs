//! Import: finds the alarms with the names of a set.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_elasticache::types::ReplicationGroup;

use super::attributes::{AlarmModel, AlarmSetModel, Alarms, CompositeAlarmModel, GroupModel};
use super::convert::{Observed, by_name};
use super::names::Names;
use super::{composite, infer, names, serverless};
use crate::aws::AwsError;
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, failed};
use crate::resources::common::errors::present;
use crate::services::cloudwatch::{alarm, metrics};
use crate::services::elasticache::replication_group;
use crate::value::Field;

/// The state for a read of the import ID `<group>` or `<group>/<name_template>`, where `<group>` may be `serverlesscache:`
/// and the name of a serverless cache.
///
/// # Errors
/// An ID in another form.
pub(super) fn stub(id: &str) -> Result<AlarmSetModel, Diagnostic> {
    let (set_id, template) = match id.split_once('/') {
        Some((group, template)) => (group, Some(template)),
        None => (id, None),
    };
    let problem = template
        .and_then(|it| if it.is_empty() { Some("must not be empty".to_owned()) } else { names::problem(it) });
    let serverless_cache = set_id.strip_prefix(names::SERVERLESS_ID);
    let cache = serverless_cache.unwrap_or(set_id);
    if cache.is_empty() || cache.contains(':') || problem.is_some() {
        let problem = problem.map(|problem| format!(" The template {problem}.")).unwrap_or_default();
        return Err(Diagnostic::error(
            "Invalid import ID",
            format!(
                "The import ID is {id:?}.{problem} It must be the ID of the replication group, as in main, its ARN, \
                 serverlesscache: and the name of the serverless cache, as in serverlesscache:main, or one of these IDs followed \
                 by the template of the alarm names, as in main/{{id}}-{{alarm}}-{{member}}."
            ),
        ));
    }
    let group = GroupModel { id: cache.into(), ..GroupModel::default() };
    Ok(AlarmSetModel {
        id: set_id.into(),
        replication_group: if serverless_cache.is_some() { Field::Null } else { Field::Known(group) },
        serverless_cache_name: serverless_cache.into(),
        name_template: Field::from(template.map(str::to_owned)),
        ..AlarmSetModel::default()
    })
}

/// The set of the existing alarms; `None` if the replication group does not exist or has no such alarm.
///
/// Other alarms may have the default names, so only alarms are imported whose key is the name of their metric. With a
/// template in the import ID, all alarms with its names are.
///
/// # Errors
/// Errors of AWS.
pub(super) async fn find(
    cx: &Context<'_>,
    mut stub: AlarmSetModel,
) -> Result<Option<AlarmSetModel>, Diagnostics> {
    let id = stub.cache_id().unwrap_or_default();
    let what = format!("import the alarms of {id:?}");
    let error = |error: AwsError| failed(&what, &error);
    let group = if stub.is_serverless() {
        serverless::refresh(cx, &mut stub).await?;
        stub.serverless_cache_maxima.known().map(|_| Field::Null)
    } else {
        let described = replication_group::describe(cx.scope(), &id).await;
        match present(&what, "replication group", described)? {
            Some(group) => Some(Field::Known(model_of(cx, &id, group).await.map_err(error)?)),
            None => None,
        }
    };
    let Some(group) = group else { return Ok(None) };
    let members = group.known().and_then(|group| group.member_clusters.known()).cloned().unwrap_or_default();
    let configured = stub.name_template.text().map(str::to_owned);
    let template = configured.clone().unwrap_or_else(|| names::DEFAULT.to_owned());
    let places: Vec<&str> = members.iter().map(String::as_str).chain([id.as_str()]).collect();
    let mut alarms = Alarms::new();
    for prefix in prefixes(&template, &id, &places) {
        for observed in by_name(&alarm::list(cx.scope(), &prefix).await.map_err(error)?).into_values() {
            let Observed::Metric(alarm) = observed else { continue };
            if let Some(key) = key(&template, &id, &places, &alarm, configured.is_some()) {
                alarms.insert(key, alarm);
            }
        }
    }
    let composites = composites(cx, &id, &alarms).await.map_err(error)?;
    if alarms.is_empty() {
        return Ok(None);
    }
    let set = AlarmSetModel { replication_group: group, name_template: Field::Known(template), ..stub };
    Ok(Some(infer::with_settings(set, alarms, composites)))
}

async fn model_of(cx: &Context<'_>, id: &str, group: ReplicationGroup) -> Result<GroupModel, AwsError> {
    let datastore = group.global_replication_group_info();
    let role = datastore.and_then(|info| info.global_replication_group_member_role()).map(str::to_owned);
    let region = cx.scope().resolved_region().await?;
    let members = replication_group::Observed { group, member: None }.members();
    Ok(GroupModel {
        id: id.into(),
        member_clusters: Field::Known(members),
        region: Field::Known(region),
        global_replication_group_role: role.into(),
    })
}

/// The fewest prefixes of the names of alarms for these nodes.
fn prefixes(template: &str, id: &str, places: &[&str]) -> BTreeSet<String> {
    let open = ["{metric}", "{alarm}"].iter().filter_map(|it| template.find(it)).min();
    let before = &template[..open.unwrap_or(template.len())];
    let fill = |member: &&str| Names { id, member, metric: "", alarm: "" }.fill(before);
    let all: BTreeSet<String> = places.iter().map(fill).collect();
    // A name with a longer prefix has the shorter one as well.
    let covered = |it: &String| all.iter().any(|other| other != it && it.starts_with(other.as_str()));
    all.iter().filter(|it| !covered(it)).cloned().collect()
}

/// The key in `alarms` of an alarm with a name of the set.
fn key(template: &str, id: &str, places: &[&str], alarm: &AlarmModel, any: bool) -> Option<String> {
    let (name, metric) = (alarm.name.text()?, alarm.metric_name.text()?);
    let at = |place: &str| {
        let key = names::key_of(template, id, place, metric, name)?;
        let is_default = key == metric && alarm.namespace.text() == Some(metrics::NAMESPACE);
        (any || is_default).then(|| format!("{place}/{key}"))
    };
    // `main-001` is a node of main and may be the ID of a replication group: the dimensions decide first.
    let dimensions = alarm.dimensions.known().cloned().unwrap_or_default();
    let watched = ["CacheClusterId", "ReplicationGroupId", serverless::DIMENSION]
        .iter()
        .find_map(|it| dimensions.get(*it));
    watched
        .filter(|it| places.contains(&it.as_str()))
        .and_then(|place| at(place))
        .or_else(|| places.iter().find_map(|place| at(place)))
}

/// The composite alarms with the default name over these alarms.
async fn composites(
    cx: &Context<'_>,
    id: &str,
    alarms: &Alarms<AlarmModel>,
) -> Result<Alarms<CompositeAlarmModel>, AwsError> {
    let name = composite::name(None, id);
    let mut found = BTreeMap::new();
    for (name, observed) in by_name(&alarm::list(cx.scope(), &name).await?) {
        if let Observed::Composite(alarm) = observed {
            found.insert(name, alarm);
        }
    }
    let watches = |alarm: &CompositeAlarmModel, name: &str| {
        alarm.rule.text().is_some_and(|rule| rule.contains(&composite::term(name)))
    };
    let over_ours = |alarm: &CompositeAlarmModel| {
        alarms.values().filter_map(|it| it.name.text()).any(|it| watches(alarm, it))
    };
    let mut all = Alarms::new();
    let Some(top) = found.get(&name) else { return Ok(all) };
    for part in 1..=found.len() {
        let part_name = composite::part_name(&name, part);
        if let Some(alarm) = found.get(&part_name).filter(|it| watches(top, &part_name) && over_ours(it)) {
            all.insert(composite::part_key(part), alarm.clone());
        }
    }
    if over_ours(top) || !all.is_empty() {
        all.insert(composite::ALL.to_owned(), top.clone());
    }
    Ok(all)
}
