//! The provider service.

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};

use tokio_util::sync::CancellationToken;
use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status};

use super::convert::{decode_as, decode_object, decode_present, diagnostics, encode, known};
use super::proto::tfplugin6 as pb;
use super::{catalog, functions, streams};
use crate::engine::{ProviderConfig, Registry};
use crate::plugin::Process;
use crate::provider;

/// Everything one provider process serves.
pub struct Service {
    pub(super) registry: Registry,
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

    /// Cancelled when Terraform stops the present run.
    pub(super) fn cancel(&self) -> CancellationToken {
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
        let type_name = request.type_name.clone();
        self.serve("ValidateResourceConfig", &type_name, async { self.validate_resource(&request) }).await
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
            let config = known(config, "configuration")?;
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
            let config = known(config, "configuration")?;
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
        let type_name = request.type_name.clone();
        self.serve("UpgradeResourceState", &type_name, async { self.upgrade_state(request) }).await
    }

    async fn upgrade_resource_identity(
        &self,
        request: Request<pb::upgrade_resource_identity::Request>,
    ) -> Result<Response<pb::upgrade_resource_identity::Response>, Status> {
        let request = request.into_inner();
        let type_name = request.type_name.clone();
        self.serve("UpgradeResourceIdentity", &type_name, async { self.upgrade_identity(request) }).await
    }

    async fn read_resource(
        &self,
        request: Request<pb::read_resource::Request>,
    ) -> Result<Response<pb::read_resource::Response>, Status> {
        let request = request.into_inner();
        let type_name = request.type_name.clone();
        self.serve("ReadResource", &type_name, self.read_object(request)).await
    }

    async fn plan_resource_change(
        &self,
        request: Request<pb::plan_resource_change::Request>,
    ) -> Result<Response<pb::plan_resource_change::Response>, Status> {
        let request = request.into_inner();
        let type_name = request.type_name.clone();
        self.serve("PlanResourceChange", &type_name, self.plan_change(request)).await
    }

    async fn apply_resource_change(
        &self,
        request: Request<pb::apply_resource_change::Request>,
    ) -> Result<Response<pb::apply_resource_change::Response>, Status> {
        let request = request.into_inner();
        let type_name = request.type_name.clone();
        self.serve("ApplyResourceChange", &type_name, self.apply_change(request)).await
    }

    async fn import_resource_state(
        &self,
        request: Request<pb::import_resource_state::Request>,
    ) -> Result<Response<pb::import_resource_state::Response>, Status> {
        let request = request.into_inner();
        let type_name = request.type_name.clone();
        self.serve("ImportResourceState", &type_name, self.import_state(request)).await
    }

    async fn generate_resource_config(
        &self,
        request: Request<pb::generate_resource_config::Request>,
    ) -> Result<Response<pb::generate_resource_config::Response>, Status> {
        let request = request.into_inner();
        let type_name = request.type_name.clone();
        self.serve("GenerateResourceConfig", &type_name, async { self.generate_config(&request) }).await
    }

    async fn move_resource_state(
        &self,
        request: Request<pb::move_resource_state::Request>,
    ) -> Result<Response<pb::move_resource_state::Response>, Status> {
        let request = request.into_inner();
        let type_name = request.target_type_name.clone();
        self.serve("MoveResourceState", &type_name, async { self.move_state(request) }).await
    }

    async fn stop_provider(
        &self,
        _: Request<pb::stop_provider::Request>,
    ) -> Result<Response<pb::stop_provider::Response>, Status> {
        tracing::info!("stopping: operations under way end early and save what exists");
        self.cancel().cancel();
        Ok(Response::new(pb::stop_provider::Response::default()))
    }
}
