//! What an import finds in a parameter or a secret and the configuration does not say.

use super::{Source, Token};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::PlanContext;
use crate::resources::common::connection::url::DEFAULT_PORT;
use crate::value::{Field, FromValue, Path};

/// Note of a read: the stored value has a password that the state does not know.
const PASSWORD: &str = "password";

/// Note of a read: the stored value is no connection as this provider writes it.
const FOREIGN: &str = "foreign";

/// What an import has found in the stored value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::resources) struct Found {
    /// A password or token.
    pub password: bool,
    /// Something else than a connection.
    pub foreign: bool,
}

impl Found {
    /// What was found, from the notes that the function returns by name.
    pub(in crate::resources) fn noted<'n>(notes: impl Fn(&str) -> &'n [String]) -> Self {
        Self { password: !notes(PASSWORD).is_empty(), foreign: !notes(FOREIGN).is_empty() }
    }

    /// The notes to make of it.
    pub(in crate::resources) fn notes(self) -> [(&'static str, Vec<String>); 2] {
        let note = |found: bool| if found { vec!["found".to_owned()] } else { Vec::new() };
        [(PASSWORD, note(self.password)), (FOREIGN, note(self.foreign))]
    }

    /// True when the stored password stays: neither the state nor the configuration knows one, and
    /// a connection without it would lock out every client.
    pub(in crate::resources) fn keeps_password(self, token: &Token) -> bool {
        self.password && token.is_none()
    }

    /// Says that the stored password stays, or with `changes` that it cannot.
    pub(in crate::resources) fn tell(self, what: &str, changes: bool, diags: &mut Diagnostics) {
        const ARGUMENTS: &str = "Add auth_token, auth_token_wo with auth_token_wo_version, or auth_token_secret_arn with \
                                 auth_token_secret_version_id; or pass a replication_group that has its token";
        let at = Path::attribute("auth_token");
        if changes {
            diags.push(
                Diagnostic::error(
                    format!("The {what} has a password that the configuration does not give"),
                    format!(
                        "The {what} was imported with a password, which is not read into the state. This change would store \
                         the connection without it, and every client that reads it would be locked out. {ARGUMENTS}."
                    ),
                )
                .at(at),
            );
        } else {
            diags.push(
                Diagnostic::warning(
                    format!("The {what} has a password that the configuration does not give"),
                    format!(
                        "The {what} was imported with a password, which is not read into the state. It stays as it is for \
                         now, and cannot follow the cache. {ARGUMENTS}."
                    ),
                )
                .at(at),
            );
        }
    }

    /// Announces that a value of another kind is replaced.
    pub(in crate::resources) fn tell_replaced(self, what: &str, diags: &mut Diagnostics) {
        if self.foreign {
            diags.push(Diagnostic::warning(
                format!("The value of the {what} will be replaced"),
                format!(
                    "The {what} was imported and does not hold a connection as this provider writes it. The apply replaces its \
                     value."
                ),
            ));
        }
    }
}

/// Plans `port` and `transit_encryption_enabled` where the configuration omits them: what they mean
/// with `host`, and nothing with a replication group.
pub(in crate::resources) fn plan_place<M: FromValue>(cx: &mut PlanContext<'_, M>, config: &Source) {
    let by_host = config.host.is_unknown() || config.host.text().is_some();
    if config.port.is_null() {
        let port = if by_host { Field::Known(i64::from(DEFAULT_PORT)) } else { Field::Null };
        cx.set("port", port);
    }
    if config.transit_encryption_enabled.is_null() {
        cx.set("transit_encryption_enabled", if by_host { Field::Known(false) } else { Field::Null });
    }
}
