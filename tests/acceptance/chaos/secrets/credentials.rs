//! The credentials of the provider, from every place where they may come from, in the built program: AWS, a proxy and the
//! place itself send back what they received. The program logs at TRACE.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

use serde_json::{Value as Json, json};
use terraform_provider_elasticache::provider;
use terraform_provider_elasticache::registry::REGISTRY;
use terraform_provider_elasticache::schema::Schema;
use terraform_provider_elasticache::value;
use terraform_provider_elasticache::wire::proto::tfplugin6 as pb;

use super::arguments::SESSION_HEADER;
use super::echoes::Echoes;
use super::marks::{FORMS, Index, Mark};
use super::world::value_of;
use crate::simulator::{Echo, EchoedIn, InjectedFault, Simulator, any};
use crate::support::plugin_client::{Plugin, binary};

/// Variables, the provider block, and the secrets in both and in the files that they name.
#[derive(Default)]
struct Source {
    variables: Vec<(&'static str, String)>,
    block: Json,
    marks: Vec<Mark>,
    /// A server that is a part of it.
    server: Option<Arc<Mutex<Vec<String>>>>,
}

impl Source {
    fn mark(&mut self, owner: &str) -> String {
        let mark = Mark::of(owner);
        self.marks.push(mark.clone());
        mark.text
    }

    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.variables.push((name, value.into()));
        self
    }
}

/// A server that answers each request in this way, and what it received.
fn server(answer: impl Fn(&str) -> String + Send + 'static) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let received = Arc::new(Mutex::new(Vec::new()));
    let record = Arc::clone(&received);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let request = whole_request(&mut stream);
            let (status, body) = match answer(&request).split_once('|') {
                Some((status, body)) => (status.to_owned(), body.to_owned()),
                None => panic!("a status and a body"),
            };
            record.lock().unwrap().push(request);
            let length = body.len();
            let head =
                format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n");
            let _ = stream.write_all(format!("{head}{body}").as_bytes());
        }
    });
    (port, received)
}

/// A request with its body.
fn whole_request(stream: &mut TcpStream) -> String {
    let (mut request, mut buffer) = (String::new(), vec![0; 65536]);
    loop {
        let length = stream.read(&mut buffer).unwrap_or_default();
        request += &String::from_utf8_lossy(&buffer[..length]);
        let parts = request.split_once("\r\n\r\n");
        let announced = |head: &str| {
            let lines = head.lines().filter_map(|line| line.split_once(": "));
            let mut lengths = lines.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
            lengths.next().and_then(|(_, length)| length.parse::<usize>().ok()).unwrap_or_default()
        };
        if length == 0 || parts.is_some_and(|(head, body)| body.len() >= announced(head)) {
            return request;
        }
    }
}

