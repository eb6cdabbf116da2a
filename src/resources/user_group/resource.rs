//! Plan, create, read, update, delete and import of a user group.

use std::collections::BTreeSet;

use aws_sdk_elasticache::types;

use super::attributes::UserGroupModel;
use super::{convert, default_user, plan, recover, validate};
use crate::aws::{AwsError, Found, UnansweredAttempts, WaitError};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::state::tags;
use crate::engine::{ArnForm, Context, Identity, PlanContext, Resource};
use crate::resources::common::deletion::released;
use crate::resources::common::errors::{already_exists, failed_wait};
use crate::resources::common::in_use;
use crate::resources::common::rbac::{
    advised, change_tags_when_free, delete_user, end_memberships, find_user_group, lock_key,
};
use crate::resources::common::unanswered;
use crate::services::elasticache::identifier::stored_id;
use crate::services::elasticache::user_group::{self, DeleteError, Modification};
use crate::value::Field;

/// `elasticache_user_group`.
pub struct UserGroup;

impl Resource for UserGroup {
    type Model = UserGroupModel;

    fn type_name(&self) -> &'static str {
        "elasticache_user_group"
    }

    fn validate(&self, config: &UserGroupModel, diags: &mut Diagnostics) {
        validate::validate(config, diags);
    }

    fn plan(&self, cx: &mut PlanContext<'_, UserGroupModel>) {
        plan::plan(cx);
    }

    async fn create(
        &self,
        cx: &Context<'_>,
        _config: UserGroupModel,
        mut planned: UserGroupModel,
    ) -> Result<UserGroupModel, Diagnostics> {
        let id = planned.aws_id();
        let what = format!("create user group {id:?}");
        let lock = cx.provider().locks.lock(&lock_key(cx, &id).await).await;
        let mut members = planned.managed().unwrap_or_default();
        let mut created_default = None;
        if let Some(own) = planned.default_user_id.known() {
            let accepted = || created_default = Some(own.clone());
            match default_user::ensure(cx, own, &planned, false, accepted).await {
                Ok(true) => created_default = Some(own.clone()),
                Ok(false) => {}
                Err(mut diags) => {
                    drop(lock);
                    diags.extend(withdraw(cx, &id, created_default).await);
                    return Err(diags);
                }
            }
            members.insert(own.clone());
        }
        let (attempts, engine) = (UnansweredAttempts::default(), planned.aws_engine());
        let create = async || {
            let tags = planned.tags_all.known();
            match user_group::create(cx.scope(), &id, &engine, &members, tags, &attempts).await {
                Ok(arn) => Ok(arn),
                Err(error) => recover::created(cx, &planned, &members, &attempts, &error).await.ok_or(error),
            }
        };
        let object = format!("user group {id:?}");
        let status = async || user_group::status(cx.scope(), &id).await;
        let created = unanswered::create_when_free(cx, user_group::EXISTS, &object, create, status).await;
        planned.arn = match created {
            Ok(arn) => arn.into(),
            Err(error) => {
                let mut diags = Diagnostics::from(not_created(cx, &what, &id, &error, &attempts).await);
                // A deletion waits for changes of the user group.
                drop(lock);
                diags.extend(withdraw(cx, &id, created_default).await);
                return Err(diags);
            }
        };
        cx.save(planned.clone());
        let change = Modification { add: members, ..Modification::default() };
        let group = user_group::wait_available(cx.scope(), &id, &change, true).await;
        let group = group.map_err(|error| failed_wait(&what, &error))?;
        Ok(planned.flatten(&group))
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        state: UserGroupModel,
    ) -> Result<Option<UserGroupModel>, Diagnostics> {
        let id = state.aws_id();
        let what = format!("read user group {id:?}");
        let Some((group, listed)) = find_user_group(cx, &id, Some((&state.tags, &state.tags_all))).await?
        else {
            return read_default_user(cx, state).await;
        };
        cx.note(plan::MISSING, Vec::new());
        let is_import = state.arn.is_null();
        let members = user_group::members(&group);
        let mut model = state;
        if is_import {
            model.user_ids = Field::Known(BTreeSet::new());
            let own = default_user::id(&id);
            if members.contains(&own) && default_user::is_intact(cx, &own).await? {
                model.default_user_id = Field::Known(own);
                model.disabled_default_user = Field::Known(true);
            }
        } else if let Some(own) = model.default_user_id.known() {
            let intact = members.contains(own) && default_user::is_intact(cx, own).await?;
            model.disabled_default_user = Field::Known(intact);
        }
        let mut model = model.flatten(&group);
        match listed {
            Some(listed) => {
                (model.tags, model.tags_all) = tags::read_back(cx.provider(), &model.tags, listed);
            }
            // The state keeps its tags until AWS lists them.
            None if is_import => return Err(busy(&what).into()),
            None => {}
        }
        Ok(Some(model))
    }

    async fn update(
        &self,
        cx: &Context<'_>,
        _config: UserGroupModel,
        prior: UserGroupModel,
        planned: UserGroupModel,
    ) -> Result<UserGroupModel, Diagnostics> {
        let id = prior.aws_id();
        let what = format!("change user group {id:?}");
        let lock = cx.provider().locks.lock(&lock_key(cx, &id).await).await;
        let (before, after) = (prior.default_user_id.known(), planned.default_user_id.known());
        if let Some(own) = after.filter(|_| !prior.disabled_default_user.is_true()) {
            // If the rest of the apply fails, the user is deleted with the argument or the user group all the same.
            let owned =
                || cx.save(UserGroupModel { default_user_id: Field::Known(own.clone()), ..prior.clone() });
            default_user::ensure(cx, own, &planned, before.is_some(), owned).await?;
            owned();
        }
        let change = convert::expand_modify(&prior, &planned);
        end_memberships(cx, &id, &change.remove).await;
        let changed = user_group::modify(cx.scope(), &id, &change).await;
        if changed.map_err(|error| refused(&what, &error, change.engine.as_deref()))?.changed {
            let (tags, tags_all) = (prior.tags.clone(), prior.tags_all.clone());
            let arn = prior.arn.clone();
            let minimum_engine_version = prior.minimum_engine_version.clone();
            // Keeps a default user that is deleted below.
            let default_user_id = Field::from(after.or(before).cloned());
            cx.save(UserGroupModel {
                tags,
                tags_all,
                arn,
                minimum_engine_version,
                default_user_id,
                ..planned.clone()
            });
        }
        let group = user_group::wait_available(cx.scope(), &id, &change, false).await;
        let group = group.map_err(|error| failed_wait(&what, &error))?;
        drop(lock);
        if let (Some(own), None) = (before, after) {
            delete_user(cx, own).await?;
        }
        change_tags(cx, &prior, &planned).await?;
        Ok(planned.flatten(&group))
    }

    async fn delete(&self, cx: &Context<'_>, state: UserGroupModel) -> Result<(), Diagnostics> {
        let id = state.aws_id();
        let lock = cx.provider().locks.lock(&lock_key(cx, &id).await).await;
        let used_by = async |group: types::UserGroup| used_by(cx, &id, &group).await;
        user_group::delete(cx.scope(), &id, used_by).await.map_err(|error| not_deleted(&id, &error))?;
        drop(lock);
        match state.default_user_id.known() {
            // Without the user group, only the state has its default user.
            Some(own) => cx.in_grace_period(async |cx| delete_user(cx, own).await).await,
            None => Ok(()),
        }
    }

    fn identity(&self) -> Identity {
        Identity::of(&["user_group_id"])
    }

    fn arns(&self) -> Option<ArnForm> {
        Some(ArnForm::new("elasticache", "usergroup:"))
    }

    fn moves_from(&self) -> &'static [&'static str] {
        &["aws_elasticache_user_group"]
    }

    fn import(&self, id: &str) -> Result<UserGroupModel, Diagnostic> {
        Ok(UserGroupModel {
            id: Field::Known(stored_id(id)),
            user_group_id: id.into(),
            disabled_default_user: Field::Known(false),
            ..Default::default()
        })
    }
}

