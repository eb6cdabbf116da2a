//! Plan, create, read, update, delete and import of a serverless cache.

use aws_sdk_elasticache::types::{ServerlessCache as ExistingCache, SourceType};

use super::attributes::ServerlessCacheModel;
use super::{convert, deletion_protection, plan, recover, update, validate};
use crate::aws::{AwsError, UnansweredAttempts, WaitError, WaitFailure};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::state::tags::Tags;
use crate::engine::{ArnForm, Context, Identity, PlanContext, Resource, Timeouts, failed};
use crate::resources::common::deletion::released;
use crate::resources::common::errors::{already_exists, failed_wait, present};
use crate::resources::common::observed::has_arn;
use crate::resources::common::{in_use, kms, tags, unanswered};
use crate::services::elasticache;
use crate::services::elasticache::{BUSY, events, serverless_cache, serverless_cache_snapshot};
use crate::value::{Field, Path};

/// `elasticache_serverless_cache`.
pub struct ServerlessCache;

impl Resource for ServerlessCache {
    type Model = ServerlessCacheModel;

    fn type_name(&self) -> &'static str {
        "elasticache_serverless_cache"
    }

    /// Those of hashicorp/aws: a create takes minutes, and an update waits once for each changed field.
    fn timeouts(&self) -> Timeouts {
        Timeouts::minutes(40, 80, 40)
    }

    fn validate(&self, config: &ServerlessCacheModel, diags: &mut Diagnostics) {
        validate::validate(config, diags);
    }

    fn plan(&self, cx: &mut PlanContext<'_, ServerlessCacheModel>) {
        plan::plan(cx);
    }

    async fn create(
        &self,
        cx: &Context<'_>,
        _config: ServerlessCacheModel,
        planned: ServerlessCacheModel,
    ) -> Result<ServerlessCacheModel, Diagnostics> {
        let name = planned.aws_name();
        let what = format!("create serverless cache {name:?}");
        let attempts = UnansweredAttempts::default();
        let create = async || begin(cx, &planned, &attempts).await;
        let object = format!("serverless cache {name:?}");
        let status = async || serverless_cache::status(cx.scope(), &name).await;
        let created =
            unanswered::create_when_free(cx, serverless_cache::EXISTS, &object, create, status).await;
        let cache = match created {
            Ok(cache) => cache,
            Err(error) => return Err(refused(cx, &what, &planned, &error, &attempts).await.into()),
        };
        // From here on AWS has the cache; whatever happens, the state must have it.
        cx.save(match &cache {
            Some(cache) => convert::flatten(planned.clone(), cache),
            None => planned.clone(),
        });
        // A cache that is never completed has nothing to snapshot, and would use the name up.
        cx.omit_if_failed("final_snapshot_name");
        let waited = serverless_cache::wait_available(cx.scope(), &name, true, |_| None).await;
        match waited {
            Ok(cache) => {
                kms::note(cx, &planned.kms_key_id, cache.kms_key_id());
                Ok(convert::flatten(planned, &cache))
            }
            Err(error) => Err(unfinished(cx, &what, &planned, &error).await.into()),
        }
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        state: ServerlessCacheModel,
    ) -> Result<Option<ServerlessCacheModel>, Diagnostics> {
        let name = state.aws_name();
        let what = format!("read serverless cache {name:?}");
        let found = serverless_cache::find(cx.scope(), &name).await;
        let found = present(&what, "serverless cache", found)?;
        let is_deleted =
            |cache: &ExistingCache| serverless_cache::status_of(cache) == serverless_cache::DELETING;
        let Some(cache) = found.filter(|cache| !is_deleted(cache)) else { return Ok(None) };
        // Only the stub of an import has no engine.
        if state.engine.is_null() && serverless_cache::status_of(&cache) == serverless_cache::CREATING {
            return Err(too_early(&name).into());
        }
        let (own, all) = match read_tags(cx, cache.arn().unwrap_or_default(), &state).await {
            Ok(read) => read,
            Err(error) if error.is(serverless_cache::NOT_FOUND) && has_arn(&state.arn, cache.arn()) => {
                return Ok(None);
            }
            Err(error) => return Err(failed(&what, &error).into()),
        };
        kms::note(cx, &state.kms_key_id, cache.kms_key_id());
        let mut model = convert::flatten(state, &cache);
        (model.tags, model.tags_all) = (own, all);
        Ok(Some(model))
    }

    async fn update(
        &self,
        cx: &Context<'_>,
        _config: ServerlessCacheModel,
        prior: ServerlessCacheModel,
        planned: ServerlessCacheModel,
    ) -> Result<ServerlessCacheModel, Diagnostics> {
        let name = prior.aws_name();
        let _change = cx.begin_change(in_use::serverless_change_key(cx, &name).await);
        let mut cache = None;
        if prior.status.text() == Some(serverless_cache::CREATING) {
            let waited = serverless_cache::wait_available(cx.scope(), &name, true, |_| None).await;
            let what = format!("wait for serverless cache {name:?}, which AWS is creating");
            cache = Some(waited.map_err(|error| failed_wait(what, &error))?);
        }
        let has_tag_changes = !tags::changes(cx.provider(), &prior.tags_all, &planned.tags_all).is_empty();
        let steps = update::steps(&prior, &planned, has_tag_changes);
        tracing::debug!(name, steps = steps.len(), "planned the steps of the update");
        let after = update::run(cx, &prior, &planned, &steps).await?;
        Ok(match after.or(cache) {
            Some(cache) => convert::flatten(planned, &cache),
            // Only the state changes.
            None => self.read(cx, planned.clone()).await?.unwrap_or(planned),
        })
    }

    fn plan_destroy(&self, prior: &ServerlessCacheModel, diags: &mut Diagnostics) {
        deletion_protection::destroy(prior, diags);
    }

    async fn before_removal(&self, cx: &Context<'_>, state: &ServerlessCacheModel) -> Diagnostics {
        final_name_is_free(cx, state).await
    }

    async fn delete(&self, cx: &Context<'_>, state: ServerlessCacheModel) -> Result<(), Diagnostics> {
        let name = state.aws_name();
        let what = format!("delete serverless cache {name:?}");
        let _change = cx.begin_change(in_use::serverless_change_key(cx, &name).await);
        deletion_protection::refuse_deletion(cx, &state).await?;
        let snapshot = final_snapshot(&state).map(str::to_lowercase);
        match serverless_cache::delete(cx.scope(), &name, snapshot.as_deref()).await {
            Ok(()) => {
                let gone = serverless_cache::wait_deleted(cx.scope(), &name).await;
                gone.map_err(|error| released(failed_wait(&what, &error), &error).into())
            }
            Err(error) if error.is(serverless_cache::NOT_FOUND) => Ok(()),
            Err(error) => Err(not_deleted(&what, snapshot.as_deref(), &error).into()),
        }
    }

    fn identity(&self) -> Identity {
        Identity::of(&["name"])
    }

    fn arns(&self) -> Option<ArnForm> {
        Some(ArnForm::new("elasticache", "serverlesscache:"))
    }

    fn moves_from(&self) -> &'static [&'static str] {
        &["aws_elasticache_serverless_cache"]
    }

    fn import(&self, id: &str) -> Result<ServerlessCacheModel, Diagnostic> {
        if id.is_empty() {
            return Err(Diagnostic::error(
                "Invalid import ID",
                "The ID is the name of the serverless cache, or its ARN.",
            ));
        }
        Ok(ServerlessCacheModel {
            id: id.to_lowercase().as_str().into(),
            name: id.into(),
            ..ServerlessCacheModel::default()
        })
    }
}

