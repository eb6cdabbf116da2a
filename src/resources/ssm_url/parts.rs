//! What the state shows of the URL. Pure.

use super::model::SsmUrlModel;
use crate::aws::Secret;
use crate::resources::connection::{Source, token};
use crate::url::RedisUrl;

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
