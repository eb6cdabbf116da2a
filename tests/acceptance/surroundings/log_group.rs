//! Log groups.

use std::time::Duration;

use serde_json::{Value, json};

use crate::simulator::{Fault, on};
use crate::steer::instant;
use crate::surroundings::parts::{told, until_called, words, writes};
use crate::world::World;

const THIS: &str = "elasticache_log_group.this";
const NAME: &str = "/aws/elasticache/cache/slow-log";
const KEY: &str = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/// A log group with these arguments beside its name.
fn named(arguments: &str) -> String {
    format!("resource \"elasticache_log_group\" \"this\" {{\nname = {NAME:?}\n{arguments}\n}}\n")
}

fn applied(configuration: &str) -> World {
    let world = instant(configuration);
    world.applied();
    world.aws.record().clear();
    world
}

/// The names of all log groups there are.
fn names(world: &World) -> Vec<String> {
    let all = world.ask("logs", "DescribeLogGroups", &json!({}));
    let all = all["logGroups"].as_array().unwrap();
    all.iter().map(|group| group["logGroupName"].as_str().unwrap().to_owned()).collect()
}

/// The one log group there is.
fn shown(world: &World) -> Value {
    world.ask("logs", "DescribeLogGroups", &json!({}))["logGroups"][0].clone()
}

#[test]
fn basic_has_what_aws_tells() {
    let world = applied(&named(""));
    let state = world.terraform.state(THIS);
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
    world.terraform.destroy();
    assert_eq!(writes(&world, "logs"), ["DeleteLogGroup"]);
    assert!(names(&world).is_empty());
}

#[test]
fn everything_is_there_from_the_start() {
    let world = instant(&named(&format!(
        "retention_in_days = 14\nkms_key_id = {KEY:?}\nlog_group_class = \"INFREQUENT_ACCESS\"\n\
         deletion_protection_enabled = true\ntags = {{ team = \"cache\" }}"
    )));
    world.applied();
    assert_eq!(writes(&world, "logs"), ["CreateLogGroup", "PutRetentionPolicy"]);
    let group = shown(&world);
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
    let world = applied(&named(""));
    world.ask("logs", "DeleteLogGroup", &json!({ "logGroupName": NAME }));
    world.terraform.plan().assert_create(THIS);
    world.applied();
    // Gone while Terraform is about to delete it: that is what was wanted.
    world.ask("logs", "DeleteLogGroup", &json!({ "logGroupName": NAME }));
    world.terraform.run(&["destroy", "-auto-approve", "-refresh=false"]).succeeds();
}

/// A group whose name goes on from this one's is another group.
#[test]
fn a_group_with_a_longer_name_is_not_this_one() {
    let world = instant(&named(""));
    world.ask("logs", "CreateLogGroup", &json!({ "logGroupName": format!("{NAME}-old") }));
    world.applied();
    world.ask("logs", "DeleteLogGroup", &json!({ "logGroupName": NAME }));
    world.terraform.plan().assert_create(THIS);
}

/// Each change is the call it needs and no other.
#[test]
fn each_setting_changes_in_place() {
    let world = applied(&named(""));
    for (arguments, expected) in [
        ("retention_in_days = 14".to_owned(), "PutRetentionPolicy"),
        ("retention_in_days = 30".to_owned(), "PutRetentionPolicy"),
        ("retention_in_days = 0".to_owned(), "DeleteRetentionPolicy"),
        (format!("kms_key_id = {KEY:?}"), "AssociateKmsKey"),
        (String::new(), "DisassociateKmsKey"),
        ("deletion_protection_enabled = true".to_owned(), "PutLogGroupDeletionProtection"),
        ("deletion_protection_enabled = false".to_owned(), "PutLogGroupDeletionProtection"),
        ("tags = { a = \"1\", b = \"2\" }".to_owned(), "TagResource"),
        ("tags = { a = \"1\" }".to_owned(), "UntagResource"),
    ] {
        world.aws.record().clear();
        world.then(&named(&arguments));
        assert_eq!(writes(&world, "logs"), [expected], "{arguments}");
    }
}

#[test]
fn what_was_changed_by_hand_is_put_back() {
    let world = applied(&named("retention_in_days = 14\ntags = { team = \"cache\" }"));
    let arn = world.terraform.text(THIS, "arn");
    world.ask("logs", "PutRetentionPolicy", &json!({ "logGroupName": NAME, "retentionInDays": 1 }));
    world.ask("logs", "TagResource", &json!({ "resourceArn": arn, "tags": { "by": "hand" } }));
    world.ask("logs", "AssociateKmsKey", &json!({ "logGroupName": NAME, "kmsKeyId": KEY }));
    world.terraform.plan().assert_update(THIS, &["kms_key_id", "retention_in_days", "tags", "tags_all"]);
    world.applied();
    assert_eq!((&shown(&world)["retentionInDays"], &shown(&world)["kmsKeyId"]), (&json!(14), &Value::Null));
}

