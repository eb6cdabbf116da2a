//! Every client connects with the stored URL, and with the values of the stored secret.

use std::collections::BTreeMap;

use super::client::ClusterMode;
use super::session::{Session, for_each_client};
use super::stored::{here, parameter, parameters, secret};
use crate::clients::endpoints::Cluster;
use crate::clients::server::{HOST, Server};
use crate::fixture::Fixture;

/// All the special characters that AWS allows in a token.
const TOKEN: &str = "!&#$^<>-a1B2c3D4-!&#$^<>";

const USER: &str = "app-user.1";

/// All that AWS allows in the password of a user: what is printable but `,"/@` and spaces.
fn password() -> String {
    (' '..='~').filter(|c| !r#","/@\ "#.contains(*c)).collect()
}

/// The lines of a resource that connects to a port here.
fn at(port: u16, lines: &str) -> String {
    format!("host = {HOST:?}\n  port = {port}\n  {lines}")
}

const TLS: &str = "transit_encryption_enabled = true";

/// The URL of each place, by its name, with and without parameters; and a secret of each that has a token or a user.
fn configuration(places: &[(&str, String)]) -> String {
    let mut text = r#"resource "elasticache_serverless_cache" "this" {
  name   = "cache"
  engine = "valkey"
}
"#
    .to_owned();
    let resource = |kind: &str, name: &str, prefix: &str, lines: &str| {
        format!("resource \"{kind}\" \"{name}\" {{\n  name = \"{prefix}{name}\"\n  {lines}\n}}\n")
    };
    for (name, lines) in places {
        text += &resource("elasticache_connection_secret", name, "app/", lines);
        text += &resource("elasticache_ssm_url", name, "/app/", lines);
        let lines = format!("{lines}\n  {}", parameters());
        text += &resource("elasticache_ssm_url", &format!("{name}-parameters"), "/app/", &lines);
    }
    text
}

#[track_caller]
fn assert_opens(session: &mut Session, name: &str, mode: &str, url: &str, user: &str) {
    let opened = session.open(name, mode, url);
    assert_eq!(opened.as_deref(), Ok(user), "{}: {name}", session.client.name);
    session.close(name);
}

#[test]
fn every_client_connects_with_the_url_and_the_secret_as_they_are() {
    let open = Server::start();
    open.takes_anyone();
    let closed = Server::start();
    closed.takes_tokens(&[TOKEN]);
    closed.takes_user(USER, &[&password()]);
    let cluster = Cluster::start(2);
    cluster.takes_tokens(&[TOKEN]);
    let serverless = Cluster::start(1);
    serverless.takes_user(USER, &[&password()]);

    let token = format!("{TLS}\n  auth_token = {TOKEN:?}");
    let user = format!("username = {USER:?}\n  auth_token = {:?}", password());
    let places = [
        ("plain", at(open.plain_port, "")),
        ("tls", at(open.port, TLS)),
        ("token", at(closed.port, &token)),
        ("user", at(closed.port, &format!("{TLS}\n  {user}"))),
        ("cluster", at(cluster.port(), &token)),
        ("serverless", format!("serverless_cache_name = elasticache_serverless_cache.this.name\n  {user}")),
    ];
    let fixture = Fixture::new(&configuration(&places));
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();

    // AWS serves reads and writes of a serverless cache on port 6379, and reads on 6380.
    let (port, reader_port) = serverless.ports();
    let connection = |name: &str| secret(&fixture, &format!("app/{name}"));
    let of_serverless = connection("serverless");
    let host = |key: &str| of_serverless[key].as_str().unwrap();
    let reader_url = here(host("reader_url"), host("reader_host"), 6380, reader_port);
    let mut urls: BTreeMap<String, String> = BTreeMap::new();
    for (name, _) in &places {
        for suffix in ["", "-parameters"] {
            let stored = parameter(&fixture, &format!("/app/{name}{suffix}"));
            let is_serverless = *name == "serverless";
            let url = if is_serverless { here(&stored, host("host"), 6379, port) } else { stored };
            urls.insert(format!("{name}{suffix}"), url);
        }
    }
    let secrets = [
        ("secret of the token", "single", connection("token"), closed.port, "default"),
        ("secret of the user", "single", connection("user"), closed.port, USER),
        ("secret of the cluster", "cluster", connection("cluster"), cluster.port(), "default"),
        ("secret of the serverless cache", "cluster", of_serverless.clone(), port, USER),
    ];

    for_each_client(|session| {
        let client = session.client;
        let suffix = if client.parameters.is_empty() { "" } else { "-parameters" };
        let url = |name: &str| &*urls[&format!("{name}{suffix}")];
        // Parameters of TLS are not accepted in a URL without it.
        assert_opens(session, "plain", "single", &urls["plain"], "default");
        for (name, user) in [("tls", "default"), ("token", "default"), ("user", USER)] {
            assert_opens(session, name, "single", url(name), user);
        }
        if !client.parameters.is_empty() {
            let error = session.open("bare", "single", &urls["tls"]).unwrap_err();
            assert!(error.contains("ssl_cert_reqs"), "{}: {error}", client.name);
        }
        match client.cluster_mode {
            ClusterMode::Supported => {
                assert_opens(session, "cluster", "cluster", url("cluster"), "default");
                assert_opens(session, "reader", "cluster", &reader_url, USER);
            }
            ClusterMode::Refused(text) => {
                let error = session.open("cluster", "single", url("cluster")).unwrap_err();
                assert!(error.contains(text), "{}: {error}", client.name);
            }
        }
        assert_opens(session, "serverless", client.serverless, url("serverless"), USER);
        if client.name == "Celery" {
            let error = session.open("several slots", "single", url("serverless")).unwrap_err();
            assert!(error.contains("hash to the same slot"), "{error}");
        }
        for (name, mode, secret, port, user) in &secrets {
            if client.accepts_secret && client.supports(mode) {
                let opened = session.open_secret(name, mode, secret, *port);
                assert_eq!(opened.as_deref(), Ok(*user), "{}: {name}", client.name);
                session.close(name);
            }
        }
    });
}
