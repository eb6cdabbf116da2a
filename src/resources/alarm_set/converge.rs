//! From the alarms there are to those there are to be.
//!
//! The order is such that nothing unwatched lies between: first the alarms are written,
//! then the composite ones over them, then what is no longer wanted goes, composite
//! alarms before those they watch, since CloudWatch refuses to delete an alarm that a
//! composite one needs. What exists is saved after each step.

use std::collections::{BTreeMap, BTreeSet};

use super::calls;
use super::composite::ALL;
use super::convert::{Live, by_name};
use super::desired::{Wanted, wanted};
use super::model::{Alarm, AlarmSetModel, Alarms};
use super::names;
use super::successors::not_created_in_this_run;
use super::tracked::Kept;
use crate::aws::{AwsError, Tags};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, failed};
use crate::resources::common::alarm::ALARM;
use crate::resources::common::errors::failed_wait;
use crate::resources::common::tags;
use crate::services::cloudwatch::alarm;
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
    let retag = !tags::changes(cx.provider(), &old_tags, &planned.tags_all).is_empty();
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
    work.claim(&wanted).await?;
    work.put_alarms(&wanted).await?;
    work.put_composites(&wanted).await?;
    work.delete_stale().await?;
    work.tag().await?;
    Ok(work.state())
}

