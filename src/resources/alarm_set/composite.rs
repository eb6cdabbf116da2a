//! The composite alarms of the set.

use super::attributes::{AlarmModel, AlarmSetModel, Alarms, Arns, CompositeAlarmModel};
use super::names::{self, Names};
use crate::diag::Diagnostic;
use crate::resources::common::alarm::suppressor::SuppressorModel;
use crate::value::{Field, Path};

/// API model, shape AlarmRule.
const MOST_CHARACTERS: usize = 10_240;

/// API reference of PutCompositeAlarm: "as many as 100 underlying alarms".
const MOST_CHILDREN: usize = 100;

/// The key of the composite alarm over all alarms.
pub(super) const ALL: &str = "all";

/// The composite alarms over these alarms; none without alarms. A rule has at most 100 alarms: for more, there are several
/// composite alarms, and one over these.
///
/// # Errors
/// If there are too many alarms even for that.
pub(super) fn composites(
    set: &AlarmSetModel,
    id: &str,
    alarms: &Alarms<AlarmModel>,
) -> Result<Field<Alarms<CompositeAlarmModel>>, Diagnostic> {
    let settings = match &set.composite_alarm {
        Field::Null => return Ok(Field::Known(Alarms::new())),
        Field::Unknown => return Ok(Field::Unknown),
        Field::Known(settings) => settings,
    };
    let actions = |own: &Field<Arns>, of_set: &Field<Arns>| match if own.is_null() { of_set } else { own } {
        Field::Null => Field::Known(Arns::new()),
        given => given.clone(),
    };
    let alarm_actions = actions(&settings.alarm_actions, &set.alarm_actions);
    let ok_actions = actions(&settings.ok_actions, &set.ok_actions);
    let insufficient_data_actions =
        actions(&settings.insufficient_data_actions, &set.insufficient_data_actions);
    let unknown =
        [&alarm_actions, &ok_actions, &insufficient_data_actions].into_iter().any(Field::is_unknown);
    let suppressor = &settings.actions_suppressor;
    let open = suppressor.is_unknown() || suppressor.known().is_some_and(SuppressorModel::has_unknown);
    let unknown = unknown || open || settings.actions_enabled.is_unknown();
    if unknown || settings.name_template.is_unknown() || settings.description.is_unknown() {
        return Ok(Field::Unknown);
    }
    let name = name(settings.name_template.text(), id);
    let names: Vec<String> = alarms.values().filter_map(|it| it.name.text().map(str::to_owned)).collect();
    let rules = rules(&names);
    let mut all = Alarms::new();
    let rule = match rules.as_slice() {
        [] => return Ok(Field::Known(all)),
        [rule] => rule.clone(),
        rules => {
            let mut parts = Vec::new();
            for (i, rule) in rules.iter().enumerate() {
                let part = part_name(&name, i + 1);
                let composite = composite(set, &part, format!("Part of {name}"), rule.clone());
                all.insert(part_key(i + 1), composite);
                parts.push(part);
            }
            match self::rules(&parts).as_slice() {
                [rule] => rule.clone(),
                _ => return Err(too_many(names.len())),
            }
        }
    };
    let description = match settings.description.text() {
        Some(text) => Names { id, member: id, metric: "", alarm: ALL }.fill(text),
        None => format!("Any of the {} alarms of {id}", names.len()),
    };
    let top = CompositeAlarmModel {
        alarm_actions,
        ok_actions,
        insufficient_data_actions,
        ..composite(set, &name, description, rule)
    };
    let top = top.suppressed_by(suppressor.known());
    let actions_enabled = if settings.actions_enabled.is_null() {
        top.actions_enabled
    } else {
        settings.actions_enabled.clone()
    };
    all.insert(ALL.to_owned(), CompositeAlarmModel { actions_enabled, ..top });
    Ok(Field::Known(all))
}

/// The name of the composite alarm over all alarms.
pub(super) fn name(template: Option<&str>, id: &str) -> String {
    Names { id, member: id, metric: "", alarm: ALL }.fill(template.unwrap_or(names::COMPOSITE))
}

/// The name of a part, counted from 1.
pub(super) fn part_name(name: &str, part: usize) -> String {
    format!("{name}-{part}")
}

/// The key of a part.
pub(super) fn part_key(part: usize) -> String {
    format!("part-{part:03}")
}

/// The term of a rule for an alarm in the state ALARM.
pub(super) fn term(name: &str) -> String {
    format!("ALARM(\"{name}\")")
}

/// A composite alarm without actions.
fn composite(set: &AlarmSetModel, name: &str, description: String, rule: String) -> CompositeAlarmModel {
    CompositeAlarmModel {
        name: name.into(),
        description: Field::Known(description),
        rule: Field::Known(rule),
        actions_enabled: set.actions_enabled.clone(),
        alarm_actions: Field::Known(Arns::new()),
        ok_actions: Field::Known(Arns::new()),
        insufficient_data_actions: Field::Known(Arns::new()),
        ..CompositeAlarmModel::default()
    }
}

impl CompositeAlarmModel {
    /// The alarm with this suppressor, by the name of its alarm.
    pub(super) fn suppressed_by(self, suppressor: Option<&SuppressorModel>) -> Self {
        let suppressor = suppressor.map(SuppressorModel::by_name).unwrap_or_default();
        Self {
            suppressor: suppressor.alarm,
            suppressor_wait_period: suppressor.wait_period,
            suppressor_extension_period: suppressor.extension_period,
            ..self
        }
    }

    /// The suppressor; null without one.
    pub(super) fn suppressor(&self) -> Field<SuppressorModel> {
        let (wait, extension) = (&self.suppressor_wait_period, &self.suppressor_extension_period);
        let periods = (wait.known().copied(), extension.known().copied());
        SuppressorModel::observed(self.suppressor.text(), periods.0, periods.1).into()
    }
}

/// The fewest rules for all these alarms.
fn rules(names: &[String]) -> Vec<String> {
    const OR: &str = " OR ";
    let mut rules: Vec<(usize, String)> = Vec::new();
    for name in names {
        let term = term(name);
        match rules.last_mut() {
            Some((children, rule))
                if *children < MOST_CHILDREN
                    && rule.chars().count() + OR.len() + term.chars().count() <= MOST_CHARACTERS =>
            {
                *children += 1;
                rule.push_str(OR);
                rule.push_str(&term);
            }
            _ => rules.push((1, term)),
        }
    }
    rules.into_iter().map(|(_, rule)| rule).collect()
}

fn too_many(count: usize) -> Diagnostic {
    Diagnostic::error(
        "Too many alarms for composite_alarm",
        format!(
            "The set has {count} alarms, which exceed the rules of composite alarms: each rule has at most 100 alarms and \
             10240 characters. Use shorter names, fewer metrics, or no `composite_alarm`."
        ),
    )
    .at(Path::attribute("composite_alarm"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(count: usize, length: usize) -> Vec<String> {
        (0..count).map(|i| format!("{i:0length$}")).collect()
    }

    #[test]
    fn rules_respect_the_limits_of_aws() {
        assert_eq!(rules(&[]), [""; 0]);
        assert_eq!(rules(&names(2, 1)), [r#"ALARM("0") OR ALARM("1")"#]);
        assert_eq!(rules(&names(100, 3)).len(), 1);
        assert_eq!(rules(&names(101, 3)).len(), 2);
        for rule in rules(&names(450, 120)) {
            assert!(rule.len() <= 10_240 && rule.matches("ALARM").count() <= 100);
        }
        assert_eq!(rules(&names(100, 120)).len(), 2);
    }
}
