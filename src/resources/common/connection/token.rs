//! The token of a connection, by its source.

use super::attributes::Connection;
use super::group::GroupModel;
use crate::aws::Secret;
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::Context;
use crate::resources::common::connection::auth_token::password_problems;
use crate::resources::common::secret::Reference;
use crate::schema::may_be_mocked;
use crate::value::{Field, Path, Value};

/// The token of a connection, and whether the state may store it.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::resources) struct Token {
    /// The token; null without one. The token of a secret is unknown until apply: see [`token_at_apply`].
    pub value: Field<Secret>,
    /// False for a write-only token and for the token of a secret.
    pub in_state: bool,
    /// The secret of the token, if any.
    reference: Reference,
}

impl Token {
    fn given(value: Field<Secret>, in_state: bool) -> Self {
        Self { value, in_state, reference: Reference::default() }
    }

    /// True if the connection has no token.
    pub(in crate::resources) fn is_none(&self) -> bool {
        !self.value.is_unknown() && self.value.given().is_none()
    }

    /// The token for the URL in the state; for a token that the state does not store, a placeholder.
    pub(in crate::resources) fn visible(&self) -> Field<Secret> {
        if self.in_state || !self.value.is_unknown() {
            return self.value.clone();
        }
        if self.reference.is_certain() { Field::Known(Secret::new("*")) } else { Field::Null }
    }
}

/// The token: that of the connection, otherwise that of the replication group. Only `config` has a write-only token.
pub(in crate::resources) fn token(config: &Connection, planned: &Connection) -> Token {
    if !planned.login.auth_token_wo_version.is_null() || !config.login.auth_token_wo.is_null() {
        let value = if config.login.auth_token_wo.is_unknown() {
            Field::Unknown
        } else {
            config.login.auth_token_wo.given().cloned().into()
        };
        return Token::given(value, false);
    }
    let reference = planned.reference();
    if reference.is_given() {
        return Token { value: Field::Unknown, in_state: false, reference };
    }
    let of_group = planned.replication_group.known().map(|group| &group.auth_token);
    let value = match (&planned.login.auth_token, of_group) {
        (Field::Unknown, _) => Field::Unknown,
        (own, _) if own.given().is_some() => own.clone(),
        (_, Some(Field::Unknown)) => Field::Unknown,
        (_, Some(of_group)) => of_group.given().cloned().into(),
        (_, None) if planned.replication_group.is_unknown() => Field::Unknown,
        (_, None) => Field::Null,
    };
    Token::given(value, true)
}

/// As [`token`], during apply, with the token of a secret.
///
/// # Errors
/// A diagnostic at the reference if the secret has no valid token.
pub(in crate::resources) async fn token_at_apply(
    cx: &Context<'_>,
    config: &Connection,
    planned: &Connection,
) -> Result<Token, Diagnostic> {
    let mut token = token(config, planned);
    if token.reference.is_given() {
        // AWS alone checks the password of a user.
        let problems = |text: &str| if planned.has_user() { Vec::new() } else { password_problems(text) };
        token.value = token.reference.read(cx, problems).await?.into();
    }
    Ok(token)
}

/// Warns if the replication group requires a token, or the connection had one, and the connection has no token. A
/// connection with a user is not checked.
pub(in crate::resources) fn check_missing_token(
    prior: Option<&Connection>,
    planned: &Connection,
    token: &Token,
    diags: &mut Diagnostics,
) {
    if token.value.is_unknown() || token.value.given().is_some() || planned.has_user() {
        return;
    }
    let path = Path::attribute("replication_group");
    if planned.replication_group.known().is_some_and(|group| group.auth_token_enabled.is_true()) {
        diags.warning_at(
            path,
            "Replication group requires an AUTH token",
            "The connection has no token, so the cache refuses its clients with NOAUTH. `replication_group` has `auth_token` \
             and `auth_token_secret_arn`, but not `auth_token_wo`, and a data source has no token. Set `auth_token_wo`, or \
             `auth_token_secret_arn` and `auth_token_secret_version_id`, unless clients receive the token another way.",
        );
    } else if prior.is_some_and(Connection::has_token) && !planned.replication_group.is_null() {
        diags.warning_at(
            path,
            "Connection has neither token nor user",
            "The change removes the token of the connection. If users replace the AUTH token of the replication group, the \
             cache refuses clients without a user. Set `username` and, as `auth_token_wo`, its password in the same apply.",
        );
    }
}

