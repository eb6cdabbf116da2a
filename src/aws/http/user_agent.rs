//! Names the provider in the User-Agent header.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextMut;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

use crate::aws::Settings;

/// Adds products to the User-Agent header of each request.
#[derive(Debug, Clone)]
pub(in crate::aws) struct UserAgentInterceptor(pub(in crate::aws) String);

/// The products added to the User-Agent header: this provider, the provider
/// block's, and those of `TF_APPEND_USER_AGENT`.
pub(in crate::aws) fn user_agent(settings: &Settings, appended: Option<&str>) -> String {
    let own = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
    let products = std::iter::once(own).chain(settings.user_agent.iter().map(String::as_str)).chain(appended);
    let mut text =
        products.map(str::trim).filter(|product| !product.is_empty()).collect::<Vec<_>>().join(" ");
    // Other characters cannot stand in a header.
    text.retain(|character| character == ' ' || character.is_ascii_graphic());
    text
}

impl Intercept for UserAgentInterceptor {
    fn name(&self) -> &'static str {
        "UserAgentInterceptor"
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let headers = context.request_mut().headers_mut();
        // After signing: the signature does not cover this header.
        let value = match headers.get("user-agent") {
            Some(sdk) => format!("{sdk} {}", self.0),
            None => self.0.clone(),
        };
        headers.try_insert("user-agent", value)?;
        Ok(())
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
}
