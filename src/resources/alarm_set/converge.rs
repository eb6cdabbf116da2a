//! Changes the existing alarms to the desired ones.
//!
//! The order leaves no node without alarms: first the metric alarms are written, then the composite alarms over them, then
//! stale alarms are deleted, composite alarms first, because CloudWatch does not delete an alarm of a composite alarm. An alarm
//! of a composite alarm outside of the set remains for now ([`super::pending`]): Terraform changes that composite alarm after
//! the set. The state is saved after each step.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_cloudwatch::types::ActionConfiguration;

use super::attributes::{Alarm, AlarmSetModel, Alarms};
use super::calls;
use super::composite::ALL;
use super::convert::{Observed, by_name};
use super::desired::{DesiredAlarms, desired_alarms};
use super::names;
use super::pending::Pending;
use super::tracked::TrackedAlarms;
use crate::aws::{AwsError, Tags, is_transient};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, failed, unknown_in_plan};
use crate::resources::common::alarm::ALARM;
use crate::resources::common::alarm::parents::{self, not_created_in_this_run};
use crate::resources::common::errors::failed_wait;
use crate::resources::common::tags;
use crate::services::cloudwatch::alarm::{self, InRule};
use crate::value::{Field, Path};

/// Changes the alarms of `prior` to those of `planned`; returns the state.
///
/// # Errors
/// Errors of CloudWatch. The state of the existing alarms is saved.
pub(super) async fn converge(
    cx: &Context<'_>,
    prior: Option<&AlarmSetModel>,
    planned: AlarmSetModel,
) -> Result<AlarmSetModel, Diagnostics> {
    let mut diags = Diagnostics::new();
    let desired = match desired_alarms(&planned, &mut diags) {
        Field::Known(desired) => desired,
        _ if diags.has_errors() => return Err(diags),
        _ => return Err(unknown_in_plan("An argument of the alarms").into()),
    };
    let old_tags = prior.and_then(|prior| prior.tags_all.known()).cloned().unwrap_or_default();
    let old_tags = Field::Known(old_tags);
    let retag = !tags::changes(cx.provider(), &old_tags, &planned.tags_all).is_empty();
    let old_tags = if retag { old_tags } else { Field::Null };
    let alarms = prior.map(AlarmSetModel::existing_alarms).unwrap_or_default();
    let composites = prior.map(AlarmSetModel::existing_composites).unwrap_or_default();
    let mut work = Work {
        cx,
        alarms: TrackedAlarms::new(alarms, &desired.alarms, &old_tags),
        composites: TrackedAlarms::new(composites, &desired.composites, &old_tags),
        model: planned,
        existing: BTreeMap::new(),
        // Of a replaced set, they are those of the one that is deleted.
        pending: prior.map(|_| Pending::noted(cx)).unwrap_or_default(),
    };
    work.claim(&desired).await?;
    work.put_alarms(&desired).await?;
    work.put_composites(&desired).await?;
    let (composites, alarms) = work.delete_stale(&desired).await?;
    work.tag().await?;
    // From here on the notes have them. An update that fails leaves them in the state.
    for it in composites.iter().chain(&alarms) {
        work.composites.remove(&it.name);
        work.alarms.remove(&it.name);
    }
    Pending::refused(&composites, &alarms).note(cx);
    parents::defer(cx, &composites, &alarms).await;
    Ok(work.state())
}

/// The type of the names that sets of this run have claimed.
const CLAIM: &str = "alarm of a set";

/// An apply of a set.
struct Work<'a, 'c> {
    cx: &'a Context<'c>,
    model: AlarmSetModel,
    alarms: TrackedAlarms<super::attributes::AlarmModel>,
    composites: TrackedAlarms<super::attributes::CompositeAlarmModel>,
    /// Existing alarms that the set takes over: ARN and tags by name.
    existing: BTreeMap<String, (Field<String>, Field<Tags>)>,
    /// Alarms that earlier updates could not delete.
    pending: Pending,
}

impl Work<'_, '_> {
    /// The state of the existing alarms.
    fn state(&self) -> AlarmSetModel {
        AlarmSetModel {
            alarms: Field::Known(self.alarms.by_key()),
            composite_alarms: Field::Known(self.composites.by_key()),
            ..self.model.clone()
        }
        .with_alarm_names()
    }

    /// Saves the state, unless the set has no alarms yet.
    fn save(&self) {
        if !self.alarms.is_empty() || !self.composites.is_empty() {
            self.cx.save(self.state());
        }
    }

