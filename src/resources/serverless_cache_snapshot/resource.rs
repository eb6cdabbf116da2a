//! Plan, create, read, update, delete and import of a snapshot of a serverless cache.

use aws_sdk_elasticache::types::{ServerlessCacheSnapshot as ExistingSnapshot, SourceType};

use super::attributes::ServerlessCacheSnapshotModel;
use super::{convert, plan, recover, validate};
use crate::aws::{AwsError, Scope, UnansweredAttempts, is_transient};
use crate::diag::{Diagnostic, Diagnostics, Severity};
use crate::engine::{ArnForm, Context, Identity, PlanContext, Resource, Timeouts, failed};
use crate::resources::common::deletion::released;
use crate::resources::common::errors::{already_exists, failed_wait, present, unfinished_snapshot};
use crate::resources::common::observed::has_arn;
use crate::resources::common::{kms, tags, unanswered};
use crate::services::elasticache;
use crate::services::elasticache::{BUSY, events, serverless_cache_snapshot};
use crate::value::{Field, Path};

/// Name of the note of the bucket to which a new snapshot was to be exported, and was not. The state of a create has every
/// planned value.
const NOT_EXPORTED: &str = "not_exported";

/// `elasticache_serverless_cache_snapshot`.
pub struct ServerlessCacheSnapshot;

impl Resource for ServerlessCacheSnapshot {
    type Model = ServerlessCacheSnapshotModel;

