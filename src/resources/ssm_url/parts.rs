//! What the state shows of the URL. Pure.

use super::model::SsmUrlModel;
use crate::aws::Secret;
use crate::resources::connection::{Source, token};
use crate::url::RedisUrl;

/// What the state shows of a URL.
pub(super) fn visible(url: &RedisUrl, in_state: bool) -> Secret {
    if in_state { url.compose() } else { Secret::new(url.without_password()) }
}

/// What the state shows of the stored text. `None` when it cannot be what was
/// written and may not be shown either: then the next plan writes it again.
pub(super) fn visible_stored(stored: &Secret, state: &SsmUrlModel) -> Option<Secret> {
    let parsed = RedisUrl::parse(stored.expose());
    if state.hides_token() {
        let url = parsed.ok().filter(|url| url.password.is_some())?;
        return Some(Secret::new(url.without_password()));
    }
    if token(&Source::default(), &state.source()).value.given().is_some() {
        return Some(stored.clone());
    }
    // Nobody asked to keep a password, and one put there by someone else, or found
    // by an import, is not kept either.
    let url = parsed.ok()?;
    if url.password.is_none() { Some(stored.clone()) } else { Some(Secret::new(url.masked())) }
}

/// True when the state's `url` is, letter by letter, what the parameter holds.
pub(super) fn shows_all(state: &SsmUrlModel) -> bool {
    !state.hides_token()
        && state.url.known().is_some_and(|url| {
            RedisUrl::parse(url.expose())
                .is_ok_and(|parts| parts.password.is_none() || parts.masked() != url.expose())
        })
}
