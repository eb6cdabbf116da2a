//! A token or password by reference: a version of a secret that is read when it is needed,
//! and kept nowhere.

use std::time::Duration;

use tokio::time::Instant;

use crate::aws::{AwsError, Secret, call_retrying};
use crate::diag::Diagnostic;
use crate::engine::{Context, failed};
use crate::services::secretsmanager::secret;
use crate::value::{Field, Path};

/// How long a version that was just written may take to be found.
const VISIBLE: Duration = Duration::from_secs(5);

/// What Secrets Manager says when the key of a secret cannot be used.
const DECRYPTION: &[&str] = &["DecryptionFailure"];

/// What a reference leads to, and the arguments that make it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Holds {
    /// An AUTH token, by `auth_token_secret_arn` and `auth_token_secret_version_id`.
    #[default]
    Token,
    /// The password of a user, by `password_secret_arn` and `password_secret_version_id`.
    Password,
}

impl Holds {
    fn word(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Password => "password",
        }
    }

    fn arn(self) -> &'static str {
        match self {
            Self::Token => "auth_token_secret_arn",
            Self::Password => "password_secret_arn",
        }
    }

    fn version_id(self) -> &'static str {
        match self {
            Self::Token => "auth_token_secret_version_id",
            Self::Password => "password_secret_version_id",
        }
    }
}

/// The ARN of a secret and the ID of its version.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reference {
    /// ARN of the secret.
    pub arn: Field<String>,
    /// Id of the version.
    pub version_id: Field<String>,
    /// The attribute whose nested attributes these are, such as `replication_group`.
    within: Option<&'static str>,
    holds: Holds,
}

impl Reference {
    /// The reference in these two attributes of a resource.
    pub fn new(arn: &Field<String>, version_id: &Field<String>) -> Self {
        Self { arn: arn.clone(), version_id: version_id.clone(), ..Self::default() }
    }

    /// The same, to the password of a user.
    #[must_use]
    pub fn to_password(self) -> Self {
        Self { holds: Holds::Password, ..self }
    }

    /// The same in the nested attributes of this one.
    #[must_use]
    pub fn within(self, attribute: &'static str) -> Self {
        Self { within: Some(attribute), ..self }
    }

    /// True when there is one, or may be.
    pub fn is_given(&self) -> bool {
        self.arn.is_unknown() || self.is_certain()
    }

    /// True when there certainly is one.
    pub fn is_certain(&self) -> bool {
        self.arn.text().is_some()
    }

    /// True when it may lead to another version than `other`.
    pub fn differs(&self, other: &Self) -> bool {
        let open = self.arn.is_unknown() || self.version_id.is_unknown();
        self.is_given() && (open || self.arn != other.arn || self.version_id != other.version_id)
    }

    /// The token or password it leads to; `None` when there is no reference. The secret is
    /// read in the Region of its ARN. `problems` says what is wrong with a text as one.
    ///
    /// # Errors
    /// A diagnostic at the attribute that leads nowhere, or to something else.
    pub async fn read(
        &self,
        cx: &Context<'_>,
        problems: impl Fn(&str) -> Vec<String>,
    ) -> Result<Option<Secret>, Diagnostic> {
        let Some(arn) = self.arn.text() else { return Ok(None) };
        let region = arn.split(':').nth(3).filter(|region| !region.is_empty());
        let deadline = cx.scope().deadline().min(Instant::now() + VISIBLE);
        let read = || secret::get_value_in(cx.scope(), region, arn, self.version_id.text(), None);
        let found = call_retrying(cx.scope().cancel(), deadline, secret::NOT_FOUND, read).await;
        let token = found.map_err(|error| self.unreadable(arn, &error))?.value;
        let word = self.holds.word();
        match wrong(word, &token, problems) {
            None => Ok(Some(token)),
            Some(problem) => Err(Diagnostic::error(
                format!("Secret {arn:?} holds no {word}"),
                format!(
                    "{problem} The secret must hold the {word} and nothing else, as elasticache_auth_token_secret writes \
                     it."
                ),
            )
            .at(self.path(self.holds.arn()))),
        }
    }

    fn path(&self, name: &str) -> Path {
        self.within.map_or_else(|| Path::attribute(name), |outer| Path::attribute(outer).key(name))
    }

    fn unreadable(&self, arn: &str, error: &AwsError) -> Diagnostic {
        let mut diagnostic = failed(format!("read the {} in secret {arn:?}", self.holds.word()), error);
        let message = error.message().unwrap_or_default();
        let mut name = self.holds.arn();
        // AWS has one code for a secret that is missing and for a version that is.
        let advice = if error.is(secret::NOT_FOUND) && message.contains("secret value") {
            name = self.holds.version_id();
            " The secret exists, but not this version of it; Secrets Manager deletes versions without a staging label. Use \
             the ID of an existing version, as in elasticache_auth_token_secret.this.version_id."
        } else if error.is(secret::NOT_FOUND) {
            " Use the ARN of an existing secret, as in elasticache_auth_token_secret.this.arn."
        } else if error.is(secret::STATE) {
            " A secret that is scheduled for deletion cannot be read; \"aws secretsmanager restore-secret\" brings it back."
        } else if error.is(DECRYPTION) || message.contains("KMS") {
            " The credentials need kms:Decrypt on the KMS key of the secret, and the key must be enabled."
        } else {
            ""
        };
        diagnostic.detail.push_str(advice);
        diagnostic.at(self.path(name))
    }
}

/// What is wrong with what a secret holds, in sentences that do not quote it.
fn wrong(word: &str, value: &Secret, problems: impl Fn(&str) -> Vec<String>) -> Option<String> {
    let text = value.expose();
    if text.is_empty() {
        return Some("It is empty.".to_owned());
    }
    if text.trim_start().starts_with('{') {
        return Some("It holds a JSON object.".to_owned());
    }
    problems(text).into_iter().next().map(|problem| format!("The {word} {problem}."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resources::common::connection::auth_token::auth_token_problems;

    fn reference(arn: &str, version: &str) -> Reference {
        Reference::new(&arn.into(), &version.into())
    }

    #[test]
    fn another_version_is_a_difference_and_so_is_one_that_is_not_known() {
        let old = reference("arn", "1");
        assert!(!old.differs(&old));
        assert!(reference("arn", "2").differs(&old) && reference("other", "1").differs(&old));
        assert!(Reference::new(&"arn".into(), &Field::Unknown).differs(&old));
        assert!(old.differs(&Reference::default()) && !Reference::default().differs(&old));
        assert!(!reference("", "").is_given());
        assert!(Reference::new(&Field::Unknown, &Field::Unknown).is_given());
    }

    #[test]
    fn what_is_no_token_is_told_without_being_quoted() {
        let wrong = |text: &str| wrong("token", &Secret::from(text), auth_token_problems);
        assert_eq!(wrong("abcDEF0123456789"), None);
        assert_eq!(wrong("").as_deref(), Some("It is empty."));
        assert_eq!(wrong("{\"password\": \"abcDEF0123456789\"}").as_deref(), Some("It holds a JSON object."));
        let short = wrong("abc").unwrap();
        assert_eq!(short, "The token must have 16 to 128 characters, but has 3.");
    }
}
