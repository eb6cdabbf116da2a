//! Every call of a life, each hit once by a fault.

use std::time::Duration;

use super::parts::{CACHE, applied, cache, done, durations, failure};
use crate::simulator::{Fault, on};
use crate::steer::instant;

#[track_caller]
fn survives(fault: &Fault) {
    let world = instant(&cache("description = \"Old\"\ntags = { a = \"1\" }"));
    // As long as AWS takes to create one, a repetition finds it `creating`.
    durations(&world, |all| all.create = 600_000);
    world.aws.clock().set_per_call(Duration::from_secs(30));
    let hit = |action: &str| world.aws.fault(on("elasticache", action), fault.clone());
    ["CreateServerlessCache", "DescribeServerlessCaches"].into_iter().for_each(hit);
    world.terraform.apply();
    assert_eq!(world.control(|aws| aws.serverless_caches()), ["cache"]);
    world.terraform.assert_settled();
    ["ModifyServerlessCache", "AddTagsToResource"].into_iter().for_each(hit);
    world.then(&cache("description = \"New\"\nsnapshot_retention_limit = 1\ntags = { a = \"2\" }"));
    assert_eq!(done(&world, "CreateServerlessCache").len() + lost(&world, "CreateServerlessCache"), 1);
    hit("DeleteServerlessCache");
    world.terraform.destroy();
    assert_eq!(world.aws.pending_faults(), 0);
    assert!(world.control(|aws| aws.serverless_caches()).is_empty());
}

/// Calls that AWS carried out and whose answer was damaged or lost.
fn lost(world: &crate::world::World, action: &str) -> usize {
    let calls = world.aws.calls("elasticache", action);
    let is_lost = |outcome: &Option<crate::simulator::Outcome>| {
        matches!(outcome, Some(crate::simulator::Outcome::Lost(_)))
    };
    calls.iter().filter(|call| is_lost(&call.outcome)).count()
}

each_fault! { survives:
    throttling_in_every_step => Fault::Throttle,
    a_gateway_that_answers_html_in_every_step => Fault::BadGateway,
    an_internal_error_in_every_step => Fault::Status5xx,
    an_answer_lost_in_every_step => Fault::AppliedButResponseLost,
    an_answer_cut_off_in_every_step => Fault::CutBody(0.5),
    an_answer_cut_short_in_every_step => Fault::TruncatedBody(0.5),
}

/// A cache that existed before is not adopted, whatever was lost on the way.
#[test]
fn an_existing_cache_is_not_adopted() {
    for arguments in ["Engine=valkey", "Engine=redis"] {
        let world = instant(&cache(""));
        world.other_client("CreateServerlessCache", &format!("ServerlessCacheName=cache {arguments}"));
        world.aws.fault(on("elasticache", "CreateServerlessCache"), Fault::AppliedButResponseLost);
        let said = failure(&world);
        assert!(said.contains("ServerlessCacheAlreadyExistsFault"), "{said}");
        assert_eq!(world.terraform.state(CACHE), serde_json::Value::Null);
    }
}

#[test]
fn an_answer_cut_short_is_never_a_deletion() {
    let world = applied(&cache(""));
    for part in [0.05, 0.3, 0.6, 0.95] {
        world.aws.fault(on("elasticache", "DescribeServerlessCaches"), Fault::TruncatedBody(part));
        let run = world.terraform.run(&["plan", "-json", "-detailed-exitcode"]);
        assert!(run.code != Some(2), "cut at {part}: {run}");
        assert_eq!(world.aws.pending_faults(), 0);
    }
    world.terraform.plan().assert_empty();
}

#[test]
fn a_refusal_names_the_object_and_the_argument() {
    let world = instant(&cache("user_group_id = \"nobody\""));
    let said = failure(&world);
    assert!(said.contains("Failed to create serverless cache \"cache\""), "{said}");
    assert!(said.contains("UserGroupNotFound") && said.contains("`user_group_id`"), "{said}");
    for (code, action) in [
        ("ServerlessCacheQuotaForCustomerExceededFault", "CreateServerlessCache"),
        ("InvalidCredentialsException", "CreateServerlessCache"),
    ] {
        let world = instant(&cache(""));
        world.aws.fault(on("elasticache", action), Fault::code(code, "No."));
        let said = failure(&world);
        assert!(said.contains(code), "{said}");
        assert_eq!(world.aws.calls("elasticache", action).len(), 1, "{code} is not repeated");
    }
}

/// Many caches are read by one listing.
#[test]
fn many_caches_are_read_together() {
    let all: String = (0..12)
        .map(|at| {
            format!("resource \"elasticache_serverless_cache\" \"c{at}\" {{\nname = \"c{at}\"\nengine = \"valkey\"\n}}\n")
        })
        .collect();
    let world = applied(&all);
    world.terraform.plan().assert_empty();
    let reads = world.aws.calls("elasticache", "DescribeServerlessCaches").len();
    assert!(reads < 12, "{reads} requests");
}
