//! The serverless cache against a scripted AWS.

mod failures;
mod lifecycle;
mod plan;
mod update;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use super::ServerlessCache;
use crate::testing::aws::{Answer, Call, FakeAws, problems};
use crate::value::Value;

const ARN: &str = "arn:aws:elasticache:us-east-1:111122223333:serverlesscache:cache";

/// One cache named `cache`: members of its XML by name.
type Members = Arc<Mutex<BTreeMap<String, String>>>;

/// An AWS with the cache `cache`, as recorded responses of DescribeServerlessCaches have it: a blank
/// description, a snapshot time without retention, and no usage limits.
fn members() -> Members {
    let endpoint = |port| {
        format!("<Address>cache-0a1b2c.serverless.use1.cache.amazonaws.com</Address><Port>{port}</Port>")
    };
    let members = [
        ("ServerlessCacheName", "cache".to_owned()),
        ("ARN", ARN.to_owned()),
        ("Status", "available".to_owned()),
        ("Description", " ".to_owned()),
        ("Engine", "valkey".to_owned()),
        ("MajorEngineVersion", "8".to_owned()),
        ("FullEngineVersion", "8.1".to_owned()),
        ("CreateTime", "2026-01-24T10:00:05.5Z".to_owned()),
        ("SnapshotRetentionLimit", "0".to_owned()),
        ("DailySnapshotTime", "17:30".to_owned()),
        ("SecurityGroupIds", "<SecurityGroupId>sg-1</SecurityGroupId>".to_owned()),
        ("SubnetIds", "<SubnetId>subnet-1</SubnetId><SubnetId>subnet-2</SubnetId>".to_owned()),
        ("Endpoint", endpoint(6379)),
        ("ReaderEndpoint", endpoint(6380)),
    ];
    Arc::new(Mutex::new(members.map(|(name, text)| (name.to_owned(), text)).into()))
}

fn xml(members: &Members) -> String {
    members.lock().unwrap().iter().map(|(name, text)| format!("<{name}>{text}</{name}>")).collect()
}

fn set(members: &Members, name: &str, text: &str) {
    members.lock().unwrap().insert(name.to_owned(), text.to_owned());
}

/// Answers as AWS does that carries out every change at once.
fn answer(members: &Members, call: &Call) -> Answer {
    let one = |members: &Members| format!("<ServerlessCache>{}</ServerlessCache>", xml(members));
    match call.operation.as_str() {
        "DescribeServerlessCaches" => {
            call.xml(&format!("<ServerlessCaches><member>{}</member></ServerlessCaches>", xml(members)))
        }
        "ModifyServerlessCache" => {
            modify(members, call);
            call.xml(&one(members))
        }
        "ListTagsForResource" => call.xml("<TagList/>"),
        "CreateServerlessCache" | "DeleteServerlessCache" => call.xml(&one(members)),
        _ => call.xml(""),
    }
}

fn modify(members: &Members, call: &Call) {
    let copied =
        ["Description", "Engine", "MajorEngineVersion", "DailySnapshotTime", "SnapshotRetentionLimit"];
    for name in copied.iter().copied().chain(["UserGroupId"]) {
        if let Some(text) = call.params.get(name) {
            set(members, name, text);
        }
    }
    if call.param("RemoveUserGroup") == "true" {
        members.lock().unwrap().remove("UserGroupId");
    }
    let groups = call.list("SecurityGroupIds.SecurityGroupId.");
    if !groups.is_empty() {
        let groups: String =
            groups.iter().map(|id| format!("<SecurityGroupId>{id}</SecurityGroupId>")).collect();
        set(members, "SecurityGroupIds", &groups);
    }
    let part = |name: &str| {
        let limit = |bound: &str| {
            let value = call.param(&format!("CacheUsageLimits.{name}.{bound}"));
            if ["", "0"].contains(&value) { String::new() } else { format!("<{bound}>{value}</{bound}>") }
        };
        let limits = limit("Minimum") + &limit("Maximum");
        if limits.is_empty() { String::new() } else { format!("<{name}>{limits}</{name}>") }
    };
    let limits = part("DataStorage") + &part("ECPUPerSecond");
    if call.params.keys().any(|name| name.starts_with("CacheUsageLimits.")) {
        set(members, "CacheUsageLimits", &limits);
    }
}

fn aws_with(members: &Members) -> FakeAws {
    let members = Arc::clone(members);
    FakeAws::new(move |call| answer(&members, call))
}

fn given<const N: usize>(entries: [(&str, Value); N]) -> Value {
    let fixed = [("name", Value::from("cache")), ("engine", Value::from("valkey"))];
    let all: BTreeMap<&str, Value> = fixed.into_iter().chain(entries).collect();
    crate::engine::AnyResource::schema(&ServerlessCache).conform(Value::map(all))
}

fn ids(ids: &[&str]) -> Value {
    Value::set(ids.iter().map(Value::string))
}

/// `cache_usage_limits` with a minimum and a maximum of each; 0 is omitted.
fn limits(storage: (i64, i64), ecpu: (i64, i64)) -> Value {
    let limit = |limit: i64| if limit == 0 { Value::Null } else { Value::from(limit) };
    let block = |(minimum, maximum): (i64, i64)| [("minimum", limit(minimum)), ("maximum", limit(maximum))];
    let storage = match storage {
        (0, 0) => Value::List(Vec::new()),
        some => Value::List(vec![Value::map(block(some).into_iter().chain([("unit", Value::Null)]))]),
    };
    let ecpu = match ecpu {
        (0, 0) => Value::List(Vec::new()),
        some => Value::List(vec![Value::map(block(some))]),
    };
    Value::List(vec![Value::map([("data_storage", storage), ("ecpu_per_second", ecpu)])])
}

fn errors_of(config: &Value) -> Vec<String> {
    problems(&crate::engine::AnyResource::validate(&ServerlessCache, config))
}

fn none() -> Vec<String> {
    Vec::new()
}

/// The state of a cache that was created with these arguments.
async fn created(aws: &FakeAws, config: Value) -> Value {
    let created = aws.create(&ServerlessCache, config).await;
    assert_eq!(problems(&created.diags), none());
    aws.calls();
    created.state
}
