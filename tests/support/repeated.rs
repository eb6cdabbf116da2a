//! Repeats over the protocol the calls of a plan, and those of a plan that imports everything.
//!
//! The configurations are those that Terraform sent in the apply before. They depend on nothing but the states of the
//! objects and data sources. So when each object is read as the state has it, and planned as it is read, a plan of
//! Terraform is empty. Nothing is concluded from a call that returns anything else.

use std::collections::BTreeMap;

use prost::Message;
use serde_json::Value as Json;
use terraform_provider_elasticache::provider;
use terraform_provider_elasticache::registry::REGISTRY;
use terraform_provider_elasticache::schema::Schema;
use terraform_provider_elasticache::value::{Value, json, msgpack};
use terraform_provider_elasticache::wire::proto::tfplugin6 as pb;
use terraform_provider_elasticache::wire::proto::tfplugin6::provider_client::ProviderClient;

use super::attached::Attached;
use super::plugin_client::connect;
use super::plugin_host::Channel;
use super::propose::propose;
use super::recorder::Call;

/// An object of the state.
pub struct Instance {
    pub type_name: String,
    pub version: i64,
    pub attributes: Json,
    pub private: Vec<u8>,
    /// What `import` is given.
    pub import_id: String,
}

/// Why nothing is known.
pub type Inconclusive = String;

/// True when a plan is empty, and with `imports` also one that imports every object.
pub fn is_settled(provider: &Attached, instances: &[Instance], imports: bool) -> Result<(), Inconclusive> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let connections: Vec<Connection> =
            provider.recorder.calls().await.iter().filter_map(|calls| Connection::read(calls)).collect();
        for instance in instances {
            let (configure, plan) = sent(&connections, instance)?;
            let channel = connect(provider.socket.clone(), None).await.map_err(|it| it.to_string())?;
            let mut object = Object::new(ProviderClient::new(channel), instance, plan);
            let configure =
                pb::configure_provider::Request { client_capabilities: capabilities(), ..configure.clone() };
            object.configure(configure).await?;
            object.plan_is_empty(instance).await?;
            if imports {
                object.import_is_empty(instance).await?;
            }
        }
        Ok(())
    })
}

/// The calls of a connection that matter here.
struct Connection {
    configure: pb::configure_provider::Request,
    plans: Vec<pb::plan_resource_change::Request>,
}

impl Connection {
    /// `None` for one over which nothing was planned.
    fn read(calls: &[Call]) -> Option<Self> {
        let of = |name: &'static str| calls.iter().filter(move |(path, _)| path.ends_with(name));
        let configure = of("/ConfigureProvider").next()?;
        let plans = of("/PlanResourceChange").map(|(_, body)| Message::decode(body.clone()).unwrap());
        Some(Self { configure: Message::decode(configure.1.clone()).unwrap(), plans: plans.collect() })
    }
}

/// The one configuration that an object can have come from, and that of its provider.
fn sent<'a>(
    connections: &'a [Connection],
    instance: &Instance,
) -> Result<(&'a pb::configure_provider::Request, &'a pb::plan_resource_change::Request), Inconclusive> {
    let schema = schema(&instance.type_name);
    let state = json::decode(&instance.attributes, schema.wire_type()).map_err(|it| it.to_string())?;
    // The same is sent when the apply is planned and when it is carried out.
    let mut found = BTreeMap::new();
    for connection in connections {
        let provider = decode(connection.configure.config.as_ref(), provider::schema())?;
        for plan in connection.plans.iter().filter(|it| it.type_name == instance.type_name) {
            let config = decode(plan.config.as_ref(), schema)?;
            if !config.is_null() && config.is_wholly_known() && can_become(schema, &config, &state) {
                found.insert((provider.clone(), config), (&connection.configure, plan));
            }
        }
    }
    match found.len() {
        1 => Ok(found.into_values().next().unwrap()),
        count => Err(format!("{count} configurations for a {}", instance.type_name)),
    }
}

/// True when the state has whatever the configuration sets.
fn can_become(schema: &Schema, config: &Value, state: &Value) -> bool {
    let mut attributes = schema.block.attributes.iter().filter(|it| !it.write_only);
    attributes.all(|it| is_part(config.get(it.name), state.get(it.name)))
}

/// True when one value is the other one but for what it does not set.
fn is_part(config: &Value, state: &Value) -> bool {
    match (config, state) {
        (Value::Null, _) => true,
        (Value::Map(set), Value::Map(_)) => set.iter().all(|(name, value)| is_part(value, state.get(name))),
        (Value::List(set), Value::List(all)) => {
            set.len() == all.len() && set.iter().zip(all).all(|(one, other)| is_part(one, other))
        }
        (Value::Set(set), Value::Set(all)) => {
            set.len() == all.len() && set.iter().all(|one| all.iter().any(|other| is_part(one, other)))
        }
        _ => config == state,
    }
}

fn schema(type_name: &str) -> &'static Schema {
    REGISTRY.resources.iter().find(|it| it.type_name() == type_name).unwrap().schema()
}

fn decode(value: Option<&pb::DynamicValue>, schema: &Schema) -> Result<Value, Inconclusive> {
    let bytes = value.map(|it| &*it.msgpack).filter(|it| !it.is_empty()).ok_or("a value is missing")?;
    msgpack::decode(bytes, schema.wire_type()).map_err(|it| it.to_string())
}

fn silent(diagnostics: &[pb::Diagnostic]) -> Result<(), Inconclusive> {
    if diagnostics.is_empty() { Ok(()) } else { Err(format!("{diagnostics:?}")) }
}

