//! The command `migrate` of the built provider, on configurations of hashicorp/aws in the shapes that
//! public modules have. What it writes is read by the real Terraform.

mod command;
mod shapes;
mod states;

use std::path::Path;

use crate::support::terraform::{BINARY, Run, Workspace};

/// Types that the command rewrites, and what they become.
const TYPES: [(&str, &str); 9] = [
    ("aws_cloudwatch_log_group", "elasticache_log_group"),
    ("aws_cloudwatch_metric_alarm", "elasticache_metric_alarm"),
    ("aws_elasticache_parameter_group", "elasticache_parameter_group"),
    ("aws_elasticache_replication_group", "elasticache_replication_group"),
    ("aws_elasticache_serverless_cache", "elasticache_serverless_cache"),
    ("aws_elasticache_subnet_group", "elasticache_subnet_group"),
    ("aws_elasticache_user", "elasticache_user"),
    ("aws_elasticache_user_group", "elasticache_user_group"),
    ("aws_elasticache_user_group_association", "elasticache_user_group_association"),
];

/// Runs the command on the folder of a workspace.
fn migrate(workspace: &Workspace, arguments: &[&str]) -> Run {
    workspace.program(Path::new(BINARY), &[&["migrate", "."], arguments].concat())
}

/// A configuration of this provider as it is with hashicorp/aws.
fn with_aws(text: &str) -> String {
    TYPES.iter().fold(text.to_owned(), |text, (theirs, ours)| {
        text.replace(&format!("{ours:?}"), &format!("{theirs:?}"))
            .replace(&format!("{ours}."), &format!("{theirs}."))
    })
}
