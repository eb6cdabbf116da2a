//! Plan, create, read, update, delete and import of a set.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use futures_util::future::join_all;

use super::converge::converge;
use super::convert::{Live, by_name};
use super::desired::{Wanted, wanted};
use super::model::{Alarm, AlarmSetModel, Alarms};
use super::successors::not_created_in_this_run;
use super::{calls, import, names, presets};
use crate::aws::{AwsError, Tags};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{ArnForm, Context, PlanContext, Resource, failed};
use crate::resources::common::alarm::unlisted;
use crate::resources::common::{deletion, tags};
use crate::schema::Schema;
use crate::services::cloudwatch::alarm;
use crate::value::{Field, Path};

/// `elasticache_alarm_set`.
pub struct AlarmSet;

#[async_trait]
impl Resource for AlarmSet {
    type Model = AlarmSetModel;

    fn type_name(&self) -> &'static str {
        "elasticache_alarm_set"
    }

    fn schema(&self) -> &'static Schema {
        super::schema::schema()
    }

    fn validate(&self, config: &AlarmSetModel, diags: &mut Diagnostics) {
        let mut set = config.clone();
        set.preset = or(given(set.preset), presets::DEFAULT.to_owned());
        set.name_template = or(given(set.name_template), names::DEFAULT.to_owned());
        set.actions_enabled = or(set.actions_enabled, true);
        wanted(&set, diags);
        check_region(&set, diags);
    }

    fn plan(&self, cx: &mut PlanContext<'_, AlarmSetModel>) {
        let id = cx.planned.group_id();
        cx.set("id", id);
        plan_region(cx);
        // Warnings were given when the configuration was validated.
        let mut diags = Diagnostics::new();
        let wanted = wanted(&cx.planned, &mut diags);
        if diags.has_errors() {
            cx.diags.extend(diags);
        }
        let Field::Known(wanted) = wanted else {
            cx.set_unknown("alarms");
            cx.set_unknown("composite_alarms");
            return;
        };
        warn_of_removed_alarms(cx, &wanted);
        let there = cx.prior.map(AlarmSetModel::alarms_there).unwrap_or_default();
        cx.set("alarms", Field::Known(with_arns(wanted.alarms, &there)));
        let there = cx.prior.map(AlarmSetModel::composites_there).unwrap_or_default();
        cx.set("composite_alarms", Field::Known(with_arns(wanted.composites, &there)));
    }

    async fn create(
        &self,
        cx: &Context<'_>,
        _config: AlarmSetModel,
        planned: AlarmSetModel,
    ) -> Result<AlarmSetModel, Diagnostics> {
        converge(cx, None, planned).await
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        mut state: AlarmSetModel,
    ) -> Result<Option<AlarmSetModel>, Diagnostics> {
        if state.alarms.is_null() {
            match import::found(cx, state).await? {
                Some(found) => state = found,
                None => return Ok(None),
            }
        }
        let error = |error: AwsError| failed(format!("read the alarms of {:?}", id(&state)), &error);
        let (alarms, composites) = (state.alarms_there(), state.composites_there());
        let names: Vec<String> = names_of(&alarms).chain(names_of(&composites)).collect();
        let mut found = by_name(&alarm::describe_all(cx.scope(), &names).await.map_err(error)?);
        let missing: Vec<String> = names.into_iter().filter(|name| !found.contains_key(name)).collect();
        found.extend(by_name(&alarm::describe_all(cx.scope(), &missing).await.map_err(error)?));
        let arns: Vec<&str> = arns_of(&alarms).chain(arns_of(&composites)).collect();
        let mut unconfirmed = BTreeSet::new();
        for name in missing.iter().filter(|name| !found.contains_key(*name)) {
            // An empty list proves little; the tags of an alarm that is gone are a typed fault.
            match arn_like(&arns, name) {
                Some(arn) if calls::exists(cx.scope(), &arn).await.map_err(error)? => {
                    return Err(unlisted(format!("read alarm {name:?}")).into());
                }
                Some(_) => {}
                None => drop(unconfirmed.insert(name.as_str())),
            }
        }
        let tags = live_tags(cx, &found, &state).await.map_err(error)?;
        let (mut metric, mut composite) = (BTreeMap::new(), BTreeMap::new());
        for (name, live) in found {
            match live {
                Live::Metric(alarm) => drop(metric.insert(name, alarm)),
                Live::Composite(alarm) => drop(composite.insert(name, alarm)),
            }
        }
        let first = alarms.values().find_map(|alarm| tags.get(alarm.name()));
        if let (Field::Null, Some(first)) = (&state.tags_all, first) {
            (state.tags, state.tags_all) = tags::read_back(cx.provider(), &state.tags, first.clone());
        }
        metric.extend(kept_as_is(&alarms, &unconfirmed));
        composite.extend(kept_as_is(&composites, &unconfirmed));
        state.alarms = Field::Known(shown(cx, alarms, &metric, &tags, &state.tags_all));
        state.composite_alarms = Field::Known(shown(cx, composites, &composite, &tags, &state.tags_all));
        Ok(Some(state))
    }

    async fn update(
        &self,
        cx: &Context<'_>,
        _config: AlarmSetModel,
        prior: AlarmSetModel,
        planned: AlarmSetModel,
    ) -> Result<AlarmSetModel, Diagnostics> {
        converge(cx, Some(&prior), planned).await
    }

    async fn delete(&self, cx: &Context<'_>, state: AlarmSetModel) -> Result<(), Diagnostics> {
        let error = |error: AwsError| failed(format!("delete the alarms of {:?}", id(&state)), &error);
        // In the order of the keys: the one over all before its parts.
        for name in names_of(&state.composites_there()) {
            let names = not_created_in_this_run(cx, &[name]).await;
            alarm::delete_all(cx.scope(), &names).await.map_err(error)?;
        }
        let names: Vec<String> = names_of(&state.alarms_there()).collect();
        let left = not_created_in_this_run(cx, &names).await;
        alarm::delete_all(cx.scope(), &left).await.map_err(error)?;
        let all: Vec<String> = names_of(&state.composites_there()).chain(names).collect();
        // What has taken the place of one stays.
        let all = not_created_in_this_run(cx, &all).await;
        let exist = async || Ok(!alarm::describe_all(cx.scope(), &all).await?.is_empty());
        deletion::confirm(cx, &format!("the alarms of {:?}", id(&state)), exist).await
    }

    fn arns(&self) -> Option<ArnForm> {
        Some(ArnForm::new("elasticache", "replicationgroup:"))
    }

    fn import(&self, id: &str) -> Result<AlarmSetModel, Diagnostic> {
        import::stub(id)
    }
}