/// Deletes the default user that a failed create has created: without the user group, no state has it.
async fn withdraw(cx: &Context<'_>, id: &str, created: Option<String>) -> Diagnostics {
    let Some(own) = created else { return Diagnostics::new() };
    if is_member(cx, id, &own).await {
        return Diagnostics::new();
    }
    cx.in_grace_period(async |cx| delete_user(cx, &own).await).await.err().unwrap_or_default()
}

/// True if the user is in the user group that another configuration created at the same time: its state has the user.
async fn is_member(cx: &Context<'_>, id: &str, own: &str) -> bool {
    let found = user_group::describe(cx.scope(), id).await;
    matches!(found, Ok(Found::Yes(group)) if user_group::members(&group).contains(own))
}

/// The state of a user group that does not exist. After an interrupted destroy, or a deletion outside of Terraform, its
/// default user may still exist. The resource then stays in the state, so that a destroy deletes the user and an apply
/// replaces both.
async fn read_default_user(
    cx: &Context<'_>,
    state: UserGroupModel,
) -> Result<Option<UserGroupModel>, Diagnostics> {
    let Some(own) = state.default_user_id.text() else { return Ok(None) };
    if !default_user::exists(cx, own).await? {
        return Ok(None);
    }
    cx.warn(Diagnostic::warning(
        format!("Default user of deleted user group {:?} exists", state.aws_id()),
        format!(
            "A destroy was interrupted, or the user group was deleted outside of Terraform. The next destroy deletes user \
             {own:?}; the next apply replaces user group and user."
        ),
    ));
    cx.note(plan::MISSING, vec![state.aws_id()]);
    Ok(Some(state))
}

