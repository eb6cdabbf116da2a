//! Terraform's side of the protocol: what one command asks of the provider, over connections of its own.

use futures_util::StreamExt as _;
use terraform_provider_elasticache::engine::AnyResource;
use terraform_provider_elasticache::provider;
use terraform_provider_elasticache::schema::Schema;
use terraform_provider_elasticache::value::{Type, Value, json, msgpack};
use terraform_provider_elasticache::wire::proto::tfplugin6 as pb;
use terraform_provider_elasticache::wire::proto::tfplugin6::provider_client::ProviderClient;

use super::super::driver::propose;
use super::process::Process;
use crate::support::plugin_client::{Channel, connect};

/// Operations that Terraform has under way at a time.
pub const PARALLELISM: usize = 10;

/// The errors of a reply, in words.
pub type Answer<T> = Result<T, String>;

/// A resource of the configuration, and what the state has of it.
#[derive(Clone)]
pub struct Object {
    pub resource: &'static dyn AnyResource,
    pub config: Value,
    pub state: Value,
    pub private: Vec<u8>,
}

/// A connection to the provider, which one walk of Terraform has for itself.
#[derive(Clone)]
pub struct Core(pub ProviderClient<Channel>);

pub fn encode(value: &Value, ty: &Type) -> Option<pb::DynamicValue> {
    Some(pb::DynamicValue { msgpack: msgpack::encode(value, ty).unwrap(), json: Vec::new() })
}

fn decode(message: Option<&pb::DynamicValue>, ty: &Type) -> Value {
    message.map_or(Value::Null, |message| msgpack::decode(&message.msgpack, ty).unwrap())
}

pub fn answer<T>(reply: T, diagnostics: &[pb::Diagnostic]) -> Answer<T> {
    let errors = diagnostics.iter().filter(|it| it.severity() == pb::diagnostic::Severity::Error);
    let errors: Vec<String> = errors.map(|it| format!("{}: {}", it.summary, it.detail)).collect();
    if errors.is_empty() { Ok(reply) } else { Err(errors.join("\n")) }
}

fn capabilities() -> Option<pb::ClientCapabilities> {
    Some(pb::ClientCapabilities { write_only_attributes_allowed: true, ..Default::default() })
}

/// A provider block: AWS is where the environment of the process says, and a fault that lasts ends after few calls.
pub fn provider_block() -> Option<pb::DynamicValue> {
    let schema = provider::schema();
    encode(&schema.conform(Value::map([("max_retries", Value::from(2_i64))])), schema.ty())
}

impl Core {
    pub async fn connect(process: &Process) -> Self {
        Self(ProviderClient::new(connect(process.socket.clone(), None).await.unwrap()))
    }

    /// What the walk of a validation asks.
    pub async fn validate(&mut self, objects: &[Object]) -> Answer<()> {
        self.0.get_provider_schema(pb::get_provider_schema::Request {}).await.map_err(status)?;
        let request = pb::validate_provider_config::Request { config: provider_block() };
        let reply = self.0.validate_provider_config(request).await.map_err(status)?.into_inner();
        answer((), &reply.diagnostics)?;
        for object in objects {
            let request = pb::validate_resource_config::Request {
                type_name: object.resource.type_name().to_owned(),
                config: encode(&object.config, object.ty()),
                client_capabilities: capabilities(),
            };
            let reply = self.0.validate_resource_config(request).await.map_err(status)?.into_inner();
            answer((), &reply.diagnostics)?;
        }
        Ok(())
    }

    pub async fn configure(&mut self) -> Answer<()> {
        let request = pb::configure_provider::Request {
            terraform_version: "1.11.4".to_owned(),
            config: provider_block(),
            client_capabilities: capabilities(),
        };
        let reply = self.0.configure_provider(request).await.map_err(status)?.into_inner();
        answer((), &reply.diagnostics)
    }

