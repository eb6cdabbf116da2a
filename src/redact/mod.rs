//! Keeping secrets out of everything the provider says.
//!
//! Each RPC runs in a [`scope`] that knows its secrets: the sensitive values of its
//! configuration, plan and state, and every [`crate::aws::Secret`] that is made while it
//! runs (generated tokens, values read from Secrets Manager). Whatever leaves the
//! process, a diagnostic, an error of a function, a log line or the text of a panic,
//! goes through [`redact`], which replaces each known secret, raw or encoded. So it
//! does not matter who quotes a secret: AWS, a proxy, the SDK or our own code.

mod forms;
#[cfg(test)]
mod tests;
mod userinfo;

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use zeroize::Zeroizing;

/// What stands in the place of a secret.
pub const REDACTED: &str = "(redacted)";

/// Shorter values are not redacted: they are parts of words, and no service accepts a
/// secret that short.
const SHORTEST: usize = 4;

tokio::task_local! {
    static CURRENT: Secrets;
}

/// A set of secrets, together with those of the scopes around it. Clones share it.
#[derive(Clone, Default)]
pub struct Secrets(Arc<Inner>);

#[derive(Default)]
struct Inner {
    own: Mutex<Vec<Zeroizing<String>>>,
    outer: Option<Secrets>,
}

impl Secrets {
    /// An empty set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty set that also knows what `outer` knows.
    #[must_use]
    pub fn within(outer: &Secrets) -> Self {
        Self(Arc::new(Inner { own: Mutex::default(), outer: Some(outer.clone()) }))
    }

    /// What `collect` remembers, by whatever calls [`remember`].
    #[must_use]
    pub fn collected(collect: impl FnOnce()) -> Self {
        let secrets = Self::new();
        CURRENT.sync_scope(secrets.clone(), collect);
        secrets
    }

    /// Adds a secret; without effect when it is too short to be one.
    pub fn remember(&self, secret: &str) {
        // AWS quotes values without the white space around them.
        let secret = secret.trim();
        if secret.len() >= SHORTEST {
            let mut own = self.0.own.lock().unwrap_or_else(PoisonError::into_inner);
            if !own.iter().any(|known| known.as_str() == secret) {
                own.push(Zeroizing::new(secret.to_owned()));
            }
        }
    }

    /// The text without any known secret, and without user name and password in a URL.
    pub fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut redacted = userinfo::redact(text);
        let mut set = Some(self);
        while let Some(Secrets(inner)) = set {
            let own = inner.own.lock().unwrap_or_else(PoisonError::into_inner);
            // Longer ones first: a URL that holds a token goes as a whole.
            let mut secrets: Vec<&str> = own.iter().map(|secret| secret.as_str()).collect();
            secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
            for secret in secrets {
                if let Some(without) = forms::redact(&redacted, secret) {
                    redacted = Cow::Owned(without);
                }
            }
            set = inner.outer.as_ref();
        }
        redacted
    }
}

/// Shows nothing of what it holds.
impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(redacted)")
    }
}

/// Runs `future` with these secrets as the current ones.
pub async fn scope<F: Future>(secrets: Secrets, future: F) -> F::Output {
    CURRENT.scope(secrets, future).await
}

/// Runs `future` with the secrets that are current now: for a task of its own.
pub fn inherit<F: Future>(future: F) -> impl Future<Output = F::Output> {
    scope(current(), future)
}

/// The current secrets; an empty set outside of every scope.
pub fn current() -> Secrets {
    CURRENT.try_with(Clone::clone).unwrap_or_default()
}

/// Adds a secret to the current scope; without effect outside of every scope.
pub fn remember(secret: &str) {
    // An error says that there is no scope.
    let _ = CURRENT.try_with(|secrets| secrets.remember(secret));
}

/// Adds a secret to the outermost scope: one that other RPCs may come upon as well.
pub fn remember_everywhere(secret: &str) {
    let mut outermost = current();
    while let Some(outer) = outermost.0.outer.clone() {
        outermost = outer;
    }
    outermost.remember(secret);
}

/// The text without any secret of the current scope.
pub fn redact(text: &str) -> Cow<'_, str> {
    CURRENT.try_with(|secrets| secrets.redact(text)).unwrap_or_else(|_| userinfo::redact(text))
}
