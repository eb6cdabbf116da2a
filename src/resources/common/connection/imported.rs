//! The stored value that an import finds and that the configuration does not have.

use super::attributes::Place;
use super::token::Token;
use super::url::DEFAULT_PORT;
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{Context, PlanContext};
use crate::value::{Field, FromValue, Path};

/// Note: the stored value has a password that the state does not have.
const PASSWORD: &str = "password";

/// Note: the stored value does not have the form that this provider writes.
const FOREIGN: &str = "foreign";

const PASSWORD_FIX: &str = "Set `auth_token`, `auth_token_wo` with `auth_token_wo_version`, or `auth_token_secret_arn` with \
                            `auth_token_secret_version_id`, or a `replication_group` with its token";

/// The stored value that an import found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::resources) struct ImportedConnection {
    /// It has a password or token.
    pub password: bool,
    /// It is no connection.
    pub foreign: bool,
}

impl ImportedConnection {
    /// From the notes, which the function returns by name.
    pub(in crate::resources) fn noted<'n>(notes: impl Fn(&str) -> &'n [String]) -> Self {
        Self { password: !notes(PASSWORD).is_empty(), foreign: !notes(FOREIGN).is_empty() }
    }

    /// Makes the notes of the value after an update, which has written a connection or kept the password.
    pub(in crate::resources) fn note_updated(cx: &Context<'_>, keeps_password: bool) {
        for (name, note) in (Self { password: keeps_password, foreign: false }).notes() {
            cx.note(name, note);
        }
    }

    /// The notes of this value.
    pub(in crate::resources) fn notes(self) -> [(&'static str, Vec<String>); 2] {
        let note = |found: bool| if found { vec!["found".to_owned()] } else { Vec::new() };
        [(PASSWORD, note(self.password)), (FOREIGN, note(self.foreign))]
    }

    /// True if the stored password is kept: neither state nor configuration has one, and without it, the cache refuses all
    /// clients.
    pub(in crate::resources) fn keeps_password(self, token: &Token) -> bool {
        self.password && token.is_none()
    }

    /// Warns that the stored password is kept. With `writes`, and in a replacement, it is an error that it cannot be.
    pub(in crate::resources) fn report_password<M: FromValue>(
        self,
        what: &str,
        writes: bool,
        cx: &mut PlanContext<'_, M>,
    ) {
        if writes || cx.is_replaced() {
            return cx.diags.push(lost_password(what));
        }
        cx.diags.push(
            Diagnostic::warning(
                format!("Configuration lacks the password of the imported {what}"),
                format!(
                    "The imported {what} has a password, which the state does not store. It is kept, and does not follow the \
                     cache. {PASSWORD_FIX}."
                ),
            )
            .at(Path::attribute("auth_token")),
        );
    }

    /// Warns that a stored value that is no connection is replaced.
    pub(in crate::resources) fn report_replacement(self, what: &str, diags: &mut Diagnostics) {
        if self.foreign {
            diags.push(Diagnostic::warning(
                format!("Value of the imported {what} is replaced"),
                format!(
                    "The imported {what} does not have a connection in the form that this provider writes. The apply replaces \
                     its value."
                ),
            ));
        }
    }
}

/// The error of a change that writes the connection without the password of the imported `what`.
pub(in crate::resources) fn lost_password(what: &str) -> Diagnostic {
    Diagnostic::error(
        format!("Configuration lacks the password of the imported {what}"),
        format!(
            "The imported {what} has a password, which the state does not store. This change would write the connection \
             without it, and the cache would refuse clients that use the {what}. {PASSWORD_FIX}."
        ),
    )
    .at(Path::attribute("auth_token"))
}

/// Plans omitted `port` and `transit_encryption_enabled`: their defaults with `host`, otherwise null. `has_other` is true if
/// the connection has, or may have, another cache than `host`: an unknown `host` may then turn out to be null.
pub(in crate::resources) fn plan_place<M: FromValue>(
    cx: &mut PlanContext<'_, M>,
    config: &Place,
    has_other: bool,
) {
    let (port, tls) = if config.host.is_unknown() && has_other {
        (Field::Unknown, Field::Unknown)
    } else if config.host.is_unknown() || config.host.text().is_some() {
        (Field::Known(i64::from(DEFAULT_PORT)), Field::Known(false))
    } else {
        (Field::Null, Field::Null)
    };
    if config.port.is_null() {
        cx.set("port", port);
    }
    if config.transit_encryption_enabled.is_null() {
        cx.set("transit_encryption_enabled", tls);
    }
}