    /// Claims the names of the alarms to create, which no other set of this run may have, and takes over existing alarms:
    /// with `overwrite`, or if they are exactly as the set would create them, as after a run whose state was lost.
    async fn claim(&mut self, desired: &DesiredAlarms) -> Result<(), Diagnostics> {
        let alarms = desired.alarms.values().map(Alarm::name).filter(|name| !self.alarms.has(name));
        let composites =
            desired.composites.values().map(Alarm::name).filter(|name| !self.composites.has(name));
        let names: Vec<String> = alarms.chain(composites).map(str::to_owned).collect();
        // Two sets with the same names that are created at once must not both find no alarms.
        let lock = self.cx.provider().locks.lock(&self.cx.key(CLAIM, "of all sets").await).await;
        let mut conflicts = Diagnostics::new();
        for name in &names {
            if self.cx.created_in_this_run(&self.cx.key(CLAIM, name).await) {
                conflicts.push(claimed(name));
            }
        }
        if conflicts.has_errors() {
            return Err(conflicts);
        }
        let set = self.model.id.text().unwrap_or_default().to_owned();
        let error = |error: AwsError| failed(format!("find existing alarms of alarm set {set:?}"), &error);
        let found = by_name(&alarm::describe_all(self.cx.scope(), &names).await.map_err(error)?);
        let observed: Vec<&Observed> = found.values().collect();
        let listed = alarm::for_each_concurrent(&observed, |alarm| {
            calls::list_tags(self.cx.scope(), alarm.arn().text().unwrap_or_default())
        })
        .await;
        for (alarm, tags) in listed {
            let tags = Field::Known(tags.map_err(error)?);
            self.existing.insert(alarm.name().to_owned(), (alarm.arn().clone(), tags));
        }
        let conflicts = self.conflicts(&found, desired).await;
        if conflicts.has_errors() {
            return Err(conflicts);
        }
        for name in &names {
            self.cx.record_created(self.cx.key(CLAIM, name).await);
        }
        drop(lock);
        let foreign: Vec<&str> =
            found.keys().map(String::as_str).filter(|name| !self.pending.has(name)).collect();
        if !foreign.is_empty() && !self.model.overwrite.is_true() {
            self.cx.warn(taken_over(&foreign));
        }
        for observed in found.into_values() {
            self.cx.record_created(self.cx.key(ALARM, observed.name()).await);
            match observed {
                Observed::Metric(alarm) => adopt(&mut self.alarms, &desired.alarms, &self.existing, &alarm),
                Observed::Composite(alarm) => {
                    adopt(&mut self.composites, &desired.composites, &self.existing, &alarm);
                }
            }
        }
        Ok(())
    }

    /// Errors for existing alarms that must not be taken over: those of the other type, and without `overwrite` those that
    /// are not exactly as the set would create them. Alarms that wait for their deletion are those of the set.
    async fn conflicts(&self, found: &BTreeMap<String, Observed>, desired: &DesiredAlarms) -> Diagnostics {
        let mut diags = Diagnostics::new();
        let mut existing = Vec::new();
        for (name, observed) in found {
            let (same_type, same) = match observed {
                Observed::Metric(alarm) => matches_desired(&desired.alarms, alarm),
                Observed::Composite(alarm) => matches_desired(&desired.composites, alarm),
            };
            let tags = self.existing.get(name).map(|(_, tags)| tags.clone()).unwrap_or_default();
            let same_tags = tags::changes(self.cx.provider(), &tags, &self.model.tags_all).is_empty();
            if !same_type {
                diags.push(other_type(name));
            } else if !(self.model.overwrite.is_true() || self.pending.has(name) || same && same_tags) {
                existing.push(name.as_str());
            }
        }
        if !existing.is_empty() {
            let import = self.cx.how_to_import("elasticache_alarm_set", &self.import_id()).await;
            diags.push(exist(&existing, &import));
        }
        diags
    }

    /// The ID with which the alarms can be imported as a set.
    fn import_id(&self) -> String {
        let id = self.model.id.text().unwrap_or_default();
        match self.model.name_template.text() {
            Some(template) if template != names::DEFAULT => format!("{id}/{template}"),
            _ => id.to_owned(),
        }
    }

    /// The action configurations of those of these alarms that exist, by name: a put has to repeat them.
    async fn kept(
        &self,
        names: impl Iterator<Item = &str>,
    ) -> Result<BTreeMap<String, ActionConfiguration>, Diagnostics> {
        let exists = |name: &&str| {
            self.alarms.has(name) || self.composites.has(name) || self.existing.contains_key(*name)
        };
        let existing: Vec<String> = names.filter(exists).map(str::to_owned).collect();
        if existing.is_empty() {
            return Ok(BTreeMap::new());
        }
        let set = self.model.id.text().unwrap_or_default();
        let found = alarm::describe_all(self.cx.scope(), &existing).await;
        let found = found.map_err(|error| failed(format!("read the alarms of alarm set {set:?}"), &error))?;
        let metric = found.metric.into_iter().map(|it| (it.alarm_name, it.action_configuration));
        let composite = found.composite.into_iter().map(|it| (it.alarm_name, it.action_configuration));
        Ok(metric.chain(composite).filter_map(|(name, kept)| Some((name?, kept?))).collect())
    }

