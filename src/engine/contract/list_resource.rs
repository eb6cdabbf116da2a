//! What a list resource is: the search for all objects of one type that `terraform query` makes.

use std::collections::BTreeSet;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::future::join_all;
use tokio::sync::{OnceCell, mpsc};
use tokio_util::sync::CancellationToken;

use super::values::{model, region_of, validate_as};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::state::identity::account_of_arn;
use crate::engine::{AnyResource, Context, Private, ProviderConfig, ReadRequest};
use crate::schema::{self, Object, Schema};
use crate::value::Value;

/// How many objects of a page are read at the same time. The listings of `aws::Reads` answer them together.
const READS: usize = 100;

/// For how long calls of a listing are retried.
const TIMEOUT: Duration = Duration::from_secs(600);

/// One type of list resource: the objects of one managed type in one Region.
///
/// Implementations are stateless unit structs, named as the managed type.
pub trait ListResource: Send + Sync + 'static {
    /// The typed form of the `config` block.
    type Model: Object;

    /// The managed type whose objects it lists.
    fn resource(&self) -> &'static dyn AnyResource;

    /// The schema of the `config` block; built once.
    fn schema(&self) -> &'static Schema {
        Self::Model::schema()
    }

    /// Checks what the schema cannot say. Unknown values must pass.
    fn validate(&self, config: &Self::Model, diags: &mut Diagnostics) {
        let _ = (config, diags);
    }

    /// Lists the objects, and hands over each page of AWS as soon as it arrives. The configuration is wholly known.
    ///
    /// # Errors
    /// AWS refuses a call, or [`Results::page`] needs no more. An error discards every result on the host, so what
    /// concerns one object is a warning of [`Context::warn`].
    fn list(
        &self,
        cx: &Context<'_>,
        config: Self::Model,
        results: &mut Results<'_>,
    ) -> impl Future<Output = Result<(), ListError>> + Send;
}

/// Why a listing ends before its last page.
#[derive(Debug, Clone)]
pub enum ListError {
    /// The host has as many results as it asked for, or no longer listens.
    Enough,
    /// The listing failed.
    Failed(Diagnostics),
}

impl From<Diagnostics> for ListError {
    fn from(diags: Diagnostics) -> Self {
        Self::Failed(diags)
    }
}

impl From<Diagnostic> for ListError {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Failed(diagnostic.into())
    }
}

/// An object that a listing found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    keys: Vec<String>,
    display_name: String,
    arn: Option<String>,
}

impl Listed {
    /// An object with a key of one attribute. `display_name` is what a person recognizes it by: its ID, engine, and
    /// size.
    pub fn new(key: impl Into<String>, display_name: impl Into<String>) -> Self {
        Self::of([key.into()], display_name)
    }

    /// An object with a key of several attributes, in the order in which the identity names them.
    pub fn of<const N: usize>(keys: [String; N], display_name: impl Into<String>) -> Self {
        Self { keys: keys.into(), display_name: display_name.into(), arn: None }
    }

    /// The same with its ARN, which names the account.
    #[must_use]
    pub fn arn(mut self, arn: Option<String>) -> Self {
        self.arn = arn;
        self
    }
}

/// The events of a listing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ListEvent {
    /// The identity of an object; null for an event that only has diagnostics.
    pub identity: Value,
    /// What a person recognizes the object by.
    pub display_name: String,
    /// Its state, where the host asked for it; null otherwise.
    pub state: Value,
    /// Errors and warnings.
    pub diags: Diagnostics,
}

/// Input of a listing.
#[derive(Debug, Clone, Default)]
pub struct ListRequest {
    /// The `config` block.
    pub config: Value,
    /// True when the state of each object is to be read as well.
    pub include_resource: bool,
    /// How many objects are desired; all of them when it is not positive.
    pub limit: i64,
}

