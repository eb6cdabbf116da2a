//! Data sources.

use std::time::Duration;

use serde_json::json;

use super::parts::{CACHE, applied, cache, snapshot_of_cache};
use crate::steer::instant;
use crate::support::terraform::only;

const ONE: &str = "data.elasticache_serverless_cache.this";
const ALL: &str = "data.elasticache_serverless_caches.this";

fn data(kind: &str, arguments: &str) -> String {
    format!("data \"elasticache_{kind}\" \"this\" {{\n{arguments}\n}}\n")
}

#[test]
fn a_cache_is_read_by_its_name() {
    let configuration = cache(
        "description = \"Sessions\"\ntags = { team = \"x\" }\ncache_usage_limits {\ndata_storage {\nmaximum = 10\n}\n}",
    );
    let of_cache =
        data("serverless_cache", "name = \"cache\"\ndepends_on = [elasticache_serverless_cache.this]");
    let world = applied(&(configuration + &of_cache));
    let (found, resource) = (world.terraform.state(ONE), world.terraform.state(CACHE));
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
    let world = instant("");
    world.terraform.configure(&data("serverless_cache", "name = \"none\""));
    let failed = world.terraform.plan_fails();
    let failed = only(&failed);
    assert!(failed.to_string().contains("serverless cache \"none\""), "{failed}");
}

#[test]
fn caches_are_listed_by_engine_prefix_and_tags() {
    let other = "resource \"elasticache_serverless_cache\" \"other\" {\nname = \"other\"\nengine = \"redis\"\n\
                 tags = { team = \"y\" }\n}\n";
    let all = cache("tags = { team = \"x\" }") + other;
    let world = applied(&all);
    for (arguments, names) in [
        ("", json!(["cache", "other"])),
        ("engine = \"redis\"", json!(["other"])),
        ("name_prefix = \"CA\"", json!(["cache"])),
        ("tags = { team = \"y\" }", json!(["other"])),
        ("name_regex = \"^x\"", json!([])),
    ] {
        world.terraform.configure(&(all.clone() + &data("serverless_caches", arguments)));
        world.terraform.apply();
        assert_eq!(world.terraform.state(ALL)["names"], names, "{arguments}");
        world.terraform.assert_unchanged();
    }
}

#[test]
fn snapshots_are_found_and_listed() {
    let configuration = snapshot_of_cache("tags = { team = \"x\" }");
    let world = applied(&configuration);
    world.other_client(
        "CreateServerlessCacheSnapshot",
        "ServerlessCacheSnapshotName=later ServerlessCacheName=cache",
    );
    world.aws.clock().advance(Duration::from_secs(3600));
    let newest = data("serverless_cache_snapshot", "serverless_cache_name = \"cache\"\nmost_recent = true");
    let all = data("serverless_cache_snapshots", "serverless_cache_name = \"cache\"");
    world.terraform.configure(&(configuration.clone() + &newest + &all));
    world.terraform.apply();
    let (one, list) = (
        world.terraform.state("data.elasticache_serverless_cache_snapshot.this"),
        world.terraform.state("data.elasticache_serverless_cache_snapshots.this"),
    );
    assert_eq!((&one["name"], &one["engine"]), (&json!("later"), &json!("valkey")));
    assert_eq!(list["names"], json!(["later", "before"]));
    assert_eq!(list["snapshots"][1]["serverless_cache_name"], "cache");
    let by_name = data("serverless_cache_snapshot", "name = \"BEFORE\"");
    world.terraform.configure(&(configuration.clone() + &by_name));
    world.terraform.apply();
    let one = world.terraform.state("data.elasticache_serverless_cache_snapshot.this");
    assert_eq!(one["tags"], json!({ "team": "x" }));
    let several = data("serverless_cache_snapshot", "serverless_cache_name = \"cache\"");
    let refused = world.refused(&(configuration + &several));
    assert!(refused.contains("Several snapshots match") && refused.contains("later, before"), "{refused}");
}
