//! Alarms that replace others of the same name in one Terraform run.

use crate::engine::Context;
use crate::resources::common::alarm::ALARM;

/// The names except those of alarms that this run created: deleting one of these would delete the successor.
pub(super) async fn not_created_in_this_run(cx: &Context<'_>, names: &[String]) -> Vec<String> {
    let mut names_to_delete = Vec::new();
    for name in names {
        if !cx.has_successor(&cx.key(ALARM, name).await) {
            names_to_delete.push(name.clone());
        }
    }
    names_to_delete
}
