//! Plans the ID, and warns of the loss of data by a replacement.

use super::attributes::SnapshotModel;
use crate::engine::PlanContext;
use crate::resources::common::{kms, names};

/// Plans `id`, and checks replacements.
pub(super) fn plan(cx: &mut PlanContext<'_, SnapshotModel>) {
    names::plan_lower_id(cx, &cx.planned.name.clone());
    let Some(prior) = cx.prior else { return };
    kms::plan(cx, &cx.config.kms_key_id);
    names::plan_lower_prefix(cx, &prior.aws_name(), &cx.config.name_prefix, &prior.name_prefix);
    let Some(cause) = cx.replacements().into_iter().next() else { return };
    let name = prior.aws_name();
    // With a prefix, the new snapshot has another name.
    let keeps_name = cx.config.name.known().is_some_and(|given| given.to_lowercase() == name);
    let same_name = keeps_name && cx.planned.region == prior.region;
    if prior.bucket().is_some() {
        return;
    }
    if !prior.skip_destroy.is_true() {
        let detail = format!(
            "The change of `{cause}` requires a new snapshot, which has the data at the time of the apply, and the old one \
             is deleted. To keep the old one, set `skip_destroy = true`, apply that first, and use another `name` for the \
             new one."
        );
        cx.diags.warning_at(cause, format!("Snapshot {name:?} will be replaced"), detail);
    } else if same_name {
        let detail = format!(
            "The change of `{cause}` requires a new snapshot, but `skip_destroy = true` keeps the old one, and a name can be \
             used only once. Use another `name`; or, if the old one may be deleted, set `skip_destroy = false` and apply \
             that first."
        );
        cx.diags.error_at(cause, "New snapshot requires another name", detail);
    }
}
