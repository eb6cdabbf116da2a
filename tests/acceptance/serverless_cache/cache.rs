//! Create, read, import and delete.

use std::time::Duration;

use serde_json::{Value, json};

use super::parts::{CACHE, applied, cache, done};
use crate::aws_control::{failure, instant, until_called, words, writes};
use crate::fixture::Fixture;

#[test]
fn a_minimal_cache_has_what_aws_chose() {
    let fixture = applied(&cache(""));
    let state = fixture.terraform.state(CACHE);
    for (name, value) in [
        ("id", json!("cache")),
        ("name", json!("cache")),
        ("engine", json!("valkey")),
        ("major_engine_version", json!("8")),
        ("full_engine_version", json!("8.1")),
        ("description", json!("")),
        ("cache_usage_limits", json!([])),
        ("snapshot_retention_limit", json!(0)),
        ("daily_snapshot_time", json!("17:30")),
        ("snapshot_arns_to_restore", json!([])),
        ("final_snapshot_name", json!("")),
        ("deletion_protection", json!(false)),
        ("security_group_ids", json!(["sg-00000001"])),
        ("subnet_ids", json!(["subnet-00000001", "subnet-00000002", "subnet-00000003"])),
        ("user_group_id", json!("")),
        ("network_type", json!("ipv4")),
        ("connection_type", json!("vpc")),
        ("migration", json!([])),
        ("status", json!("available")),
        ("region", json!("eu-west-1")),
        ("arn", json!("arn:aws:elasticache:eu-west-1:123456789012:serverlesscache:cache")),
        ("tags", json!({})),
    ] {
        assert_eq!(state[name], value, "{name}");
    }
    let endpoint = |name: &str| (state[name][0]["address"].clone(), state[name][0]["port"].clone());
    let (host, port) = endpoint("endpoint");
    assert!(host.as_str().unwrap().ends_with(".serverless.euw1.cache.amazonaws.com"), "{host}");
    assert_eq!((port, endpoint("reader_endpoint")), (json!(6379), (host, json!(6380))));
    fixture.terraform.destroy();
    assert_eq!(writes(&fixture.aws), ["DeleteServerlessCache"]);
    assert!(fixture.control(|aws| aws.serverless_caches()).is_empty());
}

/// Arguments that AWS changes in place, and those that it sets once.
const EVERYTHING: &str = r#"
  engine                   = "Valkey"
  major_engine_version     = "9"
  description              = "Sessions"
  snapshot_retention_limit = 7
  daily_snapshot_time      = "09:00"
  kms_key_id               = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
  security_group_ids       = ["sg-0a1b2c3d4e5f60001", "sg-0a1b2c3d4e5f60002"]
  subnet_ids               = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
  network_type             = "dual_stack"
  connection_type          = "vpc"
  tags                     = { team = "cache" }
  cache_usage_limits {
    data_storage {
      minimum = 1
      maximum = 10
      unit    = "GB"
    }
    ecpu_per_second {
      maximum = 5000
    }
  }
  timeouts {
    update = "90m"
  }
"#;

#[test]
fn every_argument_is_sent_and_read_back() {
    let fixture = applied(&cache(EVERYTHING));
    let state = fixture.terraform.state(CACHE);
    assert_eq!(
        state["cache_usage_limits"],
        json!([{
            "data_storage": [{ "minimum": 1, "maximum": 10, "unit": "GB" }],
            "ecpu_per_second": [{ "minimum": null, "maximum": 5000 }],
        }])
    );
    assert_eq!((&state["engine"], &state["tags_all"]), (&json!("Valkey"), &json!({ "team": "cache" })));
    fixture.terraform.destroy();
    assert!(fixture.control(|aws| aws.serverless_caches()).is_empty());
}

#[test]
fn memcached_and_redis_are_engines_too() {
    for (engine, version, port) in [("memcached", "1.6", 11211), ("redis", "7", 6379)] {
        let fixture = applied(&cache(&format!("engine = {engine:?}\nmajor_engine_version = {version:?}")));
        assert_eq!(fixture.terraform.state(CACHE)["endpoint"][0]["port"], port, "{engine}");
    }
}

/// A cache that the internet reaches has an endpoint of another form.
#[test]
fn a_public_cache_has_a_public_endpoint() {
    let fixture = applied(&cache(
        r#"major_engine_version = "9"
connection_type = "public"
user_group_id = "default.iam-user-group""#,
    ));
    let host = fixture.terraform.state(CACHE)["endpoint"][0]["address"].as_str().unwrap().to_owned();
    assert!(host.contains(".public.serverless."), "{host}");
}

/// Spellings that mean the same as what AWS returns are no difference.
#[test]
fn spellings_are_no_difference() {
    for arguments in [
        "cache_usage_limits {}",
        "cache_usage_limits {\ndata_storage {}\necpu_per_second {}\n}",
        r#"cache_usage_limits {
data_storage {
maximum = null
minimum = 0
unit = "GB"
}
}"#,
        r#"description = " ""#,
        r#"description = null
user_group_id = ""
kms_key_id = ""
security_group_ids = []"#,
        r#"engine = "VALKEY""#,
    ] {
        let fixture = instant(&cache(arguments));
        fixture.terraform.apply();
        fixture.terraform.assert_unchanged();
    }
}