    fn type_name(&self) -> &'static str {
        "elasticache_serverless_cache_snapshot"
    }

    /// How long a snapshot or an export takes depends on the data.
    fn timeouts(&self) -> Timeouts {
        Timeouts::minutes(60, 60, 20)
    }

    fn validate(&self, config: &ServerlessCacheSnapshotModel, diags: &mut Diagnostics) {
        validate::validate(config, diags);
    }

    fn plan(&self, cx: &mut PlanContext<'_, ServerlessCacheSnapshotModel>) {
        plan::plan(cx);
    }

    async fn create(
        &self,
        cx: &Context<'_>,
        _config: ServerlessCacheSnapshotModel,
        planned: ServerlessCacheSnapshotModel,
    ) -> Result<ServerlessCacheSnapshotModel, Diagnostics> {
        let name = planned.aws_name();
        let what = format!("create serverless cache snapshot {name:?}");
        let object = format!("serverless cache snapshot {name:?}");
        let create = async || begin(cx.scope(), &planned).await;
        let status = async || serverless_cache_snapshot::status(cx.scope(), &name).await;
        let exists = serverless_cache_snapshot::EXISTS;
        let created = match unanswered::create_when_free(cx, exists, &object, create, status).await {
            Ok(created) => created,
            Err(error) => return Err(refused(cx, &what, &name, &error).await.into()),
        };
        cx.save(match &created {
            Some(snapshot) => convert::flatten(planned.clone(), snapshot),
            None => planned.clone(),
        });
        // A snapshot that is never completed is not exported. It would otherwise outlive its resource, and use the name up.
        ["s3_bucket_name", "skip_destroy"].into_iter().for_each(|name| cx.omit_if_failed(name));
        let snapshot = match serverless_cache_snapshot::wait_available(cx.scope(), &name).await {
            Ok(snapshot) => snapshot,
            Err(error) => {
                let diagnostic = unfinished_snapshot(&what, &error, planned.skip_destroy.is_true());
                return Err(unanswered::noted(diagnostic, &latest_events(cx.scope(), &name).await).into());
            }
        };
        kms::note(cx, &planned.kms_key_id, snapshot.kms_key_id());
        let exported = match planned.s3_bucket_name.text() {
            Some(bucket) => export_new(cx, &name, bucket).await,
            None => None,
        };
        Ok(convert::flatten(planned, &exported.unwrap_or(snapshot)))
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        state: ServerlessCacheSnapshotModel,
    ) -> Result<Option<ServerlessCacheSnapshotModel>, Diagnostics> {
        let name = state.aws_name();
        let what = format!("read serverless cache snapshot {name:?}");
        let found = serverless_cache_snapshot::describe(cx.scope(), &name).await;
        let found = present(&what, "serverless cache snapshot", found)?;
        let is_deleted = |snapshot: &ExistingSnapshot| {
            serverless_cache_snapshot::status_of(snapshot) == serverless_cache_snapshot::DELETING
        };
        let Some(snapshot) = found.filter(|snapshot| !is_deleted(snapshot)) else { return Ok(None) };
        let (own, all) = (state.tags.clone(), state.tags_all.clone());
        let is_import = state.contents.arn.is_null();
        let own_arn = state.contents.arn.clone();
        kms::note(cx, &state.kms_key_id, snapshot.kms_key_id());
        let mut model = convert::flatten(state, &snapshot);
        let bucket = model.s3_bucket_name.text();
        if bucket.is_some_and(|bucket| cx.noted(NOT_EXPORTED).iter().any(|noted| noted == bucket)) {
            model.s3_bucket_name = Field::Null;
        }
        let arn = snapshot.arn().unwrap_or_default();
        let ask = elasticache::tags::list(cx.scope(), arn);
        match tags::read(cx, arn, &own, &all, ask).await {
            Ok(read) => (model.tags, model.tags_all) = read,
            Err(error) if error.is(serverless_cache_snapshot::NOT_FOUND) && has_arn(&own_arn, Some(arn)) => {
                return Ok(None);
            }
            Err(error) if error.is(BUSY) && !is_import => {
                tracing::info!(
                    "the snapshot is busy and its tags cannot be listed; keeping those of the state"
                );
            }
            Err(error) => return Err(failed(&what, &error).into()),
        }
        Ok(Some(model))
    }

    async fn update(
        &self,
        cx: &Context<'_>,
        _config: ServerlessCacheSnapshotModel,
        prior: ServerlessCacheSnapshotModel,
        planned: ServerlessCacheSnapshotModel,
    ) -> Result<ServerlessCacheSnapshotModel, Diagnostics> {
        let name = prior.aws_name();
        if let Some(arn) = prior.contents.arn.text() {
            let changed = tags::sync(cx, &prior.tags_all, &planned.tags_all, async |changes| {
                elasticache::tags::apply(cx.scope(), arn, changes).await
            });
            let changed = changed.await;
            changed.map_err(|error| failed(format!("change serverless cache snapshot {name:?}"), &error))?;
        }
        if planned.s3_bucket_name.text() != prior.s3_bucket_name.text() {
            if let Some(bucket) = planned.s3_bucket_name.text() {
                export(cx, &name, bucket).await?;
            }
            cx.note(NOT_EXPORTED, Vec::new());
        }
        Ok(planned)
    }

    async fn delete(&self, cx: &Context<'_>, state: ServerlessCacheSnapshotModel) -> Result<(), Diagnostics> {
        let name = state.aws_name();
        if state.skip_destroy.is_true() {
            tracing::info!(name, "retaining the snapshot, as skip_destroy says");
            return Ok(());
        }
        let what = format!("delete serverless cache snapshot {name:?}");
        match serverless_cache_snapshot::delete(cx.scope(), &name).await {
            Ok(()) => {
                let gone = serverless_cache_snapshot::wait_deleted(cx.scope(), &name).await;
                gone.map_err(|error| released(failed_wait(&what, &error), &error).into())
            }
            Err(error) if error.is(serverless_cache_snapshot::NOT_FOUND) => Ok(()),
            Err(error) => Err(failed(&what, &error).into()),
        }
    }

    fn identity(&self) -> Identity {
        Identity::of(&["name"])
    }

    fn arns(&self) -> Option<ArnForm> {
        Some(ArnForm::new("elasticache", "serverlesscachesnapshot:"))
    }

    fn import(&self, id: &str) -> Result<ServerlessCacheSnapshotModel, Diagnostic> {
        if id.is_empty() {
            return Err(Diagnostic::error(
                "Invalid import ID",
                "The ID is the name of the serverless cache snapshot, or its ARN.",
            ));
        }
        Ok(ServerlessCacheSnapshotModel {
            id: id.to_lowercase().as_str().into(),
            name: id.into(),
            ..ServerlessCacheSnapshotModel::default()
        })
    }
}

/// Has AWS take or copy the snapshot, once the cache or the copied snapshot is not busy.
async fn begin(
    scope: &Scope<'_>,
    planned: &ServerlessCacheSnapshotModel,
) -> Result<Option<ExistingSnapshot>, AwsError> {
    let attempts = UnansweredAttempts::default();
    let created = scope.retry(BUSY, async || {
        match send(scope, planned, &attempts).await {
            // The cache may be busy with this very snapshot.
            Err(error) if attempts.any() && may_be_repeated(&error) => {
                recover::created(scope, planned).await.map(Some).ok_or(error)
            }
            answer => answer,
        }
    });
    created.await
}

