//! The arguments of the command, what it prints, and its exit codes.

use std::ffi::OsString;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::rewrite::catalog::Catalog;
use super::rewrite::finding::Level;
use super::rewrite::{self, Migration};
use super::{diff, offered, write};
use crate::plugin::Answer;

/// Name of the command.
pub const NAME: &str = "migrate";

/// Its arguments, and what it does.
pub const SUMMARY: (&str, &str) =
    ("DIR [--write]", "rewrite the configurations in DIR that manage caches with hashicorp/aws");

const HELP: &str = "\
Usage: terraform-provider-elasticache migrate DIR [--write]

Rewrites the configurations in DIR and in the folders below it that manage caches with hashicorp/aws: the types of
resources and data sources, what refers to them, provider requirements and provider blocks. It adds a `moved` block
for each resource. Comments and formatting stay as they are. States are neither read nor changed.

Without --write, it prints the changes as a diff and writes nothing. What remains to be done, and what differs by
design, goes to standard error as `path:line: level: text`.

Options:
  --write  write the changes
  --help   print this text and exit

Exit codes:
  0  the changes were printed or written, or there are none
  1  a file or folder could not be read, parsed or written; other modules were migrated
  2  the arguments are wrong
";

/// The end of an error about arguments.
const SEE_HELP: &str = "see migrate --help";

const FAILURE: u8 = 1;
const USAGE: u8 = 2;

/// What the command is asked to do.
#[derive(Debug, PartialEq, Eq)]
enum Request {
    Help,
    Migrate { folder: PathBuf, write: bool },
    Wrong(String),
}

/// Runs the command.
pub fn run(arguments: &[OsString]) -> Answer {
    match parse(arguments) {
        Request::Help => Answer { stdout: HELP.to_owned(), ..Answer::default() },
        Request::Wrong(reason) => {
            Answer { stderr: format!("{reason}; {SEE_HELP}\n"), code: USAGE, ..Answer::default() }
        }
        Request::Migrate { folder, write } => migrate(&folder, write, &offered::catalog()),
    }
}

/// Understands one or two leading dashes, as the other arguments of the program.
fn parse(arguments: &[OsString]) -> Request {
    let (mut folder, mut write) = (None, false);
    for argument in arguments {
        let text = argument.to_string_lossy();
        match text.strip_prefix("--").or_else(|| text.strip_prefix('-')) {
            Some("help" | "h") => return Request::Help,
            Some("write") => write = true,
            Some(_) => return Request::Wrong(format!("unknown option {text:?}")),
            None if folder.is_some() => return Request::Wrong(format!("unexpected argument {text:?}")),
            None => folder = Some(PathBuf::from(argument)),
        }
    }
    match folder {
        Some(folder) => Request::Migrate { folder, write },
        None => Request::Wrong("the folder to migrate is missing".to_owned()),
    }
}

fn migrate(folder: &Path, write: bool, catalog: &Catalog) -> Answer {
    let migration = match rewrite::migrate(folder, catalog) {
        Ok(migration) => migration,
        Err(error) => return failed(format!("cannot read {}: {error}\n", folder.display())),
    };
    let mut stderr: String = migration.findings.iter().map(|finding| format!("{finding}\n")).collect();
    if !stderr.is_empty() {
        stderr.push('\n');
    }
    let has_error = migration.findings.iter().any(|finding| finding.level == Level::Error);
    let code = if has_error { FAILURE } else { 0 };
    if write && let Err(error) = write::write(folder, &migration.files) {
        return failed(format!("{stderr}{error}\n"));
    }
    let stdout = match write {
        true => migration.files.iter().map(|file| format!("{}\n", file.path.display())).collect(),
        false => migration.files.iter().map(diff::unified).collect(),
    };
    stderr.push_str(&summary(folder, write, &migration));
    Answer { stdout, stderr, code }
}

fn failed(stderr: String) -> Answer {
    Answer { stderr, code: FAILURE, ..Answer::default() }
}

/// What was done, and what comes next.
fn summary(folder: &Path, write: bool, migration: &Migration) -> String {
    if migration.files.is_empty() {
        return format!("Nothing to rewrite in {}.\n", folder.display());
    }
    let objects = count(migration.objects, "object");
    let files = count(migration.files.len(), "file");
    let mut text = String::new();
    // A write to a string does not fail.
    let _ = if write {
        writeln!(
            text,
            "Rewrote {objects} in {files}. Run `terraform init` and `terraform plan`: the plan lists each resource as moved, and \
             no change of AWS."
        )
    } else {
        writeln!(text, "{objects} in {files} would be rewritten. Run the command with --write to write them.")
    };
    text
}

fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(texts: &[&str]) -> Vec<OsString> {
        texts.iter().map(OsString::from).collect()
    }

    #[test]
    fn arguments_come_in_any_order() {
        let migrate = |write| Request::Migrate { folder: "a".into(), write };
        assert_eq!(parse(&arguments(&["a"])), migrate(false));
        assert_eq!(parse(&arguments(&["a", "--write"])), migrate(true));
        assert_eq!(parse(&arguments(&["-write", "a"])), migrate(true));
        assert_eq!(parse(&arguments(&["a", "--help"])), Request::Help);
    }

    #[test]
    fn wrong_arguments_exit_with_2_and_say_why() {
        for (given, reason) in [
            (&["--write"][..], "the folder to migrate is missing"),
            (&["a", "b"][..], "unexpected argument \"b\""),
            (&["a", "--force"][..], "unknown option \"--force\""),
        ] {
            let answer = run(&arguments(given));
            assert_eq!((answer.code, answer.stderr), (2, format!("{reason}; see migrate --help\n")));
            assert_eq!(answer.stdout, "");
        }
    }

    #[test]
    fn a_folder_that_does_not_exist_exits_with_1() {
        let answer = run(&arguments(&["/does/not/exist"]));
        assert_eq!(answer.code, 1);
        assert!(answer.stderr.starts_with("cannot read /does/not/exist: "), "{}", answer.stderr);
    }
}
