//! A new group whose making AWS accepted, but whose answer was lost.
//!
//! The SDK repeats a call that went unanswered, and AWS then says that the group
//! exists. Most likely it is the one just made; forgetting it would leave a group that
//! costs money and stands in the way of the next apply. Taking over somebody else's
//! would be worse: a later destroy would delete it. So it is taken over only when all
//! of this holds:
//!
//! - An attempt of this very call went unanswered. Without that, the group was there
//!   before, and is refused.
//! - AWS is still making it (`creating`). The repetition follows within seconds, and
//!   making a group takes minutes: what was there before has another status. This needs
//!   no comparison of AWS's clock with the one of this machine.
//! - Everything AWS shows of it is as it was asked for, the description, the kind of
//!   nodes, encryption and the use of tokens among it.
//!
//! What remains is another apply of the same configuration in the same minutes, without
//! a lock on the state: Terraform itself does not allow for that.

use std::time::Duration;

use aws_sdk_elasticache::types::ReplicationGroup;

use super::live::Live;
use super::model::ReplicationGroupModel;
use super::wait;
use crate::aws::{AwsError, Poll, WaitPlan, is_transient, wait_for};
use crate::engine::Context;
use crate::value::Field;

/// The fault that says a group exists.
pub(super) const EXISTS: &[&str] = &["ReplicationGroupAlreadyExistsFault"];

/// How long AWS may not show a group that exists.
const HIDDEN: Duration = Duration::from_secs(30);

/// The group that an unanswered attempt of a create has made; `None` when there is none
/// that could only be this one.
pub(super) async fn made(
    cx: &Context<'_>,
    config: &ReplicationGroupModel,
    planned: &ReplicationGroupModel,
    refusal: &AwsError,
) -> Option<ReplicationGroup> {
    // Without an answer to the last attempt either, the group itself is the only answer.
    if !refusal.is(EXISTS) && !is_transient(refusal) {
        return None;
    }
    let id = planned.group_id();
    let plan = WaitPlan::new(format!("replication group {id:?} to be shown"), HIDDEN.min(cx.timeout()));
    let shown = wait_for(cx.cancel(), &plan, async || match wait::group(cx, &id).await {
        Ok(Some(group)) => Ok(Poll::Ready(group)),
        Ok(None) => Ok(Poll::Pending { status: "unknown".to_owned() }),
        Err(error) if error.is(wait::GROUP_NOT_FOUND) => {
            Ok(Poll::Pending { status: "not visible yet".to_owned() })
        }
        Err(error) => Err(error),
    });
    let group = shown.await.ok()?;
    let ours = group.status() == Some("creating") && is_as_asked(&group, config, planned);
    tracing::info!(ours, "An answer was lost, and the group exists.");
    ours.then_some(group)
}

/// True when nothing that AWS shows of a group in the making differs from the plan. Its
/// nodes, and what only they show, are not there yet.
fn is_as_asked(
    group: &ReplicationGroup,
    config: &ReplicationGroupModel,
    planned: &ReplicationGroupModel,
) -> bool {
    let live = Live { group: group.clone(), member: None }.model(planned.clone());
    let token = config.auth_token_wo.given().or(planned.auth_token.given()).is_some();
    let text = |wanted: &Field<String>, live: &Field<String>| match (wanted.text(), live.text()) {
        (Some(wanted), Some(live)) => wanted.eq_ignore_ascii_case(live),
        (wanted, _) => wanted.is_none(),
    };
    let flag =
        |wanted: &Field<bool>, live: &Field<bool>| wanted.known().is_none_or(|on| live.known() == Some(on));
    let texts = [
        (&planned.description, &live.description),
        (&planned.engine, &live.engine),
        (&planned.node_type, &live.node_type),
        (&planned.cluster_mode, &live.cluster_mode),
        (&planned.network_type, &live.network_type),
        (&planned.snapshot_window, &live.snapshot_window),
        (&planned.transit_encryption_mode, &live.transit_encryption_mode),
        (&planned.global_replication_group_id, &live.global_replication_group_id),
    ];
    let flags = [
        (&planned.automatic_failover_enabled, &live.automatic_failover_enabled),
        (&planned.multi_az_enabled, &live.multi_az_enabled),
        (&planned.at_rest_encryption_enabled, &live.at_rest_encryption_enabled),
        (&planned.transit_encryption_enabled, &live.transit_encryption_enabled),
        (&planned.auto_minor_version_upgrade, &live.auto_minor_version_upgrade),
        (&planned.data_tiering_enabled, &live.data_tiering_enabled),
    ];
    texts.iter().all(|(wanted, live)| text(wanted, live))
        && flags.iter().all(|(wanted, live)| flag(wanted, live))
        && group.auth_token_enabled.is_none_or(|on| on == token)
        && planned.user_group_ids.known().is_none_or(|ids| live.user_group_ids.known() == Some(ids))
        && planned
            .snapshot_retention_limit
            .known()
            .is_none_or(|days| live.snapshot_retention_limit.known() == Some(days))
}
