//! The built binary seen from outside, as a plugin host sees it.

#![cfg(unix)]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::io::{BufRead, BufReader, Read};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use support::plugin_client::{
    COOKIE, Channel, DEADLINE, Handshake, Identity, Plugin, binary, connect, signal, wait,
};
use terraform_provider_elasticache::plugin::proto::ConnInfo;
use terraform_provider_elasticache::plugin::proto::grpc_broker_client::GrpcBrokerClient;
use terraform_provider_elasticache::plugin::proto::grpc_stdio_client::GrpcStdioClient;
use terraform_provider_elasticache::provider;
use terraform_provider_elasticache::resources::RESOURCES;
use terraform_provider_elasticache::schema::Schema;
use terraform_provider_elasticache::value::{Value, msgpack};
use terraform_provider_elasticache::wire::proto::tfplugin6;
use terraform_provider_elasticache::wire::proto::tfplugin6::provider_client::ProviderClient;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tonic::Code;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

/// The host kills a plugin that takes longer.
const HOST_PATIENCE: Duration = Duration::from_secs(2);

/// Status of an RPC that no provider of this kind implements.
async fn state_store_rpc(channel: Channel) -> Result<(), tonic::Status> {
    let request = tfplugin6::get_states::Request::default();
    ProviderClient::new(channel).get_states(request).await.map(drop)
}

fn assert_unimplemented(answer: Result<(), tonic::Status>) {
    assert_eq!(answer.unwrap_err().code(), Code::Unimplemented);
}

fn assert_no_socket(socket: &Path) {
    assert!(!socket.exists() && !socket.parent().unwrap().exists());
}

#[tokio::test]
async fn a_run_as_terraform_does_it() {
    let mut plugin = Plugin::start();
    assert!(plugin.handshake.certificate.is_some());
    let channel = plugin.channel().await;

    let health = HealthClient::new(channel.clone())
        .check(HealthCheckRequest { service: "plugin".into() })
        .await
        .unwrap();
    assert_eq!(health.into_inner().status(), ServingStatus::Serving);
    assert_unimplemented(state_store_rpc(channel.clone()).await);

    let mut stdio = GrpcStdioClient::new(channel.clone()).stream_stdio(()).await.unwrap().into_inner();
    let mut broker = GrpcBrokerClient::new(channel)
        .start_stream(tokio_stream::pending::<ConnInfo>())
        .await
        .unwrap()
        .into_inner();
    let silent = tokio::time::timeout(Duration::from_millis(50), async {
        tokio::join!(stdio.message(), broker.message())
    });
    assert!(silent.await.is_err(), "both streams stay open");

    let (status, took) = plugin.shutdown().await;
    assert!(status.success(), "{status}");
    assert!(took < HOST_PATIENCE / 2, "open streams do not hold up the end: {took:?}");
    assert!(stdio.message().await.unwrap().is_none());
    assert!(broker.message().await.unwrap().is_none());
    assert_no_socket(&plugin.handshake.socket);
    assert_eq!(plugin.rest_of_stdout(), "");
}

#[tokio::test]
async fn a_call_that_does_not_end_cannot_hold_up_the_end() {
    let mut plugin = Plugin::start();
    // Watching the health of a service is a call without an end of its own.
    let request = HealthCheckRequest { service: "plugin".into() };
    let mut watch = HealthClient::new(plugin.channel().await).watch(request).await.unwrap().into_inner();
    assert!(watch.message().await.unwrap().is_some());

    let (status, took) = plugin.shutdown().await;
    assert!(status.success(), "{status}");
    assert!(took < HOST_PATIENCE, "{took:?}");
    assert_no_socket(&plugin.handshake.socket);
}

#[tokio::test]
async fn only_the_host_gets_in() {
    let plugin = Plugin::start();
    let stranger = Identity::new();
    // In TLS 1.3 a client learns only after its own handshake that it was refused, so connecting
    // may succeed; the first call then fails.
    for identity in [Some(&stranger), None] {
        let refused = match plugin.connect(identity).await {
            Ok(channel) => state_store_rpc(channel).await.unwrap_err().code() != Code::Unimplemented,
            Err(_) => true,
        };
        assert!(refused, "a client with {} certificate", if identity.is_some() { "another" } else { "no" });
    }
    assert_unimplemented(state_store_rpc(plugin.channel().await).await);
}

#[tokio::test]
async fn other_bytes_and_silence_on_the_socket_disturb_nobody() {
    let plugin = Plugin::start();
    let mut silent = tokio::net::UnixStream::connect(&plugin.handshake.socket).await.unwrap();
    let mut plaintext = tokio::net::UnixStream::connect(&plugin.handshake.socket).await.unwrap();
    plaintext.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    // The server answers with an alert and closes.
    let _ = plaintext.read_to_end(&mut answer).await;
    assert_unimplemented(state_store_rpc(plugin.channel().await).await);
    silent.shutdown().await.unwrap();
}

