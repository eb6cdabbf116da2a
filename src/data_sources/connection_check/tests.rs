//! The data source against a server in this process: arguments, results, and nothing secret in them.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::ConnectionCheck;
use crate::engine::{AnyDataSource, ReadResponse};
use crate::testing::aws::{FakeAws, problems};
use crate::value::Value;

const HOST: &str = "127.0.0.1";

/// The port of a server that accepts one connection. It knows one token, and no INFO.
async fn serve() -> u16 {
    let listener = TcpListener::bind((HOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut received = [0; 1024];
        while let Ok(length @ 1..) = stream.read(&mut received).await {
            let command = String::from_utf8_lossy(&received[..length]).into_owned();
            let reply = match command.as_str() {
                it if it.contains("AUTH") && !it.contains("right-token") => "-WRONGPASS invalid\r\n",
                it if it.contains("AUTH") => "+OK\r\n",
                it if it.contains("PING") => "+PONG\r\n",
                _ => "-NOPERM no permissions\r\n",
            };
            if stream.write_all(reply.as_bytes()).await.is_err() {
                return;
            }
        }
    });
    port
}

/// A read, with the calls of AWS in its course.
async fn check(arguments: Vec<(&'static str, Value)>) -> (ReadResponse, Vec<String>) {
    let aws = FakeAws::new(|call| {
        let sent = call.json();
        let secret = serde_json::json!({
            "ARN": sent["SecretId"], "SecretString": "right-token", "VersionId": sent["VersionId"],
        });
        call.answer_json(&secret)
    });
    let response = aws.ask(&ConnectionCheck, arguments).await;
    (response, aws.operations())
}

fn text<'a>(response: &'a ReadResponse, name: &str) -> Option<&'a str> {
    response.state.get(name).as_str()
}

#[tokio::test]
async fn a_reachable_cache_has_a_latency() {
    let port = serve().await;
    let (response, calls) = check(vec![("host", HOST.into()), ("port", Value::from(i64::from(port)))]).await;
    assert_eq!((problems(&response.diags), calls), (vec![], vec![]));
    let state = &response.state;
    assert_eq!((state.get("reachable"), state.get("reason")), (&Value::from(true), &Value::Null));
    assert_eq!(state.get("transit_encryption_enabled"), &Value::from(false));
    assert!(matches!(state.get("latency_milliseconds"), Value::Number(_)), "{state:?}");
    let message = text(&response, "message").unwrap();
    assert!(message.starts_with(&format!("{HOST}:{port} answered in ")), "{message}");
    assert_eq!((state.get("role"), state.get("slots_covered")), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn the_parts_of_a_url_are_returned_without_its_token() {
    let port = serve().await;
    let url = format!("redis://:wrong-token@{HOST}:{port}");
    let (response, _) = check(vec![("url", Value::string(&url))]).await;
    assert_eq!(problems(&response.diags), [""; 0]);
    assert_eq!((text(&response, "host"), text(&response, "reason")), (Some(HOST), Some("auth")));
    assert_eq!(response.state.get("port"), &Value::from(i64::from(port)));
    assert_eq!(response.state.get("reachable"), &Value::from(false));
    assert_eq!(text(&response, "message"), Some("The cache rejects the user name or the token (WRONGPASS)."));
}

/// The token of a secret is used before that of the URL, and no state has it.
#[tokio::test]
async fn a_token_by_reference_is_read_and_not_stored() {
    let port = serve().await;
    let (response, calls) = check(vec![
        ("url", Value::string(format!("redis://:wrong-token@{HOST}:{port}"))),
        ("auth_token_secret_arn", "arn:aws:secretsmanager:us-east-1:111122223333:secret:token-AbCdEf".into()),
        ("auth_token_secret_version_id", "11111111-2222-3333-4444-555555555555".into()),
    ])
    .await;
    assert_eq!(problems(&response.diags), [""; 0]);
    assert_eq!(response.state.get("reachable"), &Value::from(true));
    assert_eq!(calls, ["GetSecretValue"]);
    assert!(!format!("{:?}", response.state).contains("right-token"));
}

#[tokio::test]
async fn an_unreachable_cache_is_an_error_if_it_is_required() {
    let listener = TcpListener::bind((HOST, 0)).await.unwrap();
    let port = i64::from(listener.local_addr().unwrap().port());
    drop(listener);
    let arguments = vec![("host", HOST.into()), ("port", Value::from(port))];
    let (response, _) = check(arguments.clone()).await;
    assert_eq!(text(&response, "reason"), Some("tcp"));
    let required = [arguments, vec![("required", true.into())]].concat();
    let (response, _) = check(required).await;
    let errors = problems(&response.diags);
    let [error] = errors.as_slice() else { panic!("{errors:?}") };
    assert!(error.starts_with("host: Cache is not reachable: No TCP connection to "), "{error}");
    assert!(error.contains("Run Terraform in the VPC of the cache"), "{error}");
    assert_eq!(response.state, Value::Null);
}

/// ElastiCache accepts tokens over TLS only, so that none is sent without it by omission.
#[tokio::test]
async fn a_token_is_sent_over_tls_unless_the_configuration_says_otherwise() {
    for (tls, reason) in [(Value::Null, Some("tls")), (Value::from(false), None)] {
        let port = serve().await;
        let (response, _) = check(vec![
            ("host", HOST.into()),
            ("port", Value::from(i64::from(port))),
            ("auth_token", "right-token".into()),
            ("transit_encryption_enabled", tls),
        ])
        .await;
        assert_eq!(text(&response, "reason"), reason, "{:?}", response.state);
    }
}

#[tokio::test]
async fn a_stop_ends_the_check() {
    let listener = TcpListener::bind((HOST, 0)).await.unwrap();
    let port = i64::from(listener.local_addr().unwrap().port());
    let aws = FakeAws::new(|call| call.error("None", "Nothing is called."));
    aws.cancel.cancel();
    let response = aws.ask(&ConnectionCheck, [("host", HOST.into()), ("port", Value::from(port))]).await;
    let errors = problems(&response.diags);
    assert!(errors[0].starts_with("Connection check was canceled: "), "{errors:?}");
}

#[test]
fn errors_of_arguments_quote_no_secret() {
    let validate = |arguments: Vec<(&'static str, Value)>| {
        let config = AnyDataSource::schema(&ConnectionCheck).conform(Value::map(arguments));
        problems(&AnyDataSource::validate(&ConnectionCheck, &config))
    };
    let missing = validate(vec![("port", Value::from(6379))]);
    assert!(missing[0].starts_with("host: Missing host: "), "{missing:?}");
    let url = validate(vec![("url", "http://:secret-token@cache".into())]);
    assert!(url[0].contains("the scheme must be redis:// or rediss://"), "{url:?}");
    let host = validate(vec![("host", "secret-token@cache".into())]);
    assert!(host[0].contains("has a user name or token"), "{host:?}");
    let pem = validate(vec![("host", "cache".into()), ("ca_certificate_pem", "secret-token".into())]);
    assert!(pem[0].contains("must be certificates in PEM form, but they contain no certificate"), "{pem:?}");
    for errors in [url, host, pem] {
        assert!(errors.len() == 1 && !errors[0].contains("secret-token"), "{errors:?}");
    }
}
