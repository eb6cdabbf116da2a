//! Plan, create, read, update, delete and import of a user.

use async_trait::async_trait;
use aws_sdk_elasticache::types::User as LiveUser;

use super::model::UserModel;
use super::{checks, credentials};
use crate::aws::AwsError;
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::tags::{self, TagChanges};
use crate::engine::{Context, PlanContext, Resource, failed};
use crate::resources::access::{
    NewUser, change_tags_when_free, create_user, delete_user, describe_user, exists, kept, look_at_user,
    modify_user, same_access, user_active, user_incomplete, waited,
};
use crate::resources::elasticache;
use crate::schema::Schema;
use crate::value::{Field, Value};

/// `elasticache_user`.
pub struct User;

#[async_trait]
impl Resource for User {
    type Model = UserModel;

    fn type_name(&self) -> &'static str {
        "elasticache_user"
    }

    fn schema(&self) -> &'static Schema {
        super::schema::schema()
    }

    fn validate(&self, config: &UserModel, diags: &mut Diagnostics) {
        checks::validate(config, diags);
    }

    fn plan(&self, cx: &mut PlanContext<'_, UserModel>) {
        match cx.planned.user_id.known().map(|id| kept(id)) {
            Some(id) => cx.set("id", id),
            None => cx.set_unknown("id"),
        }
        if let Some(prior) = cx.prior {
            checks::warn_of_abrupt_rotation(prior, &cx.planned, &mut cx.diags);
        }
    }

    async fn create(
        &self,
        cx: &Context<'_>,
        config: UserModel,
        mut planned: UserModel,
    ) -> Result<UserModel, Diagnostics> {
        let id = planned.aws_id();
        let what = format!("create user {id:?}");
        let login = credentials::wanted(&config, &planned).ok_or_else(|| no_login(&what))?;
        let user = NewUser {
            id: &id,
            name: planned.user_name.known().map_or("", String::as_str),
            engine: &planned.aws_engine(),
            access: planned.access_string.known().map_or("", String::as_str),
            login: &login,
            tags: elasticache::to_api(&planned.tags_all),
        };
        planned.arn = match create_user(cx, user).await {
            Ok(arn) => arn.into(),
            Err(error) if error.is(&["UserAlreadyExists"]) => {
                let import = cx.how_to_import("elasticache_user", &id).await;
                return Err(exists(&what, &error, &import).into());
            }
            Err(error) => return Err(failed(&what, &error).into()),
        };
        cx.save(planned.clone());
        let user = user_active(cx, &id, true).await.map_err(|error| waited(&what, &error))?;
        Ok(shown(planned, &user))
    }

    async fn read(&self, cx: &Context<'_>, state: UserModel) -> Result<Option<UserModel>, Diagnostics> {
        let id = state.aws_id();
        let what = format!("read user {id:?}");
        let Some((user, live)) = look_at_user(cx, &id, Some((&state.tags, &state.tags_all))).await? else {
            return Ok(None);
        };
        let is_import = state.arn.is_null();
        let mut model = shown(state, &user);
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
        config: UserModel,
        prior: UserModel,
        planned: UserModel,
    ) -> Result<UserModel, Diagnostics> {
        let id = prior.aws_id();
        let what = format!("change user {id:?}");
        let access = planned.access_string.known().filter(|access| {
            let before = prior.access_string.known().map_or(Value::Null, Value::string);
            !same_access(&before, &Value::string(access.as_str()))
        });
        let engine = Some(planned.aws_engine()).filter(|engine| *engine != prior.aws_engine());
        let login = credentials::change(&config, &prior, &planned);
        let mut live = None;
        if access.is_some() || engine.is_some() || login.is_some() {
            let changed =
                modify_user(cx, &id, access.map(String::as_str), engine.as_deref(), login.as_ref()).await;
            changed.map_err(|error| refused(&what, &error, engine.as_deref()))?;
            let (tags, tags_all) = (prior.tags.clone(), prior.tags_all.clone());
            cx.save(UserModel {
                tags,
                tags_all,
                arn: prior.arn.clone(),
                minimum_engine_version: prior.minimum_engine_version.clone(),
                ..planned.clone()
            });
            live = Some(user_active(cx, &id, false).await.map_err(|error| waited(&what, &error))?);
        }
        let retagged = !TagChanges::between(cx.provider(), &prior.tags_all, &planned.tags_all).is_empty();
        if let Some(arn) = prior.arn.text().filter(|_| retagged) {
            let changed = change_tags_when_free(cx, arn, Some(&prior.tags_all), &planned.tags_all).await;
            changed.map_err(|error| waited(&what, &error))?;
        }
        let user = match live {
            Some(user) => Some(user),
            None => describe_user(cx, &id).await.map_err(|error| failed(&what, &error))?,
        };
        user.map(|user| shown(planned, &user)).ok_or_else(|| user_incomplete(&what))
    }

    async fn delete(&self, cx: &Context<'_>, state: UserModel) -> Result<(), Diagnostics> {
        delete_user(cx, &state.aws_id()).await
    }

    fn moves_from(&self) -> &'static [&'static str] {
        &["aws_elasticache_user"]
    }

    fn import(&self, id: &str) -> Result<UserModel, Diagnostic> {
        Ok(UserModel {
            id: Field::Known(kept(id)),
            user_id: id.into(),
            no_password_required: Field::Known(false),
            ..Default::default()
        })
    }
}

/// The model with everything AWS shows but tags.
fn shown(model: UserModel, user: &LiveUser) -> UserModel {
    credentials::with_live(model, user).with_live(user)
}

fn no_login(what: &str) -> Diagnostics {
    Diagnostic::error(
        format!("Failed to {what}"),
        "No way to log in is given. Give passwords, passwords_wo, authentication_mode, or no_password_required = true.",
    )
    .into()
}

fn busy(what: &str) -> Diagnostic {
    Diagnostic::error(
        format!("Failed to {what}"),
        "The user is being changed, and AWS does not tell its tags meanwhile. Try again in a moment.",
    )
}

/// AWS's refusal, with what can be done about a change of engine.
fn refused(what: &str, error: &AwsError, engine: Option<&str>) -> Diagnostic {
    let mut diagnostic = failed(what, error);
    if error.is(&["InvalidParameterCombination", "InvalidParameterValue"])
        && let Some(engine) = engine
    {
        diagnostic.detail.push_str(&format!(
            " The change includes engine = {engine:?}. A redis user group accepts users of engine redis only: change the \
             engine of the user's groups to valkey first, or remove the user from them."
        ));
    }
    diagnostic
}
