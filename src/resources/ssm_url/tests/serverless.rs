//! The URL of a serverless cache, against scripted responses of SSM and ElastiCache.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use serde_json::json;

use super::SsmUrl;
use crate::engine::AnyResource;
use crate::testing::aws::{Answer, Call, FakeAws, config, problems};
use crate::value::Value;

const HOST: &str = "cache-0a1b2c.serverless.use1.cache.amazonaws.com";

/// A cache `cache` with this engine and host, and a parameter. Without a host, the cache does not exist.
#[derive(Default)]
struct Store {
    host: Option<String>,
    engine: String,
    value: serde_json::Value,
    version: i64,
}

impl Store {
    fn answer(&mut self, call: &Call) -> Answer {
        match (call.operation.as_str(), &self.host) {
            ("DescribeServerlessCaches", None) => {
                call.error("ServerlessCacheNotFoundFault", "Serverless cache not found.")
            }
            ("DescribeServerlessCaches", Some(host)) => {
                assert_eq!(call.param("ServerlessCacheName"), "cache");
                let place = |port| format!("<Address>{host}</Address><Port>{port}</Port>");
                call.xml(&format!(
                    "<ServerlessCaches><member><ServerlessCacheName>cache</ServerlessCacheName>\
                     <ARN>arn:aws:elasticache:us-east-1:111122223333:serverlesscache:cache</ARN>\
                     <Status>available</Status><Engine>{}</Engine><Endpoint>{}</Endpoint>\
                     <ReaderEndpoint>{}</ReaderEndpoint></member></ServerlessCaches>",
                    self.engine,
                    place(6379),
                    place(6380)
                ))
            }
            ("PutParameter", _) => {
                self.version += 1;
                self.value = call.json()["Value"].clone();
                call.answer_json(&json!({ "Version": self.version, "Tier": "Standard" }))
            }
            ("GetParameter", _) => call.answer_json(&json!({ "Parameter": {
                "Name": "/app/url", "Type": "SecureString", "Value": self.value, "Version": self.version,
                "ARN": "arn:aws:ssm:us-east-1:123456789012:parameter/app/url",
            } })),
            ("DescribeParameters", _) => call.answer_json(&json!({ "Parameters": [{
                "Name": "/app/url", "Tier": "Standard", "KeyId": "alias/aws/ssm",
            }] })),
            ("ListTagsForResource", _) => call.answer_json(&json!({ "TagList": [] })),
            _ => call.error("Unexpected", &call.operation),
        }
    }
}

fn aws(host: Option<&str>, engine: &str) -> (FakeAws, Arc<Mutex<Store>>) {
    let store = Store { host: host.map(str::to_owned), engine: engine.to_owned(), ..Store::default() };
    let store = Arc::new(Mutex::new(store));
    let shared = Arc::clone(&store);
    (FakeAws::new(move |call| shared.lock().unwrap().answer(call)), store)
}

fn by_name<const N: usize>(more: [(&'static str, Value); N]) -> Value {
    let base = [("name", "/app/url".into()), ("serverless_cache_name", "Cache".into())];
    let entries: BTreeMap<_, Value> = base.into_iter().chain(more).collect();
    AnyResource::schema(&SsmUrl).conform(Value::map(entries))
}

#[tokio::test]
async fn hosts_and_ports_are_those_that_aws_returns() {
    for (reader, port) in [(false, 6379), (true, 6380)] {
        let (aws, store) = aws(Some(HOST), "valkey");
        let config = by_name([
            ("use_reader_endpoint", reader.into()),
            ("username", "app".into()),
            ("auth_token", "a password".into()),
        ]);
        assert_eq!(aws.plan(&SsmUrl, &Value::Null, &config).planned.get("url"), &Value::Unknown);
        let created = aws.create(&SsmUrl, config.clone()).await;
        assert_eq!(problems(&created.diags), [""; 0]);
        assert_eq!(created.state.get("url"), &Value::from(format!("rediss://app@{HOST}:{port}").as_str()));
        assert_eq!(store.lock().unwrap().value, format!("rediss://app:a%20password@{HOST}:{port}"));
        assert_eq!(created.state.get("serverless_cache").get("reader_port"), &Value::from(6380));
        let read = aws.read(&SsmUrl, &created.state).await;
        assert_eq!(read.state, created.state);
        assert_eq!(aws.plan(&SsmUrl, &read.state, &config).planned, read.state);
    }
}

/// A cache that was replaced has another host.
#[tokio::test]
async fn read_finds_another_host_and_the_next_apply_writes_it() {
    let (aws, store) = aws(Some(HOST), "valkey");
    let created = aws.create(&SsmUrl, by_name([])).await;
    store.lock().unwrap().host = None;
    let gone = aws.read(&SsmUrl, &created.state).await;
    assert_eq!(gone.state.get("serverless_cache"), &Value::Null);
    assert_eq!(aws.plan(&SsmUrl, &gone.state, &by_name([])).planned.get("url"), &Value::Unknown);
    store.lock().unwrap().host = Some("new.example".to_owned());
    let read = aws.read(&SsmUrl, &created.state).await;
    let updated = aws.update(&SsmUrl, &read.state, by_name([])).await;
    assert_eq!(problems(&updated.diags), [""; 0]);
    assert_eq!(store.lock().unwrap().value, "rediss://new.example:6379");
    assert_eq!(updated.state.get("version"), &Value::from(2));
    let read = aws.read(&SsmUrl, &updated.state).await;
    assert_eq!(aws.plan(&SsmUrl, &read.state, &by_name([])).planned, read.state);
}

#[tokio::test]
async fn missing_cache_and_memcached_are_errors_at_the_name() {
    for (host, engine, summary) in [
        (None, "valkey", "Serverless cache has no endpoint"),
        (Some(HOST), "memcached", "Memcached has no Redis URL"),
    ] {
        let (aws, store) = aws(host, engine);
        let found = problems(&aws.create(&SsmUrl, by_name([])).await.diags);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with(&format!("serverless_cache_name: {summary}: ")), "{found:?}");
        assert_eq!(store.lock().unwrap().version, 0);
    }
}

#[test]
fn database_is_a_warning() {
    let (aws, _) = aws(Some(HOST), "valkey");
    let found = problems(&aws.plan(&SsmUrl, &Value::Null, &by_name([("database", 1.into())])).diags);
    assert_eq!(
        found,
        [
            "database: Cluster mode has one database: `database` is 1, but a serverless cache has cluster mode, in which \
             versions before Valkey 9 have only database 0, and SELECT fails. Remove `database`, unless the serverless cache \
             has Valkey 9 or later."
        ]
    );
}

#[test]
fn one_of_cache_group_and_host_is_given() {
    let config = config(
        &SsmUrl,
        [("name", "/app/url".into()), ("host", "h".into()), ("serverless_cache_name", "cache".into())],
    );
    let found = problems(&SsmUrl.validate(&config));
    assert_eq!(
        found,
        [
            "serverless_cache_name: Conflicting arguments: `serverless_cache_name` and `host` cannot be set together. Remove \
             one of them."
        ]
    );
}
