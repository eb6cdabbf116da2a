//! What fails before anything is asked of AWS, word for word.

use super::SsmUrl;
use crate::engine::AnyResource;
use crate::resources::common::connection::GroupModel;
use crate::testing::aws::{Answer, Call, FakeAws, config, problems};
use crate::value::{IntoValue, Value};

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

/// A whole group with these attributes.
fn group_of<const N: usize>(entries: [(&str, Value); N]) -> Value {
    let mut group = GroupModel::default().into_value();
    if let Value::Map(map) = &mut group {
        map.extend(entries.map(|(key, value)| (key.to_owned(), value)));
    }
    group
}

fn group(host: (&str, &str), tls: bool, token: Value) -> Value {
    group_of([(host.0, host.1.into()), ("transit_encryption_enabled", tls.into()), ("auth_token", token)])
}

#[test]
fn needs_a_group_or_a_host() {
    let nothing = "replication_group: The URL leads nowhere: Give replication_group = \
                   elasticache_replication_group.this, or host and port.";
    assert_eq!(plan(&given([])), [nothing]);
    assert_eq!(plan(&given([("host", "".into())])), [nothing]);
    let both =
        given([("host", "h".into()), ("replication_group", group(("endpoint", "h"), true, Value::Null))]);
    assert_eq!(
        plan(&both),
        [
            "host: Conflicting arguments: host and replication_group cannot be given together; remove one of them."
        ]
    );
    assert_eq!(
        plan(&given([
            ("port", 1.into()),
            ("replication_group", group(("endpoint", "h"), true, Value::Null))
        ])),
        ["port: Missing host: port needs host to be given as well."]
    );
    assert_eq!(plan(&given([("host", Value::Unknown)])), [""; 0]);
    assert_eq!(
        plan(&given([("host", "redis://h:1".into())])),
        [
            "host: Invalid host: host must be a host name or an IP address and nothing else, but has a scheme (what stands before \
          \"://\"); a whole URL is taken apart by parse_redis_url()."
        ]
    );
    assert_eq!(
        plan(&given([("replication_group", group(("endpoint", ""), true, Value::Null))])),
        ["replication_group: The replication group has no endpoint: None of endpoint, \
          configuration_endpoint_address and primary_endpoint_address is set in replication_group. Pass the whole \
          resource, as in replication_group = elasticache_replication_group.this, or give host and port instead. A group \
          that AWS is still making has none yet."]
    );
}

#[test]
fn a_token_needs_tls_and_a_secure_parameter() {
    let token = || Value::from("0123456789abcdef");
    assert_eq!(
        plan(&given([("host", "h".into()), ("auth_token", token())])),
        [
            "transit_encryption_enabled: A token needs encryption in transit: ElastiCache takes AUTH tokens over TLS \
          only, so a redis:// URL with a token cannot work. Set transit_encryption_enabled = true, or remove the token."
        ]
    );
    assert_eq!(
        plan(&given([("replication_group", group(("endpoint", "h"), false, token()))])),
        [
            "replication_group[\"transit_encryption_enabled\"]: A token needs encryption in transit: ElastiCache takes AUTH \
          tokens over TLS only, so a redis:// URL with a token cannot work. Set transit_encryption_enabled = true on \
          the replication group, or remove the token."
        ]
    );
    let open = given([
        ("host", "h".into()),
        ("transit_encryption_enabled", Value::Unknown),
        ("auth_token", token()),
        ("type", "String".into()),
    ]);
    assert_eq!(
        plan(&open),
        [
            "type: The token is stored in plain text: The URL holds a token, and a parameter of type String shows it to \
          everyone who may read parameters. Use type = \"SecureString\"."
        ]
    );
}

#[test]
fn knows_the_readers_of_a_group() {
    let reader = |group| plan(&given([("use_reader_endpoint", true.into()), ("replication_group", group)]));
    let none = "use_reader_endpoint: The replication group has no reader endpoint: use_reader_endpoint is true, but \
                the group has no reader endpoint: with cluster mode, clients read through the configuration endpoint. \
                Remove use_reader_endpoint.";
    let cluster = [("configuration_endpoint_address", "c".into()), ("reader_endpoint", "c".into())];
    assert_eq!(reader(group_of(cluster)), [none]);
    assert_eq!(reader(group_of([("primary_endpoint_address", "p".into())])), [none]);
    assert_eq!(reader(group_of([("reader_endpoint_address", Value::Unknown)])), [""; 0]);
    let aws = FakeAws::new(|call| call.error("X", ""));
    let group = group_of([("primary_endpoint_address", "p".into()), ("reader_endpoint_address", "r".into())]);
    let config = given([("use_reader_endpoint", true.into()), ("replication_group", group)]);
    assert_eq!(aws.plan(&SsmUrl, &Value::Null, &config).planned.get("url"), &Value::from("redis://r:6379"));
}

#[test]
fn checks_names_tokens_and_sizes() {
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
        ["auth_token: Invalid auth_token: auth_token must have 16 to 128 characters, but has 5."]
    );
    assert_eq!(
        plan(&given([host(), tls(), ("auth_token", "0123456789abcdef\n".into())])),
        [
            "auth_token: Invalid auth_token: auth_token must be printable ASCII characters without @, \", / and spaces, \
          but holds another; a line break at the end of a file is one, which trimspace() removes."
        ]
    );
    assert_eq!(
        plan(&given([host(), tls(), ("auth_token_wo", "0123456789abcdef".into())])),
        [
            "auth_token_wo: Missing auth_token_wo_version: auth_token_wo needs auth_token_wo_version to be given as well."
        ]
    );
    let long = Value::map([("x", Value::from("y".repeat(5000).as_str()))]);
    assert_eq!(plan(&given([host(), ("parameters", long.clone())])), [""; 0], "the tier is not known yet");
    assert_eq!(
        plan(&given([host(), ("parameters", long), ("tier", "Standard".into())])),
        [
            "parameters: The URL is too long: An SSM parameter of this tier holds 4096 bytes, and the URL has 5017. Set \
          tier = \"Advanced\" for up to 8192."
        ]
    );
}