/// The identity of a token as far as a plan knows it: another cause may be another token.
#[derive(Debug, PartialEq)]
pub(in crate::resources) struct Cause {
    value: Field<Secret>,
    wo_version: Field<i64>,
    reference: Reference,
    /// `auth_token_version` of the replication group, if the plan does not know its token.
    counter: Field<i64>,
}

impl Cause {
    /// The cause of the token in a plan or state.
    pub(in crate::resources) fn of(source: &Connection) -> Self {
        let token = token(&Connection::default(), source);
        let group = source.replication_group.known();
        Self {
            counter: match group {
                Some(group) if !token.in_state => group.auth_token_version.clone(),
                _ => Field::Null,
            },
            value: if token.in_state { token.value } else { Field::Null },
            wo_version: source.login.auth_token_wo_version.clone(),
            reference: token.reference,
        }
    }

    /// True if the token may differ from that of `prior`.
    pub(in crate::resources) fn may_differ(&self, prior: &Self) -> bool {
        let unknown = self.value.is_unknown() || self.wo_version.is_unknown() || self.counter.is_unknown();
        unknown || self.reference.differs(&prior.reference) || self != prior
    }
}

impl Connection {
    /// True if the replication group `before` leads to the same connection, login and warnings. Other attributes of the
    /// replication group are irrelevant.
    pub(in crate::resources) fn is_same_with(
        &self,
        before: &Field<GroupModel>,
        token: &Field<Secret>,
    ) -> bool {
        let (Some(old), Some(new)) = (before.known(), self.replication_group.known()) else { return false };
        let other = Self { replication_group: before.clone(), ..self.clone() };
        let same_url = match (self.compose(token), other.compose(token)) {
            (Ok(Field::Known(new)), Ok(Field::Known(old))) => new == old,
            _ => false,
        };
        same_url
            && !Cause::of(self).may_differ(&Cause::of(&other))
            && old.auth_token_enabled == new.auth_token_enabled
    }

    /// True if the connection of a state has a token, stored in the state or not.
    fn has_token(&self) -> bool {
        let token = token(&Self::default(), self);
        !token.in_state || token.value.given().is_some()
    }

    /// The secret of the token: that of the connection, or that of the replication group if the connection has no token.
    fn reference(&self) -> Reference {
        let own = Reference::new(&self.login.auth_token_secret_arn, &self.login.auth_token_secret_version_id);
        let own_value = self.login.auth_token.is_unknown() || self.login.auth_token.given().is_some();
        match self.replication_group.known() {
            _ if own.is_given() || own_value => own,
            Some(group) => group.reference(),
            None => own,
        }
    }
}

/// Checks the tokens of a configuration, except passwords of users, which AWS alone checks, and values that a mock provider
/// may have generated; see [`check_tokens_at_plan`].
pub(in crate::resources) fn check_tokens(config: &Connection, diags: &mut Diagnostics) {
    check_tokens_if(config, |token| !may_be_mocked(&Value::from(token)), diags);
}

/// Checks the tokens that [`check_tokens`] does not.
pub(in crate::resources) fn check_tokens_at_plan(config: &Connection, diags: &mut Diagnostics) {
    check_tokens_if(config, |token| may_be_mocked(&Value::from(token)), diags);
}

fn check_tokens_if(config: &Connection, is_due: impl Fn(&str) -> bool, diags: &mut Diagnostics) {
    if config.has_user() {
        return;
    }
    for (name, token) in
        [("auth_token", &config.login.auth_token), ("auth_token_wo", &config.login.auth_token_wo)]
    {
        let due = token.given().filter(|token| is_due(token.expose()));
        let problems = due.map(|token| password_problems(token.expose()));
        if let Some(problem) = problems.iter().flatten().next() {
            diags.error_at(Path::attribute(name), format!("Invalid {name}"), format!("`{name}` {problem}."));
        }
    }
}
