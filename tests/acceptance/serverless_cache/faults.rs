//! Every call of a life, each hit once by a fault.

use serde_json::json;

use super::parts::{CACHE, applied, cache};
use crate::aws_control::{failure, instant};
use crate::chaos::driver::Driver;
use crate::chaos::object::Object;
use crate::simulator::{InjectedFault, on};

#[track_caller]
fn survives(fault: &InjectedFault) {
    let mut driver = Driver::new(&[]);
    let mut cache = Object::new("elasticache_serverless_cache");
    driver.hit("elasticache", &["CreateServerlessCache", "DescribeServerlessCaches"], fault);
    let mut config =
        json!({ "name": "cache", "engine": "valkey", "description": "Old", "tags": { "a": "1" } });
    cache.apply_and_verify(&mut driver, &config);
    assert_eq!(driver.names("DescribeServerlessCaches"), ["cache"]);
    driver.hit("elasticache", &["ModifyServerlessCache", "AddTagsToResource"], fault);
    config["description"] = json!("New");
    config["snapshot_retention_limit"] = json!(1);
    config["tags"]["a"] = json!("2");
    cache.apply_and_verify(&mut driver, &config);
    assert_eq!(driver.carried_out("elasticache", "CreateServerlessCache"), 1);
    driver.hit("elasticache", &["DeleteServerlessCache"], fault);
    cache.destroy(&mut driver);
    assert_eq!(driver.aws.pending_faults(), 0);
    assert_eq!(driver.names("DescribeServerlessCaches"), [""; 0]);
}

each_fault! { survives:
    throttling_in_every_step => InjectedFault::Throttle,
    a_gateway_that_answers_html_in_every_step => InjectedFault::BadGateway,
    an_internal_error_in_every_step => InjectedFault::Status5xx,
    an_answer_lost_in_every_step => InjectedFault::AppliedButResponseLost,
    an_answer_cut_off_in_every_step => InjectedFault::CutBody(0.5),
    an_answer_cut_short_in_every_step => InjectedFault::TruncatedBody(0.5),
}

/// A cache that existed before is not adopted, whatever was lost on the way.
#[test]
fn an_existing_cache_is_not_adopted() {
    for arguments in ["Engine=valkey", "Engine=redis"] {
        let fixture = instant(&cache(""));
        fixture.other_client("CreateServerlessCache", &format!("ServerlessCacheName=cache {arguments}"));
        fixture.aws.fault(on("elasticache", "CreateServerlessCache"), InjectedFault::AppliedButResponseLost);
        let said = failure(&fixture);
        assert!(said.contains("ServerlessCacheAlreadyExistsFault"), "{said}");
        assert_eq!(fixture.terraform.state(CACHE), serde_json::Value::Null);
    }
}

#[test]
fn an_answer_cut_short_is_never_a_deletion() {
    let fixture = applied(&cache(""));
    for part in [0.05, 0.3, 0.6, 0.95] {
        fixture.aws.fault(on("elasticache", "DescribeServerlessCaches"), InjectedFault::TruncatedBody(part));
        let run = fixture.terraform.run(&["plan", "-json", "-detailed-exitcode"]);
        assert!(run.code != Some(2), "cut at {part}: {run}");
        assert_eq!(fixture.aws.pending_faults(), 0);
    }
    fixture.terraform.plan().assert_empty();
}

#[test]
fn a_refusal_names_the_object_and_the_argument() {
    let fixture = instant(&cache(r#"user_group_id = "nobody""#));
    let said = failure(&fixture);
    assert!(said.contains(r#"Failed to create serverless cache "cache""#), "{said}");
    assert!(said.contains("UserGroupNotFound") && said.contains("`user_group_id`"), "{said}");
    for (code, action) in [
        ("ServerlessCacheQuotaForCustomerExceededFault", "CreateServerlessCache"),
        ("InvalidCredentialsException", "CreateServerlessCache"),
    ] {
        let fixture = instant(&cache(""));
        fixture.aws.fault(on("elasticache", action), InjectedFault::code(code, "No."));
        let said = failure(&fixture);
        assert!(said.contains(code), "{said}");
        assert_eq!(fixture.aws.calls("elasticache", action).len(), 1, "{code} is not repeated");
    }
}

/// Many caches are read by one listing.
#[test]
fn many_caches_are_read_together() {
    let all: String = (0..12)
        .map(|at| {
            format!(
                r#"resource "elasticache_serverless_cache" "c{at}" {{
  name = "c{at}"
  engine = "valkey"
}}
"#
            )
        })
        .collect();
    let fixture = applied(&all);
    fixture.terraform.plan().assert_empty();
    let reads = fixture.aws.calls("elasticache", "DescribeServerlessCaches").len();
    assert!(reads < 12, "{reads} requests");
}
