//! What holds for the identity of every registered resource.

use std::collections::BTreeSet;

use crate::engine::AnyResource;
use crate::resources::RESOURCES;
use crate::schema::{Attribute, Mode, Recompute, Replace};
use crate::testing::test_resource::TestResource;
use crate::value::{Path, Type, Value};

const REGION: &str = "eu-west-3";

/// A key that import accepts: most types accept any word.
fn key(type_name: &str, attribute: &str) -> &'static str {
    match (type_name, attribute) {
        (_, "arn") => "arn:aws:secretsmanager:eu-west-3:123456789012:secret:app/redis-AbCdEf",
        ("elasticache_security_group", _) => "sg-0a1b2c3d4e5f60001",
        (_, "user_id") => "app",
        _ => "demo",
    }
}

/// The identity of an object of that type in [`REGION`].
fn identity(resource: &dyn AnyResource, keys: &[&'static str]) -> Value {
    let own = keys.iter().map(|name| (*name, Value::from(key(resource.type_name(), name))));
    Value::map([("account_id", Value::Null), ("region", REGION.into())].into_iter().chain(own))
}

fn all() -> impl Iterator<Item = &'static dyn AnyResource> {
    let everything: &'static dyn AnyResource = &TestResource;
    RESOURCES.iter().copied().chain([everything])
}

/// True for an attribute that an update in place cannot change.
fn is_lasting(attribute: &Attribute) -> bool {
    let replaces = matches!(attribute.replace, Replace::Always);
    let is_assigned = attribute.mode == Mode::Computed && attribute.recompute == Recompute::Never;
    replaces || is_assigned
}

#[test]
fn every_key_is_a_text_that_lasts_as_long_as_the_object() {
    for resource in all() {
        let (name, schema) = (resource.type_name(), resource.identity_schema());
        assert!(!schema.keys().is_empty(), "{name}");
        for key in schema.keys() {
            let attribute = resource.schema().block.attribute(key);
            let attribute = attribute.unwrap_or_else(|| panic!("{name} has no attribute {key}"));
            assert_eq!(attribute.ty(), Type::String, "{name}.{key}");
            assert!(is_lasting(attribute), "{name}.{key} may change in place");
            assert!(!attribute.sensitive && !attribute.write_only, "{name}.{key} is hidden");
        }
    }
}

/// The rules by which Terraform loads an identity schema.
#[test]
fn every_identity_is_described_and_begins_with_account_and_region() {
    for resource in all() {
        let name = resource.type_name();
        let attributes = resource.identity_schema().attributes();
        let names: Vec<_> = attributes.iter().map(|it| it.name).collect();
        assert_eq!(names[..2], ["account_id", "region"], "{name}");
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{name}");
        assert!(attributes.iter().all(|it| it.description.ends_with('.')), "{name}: {attributes:?}");
        let required: Vec<_> = attributes.iter().filter(|it| it.required).map(|it| it.name).collect();
        assert_eq!(required, resource.identity_schema().keys(), "{name}");
    }
}

#[test]
fn import_by_identity_begins_as_import_by_id() {
    for resource in all() {
        let (name, schema) = (resource.type_name(), resource.identity_schema());
        let given = identity(resource, schema.keys());
        let stub = resource.import_stub(&given).unwrap();
        let found = schema.of_state(&stub, &given);
        for attribute in schema.keys().iter().chain(&["region"]) {
            assert_eq!(found.get(attribute), given.get(attribute), "{name}.{attribute}");
        }
        let keys: Vec<&str> = schema.keys().iter().map(|attribute| key(name, attribute)).collect();
        assert_eq!(resource.import(&format!("{}@{REGION}", keys.join(","))).unwrap(), stub, "{name}");
    }
}

#[test]
fn import_without_a_key_names_the_attribute() {
    for resource in all() {
        for key in resource.identity_schema().keys() {
            let mut given = identity(resource, resource.identity_schema().keys());
            if let Value::Map(entries) = &mut given {
                entries.insert((*key).to_owned(), Value::Null);
            }
            let refused = resource.import_stub(&given).unwrap_err();
            let paths: Vec<_> = refused.iter().map(|it| it.path.clone()).collect();
            assert_eq!(paths, [Some(Path::attribute(*key))], "{}", resource.type_name());
        }
    }
}

#[test]
fn wrong_key_is_refused_at_its_attribute() {
    let refused = |type_name: &str, attribute: &str, key: &str| {
        let resource = RESOURCES.iter().find(|it| it.type_name() == type_name).unwrap();
        let refused = resource.import_stub(&Value::map([(attribute, Value::from(key))])).unwrap_err();
        let first = refused.iter().next().unwrap().clone();
        assert_eq!(first.path, Some(Path::attribute(attribute)));
        first.summary
    };
    assert_eq!(refused("elasticache_security_group", "id", "default"), "Invalid import ID");
    let arn = "arn:aws:elasticache:eu-west-1:123456789012:user:demo";
    assert_eq!(refused("elasticache_subnet_group", "name", arn), "Invalid import ID");
}

/// An alarm may have any name, that of a topic's ARN too; its own ARN remains one.
#[test]
fn key_with_the_form_of_an_arn_is_the_key_where_any_is_allowed() {
    let topic = "arn:aws:sns:eu-west-1:123456789012:alarms";
    for type_name in ["elasticache_metric_alarm", "elasticache_composite_alarm"] {
        let resource = RESOURCES.iter().find(|it| it.type_name() == type_name).unwrap();
        let name = |given: &str| {
            let given = Value::map([("alarm_name", Value::from(given)), ("region", "eu-west-1".into())]);
            resource.import_stub(&given).unwrap().get("alarm_name").clone()
        };
        let own = format!("arn:aws:cloudwatch:eu-west-1:123456789012:alarm:{topic}");
        for (given, expected) in [("arn:", "arn:"), (topic, topic), (&*own, topic)] {
            assert_eq!(name(given), Value::from(expected), "{type_name}: {given}");
        }
        // By ID, an ARN of something else is more likely a mistake.
        assert_eq!(*resource.import(&own).unwrap().get("alarm_name"), Value::from(topic));
        assert_eq!(resource.import(topic).unwrap_err().summary, "Invalid import ID");
    }
}

#[test]
fn region_beside_an_arn_must_be_that_of_the_arn() {
    let import = |type_name: &str, attribute: &str, arn: &str, region: &str| {
        let resource = RESOURCES.iter().find(|it| it.type_name() == type_name).unwrap();
        resource.import_stub(&Value::map([(attribute, Value::from(arn)), ("region", region.into())]))
    };
    let secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:app/redis-AbCdEf";
    let group = "arn:aws:elasticache:eu-west-1:123456789012:subnetgroup:demo";
    for (type_name, attribute, arn) in
        [("elasticache_auth_token_secret", "arn", secret), ("elasticache_subnet_group", "name", group)]
    {
        let stub = import(type_name, attribute, arn, "eu-west-1").unwrap();
        assert_eq!(*stub.get("region"), Value::from("eu-west-1"), "{type_name}");
        let refused = import(type_name, attribute, arn, "eu-west-2").unwrap_err();
        assert_eq!(refused.iter().next().unwrap().path, Some(Path::attribute("region")), "{type_name}");
    }
}
