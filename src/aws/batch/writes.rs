//! Counting what the provider writes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeSerializationInterceptorContextRef, FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

use crate::aws::call::attempt::changes_something;

/// How many calls that change something began or ended: what was listed at one count
/// is good for as long as the count stays. An interceptor of every client, so that no
/// caller can forget to tell.
#[derive(Debug, Clone, Default)]
pub(in crate::aws) struct Writes(Arc<AtomicU64>);

impl Writes {
    /// The count now.
    pub(super) fn count(&self) -> u64 {
        self.0.load(Ordering::Acquire)
    }

    fn note(&self, config: &ConfigBag) {
        if config.load::<Metadata>().is_none_or(|operation| changes_something(operation.name())) {
            self.0.fetch_add(1, Ordering::AcqRel);
        }
    }

    #[cfg(test)]
    pub(super) fn one_more(&self) {
        self.0.fetch_add(1, Ordering::AcqRel);
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
