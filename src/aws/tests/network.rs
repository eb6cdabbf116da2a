//! Proxies and TLS, on loopback.

use super::Home;
use super::server::{Server, small_aws};
use crate::aws::{AssumeRole, AwsError, Cancel, Service, Settings, WebIdentity, call};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

async fn describe(home: &Home, settings: Settings) -> Result<(), AwsError> {
    let client = home.aws(settings).elasticache(None).await?;
    let request = client.describe_replication_groups().send();
    call(&Cancel::new(), Service::ElastiCache, "DescribeReplicationGroups", request).await?;
    Ok(())
}

fn endpoint(url: &str) -> Settings {
    Settings {
        endpoints: [(Service::ElastiCache, url.to_owned())].into_iter().collect(),
        max_retries: Some(0),
        ..Settings::default()
    }
}

/// A TLS acceptor with a certificate for `elasticache.test`, and the
/// certificate as PEM.
fn tls() -> (tokio_rustls::TlsAcceptor, String) {
    let key = rcgen::KeyPair::generate().unwrap();
    let names = vec!["elasticache.test".to_owned(), "127.0.0.1".to_owned()];
    let certificate = rcgen::CertificateParams::new(names).unwrap().self_signed(&key).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key.serialize_der().try_into().unwrap())
        .unwrap();
    (Arc::new(config).into(), certificate.pem())
}

/// A proxy that answers CONNECT by connecting to `target`, whatever was asked.
/// Gives its URL and, per connection, the request's head.
async fn connect_proxy(target: String) -> (String, Arc<std::sync::Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://user:pass@{}", listener.local_addr().unwrap());
    let heads = Arc::new(std::sync::Mutex::new(Vec::new()));
    let remembered = Arc::clone(&heads);
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let (target, remembered) = (target.clone(), Arc::clone(&remembered));
            tokio::spawn(async move {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    head.push(client.read_u8().await.unwrap());
                }
                remembered.lock().unwrap().push(String::from_utf8(head).unwrap());
                let mut server = TcpStream::connect(target).await.unwrap();
                client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
                let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
            });
        }
    });
    (url, heads)
}

fn authority(url: &str) -> String {
    url.split_once("://").unwrap().1.to_owned()
}

#[tokio::test]
async fn plain_http_goes_through_its_proxy_and_loopback_never_does() {
    let proxy = Server::start(small_aws).await;
    let direct = Server::start(small_aws).await;
    let with_password = proxy.url.replace("http://", "http://user:pass@");
    let home = Home::with_keys().with("HTTP_PROXY", &with_password);
    describe(&home, endpoint("http://elasticache.test")).await.unwrap();
    let visited = proxy.visited();
    assert_eq!(visited[0].line, "POST http://elasticache.test/ HTTP/1.1");
    assert_eq!(visited[0].header("proxy-authorization"), "Basic dXNlcjpwYXNz");
    describe(&home, endpoint(&direct.url)).await.unwrap();
    assert_eq!((proxy.visited().len(), direct.visited().len()), (1, 1));
}

#[tokio::test]
async fn https_goes_through_connect_with_a_ca_bundle_and_insecurely() {
    let (acceptor, pem) = tls();
    let server = Server::start_with_tls(Some(acceptor), small_aws).await;
    let (proxy, heads) = connect_proxy(authority(&server.url)).await;
    let home = Home::with_keys();
    let bundle = home.write("ca.pem", &pem);
    let url = "https://elasticache.test";
    let home = home.with("HTTPS_PROXY", &proxy);

    let trusting = Settings { custom_ca_bundle: Some(bundle.clone()), ..endpoint(url) };
    describe(&home, trusting).await.unwrap();
    // hashicorp/aws: http_proxy of the block serves https too.
    let by_http_proxy =
        Settings { custom_ca_bundle: Some(bundle), http_proxy: Some(proxy.clone()), ..endpoint(url) };
    describe(&Home::with_keys(), by_http_proxy).await.unwrap();
    let insecure = Settings { insecure: true, ..endpoint(url) };
    describe(&home, insecure).await.unwrap();

    let heads = heads.lock().unwrap().clone();
    assert_eq!(heads.len(), 3);
    for head in heads {
        let head = head.to_ascii_lowercase();
        assert!(head.starts_with("connect elasticache.test:443 http/1.1\r\n"), "{head}");
        assert!(head.contains("proxy-authorization: basic dxnlcjpwyxnz"), "{head}");
    }
    assert_eq!(server.visited().len(), 3);
}

#[tokio::test]
async fn a_ca_bundle_of_the_environment_and_insecure_work_without_a_proxy() {
    let (acceptor, pem) = tls();
    let server = Server::start_with_tls(Some(acceptor), small_aws).await;
    let home = Home::with_keys();
    let bundle = home.write("ca.pem", &pem);
    describe(&home, Settings { insecure: true, ..endpoint(&server.url) }).await.unwrap();
    describe(&home.with("AWS_CA_BUNDLE", &bundle), endpoint(&server.url)).await.unwrap();
}

#[tokio::test]
async fn an_untrusted_certificate_fails_at_once_and_says_so() {
    let (acceptor, _) = tls();
    let (_, other) = tls();
    let server = Server::start_with_tls(Some(acceptor), small_aws).await;
    let home = Home::with_keys();
    let bundle = home.write("other.pem", &other);
    let started = Instant::now();
    let settings = Settings { custom_ca_bundle: Some(bundle), max_retries: None, ..endpoint(&server.url) };
    let text = describe(&home, settings).await.unwrap_err().to_string();
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
    assert!(text.contains("certificate") && text.contains("`custom_ca_bundle` or `AWS_CA_BUNDLE`"), "{text}");
}

