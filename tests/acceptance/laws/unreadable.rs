//! An answer that cannot be understood says nothing of an object.

use serde_json::json;

use crate::fixture::Fixture;
use crate::hcl::{GROUP, group};
use crate::simulator::{InjectedFault, on};

fn configuration() -> String {
    group(
        "frail",
        r#"num_cache_clusters = 1
  node_type = "cache.t4g.small""#,
    )
}

/// A poll of a create is answered by something else than ElastiCache: it is polled again.
#[test]
fn a_wait_polls_again_after_an_unreadable_answer() {
    let fixture = Fixture::new(&configuration());
    fixture.aws.clock().set_per_call(std::time::Duration::from_secs(120));
    let poll = on("elasticache", "DescribeReplicationGroups");
    fixture.aws.fault(poll.times(3), InjectedFault::Unreadable);
    fixture.terraform.apply();
    assert_eq!(fixture.aws.pending_faults(), 0);
    assert_eq!(fixture.terraform.state(GROUP)["status"], json!("available"));
    fixture.assert_in_place();
}

/// It is not polled for ever.
#[test]
fn a_wait_ends_when_no_answer_can_be_understood() {
    let fixture = Fixture::new(&configuration());
    fixture.aws.fault(on("elasticache", "DescribeReplicationGroups").always(), InjectedFault::Unreadable);
    let run = fixture.terraform.run(&["apply", "-auto-approve", "-json"]).fails();
    let message: String = run.diagnostics().iter().map(|it| format!("{it}\n")).collect();
    assert!(message.contains("the answer could not be understood"), "{message}");
    let polls = fixture.aws.calls("elasticache", "DescribeReplicationGroups").len();
    assert!((6..20).contains(&polls), "{polls} polls");
}
