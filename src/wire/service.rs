//! The provider service.

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};

use tokio_util::sync::CancellationToken;
use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status};

use super::convert::{
    config_for, decode_as, decode_identity, decode_object, decode_present, diagnostics, encode,
    encode_identity, encode_read, path, raw_json,
};
use super::proto::tfplugin6 as pb;
use super::{catalog, functions, streams};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::{
    AnyAction, AnyDataSource, AnyEphemeralResource, AnyListResource, AnyResource, ApplyRequest,
    IdentitySchema, MoveRequest, PlanRequest, Private, ProviderConfig, ReadRequest, Registry,
};
use crate::plugin::Process;
use crate::provider;
use crate::value::Value;

/// Everything one provider process serves.
pub struct Service {
    registry: Registry,
    pub(super) configured: Mutex<Arc<ProviderConfig>>,
    pub(super) process: Process,
    cancel: Mutex<CancellationToken>,
    /// Number of the next request in the log.
    pub(super) requests: AtomicU64,
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

    fn list_source(&self, type_name: &str) -> Result<&'static dyn AnyListResource, Diagnostic> {
        let found = self.registry.list_resources.iter().find(|list| list.type_name() == type_name);
        found.copied().ok_or_else(|| unknown_type("list resource", type_name))
    }

    fn action(&self, type_name: &str) -> Result<&'static dyn AnyAction, Diagnostic> {
        let found = self.registry.actions.iter().find(|action| action.type_name() == type_name);
        found.copied().ok_or_else(|| unknown_type("action", type_name))
    }

    fn cancel(&self) -> CancellationToken {
        self.cancel.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[tonic::async_trait]
impl pb::provider_server::Provider for Service {
    async fn get_metadata(
        &self,
        _: Request<pb::get_metadata::Request>,
    ) -> Result<Response<pb::get_metadata::Response>, Status> {
        self.serve("GetMetadata", "", async { Ok(catalog::metadata(&self.registry)) }).await
    }

    async fn get_provider_schema(
        &self,
        _: Request<pb::get_provider_schema::Request>,
    ) -> Result<Response<pb::get_provider_schema::Response>, Status> {
        self.serve("GetProviderSchema", "", async { Ok(catalog::schemas(&self.registry)) }).await
    }

    async fn get_resource_identity_schemas(
        &self,
        _: Request<pb::get_resource_identity_schemas::Request>,
    ) -> Result<Response<pb::get_resource_identity_schemas::Response>, Status> {
        self.serve("GetResourceIdentitySchemas", "", async {
            let identity_schemas = catalog::identity_schemas(self.registry.resources);
            Ok(pb::get_resource_identity_schemas::Response { identity_schemas, ..Default::default() })
        })
        .await
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

    async fn validate_list_resource_config(
        &self,
        request: Request<pb::validate_list_resource_config::Request>,
    ) -> Result<Response<pb::validate_list_resource_config::Response>, Status> {
        let request = request.into_inner();
        self.serve("ValidateListResourceConfig", &request.type_name, async {
            let source = self.list_source(&request.type_name)?;
            let config = decode_object(source.schema(), request.config.as_ref(), "configuration")?;
            let diags = source.validate(&config);
            Ok(pb::validate_list_resource_config::Response { diagnostics: diagnostics(diags) })
        })
        .await
    }

    async fn list_resource(
        &self,
        request: Request<pb::list_resource::Request>,
    ) -> Result<Response<BoxStream<pb::list_resource::Event>>, Status> {
        let request = request.into_inner();
        let source = self.list_source(&request.type_name);
        let (provider, cancel) = (self.configured(), self.cancel());
        Ok(self.stream("ListResource", request.type_name.clone(), |out| async move {
            streams::list(source?, &provider, &cancel, request, out).await
        }))
    }

    async fn validate_action_config(
        &self,
        request: Request<pb::validate_action_config::Request>,
    ) -> Result<Response<pb::validate_action_config::Response>, Status> {
        let request = request.into_inner();
        self.serve("ValidateActionConfig", &request.type_name, async {
            let action = self.action(&request.type_name)?;
            let config = decode_object(action.schema(), request.config.as_ref(), "configuration")?;
            // Warnings come with the plan, as those of resources.
            let diags = action.validate(&config).errors();
            Ok(pb::validate_action_config::Response { diagnostics: diagnostics(diags) })
        })
        .await
    }

    async fn plan_action(
        &self,
        request: Request<pb::plan_action::Request>,
    ) -> Result<Response<pb::plan_action::Response>, Status> {
        let request = request.into_inner();
        self.serve("PlanAction", &request.action_type, async {
            let action = self.action(&request.action_type)?;
            let config = decode_object(action.schema(), request.config.as_ref(), "configuration")?;
            let diags = action.plan(&self.configured(), &self.cancel(), &config).await;
            Ok(pb::plan_action::Response { diagnostics: diagnostics(diags), ..Default::default() })
        })
        .await
    }

    async fn invoke_action(
        &self,
        request: Request<pb::invoke_action::Request>,
    ) -> Result<Response<BoxStream<pb::invoke_action::Event>>, Status> {
        let request = request.into_inner();
        let action = self.action(&request.action_type);
        let (provider, cancel) = (self.configured(), self.cancel());
        Ok(self.stream("InvokeAction", request.action_type.clone(), |out| async move {
            streams::invoke(action?, &provider, &cancel, request, out).await
        }))
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
            let schema = self.resource(&request.type_name)?.identity_schema();
            let json = raw_json(&request.raw_identity.unwrap_or_default())?;
            let identity = schema.upgrade(&request.type_name, request.version, &json)?;
            Ok(pb::upgrade_resource_identity::Response {
                upgraded_identity: encode_identity(schema, &identity)?,
                ..Default::default()
            })
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
            let identity = resource.identity_schema();
            let stored = decode_identity(identity, request.current_identity.as_ref())?;
            let state = decode_object(schema, request.current_state.as_ref(), "state")?;
            let read = ReadRequest { state, private: request.private };
            let result = resource.read(&self.configured(), &self.cancel(), read).await;
            // Terraform forgets the identity when a reply has none.
            let is_gone = result.state.is_null();
            let found = if is_gone { stored } else { identity.of_state(&result.state, &stored) };
            Ok(pb::read_resource::Response {
                new_identity: encode_identity(identity, &found)?,
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
            let identity = resource.identity_schema();
            let stored = decode_identity(identity, request.prior_identity.as_ref())?;
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
            let planned_identity = identity.planned(&prior, &stored);
            Ok(pb::plan_resource_change::Response {
                planned_identity: encode_identity(identity, &planned_identity)?,
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
            let identity = resource.identity_schema();
            let stored = decode_identity(identity, request.planned_identity.as_ref())?;
            let planned = decode_as(schema, request.planned_state.as_ref())?;
            let apply = ApplyRequest {
                config: config_for(schema, &planned, request.config.as_ref())?,
                prior: decode_as(schema, request.prior_state.as_ref())?,
                planned,
                private: request.planned_private,
            };
            let result = resource.apply(&self.configured(), &self.cancel(), apply).await;
            Ok(pb::apply_resource_change::Response {
                new_identity: encode_identity(identity, &identity.of_state(&result.state, &stored))?,
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
            let identity = resource.identity_schema();
            let given = decode_identity(identity, request.identity.as_ref())?;
            let state = match request.id.is_empty() && request.identity.is_some() {
                true => match resource.import_by_identity(&self.configured(), &given).await {
                    Ok(state) => state,
                    Err(diags) => {
                        let diagnostics = diagnostics(diags);
                        return Ok(pb::import_resource_state::Response { diagnostics, ..Default::default() });
                    }
                },
                false => resource.import(&request.id)?,
            };
            let imported = pb::import_resource_state::ImportedResource {
                identity: encode_identity(identity, &identity.of_state(&state, &given))?,
                type_name: request.type_name.clone(),
                state: Some(encode(&state, resource.schema().ty())?),
                private: Private::imported().bytes(),
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
            // Of another provider, whose identity may have another form: the account is taken from it if possible.
            let identity = resource.identity_schema();
            let old = raw_json(&request.source_identity.unwrap_or_default()).unwrap_or_default();
            let old =
                identity.upgrade(resource.type_name(), IdentitySchema::VERSION, &old).unwrap_or_default();
            Ok(pb::move_resource_state::Response {
                target_identity: encode_identity(identity, &identity.of_state(&moved.state, &old))?,
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
