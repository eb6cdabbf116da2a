//! The table of the documents, and what holds for all modules.

use std::fs;

use super::{examples, readme};
use crate::support::documents;

const MODULES: [&str; 5] =
    ["redis-unit", "redis-simple", "securebase-elasticache", "koneksi-elasticache", "revrx-redis"];

#[test]
fn every_statement_of_the_documents_is_proven_and_every_difference_is_said() {
    documents::assert_complete();
}

#[test]
fn examples_readme_counts_the_statements() {
    documents::assert_counted();
}

/// The arguments of a replication group or a secret that an error or a warning of the provider
/// tells a user to set.
const ADVISED: &[&str] = &[
    "allow_engine_replacement",
    "apply_immediately",
    "auth_token_update_strategy",
    "auto_minor_version_upgrade",
    "deletion_protection",
    "engine",
    "engine_version",
    "final_snapshot_identifier",
    "maintenance_window",
    "node_type",
    "recovery_window_in_days",
    "restore_deleted",
    "snapshot_name",
    "snapshot_retention_limit",
    "snapshot_window",
    "transit_encryption_mode",
];

#[test]
fn what_the_provider_advises_is_an_input_or_in_the_readme() {
    for module in MODULES {
        let variables = fs::read_to_string(examples().join("modules").join(module).join("variables.tf"));
        let (variables, readme) = (variables.unwrap(), readme(module));
        let (_, fixed) = readme.split_once("\n## Fixed arguments\n").unwrap_or(("", ""));
        let fixed = fixed.split("\n## ").next().unwrap();
        for argument in ADVISED {
            let is_input = variables.contains(&format!(
                r#"
variable "{argument}" {{"#
            ));
            let is_said = fixed.contains(&format!("`{argument}`"));
            assert!(is_input != is_said, r#"{module}: {argument} is an input or under "Fixed arguments""#);
        }
        for argument in ["alarm_actions", "notification_topic_arn"] {
            assert!(
                variables.contains(&format!(
                    r#"
variable "{argument}" {{"#
                )),
                "{module}: {argument}"
            );
        }
    }
}

/// The README names every input and every output of its module.
#[test]
fn readmes_name_all_inputs_and_outputs() {
    for module in MODULES {
        let text = readme(module);
        for (file, block) in [("variables.tf", "variable"), ("outputs.tf", "output")] {
            let source = fs::read_to_string(examples().join("modules").join(module).join(file)).unwrap();
            let names = source.lines().filter_map(|line| line.strip_prefix(&format!(r#"{block} ""#)));
            for name in names.map(|rest| rest.split('"').next().unwrap()) {
                assert!(text.contains(&format!("`{name}`")), "{module}: {block} {name} is not in the README");
            }
        }
    }
}
