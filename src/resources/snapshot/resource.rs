//! Plan, create, read, update, delete and import of a snapshot.

use aws_sdk_elasticache::types::{Snapshot as ApiSnapshot, SourceType};

use super::attributes::SnapshotModel;
use super::{convert, plan, recover, validate};
use crate::aws::{AwsError, Scope, UnansweredAttempts, is_transient};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{ArnForm, Context, Identity, PlanContext, Resource, Timeouts, failed};
use crate::resources::common::deletion::released;
use crate::resources::common::errors::{failed_wait, present, unfinished_snapshot};
use crate::resources::common::observed::has_arn;
use crate::resources::common::{kms, names, tags, unanswered};
use crate::services::elasticache;
use crate::services::elasticache::{BUSY, events, snapshot};
use crate::value::Field;

/// `elasticache_snapshot`.
pub struct Snapshot;

impl Resource for Snapshot {
    type Model = SnapshotModel;

    fn type_name(&self) -> &'static str {
        "elasticache_snapshot"
    }

    /// The duration of a snapshot depends on the data: for hundreds of gigabytes, most of an hour.
    fn timeouts(&self) -> Timeouts {
        Timeouts::minutes(60, 10, 20)
    }

    fn validate(&self, config: &SnapshotModel, diags: &mut Diagnostics) {
        let sources = [
            ("replication_group_id", &config.replication_group_id),
            ("cache_cluster_id", &config.cache_cluster_id),
            ("source_snapshot_name", &config.source_snapshot_name),
        ];
        names::required("A snapshot", &config.name, &config.name_prefix, diags);
        validate::check_sources(sources, diags);
    }

    fn plan(&self, cx: &mut PlanContext<'_, SnapshotModel>) {
        plan::plan(cx);
    }

    async fn create(
        &self,
        cx: &Context<'_>,
        _config: SnapshotModel,
        mut planned: SnapshotModel,
    ) -> Result<SnapshotModel, Diagnostics> {
        if planned.name.text().is_none() {
            planned.name = names::chosen(cx, &planned.name, &planned.name_prefix).to_lowercase().into();
        }
        let name = planned.aws_name();
        planned.id = name.as_str().into();
        let what = format!("create snapshot {name:?}");
        let object = format!("snapshot {name:?}");
        let resumed = match export_key(cx, &planned).await {
            Some(key) => cx.created_in_this_run(&key),
            None => false,
        };
        let attempt = async || create(cx.scope(), &planned, resumed).await;
        let status = async || snapshot::status(cx.scope(), &name).await;
        let created = match unanswered::create_when_free(cx, snapshot::EXISTS, &object, attempt, status).await
        {
            Ok(created) => created,
            Err(error) => return Err(refused(cx, &what, &planned, &error).await.into()),
        };
        if planned.bucket().is_some() {
            return exported(cx, planned, created.as_ref(), &what).await;
        }
        cx.save(
            created.as_ref().map_or_else(|| planned.clone(), |observed| planned.clone().flatten(observed)),
        );
        // A snapshot that is never completed would otherwise outlive its resource, and use the name up.
        cx.omit_if_failed("skip_destroy");
        let observed = wait_available(cx.scope(), &name, &planned, &what).await?;
        kms::note(cx, &planned.kms_key_id, observed.kms_key_id());
        Ok(planned.flatten(&observed))
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        state: SnapshotModel,
    ) -> Result<Option<SnapshotModel>, Diagnostics> {
        // ElastiCache does not return exported snapshots.
        if state.bucket().is_some() {
            return Ok(Some(state));
        }
        let name = state.aws_name();
        let what = format!("read snapshot {name:?}");
        let found = snapshot::describe(cx.scope(), &name).await;
        let found = present(&what, "snapshot", found)?;
        let is_deleted = |found: &ApiSnapshot| found.snapshot_status() == Some("deleting");
        let Some(observed) = found.filter(|found| !is_deleted(found)) else { return Ok(None) };
        let own = state.arn.clone();
        kms::note(cx, &state.kms_key_id, observed.kms_key_id());
        let mut model = state.flatten(&observed);
        match elasticache::tags::list(cx.scope(), observed.arn().unwrap_or_default()).await {
            Ok(observed) => {
                (model.tags, model.tags_all) = tags::read_back(cx.provider(), &model.tags, observed);
            }
            Err(error) if error.is(snapshot::NOT_FOUND) && has_arn(&own, observed.arn()) => {
                return Ok(None);
            }
            Err(error) if error.is(BUSY) => {
                tracing::info!("AWS does not list the tags of a busy snapshot; the state keeps them");
            }
            Err(error) => return Err(failed(&what, &error).into()),
        }
        Ok(Some(model))
    }

    async fn update(
        &self,
        cx: &Context<'_>,
        _config: SnapshotModel,
        prior: SnapshotModel,
        planned: SnapshotModel,
    ) -> Result<SnapshotModel, Diagnostics> {
        if let Some(arn) = prior.arn.text() {
            tags::sync(cx, &prior.tags_all, &planned.tags_all, async |changes| {
                elasticache::tags::apply(cx.scope(), arn, changes).await
            })
            .await
            .map_err(|error| failed(format!("change snapshot {:?}", prior.aws_name()), &error))?;
        }
        Ok(planned)
    }

    fn plan_destroy(&self, prior: &SnapshotModel, diags: &mut Diagnostics) {
        if let Some(bucket) = prior.bucket() {
            diags.push(Diagnostic::warning(
                "Exported files are not deleted",
                format!(
                    "Snapshot {:?} was exported to bucket {bucket:?}. Destroying this resource does not delete its files. \
                     Delete them in S3 when they are no longer needed.",
                    prior.aws_name()
                ),
            ));
        }
    }

    async fn delete(&self, cx: &Context<'_>, state: SnapshotModel) -> Result<(), Diagnostics> {
        let name = state.aws_name();
        if let Some(key) = export_key(cx, &state).await
            && state.tags_all.is_null()
        {
            cx.record_created(key);
        }
        if state.skip_destroy.is_true() || state.bucket().is_some() {
            tracing::info!(name, "the snapshot is kept");
            return Ok(());
        }
        let what = format!("delete snapshot {name:?}");
        match snapshot::delete(cx.scope(), &name).await {
            Ok(()) => {
                let gone = snapshot::wait_deleted(cx.scope(), &name).await;
                gone.map_err(|error| released(failed_wait(&what, &error), &error).into())
            }
            Err(error) if error.is(snapshot::NOT_FOUND) => Ok(()),
            Err(error) => Err(failed(&what, &error).into()),
        }
    }

    fn identity(&self) -> Identity {
        Identity::of(&["name"])
    }

    fn arns(&self) -> Option<ArnForm> {
        Some(ArnForm::new("elasticache", "snapshot:"))
    }

    fn import(&self, id: &str) -> Result<SnapshotModel, Diagnostic> {
        if id.is_empty() {
            return Err(Diagnostic::error(
                "Invalid import ID",
                "The ID is the name of the snapshot, or its ARN.",
            ));
        }
        Ok(SnapshotModel {
            id: id.to_lowercase().as_str().into(),
            name: id.into(),
            ..SnapshotModel::default()
        })
    }
}

