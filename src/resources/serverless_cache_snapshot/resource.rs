//! Plan, create, read, update, delete and import of a snapshot of a serverless cache.

use aws_sdk_elasticache::types::{ServerlessCacheSnapshot as ExistingSnapshot, SourceType};

use super::attributes::ServerlessCacheSnapshotModel;
use super::{convert, plan, recover, validate};
use crate::aws::{AwsError, Scope, UnansweredAttempts, is_transient};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{ArnForm, Context, Identity, PlanContext, Resource, Timeouts, failed};
use crate::resources::common::deletion::released;
use crate::resources::common::errors::{already_exists, failed_wait, present, unfinished_snapshot};
use crate::resources::common::observed::has_arn;
use crate::resources::common::{kms, tags, unanswered};
use crate::services::elasticache;
use crate::services::elasticache::{BUSY, events, serverless_cache_snapshot};
use crate::value::Path;

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
        let snapshot = match planned.s3_bucket_name.text() {
            Some(bucket) => export(cx.scope(), &name, bucket).await?,
            None => snapshot,
        };
        Ok(convert::flatten(planned, &snapshot))
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
        match planned.s3_bucket_name.text() {
            Some(bucket) if prior.s3_bucket_name.text() != Some(bucket) => {
                export(cx.scope(), &name, bucket).await?;
            }
            _ => {}
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

/// Waits until the snapshot is available. `what` completes "Failed to".
async fn available(scope: &Scope<'_>, name: &str, what: &str) -> Result<ExistingSnapshot, Diagnostics> {
    match serverless_cache_snapshot::wait_available(scope, name).await {
        Ok(snapshot) => Ok(snapshot),
        Err(error) => {
            let diagnostic = failed_wait(what, &error);
            Err(unanswered::noted(diagnostic, &latest_events(scope, name).await).into())
        }
    }
}

/// Exports the snapshot, and waits until AWS has written the files.
async fn export(scope: &Scope<'_>, name: &str, bucket: &str) -> Result<ExistingSnapshot, Diagnostics> {
    let what = format!("export serverless cache snapshot {name:?} to bucket {bucket:?}");
    let started = serverless_cache_snapshot::export(scope, name, bucket).await;
    started.map_err(|error| failed(&what, &error).at(Path::attribute("s3_bucket_name")))?;
    available(scope, name, &what).await
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
