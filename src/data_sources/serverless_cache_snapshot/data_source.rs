//! Finding one snapshot of a serverless cache.

use aws_sdk_elasticache::types::ServerlessCacheSnapshot;

use super::attributes::ServerlessCacheSnapshotDataModel;
use crate::data_sources::tags::{tags_of, tags_when_listed};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, DataSource, failed};
use crate::resources::serverless_cache_snapshot::contents;
use crate::services::elasticache::BUSY;
use crate::services::elasticache::serverless_cache_snapshot::{self, Filter};
use crate::services::elasticache::tags;
use crate::value::Path;

/// `elasticache_serverless_cache_snapshot`, the data source.
pub struct ServerlessCacheSnapshotData;

/// Most snapshots that an error names.
const NAMED: usize = 5;

impl DataSource for ServerlessCacheSnapshotData {
    type Model = ServerlessCacheSnapshotDataModel;

    fn type_name(&self) -> &'static str {
        "elasticache_serverless_cache_snapshot"
    }

    fn validate(&self, config: &ServerlessCacheSnapshotDataModel, diags: &mut Diagnostics) {
        let by = [&config.name, &config.serverless_cache_name];
        if by.iter().all(|name| name.text().is_none() && !name.is_unknown()) {
            diags.error_at(
                Path::attribute("name"),
                "Missing name of the snapshot",
                "Neither `name` nor `serverless_cache_name` is set. Set one of them.",
            );
        }
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        config: ServerlessCacheSnapshotDataModel,
    ) -> Result<ServerlessCacheSnapshotDataModel, Diagnostics> {
        let filter = config.filter();
        let what = format!("find {}", words(&filter));
        let found = serverless_cache_snapshot::list(cx.scope(), &filter).await;
        let mut found = found.map_err(|error| failed(&what, &error))?;
        found.retain(|snapshot| serverless_cache_snapshot::status_of(snapshot) == "available");
        let snapshot = match found.as_slice() {
            [] => return Err(none(&filter).into()),
            [_, _, ..] if !config.most_recent.is_true() => return Err(several(&filter, &found).into()),
            [newest, ..] => newest,
        };
        let name = snapshot.serverless_cache_snapshot_name().unwrap_or_default();
        let ask = || async {
            match tags::list(cx.scope(), snapshot.arn().unwrap_or_default()).await {
                Ok(tags) => Ok(Some(tags)),
                Err(error) if error.is(BUSY) => Ok(None),
                Err(error) => {
                    Err(failed(format!("read the tags of serverless cache snapshot {name:?}"), &error).into())
                }
            }
        };
        let tags = tags_when_listed(cx, ask).await?;
        let tags = tags_of(cx, "serverless cache snapshot", name, tags);
        let cache = snapshot.serverless_cache_configuration();
        Ok(ServerlessCacheSnapshotDataModel {
            id: snapshot.serverless_cache_snapshot_name().into(),
            name: snapshot.serverless_cache_snapshot_name().into(),
            serverless_cache_name: cache.and_then(|cache| cache.serverless_cache_name()).into(),
            kms_key_id: snapshot.kms_key_id().into(),
            tags,
            ..config.clone().with_contents(contents(snapshot))
        })
    }
}

/// What is searched for, as in "a snapshot of serverless cache …".
fn words(filter: &Filter<'_>) -> String {
    let mut words = "a snapshot".to_owned();
    for (before, value) in
        [("named", filter.name), ("of serverless cache", filter.cache), ("of type", filter.snapshot_type)]
    {
        if let Some(value) = value {
            words.push_str(&format!(" {before} {value:?}"));
        }
    }
    words
}

fn at(filter: &Filter<'_>) -> Path {
    Path::attribute(if filter.name.is_some() { "name" } else { "serverless_cache_name" })
}

fn none(filter: &Filter<'_>) -> Diagnostic {
    Diagnostic::error(
        "Serverless cache snapshot not found",
        format!(
            "AWS has no available snapshot that matches: {}. Correct the arguments or `region`. For a snapshot that this \
             configuration creates, refer to an attribute of its resource, so that it is read after it is created.",
            words(filter)
        ),
    )
    .at(at(filter))
}

fn several(filter: &Filter<'_>, found: &[ServerlessCacheSnapshot]) -> Diagnostic {
    let names = found.iter().take(NAMED).filter_map(|snapshot| snapshot.serverless_cache_snapshot_name());
    let mut names = names.collect::<Vec<_>>().join(", ");
    if let Some(more) = found.len().checked_sub(NAMED).filter(|more| *more > 0) {
        names.push_str(&format!(" and {more} more"));
    }
    Diagnostic::error(
        "Several snapshots match",
        format!(
            "{} snapshots match {}: {names}. Set `name` to one of them, or `most_recent = true` for the newest.",
            found.len(),
            words(filter)
        ),
    )
    .at(at(filter))
}
