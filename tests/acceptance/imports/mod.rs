//! Imports: an object that exists is brought under management, and a plan with the matching
//! configuration, or with the one that Terraform generates, changes nothing.

mod alarms;
mod generated;
mod security_group;
mod spellings;
mod user_groups;

use crate::fixture::Fixture;
use crate::support::terraform::Workspace;

/// `import` blocks: address and ID of each object.
fn blocks<'a>(imports: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    imports.into_iter().map(|(to, id)| format!("import {{\n  to = {to}\n  id = {id:?}\n}}\n")).collect()
}

/// A workspace with an empty state, this configuration, and these imports.
fn importing<'a>(
    fixture: &Fixture,
    configuration: &str,
    imports: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Workspace {
    fixture.workspace(&format!("{configuration}\n{}", blocks(imports)))
}
