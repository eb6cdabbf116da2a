//! Plan, create, read, update, delete and import of a user group.

use std::collections::BTreeSet;

use async_trait::async_trait;
use aws_sdk_elasticache::types;

use super::model::UserGroupModel;
use super::schema::LONGEST_WITH_DEFAULT;
use super::{default_user, recover, request};
use crate::aws::{AwsError, LostAnswers, WaitError};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::state::tags;
use crate::engine::{ArnForm, Context, PlanContext, Resource};
use crate::resources::common::errors::{already_exists, failed_wait};
use crate::resources::common::in_use;
use crate::resources::common::rbac::{advised, change_tags_when_free, delete_user, look_at_group, turn_key};
use crate::resources::common::unanswered;
use crate::schema::Schema;
use crate::services::elasticache::identifier::kept;
use crate::services::elasticache::user::DEFAULT;
use crate::services::elasticache::user_group::{self, DeleteError, Modification};
use crate::value::{Field, Path};

/// The note of a read about a group that does not exist, while its default user does.
const MISSING: &str = "missing";

/// `elasticache_user_group`.
pub struct UserGroup;

#[async_trait]
impl Resource for UserGroup {
    type Model = UserGroupModel;

    fn type_name(&self) -> &'static str {
        "elasticache_user_group"
    }

    fn schema(&self) -> &'static Schema {
        super::schema::schema()
    }

    fn validate(&self, config: &UserGroupModel, diags: &mut Diagnostics) {
        validate(config, diags);
    }

    fn plan(&self, cx: &mut PlanContext<'_, UserGroupModel>) {
        let id = cx.planned.user_group_id.known().map(|id| kept(id));
        match &id {
            Some(id) => cx.set("id", id.clone()),
            None => cx.set_unknown("id"),
        }
        let own = match (cx.planned.disabled_default_user.clone(), &id) {
            (Field::Known(true), Some(id)) => Field::Known(default_user::id(id)),
            (Field::Known(false) | Field::Null, _) => Field::Null,
            _ => Field::Unknown,
        };
        cx.set("default_user_id", own);
        if cx.prior.is_some() && !cx.note(MISSING).is_empty() {
            cx.set_unknown("arn");
            cx.replace("arn");
        }
        if cx.config.user_ids.is_null() && (cx.is_any_change() || !cx.is_imported()) {
            // Members are managed elsewhere. An import finds the members all the same, so that a
            // configuration with and one without them has nothing to change.
            cx.set("user_ids", Field::<BTreeSet<String>>::Null);
        }
        let nobody = cx.planned.user_ids.is_null();
        let own = cx.planned.disabled_default_user.is_true() || cx.planned.disabled_default_user.is_unknown();
        if cx.is_create() && is_redis(&cx.planned) && nobody && !own {
            cx.diags.push(no_default("user_group_id"));
        }
    }

    async fn create(
        &self,
        cx: &Context<'_>,
        _config: UserGroupModel,
        mut planned: UserGroupModel,
    ) -> Result<UserGroupModel, Diagnostics> {
        let id = planned.aws_id();
        let what = format!("create user group {id:?}");
        let _turn = cx.provider().turns.take(&turn_key(cx, &id).await).await;
        let mut members = planned.managed().unwrap_or_default();
        let mut made_default = None;
        if let Some(own) = planned.default_user_id.known() {
            if default_user::ensure(cx, own, &planned, false).await? {
                made_default = Some(own.clone());
            }
            members.insert(own.clone());
        }
        let (attempts, engine) = (LostAnswers::default(), planned.aws_engine());
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
                // Without the group nothing in the state would speak of its user.
                if let Some(own) = made_default
                    && let Err(more) = delete_user(cx, &own).await
                {
                    diags.extend(more);
                }
                return Err(diags);
            }
        };
        cx.save(planned.clone());
        let change = Modification { add: members, ..Modification::default() };
        let group = user_group::wait_available(cx.scope(), &id, &change, true).await;
        let group = group.map_err(|error| failed_wait(&what, &error))?;
        Ok(planned.with_live(&group))
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        state: UserGroupModel,
    ) -> Result<Option<UserGroupModel>, Diagnostics> {
        let id = state.aws_id();
        let what = format!("read user group {id:?}");
        let Some((group, live)) = look_at_group(cx, &id, Some((&state.tags, &state.tags_all))).await? else {
            return without_group(cx, state).await;
        };
        cx.note(MISSING, Vec::new());
        let is_import = state.arn.is_null();
        let there = user_group::members(&group);
        let mut model = state;
        if is_import {
            model.user_ids = Field::Known(BTreeSet::new());
            let own = default_user::id(&id);
            if there.contains(&own) && default_user::is_intact(cx, &own).await? {
                model.default_user_id = Field::Known(own);
                model.disabled_default_user = Field::Known(true);
            }
        } else if let Some(own) = model.default_user_id.known() {
            let intact = there.contains(own) && default_user::is_intact(cx, own).await?;
            model.disabled_default_user = Field::Known(intact);
        }
        let mut model = model.with_live(&group);
        match live {
            Some(live) => (model.tags, model.tags_all) = tags::read_back(cx.provider(), &model.tags, live),
            // What the state has of the tags stays until AWS tells them again.
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
        let turn = cx.provider().turns.take(&turn_key(cx, &id).await).await;
        let (before, after) = (prior.default_user_id.known(), planned.default_user_id.known());
        if let Some(own) = after.filter(|_| !prior.disabled_default_user.is_true()) {
            default_user::ensure(cx, own, &planned, before.is_some()).await?;
        }
        let change = request::expand_modify(&prior, &planned);
        let done = user_group::modify(cx.scope(), &id, &change).await;
        if done.map_err(|error| refused(&what, &error, change.engine.as_deref()))? {
            let (tags, tags_all) = (prior.tags.clone(), prior.tags_all.clone());
            let arn = prior.arn.clone();
            let minimum_engine_version = prior.minimum_engine_version.clone();
            // A user that is still to be deleted is not forgotten.
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
        drop(turn);
        if let (Some(own), None) = (before, after) {
            delete_user(cx, own).await?;
        }
        retag(cx, &prior, &planned).await?;
        Ok(planned.with_live(&group))
    }

    async fn delete(&self, cx: &Context<'_>, state: UserGroupModel) -> Result<(), Diagnostics> {
        let id = state.aws_id();
        let turn = cx.provider().turns.take(&turn_key(cx, &id).await).await;
        let keepers = async |group: types::UserGroup| keepers(cx, &id, &group).await;
        user_group::delete(cx.scope(), &id, keepers).await.map_err(|error| not_deleted(&id, &error))?;
        drop(turn);
        match state.default_user_id.known() {
            // Without the group, only the state knows of its user.
            Some(own) => cx.in_grace_period(async |cx| delete_user(cx, own).await).await,
            None => Ok(()),
        }
    }

    fn arns(&self) -> Option<ArnForm> {
        Some(ArnForm::new("elasticache", "usergroup:"))
    }

    fn moves_from(&self) -> &'static [&'static str] {
        &["aws_elasticache_user_group"]
    }

    fn import(&self, id: &str) -> Result<UserGroupModel, Diagnostic> {
        Ok(UserGroupModel {
            id: Field::Known(kept(id)),
            user_group_id: id.into(),
            disabled_default_user: Field::Known(false),
            ..Default::default()
        })
    }
}