/// One request to create the cache, once its user group is not busy. A cache that an attempt without an
/// answer has created is adopted.
async fn begin(
    cx: &Context<'_>,
    planned: &ServerlessCacheModel,
    attempts: &UnansweredAttempts,
) -> Result<Option<ExistingCache>, AwsError> {
    let client = cx.scope().elasticache().await?;
    let created = cx.scope().retry(BUSY, async || {
        let call = convert::expand_create(client.create_serverless_cache(), planned);
        match serverless_cache::create(cx.scope(), call, attempts).await {
            Ok(cache) => Ok(cache),
            Err(error) => recover::created(cx, planned, attempts, &error).await.map(Some).ok_or(error),
        }
    });
    created.await
}

/// The diagnostic of a refused create, at the argument that AWS refuses.
async fn refused(
    cx: &Context<'_>,
    what: &str,
    planned: &ServerlessCacheModel,
    error: &AwsError,
    attempts: &UnansweredAttempts,
) -> Diagnostic {
    if error.is(serverless_cache::EXISTS) {
        let import = cx.how_to_import("elasticache_serverless_cache", &planned.aws_name()).await;
        let diagnostic = already_exists(what, error, &import);
        return unanswered::noted(diagnostic, unanswered::note_of_unanswered_attempt(attempts));
    }
    let diagnostic = failed(what, error);
    if error.is(&["UserGroupNotFound"]) {
        let note = " Create the user group of `user_group_id` first, or set the ID of an existing one.";
        return unanswered::noted(diagnostic, note).at(Path::attribute("user_group_id"));
    }
    diagnostic
}

