//! From `tracing` to log lines.

use std::fmt::Debug;

use time::OffsetDateTime;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::{LookupSpan, Scope};

use super::line::{Fields, render};

/// First part of the targets of our own code.
const OWN_CRATE: &str = env!("CARGO_CRATE_NAME");

/// Writes every event as one hclog line.
pub struct HclogLayer<W> {
    level: LevelFilter,
    write: W,
}

impl<W: Fn(&str)> HclogLayer<W> {
    /// Hands lines of `level` and above to `write`, one whole line at a time.
    pub fn new(level: LevelFilter, write: W) -> Self {
        Self { level, write }
    }
}

impl<S, W> Layer<S> for HclogLayer<W>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
    W: Fn(&str) + 'static,
{
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        *metadata.level() <= self.level
            && (metadata.target().split("::").next() == Some(OWN_CRATE) || *metadata.level() <= Level::WARN)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.level)
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut visitor = Visitor::default();
        attributes.record(&mut visitor);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(visitor.fields);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        // Values are formatted before the lock is taken: formatting runs code of others, which may
        // itself log, or panic into a hook that does.
        let mut visitor = Visitor::default();
        values.record(&mut visitor);
        if let Some(span) = context.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<Fields>()
        {
            fields.merge(&visitor.fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut visitor = Visitor::default();
        event.record(&mut visitor);
        let mut fields = Fields::default();
        for span in context.event_scope(event).into_iter().flat_map(Scope::from_root) {
            if let Some(outer) = span.extensions().get::<Fields>() {
                fields.merge(outer);
            }
        }
        fields.merge(&visitor.fields);
        let metadata = event.metadata();
        let module = module(metadata.target());
        let line = render(OffsetDateTime::now_utc(), *metadata.level(), &module, &visitor.message, &fields);
        (self.write)(&line);
    }
}

/// `provider.wire.server` for our own code, the crate's own path for others.
fn module(target: &str) -> String {
    match target.strip_prefix(OWN_CRATE) {
        Some(rest) => format!("provider{rest}").replace("::", "."),
        None => target.replace("::", "."),
    }
}

/// Collects what an event or span records.
#[derive(Default)]
struct Visitor {
    message: String,
    fields: Fields,
}

impl Visitor {
    fn text(&mut self, field: &Field, value: String) {
        match field.name() {
            "message" => self.message = value,
            name => self.fields.text(name, value),
        }
    }
}

impl Visit for Visitor {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.text(field, format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.text(field, value.to_owned());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.fields.literal(field.name(), value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.fields.literal(field.name(), value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.fields.literal(field.name(), value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        // JSON has no infinities.
        if value.is_finite() {
            self.fields.literal(field.name(), value);
        } else {
            self.fields.text(field.name(), value.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use serde_json::{Value, json};
    use tracing_subscriber::layer::SubscriberExt;

    use super::*;
    use crate::redact;

    /// Lines written while `work` runs, without their timestamps.
    fn lines(level: LevelFilter, work: impl FnOnce()) -> Vec<Value> {
        let written = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&written);
        let layer = HclogLayer::new(level, move |line: &str| {
            let mut json: Value = serde_json::from_str(line).unwrap();
            assert!(json.as_object_mut().unwrap().remove("@timestamp").unwrap().is_string());
            sink.lock().unwrap().push(json);
        });
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), work);
        let lines = written.lock().unwrap();
        lines.clone()
    }

    #[test]
    fn span_and_event_fields_are_merged() {
        let lines = lines(LevelFilter::DEBUG, || {
            let span = tracing::error_span!("rpc", tf_rpc = "Plan", tf_req_id = tracing::field::Empty);
            span.record("tf_req_id", 7);
            let _entered = span.entered();
            tracing::debug!(tf_rpc = "Apply", error = ?Some(1), ok = false, share = 0.5, "done {}", 1);
            tracing::trace!("not heard");
        });
        let expected = json!({
            "@level": "debug", "@message": "done 1", "@module": "provider.plugin.log.layer.tests",
            "tf_req_id": 7, "tf_rpc": "Apply", "error": "Some(1)", "ok": false, "share": 0.5,
        });
        assert_eq!(lines, [expected]);
    }

    #[tokio::test]
    async fn secrets_of_the_call_are_redacted() {
        let logged = redact::scope(redact::Secrets::new(), async {
            redact::remember("tokentokentoken");
            lines(LevelFilter::DEBUG, || {
                let span = tracing::error_span!("rpc", token = "tokentokentoken");
                let _entered = span.entered();
                tracing::debug!(body = ?"AuthToken=tokentokentoken&x", "sent {}", "tokentokentoken");
            })
        });
        let line = &logged.await[0];
        assert_eq!(line["@message"], "sent (redacted)");
        assert_eq!(
            (&line["token"], &line["body"]),
            (&json!("(redacted)"), &json!("\"AuthToken=(redacted)&x\""))
        );
    }

    #[test]
    fn other_crates_are_heard_from_warn_up() {
        let lines = lines(LevelFilter::TRACE, || {
            tracing::debug!(target: "hyper::proto", "password=hunter2");
            tracing::warn!(target: "hyper::proto", "odd");
        });
        assert_eq!(lines, [json!({"@level": "warn", "@message": "odd", "@module": "hyper.proto"})]);
    }
}
