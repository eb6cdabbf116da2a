//! The provider service in this process, called over gRPC as Terraform calls it, beside a simulated AWS in the same
//! thread, and everything that it says: replies, log lines at TRACE, and what AWS received.

use std::sync::{Arc, Mutex};

use serde_json::{Value as Json, json};
use terraform_provider_elasticache::aws::Service as AwsService;
use terraform_provider_elasticache::engine::AnyResource;
use terraform_provider_elasticache::plugin::{HclogLayer, Process};
use terraform_provider_elasticache::provider;
use terraform_provider_elasticache::registry::REGISTRY;
use terraform_provider_elasticache::schema::{Block, Schema};
use terraform_provider_elasticache::value::{self, Value, msgpack};
use terraform_provider_elasticache::wire::Service;
use terraform_provider_elasticache::wire::proto::tfplugin6 as pb;
use terraform_provider_elasticache::wire::proto::tfplugin6::provider_client::ProviderClient;
use tokio::runtime::{Builder, Runtime};
use tracing::level_filters::LevelFilter;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::layer::SubscriberExt;

use super::arguments::shown;
use crate::chaos::driver::{SETTLED, propose};
use crate::chaos::subjects::Seed;
use crate::fixture::place;
use crate::simulator::Simulator;
use crate::simulator::protocol::{Params, Place};
use crate::support::plugin_client::{Channel, client_of, events};

/// What Terraform keeps of an object.
#[derive(Debug, Clone, Default)]
pub struct Stored {
    pub value: Value,
    private: Vec<u8>,
    tainted: bool,
}

/// Everything that was said since the last time that it was taken.
#[derive(Debug, Clone, Default)]
pub struct Said {
    pub diagnostics: String,
    pub failed: bool,
    /// Planned and new states without their sensitive values, private data, identities, progress and display names.
    pub replies: String,
    pub log: String,
}

/// The service, and the AWS that it calls.
pub struct World {
    pub aws: Simulator,
    client: ProviderClient<Channel>,
    runtime: Runtime,
    log: Arc<Mutex<String>>,
    said: Said,
    secret_key: String,
    token: String,
    _logging: DefaultGuard,
}

/// Reads a document as a value of a schema.
pub fn value_of(schema: &Schema, document: &Json) -> Value {
    schema.conform(value::json::decode(document, schema.ty()).unwrap())
}

/// A configuration on the wire, where some arguments have any type.
fn config_of(schema: &Schema, value: &Value) -> Option<pb::DynamicValue> {
    let mut document = value::json::encode(value, schema.ty()).unwrap();
    for attribute in schema.block.attributes.iter().filter(|it| it.one_or_many) {
        let given = document[attribute.name].take();
        if !given.is_null() {
            document[attribute.name] = json!({ "value": given, "type": attribute.ty().to_json() });
        }
    }
    Some(pb::DynamicValue { json: document.to_string().into_bytes(), ..Default::default() })
}

fn encode(schema: &Schema, value: &Value) -> Option<pb::DynamicValue> {
    let msgpack = msgpack::encode(value, schema.wire_type()).unwrap();
    Some(pb::DynamicValue { msgpack, ..Default::default() })
}

fn decode(schema: &Schema, message: Option<pb::DynamicValue>) -> Value {
    message.map_or(Value::Null, |it| msgpack::decode(&it.msgpack, schema.wire_type()).unwrap())
}

fn provider_block(aws: &Simulator, secret_key: &str, token: &str) -> Option<pb::DynamicValue> {
    let schema = provider::schema();
    let endpoints: Json = AwsService::ALL
        .iter()
        .map(|it| (it.name().to_owned(), Json::from(aws.endpoint())))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let block = json!({
        "region": place().region, "access_key": place().account, "secret_key": secret_key, "token": token,
        "max_retries": 2, "no_proxy": "*", "endpoints": [endpoints],
    });
    config_of(schema, &value_of(schema, &block))
}

impl Stored {
    /// Whether there is an object.
    pub fn exists(&self) -> bool {
        !self.value.is_null()
    }
}