#[tokio::test]
async fn plaintext_when_the_host_wants_no_tls() {
    let mut command = binary();
    command.env("PLUGIN_MULTIPLEX_GRPC", "true");
    let mut plugin = Plugin::start_with(command, None);
    assert!(plugin.handshake.line.ends_with("/sock|grpc||false\n"), "{}", plugin.handshake.line);
    assert_unimplemented(state_store_rpc(plugin.channel().await).await);
    assert!(plugin.shutdown().await.0.success());
}

#[tokio::test]
async fn interrupts_are_left_to_the_host() {
    let mut plugin = Plugin::start();
    let channel = plugin.channel().await;
    for name in ["INT", "INT", "HUP", "TERM"] {
        plugin.signal(name);
        assert_unimplemented(state_store_rpc(channel.clone()).await);
    }
    assert!(plugin.is_running());
    assert!(plugin.shutdown().await.0.success());
}

/// A terminal that is closed, or `nohup`, must not end an apply.
#[tokio::test]
async fn a_hangup_or_an_interrupt_never_ends_an_idle_plugin() {
    let mut plugin = Plugin::start();
    for name in ["HUP", "INT"] {
        plugin.signal(name);
    }
    tokio::time::sleep(Duration::from_secs(6)).await;
    assert!(plugin.is_running());
    assert_unimplemented(state_store_rpc(plugin.channel().await).await);
    assert!(plugin.shutdown().await.0.success());
}

/// `timeout`, the stop of a container and the shutdown of a system send SIGTERM and wait.
#[tokio::test]
async fn a_termination_ends_an_idle_plugin_after_some_seconds() {
    let mut plugin = Plugin::start();
    let mut provider = ProviderClient::new(plugin.channel().await);
    let begin = Instant::now();
    plugin.signal("TERM");
    for _ in 0..3 {
        tokio::time::sleep(Duration::from_secs(2)).await;
        provider.get_metadata(tfplugin6::get_metadata::Request::default()).await.expect("still served");
    }
    let status = plugin.wait().await;
    assert!(status.success(), "{status}");
    let took = begin.elapsed();
    assert!((Duration::from_secs(10)..Duration::from_secs(16)).contains(&took), "{took:?}");
    assert_no_socket(&plugin.handshake.socket);
}

#[test]
fn the_end_of_the_host_is_the_end() {
    let own = binary();
    let mut host = Command::new("sh");
    host.args(["-c", "\"$0\" & wait"]).arg(own.get_program()).env("TF_PLUGIN_MAGIC_COOKIE", COOKIE);
    let mut host = host.stdout(Stdio::piped()).spawn().unwrap();
    let mut stdout = BufReader::new(host.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    let socket = Handshake::parse(&line).socket;
    assert!(socket.exists());

    host.kill().unwrap();
    host.wait().unwrap();
    // Our end of the pipe sees the end of file when the plugin, its last writer, has ended.
    let (sender, ended) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut rest = String::new();
        sender.send(stdout.read_to_string(&mut rest).map(|_| rest))
    });
    assert_eq!(ended.recv_timeout(DEADLINE).unwrap().unwrap(), "");
    assert_no_socket(&socket);
}

#[test]
fn without_the_cookie_a_person_is_told_what_this_is() {
    for cookie in [None, Some("wrong")] {
        let output = binary().envs(cookie.map(|c| ("TF_PLUGIN_MAGIC_COOKIE", c))).output().unwrap();
        assert_eq!((output.status.code(), &*output.stdout), (Some(1), &b""[..]));
        assert_eq!(
            String::from_utf8(output.stderr).unwrap(),
            "This program is the elasticache-rs/elasticache provider, a plugin of Terraform and OpenTofu.\n\
             They start it by themselves; it does nothing when run by hand.\n\
             To use it, name \"elasticache-rs/elasticache\" in the required_providers block of a \
             configuration and run\n`terraform init`. Run this program with --help to see more.\n"
        );
    }
}

