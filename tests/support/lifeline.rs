//! Programs in the background that never outlive the tests.

use std::ffi::OsStr;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Runs a program until standard input ends, which it does when this process is
/// no more, also after a panic or SIGKILL; then removes the program and its files.
const LIFELINE: &str = r#"
"$0" "$@" >program.log 2>&1 &
cat >/dev/null
kill -KILL $!
wait $! 2>/dev/null
rm -rf "$PWD"
"#;

/// Where the program in [`command`] writes both its streams, in its directory.
pub const LOG: &str = "program.log";

/// The command that runs `program` in `directory`, which is removed with it, and
/// with nothing of the user's environment. The program ends when the standard input
/// of the spawned child is dropped.
pub fn command<A: AsRef<OsStr>>(
    program: &Path,
    arguments: impl IntoIterator<Item = A>,
    directory: &Path,
) -> Command {
    let mut command = Command::new("sh");
    command
        .args(["-c", LIFELINE])
        .arg(program)
        .args(arguments)
        .current_dir(directory)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", directory)
        .env("TMPDIR", directory)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // Ctrl-C in the terminal is for the tests; the lifeline does the rest.
        .process_group(0);
    command
}

/// A file of the virtual environment that `make venv` makes.
pub fn in_venv(path: &str) -> PathBuf {
    let venv = std::env::var_os("LOCAL_AWS_VENV")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/venv"), PathBuf::from);
    let file = venv.join(path);
    assert!(file.exists(), "Missing: {}. Run make venv, or say LOCAL_AWS_VENV.", file.display());
    file
}

/// A program on the PATH.
pub fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).map(|place| place.join(name)).find(|file| file.is_file())
}
