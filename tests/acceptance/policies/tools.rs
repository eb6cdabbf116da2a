//! Runs the three forms of the policies.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::support::lifeline;
use crate::support::terraform::Workspace;
pub use crate::support::terraform::skipped;

/// An address, and the ID of the rule that it violates.
pub type Finding = (String, String);

/// What Rego or Python prints for a plan.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Answer {
    pub denied: BTreeSet<String>,
    pub excepted: BTreeSet<String>,
}

impl Answer {
    /// The findings that are not excepted.
    pub fn findings(&self) -> BTreeSet<Finding> {
        self.denied.iter().map(|text| finding(text)).collect()
    }
}

/// The address and the rule of `ADDRESS: text (RULE)`.
#[track_caller]
fn finding(text: &str) -> Finding {
    let (address, _) = text.split_once(": ").unwrap_or_else(|| panic!("no address: {text}"));
    let rule = text.strip_suffix(')').and_then(|text| text.rsplit('(').next());
    (address.to_owned(), rule.unwrap_or_else(|| panic!("no rule: {text}")).to_owned())
}

pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/policies")
}

/// The exceptions that are shipped, which are none.
pub fn no_exceptions() -> PathBuf {
    folder().join("exceptions.json")
}

/// Plans the configuration of a workspace, and leaves the plan in `plan.json`.
#[track_caller]
pub fn planned(workspace: &Workspace) -> PathBuf {
    workspace.run(&["plan", "-out=plan.bin"]).succeeds();
    let observed = workspace.run(&["show", "-json", "plan.bin"]).succeeds();
    workspace.write("plan.json", &observed.stdout);
    workspace.path().join("plan.json")
}

/// What every installed form but checkov prints, which must be the same.
#[track_caller]
pub fn answer(plan: &Path, exceptions: &Path) -> Answer {
    let answer = by_python(plan, exceptions);
    if let Some(other) = by_rego(plan, exceptions) {
        assert_eq!(other, answer, "Rego, and Python");
    }
    answer
}

#[track_caller]
pub fn by_python(plan: &Path, exceptions: &Path) -> Answer {
    let mut command = Command::new(lifeline::in_venv("bin/python"));
    let output = run(command.arg(folder().join("check.py")).arg(plan).arg(exceptions));
    let lines: BTreeSet<String> = text(&output.stdout).lines().map(str::to_owned).collect();
    let (excepted, denied): (BTreeSet<_>, _) =
        lines.into_iter().partition(|line| line.starts_with("excepted: "));
    assert_eq!(output.status.code(), Some(i32::from(!denied.is_empty())), "{}", text(&output.stderr));
    Answer { denied, excepted }
}

/// `None` where neither conftest nor OPA is installed.
#[track_caller]
pub fn by_rego(plan: &Path, exceptions: &Path) -> Option<Answer> {
    if let Some(conftest) = installed("CONFTEST", "conftest") {
        let mut command = Command::new(conftest);
        command.args(["test", "--output", "json", "--policy"]).arg(folder().join("rego"));
        let output = run(command.arg("--data").arg(exceptions).arg(plan));
        let result = &json(&output)[0];
        let answer =
            Answer { denied: texts(&result["failures"], "msg"), excepted: texts(&result["warnings"], "msg") };
        assert_eq!(output.status.code(), Some(i32::from(!answer.denied.is_empty())));
        return Some(answer);
    }
    let Some(opa) = lifeline::on_path("opa") else {
        skipped("the policies in Rego", "neither conftest nor opa is on the PATH; CONFTEST names one");
        return None;
    };
    let mut command = Command::new(opa);
    command.args(["eval", "--format", "json", "--data"]).arg(folder().join("rego"));
    let output = run(command.arg("--data").arg(exceptions).arg("--input").arg(plan).arg("data.main"));
    let result = &json(&output)["result"][0]["expressions"][0]["value"];
    Some(Answer { denied: texts(&result["deny"], ""), excepted: texts(&result["warn"], "") })
}

/// `None` where checkov is not installed.
#[track_caller]
pub fn by_checkov(plan: &Path) -> Option<BTreeSet<Finding>> {
    let checkov = checkov()?;
    let programs = lifeline::in_venv("bin");
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap_or_default());
    let mut command = Command::new("bash");
    command.arg(folder().join("checkov.sh")).arg(plan).args(["--output", "json"]);
    let output = run(command.env("PATH", path).env("CHECKOV", checkov));
    let result = json(&output);
    // Where checkov judged nothing, its answer has no results.
    let failed = result["results"]["failed_checks"].as_array().unwrap_or_else(|| panic!("{result}"));
    let string = |value: &Value| value.as_str().unwrap().to_owned();
    let found: BTreeSet<Finding> =
        failed.iter().map(|check| (string(&check["resource"]), string(&check["check_id"]))).collect();
    assert_eq!(output.status.code(), Some(i32::from(!found.is_empty())), "{}", text(&output.stderr));
    Some(found)
}

/// checkov by `CHECKOV`, on the PATH, or where `make checkov` installs it. Says when there is none.
pub fn checkov() -> Option<PathBuf> {
    let created = lifeline::in_venv("bin").join("../../checkov/bin/checkov");
    let found = installed("CHECKOV", "checkov").or_else(|| created.is_file().then_some(created));
    if found.is_none() {
        skipped(
            "the policies of checkov",
            "it is not on the PATH; make checkov installs it, CHECKOV names it",
        );
    }
    found
}

/// A program that a variable of the environment names, or that is on the PATH.
fn installed(variable: &str, program: &str) -> Option<PathBuf> {
    let named = std::env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from);
    if let Some(path) = &named {
        assert!(path.is_file(), "{variable} names {}, which is no file", path.display());
    }
    named.or_else(|| lifeline::on_path(program))
}

fn run(command: &mut Command) -> Output {
    command.stdin(Stdio::null()).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[track_caller]
fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}{}", text(&output.stdout), text(&output.stderr)))
}

/// The texts in a list, or those of a key of the objects in it.
fn texts(list: &Value, key: &str) -> BTreeSet<String> {
    let string = |item: &Value| if key.is_empty() { item } else { &item[key] }.as_str().unwrap().to_owned();
    list.as_array().into_iter().flatten().map(string).collect()
}
