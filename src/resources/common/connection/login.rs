//! Checks how clients log in to a serverless cache.

use super::attributes::Connection;
use crate::diag::Diagnostics;
use crate::value::Path;

/// Checks the login of a connection to a serverless cache.
pub(in crate::resources) fn check_login(config: &Connection, diags: &mut Diagnostics) {
    if config.serverless.serverless_cache_name.text().is_none() || config.has_user() {
        return;
    }
    let login = &config.login;
    let tokens = [
        ("auth_token", login.auth_token.given().is_some()),
        ("auth_token_wo", login.auth_token_wo.given().is_some()),
        ("auth_token_secret_arn", login.auth_token_secret_arn.text().is_some()),
    ];
    if let Some((name, _)) = tokens.iter().find(|(_, is_given)| *is_given) {
        diags.error_at(
            Path::attribute(*name),
            "Serverless cache has no AUTH token",
            format!(
                "`{name}` is set without `username`, but a serverless cache accepts users of its user group only. Set \
                 `username`, so that `{name}` is the password of that user, or remove `{name}`."
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::serverless::Serverless;
    use super::*;
    use crate::value::Field;

    #[test]
    fn token_without_user_is_an_error() {
        let check = |change: fn(&mut Connection)| {
            let mut source = Connection {
                serverless: Serverless { serverless_cache_name: "cache".into(), ..Serverless::default() },
                ..Connection::default()
            };
            change(&mut source);
            let mut diags = Diagnostics::new();
            check_login(&source, &mut diags);
            diags.iter().map(|it| it.path.clone().unwrap_or_default().to_string()).collect::<Vec<_>>()
        };
        assert_eq!(check(|_| {}), [""; 0]);
        assert_eq!(check(|it| it.login.auth_token = Field::Known("password".into())), ["auth_token"]);
        assert_eq!(check(|it| it.login.auth_token_secret_arn = "arn".into()), ["auth_token_secret_arn"]);
        assert_eq!(
            check(|it| {
                it.login.auth_token = Field::Known("password".into());
                it.login.username = "app".into();
            }),
            [""; 0]
        );
    }
}
