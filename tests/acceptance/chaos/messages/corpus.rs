//! Valid requests: every RPC, for every type of the registry.

use prost::Message;
use terraform_provider_elasticache::engine::{AnyResource, IdentitySchema};
use terraform_provider_elasticache::registry::REGISTRY;
use terraform_provider_elasticache::value::{Value, json, msgpack};
use terraform_provider_elasticache::wire::proto::tfplugin6 as pb;

use super::rpcs::ABSENT;
use super::samples::{config, dynamic, encode, full, least, null, sample};
use super::world::{World, provider_block};
use crate::chaos::driver::propose;
use crate::chaos::subjects::{ACTIONS, RESOURCES, Subject};

/// A request: the name of the RPC, and the message.
pub type Request = (&'static str, Vec<u8>);

/// Data sources and ephemeral resources without a resource of their name are asked where a group and a snapshot exist.
const HOME_OF_OTHERS: &str = "elasticache_snapshot";

/// What the functions are called with besides samples.
const URL: &str = "rediss://user:mark-of-the-storm-7d1f@cache.example.com:6379/1?ssl_cert_reqs=required";

/// Which requests a world is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Those of the type.
    Type,
    /// Data sources, ephemeral resources and list resources.
    Others,
    /// What belongs to no type.
    Provider,
}

/// Every type with its world, and the worlds of all that has no world of its own.
pub fn jobs() -> Vec<(&'static Subject, Part)> {
    let mut jobs = Vec::new();
    for subject in RESOURCES.iter().chain(ACTIONS) {
        jobs.push((subject, Part::Type));
        if subject.resource().is_some() && has_others(subject) {
            jobs.push((subject, Part::Others));
        }
        if subject.name == HOME_OF_OTHERS {
            jobs.extend([(subject, Part::Provider), (subject, Part::Provider)]);
        }
    }
    jobs
}

/// Whether a data source, an ephemeral resource or a list resource has the name of this type.
fn has_others(subject: &Subject) -> bool {
    let name = subject.name;
    REGISTRY.data_sources.iter().any(|it| it.type_name() == name)
        || REGISTRY.ephemeral_resources.iter().any(|it| it.type_name() == name)
        || REGISTRY.list_resources.iter().any(|it| it.type_name() == name)
}

/// The requests of one world.
struct Requests<'a> {
    world: &'a World,
    all: Vec<Request>,
}

