//! A token or password by reference: a version of a secret that is read during apply and stored neither in state nor in
//! plan.

use std::time::Duration;

use crate::aws::{AwsError, Secret};
use crate::diag::Diagnostic;
use crate::engine::{Context, failed};
use crate::services::secretsmanager::secret;
use crate::value::{Field, Path};

/// How long AWS may not find a new version.
const VISIBLE: Duration = Duration::from_secs(5);

/// The error code if the KMS key of a secret cannot be used.
const DECRYPTION: &[&str] = &["DecryptionFailure"];

/// The kind of secret value, with its arguments.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An AUTH token, by `auth_token_secret_arn` and `auth_token_secret_version_id`.
    #[default]
    Token,
    /// The password of a user, by `password_secret_arn` and `password_secret_version_id`.
    Password,
}

impl Kind {
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
    /// ID of the version.
    pub version_id: Field<String>,
    /// The attribute whose nested attributes the arguments are, such as `replication_group`.
    within: Option<&'static str>,
    kind: Kind,
}

impl Reference {
    /// The reference by these two arguments of a resource.
    pub fn new(arn: &Field<String>, version_id: &Field<String>) -> Self {
        Self { arn: arn.clone(), version_id: version_id.clone(), ..Self::default() }
    }

    /// The reference to the password of a user.
    #[must_use]
    pub fn to_password(self) -> Self {
        Self { kind: Kind::Password, ..self }
    }

    /// The reference in the nested attributes of `attribute`.
    #[must_use]
    pub fn within(self, attribute: &'static str) -> Self {
        Self { within: Some(attribute), ..self }
    }

    /// True if the reference is set or unknown.
    pub fn is_given(&self) -> bool {
        self.arn.is_unknown() || self.is_certain()
    }

    /// True if the reference is set.
    pub fn is_certain(&self) -> bool {
        self.arn.text().is_some()
    }

    /// True if it may refer to another version than `other`.
    pub fn differs(&self, other: &Self) -> bool {
        let unknown = self.arn.is_unknown() || self.version_id.is_unknown();
        self.is_given() && (unknown || self.arn != other.arn || self.version_id != other.version_id)
    }

    /// The token or password; `None` without a reference. The secret is read in the Region of its ARN. `problems` returns
    /// what is wrong with a text as a token or password.
    ///
    /// # Errors
    /// A diagnostic at the argument if the secret cannot be read or has another content.
    pub async fn read(
        &self,
        cx: &Context<'_>,
        problems: impl Fn(&str) -> Vec<String>,
    ) -> Result<Option<Secret>, Diagnostic> {
        let Some(arn) = self.arn.text() else { return Ok(None) };
        let region = arn.split(':').nth(3).filter(|region| !region.is_empty());
        let scope = cx.scope().with_timeout(VISIBLE.min(cx.scope().time_left()));
        let read = || secret::get_value_in(&scope, region, arn, self.version_id.text(), None);
        let token =
            scope.retry(secret::NOT_FOUND, read).await.map_err(|error| self.unreadable(arn, &error))?.value;
        let word = self.kind.word();
        match wrong(word, &token, problems) {
            None => Ok(Some(token)),
            Some(problem) => Err(Diagnostic::error(
                format!("Secret {arn:?} holds no {word}"),
                format!(
                    "{problem} The secret must hold the {word} and nothing else, as \
                     `elasticache_auth_token_secret` writes it."
                ),
            )
            .at(self.path(self.kind.arn()))),
        }
    }

    fn path(&self, name: &str) -> Path {
        self.within.map_or_else(|| Path::attribute(name), |outer| Path::attribute(outer).key(name))
    }

    fn unreadable(&self, arn: &str, error: &AwsError) -> Diagnostic {
        let mut diagnostic = failed(format!("read the {} in secret {arn:?}", self.kind.word()), error);
        let message = error.message().unwrap_or_default();
        let mut name = self.kind.arn();
        // AWS returns the same code for a missing secret and for a missing version.
        let advice = if error.is(secret::NOT_FOUND) && message.contains("secret value") {
            name = self.kind.version_id();
            " The secret exists, but not this version of it; Secrets Manager deletes versions without a \
             staging label. Use the ID of an existing version, as in \
             `elasticache_auth_token_secret.this.version_id`."
        } else if error.is(secret::NOT_FOUND) {
            " Use the ARN of an existing secret, as in `elasticache_auth_token_secret.this.arn`."
        } else if error.is(secret::STATE) {
            " A secret that is scheduled for deletion cannot be read; \"aws secretsmanager restore-secret\" restores it."
        } else if error.is(DECRYPTION) || message.contains("KMS") {
            " The credentials need kms:Decrypt on the KMS key of the secret, and the key must be enabled."
        } else {
            ""
        };
        diagnostic.detail.push_str(advice);
        diagnostic.at(self.path(name))
    }
}

/// What is wrong with the value of a secret, without quoting it.
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
    fn other_or_unknown_version_differs() {
        let old = reference("arn", "1");
        assert!(!old.differs(&old));
        assert!(reference("arn", "2").differs(&old) && reference("other", "1").differs(&old));
        assert!(Reference::new(&"arn".into(), &Field::Unknown).differs(&old));
        assert!(old.differs(&Reference::default()) && !Reference::default().differs(&old));
        assert!(!reference("", "").is_given());
        assert!(Reference::new(&Field::Unknown, &Field::Unknown).is_given());
    }

    #[test]
    fn wrong_value_is_reported_without_quoting_it() {
        let wrong = |text: &str| wrong("token", &Secret::from(text), auth_token_problems);
        assert_eq!(wrong("abcDEF0123456789"), None);
        assert_eq!(wrong("").as_deref(), Some("It is empty."));
        assert_eq!(wrong("{\"password\": \"abcDEF0123456789\"}").as_deref(), Some("It holds a JSON object."));
        let short = wrong("abc").unwrap();
        assert_eq!(short, "The token must have 16 to 128 characters, but has 3.");
    }
}
