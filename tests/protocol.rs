//! The provider service of the built binary, as Terraform calls it and as it never should.

#![cfg(unix)]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::collections::BTreeMap;

use support::plugin_client::{Channel, Plugin};
use terraform_provider_elasticache::engine::AnyResource;
use terraform_provider_elasticache::provider;
use terraform_provider_elasticache::resources::RESOURCES;
use terraform_provider_elasticache::schema::{BlockNesting, Schema};
use terraform_provider_elasticache::value::{Type, Value, msgpack};
use terraform_provider_elasticache::wire::proto::tfplugin6 as pb;
use terraform_provider_elasticache::wire::proto::tfplugin6::provider_client::ProviderClient;
use tonic::Code;

/// Calls an RPC with these fields; its reply.
macro_rules! call {
    ($client:expr, $rpc:ident { $($field:ident : $value:expr),* $(,)? }) => {{
        #[allow(clippy::needless_update)]
        let request = pb::$rpc::Request { $($field: $value,)* ..Default::default() };
        $client.$rpc(request).await.unwrap().into_inner()
    }};
}

#[path = "protocol/defects.rs"]
mod defects;
#[path = "protocol/hostile.rs"]
mod hostile;
#[path = "protocol/identity.rs"]
mod identity;
#[path = "protocol/operations.rs"]
mod operations;
#[path = "protocol/shelf.rs"]
mod shelf;
#[path = "protocol/stop.rs"]
mod stop;

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
