//! Wrong configurations, and the messages they get.
//!
//! `tests/errors/NAME.tf` is a configuration, `NAME.txt` beside it what Terraform
//! says of it. `BLESS=1 cargo nextest run errors` writes the texts anew: read the
//! difference before you keep it, it is what users will read.

use std::path::Path;

use crate::support::terraform::{Diagnostic, Workspace, is_opentofu};

/// `validate` finds these.
macro_rules! at_validate {
    ($($name:ident),* $(,)?) => {
        $(#[test]
        fn $name() {
            check(stringify!($name), Workspace::validate);
        })*
    };
}

/// Only `plan` finds these, among them each warning; `validate` finds nothing.
macro_rules! at_plan {
    ($($name:ident),* $(,)?) => {
        $(#[test]
        fn $name() {
            check(stringify!($name), |terraform| {
                assert_eq!(terraform.validate(), []);
                terraform.plan_fails()
            });
        })*
    };
}

/// Only a plan warns of these, and it succeeds.
macro_rules! warned_at_plan {
    ($($name:ident),* $(,)?) => {
        $(#[test]
        fn $name() {
            check(stringify!($name), |terraform| {
                assert_eq!(terraform.validate(), []);
                terraform.plan().diagnostics
            });
        })*
    };
}

at_validate!(
    alarm_set,
    auth_token_secret,
    connection_secret,
    data_sources,
    log_group,
    metric_alarm,
    parameter_group,
    provider_block,
    replication_group,
    security_group,
    serverless_cache,
    serverless_cache_snapshot,
    snapshot,
    ssm_url,
    subnet_group,
    user,
    user_group,
);
at_plan!(connection_secret_plan, parameter_group_plan, ssm_url_parts, user_group_plan, user_plan);
warned_at_plan!(alarm_set_plan, log_group_plan, metric_alarm_plan);

fn check(name: &str, diagnose: impl Fn(&Workspace) -> Vec<Diagnostic>) {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/errors");
    let configuration = std::fs::read_to_string(directory.join(format!("{name}.tf"))).unwrap();
    let mut diagnostics = diagnose(&Workspace::offline(&configuration));
    // Terraform goes through resources, and through what a block lacks, in any order.
    diagnostics.sort_by_key(|diagnostic| (diagnostic.number, diagnostic.to_string()));
    let found = diagnostics.iter().map(|diagnostic| format!("{diagnostic}\n")).collect::<Vec<_>>().join("\n");
    // OpenTofu adds what was given to its own message.
    let found = match is_opentofu() {
        true => found.replace(": object required, but have string.", ": object required."),
        false => found,
    };
    let file = directory.join(format!("{name}.txt"));
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&file, &found).unwrap();
    }
    let expected = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(found, expected, "the messages of tests/errors/{name}.tf");
}
