//! Plan, create, read, update, delete and import of a global datastore.

use aws_sdk_elasticache::types::GlobalReplicationGroup as Datastore;

use super::attributes::GlobalReplicationGroupModel;
use super::update::{run, steps};
use super::{convert, delete, plan, preflight, recover, validate};
use crate::aws::{AwsError, UnansweredAttempts};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::state::tags::read_back;
use crate::engine::{ArnForm, Context, Identity, PlanContext, Resource, Timeouts, failed};
use crate::resources::common::errors::{already_exists, failed_wait, incomplete, present};
use crate::resources::common::unanswered;
use crate::services::elasticache::BUSY;
use crate::services::elasticache::global_replication_group as service;
use crate::value::Field;

/// `elasticache_global_replication_group`.
pub struct GlobalReplicationGroup;

impl Resource for GlobalReplicationGroup {
    type Model = GlobalReplicationGroupModel;

    fn type_name(&self) -> &'static str {
        "elasticache_global_replication_group"
    }

    fn timeouts(&self) -> Timeouts {
        // Those of hashicorp/aws. A deletion waits for secondaries that leave, which takes more than its 20 minutes
        // (hashicorp/terraform-provider-aws#23583, #37121).
        Timeouts::minutes(60, 60, 60)
    }

    fn validate(&self, config: &GlobalReplicationGroupModel, diags: &mut Diagnostics) {
        validate::configuration(config, diags);
    }

    fn plan(&self, cx: &mut PlanContext<'_, GlobalReplicationGroupModel>) {
        match cx.prior {
            None => plan::create(cx),
            Some(prior) => plan::update(cx, prior),
        }
    }

    async fn create(
        &self,
        cx: &Context<'_>,
        config: GlobalReplicationGroupModel,
        planned: GlobalReplicationGroupModel,
    ) -> Result<GlobalReplicationGroupModel, Diagnostics> {
        let what = format!("create global datastore {:?}", planned.suffix());
        preflight::check(cx, &config, &planned).await?;
        let accepted = send_create(cx, &planned, &what).await?;
        let id = accepted.global_replication_group_id().unwrap_or_default().to_owned();
        cx.save(planned.clone().flatten(&accepted));
        let observed = service::wait_available(cx.scope(), &id, true, |datastore| {
            service::primary(datastore).is_none().then(|| "its primary is not visible yet".to_owned())
        });
        let observed = observed.await.map_err(|error| failed_wait(&what, &error))?;
        // AWS takes over everything from the primary; what differs is changed now.
        let inherited = planned.clone().flatten(&observed);
        let steps = steps::steps(&inherited, &planned);
        let latest = run::run(cx, &inherited, &planned, &steps).await?;
        Ok(planned.flatten(latest.as_ref().unwrap_or(&observed)))
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        state: GlobalReplicationGroupModel,
    ) -> Result<Option<GlobalReplicationGroupModel>, Diagnostics> {
        let id = state.aws_id().to_owned();
        let what = format!("read global datastore {id:?}");
        let described = service::describe(cx.scope(), &id).await;
        let Some(datastore) = present(&what, "global datastore", described)? else {
            return Ok(None);
        };
        if service::is_deleting(&datastore) {
            return Ok(None);
        }
        let before = steps::running_family(&state);
        let mut model = state.flatten(&datastore);
        if let (Some(before), Some(after)) = (before, steps::running_family(&model))
            && before != after
        {
            cx.note(plan::FAMILY_CHANGED, vec![after]);
        }
        (model.tags, model.tags_all) = read_tags(cx, &model, &what).await?;
        Ok(Some(model))
    }

    async fn update(
        &self,
        cx: &Context<'_>,
        _config: GlobalReplicationGroupModel,
        prior: GlobalReplicationGroupModel,
        planned: GlobalReplicationGroupModel,
    ) -> Result<GlobalReplicationGroupModel, Diagnostics> {
        // The state has the parameter group from here on; see `plan::FAMILY_CHANGED`.
        cx.note(plan::FAMILY_CHANGED, Vec::new());
        let steps = steps::steps(&prior, &planned);
        tracing::debug!(steps = steps.len(), "planned the steps of the update");
        match run::run(cx, &prior, &planned, &steps).await? {
            Some(latest) => Ok(planned.flatten(&latest)),
            // Nothing of the datastore itself has changed.
            None => Ok(self.read(cx, planned.clone()).await?.unwrap_or(planned)),
        }
    }

    async fn delete(&self, cx: &Context<'_>, state: GlobalReplicationGroupModel) -> Result<(), Diagnostics> {
        delete::delete(cx, &state).await
    }

    fn arns(&self) -> Option<ArnForm> {
        Some(ArnForm::new("elasticache", "globalreplicationgroup:"))
    }

    fn moves_from(&self) -> &'static [&'static str] {
        &["aws_elasticache_global_replication_group"]
    }

    fn identity(&self) -> Identity {
        Identity::of(&["global_replication_group_id"])
    }

    fn import(&self, id: &str) -> Result<GlobalReplicationGroupModel, Diagnostic> {
        Ok(GlobalReplicationGroupModel {
            id: id.into(),
            global_replication_group_id: id.into(),
            global_replication_group_id_suffix: service::suffix_of(id).into(),
            ..Default::default()
        })
    }
}

