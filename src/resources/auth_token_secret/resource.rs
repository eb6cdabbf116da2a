//! Plan, create, read, update, delete and import of a token in a secret.

use async_trait::async_trait;

use super::model::{AuthTokenSecretModel, GenerateModel};
use crate::aws::Secret;
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, PlanContext, Resource, Timeouts};
use crate::resources::common::connection::auth_token;
use crate::resources::common::secret;
use crate::resources::common::secret::{Content, HasSettings as _};
use crate::schema::Schema;
use crate::value::{Field, Path};

/// `elasticache_auth_token_secret`.
pub struct AuthTokenSecret;

#[async_trait]
impl Resource for AuthTokenSecret {
    type Model = AuthTokenSecretModel;

    fn type_name(&self) -> &'static str {
        "elasticache_auth_token_secret"
    }

    fn schema(&self) -> &'static Schema {
        super::schema::schema()
    }

    fn timeouts(&self) -> Timeouts {
        Timeouts::minutes(5, 5, 5)
    }

    fn validate(&self, config: &AuthTokenSecretModel, diags: &mut Diagnostics) {
        if config.sources().iter().all(|(_, given)| !given) {
            diags.error_at(
                Path::attribute("auth_token"),
                "There is no token",
                "Give generate = {} to have one made, or one of auth_token and auth_token_wo.",
            );
        }
    }

    fn plan(&self, cx: &mut PlanContext<'_, AuthTokenSecretModel>) {
        let name = cx.planned.name.clone();
        cx.set("id", name);
        if let Some(arn) = cx.prior.and_then(|prior| prior.arn.text()) {
            secret::record_kept(&cx.provider.facts, arn);
        }
        // After an import the secret has its token, and keeps it until one is given.
        let has_one = cx.prior.is_some_and(|prior| prior.version_id.text().is_some());
        let kept = has_one && cx.is_imported() && cx.planned.generate.known().is_some();
        if !kept && cx.prior.is_some_and(|prior| prior.may_write(&cx.planned)) {
            cx.set_unknown("version_id");
        }
    }

    async fn create(
        &self,
        cx: &Context<'_>,
        config: AuthTokenSecretModel,
        planned: AuthTokenSecretModel,
    ) -> Result<AuthTokenSecretModel, Diagnostics> {
        let token = Token::of(&config, &planned)?;
        let purpose = planned.purpose();
        secret::create(cx, planned, token.content(), &purpose).await
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        state: AuthTokenSecretModel,
    ) -> Result<Option<AuthTokenSecretModel>, Diagnostics> {
        let before = state.settings();
        let Some(live) = secret::read(cx, &before).await? else { return Ok(None) };
        let foreign = before.version_id.text().is_some() && before.version_id != live.version_id;
        let mut model = state;
        if foreign && !model.auth_token_wo_version.is_null() {
            // Somebody else wrote this version; the next plan puts the token back.
            model.auth_token_wo_version = Field::Null;
        }
        if foreign && model.auth_token.given().is_some() {
            model.auth_token = secret::value(cx, &live).await?.map(|found| found.value).into();
        }
        if live.version_id.text().is_some() && model.is_imported() && cx.is_imported() {
            // Where the token came from nothing tells. Such a configuration leaves it alone.
            model.generate = Field::Known(GenerateModel::default_shape());
        }
        if live.version_id.is_null() {
            // A secret without a value holds no token, wherever that was to come from.
            (model.generate, model.rotation) = (Field::Null, Field::Null);
        }
        Ok(Some(model.with_settings(live)))
    }

    async fn update(
        &self,
        cx: &Context<'_>,
        config: AuthTokenSecretModel,
        prior: AuthTokenSecretModel,
        planned: AuthTokenSecretModel,
    ) -> Result<AuthTokenSecretModel, Diagnostics> {
        let mut settings = planned.settings();
        secret::update(cx, &prior.settings(), &settings).await?;
        if settings.version_id.is_unknown() {
            // A rotation that was not known at plan may turn out to be the one there was.
            let version = if prior.may_write(&planned) {
                let token = Token::of(&config, &planned)?;
                secret::put(cx, &prior.settings(), token.content(), &planned.purpose()).await?
            } else {
                prior.version_id.known().cloned().unwrap_or_default()
            };
            settings.version_id = Field::Known(version);
        }
        Ok(planned.with_settings(settings))
    }

    async fn delete(&self, cx: &Context<'_>, state: AuthTokenSecretModel) -> Result<(), Diagnostics> {
        secret::delete(cx, &state.settings()).await
    }

    fn moves_from(&self) -> &'static [&'static str] {
        &["aws_secretsmanager_secret"]
    }

    fn import(&self, id: &str) -> Result<AuthTokenSecretModel, Diagnostic> {
        Ok(AuthTokenSecretModel::default().with_settings(secret::import(id)?))
    }
}

/// The token to write.
enum Token {
    /// Given by the configuration.
    Given(Secret),
    /// Just made.
    Made(Secret),
}

impl Token {
    /// Only `config` has a write-only one.
    fn of(config: &AuthTokenSecretModel, planned: &AuthTokenSecretModel) -> Result<Self, Diagnostic> {
        if let Some(generate) = planned.generate.known() {
            let (length, special) = generate.shape();
            return auth_token::generate(length, special)
                .map(Self::Made)
                .map_err(|error| Diagnostic::error("No token could be generated", error.to_string()));
        }
        let given = config.auth_token_wo.given().or(planned.auth_token.given());
        given.cloned().map(Self::Given).ok_or_else(|| {
            Diagnostic::error(
                "There is no token",
                "The token given by auth_token or auth_token_wo turned out to be null or empty during apply.",
            )
            .at(Path::attribute("auth_token"))
        })
    }

    fn content(&self) -> Content<'_> {
        match self {
            Self::Given(token) => Content::Given(token),
            Self::Made(token) => Content::Made(token),
        }
    }
}
