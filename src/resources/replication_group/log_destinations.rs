//! Checks the destinations of log delivery, and whether their log groups exist.
//!
//! ElastiCache accepts the name of a missing log group, and the log then stays empty without an error. A plan
//! makes no calls, so the warning comes from the read before the plan, and from the apply before it requests
//! the delivery. It is a warning because the log group may be created later.

use std::collections::BTreeSet;
use std::sync::LazyLock;
use std::time::Duration;

use aws_sdk_elasticache::types::{
    LogDeliveryConfiguration, LogDeliveryConfigurationStatus, ReplicationGroup,
};
use regex_lite::Regex;

use super::attributes::LogDeliveryModel;
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::Context;
use crate::schema::{may_be_mocked, pattern};
use crate::services::logs::log_group;
use crate::value::{Path, Value};

/// API model of CloudWatch Logs, shape LogGroupName.
static LOG_GROUP: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[.\-_/#A-Za-z0-9]{1,512}$"));

/// API model of Firehose, shape DeliveryStreamName.
static STREAM: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[a-zA-Z0-9_.-]{1,64}$"));

/// The two kinds of destinations.
pub(super) const LOGS: &str = "cloudwatch-logs";
pub(super) const FIREHOSE: &str = "kinesis-firehose";

/// Checks that each destination is a name of its kind. "The name of the CloudWatch Logs log
/// group", and not its ARN.
pub(super) fn check(logs: &[LogDeliveryModel], diags: &mut Diagnostics) {
    for log in logs {
        let (Some(destination), Some(kind)) = (log.destination.text(), log.destination_type.text()) else {
            continue;
        };
        if may_be_mocked(&Value::from(destination)) {
            continue;
        }
        let (what, form) =
            if kind == FIREHOSE { ("delivery stream", &STREAM) } else { ("log group", &LOG_GROUP) };
        let problem = if let Some(name) = name_in_arn(destination) {
            format!("{destination:?} is an ARN. Write `destination = {name:?}`, the name of the {what}")
        } else if [LOGS, FIREHOSE].contains(&destination) {
            format!("{destination:?} is a `destination_type`. Write the name of the {what}")
        } else if !form.is_match(destination) {
            format!("{destination:?} is not the name of a {what}")
        } else {
            continue;
        };
        let resource = if kind == FIREHOSE { "" } else { ", as in `elasticache_log_group.this.name`" };
        diags.error_at(
            Path::attribute("log_delivery_configuration"),
            "Invalid destination",
            format!("{problem}{resource}."),
        );
    }
}

/// The name in the ARN of a log group, a log stream or a delivery stream.
fn name_in_arn(text: &str) -> Option<&str> {
    let resource = text.strip_prefix("arn:")?.splitn(5, ':').nth(4)?;
    let name = resource.strip_prefix("log-group:").and_then(|rest| rest.split(':').next());
    Some(name.or_else(|| resource.strip_prefix("deliverystream/")).unwrap_or("<name>"))
}

/// Longest time for describing the log groups. If CloudWatch Logs cannot be reached, there is no warning.
const PATIENCE: Duration = Duration::from_secs(5);

/// The names of log groups among the destinations.
pub(super) fn log_groups(logs: &[LogDeliveryModel]) -> BTreeSet<&str> {
    let to_log_group = |log: &&LogDeliveryModel| log.destination_type.text().is_some_and(|kind| kind == LOGS);
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

/// Warns of log groups that do not exist. Where that cannot be determined, as without permission, they are
/// assumed to exist.
pub(super) async fn warn_of_missing(cx: &Context<'_>, id: &str, names: BTreeSet<&str>) {
    let find = async {
        let mut missing = Vec::new();
        for name in names {
            match log_group::describe(cx.scope(), name).await {
                Ok(None) => missing.push(name),
                Ok(Some(_)) => {}
                Err(error) => {
                    tracing::info!(
                        name,
                        code = error.code(),
                        "cannot determine whether the log group exists"
                    );
                    return missing;
                }
            }
        }
        missing
    };
    let Ok(missing) = tokio::time::timeout(PATIENCE, find).await else {
        tracing::info!("no response from CloudWatch Logs, assuming that the log groups exist");
        return;
    };
    for name in missing {
        cx.warn(Diagnostic::warning(
            format!("Missing log group of replication group {id:?}"),
            format!(
                "Log group {name:?} does not exist. ElastiCache does not create log groups: log entries are \
                 dropped until the log group exists. Create it with an `elasticache_log_group`, and set \
                 `destination = elasticache_log_group.this.name`, so that it is created first."
            ),
        ));
    }
}
