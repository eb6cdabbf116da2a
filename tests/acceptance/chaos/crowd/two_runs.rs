//! Two runs of the real Terraform at the same time, each with its own state, and one of every object between them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::names::{is_shared, is_unguarded};
use crate::aws_control::{instant, words};
use crate::laws::stack;
use crate::support::terraform::{Diagnostic, Running, Workspace};

fn addresses(workspace: &Workspace) -> BTreeSet<String> {
    workspace.resources().iter().map(|it| it["address"].as_str().unwrap().to_owned()).collect()
}

/// The resources of which a warning says that their objects existed before.
fn warned(run: &[Diagnostic]) -> BTreeSet<String> {
    let told = run.iter().filter(|it| it.severity == "warning" && it.summary.contains("xist"));
    let types = told.filter_map(|it| it.block.split('"').nth(1).map(str::to_owned));
    types.collect()
}

/// Both apply the same configuration at the same time. Each object belongs to one of them, and the errors of the other
/// name the import. After one is destroyed, the other one converges.
#[test]
fn each_object_belongs_to_one_of_two_runs_of_terraform() {
    let fixture = instant(&stack::configuration());
    let other = fixture.workspace(&stack::configuration());
    let apply = ["apply", "-auto-approve", "-json"];
    let runs = [fixture.terraform.start(&apply), other.start(&apply)].map(Running::finish);
    let said = runs.map(|run| run.diagnostics());
    let (ours, theirs) = (addresses(&fixture.terraform), addresses(&other));
    let warned: BTreeSet<String> = said.iter().flat_map(|run| warned(run)).collect();
    for both in ours.intersection(&theirs) {
        let kind = both.split('.').next().unwrap();
        let shared = is_shared(kind) || is_unguarded(kind);
        assert!(shared || warned.contains(kind), "{both} is managed twice without a word: {said:#?}");
    }
    for error in said.iter().flatten().filter(|it| it.severity == "error") {
        let text = words(std::slice::from_ref(error));
        assert!(text.contains("terraform import"), "the error does not name the import: {text}");
    }

    fixture.terraform.destroy();
    let plan = other.plan();
    // Objects that both managed are created again, and those that refer to them follow.
    let removed: Vec<_> =
        plan.actions().into_iter().filter(|(_, action)| action.contains("delete")).collect();
    assert_eq!(removed, [], "a destroy removes nothing of the other configuration");
    other.apply();
    assert_eq!(addresses(&other).len(), stack::PARTS.len());
    // The primary of the global datastore was created before it, and is read with its membership now.
    other.apply();
    other.assert_unchanged();
    other.destroy();
    assert_eq!(other.resources(), [] as [Value; 0]);
    fixture.destroyed();
}
