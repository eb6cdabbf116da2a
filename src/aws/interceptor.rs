//! What is done to every request and answer of every client.

use super::{Service, Settings};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    AfterDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextMut,
};
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use aws_types::region::Region;
use aws_types::request_id::RequestId;

/// Names the provider in the User-Agent header, logs every answer, and refuses
/// XML that was cut short.
#[derive(Debug, Clone)]
pub(super) struct Edge {
    service: Service,
    user_agent: String,
}

impl Edge {
    pub(super) fn new(service: Service, user_agent: String) -> Self {
        Self { service, user_agent }
    }
}

/// The products added to the User-Agent header: this provider, the provider
/// block's, and those of `TF_APPEND_USER_AGENT`.
pub(super) fn user_agent(settings: &Settings, appended: Option<&str>) -> String {
    let own = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
    let products = std::iter::once(own).chain(settings.user_agent.iter().map(String::as_str)).chain(appended);
    let mut text =
        products.map(str::trim).filter(|product| !product.is_empty()).collect::<Vec<_>>().join(" ");
    // Other characters cannot stand in a header.
    text.retain(|character| character == ' ' || character.is_ascii_graphic());
    text
}

impl Intercept for Edge {
    fn name(&self) -> &'static str {
        "Edge"
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        // After signing: the signature does not cover this header.
        let headers = context.request_mut().headers_mut();
        let value = match headers.get("user-agent") {
            Some(sdk) => format!("{sdk} {}", self.user_agent),
            None => self.user_agent.clone(),
        };
        headers.try_insert("user-agent", value)?;
        Ok(())
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let operation = config.load::<Metadata>().map_or("", Metadata::name);
        let response = context.response();
        tracing::debug!(
            service = self.service.name(),
            operation,
            region = config.load::<Region>().map(Region::as_ref),
            status = response.status().as_u16(),
            request_id = response.request_id(),
            "AWS answered."
        );
        if response.status().is_success() && self.speaks_xml() {
            check_whole(operation, response.body().bytes().unwrap_or_default())?;
        }
        Ok(())
    }
}

impl Edge {
    fn speaks_xml(&self) -> bool {
        matches!(self.service, Service::ElastiCache | Service::Ec2 | Service::Sts)
    }
}

/// The SDK's XML reader takes a body that was cut short for a shorter answer: a
/// list of three groups, cut in half, becomes a list of two. So the end of the
/// document has to be there.
fn check_whole(operation: &str, body: &[u8]) -> Result<(), BoxError> {
    let end = format!("</{operation}Response>");
    match body.trim_ascii_end().ends_with(end.as_bytes()) {
        true => Ok(()),
        false => Err(format!("the XML does not end with {end}, so it was cut short").into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_agent_names_everyone_once_and_drops_what_no_header_may_hold() {
        let settings = Settings { user_agent: vec!["module/1.0".into(), " ".into()], ..Settings::default() };
        assert_eq!(
            user_agent(&settings, Some("ci/2\r\nx")),
            concat!("terraform-provider-elasticache/", env!("CARGO_PKG_VERSION"), " module/1.0 ci/2x")
        );
    }

    #[test]
    fn a_cut_document_is_not_whole() {
        assert!(check_whole("DescribeX", b"<DescribeXResponse/>").is_err());
        assert!(check_whole("DescribeX", b"<DescribeXResponse></DescribeXResponse>\n").is_ok());
        assert!(check_whole("DescribeX", b"<DescribeXResponse><a>1</a>").is_err());
    }
}
