//! What is checked and said before anything is done.

use super::model::{DELIVERY, LogGroupModel};
use crate::diag::Diagnostics;
use crate::engine::PlanContext;
use crate::resources::naming;
use crate::value::Path;

/// What the schema cannot say.
pub(super) fn validate(config: &LogGroupModel, diags: &mut Diagnostics) {
    naming::required("A log group", &config.name, &config.name_prefix, diags);
    let days = config.retention_in_days.known().copied().unwrap_or(0);
    if config.log_group_class.text() == Some(DELIVERY) && days != 0 {
        diags.error_at(
            Path::attribute("retention_in_days"),
            "Invalid retention_in_days",
            "AWS keeps the events of a log group of class DELIVERY for two days and passes over every other retention; \
             remove retention_in_days, or choose another log_group_class.",
        );
    }
}

/// The id, replacements, and a word about events that would be lost.
pub(super) fn plan(cx: &mut PlanContext<'_, LogGroupModel>) {
    let Some(prior) = cx.prior else {
        let name = cx.planned.name.clone();
        cx.set("id", name);
        return;
    };
    if cx.changed("name_prefix") && !naming::keeps(prior.name(), &cx.config.name_prefix) {
        cx.replace("name_prefix");
    }
    let Some(cause) = cx.replacements().into_iter().next() else { return };
    let name = prior.name();
    let summary = format!("Log group {name:?} will be replaced");
    if prior.deletion_protection_enabled.is_true() {
        protected(prior, cause, diags(cx));
    } else if !prior.skip_destroy.is_true() {
        let detail = format!(
            "The change of {cause} needs a new log group; the old one is deleted with all its events. To keep them, set \
             skip_destroy = true and apply that first."
        );
        cx.diags.warning_at(cause, summary, detail);
    } else if cx.config.name.text() == Some(name) && cx.planned.region == prior.region {
        let detail = format!(
            "The change of {cause} needs a new log group, but with skip_destroy = true the old one stays, and AWS has a \
             name only once. Choose another name; or, if the events may go, set skip_destroy = false and apply that first."
        );
        cx.diags.error_at(cause, "The new log group would have the name of the old one", detail);
    }
}

fn diags<'c>(cx: &'c mut PlanContext<'_, LogGroupModel>) -> &'c mut Diagnostics {
    &mut cx.diags
}

/// What is to be said of a planned destroy.
pub(super) fn destroy(prior: &LogGroupModel, diags: &mut Diagnostics) {
    if prior.deletion_protection_enabled.is_true() && !prior.skip_destroy.is_true() {
        protected(prior, Path::attribute("deletion_protection_enabled"), diags);
    }
}

fn protected(prior: &LogGroupModel, at: Path, diags: &mut Diagnostics) {
    diags.error_at(
        at,
        "The log group is protected from deletion",
        format!(
            "Log group {:?} has deletion_protection_enabled = true, and AWS refuses to delete it. To destroy or replace \
             it, set deletion_protection_enabled = false and apply first; to leave it there, set skip_destroy = true.",
            prior.name()
        ),
    );
}
