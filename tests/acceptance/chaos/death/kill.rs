//! A kill: which signal, to which processes, at which moment of which command.

use std::fmt;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::simulator::{Moment, Simulator, on};
use crate::support::terraform::{Run, Running, Workspace};

/// Longest wait for a process; on a machine that works, each takes milliseconds.
const DEADLINE: Duration = Duration::from_secs(200);

/// What Terraform says once it has noticed that it is to stop.
const NOTICED: &str = "Interrupt received";

/// What it says once it tells the provider, at once but for the plan of an apply: that it first completes.
const STOPPING: &str = "Stopping operation";

/// How long the second message may take.
const SHORTLY: Duration = Duration::from_millis(200);

/// A part of the life of a stack, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Create,
    Read,
    Update,
    Replace,
    Delete,
}

impl Phase {
    pub const ALL: [Self; 5] = [Self::Create, Self::Read, Self::Update, Self::Replace, Self::Delete];

    pub fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Read => "plan",
            Self::Update => "update",
            Self::Replace => "replace",
            Self::Delete => "delete",
        }
    }

    /// Its command.
    pub fn command(self) -> &'static [&'static str] {
        match self {
            Self::Read => &["plan", "-json"],
            _ => &["apply", "-json", "-auto-approve"],
        }
    }
}

/// What is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Signal {
    Interrupt,
    InterruptTwice,
    Terminate,
    Hangup,
    Kill,
}

impl Signal {
    pub const ALL: [Self; 5] =
        [Self::Interrupt, Self::InterruptTwice, Self::Terminate, Self::Hangup, Self::Kill];

    pub fn name(self) -> &'static str {
        match self {
            Self::Interrupt => "SIGINT",
            Self::InterruptTwice => "SIGINT twice",
            Self::Terminate => "SIGTERM",
            Self::Hangup => "SIGHUP",
            Self::Kill => "SIGKILL",
        }
    }

    /// As `kill` is told.
    fn argument(self) -> &'static str {
        match self {
            Self::Interrupt | Self::InterruptTwice => "-INT",
            Self::Terminate => "-TERM",
            Self::Hangup => "-HUP",
            Self::Kill => "-KILL",
        }
    }
}

/// Who receives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    Provider,
    Terraform,
    /// The process group, as by a terminal or the stop of a container.
    Both,
}

impl Target {
    pub const ALL: [Self; 3] = [Self::Provider, Self::Terraform, Self::Both];

    pub fn name(self) -> &'static str {
        match self {
            Self::Provider => "provider",
            Self::Terraform => "Terraform",
            Self::Both => "both",
        }
    }
}

/// One kill, and what surrounds it.
#[derive(Debug, Clone)]
pub struct Kill {
    pub phase: Phase,
    pub signal: Signal,
    pub target: Target,
    /// Service and action of the call.
    pub call: (String, String),
    /// Which of these calls, from 1.
    pub nth: u32,
    pub moment: Moment,
    /// The call is answered only after Terraform has noticed a signal that stops it.
    pub noticed_first: bool,
    /// The state is in a backend that has saved nothing since the command began: Terraform saves to a remote backend
    /// every 20 seconds only.
    pub remote_state: bool,
    /// AWS has ended all that it was doing before the next command.
    pub settled: bool,
}

impl Kill {
    /// True if the signal ends Terraform without its doing.
    pub fn ends_terraform(&self) -> bool {
        let ends = self.signal == Signal::Kill || (self.signal == Signal::Hangup && !self.is_ignored());
        self.target != Target::Provider && ends
    }

    /// True if Terraform ignores the signal: it inherits that from a shell with `nohup`, in which the tests run.
    pub fn is_ignored(&self) -> bool {
        self.target != Target::Provider && self.signal == Signal::Hangup && ignores_hangup()
    }

    /// True if Terraform may have lost the result of an operation of the provider.
    pub fn loses_results(&self) -> bool {
        match self.target {
            Target::Provider => self.signal == Signal::Kill,
            _ => self.ends_terraform() || self.signal == Signal::InterruptTwice,
        }
    }

    /// True if Terraform may end while it writes the state.
    pub fn tears_state(&self) -> bool {
        self.target != Target::Provider && self.loses_results()
    }

