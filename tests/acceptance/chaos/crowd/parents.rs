//! Two configurations that share a parent: one owns it, objects of the other one use it.
//!
//! Both run at once, the second one some time after the first. An apply that AWS refuses because of the other
//! configuration names its object, changes nothing of it, and converges once the other one has released it.

use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use terraform_provider_elasticache::engine::AnyResource;
use terraform_provider_elasticache::registry::REGISTRY;
use terraform_provider_elasticache::value::{Value, json};

use super::super::cells::message;
use super::super::driver::{BETWEEN_RUNS, Driver, State};
use super::super::matrix::on_all_cores;
use super::super::settings;
use super::super::subjects::{RESOURCES, Seed};

/// How much later the second configuration begins, in milliseconds: while AWS carries out what the first one does, and
/// after that.
const LEADS: &[u64] = &[0, 600, 2_500, 6_000, 11_000, 30_000, 120_000];

/// Seed of the sample; `CHAOS_SEED` sets another one.
const SEED: usize = 21;

/// A parent, a change of it, and the argument of a replication group that refers to it: `ID` is its id.
struct Parent {
    type_name: &'static str,
    config: &'static str,
    change: &'static str,
    argument: &'static str,
}

const PARENTS: &[Parent] = &[
    Parent {
        type_name: "elasticache_subnet_group",
        config: r#"{"name": "parent", "subnet_ids": ["subnet-00000001"]}"#,
        change: r#"{"description": "another"}"#,
        argument: r#"{"subnet_group_name": "ID"}"#,
    },
    Parent {
        type_name: "elasticache_parameter_group",
        config: r#"{"name": "parent", "family": "redis7"}"#,
        change: r#"{"parameter": [{"name": "timeout", "value": "20"}]}"#,
        argument: r#"{"parameter_group_name": "ID"}"#,
    },
    Parent {
        type_name: "elasticache_security_group",
        config: r#"{"name": "parent", "allowed_cidr_blocks": ["10.0.0.0/16"]}"#,
        change: r#"{"allowed_cidr_blocks": ["10.1.0.0/16"]}"#,
        argument: r#"{"security_group_ids": ["ID"]}"#,
    },
    Parent {
        type_name: "elasticache_user_group",
        config: r#"{"user_group_id": "parent", "engine": "redis", "disabled_default_user": true}"#,
        change: r#"{"tags": {"team": "b"}}"#,
        argument: r#"{"user_group_ids": ["ID"], "transit_encryption_enabled": true}"#,
    },
];

/// The other configuration.
const CHILD: &str = r#"{"replication_group_id": "child", "description": "first", "node_type": "cache.t4g.small",
    "engine": "redis", "engine_version": "7.1", "num_cache_clusters": 1, "apply_immediately": true}"#;

fn resource(type_name: &str) -> &'static dyn AnyResource {
    REGISTRY.resources.iter().copied().find(|it| it.type_name() == type_name).unwrap()
}

/// A configuration of these arguments; later ones count.
fn configuration(resource: &dyn AnyResource, parts: &[&str]) -> Value {
    let mut all = serde_json::Map::new();
    for part in parts {
        all.extend(serde_json::from_str::<serde_json::Map<_, _>>(part).unwrap());
    }
    let schema = resource.schema();
    schema.conform(json::decode(&all.into(), schema.ty()).unwrap())
}

/// One object of a configuration.
struct Side {
    resource: &'static dyn AnyResource,
    state: State,
}

/// What both do at once.
struct Both<'a> {
    driver: &'a mut Driver,
    lead: Duration,
}

