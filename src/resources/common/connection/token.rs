//! The token of a connection, and the ways to give it.

use super::Source;
use crate::aws::Secret;
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::Context;
use crate::resources::common::connection::auth_token::foreign_token_problems;
use crate::resources::common::secret::Reference;
use crate::schema::may_be_mocked;
use crate::value::{Field, Path, Value};

/// The token of a connection and whether the state may hold it.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::resources) struct Token {
    /// The token; null for a connection without one. One by reference is unknown until
    /// it is read: see [`token_at_apply`].
    pub value: Field<Secret>,
    /// False for a write-only one, and for one by reference.
    pub in_state: bool,
    /// Where it is to be read; not given for a token that is given itself.
    reference: Reference,
}

impl Token {
    fn given(value: Field<Secret>, in_state: bool) -> Self {
        Self { value, in_state, reference: Reference::default() }
    }

    /// True when the connection certainly has none.
    pub(in crate::resources) fn is_none(&self) -> bool {
        !self.value.is_unknown() && self.value.given().is_none()
    }

    /// A token that composes what the state may show: of one that the state does not hold
    /// only that there is one counts.
    pub(in crate::resources) fn shown(&self) -> Field<Secret> {
        if self.in_state || !self.value.is_unknown() {
            return self.value.clone();
        }
        if self.reference.is_certain() { Field::Known(Secret::new("*")) } else { Field::Null }
    }
}

/// The token: the connection's own, then the group's. Only `config` has a write-only one.
pub(in crate::resources) fn token(config: &Source, planned: &Source) -> Token {
    if !planned.auth_token_wo_version.is_null() || !config.auth_token_wo.is_null() {
        let value = if config.auth_token_wo.is_unknown() {
            Field::Unknown
        } else {
            config.auth_token_wo.given().cloned().into()
        };
        return Token::given(value, false);
    }
    let reference = planned.reference();
    if reference.is_given() {
        return Token { value: Field::Unknown, in_state: false, reference };
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
    Token::given(value, true)
}

/// The same during apply, when all is known and a token by reference can be read.
///
/// # Errors
/// A diagnostic at the reference that leads to no token.
pub(in crate::resources) async fn token_at_apply(
    cx: &Context<'_>,
    config: &Source,
    planned: &Source,
) -> Result<Token, Diagnostic> {
    let mut token = token(config, planned);
    if token.reference.is_given() {
        // A password of an RBAC user is checked by AWS alone.
        let problems =
            |text: &str| if planned.has_user() { Vec::new() } else { foreign_token_problems(text) };
        token.value = token.reference.read(cx, problems).await?.into();
    }
    Ok(token)
}

/// Warns when clients of the group must send a token, or had one to send so far, and the
/// connection certainly has none. One with a user says itself how it logs in.
pub(in crate::resources) fn check_missing_token(
    prior: Option<&Source>,
    planned: &Source,
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
            "The group wants a token, and the connection has none",
            "Clients of the replication group must send a token, which is not passed on with it: a group passes on its \
             auth_token or auth_token_secret_arn, but not its auth_token_wo, and a data source knows no token. What connects \
             by this alone is refused with NOAUTH. Give the token here too, as auth_token_wo or by auth_token_secret_arn and \
             auth_token_secret_version_id, unless clients get it another way.",
        );
    } else if prior.is_some_and(Source::has_token) && !planned.replication_group.is_null() {
        diags.warning_at(
            path,
            "The connection loses its token, and gets no user",
            "It had a token to log in with, and now has nothing. Where users have taken the place of the token of the group, \
             give username and its password, as auth_token_wo, in the same apply: clients without them are refused.",
        );
    }
}

/// What a plan can tell of a token: how it is given, and what says that it is another one.
#[derive(Debug, PartialEq)]
pub(in crate::resources) struct Cause {
    value: Field<Secret>,
    wo_version: Field<i64>,
    reference: Reference,
    /// The group's count of its tokens, where the token itself cannot be seen.
    counted: Field<i64>,
}

impl Cause {
    /// The cause of the token in the planned object or the state.
    pub(in crate::resources) fn of(source: &Source) -> Self {
        let token = token(&Source::default(), source);
        let group = source.replication_group.known();
        Self {
            counted: match group {
                Some(group) if !token.in_state => group.auth_token_version.clone(),
                _ => Field::Null,
            },
            value: if token.in_state { token.value } else { Field::Null },
            wo_version: source.auth_token_wo_version.clone(),
            reference: token.reference,
        }
    }

    /// True when the token may be another one than that of `prior`.
    pub(in crate::resources) fn may_differ(&self, prior: &Self) -> bool {
        let open = self.value.is_unknown() || self.wo_version.is_unknown() || self.counted.is_unknown();
        open || self.reference.differs(&prior.reference) || self != prior
    }
}

impl Source {
    /// True when the connection of a state has a token, whether the state knows it or not.
    fn has_token(&self) -> bool {
        let token = token(&Self::default(), self);
        !token.in_state || token.value.given().is_some()
    }

    /// Where the token is to be read: of the connection's own ways to give one, or of the
    /// group's when it has none.
    fn reference(&self) -> Reference {
        let own = Reference::new(&self.auth_token_secret_arn, &self.auth_token_secret_version_id);
        let own_value = self.auth_token.is_unknown() || self.auth_token.given().is_some();
        match self.replication_group.known() {
            _ if own.is_given() || own_value => own,
            Some(group) => group.reference(),
            None => own,
        }
    }
}

/// Checks the tokens of a configuration; the password of a user is checked by AWS alone.
/// One that a mock provider may have made is left to [`check_tokens_at_plan`].
pub(in crate::resources) fn check_tokens(config: &Source, diags: &mut Diagnostics) {
    check_tokens_if(config, |token| !may_be_mocked(&Value::from(token)), diags);
}

/// Checks the tokens that [`check_tokens`] let pass.
pub(in crate::resources) fn check_tokens_at_plan(config: &Source, diags: &mut Diagnostics) {
    check_tokens_if(config, |token| may_be_mocked(&Value::from(token)), diags);
}

fn check_tokens_if(config: &Source, is_due: impl Fn(&str) -> bool, diags: &mut Diagnostics) {
    if config.has_user() {
        return;
    }
    for (name, token) in [("auth_token", &config.auth_token), ("auth_token_wo", &config.auth_token_wo)] {
        let due = token.given().filter(|token| is_due(token.expose()));
        let problems = due.map(|token| foreign_token_problems(token.expose()));
        if let Some(problem) = problems.iter().flatten().next() {
            diags.error_at(Path::attribute(name), format!("Invalid {name}"), format!("{name} {problem}."));
        }
    }
}
