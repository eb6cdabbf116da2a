//! Plan, create, read, update, delete and import of a user.

use async_trait::async_trait;
use aws_sdk_elasticache::types::User as LiveUser;

use super::model::UserModel;
use super::{login, recover, request, validate};
use crate::aws::{AwsError, LostAnswers};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::state::tags;
use crate::engine::{ArnForm, Context, PlanContext, Resource, failed};
use crate::resources::common::errors::{already_exists, failed_wait, incomplete};
use crate::resources::common::rbac::{change_tags_when_free, delete_user, look_at_user};
use crate::resources::common::unanswered;
use crate::schema::Schema;
use crate::services::elasticache::authentication::NO_PASSWORD;
use crate::services::elasticache::identifier::kept;
use crate::services::elasticache::user;
use crate::value::{Field, Map, Path, Value};

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
        validate::validate(config, diags);
    }

    fn plan(&self, cx: &mut PlanContext<'_, UserModel>) {
        match cx.planned.user_id.known().map(|id| kept(id)) {
            Some(id) => cx.set("id", id),
            None => cx.set_unknown("id"),
        }
        if cx.is_unknown("password_count")
            && let Some(count) = login::planned_count(cx.config, cx.prior, &cx.planned)
        {
            cx.set("password_count", count);
        }
        wants_version_of_secret(cx);
        if let Some(prior) = cx.prior {
            keep_minimum_version(cx, prior);
            validate::warn_of_abrupt_rotation(prior, &cx.planned, &mut cx.diags);
            if cx.is_imported() {
                validate::warn_of_sent_passwords(prior, &cx.planned, &mut cx.diags);
            }
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
        let config = login::with_password(cx, config, None, &planned).await?;
        let login = login::wanted(&config, &planned).ok_or_else(|| no_login(&what))?;
        let new = request::expand_create(&planned, login);
        let attempts = LostAnswers::default();
        let create = async || match user::create(cx.scope(), &new, &attempts).await {
            Ok(arn) => Ok(arn),
            Err(error) => recover::created(cx, &planned, &new.login, &attempts, &error).await.ok_or(error),
        };
        let object = format!("user {id:?}");
        let status = async || user::status(cx.scope(), &id).await;
        let created = unanswered::create_when_free(cx, user::EXISTS, &object, create, status).await;
        planned.arn = match created {
            Ok(arn) => arn.into(),
            Err(error) if error.is(user::EXISTS) => {
                let import = cx.how_to_import("elasticache_user", &id).await;
                let note = unanswered::note_of_lost_answer(&attempts);
                return Err(unanswered::noted(already_exists(&what, &error, &import), note).into());
            }
            Err(error) => return Err(failed(&what, &error).into()),
        };
        cx.save(planned.clone());
        let user = user::wait_available(cx.scope(), &id, true).await;
        let user = user.map_err(|error| failed_wait(&what, &error))?;
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
        let config = login::with_password(cx, config, Some(&prior), &planned).await?;
        let change = request::expand_modify(&prior, &planned, login::change(&config, &prior, &planned));
        let mut live = None;
        if !change.is_empty() {
            let changed = user::modify(cx.scope(), &id, &change).await;
            changed.map_err(|error| refused(&what, &error, change.engine.as_deref()))?;
            let (tags, tags_all) = (prior.tags.clone(), prior.tags_all.clone());
            cx.save(UserModel {
                tags,
                tags_all,
                arn: prior.arn.clone(),
                minimum_engine_version: prior.minimum_engine_version.clone(),
                ..planned.clone()
            });
            let user = user::wait_available(cx.scope(), &id, false).await;
            live = Some(user.map_err(|error| failed_wait(&what, &error))?);
        }
        let retagged = !tags::changes(cx.provider(), &prior.tags_all, &planned.tags_all).is_empty();
        if let Some(arn) = prior.arn.text().filter(|_| retagged) {
            let changed = change_tags_when_free(cx, arn, Some(&prior.tags_all), &planned.tags_all).await;
            changed.map_err(|error| failed_wait(&what, &error))?;
        }
        let user = match live {
            Some(user) => Some(user),
            None => user::describe(cx.scope(), &id).await.map_err(|error| failed(&what, &error))?,
        };
        user.map(|user| shown(planned, &user)).ok_or_else(|| incomplete(&what, "user"))
    }

    async fn delete(&self, cx: &Context<'_>, state: UserModel) -> Result<(), Diagnostics> {
        delete_user(cx, &state.aws_id()).await
    }

    fn arns(&self) -> Option<ArnForm> {
        Some(ArnForm::new("elasticache", "user:"))
    }

    fn moves_from(&self) -> &'static [&'static str] {
        &["aws_elasticache_user"]
    }

    fn moved(&self, old: &serde_json::Value, state: &mut Map) {
        // hashicorp/aws fills the block in, whichever argument says how the user logs in.
        let by_argument = old["passwords"].as_array().is_some_and(|passwords| !passwords.is_empty())
            || old["no_password_required"] == true;
        let mode = &old["authentication_mode"][0];
        if let Some(kind) = mode["type"].as_str().filter(|_| !by_argument) {
            let passwords = mode["passwords"].as_array().into_iter().flatten();
            let passwords = passwords.filter_map(serde_json::Value::as_str).map(Value::string);
            // The API's own word, which the argument spells out.
            let kind = if kind == "no-password" { NO_PASSWORD } else { kind };
            let mode = Value::map([
                ("type", Value::string(kind)),
                ("passwords", Value::set(passwords)),
                ("password_count", Value::Null),
            ]);
            state.insert("authentication_mode".to_owned(), Value::List(vec![mode]));
        }
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

/// The lowest engine version depends on the engine and on the kind of authentication.
fn keep_minimum_version(cx: &mut PlanContext<'_, UserModel>, prior: &UserModel) {
    let kind = login::kind(&cx.planned);
    if !cx.changed("engine")
        && kind.is_some()
        && kind == login::kind(prior)
        && !prior.minimum_engine_version.is_null()
    {
        cx.set("minimum_engine_version", prior.minimum_engine_version.clone());
    }
}

/// The version is needed once the ARN is known to be there, which may be during the apply.
fn wants_version_of_secret(cx: &mut PlanContext<'_, UserModel>) {
    if cx.config.password_secret_arn.is_unknown() && cx.config.password_secret_version_id.is_null() {
        cx.diags.warning_at(
            Path::attribute("password_secret_arn"),
            "password_secret_version_id is missing",
            "password_secret_arn is known after apply only, and unless it is null then, the apply stops here because the \
             version is missing. Set password_secret_version_id = elasticache_auth_token_secret.this.version_id.",
        );
    }
}

/// The model with everything AWS shows but tags.
fn shown(model: UserModel, user: &LiveUser) -> UserModel {
    login::with_live(model, user).with_live(user)
}

fn no_login(what: &str) -> Diagnostics {
    Diagnostic::error(
        format!("Failed to {what}"),
        "No way to log in is configured. Set passwords, passwords_wo, password_secret_arn, authentication_mode, or \
         no_password_required = true.",
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
            " The change includes engine = {engine:?}. A user group of engine redis accepts users of engine redis only, and \
             one of engine valkey only users who log in with a password or IAM: remove the user from groups that do not \
             accept it first."
        ));
    }
    diagnostic
}
