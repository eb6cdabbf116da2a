//! Log delivery of a group.

use super::faults;
use super::input;
use super::protocol::{Params, ServiceError, Xml};
use super::region::{GroupRef, Region};
use super::versions::Version;
use super::xml::Node;

/// Where and how a log goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    destination_type: String,
    destination: String,
    format: String,
}

/// State of a log's delivery (API model, `LogDeliveryConfigurationStatus`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum State {
    Enabling,
    Active,
    /// From one target to another.
    Modifying(Target),
    Disabling,
    Error(String),
}

/// One log and where it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LogDelivery {
    pub(super) log_type: String,
    pub(super) target: Target,
    pub(super) state: State,
}

/// What a call wants of a log: a target, or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LogRequest {
    log_type: String,
    target: Option<Target>,
}

/// Reads and checks what is wanted for an engine. The words are those of hashicorp/aws #46443.
pub(super) fn requests(
    params: &Params,
    engine: &str,
    version: Version,
) -> Result<Vec<LogRequest>, ServiceError> {
    let mut desired: Vec<LogRequest> = Vec::new();
    for entry in params.numbered("LogDeliveryConfigurations") {
        let log_type = choice(&entry, "LogType", &["slow-log", "engine-log"])?;
        if desired.iter().any(|other| other.log_type == log_type) {
            return Err(faults::combination(format!(
                "Duplicate log type {log_type} in log delivery configurations."
            )));
        }
        let target = match input::flag(&entry, "Enabled")? {
            Some(false) => None,
            _ => Some(target(&entry)?),
        };
        let least = if log_type == "slow-log" { Version(6, 0, 0) } else { Version(6, 2, 0) };
        if target.is_some() && version < least {
            return Err(faults::value(format!(
                "{log_type} log delivery is not available for this {engine} engine version."
            )));
        }
        desired.push(LogRequest { log_type, target });
    }
    Ok(desired)
}

fn choice(entry: &Params, name: &str, allowed: &[&str]) -> Result<String, ServiceError> {
    let value = input::required(entry, name)?;
    if allowed.contains(&value) {
        return Ok(value.to_owned());
    }
    Err(faults::value(format!("{name} {value} must be one of {}.", allowed.join(", "))))
}

fn target(entry: &Params) -> Result<Target, ServiceError> {
    let destination_type = choice(entry, "DestinationType", &["cloudwatch-logs", "kinesis-firehose"])?;
    let format = choice(entry, "LogFormat", &["text", "json"])?;
    let (mine, other) = (
        "DestinationDetails.CloudWatchLogsDetails.LogGroup",
        "DestinationDetails.KinesisFirehoseDetails.DeliveryStream",
    );
    let (mine, other) = if destination_type == "cloudwatch-logs" { (mine, other) } else { (other, mine) };
    if input::text(entry, other).is_some() {
        return Err(faults::combination("DestinationDetails do not match DestinationType."));
    }
    Ok(Target { destination: input::required(entry, mine)?.to_owned(), destination_type, format })
}

/// Logs of a new group.
pub(super) fn first(desired: Vec<LogRequest>) -> Vec<LogDelivery> {
    let mut logs = Vec::new();
    merge(&mut logs, desired);
    logs
}

/// Takes up what is wanted and says whether that changes anything. Logs not named stay.
pub(super) fn merge(logs: &mut Vec<LogDelivery>, desired: Vec<LogRequest>) -> bool {
    let mut changed = false;
    for LogRequest { log_type, target } in desired {
        let current = logs.iter_mut().find(|log| log.log_type == log_type);
        match (current, target) {
            (Some(log), Some(target)) if log.target != target => log.state = State::Modifying(target),
            (Some(log), None) => log.state = State::Disabling,
            (None, Some(target)) => logs.push(LogDelivery { log_type, target, state: State::Enabling }),
            (Some(_), Some(_)) | (None, None) => continue,
        }
        changed = true;
    }
    changed
}

impl Region {
    /// Log delivery is set up or taken down.
    pub(super) fn logs_settled(&mut self, group: &GroupRef) {
        let Some(group) = self.same_group(group) else { return };
        group.logs.retain(|log| log.state != State::Disabling);
        for log in &mut group.logs {
            if let State::Modifying(target) = &log.state {
                log.target = target.clone();
            }
            if !matches!(log.state, State::Error(_)) {
                log.state = State::Active;
            }
        }
    }
}

impl Target {
    fn write(&self, node: Node) -> Node {
        let (kind, name) = match self.destination_type.as_str() {
            "cloudwatch-logs" => ("CloudWatchLogsDetails", "LogGroup"),
            _ => ("KinesisFirehoseDetails", "DeliveryStream"),
        };
        let details =
            Node::new("DestinationDetails").child(Node::new(kind).text(name, &self.destination).done());
        node.text("DestinationType", &self.destination_type)
            .child(details.done())
            .text("LogFormat", &self.format)
    }
}

impl LogDelivery {
    /// As in `LogDeliveryConfigurations`.
    pub(super) fn write(&self) -> Xml {
        let (state, message) = match &self.state {
            State::Enabling => ("enabling", None),
            State::Active => ("active", None),
            State::Modifying(_) => ("modifying", None),
            State::Disabling => ("disabling", None),
            State::Error(message) => ("error", Some(message)),
        };
        let node = Node::new("LogDeliveryConfiguration").text("LogType", &self.log_type);
        self.target.write(node).text("Status", state).maybe("Message", message).done()
    }

    /// As in `PendingModifiedValues`, while it is on its way there. The list's element is named
    /// `LogDeliveryConfigurations` by the Rust SDK and `PendingLogDeliveryConfiguration` by botocore (a
    /// name given to the list itself in the model); here it is as the provider's SDK reads it.
    pub(super) fn write_pending(&self) -> Option<Xml> {
        let target = match &self.state {
            State::Enabling => &self.target,
            State::Modifying(target) => target,
            State::Active | State::Disabling | State::Error(_) => return None,
        };
        Some(target.write(Node::new("member").text("LogType", &self.log_type)).done())
    }
}
