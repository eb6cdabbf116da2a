//! Create, read, update, delete and import of a snapshot.

use async_trait::async_trait;
use aws_sdk_elasticache::types::Snapshot as LiveSnapshot;

use super::model::SnapshotModel;
use super::{api, plan};
use crate::aws::AwsError;
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{ArnForm, Context, PlanContext, Resource, Timeouts, failed, tags};
use crate::resources::{adoption, elasticache};
use crate::schema::Schema;
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
        let create = async || api::begin(cx, &planned).await;
        let status = async || api::status(cx, &name).await;
        let begun = match adoption::create_when_free(cx, api::EXISTS, &object, create, status).await {
            Ok(begun) => begun,
            Err(error) => return Err(refused(cx, &what, &name, &error).await.into()),
        };
        if planned.bucket().is_some() {
            return exported(cx, planned, begun.as_ref(), &what).await;
        }
        cx.save(begun.as_ref().map_or_else(|| planned.clone(), |live| planned.clone().with_live(live)));
        let live = api::available(cx, &name, &planned, &what).await?;
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
        let error = |error: AwsError| failed(&what, &error);
        let live = match api::describe(cx, &name).await {
            Ok(Some(live)) if live.snapshot_status() == Some("deleting") => return Ok(None),
            Ok(Some(live)) => live,
            Ok(None) => {
                return Err(Diagnostic::error(
                    format!("Failed to {what}"),
                    "AWS's answer holds no complete snapshot; it may have been cut short. Nothing is assumed from that; \
                     try again.",
                )
                .into());
            }
            Err(error) if error.is(api::NOT_FOUND) => return Ok(None),
            Err(fault) => return Err(error(fault).into()),
        };
        let mut model = state.with_live(&live);
        match elasticache::list_tags(cx, live.arn().unwrap_or_default()).await {
            Ok(live) => (model.tags, model.tags_all) = tags::read_back(cx.provider(), &model.tags, live),
            Err(error) if error.is(api::NOT_FOUND) => return Ok(None),
            Err(error) if error.is(api::BUSY) => {
                tracing::info!(
                    "The snapshot is busy and AWS does not list its tags; those of the state stand."
                );
            }
            Err(fault) => return Err(error(fault).into()),
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
            elasticache::change_tags(cx, arn, &prior.tags_all, &planned.tags_all)
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
        api::delete(cx, &name).await
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
    api::available(cx, &source, &planned, what).await?;
    Ok(model)
}

/// The diagnostic of a refused create.
async fn refused(cx: &Context<'_>, what: &str, name: &str, error: &AwsError) -> Diagnostic {
    let mut diagnostic = failed(what, error);
    if error.is(api::EXISTS) {
        diagnostic.detail.push_str(&format!(
            " To manage the one that exists, {}To take another, choose another name.",
            cx.how_to_import("elasticache_snapshot", name).await
        ));
    }
    diagnostic
}
