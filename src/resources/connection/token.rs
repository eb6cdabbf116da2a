//! The token of a connection, and the ways to give it.

use super::Source;
use crate::auth_token::foreign_token_problems;
use crate::aws::Secret;
use crate::diag::Diagnostics;
use crate::value::{Field, Path};

/// The token of a connection and whether the state may hold it.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::resources) struct Token {
    /// The token; null for a connection without one.
    pub value: Field<Secret>,
    /// False for a write-only one.
    pub in_state: bool,
}

/// The token: the connection's own, then the group's. Only `config` has a write-only one.
pub(in crate::resources) fn token(config: &Source, planned: &Source) -> Token {
    if !planned.auth_token_wo_version.is_null() || !config.auth_token_wo.is_null() {
        let value = if config.auth_token_wo.is_unknown() {
            Field::Unknown
        } else {
            config.auth_token_wo.given().cloned().into()
        };
        return Token { value, in_state: false };
    }
    let of_group = planned.replication_group.known().map(|group| &group.auth_token);
    let value = match (&planned.auth_token, of_group) {
        (Field::Unknown, _) => Field::Unknown,
        (own, _) if own.given().is_some() => own.clone(),
        (_, Some(Field::Unknown)) => Field::Unknown,
        (_, Some(of_group)) => of_group.given().cloned().into(),
        (_, None) if planned.replication_group.is_unknown() => Field::Unknown,
        (_, None) => Field::Null,
    };
    Token { value, in_state: true }
}

/// Checks the tokens of a configuration; the password of a user is checked by AWS alone.
pub(in crate::resources) fn check_tokens(config: &Source, diags: &mut Diagnostics) {
    if config.has_user() {
        return;
    }
    for (name, token) in [("auth_token", &config.auth_token), ("auth_token_wo", &config.auth_token_wo)] {
        let problems = token.given().map(|token| foreign_token_problems(token.expose()));
        if let Some(problem) = problems.iter().flatten().next() {
            diags.error_at(Path::attribute(name), format!("Invalid {name}"), format!("{name} {problem}."));
        }
    }
}