fn or<T>(given: Field<T>, default: T) -> Field<T> {
    if given.is_null() { Field::Known(default) } else { given }
}

/// The text; null for an empty one, which leaves an argument to its default.
fn given(text: Field<String>) -> Field<String> {
    if text.text().is_none() && !text.is_unknown() { Field::Null } else { text }
}

fn id(state: &AlarmSetModel) -> &str {
    state.id.text().unwrap_or_default()
}

fn names_of<A: Alarm>(alarms: &Alarms<A>) -> impl Iterator<Item = String> {
    alarms.values().map(|alarm| alarm.name().to_owned())
}

fn arns_of<A: Alarm>(alarms: &Alarms<A>) -> impl Iterator<Item = &str> {
    alarms.values().filter_map(|alarm| alarm.arn().text())
}

/// The ARN of an alarm of this name, from those of the set: they differ in the name alone.
fn arn_like(arns: &[&str], name: &str) -> Option<String> {
    let (account, _) = arns.iter().find_map(|arn| arn.split_once(":alarm:"))?;
    Some(format!("{account}:alarm:{name}"))
}

/// Alarms of the state that are not listed and have no ARN to ask for, as in a set whose create was
/// interrupted before CloudWatch returned any: they stay in the state.
fn kept_as_is<A: Alarm>(state: &Alarms<A>, names: &BTreeSet<&str>) -> Vec<(String, A)> {
    let unconfirmed = state.values().filter(|alarm| names.contains(alarm.name()));
    unconfirmed.map(|alarm| (alarm.name().to_owned(), alarm.clone())).collect()
}

