//! Create, read, import and delete.

use std::time::Duration;

use serde_json::{Value, json};

use super::parts::{CACHE, applied, cache, done, durations, failure, until_called, words, writes};
use crate::steer::instant;
use crate::world::World;

#[test]
fn a_minimal_cache_has_what_aws_chose() {
    let world = applied(&cache(""));
    let state = world.terraform.state(CACHE);
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
    world.terraform.destroy();
    assert_eq!(writes(&world), ["DeleteServerlessCache"]);
    assert!(world.control(|aws| aws.serverless_caches()).is_empty());
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
    let world = applied(&cache(EVERYTHING));
    let state = world.terraform.state(CACHE);
    assert_eq!(
        state["cache_usage_limits"],
        json!([{
            "data_storage": [{ "minimum": 1, "maximum": 10, "unit": "GB" }],
            "ecpu_per_second": [{ "minimum": null, "maximum": 5000 }],
        }])
    );
    assert_eq!((&state["engine"], &state["tags_all"]), (&json!("Valkey"), &json!({ "team": "cache" })));
    world.terraform.destroy();
    assert!(world.control(|aws| aws.serverless_caches()).is_empty());
}

#[test]
fn memcached_and_redis_are_engines_too() {
    for (engine, version, port) in [("memcached", "1.6", 11211), ("redis", "7", 6379)] {
        let world = applied(&cache(&format!("engine = {engine:?}\nmajor_engine_version = {version:?}")));
        assert_eq!(world.terraform.state(CACHE)["endpoint"][0]["port"], port, "{engine}");
    }
}

/// A cache that the internet reaches has an endpoint of another form.
#[test]
fn a_public_cache_has_a_public_endpoint() {
    let world = applied(&cache(
        "major_engine_version = \"9\"\nconnection_type = \"public\"\nuser_group_id = \"default.iam-user-group\"",
    ));
    let host = world.terraform.state(CACHE)["endpoint"][0]["address"].as_str().unwrap().to_owned();
    assert!(host.contains(".public.serverless."), "{host}");
}

/// Spellings that mean the same as what AWS returns are no difference.
#[test]
fn spellings_are_no_difference() {
    for arguments in [
        "cache_usage_limits {}",
        "cache_usage_limits {\ndata_storage {}\necpu_per_second {}\n}",
        "cache_usage_limits {\ndata_storage {\nmaximum = null\nminimum = 0\nunit = \"GB\"\n}\n}",
        "description = \" \"",
        "description = null\nuser_group_id = \"\"\nkms_key_id = \"\"\nsecurity_group_ids = []",
        "engine = \"VALKEY\"",
    ] {
        let world = instant(&cache(arguments));
        world.terraform.apply();
        world.terraform.assert_unchanged();
    }
}

#[test]
fn upper_case_names_stay_as_written() {
    let world = applied(&cache("").replace("\"cache\"", "\"Cache\""));
    assert_eq!(world.terraform.text(CACHE, "name"), "Cache");
    assert_eq!(world.terraform.text(CACHE, "id"), "cache");
    world.terraform.configure(&cache("").replace("\"cache\"", "\"CACHE\""));
    world.terraform.assert_unchanged();
}

#[test]
fn an_import_accepts_the_name_and_the_arn() {
    let world = applied(&cache(EVERYTHING));
    let other = "arn:aws:elasticache:eu-west-1:123456789012:replicationgroup:cache";
    world.terraform.run(&["state", "rm", CACHE]).succeeds();
    let run = world.terraform.run(&["import", "-no-color", CACHE, other]).fails();
    assert!(run.stderr.contains("Invalid import ID"), "{run}");
    for id in ["arn:aws:elasticache:eu-west-1:123456789012:serverlesscache:cache", "cache", "Cache"] {
        world.terraform.run(&["import", CACHE, id]).succeeds();
        assert_eq!(world.terraform.text(CACHE, "id"), "cache");
        world.terraform.assert_importable();
        world.terraform.run(&["state", "rm", CACHE]).succeeds();
    }
    let run = world.terraform.run(&["import", "-no-color", CACHE, "none"]).fails();
    assert!(run.stderr.contains("Cannot import non-existent remote object"), "{run}");
}

