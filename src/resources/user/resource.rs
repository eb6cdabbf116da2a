//! Plan, create, read, update, delete and import of a user.

use super::attributes::UserModel;
use super::{convert, login, recover, validate};
use crate::aws::{AwsError, Found, UnansweredAttempts};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::state::tags;
use crate::engine::{ArnForm, Context, Identity, PlanContext, Resource, failed};
use crate::resources::common::errors::{already_exists, failed_wait, incomplete};
use crate::resources::common::rbac::{
    change_tags_when_free, delete_user, find_user, groups_of_user, record_memberships, restore_memberships,
};
use crate::resources::common::unanswered;
use crate::services::elasticache::authentication::NO_PASSWORD;
use crate::services::elasticache::identifier::stored_id;
use crate::services::elasticache::user;
use crate::value::{Field, Map, Path, Value};

/// `elasticache_user`.
pub struct User;

impl Resource for User {
    type Model = UserModel;

    fn type_name(&self) -> &'static str {
        "elasticache_user"
    }

    fn validate(&self, config: &UserModel, diags: &mut Diagnostics) {
        validate::validate(config, diags);
    }

    fn plan(&self, cx: &mut PlanContext<'_, UserModel>) {
        match cx.planned.user_id.known().map(|id| stored_id(id)) {
            Some(id) => cx.set("id", id),
            None => cx.set_unknown("id"),
        }
        if cx.is_unknown("password_count")
            && let Some(count) = login::planned_count(cx.config, cx.prior, &cx.planned)
        {
            cx.set("password_count", count);
        }
        warn_of_missing_version(cx);
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
        let login = login::desired(&config, &planned).ok_or_else(|| missing_authentication(&what))?;
        let new = convert::expand_create(&planned, login);
        let attempts = UnansweredAttempts::default();
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
                let note = unanswered::note_of_unanswered_attempt(&attempts);
                return Err(unanswered::noted(already_exists(&what, &error, &import), note).into());
            }
            Err(error) => return Err(failed(&what, &error).into()),
        };
        cx.save(planned.clone());
        let user = user::wait_available(cx.scope(), &id, true).await;
        let user = user.map_err(|error| failed_wait(&what, &error))?;
        restore_memberships(cx, &id).await;
        Ok(planned.flatten(&user))
    }

    async fn read(&self, cx: &Context<'_>, state: UserModel) -> Result<Option<UserModel>, Diagnostics> {
        let id = state.aws_id();
        let what = format!("read user {id:?}");
        let Some((user, listed)) = find_user(cx, &id, Some((&state.tags, &state.tags_all))).await? else {
            return Ok(None);
        };
        let is_import = state.arn.is_null();
        let mut model = state.flatten(&user);
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
        config: UserModel,
        prior: UserModel,
        planned: UserModel,
    ) -> Result<UserModel, Diagnostics> {
        let id = prior.aws_id();
        let what = format!("change user {id:?}");
        let config = login::with_password(cx, config, Some(&prior), &planned).await?;
        let change = convert::expand_modify(&prior, &planned, login::change(&config, &prior, &planned));
        let mut observed = None;
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
            observed = Some(user.map_err(|error| failed_wait(&what, &error))?);
        }
        let retagged = !tags::changes(cx.provider(), &prior.tags_all, &planned.tags_all).is_empty();
        if let Some(arn) = prior.arn.text().filter(|_| retagged) {
            let changed = change_tags_when_free(cx, arn, Some(&prior.tags_all), &planned.tags_all).await;
            changed.map_err(|error| failed_wait(&what, &error))?;
        }
        let user = match observed {
            Some(user) => Some(user),
            None => {
                let described = user::describe(cx.scope(), &id).await.and_then(Found::or_refusal);
                described.map_err(|error| failed(&what, &error))?
            }
        };
        user.map(|user| planned.flatten(&user)).ok_or_else(|| incomplete(&what, "user"))
    }

    async fn delete(&self, cx: &Context<'_>, state: UserModel) -> Result<(), Diagnostics> {
        let id = state.aws_id();
        let groups = groups_of_user(cx, &id).await;
        delete_user(cx, &id).await?;
        record_memberships(cx, &id, groups).await;
        Ok(())
    }

    fn identity(&self) -> Identity {
        Identity::of(&["user_id"])
    }

    fn arns(&self) -> Option<ArnForm> {
        Some(ArnForm::new("elasticache", "user:"))
    }

    fn moves_from(&self) -> &'static [&'static str] {
        &["aws_elasticache_user"]
    }

    fn moved(&self, old: &serde_json::Value, state: &mut Map) {
        // hashicorp/aws sets the block whichever argument sets the authentication.
        let by_argument = old["passwords"].as_array().is_some_and(|passwords| !passwords.is_empty())
            || old["no_password_required"] == true;
        let mode = &old["authentication_mode"][0];
        if let Some(kind) = mode["type"].as_str().filter(|_| !by_argument) {
            let passwords = mode["passwords"].as_array().into_iter().flatten();
            let passwords = passwords.filter_map(serde_json::Value::as_str).map(Value::string);
            // The API returns another word than it accepts.
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
            id: Field::Known(stored_id(id)),
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

/// Warns of a version that the apply requires if the ARN is not null then.
fn warn_of_missing_version(cx: &mut PlanContext<'_, UserModel>) {
    if cx.config.password_secret_arn.is_unknown() && cx.config.password_secret_version_id.is_null() {
        cx.diags.warning_at(
            Path::attribute("password_secret_arn"),
            "Missing password_secret_version_id",
            "`password_secret_arn` is unknown until apply. Unless it is null then, the apply fails without \
             `password_secret_version_id`. Set `password_secret_version_id` to the `version_id` of the \
             `elasticache_auth_token_secret`.",
        );
    }
}

fn missing_authentication(what: &str) -> Diagnostics {
    Diagnostic::error(
        format!("Failed to {what}"),
        "No argument sets how the user authenticates. Set one of `passwords`, `passwords_wo`, `password_secret_arn` and \
         `authentication_mode`, or `no_password_required = true`.",
    )
    .into()
}

fn busy(what: &str) -> Diagnostic {
    Diagnostic::error(
        format!("Failed to {what}"),
        "AWS does not list the tags of the user while it changes the user. Run Terraform again.",
    )
}

/// The error of AWS, with advice for a change of the engine.
fn refused(what: &str, error: &AwsError, engine: Option<&str>) -> Diagnostic {
    let mut diagnostic = failed(what, error);
    if error.is(&["InvalidParameterCombination", "InvalidParameterValue"])
        && let Some(engine) = engine
    {
        diagnostic.detail.push_str(&format!(
            " The change includes `engine = {engine:?}`. A user group with engine redis accepts only users \
             with engine redis, and one with engine valkey only users with a password or IAM. Remove the \
             user from user groups that do not accept it first."
        ));
    }
    diagnostic
}