/// The key of an export in this run. AWS accepts each name in a bucket once, and nothing of an export can be deleted here:
/// to replace one that was interrupted is to wait for its end.
async fn export_key(cx: &Context<'_>, model: &SnapshotModel) -> Option<String> {
    let (bucket, source) = (model.bucket()?, model.source_snapshot_name.text()?);
    Some(cx.key("export", &format!("{} of {} in {bucket}", model.aws_name(), source.to_lowercase())).await)
}

/// Creates or copies the snapshot, and retries while its source is busy. An export that is `resumed` was accepted before.
async fn create(
    scope: &Scope<'_>,
    planned: &SnapshotModel,
    resumed: bool,
) -> Result<Option<ApiSnapshot>, AwsError> {
    let attempts = UnansweredAttempts::default();
    let created = scope.retry(BUSY, async || {
        match send(scope, planned, &attempts).await {
            // The copied snapshot is busy with its export, or has been exported.
            Err(error)
                if (attempts.any() || resumed)
                    && planned.bucket().is_some()
                    && (error.is(snapshot::EXISTS) || error.is(BUSY)) =>
            {
                Ok(recover::copied(scope, planned).await)
            }
            // The cache may be busy with this snapshot.
            Err(error)
                if attempts.any()
                    && (error.is(snapshot::EXISTS) || error.is(BUSY) || is_transient(&error)) =>
            {
                recover::created(scope, planned).await.map(Some).ok_or(error)
            }
            result => result,
        }
    });
    created.await
}

