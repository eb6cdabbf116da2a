//! The alarms of a set while they are being changed.

use std::collections::BTreeMap;

use super::model::{Alarm, Alarms};
use crate::engine::state::tags::Tags;
use crate::value::Field;

/// Alarms of one kind that exist and are the set's, by name.
#[derive(Debug, Clone)]
pub(super) struct Kept<A>(BTreeMap<String, Entry<A>>);

#[derive(Debug, Clone)]
struct Entry<A> {
    key: String,
    alarm: A,
    /// False for one that is to go.
    wanted: bool,
}

/// An alarm that has other tags than it is to have.
#[derive(Debug)]
pub(super) struct Untagged {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// The tags it has.
    pub tags: Field<Tags>,
}

impl<A: Alarm> Kept<A> {
    /// The alarms of a state. Those without tags of their own have `tags` until they are
    /// tagged; null where nothing is to be done about them.
    pub(super) fn new(state: Alarms<A>, wanted: &Alarms<A>, tags: &Field<Tags>) -> Self {
        let keys: BTreeMap<&str, &String> = wanted.iter().map(|(key, alarm)| (alarm.name(), key)).collect();
        let entry = |(key, alarm): (String, A)| {
            let name = alarm.name().to_owned();
            let alarm = if alarm.tags().is_null() { alarm.with_tags(tags.clone()) } else { alarm };
            let wanted = keys.get(name.as_str()).copied().cloned();
            (name, Entry { wanted: wanted.is_some(), key: wanted.unwrap_or(key), alarm })
        };
        Self(state.into_iter().map(entry).collect())
    }

    /// True when the set has none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// True when the alarm of that name is the set's.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The alarms as a state has them. One that is to go gives way to another with its
    /// key, which has got a new name.
    pub(super) fn by_key(&self) -> Alarms<A> {
        let (stay, go): (Vec<_>, Vec<_>) = self.0.iter().partition(|(_, entry)| entry.wanted);
        let mut alarms: Alarms<A> =
            stay.into_iter().map(|(_, entry)| (entry.key.clone(), entry.alarm.clone())).collect();
        for (name, entry) in go {
            let taken = alarms.contains_key(&entry.key);
            let key = if taken { format!("{} ({name})", entry.key) } else { entry.key.clone() };
            alarms.insert(key, entry.alarm.clone());
        }
        alarms
    }

    /// The wanted alarms that are not there, or not like that.
    pub(super) fn to_write(&self, wanted: &Alarms<A>) -> Vec<(String, A)> {
        let differs = |alarm: &A| {
            self.0.get(alarm.name()).is_none_or(|entry| entry.alarm.settings() != alarm.settings())
        };
        wanted
            .iter()
            .filter(|(_, alarm)| differs(alarm))
            .map(|(key, alarm)| (key.clone(), alarm.clone()))
            .collect()
    }

    /// The alarm is like this now. ARN and tags are those it had: with the set, or before
    /// the set took it over (`there`), or else it is new.
    pub(super) fn written(
        &mut self,
        key: &str,
        alarm: &A,
        there: &BTreeMap<String, (Field<String>, Field<Tags>)>,
    ) {
        let name = alarm.name().to_owned();
        let (arn, tags) = match (self.0.get(&name), there.get(&name)) {
            (Some(entry), _) => (entry.alarm.arn().clone(), entry.alarm.tags().clone()),
            (None, Some(before)) => before.clone(),
            (None, None) => (Field::Null, Field::Null),
        };
        let alarm = alarm.clone().with_arn(arn).with_tags(tags);
        self.0.insert(name, Entry { key: key.to_owned(), alarm, wanted: true });
    }

    /// Names of alarms whose ARN is not known.
    pub(super) fn without_arn(&self) -> impl Iterator<Item = &str> {
        let open = |(_, entry): &(&String, &Entry<A>)| entry.wanted && entry.alarm.arn().text().is_none();
        self.0.iter().filter(open).map(|(name, _)| name.as_str())
    }

    /// The alarm of that name, if the set has it, has this ARN.
    pub(super) fn set_arn(&mut self, name: &str, arn: &str) {
        if let Some(entry) = self.0.get_mut(name) {
            entry.alarm = entry.alarm.clone().with_arn(arn.into());
        }
    }

