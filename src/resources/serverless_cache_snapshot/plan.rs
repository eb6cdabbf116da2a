//! Planning a snapshot of a serverless cache.

use super::attributes::ServerlessCacheSnapshotModel;
use crate::engine::PlanContext;
use crate::resources::common::{kms, names};

/// Plans the ID, and reports data that a replacement loses.
pub(super) fn plan(cx: &mut PlanContext<'_, ServerlessCacheSnapshotModel>) {
    names::plan_lower_id(cx, &cx.planned.name.clone());
    let Some(prior) = cx.prior else { return };
    kms::plan(cx, &cx.config.kms_key_id);
    let Some(cause) = cx.replacements().into_iter().next() else { return };
    let name = prior.aws_name();
    let has_same_name = cx.planned.aws_name() == name && cx.planned.region == prior.region;
    if !prior.skip_destroy.is_true() {
        let detail = format!(
            "The change of `{cause}` requires a new snapshot, of the data as it is then, and snapshot {name:?} is deleted. To \
             retain it, set `skip_destroy = true` and apply that first, and give the new one another `name`."
        );
        cx.diags.warning_at(cause, "Snapshot will be replaced", detail);
    } else if has_same_name {
        let detail = format!(
            "The change of `{cause}` requires a new snapshot, but with `skip_destroy = true` snapshot {name:?} is retained, \
             and AWS accepts each name once. Set another `name`; or, if the data may be deleted, set `skip_destroy = false` \
             and apply that first."
        );
        cx.diags.error_at(cause, "Name of the new snapshot is taken", detail);
    }
}
