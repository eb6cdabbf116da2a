//! The modules' own tests, which users run with `terraform test`.

use std::fs;

use super::{examples, using};
use crate::support::terraform::{Run, Workspace};

/// How many runs of `terraform test` passed; none may have failed.
fn passed(run: &Run) -> usize {
    let line =
        run.stdout.lines().find(|line| line.starts_with("Success! ")).unwrap_or_else(|| panic!("{run}"));
    assert!(line.ends_with(" passed, 0 failed."), "{line}");
    line["Success! ".len()..].split(' ').next().unwrap().parse().unwrap()
}

/// Every module has tests that plan, and need no AWS.
#[test]
fn every_module_has_tests_that_pass_without_aws() {
    let mut modules = 0;
    for entry in fs::read_dir(examples().join("modules")).unwrap().map(Result::unwrap) {
        let workspace = Workspace::offline("");
        fs::remove_file(workspace.path().join("versions.tf")).unwrap();
        workspace.copy(&entry.path(), "");
        let tests = fs::read_to_string(workspace.path().join("tests/plan.tftest.hcl")).unwrap();
        let run = workspace.run(&["test", "-no-color", "-filter=tests/plan.tftest.hcl"]).succeeds();
        assert_eq!(
            passed(&run),
            tests
                .matches(
                    r#"
run ""#
                )
                .count(),
            "{run}"
        );
        modules += 1;
    }
    assert!(modules >= 5, "{modules} modules");
}

/// The one that creates a cache destroys it.
#[test]
fn redis_simple_is_applied_and_destroyed() {
    let fixture = using("redis-simple", "");
    let run = fixture.terraform.run(&["-chdir=modules/redis-simple", "test", "-no-color"]).succeeds();
    assert_eq!(passed(&run), 6);
    assert_eq!(fixture.aws.calls("elasticache", "CreateReplicationGroup").len(), 1);
    assert_eq!(fixture.aws.calls("elasticache", "DeleteReplicationGroup").len(), 1);
}
