//! The provider service of the built binary, as Terraform calls it and as it never should.

#![cfg(unix)]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use support::plugin_client::{Channel, DEADLINE, Plugin};
use terraform_provider_elasticache::diag::{Diagnostic, Diagnostics};
use terraform_provider_elasticache::engine::{
    AnyResource, ApplyRequest, ApplyResponse, IdentitySchema, MoveRequest, Moved, PlanRequest, PlanResponse,
    ProviderConfig, ReadRequest, ReadResponse, Registry,
};
use terraform_provider_elasticache::plugin::Process;
use terraform_provider_elasticache::provider;
use terraform_provider_elasticache::resources::RESOURCES;
use terraform_provider_elasticache::schema::{BlockNesting, Schema};
use terraform_provider_elasticache::value::{Type, Value, msgpack};
use terraform_provider_elasticache::wire::Service;
use terraform_provider_elasticache::wire::proto::tfplugin6 as pb;
use terraform_provider_elasticache::wire::proto::tfplugin6::provider_client::ProviderClient;
use terraform_provider_elasticache::wire::proto::tfplugin6::provider_server::Provider;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use tonic::{Code, Request};

/// Calls an RPC with these fields; its reply.
macro_rules! call {
    ($client:expr, $rpc:ident { $($field:ident : $value:expr),* $(,)? }) => {{
        #[allow(clippy::needless_update)]
        let request = pb::$rpc::Request { $($field: $value,)* ..Default::default() };
        $client.$rpc(request).await.unwrap().into_inner()
    }};
}

#[path = "protocol/identity.rs"]
mod identity;
#[path = "protocol/operations.rs"]
mod operations;
#[path = "protocol/shelf.rs"]
mod shelf;

const GROUP: &str = "elasticache_subnet_group";
const URL: &str = "elasticache_ssm_url";

fn resource(type_name: &str) -> &'static dyn AnyResource {
    *RESOURCES.iter().find(|resource| resource.type_name() == type_name).unwrap()
}

fn encode(value: &Value, ty: &Type) -> Option<pb::DynamicValue> {
    bytes(&msgpack::encode(value, ty).unwrap())
}

fn bytes(msgpack: &[u8]) -> Option<pb::DynamicValue> {
    Some(pb::DynamicValue { msgpack: msgpack.to_vec(), json: Vec::new() })
}

fn decode(message: Option<pb::DynamicValue>, ty: &Type) -> Value {
    msgpack::decode(&message.unwrap().msgpack, ty).unwrap()
}

/// An object of the schema: these attributes, all others null, blocks absent.
fn object<const N: usize>(schema: &Schema, attributes: [(&str, Value); N]) -> Value {
    schema.conform(Value::map(attributes))
}

/// The same for a type of resource, on the wire.
fn object_of<const N: usize>(type_name: &str, attributes: [(&str, Value); N]) -> Option<pb::DynamicValue> {
    let schema = resource(type_name).schema();
    encode(&object(schema, attributes), schema.ty())
}

fn group() -> Option<pb::DynamicValue> {
    object_of(GROUP, [("name", "booking".into()), ("subnet_ids", Value::set([Value::from("subnet-1")]))])
}

fn null() -> Option<pb::DynamicValue> {
    bytes(&[0xc0])
}

/// A provider block that leads to `endpoint`.
fn provider_block(endpoint: &str) -> Option<pb::DynamicValue> {
    let schema = provider::schema();
    let endpoints = &schema.block.nested_block("endpoints").unwrap().block;
    let all = endpoints.attributes.iter().map(|attribute| (attribute.name, Value::from(endpoint)));
    let block = object(
        schema,
        [
            ("region", "eu-west-1".into()),
            ("access_key", "000000000001".into()),
            ("secret_key", "local".into()),
            ("endpoints", Value::List(vec![Value::map(all)])),
        ],
    );
    encode(&block, schema.ty())
}

fn is_error(diagnostics: &[pb::Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity() == pb::diagnostic::Severity::Error)
}

#[track_caller]
fn only(diagnostics: &[pb::Diagnostic]) -> &pb::Diagnostic {
    assert_eq!(diagnostics.len(), 1, "{diagnostics:#?}");
    assert!(!diagnostics[0].summary.is_empty() && !diagnostics[0].detail.is_empty(), "{diagnostics:#?}");
    &diagnostics[0]
}

