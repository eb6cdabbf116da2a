//! Log groups that logs are delivered to, and whether they are there.
//!
//! ElastiCache takes the name of any log group, and when there is none, nothing says so
//! but a log that stays empty. Planning asks nobody, so the word comes from the read
//! that goes before a plan, and from an apply just before it asks for the delivery. It
//! is a warning: logs are no reason to fail, and the log group may come later.

use std::collections::BTreeSet;
use std::time::Duration;

use aws_sdk_elasticache::types::{
    LogDeliveryConfiguration, LogDeliveryConfigurationStatus, ReplicationGroup,
};

use super::model::LogDeliveryModel;
use crate::diag::Diagnostic;
use crate::engine::Context;
use crate::resources::cloudwatch_logs;

/// Longest time that looking for the log groups may take. Where CloudWatch Logs cannot
/// be reached, nothing is said.
const PATIENCE: Duration = Duration::from_secs(5);

/// The names of log groups among the destinations.
pub(super) fn log_groups(logs: &[LogDeliveryModel]) -> BTreeSet<&str> {
    let to_log_group =
        |log: &&LogDeliveryModel| log.destination_type.text().is_some_and(|kind| kind == "cloudwatch-logs");
    logs.iter().filter(to_log_group).filter_map(|log| log.destination.text()).collect()
}

/// Warns of logs whose delivery fails, with the reason that AWS gives.
pub(super) fn warn_of_errors(cx: &Context<'_>, id: &str, group: &ReplicationGroup) {
    let is_failed =
        |log: &&LogDeliveryConfiguration| log.status() == Some(&LogDeliveryConfigurationStatus::Error);
    for log in group.log_delivery_configurations().iter().filter(is_failed) {
        let kind = log.log_type().map_or("log", |kind| kind.as_str());
        let message = log.message().unwrap_or("AWS gives no reason.");
        cx.warn(Diagnostic::warning(
            format!("Delivery of {kind} fails"),
            format!(
                "Log delivery of replication group {id:?} has the status error: {message} Entries of that log are lost until \
                 its destination is corrected."
            ),
        ));
    }
}

/// Warns of those log groups that CloudWatch Logs does not have. What cannot be found
/// out, for want of permission too, is taken to be there.
pub(super) async fn warn_of_missing(cx: &Context<'_>, id: &str, names: BTreeSet<&str>) {
    let look = async {
        let mut missing = Vec::new();
        for name in names {
            match cloudwatch_logs::describe(cx, name).await {
                Ok(None) => missing.push(name),
                Ok(Some(_)) => {}
                Err(error) => {
                    tracing::info!(name, code = error.code(), "Cannot tell whether the log group is there.");
                    return missing;
                }
            }
        }
        missing
    };
    let Ok(missing) = tokio::time::timeout(PATIENCE, look).await else {
        tracing::info!("CloudWatch Logs does not answer; the log groups are taken to be there.");
        return;
    };
    for name in missing {
        cx.warn(Diagnostic::warning(
            format!("Log group {name:?} does not exist"),
            format!(
                "Replication group {id:?} delivers a log to it, and ElastiCache makes no log group of itself: nothing is \
                 kept of that log until there is one. Make it with an elasticache_log_group, and give its name by \
                 reference as destination, so that it is there first."
            ),
        ));
    }
}
