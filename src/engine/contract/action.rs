//! What an action is: an operation on an object that Terraform neither plans nor stores, such as a failover.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::values::{model, region_of, validate_as};
use crate::diag::Diagnostics;
use crate::engine::{Context, ProviderConfig};
use crate::schema::{self, Object, Schema};
use crate::value::Value;

/// How long an action says nothing at most.
const SILENCE: Duration = Duration::from_secs(60);

/// How long an action may take unless it says otherwise.
const TIMEOUT: Duration = Duration::from_secs(60 * 60);

/// One type of action.
///
/// Implementations are stateless unit structs. An action can read and change no state: what it changes in AWS appears
/// at the next refresh.
pub trait Action: Send + Sync + 'static {
    /// The typed form of the `config` block.
    type Model: Object;

    /// The type name, `elasticache_…`.
    fn type_name(&self) -> &'static str;

    /// The schema of the `config` block; built once.
    fn schema(&self) -> &'static Schema {
        Self::Model::schema()
    }

    /// How long the action may take.
    fn timeout(&self, config: &Self::Model) -> Duration {
        let _ = config;
        TIMEOUT
    }

    /// Checks what the schema cannot say. Unknown values must pass.
    fn validate(&self, config: &Self::Model, diags: &mut Diagnostics) {
        let _ = (config, diags);
    }

    /// Checks at plan what only AWS knows, for a configuration that is wholly known. Only reads, and never waits; what
    /// cannot be found out is no reason to refuse. [`Action::invoke`] checks the same: a plan may have seen unknown
    /// values, and is not repeated.
    fn plan(&self, cx: &Context<'_>, config: &Self::Model) -> impl Future<Output = Diagnostics> + Send {
        let _ = (cx, config);
        async { Diagnostics::new() }
    }

    /// Does it, and waits until it is done.
    fn invoke(
        &self,
        cx: &Context<'_>,
        config: Self::Model,
        progress: &ActionProgress,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send;
}

/// The messages of an action in progress.
#[derive(Debug)]
pub struct ActionProgress {
    messages: mpsc::UnboundedSender<String>,
    started: Instant,
    newest: Mutex<Newest>,
    goes_on: Mutex<String>,
}

/// The newest message, and when something was sent last.
#[derive(Debug)]
struct Newest {
    text: String,
    sent: Instant,
}

impl ActionProgress {
    fn new(messages: mpsc::UnboundedSender<String>) -> Self {
        let started = Instant::now();
        let newest = Newest { text: "Running".to_owned(), sent: started };
        Self { messages, started, newest: Mutex::new(newest), goes_on: Mutex::default() }
    }

    /// Sends a message, without a full stop: hosts print it behind the address of the action. The newest one is
    /// repeated with the time elapsed whenever a minute passes without another.
    pub fn say(&self, text: impl Into<String>) {
        let text = text.into();
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        *newest = Newest { text: text.clone(), sent: Instant::now() };
        self.send(text);
    }

    /// Records what AWS goes on with if Terraform stops waiting, as a sentence; empty once it is over.
    pub fn goes_on(&self, sentence: impl Into<String>) {
        *self.goes_on.lock().unwrap_or_else(PoisonError::into_inner) = sentence.into();
    }

    /// Runs the action, and repeats the newest message meanwhile.
    async fn during<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = std::pin::pin!(work);
        loop {
            let silent = self.newest.lock().unwrap_or_else(PoisonError::into_inner).sent + SILENCE;
            tokio::select! {
                biased;
                done = &mut work => return done,
                () = sleep_until(silent) => self.repeat(),
            }
        }
    }

    fn repeat(&self) {
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if now.duration_since(newest.sent) >= SILENCE {
            newest.sent = now;
            self.send(format!("{} ({} elapsed)", newest.text, Elapsed(now - self.started)));
        }
    }

    fn send(&self, text: String) {
        // An error says that the host has gone. The action goes on.
        let _ = self.messages.send(text);
    }

    /// What AWS goes on with.
    fn rest(&self) -> String {
        self.goes_on.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A time in minutes and seconds, such as `2m30s`.
struct Elapsed(Duration);

impl fmt::Display for Elapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        write!(f, "{}m{:02}s", seconds / 60, seconds % 60)
    }
}

/// Any [`Action`], on untyped values.
#[async_trait]
pub trait AnyAction: Send + Sync {
    /// The type name.
    fn type_name(&self) -> &'static str;
    /// The schema of the `config` block.
    fn schema(&self) -> &'static Schema;
    /// Checks a configuration. Unknown values pass.
    fn validate(&self, config: &Value) -> Diagnostics;
    /// Checks a configuration at plan, with the warnings of validation.
    async fn plan(
        &self,
        provider: &ProviderConfig,
        cancel: &CancellationToken,
        config: &Value,
    ) -> Diagnostics;
    /// Does it. The configuration is wholly known.
    async fn invoke(
        &self,
        provider: &ProviderConfig,
        cancel: &CancellationToken,
        config: Value,
        messages: mpsc::UnboundedSender<String>,
    ) -> Diagnostics;
}

#[async_trait]
impl<A: Action> AnyAction for A {
    fn type_name(&self) -> &'static str {
        Action::type_name(self)
    }

    fn schema(&self) -> &'static Schema {
        Action::schema(self)
    }

    fn validate(&self, config: &Value) -> Diagnostics {
        validate_as(Action::schema(self), config, |model, diags| Action::validate(self, model, diags))
    }

    async fn plan(
        &self,
        provider: &ProviderConfig,
        cancel: &CancellationToken,
        config: &Value,
    ) -> Diagnostics {
        let mut diags = checked(self, config);
        if diags.has_errors() || !config.is_wholly_known() {
            return diags;
        }
        let model = match model(config) {
            Ok(model) => model,
            Err(diagnostic) => return diagnostic.into(),
        };
        // Without AWS nothing can be asked; the action itself says why.
        let Ok(cx) = Context::new(provider, cancel, region_of(config), self.timeout(&model)) else {
            return diags;
        };
        let cx = cx.with_listed();
        let found = Action::plan(self, &cx, &model).await;
        let (_, warnings) = cx.finish();
        diags.extend(warnings);
        diags.extend(Action::schema(self).block.located(found));
        diags
    }

    async fn invoke(
        &self,
        provider: &ProviderConfig,
        cancel: &CancellationToken,
        config: Value,
        messages: mpsc::UnboundedSender<String>,
    ) -> Diagnostics {
        let mut diags = checked(self, &config).errors();
        if diags.has_errors() {
            return diags;
        }
        let model = match model(&config) {
            Ok(model) => model,
            Err(diagnostic) => return diagnostic.into(),
        };
        let cx = match Context::new(provider, cancel, region_of(&config), self.timeout(&model)) {
            Ok(cx) => cx,
            Err(diagnostic) => return diagnostic.into(),
        };
        let progress = ActionProgress::new(messages);
        let result = progress.during(Action::invoke(self, &cx, model, &progress)).await;
        cx.scope().reads().end_change();
        let (_, warnings) = cx.finish();
        diags.extend(warnings);
        if let Err(errors) = result {
            diags.extend(Action::schema(self).block.located(errors));
            let rest = progress.rest();
            if cancel.is_cancelled() && !rest.is_empty() {
                diags.explain_first_error(&rest);
            }
        }
        diags
    }
}

/// Checks a configuration, also for values that a mock might have made.
fn checked<A: Action>(action: &A, config: &Value) -> Diagnostics {
    let mut diags = AnyAction::validate(action, config);
    if !diags.has_errors() {
        schema::validate_at_plan(Action::schema(action), config, &mut diags);
    }
    diags
}