    async fn put_alarms(&mut self, desired: &DesiredAlarms) -> Result<(), Diagnostics> {
        let to_write = self.alarms.to_write(&desired.alarms);
        let kept = self.kept(to_write.iter().map(|(_, alarm)| alarm.name())).await?;
        let tags = &self.model.tags_all;
        let results = alarm::for_each_concurrent(&to_write, |(_, alarm)| {
            calls::put(self.cx.scope(), alarm, tags, kept.get(alarm.name()))
        })
        .await;
        let mut diags = Diagnostics::new();
        for ((key, alarm), result) in results {
            match result {
                Ok(()) => {
                    self.cx.record_created(self.cx.key(ALARM, alarm.name()).await);
                    self.alarms.written(key, alarm, &self.existing);
                }
                Err(error) => {
                    // Without an answer, AWS may have created it: the next read tells.
                    if is_transient(&error) && !self.alarms.has(alarm.name()) {
                        self.alarms.written(key, alarm, &self.existing);
                    }
                    diags.push(failed(format!("write alarm {:?}", alarm.name()), &error));
                }
            }
        }
        self.save();
        if diags.has_errors() {
            return Err(diags);
        }
        self.find_arns().await
    }

    /// Writes the parts first, because the composite alarm over all alarms refers to them.
    async fn put_composites(&mut self, desired: &DesiredAlarms) -> Result<(), Diagnostics> {
        let to_write = self.composites.to_write(&desired.composites);
        let kept = self.kept(to_write.iter().map(|(_, alarm)| alarm.name())).await?;
        let (top, parts): (Vec<_>, Vec<_>) = to_write.into_iter().partition(|(key, _)| key == ALL);
        for batch in [parts, top].into_iter().filter(|batch| !batch.is_empty()) {
            for (key, alarm) in batch {
                let what = || format!("write composite alarm {:?}", alarm.name());
                let kept = kept.get(alarm.name());
                let put = calls::put_composite(self.cx.scope(), &alarm, &self.model.tags_all, kept);
                if let Err(error) = put.await {
                    if is_transient(&error) && !self.composites.has(alarm.name()) {
                        self.composites.written(&key, &alarm, &self.existing);
                        self.save();
                    }
                    return Err(failed(what(), &error).into());
                }
                self.cx.record_created(self.cx.key(ALARM, alarm.name()).await);
                self.composites.written(&key, &alarm, &self.existing);
                self.save();
            }
            self.find_arns().await?;
        }
        Ok(())
    }

    /// Reads the ARNs of new alarms, which CloudWatch returns with the alarms.
    async fn find_arns(&mut self) -> Result<(), Diagnostics> {
        let names: Vec<String> =
            self.alarms.without_arn().chain(self.composites.without_arn()).map(str::to_owned).collect();
        let arns = alarm::wait_all_available(self.cx.scope(), &names).await.map_err(|error| {
            let set = self.model.id.text().unwrap_or_default();
            failed_wait(format!("read the new alarms of alarm set {set:?}"), &error)
        })?;
        for (name, arn) in &arns {
            self.alarms.set_arn(name, arn);
            self.composites.set_arn(name, arn);
        }
        if !arns.is_empty() {
            self.save();
        }
        Ok(())
    }

    /// Deletes the alarms that are not desired. Returns composite alarms and metric alarms that CloudWatch does not delete,
    /// because composite alarms have them in their rules; they remain in the set.
    async fn delete_stale(
        &mut self,
        desired: &DesiredAlarms,
    ) -> Result<(Vec<InRule>, Vec<InRule>), Diagnostics> {
        let is_desired = |name: &str| desired.names().any(|it| it == name);
        let pending = self.pending.filtered(|name| !is_desired(name));
        let mut composites_in_rules = Vec::new();
        for name in self.composites.stale().into_iter().chain(pending.composites) {
            let error = |error: AwsError| failed(format!("delete composite alarm {name:?}"), &error);
            let names = not_created_in_this_run(self.cx, std::slice::from_ref(&name)).await;
            let in_rules = alarm::delete_all(self.cx.scope(), &names).await.map_err(error)?;
            if in_rules.is_empty() {
                self.composites.remove(&name);
                self.save();
            }
            composites_in_rules.extend(in_rules);
        }
        let stale = [self.alarms.stale(), pending.alarms].concat();
        let error = |error: AwsError| failed(format!("delete alarms {}", stale.join(", ")), &error);
        let names = not_created_in_this_run(self.cx, &stale).await;
        let in_rules = alarm::delete_all(self.cx.scope(), &names).await.map_err(error)?;
        for name in stale.iter().filter(|name| !in_rules.iter().any(|it| it.name == **name)) {
            self.alarms.remove(name);
        }
        if !stale.is_empty() {
            self.save();
        }
        Ok((composites_in_rules, in_rules))
    }

