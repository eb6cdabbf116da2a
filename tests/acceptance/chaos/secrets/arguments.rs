//! Every secret of the registry: its sensitive and write-only attributes, what a configuration with each of them needs, and
//! the parameters of AWS that may hold it.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};
use terraform_provider_elasticache::provider;
use terraform_provider_elasticache::registry::REGISTRY;
use terraform_provider_elasticache::schema::{Attribute, Block};
use terraform_provider_elasticache::value::{Type, Value};

/// The kinds of things that have a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Provider,
    Resource,
    DataSource,
    EphemeralResource,
    ListResource,
    Action,
}

/// A secret attribute.
#[derive(Debug, Clone)]
pub struct Secret {
    pub kind: Kind,
    pub type_name: &'static str,
    /// Its path, without the indices of blocks.
    pub path: Vec<&'static str>,
    pub attribute: &'static Attribute,
}

impl Secret {
    /// Its address, such as `elasticache_user.authentication_mode.passwords`.
    pub fn name(&self) -> String {
        format!("{}.{}", self.type_name, self.path.join("."))
    }
}

/// Every schema of the registry.
pub fn blocks() -> Vec<(Kind, &'static str, &'static Block)> {
    let mut all = vec![(Kind::Provider, "provider", &provider::schema().block)];
    all.extend(REGISTRY.resources.iter().map(|it| (Kind::Resource, it.type_name(), &it.schema().block)));
    all.extend(REGISTRY.data_sources.iter().map(|it| (Kind::DataSource, it.type_name(), &it.schema().block)));
    let ephemeral = REGISTRY.ephemeral_resources.iter();
    all.extend(ephemeral.map(|it| (Kind::EphemeralResource, it.type_name(), &it.schema().block)));
    all.extend(
        REGISTRY.list_resources.iter().map(|it| (Kind::ListResource, it.type_name(), &it.schema().block)),
    );
    all.extend(REGISTRY.actions.iter().map(|it| (Kind::Action, it.type_name(), &it.schema().block)));
    all
}

/// Every sensitive or write-only attribute.
pub fn secrets() -> Vec<Secret> {
    let mut found = Vec::new();
    for (kind, type_name, block) in blocks() {
        walk(&block.attributes, Some(block), &[], &mut |path, attribute| {
            if attribute.sensitive || attribute.write_only {
                found.push(Secret { kind, type_name, path: path.to_vec(), attribute });
            }
        });
    }
    found
}

