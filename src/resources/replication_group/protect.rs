//! Keeping data: deletion protection, and a word about data that would be lost.

use super::model::ReplicationGroupModel;
use crate::diag::Diagnostics;
use crate::engine::PlanContext;
use crate::value::Path;

/// What is to be said of a planned destroy.
pub(super) fn destroy(prior: &ReplicationGroupModel, diags: &mut Diagnostics) {
    let id = prior.group_id();
    if prior.deletion_protection.is_true() {
        diags.error_at(
            Path::attribute("deletion_protection"),
            "The group is protected from deletion",
            format!(
                "Replication group {id:?} has deletion_protection = true. To destroy it, set deletion_protection = false and \
                 apply first."
            ),
        );
    } else if loses_snapshots(prior) {
        diags.warning_at(
            Path::attribute("final_snapshot_identifier"),
            "No final snapshot",
            format!(
                "Replication group {id:?} takes daily snapshots, which AWS deletes with it, and final_snapshot_identifier is \
                 not set: its data will be lost. To keep it, set final_snapshot_identifier and apply before destroying."
            ),
        );
    }
}

/// What is to be said of a planned replacement, which destroys the group too.
pub(super) fn replacement(cx: &mut PlanContext<'_, ReplicationGroupModel>, prior: &ReplicationGroupModel) {
    let Some(cause) = cx.replacements().into_iter().next() else { return };
    let (id, name) = (prior.group_id(), cause.to_string());
    if prior.deletion_protection.is_true() {
        cx.diags.error_at(
            cause,
            "The group is protected from deletion",
            format!(
                "The change of {name} needs a new replication group in the place of {id:?}, which has deletion_protection = \
                 true. Take the change back; or, if the group may go, set deletion_protection = false and apply that first."
            ),
        );
    } else if loses_snapshots(prior) {
        cx.diags.warning_at(
            cause,
            "The group will be replaced without a final snapshot",
            format!(
                "The change of {name} needs a new replication group in the place of {id:?}. Its daily snapshots go with it, \
                 and final_snapshot_identifier is not set: its data will be lost. To keep it, set final_snapshot_identifier \
                 and apply that first."
            ),
        );
    }
}

/// True when the user wants snapshots and a delete would leave none. AWS deletes the
/// automatic ones with their group.
fn loses_snapshots(prior: &ReplicationGroupModel) -> bool {
    prior.snapshot_retention_limit.known().is_some_and(|days| *days > 0)
        && prior.final_snapshot_identifier.text().is_none()
}