/// What is left of a group that does not exist: after an interrupted destroy, or a
/// deletion outside of Terraform, its default user. As long as that exists the resource
/// stays in the state, without an ARN, so that a destroy deletes the user and an apply
/// replaces both.
async fn without_group(
    cx: &Context<'_>,
    state: UserGroupModel,
) -> Result<Option<UserGroupModel>, Diagnostics> {
    let Some(own) = state.default_user_id.text() else { return Ok(None) };
    if !default_user::exists(cx, own).await? {
        return Ok(None);
    }
    cx.warn(Diagnostic::warning(
        format!("User group {:?} does not exist, but its default user does", state.aws_id()),
        format!(
            "A destroy was interrupted, or the group was deleted outside of Terraform. The next destroy deletes user {own:?}; \
             the next apply replaces group and user."
        ),
    ));
    cx.note(MISSING, vec![state.aws_id()]);
    Ok(Some(state))
}

/// Brings the tags of the group, and of the user it keeps, up to date.
async fn retag(
    cx: &Context<'_>,
    prior: &UserGroupModel,
    planned: &UserGroupModel,
) -> Result<(), Diagnostics> {
    let Some(arn) = prior.arn.text() else { return Ok(()) };
    if tags::changes(cx.provider(), &prior.tags_all, &planned.tags_all).is_empty() {
        return Ok(());
    }
    // A user that was made just now has the new tags.
    let own = planned.default_user_id.known().filter(|_| prior.default_user_id == planned.default_user_id);
    let own = own.and_then(|own| default_user::arn(arn, own));
    let told = |arn: &str, error: &WaitError| failed_wait(format!("change the tags of {arn}"), error);
    if let Some(own) = own {
        change_tags_when_free(cx, &own, None, &planned.tags_all).await.map_err(|error| told(&own, &error))?;
    }
    let changed = change_tags_when_free(cx, arn, Some(&prior.tags_all), &planned.tags_all).await;
    changed.map_err(|error| told(arn, &error).into())
}

/// "Quotas for ElastiCache": users per user group.
const USERS: usize = 100;

fn is_redis(model: &UserGroupModel) -> bool {
    model.engine.known().is_some_and(|engine| engine.eq_ignore_ascii_case("redis"))
}

