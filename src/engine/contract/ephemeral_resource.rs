//! What an ephemeral resource is: a value that lives while Terraform runs and is
//! stored nowhere.

use std::time::SystemTime;

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use super::values::{answer, asking, model, validate_as};
use crate::diag::Diagnostics;
use crate::engine::{Context, ProviderConfig, Timeouts};
use crate::schema::{Object, Schema};
use crate::value::{IntoValue, Value};

/// How long what was opened stays good.
#[derive(Debug, Clone, Default)]
pub struct Lease {
    /// When Terraform is to renew it; never when `None`.
    pub renew_at: Option<SystemTime>,
    /// What renewing and closing need to know. Terraform keeps it in memory.
    pub private: Vec<u8>,
}

/// One type of ephemeral resource.
///
/// Terraform opens it in every plan and every apply that needs it, as soon as its
/// configuration is wholly known, and closes it at the end.
pub trait EphemeralResource: Send + Sync + 'static {
    /// The typed form of the object.
    type Model: Object;

    /// The type name, `elasticache_…`.
    fn type_name(&self) -> &'static str;

    /// The schema; built once.
    fn schema(&self) -> &'static Schema {
        Self::Model::schema()
    }

    /// Checks what the schema cannot say. Unknown values must pass.
    fn validate(&self, config: &Self::Model, diags: &mut Diagnostics) {
        let _ = (config, diags);
    }

    /// Gets the value. What the configuration says stays as it says it.
    fn open(
        &self,
        cx: &Context<'_>,
        config: Self::Model,
    ) -> impl Future<Output = Result<(Self::Model, Lease), Diagnostics>> + Send;

    /// Keeps what was opened good for longer. It cannot change the value: the protocol
    /// has no way to say so.
    fn renew(
        &self,
        cx: &Context<'_>,
        private: &[u8],
    ) -> impl Future<Output = Result<Lease, Diagnostics>> + Send {
        let _ = (cx, private);
        async { Ok(Lease::default()) }
    }

    /// Gives back what was opened.
    fn close(
        &self,
        cx: &Context<'_>,
        private: &[u8],
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        let _ = (cx, private);
        async { Ok(()) }
    }
}

/// Result of opening or renewing.
#[derive(Debug, Clone, Default)]
pub struct OpenResponse {
    /// The object; null after a renewal and when it could not be opened.
    pub result: Value,
    /// How long it stays good.
    pub lease: Lease,
    /// Errors and warnings.
    pub diags: Diagnostics,
}

/// Any [`EphemeralResource`], on untyped values.
#[async_trait]
pub trait AnyEphemeralResource: Send + Sync {
    /// The type name.
    fn type_name(&self) -> &'static str;
    /// The schema.
    fn schema(&self) -> &'static Schema;
    /// Checks a configuration. Unknown values pass.
    fn validate(&self, config: &Value) -> Diagnostics;
    /// Opens what the configuration describes.
    async fn open(
        &self,
        provider: &ProviderConfig,
        cancel: &CancellationToken,
        config: Value,
    ) -> OpenResponse;
    /// Renews what was opened.
    async fn renew(
        &self,
        provider: &ProviderConfig,
        cancel: &CancellationToken,
        private: &[u8],
    ) -> OpenResponse;
    /// Closes what was opened.
    async fn close(
        &self,
        provider: &ProviderConfig,
        cancel: &CancellationToken,
        private: &[u8],
    ) -> Diagnostics;
}

#[async_trait]
impl<E: EphemeralResource> AnyEphemeralResource for E {
    fn type_name(&self) -> &'static str {
        EphemeralResource::type_name(self)
    }

    fn schema(&self) -> &'static Schema {
        EphemeralResource::schema(self)
    }

    fn validate(&self, config: &Value) -> Diagnostics {
        validate_as(EphemeralResource::schema(self), config, |model, diags| {
            EphemeralResource::validate(self, model, diags);
        })
    }

    async fn open(
        &self,
        provider: &ProviderConfig,
        cancel: &CancellationToken,
        config: Value,
    ) -> OpenResponse {
        let schema = EphemeralResource::schema(self);
        let model = match model(&config) {
            Ok(model) => model,
            Err(diagnostic) => return OpenResponse { diags: diagnostic.into(), ..Default::default() },
        };
        let cx = match asking(schema, provider, cancel, &config) {
            Ok(cx) => cx,
            Err(diags) => return OpenResponse { diags, ..Default::default() },
        };
        let (found, lease) = match EphemeralResource::open(self, &cx, model).await {
            Ok((found, lease)) => (Ok(found.into_value()), lease),
            Err(errors) => (Err(errors), Lease::default()),
        };
        let (result, diags) = answer(EphemeralResource::type_name(self), schema, cx, &config, found).await;
        OpenResponse { result, lease, diags }
    }

    async fn renew(
        &self,
        provider: &ProviderConfig,
        cancel: &CancellationToken,
        private: &[u8],
    ) -> OpenResponse {
        let cx = match Context::new(provider, cancel, None, Timeouts::READ) {
            Ok(cx) => cx,
            Err(diagnostic) => return OpenResponse { diags: diagnostic.into(), ..Default::default() },
        };
        let renewed = EphemeralResource::renew(self, &cx, private).await;
        let (_, mut diags) = cx.finish();
        let lease = renewed.unwrap_or_else(|errors| {
            diags.extend(errors);
            Lease::default()
        });
        OpenResponse { lease, diags, ..Default::default() }
    }

    async fn close(
        &self,
        provider: &ProviderConfig,
        cancel: &CancellationToken,
        private: &[u8],
    ) -> Diagnostics {
        let cx = match Context::new(provider, cancel, None, Timeouts::READ) {
            Ok(cx) => cx,
            Err(diagnostic) => return diagnostic.into(),
        };
        let closed = EphemeralResource::close(self, &cx, private).await;
        let (_, mut diags) = cx.finish();
        if let Err(errors) = closed {
            diags.extend(errors);
        }
        diags
    }
}
