//! What uses a serverless cache by its name: URL, connection secret, alarms and dashboard (issue 19).

use serde_json::{Value, json};

use super::parts::{CACHE, applied, cache};
use crate::alarm_set::parts::{alarms, dimensions};
use crate::fixture::Fixture;
use crate::support::terraform::only;

const DEPENDENTS: &str = r#"
resource "elasticache_ssm_url" "this" {
  name                  = "/app/redis_url"
  serverless_cache_name = elasticache_serverless_cache.this.name
}
resource "elasticache_connection_secret" "this" {
  name                    = "app/redis"
  serverless_cache_name   = elasticache_serverless_cache.this.name
  username                = "app"
  auth_token              = "password-of-the-user"
  recovery_window_in_days = 0
}
resource "elasticache_alarm_set" "this" {
  serverless_cache_name = elasticache_serverless_cache.this.name
}
resource "elasticache_dashboard" "this" {
  serverless_cache_name = elasticache_serverless_cache.this.name
  alarm_set             = elasticache_alarm_set.this
}
"#;

/// A cache with these arguments and maxima, and all that uses it.
fn stack(arguments: &str, gigabytes: u32) -> String {
    let limits = format!(
        "cache_usage_limits {{\n data_storage {{\n maximum = {gigabytes}\n unit = \"GB\"\n }}\n ecpu_per_second {{\n maximum \
         = 5000\n }}\n}}"
    );
    cache(&format!("{arguments}\n{limits}")) + DEPENDENTS
}

fn url(fixture: &Fixture) -> String {
    let input = json!({ "Name": "/app/redis_url", "WithDecryption": true });
    fixture.ask("ssm", "GetParameter", &input)["Parameter"]["Value"].as_str().unwrap().to_owned()
}

fn secret(fixture: &Fixture) -> Value {
    let found = fixture.ask("secretsmanager", "GetSecretValue", &json!({ "SecretId": "app/redis" }));
    serde_json::from_str(found["SecretString"].as_str().unwrap()).unwrap()
}

fn host(fixture: &Fixture) -> String {
    fixture.terraform.state(CACHE)["endpoint"][0]["address"].as_str().unwrap().to_owned()
}

/// The metrics and thresholds of the alarms.
fn thresholds(fixture: &Fixture) -> Vec<(String, f64)> {
    let all = alarms(fixture);
    for alarm in all.values() {
        assert_eq!(dimensions(alarm), [("clusterId".to_owned(), "cache".to_owned())].into());
    }
    let row = |(name, alarm): (String, Value)| {
        (name.trim_start_matches("cache-").to_owned(), alarm["Threshold"].as_f64().unwrap())
    };
    all.into_iter().map(row).collect()
}

/// The first line in the graph of the data.
fn line(fixture: &Fixture) -> Value {
    let found = fixture.ask("cloudwatch", "GetDashboard", &json!({ "DashboardName": "elasticache-cache" }));
    let body: Value = serde_json::from_str(found["DashboardBody"].as_str().unwrap()).unwrap();
    let widgets = body["widgets"].as_array().unwrap().clone();
    let graph = widgets.iter().find(|it| it["properties"]["title"] == "Data (bytes)").unwrap();
    graph["properties"]["annotations"]["horizontal"][0]["value"].clone()
}

/// Applies what is configured, and then what a read finds of the changed cache.
fn settle(fixture: &Fixture) {
    fixture.terraform.apply();
    fixture.apply_and_verify();
}

