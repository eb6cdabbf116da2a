//! Logs in hclog form on standard error, as the host expects them of a plugin.
//!
//! Levels come from `TF_LOG_PROVIDER_<NAME>`, else `TF_LOG_PROVIDER`, else `TF_LOG`; with none of
//! them only warnings and errors are written. Code of other crates is heard from `WARN` up only:
//! below that, HTTP clients write whole requests, secrets included.
//!
//! Fields of enclosing spans become fields of every line. A span takes part only if its own level is
//! on, so spans that carry context should be made with `error_span!`.

mod layer;
mod level;
mod line;

use tracing_subscriber::layer::SubscriberExt;

use super::environment::Environment;
pub use layer::HclogLayer;
use level::parse;

/// Starts logging for the whole process. A second call changes nothing.
pub(super) fn start(environment: &Environment) {
    let layer = HclogLayer::new(parse(environment.log_level.as_deref()), super::output::stderr);
    // Fails when logging is on already, which is as well.
    let _ = tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer));
}