#[test]
fn version_and_help_need_no_host() {
    let version = binary().arg("--version").output().unwrap();
    let expected = format!("terraform-provider-elasticache {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!((version.status.code(), String::from_utf8(version.stdout).unwrap()), (Some(0), expected));

    let help = binary().arg("-help").output().unwrap();
    assert!(help.status.success());
    let help = String::from_utf8(help.stdout).unwrap();
    assert!(help.contains("TF_REATTACH_PROVIDERS"));
    assert!(help.contains("source = \"elasticache-rs/elasticache\"\n"), "{help}");

    let unknown = binary().arg("apply").output().unwrap();
    let stderr = String::from_utf8(unknown.stderr).unwrap();
    assert_eq!((unknown.status.code(), &*stderr), (Some(2), "unknown argument \"apply\"; see --help\n"));
}

#[test]
fn what_keeps_it_from_starting_is_said() {
    let start = |name: &str, value: &str| {
        let output = binary().env("TF_PLUGIN_MAGIC_COOKIE", COOKIE).env(name, value).output().unwrap();
        assert_eq!((output.status.code(), &*output.stdout), (Some(1), &b""[..]));
        String::from_utf8(output.stderr).unwrap()
    };
    let certificate = start("PLUGIN_CLIENT_CERT", "nonsense");
    let expected = "[ERROR] terraform-provider-elasticache: PLUGIN_CLIENT_CERT does not hold a certificate";
    assert!(certificate.starts_with(expected), "{certificate}");
    let directory = start("PLUGIN_UNIX_SOCKET_DIR", &format!("/{}", "x".repeat(120)));
    assert!(
        directory.contains("set PLUGIN_UNIX_SOCKET_DIR to a directory with a shorter name"),
        "{directory}"
    );
}

/// The value of `TF_REATTACH_PROVIDERS` that a provider in debug mode prints.
fn reattach_value(child: &mut Child) -> serde_json::Value {
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let line = lines.find(|line| line.contains("TF_REATTACH_PROVIDERS=")).unwrap();
    let value = line.trim().strip_prefix("TF_REATTACH_PROVIDERS='").unwrap().strip_suffix('\'').unwrap();
    serde_json::from_str(value).unwrap()
}

/// Terraform opens a connection for each provider block, and two blocks may have different Regions.
#[tokio::test]
async fn debug_mode_configures_each_connection_on_its_own() {
    let encoded = |schema: &Schema, value: &Value| {
        let msgpack = msgpack::encode(value, schema.wire_type()).unwrap();
        Some(tfplugin6::DynamicValue { msgpack, json: Vec::new() })
    };
    let mut child = binary().arg("-debug").stdout(Stdio::piped()).spawn().unwrap();
    let value = reattach_value(&mut child);
    let entry = &value["registry.terraform.io/elasticache-rs/elasticache"];
    let socket = Path::new(entry["Addr"]["String"].as_str().unwrap()).to_owned();

    let mut configured = Vec::new();
    for region in ["eu-west-1", "us-east-1"] {
        let mut client = ProviderClient::new(connect(socket.clone(), None).await.unwrap());
        let config = provider::schema().conform(Value::map([("region", Value::string(region))]));
        let request = tfplugin6::configure_provider::Request {
            config: encoded(provider::schema(), &config),
            ..Default::default()
        };
        let answer = client.configure_provider(request).await.unwrap().into_inner();
        assert_eq!(answer.diagnostics, []);
        configured.push((region, client));
    }
    let group = RESOURCES.iter().find(|it| it.type_name() == "elasticache_subnet_group").unwrap();
    let arguments = [("name", Value::string("app")), ("subnet_ids", Value::set([Value::string("subnet-1")]))];
    let config = group.schema().conform(Value::map(arguments));
    for (region, mut client) in configured {
        let request = tfplugin6::plan_resource_change::Request {
            type_name: group.type_name().to_owned(),
            prior_state: encoded(group.schema(), &Value::Null),
            proposed_new_state: encoded(group.schema(), &config),
            config: encoded(group.schema(), &config),
            ..Default::default()
        };
        let answer = client.plan_resource_change(request).await.unwrap().into_inner();
        assert_eq!(answer.diagnostics, []);
        let planned = answer.planned_state.unwrap().msgpack;
        let planned = msgpack::decode(&planned, group.schema().wire_type()).unwrap();
        assert_eq!(*planned.get("region"), Value::string(region));
    }
    signal(child.id(), "INT");
    assert!(wait(&mut child).await.success());
}

#[tokio::test]
async fn debug_mode_serves_until_interrupted() {
    let mut child = binary().arg("-debug").stdout(Stdio::piped()).spawn().unwrap();
    let value = reattach_value(&mut child);
    let entry = &value["registry.terraform.io/elasticache-rs/elasticache"];
    assert_eq!(value["registry.opentofu.org/elasticache-rs/elasticache"], *entry);
    assert_eq!(entry["Pid"], child.id());
    assert_eq!((&entry["Protocol"], &entry["ProtocolVersion"]), (&"grpc".into(), &6.into()));
    assert_eq!(entry["Test"], true);
    let socket = Path::new(entry["Addr"]["String"].as_str().unwrap()).to_owned();

    for _run in 0..3 {
        assert_unimplemented(state_store_rpc(connect(socket.clone(), None).await.unwrap()).await);
    }
    let start = Instant::now();
    signal(child.id(), "INT");
    assert!(wait(&mut child).await.success());
    assert!(start.elapsed() < HOST_PATIENCE);
    assert_no_socket(&socket);
}

#[tokio::test]
async fn debug_mode_ends_at_once_when_terminated() {
    for name in ["TERM", "HUP"] {
        let mut child = binary().arg("-debug").stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        assert!(lines.any(|line| line.contains("TF_REATTACH_PROVIDERS=")));
        let start = Instant::now();
        signal(child.id(), name);
        assert!(wait(&mut child).await.success());
        assert!(start.elapsed() < HOST_PATIENCE, "{name}: {:?}", start.elapsed());
    }
}

/// Whatever TMPDIR says, the host gets a socket that it can use.
#[tokio::test]
async fn an_unusable_directory_for_temporary_files_is_not_used() {
    let parent = tempfile::tempdir().unwrap();
    let unwritable = parent.path().join("unwritable");
    std::fs::create_dir(&unwritable).unwrap();
    let file = parent.path().join("file");
    std::fs::write(&file, "").unwrap();
    let long = parent.path().join("d".repeat(120));
    std::fs::create_dir(&long).unwrap();
    let lines = parent.path().join("two\nlines");
    std::fs::create_dir(&lines).unwrap();
    let not_utf8 = std::ffi::OsString::from_vec(b"/tmp/\xff".to_vec());
    let missing = parent.path().join("missing");
    for value in ["".into(), long.into(), missing.into(), file.into(), lines.into(), not_utf8] {
        let mut command = binary();
        command.env("TMPDIR", &value).current_dir(&unwritable);
        let mut plugin = Plugin::start_with(command, Some(Identity::new()));
        assert!(plugin.handshake.socket.starts_with("/tmp"), "{value:?}: {}", plugin.handshake.line);
        assert_unimplemented(state_store_rpc(plugin.channel().await).await);
        assert!(plugin.shutdown().await.0.success());
        assert_eq!(std::fs::read_dir(&unwritable).unwrap().count(), 0, "{value:?}");
    }
}

/// A mask that takes every right away does not take ours.
#[tokio::test]
async fn the_socket_directory_is_ours_whatever_the_umask() {
    let own = binary();
    let mut command = Command::new("sh");
    command.args(["-c", "umask 0777; exec \"$0\""]).arg(own.get_program());
    let mut plugin = Plugin::start_with(command, Some(Identity::new()));
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(plugin.handshake.socket.parent().unwrap()), 0o700);
    assert_unimplemented(state_store_rpc(plugin.channel().await).await);
    assert!(plugin.shutdown().await.0.success());
    assert_no_socket(&plugin.handshake.socket);
}

