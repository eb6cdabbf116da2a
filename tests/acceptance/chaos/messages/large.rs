//! Messages that are as large as they may be, to the built provider: what each costs in memory.

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use terraform_provider_elasticache::registry::REGISTRY;
use terraform_provider_elasticache::value::Type;
use terraform_provider_elasticache::wire::proto::tfplugin6 as pb;
use terraform_provider_elasticache::wire::proto::tfplugin6::provider_client::ProviderClient;
use tonic::body::Body;
use tonic::{Code, Status};
use tower_service::Service as _;

use super::node::Node;
use super::target::{Target, Watched};
use crate::support::plugin_client::{Channel, Plugin, binary};

const USER: &str = "elasticache_user";

/// A message of this many bytes, and what is answered.
struct Large {
    name: &'static str,
    /// Part of the detail of the error; empty for a message that is accepted.
    answer: &'static str,
    request: fn(usize) -> Request,
}

/// Either way of sending an object. Eight of them live at a time, so their size does not matter.
#[allow(clippy::large_enum_variant)]
enum Request {
    Validate(pb::validate_resource_config::Request),
    Upgrade(pb::upgrade_resource_state::Request),
    Plan(pb::plan_resource_change::Request),
}

/// An object of the type with these values, all others null.
fn object(given: &[(&str, Node)]) -> Option<pb::DynamicValue> {
    let resource = REGISTRY.resources.iter().find(|it| it.type_name() == USER).unwrap();
    let Type::Object(attributes) = resource.schema().wire_type() else { panic!("no object") };
    let entries = attributes.keys().map(|name| {
        let value = given.iter().find(|(own, _)| own == name).map_or(Node::Nil, |(_, value)| value.clone());
        (Node::text(name), value)
    });
    Some(pb::DynamicValue { msgpack: Node::Map(entries.collect()).to_msgpack(), json: Vec::new() })
}

fn validate(given: &[(&str, Node)]) -> Request {
    let (type_name, config) = (USER.to_owned(), object(given));
    Request::Validate(pb::validate_resource_config::Request { type_name, config, client_capabilities: None })
}

fn upgrade(json: Vec<u8>) -> Request {
    let raw_state = Some(pb::RawState { json, ..Default::default() });
    Request::Upgrade(pb::upgrade_resource_state::Request {
        type_name: USER.to_owned(),
        version: 0,
        raw_state,
    })
}

/// A list, or a map, of values that are encoded already.
fn raw(head: u8, count: usize, values: &[u8]) -> Node {
    Node::Raw([&[head][..], &u32::try_from(count).unwrap().to_be_bytes(), values].concat())
}

const ARRAY: u8 = 0xdd;
const MAP: u8 = 0xdf;

const LARGE: &[Large] = &[
    Large {
        name: "a list of nulls in MessagePack",
        answer: "more than 250000 values are given",
        request: |bytes| validate(&[("passwords", raw(ARRAY, bytes, &vec![0xc0; bytes]))]),
    },
    Large {
        name: "a map in MessagePack",
        answer: "more than 250000 values are given",
        request: |bytes| {
            let entry = |i: usize| [&[0xa7][..], format!("{i:07}").as_bytes(), &[0xc0]].concat();
            let entries: Vec<u8> = (0..bytes / 9).flat_map(entry).collect();
            validate(&[("tags", raw(MAP, bytes / 9, &entries))])
        },
    },
    Large {
        name: "a list of numbers in a stored state",
        answer: "more than 250000 values are given",
        request: |bytes| upgrade(format!("{{\"passwords\": [0{}]}}", ",0".repeat(bytes / 2)).into_bytes()),
    },
    Large {
        name: "lists within lists in a stored state",
        answer: "cannot be parsed",
        request: |bytes| upgrade(vec![b'['; bytes]),
    },
    Large {
        name: "one text",
        answer: "user_id",
        request: |bytes| validate(&[("user_id", Node::Text(vec![b'a'; bytes]))]),
    },
    Large {
        name: "one secret, and an error that quotes another text",
        answer: "user_id",
        request: |bytes| {
            let secret = Node::Array(vec![Node::Text(vec![b'a'; bytes - 30_000])]);
            validate(&[("passwords", secret), ("user_id", Node::Text(vec![b'a'; 30_000]))])
        },
    },
    Large {
        name: "99 000 secrets",
        answer: "(redacted)",
        request: |_| {
            let secrets = (0..99_000).map(|i| Node::text(&format!("secret-{i:010}"))).collect();
            validate(&[("passwords", Node::Array(secrets)), ("user_id", Node::text("a b"))])
        },
    },
    Large {
        name: "numbers in the private data of a state",
        answer: "",
        request: |bytes| {
            let private = format!("[0{}]", ",0".repeat(bytes / 2)).into_bytes();
            let planned = object(&[("user_id", Node::text("stack"))]);
            Request::Plan(pb::plan_resource_change::Request {
                type_name: USER.to_owned(),
                config: planned.clone(),
                proposed_new_state: planned,
                prior_private: private,
                ..Default::default()
            })
        },
    },
];

