//! Create, read, update, delete and import of a snapshot.

use async_trait::async_trait;
use aws_sdk_elasticache::types::{Snapshot as LiveSnapshot, SourceType};

use super::model::SnapshotModel;
use super::{plan, recover, request};
use crate::aws::{AwsError, LostAnswers, Scope, is_transient};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{ArnForm, Context, PlanContext, Resource, Timeouts, failed};
use crate::resources::common::errors::{failed_wait, present};
use crate::resources::common::{tags, unanswered};
use crate::schema::Schema;
use crate::services::elasticache;
use crate::services::elasticache::{events, snapshot};
use crate::value::Field;

/// `elasticache_snapshot`.
pub struct Snapshot;

#[async_trait]
impl Resource for Snapshot {
    type Model = SnapshotModel;

    fn type_name(&self) -> &'static str {
        "elasticache_snapshot"
    }

    fn schema(&self) -> &'static Schema {
        super::schema::schema()
    }

    /// How long a snapshot takes depends on the data; a cache with hundreds of
    /// gigabytes needs the better part of an hour.
    fn timeouts(&self) -> Timeouts {
        Timeouts::minutes(60, 10, 20)
    }

    fn validate(&self, config: &SnapshotModel, diags: &mut Diagnostics) {
        plan::validate(config, diags);
    }

    fn plan(&self, cx: &mut PlanContext<'_, SnapshotModel>) {
        plan::plan(cx);
    }

    async fn create(
        &self,
        cx: &Context<'_>,
        _config: SnapshotModel,
        planned: SnapshotModel,
    ) -> Result<SnapshotModel, Diagnostics> {
        let name = planned.aws_name();
        let what = format!("create snapshot {name:?}");
        let object = format!("snapshot {name:?}");
        let create = async || begin(cx.scope(), &planned).await;
        let status = async || snapshot::status(cx.scope(), &name).await;
        let begun = match unanswered::create_when_free(cx, snapshot::EXISTS, &object, create, status).await {
            Ok(begun) => begun,
            Err(error) => return Err(refused(cx, &what, &name, &error).await.into()),
        };
        if planned.bucket().is_some() {
            return exported(cx, planned, begun.as_ref(), &what).await;
        }
        cx.save(begun.as_ref().map_or_else(|| planned.clone(), |live| planned.clone().with_live(live)));
        let live = available(cx.scope(), &name, &planned, &what).await?;
        Ok(planned.with_live(&live))
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        state: SnapshotModel,
    ) -> Result<Option<SnapshotModel>, Diagnostics> {
        // Files in a bucket are S3's.
        if state.bucket().is_some() {
            return Ok(Some(state));
        }
        let name = state.aws_name();
        let what = format!("read snapshot {name:?}");
        let found = snapshot::describe(cx.scope(), &name).await;
        let found = present(&what, "snapshot", found, snapshot::NOT_FOUND)?;
        let Some(live) = found.filter(|live| live.snapshot_status() != Some("deleting")) else {
            return Ok(None);
        };
        let mut model = state.with_live(&live);
        match elasticache::tags::list(cx.scope(), live.arn().unwrap_or_default()).await {
            Ok(live) => (model.tags, model.tags_all) = tags::read_back(cx.provider(), &model.tags, live),
            Err(error) if error.is(snapshot::NOT_FOUND) => return Ok(None),
            Err(error) if error.is(snapshot::BUSY) => {
                tracing::info!(
                    "The snapshot is busy and AWS does not list its tags; those of the state stand."
                );
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
                "The files stay in the bucket",
                format!(
                    "Snapshot {:?} was copied into bucket {bucket:?}. Its files there are not deleted with this resource; \
                     delete them in S3 when they are no longer needed.",
                    prior.aws_name()
                ),
            ));
        }
    }

    async fn delete(&self, cx: &Context<'_>, state: SnapshotModel) -> Result<(), Diagnostics> {
        let name = state.aws_name();
        if state.skip_destroy.is_true() || state.bucket().is_some() {
            tracing::info!(name, "The snapshot stays.");
            return Ok(());
        }
        let what = format!("delete snapshot {name:?}");
        match snapshot::delete(cx.scope(), &name).await {
            Ok(()) => {
                let gone = snapshot::wait_deleted(cx.scope(), &name).await;
                gone.map_err(|error| failed_wait(&what, &error).into())
            }
            Err(error) if error.is(snapshot::NOT_FOUND) => Ok(()),
            Err(error) => Err(failed(&what, &error).into()),
        }
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

/// Has AWS take the snapshot, or copy one, once what it is of is not busy.
async fn begin(scope: &Scope<'_>, planned: &SnapshotModel) -> Result<Option<LiveSnapshot>, AwsError> {
    let lost = LostAnswers::default();
    let begun = scope.retry(snapshot::BUSY, async || {
        match ask(scope, planned, &lost).await {
            // What the cache is busy with may be this very snapshot.
            Err(error)
                if lost.any()
                    && (error.is(snapshot::EXISTS) || error.is(snapshot::BUSY) || is_transient(&error)) =>
            {
                recover::begun(scope, planned).await.map(Some).ok_or(error)
            }
            answer => answer,
        }
    });
    begun.await
}

/// The one call; `lost` learns of attempts without an answer.
async fn ask(
    scope: &Scope<'_>,
    planned: &SnapshotModel,
    lost: &LostAnswers,
) -> Result<Option<LiveSnapshot>, AwsError> {
    let client = scope.elasticache().await?;
    match planned.source_snapshot_name.text() {
        Some(source) => {
            let call = request::expand_copy(client.copy_snapshot(), source, planned);
            snapshot::copy(scope, call, lost).await
        }
        None => {
            let call = request::expand_create(client.create_snapshot(), planned);
            snapshot::create(scope, call, lost).await
        }
    }
}

/// Waits until the snapshot is there with all its data. `what` completes "Failed to".
async fn available(
    scope: &Scope<'_>,
    name: &str,
    planned: &SnapshotModel,
    what: &str,
) -> Result<LiveSnapshot, Diagnostics> {
    match snapshot::wait_available(scope, name).await {
        Ok(snapshot) => Ok(snapshot),
        Err(error) => {
            let mut diagnostic = failed_wait(what, &error);
            diagnostic.detail.push_str(&latest_events(scope, planned).await);
            Err(diagnostic.into())
        }
    }
}

/// What AWS has to say of the cache, for a snapshot that does not come to be.
async fn latest_events(scope: &Scope<'_>, planned: &SnapshotModel) -> String {
    let source = match (planned.replication_group_id.text(), planned.cache_cluster_id.text()) {
        (Some(group), _) => (SourceType::ReplicationGroup, group),
        (None, Some(cluster)) => (SourceType::CacheCluster, cluster),
        (None, None) => return String::new(),
    };
    // Nobody waits for more once Terraform is asked to stop.
    if scope.cancel().is_cancelled() {
        return String::new();
    }
    let events = events::list(scope, source.0, source.1).await;
    if events.is_empty() {
        return String::new();
    }
    format!("\nAWS's latest events of {:?}:\n- {}", source.1, events.join("\n- "))
}

/// The state of a snapshot that is a file in a bucket. AWS has no object for it; while
/// it is written, the snapshot it is a copy of is busy.
async fn exported(
    cx: &Context<'_>,
    planned: SnapshotModel,
    begun: Option<&LiveSnapshot>,
    what: &str,
) -> Result<SnapshotModel, Diagnostics> {
    let shown = begun.cloned().unwrap_or_else(|| LiveSnapshot::builder().build());
    let mut model = planned.clone().cache(&shown);
    // What is shown of origin and key is that of the copied snapshot.
    let text = |value: Option<&str>| Field::from(value.map(str::to_owned));
    model.replication_group_id = text(shown.replication_group_id());
    model.cache_cluster_id = text(shown.cache_cluster_id());
    model.kms_key_id = planned.kms_key_id.known().cloned().map_or(Field::Null, Field::Known);
    model.arn = Field::Null;
    cx.save(model.clone());
    let source = planned.source_snapshot_name.text().unwrap_or_default().to_lowercase();
    available(cx.scope(), &source, &planned, what).await?;
    Ok(model)
}

/// The diagnostic of a refused create.
async fn refused(cx: &Context<'_>, what: &str, name: &str, error: &AwsError) -> Diagnostic {
    let mut diagnostic = failed(what, error);
    if error.is(snapshot::EXISTS) {
        diagnostic.detail.push_str(&format!(
            " To manage the one that exists, {}To take another, choose another name.",
            cx.how_to_import("elasticache_snapshot", name).await
        ));
    }
    diagnostic
}
