//! Log groups.

use std::time::Duration;

use serde_json::{Value, json};

use crate::aws_control::instant;
use crate::aws_control::{failure, until_called, words, writes_to};
use crate::chaos::driver::Driver;
use crate::chaos::object::Object;
use crate::fixture::Fixture;
use crate::simulator::{InjectedFault, on};

const THIS: &str = "elasticache_log_group.this";
const NAME: &str = "/aws/elasticache/cache/slow-log";
const KEY: &str = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/// A log group with these arguments beside its name.
fn named(arguments: &str) -> String {
    format!(
        r#"resource "elasticache_log_group" "this" {{
  name = {NAME:?}
  {arguments}
}}
"#
    )
}

fn applied(configuration: &str) -> Fixture {
    let fixture = instant(configuration);
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture
}

/// The names of all log groups there are.
fn names(fixture: &Fixture) -> Vec<String> {
    let all = fixture.ask("logs", "DescribeLogGroups", &json!({}));
    let all = all["logGroups"].as_array().unwrap();
    all.iter().map(|group| group["logGroupName"].as_str().unwrap().to_owned()).collect()
}

/// The one log group there is.
fn observed(fixture: &Fixture) -> Value {
    fixture.ask("logs", "DescribeLogGroups", &json!({}))["logGroups"][0].clone()
}

#[test]
fn basic_has_what_aws_tells() {
    let fixture = applied(&named(""));
    let state = fixture.terraform.state(THIS);
    for (name, value) in [
        ("id", json!(NAME)),
        ("name", json!(NAME)),
        ("name_prefix", json!("")),
        ("retention_in_days", json!(0)),
        ("kms_key_id", json!("")),
        ("log_group_class", json!("STANDARD")),
        ("deletion_protection_enabled", json!(false)),
        ("skip_destroy", json!(false)),
        ("arn", json!(format!("arn:aws:logs:eu-west-1:123456789012:log-group:{NAME}"))),
        ("region", json!("eu-west-1")),
        ("tags", json!({})),
        ("tags_all", json!({})),
    ] {
        assert_eq!(state[name], value, "{name}");
    }
    fixture.terraform.destroy();
    assert_eq!(writes_to(&fixture, "logs"), ["DeleteLogGroup"]);
    assert!(names(&fixture).is_empty());
}

#[test]
fn everything_is_there_from_the_start() {
    let fixture = instant(&named(&format!(
        r#"retention_in_days = 14
kms_key_id = {KEY:?}
log_group_class = "INFREQUENT_ACCESS"
deletion_protection_enabled = true
tags = {{ team = "cache" }}"#
    )));
    fixture.apply_and_verify();
    assert_eq!(writes_to(&fixture, "logs"), ["CreateLogGroup", "PutRetentionPolicy"]);
    let group = observed(&fixture);
    for (name, value) in [
        ("retentionInDays", json!(14)),
        ("kmsKeyId", json!(KEY)),
        ("logGroupClass", json!("INFREQUENT_ACCESS")),
        ("deletionProtectionEnabled", json!(true)),
    ] {
        assert_eq!(group[name], value, "{name}");
    }
}

#[test]
fn disappears() {
    let fixture = applied(&named(""));
    fixture.ask("logs", "DeleteLogGroup", &json!({ "logGroupName": NAME }));
    fixture.terraform.plan().assert_create(THIS);
    fixture.apply_and_verify();
    // Gone while Terraform is about to delete it: that is what was wanted.
    fixture.ask("logs", "DeleteLogGroup", &json!({ "logGroupName": NAME }));
    fixture.terraform.run(&["destroy", "-auto-approve", "-refresh=false"]).succeeds();
}

/// A group whose name goes on from this one's is another group.
#[test]
fn a_group_with_a_longer_name_is_not_this_one() {
    let fixture = instant(&named(""));
    fixture.ask("logs", "CreateLogGroup", &json!({ "logGroupName": format!("{NAME}-old") }));
    fixture.apply_and_verify();
    fixture.ask("logs", "DeleteLogGroup", &json!({ "logGroupName": NAME }));
    fixture.terraform.plan().assert_create(THIS);
}

