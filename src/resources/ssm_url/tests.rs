//! The resource through the engine, against a canned SSM.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use serde_json::json;

use super::SsmUrl;
use crate::engine::{AnyResource, ReadRequest};
use crate::redact::{Secrets, redact, scope};
use crate::resources::common::connection::GroupModel;
use crate::schema::Nesting;
use crate::testing::aws::{Answer, Call, FakeAws, config, problems, text_map};
use crate::value::{IntoValue, Model, Value};

const ARN: &str = "arn:aws:ssm:us-east-1:123456789012:parameter/app/url";
const TOKEN: &str = "0123456789abcdef+";
const WITH_TOKEN: &str = "rediss://:0123456789abcdef%2B@h.example:6379";

/// One parameter, as SSM keeps it.
#[derive(Default)]
struct Store {
    value: Option<serde_json::Value>,
    version: i64,
    tags: BTreeMap<String, String>,
}

impl Store {
    fn answer(&mut self, call: &Call) -> Answer {
        let body = call.json();
        let missing = || call.error("ParameterNotFound", "");
        match (call.operation.as_str(), &self.value) {
            ("PutParameter", Some(_)) if body["Overwrite"] != json!(true) => {
                call.error("ParameterAlreadyExists", "The parameter already exists.")
            }
            ("PutParameter", _) => {
                self.version += 1;
                for tag in body["Tags"].as_array().into_iter().flatten() {
                    let text = |key: &str| tag[key].as_str().unwrap().to_owned();
                    self.tags.insert(text("Key"), text("Value"));
                }
                self.value = Some(body);
                call.answer_json(&json!({ "Version": self.version, "Tier": "Standard" }))
            }
            ("GetParameter", Some(value)) => call.answer_json(&json!({ "Parameter": {
                "Name": value["Name"], "Type": value["Type"], "Value": value["Value"], "Version": self.version,
                "ARN": ARN,
            } })),
            ("DescribeParameters", Some(value)) if body["NextToken"].is_null() => {
                // An empty page with another behind it.
                let _ = value;
                call.answer_json(&json!({ "Parameters": [], "NextToken": "2" }))
            }
            ("DescribeParameters", Some(value)) => {
                let key = value["KeyId"].as_str().unwrap_or("alias/aws/ssm");
                let key = if value["Type"] == "SecureString" { json!(key) } else { json!(null) };
                call.answer_json(&json!({ "Parameters": [{
                    "Name": value["Name"], "Description": value["Description"], "Tier": "Standard", "KeyId": key,
                }] }))
            }
            ("ListTagsForResource", _) => {
                let tags: Vec<_> = self.tags.iter().map(|(k, v)| json!({ "Key": k, "Value": v })).collect();
                call.answer_json(&json!({ "TagList": tags }))
            }
            ("RemoveTagsFromResource", _) => {
                self.tags.retain(|key, _| !body["TagKeys"].as_array().unwrap().contains(&json!(key)));
                call.answer_json(&json!({}))
            }
            ("AddTagsToResource", _) => {
                for tag in body["Tags"].as_array().unwrap() {
                    let text = |key: &str| tag[key].as_str().unwrap().to_owned();
                    self.tags.insert(text("Key"), text("Value"));
                }
                call.answer_json(&json!({}))
            }
            ("DeleteParameter", Some(_)) => {
                self.value = None;
                call.answer_json(&json!({}))
            }
            _ => missing(),
        }
    }
}

fn ssm() -> (FakeAws, Arc<Mutex<Store>>) {
    let store = Arc::new(Mutex::new(Store::default()));
    let shared = Arc::clone(&store);
    (FakeAws::new(move |call| shared.lock().unwrap().answer(call)), store)
}

fn foreign(store: &Arc<Mutex<Store>>, value: &str) {
    let mut store = store.lock().unwrap();
    store.value = Some(json!({ "Name": "/app/url", "Type": "SecureString", "Value": value }));
    store.version += 1;
}

