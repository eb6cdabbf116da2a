//! Groups that hold data, and what could delete them.

use serde_json::json;

use crate::fixture::Fixture;
use crate::hcl::{GROUP, group};
use crate::support::terraform::Diagnostic;

const ONE: &str = r#"node_type = "cache.t4g.small"
  num_cache_clusters = 1
  engine_version = "7.1""#;

fn one(lines: &str) -> String {
    group("lab", &format!("{ONE}\n  {lines}"))
}

fn text(diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn deletions(fixture: &Fixture) -> usize {
    fixture.aws.calls("elasticache", "DeleteReplicationGroup").len()
}

/// E1: Terraform plans no destroy for these, so the apply has to refuse.
#[test]
fn a_protected_group_survives_replace_and_taint() {
    let fixture = Fixture::new(&one("deletion_protection = true"));
    fixture.apply_and_verify();
    let replaced =
        fixture.terraform.run(&["apply", "-auto-approve", "-json", &format!("-replace={GROUP}")]).fails();
    let said = text(&replaced.diagnostics());
    assert!(
        said.contains("Replication group is protected from deletion") && said.contains("omit `-replace`"),
        "{said}"
    );
    fixture.terraform.run(&["taint", GROUP]).succeeds();
    let said = text(&fixture.terraform.apply_fails());
    assert!(said.contains("terraform untaint ADDRESS"), "{said}");
    assert_eq!(deletions(&fixture), 0);
    fixture.terraform.run(&["untaint", GROUP]).succeeds();
    fixture.terraform.assert_unchanged();
    // Another address for the same name destroys the old one: Terraform plans that.
    let said = fixture.refused(&one("deletion_protection = true").replace(r#""this""#, r#""other""#));
    assert!(said.contains("protected from deletion"), "{said}");
    assert_eq!(deletions(&fixture), 0);
}

/// E1: nothing is lost with a group that AWS could not create.
#[test]
fn a_protected_group_that_aws_could_not_create_is_replaced() {
    let fixture = Fixture::new(&one(r#"deletion_protection = true
  final_snapshot_identifier = "last""#));
    fixture.control(|aws| aws.fail_next_create("lab", "No capacity."));
    fixture.terraform.apply_fails();
    fixture.apply_and_verify();
    assert_eq!(deletions(&fixture), 1);
    assert_eq!(fixture.control(|aws| aws.snapshots()), [""; 0]);
    assert_eq!(fixture.group()["final_snapshot_identifier"], "last");
}

/// E5: the plan fails, and what depends on the group stays.
#[test]
fn a_final_snapshot_that_exists_fails_the_plan_of_the_destroy() {
    let url = r#"resource "elasticache_ssm_url" "this" {
  name = "/lab/url"
  replication_group = elasticache_replication_group.this
}
"#;
    let of = |snapshot: &str| one(&format!(r#"final_snapshot_identifier = "{snapshot}""#)) + url;
    let fixture = Fixture::new(&of("last"));
    fixture.terraform.apply();
    fixture.other_client("CreateSnapshot", "SnapshotName=last CacheClusterId=lab-001");
    fixture.aws.clock().advance(std::time::Duration::from_secs(600));
    let destroyed = fixture.terraform.run(&["destroy", "-auto-approve", "-json"]).fails();
    let said = text(&destroyed.diagnostics());
    assert!(
        said.contains("Final snapshot already exists")
            && said.contains("another `final_snapshot_identifier`"),
        "{said}"
    );
    assert_eq!(deletions(&fixture), 0);
    assert_eq!(fixture.aws.calls("ssm", "DeleteParameter").len(), 0);
    // A replacement is checked as well.
    let said = fixture.refused(&of("last").replace(
        r#"description = "of a test""#,
        r#"description = "of a test"
  port = 6380"#,
    ));
    assert!(said.contains("Final snapshot already exists"), "{said}");
    fixture.terraform.configure(&of("later"));
    fixture.terraform.apply();
    fixture.terraform.destroy();
    assert_eq!(fixture.control(|aws| aws.snapshots()), ["last", "later"]);
}

/// E8.
#[test]
fn an_error_about_a_change_names_its_fix_and_the_way_to_destroy() {
    let fixture = Fixture::new(&one("auto_minor_version_upgrade = false"));
    fixture.apply_and_verify();
    let said = fixture.refused(&one("auto_minor_version_upgrade = false").replace("7.1", "7.0"));
    assert!(
        said.contains(r#"set `engine_version = "7.1"`"#) && said.contains("terraform destroy -refresh=false"),
        "{said}"
    );
    let blocked = fixture.terraform.run(&["destroy", "-auto-approve", "-json"]).fails();
    assert!(text(&blocked.diagnostics()).contains("terraform destroy -refresh=false"));
    fixture.terraform.run(&["destroy", "-auto-approve", "-refresh=false"]).succeeds();
    assert_eq!(deletions(&fixture), 1);
}

/// E3: each replacement says why, what is lost, and what keeps it.
#[test]
fn a_replacement_is_announced_with_cause_loss_and_way() {
    let fixture = Fixture::new(&one("port = 6379"));
    fixture.apply_and_verify();
    fixture.terraform.configure(&one("port = 6380"));
    let plan = fixture.terraform.plan();
    plan.assert_replace(GROUP, &["port"]);
    let said = text(&plan.diagnostics);
    for part in [
        "`port` changes from 6379 to 6380",
        "its data is lost",
        "keep `port = 6379`",
        "final_snapshot_identifier",
    ] {
        assert!(said.contains(part), "{said}");
    }
    assert_eq!(fixture.group()["port"], json!(6379));
}
