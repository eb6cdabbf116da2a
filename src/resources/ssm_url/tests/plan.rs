//! Exact texts of errors and warnings before the first call.

use super::{SsmUrl, group_of};
use crate::engine::AnyResource;
use crate::testing::aws::{Answer, Call, FakeAws, config, problems};
use crate::value::Value;

fn plan(config: &Value) -> Vec<String> {
    let checked = problems(&SsmUrl.validate(config));
    if !checked.is_empty() {
        return checked;
    }
    let aws = FakeAws::new(|call: &Call| -> Answer { panic!("a plan called {}", call.operation) });
    problems(&aws.plan(&SsmUrl, &Value::Null, config).diags)
}

fn given<const N: usize>(entries: [(&str, Value); N]) -> Value {
    let mut config = config(&SsmUrl, entries);
    if let Value::Map(map) = &mut config
        && map["name"].is_null()
    {
        map.insert("name".into(), "x".into());
    }
    config
}

fn group(host: (&str, &str), tls: bool, token: Value) -> Value {
    group_of([(host.0, host.1.into()), ("transit_encryption_enabled", tls.into()), ("auth_token", token)])
}

#[test]
fn replication_group_or_host_is_required() {
    let missing = "replication_group: Missing endpoint: None of `replication_group`, `serverless_cache_name` and `host` is \
                   set. Set `replication_group = elasticache_replication_group.this`, `serverless_cache_name = \
                   elasticache_serverless_cache.this.name`, or `host` and `port`.";
    assert_eq!(plan(&given([])), [missing]);
    assert_eq!(plan(&given([("host", "".into())])), [missing]);
    let both =
        given([("host", "h".into()), ("replication_group", group(("endpoint", "h"), true, Value::Null))]);
    assert_eq!(
        plan(&both),
        [
            "host: Conflicting arguments: `host` and `replication_group` cannot be set together. Remove one of them."
        ]
    );
    assert_eq!(
        plan(&given([
            ("port", 1.into()),
            ("replication_group", group(("endpoint", "h"), true, Value::Null))
        ])),
        ["port: Missing host: `port` requires `host`. Set `host`, or remove `port`."]
    );
    assert_eq!(plan(&given([("host", Value::Unknown)])), [""; 0]);
    assert_eq!(
        plan(&given([("host", "redis://h:1".into())])),
        [
            "host: Invalid host: `host` must be only a host name or an IP address, but has a scheme (the text before \
             \"://\"); use `parse_redis_url()` to split a URL."
        ]
    );
    assert_eq!(
        plan(&given([("replication_group", group(("endpoint", ""), true, Value::Null))])),
        [
            "replication_group: Replication group has no endpoint: None of `endpoint`, `configuration_endpoint_address` and \
             `primary_endpoint_address` is set in `replication_group`. While AWS creates a replication group, it has no \
             endpoint. Set `replication_group = elasticache_replication_group.this`, or set `host` and `port` instead."
        ]
    );
}

/// An unknown `host` may turn out to be null, and its defaults with it.
#[test]
fn defaults_of_an_unknown_host_are_known_only_without_another_cache() {
    let aws = FakeAws::new(|call: &Call| -> Answer { panic!("a plan called {}", call.operation) });
    let planned = |other: &str, value: Value| {
        let plan = aws.plan(&SsmUrl, &Value::Null, &given([("host", Value::Unknown), (other, value)]));
        assert_eq!(problems(&plan.diags), [""; 0], "{other}");
        ["port", "transit_encryption_enabled"].map(|name| plan.planned.get(name).clone())
    };
    assert_eq!(planned("username", Value::Null), [Value::from(6379), Value::Bool(false)]);
    let group = group(("endpoint", "h"), true, Value::Null);
    for (other, value) in [
        ("replication_group", group),
        ("replication_group", Value::Unknown),
        ("serverless_cache_name", "cache".into()),
        ("serverless_cache_name", Value::Unknown),
    ] {
        assert_eq!(planned(other, value), [Value::Unknown, Value::Unknown], "{other}");
    }
}

#[test]
fn token_requires_tls_and_a_secure_string() {
    let token = || Value::from("0123456789abcdef");
    assert_eq!(
        plan(&given([("host", "h".into()), ("auth_token", token())])),
        [
            "transit_encryption_enabled: AUTH token requires TLS: The connection has a token and no TLS, and ElastiCache \
             accepts AUTH tokens only with TLS. Set `transit_encryption_enabled = true`, or remove the token."
        ]
    );
    assert_eq!(
        plan(&given([("replication_group", group(("endpoint", "h"), false, token()))])),
        [
            "replication_group[\"transit_encryption_enabled\"]: AUTH token requires TLS: The connection has a token and no \
             TLS, and ElastiCache accepts AUTH tokens only with TLS. Set `transit_encryption_enabled = true` on the \
             replication group, or remove the token."
        ]
    );
    let unknown = given([
        ("host", "h".into()),
        ("transit_encryption_enabled", Value::Unknown),
        ("auth_token", token()),
        ("type", "String".into()),
    ]);
    assert_eq!(
        plan(&unknown),
        [
            "type: Token is stored in plain text: The URL has a token, and everyone who can read a parameter of type String \
             can read it. Set `type = \"SecureString\"`."
        ]
    );
}