impl Both<'_> {
    /// Applies both; gives the errors of each.
    fn apply(&mut self, sides: [&mut Side; 2], goals: [&Value; 2]) -> [Option<String>; 2] {
        let [one, other] = sides;
        let [first, second] = self.driver.apply_both(
            (one.resource, &one.state, goals[0]),
            self.lead,
            (other.resource, &other.state, goals[1]),
        );
        self.driver.restart();
        self.driver.aws.clock().advance(BETWEEN_RUNS);
        one.state = first.0;
        other.state = second.0;
        [first.1, second.1].map(|diags| diags.has_errors().then(|| message(&diags)))
    }

    /// A plain apply of one side.
    fn alone(&mut self, side: &mut Side, goal: &Value) -> Result<(), String> {
        self.driver.restart();
        self.driver.inventory();
        let (state, diags) = self.driver.refresh(side.resource, &side.state);
        if diags.has_errors() {
            return Err(format!("no refresh: {}", message(&diags)));
        }
        let (state, diags) = self.driver.apply(side.resource, &state, goal);
        side.state = state;
        if diags.has_errors() { Err(message(&diags)) } else { self.settled(side, goal) }
    }

    /// What the configuration describes exists unchanged.
    fn settled(&mut self, side: &Side, goal: &Value) -> Result<(), String> {
        self.driver.restart();
        self.driver.inventory();
        let (state, diags) = self.driver.refresh(side.resource, &side.state);
        match goal {
            _ if diags.has_errors() => Err(format!("no refresh: {}", message(&diags))),
            Value::Null if !state.value.is_null() => Err("it still exists".to_owned()),
            Value::Null => Ok(()),
            goal => self.driver.is_settled(side.resource, &state, goal),
        }
    }
}

fn both_succeed(what: &str, [one, other]: [Option<String>; 2]) -> Result<(), String> {
    match (one, other) {
        (None, None) => Ok(()),
        (one, other) => Err(format!("{what}: {one:?}, {other:?}")),
    }
}

