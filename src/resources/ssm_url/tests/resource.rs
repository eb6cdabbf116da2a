//! The resource through the engine, against scripted responses of SSM.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use serde_json::json;

use super::{SsmUrl, group_of};
use crate::engine::{AnyResource, ApplyRequest, PlanResponse, ReadRequest};
use crate::redact::{Secrets, redact, scope};
use crate::testing::aws::{Answer, Call, FakeAws, config, problems, text_map};
use crate::value::Value;

const ARN: &str = "arn:aws:ssm:us-east-1:123456789012:parameter/app/url";
const TOKEN: &str = "0123456789abcdef+";
const WITH_TOKEN: &str = "rediss://:0123456789abcdef%2B@h.example:6379";

/// One parameter of SSM.
#[derive(Default)]
pub(super) struct Store {
    pub(super) value: Option<serde_json::Value>,
    version: i64,
    /// Seconds since 1970.
    modified: i64,
    tags: BTreeMap<String, String>,
    pub(super) is_advanced: bool,
}

impl Store {
    fn tier(&self) -> &'static str {
        if self.is_advanced { "Advanced" } else { "Standard" }
    }

    fn answer(&mut self, call: &Call) -> Answer {
        let body = call.json();
        let missing = || call.error("ParameterNotFound", "");
        match (call.operation.as_str(), &self.value) {
            ("PutParameter", Some(_)) if body["Overwrite"] != json!(true) => {
                call.error("ParameterAlreadyExists", "The parameter already exists.")
            }
            ("PutParameter", _) => {
                self.version += 1;
                self.modified += 60;
                for tag in body["Tags"].as_array().into_iter().flatten() {
                    let text = |key: &str| tag[key].as_str().unwrap().to_owned();
                    self.tags.insert(text("Key"), text("Value"));
                }
                let is_long = body["Value"].as_str().is_some_and(|value| value.len() > 4096);
                match body["Tier"].as_str() {
                    Some("Standard") if self.is_advanced => {
                        return call.error("ValidationException", "You can't downgrade a parameter");
                    }
                    Some("Advanced") => self.is_advanced = true,
                    Some("Intelligent-Tiering") => self.is_advanced |= is_long,
                    _ => {}
                }
                self.value = Some(body);
                call.answer_json(&json!({ "Version": self.version, "Tier": self.tier() }))
            }
            ("GetParameter", Some(value)) => call.answer_json(&json!({ "Parameter": {
                "Name": value["Name"], "Type": value["Type"], "Value": value["Value"], "Version": self.version,
                "ARN": ARN, "LastModifiedDate": self.modified,
            } })),
            ("DescribeParameters", Some(value)) if body["NextToken"].is_null() => {
                // An empty page with a next page.
                let _ = value;
                call.answer_json(&json!({ "Parameters": [], "NextToken": "2" }))
            }
            ("DescribeParameters", Some(value)) => {
                let key = value["KeyId"].as_str().unwrap_or("alias/aws/ssm");
                let key = if value["Type"] == "SecureString" { json!(key) } else { json!(null) };
                call.answer_json(&json!({ "Parameters": [{
                    "Name": value["Name"], "Description": value["Description"], "Tier": self.tier(), "KeyId": key,
                    "Version": self.version, "LastModifiedDate": self.modified as f64 + 0.25,
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

pub(super) fn ssm() -> (FakeAws, Arc<Mutex<Store>>) {
    let store = Arc::new(Mutex::new(Store::default()));
    let shared = Arc::clone(&store);
    (FakeAws::new(move |call| shared.lock().unwrap().answer(call)), store)
}

fn foreign(store: &Arc<Mutex<Store>>, value: &str) {
    let mut store = store.lock().unwrap();
    store.value = Some(json!({ "Name": "/app/url", "Type": "SecureString", "Value": value }));
    store.version += 1;
    store.modified += 60;
}

fn stored(store: &Arc<Mutex<Store>>) -> String {
    store.lock().unwrap().value.as_ref().unwrap()["Value"].as_str().unwrap().to_owned()
}

/// A configuration with `host` and TLS, and these further arguments.
pub(super) fn by_host<const N: usize>(more: [(&str, Value); N]) -> Value {
    let base = [
        ("name", Value::from("/app/url")),
        ("host", Value::from("h.example")),
        ("transit_encryption_enabled", Value::from(true)),
    ];
    let entries: BTreeMap<_, _> = base.into_iter().chain(more).collect();
    AnyResource::schema(&SsmUrl).conform(Value::map(entries))
}

fn by_group<const N: usize>(entries: [(&str, Value); N]) -> Value {
    config(&SsmUrl, [("name", "/app/url".into()), ("replication_group", group_of(entries))])
}

pub(super) fn none() -> Vec<String> {
    Vec::new()
}

#[tokio::test]
async fn parameter_is_created_read_and_deleted() {
    let (aws, store) = ssm();
    let config = by_host([
        ("auth_token", TOKEN.into()),
        ("database", 1.into()),
        ("parameters", text_map([("ssl_cert_reqs", "required")])),
        ("tags", text_map([("a", "b")])),
    ]);
    let created = aws.create(&SsmUrl, config.clone()).await;
    assert_eq!(problems(&created.diags), none());
    assert_eq!(aws.operations(), ["PutParameter", "GetParameter"]);
    let url = format!("{WITH_TOKEN}/1?ssl_cert_reqs=required");
    assert_eq!(stored(&store), url);
    let visible = "rediss://h.example:6379/1?ssl_cert_reqs=required";
    assert_eq!(created.state.get("url"), &Value::from(visible));
    assert_eq!(created.state.get("version"), &Value::from(1));
    assert_eq!(created.state.get("arn"), &Value::from(ARN));
    let read = aws.read(&SsmUrl, &created.state).await;
    assert_eq!(read.state, created.state);
    assert_eq!(aws.operations().len(), 4, "two pages of DescribeParameters");
    assert_eq!(aws.plan(&SsmUrl, &read.state, &config).planned, read.state);
    let deleted = aws.delete(&SsmUrl, &created.state).await;
    assert_eq!((deleted.state, problems(&deleted.diags)), (Value::Null, none()));
    assert_eq!(aws.read(&SsmUrl, &created.state).await.state, Value::Null);
    assert_eq!(problems(&aws.delete(&SsmUrl, &created.state).await.diags), none());
}

#[tokio::test]
async fn value_is_read_only_after_a_change() {
    let (aws, store) = ssm();
    let config = by_host([("auth_token_wo", TOKEN.into()), ("auth_token_wo_version", 1.into())]);
    let created = aws.create(&SsmUrl, config.clone()).await;
    assert_eq!(problems(&created.diags), none());
    let of = |state: &Value, private: &[u8]| ReadRequest { state: state.clone(), private: private.to_vec() };
    let read = async |request| SsmUrl.read(&aws.provider, &aws.cancel, request).await;
    let metadata = ["DescribeParameters", "DescribeParameters", "ListTagsForResource"].map(str::to_owned);
    let with_value = |operations: Vec<String>| operations.iter().any(|operation| operation == "GetParameter");
    aws.calls();
    let first = read(of(&created.state, &created.private)).await;
    assert_eq!((&first.state, aws.operations()), (&created.state, metadata.to_vec()));
    let second = read(of(&first.state, &first.private)).await;
    assert_eq!((&second.state, aws.operations()), (&created.state, metadata.to_vec()));
    // Neither a change of tags nor a write by the provider itself is one.
    let tagged = by_host([
        ("auth_token_wo", TOKEN.into()),
        ("auth_token_wo_version", 1.into()),
        ("tags", text_map([("a", "b")])),
    ]);
    let rotated =
        by_host([("auth_token_wo", "another-0123456789".into()), ("auth_token_wo_version", 2.into())]);
    let mut before = second;
    for (config, version) in [(tagged, 1), (rotated, 2)] {
        let changed = aws.update_read(&SsmUrl, &before, config).await;
        assert_eq!(changed.state.get("version"), &Value::from(version));
        aws.calls();
        before = read(of(&changed.state, &changed.private)).await;
        assert_eq!((&before.state, &before.private), (&changed.state, &changed.private));
        assert!(!with_value(aws.operations()));
    }
    // Without the time of the last change, the value is read, and no note is made that would be drift.
    let unnoted = read(of(&before.state, b"")).await;
    assert_eq!((&unnoted.state, with_value(aws.operations())), (&before.state, true));
    assert_eq!(read(of(&before.state, b"")).await.private, unnoted.private);
    // Another client deletes the parameter and creates one with as many versions.
    foreign(&store, "rediss://other.example:6379");
    store.lock().unwrap().version = 2;
    let drifted = read(of(&before.state, &before.private)).await;
    assert_eq!((drifted.state.get("url"), with_value(aws.operations())), (&Value::Null, true));
    // The drift stays in the state until an apply.
    let again = read(of(&drifted.state, &drifted.private)).await;
    assert_eq!((&again.state, with_value(aws.operations())), (&drifted.state, false));
}

#[tokio::test]
async fn version_changes_only_with_the_url() {
    let (aws, store) = ssm();
    let tls = ("transit_encryption_enabled", Value::from(true));
    let first =
        by_group([("primary_endpoint_address", "a.example".into()), ("port", 6380.into()), tls.clone()]);
    let created = aws.create(&SsmUrl, first).await;
    assert_eq!(stored(&store), "rediss://a.example:6380");
    aws.calls();
    let same = by_group([("endpoint", "a.example".into()), ("port", 6380.into()), tls.clone()]);
    let retained = aws.update(&SsmUrl, &created.state, same).await;
    assert_eq!(retained.state.get("version"), &Value::from(1));
    assert_eq!(aws.operations(), none(), "only the state changes");
    let with_token = by_group([
        ("endpoint", "a.example".into()),
        ("port", 6380.into()),
        tls,
        ("auth_token", TOKEN.into()),
    ]);
    let moved = aws.update(&SsmUrl, &retained.state, with_token).await;
    assert_eq!(problems(&moved.diags), none());
    assert_eq!(moved.state.get("version"), &Value::from(2));
    assert_eq!(aws.operations(), ["PutParameter", "GetParameter"]);
    assert_eq!(stored(&store), "rediss://:0123456789abcdef%2B@a.example:6380");
}

#[test]
fn url_is_planned_if_all_its_parts_are_known() {
    let (aws, _) = ssm();
    let tls = ("transit_encryption_enabled", Value::from(true));
    let plan = |config| aws.plan(&SsmUrl, &Value::Null, &config);
    let unknown = plan(by_group([("endpoint", Value::Unknown), tls.clone()]));
    assert_eq!(unknown.planned.get("url"), &Value::Unknown);
    assert_eq!(problems(&unknown.diags), none());
    assert_eq!(unknown.planned.get("id"), &Value::from("/app/url"));
    let token = plan(by_group([("endpoint", "h".into()), tls.clone(), ("auth_token", Value::Unknown)]));
    assert_eq!(token.planned.get("url"), &Value::from("rediss://h:6379"), "the state has no token");
    let known = plan(by_group([("endpoint", "h".into()), tls, ("reader_endpoint", Value::Unknown)]));
    assert_eq!(known.planned.get("url"), &Value::from("rediss://h:6379"));
    let whole = plan(config(&SsmUrl, [("name", "x".into()), ("replication_group", Value::Unknown)]));
    assert_eq!((whole.planned.get("url"), problems(&whole.diags)), (&Value::Unknown, none()));
}

#[tokio::test]
async fn write_only_token_is_stored_in_the_parameter_only() {
    let (aws, store) = ssm();
    let config = |token: &str, version: i64| {
        by_host([("auth_token_wo", token.into()), ("auth_token_wo_version", version.into())])
    };
    let created = aws.create(&SsmUrl, config(TOKEN, 1)).await;
    assert_eq!(problems(&created.diags), none());
    assert_eq!(stored(&store), WITH_TOKEN);
    assert_eq!(created.state.get("url"), &Value::from("rediss://h.example:6379"));
    assert!(!format!("{:?}", created.state).contains("0123456789abcdef"));
    let read = aws.read(&SsmUrl, &created.state).await;
    assert_eq!(read.state, created.state);
    aws.calls();
    // A change of the token is detected by its version.
    assert_eq!(aws.plan(&SsmUrl, &read.state, &config("another-0123456789", 1)).planned, read.state);
    let rotated = aws.update(&SsmUrl, &read.state, config("another-0123456789", 2)).await;
    assert_eq!(rotated.state.get("version"), &Value::from(2));
    assert_eq!(stored(&store), "rediss://:another-0123456789@h.example:6379");
    assert_eq!(aws.operations(), ["GetParameter", "PutParameter", "GetParameter"]);
    // An equal value is not written again.
    let same = aws.update(&SsmUrl, &rotated.state, config("another-0123456789", 3)).await;
    assert_eq!(
        (same.state.get("version"), aws.operations()),
        (&Value::from(2), vec!["GetParameter".to_owned()])
    );
    // Another client removes the password or changes the host.
    for drift in ["rediss://h.example:6379", "rediss://:x@evil:6379", "nonsense"] {
        foreign(&store, drift);
        let drifted = aws.read(&SsmUrl, &same.state).await.state;
        let repaired = aws.update(&SsmUrl, &drifted, config("another-0123456789", 3)).await;
        assert_eq!(problems(&repaired.diags), none());
        assert_eq!(stored(&store), "rediss://:another-0123456789@h.example:6379", "{drift}");
    }
    // Without a token, the parameter loses it.
    let plain = aws.update(&SsmUrl, &same.state, by_host([])).await;
    assert_eq!((problems(&plain.diags), stored(&store)), (none(), "rediss://h.example:6379".to_owned()));
}

#[tokio::test]
async fn update_restores_a_value_that_another_client_changed() {
    let (aws, store) = ssm();
    for (config, expected) in
        [(by_host([]), "rediss://h.example:6379"), (by_host([("auth_token", TOKEN.into())]), WITH_TOKEN)]
    {
        store.lock().unwrap().value = None;
        let created = aws.create(&SsmUrl, config.clone()).await;
        for drift in ["rediss://:secret@h.example:6379", "redis://evil:1", "nonsense"] {
            foreign(&store, drift);
            let drifted = aws.read(&SsmUrl, &created.state).await.state;
            assert_ne!(drifted.get("url"), created.state.get("url"), "{drift}");
            let repaired = aws.update(&SsmUrl, &drifted, config.clone()).await;
            assert_eq!((problems(&repaired.diags), stored(&store).as_str()), (none(), expected));
        }
    }
    // A password of another client is not kept.
    let created = aws.update(&SsmUrl, &Value::Null, by_host([("overwrite", true.into())])).await;
    foreign(&store, "rediss://:secret@h.example:6379");
    let drifted = aws.read(&SsmUrl, &created.state).await.state;
    assert_eq!(drifted.get("url"), &Value::Null);
}

/// Faults F12 and F14.
#[tokio::test]
async fn imported_password_is_not_removed_silently() {
    let (aws, store) = ssm();
    foreign(&store, WITH_TOKEN);
    let read = aws.import(&SsmUrl, "/app/url").await;
    assert_eq!(read.state.get("url"), &Value::from("rediss://:***@h.example:6379"));
    let retained = aws.plan_read(&SsmUrl, &read, &by_host([]));
    assert_eq!(retained.planned, read.state);
    let warnings = problems(&retained.diags);
    assert!(warnings[0].contains("Configuration lacks the password"), "{warnings:?}");
    assert!(
        warnings[0].contains("`auth_token_wo` with `auth_token_wo_version`") && !retained.diags.has_errors(),
        "{warnings:?}"
    );
    // A change of the URL would write it without the password.
    let moved = aws.plan_read(&SsmUrl, &read, &by_host([("database", 1.into())]));
    assert!(moved.diags.has_errors(), "{:?}", problems(&moved.diags));
    // A change of a setting keeps the password, now and in later runs.
    let described = by_host([("description", "mine".into())]);
    let changed = aws.update_read(&SsmUrl, &read, described.clone()).await;
    assert_eq!((changed.diags.has_errors(), stored(&store).as_str()), (false, WITH_TOKEN));
    let request = ReadRequest { state: changed.state.clone(), private: changed.private };
    let read = SsmUrl.read(&aws.provider, &aws.cancel, request).await;
    assert_eq!(read.state, changed.state);
    assert_eq!(aws.plan_read(&SsmUrl, &read, &described).planned, read.state);
    // With the password in the configuration, nothing is written, without a warning.
    aws.calls();
    let given = by_host([("description", "mine".into()), ("auth_token", TOKEN.into())]);
    let known = aws.update_read(&SsmUrl, &read, given.clone()).await;
    assert_eq!((problems(&known.diags), aws.operations()), (none(), vec!["GetParameter".to_owned()]));
    let again = aws.read(&SsmUrl, &known.state).await;
    let plan = aws.plan_read(&SsmUrl, &again, &given);
    assert_eq!((plan.planned, problems(&plan.diags)), (known.state, none()));
}

/// The new parameter would not have the password. Core plans a replacement twice; with `-replace`, only the second plan
/// shows it.
#[tokio::test]
async fn imported_password_is_not_lost_by_a_replacement() {
    let (aws, store) = ssm();
    foreign(&store, WITH_TOKEN);
    let read = aws.import(&SsmUrl, "/app/url").await;
    let refused = |plan: &PlanResponse| {
        let errors = problems(&plan.diags);
        assert!(
            plan.diags.has_errors() && errors[0].contains("Configuration lacks the password"),
            "{errors:?}"
        );
    };
    let renamed = aws.plan_read(&SsmUrl, &read, &by_host([("name", "/app/other".into())]));
    assert_eq!(renamed.replace.len(), 1);
    refused(&renamed);
    let first = aws.plan_read(&SsmUrl, &read, &by_host([]));
    assert!(!first.diags.has_errors(), "{:?}", problems(&first.diags));
    refused(&aws.plan_replacement(&SsmUrl, &first, &by_host([])));
    // What is not known yet may be another host, but a new parameter has no password in any case.
    let unknown = by_host([("host", Value::Unknown)]);
    refused(&aws.plan_replacement(&SsmUrl, &first, &unknown));
    let given = by_host([("auth_token", TOKEN.into())]);
    let planned = aws.plan_replacement(&SsmUrl, &first, &given);
    assert_eq!((problems(&planned.diags), planned.private), (none(), Vec::new()));
}

/// A host that is known only during the apply.
#[tokio::test]
async fn imported_password_is_kept_only_with_the_stored_url() {
    for (host, is_kept) in [("h.example", true), ("other.example", false)] {
        let (aws, store) = ssm();
        foreign(&store, WITH_TOKEN);
        let read = aws.import(&SsmUrl, "/app/url").await;
        let plan = aws.plan_read(&SsmUrl, &read, &by_host([("host", Value::Unknown)]));
        assert!(!plan.diags.has_errors(), "{:?}", problems(&plan.diags));
        let mut planned = plan.planned.as_map().unwrap().clone();
        planned.insert("host".to_owned(), host.into());
        let request = ApplyRequest {
            config: by_host([("host", host.into())]),
            prior: read.state.clone(),
            planned: Value::Map(planned),
            private: plan.private,
        };
        let applied = SsmUrl.apply(&aws.provider, &aws.cancel, request).await;
        let errors = problems(&applied.diags);
        assert_eq!(applied.diags.has_errors(), !is_kept, "{errors:?}");
        assert_eq!(stored(&store), WITH_TOKEN);
        if is_kept {
            assert_eq!(applied.state.get("url"), read.state.get("url"));
            aws.read_unchanged(&SsmUrl, &applied).await;
        } else {
            assert!(errors[0].contains("Configuration lacks the password"), "{errors:?}");
        }
    }
}

/// The note of the prior version is not that of the written one.
#[tokio::test]
async fn update_drops_the_time_of_the_prior_version() {
    let (aws, store) = ssm();
    let created = aws.create(&SsmUrl, by_host([])).await;
    let read = aws.read_unchanged(&SsmUrl, &created).await;
    assert!(!read.private.is_empty());
    let shared = Arc::clone(&store);
    let unreadable = FakeAws::new(move |call| match call.operation.as_str() {
        "GetParameter" => call.error("AccessDeniedException", "No."),
        _ => shared.lock().unwrap().answer(call),
    });
    let changed = unreadable.update_read(&SsmUrl, &read, by_host([("database", 1.into())])).await;
    assert_eq!((problems(&changed.diags), changed.private.as_slice()), (none(), &b""[..]));
    aws.read_unchanged(&SsmUrl, &changed).await;
}

/// The note of an import is about the value that the apply replaces.
#[tokio::test]
async fn notes_of_an_import_end_with_the_apply() {
    let (aws, store) = ssm();
    foreign(&store, "nonsense");
    let read = aws.import(&SsmUrl, "/app/url").await;
    let written = aws.update_read(&SsmUrl, &read, by_host([])).await;
    assert!(!written.diags.has_errors(), "{:?}", problems(&written.diags));
    let read = aws.read_unchanged(&SsmUrl, &written).await;
    let plan = aws.plan_read(&SsmUrl, &read, &by_host([]));
    assert_eq!((plan.planned, problems(&plan.diags)), (read.state, none()));
}

#[tokio::test]
async fn replacement_of_an_imported_value_is_warned_of() {
    let (aws, store) = ssm();
    foreign(&store, "nonsense");
    let read = aws.import(&SsmUrl, "/app/url").await;
    let warnings = problems(&aws.plan_read(&SsmUrl, &read, &by_host([])).diags);
    assert!(warnings[0].starts_with("Value of the imported SSM parameter is replaced"), "{warnings:?}");
}

#[tokio::test]
async fn create_takes_over_a_parameter_only_with_overwrite() {
    let (aws, store) = ssm();
    foreign(&store, "theirs");
    store.lock().unwrap().tags.insert("theirs".into(), "1".into());
    let refused = aws.create(&SsmUrl, by_host([])).await;
    assert_eq!(
        problems(&refused.diags),
        [
            "name: Failed to create SSM parameter \"/app/url\": The parameter already exists, and this resource did not create \
             it, so it was not changed. To manage it, import it: terraform import elasticache_ssm_url.NAME /app/url, or by the next apply with \
             this block. Instead of elasticache_ssm_url.NAME write the address behind \"with\" in this message.\n\n  import \
             {\n    to = elasticache_ssm_url.NAME\n    id = \"/app/url\"\n  }\n\nTo take it over and replace its value, set \
             `overwrite = true`. To create another parameter, use another `name`."
        ]
    );
    assert_eq!((stored(&store), refused.state), ("theirs".to_owned(), Value::Null));
    aws.calls();
    let config = by_host([("overwrite", true.into()), ("tags", text_map([("mine", "1")]))]);
    let created = aws.create(&SsmUrl, config.clone()).await;
    assert_eq!(problems(&created.diags), none());
    let operations = [
        "PutParameter",
        "ListTagsForResource",
        "RemoveTagsFromResource",
        "AddTagsToResource",
        "GetParameter",
    ];
    assert_eq!(aws.operations(), operations);
    let read = aws.read(&SsmUrl, &created.state).await;
    assert_eq!(aws.plan(&SsmUrl, &read.state, &config).planned, created.state);
}

#[tokio::test]
async fn import_plans_no_change() {
    let (aws, store) = ssm();
    foreign(&store, &format!("{WITH_TOKEN}/2"));
    let state = aws.import(&SsmUrl, ARN).await.state;
    assert_eq!(state.get("name"), &Value::from("/app/url"));
    assert_eq!(state.get("region"), &Value::from("us-east-1"));
    assert_eq!(state.get("host"), &Value::from("h.example"));
    assert_eq!(state.get("url"), &Value::from("rediss://:***@h.example:6379/2"));
    aws.calls();
    let tls = ("transit_encryption_enabled", Value::from(true));
    let group = group_of([("endpoint", "h.example".into()), tls, ("auth_token", TOKEN.into())]);
    let config =
        config(&SsmUrl, [("name", "/app/url".into()), ("database", 2.into()), ("replication_group", group)]);
    let taken = aws.update(&SsmUrl, &state, config.clone()).await;
    assert_eq!(problems(&taken.diags), none());
    assert_eq!(aws.operations(), ["GetParameter"]);
    assert_eq!(aws.plan(&SsmUrl, &taken.state, &config).planned, taken.state);
    // With `host` and without a token, the plan is empty.
    foreign(&store, "rediss://h.example:6379/2");
    let read = aws.import(&SsmUrl, "/app/url").await;
    for more in [("port", Value::from(6379)), ("username", "".into()), ("overwrite", true.into())] {
        let config = by_host([("database", 2.into()), more]);
        let plan = aws.plan_read(&SsmUrl, &read, &config);
        assert_eq!((&plan.planned, problems(&plan.diags)), (&read.state, none()));
    }
}

#[test]
fn import_rejects_arns_of_other_objects() {
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
async fn errors_do_not_quote_the_token() {
    let aws = FakeAws::new(|call| {
        let value = call.json()["Value"].as_str().unwrap_or_default().to_owned();
        call.error("ValidationException", &format!("Value '{value}' is bad"))
    });
    let errors = scope(Secrets::new(), async {
        let refused = aws.create(&SsmUrl, by_host([("auth_token", TOKEN.into())])).await;
        problems(&refused.diags).iter().map(|text| redact(text).into_owned()).collect::<Vec<_>>()
    });
    assert_eq!(
        errors.await,
        ["Failed to create SSM parameter \"/app/url\": SSM PutParameter: ValidationException: Value \
          'rediss://(redacted)@h.example:6379' is bad (HTTP 400, request id r-1)."]
    );
}