async fn start() -> (Plugin, ProviderClient<Channel>) {
    let plugin = Plugin::start();
    let client = plugin.provider().await;
    (plugin, client)
}

#[tokio::test]
async fn metadata_and_schema_name_the_same_things() {
    let (_plugin, mut client) = start().await;
    let metadata = call!(client, get_metadata {});
    let schema = call!(client, get_provider_schema {});
    assert!(metadata.diagnostics.is_empty() && schema.diagnostics.is_empty());
    assert_eq!(metadata.server_capabilities, schema.server_capabilities);
    let capabilities = schema.server_capabilities.unwrap();
    assert!(
        capabilities.plan_destroy
            && capabilities.get_provider_schema_optional
            && capabilities.move_resource_state
            && capabilities.generate_resource_config
    );

    let sorted = |mut names: Vec<String>| {
        names.sort();
        names
    };
    let resources = sorted(metadata.resources.into_iter().map(|r| r.type_name).collect());
    assert_eq!(resources, sorted(schema.resource_schemas.into_keys().collect()));
    let data_sources = sorted(metadata.data_sources.into_iter().map(|d| d.type_name).collect());
    assert_eq!(data_sources, sorted(schema.data_source_schemas.into_keys().collect()));
    let functions = sorted(metadata.functions.into_iter().map(|f| f.name).collect());
    assert_eq!(functions, sorted(schema.functions.clone().into_keys().collect()));
    let ephemeral = sorted(metadata.ephemeral_resources.into_iter().map(|e| e.type_name).collect());
    assert_eq!(ephemeral, sorted(schema.ephemeral_resource_schemas.into_keys().collect()));
    let lists = sorted(metadata.list_resources.into_iter().map(|l| l.type_name).collect());
    assert_eq!(lists, sorted(schema.list_resource_schemas.into_keys().collect()));
    let actions = sorted(metadata.actions.into_iter().map(|a| a.type_name).collect());
    assert_eq!(actions, sorted(schema.action_schemas.clone().into_keys().collect()));
    // Terraform dereferences both without looking.
    let is_complete = |action: &pb::ActionSchema| action.schema.as_ref().is_some_and(|it| it.block.is_some());
    assert!(schema.action_schemas.values().all(is_complete));
    assert_eq!(call!(client, get_functions {}).functions, schema.functions);
    assert!(schema.provider.is_some());
}

#[tokio::test]
async fn no_call_needs_the_schema_to_have_been_asked_for() {
    let (_plugin, mut client) = start().await;
    let type_name = || GROUP.to_owned();
    assert!(
        call!(client, validate_provider_config { config: provider_block("http://127.0.0.1:9") })
            .diagnostics
            .is_empty()
    );
    assert!(
        call!(client, configure_provider { config: provider_block("http://127.0.0.1:9") })
            .diagnostics
            .is_empty()
    );
    assert!(
        call!(client, validate_resource_config { type_name: type_name(), config: group() })
            .diagnostics
            .is_empty()
    );
    let planned = call!(
        client,
        plan_resource_change {
            type_name: type_name(),
            prior_state: null(),
            proposed_new_state: group(),
            config: group(),
        }
    );
    assert_eq!(planned.diagnostics, []);
    let ty = resource(GROUP).schema().ty();
    assert_eq!(*decode(planned.planned_state, ty).get("id"), Value::from("booking"));
    let json = br#"{"id":"booking","name":"booking"}"#.to_vec();
    let raw_state = Some(pb::RawState { json, ..Default::default() });
    let upgraded = call!(client, upgrade_resource_state { type_name: type_name(), raw_state: raw_state });
    assert_eq!(*decode(upgraded.upgraded_state, ty).get("name"), Value::from("booking"));
    let imported = call!(client, import_resource_state { type_name: type_name(), id: "booking".into() });
    assert_eq!(imported.imported_resources.len(), 1);
}