fn stored(store: &Arc<Mutex<Store>>) -> String {
    store.lock().unwrap().value.as_ref().unwrap()["Value"].as_str().unwrap().to_owned()
}

/// A configuration by host with TLS, and what else is given.
fn by_host<const N: usize>(more: [(&str, Value); N]) -> Value {
    let base = [
        ("name", Value::from("/app/url")),
        ("host", Value::from("h.example")),
        ("transit_encryption_enabled", Value::from(true)),
    ];
    let entries: BTreeMap<_, _> = base.into_iter().chain(more).collect();
    AnyResource::schema(&SsmUrl).conform(Value::map(entries))
}

fn group<const N: usize>(entries: [(&str, Value); N]) -> Value {
    let mut group = GroupModel::default().into_value();
    if let Value::Map(map) = &mut group {
        map.extend(entries.map(|(key, value)| (key.to_owned(), value)));
    }
    group
}

fn by_group<const N: usize>(entries: [(&str, Value); N]) -> Value {
    config(&SsmUrl, [("name", "/app/url".into()), ("replication_group", group(entries))])
}

fn none() -> Vec<String> {
    Vec::new()
}

#[test]
fn the_group_model_holds_exactly_what_its_schema_has() {
    let schema = super::schema::schema();
    let nested = schema.block.attribute("replication_group").unwrap().nested.clone().unwrap();
    assert_eq!(nested.nesting, Nesting::Single);
    let mut names: Vec<_> = nested.attributes.iter().map(|a| a.name).collect();
    let mut model = GroupModel::ATTRIBUTES.to_vec();
    names.sort_unstable();
    model.sort_unstable();
    assert_eq!(names, model);
}

#[tokio::test]
async fn writes_reads_and_deletes() {
    let (aws, store) = ssm();
    let config = by_host([
        ("auth_token", TOKEN.into()),
        ("database", 1.into()),
        ("parameters", text_map([("ssl_cert_reqs", "required")])),
        ("tags", text_map([("a", "b")])),
    ]);
    let made = aws.create(&SsmUrl, config.clone()).await;
    assert_eq!(problems(&made.diags), none());
    assert_eq!(aws.operations(), ["PutParameter", "GetParameter"]);
    let url = format!("{WITH_TOKEN}/1?ssl_cert_reqs=required");
    assert_eq!(stored(&store), url);
    let shown = "rediss://h.example:6379/1?ssl_cert_reqs=required";
    assert_eq!(made.state.get("url"), &Value::from(shown));
    assert_eq!(made.state.get("version"), &Value::from(1));
    assert_eq!(made.state.get("arn"), &Value::from(ARN));
    let read = aws.read(&SsmUrl, &made.state).await;
    assert_eq!(read.state, made.state);
    assert_eq!(aws.operations().len(), 4, "two pages of DescribeParameters");
    assert_eq!(aws.plan(&SsmUrl, &read.state, &config).planned, read.state);
    let gone = aws.delete(&SsmUrl, &made.state).await;
    assert_eq!((gone.state, problems(&gone.diags)), (Value::Null, none()));
    assert_eq!(aws.read(&SsmUrl, &made.state).await.state, Value::Null);
    assert_eq!(problems(&aws.delete(&SsmUrl, &made.state).await.diags), none());
}

#[tokio::test]
async fn follows_the_group_and_moves_the_version_only_then() {
    let (aws, store) = ssm();
    let tls = ("transit_encryption_enabled", Value::from(true));
    let first =
        by_group([("primary_endpoint_address", "a.example".into()), ("port", 6380.into()), tls.clone()]);
    let made = aws.create(&SsmUrl, first).await;
    assert_eq!(stored(&store), "rediss://a.example:6380");
    aws.calls();
    let same = by_group([("endpoint", "a.example".into()), ("port", 6380.into()), tls.clone()]);
    let kept = aws.update(&SsmUrl, &made.state, same).await;
    assert_eq!(kept.state.get("version"), &Value::from(1));
    assert_eq!(aws.operations(), none(), "only the state changes");
    let with_token = by_group([
        ("endpoint", "a.example".into()),
        ("port", 6380.into()),
        tls,
        ("auth_token", TOKEN.into()),
    ]);
    let moved = aws.update(&SsmUrl, &kept.state, with_token).await;
    assert_eq!(problems(&moved.diags), none());
    assert_eq!(moved.state.get("version"), &Value::from(2));
    assert_eq!(aws.operations(), ["PutParameter"]);
    assert_eq!(stored(&store), "rediss://:0123456789abcdef%2B@a.example:6380");
}

