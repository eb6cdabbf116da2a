//! What the provider has stored for the applications of a replication group.

use serde_json::{Value, json};

use super::client::{CLIENTS, Client};
use crate::clients::server::HOST;
use crate::fixture::Fixture;

/// Query parameters that some client requires.
pub fn parameters() -> &'static str {
    CLIENTS.iter().map(|client| client.parameters).find(|parameters| !parameters.is_empty()).unwrap()
}

/// The value of a parameter.
#[track_caller]
pub fn parameter(fixture: &Fixture, name: &str) -> String {
    let answer = fixture.ask("ssm", "GetParameter", &json!({ "Name": name, "WithDecryption": true }));
    answer["Parameter"]["Value"].as_str().unwrap().to_owned()
}

/// The JSON of a connection secret.
#[track_caller]
pub fn secret(fixture: &Fixture, name: &str) -> Value {
    let answer = fixture.ask("secretsmanager", "GetSecretValue", &json!({ "SecretId": name }));
    serde_json::from_str(answer["SecretString"].as_str().unwrap()).unwrap()
}

/// A URL with the place of a server here instead of the one that AWS returned, which exists in a simulation only.
#[track_caller]
pub fn here(url: &str, host: &str, port: u16, here: u16) -> String {
    let place = format!("{host}:{port}");
    assert!(url.contains(&place), "no {place}");
    url.replace(&place, &format!("{HOST}:{here}"))
}

/// A replication group with a generated token, and the URLs and the secret for its applications.
pub fn configuration(rotation: &str, group: &str) -> String {
    format!(
        r#"resource "elasticache_auth_token_secret" "token" {{
  name     = "app/token"
  generate = {{ length = 64, special = true }}
  rotation = "{rotation}"
}}
resource "elasticache_replication_group" "this" {{
  replication_group_id         = "cache"
  description                  = "of the application"
  node_type                    = "cache.t4g.small"
  engine                       = "valkey"
  engine_version               = "8.0"
  num_cache_clusters           = 2
  automatic_failover_enabled   = true
  transit_encryption_enabled   = true
  auth_token_secret_arn        = elasticache_auth_token_secret.token.arn
  auth_token_secret_version_id = elasticache_auth_token_secret.token.version_id
  {group}
}}
resource "elasticache_ssm_url" "this" {{
  name              = "/app/url"
  replication_group = elasticache_replication_group.this
}}
resource "elasticache_ssm_url" "parameters" {{
  name              = "/app/parameters"
  replication_group = elasticache_replication_group.this
  {parameters}
}}
resource "elasticache_connection_secret" "this" {{
  name              = "app/connection"
  replication_group = elasticache_replication_group.this
}}
"#,
        parameters = parameters()
    )
}

/// What is stored after an apply of [`configuration`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    host: String,
    url: String,
    with_parameters: String,
    /// The tokens that the replication group accepts.
    pub tokens: Vec<String>,
}

impl Stored {
    #[track_caller]
    pub fn read(fixture: &Fixture) -> Self {
        let connection = secret(fixture, "app/connection");
        let url = parameter(fixture, "/app/url");
        assert_eq!(connection["url"], url, "the parameter and the secret have the same URL");
        let tokens = fixture.control(|aws| aws.valid_tokens("cache"));
        Self {
            host: connection["host"].as_str().unwrap().to_owned(),
            url,
            with_parameters: parameter(fixture, "/app/parameters"),
            tokens: tokens.into_iter().flatten().collect(),
        }
    }

    /// The URL for a client, of a server here.
    #[track_caller]
    pub fn url(&self, client: &Client, port: u16) -> String {
        let url = if client.parameters.is_empty() { &self.url } else { &self.with_parameters };
        here(url, &self.host, 6379, port)
    }

    pub fn tokens(&self) -> Vec<&str> {
        self.tokens.iter().map(String::as_str).collect()
    }
}