#[tokio::test]
async fn an_unknown_type_is_an_error_diagnostic() {
    let (_plugin, mut client) = start().await;
    let type_name = || "elasticache_toaster".to_owned();
    let raw_state = || Some(pb::RawState { json: b"{}".to_vec(), ..Default::default() });
    let answers = [
        call!(client, validate_resource_config { type_name: type_name() }).diagnostics,
        call!(client, validate_data_resource_config { type_name: type_name() }).diagnostics,
        call!(client, validate_ephemeral_resource_config { type_name: type_name() }).diagnostics,
        call!(client, upgrade_resource_state { type_name: type_name(), raw_state: raw_state() }).diagnostics,
        call!(client, upgrade_resource_identity { type_name: type_name() }).diagnostics,
        call!(client, read_resource { type_name: type_name(), current_state: null() }).diagnostics,
        call!(client, plan_resource_change { type_name: type_name() }).diagnostics,
        call!(client, apply_resource_change { type_name: type_name() }).diagnostics,
        call!(client, import_resource_state { type_name: type_name(), id: "x".into() }).diagnostics,
        call!(client, generate_resource_config { type_name: type_name() }).diagnostics,
        call!(client, move_resource_state { target_type_name: type_name() }).diagnostics,
        call!(client, read_data_source { type_name: type_name() }).diagnostics,
    ];
    for diagnostics in &answers {
        assert!(is_error(diagnostics));
        assert!(only(diagnostics).detail.contains("elasticache_toaster"), "{diagnostics:?}");
    }
}

#[tokio::test]
async fn a_missing_value_is_an_error_diagnostic() {
    let (_plugin, mut client) = start().await;
    for resource in RESOURCES {
        let type_name = || resource.type_name().to_owned();
        let proposed = || encode(&object(resource.schema(), []), resource.schema().ty());
        let answers = [
            call!(client, validate_resource_config { type_name: type_name() }).diagnostics,
            call!(client, read_resource { type_name: type_name() }).diagnostics,
            call!(client, generate_resource_config { type_name: type_name() }).diagnostics,
            call!(client, plan_resource_change { type_name: type_name(), proposed_new_state: proposed() })
                .diagnostics,
            call!(client, apply_resource_change { type_name: type_name(), planned_state: proposed() })
                .diagnostics,
        ];
        for diagnostics in &answers {
            assert!(is_error(diagnostics));
            let one = only(diagnostics);
            assert!(
                one.summary.starts_with("Missing ") || one.summary == "Provider not configured",
                "{one:?}"
            );
        }
    }
    assert!(is_error(&call!(client, validate_provider_config {}).diagnostics));
}

#[tokio::test]
async fn a_write_only_value_needs_a_client_that_knows_them() {
    let (_plugin, mut client) = start().await;
    let config = || {
        object_of(
            URL,
            [
                ("name", "/url".into()),
                ("host", "cache.local".into()),
                ("transit_encryption_enabled", true.into()),
                ("auth_token_wo", "a-token-of-some-length".into()),
                ("auth_token_wo_version", 1.into()),
            ],
        )
    };
    let able =
        |able| Some(pb::ClientCapabilities { write_only_attributes_allowed: able, ..Default::default() });
    let mut validate = async |client_capabilities| {
        let type_name = URL.to_owned();
        call!(
            client,
            validate_resource_config {
                type_name: type_name,
                config: config(),
                client_capabilities: client_capabilities
            }
        )
        .diagnostics
    };
    assert_eq!(validate(able(true)).await, []);
    for old in [able(false), None] {
        let diagnostics = validate(old).await;
        let refused = only(&diagnostics);
        assert!(is_error(&diagnostics));
        let step = refused.attribute.clone().unwrap().steps.remove(0).selector.unwrap();
        assert_eq!(step, pb::attribute_path::step::Selector::AttributeName("auth_token_wo".into()));
        // Fault K21. The program may be OpenTofu.
        assert_eq!(refused.summary, "auth_token_wo needs Terraform or OpenTofu 1.11");
        assert!(refused.detail.contains("OpenTofu 1.11 or later"), "{refused:?}");
    }
}