/// An import finds alarms; that the configuration does not have them removes them.
fn warn_of_removed_alarms(cx: &mut PlanContext<'_, AlarmSetModel>, wanted: &Wanted) {
    let Some(prior) = cx.prior.filter(|_| cx.is_imported()) else { return };
    let (alarms, composites) = (prior.alarms_there(), prior.composites_there());
    let stays = |name: &String| {
        let mut names =
            wanted.alarms.values().map(Alarm::name).chain(wanted.composites.values().map(Alarm::name));
        names.any(|it| it == name)
    };
    let removed: Vec<String> =
        names_of(&alarms).chain(names_of(&composites)).filter(|name| !stays(name)).collect();
    if !removed.is_empty() {
        let detail = format!(
            "The set was imported with alarms that this configuration does not have. The apply deletes them:\n\n  {}\n\nTo \
             keep them, add entries for them to metrics, or composite_alarm.",
            removed.join("\n  ")
        );
        cx.diags.warning_at(Path::attribute("metrics"), "Imported alarms will be deleted", detail);
    }
}

/// Alarms are in the region of what they watch.
fn plan_region(cx: &mut PlanContext<'_, AlarmSetModel>) {
    let theirs = match &cx.planned.replication_group {
        Field::Known(group) => group.region.clone(),
        _ => Field::Unknown,
    };
    if cx.is_create() && cx.config.region.is_null() && !theirs.is_null() {
        return cx.set("region", theirs);
    }
    let mut diags = Diagnostics::new();
    check_region(&cx.planned, &mut diags);
    cx.diags.extend(diags);
}

fn check_region(set: &AlarmSetModel, diags: &mut Diagnostics) {
    let theirs = set.replication_group.known().and_then(|group| group.region.text());
    let (Some(theirs), Some(ours)) = (theirs, set.region.text()) else { return };
    if theirs != ours {
        diags.error_at(
            Path::attribute("region"),
            "The replication group is in another region",
            format!(
                "The replication group is in {theirs}, and its alarms would be in {ours}, where CloudWatch has none of \
                 its metrics. Set region = {theirs:?}."
            ),
        );
    }
}

/// The alarms with the ARNs of those that are there.
fn with_arns<A: Alarm>(wanted: Alarms<A>, there: &Alarms<A>) -> Alarms<A> {
    let arns: BTreeMap<&str, &Field<String>> =
        there.values().map(|alarm| (alarm.name(), alarm.arn())).collect();
    let with_arn = |(key, alarm): (String, A)| {
        let arn = arns.get(alarm.name()).map_or(Field::Unknown, |arn| (*arn).clone());
        (key, alarm.with_arn(arn))
    };
    wanted.into_iter().map(with_arn).collect()
}

/// The tags of alarms, by name. One that is gone by now has none.
async fn live_tags(
    cx: &Context<'_>,
    found: &BTreeMap<String, Live>,
    state: &AlarmSetModel,
) -> Result<BTreeMap<String, Tags>, AwsError> {
    let arn = |live: &Live| live.arn().text().unwrap_or_default().to_owned();
    // All at once, so that the index answers for all together.
    let indexed = join_all(
        found
            .values()
            .map(async |live| (live, tags::unchanged(cx, &arn(live), &state.tags, &state.tags_all).await)),
    );
    let (mut tags, mut open) = (BTreeMap::new(), Vec::new());
    for (live, unchanged) in indexed.await {
        match unchanged {
            Some(unchanged) => drop(tags.insert(live.name().to_owned(), unchanged)),
            None => open.push(live),
        }
    }
    let listed =
        alarm::for_each_concurrent(&open, |live| async { calls::list_tags(cx.scope(), &arn(live)).await })
            .await;
    for (live, listed) in listed {
        tags.insert(live.name().to_owned(), listed?);
    }
    Ok(tags)
}

/// The alarms of the state as they are; those that are gone are left out.
fn shown<A: Alarm>(
    cx: &Context<'_>,
    state: Alarms<A>,
    live: &BTreeMap<String, A>,
    tags: &BTreeMap<String, Tags>,
    all: &Field<Tags>,
) -> Alarms<A> {
    let alarm = |(key, alarm): (String, A)| {
        let live = live.get(alarm.name())?.clone();
        let tags = Field::from(tags.get(alarm.name()).cloned());
        let as_planned = tags::changes(cx.provider(), &tags, all).is_empty();
        let own = if as_planned {
            Field::Null
        } else {
            tags::read_back(cx.provider(), &Field::Null, tags.into_known().unwrap_or_default()).1
        };
        Some((key, live.with_tags(own)))
    };
    state.into_iter().filter_map(alarm).collect()
}
