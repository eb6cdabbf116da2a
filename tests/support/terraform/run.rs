//! A command of Terraform, and what it returned.

use std::fmt;
use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use super::diagnostic::Diagnostic;
use crate::support::plugin_client::signal;

/// Longest run; on a machine that works, each takes less than a second.
const DEADLINE: Duration = Duration::from_secs(300);

/// A command that runs.
pub struct Running {
    command: String,
    child: Child,
    streams: TempDir,
}

impl Running {
    /// Starts a program in a directory, with these variables and no others.
    pub(super) fn start<'a>(
        program: &Path,
        arguments: &[&str],
        directory: &Path,
        variables: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let streams = tempfile::tempdir().unwrap();
        let file = |name: &str| File::create(streams.path().join(name)).unwrap();
        let child = Command::new(program)
            .args(arguments)
            .current_dir(directory)
            .env_clear()
            .envs(variables)
            .stdin(Stdio::null())
            .stdout(file("stdout"))
            .stderr(file("stderr"))
            .process_group(0)
            .spawn()
            .unwrap();
        Self { command: format!("{} {}", program.display(), arguments.join(" ")), child, streams }
    }

    /// Asks Terraform to stop, as the first Ctrl-C does.
    pub fn interrupt(&self) {
        signal(self.child.id(), "INT");
    }

    /// Its process, the first of a group that its providers belong to.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// True once it has ended.
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// What it has written to standard output so far.
    pub fn written(&self) -> String {
        std::fs::read_to_string(self.streams.path().join("stdout")).unwrap()
    }

    /// Ends Terraform and its providers at once.
    pub fn kill(&self) {
        signal(self.child.id(), "KILL");
    }

    /// Waits for its end.
    pub fn finish(mut self) -> Run {
        let started = Instant::now();
        let mut expired = false;
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            if started.elapsed() > DEADLINE && !expired {
                signal(self.child.id(), "KILL");
                expired = true;
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        let file = |name: &str| std::fs::read(self.streams.path().join(name)).unwrap();
        let text = |name: &str| String::from_utf8(file(name)).unwrap();
        let (stdout, stderr) = (text("stdout"), text("stderr"));
        let run = Run { command: self.command, code: status.code(), stdout, stderr };
        assert!(!expired, "{run}did not end within {DEADLINE:?}");
        run
    }
}

/// What one run gave.
pub struct Run {
    pub command: String,
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    #[track_caller]
    pub fn succeeds(self) -> Self {
        assert_eq!(self.code, Some(0), "{self}");
        self
    }

    #[track_caller]
    pub fn fails(self) -> Self {
        assert_eq!(self.code, Some(1), "{self}");
        self
    }

    /// The messages of one type that a command with `-json` gave.
    pub(super) fn messages(&self, ty: &str) -> impl DoubleEndedIterator<Item = Value> {
        let lines = self.stdout.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        lines.filter(move |line| line["type"] == ty)
    }

    /// What a plan with `-json` found changed behind Terraform's back.
    pub(super) fn drift(&self) -> Vec<String> {
        self.messages("resource_drift").map(|message| message.to_string()).collect()
    }

    /// How many objects a plan imports, when it does nothing else.
    pub(super) fn imports_only(&self) -> Option<usize> {
        let summary = self.messages("change_summary").next_back()?;
        let count = |what: &str| summary["changes"][what].as_u64();
        let nothing_else = ["add", "change", "remove"].iter().all(|what| count(what) == Some(0));
        let imports = count("import").filter(|_| nothing_else)?;
        usize::try_from(imports).ok()
    }

    /// The diagnostics of a command with `-json`.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        self.messages("diagnostic")
            .filter_map(|message| Diagnostic::from_json(&message["diagnostic"]))
            .collect()
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ended with {:?}\n{}{}", self.command, self.code, self.stdout, self.stderr)
    }
}
