//! Ctrl-C while AWS is at work: what was accepted is told, and nothing of it is lost.

use std::time::{Duration, Instant};

use crate::simulator::Call;
use crate::support::terraform::Diagnostic;
use crate::world::{GROUP, World, group};

fn nodes(count: u32, size: &str) -> String {
    group(
        "stopped",
        &format!(
            "num_cache_clusters = {count}\n  node_type = \"cache.t4g.{size}\"\n  apply_immediately = true"
        ),
    )
}

/// Applies the configuration, and stops as soon as AWS works on this call; gives what is said.
#[track_caller]
fn stopped_at(world: &World, action: &str, configuration: &str) -> String {
    world.terraform.configure(configuration);
    // AWS takes longer than the test.
    world.aws.clock().set_per_call(Duration::from_secs(1));
    world.aws.record().clear();
    let apply = world.terraform.start(&["apply", "-json", "-auto-approve"]);
    let started = Instant::now();
    // Two descriptions after it: the provider waits, and has taken in the first of them.
    let waits = || {
        let calls = world.aws.record().all();
        let sent = calls.iter().position(|call| call.action == action && call.is_done());
        let seen = |call: &Call| call.action == "DescribeReplicationGroups" && call.is_done();
        sent.is_some_and(|sent| calls[sent..].iter().filter(|call| seen(call)).count() > 1)
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
fn done(world: &World) {
    world.aws.clock().set_per_call(Duration::from_secs(300));
    world.aws.clock().advance(Duration::from_secs(3600));
    world.aws.record().clear();
}

#[test]
fn a_create_goes_on_and_can_be_kept() {
    let world = World::new("");
    let url = "resource \"elasticache_ssm_url\" \"url\" {\n  name = \"/app/url\"\n  \
               replication_group = elasticache_replication_group.test\n}\n";
    let said = stopped_at(&world, "CreateReplicationGroup", &(nodes(1, "small") + url));
    assert!(said.contains("Failed to create replication group \"stopped\""), "{said}");
    assert!(said.contains("because Terraform asked to stop") && said.contains("\"creating\""), "{said}");
    let untaint = "terraform untaint ADDRESS";
    assert!(said.contains("AWS has accepted") && said.contains(untaint), "{said}");
    // What Terraform would do without the advice.
    assert_eq!(world.terraform.plan().actions_on(GROUP), ["delete", "create"]);
    world.terraform.run(&["untaint", GROUP]).succeeds();
    let plan = world.terraform.plan();
    assert_eq!(plan.actions_on(GROUP), ["update"]);
    assert!(plan.is_unknown(GROUP, "endpoint") && plan.is_unknown("elasticache_ssm_url.url", "url"));
    world.aws.clock().set_per_call(Duration::from_secs(150));
    world.applied();
    assert_eq!(world.group()["status"], "available");
    assert_eq!(world.aws.calls("elasticache", "ModifyReplicationGroup").len(), 0, "it only waited");
    world.assert_in_place();
}

#[test]
fn a_change_goes_on_and_the_next_apply_does_the_rest() {
    let world = World::new(&nodes(1, "small"));
    world.applied();
    let said = stopped_at(&world, "ModifyReplicationGroup", &nodes(1, "medium"));
    assert!(said.contains("AWS continues the change"), "{said}");
    let progress = "Accepted by AWS and in progress: change settings. The next apply continues from there.";
    assert!(said.contains(progress), "{said}");
    done(&world);
    world.applied();
    assert_eq!(world.aws.record().writes(), [""; 0], "it was made meanwhile");

    // In the middle of several steps.
    let said = stopped_at(&world, "IncreaseReplicaCount", &nodes(2, "small"));
    let progress = "Accepted by AWS and in progress: increase the number of replicas to 1. Not done: change settings. \
                    The next apply continues from there.";
    assert!(said.contains(progress), "{said}");
    done(&world);
    world.applied();
    assert_eq!(world.aws.record().writes(), ["elasticache:ModifyReplicationGroup"]);

    let said = stopped_at(&world, "DeleteReplicationGroup", "");
    assert!(said.contains("AWS has accepted the deletion and continues it."), "{said}");
    done(&world);
    world.terraform.apply();
    assert!(world.terraform.resources().is_empty());
    assert_eq!(world.aws.record().writes(), [""; 0], "it was gone");
}