impl World {
    /// A configured provider, and an AWS with these objects.
    pub fn new(seeds: &[Seed], secret_key: &str, token: &str) -> Self {
        let log = Arc::new(Mutex::new(String::new()));
        let sink = Arc::clone(&log);
        let layer =
            HclogLayer::new(LevelFilter::TRACE, move |line: &str| sink.lock().unwrap().push_str(line));
        let logging = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));
        let runtime = Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        let aws = runtime.block_on(Simulator::start()).unwrap();
        {
            let _paused = runtime.enter();
            aws.clock().set_scale(1.0);
        }
        let client = runtime.block_on(client_of(Service::new(REGISTRY, Process::default())));
        let (said, secret_key, token) = (Said::default(), secret_key.to_owned(), token.to_owned());
        let mut world = Self { aws, client, runtime, log, said, secret_key, token, _logging: logging };
        seeds.iter().for_each(|seed| drop(world.sow(seed)));
        world.restart();
        world.take();
        world.aws.record().clear();
        world
    }

    /// Configures the provider, as the next run of Terraform does, and lets AWS end what it is doing.
    pub fn restart(&mut self) {
        {
            let _paused = self.runtime.enter();
            self.aws.clock().advance(SETTLED);
        }
        let config = provider_block(&self.aws, &self.secret_key, &self.token);
        let request = pb::configure_provider::Request { config, ..Default::default() };
        let reply = self.runtime.block_on(self.client.configure_provider(request)).unwrap().into_inner();
        self.hear(&reply.diagnostics);
        assert!(!self.said.failed, "{}", self.said.diagnostics);
    }

    /// A call of another client; gives the answer of a service that answers with a document.
    pub fn sow(&self, &(region, service, action, parameters): &Seed) -> Json {
        if service == "clock" {
            self.aws.clock().advance(SETTLED);
            return Json::Null;
        }
        let _paused = self.runtime.enter();
        let place = Place { region: region.to_owned(), ..place() };
        let now = self.aws.clock().now();
        self.aws.with_state(|aws| {
            if service == "elasticache" || service == "ec2" {
                let pairs = parameters.split_whitespace().filter_map(|pair| pair.split_once('='));
                let pairs = pairs.map(|(name, value)| (name.to_owned(), value.replace("%20", " ")));
                aws.query(&place, service, action, &Params(pairs.collect()), now).unwrap();
                return Json::Null;
            }
            aws.ask(&place, service, action, &serde_json::from_str(parameters).unwrap(), now).unwrap()
        })
    }

    /// The ARN of the secret `given`; empty without one.
    pub fn arn_of_given(&self) -> String {
        let now = self.aws.clock().now();
        let input = json!({ "SecretId": "given" });
        let described =
            self.aws.with_state(|aws| aws.ask(&place(), "secretsmanager", "DescribeSecret", &input, now));
        described.map_or_else(|_| String::new(), |it| it["ARN"].as_str().unwrap_or_default().to_owned())
    }

    /// What was said since the last time.
    pub fn take(&mut self) -> Said {
        let mut said = std::mem::take(&mut self.said);
        said.log = std::mem::take(&mut *self.log.lock().unwrap());
        said
    }

    /// Whether an operation has failed since the last time.
    pub fn has_failed(&self) -> bool {
        self.said.failed
    }

    /// The errors since the last time.
    pub fn failure(&self) -> String {
        if self.said.failed { self.said.diagnostics.clone() } else { String::new() }
    }

    /// Runs a server in the thread of the provider.
    pub fn serve(&self, server: impl Future<Output = ()> + Send + 'static) {
        drop(self.runtime.spawn(server));
    }

    fn hear(&mut self, diagnostics: &[pb::Diagnostic]) {
        for diagnostic in diagnostics {
            self.said.failed |= diagnostic.severity() == pb::diagnostic::Severity::Error;
            self.said.diagnostics += &format!("{}: {}\n", diagnostic.summary, diagnostic.detail);
            self.said.replies += &format!("{:?}\n", diagnostic.attribute);
        }
    }

    fn hear_state(&mut self, block: &Block, value: &Value, private: &[u8]) {
        self.said.replies += &shown(block, value);
        self.said.replies += &String::from_utf8_lossy(private);
    }

    pub fn refresh(&mut self, resource: &dyn AnyResource, stored: &Stored) -> Stored {
        let schema = resource.schema();
        let request = pb::read_resource::Request {
            type_name: resource.type_name().to_owned(),
            current_state: encode(schema, &stored.value),
            private: stored.private.clone(),
            ..Default::default()
        };
        let reply = self.runtime.block_on(self.client.read_resource(request)).unwrap().into_inner();
        self.hear(&reply.diagnostics);
        if self.said.failed {
            return stored.clone();
        }
        let value = decode(schema, reply.new_state);
        self.hear_state(&schema.block, &value, &reply.private);
        Stored { tainted: stored.tainted && !value.is_null(), value, private: reply.private }
    }

    /// Validates, plans and applies, a replacement as destroy and create; a null configuration destroys.
    pub fn apply(&mut self, resource: &dyn AnyResource, prior: &Stored, config: &Value) -> Stored {
        if prior.value.is_null() && config.is_null() {
            return Stored::default();
        }
        let (schema, type_name) = (resource.schema(), || resource.type_name().to_owned());
        let exists = !prior.value.is_null() && !config.is_null();
        let wire_config = if config.is_null() { encode(schema, config) } else { config_of(schema, config) };
        if !config.is_null() {
            let able = pb::ClientCapabilities { write_only_attributes_allowed: true, ..Default::default() };
            let request = pb::validate_resource_config::Request {
                type_name: type_name(),
                config: wire_config.clone(),
                client_capabilities: Some(able),
            };
            let reply = self.runtime.block_on(self.client.validate_resource_config(request)).unwrap();
            self.hear(&reply.into_inner().diagnostics);
        }
        let proposed = match config {
            Value::Null => Value::Null,
            config => without_write_only(&schema.block, propose(&schema.block, config, &prior.value)),
        };
        let request = pb::plan_resource_change::Request {
            type_name: type_name(),
            prior_state: encode(schema, &prior.value),
            proposed_new_state: encode(schema, &proposed),
            config: wire_config.clone(),
            prior_private: prior.private.clone(),
            ..Default::default()
        };
        let plan = self.runtime.block_on(self.client.plan_resource_change(request)).unwrap().into_inner();
        self.hear(&plan.diagnostics);
        if self.said.failed {
            return prior.clone();
        }
        if exists && (prior.tainted || !plan.requires_replace.is_empty()) {
            let gone = self.apply(resource, prior, &Value::Null);
            return if self.said.failed { gone } else { self.apply(resource, &Stored::default(), config) };
        }
        let planned = decode(schema, plan.planned_state.clone());
        self.hear_state(&schema.block, &planned, &plan.planned_private);
        let request = pb::apply_resource_change::Request {
            type_name: type_name(),
            prior_state: encode(schema, &prior.value),
            planned_state: plan.planned_state,
            config: wire_config,
            planned_private: plan.planned_private,
            ..Default::default()
        };
        let reply = self.runtime.block_on(self.client.apply_resource_change(request)).unwrap().into_inner();
        self.hear(&reply.diagnostics);
        let value = decode(schema, reply.new_state);
        self.hear_state(&schema.block, &value, &reply.private);
        self.said.replies += &format!("{:?}", reply.new_identity);
        let failed = self.said.failed && prior.value.is_null();
        Stored { tainted: (failed || prior.tainted) && !value.is_null(), value, private: reply.private }
    }

    /// Reads a data source; gives its state.
    pub fn read(&mut self, type_name: &str, config: &Json) -> Value {
        let source = REGISTRY.data_sources.iter().find(|it| it.type_name() == type_name).unwrap();
        let schema = source.schema();
        let config = config_of(schema, &value_of(schema, config));
        let request =
            pb::read_data_source::Request { type_name: type_name.to_owned(), config, ..Default::default() };
        let reply = self.runtime.block_on(self.client.read_data_source(request)).unwrap().into_inner();
        self.hear(&reply.diagnostics);
        let value = decode(schema, reply.state);
        self.hear_state(&schema.block, &value, &[]);
        value
    }

    /// Opens an ephemeral resource; gives its result.
    pub fn open(&mut self, type_name: &str, config: &Json) -> Value {
        let resource = REGISTRY.ephemeral_resources.iter().find(|it| it.type_name() == type_name).unwrap();
        let schema = resource.schema();
        let config = config_of(schema, &value_of(schema, config));
        let request = pb::open_ephemeral_resource::Request {
            type_name: type_name.to_owned(),
            config,
            ..Default::default()
        };
        let reply = self.runtime.block_on(self.client.open_ephemeral_resource(request)).unwrap().into_inner();
        self.hear(&reply.diagnostics);
        let value = decode(schema, reply.result);
        self.hear_state(&schema.block, &value, reply.private.as_deref().unwrap_or_default());
        value
    }

    /// Lists objects, with their states.
    pub fn list(&mut self, type_name: &str, config: &Json) {
        let source = REGISTRY.list_resources.iter().find(|it| it.type_name() == type_name).unwrap();
        let (schema, managed) = (source.schema(), source.managed().schema());
        let request = pb::list_resource::Request {
            type_name: type_name.to_owned(),
            config: config_of(schema, &value_of(schema, config)),
            include_resource_object: true,
            limit: 100,
        };
        let listed = self.runtime.block_on(async {
            let stream = self.client.list_resource(request).await.unwrap().into_inner();
            events(stream).await
        });
        for event in listed {
            self.hear(&event.diagnostic);
            self.said.replies += &format!("{} {:?}", event.display_name, event.identity);
            self.hear_state(&managed.block, &decode(managed, event.resource_object), &[]);
        }
    }

    /// Plans and invokes an action.
    pub fn invoke(&mut self, type_name: &str, config: &Json) {
        use pb::invoke_action::event::Type;
        let action = REGISTRY.actions.iter().find(|it| it.type_name() == type_name).unwrap();
        let schema = action.schema();
        let config = config_of(schema, &value_of(schema, config));
        let plan = pb::plan_action::Request {
            action_type: type_name.to_owned(),
            config: config.clone(),
            ..Default::default()
        };
        let planned = self.runtime.block_on(self.client.plan_action(plan)).unwrap().into_inner();
        self.hear(&planned.diagnostics);
        if self.said.failed {
            return;
        }
        let request =
            pb::invoke_action::Request { action_type: type_name.to_owned(), config, ..Default::default() };
        let reported = self.runtime.block_on(async {
            let stream = self.client.invoke_action(request).await.unwrap().into_inner();
            events(stream).await
        });
        for event in reported {
            match event.r#type {
                Some(Type::Progress(progress)) => self.said.replies += &progress.message,
                Some(Type::Completed(completed)) => self.hear(&completed.diagnostics),
                None => {}
            }
        }
    }

    /// Calls a function with these arguments; gives whether it succeeded.
    pub fn call(&mut self, name: &str, arguments: Vec<Vec<u8>>) -> bool {
        let arguments =
            arguments.into_iter().map(|msgpack| pb::DynamicValue { msgpack, ..Default::default() });
        let request = pb::call_function::Request { name: name.to_owned(), arguments: arguments.collect() };
        let reply = self.runtime.block_on(self.client.call_function(request)).unwrap().into_inner();
        let error = reply.error.map(|error| error.text);
        self.said.diagnostics += error.as_deref().unwrap_or_default();
        error.is_none()
    }
}

/// Core sends no write-only value but in the configuration.
fn without_write_only(block: &Block, value: Value) -> Value {
    let Value::Map(mut entries) = value else { return value };
    for attribute in block.attributes.iter().filter(|attribute| attribute.write_only) {
        entries.insert(attribute.name.to_owned(), Value::Null);
    }
    Value::Map(entries)
}