#[tokio::test]
async fn stored_state_takes_the_form_of_the_schema() {
    let (_plugin, mut client) = start().await;
    for resource in RESOURCES {
        let type_name = || resource.type_name().to_owned();
        let raw_state = Some(pb::RawState {
            json: br#"{"id":"x","of_another_version":[1]}"#.to_vec(),
            ..Default::default()
        });
        let upgraded = call!(client, upgrade_resource_state { type_name: type_name(), raw_state: raw_state });
        assert_eq!(upgraded.diagnostics, []);
        let schema = resource.schema();
        let state = decode(upgraded.upgraded_state, schema.ty());
        assert_eq!(*state.get("id"), Value::from("x"));
        assert!(state.is_wholly_known());
        for block in &schema.block.blocks {
            let absent = match block.nesting {
                BlockNesting::Single => Value::Null,
                BlockNesting::List => Value::List(Vec::new()),
                BlockNesting::Set => Value::set([]),
            };
            assert_eq!(*state.get(block.name), absent, "{}.{}", resource.type_name(), block.name);
        }

        let flatmap = [("id".to_owned(), "x".to_owned())].into();
        let old = Some(pb::RawState { flatmap, ..Default::default() });
        let refused =
            call!(client, upgrade_resource_state { type_name: type_name(), raw_state: old }).diagnostics;
        assert!(is_error(&refused));
        assert_eq!(only(&refused).summary, "State of an old Terraform");
    }
}

#[tokio::test]
async fn a_move_from_another_type_is_refused_with_the_way_to_do_it() {
    let (_plugin, mut client) = start().await;
    let answer = call!(
        client,
        move_resource_state {
            source_provider_address: "registry.terraform.io/hashicorp/random".into(),
            source_type_name: "random_pet".into(),
            source_state: Some(pb::RawState { json: b"{}".to_vec(), ..Default::default() }),
            target_type_name: GROUP.into(),
        }
    );
    assert!(answer.target_state.is_none());
    let refused = only(&answer.diagnostics);
    assert_eq!(refused.summary, "This move is not supported");
    assert!(refused.detail.contains("random_pet") && refused.detail.contains(GROUP), "{refused:?}");
}

#[tokio::test]
async fn what_is_not_there_is_unimplemented() {
    let (_plugin, mut client) = start().await;
    let codes = [
        client.get_states(pb::get_states::Request::default()).await.unwrap_err().code(),
        client.lock_state(pb::lock_state::Request::default()).await.unwrap_err().code(),
    ];
    assert_eq!(codes, [Code::Unimplemented; 2]);
}

/// Faults-met F13. Terraform 1.14 asks for it with `plan -generate-config-out`.
#[tokio::test]
async fn generated_configuration_is_what_a_user_writes() {
    let (_plugin, mut client) = start().await;
    let configured = call!(client, configure_provider { config: provider_block("http://127.0.0.1:9") });
    assert_eq!(configured.diagnostics, []);
    let written =
        || [("name", Value::from("booking")), ("subnet_ids", Value::set([Value::from("subnet-1")]))];
    let imported = [
        ("id", "booking".into()),
        ("description", "Managed by Terraform".into()),
        ("vpc_id", "vpc-1".into()),
        ("arn", "arn:aws:elasticache:eu-west-1:123456789012:subnetgroup:booking".into()),
        ("region", "eu-west-1".into()),
        ("tags", Value::Map(BTreeMap::new())),
        ("tags_all", Value::Map(BTreeMap::new())),
    ];
    let schema = resource(GROUP).schema();
    let state = schema.conform(Value::map(written().into_iter().chain(imported)));
    let answer = call!(
        client,
        generate_resource_config { type_name: GROUP.into(), state: encode(&state, schema.ty()) }
    );
    assert_eq!(answer.diagnostics, []);
    assert_eq!(decode(answer.config, schema.ty()), object(schema, written()));
}

#[tokio::test]
async fn a_destroy_is_planned_as_nothing() {
    let (_plugin, mut client) = start().await;
    let planned = call!(
        client,
        plan_resource_change {
            type_name: GROUP.into(),
            prior_state: group(),
            proposed_new_state: null(),
            config: null(),
        }
    );
    assert_eq!((planned.planned_state, planned.diagnostics), (null(), Vec::new()));
}

