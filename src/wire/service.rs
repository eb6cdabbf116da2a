//! The provider service.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status};
use tracing::Instrument;

use super::convert::{
    config_for, decode_as, decode_object, decode_present, diagnostics, encode, encode_read, path, raw_json,
};
use super::functions;
use super::proto::tfplugin6 as pb;
use super::reply::{Reply, with};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{
    AnyDataSource, AnyEphemeralResource, AnyResource, ApplyRequest, MoveRequest, PlanRequest, Private,
    ProviderConfig, ReadRequest, Registry,
};
use crate::plugin::{Process, panic};
use crate::provider;
use crate::redact::{self, Secrets};
use crate::value::Value;

/// Everything one provider process serves.
pub struct Service {
    registry: Registry,
    configured: Mutex<Arc<ProviderConfig>>,
    process: Process,
    cancel: Mutex<CancellationToken>,
    requests: AtomicU64,
}

impl Service {
    /// A service of all this. The end of the process ends the calls under way;
    /// StopProvider ends them for the present run only.
    pub fn new(registry: Registry, process: Process) -> Self {
        Self {
            registry,
            configured: Mutex::new(Arc::new(provider::unconfigured())),
            cancel: Mutex::new(process.shutdown.child_token()),
            process,
            requests: AtomicU64::new(1),
        }
    }

    /// Runs one RPC: with a span that names it, its duration logged, and a panic
    /// turned into a diagnostic instead of a broken connection.
    async fn serve<R: Reply>(
        &self,
        rpc: &'static str,
        type_name: &str,
        body: impl Future<Output = Result<R, Diagnostic>>,
    ) -> Result<Response<R>, Status> {
        // A span below the active level adds no fields, so it has the highest.
        let span = tracing::error_span!(
            "rpc",
            tf_req_id = self.requests.fetch_add(1, Ordering::Relaxed),
            tf_rpc = rpc,
            tf_provider_addr = provider::SOURCE,
            tf_resource_type = (!type_name.is_empty()).then_some(type_name),
        );
        let _call = self.process.activity.begin();
        let started = Instant::now();
        let secrets = Secrets::within(&self.configured().secrets);
        let call = async {
            tracing::trace!("Received request");
            let reply = match panic::catch(body).await {
                Ok(Ok(reply)) => reply,
                Ok(Err(problem)) => with(problem),
                Err(panic) => {
                    let what = if type_name.is_empty() { String::new() } else { format!(" for {type_name}") };
                    with(Diagnostic::bug(format!("{rpc}{what} panicked: {panic}")))
                }
            };
            let ms = started.elapsed().as_secs_f64() * 1000.0;
            let (errors, warnings) = reply.problems();
            tracing::debug!(
                tf_req_duration_ms = ms,
                diagnostic_error_count = errors,
                diagnostic_warning_count = warnings,
                "Served request"
            );
            Ok(Response::new(reply))
        };
        redact::scope(secrets, call.instrument(span)).await
    }

