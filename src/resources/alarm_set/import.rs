//! Import: finds the alarms with the names of a set.

use std::collections::{BTreeMap, BTreeSet};

use super::attributes::{AlarmModel, AlarmSetModel, Alarms, CompositeAlarmModel, GroupModel};
use super::convert::{Observed, by_name};
use super::names::Names;
use super::{composite, infer, names};
use crate::aws::AwsError;
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, failed};
use crate::services::cloudwatch::{alarm, metrics};
use crate::services::elasticache::replication_group;
use crate::value::Field;

/// The state for a read of the import ID `<group>` or `<group>/<name_template>`.
///
/// # Errors
/// An ID in another form.
pub(super) fn stub(id: &str) -> Result<AlarmSetModel, Diagnostic> {
    let (group, template) = match id.split_once('/') {
        Some((group, template)) => (group, Some(template)),
        None => (id, None),
    };
    let problem = template
        .and_then(|it| if it.is_empty() { Some("must not be empty".to_owned()) } else { names::problem(it) });
    if group.is_empty() || group.contains(':') || problem.is_some() {
        let problem = problem.map(|problem| format!(" The template {problem}.")).unwrap_or_default();
        return Err(Diagnostic::error(
            "Invalid import ID",
            format!(
                "The import ID is {id:?}.{problem} It must be the ID of the replication group, as in main, its ARN, or the ID \
                 followed by the template of the alarm names, as in main/{{id}}-{{alarm}}-{{member}}."
            ),
        ));
    }
    let replication_group = GroupModel { id: group.into(), ..GroupModel::default() };
    Ok(AlarmSetModel {
        id: group.into(),
        replication_group: Field::Known(replication_group),
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
pub(super) async fn found(
    cx: &Context<'_>,
    stub: AlarmSetModel,
) -> Result<Option<AlarmSetModel>, Diagnostics> {
    let id = stub.id.text().unwrap_or_default().to_owned();
    let error = |error: AwsError| failed(format!("import the alarms of {id:?}"), &error);
    let Some(members) = members(cx, &id).await.map_err(error)? else { return Ok(None) };
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
    let region = match cx.scope().region() {
        Some(region) => region.to_owned(),
        None => cx.scope().aws().region().await.map_err(error)?,
    };
    let group = GroupModel {
        id: Field::Known(id),
        member_clusters: Field::Known(members),
        region: Field::Known(region),
    };
    let set = AlarmSetModel {
        replication_group: Field::Known(group),
        name_template: Field::Known(template),
        ..stub
    };
    Ok(Some(infer::with_settings(set, alarms, composites)))
}

/// The nodes of the replication group; `None` if it does not exist.
async fn members(cx: &Context<'_>, id: &str) -> Result<Option<Vec<String>>, AwsError> {
    match replication_group::describe(cx.scope(), id).await {
        Ok(group) => Ok(group.map(|group| replication_group::Observed { group, member: None }.members())),
        Err(error) if error.is(replication_group::NOT_FOUND) => Ok(None),
        Err(error) => Err(error),
    }
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
    let watched = ["CacheClusterId", "ReplicationGroupId"].iter().find_map(|it| dimensions.get(*it));
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
