//! From the alarms there are to those there are to be.
//!
//! The order is such that nothing unwatched lies between: first the alarms are written,
//! then the composite ones over them, then what is no longer wanted goes, composite
//! alarms before those they watch, since CloudWatch refuses to delete an alarm that a
//! composite one needs. What exists is saved after each step.

use std::collections::{BTreeMap, BTreeSet};

use super::api;
use super::composite::ALL;
use super::kept::Kept;
use super::live::Live;
use super::model::{Alarm, AlarmSetModel, Alarms};
use super::wanted::{Wanted, wanted};
use crate::aws::{AwsError, WaitError};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::tags::{TagChanges, Tags};
use crate::engine::{Context, failed};
use crate::resources::cloudwatch::ALARM;
use crate::value::{Field, Path};

/// Makes of the alarms of `prior` those of `planned`; gives the state.
///
/// # Errors
/// What CloudWatch refuses, after saving what is there.
pub(super) async fn converge(
    cx: &Context<'_>,
    prior: Option<&AlarmSetModel>,
    planned: AlarmSetModel,
) -> Result<AlarmSetModel, Diagnostics> {
    let mut diags = Diagnostics::new();
    let wanted = match wanted(&planned, &mut diags) {
        Field::Known(wanted) => wanted,
        _ if diags.has_errors() => return Err(diags),
        _ => return Err(Diagnostic::bug("A part of the alarms is not known at apply").into()),
    };
    let old_tags = prior.and_then(|prior| prior.tags_all.known()).cloned().unwrap_or_default();
    let old_tags = Field::Known(old_tags);
    let retag = !TagChanges::between(cx.provider(), &old_tags, &planned.tags_all).is_empty();
    let old_tags = if retag { old_tags } else { Field::Null };
    let alarms = prior.map(AlarmSetModel::alarms_there).unwrap_or_default();
    let composites = prior.map(AlarmSetModel::composites_there).unwrap_or_default();
    let mut work = Work {
        cx,
        alarms: Kept::new(alarms, &wanted.alarms, &old_tags),
        composites: Kept::new(composites, &wanted.composites, &old_tags),
        model: planned,
        there: BTreeMap::new(),
    };
    work.look(&wanted).await?;
    work.put_alarms(&wanted).await?;
    work.put_composites(&wanted).await?;
    work.delete_stale().await?;
    work.tag().await?;
    Ok(work.state())
}

struct Work<'a, 'c> {
    cx: &'a Context<'c>,
    model: AlarmSetModel,
    alarms: Kept<super::model::AlarmModel>,
    composites: Kept<super::model::CompositeAlarmModel>,
    /// Alarms that are not the set's and that are to be changed: ARN and tags by name.
    there: BTreeMap<String, (Field<String>, Field<Tags>)>,
}

impl Work<'_, '_> {
    /// The state as far as the work has come.
    fn state(&self) -> AlarmSetModel {
        AlarmSetModel {
            alarms: Field::Known(self.alarms.by_key()),
            composite_alarms: Field::Known(self.composites.by_key()),
            ..self.model.clone()
        }
    }

    /// Nothing is saved of a set that has made nothing.
    fn save(&self) {
        if !self.alarms.is_empty() || !self.composites.is_empty() {
            self.cx.save(self.state());
        }
    }

    /// Looks for alarms under the names that are to be made. One that is there already is
    /// somebody else's, or was made by an apply whose result was lost.
    async fn look(&mut self, wanted: &Wanted) -> Result<(), Diagnostics> {
        let alarms = wanted.alarms.values().map(Alarm::name).filter(|name| !self.alarms.has(name));
        let composites =
            wanted.composites.values().map(Alarm::name).filter(|name| !self.composites.has(name));
        let names: Vec<String> = alarms.chain(composites).map(str::to_owned).collect();
        let error = |error: AwsError| failed("look for alarms of the same names", &error);
        let found = api::describe(self.cx, &names).await.map_err(error)?;
        if found.is_empty() {
            return Ok(());
        }
        let refused = self.refused(&found, wanted);
        if refused.has_errors() {
            return Err(refused);
        }
        let lives: Vec<&Live> = found.values().collect();
        let listed =
            api::in_lanes(&lives, |live| api::list_tags(self.cx, live.arn().text().unwrap_or_default()))
                .await;
        for (live, tags) in listed {
            let tags = Field::Known(tags.map_err(error)?);
            self.there.insert(live.name().to_owned(), (live.arn().clone(), tags));
        }
        for live in found.into_values() {
            self.cx.note_made(self.cx.key(ALARM, live.name()).await);
            match live {
                Live::Metric(live) => adopt(&mut self.alarms, &wanted.alarms, &self.there, &live),
                Live::Composite(live) => adopt(&mut self.composites, &wanted.composites, &self.there, &live),
            }
        }
        Ok(())
    }

    /// Errors for alarms that must be left alone.
    fn refused(&self, found: &BTreeMap<String, Live>, wanted: &Wanted) -> Diagnostics {
        let mut diags = Diagnostics::new();
        for (name, live) in found {
            let (same_kind, same) = match live {
                Live::Metric(live) => fits(&wanted.alarms, live),
                Live::Composite(live) => fits(&wanted.composites, live),
            };
            if !same_kind {
                diags.push(other_kind(name));
            } else if !same && !self.model.overwrite.is_true() {
                diags.push(exists(name));
            }
        }
        diags
    }

