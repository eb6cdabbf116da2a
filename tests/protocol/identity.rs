//! Resource identity, as Terraform 1.12 and OpenTofu 1.12 ask for it.

use std::collections::BTreeMap;

use terraform_provider_elasticache::engine::AnyResource;
use terraform_provider_elasticache::provider;
use terraform_provider_elasticache::resources::RESOURCES;
use terraform_provider_elasticache::value::{Value, msgpack};
use terraform_provider_elasticache::wire::proto::tfplugin6 as pb;

use super::shelf::{ACCOUNT, SHELF, Shelf};
use super::stop::endpoint;
use super::{
    GROUP, decode, encode, group, is_error, null, object, object_of, only, provider_block, resource, shelf,
    start,
};

fn shelf_object<const N: usize>(attributes: [(&str, Value); N]) -> Option<pb::DynamicValue> {
    let schema = AnyResource::schema(&Shelf);
    encode(&object(schema, attributes), schema.ty())
}

fn identity<const N: usize>(
    resource: &dyn AnyResource,
    attributes: [(&str, Value); N],
) -> Option<pb::ResourceIdentityData> {
    let schema = resource.identity_schema();
    let names = schema.attributes().into_iter().map(|attribute| (attribute.name, Value::Null));
    let all: BTreeMap<&str, Value> = names.chain(attributes).collect();
    Some(pb::ResourceIdentityData { identity_data: encode(&Value::map(all), &schema.ty()) })
}

fn read_identity(resource: &dyn AnyResource, message: Option<pb::ResourceIdentityData>) -> Value {
    let bytes = message.unwrap().identity_data.unwrap().msgpack;
    msgpack::decode(&bytes, &resource.identity_schema().ty()).unwrap()
}

fn value(account: impl Into<Value>, region: impl Into<Value>, name: &str) -> Value {
    Value::map([("account_id", account.into()), ("region", region.into()), ("name", name.into())])
}

fn attribute(diagnostic: &pb::Diagnostic) -> String {
    let step = diagnostic.attribute.clone().unwrap().steps.remove(0).selector;
    match step {
        Some(pb::attribute_path::step::Selector::AttributeName(name)) => name,
        other => panic!("{other:?}"),
    }
}