#[tokio::test]
async fn logs_are_hclog_lines_of_the_level_asked_for() {
    for (level, heard) in [("TRACE", true), ("ERROR", false)] {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("stderr");
        let mut command = binary();
        command.env("TF_LOG_PROVIDER_ELASTICACHE", level).env("TF_LOG", "OFF");
        command.stderr(std::fs::File::create(&path).unwrap());
        let mut plugin = Plugin::start_with(command, Some(Identity::new()));
        assert!(plugin.shutdown().await.0.success());
        let log = std::fs::read_to_string(&path).unwrap();
        assert_eq!(log.lines().count() > 0, heard, "{log}");
        for line in log.lines() {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            for key in ["@level", "@message", "@module", "@timestamp"] {
                assert!(line[key].is_string(), "{line}");
            }
        }
    }
}

/// `make dist-test` builds the binary and names it in `STATIC_BINARY`. A limit on the address space
/// is what some CI systems and container runtimes set.
#[tokio::test]
#[ignore = "needs the static binary that `make dist-test` builds"]
async fn static_binary_serves_its_schema_in_an_empty_root_and_200_mb() {
    let binary = std::env::var_os("STATIC_BINARY").expect("STATIC_BINARY names the binary");
    let root = tempfile::tempdir().unwrap();
    std::fs::copy(binary, root.path().join("provider")).unwrap();
    std::fs::create_dir(root.path().join("tmp")).unwrap();

    let mut command = Command::new("/bin/sh");
    let change_root = "if [ $(id -u) = 0 ]; then exec chroot \"$0\" /provider; fi; \
                       exec unshare --map-root-user --root=\"$0\" /provider";
    command.args(["-c", &format!("ulimit -v 204800 && {change_root}")]).arg(root.path());
    let mut plugin = Plugin::start_in_root(root, command);
    let request = tfplugin6::get_provider_schema::Request {};
    let schema = plugin.provider().await.get_provider_schema(request).await.unwrap().into_inner();
    assert_eq!(schema.diagnostics, []);
    assert!(schema.resource_schemas.contains_key("elasticache_replication_group"));

    let (status, _) = plugin.shutdown().await;
    assert!(status.success(), "{status}");
    assert_eq!(std::fs::read_dir(plugin.folder().join("tmp")).unwrap().count(), 0);
}
