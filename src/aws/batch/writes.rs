//! Counting what the provider writes.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeSerializationInterceptorContextRef, FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use tokio::time::Instant;

use crate::aws::call::attempt::changes_something;

/// How many calls that change something began or ended: what was listed at one count
/// is good for as long as the count stays. An interceptor of every client, so that no
/// caller can forget to tell.
#[derive(Debug, Clone, Default)]
pub(in crate::aws) struct Writes(Arc<Counted>);

#[derive(Debug, Default)]
struct Counted {
    calls: AtomicU64,
    /// The end of the last operation that changed an object. It is no count: what is being listed for the waits of other
    /// operations stays good for them.
    ended: Mutex<Option<Instant>>,
}

impl Writes {
    /// The count now.
    pub(super) fn count(&self) -> u64 {
        self.0.calls.load(Ordering::Acquire)
    }

    /// An operation that changes an object has ended, in any Region.
    pub(super) fn end(&self) {
        *self.ended() = Some(Instant::now());
    }

    /// When the last one ended.
    pub(super) fn last_end(&self) -> Option<Instant> {
        *self.ended()
    }

    fn ended(&self) -> MutexGuard<'_, Option<Instant>> {
        self.0.ended.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, config: &ConfigBag) {
        if config.load::<Metadata>().is_none_or(|operation| changes_something(operation.name())) {
            self.0.calls.fetch_add(1, Ordering::AcqRel);
        }
    }

    #[cfg(test)]
    pub(super) fn one_more(&self) {
        self.0.calls.fetch_add(1, Ordering::AcqRel);
    }
}

impl Intercept for Writes {
    fn name(&self) -> &'static str {
        "Writes"
    }

    // Both ends count: a listing taken while a write is under way may show either.
    fn read_before_serialization(
        &self,
        _context: &BeforeSerializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.note(config);
        Ok(())
    }

    fn read_after_execution(
        &self,
        _context: &FinalizerInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.note(config);
        Ok(())
    }
}