/// Everything in every form, as an error of a service with XML.
fn echo(request: &str) -> String {
    let forms: Vec<String> = FORMS.iter().map(|form| (form.write)(request)).collect();
    forms.join("\n").replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn write(folder: &Path, name: &str, text: &str) -> String {
    let file = folder.join(name);
    std::fs::write(&file, text).unwrap();
    file.to_str().unwrap().to_owned()
}

/// A profile in a file, and the variables that select it.
fn profile(source: Source, folder: &Path, text: &str) -> Source {
    let file = write(folder, "config", text);
    source.with("AWS_CONFIG_FILE", file).with("AWS_PROFILE", "of-a-test")
}

fn environment(_: &Path) -> Source {
    let mut source = Source::default();
    let (key, token) = (source.mark("AWS_SECRET_ACCESS_KEY"), source.mark("AWS_SESSION_TOKEN"));
    source
        .with("AWS_ACCESS_KEY_ID", "AKIAOFATEST")
        .with("AWS_SECRET_ACCESS_KEY", key)
        .with("AWS_SESSION_TOKEN", token)
}

/// The account check is a call while the provider is being configured.
fn account_check(folder: &Path) -> Source {
    Source { block: json!({ "allowed_account_ids": ["123456789012"] }), ..environment(folder) }
}

fn keys_of_a_profile(folder: &Path) -> Source {
    let mut source = Source::default();
    let (key, token) = (source.mark("key of a profile"), source.mark("token of a profile"));
    let text = format!(
        "[profile of-a-test]\naws_access_key_id = AKIAOFATEST\naws_secret_access_key = {key}\naws_session_token = {token}\n"
    );
    profile(source, folder, &text)
}

/// The role is assumed by a client of the SDK.
fn role_of_a_profile(folder: &Path) -> Source {
    let mut source = Source::default();
    let (key, token) = (source.mark("key of a source profile"), source.mark("token of a source profile"));
    let text = format!(
        "[profile of-a-test]\nrole_arn = arn:aws:iam::123456789012:role/of-a-test\nsource_profile = base\n\
         [profile base]\naws_access_key_id = AKIAOFATEST\naws_secret_access_key = {key}\naws_session_token = {token}\n"
    );
    profile(source, folder, &text)
}

fn credential_process(folder: &Path) -> Source {
    let mut source = Source::default();
    let (key, token) = (source.mark("key of a process"), source.mark("token of a process"));
    let argument = source.mark("argument of a process");
    let output =
        json!({ "Version": 1, "AccessKeyId": "AKIAOFATEST", "SecretAccessKey": key, "SessionToken": token });
    let script = write(folder, "process.sh", &format!("cat <<'END'\n{output}\nEND\n"));
    let text = format!("[profile of-a-test]\ncredential_process = sh {script} '{argument}'\n");
    profile(source, folder, &text)
}

/// The output is no complete document.
fn broken_credential_process(folder: &Path) -> Source {
    let mut source = Source::default();
    let (key, token) = (source.mark("key of a broken process"), source.mark("token of a broken process"));
    let script = write(folder, "process.sh", &format!("echo '{{\"SecretAccessKey\": \"{key}\", {token}'\n"));
    profile(source, folder, &format!("[profile of-a-test]\ncredential_process = sh {script}\n"))
}

fn role_of_the_block(folder: &Path) -> Source {
    let block = json!({ "assume_role": [{ "role_arn": "arn:aws:iam::123456789012:role/of-a-test" }] });
    Source { block, ..environment(folder) }
}

fn web_identity_of_the_environment(folder: &Path) -> Source {
    let mut source = Source::default();
    let file = write(folder, "token", &source.mark("AWS_WEB_IDENTITY_TOKEN_FILE"));
    source
        .with("AWS_WEB_IDENTITY_TOKEN_FILE", file)
        .with("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/of-a-test")
}

fn web_identity_file_of_the_block(folder: &Path) -> Source {
    let mut source = Source::default();
    let file = write(folder, "token", &source.mark("web_identity_token_file"));
    let role = "arn:aws:iam::123456789012:role/of-a-test";
    source.block =
        json!({ "assume_role_with_web_identity": { "role_arn": role, "web_identity_token_file": file } });
    source
}

fn web_identity_of_the_block(_: &Path) -> Source {
    let mut source = Source::default();
    let token = source.mark("web_identity_token");
    let role = "arn:aws:iam::123456789012:role/of-a-test";
    source.block =
        json!({ "assume_role_with_web_identity": { "role_arn": role, "web_identity_token": token } });
    source
}

/// The endpoint refuses, and says what it received.
fn container_that_refuses(folder: &Path) -> Source {
    let mut source = Source::default();
    let file = write(folder, "token", &source.mark("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"));
    let (port, received) =
        server(|request| format!("200|{}", json!({ "Code": "Refused", "Message": echo(request) })));
    source.server = Some(received);
    source
        .with("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", file)
        .with("AWS_CONTAINER_CREDENTIALS_FULL_URI", format!("http://127.0.0.1:{port}/credentials"))
}

fn container(_: &Path) -> Source {
    let mut source = Source::default();
    let own = source.mark("AWS_CONTAINER_AUTHORIZATION_TOKEN");
    let (key, token) = (source.mark("key of a container"), source.mark("token of a container"));
    let answer = json!({
        "AccessKeyId": "AKIAOFATEST", "SecretAccessKey": key, "Token": token, "Expiration": "2099-01-01T00:00:00Z",
    });
    let (port, received) = server(move |_| format!("200|{answer}"));
    source.server = Some(received);
    source
        .with("AWS_CONTAINER_AUTHORIZATION_TOKEN", format!("Basic {own}"))
        .with("AWS_CONTAINER_CREDENTIALS_FULL_URI", format!("http://127.0.0.1:{port}/credentials"))
}

/// A proxy that answers in place of AWS, and says what it received.
fn proxy(folder: &Path) -> Source {
    let mut source = environment(folder);
    let password = source.mark("HTTP_PROXY");
    let (port, received) = server(|request| {
        let message = echo(request);
        format!(
            "400|<ErrorResponse><Error><Code>Refused</Code><Message>{message}</Message></Error></ErrorResponse>"
        )
    });
    source.server = Some(received);
    let password = percent_encoding::utf8_percent_encode(&password, percent_encoding::NON_ALPHANUMERIC);
    let url = format!("http://me:{password}@127.0.0.1:{port}");
    // A host that is not of this machine, so that the proxy is used.
    source.with("HTTP_PROXY", url).with("AWS_ENDPOINT_URL", "http://aws.example.com")
}

/// A place of credentials by name.
type Place = (&'static str, fn(&Path) -> Source);

const SOURCES: &[Place] = &[
    ("environment", environment),
    ("account check", account_check),
    ("profile", keys_of_a_profile),
    ("role of a profile", role_of_a_profile),
    ("process", credential_process),
    ("broken process", broken_credential_process),
    ("role of the provider block", role_of_the_block),
    ("web identity of the environment", web_identity_of_the_environment),
    ("web identity file of the provider block", web_identity_file_of_the_block),
    ("web identity token of the provider block", web_identity_of_the_block),
    ("container", container),
    ("container that refuses", container_that_refuses),
    ("proxy", proxy),
];

fn json_of(schema: &Schema, document: &Json) -> Option<pb::DynamicValue> {
    let json =
        value::json::encode(&value_of(schema, document), schema.ty()).unwrap().to_string().into_bytes();
    Some(pb::DynamicValue { json, ..Default::default() })
}

/// Reads a data source with each call failing; gives what the program says and what the secrets are.
async fn said(folder: &Path, source: &mut Source, aws: &Simulator, echoes: &mut Echoes) -> String {
    let log = folder.join("stderr");
    let mut command: Command = binary();
    command
        .env("HOME", folder)
        .env("AWS_REGION", "eu-west-1")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_ENDPOINT_URL", aws.endpoint())
        .env("AWS_MAX_ATTEMPTS", "2")
        .env("TF_LOG_PROVIDER_ELASTICACHE", "trace")
        .env("RUST_LOG", "trace")
        .env("RUST_BACKTRACE", "full")
        .envs(source.variables.iter().map(|(name, value)| (*name, value.as_str())))
        .stderr(File::create(&log).unwrap());
    let plugin = Plugin::start_with(command, None);
    let mut client = plugin.provider().await;
    let mut text = String::new();
    let reader =
        REGISTRY.data_sources.iter().find(|it| it.type_name() == "elasticache_subnet_group").unwrap();
    for call in 0..=4 {
        if call > 0 {
            // A page is not shown, so the message is where a secret could be.
            let echo = Echo { place: EchoedIn::Message, ..echoes.for_a_call()[0] };
            aws.fault(any().nth(call).times(3), InjectedFault::Echo(echo));
        }
        let block = match &source.block {
            Json::Null => json!({}),
            block => block.clone(),
        };
        let config = json_of(provider::schema(), &block);
        let configured = client
            .configure_provider(pb::configure_provider::Request { config, ..Default::default() })
            .await
            .unwrap()
            .into_inner();
        let request = pb::read_data_source::Request {
            type_name: reader.type_name().to_owned(),
            config: json_of(reader.schema(), &json!({ "name": "stack" })),
            ..Default::default()
        };
        let read = client.read_data_source(request).await.unwrap().into_inner();
        text += &format!("{configured:?}\n{read:?}\n");
        for diagnostic in configured.diagnostics.iter().chain(&read.diagnostics) {
            text += &format!("{}: {}\n", diagnostic.summary, diagnostic.detail);
        }
        aws.clear_faults();
    }
    drop(plugin);
    // The sessions that AWS has given are secrets as well.
    for call in aws.record().all() {
        let token =
            call.headers.lines().find_map(|line| line.strip_prefix(SESSION_HEADER)?.strip_prefix(": "));
        let is_new = |token: &&str| !source.marks.iter().any(|mark| mark.text == *token);
        if let Some(token) = token.filter(is_new) {
            source.marks.push(Mark { owner: "session token from AWS".to_owned(), text: token.to_owned() });
        }
    }
    text + &std::fs::read_to_string(log).unwrap()
}

#[test]
fn no_credential_of_the_provider_is_shown_wherever_it_comes_from() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut leaks = Vec::new();
    for (number, (name, prepare)) in SOURCES.iter().enumerate() {
        let folder = tempfile::tempdir().unwrap();
        let mut source = prepare(folder.path());
        let aws = Simulator::start_thread().unwrap();
        let mut echoes = Echoes::in_turn(number * 5, 1);
        let text = runtime.block_on(said(folder.path(), &mut source, &aws, &mut echoes));
        assert!(text.contains("Served request"), "{name}: no log: {text}");
        let is_used = source.server.as_ref().is_none_or(|received| !received.lock().unwrap().is_empty());
        assert!(is_used, "{name}: its server received nothing: {text}");
        let aws_is_called = !["broken process", "container that refuses", "proxy"].contains(name);
        assert_eq!(!aws.record().is_empty(), aws_is_called, "{name}: {text}");
        assert!(
            text.contains("(redacted)") || *name == "broken process",
            "{name}: no secret came back: {text}"
        );
        let found = Index::of(&source.marks).search(text.as_bytes());
        if !found.is_empty() {
            let found: Vec<_> = found.into_iter().collect();
            leaks.push(format!("{name}: {found:?} in {}", text.chars().take(20_000).collect::<String>()));
        }
    }
    assert!(leaks.is_empty(), "{}", leaks.join("\n\n"));
}