/// Changes the tags of the user group and of its default user.
async fn change_tags(
    cx: &Context<'_>,
    prior: &UserGroupModel,
    planned: &UserGroupModel,
) -> Result<(), Diagnostics> {
    let Some(arn) = prior.arn.text() else { return Ok(()) };
    if tags::changes(cx.provider(), &prior.tags_all, &planned.tags_all).is_empty() {
        return Ok(());
    }
    // A new default user already has the planned tags.
    let own = planned.default_user_id.known().filter(|_| prior.default_user_id == planned.default_user_id);
    let own = own.and_then(|own| default_user::arn(arn, own));
    let error = |arn: &str, error: &WaitError| failed_wait(format!("change the tags of {arn}"), error);
    if let Some(own) = own {
        change_tags_when_free(cx, &own, None, &planned.tags_all)
            .await
            .map_err(|failure| error(&own, &failure))?;
    }
    let changed = change_tags_when_free(cx, arn, Some(&prior.tags_all), &planned.tags_all).await;
    changed.map_err(|failure| error(arn, &failure).into())
}

async fn not_created(
    cx: &Context<'_>,
    what: &str,
    id: &str,
    error: &AwsError,
    attempts: &UnansweredAttempts,
) -> Diagnostic {
    if error.is(user_group::EXISTS) {
        let diagnostic = already_exists(what, error, &cx.how_to_import("elasticache_user_group", id).await);
        return unanswered::noted(diagnostic, unanswered::note_of_unanswered_attempt(attempts));
    }
    Diagnostic::error(format!("Failed to {what}"), advised(error))
}

/// The error of AWS, with advice for a change of the engine.
fn refused(what: &str, error: &AwsError, engine: Option<&str>) -> Diagnostic {
    let mut detail = advised(error);
    if error.is(&["InvalidParameterCombination", "InvalidParameterValue"])
        && let Some(engine) = engine
    {
        detail.push_str(&format!(
            " The change includes `engine = {engine:?}`. A user group with engine valkey accepts only users \
             with a password or IAM, one with engine redis only users with engine redis. First change or \
             remove the users that the user group does not accept. AWS does not document a change from \
             valkey to redis; if AWS refuses it, create a user group with another `user_group_id`."
        ));
    }
    Diagnostic::error(format!("Failed to {what}"), detail)
}

/// The caches that keep the user group in use, each read by itself.
async fn used_by(cx: &Context<'_>, id: &str, group: &types::UserGroup) -> Vec<String> {
    let mut caches = Vec::new();
    for cache in group.replication_groups() {
        if in_use::keeps_user_group(cx, cache, id).await {
            caches.push(format!("replication group {cache:?}"));
        }
    }
    for cache in group.serverless_caches() {
        if in_use::serverless_keeps_user_group(cx, cache, id).await {
            caches.push(format!("serverless cache {cache:?}"));
        }
    }
    caches
}

/// The failed deletion, with advice for a user group in use.
fn not_deleted(id: &str, error: &DeleteError) -> Diagnostic {
    let mut diagnostic = released(failed_wait(format!("delete user group {id:?}"), &error.wait), &error.wait);
    if !error.used_by.is_empty() {
        diagnostic.detail.push_str(&format!(
            " It is in use by {}. First remove it from `user_group_ids` of the replication group, or from \
             `user_group_id` of the serverless cache. To do both in one apply, first set `lifecycle {{ \
             create_before_destroy = true }}` on the user group: otherwise Terraform destroys it before it \
             changes the cache.",
            error.used_by.join(", ")
        ));
    }
    diagnostic
}

fn busy(what: &str) -> Diagnostic {
    Diagnostic::error(
        format!("Failed to {what}"),
        "AWS does not list the tags of the user group while it changes the user group. Run Terraform again.",
    )
}