    /// True if Terraform is to stop, in order.
    fn stops_terraform(&self) -> bool {
        self.target != Target::Provider && !self.ends_terraform() && !self.is_ignored()
    }

    /// Runs the command of the phase, and kills. Gives the run, and whether the moment came.
    pub fn strike(&self, aws: &Simulator, workspace: &Workspace) -> Result<(Run, bool), String> {
        let held = aws.hold(on(&self.call.0, &self.call.1).nth(self.nth), self.moment);
        let mut running = workspace.start(self.phase.command());
        let reached = until(DEADLINE, || held.is_reached() || running.has_ended())? && !running.has_ended();
        if reached {
            self.send(&mut running, workspace)?;
        }
        held.release();
        let run = running.finish();
        until(DEADLINE, || providers(workspace).is_empty())
            .map_err(|_| "the provider outlives Terraform".to_owned())?;
        Ok((run, reached))
    }

    fn send(&self, running: &mut Running, workspace: &Workspace) -> Result<(), String> {
        let terraform = running.process().to_string();
        let targets = match self.target {
            Target::Provider => providers(workspace).iter().map(u32::to_string).collect(),
            Target::Terraform => vec![terraform],
            Target::Both => vec![format!("-{terraform}")],
        };
        if targets.is_empty() {
            return Err("no process of the provider is found".to_owned());
        }
        kill(self.signal.argument(), &targets);
        let twice = self.signal == Signal::InterruptTwice;
        if self.stops_terraform() && (twice || self.noticed_first) {
            let mut says = |text| running.written().contains(text) || running.has_ended();
            until(DEADLINE, || says(NOTICED))?;
            let _ = until(SHORTLY, || says(STOPPING));
        }
        if twice {
            kill(self.signal.argument(), &targets);
        }
        if twice && self.stops_terraform() {
            until(DEADLINE, || running.has_ended())?;
        }
        Ok(())
    }
}

impl fmt::Display for Kill {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { call: (service, action), nth, moment, .. } = self;
        let (phase, signal, target) = (self.phase.name(), self.signal.name(), self.target.name());
        write!(f, "{phase}: {signal} to {target} at {service}:{action} no. {nth}, {moment:?}")?;
        for (holds, words) in [
            (self.noticed_first, "answered after Terraform has noticed"),
            (self.remote_state, "state of the beginning"),
            (self.settled, "AWS settled"),
        ] {
            if holds {
                write!(f, ", {words}")?;
            }
        }
        Ok(())
    }
}

/// Whether this process, and so what it starts, ignores SIGHUP (proc(5), `SigIgn`; SIGHUP is number 1).
fn ignores_hangup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 1)
}

/// Sends a signal. A process that has just ended by itself is no failure.
fn kill(signal: &str, targets: &[String]) {
    // The shell's own `kill`: the program of that name is not on every machine.
    let command = format!("kill {signal} {} 2>/dev/null || true", targets.join(" "));
    assert!(Command::new("sh").args(["-c", &command]).status().unwrap().success());
}

/// The processes of the provider that Terraform started in a workspace, found by their command line.
fn providers(workspace: &Workspace) -> Vec<u32> {
    let program = format!("{}/plugin/", workspace.path().file_name().unwrap().to_str().unwrap());
    let Ok(processes) = std::fs::read_dir("/proc") else {
        let listed = Command::new("ps").args(["-A", "-o", "pid=,args="]).output().unwrap();
        let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
        let ours = listed.lines().filter(|line| line.contains(&program));
        return ours.filter_map(|line| line.split_whitespace().next()?.parse().ok()).collect();
    };
    let ids = processes.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
    ids.filter(|id| {
        // Empty for a process that has ended.
        let command = std::fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&command).contains(&program)
    })
    .collect()
}

/// Waits, by real time, until a condition holds; always true.
fn until(limit: Duration, mut holds: impl FnMut() -> bool) -> Result<bool, String> {
    let started = Instant::now();
    while !holds() {
        if started.elapsed() > limit {
            return Err(format!("nothing happens for {limit:?}"));
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    Ok(true)
}
