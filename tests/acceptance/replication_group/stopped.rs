//! Ctrl-C while AWS is at work: what was accepted is told, and nothing of it is lost.

use std::time::{Duration, Instant};

use crate::fixture::Fixture;
use crate::hcl::{GROUP, group};
use crate::simulator::Call;
use crate::support::terraform::Diagnostic;

fn nodes(count: u32, size: &str) -> String {
    group(
        "stopped",
        &format!(
            r#"num_cache_clusters = {count}
  node_type = "cache.t4g.{size}"
  apply_immediately = true"#
        ),
    )
}

/// Applies the configuration, and stops as soon as AWS works on this call; gives what is said.
#[track_caller]
fn stopped_at(fixture: &Fixture, action: &str, configuration: &str) -> String {
    fixture.terraform.configure(configuration);
    // AWS takes longer than the test.
    fixture.aws.clock().set_per_call(Duration::from_secs(1));
    fixture.aws.record().clear();
    let apply = fixture.terraform.start(&["apply", "-json", "-auto-approve"]);
    let started = Instant::now();
    // Two descriptions after it: the provider waits, and has taken in the first of them.
    let waits = || {
        let calls = fixture.aws.record().all();
        let sent = calls.iter().position(|call| call.action == action && call.is_done());
        let visited = |call: &Call| call.action == "DescribeReplicationGroups" && call.is_done();
        sent.is_some_and(|sent| calls[sent..].iter().filter(|call| visited(call)).count() > 1)
    };
    while !waits() {
        assert!(started.elapsed() < Duration::from_secs(60), "no {action}");
        std::thread::sleep(Duration::from_millis(20));
    }
    apply.interrupt();
    let run = apply.finish().fails();
    run.diagnostics().iter().map(|it: &Diagnostic| format!("{it}\n")).collect()
}

/// AWS gets done with it.
fn done(fixture: &Fixture) {
    fixture.aws.clock().set_per_call(Duration::from_secs(300));
    fixture.aws.clock().advance(Duration::from_secs(3600));
    fixture.aws.record().clear();
}

#[test]
fn a_create_goes_on_and_can_be_kept() {
    let fixture = Fixture::new("");
    let url = r#"resource "elasticache_ssm_url" "url" {
  name = "/app/url"
  replication_group = elasticache_replication_group.this
}
"#;
    let said = stopped_at(&fixture, "CreateReplicationGroup", &(nodes(1, "small") + url));
    assert!(said.contains(r#"Failed to create replication group "stopped""#), "{said}");
    assert!(said.contains("was canceled after") && said.contains(r#""creating""#), "{said}");
    let untaint = "terraform untaint ADDRESS";
    assert!(said.contains("AWS has accepted") && said.contains(untaint), "{said}");
    // What Terraform would do without the advice.
    assert_eq!(fixture.terraform.plan().actions_on(GROUP), ["delete", "create"]);
    fixture.terraform.run(&["untaint", GROUP]).succeeds();
    let plan = fixture.terraform.plan();
    assert_eq!(plan.actions_on(GROUP), ["update"]);
    assert!(plan.is_unknown(GROUP, "endpoint") && plan.is_unknown("elasticache_ssm_url.url", "url"));
    fixture.aws.clock().set_per_call(Duration::from_secs(150));
    fixture.apply_and_verify();
    assert_eq!(fixture.group()["status"], "available");
    assert_eq!(fixture.aws.calls("elasticache", "ModifyReplicationGroup").len(), 0, "it only waited");
    fixture.assert_in_place();
}

#[test]
fn a_change_goes_on_and_the_next_apply_does_the_rest() {
    let fixture = Fixture::new(&nodes(1, "small"));
    fixture.apply_and_verify();
    let said = stopped_at(&fixture, "ModifyReplicationGroup", &nodes(1, "medium"));
    assert!(said.contains("AWS continues the change"), "{said}");
    let progress = "Accepted by AWS and in progress: change settings. The next apply continues from there.";
    assert!(said.contains(progress), "{said}");
    done(&fixture);
    fixture.apply_and_verify();
    assert_eq!(fixture.aws.record().writes(), [""; 0], "it was made meanwhile");

    // In the middle of several steps.
    let said = stopped_at(&fixture, "IncreaseReplicaCount", &nodes(2, "small"));
    let progress = "Accepted by AWS and in progress: increase the number of replicas to 1. Not done: change settings. \
                    The next apply continues from there.";
    assert!(said.contains(progress), "{said}");
    done(&fixture);
    fixture.apply_and_verify();
    assert_eq!(fixture.aws.record().writes(), ["elasticache:ModifyReplicationGroup"]);

    let said = stopped_at(&fixture, "DeleteReplicationGroup", "");
    assert!(said.contains("AWS has accepted the deletion and continues it."), "{said}");
    done(&fixture);
    fixture.terraform.apply();
    assert!(fixture.terraform.resources().is_empty());
    assert_eq!(fixture.aws.record().writes(), [""; 0], "it was gone");
}
