//! Plan, create, read, update, delete and import of an alarm set.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;

use super::attributes::{Alarm, AlarmSetModel, Alarms};
use super::converge::converge;
use super::convert::{Observed, by_name};
use super::pending::{self, Pending};
use super::{calls, import, plan, serverless, validate};
use crate::aws::{AwsError, Tags};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{ArnForm, Context, Identity, PlanContext, Resource, failed};
use crate::resources::common::alarm::parents::{self, not_created_in_this_run};
use crate::resources::common::alarm::unlisted;
use crate::resources::common::{deletion, tags};
use crate::services::cloudwatch::alarm;
use crate::value::Field;

/// `elasticache_alarm_set`.
pub struct AlarmSet;

impl Resource for AlarmSet {
    type Model = AlarmSetModel;

    fn type_name(&self) -> &'static str {
        "elasticache_alarm_set"
    }

    fn validate(&self, config: &AlarmSetModel, diags: &mut Diagnostics) {
        validate::validate(config, diags);
    }

    fn plan(&self, cx: &mut PlanContext<'_, AlarmSetModel>) {
        plan::plan(cx);
    }

    async fn create(
        &self,
        cx: &Context<'_>,
        _config: AlarmSetModel,
        mut planned: AlarmSetModel,
    ) -> Result<AlarmSetModel, Diagnostics> {
        serverless::resolve(cx, &mut planned).await?;
        converge(cx, None, planned).await
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        mut state: AlarmSetModel,
    ) -> Result<Option<AlarmSetModel>, Diagnostics> {
        if state.alarms.is_null() {
            match import::find(cx, state).await? {
                Some(found) => state = found,
                None => return Ok(None),
            }
        } else {
            serverless::refresh(cx, &mut state).await?;
        }
        let error = |error: AwsError| failed(format!("read the alarms of {:?}", id(&state)), &error);
        let (alarms, composites) = (state.existing_alarms(), state.existing_composites());
        let own: BTreeSet<String> = names_of(&alarms).chain(names_of(&composites)).collect();
        let pending = Pending::noted(cx).filtered(|name| !own.contains(name));
        let names: Vec<String> = own.into_iter().chain(pending.names().cloned()).collect();
        let mut found = by_name(&alarm::describe_all(cx.scope(), &names).await.map_err(error)?);
        let missing: Vec<String> = names.into_iter().filter(|name| !found.contains_key(name)).collect();
        found.extend(by_name(&alarm::describe_all(cx.scope(), &missing).await.map_err(error)?));
        let arns: Vec<&str> = arns_of(&alarms).chain(arns_of(&composites)).collect();
        let mut unconfirmed = BTreeSet::new();
        for name in missing.iter().filter(|name| !found.contains_key(*name)) {
            // An empty list is no proof. For a deleted alarm, ListTagsForResource returns a not-found error.
            match arn_like(&arns, name) {
                Some(arn) if calls::exists(cx.scope(), &arn).await.map_err(error)? => {
                    return Err(unlisted(format!("read alarm {name:?}")).into());
                }
                Some(_) => {}
                None => drop(unconfirmed.insert(name.as_str())),
            }
        }
        let is_unconfirmed = |name: &str| unconfirmed.contains(name);
        pending::note_existing(cx, &pending, &mut found, is_unconfirmed).await.map_err(error)?;
        let tags = find_tags(cx, &found, &state).await.map_err(error)?;
        let (mut metric, mut composite) = (BTreeMap::new(), BTreeMap::new());
        for (name, observed) in found {
            match observed {
                Observed::Metric(alarm) => drop(metric.insert(name, alarm)),
                Observed::Composite(alarm) => drop(composite.insert(name, alarm)),
            }
        }
        let first = alarms.values().find_map(|alarm| tags.get(alarm.name()));
        if let (Field::Null, Some(first)) = (&state.tags_all, first) {
            (state.tags, state.tags_all) = tags::read_back(cx.provider(), &state.tags, first.clone());
        }
        metric.extend(unconfirmed_alarms(&alarms, &unconfirmed));
        composite.extend(unconfirmed_alarms(&composites, &unconfirmed));
        state.alarms = Field::Known(flatten_alarms(cx, alarms, &metric, &tags, &state.tags_all));
        state.composite_alarms =
            Field::Known(flatten_alarms(cx, composites, &composite, &tags, &state.tags_all));
        Ok(Some(state.with_alarm_names()))
    }

    async fn update(
        &self,
        cx: &Context<'_>,
        _config: AlarmSetModel,
        prior: AlarmSetModel,
        mut planned: AlarmSetModel,
    ) -> Result<AlarmSetModel, Diagnostics> {
        serverless::resolve(cx, &mut planned).await?;
        converge(cx, Some(&prior), planned).await
    }

    async fn delete(&self, cx: &Context<'_>, state: AlarmSetModel) -> Result<(), Diagnostics> {
        let what = format!("delete the alarms of {:?}", id(&state));
        let pending = Pending::noted(cx);
        // In the order of the keys: the composite alarm over all alarms before its parts.
        let composites: Vec<String> =
            pending.composites.into_iter().chain(names_of(&state.existing_composites())).collect();
        // Successors are not deleted.
        let composites = not_created_in_this_run(cx, &composites).await;
        for name in &composites {
            parents::delete(cx, &what, std::slice::from_ref(name)).await?;
        }
        let alarms: Vec<String> =
            pending.alarms.into_iter().chain(names_of(&state.existing_alarms())).collect();
        let alarms = not_created_in_this_run(cx, &alarms).await;
        parents::delete(cx, &what, &alarms).await?;
        let all = [composites, alarms].concat();
        let exist = async || Ok(!alarm::describe_all(cx.scope(), &all).await?.is_empty());
        deletion::confirm(cx, &format!("the alarms of {:?}", id(&state)), exist).await
    }

    fn identity(&self) -> Identity {
        Identity::of(&["id"])
    }

    fn arns(&self) -> Option<ArnForm> {
        Some(ArnForm::new("elasticache", "replicationgroup:"))
    }

    fn import(&self, id: &str) -> Result<AlarmSetModel, Diagnostic> {
        import::stub(id)
    }
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