/// The diagnostic of a create that is not waited for any longer. Terraform marks what it has of the cache
/// as tainted.
async fn unfinished(
    cx: &Context<'_>,
    what: &str,
    planned: &ServerlessCacheModel,
    error: &WaitError,
) -> Diagnostic {
    let name = planned.aws_name();
    let mut diagnostic = failed_wait(what, error);
    if matches!(error.failure, WaitFailure::Failed { .. }) {
        diagnostic.detail.push_str(&latest_events(cx, &name).await);
        return diagnostic;
    }
    diagnostic.detail.push_str(&format!(
        "\nAWS has accepted serverless cache {name:?} and continues to create it. Terraform marks it as \
         tainted, so the next apply deletes it and creates another. To keep it, first run `terraform untaint \
         ADDRESS` with the address behind \"with\" in this message; the next apply then waits for it."
    ));
    if planned.final_snapshot_name.text().is_some() {
        diagnostic.detail.push_str(
            " No final snapshot is taken of a cache that was not completed: `final_snapshot_name` takes effect again with the \
             apply after untaint.",
        );
    }
    diagnostic
}

/// What AWS reports of a cache that it could not create.
async fn latest_events(cx: &Context<'_>, name: &str) -> String {
    if cx.scope().cancel().is_cancelled() {
        return String::new();
    }
    let events = events::list(cx.scope(), SourceType::ServerlessCache, name).await;
    match events.as_slice() {
        [] => String::new(),
        events => format!("\nLatest events of serverless cache {name:?}:\n- {}", events.join("\n- ")),
    }
}

/// An import needs the endpoints, which AWS returns once the cache is available.
fn too_early(name: &str) -> Diagnostic {
    Diagnostic::error(
        "Serverless cache is being created",
        format!(
            "AWS is creating serverless cache {name:?} and does not return its endpoints yet, so it cannot be imported. Import \
             it once its status is available: aws elasticache describe-serverless-caches --serverless-cache-name {name}"
        ),
    )
}

/// Own tags and all tags. AWS may refuse to list them while the cache changes; those of the state then
/// stand.
async fn read_tags(
    cx: &Context<'_>,
    arn: &str,
    state: &ServerlessCacheModel,
) -> Result<(Field<Tags>, Field<Tags>), AwsError> {
    let ask = elasticache::tags::list(cx.scope(), arn);
    match tags::read(cx, arn, &state.tags, &state.tags_all, ask).await {
        Err(error) if error.is(BUSY) && !state.arn.is_null() => {
            tracing::info!(
                "the serverless cache is busy and its tags cannot be listed; keeping those of the state"
            );
            Ok((state.tags.clone(), state.tags_all.clone()))
        }
        read => read,
    }
}

/// The name of the final snapshot; `None` for a cache without data.
fn final_snapshot(state: &ServerlessCacheModel) -> Option<&str> {
    state.final_snapshot_name.text().filter(|_| !deletion_protection::has_failed(state))
}

/// Refuses a deletion that AWS would refuse because the name of the final snapshot is taken.
async fn final_name_is_free(cx: &Context<'_>, state: &ServerlessCacheModel) -> Diagnostics {
    let mut diags = Diagnostics::new();
    let Some(name) = final_snapshot(state) else { return diags };
    match serverless_cache_snapshot::status(cx.scope(), &name.to_lowercase()).await {
        Ok(Some(status)) if status != serverless_cache_snapshot::DELETING => diags.error_at(
            Path::attribute("final_snapshot_name"),
            "Final snapshot already exists",
            format!(
                "Serverless cache {:?} is deleted with the final snapshot {name:?}, but a snapshot of that name exists, so AWS \
                 would refuse the deletion. Delete that snapshot; or set another `final_snapshot_name` and apply that first, \
                 since a deletion goes by the state.",
                state.aws_name()
            ),
        ),
        Ok(_) => {}
        Err(error) => {
            tracing::info!(name, code = error.code(), "cannot find out whether the final snapshot exists");
        }
    }
    diags
}

/// The diagnostic of a refused delete.
fn not_deleted(what: &str, snapshot: Option<&str>, error: &AwsError) -> Diagnostic {
    let diagnostic = failed(what, error);
    match snapshot {
        Some(snapshot) if error.is(serverless_cache_snapshot::EXISTS) => {
            let note = format!(
                " The cache was not deleted. Delete snapshot {snapshot:?}, or set another `final_snapshot_name` and apply that \
                 first: a destroy goes by the state."
            );
            unanswered::noted(diagnostic, &note)
        }
        _ => diagnostic,
    }
}
