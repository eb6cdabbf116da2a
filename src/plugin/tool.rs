//! Commands that a person runs by hand, besides serving a host.

use std::ffi::OsString;

/// A command of the program. It is run by its name, without dashes.
#[derive(Debug, Clone, Copy)]
pub struct Tool {
    /// Its name, the first argument of the program.
    pub name: &'static str,
    /// Its arguments, and what it does in one line, for `--help`.
    pub summary: (&'static str, &'static str),
    /// Runs it with the arguments that follow its name.
    pub run: fn(&[OsString]) -> Answer,
}

/// What a command prints, and how it ends.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// Text for standard output.
    pub stdout: String,
    /// Text for standard error.
    pub stderr: String,
    /// Exit code.
    pub code: u8,
}
