//! A provider in debug mode, to which Terraform attaches instead of starting one.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::recorder::Recorder;
use super::terraform::BINARY;

/// Variable that tells Terraform and OpenTofu where the provider listens.
pub const VARIABLE: &str = "TF_REATTACH_PROVIDERS";

/// Ends its process group when this process is no more, also after a panic or SIGKILL.
static GROUP: LazyLock<Child> = LazyLock::new(|| {
    let mut shell = Command::new("sh");
    shell.args(["-c", "cat >/dev/null; kill -KILL 0"]).process_group(0).stdin(Stdio::piped());
    shell.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
});

/// A running provider; killed when dropped.
pub struct Attached {
    /// Value of [`VARIABLE`].
    pub address: String,
    /// The same, for a host whose calls are recorded.
    pub recorded_address: String,
    pub recorder: Recorder,
    /// The environment with which it was started.
    pub variables: BTreeMap<String, String>,
    pub socket: PathBuf,
    process: Child,
    /// Holds the sockets, which a killed provider leaves behind.
    _sockets: TempDir,
}

impl Attached {
    /// With the environment and in the directory that Terraform would start it with and in.
    pub fn start(variables: &BTreeMap<String, String>, directory: &Path) -> Self {
        let sockets = tempfile::tempdir().unwrap();
        let mut process = Command::new(BINARY)
            .arg("--debug")
            .current_dir(directory)
            .env_clear()
            .envs(variables)
            .env("TMPDIR", sockets.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(GROUP.id().cast_signed())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
        let prefix = format!("{VARIABLE}='");
        let address =
            lines.find_map(|line| Some(line.trim().strip_prefix(&prefix)?.strip_suffix('\'')?.to_owned()));
        let address = address.expect("a line with the address");
        let mut entries: BTreeMap<String, Value> = serde_json::from_str(&address).unwrap();
        let text = |entry: &Value| PathBuf::from(entry["Addr"]["String"].as_str().unwrap());
        let socket = entries.values().map(text).next().unwrap();
        let recorder = Recorder::start(sockets.path().join("recorded"), socket.clone());
        for entry in entries.values_mut() {
            entry["Addr"]["String"] = json!(recorder.socket);
        }
        Self {
            address,
            recorded_address: json!(entries).to_string(),
            recorder,
            variables: variables.clone(),
            socket,
            process,
            _sockets: sockets,
        }
    }
}

impl Drop for Attached {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
