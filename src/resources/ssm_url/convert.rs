//! Between the model and SSM's types, and what the state shows of the URL. Pure.

use aws_sdk_ssm::operation::put_parameter::builders::PutParameterFluentBuilder;
use aws_sdk_ssm::types::{ParameterTier, ParameterType};

use super::model::SsmUrlModel;
use super::observed::Observed;
use crate::aws::Secret;
use crate::resources::common::connection::url::RedisUrl;
use crate::resources::common::connection::{Found, Source, token};
use crate::services::ssm::parameter;
use crate::services::ssm::parameter::Written;
use crate::value::Field;

/// The request that writes the parameter. Its tags go along only with a create that may not overwrite:
/// SSM refuses both together.
pub(super) fn expand(
    call: PutParameterFluentBuilder,
    model: &SsmUrlModel,
    value: &Secret,
    overwrite: bool,
) -> PutParameterFluentBuilder {
    call.name(model.name_text())
        .value(value.expose())
        .r#type(ParameterType::from(model.r#type.text().unwrap_or("SecureString")))
        .set_key_id(model.key().filter(|_| overwrite || model.key_id.text().is_some()).map(str::to_owned))
        .set_tier(model.tier.text().map(ParameterTier::from))
        // Left out, the description of an existing parameter might stay.
        .set_description(model.description.known().cloned().or(overwrite.then(String::new)))
        .overwrite(overwrite)
        .set_tags(if overwrite { None } else { model.tags_all.known().and_then(parameter::expand_tags) })
}

/// The URL with `***` for a password.
pub(super) fn with_masked_password(url: &RedisUrl) -> String {
    RedisUrl { password: Some(Secret::new("*")), ..url.clone() }.masked()
}

/// What the state shows of the stored text. `None` when it cannot be what was written, so that the
/// next plan writes it again. With `kept`, the text has a password that stays, whatever it is.
pub(super) fn visible_stored(stored: &Secret, state: &SsmUrlModel, kept: bool) -> Option<String> {
    let url = RedisUrl::parse(stored.expose()).ok()?;
    let token = token(&Source::default(), &state.source());
    let as_written = match (&url.password, token.value.given()) {
        // A token that the state does not hold cannot be compared.
        (password, _) if state.hides_token() => password.is_some(),
        (Some(_), None) if kept => return Some(url.masked()),
        (password, token) => password.as_ref() == token,
    };
    as_written.then(|| url.without_password())
}

/// What the parameter holds, where the state says so.
pub(super) fn whole(state: &SsmUrlModel) -> Option<Secret> {
    if state.hides_token() {
        return None;
    }
    let shown = RedisUrl::parse(state.url.text()?).ok().filter(|url| url.password.is_none())?;
    let password = token(&Source::default(), &state.source()).value.given().cloned();
    Some(RedisUrl { password, ..shown }.compose())
}

/// The model with what PutParameter returns.
pub(super) fn with_written(mut model: SsmUrlModel, written: &Written, url: &RedisUrl) -> SsmUrlModel {
    model.url = Field::Known(url.without_password());
    model.version = Field::Known(written.version);
    if model.tier.is_unknown() {
        model.tier = Field::Known(written.tier.clone().unwrap_or_else(|| "Standard".to_owned()));
    }
    model
}

/// The model with what SSM returns, and what is found in a value that was imported.
pub(super) fn with_observed(
    mut model: SsmUrlModel,
    observed: &Observed,
    mut found: Found,
) -> (SsmUrlModel, Found) {
    let stored = Secret::new(observed.parameter.value.clone().unwrap_or_default());
    // Only the state of an import, or of a move, has no version.
    let first_read = model.version.is_null();
    if first_read {
        model = with_parts(model, &stored);
        let url = RedisUrl::parse(stored.expose()).ok();
        found.foreign = url.is_none();
        let known = model.auth_token.given();
        found.password = url.is_some_and(|url| url.password.is_some() && url.password.as_ref() != known);
    } else if found.password {
        found.password = RedisUrl::parse(stored.expose()).is_ok_and(|url| url.password.is_some());
    }
    // A token that the state does not hold cannot be compared, so another version, which
    // somebody else wrote, is no longer the URL: the next plan looks, and puts it back.
    let foreign = model.hides_token()
        && model.version.known().is_some_and(|version| *version != observed.parameter.version);
    model.url = visible_stored(&stored, &model, found.password).filter(|_| !foreign).into();
    model.version = Field::Known(observed.parameter.version);
    model.arn = observed.parameter.arn.clone().into();
    model.r#type = observed.parameter.r#type.as_ref().map(|kind| kind.as_str().to_owned()).into();
    if let Some(metadata) = &observed.metadata {
        model.description = metadata.description.clone().into();
        if model.is_secure() {
            // Not given means the default key, however it is spelled in the state.
            let live = metadata.key_id().filter(|key| Some(*key) != model.key());
            model.key_id = live.map_or(model.key_id, Field::from);
        }
        if model.tier.text() != Some("Intelligent-Tiering") {
            model.tier = metadata.tier().map(|tier| tier.as_str().to_owned()).into();
        }
    }
    (model, found)
}

/// The parts of an imported URL, so that a configuration by `host` has nothing to
/// change. The password is not among them: the configuration says whether the
/// state may hold it.
fn with_parts(mut model: SsmUrlModel, stored: &Secret) -> SsmUrlModel {
    if let Ok(url) = RedisUrl::parse(stored.expose()) {
        model.host = Field::Known(url.host);
        model.port = Field::Known(i64::from(url.port));
        model.transit_encryption_enabled = Field::Known(url.tls);
        model.username = url.username.into();
        model.database = url.database.map(i64::from).into();
        let parameters = url.parameters.into_iter().map(|(key, value)| (key, Field::Known(value)));
        model.parameters = Field::Known(parameters.collect());
    }
    model
}
