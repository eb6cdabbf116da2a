//! Tracks the alarms of a set during an apply.

use std::collections::BTreeMap;

use super::attributes::{Alarm, Alarms};
use crate::engine::state::tags::Tags;
use crate::value::Field;

/// The existing alarms of the set of one type, by name.
#[derive(Debug, Clone)]
pub(super) struct TrackedAlarms<A>(BTreeMap<String, Entry<A>>);

#[derive(Debug, Clone)]
struct Entry<A> {
    key: String,
    alarm: A,
    /// False for an alarm to delete.
    desired: bool,
}

/// An alarm with other tags than the planned ones.
#[derive(Debug)]
pub(super) struct Untagged {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// Its current tags.
    pub tags: Field<Tags>,
}

impl<A: Alarm> TrackedAlarms<A> {
    /// The alarms of a state. Alarms without own tags have `tags`, the tags of the prior state; null if the tags do not
    /// change.
    pub(super) fn new(state: Alarms<A>, desired: &Alarms<A>, tags: &Field<Tags>) -> Self {
        let keys: BTreeMap<&str, &String> = desired.iter().map(|(key, alarm)| (alarm.name(), key)).collect();
        let entry = |(key, alarm): (String, A)| {
            let name = alarm.name().to_owned();
            let alarm = if alarm.tags().is_null() { alarm.with_tags(tags.clone()) } else { alarm };
            let desired = keys.get(name.as_str()).copied().cloned();
            (name, Entry { desired: desired.is_some(), key: desired.unwrap_or(key), alarm })
        };
        Self(state.into_iter().map(entry).collect())
    }

    /// True if the set has no alarms.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// True if the set has the alarm with this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The alarms for the state, by key. An alarm to delete has another key if a desired alarm has its key.
    pub(super) fn by_key(&self) -> Alarms<A> {
        let (desired, stale): (Vec<_>, Vec<_>) = self.0.iter().partition(|(_, entry)| entry.desired);
        let mut alarms: Alarms<A> =
            desired.into_iter().map(|(_, entry)| (entry.key.clone(), entry.alarm.clone())).collect();
        for (name, entry) in stale {
            let taken = alarms.contains_key(&entry.key);
            let key = if taken { format!("{} ({name})", entry.key) } else { entry.key.clone() };
            alarms.insert(key, entry.alarm.clone());
        }
        alarms
    }

    /// The desired alarms that do not exist or differ.
    pub(super) fn to_write(&self, desired: &Alarms<A>) -> Vec<(String, A)> {
        let differs = |alarm: &A| {
            self.0.get(alarm.name()).is_none_or(|entry| entry.alarm.settings() != alarm.settings())
        };
        desired
            .iter()
            .filter(|(_, alarm)| differs(alarm))
            .map(|(key, alarm)| (key.clone(), alarm.clone()))
            .collect()
    }

    /// Records a written alarm. ARN and tags are those that it had in the set, or those of the existing alarm that the set
    /// took over; a new alarm has neither.
    pub(super) fn written(
        &mut self,
        key: &str,
        alarm: &A,
        existing: &BTreeMap<String, (Field<String>, Field<Tags>)>,
    ) {
        let name = alarm.name().to_owned();
        let (arn, tags) = match (self.0.get(&name), existing.get(&name)) {
            (Some(entry), _) => (entry.alarm.arn().clone(), entry.alarm.tags().clone()),
            (None, Some(before)) => before.clone(),
            (None, None) => (Field::Null, Field::Null),
        };
        let alarm = alarm.clone().with_arn(arn).with_tags(tags);
        self.0.insert(name, Entry { key: key.to_owned(), alarm, desired: true });
    }

    /// The names of desired alarms without an ARN.
    pub(super) fn without_arn(&self) -> impl Iterator<Item = &str> {
        let without_arn =
            |(_, entry): &(&String, &Entry<A>)| entry.desired && entry.alarm.arn().text().is_none();
        self.0.iter().filter(without_arn).map(|(name, _)| name.as_str())
    }

    /// Sets the ARN of the alarm with this name, if the set has it.
    pub(super) fn set_arn(&mut self, name: &str, arn: &str) {
        if let Some(entry) = self.0.get_mut(name) {
            entry.alarm = entry.alarm.clone().with_arn(arn.into());
        }
    }