#[test]
fn plans_the_url_as_soon_as_all_its_parts_are_known() {
    let (aws, _) = ssm();
    let tls = ("transit_encryption_enabled", Value::from(true));
    let plan = |config| aws.plan(&SsmUrl, &Value::Null, &config);
    let unknown = plan(by_group([("endpoint", Value::Unknown), tls.clone()]));
    assert_eq!(unknown.planned.get("url"), &Value::Unknown);
    assert_eq!(problems(&unknown.diags), none());
    assert_eq!(unknown.planned.get("id"), &Value::from("/app/url"));
    let token = plan(by_group([("endpoint", "h".into()), tls.clone(), ("auth_token", Value::Unknown)]));
    assert_eq!(token.planned.get("url"), &Value::from("rediss://h:6379"), "it never holds the token");
    let known = plan(by_group([("endpoint", "h".into()), tls, ("reader_endpoint", Value::Unknown)]));
    assert_eq!(known.planned.get("url"), &Value::from("rediss://h:6379"));
    let whole = plan(config(&SsmUrl, [("name", "x".into()), ("replication_group", Value::Unknown)]));
    assert_eq!((whole.planned.get("url"), problems(&whole.diags)), (&Value::Unknown, none()));
}

#[tokio::test]
async fn a_write_only_token_is_in_the_parameter_alone() {
    let (aws, store) = ssm();
    let config = |token: &str, version: i64| {
        by_host([("auth_token_wo", token.into()), ("auth_token_wo_version", version.into())])
    };
    let made = aws.create(&SsmUrl, config(TOKEN, 1)).await;
    assert_eq!(problems(&made.diags), none());
    assert_eq!(stored(&store), WITH_TOKEN);
    assert_eq!(made.state.get("url"), &Value::from("rediss://h.example:6379"));
    assert!(!format!("{:?}", made.state).contains("0123456789abcdef"));
    let read = aws.read(&SsmUrl, &made.state).await;
    assert_eq!(read.state, made.state);
    aws.calls();
    // The version says when the token changes.
    assert_eq!(aws.plan(&SsmUrl, &read.state, &config("another-0123456789", 1)).planned, read.state);
    let rotated = aws.update(&SsmUrl, &read.state, config("another-0123456789", 2)).await;
    assert_eq!(rotated.state.get("version"), &Value::from(2));
    assert_eq!(stored(&store), "rediss://:another-0123456789@h.example:6379");
    assert_eq!(aws.operations(), ["GetParameter", "PutParameter"]);
    // What is there already is not written again.
    let same = aws.update(&SsmUrl, &rotated.state, config("another-0123456789", 3)).await;
    assert_eq!(
        (same.state.get("version"), aws.operations()),
        (&Value::from(2), vec!["GetParameter".to_owned()])
    );
    // Someone takes the password out, or changes the host.
    for drift in ["rediss://h.example:6379", "rediss://:x@evil:6379", "nonsense"] {
        foreign(&store, drift);
        let drifted = aws.read(&SsmUrl, &same.state).await.state;
        let repaired = aws.update(&SsmUrl, &drifted, config("another-0123456789", 3)).await;
        assert_eq!(problems(&repaired.diags), none());
        assert_eq!(stored(&store), "rediss://:another-0123456789@h.example:6379", "{drift}");
    }
    // Without a token from now on: the parameter must lose it too.
    let plain = aws.update(&SsmUrl, &same.state, by_host([])).await;
    assert_eq!((problems(&plain.diags), stored(&store)), (none(), "rediss://h.example:6379".to_owned()));
}