#[test]
fn upper_case_names_stay_as_written() {
    let fixture = applied(&cache("").replace(r#""cache""#, r#""Cache""#));
    assert_eq!(fixture.terraform.text(CACHE, "name"), "Cache");
    assert_eq!(fixture.terraform.text(CACHE, "id"), "cache");
    fixture.terraform.configure(&cache("").replace(r#""cache""#, r#""CACHE""#));
    fixture.terraform.assert_unchanged();
}

#[test]
fn an_import_accepts_the_name_and_the_arn() {
    let fixture = applied(&cache(EVERYTHING));
    let other = "arn:aws:elasticache:eu-west-1:123456789012:replicationgroup:cache";
    fixture.terraform.run(&["state", "rm", CACHE]).succeeds();
    let run = fixture.terraform.run(&["import", "-no-color", CACHE, other]).fails();
    assert!(run.stderr.contains("Invalid import ID"), "{run}");
    for id in ["arn:aws:elasticache:eu-west-1:123456789012:serverlesscache:cache", "cache", "Cache"] {
        fixture.terraform.run(&["import", CACHE, id]).succeeds();
        assert_eq!(fixture.terraform.text(CACHE, "id"), "cache");
        fixture.terraform.assert_importable();
        fixture.terraform.run(&["state", "rm", CACHE]).succeeds();
    }
    let run = fixture.terraform.run(&["import", "-no-color", CACHE, "none"]).fails();
    assert!(run.stderr.contains("Cannot import non-existent remote object"), "{run}");
}

/// Reads and imports never wait.
#[test]
fn a_cache_that_is_being_created_is_not_imported() {
    let fixture = Fixture::new(&cache(""));
    fixture.aws.clock().set_per_call(Duration::from_secs(5));
    fixture.other_client("CreateServerlessCache", "ServerlessCacheName=cache Engine=valkey");
    fixture.aws.clock().advance(Duration::from_secs(5));
    let run = fixture.terraform.run(&["import", "-no-color", CACHE, "cache"]).fails();
    assert!(run.stderr.contains("Serverless cache is being created"), "{run}");
}

#[test]
fn an_existing_cache_is_an_error_that_says_how_to_import_it() {
    let fixture = instant(&cache(""));
    fixture.other_client("CreateServerlessCache", "ServerlessCacheName=cache Engine=valkey");
    let said = failure(&fixture);
    assert!(said.contains("ServerlessCacheAlreadyExistsFault"), "{said}");
    assert!(said.contains("terraform import elasticache_serverless_cache.NAME cache"), "{said}");
    assert_eq!(fixture.terraform.state(CACHE), Value::Null);
}

#[test]
fn a_cache_that_disappears_is_created_again() {
    let fixture = applied(&cache(""));
    assert!(fixture.control(|aws| aws.vanish_serverless("cache")));
    fixture.terraform.plan().assert_create(CACHE);
    fixture.apply_and_verify();
    fixture.other_client("DeleteServerlessCache", "ServerlessCacheName=cache");
    fixture.terraform.plan().assert_create(CACHE);
    fixture.apply_and_verify();
    fixture.control(|aws| aws.vanish_serverless("cache"));
    fixture.terraform.run(&["destroy", "-auto-approve", "-refresh=false"]).succeeds();
}

/// A status of deleting is gone: the create waits until the name is free.
#[test]
fn a_create_waits_for_a_deletion_under_way() {
    let fixture = Fixture::new(&cache(""));
    fixture.apply_and_verify();
    fixture.aws.clock().set_per_call(Duration::from_secs(50));
    fixture.durations(|all| (all.create, all.delete) = (100_000, 150_000));
    fixture.other_client("DeleteServerlessCache", "ServerlessCacheName=cache");
    fixture.terraform.apply();
    assert_eq!(fixture.terraform.text(CACHE, "status"), "available");
    assert_eq!(done(&fixture, "CreateServerlessCache").len(), 2);
}

#[test]
fn a_creation_that_fails_is_told_with_the_events_and_replaced() {
    let fixture = instant(&cache(
        r#"deletion_protection = true
final_snapshot_name = "last""#,
    ));
    let event = "Failed to create cache cache. Insufficient free IP addresses to create VPC endpoint.";
    fixture.control(|aws| aws.fail_next_create("cache", event));
    let said = failure(&fixture);
    assert!(said.contains("create-failed") && said.contains(event), "{said}");
    assert_eq!(fixture.terraform.text(CACHE, "id"), "cache");
    // It is tainted, and neither protection nor final snapshot stand in the way.
    fixture.apply_and_verify();
    assert_eq!(done(&fixture, "DeleteServerlessCache")[0].parameter("FinalSnapshotName"), None);
    assert_eq!(fixture.terraform.text(CACHE, "status"), "available");
}

/// Ctrl-C while AWS creates the cache: it is in the state, and the next apply creates another one, unless it is
/// untainted.
#[test]
fn an_interrupted_create_is_not_forgotten() {
    let fixture = instant(&cache(""));
    let interrupt = || {
        fixture.durations(|all| all.create = 600_000);
        fixture.aws.clock().set_per_call(Duration::ZERO);
        fixture.aws.record().clear();
        let apply = fixture.terraform.start(&["apply", "-json", "-auto-approve"]);
        until_called(&fixture, "elasticache", "DescribeServerlessCaches", 2);
        apply.interrupt();
        let run = apply.finish().fails();
        assert!(words(&run.diagnostics()).contains("terraform untaint"), "{run}");
        assert_eq!(fixture.terraform.text(CACHE, "id"), "cache");
        fixture.aws.clock().set_per_call(Duration::from_secs(300));
    };
    interrupt();
    fixture.terraform.run(&["untaint", CACHE]).succeeds();
    fixture.aws.record().clear();
    // The first read still finds it `creating`: the apply waits.
    fixture.aws.clock().set_per_call(Duration::from_secs(150));
    fixture.terraform.apply();
    assert_eq!(writes(&fixture.aws), [""; 0]);
    assert_eq!(fixture.terraform.text(CACHE, "status"), "available");
    fixture.terraform.assert_unchanged();
    fixture.terraform.destroy();
    interrupt();
    fixture.aws.clock().advance(Duration::from_secs(3600));
    fixture.apply_and_verify();
    assert_eq!(writes(&fixture.aws)[..2], ["CreateServerlessCache", "DeleteServerlessCache"]);
}

#[test]
fn a_create_that_times_out_says_how_to_keep_the_cache() {
    let fixture = instant(&cache(
        r#"timeouts {
create = "3s"
}"#,
    ));
    fixture.durations(|all| all.create = 600_000_000);
    let said = failure(&fixture);
    assert!(said.contains("timed out after") && said.contains(r#""creating""#), "{said}");
    assert!(said.contains("terraform untaint"), "{said}");
}

#[test]
fn tags_are_changed_in_place() {
    let with = |tags: &str| cache(&format!("tags = {{ {tags} }}"));
    let fixture = applied(&cache(""));
    for tags in [r#"a = "1""#, r#"a = "2", b = "1""#, r#"b = "2", c = """#] {
        fixture.change_and_verify(&with(tags));
    }
    assert_eq!(fixture.terraform.state(CACHE)["tags"], json!({ "b": "2", "c": "" }));
    let arn = fixture.terraform.text(CACHE, "arn");
    fixture.control(|aws| aws.set_tag(&arn, "by", "hand"));
    fixture.terraform.plan().assert_update(CACHE, &["tags", "tags_all"]);
    fixture.apply_and_verify();
    assert!(done(&fixture, "ModifyServerlessCache").is_empty());
}

/// The final snapshot is taken, and the cache comes back from it.
#[test]
fn a_destroyed_cache_comes_back_from_its_final_snapshot() {
    let fixture = Fixture::new(&cache(r#"final_snapshot_name = "Last""#));
    fixture.apply_and_verify();
    fixture.terraform.destroy();
    assert_eq!(fixture.control(|aws| aws.serverless_snapshots()), ["last"]);
    let restored = cache(
        r#"final_snapshot_name = "last"
snapshot_arns_to_restore = ["arn:aws:elasticache:eu-west-1:123456789012:serverlesscachesnapshot:last"]"#,
    );
    fixture.change_and_verify(&restored);
    // A destroy would fail, and so the plan does.
    let refused = words(&fixture.terraform.run(&["plan", "-destroy", "-json"]).fails().diagnostics());
    assert!(refused.contains("Final snapshot already exists"), "{refused}");
    // What the cache was created from is nothing to change later.
    fixture.change_and_verify(&cache(r#"final_snapshot_name = "other""#));
    assert_eq!(done(&fixture, "CreateServerlessCache").len(), 2);
    fixture.terraform.destroy();
    assert_eq!(fixture.control(|aws| aws.serverless_snapshots()), ["last", "other"]);
}

#[test]
fn a_protected_cache_is_not_destroyed() {
    let fixture = applied(&cache("deletion_protection = true"));
    let refused = words(&fixture.terraform.run(&["plan", "-destroy", "-json"]).fails().diagnostics());
    assert!(refused.contains("Serverless cache is protected from deletion"), "{refused}");
    let run = fixture.terraform.run(&["apply", "-auto-approve", "-json", "-replace", CACHE]).fails();
    let refused = words(&run.diagnostics());
    assert!(refused.contains("so it was not deleted"), "{refused}");
    fixture.change_and_verify(&cache("deletion_protection = false"));
    assert_eq!(writes(&fixture.aws), [""; 0]);
    fixture.terraform.destroy();
    assert!(fixture.control(|aws| aws.serverless_caches()).is_empty());
}
