//! What AWS would refuse of a change of the number of shards, told before anything is changed.

use super::attributes::GlobalReplicationGroupModel;
use super::update::steps::{named, shard_ids};
use crate::diag::Diagnostic;
use crate::value::Path;

/// What is wrong with the planned number of shards for `subject`, which has those of `prior`: shards need cluster mode, and
/// those that are named have to exist. `None` for what AWS accepts, and for what is not known yet.
pub(super) fn problem(
    prior: &GlobalReplicationGroupModel,
    planned: &GlobalReplicationGroupModel,
    subject: &str,
) -> Option<Diagnostic> {
    let (before, after) = (*prior.num_node_groups.known()?, *planned.num_node_groups.known()?);
    if prior.cluster_enabled.known() == Some(&false) && after != before {
        let detail = format!(
            "{subject} has cluster mode disabled and therefore one shard, and `num_node_groups` is {after}. Set \
             `num_node_groups = 1`, or create a global datastore around a primary with cluster mode."
        );
        return Some(at("num_node_groups", "Shards need cluster mode", detail));
    }
    if after >= before {
        return None;
    }
    let existing = shard_ids(prior);
    let lists = [
        ("global_node_groups_to_remove", &planned.global_node_groups_to_remove, before - after),
        ("global_node_groups_to_retain", &planned.global_node_groups_to_retain, after),
    ];
    lists.into_iter().find_map(|(name, field, expected)| {
        let ids = named(prior, field);
        if ids.is_empty() {
            return None;
        }
        // A global datastore that is not created yet has no IDs of shards.
        if let Some(id) = ids.iter().find(|id| !existing.is_empty() && !existing.contains(id)) {
            let detail = format!(
                "{id:?} is not a shard of global datastore {:?}. Its shards are: {}.",
                prior.aws_id(),
                existing.join(", ")
            );
            return Some(at(name, "Unknown shard", detail));
        }
        let is_expected = i32::try_from(ids.len()) == Ok(expected);
        (!is_expected).then(|| {
            let detail = format!(
                "`{name}` has {} shards, but the change of `num_node_groups` from {before} to {after} requires {expected}. Set \
                 {expected} shards, or remove `{name}` to remove the shards with the highest numbers.",
                ids.len()
            );
            at(name, "Wrong number of shards", detail)
        })
    })
}

fn at(attribute: &str, summary: &str, detail: String) -> Diagnostic {
    Diagnostic::error(summary, detail).at(Path::attribute(attribute))
}
