//! Logs each response of AWS, without its values.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::AfterDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use aws_types::region::Region;
use aws_types::request_id::RequestId;

use crate::aws::Service;

/// Logs operation, Region, status and request ID of each response.
#[derive(Debug, Clone)]
pub(in crate::aws) struct ResponseLogger(pub(in crate::aws) Service);

impl Intercept for ResponseLogger {
    fn name(&self) -> &'static str {
        "ResponseLogger"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response();
        tracing::debug!(
            service = self.0.name(),
            operation = config.load::<Metadata>().map_or("", Metadata::name),
            region = config.load::<Region>().map(Region::as_ref),
            status = response.status().as_u16(),
            request_id = response.request_id(),
            "AWS answered"
        );
        Ok(())
    }
}
