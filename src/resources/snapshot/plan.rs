//! What is checked and said before anything is done.

use super::model::SnapshotModel;
use crate::diag::Diagnostics;
use crate::engine::PlanContext;
use crate::value::{Field, Path};

/// A snapshot is of one thing.
pub(super) fn validate(config: &SnapshotModel, diags: &mut Diagnostics) {
    let sources = [
        ("replication_group_id", &config.replication_group_id),
        ("cache_cluster_id", &config.cache_cluster_id),
        ("source_snapshot_name", &config.source_snapshot_name),
    ];
    let given: Vec<&str> =
        sources.iter().filter(|(_, id)| id.text().is_some()).map(|(name, _)| *name).collect();
    let open = sources.iter().any(|(_, id)| id.is_unknown());
    match given.as_slice() {
        [] if !open => diags.error_at(
            Path::attribute("replication_group_id"),
            "Nothing to take a snapshot of",
            "A snapshot needs one of replication_group_id, cache_cluster_id and source_snapshot_name.",
        ),
        [_, second, ..] => diags.error_at(
            Path::attribute(*second),
            "More than one thing to take a snapshot of",
            format!("A snapshot is of one thing, but {} are given; keep one of them.", given.join(" and ")),
        ),
        _ => {}
    }
}

/// The id, and a word about data that would be lost.
pub(super) fn plan(cx: &mut PlanContext<'_, SnapshotModel>) {
    match &cx.planned.name {
        Field::Known(name) => {
            let id = name.to_lowercase();
            cx.set("id", id);
        }
        _ if cx.is_create() => cx.set_unknown("id"),
        _ => {}
    }
    let Some(prior) = cx.prior else { return };
    let Some(cause) = cx.replacements().into_iter().next() else { return };
    let name = prior.aws_name();
    let same_name = cx.planned.aws_name() == name && cx.planned.region == prior.region;
    if prior.bucket().is_some() {
        return;
    }
    if !prior.skip_destroy.is_true() {
        let detail = format!(
            "The change of {cause} needs a new snapshot, of the data as it is then; the old one is deleted. To keep it, set \
             skip_destroy = true and apply that first, and give the new one another name."
        );
        cx.diags.warning_at(cause, format!("Snapshot {name:?} will be replaced"), detail);
    } else if same_name {
        let detail = format!(
            "The change of {cause} needs a new snapshot, but with skip_destroy = true the old one stays, and AWS has a \
             name only once. Choose another name; or, if the data may go, set skip_destroy = false and apply that first."
        );
        cx.diags.error_at(cause, "The new snapshot would have the name of the old one", detail);
    }
}