/// Where a listing hands over what it finds.
pub struct Results<'a> {
    resource: &'static dyn AnyResource,
    provider: &'a ProviderConfig,
    cancel: &'a CancellationToken,
    region: Option<String>,
    /// The account of the credentials, for objects without an ARN.
    account: OnceCell<Option<String>>,
    /// Objects handed over so far: pages of AWS may repeat one that has changed in between.
    visited: BTreeSet<Vec<String>>,
    include_resource: bool,
    left: Option<usize>,
    events: mpsc::Sender<ListEvent>,
}

impl Results<'_> {
    /// Hands over a page, sorted by key. Completes when the host has accepted it.
    ///
    /// # Errors
    /// [`ListError::Enough`] when the listing is to end.
    pub fn page(
        &mut self,
        found: impl IntoIterator<Item = Listed>,
    ) -> impl Future<Output = Result<(), ListError>> + Send {
        self.hand_over(found.into_iter().collect())
    }

    async fn hand_over(&mut self, mut page: Vec<Listed>) -> Result<(), ListError> {
        page.retain(|item| self.visited.insert(item.keys.clone()));
        page.sort_by(|a, b| a.keys.cmp(&b.keys));
        let mut page = page.into_iter();
        loop {
            let most = self.left.unwrap_or(READS).min(READS);
            let batch: Vec<Listed> = page.by_ref().take(most).collect();
            if batch.is_empty() {
                break;
            }
            let events = join_all(batch.into_iter().map(|item| self.event(item))).await;
            for event in events.into_iter().flatten() {
                self.send(event).await?;
            }
        }
        if self.left == Some(0) { Err(ListError::Enough) } else { Ok(()) }
    }

    async fn send(&mut self, event: ListEvent) -> Result<(), ListError> {
        if !event.identity.is_null() {
            self.left = self.left.map(|left| left.saturating_sub(1));
        }
        self.events.send(event).await.map_err(|_| ListError::Enough)
    }

    /// The event of an object; `None` when it no longer exists.
    async fn event(&self, item: Listed) -> Option<ListEvent> {
        let account = match item.arn.as_deref().and_then(account_of_arn) {
            Some(account) => Some(account.to_owned()),
            None => self.account().await,
        };
        let schema = self.resource.identity_schema();
        let identity = schema.of_listed(account.as_deref(), self.region.as_deref(), &item.keys);
        let display_name = item.display_name;
        if !self.include_resource {
            return Some(ListEvent { identity, display_name, ..ListEvent::default() });
        }
        match self.read(&identity).await {
            Ok(state) if state.is_null() => None,
            Ok(state) => {
                let identity = schema.of_state(&state, &identity);
                Some(ListEvent { identity, display_name, state, diags: Diagnostics::new() })
            }
            Err(problems) => {
                let diags = unreadable(self.resource.type_name(), &display_name, &problems).into();
                Some(ListEvent { diags, ..ListEvent::default() })
            }
        }
    }

    /// The state of an object, as an import reads it; null when it does not exist.
    async fn read(&self, identity: &Value) -> Result<Value, Diagnostics> {
        let state = self.resource.import_stub(identity)?;
        let request = ReadRequest { state, private: Private::listed().bytes() };
        let read = self.resource.read(self.provider, self.cancel, request).await;
        if read.diags.has_errors() { Err(read.diags) } else { Ok(read.state) }
    }

    /// The account of the credentials, where STS names it.
    async fn account(&self) -> Option<String> {
        let ask = || async {
            let account = self.provider.aws().ok()?.account_id_for_check(self.cancel).await;
            account.inspect_err(|error| tracing::debug!(%error, "listing without an account ID")).ok()
        };
        self.account.get_or_init(ask).await.clone()
    }
}

/// The warning that an object is omitted. An error would discard every other result.
fn unreadable(type_name: &str, display_name: &str, problems: &Diagnostics) -> Diagnostic {
    let reasons: Vec<String> =
        problems.iter().map(|problem| format!("{}: {}", problem.summary, problem.detail)).collect();
    Diagnostic::warning(
        format!("Omitted an object of {type_name}"),
        format!("{display_name} exists and could not be read. {}", reasons.join("\n\n")),
    )
}