/// An endpoint of AWS that answers the first `answers.len()` requests, each with
/// one of them, tells of the next one, and answers that only when it is given one.
async fn endpoint(
    answers: Vec<&'static str>,
) -> (String, oneshot::Receiver<()>, oneshot::Sender<&'static str>) {
    async fn request(listener: &TcpListener) -> TcpStream {
        let mut stream = listener.accept().await.unwrap().0;
        let _ = stream.read(&mut [0; 8192]).await.unwrap();
        stream
    }
    async fn reply(mut stream: TcpStream, answer: &str) {
        let length = answer.len();
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
        stream.write_all(format!("{head}{answer}").as_bytes()).await.unwrap();
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (silent, is_silent) = oneshot::channel();
    let (late, is_late) = oneshot::channel();
    tokio::spawn(async move {
        for answer in answers {
            reply(request(&listener).await, answer).await;
        }
        let unanswered = request(&listener).await;
        silent.send(()).unwrap();
        if let Ok(answer) = is_late.await {
            reply(unanswered, answer).await;
        }
        let _held_open = listener;
        std::future::pending::<()>().await;
    });
    (address, is_silent, late)
}

/// Starts to create a URL, stops the provider while AWS does not answer, lets AWS
/// then answer with `late`, and gives the state that comes back.
async fn stopped(answers: Vec<&'static str>, late: Option<&'static str>) -> Value {
    let (_plugin, mut client) = start().await;
    let (address, is_silent, answer_late) = endpoint(answers).await;
    assert_eq!(call!(client, configure_provider { config: provider_block(&address) }).diagnostics, []);
    let config = object_of(URL, [("name", "/url".into()), ("host", "cache.local".into())]);
    let planned = call!(
        client,
        plan_resource_change {
            type_name: URL.into(),
            prior_state: null(),
            proposed_new_state: config.clone(),
            config: config.clone(),
        }
    );
    assert_eq!(planned.diagnostics, []);
    let mut applying = client.clone();
    let request = pb::apply_resource_change::Request {
        type_name: URL.into(),
        prior_state: null(),
        planned_state: planned.planned_state,
        config,
        planned_private: planned.planned_private,
        ..Default::default()
    };
    let apply = tokio::spawn(async move { applying.apply_resource_change(request).await });
    tokio::time::timeout(DEADLINE, is_silent).await.unwrap().unwrap();

    let requested = Instant::now();
    assert_eq!(call!(client, stop_provider {}).error, "");
    let _never_answered = match late {
        Some(answer) => answer_late.send(answer).map(|()| None).unwrap(),
        None => Some(answer_late),
    };
    let answer = tokio::time::timeout(DEADLINE, apply).await.unwrap().unwrap().unwrap().into_inner();
    assert!(requested.elapsed() < Duration::from_secs(2), "{:?}", requested.elapsed());
    let one = only(&answer.diagnostics);
    assert!(one.detail.contains("the operation was canceled."), "{one:?}");
    decode(answer.new_state, resource(URL).schema().ty())
}

const PUT: &str = r#"{"Version":7,"Tier":"Standard"}"#;

#[track_caller]
fn assert_saved(state: &Value) {
    assert_eq!(*state.get("id"), Value::from("/url"));
    assert_eq!(*state.get("version"), Value::from(7));
    assert!(state.is_wholly_known());
}

#[tokio::test]
async fn a_stop_ends_a_question_that_aws_does_not_answer_and_saves_what_exists() {
    assert_saved(&stopped(vec![PUT], None).await);
}

/// A change under way may have been made, so its answer is waited for; nothing new is begun.
#[tokio::test]
async fn a_stop_waits_for_a_create_under_way_and_saves_what_it_made() {
    assert_saved(&stopped(Vec::new(), Some(PUT)).await);
}

/// No value of any of our types.
fn hostile() -> Vec<Vec<u8>> {
    let map_of_name = |value: &[u8]| [b"\x81\xa4name", value].concat();
    vec![
        // Cut short, in each kind of header.
        vec![0x81],
        vec![0xd9],
        vec![0xdd, 0xff],
        map_of_name(b"\xa5ab"),
        // Lengths of four gigabytes with nothing behind them.
        vec![0xdf, 0xff, 0xff, 0xff, 0xff],
        vec![0xdd, 0xff, 0xff, 0xff, 0xff],
        map_of_name(&[0xc6, 0xff, 0xff, 0xff, 0xff]),
        map_of_name(&[0xdb, 0xff, 0xff, 0xff, 0xff]),
        // Nesting without end.
        vec![0x91; 200_000],
        [0x81, 0xa1, b'a'].repeat(100_000),
        // Not an object of ours: other types, no attributes, foreign ones, keys that are no names.
        vec![0x2a],
        vec![0xc3],
        b"\xa5hello".to_vec(),
        vec![0x80],
        b"\x81\xa5alien\x01".to_vec(),
        vec![0x81, 0x01, 0x01],
        // Not UTF-8, a byte that means nothing, bytes behind the value.
        map_of_name(b"\xa2\xff\xfe"),
        vec![0xc1],
        vec![0xc0, 0xc0],
        // A refinement longer than any.
        [&[0xc8, 0xff, 0xff, 0x0c][..], &[0x81; 64]].concat(),
    ]
}

#[tokio::test]
async fn hostile_bytes_get_an_error_and_the_server_lives() {
    let (mut plugin, mut client) = start().await;
    let type_name = || GROUP.to_owned();
    for value in hostile() {
        let value = || bytes(&value);
        let answers = [
            call!(client, validate_provider_config { config: value() }).diagnostics,
            call!(client, configure_provider { config: value() }).diagnostics,
            call!(client, validate_resource_config { type_name: type_name(), config: value() }).diagnostics,
            call!(client, read_resource { type_name: type_name(), current_state: value() }).diagnostics,
            call!(
                client,
                plan_resource_change { type_name: type_name(), config: value(), proposed_new_state: group() }
            )
            .diagnostics,
            call!(
                client,
                plan_resource_change { type_name: type_name(), config: group(), proposed_new_state: value() }
            )
            .diagnostics,
            call!(client, plan_resource_change { type_name: type_name(), prior_state: value() }).diagnostics,
            call!(client, apply_resource_change { type_name: type_name(), planned_state: value() })
                .diagnostics,
            call!(client, apply_resource_change { type_name: type_name(), prior_state: value() }).diagnostics,
            call!(client, apply_resource_change { type_name: type_name(), config: value() }).diagnostics,
        ];
        for (i, diagnostics) in answers.iter().enumerate() {
            assert!(is_error(diagnostics), "call {i} with {value:x?}", value = value().map(|v| v.msgpack));
        }
    }
    for json in ["", "{", "[]", "\"text\"", "{\"id\":[1]}", &"[".repeat(100_000)] {
        let raw_state =
            Some(pb::RawState { json: json.as_bytes().to_vec(), flatmap: [("a".into(), "b".into())].into() });
        assert!(is_error(
            &call!(client, upgrade_resource_state { type_name: type_name(), raw_state: raw_state })
                .diagnostics
        ));
    }
    assert!(plugin.is_running());
    assert_eq!(
        call!(client, validate_resource_config { type_name: type_name(), config: group() }).diagnostics,
        []
    );
}

#[tokio::test]
async fn many_calls_at_once_get_their_own_answers() {
    let (_plugin, client) = start().await;
    let ty = resource(GROUP).schema().ty();
    let calls: Vec<_> = (0..300)
        .map(|i| {
            let mut client = client.clone();
            tokio::spawn(async move {
                let name = format!("group-{i}");
                let config = object_of(
                    GROUP,
                    [("name", Value::from(&*name)), ("subnet_ids", Value::set([Value::from("s")]))],
                );
                let planned = call!(
                    client,
                    plan_resource_change {
                        type_name: GROUP.into(),
                        prior_state: null(),
                        proposed_new_state: config.clone(),
                        config: config,
                    }
                );
                (name, planned.planned_state)
            })
        })
        .collect();
    for answer in calls {
        let (name, planned) = answer.await.unwrap();
        assert_eq!(*decode(planned, ty).get("id"), Value::from(&*name));
    }
}

#[tokio::test]
async fn the_last_configuration_holds() {
    let (_plugin, mut client) = start().await;
    let schema = provider::schema();
    for region in ["eu-west-1", "us-east-1"] {
        let config = encode(&object(schema, [("region", region.into())]), schema.ty());
        assert_eq!(call!(client, configure_provider { config: config }).diagnostics, []);
        let planned = call!(
            client,
            plan_resource_change {
                type_name: GROUP.into(),
                prior_state: null(),
                proposed_new_state: group(),
                config: group(),
            }
        );
        assert_eq!(
            *decode(planned.planned_state, resource(GROUP).schema().ty()).get("region"),
            Value::from(region)
        );
    }
}

/// A resource with a defect: whatever it is asked, it panics.
struct Broken;

#[tonic::async_trait]
impl AnyResource for Broken {
    fn type_name(&self) -> &'static str {
        "elasticache_broken"
    }
    fn schema(&self) -> &'static Schema {
        resource(GROUP).schema()
    }
    fn validate(&self, _: &Value) -> Diagnostics {
        panic!("at validate")
    }
    fn plan(&self, _: &ProviderConfig, _: PlanRequest) -> PlanResponse {
        panic!("at plan")
    }
    async fn before_removal(&self, _: &ProviderConfig, _: &CancellationToken, _: &Value) -> Diagnostics {
        panic!("before a removal")
    }
    async fn apply(&self, _: &ProviderConfig, _: &CancellationToken, _: ApplyRequest) -> ApplyResponse {
        tokio::task::yield_now().await;
        panic!("at apply")
    }
    async fn read(&self, _: &ProviderConfig, _: &CancellationToken, _: ReadRequest) -> ReadResponse {
        tokio::task::yield_now().await;
        panic!("at read")
    }
    fn identity_schema(&self) -> IdentitySchema {
        resource(GROUP).identity_schema()
    }
    fn import(&self, _: &str) -> Result<Value, Diagnostic> {
        panic!("at import")
    }
    fn import_stub(&self, _: &Value) -> Result<Value, Diagnostics> {
        panic!("at import by identity")
    }
    fn generate(&self, _: &ProviderConfig, _: &Value) -> Result<Value, Diagnostic> {
        panic!("at generate")
    }
    fn moved(&self, _: &MoveRequest) -> Result<Moved, Diagnostic> {
        panic!("at move")
    }
    fn upgrade(&self, _: i64, _: serde_json::Value) -> Result<Value, Diagnostic> {
        panic!("at upgrade")
    }
}

