//! A provider in debug mode, which serves every run of Terraform, and what it uses.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::simulator::{DEFAULT_ACCOUNT, Simulator};
use crate::support::plugin_client::binary;

/// The runtime keeps a thread for calls of the system for ten seconds after its last use.
const QUIET: Duration = Duration::from_secs(30);

/// Terraform reads where the provider listens from this variable.
pub const VARIABLE: &str = "TF_REATTACH_PROVIDERS";

/// A process of the provider, started with `-debug`; killed when dropped.
pub struct Process {
    child: Child,
    /// Value of [`VARIABLE`].
    pub reattach: String,
    pub socket: PathBuf,
    _temporary: tempfile::TempDir,
}

/// What a process uses, as Linux tells it.
#[derive(Debug, Clone, Copy)]
pub struct Figures {
    /// Resident memory that is not of a file, in kB: RssAnon of proc_pid_status(5).
    pub memory: u64,
    /// The most resident memory so far, in kB.
    pub peak: u64,
    pub threads: u64,
    pub descriptors: usize,
    /// Seconds of processor time so far.
    pub cpu: f64,
}

impl Process {
    /// Calls this AWS.
    pub fn start(aws: &Simulator) -> Self {
        let temporary = tempfile::tempdir().unwrap();
        let mut command = binary();
        command
            .arg("-debug")
            .env("TMPDIR", temporary.path())
            .env("HOME", temporary.path())
            .env("AWS_ENDPOINT_URL", aws.endpoint())
            .env("AWS_ACCESS_KEY_ID", DEFAULT_ACCOUNT)
            .env("AWS_SECRET_ACCESS_KEY", "simulated")
            .env("AWS_REGION", "eu-west-1")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("TF_LOG_PROVIDER_ELASTICACHE", "off")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let value = lines.find_map(|line| {
            let value = line.trim().strip_prefix(VARIABLE)?.strip_prefix("='")?.strip_suffix('\'')?;
            Some(value.to_owned())
        });
        let reattach = value.expect("the address of the provider");
        let entries: serde_json::Value = serde_json::from_str(&reattach).unwrap();
        let entry = entries.as_object().unwrap().values().next().unwrap();
        let socket = PathBuf::from(entry["Addr"]["String"].as_str().unwrap());
        Self { child, reattach, socket, _temporary: temporary }
    }

    pub fn figures(&self) -> Figures {
        let file = |name: &str| {
            std::fs::read_to_string(format!("/proc/{}/{name}", self.child.id())).expect("the provider lives")
        };
        let status = file("status");
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).unwrap();
            line.split_whitespace().next().unwrap().parse().unwrap()
        };
        // Fields 14 and 15 of proc_pid_stat(5), in hundredths.
        let stat = file("stat");
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
        let ticks = |field: usize| fields[field - 3].parse::<f64>().unwrap();
        Figures {
            memory: field("RssAnon"),
            peak: field("VmHWM"),
            threads: field("Threads"),
            descriptors: std::fs::read_dir(format!("/proc/{}/fd", self.child.id())).unwrap().count(),
            cpu: (ticks(14) + ticks(15)) / 100.0,
        }
    }

    /// The figures when they have been the same for a second.
    pub fn idle(&self) -> Figures {
        let mut last = self.figures();
        let mut same = 0;
        while same < 20 {
            std::thread::sleep(Duration::from_millis(50));
            let now = self.figures();
            same = if now.uses_no_more_than(&last) && last.uses_no_more_than(&now) { same + 1 } else { 0 };
            last = now;
        }
        last
    }

    /// The figures once the process has no more threads and descriptors than before, or those it has after half a minute.
    pub fn settled(&self, before: Figures) -> Figures {
        let begin = Instant::now();
        loop {
            let now = self.figures();
            if now.uses_no_more_than(&before) || begin.elapsed() > QUIET {
                return now;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

impl Figures {
    /// True if there are no more threads and descriptors.
    pub fn uses_no_more_than(&self, other: &Self) -> bool {
        self.threads <= other.threads && self.descriptors <= other.descriptors
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
