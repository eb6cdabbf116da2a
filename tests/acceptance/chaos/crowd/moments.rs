//! The duels of a type: one for each call of the first configuration.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use terraform_provider_elasticache::value::Value;

use super::super::cells::message;
use super::super::driver::{Driver, State};
use super::super::subjects::Subject;

/// Of the calls of one action, those after so many are polls like these.
const OCCURRENCES: usize = 2;

/// What the first configuration does while the second one creates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Against {
    /// It creates the object, too.
    Create,
    /// It owns the object and updates it.
    Update,
    /// It owns the object and destroys it.
    Destroy,
}

impl Against {
    pub const ALL: [Self; 3] = [Self::Create, Self::Update, Self::Destroy];

    pub fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Destroy => "destroy",
        }
    }
}

/// A call of the first configuration, and when it is made.
#[derive(Debug, Clone)]
pub struct Moment {
    pub service: String,
    pub action: String,
    pub nth: usize,
    pub after: Duration,
}

/// One duel.
#[derive(Clone)]
pub struct Duel {
    pub subject: &'static Subject,
    pub against: Against,
    /// Whether both configurations have the same arguments, not only the same name.
    pub same: bool,
    pub moment: Moment,
}

impl fmt::Display for Duel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { subject, against, same, moment } = self;
        let arguments = if *same { "the same arguments" } else { "other arguments" };
        let Moment { service, action, nth, .. } = moment;
        write!(
            f,
            "{} create during {}, {arguments}: {service}:{action} no. {nth}",
            subject.name,
            against.name()
        )
    }
}

/// The two configurations.
pub fn configs(subject: &Subject, same: bool) -> [Value; 2] {
    let schema = subject.resource().expect("a type of the registry").schema();
    let first = subject.config(schema);
    let second = if same { first.clone() } else { subject.changed(schema) };
    [first, second]
}

/// What AWS has after these configurations are applied one after the other in the same state.
pub fn alone(subject: &Subject, configs: &[&Value]) -> Vec<String> {
    let resource = subject.resource().expect("a type of the registry");
    let driver = Driver::new(subject.seeds);
    let mut state = State::default();
    for config in configs {
        let (applied, diags) = driver.apply(resource, &state, config);
        assert_eq!(message(&diags), "", "{} alone", subject.name);
        state = applied;
    }
    driver.inventory()
}

/// The duels of a type: one for each call that the first configuration makes.
pub fn duels(subject: &'static Subject) -> Vec<Duel> {
    let mut all = Vec::new();
    for against in Against::ALL {
        if against == Against::Update && !subject.has_change() {
            continue;
        }
        for moment in moments(subject, against) {
            for same in [false, true] {
                if (same || subject.has_change()) && !overlaps(subject, against, same) {
                    all.push(Duel { subject, against, same, moment: moment.clone() });
                }
            }
        }
    }
    all
}

/// Two alarm sets may have some alarms in common: each alarm of both is shared with a warning, and there is no owner of
/// the set.
fn overlaps(subject: &Subject, against: Against, same: bool) -> bool {
    subject.name == "elasticache_alarm_set" && (!same || against == Against::Update)
}

fn moments(subject: &Subject, against: Against) -> Vec<Moment> {
    let [first, _] = configs(subject, true);
    let mut driver = Driver::new(subject.seeds);
    let resource = subject.resource().expect("a type of the registry");
    let mut state = State::default();
    let goal = goal(subject, against);
    if against != Against::Create {
        state = driver.apply(resource, &state, &first).0;
        driver.restart();
        driver.aws.record().clear();
    }
    let begin = driver.aws.clock().now();
    let (_, diags) = driver.apply(resource, &state, &goal);
    assert_eq!(message(&diags), "", "{} {} alone", subject.name, against.name());
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut moments = Vec::new();
    for call in driver.aws.record().all() {
        let nth = counts.entry((call.service.clone(), call.action.clone())).or_default();
        *nth += 1;
        if *nth <= OCCURRENCES {
            let after = Duration::from_millis(call.time.saturating_sub(begin));
            moments.push(Moment { service: call.service, action: call.action, nth: *nth, after });
        }
    }
    moments
}

/// What the first configuration arrives at.
pub fn goal(subject: &Subject, against: Against) -> Value {
    let schema = subject.resource().expect("a type of the registry").schema();
    match against {
        Against::Create => subject.config(schema),
        Against::Update => subject.changed(schema),
        Against::Destroy => Value::Null,
    }
}
