//! Groups that hold data, and what could delete them.

use serde_json::json;

use crate::support::terraform::Diagnostic;
use crate::world::{GROUP, World, group};

const ONE: &str = "node_type = \"cache.t4g.small\"\n  num_cache_clusters = 1\n  engine_version = \"7.1\"";

fn one(lines: &str) -> String {
    group("lab", &format!("{ONE}\n  {lines}"))
}

fn text(diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn deletions(world: &World) -> usize {
    world.aws.calls("elasticache", "DeleteReplicationGroup").len()
}

/// E1: Terraform plans no destroy for these, so the apply has to refuse.
#[test]
fn a_protected_group_survives_replace_and_taint() {
    let world = World::new(&one("deletion_protection = true"));
    world.applied();
    let replaced =
        world.terraform.run(&["apply", "-auto-approve", "-json", &format!("-replace={GROUP}")]).fails();
    let said = text(&replaced.diagnostics());
    assert!(
        said.contains("Replication group is protected from deletion") && said.contains("omit -replace"),
        "{said}"
    );
    world.terraform.run(&["taint", GROUP]).succeeds();
    let said = text(&world.terraform.apply_fails());
    assert!(said.contains("terraform untaint ADDRESS"), "{said}");
    assert_eq!(deletions(&world), 0);
    world.terraform.run(&["untaint", GROUP]).succeeds();
    world.terraform.assert_unchanged();
    // Another address for the same name destroys the old one: Terraform plans that.
    let said = world.refused(&one("deletion_protection = true").replace("\"test\"", "\"other\""));
    assert!(said.contains("protected from deletion"), "{said}");
    assert_eq!(deletions(&world), 0);
}

/// E1: nothing is lost with a group that AWS could not create.
#[test]
fn a_protected_group_that_aws_could_not_create_is_replaced() {
    let world = World::new(&one("deletion_protection = true\n  final_snapshot_identifier = \"last\""));
    world.control(|aws| aws.fail_next_create("lab", "No capacity."));
    world.terraform.apply_fails();
    world.applied();
    assert_eq!(deletions(&world), 1);
    assert_eq!(world.control(|aws| aws.snapshots()), [""; 0]);
    assert_eq!(world.group()["final_snapshot_identifier"], "last");
}

/// E5: the plan fails, and what depends on the group stays.
#[test]
fn a_final_snapshot_that_exists_fails_the_plan_of_the_destroy() {
    let url = "resource \"elasticache_ssm_url\" \"test\" {\n  name = \"/lab/url\"\n  replication_group = \
               elasticache_replication_group.test\n}\n";
    let of = |snapshot: &str| one(&format!("final_snapshot_identifier = \"{snapshot}\"")) + url;
    let world = World::new(&of("last"));
    world.terraform.apply();
    world.other_client("CreateSnapshot", "SnapshotName=last CacheClusterId=lab-001");
    world.aws.clock().advance(std::time::Duration::from_secs(600));
    let destroyed = world.terraform.run(&["destroy", "-auto-approve", "-json"]).fails();
    let said = text(&destroyed.diagnostics());
    assert!(
        said.contains("Final snapshot already exists") && said.contains("another final_snapshot_identifier"),
        "{said}"
    );
    assert_eq!(deletions(&world), 0);
    assert_eq!(world.aws.calls("ssm", "DeleteParameter").len(), 0);
    // A replacement is checked as well.
    let said = world
        .refused(&of("last").replace("description = \"a test\"", "description = \"a test\"\n  port = 6380"));
    assert!(said.contains("Final snapshot already exists"), "{said}");
    world.terraform.configure(&of("later"));
    world.terraform.apply();
    world.terraform.destroy();
    assert_eq!(world.control(|aws| aws.snapshots()), ["last", "later"]);
}

/// E8.
#[test]
fn an_error_about_a_change_names_its_fix_and_the_way_to_destroy() {
    let world = World::new(&one("auto_minor_version_upgrade = false"));
    world.applied();
    let said = world.refused(&one("auto_minor_version_upgrade = false").replace("7.1", "7.0"));
    assert!(
        said.contains("set engine_version = \"7.1\"") && said.contains("terraform destroy -refresh=false"),
        "{said}"
    );
    let blocked = world.terraform.run(&["destroy", "-auto-approve", "-json"]).fails();
    assert!(text(&blocked.diagnostics()).contains("terraform destroy -refresh=false"));
    world.terraform.run(&["destroy", "-auto-approve", "-refresh=false"]).succeeds();
    assert_eq!(deletions(&world), 1);
}

/// E3: each replacement says why, what is lost, and what keeps it.
#[test]
fn a_replacement_is_announced_with_cause_loss_and_way() {
    let world = World::new(&one("port = 6379"));
    world.applied();
    world.terraform.configure(&one("port = 6380"));
    let plan = world.terraform.plan();
    plan.assert_replace(GROUP, &["port"]);
    let said = text(&plan.diagnostics);
    for part in [
        "port changes from 6379 to 6380",
        "its data is lost",
        "keep port = 6379",
        "final_snapshot_identifier",
    ] {
        assert!(said.contains(part), "{said}");
    }
    assert_eq!(world.group()["port"], json!(6379));
}
