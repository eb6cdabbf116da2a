//! What a data source is.

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use super::values::{answer, asking, model, validate_as};
use crate::diag::Diagnostics;
use crate::engine::{Context, ProviderConfig, ReadResponse};
use crate::schema::{Object, Schema};
use crate::value::{IntoValue, Value};

/// One type of data source: a question to AWS.
///
/// Implementations are stateless unit structs. What [`DataSource::read`] returns is
/// what AWS returns; what the configuration says stays as it says it.
pub trait DataSource: Send + Sync + 'static {
    /// The typed form of question and answer.
    type Model: Object;

    /// The type name, `elasticache_…`.
    fn type_name(&self) -> &'static str;

    /// The schema; built once. What the user asks by is required or optional, the
    /// answer computed.
    fn schema(&self) -> &'static Schema {
        Self::Model::schema()
    }

    /// Checks what the schema cannot say. Unknown values must pass.
    fn validate(&self, config: &Self::Model, diags: &mut Diagnostics) {
        let _ = (config, diags);
    }

    /// Asks AWS. The configuration is wholly known. That there is nothing of the kind
    /// asked for is an error which says what was looked for, unless the answer is a list.
    fn read(
        &self,
        cx: &Context<'_>,
        config: Self::Model,
    ) -> impl Future<Output = Result<Self::Model, Diagnostics>> + Send;
}

/// Any [`DataSource`], on untyped values.
#[async_trait]
pub trait AnyDataSource: Send + Sync {
    /// The type name.
    fn type_name(&self) -> &'static str;
    /// The schema.
    fn schema(&self) -> &'static Schema;
    /// Checks a configuration. Unknown values pass.
    fn validate(&self, config: &Value) -> Diagnostics;
    /// Reads what the configuration asks for.
    async fn read(
        &self,
        provider: &ProviderConfig,
        cancel: &CancellationToken,
        config: Value,
    ) -> ReadResponse;
}

#[async_trait]
impl<D: DataSource> AnyDataSource for D {
    fn type_name(&self) -> &'static str {
        DataSource::type_name(self)
    }

    fn schema(&self) -> &'static Schema {
        DataSource::schema(self)
    }

    fn validate(&self, config: &Value) -> Diagnostics {
        validate_as(DataSource::schema(self), config, |model, diags| {
            DataSource::validate(self, model, diags);
        })
    }

    async fn read(
        &self,
        provider: &ProviderConfig,
        cancel: &CancellationToken,
        config: Value,
    ) -> ReadResponse {
        let schema = DataSource::schema(self);
        let model = match model(&config) {
            Ok(model) => model,
            Err(diagnostic) => return ReadResponse { diags: diagnostic.into(), ..Default::default() },
        };
        let cx = match asking(schema, provider, cancel, &config) {
            Ok(cx) => cx,
            Err(diags) => return ReadResponse { diags, ..Default::default() },
        };
        let found = DataSource::read(self, &cx, model).await.map(IntoValue::into_value);
        let (state, diags) = answer(DataSource::type_name(self), schema, cx, &config, found).await;
        ReadResponse { state, diags, ..Default::default() }
    }
}