    /// Names of alarms that are to go, by key: a composite alarm over all before its parts.
    pub(super) fn stale(&self) -> Vec<String> {
        let mut stale: Vec<_> = self.0.iter().filter(|(_, entry)| !entry.wanted).collect();
        stale.sort_by(|(_, a), (_, b)| a.key.cmp(&b.key));
        stale.into_iter().map(|(name, _)| name.clone()).collect()
    }

    /// The alarm is gone.
    pub(super) fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// Alarms with other tags than they are to have.
    pub(super) fn to_tag(&self) -> impl Iterator<Item = Untagged> {
        self.0.iter().filter(|(_, entry)| !entry.alarm.tags().is_null()).map(|(name, entry)| Untagged {
            name: name.clone(),
            arn: entry.alarm.arn().text().unwrap_or_default().to_owned(),
            tags: entry.alarm.tags().clone(),
        })
    }

    /// The alarm has the tags it is to have.
    pub(super) fn tagged(&mut self, name: &str) {
        if let Some(entry) = self.0.get_mut(name) {
            entry.alarm = entry.alarm.clone().with_tags(Field::Null);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::CompositeAlarmModel;
    use super::*;

    fn alarm(name: &str, rule: &str) -> CompositeAlarmModel {
        CompositeAlarmModel { name: name.into(), rule: rule.into(), ..CompositeAlarmModel::default() }
    }

    fn alarms(entries: &[(&str, &str, &str)]) -> Alarms<CompositeAlarmModel> {
        entries.iter().map(|(key, name, rule)| ((*key).to_owned(), alarm(name, rule))).collect()
    }

    #[test]
    fn what_is_as_wanted_is_not_written() {
        let wanted = alarms(&[("a", "A", "1"), ("b", "B", "2"), ("c", "C", "3")]);
        let kept = Kept::new(alarms(&[("a", "A", "1"), ("b", "B", "old")]), &wanted, &Field::Null);
        let todo: Vec<String> = kept.to_write(&wanted).into_iter().map(|(key, _)| key).collect();
        assert_eq!(todo, ["b", "c"]);
        assert_eq!(kept.stale(), [""; 0]);
    }

    #[test]
    fn an_alarm_under_another_key_is_the_same_alarm() {
        let wanted = alarms(&[("new", "A", "1")]);
        let kept = Kept::new(alarms(&[("old", "A", "1")]), &wanted, &Field::Null);
        assert!(kept.to_write(&wanted).is_empty() && kept.stale().is_empty());
        assert_eq!(kept.by_key(), wanted);
    }

    #[test]
    fn one_that_is_to_go_gives_way_to_another_with_its_key() {
        let wanted = alarms(&[("a", "new", "1")]);
        let mut kept = Kept::new(alarms(&[("a", "old", "1")]), &wanted, &Field::Null);
        kept.written("a", &wanted["a"], &BTreeMap::new());
        assert_eq!(kept.by_key(), alarms(&[("a", "new", "1"), ("a (old)", "old", "1")]));
        assert_eq!(kept.stale(), ["old"]);
        kept.remove("old");
        assert_eq!(kept.by_key(), wanted);
    }

    #[test]
    fn a_composite_alarm_goes_before_its_parts() {
        let state = alarms(&[("all", "z", ""), ("part-001", "a", ""), ("part-002", "b", "")]);
        assert_eq!(Kept::new(state, &Alarms::new(), &Field::Null).stale(), ["z", "a", "b"]);
    }

    #[test]
    fn alarms_that_were_there_need_the_tags_of_the_set() {
        let tags = Field::Known(Tags::from([("a".to_owned(), "1".to_owned())]));
        let wanted = alarms(&[("a", "A", "1"), ("b", "B", "1"), ("c", "C", "1")]);
        let mut kept = Kept::new(alarms(&[("a", "A", "1")]), &wanted, &tags);
        let taken = BTreeMap::from([("B".to_owned(), (Field::from("arn:b"), tags.clone()))]);
        kept.written("b", &wanted["b"], &taken);
        kept.written("c", &wanted["c"], &taken);
        let names: Vec<String> = kept.to_tag().map(|it| it.name).collect();
        assert_eq!(names, ["A", "B"], "a new one has them from the start");
        assert_eq!(kept.without_arn().collect::<Vec<_>>(), ["A", "C"]);
        kept.tagged("A");
        assert_eq!(kept.to_tag().count(), 1);
    }
}