/// Whose names a claim is among: an alarm that a set of this run has, or is about to create.
const CLAIM: &str = "alarm of a set";

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

    /// Claims the names of the alarms to be created, which no other set of this run may have, and takes
    /// over those that exist: with `overwrite`, or when they are exactly as the set would create them,
    /// as after a run whose state was lost.
    async fn claim(&mut self, wanted: &Wanted) -> Result<(), Diagnostics> {
        let alarms = wanted.alarms.values().map(Alarm::name).filter(|name| !self.alarms.has(name));
        let composites =
            wanted.composites.values().map(Alarm::name).filter(|name| !self.composites.has(name));
        let names: Vec<String> = alarms.chain(composites).map(str::to_owned).collect();
        // Two sets with the same names, created at once, must not both find none.
        let turn = self.cx.provider().turns.take(&self.cx.key(CLAIM, "of all sets").await).await;
        let mut taken = Diagnostics::new();
        for name in &names {
            if self.cx.created_in_this_run(&self.cx.key(CLAIM, name).await) {
                taken.push(claimed(name));
            }
        }
        if taken.has_errors() {
            return Err(taken);
        }
        let error = |error: AwsError| failed("look for alarms of the same names", &error);
        let found = by_name(&alarm::describe_all(self.cx.scope(), &names).await.map_err(error)?);
        let lives: Vec<&Live> = found.values().collect();
        let listed = alarm::for_each_concurrent(&lives, |live| {
            calls::list_tags(self.cx.scope(), live.arn().text().unwrap_or_default())
        })
        .await;
        for (live, tags) in listed {
            let tags = Field::Known(tags.map_err(error)?);
            self.there.insert(live.name().to_owned(), (live.arn().clone(), tags));
        }
        let refused = self.refused(&found, wanted).await;
        if refused.has_errors() {
            return Err(refused);
        }
        for name in &names {
            self.cx.note_made(self.cx.key(CLAIM, name).await);
        }
        drop(turn);
        if !found.is_empty() && !self.model.overwrite.is_true() {
            self.cx.warn(taken_over(&found.keys().map(String::as_str).collect::<Vec<_>>()));
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

    /// Errors for existing alarms that must not be taken over: those of another kind, and without
    /// `overwrite` all that are not exactly as the set would create them.
    async fn refused(&self, found: &BTreeMap<String, Live>, wanted: &Wanted) -> Diagnostics {
        let mut diags = Diagnostics::new();
        let mut import = None;
        for (name, live) in found {
            let (same_kind, same) = match live {
                Live::Metric(live) => fits(&wanted.alarms, live),
                Live::Composite(live) => fits(&wanted.composites, live),
            };
            let tags = self.there.get(name).map(|(_, tags)| tags.clone()).unwrap_or_default();
            let same_tags = tags::changes(self.cx.provider(), &tags, &self.model.tags_all).is_empty();
            if !same_kind {
                diags.push(other_kind(name));
            } else if !(self.model.overwrite.is_true() || same && same_tags) {
                if import.is_none() {
                    import = Some(self.cx.how_to_import("elasticache_alarm_set", &self.import_id()).await);
                }
                diags.push(exists(name, import.as_deref().unwrap_or_default()));
            }
        }
        diags
    }

    /// By what the alarms can be imported as a set.
    fn import_id(&self) -> String {
        let id = self.model.id.text().unwrap_or_default();
        match self.model.name_template.text() {
            Some(template) if template != names::DEFAULT => format!("{id}/{template}"),
            _ => id.to_owned(),
        }
    }

    async fn put_alarms(&mut self, wanted: &Wanted) -> Result<(), Diagnostics> {
        let todo = self.alarms.to_write(&wanted.alarms);
        let tags = &self.model.tags_all;
        let results =
            alarm::for_each_concurrent(&todo, |(_, alarm)| calls::put(self.cx.scope(), alarm, tags)).await;
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
                let put = calls::put_composite(self.cx.scope(), &alarm, &self.model.tags_all);
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
        let arns = alarm::wait_all_available(self.cx.scope(), &names)
            .await
            .map_err(|error| failed_wait("read the new alarms", &error))?;
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
            let names = not_created_in_this_run(self.cx, std::slice::from_ref(&name)).await;
            alarm::delete_all(self.cx.scope(), &names).await.map_err(error)?;
            self.composites.remove(&name);
            self.save();
        }
        let stale = self.alarms.stale();
        let error = |error: AwsError| failed(format!("delete alarms {}", stale.join(", ")), &error);
        let names = not_created_in_this_run(self.cx, &stale).await;
        alarm::delete_all(self.cx.scope(), &names).await.map_err(error)?;
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
        let results = alarm::for_each_concurrent(&todo, |it| {
            tags::sync(self.cx, &it.tags, tags_all, async |changes| {
                calls::change_tags(self.cx.scope(), &it.arn, changes).await
            })
        })
        .await;
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

fn exists(name: &str, import: &str) -> Diagnostic {
    Diagnostic::error(
        format!("Alarm {name:?} already exists"),
        format!(
            "This set did not create it, and it differs from what the set would create, so it is left unchanged. To manage the \
             existing alarms with this set, {import}To take them over and change them, set overwrite = true. To create other \
             alarms, choose another name_template."
        ),
    )
    .at(Path::attribute("name_template"))
}

fn taken_over(names: &[&str]) -> Diagnostic {
    Diagnostic::warning(
        "The alarm set takes over existing alarms",
        format!(
            "These alarms already exist, exactly as the set would create them, and become part of it:\n\n  {}\n\nShould another \
             set own them, choose another name_template for one of the two: whichever is destroyed first deletes the alarms of \
             both.",
            names.join("\n  ")
        ),
    )
    .at(Path::attribute("name_template"))
}

fn claimed(name: &str) -> Diagnostic {
    Diagnostic::error(
        format!("Two alarm sets need the alarm {name:?}"),
        "Another elasticache_alarm_set creates or takes over an alarm of this name in the same apply. An alarm belongs to one \
         set: choose another name_template for one of them.",
    )
    .at(Path::attribute("name_template"))
}

fn other_kind(name: &str) -> Diagnostic {
    Diagnostic::error(
        format!("Alarm {name:?} already exists"),
        "It is an alarm of another kind: one is on a metric, the other a composite alarm. CloudWatch does not convert one into \
         the other. Delete it, or choose another name_template.",
    )
    .at(Path::attribute("name_template"))
}
