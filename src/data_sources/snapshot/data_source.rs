//! Finds one snapshot.

use aws_sdk_elasticache::types::Snapshot as ApiSnapshot;

use super::attributes::SnapshotDataModel;
use crate::data_sources::tags::{tags_of, tags_when_listed};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, DataSource, failed};
use crate::services::elasticache::snapshot::{self, Filter};
use crate::services::elasticache::tags;
use crate::value::Path;

/// `elasticache_snapshot`, the data source.
pub struct SnapshotData;

/// The number of snapshots that an error names.
const NAMED: usize = 5;

impl DataSource for SnapshotData {
    type Model = SnapshotDataModel;

    fn type_name(&self) -> &'static str {
        "elasticache_snapshot"
    }

    fn validate(&self, config: &SnapshotDataModel, diags: &mut Diagnostics) {
        let by = [&config.name, &config.replication_group_id, &config.cache_cluster_id];
        if by.iter().all(|requested| requested.text().is_none() && !requested.is_unknown()) {
            diags.error_at(
                Path::attribute("name"),
                "Missing name of the snapshot",
                "None of `name`, `replication_group_id` and `cache_cluster_id` is set. Set one of them.",
            );
        }
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        config: SnapshotDataModel,
    ) -> Result<SnapshotDataModel, Diagnostics> {
        let filter = config.filter();
        let what = format!("find {}", words(&filter));
        let found = snapshot::list(cx.scope(), &filter).await.map_err(|error| failed(&what, &error))?;
        // A snapshot that is being created has no data yet.
        let (pending, found): (Vec<_>, Vec<_>) = found.into_iter().partition(is_pending);
        let snapshot = match found.as_slice() {
            [] => return Err(none(&filter, &pending).into()),
            [_, _, ..] if !config.most_recent.is_true() => return Err(several(&filter, &found).into()),
            [newest, ..] => newest,
        };
        let name = snapshot.snapshot_name().unwrap_or_default();
        let list = || async {
            match tags::list(cx.scope(), snapshot.arn().unwrap_or_default()).await {
                Ok(tags) => Ok(Some(tags)),
                Err(error) if error.is(&["InvalidSnapshotState"]) => Ok(None),
                Err(error) => Err(failed(format!("read the tags of snapshot {name:?}"), &error).into()),
            }
        };
        let tags = tags_when_listed(cx, list).await?;
        let tags = tags_of(cx, "snapshot", name, tags);
        Ok(SnapshotDataModel { tags, ..config.clone().flatten(snapshot) })
    }
}

fn is_pending(snapshot: &ApiSnapshot) -> bool {
    !matches!(snapshot.snapshot_status(), Some("available" | "restoring"))
}

/// The filter in words, as in "a snapshot of replication group …".
fn words(filter: &Filter<'_>) -> String {
    let mut words = filter.source.map_or("a snapshot".to_owned(), |source| format!("a snapshot ({source})"));
    for (before, given) in [
        ("named", filter.name),
        ("of replication group", filter.group),
        ("of node", filter.cluster),
        ("taken after", filter.after),
        ("taken before", filter.before),
    ] {
        if let Some(given) = given {
            words.push_str(&format!(" {before} {given:?}"));
        }
    }
    words
}

fn named(snapshots: &[ApiSnapshot]) -> String {
    let names = snapshots.iter().take(NAMED).map(|snapshot| {
        let name = snapshot.snapshot_name().unwrap_or_default();
        match snapshot.snapshot_status() {
            Some("available") | None => name.to_owned(),
            Some(status) => format!("{name} ({status})"),
        }
    });
    let names = names.collect::<Vec<_>>().join(", ");
    match snapshots.len().saturating_sub(NAMED) {
        0 => names,
        more => format!("{names} and {more} more"),
    }
}

fn none(filter: &Filter<'_>, pending: &[ApiSnapshot]) -> Diagnostic {
    let mut detail = format!("AWS has no {} that is available.", words(filter).trim_start_matches("a "));
    if pending.is_empty() {
        detail.push_str(
            " If this configuration creates it, set `name` to an attribute of its resource, so that it is read after the \
             create.",
        );
    } else {
        detail.push_str(&format!(" Not available yet: {}. Run Terraform again when it is.", named(pending)));
    }
    Diagnostic::error("Snapshot not found", detail)
}

fn several(filter: &Filter<'_>, found: &[ApiSnapshot]) -> Diagnostic {
    let which = words(filter);
    Diagnostic::error(
        "Several snapshots match",
        format!(
            "AWS has {} snapshots{}, newest first: {}. Set `most_recent = true` to use the newest, or set its `name`.",
            found.len(),
            which.trim_start_matches("a snapshot"),
            named(found)
        ),
    )
}