/// Reads and imports never wait.
#[test]
fn a_cache_that_is_being_created_is_not_imported() {
    let world = World::new(&cache(""));
    world.aws.clock().set_per_call(Duration::from_secs(5));
    world.other_client("CreateServerlessCache", "ServerlessCacheName=cache Engine=valkey");
    world.aws.clock().advance(Duration::from_secs(5));
    let run = world.terraform.run(&["import", "-no-color", CACHE, "cache"]).fails();
    assert!(run.stderr.contains("Serverless cache is being created"), "{run}");
}

#[test]
fn an_existing_cache_is_an_error_that_says_how_to_import_it() {
    let world = instant(&cache(""));
    world.other_client("CreateServerlessCache", "ServerlessCacheName=cache Engine=valkey");
    let said = failure(&world);
    assert!(said.contains("ServerlessCacheAlreadyExistsFault"), "{said}");
    assert!(said.contains("terraform import elasticache_serverless_cache.NAME cache"), "{said}");
    assert_eq!(world.terraform.state(CACHE), Value::Null);
}

#[test]
fn a_cache_that_disappears_is_created_again() {
    let world = applied(&cache(""));
    assert!(world.control(|aws| aws.vanish_serverless("cache")));
    world.terraform.plan().assert_create(CACHE);
    world.applied();
    world.other_client("DeleteServerlessCache", "ServerlessCacheName=cache");
    world.terraform.plan().assert_create(CACHE);
    world.applied();
    world.control(|aws| aws.vanish_serverless("cache"));
    world.terraform.run(&["destroy", "-auto-approve", "-refresh=false"]).succeeds();
}

/// A status of deleting is gone: the create waits until the name is free.
#[test]
fn a_create_waits_for_a_deletion_under_way() {
    let world = World::new(&cache(""));
    world.applied();
    world.aws.clock().set_per_call(Duration::from_secs(50));
    world.other_client("DeleteServerlessCache", "ServerlessCacheName=cache");
    world.terraform.apply();
    assert_eq!(world.terraform.text(CACHE, "status"), "available");
    assert_eq!(done(&world, "CreateServerlessCache").len(), 2);
}

#[test]
fn a_creation_that_fails_is_told_with_the_events_and_replaced() {
    let world = instant(&cache("deletion_protection = true\nfinal_snapshot_name = \"last\""));
    let event = "Failed to create cache cache. Insufficient free IP addresses to create VPC endpoint.";
    world.control(|aws| aws.fail_next_create("cache", event));
    let said = failure(&world);
    assert!(said.contains("create-failed") && said.contains(event), "{said}");
    assert_eq!(world.terraform.text(CACHE, "id"), "cache");
    // It is tainted, and neither protection nor final snapshot stand in the way.
    world.applied();
    assert_eq!(done(&world, "DeleteServerlessCache")[0].parameter("FinalSnapshotName"), None);
    assert_eq!(world.terraform.text(CACHE, "status"), "available");
}