    /// Upgrades and reads an object of the state. Terraform keeps what it had when that fails.
    pub async fn refresh(&mut self, object: &Object) -> Answer<Object> {
        if object.state.is_null() {
            return Ok(object.clone());
        }
        let stored = json::encode(&object.state, object.ty()).unwrap();
        let request = pb::upgrade_resource_state::Request {
            type_name: object.resource.type_name().to_owned(),
            version: object.resource.schema().version,
            raw_state: Some(pb::RawState {
                json: serde_json::to_vec(&stored).unwrap(),
                ..Default::default()
            }),
        };
        let reply = self.0.upgrade_resource_state(request).await.map_err(status)?.into_inner();
        answer((), &reply.diagnostics)?;
        let request = pb::read_resource::Request {
            type_name: object.resource.type_name().to_owned(),
            current_state: reply.upgraded_state,
            private: object.private.clone(),
            client_capabilities: capabilities(),
            ..Default::default()
        };
        let reply = self.0.read_resource(request).await.map_err(status)?.into_inner();
        answer((), &reply.diagnostics)?;
        let state = decode(reply.new_state.as_ref(), object.ty());
        Ok(Object { state, private: reply.private, ..object.clone() })
    }

    /// Plans a configuration; null destroys.
    pub async fn plan(
        &mut self,
        object: &Object,
        config: &Value,
    ) -> Answer<pb::plan_resource_change::Response> {
        let ty = object.ty();
        let proposed = match config {
            Value::Null => Value::Null,
            config => propose(&object.resource.schema().block, config, &object.state),
        };
        let request = pb::plan_resource_change::Request {
            type_name: object.resource.type_name().to_owned(),
            prior_state: encode(&object.state, ty),
            proposed_new_state: encode(&proposed, ty),
            config: encode(config, ty),
            prior_private: object.private.clone(),
            client_capabilities: capabilities(),
            ..Default::default()
        };
        let reply = self.0.plan_resource_change(request).await.map_err(status)?.into_inner();
        let diagnostics = reply.diagnostics.clone();
        answer(reply, &diagnostics)
    }

    /// Whether a plan has nothing to do.
    pub async fn is_settled(&mut self, object: &Object) -> Answer<bool> {
        let plan = self.plan(object, &object.config.clone()).await?;
        let planned = decode(plan.planned_state.as_ref(), object.ty());
        Ok(planned == object.state && plan.requires_replace.is_empty())
    }

    /// Plans and applies a configuration; null destroys. What was created is in the object also after an error.
    pub async fn apply(&mut self, object: &mut Object, config: &Value) -> Answer<()> {
        if object.state.is_null() && config.is_null() {
            return Ok(());
        }
        let plan = self.plan(object, config).await?;
        if !plan.requires_replace.is_empty() && !object.state.is_null() {
            self.change(object, &Value::Null, Value::Null, Vec::new()).await?;
            let plan = self.plan(object, config).await?;
            let planned = decode(plan.planned_state.as_ref(), object.ty());
            return self.change(object, config, planned, plan.planned_private).await;
        }
        let planned = decode(plan.planned_state.as_ref(), object.ty());
        if planned == object.state {
            return Ok(());
        }
        self.change(object, config, planned, plan.planned_private).await
    }

    async fn change(
        &mut self,
        object: &mut Object,
        config: &Value,
        planned: Value,
        planned_private: Vec<u8>,
    ) -> Answer<()> {
        let ty = object.ty();
        let request = pb::apply_resource_change::Request {
            type_name: object.resource.type_name().to_owned(),
            prior_state: encode(&object.state, ty),
            planned_state: encode(&planned, ty),
            config: encode(config, ty),
            planned_private,
            ..Default::default()
        };
        let reply = self.0.apply_resource_change(request).await.map_err(status)?.into_inner();
        object.state = decode(reply.new_state.as_ref(), ty);
        object.private = reply.private;
        answer((), &reply.diagnostics)
    }

    /// Terraform stops the run.
    pub async fn stop(&mut self) {
        self.0.stop_provider(pb::stop_provider::Request {}).await.unwrap();
    }
}

impl Object {
    fn ty(&self) -> &'static Type {
        let schema: &'static Schema = self.resource.schema();
        schema.ty()
    }
}

#[allow(clippy::needless_pass_by_value)]
fn status(status: tonic::Status) -> String {
    format!("the call fails: {status}")
}

/// Refreshes and plans each object, ten at a time.
pub async fn walk(core: &Core, objects: &[Object]) -> Vec<Answer<Object>> {
    let each = futures_util::stream::iter(objects).map(|object| {
        let mut core = core.clone();
        async move {
            let object = core.refresh(object).await?;
            core.is_settled(&object).await.map(|_| object)
        }
    });
    each.buffered(PARALLELISM).collect().await
}