#[tokio::test]
async fn repairs_a_value_someone_changed() {
    let (aws, store) = ssm();
    for (config, good) in
        [(by_host([]), "rediss://h.example:6379"), (by_host([("auth_token", TOKEN.into())]), WITH_TOKEN)]
    {
        store.lock().unwrap().value = None;
        let made = aws.create(&SsmUrl, config.clone()).await;
        for drift in ["rediss://:secret@h.example:6379", "redis://evil:1", "nonsense"] {
            foreign(&store, drift);
            let drifted = aws.read(&SsmUrl, &made.state).await.state;
            assert_ne!(drifted.get("url"), made.state.get("url"), "{drift}");
            let repaired = aws.update(&SsmUrl, &drifted, config.clone()).await;
            assert_eq!((problems(&repaired.diags), stored(&store).as_str()), (none(), good));
        }
    }
    // A password nobody asked to keep is not kept.
    let made = aws.update(&SsmUrl, &Value::Null, by_host([("overwrite", true.into())])).await;
    foreign(&store, "rediss://:secret@h.example:6379");
    let drifted = aws.read(&SsmUrl, &made.state).await.state;
    assert_eq!(drifted.get("url"), &Value::Null);
}

/// Faults-met F12, F14.
#[tokio::test]
async fn an_imported_password_is_never_removed_silently() {
    let (aws, store) = ssm();
    foreign(&store, WITH_TOKEN);
    let read = aws.import(&SsmUrl, "/app/url").await;
    assert_eq!(read.state.get("url"), &Value::from("rediss://:***@h.example:6379"));
    let kept = aws.plan_read(&SsmUrl, &read, &by_host([]));
    assert_eq!(kept.planned, read.state);
    let told = problems(&kept.diags);
    assert!(told[0].contains("has a password that the configuration does not give"), "{told:?}");
    assert!(
        told[0].contains("auth_token_wo with auth_token_wo_version") && !kept.diags.has_errors(),
        "{told:?}"
    );
    // Another change of the URL would store it without the password.
    let moved = aws.plan_read(&SsmUrl, &read, &by_host([("database", 1.into())]));
    assert!(moved.diags.has_errors(), "{:?}", problems(&moved.diags));
    // Another change of the parameter keeps it, now and in every later run.
    let described = by_host([("description", "mine".into())]);
    let changed = aws.update_read(&SsmUrl, &read, described.clone()).await;
    assert_eq!((changed.diags.has_errors(), stored(&store).as_str()), (false, WITH_TOKEN));
    let request = ReadRequest { state: changed.state.clone(), private: changed.private };
    let read = SsmUrl.read(&aws.provider, &aws.cancel, request).await;
    assert_eq!(read.state, changed.state);
    assert_eq!(aws.plan_read(&SsmUrl, &read, &described).planned, read.state);
    // Once it is given there is nothing to write, and nothing to tell.
    aws.calls();
    let given = by_host([("description", "mine".into()), ("auth_token", TOKEN.into())]);
    let known = aws.update_read(&SsmUrl, &read, given.clone()).await;
    assert_eq!((problems(&known.diags), aws.operations()), (none(), vec!["GetParameter".to_owned()]));
    let again = aws.read(&SsmUrl, &known.state).await;
    let plan = aws.plan_read(&SsmUrl, &again, &given);
    assert_eq!((plan.planned, problems(&plan.diags)), (known.state, none()));
}

#[tokio::test]
async fn an_imported_value_of_another_kind_is_announced() {
    let (aws, store) = ssm();
    foreign(&store, "nonsense");
    let read = aws.import(&SsmUrl, "/app/url").await;
    let told = problems(&aws.plan_read(&SsmUrl, &read, &by_host([])).diags);
    assert!(told[0].starts_with("The value of the SSM parameter will be replaced"), "{told:?}");
}

