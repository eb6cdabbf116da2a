//! Many runs of Terraform through one process of the provider: afterwards it uses as much as before.
//!
//! The client is `client::Core`: each command has connections of its own, validates, configures, refreshes and
//! plans ten objects at a time, and applies. Between the plain ones, calls are throttled, refused, cancelled and
//! stopped, streams are dropped and connections are cut. The real Terraform has its turn as well.

use std::io::Write as _;
use std::time::Duration;

use futures_util::StreamExt as _;
use terraform_provider_elasticache::value::Value;
use tokio::runtime::{Builder, Runtime};

use super::client::{Answer, Core, Object, PARALLELISM, walk};
use super::kinds;
use super::objects::{Part, parts, sow_all};
use super::process::{Figures, Process, VARIABLE};
use crate::laws::stack;
use crate::simulator::elasticache::Config;
use crate::simulator::{InjectedFault, Simulator, any, on_service};
use crate::support::terraform::Workspace;

/// Growth of memory that is no growth, in kB: what the allocator keeps differs from one moment to the next.
const GROWTH: u64 = 3 * 1024;

/// Long enough for calls to be under way.
const SOON: Duration = Duration::from_millis(15);

struct Soak {
    runtime: Runtime,
    aws: Simulator,
    process: Process,
    parts: Vec<Part>,
    /// Which configuration is applied.
    changed: usize,
    plans: usize,
    applies: usize,
}

impl Soak {
    fn start() -> Self {
        let aws = Simulator::start_thread().unwrap();
        aws.with_state(|aws| {
            aws.elasticache.configure(|config| *config = Config { start: config.start, ..Config::instant() });
        });
        aws.clock().set_per_call(Duration::from_secs(1));
        sow_all(&aws);
        let process = Process::start(&aws);
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        Self { runtime, aws, process, parts: parts(), changed: 0, plans: 0, applies: 0 }
    }

    fn objects(&self) -> Vec<Object> {
        self.parts.iter().map(|part| part.object.clone()).collect()
    }

    /// `terraform plan`, with what goes wrong in this one.
    fn plan(&mut self) {
        let turn = self.plans;
        self.plans += 1;
        let throttled = InjectedFault::Throttle;
        match turn % 8 {
            1 => self.aws.fault(on_service("elasticache").times(2), throttled),
            2 => self.aws.fault(any().nth(3).times(6), InjectedFault::Deny),
            3 => self.aws.fault(any().nth(2).times(3), InjectedFault::CutBody(0.6)),
            4..=6 => self.aws.fault(any().times(8), InjectedFault::Slow(Duration::from_millis(200))),
            _ => {}
        }
        let objects = self.objects();
        let process = &self.process;
        if turn % 8 == 5 {
            cut(async {
                let mut core = Core::connect(process).await;
                core.configure().await.unwrap();
                let _ = tokio::time::timeout(SOON, walk(&core, &objects)).await;
            });
        }
        let refreshed = self.runtime.block_on(async {
            Core::connect(process).await.validate(&objects).await.unwrap();
            let mut core = Core::connect(process).await;
            core.configure().await.unwrap();
            if turn % 8 == 7 {
                kinds::data(&mut core).await;
                kinds::listings(&mut core).await;
                kinds::action(&mut core, turn / 8).await;
                kinds::strangers(process).await;
            }
            let walk = walk(&core, &objects);
            match turn % 8 {
                // The calls under way are reset, then the connection is closed.
                4 => drop(tokio::time::timeout(SOON, walk).await),
                6 => {
                    let stop = async {
                        tokio::time::sleep(SOON).await;
                        core.clone().stop().await;
                    };
                    tokio::join!(walk, stop);
                }
                _ => return Some(walk.await),
            }
            None
        });
        self.aws.clear_faults();
        // Of these only some fail.
        if matches!(turn % 8, 0 | 1) {
            for (part, refreshed) in self.parts.iter_mut().zip(refreshed.into_iter().flatten()) {
                part.object = refreshed.unwrap();
            }
        }
        self.aws.record().clear();
    }

    /// `terraform apply` of the other configuration, with what goes wrong in this one, and one that converges.
    fn apply(&mut self) {
        let turn = self.applies;
        self.applies += 1;
        if turn.is_multiple_of(5) {
            self.converge(None).unwrap();
        }
        self.changed = 1 - self.changed;
        match turn % 5 {
            1 => self.aws.fault(any().nth(5).times(20), InjectedFault::Deny),
            2 => self.aws.fault(any().nth(5).times(40), InjectedFault::Throttle),
            _ => {}
        }
        match turn % 5 {
            3 => self.interrupted(false),
            4 => self.interrupted(true),
            // An error of those that fail is an answer as well.
            _ => drop(self.converge(Some(self.changed))),
        }
        self.aws.clear_faults();
        self.converge(Some(self.changed)).unwrap();
        self.aws.record().clear();
    }

    /// An apply that Terraform stops, or one whose connection is closed, so that the state has nothing of it.
    fn interrupted(&mut self, stop: bool) {
        let (objects, process) = (self.objects(), &self.process);
        let changed = self.changed;
        let goals: Vec<Value> = self.parts.iter().map(|part| part.configs[changed].clone()).collect();
        let applied = async |core: &Core| {
            let each = objects.iter().zip(&goals).map(|(object, goal)| {
                let (mut core, mut object) = (core.clone(), object.clone());
                async move {
                    let _ = core.apply(&mut object, goal).await;
                    object
                }
            });
            futures_util::future::join_all(each).await
        };
        if !stop {
            return cut(async {
                let mut core = Core::connect(process).await;
                core.configure().await.unwrap();
                let _ = tokio::time::timeout(SOON, applied(&core)).await;
            });
        }
        let stopped = self.runtime.block_on(async {
            let mut core = Core::connect(process).await;
            core.configure().await.unwrap();
            let stop = async {
                tokio::time::sleep(SOON).await;
                core.clone().stop().await;
            };
            tokio::join!(applied(&core), stop).0
        });
        for (part, object) in self.parts.iter_mut().zip(stopped) {
            part.object = object;
        }
    }

