//! What all RPCs have in common: a span, the log, the secrets that are redacted, and panics.

use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Instant;

use tonic::codegen::BoxStream;
use tonic::{Response, Status};
use tracing::{Instrument, Span};

use super::reply::{Reply, panicked, with};
use super::service::Service;
use super::streams::{Event, Out};
use crate::diag::Diagnostic;
use crate::engine::ProviderConfig;
use crate::plugin::{Call, panic};
use crate::provider;
use crate::redact::{self, Secrets, names};

impl Service {
    /// Runs one RPC: with a span that names it, its duration logged, and a panic
    /// turned into a diagnostic instead of a broken connection.
    pub(super) async fn serve<R: Reply>(
        &self,
        rpc: &'static str,
        type_name: &str,
        body: impl Future<Output = Result<R, Diagnostic>>,
    ) -> Result<Response<R>, Status> {
        let Begun { span, secrets, call: _call } = self.begin(rpc, type_name);
        let started = Instant::now();
        let call = async {
            tracing::trace!("Received request");
            let reply = match panic::catch(body).await {
                Ok(Ok(reply)) => reply,
                Ok(Err(problem)) => with(problem),
                Err(panic) => with(panicked(rpc, type_name, &panic)),
            };
            log_served(started, reply.problems());
            Ok(Response::new(reply))
        };
        redact::scope(secrets, call.instrument(span)).await
    }

    /// The same for an RPC that answers with a stream, in a task of its own. The reply is the stream; what fails is
    /// its last event.
    pub(super) fn stream<E: Event, F>(
        &self,
        rpc: &'static str,
        type_name: String,
        body: impl FnOnce(Out<E>) -> F,
    ) -> Response<BoxStream<E>>
    where
        F: Future<Output = Result<(), Diagnostic>> + Send + 'static,
    {
        let Begun { span, secrets, call } = self.begin(rpc, &type_name);
        let started = Instant::now();
        let (out, events) = Out::new();
        let body = body(out.clone());
        let task = async move {
            let _call = call;
            tracing::trace!("Received request");
            let problem = match panic::catch(body).await {
                Ok(served) => served.err(),
                Err(panic) => Some(panicked(rpc, &type_name, &panic)),
            };
            if let Some(problem) = problem {
                out.send(E::failed(&problem)).await;
            }
            log_served(started, out.problems());
        };
        tokio::spawn(redact::scope(secrets, task.instrument(span)));
        Response::new(events)
    }

    fn begin(&self, rpc: &'static str, type_name: &str) -> Begun {
        // A span below the active level adds no fields, so it has the highest.
        let span = tracing::error_span!(
            "rpc",
            tf_req_id = self.requests.fetch_add(1, Ordering::Relaxed),
            tf_rpc = rpc,
            tf_provider_addr = provider::SOURCE,
            tf_resource_type = names::type_name(type_name),
        );
        let secrets = Secrets::within(&self.configured().secrets);
        Begun { span, secrets, call: self.process.activity.begin() }
    }

    /// The newest configuration of the provider.
    pub(super) fn configured(&self) -> Arc<ProviderConfig> {
        Arc::clone(&self.configured.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What one RPC has from its beginning to its end.
struct Begun {
    span: Span,
    secrets: Secrets,
    call: Call,
}

fn log_served(started: Instant, (errors, warnings): (usize, usize)) {
    tracing::debug!(
        tf_req_duration_ms = started.elapsed().as_secs_f64() * 1000.0,
        diagnostic_error_count = errors,
        diagnostic_warning_count = warnings,
        "Served request"
    );
}
