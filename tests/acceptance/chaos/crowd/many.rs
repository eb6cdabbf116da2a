//! Hundreds of replication groups in one apply, against an AWS that throttles.

use std::io::Write as _;
use std::time::Instant;

use super::process::{Process, VARIABLE};
use crate::fixture::Fixture;
use crate::simulator::{Call, Outcome};

/// So many groups, none of which has to wait for another.
fn groups(count: usize) -> String {
    format!(
        r#"resource "elasticache_replication_group" "this" {{
  count                = {count}
  replication_group_id = "crowd-${{count.index}}"
  description          = "of a crowd"
  node_type            = "cache.t4g.small"
  num_cache_clusters   = 1
  tags                 = {{ team = "cache" }}
}}
"#
    )
}

/// Creates, plans and destroys so many groups, fifty at a time. ElastiCache accepts so many calls in a second and so many
/// at once; AWS publishes no figure.
fn crowd(count: usize, per_second: f64, burst: u32) {
    let mut fixture = Fixture::new(&groups(count));
    fixture.aws.limit("elasticache", per_second, burst);
    let process = Process::start(&fixture.aws);
    fixture.terraform.set(VARIABLE, &process.reattach);
    // Terraform collects its garbage: this is no run of a second.
    fixture.terraform.unset("GOGC");
    let mut out = Vec::new();
    for command in [
        &["apply", "-auto-approve", "-parallelism=50"][..],
        &["plan", "-detailed-exitcode", "-parallelism=50"],
        &["destroy", "-auto-approve", "-parallelism=50"],
    ] {
        fixture.aws.record().clear();
        let (begin, before) = (Instant::now(), process.figures());
        // `Workspace::start` attaches to nothing by itself.
        fixture.terraform.start(command).finish().succeeds();
        let (seconds, after) = (begin.elapsed().as_secs_f64(), process.figures());
        let calls = fixture.aws.record().all();
        let throttled = |call: &&Call| matches!(call.outcome, Some(Outcome::Faulted(_)));
        let refused = calls.iter().filter(throttled).count();
        let done = |action: &str| calls.iter().filter(|it| it.action == action && it.is_done()).count();
        match command[0] {
            "apply" => {
                assert_eq!(done("CreateReplicationGroup"), count, "each group is created once");
                assert!(refused > 0, "AWS throttles none of {} calls", calls.len());
            }
            "destroy" => assert_eq!(done("DeleteReplicationGroup"), count, "each group is deleted once"),
            _ => assert!(calls.iter().all(|it| !changes(it)), "a plan changes nothing"),
        }
        let (name, calls, cpu, peak) = (command[0], calls.len(), after.cpu - before.cpu, after.peak / 1024);
        out.push(format!(
            "| {count} | {name} | {seconds:.1} s | {calls} | {refused} | {cpu:.1} s | {peak} MB |"
        ));
    }
    assert!(fixture.addresses().is_empty());
    let mut stdout = std::io::stdout().lock();
    let _ = writeln!(stdout, "| groups | command | time | calls | refused | provider's CPU | peak memory |");
    let _ = writeln!(stdout, "| --- | --- | --- | --- | --- | --- | --- |");
    for line in out {
        let _ = writeln!(stdout, "{line}");
    }
}

fn changes(call: &Call) -> bool {
    !["Describe", "List", "Get"].iter().any(|verb| call.action.starts_with(verb))
}

#[test]
fn many_groups_at_once_are_created_and_deleted_however_aws_throttles() {
    crowd(30, 4.0, 5);
}

#[test]
#[ignore = "takes long: make chaos"]
fn five_hundred_groups_at_once() {
    crowd(500, 25.0, 50);
}