impl Requests<'_> {
    fn add(&mut self, rpc: &'static str, request: &impl Message) {
        self.all.push((rpc, request.encode_to_vec()));
    }

    fn resource(&mut self, subject: &Subject, resource: &'static dyn AnyResource) {
        let (schema, type_name) = (resource.schema(), || subject.name.to_owned());
        let (config, state) = (config(subject, resource), self.world.state.clone());
        let everything = full(&schema.block, true);
        let capabilities =
            Some(pb::ClientCapabilities { write_only_attributes_allowed: true, ..Default::default() });
        let identity = |state: &Value| {
            let form = resource.identity_schema();
            let identity = form.of_state(state, &Value::Null);
            dynamic(msgpack::encode(&identity, &form.ty()).unwrap())
        };
        let identity_data = || Some(pb::ResourceIdentityData { identity_data: identity(&state) });
        let mut configs = vec![config.clone(), full(&schema.block, false)];
        if subject.has_change() {
            configs.push(subject.changed(schema));
        }
        for config in &configs {
            self.add(
                "ValidateResourceConfig",
                &pb::validate_resource_config::Request {
                    type_name: type_name(),
                    config: encode(schema, config),
                    client_capabilities: capabilities,
                },
            );
            for prior in [&Value::Null, &state] {
                self.plan(subject, resource, prior, config);
            }
        }
        self.plan(subject, resource, &state, &Value::Null);
        for state in [&state, &everything] {
            let text = json::encode(state, schema.ty()).unwrap().to_string().into_bytes();
            let raw_state = || Some(pb::RawState { json: text.clone(), ..Default::default() });
            self.add(
                "ReadResource",
                &pb::read_resource::Request {
                    type_name: type_name(),
                    current_state: encode(schema, state),
                    private: br#"{"imported":true,"notes":{"a":["b"]}}"#.to_vec(),
                    current_identity: identity_data(),
                    ..Default::default()
                },
            );
            self.add(
                "UpgradeResourceState",
                &pb::upgrade_resource_state::Request {
                    type_name: type_name(),
                    version: schema.version,
                    raw_state: raw_state(),
                },
            );
            self.add(
                "GenerateResourceConfig",
                &pb::generate_resource_config::Request {
                    type_name: type_name(),
                    state: encode(schema, state),
                },
            );
            let sources =
                resource.move_sources().iter().map(|source| (*source, "registry.terraform.io/hashicorp/aws"));
            for (source, provider) in sources.chain([(subject.name, "example.com/fork/elasticache")]) {
                self.add(
                    "MoveResourceState",
                    &pb::move_resource_state::Request {
                        source_provider_address: provider.to_owned(),
                        source_type_name: source.to_owned(),
                        source_state: raw_state(),
                        source_private: b"{\"schema_version\":\"1\"}".to_vec(),
                        target_type_name: type_name(),
                        ..Default::default()
                    },
                );
            }
        }
        let names = resource.identity_schema().attributes();
        let stored: serde_json::Map<_, _> =
            names.iter().map(|it| (it.name.to_owned(), "stack".into())).collect();
        self.add(
            "UpgradeResourceIdentity",
            &pb::upgrade_resource_identity::Request {
                type_name: type_name(),
                version: IdentitySchema::VERSION,
                raw_identity: Some(pb::RawState {
                    json: serde_json::Value::Object(stored).to_string().into_bytes(),
                    ..Default::default()
                }),
            },
        );
        let id = state.get("id").as_str().unwrap_or("stack").to_owned();
        for (id, identity) in [(id, None), (String::new(), identity_data())] {
            let type_name = type_name();
            self.add(
                "ImportResourceState",
                &pb::import_resource_state::Request { type_name, id, identity, ..Default::default() },
            );
        }
    }

    /// A plan, and the apply of it.
    fn plan(&mut self, subject: &Subject, resource: &'static dyn AnyResource, prior: &Value, config: &Value) {
        let schema = resource.schema();
        let proposed = match config {
            Value::Null => Value::Null,
            config => propose(&schema.block, config, prior),
        };
        let wire = |value: &Value| if value.is_null() { null() } else { encode(schema, value) };
        let request = pb::plan_resource_change::Request {
            type_name: subject.name.to_owned(),
            prior_state: wire(prior),
            proposed_new_state: wire(&proposed),
            config: wire(config),
            ..Default::default()
        };
        self.add("PlanResourceChange", &request);
        let answer = self.world.call("PlanResourceChange", &request.encode_to_vec());
        let planned = pb::plan_resource_change::Response::decode(answer.messages[0].as_slice()).unwrap();
        // What cannot be planned is applied as proposed.
        let planned_state = planned.planned_state.or(request.proposed_new_state);
        self.add(
            "ApplyResourceChange",
            &pb::apply_resource_change::Request {
                type_name: subject.name.to_owned(),
                prior_state: request.prior_state,
                planned_state,
                config: request.config,
                planned_private: planned.planned_private,
                planned_identity: planned.planned_identity,
                ..Default::default()
            },
        );
    }

    fn others(&mut self, is_here: impl Fn(&str) -> bool) {
        for source in REGISTRY.data_sources.iter().filter(|it| is_here(it.type_name())) {
            for config in [least(&source.schema().block), full(&source.schema().block, false)] {
                let (type_name, config) = (source.type_name().to_owned(), encode(source.schema(), &config));
                self.add(
                    "ValidateDataResourceConfig",
                    &pb::validate_data_resource_config::Request {
                        type_name: type_name.clone(),
                        config: config.clone(),
                    },
                );
                self.add(
                    "ReadDataSource",
                    &pb::read_data_source::Request { type_name, config, ..Default::default() },
                );
            }
        }
        for ephemeral in REGISTRY.ephemeral_resources.iter().filter(|it| is_here(it.type_name())) {
            for config in [least(&ephemeral.schema().block), full(&ephemeral.schema().block, false)] {
                let (type_name, config) =
                    (ephemeral.type_name().to_owned(), encode(ephemeral.schema(), &config));
                self.add(
                    "ValidateEphemeralResourceConfig",
                    &pb::validate_ephemeral_resource_config::Request {
                        type_name: type_name.clone(),
                        config: config.clone(),
                    },
                );
                self.add(
                    "OpenEphemeralResource",
                    &pb::open_ephemeral_resource::Request { type_name, config, ..Default::default() },
                );
            }
            let type_name = || ephemeral.type_name().to_owned();
            let private = || Some(b"2026-11-29T12:00:00Z stack".to_vec());
            self.add(
                "RenewEphemeralResource",
                &pb::renew_ephemeral_resource::Request { type_name: type_name(), private: private() },
            );
            self.add(
                "CloseEphemeralResource",
                &pb::close_ephemeral_resource::Request { type_name: type_name(), private: private() },
            );
        }
        for list in REGISTRY.list_resources.iter().filter(|it| is_here(it.type_name())) {
            for config in [least(&list.schema().block), full(&list.schema().block, false)] {
                let (type_name, config) = (list.type_name().to_owned(), encode(list.schema(), &config));
                self.add(
                    "ValidateListResourceConfig",
                    &pb::validate_list_resource_config::Request {
                        type_name: type_name.clone(),
                        config: config.clone(),
                        ..Default::default()
                    },
                );
                self.add(
                    "ListResource",
                    &pb::list_resource::Request {
                        type_name,
                        config,
                        include_resource_object: true,
                        limit: 10,
                    },
                );
            }
        }
    }

    fn action(&mut self, subject: &Subject) {
        let Some(action) = subject.action() else { return };
        let schema = action.schema();
        for config in [subject.config(schema), full(&schema.block, false)] {
            let (name, config) = (subject.name.to_owned(), encode(schema, &config));
            self.add(
                "ValidateActionConfig",
                &pb::validate_action_config::Request { type_name: name.clone(), config: config.clone() },
            );
            self.add(
                "PlanAction",
                &pb::plan_action::Request {
                    action_type: name.clone(),
                    config: config.clone(),
                    ..Default::default()
                },
            );
            self.add(
                "InvokeAction",
                &pb::invoke_action::Request { action_type: name, config, ..Default::default() },
            );
        }
    }

    /// What belongs to no type.
    fn provider(&mut self) {
        let configure = provider_block("http://127.0.0.1:9");
        let block = full(&terraform_provider_elasticache::provider::schema().block, false);
        let everything = encode(terraform_provider_elasticache::provider::schema(), &block);
        for config in [configure.config, everything] {
            let validate = pb::validate_provider_config::Request { config: config.clone() };
            self.add("ValidateProviderConfig", &validate);
            let terraform_version = "1.11.4".to_owned();
            let configure =
                pb::configure_provider::Request { terraform_version, config, ..Default::default() };
            self.add("ConfigureProvider", &configure);
        }
        for function in REGISTRY.functions {
            for text in ["stack", URL] {
                let parameters = function.parameters();
                let arguments = parameters
                    .iter()
                    .map(|it| dynamic(msgpack::encode(&sample(&it.ty, text), &it.ty).unwrap()).unwrap());
                let (name, arguments) = (function.name().to_owned(), arguments.collect());
                self.add("CallFunction", &pb::call_function::Request { name, arguments });
            }
        }
        for rpc in
            ["GetMetadata", "GetProviderSchema", "GetResourceIdentitySchemas", "GetFunctions", "StopProvider"]
                .iter()
                .chain(ABSENT)
        {
            self.all.push((*rpc, Vec::new()));
        }
    }
}

/// The valid requests that are sent to the world of this subject.
pub fn requests(world: &World, subject: &Subject, part: Part) -> Vec<Request> {
    let mut requests = Requests { world, all: Vec::new() };
    let has_home = |name: &str| RESOURCES.iter().any(|it| it.name == name);
    match part {
        Part::Type => match subject.resource() {
            Some(resource) => requests.resource(subject, resource),
            None => requests.action(subject),
        },
        Part::Others => requests
            .others(|name| name == subject.name || (subject.name == HOME_OF_OTHERS && !has_home(name))),
        Part::Provider => requests.provider(),
    }
    requests.all
}
