//! RPCs that answer with a stream of events: listing objects, and invoking an action.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::{join, try_join};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tonic::Status;
use tonic::codegen::BoxStream;

use super::convert::{decode_object, diagnostic, diagnostics, encode, encode_identity, known, said};
use super::reply::panicked;
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{AnyAction, AnyListResource, ListEvent, ListRequest, ProviderConfig};
use crate::plugin::panic;
use crate::wire::proto::tfplugin6 as pb;

/// How many events wait for a client that is slower than AWS.
const WAITING: usize = 16;

/// An event of a stream: each has a place for what went wrong.
pub(super) trait Event: Send + 'static {
    /// The last event of a stream that failed.
    fn failed(problem: &Diagnostic) -> Self;

    /// Its diagnostics.
    fn problems(&self) -> &[pb::Diagnostic];
}

impl Event for pb::list_resource::Event {
    fn failed(problem: &Diagnostic) -> Self {
        Self { diagnostic: vec![diagnostic(problem)], ..Self::default() }
    }

    fn problems(&self) -> &[pb::Diagnostic] {
        &self.diagnostic
    }
}

impl Event for pb::invoke_action::Event {
    fn failed(problem: &Diagnostic) -> Self {
        completed(problem.clone().into())
    }

    fn problems(&self) -> &[pb::Diagnostic] {
        match &self.r#type {
            Some(pb::invoke_action::event::Type::Completed(completed)) => &completed.diagnostics,
            _ => &[],
        }
    }
}

/// Where the events of one stream go. Clones share the stream.
pub(super) struct Out<E> {
    events: mpsc::Sender<Result<E, Status>>,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    errors: AtomicUsize,
    warnings: AtomicUsize,
}

impl<E> Clone for Out<E> {
    fn clone(&self) -> Self {
        Self { events: self.events.clone(), counts: Arc::clone(&self.counts) }
    }
}

impl<E: Event> Out<E> {
    /// A stream, and where its events come from.
    pub(super) fn new() -> (Self, BoxStream<E>) {
        let (events, stream) = mpsc::channel(WAITING);
        (Self { events, counts: Arc::default() }, Box::pin(ReceiverStream::new(stream)))
    }

    /// Sends an event; false when the client has gone.
    pub(super) async fn send(&self, event: E) -> bool {
        for problem in event.problems() {
            let of_kind = match problem.severity() {
                pb::diagnostic::Severity::Error => &self.counts.errors,
                _ => &self.counts.warnings,
            };
            of_kind.fetch_add(1, Ordering::Relaxed);
        }
        self.events.send(Ok(event)).await.is_ok()
    }

    /// Number of errors and of warnings sent so far.
    pub(super) fn problems(&self) -> (usize, usize) {
        (self.counts.errors.load(Ordering::Relaxed), self.counts.warnings.load(Ordering::Relaxed))
    }

    /// Completes when the client has gone.
    async fn gone(&self) {
        self.events.closed().await;
    }
}

/// Lists objects until all are listed, the limit is reached, or the client goes away.
pub(super) async fn list(
    source: &'static dyn AnyListResource,
    provider: &ProviderConfig,
    cancel: &CancellationToken,
    request: pb::list_resource::Request,
    out: Out<pb::list_resource::Event>,
) -> Result<(), Diagnostic> {
    let request = ListRequest {
        config: known(
            decode_object(source.schema(), request.config.as_ref(), "configuration")?,
            "configuration",
        )?,
        include_resource: request.include_resource_object,
        limit: request.limit,
    };
    // One at a time: what waits for a slow client is in `out`.
    let (events, mut found) = mpsc::channel(1);
    // A panic is caught here, so that what was found before it is sent.
    let listing = async { Ok(panic::catch(source.list(provider, cancel, request, events)).await) };
    let sending = async {
        while let Some(event) = found.recv().await {
            if !out.send(list_event(source, event)?).await {
                break;
            }
        }
        Ok::<(), Diagnostic>(())
    };
    tokio::select! {
        biased;
        // Drops the calls under way: they only read.
        () = out.gone() => {
            tracing::debug!("the client needs no more results");
            Ok(())
        }
        // A result that cannot be sent ends the listing, which would wait for its receiver for ever.
        done = try_join(listing, sending) => {
            let (listed, ()) = done?;
            listed.map_err(|panic| panicked("ListResource", source.type_name(), &panic))
        }
    }
}