    async fn tag(&mut self) -> Result<(), Diagnostics> {
        let to_tag: Vec<_> = self.alarms.to_tag().chain(self.composites.to_tag()).collect();
        let tags_all = &self.model.tags_all;
        let results = alarm::for_each_concurrent(&to_tag, |it| {
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
                Err(error) => diags.push(failed(format!("change the tags of alarm {:?}", it.name), &error)),
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

/// Whether the set has a desired alarm with this name and type, and whether their settings are equal.
fn matches_desired<A: Alarm>(desired: &Alarms<A>, alarm: &A) -> (bool, bool) {
    let desired = desired.values().find(|desired| desired.name() == alarm.name());
    (desired.is_some(), desired.is_some_and(|desired| desired.settings() == alarm.settings()))
}

/// Adds an existing alarm to the set if it is as desired; others are written later.
fn adopt<A: Alarm>(
    tracked: &mut TrackedAlarms<A>,
    desired: &Alarms<A>,
    existing: &BTreeMap<String, (Field<String>, Field<Tags>)>,
    observed: &A,
) {
    let same = |(_, alarm): &(&String, &A)| {
        alarm.name() == observed.name() && alarm.settings() == observed.settings()
    };
    if let Some((key, alarm)) = desired.iter().find(same) {
        tracked.written(key, alarm, existing);
    }
}

/// So many names of existing alarms are listed in an error.
const LISTED_NAMES: usize = 5;

/// The error for existing alarms, of which there is at least one.
fn exist(names: &[&str], import: &str) -> Diagnostic {
    let (summary, found) = match names {
        [name] => (
            format!("Alarm {name:?} already exists"),
            "The alarm set did not create this alarm, which differs from the desired one, so it was not changed. ".to_owned(),
        ),
        _ => {
            let (listed, others) = names.split_at(names.len().min(LISTED_NAMES));
            let others = match others.len() {
                0 => String::new(),
                count => format!("\n  and {count} more"),
            };
            let found = format!(
                "The alarm set did not create these alarms, which differ from the desired ones, so no alarm was \
                 changed:\n\n  {}{others}\n\n",
                listed.join("\n  ")
            );
            (format!("{} alarms already exist", names.len()), found)
        }
    };
    Diagnostic::error(
        summary,
        format!(
            "{found}To manage the existing alarms with this set, {import}To take them over and change them, set \
             `overwrite = true`. To create other alarms, use another `name_template`."
        ),
    )
    .at(Path::attribute("name_template"))
}

fn taken_over(names: &[&str]) -> Diagnostic {
    Diagnostic::warning(
        "Existing alarms are taken over",
        format!(
            "These alarms already exist, exactly as the alarm set would create them, and become part of it:\n\n  {}\n\nIf \
             another set manages them, use another `name_template` for one of the sets: the first to be destroyed deletes the \
             alarms.",
            names.join("\n  ")
        ),
    )
    .at(Path::attribute("name_template"))
}

fn claimed(name: &str) -> Diagnostic {
    Diagnostic::error(
        format!("Two alarm sets have alarm {name:?}"),
        "Another `elasticache_alarm_set` creates or takes over an alarm with this name in the same apply. \
         Only one set can manage an alarm. Use another `name_template` for one of them.",
    )
    .at(Path::attribute("name_template"))
}

fn other_type(name: &str) -> Diagnostic {
    Diagnostic::error(
        format!("Alarm {name:?} already exists"),
        "One alarm is a metric alarm, the other a composite alarm, and CloudWatch does not convert them. Delete the existing \
         alarm, or use another `name_template`.",
    )
    .at(Path::attribute("name_template"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_error_lists_up_to_five_existing_alarms() {
        let all = ["a", "b", "c", "d", "e", "f", "g"];
        let error = exist(&all, "import it. ");
        assert_eq!(error.summary, "7 alarms already exist");
        assert!(
            error.detail.contains("\n\n  a\n  b\n  c\n  d\n  e\n  and 2 more\n\nTo manage"),
            "{}",
            error.detail
        );
        let error = exist(&all[..2], "import it. ");
        assert!(error.detail.contains("\n\n  a\n  b\n\nTo manage"), "{}", error.detail);
        let error = exist(&all[..1], "import it. ");
        assert_eq!(error.summary, "Alarm \"a\" already exists");
        assert!(error.detail.contains("it was not changed. To manage"), "{}", error.detail);
    }
}