/// A violation keeps Terraform from loading the provider at all.
#[tokio::test]
async fn every_resource_has_an_identity_that_terraform_loads() {
    let (_plugin, mut client) = start().await;
    let answer = call!(client, get_resource_identity_schemas {});
    assert_eq!(answer.diagnostics, []);
    let mut expected: Vec<_> = RESOURCES.iter().map(|resource| resource.type_name()).collect();
    expected.sort_unstable();
    assert_eq!(answer.identity_schemas.keys().collect::<Vec<_>>(), expected.iter().collect::<Vec<_>>());
    for (name, schema) in answer.identity_schemas {
        assert_eq!(schema.version, 0, "{name}");
        let (mut required, mut optional) = (0, Vec::new());
        for attribute in &schema.identity_attributes {
            assert_eq!(attribute.r#type, br#""string""#, "{name}.{}", attribute.name);
            assert_ne!(
                attribute.required_for_import, attribute.optional_for_import,
                "{name}.{}",
                attribute.name
            );
            match attribute.required_for_import {
                true => required += 1,
                false => optional.push(attribute.name.as_str()),
            }
        }
        assert_eq!((required > 0, optional), (true, vec!["account_id", "region"]), "{name}");
    }
}

/// OpenTofu 1.12.6 cannot store what is not known yet, and a create knows neither account nor ARN.
#[tokio::test]
async fn plan_of_a_create_has_no_identity() {
    let (_plugin, mut client) = start().await;
    let stored = [("account_id", Value::Unknown), ("name", "booking".into())];
    for prior_identity in [None, identity(resource(GROUP), stored)] {
        let planned = call!(
            client,
            plan_resource_change {
                type_name: GROUP.into(),
                prior_state: null(),
                proposed_new_state: group(),
                config: group(),
                prior_identity: prior_identity,
            }
        );
        assert_eq!((planned.diagnostics, planned.planned_identity), (Vec::new(), None));
    }
}

#[tokio::test]
async fn plan_of_an_existing_object_has_its_known_identity() {
    let (_plugin, mut client) = start().await;
    let arn = "arn:aws:elasticache:eu-west-1:123456789012:subnetgroup:booking";
    let subnets = || Value::set([Value::from("subnet-1")]);
    let prior = || {
        object_of(
            GROUP,
            [
                ("id", "booking".into()),
                ("name", "booking".into()),
                ("subnet_ids", subnets()),
                ("arn", arn.into()),
                ("region", "eu-west-1".into()),
            ],
        )
    };
    let renamed = || object_of(GROUP, [("name", "other".into()), ("subnet_ids", subnets())]);
    for (proposed, config) in [(null(), null()), (prior(), group()), (renamed(), renamed())] {
        let planned = call!(
            client,
            plan_resource_change {
                type_name: GROUP.into(),
                prior_state: prior(),
                proposed_new_state: proposed,
                config: config,
            }
        );
        let found = read_identity(resource(GROUP), planned.planned_identity);
        assert_eq!(found, value(ACCOUNT, "eu-west-1", "booking"));
    }
}

#[tokio::test]
async fn identity_is_the_same_from_create_to_delete() {
    let mut client = shelf::start().await;
    let type_name = || SHELF.to_owned();
    let expected = value(ACCOUNT, "eu-west-1", "a");
    let config = shelf_object([("name", "a".into())]);
    let planned = call!(
        client,
        plan_resource_change {
            type_name: type_name(),
            prior_state: null(),
            proposed_new_state: config.clone(),
            config: config.clone(),
        }
    );
    let created = call!(
        client,
        apply_resource_change {
            type_name: type_name(),
            prior_state: null(),
            planned_state: planned.planned_state,
            config: config,
            planned_identity: planned.planned_identity,
        }
    );
    assert_eq!(created.diagnostics, []);
    assert_eq!(read_identity(&Shelf, created.new_identity.clone()), expected);

    let state = created.new_state.clone();
    let read = call!(
        client,
        read_resource {
            type_name: type_name(),
            current_state: state.clone(),
            current_identity: created.new_identity
        }
    );
    assert_eq!(read_identity(&Shelf, read.new_identity.clone()), expected);

    let config = shelf_object([("name", "a".into()), ("books", 3.into())]);
    let Value::Map(mut proposed) = decode(state.clone(), AnyResource::schema(&Shelf).ty()) else {
        panic!("no object")
    };
    proposed.insert("books".to_owned(), 3.into());
    let proposed = encode(&Value::Map(proposed), AnyResource::schema(&Shelf).ty());
    let planned = call!(
        client,
        plan_resource_change {
            type_name: type_name(),
            prior_state: state.clone(),
            proposed_new_state: proposed,
            config: config.clone(),
            prior_identity: read.new_identity,
        }
    );
    assert_eq!(read_identity(&Shelf, planned.planned_identity.clone()), expected);
    let updated = call!(
        client,
        apply_resource_change {
            type_name: type_name(),
            prior_state: state,
            planned_state: planned.planned_state,
            config: config,
            planned_identity: planned.planned_identity,
        }
    );
    assert_eq!(read_identity(&Shelf, updated.new_identity.clone()), expected);

    let destroy = call!(
        client,
        plan_resource_change {
            type_name: type_name(),
            prior_state: updated.new_state.clone(),
            proposed_new_state: null(),
            config: null(),
            prior_identity: updated.new_identity,
        }
    );
    assert_eq!(read_identity(&Shelf, destroy.planned_identity.clone()), expected);
    let deleted = call!(
        client,
        apply_resource_change {
            type_name: type_name(),
            prior_state: updated.new_state,
            planned_state: null(),
            planned_identity: destroy.planned_identity,
        }
    );
    assert_eq!((deleted.diagnostics, deleted.new_identity), (Vec::new(), None));
}

#[tokio::test]
async fn read_gives_an_identity_to_a_state_without_one() {
    let mut client = shelf::start().await;
    let read = call!(
        client,
        read_resource { type_name: SHELF.into(), current_state: shelf_object([("name", "a".into())]) }
    );
    assert_eq!(read_identity(&Shelf, read.new_identity), value(ACCOUNT, "eu-west-1", "a"));
}

#[tokio::test]
async fn read_of_an_object_that_is_gone_keeps_the_stored_identity() {
    let mut client = shelf::start().await;
    let stored = [("account_id", "1".into()), ("region", "eu-west-2".into()), ("name", "gone".into())];
    let read = call!(
        client,
        read_resource {
            type_name: SHELF.into(),
            current_state: shelf_object([("name", "gone".into())]),
            current_identity: identity(&Shelf, stored),
        }
    );
    assert!(decode(read.new_state, AnyResource::schema(&Shelf).ty()).is_null());
    assert_eq!(read_identity(&Shelf, read.new_identity), value("1", "eu-west-2", "gone"));
}

#[tokio::test]
async fn import_by_id_has_an_identity() {
    let (_plugin, mut client) = start().await;
    let imported =
        call!(client, import_resource_state { type_name: GROUP.into(), id: "booking@us-east-1".into() });
    assert_eq!(imported.diagnostics, []);
    let found = imported.imported_resources.into_iter().next().unwrap().identity;
    assert_eq!(read_identity(resource(GROUP), found), value(Value::Null, "us-east-1", "booking"));
}

#[tokio::test]
async fn import_by_identity_is_that_of_the_object_in_its_region() {
    let (_plugin, mut client) = start().await;
    let given = [("region", "us-east-1".into()), ("name", "booking".into())];
    let imported = call!(
        client,
        import_resource_state { type_name: GROUP.into(), identity: identity(resource(GROUP), given) }
    );
    assert_eq!(imported.diagnostics, []);
    let imported = imported.imported_resources.into_iter().next().unwrap();
    assert_eq!(imported.type_name, GROUP);
    let state = decode(imported.state, resource(GROUP).schema().ty());
    assert_eq!(*state.get("name"), Value::from("booking"));
    assert_eq!(*state.get("region"), Value::from("us-east-1"));
    let found = read_identity(resource(GROUP), imported.identity);
    assert_eq!(found, value(Value::Null, "us-east-1", "booking"));

    let pair = "elasticache_user_group_association";
    let given = [("user_group_id", "app".into()), ("user_id", "demo".into())];
    let imported = call!(
        client,
        import_resource_state { type_name: pair.into(), identity: identity(resource(pair), given) }
    );
    let state = imported.imported_resources.into_iter().next().unwrap().state;
    let state = decode(state, resource(pair).schema().ty());
    assert_eq!(
        (state.get("user_group_id").as_str(), state.get("user_id").as_str()),
        (Some("app"), Some("demo"))
    );

    for (ty, key, id) in [
        ("elasticache_global_replication_group", "global_replication_group_id", "gxeiz-booking"),
        ("elasticache_serverless_cache", "name", "booking"),
        ("elasticache_serverless_cache_snapshot", "name", "booking-before"),
    ] {
        let given = [("region", "us-east-1".into()), (key, id.into())];
        let imported = call!(
            client,
            import_resource_state { type_name: ty.into(), identity: identity(resource(ty), given) }
        );
        assert_eq!(imported.diagnostics, [], "{ty}");
        let state = imported.imported_resources.into_iter().next().unwrap().state;
        let state = decode(state, resource(ty).schema().ty());
        assert_eq!(
            (state.get("id").as_str(), state.get("region").as_str()),
            (Some(id), Some("us-east-1")),
            "{ty}"
        );
    }
}

/// Terraform drops names that it does not know, and passes null for a required one.
#[tokio::test]
async fn import_by_an_identity_without_key_is_an_error_at_the_key() {
    let (_plugin, mut client) = start().await;
    let pair = "elasticache_user_group_association";
    for (type_name, key) in
        [(GROUP, "name"), (pair, "user_group_id"), ("elasticache_auth_token_secret", "arn")]
    {
        let given = [("region", "us-east-1".into())];
        let refused = call!(
            client,
            import_resource_state {
                type_name: type_name.into(),
                identity: identity(resource(type_name), given)
            }
        );
        assert!(refused.imported_resources.is_empty() && is_error(&refused.diagnostics));
        let first = &refused.diagnostics[0];
        assert_eq!((first.summary.as_str(), attribute(first).as_str()), ("Missing identity attribute", key));
        assert!(first.detail.contains(key) && first.detail.contains(type_name), "{first:?}");
    }
}

const CALLER: &str = "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
    <GetCallerIdentityResult><Arn>arn:aws:iam::111111111111:user/test</Arn><UserId>A</UserId>\
    <Account>111111111111</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>r</RequestId>\
    </ResponseMetadata></GetCallerIdentityResponse>";

#[tokio::test]
async fn import_by_an_identity_of_another_account_names_both() {
    let (_plugin, mut client) = start().await;
    let (address, _silent, _late) = endpoint(vec![CALLER]).await;
    assert_eq!(call!(client, configure_provider { config: provider_block(&address) }).diagnostics, []);
    let mut import = async |account: &str| {
        let given = [("account_id", account.into()), ("name", "booking".into())];
        let identity = identity(resource(GROUP), given);
        call!(client, import_resource_state { type_name: GROUP.into(), identity: identity })
    };
    let refused = import("222222222222").await;
    let one = only(&refused.diagnostics);
    assert_eq!(
        (one.summary.as_str(), attribute(one).as_str()),
        ("Identity of another AWS account", "account_id")
    );
    assert!(one.detail.contains("222222222222") && one.detail.contains("111111111111"), "{one:?}");
    assert!(refused.imported_resources.is_empty());
    // STS is asked once.
    let accepted = import("111111111111").await;
    assert_eq!(accepted.diagnostics, []);
    let found = accepted.imported_resources.into_iter().next().unwrap().identity;
    assert_eq!(read_identity(resource(GROUP), found), value("111111111111", Value::Null, "booking"));
}

#[tokio::test]
async fn import_does_not_need_to_know_the_account() {
    let (_plugin, mut client) = start().await;
    let schema = provider::schema();
    let block = object(schema, [("region", "eu-west-1".into()), ("skip_requesting_account_id", true.into())]);
    let configured = call!(client, configure_provider { config: encode(&block, schema.ty()) });
    assert_eq!(configured.diagnostics, []);
    let given = [("account_id", "222222222222".into()), ("name", "booking".into())];
    let imported = call!(
        client,
        import_resource_state { type_name: GROUP.into(), identity: identity(resource(GROUP), given) }
    );
    assert_eq!((imported.diagnostics.len(), imported.imported_resources.len()), (0, 1));
}

#[tokio::test]
async fn move_has_an_identity_with_the_account_of_the_old_one() {
    let (_plugin, mut client) = start().await;
    let state = br#"{"id":"booking","name":"booking","region":"eu-west-2"}"#.to_vec();
    let old = br#"{"account_id":"123456789012","region":"eu-west-2","name":"booking"}"#.to_vec();
    let raw = |json: Vec<u8>| Some(pb::RawState { json, ..Default::default() });
    for (source_identity, account) in [
        (raw(old), Value::from(ACCOUNT)),
        (raw(br#"{"name":["other"]}"#.to_vec()), Value::Null),
        (None, Value::Null),
    ] {
        let moved = call!(
            client,
            move_resource_state {
                source_provider_address: "registry.terraform.io/hashicorp/aws".into(),
                source_type_name: "aws_elasticache_subnet_group".into(),
                source_state: raw(state.clone()),
                target_type_name: GROUP.into(),
                source_identity: source_identity,
            }
        );
        assert_eq!(moved.diagnostics, []);
        assert_eq!(
            read_identity(resource(GROUP), moved.target_identity),
            value(account, "eu-west-2", "booking")
        );
    }
}

#[tokio::test]
async fn stored_identity_is_read_in_version_0_alone() {
    let (_plugin, mut client) = start().await;
    let raw = |json: &[u8]| Some(pb::RawState { json: json.to_vec(), ..Default::default() });
    let stored = || raw(br#"{"account_id":"123456789012","name":"booking"}"#);
    let upgraded =
        call!(client, upgrade_resource_identity { type_name: GROUP.into(), raw_identity: stored() });
    assert_eq!(upgraded.diagnostics, []);
    let found = read_identity(resource(GROUP), upgraded.upgraded_identity);
    assert_eq!(found, value(ACCOUNT, Value::Null, "booking"));
    // Terraform asks also where no identity is stored.
    let none = call!(client, upgrade_resource_identity { type_name: GROUP.into(), raw_identity: raw(b"") });
    assert_eq!((none.diagnostics, none.upgraded_identity), (Vec::new(), None));
    let newer = call!(
        client,
        upgrade_resource_identity { type_name: GROUP.into(), version: 1, raw_identity: stored() }
    );
    assert!(newer.upgraded_identity.is_none() && is_error(&newer.diagnostics));
    assert!(only(&newer.diagnostics).detail.contains("version 1"), "{newer:?}");
    let unknown = call!(client, upgrade_resource_identity { type_name: "elasticache_toaster".into() });
    assert!(only(&unknown.diagnostics).detail.contains("elasticache_toaster"));
}