/// An owner and a user of its parent, from the creation to the destruction of both.
fn life(parent: &Parent, lead: Duration) -> Result<(), String> {
    let mut driver = Driver::new(&[]);
    let mut both = Both { driver: &mut driver, lead };
    let owner = resource(parent.type_name);
    let group = resource("elasticache_replication_group");
    let config = configuration(owner, &[parent.config]);
    let changed = configuration(owner, &[parent.config, parent.change]);
    let mut above = Side { resource: owner, state: State::default() };
    let mut below = Side { resource: group, state: State::default() };
    both.alone(&mut above, &config)?;
    let id = above.state.value.get("id").as_str().unwrap_or_default().to_owned();
    let argument = parent.argument.replace("ID", &id);
    let child = configuration(group, &[CHILD, &argument]);
    let child_changed = configuration(group, &[CHILD, &argument, r#"{"description": "second"}"#]);

    let ended = both.apply([&mut above, &mut below], [&changed, &child]);
    both_succeed("the owner updates the parent, the other one creates", ended)?;
    both.settled(&above, &changed)?;
    both.settled(&below, &child)?;

    // The parent is in use: it stays, and so does what uses it.
    let [refused, updated] = both.apply([&mut above, &mut below], [&Value::Null, &child_changed]);
    if let Some(error) = updated {
        return Err(format!("the update beside a destroy of the parent fails: {error}"));
    }
    match refused {
        Some(error) if error.contains("child") => {}
        Some(error) => return Err(format!("the error does not name what uses the parent: {error}")),
        None => return Err("the parent is deleted while it is in use".to_owned()),
    }
    if above.state.value.is_null() {
        return Err("a delete that failed forgets the parent".to_owned());
    }
    both.settled(&below, &child_changed)?;
    both.alone(&mut above, &changed)?;

    // Both go at once: the parent waits for its user, or says what uses it.
    let [above_failed, below_failed] = both.apply([&mut above, &mut below], [&Value::Null, &Value::Null]);
    if let Some(error) = below_failed {
        return Err(format!("the destroy beside that of the parent fails: {error}"));
    }
    if let Some(error) = above_failed.filter(|error| !error.contains("child")) {
        return Err(format!("the error does not name what uses the parent: {error}"));
    }
    both.alone(&mut above, &Value::Null).map_err(|error| format!("the parent is not destroyed: {error}"))?;

    // The parent goes while the other one begins to use it: one of them fails, and repeating it converges.
    both.alone(&mut above, &config)?;
    let id = above.state.value.get("id").as_str().unwrap_or_default().to_owned();
    let child = configuration(group, &[CHILD, &parent.argument.replace("ID", &id)]);
    let ended = both.apply([&mut above, &mut below], [&Value::Null, &child]);
    match &ended {
        [Some(error), None] if !error.contains("child") => {
            return Err(format!("the error does not name what uses the parent: {error}"));
        }
        [None, Some(error)] if !error.contains(&id) => {
            return Err(format!("the error does not name the parent: {error}"));
        }
        [None, None] => return Err("the parent is deleted, and in use".to_owned()),
        [Some(one), Some(other)] => return Err(format!("both fail: {one}\n{other}")),
        _ => {}
    }
    both.alone(&mut below, &Value::Null)?;
    both.alone(&mut above, &Value::Null)?;
    let left = both.driver.inventory();
    let before = Driver::new(&[]).inventory();
    if left == before { Ok(()) } else { Err(format!("AWS has {left:?}, not {before:?}")) }
}

/// Two configurations add users to one user group, and remove them.
fn members(lead: Duration) -> Result<(), String> {
    let association = resource("elasticache_user_group_association");
    let subject = RESOURCES.iter().find(|it| it.name == association.type_name()).unwrap();
    let another: Seed = (
        "eu-west-1",
        "elasticache",
        "CreateUser",
        "UserId=another UserName=another Engine=redis AccessString=on%20~*%20+@all NoPasswordRequired=true",
    );
    let seeds: Vec<Seed> = subject.seeds.iter().copied().chain([another, ("", "clock", "", "")]).collect();
    let mut driver = Driver::new(&seeds);
    let before = driver.inventory();
    let mut both = Both { driver: &mut driver, lead };
    let [first, second] = ["someone", "another"].map(|user| {
        configuration(association, &[&format!(r#"{{"user_group_id": "people", "user_id": "{user}"}}"#)])
    });
    let side = || Side { resource: association, state: State::default() };
    let (mut one, mut other) = (side(), side());
    both_succeed("both add a user", both.apply([&mut one, &mut other], [&first, &second]))?;
    both.settled(&one, &first)?;
    both.settled(&other, &second)?;
    both_succeed("one removes, one adds", both.apply([&mut one, &mut other], [&Value::Null, &second]))?;
    both.settled(&one, &Value::Null)?;
    both.settled(&other, &second)?;
    both_succeed("one adds, one removes", both.apply([&mut one, &mut other], [&first, &Value::Null]))?;
    both.settled(&one, &first)?;
    both.settled(&other, &Value::Null)?;
    both.alone(&mut one, &Value::Null)?;
    if both.driver.inventory() == before { Ok(()) } else { Err("a user is gone".to_owned()) }
}

/// Runs the lives that are chosen; gives how many fail.
fn run(chosen: &[(Option<&'static Parent>, u64)]) -> usize {
    let failed = on_all_cores(chosen, |(parent, lead)| {
        let lived = catch_unwind(AssertUnwindSafe(|| {
            let lead = Duration::from_millis(*lead);
            parent.map_or_else(|| members(lead), |parent| life(parent, lead))
        }));
        let lived = lived.unwrap_or_else(|_| Err("it panics".to_owned()));
        let name = parent.map_or("elasticache_user_group_association", |parent| parent.type_name);
        if let Err(broken) = &lived {
            let _ = writeln!(std::io::stdout().lock(), "{name}, {lead} ms later: {broken}");
        }
        usize::from(lived.is_err())
    });
    failed.into_iter().sum()
}

fn everything() -> Vec<(Option<&'static Parent>, u64)> {
    let parents = PARENTS.iter().map(Some).chain([None]);
    parents.flat_map(|parent| LEADS.iter().map(move |lead| (parent, *lead))).collect()
}

#[test]
fn two_configurations_share_a_parent() {
    let seed = settings::seed(SEED);
    let all = everything();
    let turns = all.chunks(LEADS.len()).enumerate();
    let chosen: Vec<_> = turns.map(|(turn, lives)| lives[(seed + turn * 3) % lives.len()]).collect();
    assert_eq!(run(&chosen), 0, "of {} lives, repeat with CHAOS_SEED={seed}", chosen.len());
}

#[test]
#[ignore = "takes long: make chaos"]
fn whole_life_with_shared_parents() {
    let all = everything();
    let failed = run(&all);
    let _ = writeln!(std::io::stdout().lock(), "{} lives with a shared parent, {failed} failed", all.len());
    assert_eq!(failed, 0);
}
