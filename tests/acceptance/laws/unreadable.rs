//! An answer that cannot be understood says nothing of an object.

use serde_json::json;

use crate::simulator::{Fault, on};
use crate::world::{GROUP, World, group};

fn configuration() -> String {
    group("frail", "num_cache_clusters = 1\n  node_type = \"cache.t4g.small\"")
}

/// A poll of a create is answered by something else than ElastiCache: it is polled again.
#[test]
fn a_wait_polls_again_after_an_unreadable_answer() {
    let world = World::new(&configuration());
    world.aws.clock().set_per_call(std::time::Duration::from_secs(60));
    let poll = on("elasticache", "DescribeReplicationGroups");
    world.aws.fault(poll.times(3), Fault::Unreadable);
    world.terraform.apply();
    assert_eq!(world.aws.pending_faults(), 0);
    assert_eq!(world.terraform.state(GROUP)["status"], json!("available"));
    world.assert_in_place();
}

/// It is not polled for ever.
#[test]
fn a_wait_ends_when_no_answer_can_be_understood() {
    let world = World::new(&configuration());
    world.aws.fault(on("elasticache", "DescribeReplicationGroups").always(), Fault::Unreadable);
    let run = world.terraform.run(&["apply", "-auto-approve", "-json"]).fails();
    let told: String = run.diagnostics().iter().map(|it| format!("{it}\n")).collect();
    assert!(told.contains("the answer could not be understood"), "{told}");
    let polls = world.aws.calls("elasticache", "DescribeReplicationGroups").len();
    assert!((6..20).contains(&polls), "{polls} polls");
}