/// Sends CreateSnapshot or CopySnapshot; `attempts` records attempts without a response.
async fn send(
    scope: &Scope<'_>,
    planned: &SnapshotModel,
    attempts: &UnansweredAttempts,
) -> Result<Option<ApiSnapshot>, AwsError> {
    let client = scope.elasticache().await?;
    match planned.source_snapshot_name.text() {
        Some(source) => {
            let call = convert::expand_copy(client.copy_snapshot(), source, planned);
            snapshot::copy(scope, call, attempts).await
        }
        None => {
            let call = convert::expand_create(client.create_snapshot(), planned);
            snapshot::create(scope, call, attempts).await
        }
    }
}

/// Waits until the snapshot is available with all its data. `what` completes "Failed to".
async fn wait_available(
    scope: &Scope<'_>,
    name: &str,
    planned: &SnapshotModel,
    what: &str,
) -> Result<ApiSnapshot, Diagnostics> {
    match snapshot::wait_available(scope, name).await {
        Ok(snapshot) => Ok(snapshot),
        Err(error) => {
            let mut diagnostic = match planned.bucket() {
                Some(_) => failed_wait(what, &error),
                None => unfinished_snapshot(what, &error, planned.skip_destroy.is_true()),
            };
            diagnostic.detail.push_str(&latest_events(scope, planned).await);
            Err(diagnostic.into())
        }
    }
}

/// The latest events of the cache, which explain a failed snapshot.
async fn latest_events(scope: &Scope<'_>, planned: &SnapshotModel) -> String {
    let source = match (planned.replication_group_id.text(), planned.cache_cluster_id.text()) {
        (Some(group), _) => (SourceType::ReplicationGroup, group),
        (None, Some(cluster)) => (SourceType::CacheCluster, cluster),
        (None, None) => return String::new(),
    };
    // No further calls after Terraform asks the provider to stop.
    if scope.cancel().is_cancelled() {
        return String::new();
    }
    let events = events::list(scope, source.0, source.1).await;
    if events.is_empty() {
        return String::new();
    }
    format!("\nLatest ElastiCache events of {:?}:\n- {}", source.1, events.join("\n- "))
}

/// The state of an exported snapshot, which does not exist in ElastiCache. The copied snapshot is busy during the export.
async fn exported(
    cx: &Context<'_>,
    planned: SnapshotModel,
    copied: Option<&ApiSnapshot>,
    what: &str,
) -> Result<SnapshotModel, Diagnostics> {
    let copied = copied.cloned().unwrap_or_else(|| ApiSnapshot::builder().build());
    let mut model = planned.clone().flatten_cache(&copied);
    // AWS returns source and key of the copied snapshot.
    model.replication_group_id = copied.replication_group_id().into();
    model.cache_cluster_id = copied.cache_cluster_id().into();
    model.kms_key_id = planned.kms_key_id.known().cloned().map_or(Field::Null, Field::Known);
    model.arn = Field::Null;
    cx.save(model.clone());
    // Tells the deletion that no apply has seen the end of the export: Terraform passes no private data of a tainted object.
    cx.omit_if_failed("tags_all");
    let source = planned.source_snapshot_name.text().unwrap_or_default().to_lowercase();
    wait_available(cx.scope(), &source, &planned, what).await?;
    Ok(model)
}

/// The diagnostic of a refused create.
async fn refused(cx: &Context<'_>, what: &str, planned: &SnapshotModel, error: &AwsError) -> Diagnostic {
    let name = &planned.aws_name();
    let mut diagnostic = failed(what, error);
    if error.is(snapshot::EXISTS)
        && let Some(bucket) = planned.bucket()
    {
        diagnostic.detail.push_str(&format!(
            " AWS does not overwrite an exported snapshot. Delete its file in bucket {bucket:?}, or use another `name`."
        ));
    } else if error.is(snapshot::EXISTS) {
        diagnostic.detail.push_str(&format!(
            " To manage the existing snapshot, {}To create another one, use another `name`.",
            cx.how_to_import("elasticache_snapshot", name).await
        ));
    }
    diagnostic
}