/// The service itself, in this process: no resource of the built binary panics on demand.
#[tokio::test]
async fn a_panic_is_a_diagnostic_that_asks_for_a_report() {
    static BROKEN: &[&dyn AnyResource] = &[&Broken];
    let service = Service::new(Registry { resources: BROKEN, ..Registry::default() }, Process::default());
    let type_name = || "elasticache_broken".to_owned();
    macro_rules! answer {
        ($rpc:ident { $($field:ident : $value:expr),* }) => {{
            #[allow(clippy::needless_update)]
            let request = pb::$rpc::Request { $($field: $value,)* ..Default::default() };
            service.$rpc(Request::new(request)).await.unwrap().into_inner().diagnostics
        }};
    }
    let raw_state = Some(pb::RawState { json: b"{}".to_vec(), ..Default::default() });
    let identity = Some(pb::ResourceIdentityData { identity_data: null() });
    let answers = [
        ("validate", answer!(validate_resource_config { type_name: type_name(), config: group() })),
        ("plan", answer!(plan_resource_change { type_name: type_name(), config: group() })),
        ("apply", answer!(apply_resource_change { type_name: type_name(), config: group() })),
        ("read", answer!(read_resource { type_name: type_name(), current_state: group() })),
        ("import", answer!(import_resource_state { type_name: type_name(), id: "x".into() })),
        ("import by identity", answer!(import_resource_state { type_name: type_name(), identity: identity })),
        ("generate", answer!(generate_resource_config { type_name: type_name(), state: group() })),
        ("upgrade", answer!(upgrade_resource_state { type_name: type_name(), raw_state: raw_state })),
    ];
    for (what, diagnostics) in &answers {
        let bug = only(diagnostics);
        assert_eq!(bug.summary, "Provider defect");
        assert!(
            bug.detail.contains(&format!("panicked: at {what}")) && bug.detail.contains("report"),
            "{bug:?}"
        );
    }
}

