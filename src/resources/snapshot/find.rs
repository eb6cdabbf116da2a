//! Looking for snapshots.

use aws_sdk_elasticache::types::Snapshot as LiveSnapshot;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

use super::shown::taken;
use crate::aws::{AwsError, Service};
use crate::engine::Context;
use crate::resources::elasticache::Pages;
use crate::value::Value;

/// What is looked for: everything that fits all that is given.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Wanted<'a> {
    /// Of this name.
    pub(crate) name: Option<&'a str>,
    /// Of this replication group.
    pub(crate) group: Option<&'a str>,
    /// Of this node.
    pub(crate) cluster: Option<&'a str>,
    /// `manual` or `automated`.
    pub(crate) source: Option<&'a str>,
    /// Taken after this moment, in RFC 3339.
    pub(crate) after: Option<&'a str>,
    /// Taken before this moment, in RFC 3339.
    pub(crate) before: Option<&'a str>,
}

/// The snapshots that fit, newest first; those that are being deleted are none.
pub(crate) async fn find(cx: &Context<'_>, wanted: &Wanted<'_>) -> Result<Vec<LiveSnapshot>, AwsError> {
    let all = match list(cx, wanted, wanted.cluster).await {
        Err(error) if error.is(super::api::NOT_FOUND) => Ok(Vec::new()),
        // AWS does not look for snapshots of a node that is gone, but still lists them.
        Err(error) if error.is(&["CacheClusterNotFound", "CacheClusterNotFoundFault"]) => {
            list(cx, wanted, None).await
        }
        answer => answer,
    };
    let mut found = all?;
    found.retain(|snapshot| snapshot.snapshot_status() != Some("deleting") && fits(snapshot, wanted));
    found.sort_by(|a, b| age(b).cmp(&age(a)).then_with(|| a.snapshot_name().cmp(&b.snapshot_name())));
    Ok(found)
}

async fn list(
    cx: &Context<'_>,
    wanted: &Wanted<'_>,
    cluster: Option<&str>,
) -> Result<Vec<LiveSnapshot>, AwsError> {
    const OPERATION: &str = "DescribeSnapshots";
    let client = cx.aws().elasticache(cx.region()).await?;
    let lower = |text: Option<&str>| text.map(str::to_lowercase);
    // Other words for the same than those that AWS shows.
    let source = wanted.source.map(|source| if source == "manual" { "user" } else { "system" });
    let mut pages = Pages::new(OPERATION);
    while pages.more() {
        let call = client
            .describe_snapshots()
            .set_snapshot_name(lower(wanted.name))
            .set_replication_group_id(lower(wanted.group))
            .set_cache_cluster_id(lower(cluster))
            .set_snapshot_source(source.map(str::to_owned))
            .show_node_group_config(true)
            .set_marker(pages.marker());
        let answer = cx.call(Service::ElastiCache, OPERATION, call.send()).await?;
        pages.add(answer.snapshots, answer.marker)?;
    }
    Ok(pages.all())
}

/// AWS has looked for some of this already, but need not for all.
fn fits(snapshot: &LiveSnapshot, wanted: &Wanted<'_>) -> bool {
    let same = |wanted: Option<&str>, is: Option<&str>| {
        wanted.is_none_or(|wanted| is.is_some_and(|is| is.eq_ignore_ascii_case(wanted)))
    };
    let limit = |text: Option<&str>| text.and_then(instant);
    let age = age(snapshot);
    same(wanted.name, snapshot.snapshot_name())
        && same(wanted.group, snapshot.replication_group_id())
        && same(wanted.cluster, snapshot.cache_cluster_id())
        && limit(wanted.after).is_none_or(|after| age.is_some_and(|age| age > after))
        && limit(wanted.before).is_none_or(|before| age.is_some_and(|age| age < before))
}

/// When its data was taken, in seconds and their parts.
fn age(snapshot: &LiveSnapshot) -> Option<(i64, u32)> {
    taken(snapshot).map(|time| (time.secs(), time.subsec_nanos()))
}

fn instant(text: &str) -> Option<(i64, u32)> {
    let time = DateTime::from_str(text, Format::DateTimeWithOffset).ok()?;
    Some((time.secs(), time.subsec_nanos()))
}

/// A moment as Terraform's own functions give it.
pub(crate) fn check_moment(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(text) if instant(text).is_none() => Err(format!(
            "must be a moment in RFC 3339, such as \"2026-01-24T10:00:00Z\", as timeadd() gives it, but is {text:?}"
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_compared_whatever_their_zone() {
        assert_eq!(instant("2026-01-24T10:00:00Z"), instant("2026-01-24T12:00:00+02:00"));
        assert!(instant("2026-01-24T10:00:01Z") > instant("2026-01-24T10:00:00.5Z"));
        for text in ["yesterday", "2026-01-24", "2026-01-24 10:00:00"] {
            assert!(check_moment(&Value::from(text)).is_err(), "{text}");
        }
    }
}
