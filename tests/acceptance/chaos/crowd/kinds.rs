//! Calls for everything that is no managed resource, read to the end or dropped on the way.

use std::time::Duration;

use terraform_provider_elasticache::registry::REGISTRY;
use terraform_provider_elasticache::schema::{Mode, Schema};
use terraform_provider_elasticache::value::{Type, Value};
use terraform_provider_elasticache::wire::proto::tfplugin6 as pb;
use tokio::io::AsyncWriteExt;
use tokio::net::UnixStream;

use super::super::subjects::ACTIONS;
use super::client::{Core, encode};
use super::objects::renamed;
use super::process::Process;

/// The name of a replication group that exists.
const NAME: &str = "stack0";

/// A configuration with the required arguments that are texts.
fn minimal(schema: &Schema) -> Value {
    let required = schema.block.attributes.iter().filter(|it| it.mode == Mode::Required);
    let texts = required.filter(|it| it.ty() == Type::String);
    schema.conform(Value::map(texts.map(|it| {
        let value = match it.name {
            "host" => "127.0.0.1",
            "url" => "redis://127.0.0.1:1/0",
            _ => NAME,
        };
        (it.name, Value::from(value))
    })))
}

/// Every data source, ephemeral resource and function once; an error is an answer as well.
pub async fn data(core: &mut Core) {
    core.0.get_metadata(pb::get_metadata::Request {}).await.unwrap();
    core.0.get_functions(pb::get_functions::Request {}).await.unwrap();
    core.0.get_resource_identity_schemas(pb::get_resource_identity_schemas::Request {}).await.unwrap();
    for source in REGISTRY.data_sources {
        let config = encode(&minimal(source.schema()), source.schema().ty());
        let type_name = source.type_name().to_owned();
        let request = pb::read_data_source::Request { type_name, config, ..Default::default() };
        core.0.read_data_source(request).await.unwrap();
    }
    for resource in REGISTRY.ephemeral_resources {
        let config = encode(&minimal(resource.schema()), resource.schema().ty());
        let type_name = resource.type_name().to_owned();
        let request = pb::open_ephemeral_resource::Request {
            type_name: type_name.clone(),
            config,
            ..Default::default()
        };
        let opened = core.0.open_ephemeral_resource(request).await.unwrap().into_inner();
        let request = pb::close_ephemeral_resource::Request { type_name, private: opened.private };
        core.0.close_ephemeral_resource(request).await.unwrap();
    }
    for function in REGISTRY.functions {
        let url =
            encode(&Value::from("rediss://app:a-token-of-the-cache@cache.example.com:6379/0"), &Type::String);
        let request = pb::call_function::Request {
            name: function.name().to_owned(),
            arguments: url.into_iter().collect(),
        };
        core.0.call_function(request).await.unwrap();
    }
}

/// Every list resource; every second one is dropped after its first event.
pub async fn listings(core: &mut Core) {
    for (turn, source) in REGISTRY.list_resources.iter().enumerate() {
        let request = pb::list_resource::Request {
            type_name: source.type_name().to_owned(),
            config: encode(&minimal(source.schema()), source.schema().ty()),
            include_resource_object: true,
            limit: 100,
        };
        let mut events = core.0.list_resource(request).await.unwrap().into_inner();
        while events.message().await.unwrap().is_some() {
            if turn.is_multiple_of(2) {
                break;
            }
        }
    }
}

/// One action, in turn; every second invocation is dropped at its first message, or soon.
pub async fn action(core: &mut Core, turn: usize) {
    let subject = &ACTIONS[turn % ACTIONS.len()];
    let action = subject.action().unwrap();
    let config = renamed(&subject.config(action.schema()), NAME);
    let request = pb::invoke_action::Request {
        action_type: action.type_name().to_owned(),
        config: encode(&config, action.schema().ty()),
        ..Default::default()
    };
    let mut events = core.0.invoke_action(request).await.unwrap().into_inner();
    if (turn / ACTIONS.len()).is_multiple_of(2) {
        let _ = tokio::time::timeout(Duration::from_millis(200), events.message()).await;
        return;
    }
    while events.message().await.unwrap().is_some() {}
}

/// Connections that say nothing, and one that does not speak the protocol.
pub async fn strangers(process: &Process) {
    let silent = UnixStream::connect(&process.socket).await.unwrap();
    let mut other = UnixStream::connect(&process.socket).await.unwrap();
    other.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    let mut cut = UnixStream::connect(&process.socket).await.unwrap();
    cut.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0").await.unwrap();
    drop((silent, other, cut));
}
