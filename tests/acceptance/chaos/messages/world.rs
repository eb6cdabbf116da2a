//! The gRPC service in this process, called with bytes, beside a simulated AWS with the objects of one type.

use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use prost::Message;
use terraform_provider_elasticache::plugin::{MAX_MESSAGE_BYTES, Process};
use terraform_provider_elasticache::provider;
use terraform_provider_elasticache::registry::REGISTRY;
use terraform_provider_elasticache::value::{Value, msgpack};
use terraform_provider_elasticache::wire::Service;
use terraform_provider_elasticache::wire::proto::tfplugin6 as pb;
use terraform_provider_elasticache::wire::proto::tfplugin6::provider_server::ProviderServer;
use tonic::body::Body;
use tonic::{Code, Status};
use tower_service::Service as _;

use super::samples::config;
use crate::chaos::driver::{Driver, State};
use crate::chaos::subjects::Subject;

/// Simulated time after which a call hangs: longer than every wait together.
const HANGS: Duration = Duration::from_secs(400 * 24 * 3600);

/// A reply as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub code: Code,
    /// The text of the status.
    pub text: String,
    /// The messages.
    pub messages: Vec<Vec<u8>>,
}

pub struct World {
    pub driver: Driver,
    server: ProviderServer<Service>,
    /// Another one, that is configured by mutants.
    spare: ProviderServer<Service>,
    /// The state of the object.
    pub state: Value,
}

fn server() -> ProviderServer<Service> {
    ProviderServer::new(Service::new(REGISTRY, Process::default()))
        .max_decoding_message_size(MAX_MESSAGE_BYTES)
        .max_encoding_message_size(MAX_MESSAGE_BYTES)
}

/// A provider block with every call going to `endpoint`.
pub fn provider_block(endpoint: &str) -> pb::configure_provider::Request {
    let schema = provider::schema();
    let endpoints = &schema.block.nested_block("endpoints").unwrap().block;
    let all = endpoints.attributes.iter().map(|attribute| (attribute.name, Value::from(endpoint)));
    let block = schema.conform(Value::map([
        ("region", "eu-west-1".into()),
        ("access_key", "123456789012".into()),
        ("secret_key", "simulated".into()),
        ("max_retries", 1.into()),
        ("endpoints", Value::List(vec![Value::map(all)])),
    ]));
    let config =
        pb::DynamicValue { msgpack: msgpack::encode(&block, schema.ty()).unwrap(), json: Vec::new() };
    pb::configure_provider::Request {
        terraform_version: "1.11.4".into(),
        config: Some(config),
        ..Default::default()
    }
}

impl World {
    /// The world of this subject, with an object of its type.
    pub fn new(subject: &Subject) -> Self {
        let driver = Driver::new(subject.seeds);
        let state = match subject.resource() {
            Some(resource) => driver.apply(resource, &State::default(), &config(subject, resource)).0.value,
            None => Value::Null,
        };
        let world = Self { driver, server: server(), spare: server(), state };
        world.configure();
        world
    }

    /// Configures the provider, which also ends a stop.
    pub fn configure(&self) {
        let request = provider_block(&self.driver.aws.endpoint()).encode_to_vec();
        let answer = self.send(&self.server, "ConfigureProvider", &request);
        let reply = pb::configure_provider::Response::decode(answer.messages[0].as_slice()).unwrap();
        assert_eq!(reply.diagnostics, []);
    }

    /// Calls an RPC with this message, valid or not.
    pub fn call(&self, rpc: &str, message: &[u8]) -> Answer {
        if rpc == "ConfigureProvider" {
            return self.send(&self.spare, rpc, message);
        }
        let answer = self.send(&self.server, rpc, message);
        if rpc == "StopProvider" {
            self.configure();
        }
        answer
    }

    fn send(&self, server: &ProviderServer<Service>, rpc: &str, message: &[u8]) -> Answer {
        let mut frame = vec![0];
        frame.extend(u32::try_from(message.len()).unwrap().to_be_bytes());
        frame.extend(message);
        let request = http::Request::post(format!("http://localhost/tfplugin6.Provider/{rpc}"))
            .header("content-type", "application/grpc")
            .body(Body::new(Full::new(Bytes::from(frame))))
            .unwrap();
        let mut server = server.clone();
        let reply = async move {
            let response = server.call(request).await.unwrap();
            let (head, body) = response.into_parts();
            let body = body.collect().await.unwrap();
            let status = Status::from_header_map(&head.headers)
                .or_else(|| body.trailers().and_then(Status::from_header_map));
            let status = status.unwrap_or_else(|| Status::unknown("no status"));
            let messages = messages(&body.to_bytes());
            Answer { code: status.code(), text: status.message().to_owned(), messages }
        };
        self.driver.with_provider(async |_| {
            let ended = tokio::time::timeout(HANGS, reply).await;
            ended.unwrap_or_else(|_| panic!("{rpc} does not end"))
        })
    }
}

/// The messages of a body.
fn messages(mut rest: &[u8]) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    while let Some((head, after)) = rest.split_at_checked(5) {
        let len = usize::try_from(u32::from_be_bytes([head[1], head[2], head[3], head[4]])).unwrap();
        all.push(after[..len].to_vec());
        rest = &after[len..];
    }
    all
}