#[test]
fn a_token_that_the_group_wants_and_the_url_has_not_is_told() {
    let url = |group: Value, more: (&str, Value)| plan(&given([("replication_group", group), more]));
    let wants = |wants: Value, more: (&'static str, Value)| {
        let tls = ("transit_encryption_enabled", Value::from(true));
        group_of([("endpoint", "h".into()), tls, ("auth_token_enabled", wants), more])
    };
    let nothing = || ("description", Value::Null);
    let told = url(wants(true.into(), ("auth_token", Value::Null)), nothing());
    let warning = "replication_group: The group wants a token, and the connection has none: Clients of the";
    assert!(told.len() == 1 && told[0].starts_with(warning), "{told:?}");

    let token = || Value::from("0123456789abcdef");
    let version = ("auth_token_version", 1.into());
    for (group, more) in [
        (wants(false.into(), version.clone()), nothing()),
        (wants(Value::Null, version.clone()), nothing()),
        (wants(Value::Unknown, version.clone()), nothing()),
        (Value::Unknown, nothing()),
        // The group passes it on, or may.
        (wants(true.into(), ("auth_token", token())), nothing()),
        (wants(true.into(), ("auth_token", Value::Unknown)), nothing()),
        (wants(true.into(), ("auth_token_secret_arn", "arn".into())), nothing()),
        (wants(true.into(), ("auth_token_secret_arn", Value::Unknown)), nothing()),
        // It is given here, or may be.
        (wants(true.into(), version.clone()), ("auth_token", token())),
        (wants(true.into(), version.clone()), ("auth_token", Value::Unknown)),
        (wants(true.into(), version.clone()), ("username", "app".into())),
        (wants(true.into(), version), ("username", Value::Unknown)),
    ] {
        assert_eq!(url(group.clone(), more.clone()), [""; 0], "{group:?} {more:?}");
    }
    let by_reference = |arn: Value| {
        given([
            ("replication_group", wants(true.into(), ("auth_token", Value::Null))),
            ("auth_token_secret_arn", arn),
            ("auth_token_secret_version_id", "0123456789abcdef0123456789abcdef".into()),
        ])
    };
    for arn in [Value::Unknown, "arn:aws:secretsmanager:eu-west-1:123456789012:secret:app".into()] {
        assert_eq!(plan(&by_reference(arn)), [""; 0]);
    }
}

/// Users took the place of the group's token, and nobody said who logs in now.
#[tokio::test]
async fn a_token_that_goes_without_a_user_in_its_place_is_told() {
    let aws = FakeAws::new(|call: &Call| match call.operation.as_str() {
        "PutParameter" => call.answer_json(&serde_json::json!({ "Version": 1, "Tier": "Standard" })),
        _ => call.answer_json(
            &serde_json::json!({ "Parameter": { "Name": "x", "Type": "SecureString", "Value": "x",
            "Version": 1, "ARN": "arn:aws:ssm:us-east-1:1:parameter/x" } }),
        ),
    });
    let of = |wants: bool, token: Value| {
        let tls = ("transit_encryption_enabled", Value::from(true));
        group_of([("endpoint", "h".into()), tls, ("auth_token_enabled", wants.into()), ("auth_token", token)])
    };
    let url = |group: Value, more: (&str, Value)| given([("replication_group", group), more]);
    let nothing = || ("description", Value::Null);
    let before = aws.create(&SsmUrl, url(of(true, "0123456789abcdef".into()), nothing())).await;
    assert_eq!(problems(&before.diags), [""; 0]);
    let then = |config: &Value| problems(&aws.plan(&SsmUrl, &before.state, config).diags);
    let told = then(&url(of(false, Value::Null), nothing()));
    let warning = "replication_group: The connection loses its token, and gets no user: It had a token";
    assert!(told.len() == 1 && told[0].starts_with(warning), "{told:?}");
    for config in [
        url(of(false, Value::Null), ("username", "app".into())),
        url(of(false, Value::Null), ("auth_token", Value::Unknown)),
        url(of(false, Value::Unknown), nothing()),
        url(Value::Unknown, nothing()),
    ] {
        assert_eq!(then(&config), [""; 0], "{config:?}");
    }
}

/// J5.
#[test]
fn a_database_of_a_group_with_cluster_mode_is_warned_of() {
    let said = |number: i64, host: &str| {
        plan(&given([
            ("replication_group", group((host, "cache.example"), true, Value::Null)),
            ("database", Value::from(number)),
        ]))
    };
    let warned = said(1, "configuration_endpoint_address");
    assert_eq!(warned.len(), 1, "{warned:?}");
    assert!(warned[0].starts_with("database: Cluster mode has one database: database is 1"), "{warned:?}");
    assert_eq!(said(0, "configuration_endpoint_address"), [""; 0]);
    assert_eq!(said(1, "primary_endpoint_address"), [""; 0]);
}