#[test]
fn reader_endpoint_requires_a_replication_group_with_one() {
    let reader = |group| plan(&given([("use_reader_endpoint", true.into()), ("replication_group", group)]));
    let none = "use_reader_endpoint: Replication group has no reader endpoint: `use_reader_endpoint` is true, but the \
                replication group has no reader endpoint: with cluster mode, clients read from the configuration endpoint. \
                Remove `use_reader_endpoint`.";
    let cluster = [("configuration_endpoint_address", "c".into()), ("reader_endpoint", "c".into())];
    assert_eq!(reader(group_of(cluster)), [none]);
    assert_eq!(reader(group_of([("primary_endpoint_address", "p".into())])), [none]);
    let tls = ("transit_encryption_enabled", true.into());
    assert_eq!(reader(group_of([("reader_endpoint_address", Value::Unknown), tls])), [""; 0]);
    let aws = FakeAws::new(|call| call.error("X", ""));
    let group = group_of([("primary_endpoint_address", "p".into()), ("reader_endpoint_address", "r".into())]);
    let config = given([("use_reader_endpoint", true.into()), ("replication_group", group)]);
    assert_eq!(aws.plan(&SsmUrl, &Value::Null, &config).planned.get("url"), &Value::from("redis://r:6379"));
}

/// Issue 19: a secondary of a global datastore refuses writes.
#[test]
fn url_of_a_secondary_has_the_reader_endpoint() {
    let aws = FakeAws::new(|call| call.error("X", ""));
    let url = |role: Value, endpoints: [(&'static str, Value); 2]| {
        let [primary, reader] = endpoints;
        let group = group_of([primary, reader, ("global_replication_group_role", role)]);
        aws.plan(&SsmUrl, &Value::Null, &given([("replication_group", group)])).planned.get("url").clone()
    };
    let nodes = || [("primary_endpoint_address", "p".into()), ("reader_endpoint_address", "r".into())];
    let shards = || [("configuration_endpoint_address", "c".into()), ("reader_endpoint", "c".into())];
    assert_eq!(url("SECONDARY".into(), nodes()), Value::from("redis://r:6379"));
    assert_eq!(url("SECONDARY".into(), shards()), Value::from("redis://c:6379"));
    assert_eq!(url("PRIMARY".into(), nodes()), Value::from("redis://p:6379"));
    assert_eq!(url(Value::Null, nodes()), Value::from("redis://p:6379"));
    assert_eq!(url(Value::Unknown, nodes()), Value::Unknown);
}

#[test]
fn invalid_names_tokens_and_lengths_are_errors() {
    let host = || ("host", Value::from("h"));
    let tls = || ("transit_encryption_enabled", Value::from(true));
    for name in ["a", "/a", "/app/production/redis_url", "a.b-c_D1", "/awsome/x"] {
        assert_eq!(plan(&given([host(), ("name", name.into())])), [""; 0], "{name}");
    }
    for name in ["a/b", "/a/", "//a", "a b", "/aws/x", "awsome", "SSM-x", "/a:1", ""] {
        assert!(!plan(&given([host(), ("name", name.into())])).is_empty(), "{name}");
    }
    assert_eq!(
        plan(&given([host(), tls(), ("auth_token", "short".into())])),
        ["auth_token: Invalid auth_token: `auth_token` must have 16 to 128 characters, but has 5."]
    );
    assert_eq!(
        plan(&given([host(), tls(), ("auth_token", "0123456789abcdef\n".into())])),
        [
            "auth_token: Invalid auth_token: `auth_token` must consist of printable ASCII characters except @, \", / and \
             spaces, but has another one, such as the line break at the end of a file, which trimspace() removes."
        ]
    );
    assert_eq!(
        plan(&given([host(), tls(), ("auth_token_wo", "0123456789abcdef".into())])),
        [
            "auth_token_wo: Missing auth_token_wo_version: `auth_token_wo` requires `auth_token_wo_version`. Set `auth_token_wo_version`, or remove `auth_token_wo`."
        ]
    );
    let long = Value::map([("x", Value::from("y".repeat(5000).as_str()))]);
    assert_eq!(plan(&given([host(), ("parameters", long.clone())])), [""; 0], "the tier is unknown");
    assert_eq!(
        plan(&given([host(), ("parameters", long), ("tier", "Standard".into())])),
        [
            "parameters: URL is too long: The URL has 5017 bytes, but an SSM parameter of this tier has at most 4096. Set \
             `tier = \"Advanced\"` for at most 8192 bytes, or use fewer `parameters`."
        ]
    );
}

#[test]
fn missing_token_is_warned_of_if_the_replication_group_requires_one() {
    let url = |group: Value, more: (&str, Value)| plan(&given([("replication_group", group), more]));
    let group = |required: Value, more: (&'static str, Value)| {
        let tls = ("transit_encryption_enabled", Value::from(true));
        group_of([("endpoint", "h".into()), tls, ("auth_token_enabled", required), more])
    };
    let nothing = || ("description", Value::Null);
    let warnings = url(group(true.into(), ("auth_token", Value::Null)), nothing());
    let warning = "replication_group: Replication group requires an AUTH token: The connection has no token";
    assert!(warnings.len() == 1 && warnings[0].starts_with(warning), "{warnings:?}");

    let token = || Value::from("0123456789abcdef");
    let version = ("auth_token_version", 1.into());
    for (value, more) in [
        (group(false.into(), version.clone()), nothing()),
        (group(Value::Null, version.clone()), nothing()),
        (group(Value::Unknown, version.clone()), nothing()),
        (Value::Unknown, nothing()),
        // The replication group has a token, or may have one.
        (group(true.into(), ("auth_token", token())), nothing()),
        (group(true.into(), ("auth_token", Value::Unknown)), nothing()),
        (group(true.into(), ("auth_token_secret_arn", "arn".into())), nothing()),
        (group(true.into(), ("auth_token_secret_arn", Value::Unknown)), nothing()),
        // The connection has a token or user, or may have one.
        (group(true.into(), version.clone()), ("auth_token", token())),
        (group(true.into(), version.clone()), ("auth_token", Value::Unknown)),
        (group(true.into(), version.clone()), ("username", "app".into())),
        (group(true.into(), version), ("username", Value::Unknown)),
    ] {
        assert_eq!(url(value.clone(), more.clone()), [""; 0], "{value:?} {more:?}");
    }
    let by_reference = |arn: Value| {
        given([
            ("replication_group", group(true.into(), ("auth_token", Value::Null))),
            ("auth_token_secret_arn", arn),
            ("auth_token_secret_version_id", "0123456789abcdef0123456789abcdef".into()),
        ])
    };
    for arn in [Value::Unknown, "arn:aws:secretsmanager:eu-west-1:123456789012:secret:app".into()] {
        assert_eq!(plan(&by_reference(arn)), [""; 0]);
    }
}

/// Users replace the AUTH token of the replication group, and the connection has no user.
#[tokio::test]
async fn removed_token_without_a_user_is_warned_of() {
    let aws = FakeAws::new(|call: &Call| match call.operation.as_str() {
        "PutParameter" => call.answer_json(&serde_json::json!({ "Version": 1, "Tier": "Standard" })),
        _ => call.answer_json(
            &serde_json::json!({ "Parameter": { "Name": "x", "Type": "SecureString", "Value": "x",
            "Version": 1, "ARN": "arn:aws:ssm:us-east-1:1:parameter/x" } }),
        ),
    });
    let of = |required: bool, token: Value| {
        let tls = ("transit_encryption_enabled", Value::from(true));
        group_of([
            ("endpoint", "h".into()),
            tls,
            ("auth_token_enabled", required.into()),
            ("auth_token", token),
        ])
    };
    let url = |group: Value, more: (&str, Value)| given([("replication_group", group), more]);
    let nothing = || ("description", Value::Null);
    let before = aws.create(&SsmUrl, url(of(true, "0123456789abcdef".into()), nothing())).await;
    assert_eq!(problems(&before.diags), [""; 0]);
    let plan_warnings = |config: &Value| problems(&aws.plan(&SsmUrl, &before.state, config).diags);
    let warnings = plan_warnings(&url(of(false, Value::Null), nothing()));
    let warning = "replication_group: Connection has neither token nor user: The change removes the token";
    assert!(warnings.len() == 1 && warnings[0].starts_with(warning), "{warnings:?}");
    for config in [
        url(of(false, Value::Null), ("username", "app".into())),
        url(of(false, Value::Null), ("auth_token", Value::Unknown)),
        url(of(false, Value::Unknown), nothing()),
        url(Value::Unknown, nothing()),
    ] {
        assert_eq!(plan_warnings(&config), [""; 0], "{config:?}");
    }
}

/// Fault J5.
#[test]
fn database_with_cluster_mode_is_warned_of() {
    let warnings = |number: i64, host: &str| {
        plan(&given([
            ("replication_group", group((host, "cache.example"), true, Value::Null)),
            ("database", Value::from(number)),
        ]))
    };
    let found = warnings(1, "configuration_endpoint_address");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("database: Cluster mode has one database: `database` is 1"), "{found:?}");
    assert_eq!(warnings(0, "configuration_endpoint_address"), [""; 0]);
    assert_eq!(warnings(1, "primary_endpoint_address"), [""; 0]);
}