/// Any [`ListResource`], on untyped values.
#[async_trait]
pub trait AnyListResource: Send + Sync {
    /// The type name, which is that of the managed type.
    fn type_name(&self) -> &'static str {
        self.managed().type_name()
    }
    /// The managed type whose objects it lists.
    fn managed(&self) -> &'static dyn AnyResource;
    /// The schema of the `config` block.
    fn schema(&self) -> &'static Schema;
    /// Checks a configuration. Unknown values pass.
    fn validate(&self, config: &Value) -> Diagnostics;
    /// Lists the objects. The last event of a listing that fails has the errors.
    async fn list(
        &self,
        provider: &ProviderConfig,
        cancel: &CancellationToken,
        request: ListRequest,
        events: mpsc::Sender<ListEvent>,
    );
}

#[async_trait]
impl<L: ListResource> AnyListResource for L {
    fn managed(&self) -> &'static dyn AnyResource {
        ListResource::resource(self)
    }

    fn schema(&self) -> &'static Schema {
        ListResource::schema(self)
    }

    fn validate(&self, config: &Value) -> Diagnostics {
        validate_as(ListResource::schema(self), config, |model, diags| {
            ListResource::validate(self, model, diags);
        })
    }

    async fn list(
        &self,
        provider: &ProviderConfig,
        cancel: &CancellationToken,
        request: ListRequest,
        events: mpsc::Sender<ListEvent>,
    ) {
        let ListRequest { config, include_resource, limit } = request;
        let listing = match Listing::begin(self, provider, cancel, &config) {
            Ok(listing) => listing,
            Err(diags) => return report(&events, diags).await,
        };
        let model = match model(&config) {
            Ok(model) => model,
            Err(diagnostic) => return report(&events, diagnostic.into()).await,
        };
        let mut results = listing.results(include_resource, limit, events.clone()).await;
        let result = ListResource::list(self, &listing.cx, model, &mut results).await;
        report(&events, listing.end(result)).await;
    }
}

/// Sends the last event, where there is something to report.
async fn report(events: &mpsc::Sender<ListEvent>, diags: Diagnostics) {
    if !diags.is_empty() {
        // An error says that the host has gone.
        let _ = events.send(ListEvent { diags, ..ListEvent::default() }).await;
    }
}

/// A listing in progress.
struct Listing<'a> {
    resource: &'static dyn AnyResource,
    provider: &'a ProviderConfig,
    cancel: &'a CancellationToken,
    cx: Context<'a>,
    warnings: Diagnostics,
}

impl<'a> Listing<'a> {
    fn begin(
        list: &dyn AnyListResource,
        provider: &'a ProviderConfig,
        cancel: &'a CancellationToken,
        config: &Value,
    ) -> Result<Self, Diagnostics> {
        let mut diags = list.validate(config);
        if !diags.has_errors() {
            schema::validate_at_plan(list.schema(), config, &mut diags);
        }
        if diags.has_errors() {
            return Err(diags);
        }
        let cx = Context::new(provider, cancel, region_of(config), TIMEOUT)?.with_listed();
        Ok(Self { resource: list.managed(), provider, cancel, cx, warnings: diags })
    }

    async fn results(
        &self,
        include_resource: bool,
        limit: i64,
        events: mpsc::Sender<ListEvent>,
    ) -> Results<'a> {
        Results {
            resource: self.resource,
            provider: self.provider,
            cancel: self.cancel,
            region: self.cx.scope().resolved_region().await.ok(),
            account: OnceCell::new(),
            visited: BTreeSet::new(),
            include_resource,
            left: usize::try_from(limit).ok().filter(|limit| *limit > 0),
            events,
        }
    }

    /// What is to be reported at the end.
    fn end(self, result: Result<(), ListError>) -> Diagnostics {
        let mut diags = self.warnings;
        let (_, warnings) = self.cx.finish();
        diags.extend(warnings);
        if let Err(ListError::Failed(errors)) = result {
            diags.extend(errors);
        }
        diags
    }
}
