//! Data sources.

use std::time::Duration;

use serde_json::json;

use super::parts::{CACHE, applied, cache, snapshot_of_cache};
use crate::aws_control::instant;
use crate::support::terraform::only;

const ONE: &str = "data.elasticache_serverless_cache.this";
const ALL: &str = "data.elasticache_serverless_caches.this";

fn data(kind: &str, arguments: &str) -> String {
    format!(
        r#"data "elasticache_{kind}" "this" {{
  {arguments}
}}
"#
    )
}

#[test]
fn a_cache_is_read_by_its_name() {
    let configuration = cache(
        r#"description = "Sessions"
tags = { team = "x" }
cache_usage_limits {
data_storage {
maximum = 10
}
}"#,
    );
    let of_cache = data(
        "serverless_cache",
        r#"name = "cache"
depends_on = [elasticache_serverless_cache.this]"#,
    );
    let fixture = applied(&(configuration + &of_cache));
    let (found, resource) = (fixture.terraform.state(ONE), fixture.terraform.state(CACHE));
    for name in ["arn", "description", "engine", "full_engine_version", "status", "create_time", "tags"] {
        assert_eq!(found[name], resource[name], "{name}");
    }
    assert_eq!(found["endpoint"], resource["endpoint"][0]);
    assert_eq!(
        found["cache_usage_limits"],
        json!({ "data_storage": { "maximum": 10, "minimum": null, "unit": "GB" }, "ecpu_per_second": null })
    );
}

#[test]
fn a_cache_that_does_not_exist_is_an_error_at_the_name() {
    let fixture = instant("");
    fixture.terraform.configure(&data("serverless_cache", r#"name = "none""#));
    let failed = fixture.terraform.plan_fails();
    let failed = only(&failed);
    assert!(failed.to_string().contains(r#"serverless cache "none""#), "{failed}");
}

#[test]
fn caches_are_listed_by_engine_prefix_and_tags() {
    let other = r#"resource "elasticache_serverless_cache" "other" {
  name = "other"
  engine = "redis"
  tags = { team = "y" }
}
"#;
    let all = cache(r#"tags = { team = "x" }"#) + other;
    let fixture = applied(&all);
    for (arguments, names) in [
        ("", json!(["cache", "other"])),
        (r#"engine = "redis""#, json!(["other"])),
        (r#"name_prefix = "CA""#, json!(["cache"])),
        (r#"tags = { team = "y" }"#, json!(["other"])),
        (r#"name_regex = "^x""#, json!([])),
    ] {
        fixture.terraform.configure(&(all.clone() + &data("serverless_caches", arguments)));
        fixture.terraform.apply();
        assert_eq!(fixture.terraform.state(ALL)["names"], names, "{arguments}");
        fixture.terraform.assert_unchanged();
    }
}

#[test]
fn snapshots_are_found_and_listed() {
    let configuration = snapshot_of_cache(r#"tags = { team = "x" }"#);
    let fixture = applied(&configuration);
    fixture.other_client(
        "CreateServerlessCacheSnapshot",
        "ServerlessCacheSnapshotName=later ServerlessCacheName=cache",
    );
    fixture.aws.clock().advance(Duration::from_secs(3600));
    let newest = data(
        "serverless_cache_snapshot",
        r#"serverless_cache_name = "cache"
most_recent = true"#,
    );
    let all = data("serverless_cache_snapshots", r#"serverless_cache_name = "cache""#);
    fixture.terraform.configure(&(configuration.clone() + &newest + &all));
    fixture.terraform.apply();
    let (one, list) = (
        fixture.terraform.state("data.elasticache_serverless_cache_snapshot.this"),
        fixture.terraform.state("data.elasticache_serverless_cache_snapshots.this"),
    );
    assert_eq!((&one["name"], &one["engine"]), (&json!("later"), &json!("valkey")));
    assert_eq!(list["names"], json!(["later", "before"]));
    assert_eq!(list["snapshots"][1]["serverless_cache_name"], "cache");
    let by_name = data("serverless_cache_snapshot", r#"name = "BEFORE""#);
    fixture.terraform.configure(&(configuration.clone() + &by_name));
    fixture.terraform.apply();
    let one = fixture.terraform.state("data.elasticache_serverless_cache_snapshot.this");
    assert_eq!(one["tags"], json!({ "team": "x" }));
    let several = data("serverless_cache_snapshot", r#"serverless_cache_name = "cache""#);
    let refused = fixture.refused(&(configuration + &several));
    assert!(refused.contains("Several snapshots match") && refused.contains("later, before"), "{refused}");
}