    fn resource(&self, type_name: &str) -> Result<&'static dyn AnyResource, Diagnostic> {
        let found = self.registry.resources.iter().find(|resource| resource.type_name() == type_name);
        found.copied().ok_or_else(|| unknown_type("resource", type_name))
    }

    fn data_source(&self, type_name: &str) -> Result<&'static dyn AnyDataSource, Diagnostic> {
        let found = self.registry.data_sources.iter().find(|source| source.type_name() == type_name);
        found.copied().ok_or_else(|| unknown_type("data source", type_name))
    }

    fn ephemeral(&self, type_name: &str) -> Result<&'static dyn AnyEphemeralResource, Diagnostic> {
        let found =
            self.registry.ephemeral_resources.iter().find(|resource| resource.type_name() == type_name);
        found.copied().ok_or_else(|| unknown_type("ephemeral resource", type_name))
    }

    fn configured(&self) -> Arc<ProviderConfig> {
        Arc::clone(&self.configured.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn cancel(&self) -> CancellationToken {
        self.cancel.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn capabilities() -> pb::ServerCapabilities {
    pb::ServerCapabilities {
        plan_destroy: true,
        get_provider_schema_optional: true,
        move_resource_state: true,
        generate_resource_config: true,
    }
}

#[tonic::async_trait]
impl pb::provider_server::Provider for Service {
    async fn get_metadata(
        &self,
        _: Request<pb::get_metadata::Request>,
    ) -> Result<Response<pb::get_metadata::Response>, Status> {
        let registry = &self.registry;
        self.serve("GetMetadata", "", async {
            Ok(pb::get_metadata::Response {
                server_capabilities: Some(capabilities()),
                resources: registry
                    .resources
                    .iter()
                    .map(|r| pb::get_metadata::ResourceMetadata { type_name: r.type_name().to_owned() })
                    .collect(),
                data_sources: registry
                    .data_sources
                    .iter()
                    .map(|d| pb::get_metadata::DataSourceMetadata { type_name: d.type_name().to_owned() })
                    .collect(),
                ephemeral_resources: registry
                    .ephemeral_resources
                    .iter()
                    .map(|e| pb::get_metadata::EphemeralMetadata { type_name: e.type_name().to_owned() })
                    .collect(),
                functions: registry
                    .functions
                    .iter()
                    .map(|f| pb::get_metadata::FunctionMetadata { name: f.name().to_owned() })
                    .collect(),
                ..Default::default()
            })
        })
        .await
    }

    async fn get_provider_schema(
        &self,
        _: Request<pb::get_provider_schema::Request>,
    ) -> Result<Response<pb::get_provider_schema::Response>, Status> {
        let registry = &self.registry;
        self.serve("GetProviderSchema", "", async {
            let schema = super::schema::schema;
            Ok(pb::get_provider_schema::Response {
                provider: Some(schema(provider::schema())),
                resource_schemas: registry
                    .resources
                    .iter()
                    .map(|r| (r.type_name().to_owned(), schema(r.schema())))
                    .collect(),
                data_source_schemas: registry
                    .data_sources
                    .iter()
                    .map(|d| (d.type_name().to_owned(), schema(d.schema())))
                    .collect(),
                ephemeral_resource_schemas: registry
                    .ephemeral_resources
                    .iter()
                    .map(|e| (e.type_name().to_owned(), schema(e.schema())))
                    .collect(),
                functions: functions::declare(registry.functions),
                server_capabilities: Some(capabilities()),
                ..Default::default()
            })
        })
        .await
    }

    async fn get_resource_identity_schemas(
        &self,
        _: Request<pb::get_resource_identity_schemas::Request>,
    ) -> Result<Response<pb::get_resource_identity_schemas::Response>, Status> {
        self.serve("GetResourceIdentitySchemas", "", async { Ok(Default::default()) }).await
    }

    async fn get_functions(
        &self,
        _: Request<pb::get_functions::Request>,
    ) -> Result<Response<pb::get_functions::Response>, Status> {
        self.serve("GetFunctions", "", async {
            let functions = functions::declare(self.registry.functions);
            Ok(pb::get_functions::Response { functions, ..Default::default() })
        })
        .await
    }

    async fn call_function(
        &self,
        request: Request<pb::call_function::Request>,
    ) -> Result<Response<pb::call_function::Response>, Status> {
        let request = request.into_inner();
        self.serve("CallFunction", "", async { functions::call(self.registry.functions, &request) }).await
    }

    async fn validate_provider_config(
        &self,
        request: Request<pb::validate_provider_config::Request>,
    ) -> Result<Response<pb::validate_provider_config::Response>, Status> {
        self.serve("ValidateProviderConfig", "", async {
            let request = request.into_inner();
            let config = decode_present(provider::schema(), request.config.as_ref(), "configuration")?;
            Ok(pb::validate_provider_config::Response {
                diagnostics: diagnostics(provider::validate(&config)),
            })
        })
        .await
    }

    async fn configure_provider(
        &self,
        request: Request<pb::configure_provider::Request>,
    ) -> Result<Response<pb::configure_provider::Response>, Status> {
        self.serve("ConfigureProvider", "", async {
            let request = request.into_inner();
            let config = decode_as(provider::schema(), request.config.as_ref())?;
            let (configured, diags) = provider::configure(&config, &request.terraform_version).await;
            *self.configured.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(configured);
            // A process under a debugger serves many runs; the stop of one is not that of the next.
            let mut cancel = self.cancel.lock().unwrap_or_else(PoisonError::into_inner);
            if cancel.is_cancelled() {
                *cancel = self.process.shutdown.child_token();
            }
            Ok(pb::configure_provider::Response { diagnostics: diagnostics(diags) })
        })
        .await
    }

    async fn validate_resource_config(
        &self,
        request: Request<pb::validate_resource_config::Request>,
    ) -> Result<Response<pb::validate_resource_config::Response>, Status> {
        let request = request.into_inner();
        self.serve("ValidateResourceConfig", &request.type_name, async {
            let resource = self.resource(&request.type_name)?;
            let schema = resource.schema();
            let config = decode_object(schema, request.config.as_ref(), "configuration")?;
            let mut diags = Diagnostics::new();
            if !request.client_capabilities.is_some_and(|c| c.write_only_attributes_allowed) {
                diags.extend(schema.block.reject_write_only(&config));
            }
            // Terraform validates three times in an apply. Warnings come with the plan of a change.
            diags.extend(resource.validate(&config).errors());
            Ok(pb::validate_resource_config::Response { diagnostics: diagnostics(diags) })
        })
        .await
    }

    async fn validate_data_resource_config(
        &self,
        request: Request<pb::validate_data_resource_config::Request>,
    ) -> Result<Response<pb::validate_data_resource_config::Response>, Status> {
        let request = request.into_inner();
        self.serve("ValidateDataResourceConfig", &request.type_name, async {
            let source = self.data_source(&request.type_name)?;
            let config = decode_object(source.schema(), request.config.as_ref(), "configuration")?;
            let diags = source.validate(&config);
            Ok(pb::validate_data_resource_config::Response { diagnostics: diagnostics(diags) })
        })
        .await
    }

    async fn validate_ephemeral_resource_config(
        &self,
        request: Request<pb::validate_ephemeral_resource_config::Request>,
    ) -> Result<Response<pb::validate_ephemeral_resource_config::Response>, Status> {
        let request = request.into_inner();
        self.serve("ValidateEphemeralResourceConfig", &request.type_name, async {
            let resource = self.ephemeral(&request.type_name)?;
            let config = decode_object(resource.schema(), request.config.as_ref(), "configuration")?;
            let diags = resource.validate(&config);
            Ok(pb::validate_ephemeral_resource_config::Response { diagnostics: diagnostics(diags) })
        })
        .await
    }

    async fn open_ephemeral_resource(
        &self,
        request: Request<pb::open_ephemeral_resource::Request>,
    ) -> Result<Response<pb::open_ephemeral_resource::Response>, Status> {
        let request = request.into_inner();
        self.serve("OpenEphemeralResource", &request.type_name, async {
            let resource = self.ephemeral(&request.type_name)?;
            let schema = resource.schema();
            let config = decode_object(schema, request.config.as_ref(), "configuration")?;
            let opened = resource.open(&self.configured(), &self.cancel(), config).await;
            Ok(pb::open_ephemeral_resource::Response {
                result: Some(encode(&opened.result, schema.ty())?),
                renew_at: opened.lease.renew_at.map(Into::into),
                private: Some(opened.lease.private),
                diagnostics: diagnostics(opened.diags),
                ..Default::default()
            })
        })
        .await
    }

    async fn renew_ephemeral_resource(
        &self,
        request: Request<pb::renew_ephemeral_resource::Request>,
    ) -> Result<Response<pb::renew_ephemeral_resource::Response>, Status> {
        let request = request.into_inner();
        self.serve("RenewEphemeralResource", &request.type_name, async {
            let resource = self.ephemeral(&request.type_name)?;
            let private = request.private.unwrap_or_default();
            let renewed = resource.renew(&self.configured(), &self.cancel(), &private).await;
            Ok(pb::renew_ephemeral_resource::Response {
                renew_at: renewed.lease.renew_at.map(Into::into),
                private: Some(renewed.lease.private),
                diagnostics: diagnostics(renewed.diags),
            })
        })
        .await
    }

    async fn close_ephemeral_resource(
        &self,
        request: Request<pb::close_ephemeral_resource::Request>,
    ) -> Result<Response<pb::close_ephemeral_resource::Response>, Status> {
        let request = request.into_inner();
        self.serve("CloseEphemeralResource", &request.type_name, async {
            let resource = self.ephemeral(&request.type_name)?;
            let private = request.private.unwrap_or_default();
            let diags = resource.close(&self.configured(), &self.cancel(), &private).await;
            Ok(pb::close_ephemeral_resource::Response { diagnostics: diagnostics(diags) })
        })
        .await
    }

    async fn read_data_source(
        &self,
        request: Request<pb::read_data_source::Request>,
    ) -> Result<Response<pb::read_data_source::Response>, Status> {
        let request = request.into_inner();
        self.serve("ReadDataSource", &request.type_name, async {
            let source = self.data_source(&request.type_name)?;
            let schema = source.schema();
            let config = decode_object(schema, request.config.as_ref(), "configuration")?;
            let result = source.read(&self.configured(), &self.cancel(), config).await;
            Ok(pb::read_data_source::Response {
                state: Some(encode(&result.state, schema.ty())?),
                diagnostics: diagnostics(result.diags),
                ..Default::default()
            })
        })
        .await
    }

    async fn upgrade_resource_state(
        &self,
        request: Request<pb::upgrade_resource_state::Request>,
    ) -> Result<Response<pb::upgrade_resource_state::Response>, Status> {
        let request = request.into_inner();
        self.serve("UpgradeResourceState", &request.type_name, async {
            let resource = self.resource(&request.type_name)?;
            let raw = request.raw_state.unwrap_or_default();
            let json = raw_json(&raw)?;
            resource.schema().block.remember_secrets_in_json(&json);
            let state = match json {
                serde_json::Value::Null => Value::Null,
                json => resource.upgrade(request.version, json)?,
            };
            Ok(pb::upgrade_resource_state::Response {
                upgraded_state: Some(encode(&state, resource.schema().ty())?),
                ..Default::default()
            })
        })
        .await
    }

    async fn upgrade_resource_identity(
        &self,
        request: Request<pb::upgrade_resource_identity::Request>,
    ) -> Result<Response<pb::upgrade_resource_identity::Response>, Status> {
        let request = request.into_inner();
        self.serve("UpgradeResourceIdentity", &request.type_name, async {
            Err(Diagnostic::error(
                "No resource identity",
                format!("{} has no identity in this version of the provider.", request.type_name),
            ))
        })
        .await
    }

    async fn read_resource(
        &self,
        request: Request<pb::read_resource::Request>,
    ) -> Result<Response<pb::read_resource::Response>, Status> {
        let request = request.into_inner();
        self.serve("ReadResource", &request.type_name, async {
            let resource = self.resource(&request.type_name)?;
            let schema = resource.schema();
            let state = decode_object(schema, request.current_state.as_ref(), "state")?;
            let read = ReadRequest { state, private: request.private };
            let result = resource.read(&self.configured(), &self.cancel(), read).await;
            Ok(pb::read_resource::Response {
                new_state: Some(encode_read(&result.state, schema.ty())?),
                private: result.private,
                diagnostics: diagnostics(result.diags),
                ..Default::default()
            })
        })
        .await
    }

    async fn plan_resource_change(
        &self,
        request: Request<pb::plan_resource_change::Request>,
    ) -> Result<Response<pb::plan_resource_change::Response>, Status> {
        let request = request.into_inner();
        self.serve("PlanResourceChange", &request.type_name, async {
            let resource = self.resource(&request.type_name)?;
            let schema = resource.schema();
            let proposed = decode_as(schema, request.proposed_new_state.as_ref())?;
            let plan = PlanRequest {
                config: config_for(schema, &proposed, request.config.as_ref())?,
                prior: decode_as(schema, request.prior_state.as_ref())?,
                proposed,
                private: request.prior_private,
            };
            let (config, prior) = (plan.config.clone(), plan.prior.clone());
            let is_destroy = plan.proposed.is_null();
            let mut result = resource.plan(&self.configured(), plan);
            if !prior.is_null() && !result.diags.has_errors() && (is_destroy || !result.replace.is_empty()) {
                let found = resource.before_removal(&self.configured(), &self.cancel(), &prior).await;
                result.diags.extend(found);
            }
            if !prior.is_null() && !is_destroy {
                result.diags = with_way_to_destroy(result.diags);
            }
            if !result.planned.is_null() && result.planned != prior {
                result.diags.extend(resource.validate(&config).warnings());
            }
            Ok(pb::plan_resource_change::Response {
                planned_state: Some(encode(&result.planned, schema.ty())?),
                requires_replace: result.replace.iter().map(path).collect(),
                planned_private: result.private,
                diagnostics: diagnostics(result.diags),
                ..Default::default()
            })
        })
        .await
    }

    async fn apply_resource_change(
        &self,
        request: Request<pb::apply_resource_change::Request>,
    ) -> Result<Response<pb::apply_resource_change::Response>, Status> {
        let request = request.into_inner();
        self.serve("ApplyResourceChange", &request.type_name, async {
            let resource = self.resource(&request.type_name)?;
            let schema = resource.schema();
            let planned = decode_as(schema, request.planned_state.as_ref())?;
            let apply = ApplyRequest {
                config: config_for(schema, &planned, request.config.as_ref())?,
                prior: decode_as(schema, request.prior_state.as_ref())?,
                planned,
                private: request.planned_private,
            };
            let result = resource.apply(&self.configured(), &self.cancel(), apply).await;
            Ok(pb::apply_resource_change::Response {
                new_state: Some(encode(&result.state, schema.ty())?),
                private: result.private,
                diagnostics: diagnostics(result.diags),
                ..Default::default()
            })
        })
        .await
    }

    async fn import_resource_state(
        &self,
        request: Request<pb::import_resource_state::Request>,
    ) -> Result<Response<pb::import_resource_state::Response>, Status> {
        let request = request.into_inner();
        self.serve("ImportResourceState", &request.type_name, async {
            let resource = self.resource(&request.type_name)?;
            let state = resource.import(&request.id)?;
            let imported = pb::import_resource_state::ImportedResource {
                type_name: request.type_name.clone(),
                state: Some(encode(&state, resource.schema().ty())?),
                private: Private::imported().bytes(),
                ..Default::default()
            };
            Ok(pb::import_resource_state::Response {
                imported_resources: vec![imported],
                ..Default::default()
            })
        })
        .await
    }

    async fn generate_resource_config(
        &self,
        request: Request<pb::generate_resource_config::Request>,
    ) -> Result<Response<pb::generate_resource_config::Response>, Status> {
        let request = request.into_inner();
        self.serve("GenerateResourceConfig", &request.type_name, async {
            let resource = self.resource(&request.type_name)?;
            let schema = resource.schema();
            let state = decode_as(schema, request.state.as_ref())?;
            if state.is_null() {
                return Err(no_state());
            }
            let config = resource.generate(&self.configured(), &state)?;
            Ok(pb::generate_resource_config::Response {
                config: Some(encode(&config, schema.ty())?),
                ..Default::default()
            })
        })
        .await
    }

    async fn move_resource_state(
        &self,
        request: Request<pb::move_resource_state::Request>,
    ) -> Result<Response<pb::move_resource_state::Response>, Status> {
        let request = request.into_inner();
        self.serve("MoveResourceState", &request.target_type_name, async {
            let resource = self.resource(&request.target_type_name)?;
            let state = raw_json(&request.source_state.unwrap_or_default())?;
            resource.schema().block.remember_secrets_in_json(&state);
            let source = MoveRequest {
                provider: request.source_provider_address,
                type_name: request.source_type_name,
                version: request.source_schema_version,
                state,
                private: request.source_private,
            };
            let moved = resource.moved(&source)?;
            Ok(pb::move_resource_state::Response {
                target_state: Some(encode(&moved.state, resource.schema().ty())?),
                target_private: moved.private,
                ..Default::default()
            })
        })
        .await
    }

    async fn stop_provider(
        &self,
        _: Request<pb::stop_provider::Request>,
    ) -> Result<Response<pb::stop_provider::Response>, Status> {
        tracing::info!("Stopping: what is under way ends early and saves what exists.");
        self.cancel().cancel();
        Ok(Response::new(pb::stop_provider::Response::default()))
    }
}

/// The same with a way past errors of a plan. Terraform plans an existing object before it
/// destroys it, so that an error about the configuration blocks `terraform destroy` as well.
fn with_way_to_destroy(mut diags: Diagnostics) -> Diagnostics {
    diags.explain_first_error(
        "If you want to destroy this object instead: \"terraform destroy -refresh=false\" does not plan the configuration \
         first.",
    );
    diags
}

/// Terraform 1.14.0 asks for configuration without the state that it is to describe (hashicorp/terraform#37896).
fn no_state() -> Diagnostic {
    Diagnostic::error(
        "Missing state",
        "The request of the Terraform client carries no state to generate configuration from. Terraform 1.14.0 has this \
         defect: use Terraform 1.14.1 or later.",
    )
}

fn unknown_type(kind: &str, type_name: &str) -> Diagnostic {
    Diagnostic::error(
        format!("Unknown {kind} type"),
        format!(
            "This version of the provider has no {kind} type {type_name:?}. Is a newer version of the provider needed?"
        ),
    )
}
