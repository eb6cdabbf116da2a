//! Alarms that replace others of the same name in one run of Terraform.

use crate::engine::Context;
use crate::resources::common::alarm::ALARM;

/// The names without those of alarms that this run of Terraform has created: to delete one of
/// them would delete the successor.
pub(super) async fn not_created_in_this_run(cx: &Context<'_>, names: &[String]) -> Vec<String> {
    let mut left = Vec::new();
    for name in names {
        if !cx.was_made(&cx.key(ALARM, name).await) {
            left.push(name.clone());
        }
    }
    left
}
