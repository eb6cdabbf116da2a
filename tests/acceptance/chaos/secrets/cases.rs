//! The cases, from the registry: each secret argument of each resource, each way to read a secret from AWS, and every
//! other type with the credentials of the provider as its secrets.

use serde_json::{Value as Json, json};
use terraform_provider_elasticache::registry::REGISTRY;
use terraform_provider_elasticache::schema::{Mode, Schema};

use super::arguments::{Kind, Secret, configured, secrets};
use super::cells::{Case, Subject};
use super::marks::Mark;
use crate::chaos::subjects::{ACTIONS, RESOURCES, Seed, Subject as Typical};

const HOME: &str = "eu-west-1";

/// IDs of versions of a secret.
const VERSIONS: [&str; 2] = ["11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"];

/// Stands for the ARN of the secret `given`, whose end AWS chooses.
pub const GIVEN: &str = "ARN of given";

/// Every case.
pub fn cases() -> Vec<Case> {
    let secrets: Vec<Secret> = secrets()
        .into_iter()
        .filter(|secret| secret.kind == Kind::Resource && secret.attribute.is_configurable())
        .collect();
    let mut all: Vec<Case> = secrets.iter().map(of_argument).collect();
    all.extend(RESOURCES.iter().filter_map(of_reference));
    let has_secret = |typical: &&Typical| secrets.iter().any(|secret| secret.type_name == typical.name);
    // With a generated token or password, where a type generates one.
    all.extend(RESOURCES.iter().filter(|it| !has_secret(it) || it.name.ends_with("_secret")).map(typical));
    all.extend(ACTIONS.iter().map(|action| Case {
        name: action.name.to_owned(),
        type_name: action.name,
        seeds: action.seeds.to_vec(),
        subject: Subject::Action(action.name, action.document()),
        marks: Vec::new(),
    }));
    all.extend(REGISTRY.data_sources.iter().map(|it| {
        let config = minimal(it.schema());
        other(it.type_name(), Subject::DataSource(it.type_name(), config))
    }));
    all.extend(REGISTRY.list_resources.iter().map(|it| {
        let config = minimal(it.schema());
        other(it.type_name(), Subject::ListResource(it.type_name(), config))
    }));
    all.extend(REGISTRY.ephemeral_resources.iter().map(|it| ephemeral(it.type_name())));
    all
}

fn typical_of(type_name: &str) -> &'static Typical {
    let found = RESOURCES.iter().find(|typical| typical.name == type_name);
    found.unwrap_or_else(|| panic!("{type_name} has no configuration in subjects.rs"))
}

/// A resource with a secret argument, which is then another one.
fn of_argument(secret: &Secret) -> Case {
    let typical = typical_of(secret.type_name);
    let (base, name) = (typical.document(), secret.name());
    let marks = [Mark::of(&name), Mark::of(&format!("{name}, changed"))];
    let [first, second] = [1, 2].map(|version| {
        configured(&base, secret, &marks[usize::try_from(version).unwrap() - 1].text, version)
    });
    Case {
        name,
        type_name: secret.type_name,
        seeds: typical.seeds.to_vec(),
        subject: Subject::Resource(typical.resource().unwrap(), first, Some(second)),
        marks: marks.to_vec(),
    }
}