#[tokio::test]
async fn no_proxy_and_an_empty_setting_go_straight() {
    let dead = "http://127.0.0.1:9";
    let server = Server::start(small_aws).await;
    let url = server.url.replace("127.0.0.1", "localhost");
    let home = Home::with_keys().with("HTTP_PROXY", dead);
    describe(&home, Settings { http_proxy: Some(String::new()), ..endpoint(&url) }).await.unwrap();
    let home = home.with("NO_PROXY", "localhost");
    describe(&home, endpoint(&url)).await.unwrap();
    assert_eq!(server.visited().len(), 2);
}

/// A machine that drops packets: the backlog is full, so that the kernel
/// answers no further SYN.
#[tokio::test(start_paused = true)]
async fn a_connection_that_is_never_made_ends_at_the_connect_timeout() {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut held = Vec::new();
    for _ in 0..8 {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        held.push(tokio::spawn(async move { socket.connect(address).await }));
    }
    tokio::time::sleep(Duration::from_millis(1)).await;
    let started = Instant::now();
    let settings = Settings { max_retries: None, ..endpoint(&format!("http://{address}")) };
    let text = describe(&Home::with_keys(), settings).await.unwrap_err().to_string();
    assert_eq!(started.elapsed().as_secs(), 10, "{text}");
    assert!(text.contains("connect timeout occurred after 10s"), "{text}");
    assert!(text.ends_with("can be reached from here (network, VPN, proxy), then run again."), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_never_answers_ends_at_the_read_timeout() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let started = Instant::now();
    let text = describe(&Home::with_keys(), endpoint(&url)).await.unwrap_err().to_string();
    assert!((60..=61).contains(&started.elapsed().as_secs()), "{:?} {text}", started.elapsed());
    assert!(text.starts_with("ElastiCache DescribeReplicationGroups: no answer in time: "), "{text}");
}

/// A server that announces a body of more than 64 MB in every response, and sends none of it. Gives its URL and the number
/// of requests.
async fn announcing() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let requests = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&requests);
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let counted = Arc::clone(&counted);
            tokio::spawn(async move {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    let Ok(byte) = client.read_u8().await else { return };
                    head.push(byte);
                }
                counted.fetch_add(1, Ordering::Relaxed);
                client.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 67108865\r\n\r\n").await.unwrap();
                std::future::pending::<()>().await;
            });
        }
    });
    (url, requests)
}

/// The error of a call to each service, through all that a request and its response pass.
#[tokio::test]
async fn response_that_is_too_large_is_refused_by_every_client() {
    let (url, requests) = announcing().await;
    let aws = Home::with_keys().with("AWS_ENDPOINT_URL", &url).aws(Settings::default());
    let cancel = Cancel::new();
    macro_rules! refused {
        ($service:ident, $client:ident, $operation:literal, $call:ident $($argument:tt)*) => {{
            let request = aws.$client(None).await.unwrap().$call() $($argument)*.send();
            let error = call(&cancel, Service::$service, $operation, request).await.unwrap_err();
            (concat!(stringify!($service), " ", $operation), error.to_string())
        }};
    }
    let ec2 = aws.ec2(None).await.unwrap();
    let ec2 = ec2.find_security_groups(&[("group-name", "a")]);
    let ec2 = call(&cancel, Service::Ec2, "DescribeSecurityGroups", ec2).await.unwrap_err();
    let logs = aws.logs(None).await.unwrap();
    let logs = logs.describe_log_groups("a", None);
    let logs = call(&cancel, Service::Logs, "DescribeLogGroups", logs).await.unwrap_err();
    let errors = [
        refused!(ElastiCache, elasticache, "DescribeReplicationGroups", describe_replication_groups),
        refused!(CloudWatch, cloudwatch, "DescribeAlarms", describe_alarms),
        refused!(Ssm, ssm, "DescribeParameters", describe_parameters),
        ("STS GetCallerIdentity", aws.account_id().await.unwrap_err().to_string()),
        ("EC2 DescribeSecurityGroups", ec2.to_string()),
        ("CloudWatch Logs DescribeLogGroups", logs.to_string()),
    ];
    for (what, error) in &errors {
        let expected = format!(
            "{what}: the answer could not be understood: HTTP 200, the body of the response exceeds 64 MB"
        );
        assert!(error.to_lowercase().starts_with(&expected.to_lowercase()), "{error}");
    }
    // None is repeated, although 25 retries are allowed.
    assert_eq!(requests.load(Ordering::Relaxed), errors.len());
}

#[tokio::test]
async fn response_that_is_too_large_is_refused_by_every_source_of_credentials() {
    let (url, _) = announcing().await;
    let role_arn = "arn:aws:iam::111122223333:role/cache".to_owned();
    let role = AssumeRole { role_arn: role_arn.clone(), ..AssumeRole::default() };
    let with_role = Settings { assume_role: vec![role], ..Settings::default() };
    let home = Home::new().with("AWS_REGION", "eu-west-1");
    let token = home.write("token", "eyJ0b2tlbg");
    let identity = WebIdentity {
        role_arn: Some(role_arn),
        web_identity_token_file: Some(token),
        ..WebIdentity::default()
    };
    let with_token = Settings { assume_role_with_web_identity: Some(identity), ..Settings::default() };
    for (home, settings) in [
        (Home::with_keys(), with_role),
        (Home::with_keys(), with_token),
        (home.with("AWS_CONTAINER_CREDENTIALS_FULL_URI", &url), Settings::default()),
    ] {
        let error = describe(&home.with("AWS_ENDPOINT_URL", &url), settings).await.unwrap_err().to_string();
        assert!(error.contains("the body of the response exceeds 64 MB"), "{error}");
    }
}
