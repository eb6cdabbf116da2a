//! Arguments, output and exit codes.

use crate::migrate::migrate;
use crate::support::terraform::Workspace;

const BEFORE: &str = r#"resource "aws_elasticache_subnet_group" "this" {
  name       = "cache"
  subnet_ids = ["subnet-1"]
}
"#;

const DIFF: &str = r#"--- /dev/null
+++ b/elasticache_moved.tf
@@ -0,0 +1,7 @@
+# Terraform 1.8 and later, and OpenTofu 1.10 and later, move the state of these resources from hashicorp/aws without
+# a change in AWS. Remove this file when every state that has them was applied.
+
+moved {
+  from = aws_elasticache_subnet_group.this
+  to   = elasticache_subnet_group.this
+}
--- a/main.tf
+++ b/main.tf
@@ -1,4 +1,4 @@
-resource "aws_elasticache_subnet_group" "this" {
+resource "elasticache_subnet_group" "this" {
   name       = "cache"
   subnet_ids = ["subnet-1"]
 }
"#;

#[test]
fn without_write_it_prints_a_diff_and_changes_nothing() {
    let workspace = Workspace::offline(BEFORE);
    let run = migrate(&workspace, &[]).succeeds();
    assert_eq!(run.stdout, DIFF);
    assert_eq!(
        run.stderr,
        "1 object in 2 files would be rewritten. Run the command with --write to write them.\n"
    );
    assert_eq!(std::fs::read_to_string(workspace.path().join("main.tf")).unwrap(), BEFORE);
    assert!(!workspace.path().join("elasticache_moved.tf").exists());
}

#[test]
fn with_write_it_lists_the_files_and_a_second_run_finds_nothing() {
    let workspace = Workspace::offline(BEFORE);
    let run = migrate(&workspace, &["--write"]).succeeds();
    assert_eq!(run.stdout, "elasticache_moved.tf\nmain.tf\n");
    assert_eq!(
        run.stderr,
        "Rewrote 1 object in 2 files. Run `terraform init` and `terraform plan`: the plan lists each resource as moved, and no \
         change of AWS.\n"
    );
    let after = BEFORE.replace("aws_", "");
    assert_eq!(std::fs::read_to_string(workspace.path().join("main.tf")).unwrap(), after);
    for arguments in [&["--write"][..], &[]] {
        let run = migrate(&workspace, arguments).succeeds();
        assert_eq!((&*run.stdout, &*run.stderr), ("", "Nothing to rewrite in ..\n"));
    }
    assert_eq!(std::fs::read_to_string(workspace.path().join("main.tf")).unwrap(), after);
}

#[test]
fn a_file_that_does_not_parse_exits_with_1_and_other_modules_are_written() {
    let workspace = Workspace::offline(BEFORE);
    std::fs::create_dir(workspace.path().join("other")).unwrap();
    workspace.write("other/main.tf", BEFORE);
    workspace.write("broken.tf", "locals {\n  a =\n}\n");
    let run = migrate(&workspace, &["--write"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert_eq!(run.stdout, "other/elasticache_moved.tf\nother/main.tf\nother/versions.tf\n");
    let mut lines = run.stderr.lines();
    let module =
        "error: The module in this folder is not rewritten, because one of its files cannot be read.";
    assert_eq!(lines.next(), Some(&*format!(".: {module}")));
    assert!(
        lines.next().is_some_and(|line| line.starts_with("broken.tf:2: error: The file is not valid HCL: ")),
        "{run}"
    );
    assert_eq!(std::fs::read_to_string(workspace.path().join("main.tf")).unwrap(), BEFORE);
}

#[test]
fn wrong_arguments_exit_with_2() {
    let workspace = Workspace::offline("");
    let run = migrate(&workspace, &["--force"]);
    assert_eq!(
        (run.code, &*run.stderr),
        (
            Some(2),
            r#"unknown option "--force"; see migrate --help
"#
        )
    );
    let help = migrate(&workspace, &["--help"]).succeeds();
    assert!(
        help.stdout.starts_with("Usage: terraform-provider-elasticache migrate DIR [--write]\n"),
        "{help}"
    );
    for code in ["  0  ", "  1  ", "  2  "] {
        assert!(help.stdout.contains(code), "{help}");
    }
}
