//! The node from which a new group takes its daily snapshots: CreateReplicationGroup has no such parameter.

use super::attributes::ReplicationGroupModel;
use super::update::modification::Modification;
use super::update::run::Run;
use super::update::steps::Step;
use crate::diag::Severity;
use crate::engine::Context;
use crate::services::elasticache::replication_group::Observed;

/// The new group, changed to the planned node. A refusal does not taint the group: the next read finds the node that AWS
/// has chosen, and the next apply changes it.
pub(super) async fn set(cx: &Context<'_>, planned: &ReplicationGroupModel, observed: Observed) -> Observed {
    let Some(step) = step(planned, observed.group.snapshotting_cluster_id()) else { return observed };
    let mut run = Run {
        cx,
        id: planned.group_id(),
        arn: observed.group.arn().unwrap_or_default().to_owned(),
        prior: planned,
        planned,
        not_withdrawn: Vec::new(),
    };
    match run.step(&step).await {
        Ok(changed) => changed.unwrap_or(observed),
        Err(failure) => {
            let mut diagnostic = failure.error;
            diagnostic.severity = Severity::Warning;
            cx.warn(diagnostic);
            observed
        }
    }
}

/// The request, unless AWS has chosen that node.
fn step(planned: &ReplicationGroupModel, observed: Option<&str>) -> Option<Step> {
    let desired = planned.snapshotting_cluster_id.text()?.to_lowercase();
    if observed == Some(desired.as_str()) {
        return None;
    }
    let change = Modification::new("set the source of snapshots", true);
    Some(Step::Modify(Box::new(Modification { snapshotting: Some(desired), ..change })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_group_is_changed_unless_aws_has_chosen_the_node() {
        let planned =
            |id: &str| ReplicationGroupModel { snapshotting_cluster_id: id.into(), ..Default::default() };
        assert!(step(&planned(""), Some("cache-001")).is_none());
        assert!(step(&planned("Cache-001"), Some("cache-001")).is_none());
        for observed in [None, Some("cache-001")] {
            let Some(Step::Modify(change)) = step(&planned("Cache-002"), observed) else {
                panic!("{observed:?}")
            };
            assert_eq!((change.snapshotting.as_deref(), change.immediately), (Some("cache-002"), true));
        }
    }
}