/// Ctrl-C while AWS creates the cache: it is in the state, and the next apply creates another one, unless it is
/// untainted.
#[test]
fn an_interrupted_create_is_not_forgotten() {
    let world = instant(&cache(""));
    let interrupt = || {
        durations(&world, |all| all.create = 600_000);
        world.aws.clock().set_per_call(Duration::ZERO);
        world.aws.record().clear();
        let apply = world.terraform.start(&["apply", "-json", "-auto-approve"]);
        until_called(&world, "DescribeServerlessCaches", 2);
        apply.interrupt();
        let run = apply.finish().fails();
        assert!(words(&run.diagnostics()).contains("terraform untaint"), "{run}");
        assert_eq!(world.terraform.text(CACHE, "id"), "cache");
        world.aws.clock().set_per_call(Duration::from_secs(300));
    };
    interrupt();
    world.terraform.run(&["untaint", CACHE]).succeeds();
    world.aws.record().clear();
    // The first read still finds it `creating`: the apply waits.
    world.aws.clock().set_per_call(Duration::from_secs(60));
    world.terraform.apply();
    assert_eq!(writes(&world), [""; 0]);
    assert_eq!(world.terraform.text(CACHE, "status"), "available");
    world.terraform.assert_unchanged();
    world.terraform.destroy();
    interrupt();
    world.aws.clock().advance(Duration::from_secs(3600));
    world.applied();
    assert_eq!(writes(&world)[..2], ["CreateServerlessCache", "DeleteServerlessCache"]);
}

#[test]
fn a_create_that_times_out_says_how_to_keep_the_cache() {
    let world = instant(&cache("timeouts {\ncreate = \"3s\"\n}"));
    durations(&world, |all| all.create = 600_000_000);
    let said = failure(&world);
    assert!(said.contains("timed out after") && said.contains("\"creating\""), "{said}");
    assert!(said.contains("terraform untaint"), "{said}");
}

#[test]
fn tags_are_changed_in_place() {
    let with = |tags: &str| cache(&format!("tags = {{ {tags} }}"));
    let world = applied(&cache(""));
    for tags in ["a = \"1\"", "a = \"2\", b = \"1\"", "b = \"2\", c = \"\""] {
        world.then(&with(tags));
    }
    assert_eq!(world.terraform.state(CACHE)["tags"], json!({ "b": "2", "c": "" }));
    let arn = world.terraform.text(CACHE, "arn");
    world.control(|aws| aws.set_tag(&arn, "by", "hand"));
    world.terraform.plan().assert_update(CACHE, &["tags", "tags_all"]);
    world.applied();
    assert!(done(&world, "ModifyServerlessCache").is_empty());
}

/// The final snapshot is taken, and the cache comes back from it.
#[test]
fn a_destroyed_cache_comes_back_from_its_final_snapshot() {
    let world = World::new(&cache("final_snapshot_name = \"Last\""));
    world.applied();
    world.terraform.destroy();
    assert_eq!(world.control(|aws| aws.serverless_snapshots()), ["last"]);
    let restored = cache(
        "final_snapshot_name = \"last\"\nsnapshot_arns_to_restore = [\"arn:aws:elasticache:eu-west-1:123456789012:\
         serverlesscachesnapshot:last\"]",
    );
    world.then(&restored);
    // A destroy would fail, and so the plan does.
    let refused = words(&world.terraform.run(&["plan", "-destroy", "-json"]).fails().diagnostics());
    assert!(refused.contains("Final snapshot already exists"), "{refused}");
    // What the cache was created from is nothing to change later.
    world.then(&cache("final_snapshot_name = \"other\""));
    assert_eq!(done(&world, "CreateServerlessCache").len(), 2);
    world.terraform.destroy();
    assert_eq!(world.control(|aws| aws.serverless_snapshots()), ["last", "other"]);
}

#[test]
fn a_protected_cache_is_not_destroyed() {
    let world = applied(&cache("deletion_protection = true"));
    let refused = words(&world.terraform.run(&["plan", "-destroy", "-json"]).fails().diagnostics());
    assert!(refused.contains("Serverless cache is protected from deletion"), "{refused}");
    let run = world.terraform.run(&["apply", "-auto-approve", "-json", "-replace", CACHE]).fails();
    let refused = words(&run.diagnostics());
    assert!(refused.contains("so it was not deleted"), "{refused}");
    world.then(&cache("deletion_protection = false"));
    assert_eq!(writes(&world), [""; 0]);
    world.terraform.destroy();
    assert!(world.control(|aws| aws.serverless_caches()).is_empty());
}
