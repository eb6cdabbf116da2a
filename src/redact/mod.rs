//! Keeping secrets out of everything the provider says.
//!
//! Each RPC runs in a [`scope`] that knows its secrets: the sensitive values of its
//! configuration, plan and state, and every [`crate::aws::Secret`] that is made while it
//! runs (generated tokens, values read from Secrets Manager). Whatever leaves the
//! process, a diagnostic, an error of a function, a log line or the text of a panic,
//! goes through [`redact`], which replaces each known secret and each piece of one, raw or encoded. So it
//! does not matter who quotes a secret: AWS, a proxy, the SDK or our own code.

mod forms;
pub mod names;
mod pieces;
#[cfg(test)]
mod tests;
mod userinfo;

use std::borrow::Cow;
use std::cell::OnceCell;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use zeroize::Zeroizing;

use pieces::Pieces;

/// What stands in the place of a secret.
pub const REDACTED: &str = "(redacted)";

/// Shorter values are not redacted: they are parts of words, and no service accepts a
/// secret that short.
const SHORTEST: usize = 4;

/// More secrets than one call has. With more, nothing is said at all, so that no message makes the search take hours.
const MOST_SECRETS: usize = 5_000;

/// No service accepts a longer secret (Secrets Manager: 65 536 bytes); pieces of one are not looked for.
const LONGEST: usize = 64 * 1024;

tokio::task_local! {
    static CURRENT: Secrets;
}

/// A set of secrets, together with those of the scopes around it. Clones share it.
#[derive(Clone, Default)]
pub struct Secrets(Arc<Inner>);

#[derive(Default)]
struct Inner {
    own: Mutex<Vec<Known>>,
    outer: Option<Secrets>,
}

/// A secret, and what its pieces are recognized by.
struct Known {
    text: Zeroizing<String>,
    has_pieces: bool,
    /// Of the first text that is redacted: most calls redact none, and each knows every secret of its arguments.
    pieces: OnceCell<Pieces>,
}

impl Known {
    fn pieces(&self) -> &Pieces {
        self.pieces.get_or_init(|| {
            if self.has_pieces && self.text.len() <= LONGEST {
                Pieces::of(&self.text)
            } else {
                Pieces::default()
            }
        })
    }
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
        self.add(secret, true);
    }

    /// Adds what may be a secret or ordinary text, such as a host: only the whole of it is redacted.
    pub fn remember_whole(&self, text: &str) {
        self.add(text, false);
    }

    fn add(&self, secret: &str, has_pieces: bool) {
        let trimmed = secret.trim();
        if trimmed.len() < SHORTEST {
            return;
        }
        // AWS quotes values without the white space around them; an encoder encodes it with the value.
        let whole = (trimmed.len() < secret.len()).then_some(secret);
        for secret in std::iter::once(trimmed).chain(whole) {
            let mut own = self.0.own.lock().unwrap_or_else(PoisonError::into_inner);
            if own.len() > MOST_SECRETS {
                return;
            }
            match own.iter_mut().find(|known| known.text.as_str() == secret) {
                Some(known) if has_pieces && !known.has_pieces => {
                    known.has_pieces = true;
                    known.pieces.take();
                }
                Some(_) => {}
                None => own.push(Known {
                    text: Zeroizing::new(secret.to_owned()),
                    has_pieces,
                    pieces: OnceCell::new(),
                }),
            }
        }
    }

    /// The text without any known secret or piece of one, and without user name and password in a URL.
    pub fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut redacted = userinfo::redact(text);
        let mut set = Some(self);
        while let Some(Secrets(inner)) = set {
            let own = inner.own.lock().unwrap_or_else(PoisonError::into_inner);
            if own.len() > MOST_SECRETS {
                return Cow::Borrowed(REDACTED);
            }
            // Longer ones first: a URL that holds a token goes as a whole. No form of a secret is shorter than it.
            let mut secrets: Vec<&str> = own.iter().map(|secret| secret.text.as_str()).collect();
            secrets.retain(|secret| secret.len() <= redacted.len());
            secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
            for secret in secrets {
                if let Some(without) = forms::redact(&redacted, secret) {
                    redacted = Cow::Owned(without);
                }
            }
            let found = pieces::find(&redacted, own.iter().map(Known::pieces));
            if !found.is_empty() {
                redacted = Cow::Owned(forms::replace(&redacted, found));
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

/// Adds what may be a secret or ordinary text to the current scope; without effect outside of every scope.
pub fn remember_whole(text: &str) {
    let _ = CURRENT.try_with(|secrets| secrets.remember_whole(text));
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
