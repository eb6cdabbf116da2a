//! What only asks AWS: data sources, ephemeral resources, list resources, and imports by identity.

use terraform_provider_elasticache::aws::Cancel;
use terraform_provider_elasticache::diag::Diagnostics;
use terraform_provider_elasticache::engine::{
    AnyDataSource, AnyEphemeralResource, AnyListResource, AnyResource, ListRequest, ProviderConfig,
    ReadRequest,
};
use terraform_provider_elasticache::registry::REGISTRY;
use terraform_provider_elasticache::schema::Schema;
use terraform_provider_elasticache::value::{Value, json};

use crate::chaos::driver::Driver;
use crate::chaos::subjects::Subject;

/// Subject, type of a data source or ephemeral resource, and its configuration.
pub const ASKED: &[(&str, &str, &str)] = &[
    ("elasticache_auth_token_secret", "elasticache_auth_token_secret", r#"{"secret_id": "stack/token"}"#),
    ("elasticache_connection_secret", "elasticache_connection_secret", r#"{"secret_id": "stack/redis"}"#),
    (
        "elasticache_global_replication_group",
        "elasticache_global_replication_group",
        r#"{"global_replication_group_id": "gxeiz-store"}"#,
    ),
    ("elasticache_parameter_group", "elasticache_parameter_group", r#"{"name": "stack"}"#),
    ("elasticache_replication_group", "elasticache_engine_versions", r#"{"engine": "redis"}"#),
    ("elasticache_replication_group", "elasticache_node_types", r#"{"replication_group_id": "stack"}"#),
    (
        "elasticache_replication_group",
        "elasticache_replication_group",
        r#"{"replication_group_id": "stack"}"#,
    ),
    ("elasticache_replication_group", "elasticache_replication_groups", "{}"),
    (
        "elasticache_replication_group",
        "elasticache_service_update_actions",
        r#"{"replication_group_id": "stack"}"#,
    ),
    ("elasticache_replication_group", "elasticache_service_updates", "{}"),
    ("elasticache_serverless_cache", "elasticache_serverless_cache", r#"{"name": "stack"}"#),
    ("elasticache_serverless_cache", "elasticache_serverless_caches", "{}"),
    (
        "elasticache_serverless_cache_snapshot",
        "elasticache_serverless_cache_snapshot",
        r#"{"name": "stack"}"#,
    ),
    ("elasticache_serverless_cache_snapshot", "elasticache_serverless_cache_snapshots", "{}"),
    ("elasticache_snapshot", "elasticache_snapshot", r#"{"name": "copy"}"#),
    ("elasticache_snapshot", "elasticache_snapshots", "{}"),
    ("elasticache_ssm_url", "elasticache_ssm_url", r#"{"name": "/stack/url"}"#),
    ("elasticache_subnet_group", "elasticache_subnet_group", r#"{"name": "stack"}"#),
    ("elasticache_user", "elasticache_user", r#"{"user_id": "stack"}"#),
    ("elasticache_user_group", "elasticache_user_group", r#"{"user_group_id": "stack"}"#),
];

/// Types that ask AWS nothing about an object.
const ASK_NOTHING: &[&str] =
    &["elasticache_auth_token", "elasticache_connection_check", "elasticache_iam_auth_token"];

/// Arguments of list resources that are required.
const LISTED: &[(&str, &str)] = &[
    ("elasticache_auth_token_secret", r#"{"name_prefix": "stack"}"#),
    ("elasticache_connection_secret", r#"{"name_prefix": "stack"}"#),
    ("elasticache_ssm_url", r#"{"path": "/stack"}"#),
];

/// A question.
#[derive(Clone)]
pub enum Question {
    Data(&'static dyn AnyDataSource, Value),
    Open(&'static dyn AnyEphemeralResource, Value),
    List(&'static dyn AnyListResource, Value),
    Import(&'static dyn AnyResource, Value),
}

fn config(schema: &Schema, text: &str) -> Value {
    let config = serde_json::from_str(text).unwrap();
    schema.conform(json::decode(&config, schema.ty()).unwrap())
}

/// The questions about the object of a subject, which has this state.
pub fn questions(subject: &Subject, state: &Value) -> Vec<Question> {
    let mut all = Vec::new();
    for (_, name, text) in ASKED.iter().filter(|(own, ..)| *own == subject.name) {
        let data = REGISTRY.data_sources.iter().copied().find(|it| it.type_name() == *name);
        all.extend(data.map(|it| Question::Data(it, config(it.schema(), text))));
        let opened = REGISTRY.ephemeral_resources.iter().copied().find(|it| it.type_name() == *name);
        all.extend(opened.map(|it| Question::Open(it, config(it.schema(), text))));
    }
    if let Some(list) = REGISTRY.list_resources.iter().copied().find(|it| it.type_name() == subject.name) {
        let text = LISTED.iter().find(|(own, _)| *own == subject.name).map_or("{}", |(_, text)| *text);
        all.push(Question::List(list, config(list.schema(), text)));
    }
    if let Some(resource) = subject.resource() {
        let mut identity = resource.identity_schema().of_state(state, &Value::Null);
        if let Value::Map(members) = &mut identity {
            members.insert("account_id".to_owned(), Value::from("123456789012"));
        }
        all.push(Question::Import(resource, identity));
    }
    all
}

/// Asks in this process of the provider; null values are those of a failure.
pub fn ask(driver: &Driver, question: &Question) -> (Vec<Value>, Diagnostics) {
    driver.with_provider(async |provider| answer(provider, question).await)
}

async fn answer(provider: &ProviderConfig, question: &Question) -> (Vec<Value>, Diagnostics) {
    let cancel = Cancel::new();
    match question {
        Question::Data(source, config) => {
            let response = source.read(provider, &cancel, config.clone()).await;
            (vec![response.state], response.diags)
        }
        Question::Open(source, config) => {
            let response = source.open(provider, &cancel, config.clone()).await;
            (vec![response.result], response.diags)
        }
        Question::List(list, config) => {
            let (sender, mut receiver) = tokio::sync::mpsc::channel(8);
            let request = ListRequest { config: config.clone(), include_resource: true, limit: 0 };
            let listing = list.list(provider, &cancel, request, sender);
            let receiving = async {
                let (mut values, mut diags) = (Vec::new(), Diagnostics::new());
                while let Some(event) = receiver.recv().await {
                    values.extend([event.identity, event.state]);
                    diags.extend(event.diags);
                }
                (values, diags)
            };
            futures_util::future::join(listing, receiving).await.1
        }
        Question::Import(resource, identity) => {
            let stub = match resource.import_by_identity(provider, &cancel, identity).await {
                Ok(stub) => stub,
                Err(diags) => return (Vec::new(), diags),
            };
            let request = ReadRequest { state: stub, private: Vec::new() };
            let response = resource.read(provider, &cancel, request).await;
            (vec![response.state], response.diags)
        }
    }
}

impl Question {
    pub fn name(&self) -> String {
        match self {
            Self::Data(it, _) => format!("data source {}", it.type_name()),
            Self::Open(it, _) => format!("ephemeral resource {}", it.type_name()),
            Self::List(it, _) => format!("list resource {}", it.type_name()),
            Self::Import(it, _) => format!("import of {}", it.type_name()),
        }
    }
}

/// A new data source or ephemeral resource joins the questions.
#[test]
fn every_data_source_and_ephemeral_resource_is_asked() {
    let data = REGISTRY.data_sources.iter().map(|it| it.type_name());
    for name in data.chain(REGISTRY.ephemeral_resources.iter().map(|it| it.type_name())) {
        let is_asked = ASKED.iter().any(|(_, own, _)| *own == name);
        assert!(is_asked != ASK_NOTHING.contains(&name), "{name}");
    }
}
