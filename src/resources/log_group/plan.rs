//! Plans the retention, and checks replacements and deletions.

use super::attributes::{DELIVERY, DELIVERY_DAYS, LogGroupModel};
use crate::diag::Diagnostics;
use crate::engine::PlanContext;
use crate::resources::common::names;
use crate::value::{Field, Path};

/// AWS retains the events of a log group of class DELIVERY for two days.
fn retention_of_delivery(cx: &mut PlanContext<'_, LogGroupModel>) {
    if cx.config.log_group_class.is_unknown() && cx.config.retention_in_days.is_null() {
        cx.set_unknown("retention_in_days");
    }
    if cx.planned.log_group_class.text() != Some(DELIVERY) {
        return;
    }
    match (&cx.config.retention_in_days, cx.prior.map(|prior| &prior.retention_in_days)) {
        (Field::Null, _) => cx.set("retention_in_days", DELIVERY_DAYS),
        (Field::Known(days), prior)
            if *days != DELIVERY_DAYS && (prior.is_none() || cx.changed("retention_in_days")) =>
        {
            let detail = format!(
                "`retention_in_days` is {days}, but AWS retains the events of a log group of class DELIVERY for \
                 {DELIVERY_DAYS} days. Remove `retention_in_days`, or use another `log_group_class`."
            );
            cx.diags.warning_at(
                Path::attribute("retention_in_days"),
                "retention_in_days has no effect",
                detail,
            );
        }
        _ => {}
    }
}

/// Plans `id` and the retention, and checks replacements.
pub(super) fn plan(cx: &mut PlanContext<'_, LogGroupModel>) {
    retention_of_delivery(cx);
    let Some(prior) = cx.prior else {
        let name = cx.planned.name.clone();
        cx.set("id", name);
        return;
    };
    let prefix = cx.config.name_prefix.clone();
    names::plan_prefix(cx, prior.name(), &prefix, &prior.name_prefix);
    let Some(cause) = cx.replacements().into_iter().next() else { return };
    let name = prior.name();
    let summary = format!("Log group {name:?} will be replaced");
    if prior.deletion_protection_enabled.is_true() {
        protected(prior, cause, diags(cx));
    } else if !prior.skip_destroy.is_true() {
        let detail = format!(
            "The change of `{cause}` requires a new log group, and the old one is deleted with all its events. To keep them, \
             set `skip_destroy = true` and apply that first."
        );
        cx.diags.warning_at(cause, summary, detail);
    } else if cx.config.name.text() == Some(name) && cx.planned.region == prior.region {
        let detail = format!(
            "The change of `{cause}` requires a new log group, but `skip_destroy = true` keeps the old one, and a name can be \
             used only once. Use another `name`; or, if the events may be deleted, set `skip_destroy = false` and apply that \
             first."
        );
        cx.diags.error_at(cause, "New log group requires another name", detail);
    }
}

fn diags<'c>(cx: &'c mut PlanContext<'_, LogGroupModel>) -> &'c mut Diagnostics {
    &mut cx.diags
}

/// An error if a protected log group is planned for destruction.
pub(super) fn destroy(prior: &LogGroupModel, diags: &mut Diagnostics) {
    if prior.deletion_protection_enabled.is_true() && !prior.skip_destroy.is_true() {
        protected(prior, Path::attribute("deletion_protection_enabled"), diags);
    }
}

fn protected(prior: &LogGroupModel, at: Path, diags: &mut Diagnostics) {
    diags.error_at(
        at,
        "Log group is protected from deletion",
        format!(
            "Log group {:?} has `deletion_protection_enabled = true`, and AWS refuses to delete it. To destroy or replace it, \
             set `deletion_protection_enabled = false` and apply that first. To keep it, set `skip_destroy = true`.",
            prior.name()
        ),
    );
}