/// The ARN of an alarm with this name, from those of the set, which differ only in the name.
fn arn_like(arns: &[&str], name: &str) -> Option<String> {
    let (account, _) = arns.iter().find_map(|arn| arn.split_once(":alarm:"))?;
    Some(format!("{account}:alarm:{name}"))
}

/// Alarms of the state that CloudWatch does not return and that have no ARN, as after an interrupted create: they stay in
/// the state.
fn unconfirmed_alarms<A: Alarm>(state: &Alarms<A>, names: &BTreeSet<&str>) -> Vec<(String, A)> {
    let unconfirmed = state.values().filter(|alarm| names.contains(alarm.name()));
    unconfirmed.map(|alarm| (alarm.name().to_owned(), alarm.clone())).collect()
}

/// The tags of alarms, by name.
async fn find_tags(
    cx: &Context<'_>,
    found: &BTreeMap<String, Observed>,
    state: &AlarmSetModel,
) -> Result<BTreeMap<String, Tags>, AwsError> {
    let arn = |alarm: &Observed| alarm.arn().text().unwrap_or_default().to_owned();
    // All at once, so that one listing answers all of them.
    let known =
        join_all(found.values().map(async |alarm| {
            (alarm, tags::unchanged(cx, &arn(alarm), &state.tags, &state.tags_all).await)
        }));
    let (mut tags, mut remaining) = (BTreeMap::new(), Vec::new());
    for (alarm, unchanged) in known.await {
        match unchanged {
            Some(unchanged) => drop(tags.insert(alarm.name().to_owned(), unchanged)),
            None => remaining.push(alarm),
        }
    }
    let listed = alarm::for_each_concurrent(&remaining, |alarm| async {
        calls::list_tags(cx.scope(), &arn(alarm)).await
    })
    .await;
    for (alarm, listed) in listed {
        tags.insert(alarm.name().to_owned(), listed?);
    }
    Ok(tags)
}

/// The alarms of the state as CloudWatch returns them, without deleted ones.
fn flatten_alarms<A: Alarm>(
    cx: &Context<'_>,
    state: Alarms<A>,
    observed: &BTreeMap<String, A>,
    tags: &BTreeMap<String, Tags>,
    all: &Field<Tags>,
) -> Alarms<A> {
    let alarm = |(key, alarm): (String, A)| {
        let observed = observed.get(alarm.name())?.clone();
        let tags = Field::from(tags.get(alarm.name()).cloned());
        let as_planned = tags::changes(cx.provider(), &tags, all).is_empty();
        let own = if as_planned {
            Field::Null
        } else {
            tags::read_back(cx.provider(), &Field::Null, tags.into_known().unwrap_or_default()).1
        };
        Some((key, observed.with_tags(own)))
    };
    state.into_iter().filter_map(alarm).collect()
}