/// A resource that shows all it knows, in a diagnostic and in a panic.
struct Leaky;

#[tonic::async_trait]
impl AnyResource for Leaky {
    fn type_name(&self) -> &'static str {
        "elasticache_leaky"
    }
    fn schema(&self) -> &'static Schema {
        resource("elasticache_ssm_url").schema()
    }
    fn validate(&self, config: &Value) -> Diagnostics {
        Diagnostic::error("Leak", format!("{config:?}")).into()
    }
    fn plan(&self, _: &ProviderConfig, request: PlanRequest) -> PlanResponse {
        panic!("{:?}", request.config)
    }
    async fn apply(&self, _: &ProviderConfig, _: &CancellationToken, request: ApplyRequest) -> ApplyResponse {
        let secret = request.config.get("auth_token").as_str().unwrap_or_default().to_owned();
        let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
        ApplyResponse { diags: Diagnostic::error(secret, hex).into(), ..ApplyResponse::default() }
    }
    async fn read(&self, _: &ProviderConfig, _: &CancellationToken, request: ReadRequest) -> ReadResponse {
        let diags = Diagnostic::error("Leak", format!("{:?}", request.state)).into();
        ReadResponse { diags, ..ReadResponse::default() }
    }
    async fn before_removal(&self, _: &ProviderConfig, _: &CancellationToken, state: &Value) -> Diagnostics {
        Diagnostic::error("Leak", format!("{state:?}")).into()
    }
    fn identity_schema(&self) -> IdentitySchema {
        resource("elasticache_ssm_url").identity_schema()
    }
    fn import(&self, id: &str) -> Result<Value, Diagnostic> {
        Err(Diagnostic::error("Leak", id))
    }
    fn import_stub(&self, identity: &Value) -> Result<Value, Diagnostics> {
        Err(Diagnostic::error("Leak", format!("{identity:?}")).into())
    }
    fn generate(&self, _: &ProviderConfig, state: &Value) -> Result<Value, Diagnostic> {
        Err(Diagnostic::error("Leak", format!("{state:?}")))
    }
    fn moved(&self, request: &MoveRequest) -> Result<Moved, Diagnostic> {
        Err(Diagnostic::error("Leak", request.state.to_string()))
    }
    fn upgrade(&self, _: i64, state: serde_json::Value) -> Result<Value, Diagnostic> {
        Err(Diagnostic::error("Leak", state.to_string()))
    }
}