/// A resource that reads its secret from Secrets Manager during apply.
fn of_reference(typical: &'static Typical) -> Option<Case> {
    let resource = typical.resource().unwrap();
    let arn = resource.schema().block.attributes.iter().find(|it| it.name.ends_with("_secret_arn"))?;
    let name = format!("{}.{}", typical.name, arn.name);
    let marks = [Mark::of(&name), Mark::of(&format!("{name}, changed"))];
    let mut base = typical.document();
    let object = base.as_object_mut().unwrap();
    ["passwords", "generate"].into_iter().for_each(|argument| drop(object.remove(argument)));
    if resource.schema().block.attribute("transit_encryption_enabled").is_some() {
        object.insert("transit_encryption_enabled".to_owned(), true.into());
    }
    let [first, second] = VERSIONS.map(|version| {
        let mut config = base.clone();
        config[arn.name] = GIVEN.into();
        config[arn.name.replace("_arn", "_version_id")] = version.into();
        config
    });
    let sow = |action: &'static str, id: &str, mark: &Mark, version: &str| -> Seed {
        let input = json!({ id: "given", "SecretString": mark.text, "ClientRequestToken": version });
        (HOME, "secretsmanager", action, input.to_string().leak())
    };
    let mut seeds = typical.seeds.to_vec();
    seeds.push(sow("CreateSecret", "Name", &marks[0], VERSIONS[0]));
    seeds.push(sow("PutSecretValue", "SecretId", &marks[1], VERSIONS[1]));
    Some(Case {
        name,
        type_name: typical.name,
        seeds,
        subject: Subject::Resource(resource, first, Some(second)),
        marks: marks.to_vec(),
    })
}

/// A type as it is.
fn typical(typical: &'static Typical) -> Case {
    let resource = typical.resource().unwrap();
    let second = typical.has_change().then(|| typical.changed_document());
    Case {
        name: typical.name.to_owned(),
        type_name: typical.name,
        seeds: typical.seeds.to_vec(),
        subject: Subject::Resource(resource, typical.document(), second),
        marks: Vec::new(),
    }
}

fn other(type_name: &'static str, subject: Subject) -> Case {
    let kind = match subject {
        Subject::DataSource(..) => "data source",
        _ => "list resource",
    };
    Case { name: format!("{kind} {type_name}"), type_name, seeds: Vec::new(), subject, marks: Vec::new() }
}

/// A configuration of what only reads: the required arguments, or the name.
fn minimal(schema: &Schema) -> Json {
    let mut config = serde_json::Map::new();
    for attribute in schema.block.attributes.iter().filter(|it| it.mode == Mode::Required) {
        let value = match attribute.name {
            "engine" => "valkey",
            "path" => "/stack",
            _ => "stack",
        };
        config.insert(attribute.name.to_owned(), value.into());
    }
    if config.is_empty() && schema.block.attribute("name").is_some() {
        config.insert("name".to_owned(), "stack".into());
    }
    config.into()
}

/// An ephemeral resource, and the object that it reads.
fn ephemeral(type_name: &'static str) -> Case {
    let mark = Mark::of(&format!("ephemeral {type_name}"));
    let secret = |value: String| -> Vec<Seed> {
        let input = json!({ "Name": "stack", "SecretString": value, "ClientRequestToken": VERSIONS[0] });
        vec![(HOME, "secretsmanager", "CreateSecret", input.to_string().leak())]
    };
    let encoded = percent_encoding::utf8_percent_encode(&mark.text, percent_encoding::NON_ALPHANUMERIC);
    let url = format!("rediss://:{encoded}@cache.example.com:6379");
    let (config, seeds) = match type_name {
        "elasticache_auth_token_secret" => (json!({ "secret_id": "stack" }), secret(mark.text.clone())),
        "elasticache_connection_secret" => {
            let contents =
                json!({ "host": "cache.example.com", "port": 6379, "auth_token": mark.text, "url": url });
            (json!({ "secret_id": "stack" }), secret(contents.to_string()))
        }
        "elasticache_ssm_url" => {
            let input = json!({ "Name": "/stack", "Value": url, "Type": "SecureString" });
            (json!({ "name": "/stack" }), vec![(HOME, "ssm", "PutParameter", &*input.to_string().leak())])
        }
        "elasticache_iam_auth_token" => {
            (json!({ "user_id": "stack", "replication_group_id": "stack" }), vec![])
        }
        "elasticache_auth_token" => (json!({ "special": true }), vec![]),
        other => panic!("{other}: add its configuration, and the object that it reads"),
    };
    Case {
        name: format!("ephemeral {type_name}"),
        type_name,
        seeds,
        subject: Subject::Ephemeral(type_name, config),
        marks: vec![mark],
    }
}