async fn diagnostics(mut client: ProviderClient<Channel>, request: Request) -> Vec<pb::Diagnostic> {
    match request {
        Request::Validate(it) => client.validate_resource_config(it).await.unwrap().into_inner().diagnostics,
        Request::Upgrade(it) => client.upgrade_resource_state(it).await.unwrap().into_inner().diagnostics,
        Request::Plan(it) => client.plan_resource_change(it).await.unwrap().into_inner().diagnostics,
    }
}

fn run(bytes: usize) {
    let mut target = Target::new(Plugin::start_with(binary(), None));
    for Large { name, answer, request } in LARGE {
        let request = request(bytes);
        let (client, runtime) = (target.block_on(target.plugin.provider()), target.handle());
        let Watched { result, memory } = target.watch(name, || {
            let reply = runtime.block_on(diagnostics(client, request));
            let said: String = reply.iter().map(|it| format!("{}: {}\n", it.summary, it.detail)).collect();
            assert!(said.contains(answer), "{name}: {said:.2000}");
            assert!(said.len() < 20_000 * reply.len() + 1, "{name}: {} bytes are said", said.len());
            format!("{} diagnostics", reply.len())
        });
        // The message as received, the value within it, and its decoded form; and what the process has anyway.
        let most = 140 + 4 * (bytes as u64 >> 20);
        assert!(memory < most, "{name}: {memory} MB for {} MB", bytes >> 20);
        target.row(name, &result, memory);
    }
    target.end();
}

#[test]
fn large_messages_take_memory_in_proportion() {
    run(4 << 20);
}

#[test]
#[ignore = "make chaos runs it"]
fn largest_messages_take_memory_in_proportion() {
    run(250 << 20);
}

/// A message above the limit is refused by its first five bytes.
#[test]
fn message_above_the_limit_is_refused_at_once() {
    let target = Target::new(Plugin::start_with(binary(), None));
    for (length, code) in
        [(256 << 20, Code::Internal), ((256 << 20) + 1, Code::OutOfRange), (u32::MAX, Code::OutOfRange)]
    {
        let begin = [&[0][..], &length.to_be_bytes(), b"begin"].concat();
        let status = target.block_on(async {
            let mut channel = target.plugin.channel().await;
            let request = http::Request::post("/tfplugin6.Provider/ReadResource")
                .header("content-type", "application/grpc")
                .header("te", "trailers")
                .body(Body::new(Full::new(Bytes::from(begin))))
                .unwrap();
            let (head, body) = channel.call(request).await.unwrap().into_parts();
            let trailers = body.collect().await.unwrap().trailers().cloned();
            Status::from_header_map(&head.headers).or_else(|| Status::from_header_map(&trailers?)).unwrap()
        });
        assert_eq!(status.code(), code, "{length} bytes: {status:?}");
    }
    target.end();
}