    async fn put_alarms(&mut self, wanted: &Wanted) -> Result<(), Diagnostics> {
        let todo = self.alarms.to_write(&wanted.alarms);
        let tags = &self.model.tags_all;
        let results = api::in_lanes(&todo, |(_, alarm)| api::put(self.cx, alarm, tags)).await;
        let mut diags = Diagnostics::new();
        for ((key, alarm), result) in results {
            match result {
                Ok(()) => {
                    self.cx.note_made(self.cx.key(ALARM, alarm.name()).await);
                    self.alarms.written(key, alarm, &self.there);
                }
                Err(error) => diags.push(failed(format!("write alarm {:?}", alarm.name()), &error)),
            }
        }
        self.save();
        if diags.has_errors() {
            return Err(diags);
        }
        self.find_arns().await
    }

    /// The parts first: the alarm over all watches them.
    async fn put_composites(&mut self, wanted: &Wanted) -> Result<(), Diagnostics> {
        let todo = self.composites.to_write(&wanted.composites);
        let (top, parts): (Vec<_>, Vec<_>) = todo.into_iter().partition(|(key, _)| key == ALL);
        for batch in [parts, top].into_iter().filter(|batch| !batch.is_empty()) {
            for (key, alarm) in batch {
                let what = || format!("write composite alarm {:?}", alarm.name());
                let put = api::put_composite(self.cx, &alarm, &self.model.tags_all);
                put.await.map_err(|error| failed(what(), &error))?;
                self.cx.note_made(self.cx.key(ALARM, alarm.name()).await);
                self.composites.written(&key, &alarm, &self.there);
                self.save();
            }
            self.find_arns().await?;
        }
        Ok(())
    }

    /// CloudWatch shows the ARNs of new alarms, when it shows the alarms.
    async fn find_arns(&mut self) -> Result<(), Diagnostics> {
        let names: Vec<String> =
            self.alarms.without_arn().chain(self.composites.without_arn()).map(str::to_owned).collect();
        let error = |error: WaitError| Diagnostic::error("Failed to read the new alarms", error.to_string());
        let arns = api::written(self.cx, &names).await.map_err(error)?;
        for (name, arn) in &arns {
            self.alarms.set_arn(name, arn);
            self.composites.set_arn(name, arn);
        }
        if !arns.is_empty() {
            self.save();
        }
        Ok(())
    }

    async fn delete_stale(&mut self) -> Result<(), Diagnostics> {
        for name in self.composites.stale() {
            let error = |error: AwsError| failed(format!("delete composite alarm {name:?}"), &error);
            api::delete(self.cx, std::slice::from_ref(&name)).await.map_err(error)?;
            self.composites.remove(&name);
            self.save();
        }
        let stale = self.alarms.stale();
        let error = |error: AwsError| failed(format!("delete alarms {}", stale.join(", ")), &error);
        api::delete(self.cx, &stale).await.map_err(error)?;
        for name in &stale {
            self.alarms.remove(name);
        }
        if !stale.is_empty() {
            self.save();
        }
        Ok(())
    }

    async fn tag(&mut self) -> Result<(), Diagnostics> {
        let todo: Vec<_> = self.alarms.to_tag().chain(self.composites.to_tag()).collect();
        let tags_all = &self.model.tags_all;
        let results = api::in_lanes(&todo, |it| api::change_tags(self.cx, &it.arn, &it.tags, tags_all)).await;
        let mut diags = Diagnostics::new();
        let mut tagged = BTreeSet::new();
        for (it, result) in results {
            match result {
                Ok(()) => {
                    tagged.insert(it.name.clone());
                }
                Err(error) => diags.push(failed(format!("tag alarm {:?}", it.name), &error)),
            }
        }
        for name in &tagged {
            self.alarms.tagged(name);
            self.composites.tagged(name);
        }
        if diags.has_errors() {
            self.save();
            return Err(diags);
        }
        Ok(())
    }
}

/// Whether the set wants an alarm of this name and kind, and whether it is like this one.
fn fits<A: Alarm>(wanted: &Alarms<A>, live: &A) -> (bool, bool) {
    let wanted = wanted.values().find(|wanted| wanted.name() == live.name());
    (wanted.is_some(), wanted.is_some_and(|wanted| wanted.settings() == live.settings()))
}

/// Makes an alarm that is as wanted the set's; others wait to be written.
fn adopt<A: Alarm>(
    kept: &mut Kept<A>,
    wanted: &Alarms<A>,
    there: &BTreeMap<String, (Field<String>, Field<Tags>)>,
    live: &A,
) {
    let same =
        |(_, alarm): &(&String, &A)| alarm.name() == live.name() && alarm.settings() == live.settings();
    if let Some((key, alarm)) = wanted.iter().find(same) {
        kept.written(key, alarm, there);
    }
}

fn exists(name: &str) -> Diagnostic {
    Diagnostic::error(
        format!("Alarm {name:?} exists already"),
        "It was not made by this resource and is not what the set would make of it, so it is left alone. Delete it, \
         choose another name_template, import the set, or set overwrite = true to take the alarm over and change it.",
    )
    .at(Path::attribute("name_template"))
}

fn other_kind(name: &str) -> Diagnostic {
    Diagnostic::error(
        format!("Alarm {name:?} exists already"),
        "It is an alarm of another kind: one is on a metric, the other a composite one. CloudWatch does not make one of \
         the other. Delete it, or choose another name_template.",
    )
    .at(Path::attribute("name_template"))
}