fn validate(config: &UserGroupModel, diags: &mut Diagnostics) {
    let own = config.disabled_default_user.is_true();
    let maybe_own = own || config.disabled_default_user.is_unknown();
    let ids = config.managed().unwrap_or_default();
    if ids.len() > USERS {
        diags.warning_at(
            Path::attribute("user_ids"),
            "The users exceed a default quota",
            format!(
                "user_ids has {} elements. AWS allows {USERS} users in a user group unless the account has a higher quota.",
                ids.len()
            ),
        );
    }
    let at = Path::attribute("user_ids");
    if is_redis(config) && config.managed().is_some_and(|ids| ids.is_empty()) && !maybe_own {
        diags.push(no_default("user_ids"));
    }
    if ids.contains(DEFAULT) {
        let redis = is_redis(config);
        if own {
            diags.error_at(
                at.clone(),
                "Two users named default",
                "user_ids holds AWS's own user \"default\", and disabled_default_user = true makes another of that name. \
                 Remove one of them.",
            );
        } else if redis {
            diags.warning_at(
                at.clone(),
                "Anyone may log in",
                "AWS's own user \"default\" has no password and may do everything. To keep clients without a name out, set \
                 disabled_default_user = true in its place, or list a user of your own whose user_name is \"default\".",
            );
        } else if config.engine.known().is_some() {
            diags.error_at(
                at.clone(),
                "A valkey group takes no user without a password",
                "AWS's own user \"default\" has no password, and a valkey group only takes users who log in with a password \
                 or IAM. Remove it: a valkey group needs no user named default.",
            );
        }
    }
    if let (true, Some(id)) = (own, config.user_group_id.text()) {
        if id.len() > LONGEST_WITH_DEFAULT {
            diags.error_at(
                Path::attribute("user_group_id"),
                "Invalid user_group_id",
                format!(
                    "user_group_id must have at most {LONGEST_WITH_DEFAULT} characters with disabled_default_user = true, \
                     because the user's id is made of it, but has {}.",
                    id.len()
                ),
            );
        }
        let user = default_user::id(&kept(id));
        if ids.contains(&user) {
            diags.error_at(
                at,
                "Invalid user_ids",
                format!(
                    "user_ids must not hold {user:?}, which disabled_default_user = true makes; remove it."
                ),
            );
        }
    }
}

fn no_default(attribute: &str) -> Diagnostic {
    Diagnostic::error(
        "A redis user group needs a user named default",
        "Set disabled_default_user = true, which makes one that nobody can log in as, or list a user whose user_name is \
         \"default\" in user_ids. A valkey group needs none.",
    )
    .at(Path::attribute(attribute))
}

async fn not_created(
    cx: &Context<'_>,
    what: &str,
    id: &str,
    error: &AwsError,
    attempts: &LostAnswers,
) -> Diagnostic {
    if error.is(user_group::EXISTS) {
        let diagnostic = already_exists(what, error, &cx.how_to_import("elasticache_user_group", id).await);
        return unanswered::noted(diagnostic, unanswered::note_of_lost_answer(attempts));
    }
    Diagnostic::error(format!("Failed to {what}"), advised(error))
}

/// AWS's refusal, with what can be done about a change of engine.
fn refused(what: &str, error: &AwsError, engine: Option<&str>) -> Diagnostic {
    let mut detail = advised(error);
    if error.is(&["InvalidParameterCombination", "InvalidParameterValue"])
        && let Some(engine) = engine
    {
        detail.push_str(&format!(
            " The change includes engine = {engine:?}: a valkey group accepts users with a password or IAM only, a redis \
             group users of engine redis only. Change or remove the users that the group does not accept first. That AWS \
             changes a user group back from valkey to redis is not documented; if it refuses, create a group with another \
             user_group_id."
        ));
    }
    Diagnostic::error(format!("Failed to {what}"), detail)
}

/// The failed deletion, with what can be done about a group in use.
/// The caches that go on using the group, each asked itself.
async fn keepers(cx: &Context<'_>, id: &str, group: &types::UserGroup) -> Vec<String> {
    let mut keepers = Vec::new();
    for cache in group.replication_groups() {
        if in_use::keeps_user_group(cx, cache, id).await {
            keepers.push(format!("replication group {cache:?}"));
        }
    }
    for cache in group.serverless_caches() {
        if in_use::serverless_keeps_user_group(cx, cache, id).await {
            keepers.push(format!("serverless cache {cache:?}"));
        }
    }
    keepers
}

fn not_deleted(id: &str, error: &DeleteError) -> Diagnostic {
    let mut diagnostic = failed_wait(format!("delete user group {id:?}"), &error.wait);
    if !error.used_by.is_empty() {
        diagnostic.detail.push_str(&format!(
            " It is in use by {}. Remove it from user_group_ids of the replication group, or from the serverless cache, \
             first. To do both in one apply, set lifecycle {{ create_before_destroy = true }} on the user group beforehand: \
             Terraform otherwise destroys it before it changes what uses it.",
            error.used_by.join(", ")
        ));
    }
    diagnostic
}

fn busy(what: &str) -> Diagnostic {
    Diagnostic::error(
        format!("Failed to {what}"),
        "The user group is being changed, and AWS does not tell its tags meanwhile. Try again in a moment.",
    )
}