#[tokio::test]
async fn no_reply_shows_a_sensitive_value_even_when_the_provider_quotes_it() {
    static LEAKY: &[&dyn AnyResource] = &[&Leaky];
    const TOKEN: &str = "token-of-the-test-!&#0123";
    let service = Service::new(Registry { resources: LEAKY, ..Registry::default() }, Process::default());
    let schema = Leaky.schema();
    let config =
        || encode(&object(schema, [("name", "/url".into()), ("auth_token", TOKEN.into())]), schema.ty());
    let type_name = || "elasticache_leaky".to_owned();
    macro_rules! answer {
        ($rpc:ident { $($field:ident : $value:expr),* }) => {{
            #[allow(clippy::needless_update)]
            let request = pb::$rpc::Request { $($field: $value,)* ..Default::default() };
            service.$rpc(Request::new(request)).await.unwrap().into_inner().diagnostics
        }};
    }
    let json = format!("{{\"name\": \"/url\", \"auth_token\": \"{TOKEN}\"}}").into_bytes();
    let state = || Some(pb::RawState { json: json.clone(), ..Default::default() });
    let answers = [
        answer!(validate_resource_config { type_name: type_name(), config: config() }),
        answer!(plan_resource_change {
            type_name: type_name(),
            config: config(),
            proposed_new_state: config()
        }),
        answer!(apply_resource_change { type_name: type_name(), config: config(), planned_state: config() }),
        answer!(read_resource { type_name: type_name(), current_state: config() }),
        answer!(generate_resource_config { type_name: type_name(), state: config() }),
        answer!(upgrade_resource_state { type_name: type_name(), raw_state: state() }),
        answer!(move_resource_state { target_type_name: type_name(), source_state: state() }),
        answer!(import_resource_state { type_name: type_name(), id: format!("rediss://:{TOKEN}@host:6379") }),
    ];
    for diagnostics in &answers {
        let reported: String = diagnostics.iter().map(|d| format!("{} {}\n", d.summary, d.detail)).collect();
        assert!(reported.contains("(redacted)") && !reported.contains("token-of-the-test"), "{reported}");
        assert!(!reported.contains("746f6b656e2d6f66"), "{reported}");
    }
}