/// Every attribute of a block and of what is in it.
fn walk(
    attributes: &'static [Attribute],
    block: Option<&'static Block>,
    above: &[&'static str],
    visit: &mut impl FnMut(&[&'static str], &'static Attribute),
) {
    for attribute in attributes {
        let path = [above, &[attribute.name]].concat();
        visit(&path, attribute);
        if let Some(nested) = &attribute.nested {
            walk(&nested.attributes, None, &path, visit);
        }
    }
    for nested in block.iter().flat_map(|block| &block.blocks) {
        let path = [above, &[nested.name]].concat();
        walk(&nested.block.attributes, Some(&nested.block), &path, visit);
    }
}

/// What a configuration with a secret needs besides the typical one of its type; null removes an argument. A write-only
/// argument needs its version in any case, and an argument that conflicts with the secret is removed.
const NEEDS: &[(&str, &str)] = &[
    ("elasticache_replication_group.auth_token", r#"{"transit_encryption_enabled": true}"#),
    ("elasticache_replication_group.auth_token_wo", r#"{"transit_encryption_enabled": true}"#),
    ("elasticache_user.authentication_mode.passwords", r#"{"passwords": null}"#),
    ("elasticache_user.passwords_wo", r#"{"passwords": null}"#),
    ("elasticache_auth_token_secret.auth_token", r#"{"generate": null}"#),
    ("elasticache_auth_token_secret.auth_token_wo", r#"{"generate": null}"#),
    ("elasticache_ssm_url.auth_token", r#"{"transit_encryption_enabled": true}"#),
    ("elasticache_ssm_url.auth_token_wo", r#"{"transit_encryption_enabled": true}"#),
    ("elasticache_connection_secret.auth_token", r#"{"transit_encryption_enabled": true}"#),
    ("elasticache_connection_secret.auth_token_wo", r#"{"transit_encryption_enabled": true}"#),
    ("elasticache_ssm_url.replication_group.auth_token", r#"{"host": null}"#),
    ("elasticache_connection_secret.replication_group.auth_token", r#"{"host": null}"#),
];

/// The members of an object around a secret.
const AROUND: &[(&str, &str)] = &[
    ("authentication_mode", r#"{"type": "password"}"#),
    ("replication_group", r#"{"endpoint": "a.example.com", "transit_encryption_enabled": true}"#),
];

/// Parameters of AWS that hold a secret of a type, from the API reference of each service: service, actions, parameter.
/// The parameters of lists have no index here.
pub const ALLOWED: &[(&str, &str, &[&str], &str)] = &[
    (
        "elasticache_replication_group",
        "elasticache",
        &["CreateReplicationGroup", "ModifyReplicationGroup"],
        "AuthToken",
    ),
    ("elasticache_user", "elasticache", &["CreateUser", "ModifyUser"], "Passwords.member"),
    ("elasticache_user", "elasticache", &["CreateUser", "ModifyUser"], "AuthenticationMode.Passwords.member"),
    ("elasticache_user_group", "elasticache", &["CreateUser"], "AuthenticationMode.Passwords.member"),
    ("elasticache_user_group", "elasticache", &["CreateUser"], "Passwords.member"),
    ("elasticache_auth_token_secret", "secretsmanager", &["CreateSecret", "PutSecretValue"], "SecretString"),
    ("elasticache_connection_secret", "secretsmanager", &["CreateSecret", "PutSecretValue"], "SecretString"),
    ("elasticache_ssm_url", "ssm", &["PutParameter"], "Value"),
];

/// The header that holds the session token of the provider block, in every request.
pub const SESSION_HEADER: &str = "x-amz-security-token";

/// The typical configuration of a type with this text as the secret; `version` is that of a write-only argument.
pub fn configured(base: &Json, secret: &Secret, text: &str, version: u32) -> Json {
    let mut config = base.clone();
    let object = config.as_object_mut().unwrap();
    for name in secret.attribute.conflicts {
        object.remove(*name);
    }
    let name = secret.name();
    if let Some((_, needs)) = NEEDS.iter().find(|(of, _)| *of == name) {
        let needs: Json = serde_json::from_str(needs).unwrap();
        for (name, value) in needs.as_object().unwrap() {
            match value.is_null() {
                true => drop(object.remove(name)),
                false => drop(object.insert(name.clone(), value.clone())),
            }
        }
    }
    let value = match secret.attribute.ty() {
        Type::Set(_) | Type::List(_) => json!([text]),
        _ => json!(text),
    };
    match secret.path.as_slice() {
        [name] => {
            object.insert((*name).to_owned(), value);
            if secret.attribute.write_only {
                object.insert(format!("{name}_version"), version.into());
            }
        }
        [outer, inner] => {
            let around = AROUND.iter().find(|(name, _)| name == outer).map_or("{}", |(_, around)| around);
            let mut around: Json = serde_json::from_str(around).unwrap();
            around[*inner] = value;
            let is_block = blocks().iter().any(|(_, type_name, block)| {
                *type_name == secret.type_name && block.nested_block(outer).is_some()
            });
            object.insert((*outer).to_owned(), if is_block { json!([around]) } else { around });
        }
        other => panic!("{other:?} is deeper than this test knows"),
    }
    config
}

/// The texts of a value that may be shown: all but those of sensitive attributes that a state stores.
pub fn shown(block: &Block, value: &Value) -> String {
    let mut texts = String::new();
    show(&block.attributes, Some(block), value, &mut texts);
    texts
}

fn show(attributes: &[Attribute], block: Option<&Block>, value: &Value, texts: &mut String) {
    for item in items(value) {
        for attribute in attributes {
            let value = item.get(attribute.name);
            match &attribute.nested {
                Some(nested) if !attribute.sensitive => show(&nested.attributes, None, value, texts),
                _ if attribute.sensitive && !attribute.write_only => {}
                _ => *texts += &format!("{} = {value:?}\n", attribute.name),
            }
        }
        for nested in block.iter().flat_map(|block| &block.blocks) {
            show(&nested.block.attributes, Some(&nested.block), item.get(nested.name), texts);
        }
    }
}

/// The objects in a value: itself, or the elements of a collection of objects.
fn items(value: &Value) -> Vec<&Value> {
    match value {
        Value::List(items) | Value::Set(items) => items.iter().collect(),
        one => vec![one],
    }
}

/// A secret joins the tests by being declared. What this test fails for is a type that has one for the first time.
#[test]
fn every_secret_of_a_resource_has_a_place_in_aws() {
    let allowed: BTreeSet<&str> = ALLOWED.iter().map(|(type_name, ..)| *type_name).collect();
    let secrets = secrets();
    for secret in secrets.iter().filter(|it| it.kind == Kind::Resource && it.attribute.is_configurable()) {
        assert!(allowed.contains(secret.type_name), "{}: which parameter of AWS holds it?", secret.name());
    }
    let names: BTreeSet<String> = secrets.iter().map(Secret::name).collect();
    for (name, _) in NEEDS {
        assert!(names.contains(*name), "{name} is no secret");
    }
    for name in ["provider.secret_key", "provider.token", "elasticache_user.authentication_mode.passwords"] {
        assert!(names.contains(name), "{name} is not sensitive");
    }
}