/// AWS keeps the events of this class for two days whatever is asked for.
#[test]
fn the_delivery_class_has_its_own_retention() {
    let world = applied(&named("log_group_class = \"DELIVERY\""));
    assert_eq!(world.terraform.state(THIS)["retention_in_days"], 2);
    assert_eq!(shown(&world)["retentionInDays"], 2);
}

#[test]
fn a_name_is_made_behind_a_prefix() {
    let prefixed = |prefix: &str| {
        format!("resource \"elasticache_log_group\" \"this\" {{\nname_prefix = {prefix:?}\n}}\n")
    };
    let world = applied(&prefixed("cache-"));
    let name = world.terraform.text(THIS, "name");
    assert!(name.starts_with("cache-") && name.len() == "cache-".len() + 26, "{name}");
    assert_eq!(world.terraform.text(THIS, "id"), name);
    // A prefix that the name has too is no other name.
    world.terraform.configure(&prefixed("cach"));
    world.terraform.plan().assert_empty();
    world.terraform.configure(&prefixed("redis-"));
    world.terraform.plan().assert_replace(THIS, &["name_prefix"]);
}

#[test]
fn a_replacement_is_announced_with_what_is_lost() {
    let world = applied(&named(""));
    world.terraform.configure(&named("log_group_class = \"INFREQUENT_ACCESS\""));
    let plan = world.terraform.plan();
    plan.assert_replace(THIS, &["log_group_class"]);
    let said = words(&plan.diagnostics);
    assert!(said.contains("the old one is deleted with all its events"), "{said}");
    world.applied();
    assert_eq!(writes(&world, "logs"), ["DeleteLogGroup", "CreateLogGroup"]);
}

#[test]
fn it_stays_when_destroy_is_skipped() {
    let world = applied(&named("skip_destroy = true"));
    world.terraform.destroy();
    assert_eq!(writes(&world, "logs"), [""; 0]);
    assert_eq!(names(&world), [NAME]);
    // Another one of that name cannot be made; the message names the way to it.
    let said = told(&world);
    assert!(said.contains("ResourceAlreadyExistsException"), "{said}");
    assert!(said.contains(&format!("terraform import elasticache_log_group.NAME {NAME}")), "{said}");
}

#[test]
fn a_protected_group_is_not_planned_for_destruction() {
    let world = applied(&named("deletion_protection_enabled = true"));
    let said = words(&world.terraform.run(&["destroy", "-json", "-auto-approve"]).fails().diagnostics());
    assert!(said.contains("Log group is protected from deletion"), "{said}");
    assert_eq!(writes(&world, "logs"), [""; 0]);
    world.then(&named("deletion_protection_enabled = false"));
    world.terraform.destroy();
    assert!(names(&world).is_empty());
}

/// Refused before anything is done, and in words that name the object.
#[test]
fn a_key_that_is_not_there_is_told() {
    let missing = KEY.replace("1234abcd-", "missing-");
    let world = instant(&named(&format!("kms_key_id = {missing:?}")));
    let said = told(&world);
    assert!(said.contains(&format!("Failed to create log group {NAME:?}")), "{said}");
    assert!(said.contains("InvalidParameterException"), "{said}");
    assert!(names(&world).is_empty() && world.terraform.resources().is_empty());
}

/// The group is there, but not as it should be: it is in the state, and the next apply mends it.
#[test]
fn a_create_that_fails_half_way_is_in_the_state() {
    let world = instant(&named("retention_in_days = 14"));
    world.aws.fault(on("logs", "PutRetentionPolicy"), Fault::Deny);
    let said = told(&world);
    assert!(said.contains("AccessDeniedException"), "{said}");
    assert_eq!(world.terraform.text(THIS, "id"), NAME);
    world.applied();
    assert_eq!(shown(&world)["retentionInDays"], 14);
}

/// Every call of a life hit once by the fault.
#[track_caller]
fn survives(fault: &Fault) {
    let world = instant(&named("retention_in_days = 14"));
    for action in ["CreateLogGroup", "PutRetentionPolicy"] {
        world.aws.fault(on("logs", action), fault.clone());
    }
    // A conflict is for calls that change something.
    if !matches!(fault, Fault::Code { .. }) {
        world.aws.fault(on("logs", "DescribeLogGroups"), fault.clone());
        world.aws.fault(on("logs", "ListTagsForResource"), fault.clone());
    }
    world.applied();
    for action in ["DeleteRetentionPolicy", "AssociateKmsKey", "PutLogGroupDeletionProtection"] {
        world.aws.fault(on("logs", action), fault.clone());
    }
    world.then(&named(&format!("kms_key_id = {KEY:?}\ndeletion_protection_enabled = true")));
    world.terraform.configure(&named(""));
    world.terraform.apply();
    world.aws.fault(on("logs", "DeleteLogGroup"), fault.clone());
    world.terraform.destroy();
    assert_eq!(world.aws.pending_faults(), 0);
    assert!(names(&world).is_empty());
}