    /// The names of alarms to delete, by key: the composite alarm over all alarms before its parts.
    pub(super) fn stale(&self) -> Vec<String> {
        let mut stale: Vec<_> = self.0.iter().filter(|(_, entry)| !entry.desired).collect();
        stale.sort_by(|(_, a), (_, b)| a.key.cmp(&b.key));
        stale.into_iter().map(|(name, _)| name.clone()).collect()
    }

    /// Records a deleted alarm.
    pub(super) fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// The desired alarms with other tags than the planned ones.
    pub(super) fn to_tag(&self) -> impl Iterator<Item = Untagged> {
        self.0.iter().filter(|(_, entry)| entry.desired && !entry.alarm.tags().is_null()).map(
            |(name, entry)| Untagged {
                name: name.clone(),
                arn: entry.alarm.arn().text().unwrap_or_default().to_owned(),
                tags: entry.alarm.tags().clone(),
            },
        )
    }

    /// Records an alarm with the planned tags.
    pub(super) fn tagged(&mut self, name: &str) {
        if let Some(entry) = self.0.get_mut(name) {
            entry.alarm = entry.alarm.clone().with_tags(Field::Null);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::attributes::CompositeAlarmModel;
    use super::*;

    fn alarm(name: &str, rule: &str) -> CompositeAlarmModel {
        CompositeAlarmModel { name: name.into(), rule: rule.into(), ..CompositeAlarmModel::default() }
    }

    fn alarms(entries: &[(&str, &str, &str)]) -> Alarms<CompositeAlarmModel> {
        entries.iter().map(|(key, name, rule)| ((*key).to_owned(), alarm(name, rule))).collect()
    }

    #[test]
    fn desired_alarms_that_exist_are_not_written() {
        let desired = alarms(&[("a", "A", "1"), ("b", "B", "2"), ("c", "C", "3")]);
        let tracked =
            TrackedAlarms::new(alarms(&[("a", "A", "1"), ("b", "B", "old")]), &desired, &Field::Null);
        let todo: Vec<String> = tracked.to_write(&desired).into_iter().map(|(key, _)| key).collect();
        assert_eq!(todo, ["b", "c"]);
        assert_eq!(tracked.stale(), [""; 0]);
    }

    #[test]
    fn alarm_with_another_key_is_the_same_alarm() {
        let desired = alarms(&[("new", "A", "1")]);
        let tracked = TrackedAlarms::new(alarms(&[("old", "A", "1")]), &desired, &Field::Null);
        assert!(tracked.to_write(&desired).is_empty() && tracked.stale().is_empty());
        assert_eq!(tracked.by_key(), desired);
    }

    #[test]
    fn desired_alarm_replaces_the_key_of_a_stale_alarm() {
        let desired = alarms(&[("a", "new", "1")]);
        let mut tracked = TrackedAlarms::new(alarms(&[("a", "old", "1")]), &desired, &Field::Null);
        tracked.written("a", &desired["a"], &BTreeMap::new());
        assert_eq!(tracked.by_key(), alarms(&[("a", "new", "1"), ("a (old)", "old", "1")]));
        assert_eq!(tracked.stale(), ["old"]);
        tracked.remove("old");
        assert_eq!(tracked.by_key(), desired);
    }

    #[test]
    fn composite_alarm_is_deleted_before_its_parts() {
        let state = alarms(&[("all", "z", ""), ("part-001", "a", ""), ("part-002", "b", "")]);
        assert_eq!(TrackedAlarms::new(state, &Alarms::new(), &Field::Null).stale(), ["z", "a", "b"]);
    }

    #[test]
    fn existing_alarms_need_the_planned_tags() {
        let tags = Field::Known(Tags::from([("a".to_owned(), "1".to_owned())]));
        let desired = alarms(&[("a", "A", "1"), ("b", "B", "1"), ("c", "C", "1")]);
        let mut tracked = TrackedAlarms::new(alarms(&[("a", "A", "1")]), &desired, &tags);
        let existing = BTreeMap::from([("B".to_owned(), (Field::from("arn:b"), tags.clone()))]);
        tracked.written("b", &desired["b"], &existing);
        tracked.written("c", &desired["c"], &existing);
        let names: Vec<String> = tracked.to_tag().map(|it| it.name).collect();
        assert_eq!(names, ["A", "B"], "a new alarm is created with them");
        assert_eq!(tracked.without_arn().collect::<Vec<_>>(), ["A", "C"]);
        tracked.tagged("A");
        assert_eq!(tracked.to_tag().count(), 1);
    }
}
