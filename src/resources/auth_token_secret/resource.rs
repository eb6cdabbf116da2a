//! Plan, create, read, update, delete and import of an AUTH token secret.

use super::attributes::{AuthTokenSecretModel, GenerateModel};
use crate::aws::Secret;
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, Identity, PlanContext, Resource, Timeouts};
use crate::resources::common::connection::auth_token;
use crate::resources::common::secret;
use crate::resources::common::secret::Content;
use crate::value::{Field, Path};

/// `elasticache_auth_token_secret`.
pub struct AuthTokenSecret;

impl Resource for AuthTokenSecret {
    type Model = AuthTokenSecretModel;

    fn type_name(&self) -> &'static str {
        "elasticache_auth_token_secret"
    }

    fn timeouts(&self) -> Timeouts {
        Timeouts::minutes(5, 5, 5)
    }

    fn validate(&self, config: &AuthTokenSecretModel, diags: &mut Diagnostics) {
        if config.sources().iter().all(|(_, given)| !given) {
            diags.error_at(
                Path::attribute("auth_token"),
                "Missing AUTH token",
                "None of `generate`, `auth_token` and `auth_token_wo` is set. Set `generate = {}` to generate a token, or one \
                 of the others to a token.",
            );
        }
    }

    fn plan(&self, cx: &mut PlanContext<'_, AuthTokenSecretModel>) {
        let (config, planned) = (cx.config.secret.clone(), cx.planned.secret.clone());
        secret::plan(cx, cx.prior.map(|prior| &prior.secret), &config, &planned);
        if let Some(arn) = cx.prior.and_then(|prior| prior.secret.arn.text()) {
            secret::record_retained(&cx.provider.facts, arn);
        }
        // An imported secret keeps its token until the configuration sets one.
        let has_one = cx.prior.is_some_and(|prior| prior.secret.version_id.text().is_some());
        let retained = has_one && cx.is_imported() && cx.planned.generate.known().is_some();
        if !retained && cx.prior.is_some_and(|prior| prior.may_write(&cx.planned)) {
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
        let seed = planned.seed();
        let save = |secret| cx.save(AuthTokenSecretModel { secret, ..planned.clone() });
        let secret =
            secret::create(cx, self.type_name(), &planned.secret, save, token.content(), &seed).await?;
        Ok(AuthTokenSecretModel { secret, ..planned })
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        state: AuthTokenSecretModel,
    ) -> Result<Option<AuthTokenSecretModel>, Diagnostics> {
        let before = &state.secret;
        let Some(observed) = secret::read(cx, before).await? else { return Ok(None) };
        let foreign = before.version_id.text().is_some() && before.version_id != observed.version_id;
        let mut model = state;
        if foreign && !model.auth_token_wo_version.is_null() {
            // The version was not written by this resource; the next plan restores the token.
            model.auth_token_wo_version = Field::Null;
        }
        if foreign && model.auth_token.given().is_some() {
            model.auth_token = secret::value(cx, &observed).await?.map(|found| found.value).into();
        }
        if observed.version_id.text().is_some() && model.is_imported() && cx.is_imported() {
            // AWS does not return the source of the token. With this value, the configuration keeps the token.
            model.generate = Field::Known(GenerateModel::default_shape());
        }
        if observed.version_id.is_null() {
            // A secret without a version has no token, from any source.
            (model.generate, model.rotation) = (Field::Null, Field::Null);
        }
        Ok(Some(AuthTokenSecretModel { secret: observed, ..model }))
    }

    async fn update(
        &self,
        cx: &Context<'_>,
        config: AuthTokenSecretModel,
        prior: AuthTokenSecretModel,
        mut planned: AuthTokenSecretModel,
    ) -> Result<AuthTokenSecretModel, Diagnostics> {
        secret::update(cx, &prior.secret, &planned.secret).await?;
        if planned.secret.version_id.is_unknown() {
            // A rotation that was unknown at plan may be equal to the prior one.
            let version = if prior.may_write(&planned) {
                let token = Token::of(&config, &planned)?;
                secret::put(cx, &prior.secret, token.content(), &planned.seed()).await?
            } else {
                prior.secret.version_id.known().cloned().unwrap_or_default()
            };
            planned.secret.version_id = Field::Known(version);
        }
        Ok(planned)
    }

    async fn delete(&self, cx: &Context<'_>, state: AuthTokenSecretModel) -> Result<(), Diagnostics> {
        secret::delete(cx, &state.secret).await
    }

    fn identity(&self) -> Identity {
        Identity::of(&["arn"])
    }

    fn moves_from(&self) -> &'static [&'static str] {
        &["aws_secretsmanager_secret"]
    }

    fn import(&self, id: &str) -> Result<AuthTokenSecretModel, Diagnostic> {
        Ok(AuthTokenSecretModel { secret: secret::import(id)?, ..AuthTokenSecretModel::default() })
    }
}

/// The token to write, by its source.
enum Token {
    /// From the configuration.
    Given(Secret),
    /// Generated.
    Generated(Secret),
}

impl Token {
    /// Only `config` has a write-only token.
    fn of(config: &AuthTokenSecretModel, planned: &AuthTokenSecretModel) -> Result<Self, Diagnostic> {
        if let Some(generate) = planned.generate.known() {
            let (length, special) = generate.shape();
            return auth_token::generate(length, special)
                .map(Self::Generated)
                .map_err(|error| Diagnostic::error("Failed to generate an AUTH token", error.to_string()));
        }
        let given = config.auth_token_wo.given().or(planned.auth_token.given());
        given.cloned().map(Self::Given).ok_or_else(|| {
            Diagnostic::error(
                "Missing AUTH token",
                "`auth_token` or `auth_token_wo` is null or empty during apply. Set it to a token.",
            )
            .at(Path::attribute("auth_token"))
        })
    }

    fn content(&self) -> Content<'_> {
        match self {
            Self::Given(token) => Content::Given(token),
            Self::Generated(token) => Content::Generated(token),
        }
    }
}