each_fault! { survives:
    throttling_in_every_step => Fault::Throttle,
    a_failure_of_the_service_in_every_step => Fault::Status5xx,
    a_gateway_that_answers_html_in_every_step => Fault::BadGateway,
    a_connection_reset_in_every_step => Fault::Reset,
    a_conflict_in_every_step =>
        Fault::code("OperationAbortedException", "Multiple requests to update the same resource were in conflict."),
}

/// What AWS has carried out is not asked for twice in a way that fails.
#[track_caller]
fn survives_lost_answers(fault: &Fault) {
    let world = instant(&named("retention_in_days = 1\ntags = { a = \"0\" }"));
    world.aws.fault(on("logs", "CreateLogGroup"), fault.clone());
    world.applied();
    for action in ["PutRetentionPolicy", "TagResource"] {
        world.aws.fault(on("logs", action), fault.clone());
    }
    world.then(&named("retention_in_days = 14\ntags = { a = \"1\" }"));
    world.aws.fault(on("logs", "UntagResource"), fault.clone());
    world.then(&named("retention_in_days = 14"));
    world.aws.fault(on("logs", "DeleteLogGroup"), fault.clone());
    world.terraform.destroy();
    assert_eq!(world.aws.pending_faults(), 0);
    assert!(names(&world).is_empty());
}

each_fault! { survives_lost_answers:
    an_answer_lost_in_every_step => Fault::AppliedButResponseLost,
    an_answer_cut_off_in_every_step => Fault::CutBody(0.5),
}

/// A group that was there before is not taken over, whatever was lost on the way.
#[test]
fn a_group_of_somebody_else_is_not_taken_over() {
    let world = instant(&named("tags = { team = \"cache\" }"));
    world.ask("logs", "CreateLogGroup", &json!({ "logGroupName": NAME, "tags": { "team": "other" } }));
    world.aws.fault(on("logs", "CreateLogGroup"), Fault::AppliedButResponseLost);
    let said = told(&world);
    assert!(said.contains("ResourceAlreadyExistsException"), "{said}");
    assert!(world.terraform.resources().is_empty());
}

/// A list without the group proves nothing: only that its tags cannot be listed does.
#[test]
fn an_answer_cut_short_is_never_a_deletion() {
    let world = applied(&named(""));
    for action in ["DescribeLogGroups", "ListTagsForResource"] {
        for part in [0.05, 0.5, 0.95] {
            world.aws.fault(on("logs", action), Fault::TruncatedBody(part));
            let run = world.terraform.run(&["plan", "-json", "-detailed-exitcode"]);
            assert!(run.code != Some(2), "{action} cut at {part}: {run}");
            assert_eq!(world.aws.pending_faults(), 0);
        }
    }
    world.terraform.plan().assert_empty();
}

/// Ctrl-C while the provider waits for an answer: what was made is in the state.
#[test]
fn an_interrupted_create_is_not_forgotten() {
    let world = instant(&named(""));
    world.aws.fault(on("logs", "DescribeLogGroups"), Fault::Slow(Duration::from_secs(20)));
    let apply = world.terraform.start(&["apply", "-json", "-auto-approve"]);
    until_called(&world, "logs", "CreateLogGroup", 1);
    std::thread::sleep(Duration::from_millis(300));
    apply.interrupt();
    let run = apply.finish().fails();
    assert_eq!(world.terraform.text(THIS, "id"), NAME, "{run}");
    world.aws.clear_faults();
    world.applied();
    assert_eq!(names(&world), [NAME]);
}

#[test]
fn an_import_takes_the_name_or_the_arn() {
    let world = instant(&named(""));
    let arn = format!("arn:aws:logs:eu-west-1:123456789012:log-group:{NAME}");
    for id in [NAME, arn.as_str()] {
        let run = world.terraform.run(&["import", "-no-color", THIS, id]).fails();
        assert!(run.stderr.contains("Cannot import non-existent remote object"), "{run}");
    }
    let other = "arn:aws:elasticache:eu-west-1:123456789012:user:cache";
    let run = world.terraform.run(&["import", "-no-color", THIS, other]).fails();
    assert!(run.stderr.contains("Invalid import ID"), "{run}");
    world.ask("logs", "CreateLogGroup", &json!({ "logGroupName": NAME }));
    for id in [arn.as_str(), NAME] {
        world.terraform.run(&["import", THIS, id]).succeeds();
        assert_eq!(world.terraform.text(THIS, "id"), NAME);
        world.terraform.assert_settled();
        world.terraform.run(&["state", "rm", THIS]).succeeds();
    }
}