#[test]
fn url_secret_alarms_and_dashboard_of_a_cache_follow_it() {
    let fixture = applied(&stack(r#"major_engine_version = "9""#, 10));
    let first = host(&fixture);
    let reader_url = format!("rediss://app:password-of-the-user@{first}:6380");
    assert_eq!(url(&fixture), format!("rediss://{first}:6379"));
    assert_eq!(
        secret(&fixture),
        json!({
            "auth_token": "password-of-the-user", "engine": "valkey", "host": first, "port": 6379,
            "reader_host": first, "reader_port": 6380, "reader_url": reader_url, "ssl": true,
            "url": format!("rediss://app:password-of-the-user@{first}:6379"), "username": "app",
        })
    );
    let expected = |gigabytes: f64| {
        [
            ("BytesUsedForCache", gigabytes * 0.75e9),
            ("CacheHitRate", 70.0),
            // 5000 in each of 300 seconds.
            ("ElastiCacheProcessingUnits", 1_125_000.0),
            ("Evictions", 1000.0),
            ("SuccessfulReadRequestLatency", 10_000.0),
            ("SuccessfulWriteRequestLatency", 10_000.0),
            ("ThrottledCmds", 0.0),
        ]
        .map(|(metric, threshold)| (metric.to_owned(), threshold))
    };
    assert_eq!(thresholds(&fixture), expected(10.0));
    assert_eq!(line(&fixture), 7.5e9);

    // Another maximum, and another host after a replacement.
    let public = "major_engine_version = \"9\"\nconnection_type = \"public\"\nuser_group_id = \
                  \"default.iam-user-group\"";
    fixture.terraform.configure(&stack(public, 20));
    settle(&fixture);
    let second = host(&fixture);
    assert_ne!(second, first);
    assert_eq!(url(&fixture), format!("rediss://{second}:6379"));
    let found = secret(&fixture);
    assert_eq!((&found["host"], &found["reader_port"]), (&json!(second), &json!(6380)));
    assert_eq!(thresholds(&fixture), expected(20.0));
    assert_eq!(line(&fixture), 1.5e10);

    // A maximum that is removed has no alarm.
    fixture.terraform.configure(&(cache(public) + DEPENDENTS));
    settle(&fixture);
    assert_eq!(thresholds(&fixture).len(), 5);
    fixture.terraform.destroy();
    assert!(alarms(&fixture).is_empty());
}

#[test]
fn missing_cache_is_an_error_that_names_it() {
    for (body, summary) in [
        (
            "\"elasticache_ssm_url\" \"this\" {\n name = \"/app/url\"\n serverless_cache_name = \"nowhere\"\n}",
            "Serverless cache has no endpoint",
        ),
        (
            "\"elasticache_alarm_set\" \"this\" {\n serverless_cache_name = \"nowhere\"\n}",
            "Serverless cache does not exist",
        ),
    ] {
        let fixture = Fixture::new(&format!("resource {body}\n"));
        let found = fixture.terraform.apply_fails();
        assert_eq!(only(&found).summary, summary);
        assert!(only(&found).detail.contains("\"nowhere\""), "{found:?}");
    }
}

/// ElastiCache publishes no CacheHitRate for Memcached (user guide, "Metrics for ElastiCache Serverless for Memcached").
#[test]
fn memcached_has_no_alarm_on_the_hit_rate() {
    let set = |metrics: &str| {
        cache("engine = \"memcached\"")
            + &format!(
                "resource \"elasticache_alarm_set\" \"this\" {{\n serverless_cache_name = \
                 elasticache_serverless_cache.this.name\n {metrics}\n}}\n"
            )
    };
    let fixture = applied(&set(""));
    let metrics: Vec<String> = thresholds(&fixture).into_iter().map(|(metric, _)| metric).collect();
    assert_eq!(
        metrics,
        ["Evictions", "SuccessfulReadRequestLatency", "SuccessfulWriteRequestLatency", "ThrottledCmds"]
    );
    let state = fixture.terraform.state("elasticache_alarm_set.this");
    assert_eq!(state["serverless_cache_engine"], "memcached");
    fixture.terraform.configure(&set("metrics = { CacheHitRate = { threshold = 50 } }"));
    let plan = fixture.terraform.run(&["plan", "-json"]).succeeds();
    let warnings = plan.diagnostics();
    assert_eq!(only(&warnings).summary, "Metric is not published");
}
