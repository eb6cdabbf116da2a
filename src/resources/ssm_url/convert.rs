//! Between the model and the types of SSM, and the URL in the state. Pure.

use aws_sdk_ssm::operation::put_parameter::builders::PutParameterFluentBuilder;
use aws_sdk_ssm::types::{Parameter, ParameterTier, ParameterType};

use super::attributes::SsmUrlModel;
use super::rules;
use crate::aws::Secret;
use crate::resources::common::connection::url::RedisUrl;
use crate::resources::common::connection::{Connection, ImportedConnection, token};
use crate::services::ssm::parameter;
use crate::services::ssm::parameter::{Found, Written};
use crate::value::Field;

/// The request that writes the parameter. SSM does not accept tags together with `overwrite`.
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
        // Without a description, SSM may keep the existing one.
        .set_description(model.description.known().cloned().or(overwrite.then(String::new)))
        .overwrite(overwrite)
        .set_tags(if overwrite { None } else { model.tags_all.known().and_then(parameter::expand_tags) })
}

/// The URL with `***` instead of a password.
pub(super) fn with_masked_password(url: &RedisUrl) -> String {
    RedisUrl { password: Some(Secret::new("*")), ..url.clone() }.masked()
}

/// The URL of the stored text in the state. `None` if the text differs from the written one, so that the next apply writes
/// it again. With `kept`, any password of the text is kept.
pub(super) fn flatten_url(stored: &Secret, state: &SsmUrlModel, retained: bool) -> Option<String> {
    let url = RedisUrl::parse(stored.expose()).ok()?;
    let token = token(&Connection::default(), &state.connection);
    let as_written = match (&url.password, token.value.given()) {
        // A token that the state does not store cannot be compared.
        (password, _) if state.hides_token() => password.is_some(),
        (Some(_), None) if retained => return Some(url.masked()),
        (password, token) => password.as_ref() == token,
    };
    as_written.then(|| url.without_password())
}

/// The value of the parameter, if the state has all of it.
pub(super) fn stored_value(state: &SsmUrlModel) -> Option<Secret> {
    if state.hides_token() {
        return None;
    }
    let url = RedisUrl::parse(state.url.text()?).ok().filter(|url| url.password.is_none())?;
    let password = token(&Connection::default(), &state.connection).value.given().cloned();
    Some(RedisUrl { password, ..url }.compose())
}

/// The model with the values that PutParameter returns.
pub(super) fn flatten_written(mut model: SsmUrlModel, written: &Written, url: &RedisUrl) -> SsmUrlModel {
    let tier = written.tier.as_deref();
    model.url = Field::Known(url.without_password());
    model.version = Field::Known(written.version);
    if model.tier.is_unknown() {
        model.tier = tier.unwrap_or(rules::STANDARD).into();
    }
    if model.tier_actual.is_unknown() {
        model.tier_actual = tier.or_else(|| model.actual_tier()).into();
    }
    model
}

/// The model with the values that SSM returns, and the stored value of an import.
pub(super) fn flatten(
    mut model: SsmUrlModel,
    observed: &Found,
    mut found: ImportedConnection,
) -> (SsmUrlModel, ImportedConnection) {
    if let Some(parameter) = &observed.parameter {
        (model, found) = flatten_value(model, parameter, found);
    }
    if let Some(metadata) = &observed.metadata {
        model.description = metadata.description.clone().into();
        if model.is_secure() {
            // The default key may be null in the state.
            let other = metadata.key_id().filter(|key| Some(*key) != model.key());
            model.key_id = other.map_or(model.key_id, Field::from);
        }
        model.tier_actual = metadata.tier().map(ParameterTier::as_str).into();
        // The state keeps `Intelligent-Tiering`, which was applied and which SSM never returns.
        if model.tier.text() != Some(rules::INTELLIGENT_TIERING) {
            model.tier = model.tier_actual.clone();
        }
    }
    (model, found)
}

/// The model with the value of the parameter.
fn flatten_value(
    mut model: SsmUrlModel,
    parameter: &Parameter,
    mut found: ImportedConnection,
) -> (SsmUrlModel, ImportedConnection) {
    let stored = Secret::new(parameter.value.clone().unwrap_or_default());
    // Only the state of an import, or of a move, has no version.
    let first_read = model.version.is_null();
    if first_read {
        model = with_parts(model, &stored);
        let url = RedisUrl::parse(stored.expose()).ok();
        found.foreign = url.is_none();
        let known = model.connection.login.auth_token.given();
        found.password = url.is_some_and(|url| url.password.is_some() && url.password.as_ref() != known);
    } else if found.password {
        found.password = RedisUrl::parse(stored.expose()).is_ok_and(|url| url.password.is_some());
    }
    // A token that the state does not store cannot be compared: after another client wrote a version, the next apply
    // compares the value and writes it again.
    let foreign =
        model.hides_token() && model.version.known().is_some_and(|version| *version != parameter.version);
    model.url = flatten_url(&stored, &model, found.password).filter(|_| !foreign).into();
    model.version = Field::Known(parameter.version);
    model.arn = parameter.arn.clone().into();
    model.r#type = parameter.r#type.as_ref().map(|kind| kind.as_str().to_owned()).into();
    (model, found)
}

/// The model with the parts of an imported URL, so that a configuration with `host` plans no change. The password is
/// omitted: the configuration decides whether the state stores it.
fn with_parts(mut model: SsmUrlModel, stored: &Secret) -> SsmUrlModel {
    if let Ok(url) = RedisUrl::parse(stored.expose()) {
        let Connection { place, login, .. } = &mut model.connection;
        place.host = Field::Known(url.host);
        place.port = Field::Known(i64::from(url.port));
        place.transit_encryption_enabled = Field::Known(url.tls);
        login.username = url.username.into();
        login.database = url.database.map(i64::from).into();
        let parameters = url.parameters.into_iter().map(|(key, value)| (key, Field::Known(value)));
        login.parameters = Field::Known(parameters.collect());
    }
    model
}