/// Each change is the call it needs and no other.
#[test]
fn each_setting_changes_in_place() {
    let fixture = applied(&named(""));
    for (arguments, expected) in [
        ("retention_in_days = 14".to_owned(), "PutRetentionPolicy"),
        ("retention_in_days = 30".to_owned(), "PutRetentionPolicy"),
        ("retention_in_days = 0".to_owned(), "DeleteRetentionPolicy"),
        (format!("kms_key_id = {KEY:?}"), "AssociateKmsKey"),
        (String::new(), "DisassociateKmsKey"),
        ("deletion_protection_enabled = true".to_owned(), "PutLogGroupDeletionProtection"),
        ("deletion_protection_enabled = false".to_owned(), "PutLogGroupDeletionProtection"),
        (r#"tags = { a = "1", b = "2" }"#.to_owned(), "TagResource"),
        (r#"tags = { a = "1" }"#.to_owned(), "UntagResource"),
    ] {
        fixture.aws.record().clear();
        fixture.change_and_verify(&named(&arguments));
        assert_eq!(writes_to(&fixture, "logs"), [expected], "{arguments}");
    }
}

#[test]
fn what_was_changed_by_hand_is_put_back() {
    let fixture = applied(&named(
        r#"retention_in_days = 14
tags = { team = "cache" }"#,
    ));
    let arn = fixture.terraform.text(THIS, "arn");
    fixture.ask("logs", "PutRetentionPolicy", &json!({ "logGroupName": NAME, "retentionInDays": 1 }));
    fixture.ask("logs", "TagResource", &json!({ "resourceArn": arn, "tags": { "by": "hand" } }));
    fixture.ask("logs", "AssociateKmsKey", &json!({ "logGroupName": NAME, "kmsKeyId": KEY }));
    fixture.terraform.plan().assert_update(THIS, &["kms_key_id", "retention_in_days", "tags", "tags_all"]);
    fixture.apply_and_verify();
    assert_eq!(
        (&observed(&fixture)["retentionInDays"], &observed(&fixture)["kmsKeyId"]),
        (&json!(14), &Value::Null)
    );
}

/// AWS keeps the events of this class for two days whatever is asked for.
#[test]
fn the_delivery_class_has_its_own_retention() {
    let fixture = applied(&named(r#"log_group_class = "DELIVERY""#));
    assert_eq!(fixture.terraform.state(THIS)["retention_in_days"], 2);
    assert_eq!(observed(&fixture)["retentionInDays"], 2);
}

#[test]
fn a_name_is_made_behind_a_prefix() {
    let prefixed = |prefix: &str| {
        format!(
            r#"resource "elasticache_log_group" "this" {{
  name_prefix = {prefix:?}
}}
"#
        )
    };
    let fixture = applied(&prefixed("cache-"));
    let name = fixture.terraform.text(THIS, "name");
    assert!(name.starts_with("cache-") && name.len() == "cache-".len() + 26, "{name}");
    assert_eq!(fixture.terraform.text(THIS, "id"), name);
    // A prefix that the name has too is no other name.
    fixture.terraform.configure(&prefixed("cach"));
    fixture.terraform.plan().assert_empty();
    fixture.terraform.configure(&prefixed("redis-"));
    fixture.terraform.plan().assert_replace(THIS, &["name_prefix"]);
}

#[test]
fn a_replacement_is_announced_with_what_is_lost() {
    let fixture = applied(&named(""));
    fixture.terraform.configure(&named(r#"log_group_class = "INFREQUENT_ACCESS""#));
    let plan = fixture.terraform.plan();
    plan.assert_replace(THIS, &["log_group_class"]);
    let said = words(&plan.diagnostics);
    assert!(said.contains("the old one is deleted with all its events"), "{said}");
    fixture.apply_and_verify();
    assert_eq!(writes_to(&fixture, "logs"), ["DeleteLogGroup", "CreateLogGroup"]);
}

#[test]
fn it_stays_when_destroy_is_skipped() {
    let fixture = applied(&named("skip_destroy = true"));
    fixture.terraform.destroy();
    assert_eq!(writes_to(&fixture, "logs"), [""; 0]);
    assert_eq!(names(&fixture), [NAME]);
    // Another one of that name cannot be made; the message names the way to it.
    let said = failure(&fixture);
    assert!(said.contains("ResourceAlreadyExistsException"), "{said}");
    assert!(said.contains(&format!("terraform import elasticache_log_group.NAME {NAME}")), "{said}");
}

#[test]
fn a_protected_group_is_not_planned_for_destruction() {
    let fixture = applied(&named("deletion_protection_enabled = true"));
    let said = words(&fixture.terraform.run(&["destroy", "-json", "-auto-approve"]).fails().diagnostics());
    assert!(said.contains("Log group is protected from deletion"), "{said}");
    assert_eq!(writes_to(&fixture, "logs"), [""; 0]);
    fixture.change_and_verify(&named("deletion_protection_enabled = false"));
    fixture.terraform.destroy();
    assert!(names(&fixture).is_empty());
}

/// Refused before anything is done, and in words that name the object.
#[test]
fn a_key_that_is_not_there_is_told() {
    let missing = KEY.replace("1234abcd-", "missing-");
    let fixture = instant(&named(&format!("kms_key_id = {missing:?}")));
    let said = failure(&fixture);
    assert!(said.contains(&format!("Failed to create log group {NAME:?}")), "{said}");
    assert!(said.contains("InvalidParameterException"), "{said}");
    assert!(names(&fixture).is_empty() && fixture.terraform.resources().is_empty());
}

/// The group is there, but not as it should be: it is in the state, and the next apply mends it.
#[test]
fn a_create_that_fails_half_way_is_in_the_state() {
    let fixture = instant(&named("retention_in_days = 14"));
    fixture.aws.fault(on("logs", "PutRetentionPolicy"), InjectedFault::Deny);
    let said = failure(&fixture);
    assert!(said.contains("AccessDeniedException"), "{said}");
    assert_eq!(fixture.terraform.text(THIS, "id"), NAME);
    fixture.apply_and_verify();
    assert_eq!(observed(&fixture)["retentionInDays"], 14);
}

/// An AWS without log groups, and one that is yet to be created.
fn new() -> (Driver, Object) {
    (Driver::new(&[]), Object::new("elasticache_log_group"))
}

/// Every call of a life hit once by the fault.
#[track_caller]
fn survives(fault: &InjectedFault) {
    let (mut driver, mut group) = new();
    driver.hit("logs", &["CreateLogGroup", "PutRetentionPolicy"], fault);
    // A conflict is for calls that change something.
    if !matches!(fault, InjectedFault::Code { .. }) {
        driver.hit("logs", &["DescribeLogGroups", "ListTagsForResource"], fault);
    }
    group.apply_and_verify(&mut driver, &json!({ "name": NAME, "retention_in_days": 14 }));
    let actions = ["DeleteRetentionPolicy", "AssociateKmsKey", "PutLogGroupDeletionProtection"];
    driver.hit("logs", &actions, fault);
    let protected = json!({ "name": NAME, "kms_key_id": KEY, "deletion_protection_enabled": true });
    group.apply_and_verify(&mut driver, &protected);
    group.apply(&mut driver, &json!({ "name": NAME }));
    driver.hit("logs", &["DeleteLogGroup"], fault);
    group.destroy(&mut driver);
    assert_eq!(driver.aws.pending_faults(), 0);
    assert_eq!(driver.names("DescribeLogGroups"), [""; 0]);
}

each_fault! { survives:
    throttling_in_every_step => InjectedFault::Throttle,
    a_failure_of_the_service_in_every_step => InjectedFault::Status5xx,
    a_gateway_that_answers_html_in_every_step => InjectedFault::BadGateway,
    a_connection_reset_in_every_step => InjectedFault::Reset,
    a_conflict_in_every_step =>
        InjectedFault::code("OperationAbortedException", "Multiple requests to update the same resource were in conflict."),
}

/// What AWS has carried out is not asked for twice in a way that fails.
#[track_caller]
fn survives_lost_answers(fault: &InjectedFault) {
    let (mut driver, mut group) = new();
    driver.hit("logs", &["CreateLogGroup"], fault);
    let mut config = json!({ "name": NAME, "retention_in_days": 1, "tags": { "a": "0" } });
    group.apply_and_verify(&mut driver, &config);
    driver.hit("logs", &["PutRetentionPolicy", "TagResource"], fault);
    config["retention_in_days"] = json!(14);
    config["tags"]["a"] = json!("1");
    group.apply_and_verify(&mut driver, &config);
    driver.hit("logs", &["UntagResource"], fault);
    group.apply_and_verify(&mut driver, &json!({ "name": NAME, "retention_in_days": 14 }));
    driver.hit("logs", &["DeleteLogGroup"], fault);
    group.destroy(&mut driver);
    assert_eq!(driver.aws.pending_faults(), 0);
    assert_eq!(driver.names("DescribeLogGroups"), [""; 0]);
}

each_fault! { survives_lost_answers:
    an_answer_lost_in_every_step => InjectedFault::AppliedButResponseLost,
    an_answer_cut_off_in_every_step => InjectedFault::CutBody(0.5),
}

/// A group that was there before is not taken over, whatever was lost on the way.
#[test]
fn a_group_of_somebody_else_is_not_taken_over() {
    let fixture = instant(&named(r#"tags = { team = "cache" }"#));
    fixture.ask("logs", "CreateLogGroup", &json!({ "logGroupName": NAME, "tags": { "team": "other" } }));
    fixture.aws.fault(on("logs", "CreateLogGroup"), InjectedFault::AppliedButResponseLost);
    let said = failure(&fixture);
    assert!(said.contains("ResourceAlreadyExistsException"), "{said}");
    assert!(fixture.terraform.resources().is_empty());
}

/// A list without the group proves nothing: only that its tags cannot be listed does.
#[test]
fn an_answer_cut_short_is_never_a_deletion() {
    let fixture = applied(&named(""));
    for action in ["DescribeLogGroups", "ListTagsForResource"] {
        for part in [0.05, 0.5, 0.95] {
            fixture.aws.fault(on("logs", action), InjectedFault::TruncatedBody(part));
            let run = fixture.terraform.run(&["plan", "-json", "-detailed-exitcode"]);
            assert!(run.code != Some(2), "{action} cut at {part}: {run}");
            assert_eq!(fixture.aws.pending_faults(), 0);
        }
    }
    fixture.terraform.plan().assert_empty();
}

/// Ctrl-C while the provider waits for an answer: what was made is in the state.
#[test]
fn an_interrupted_create_is_not_forgotten() {
    let fixture = instant(&named(""));
    fixture.aws.fault(on("logs", "DescribeLogGroups"), InjectedFault::Slow(Duration::from_secs(20)));
    let apply = fixture.terraform.start(&["apply", "-json", "-auto-approve"]);
    until_called(&fixture, "logs", "CreateLogGroup", 1);
    std::thread::sleep(Duration::from_millis(300));
    apply.interrupt();
    let run = apply.finish().fails();
    assert_eq!(fixture.terraform.text(THIS, "id"), NAME, "{run}");
    fixture.aws.clear_faults();
    fixture.apply_and_verify();
    assert_eq!(names(&fixture), [NAME]);
}

#[test]
fn an_import_takes_the_name_or_the_arn() {
    let fixture = instant(&named(""));
    let arn = format!("arn:aws:logs:eu-west-1:123456789012:log-group:{NAME}");
    for id in [NAME, arn.as_str()] {
        let run = fixture.terraform.run(&["import", "-no-color", THIS, id]).fails();
        assert!(run.stderr.contains("Cannot import non-existent remote object"), "{run}");
    }
    let other = "arn:aws:elasticache:eu-west-1:123456789012:user:cache";
    let run = fixture.terraform.run(&["import", "-no-color", THIS, other]).fails();
    assert!(run.stderr.contains("Invalid import ID"), "{run}");
    fixture.ask("logs", "CreateLogGroup", &json!({ "logGroupName": NAME }));
    for id in [arn.as_str(), NAME] {
        fixture.terraform.run(&["import", THIS, id]).succeeds();
        assert_eq!(fixture.terraform.text(THIS, "id"), NAME);
        fixture.terraform.assert_settled();
        fixture.terraform.run(&["state", "rm", THIS]).succeeds();
    }
}