/// Sends the create, again while AWS changes the primary or deletes a datastore of the same name.
async fn send_create(
    cx: &Context<'_>,
    planned: &GlobalReplicationGroupModel,
    what: &str,
) -> Result<Datastore, Diagnostics> {
    let client = cx.scope().elasticache().await.map_err(|error| failed(what, &error))?;
    let attempts = UnansweredAttempts::default();
    let attempt = async || {
        let call = convert::expand_create(client.create_global_replication_group(), planned);
        match service::create(cx.scope(), call, &attempts).await {
            Err(error) if attempts.any() => {
                recover::created(cx, planned, &attempts, &error).await.map(Some).ok_or(error)
            }
            answer => answer,
        }
    };
    let create = async || cx.scope().retry(BUSY, attempt).await;
    let object = format!("global datastore {:?}", planned.suffix());
    let status = async || recover::status(cx, planned).await;
    let created = unanswered::create_when_free(cx, service::EXISTS, &object, create, status).await;
    match created {
        Ok(Some(datastore)) => Ok(datastore),
        // AWS has accepted the create, and the response does not say which ID it gave.
        Ok(None) => match recover::find(cx, planned).await {
            Ok(Some(datastore)) => Ok(datastore),
            _ => Err(incomplete(what, "global datastore")),
        },
        Err(error) => Err(not_created(cx, planned, what, &error, &attempts).await.into()),
    }
}

async fn not_created(
    cx: &Context<'_>,
    planned: &GlobalReplicationGroupModel,
    what: &str,
    error: &AwsError,
    attempts: &UnansweredAttempts,
) -> Diagnostic {
    if !error.is(service::EXISTS) {
        return failed(what, error);
    }
    let Some(id) = recover::existing_id(cx, planned).await else { return failed(what, error) };
    let import = cx.how_to_import("elasticache_global_replication_group", &id).await;
    let diagnostic = already_exists(what, error, &import);
    unanswered::noted(diagnostic, unanswered::note_of_unanswered_attempt(attempts))
}

type TagFields = (Field<crate::aws::Tags>, Field<crate::aws::Tags>);

/// `tags` and `tags_all` of the datastore; those of the state while AWS does not list them. ElastiCache is asked, and not
/// the index of the Resource Groups Tagging API: AWS does not document that it has global datastores.
async fn read_tags(
    cx: &Context<'_>,
    model: &GlobalReplicationGroupModel,
    what: &str,
) -> Result<TagFields, Diagnostics> {
    let arn = model.arn.text().unwrap_or_default();
    let listed = service::list_tags(cx.scope(), arn).await.map_err(|error| failed(what, &error))?;
    match listed {
        Some(listed) => Ok(read_back(cx.provider(), &model.tags, listed)),
        None => Ok((model.tags.clone(), model.tags_all.clone())),
    }
}