    /// Refreshes and applies a configuration, or destroys all.
    fn converge(&mut self, goal: Option<usize>) -> Answer<()> {
        let process = &self.process;
        let work: Vec<(Object, Value)> = self
            .parts
            .iter()
            .map(|part| (part.object.clone(), goal.map_or(Value::Null, |goal| part.configs[goal].clone())))
            .collect();
        let done: Vec<(Object, Answer<()>)> = self.runtime.block_on(async {
            let mut core = Core::connect(process).await;
            core.configure().await.unwrap();
            let each = futures_util::stream::iter(work).map(|(object, goal)| {
                let mut core = core.clone();
                async move {
                    let mut object = match core.refresh(&object).await {
                        Ok(object) => object,
                        Err(error) => return (object, Err(error)),
                    };
                    let applied = core.apply(&mut object, &goal).await;
                    if !goal.is_null() {
                        object.config = goal;
                    }
                    (object, applied)
                }
            });
            each.buffered(PARALLELISM).collect().await
        });
        let mut errors = Vec::new();
        for (part, (object, applied)) in self.parts.iter_mut().zip(done) {
            if let Err(error) = applied {
                errors.push(format!("{}: {error}", object.resource.type_name()));
            }
            part.object = object;
        }
        if errors.is_empty() { Ok(()) } else { Err(errors.join("\n")) }
    }

    /// The real Terraform plans and applies through the same process.
    fn terraform(&self, plans: usize) {
        let workspace = Workspace::offline(&stack::configuration()).with(VARIABLE, &self.process.reattach);
        // `Workspace::start` attaches to nothing by itself.
        let run = |arguments: &[&str]| workspace.start(arguments).finish().succeeds();
        run(&["apply", "-auto-approve"]);
        for _ in 0..plans {
            run(&["plan", "-detailed-exitcode"]);
        }
        run(&["destroy", "-auto-approve"]);
        self.aws.record().clear();
    }

    /// So many applies, each with as many plans before it, and what the process uses after them.
    fn rounds(&mut self, applies: usize, plans: usize, idle: Figures) -> Row {
        let before = self.process.figures();
        for _ in 0..applies {
            (0..plans).for_each(|_| self.plan());
            self.apply();
        }
        self.end_of_run(idle, before, applies * plans)
    }

    /// Nothing that is configured for a run stays after it.
    fn end_of_run(&self, idle: Figures, before: Figures, plans: usize) -> Row {
        let busy = self.process.figures();
        self.runtime.block_on(async { Core::connect(&self.process).await.configure().await.unwrap() });
        let after = self.process.settled(idle);
        // Fewer than 2^32 plans.
        let cpu = (busy.cpu - before.cpu) * 1000.0 / f64::from(u32::try_from(plans.max(1)).unwrap());
        Row { plans: self.plans, applies: self.applies, after, cpu }
    }
}

/// Drops the connections of this part of a run with all calls that are under way.
fn cut(part: impl Future<Output = ()>) {
    Builder::new_current_thread().enable_all().build().unwrap().block_on(part);
}

/// The figures after some plans and applies.
struct Row {
    plans: usize,
    applies: usize,
    after: Figures,
    /// Milliseconds of processor time for each plan.
    cpu: f64,
}

fn print(rows: &[Row]) {
    let mut out = std::io::stdout().lock();
    let mut write = |line: String| drop(writeln!(out, "{line}"));
    write(
        "| plans | applies | memory, kB | peak, kB | descriptors | threads | CPU for each plan, ms |"
            .to_owned(),
    );
    write("| --- | --- | --- | --- | --- | --- | --- |".to_owned());
    for Row { plans, applies, after, cpu } in rows {
        let Figures { memory, peak, descriptors, threads, .. } = after;
        write(format!("| {plans} | {applies} | {memory} | {peak} | {descriptors} | {threads} | {cpu:.1} |"));
    }
}

/// Warms up, then measures in steps; the first figures are those after the warm-up.
fn soak(warm_up: (usize, usize), steps: usize, step: (usize, usize), terraform: usize) {
    let mut soak = Soak::start();
    soak.runtime.block_on(async { Core::connect(&soak.process).await.configure().await.unwrap() });
    let idle = soak.process.idle();
    soak.terraform(terraform);
    let mut rows = vec![soak.rounds(warm_up.0, warm_up.1, idle)];
    for _ in 0..steps {
        rows.push(soak.rounds(step.0, step.1, idle));
    }
    soak.terraform(terraform);
    rows.push(soak.end_of_run(idle, soak.process.figures(), 0));
    print(&rows);
    let (first, last) = (rows[0].after, rows[rows.len() - 1].after);
    for row in &rows {
        let Figures { threads, descriptors, .. } = row.after;
        let before = (idle.threads, idle.descriptors);
        assert!(
            row.after.uses_no_more_than(&idle),
            "{threads} threads, {descriptors} descriptors; {before:?} before"
        );
    }
    let growth = last.memory.saturating_sub(first.memory);
    assert!(growth < GROWTH, "memory grew by {growth} kB");
}

#[test]
fn one_process_serves_many_runs_and_grows_by_nothing() {
    soak((3, 8), 1, (3, 12), 1);
}

#[test]
#[ignore = "takes long: make chaos"]
fn long_soak() {
    soak((30, 10), 10, (17, 10), 25);
}