fn may_be_repeated(error: &AwsError) -> bool {
    error.is(serverless_cache_snapshot::EXISTS) || error.is(BUSY) || is_transient(error)
}

/// One request; `attempts` learns of attempts that were not answered.
async fn send(
    scope: &Scope<'_>,
    planned: &ServerlessCacheSnapshotModel,
    attempts: &UnansweredAttempts,
) -> Result<Option<ExistingSnapshot>, AwsError> {
    let client = scope.elasticache().await?;
    match planned.source_snapshot_name.text() {
        Some(source) => {
            let call = convert::expand_copy(client.copy_serverless_cache_snapshot(), source, planned);
            serverless_cache_snapshot::copy(scope, call, attempts).await
        }
        None => {
            let call = convert::expand_create(client.create_serverless_cache_snapshot(), planned);
            serverless_cache_snapshot::create(scope, call, attempts).await
        }
    }
}

/// Exports a new snapshot; `None` if that fails. A failed export does not taint the snapshot, which is complete: the next
/// read finds a refused one missing, and the next apply repeats it.
async fn export_new(cx: &Context<'_>, name: &str, bucket: &str) -> Option<ExistingSnapshot> {
    let failed = match begin_export(cx.scope(), name, bucket).await {
        Ok(()) => match wait_exported(cx.scope(), name, bucket).await {
            Ok(snapshot) => return Some(snapshot),
            Err(waited) => unanswered::noted(
                waited,
                " AWS has accepted the export, so the next apply does not repeat it.",
            ),
        },
        Err(refused) => {
            cx.note(NOT_EXPORTED, vec![bucket.to_owned()]);
            let note = " The snapshot is complete. The next plan shows `s3_bucket_name` as missing, and its apply exports the \
                        snapshot.";
            unanswered::noted(refused, note)
        }
    };
    cx.warn(Diagnostic { severity: Severity::Warning, ..failed });
    None
}

/// Exports the snapshot, and waits until AWS has written the files.
async fn export(cx: &Context<'_>, name: &str, bucket: &str) -> Result<(), Diagnostic> {
    begin_export(cx.scope(), name, bucket).await?;
    wait_exported(cx.scope(), name, bucket).await.map(drop)
}

/// Has AWS begin an export. An error has the attribute that names the bucket.
async fn begin_export(scope: &Scope<'_>, name: &str, bucket: &str) -> Result<(), Diagnostic> {
    let begun = serverless_cache_snapshot::export(scope, name, bucket).await;
    begun.map_err(|error| failed(export_of(name, bucket), &error).at(Path::attribute("s3_bucket_name")))
}

/// Waits until AWS has written the files of an export.
async fn wait_exported(scope: &Scope<'_>, name: &str, bucket: &str) -> Result<ExistingSnapshot, Diagnostic> {
    match serverless_cache_snapshot::wait_available(scope, name).await {
        Ok(snapshot) => Ok(snapshot),
        Err(error) => {
            let diagnostic = failed_wait(export_of(name, bucket), &error);
            Err(unanswered::noted(diagnostic, &latest_events(scope, name).await))
        }
    }
}

/// An export, to follow "Failed to".
fn export_of(name: &str, bucket: &str) -> String {
    format!("export serverless cache snapshot {name:?} to bucket {bucket:?}")
}

/// What AWS reports of a snapshot that does not become available.
async fn latest_events(scope: &Scope<'_>, name: &str) -> String {
    if scope.cancel().is_cancelled() {
        return String::new();
    }
    let events = events::list(scope, SourceType::ServerlessCacheSnapshot, name).await;
    match events.as_slice() {
        [] => String::new(),
        events => {
            format!("\nLatest events of serverless cache snapshot {name:?}:\n- {}", events.join("\n- "))
        }
    }
}

/// The diagnostic of a refused create.
async fn refused(cx: &Context<'_>, what: &str, name: &str, error: &AwsError) -> Diagnostic {
    if !error.is(serverless_cache_snapshot::EXISTS) {
        return failed(what, error);
    }
    let import = cx.how_to_import("elasticache_serverless_cache_snapshot", name).await;
    already_exists(what, error, &import)
}
