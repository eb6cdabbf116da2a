//! What a user does after a kill: apply again, and follow the instructions of the errors.

use std::collections::BTreeSet;

use crate::chaos::driver::SETTLED;
use crate::fixture::Fixture;
use crate::support::terraform::{Diagnostic, Run};

/// More than the longest chain of resources that depend on each other.
const ROUNDS: usize = 12;

/// Applies until that succeeds. Each error on the way must name the command that imports an existing object; gives the
/// addresses of what was imported.
pub fn recover(fixture: &Fixture) -> Result<BTreeSet<String>, String> {
    let mut imported = BTreeSet::new();
    for _ in 0..ROUNDS {
        let run = fixture.terraform.run(&["apply", "-json", "-auto-approve"]);
        if run.code == Some(0) {
            return Ok(imported);
        }
        let errors: Vec<Diagnostic> = errors(&run);
        if errors.is_empty() {
            return Err(format!("one apply fails without an error: {run}"));
        }
        // An object that AWS still creates is to be awaited.
        fixture.aws.clock().advance(SETTLED);
        // Several errors may name the same import.
        let imports: Result<BTreeSet<_>, _> = errors
            .iter()
            .map(|it| import(it).ok_or_else(|| format!("one apply does not converge: {it}")))
            .collect();
        for (address, id) in imports? {
            let import = fixture.terraform.run(&["import", "-no-color", &address, &id]);
            if import.code != Some(0) {
                return Err(format!("{}The import that this names fails: {import}", words(&run)));
            }
            imported.insert(address);
        }
    }
    Err(format!("{ROUNDS} applies do not converge"))
}

/// The address and the ID of the import that an error instructs to.
fn import(error: &Diagnostic) -> Option<(String, String)> {
    let (_, command) = error.detail.split_once("terraform import ")?;
    let (command, _) = command.split_once(", or by the next apply")?;
    let (address, id) = command.split_once(' ')?;
    // `resource "elasticache_user" "this"`.
    let name = error.block.split('"').nth(3)?;
    let address = address.strip_suffix(".NAME")?;
    (error.block.split('"').nth(1)? == address).then(|| (format!("{address}.{name}"), id.to_owned()))
}

fn errors(run: &Run) -> Vec<Diagnostic> {
    run.diagnostics().into_iter().filter(|it| it.severity == "error").collect()
}

/// The errors of a run.
pub fn words(run: &Run) -> String {
    errors(run).iter().map(|error| format!("{error}\n")).collect()
}