/// Those of a plan; in an apply, Terraform lets the provider put off a change.
fn capabilities() -> Option<pb::ClientCapabilities> {
    Some(pb::ClientCapabilities { write_only_attributes_allowed: true, ..Default::default() })
}

fn refused(status: &tonic::Status) -> Inconclusive {
    status.to_string()
}

/// One object, and the provider of its configuration.
struct Object<'a> {
    client: ProviderClient<Channel>,
    schema: &'static Schema,
    type_name: String,
    /// As Terraform sent it.
    sent: &'a pb::plan_resource_change::Request,
}

impl<'a> Object<'a> {
    fn new(
        client: ProviderClient<Channel>,
        instance: &Instance,
        sent: &'a pb::plan_resource_change::Request,
    ) -> Self {
        let type_name = instance.type_name.clone();
        Self { client, schema: schema(&type_name), type_name, sent }
    }

    /// Configures the provider, and validates the configuration.
    async fn configure(&mut self, request: pb::configure_provider::Request) -> Result<(), Inconclusive> {
        let configured =
            self.client.configure_provider(request).await.map_err(|it| refused(&it))?.into_inner();
        silent(&configured.diagnostics)?;
        let request = pb::validate_resource_config::Request {
            type_name: self.type_name.clone(),
            config: self.sent.config.clone(),
            client_capabilities: capabilities(),
        };
        let validated =
            self.client.validate_resource_config(request).await.map_err(|it| refused(&it))?.into_inner();
        silent(&validated.diagnostics)
    }

    async fn plan_is_empty(&mut self, instance: &Instance) -> Result<(), Inconclusive> {
        let request = pb::upgrade_resource_state::Request {
            type_name: self.type_name.clone(),
            version: instance.version,
            raw_state: Some(pb::RawState {
                json: instance.attributes.to_string().into_bytes(),
                ..Default::default()
            }),
        };
        let upgraded =
            self.client.upgrade_resource_state(request).await.map_err(|it| refused(&it))?.into_inner();
        silent(&upgraded.diagnostics)?;
        let before = decode(upgraded.upgraded_state.as_ref(), self.schema)?;
        let (read, after) = self.read(upgraded.upgraded_state, instance.private.clone()).await?;
        if before != after {
            return Err("the object is not read as the state has it".to_owned());
        }
        // Terraform compares it too: the exit code of a refresh-only plan is 2, although it prints no change.
        let [kept, left] = [&read.private, &instance.private].map(|private| String::from_utf8_lossy(private));
        assert_eq!(kept, left, "the read of a {} changes its private data", self.type_name);
        self.stays(read, &after).await
    }

    async fn import_is_empty(&mut self, instance: &Instance) -> Result<(), Inconclusive> {
        let request = pb::import_resource_state::Request {
            type_name: self.type_name.clone(),
            id: instance.import_id.clone(),
            client_capabilities: capabilities(),
            ..Default::default()
        };
        let imported =
            self.client.import_resource_state(request).await.map_err(|it| refused(&it))?.into_inner();
        silent(&imported.diagnostics)?;
        match <[_; 1]>::try_from(imported.imported_resources) {
            Ok([only]) if only.type_name == self.type_name => {
                let (read, value) = self.read(only.state, only.private).await?;
                self.stays(read, &value).await
            }
            _ => Err("not one object is imported".to_owned()),
        }
    }

    async fn read(
        &mut self,
        state: Option<pb::DynamicValue>,
        private: Vec<u8>,
    ) -> Result<(pb::read_resource::Response, Value), Inconclusive> {
        let request = pb::read_resource::Request {
            type_name: self.type_name.clone(),
            current_state: state,
            private,
            provider_meta: self.sent.provider_meta.clone(),
            client_capabilities: capabilities(),
            ..Default::default()
        };
        let read = self.client.read_resource(request).await.map_err(|it| refused(&it))?.into_inner();
        silent(&read.diagnostics)?;
        let value = decode(read.new_state.as_ref(), self.schema)?;
        if value.is_null() || read.deferred.is_some() {
            return Err("the object is gone".to_owned());
        }
        Ok((read, value))
    }

    /// Plans the configuration for an object that was read, which must be left as it is.
    async fn stays(&mut self, read: pb::read_resource::Response, value: &Value) -> Result<(), Inconclusive> {
        let config = decode(self.sent.config.as_ref(), self.schema)?;
        let proposed = propose(&self.schema.block, &config, value);
        let proposed = msgpack::encode(&proposed, self.schema.wire_type()).map_err(|it| it.to_string())?;
        let request = pb::plan_resource_change::Request {
            prior_state: read.new_state,
            proposed_new_state: Some(pb::DynamicValue { msgpack: proposed, json: Vec::new() }),
            prior_private: read.private,
            client_capabilities: capabilities(),
            ..self.sent.clone()
        };
        let planned =
            self.client.plan_resource_change(request).await.map_err(|it| refused(&it))?.into_inner();
        silent(&planned.diagnostics)?;
        let planned_value = decode(planned.planned_state.as_ref(), self.schema)?;
        if planned_value != *value {
            let names = planned_value.as_map().into_iter().flat_map(|map| map.keys());
            let differ: Vec<_> = names.filter(|name| planned_value.get(name) != value.get(name)).collect();
            return Err(format!("the plan changes {differ:?}"));
        }
        if !planned.requires_replace.is_empty() || planned.deferred.is_some() {
            return Err("the plan replaces the object, or puts it off".to_owned());
        }
        Ok(())
    }
}