fn list_event(
    source: &dyn AnyListResource,
    event: ListEvent,
) -> Result<pb::list_resource::Event, Diagnostic> {
    let managed = source.managed();
    let state = (!event.state.is_null()).then(|| encode(&event.state, managed.schema().ty())).transpose()?;
    Ok(pb::list_resource::Event {
        identity: encode_identity(managed.identity_schema(), &event.identity)?,
        display_name: said(&event.display_name),
        resource_object: state,
        diagnostic: diagnostics(event.diags),
    })
}

/// Invokes an action. A client that goes away stops the wait, as Terraform's stop request does; what AWS has accepted
/// goes on.
pub(super) async fn invoke(
    action: &'static dyn AnyAction,
    provider: &ProviderConfig,
    cancel: &CancellationToken,
    request: pb::invoke_action::Request,
    out: Out<pb::invoke_action::Event>,
) -> Result<(), Diagnostic> {
    let config = decode_object(action.schema(), request.config.as_ref(), "configuration")?;
    let config = known(config, "configuration")?;
    let cancel = cancel.child_token();
    let (messages, mut reported) = mpsc::unbounded_channel();
    let invoking = panic::catch(action.invoke(provider, &cancel, config, messages));
    let telling = async {
        while let Some(message) = reported.recv().await {
            out.send(progress(&message)).await;
        }
    };
    let stopping = async {
        out.gone().await;
        cancel.cancel();
        pending().await
    };
    let invoked = tokio::select! {
        (invoked, ()) = join(invoking, telling) => invoked,
        never = stopping => never,
    };
    let diags = invoked.map_err(|panic| panicked("InvokeAction", action.type_name(), &panic))?;
    out.send(completed(diags)).await;
    Ok(())
}

fn progress(message: &str) -> pb::invoke_action::Event {
    use pb::invoke_action::event::{Progress, Type};
    let message = said(message);
    pb::invoke_action::Event { r#type: Some(Type::Progress(Progress { message })) }
}

/// The last event of every invocation. Terraform takes a stream without it for a success.
fn completed(diags: Diagnostics) -> pb::invoke_action::Event {
    use pb::invoke_action::event::{Completed, Type};
    let completed = Completed { diagnostics: diagnostics(diags) };
    pb::invoke_action::Event { r#type: Some(Type::Completed(completed)) }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::engine::AnyResource;
    use crate::schema::Schema;
    use crate::testing::aws::{FakeAws, problems};
    use crate::testing::test_operations::TestListResource;
    use crate::value::Value;

    /// A list resource with a defect: its results have no identity that fits the schema. It lists without an end.
    struct Misfit;

    #[tonic::async_trait]
    impl AnyListResource for Misfit {
        fn managed(&self) -> &'static dyn AnyResource {
            TestListResource.managed()
        }

        fn schema(&self) -> &'static Schema {
            AnyListResource::schema(&TestListResource)
        }

        fn validate(&self, _: &Value) -> Diagnostics {
            Diagnostics::new()
        }

        async fn list(
            &self,
            _: &ProviderConfig,
            _: &CancellationToken,
            _: ListRequest,
            events: mpsc::Sender<ListEvent>,
        ) {
            let misfit = ListEvent { identity: Value::from("no object"), ..ListEvent::default() };
            while events.send(misfit.clone()).await.is_ok() {}
            pending::<()>().await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn result_that_cannot_be_sent_ends_the_listing() {
        let fake = FakeAws::new(|call| call.error("None", "Nothing is called."));
        let schema = AnyListResource::schema(&Misfit);
        let config =
            encode(&schema.conform(Value::map([("error", Value::from("none"))])), schema.ty()).unwrap();
        let request = pb::list_resource::Request { config: Some(config), ..Default::default() };
        let (out, _events) = Out::new();
        let listing = list(&Misfit, &fake.provider, &fake.cancel, request, out);
        let listed = tokio::time::timeout(Duration::from_secs(60), listing).await;
        let problem = listed.expect("the listing ends").unwrap_err();
        let problem = problems(&problem.into());
        assert!(problem[0].contains("A value does not fit its schema"), "{problem:?}");
    }
}