#[tokio::test]
async fn takes_over_a_parameter_only_when_told() {
    let (aws, store) = ssm();
    foreign(&store, "theirs");
    store.lock().unwrap().tags.insert("theirs".into(), "1".into());
    let refused = aws.create(&SsmUrl, by_host([])).await;
    assert_eq!(
        problems(&refused.diags),
        [
            "name: SSM parameter \"/app/url\" exists already: It was not made by this resource, so it is left alone. \
          Import it with the parameter's name as the id, choose another name, or set overwrite = true to take it over \
          and replace its value."
        ]
    );
    assert_eq!((stored(&store), refused.state), ("theirs".to_owned(), Value::Null));
    aws.calls();
    let config = by_host([("overwrite", true.into()), ("tags", text_map([("mine", "1")]))]);
    let made = aws.create(&SsmUrl, config.clone()).await;
    assert_eq!(problems(&made.diags), none());
    let operations = [
        "PutParameter",
        "ListTagsForResource",
        "RemoveTagsFromResource",
        "AddTagsToResource",
        "GetParameter",
    ];
    assert_eq!(aws.operations(), operations);
    let read = aws.read(&SsmUrl, &made.state).await;
    assert_eq!(aws.plan(&SsmUrl, &read.state, &config).planned, made.state);
}

#[tokio::test]
async fn an_import_changes_nothing_but_the_state() {
    let (aws, store) = ssm();
    foreign(&store, &format!("{WITH_TOKEN}/2"));
    let state = aws.import(&SsmUrl, ARN).await.state;
    assert_eq!(state.get("name"), &Value::from("/app/url"));
    assert_eq!(state.get("region"), &Value::from("us-east-1"));
    assert_eq!(state.get("host"), &Value::from("h.example"));
    assert_eq!(state.get("url"), &Value::from("rediss://:***@h.example:6379/2"));
    aws.calls();
    let tls = ("transit_encryption_enabled", Value::from(true));
    let group = group([("endpoint", "h.example".into()), tls, ("auth_token", TOKEN.into())]);
    let config =
        config(&SsmUrl, [("name", "/app/url".into()), ("database", 2.into()), ("replication_group", group)]);
    let taken = aws.update(&SsmUrl, &state, config.clone()).await;
    assert_eq!(problems(&taken.diags), none());
    assert_eq!(aws.operations(), ["GetParameter"]);
    assert_eq!(aws.plan(&SsmUrl, &taken.state, &config).planned, taken.state);
    // By host and without a token there is nothing at all to do.
    foreign(&store, "rediss://h.example:6379/2");
    let read = aws.import(&SsmUrl, "/app/url").await;
    for more in [("port", Value::from(6379)), ("username", "".into()), ("overwrite", true.into())] {
        let config = by_host([("database", 2.into()), more]);
        let plan = aws.plan_read(&SsmUrl, &read, &config);
        assert_eq!((&plan.planned, problems(&plan.diags)), (&read.state, none()));
    }
}

#[test]
fn refuses_what_cannot_be_an_arn_of_a_parameter() {
    for id in [
        "arn:aws:ssm:us-east-1:1:document/x",
        "arn:aws:s3:::parameter/x",
        "arn:aws:ssm:us-east-1:1:parameter/",
    ] {
        let error = AnyResource::import(&SsmUrl, id).unwrap_err();
        assert_eq!(error.summary, "Invalid import ID");
    }
}

#[tokio::test]
async fn shows_no_secret_in_an_error() {
    let aws = FakeAws::new(|call| {
        let value = call.json()["Value"].as_str().unwrap_or_default().to_owned();
        call.error("ValidationException", &format!("Value '{value}' is bad"))
    });
    let told = scope(Secrets::new(), async {
        let refused = aws.create(&SsmUrl, by_host([("auth_token", TOKEN.into())])).await;
        problems(&refused.diags).iter().map(|text| redact(text).into_owned()).collect::<Vec<_>>()
    });
    assert_eq!(
        told.await,
        ["Failed to create SSM parameter \"/app/url\": SSM PutParameter: ValidationException: Value \
          'rediss://(redacted)@h.example:6379' is bad (HTTP 400, request id r-1)."]
    );
}
