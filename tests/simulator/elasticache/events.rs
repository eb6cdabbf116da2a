//! Events, and `DescribeEvents`.

use super::calendar;
use super::faults;
use super::input;
use super::protocol::{Millis, Params, ServiceError, Xml};
use super::region::Region;
use super::xml::Node;

/// What an event is about (API model, `SourceType`). Events of other kinds are not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Group,
    Cluster,
    ParameterGroup,
    Serverless,
    ServerlessSnapshot,
}

impl Source {
    fn name(self) -> &'static str {
        match self {
            Self::Group => "replication-group",
            Self::Cluster => "cache-cluster",
            Self::ParameterGroup => "cache-parameter-group",
            Self::Serverless => "serverless-cache",
            Self::ServerlessSnapshot => "serverless-cache-snapshot",
        }
    }
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Event {
    pub(super) at: Millis,
    pub(super) source: Source,
    pub(super) id: String,
    pub(super) message: String,
}

const HOUR: u64 = 3_600_000;
/// "You can retrieve up to 14 days' worth of events" (API model).
const KEPT: u64 = 14 * 24 * HOUR;

impl Region {
    /// `DescribeEvents`: newest first, those of the last hour unless asked otherwise.
    pub(super) fn describe_events(&self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let id = input::text(params, "SourceIdentifier").map(str::to_ascii_lowercase);
        let kind = input::text(params, "SourceType");
        if id.is_some() && kind.is_none() {
            return Err(faults::combination(
                "SourceType must be provided when SourceIdentifier is specified.",
            ));
        }
        let now = calendar::unix(self.config.start, self.now);
        let instant = |name| -> Result<Option<u64>, ServiceError> {
            input::text(params, name)
                .map(|text| {
                    calendar::parse_iso(text)
                        .ok_or_else(|| faults::value(format!("{name}: {text} is not a date.")))
                })
                .transpose()
        };
        let minutes = input::number(params, "Duration")?;
        let (start, end) = (instant("StartTime")?, instant("EndTime")?.unwrap_or(now));
        let length = minutes.and_then(|m| u64::try_from(m).ok()).map_or(HOUR, |minutes| minutes * 60_000);
        let start = start.unwrap_or_else(|| end.saturating_sub(length));
        if start + KEPT < now {
            return Err(faults::value("Events are available for the last 14 days only."));
        }
        let chosen = self.events.iter().enumerate().rev().filter(|(_, event)| {
            (start..=end).contains(&calendar::unix(self.config.start, event.at))
                && kind.is_none_or(|kind| event.source.name() == kind)
                && id.as_ref().is_none_or(|id| event.id == *id)
        });
        // The key makes the newest the first in the order of keys.
        let entries = chosen.map(|(at, event)| (format!("{:020}", u64::MAX - at as u64), event)).collect();
        input::page(params, "Events", (100, 100), entries, |event| {
            Node::new("Event")
                .text("SourceIdentifier", &event.id)
                .text("SourceType", event.source.name())
                .text("Message", &event.message)
                .text("Date", self.date(event.at))
                .done()
        })
    }
}
