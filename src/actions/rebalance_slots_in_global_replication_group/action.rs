//! Rebalancing the slots of a global datastore.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use aws_sdk_elasticache::types::GlobalReplicationGroup;

use super::attributes::RebalanceSlotsModel;
use crate::actions::global_datastore::{Statuses, existing, planned};
use crate::aws::{AwsError, Found, UnansweredAttempts};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Action, ActionProgress, Context, failed};
use crate::resources::common::errors::failed_wait;
use crate::schema::common::parse_duration;
use crate::services::elasticache::BUSY;
use crate::services::elasticache::global_replication_group as service;
use crate::value::Path;

const TIMEOUT: Duration = Duration::from_secs(60 * 60);

/// How long AWS may return the datastore as available after it has accepted the request (the delay of hashicorp/aws
/// before its first poll).
const BEGINS_WITHIN: Duration = Duration::from_secs(30);

/// `elasticache_rebalance_slots_in_global_replication_group`.
pub struct RebalanceSlotsInGlobalReplicationGroup;

impl Action for RebalanceSlotsInGlobalReplicationGroup {
    type Model = RebalanceSlotsModel;

    fn type_name(&self) -> &'static str {
        "elasticache_rebalance_slots_in_global_replication_group"
    }

    fn timeout(&self, config: &RebalanceSlotsModel) -> Duration {
        config.timeout.text().and_then(parse_duration).unwrap_or(TIMEOUT)
    }

    async fn plan(&self, cx: &Context<'_>, config: &RebalanceSlotsModel) -> Diagnostics {
        let id = config.global_replication_group_id.text().unwrap_or_default();
        match planned(cx, id).await {
            Ok(datastore) => refusal(&datastore).map(Diagnostics::from).unwrap_or_default(),
            Err(problem) => problem,
        }
    }

    async fn invoke(
        &self,
        cx: &Context<'_>,
        config: RebalanceSlotsModel,
        progress: &ActionProgress,
    ) -> Result<(), Diagnostics> {
        let id = config.global_replication_group_id.text().unwrap_or_default();
        let what = format!("rebalance the slots of global datastore {id:?}");
        if let Some(problem) = refusal(&existing(cx, id).await?) {
            return Err(problem.into());
        }
        progress.say(format!("Starting to rebalance the slots of global datastore {id:?}"));
        send(cx, id).await.map_err(|error| failed(&what, &error))?;
        progress.goes_on(format!("AWS continues to rebalance the slots of global datastore {id:?}."));
        let (statuses, left) = (Statuses::new(progress, id), cx.scope().time_left());
        let has_begun = AtomicBool::new(false);
        let done = service::wait_available(cx.scope(), id, false, |datastore| {
            statuses.see(datastore);
            let is_late = left.saturating_sub(cx.scope().time_left()) >= BEGINS_WITHIN;
            if is_late || !service::is_settled(datastore) {
                has_begun.store(true, Ordering::Relaxed);
            }
            (!has_begun.load(Ordering::Relaxed)).then(|| "the slots do not move yet".to_owned())
        });
        let datastore = done.await.map_err(|error| failed_wait(&what, &error))?;
        progress.goes_on("");
        progress
            .say(format!("The slots are distributed over {} shards", datastore.global_node_groups().len()));
        Ok(())
    }
}

/// Sends the request, again while AWS changes the datastore. After a lost response it is sent again only if AWS has not
/// begun to move slots.
async fn send(cx: &Context<'_>, id: &str) -> Result<(), AwsError> {
    let attempts = UnansweredAttempts::default();
    let sent =
        cx.scope().retry(BUSY, async || match service::rebalance_slots(cx.scope(), id, &attempts).await {
            Err(error) if attempts.any() => match service::describe(cx.scope(), id).await {
                Ok(Found::Yes(datastore)) if !service::is_settled(&datastore) => Ok(()),
                _ => Err(error),
            },
            answer => answer,
        });
    sent.await
}

/// Why AWS would refuse the request.
fn refusal(datastore: &GlobalReplicationGroup) -> Option<Diagnostic> {
    let id = datastore.global_replication_group_id().unwrap_or_default();
    (datastore.cluster_enabled() == Some(false)).then(|| {
        Diagnostic::error(
            "Global datastore has one shard",
            format!(
                "Global datastore {id:?}, which `global_replication_group_id` names, has cluster mode \
                 disabled, so all slots are in its only shard. AWS distributes slots only with cluster mode. \
                 Invoke this action for a global datastore with cluster mode."
            ),
        )
        .at(Path::attribute("global_replication_group_id"))
    })
}
