//! Users: acceptance cases §4, and what they do not have.

use std::time::Duration;

use serde_json::json;

use crate::simulator::{Fault, on};
use crate::steer::{ask, instant};
use crate::users::parts::{NEW, OLD, busy, done, hurry, told, user};
use crate::world::World;

const THIS: &str = "elasticache_user.app";

fn basic() -> String {
    user("app", &format!("passwords = [\"{OLD}\"]"))
}

#[test]
fn basic_has_what_aws_tells() {
    let world = instant(&basic());
    world.applied();
    let state = world.terraform.state(THIS);
    for (name, value) in [
        ("id", json!("app")),
        ("user_id", json!("app")),
        ("user_name", json!("app")),
        ("engine", json!("redis")),
        ("access_string", json!("on ~* +@all")),
        ("no_password_required", json!(false)),
        ("password_count", json!(1)),
        ("minimum_engine_version", json!("6.0")),
        ("arn", json!("arn:aws:elasticache:eu-west-1:123456789012:user:app")),
        ("region", json!("eu-west-1")),
        ("tags", json!({})),
        ("tags_all", json!({})),
    ] {
        assert_eq!(state[name], value, "{name}");
    }
    world.terraform.destroy();
    assert_eq!(done(&world, "DeleteUser").len(), 1);
    assert!(world.control(|aws| aws.users()).is_empty());
}

#[test]
fn disappears() {
    let world = instant(&basic());
    world.applied();
    ask(&world.aws, "DeleteUser", &[("UserId", "app")]);
    world.terraform.plan().assert_create(THIS);
    world.applied();
    // Gone while Terraform is about to delete it: that is what was wanted.
    ask(&world.aws, "DeleteUser", &[("UserId", "app")]);
    world.terraform.run(&["destroy", "-auto-approve", "-refresh=false"]).succeeds();
}

#[test]
fn capitals_in_id_and_engine_make_no_difference() {
    let config = basic().replace("user_id = \"app\"", "user_id = \"App\"").replace("\"redis\"", "\"REDIS\"");
    let world = instant(&config);
    world.applied();
    let state = world.terraform.state(THIS);
    assert_eq!(
        (&state["id"], &state["user_id"], &state["engine"]),
        (&json!("app"), &json!("App"), &json!("REDIS"))
    );
    world.terraform.configure(&basic());
    world.terraform.assert_unchanged();
}

#[test]
fn what_names_a_user_replaces_it() {
    let world = instant(&basic());
    world.applied();
    world.terraform.configure(&user("app", &format!("user_name = \"other\"\npasswords = [\"{OLD}\"]")));
    world.terraform.plan().assert_replace(THIS, &["user_name"]);
    world.applied();
    world.terraform.configure(&basic().replace("user_id = \"app\"", "user_id = \"app-2\""));
    world.terraform.plan().assert_replace(THIS, &["user_id", "user_name"]);
    world.applied();
    assert_eq!(world.control(|aws| aws.users()), ["app-2"]);
}

/// One call with the access string and nothing else; what was changed by hand is put back.
#[test]
fn the_access_string_changes_in_place() {
    let with = |access: &str| user("app", &format!("access_string = \"{access}\"\npasswords = [\"{OLD}\"]"));
    let world = instant(&with("on ~app:* +@read"));
    world.applied();
    world.aws.record().clear();
    world.then(&with("on ~app:* +@read +@write -@dangerous"));
    let calls = done(&world, "ModifyUser");
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].parameter("AccessString").as_deref(), Some("on ~app:* +@read +@write -@dangerous"));
    for unsent in ["AuthenticationMode.Type", "Passwords.member.1", "Engine"] {
        assert_eq!(calls[0].parameter(unsent), None, "{unsent}");
    }
    world.control(|aws| aws.set_access_string("app", "on ~* +@all"));
    world.terraform.plan().assert_update(THIS, &["access_string"]);
    world.applied();
    let shown = world.control(|aws| aws.access_string("app"));
    assert_eq!(shown.as_deref(), Some("on ~app:* -@all +@read +@write -@dangerous"));
}

/// Added, changed, swapped, taken away; and one that somebody else put there.
#[test]
fn tags() {
    let with = |tags: &str| user("app", &format!("passwords = [\"{OLD}\"]\ntags = {{ {tags} }}"));
    let world = instant(&basic());
    world.applied();
    world.aws.record().clear();
    for tags in ["a = \"1\"", "a = \"2\", b = \"1\"", "b = \"2\", c = \"\""] {
        world.then(&with(tags));
    }
    assert_eq!(world.terraform.state(THIS)["tags"], json!({ "b": "2", "c": "" }));
    let arn = world.terraform.text(THIS, "arn");
    world.control(|aws| aws.set_tag(&arn, "by", "hand"));
    world.terraform.plan().assert_update(THIS, &["tags", "tags_all"]);
    world.applied();
    world.then(&basic());
    assert_eq!(done(&world, "ModifyUser").len(), 0, "tags alone do not change the user");
}

/// hashicorp/aws's case `oobModify`: changed by somebody else while Terraform looks and tags.
#[test]
fn a_user_that_is_being_changed_is_read_at_once_and_tagged_later() {
    let tagged = |tag: &str| user("app", &format!("passwords = [\"{OLD}\"]\ntags = {{ a = \"{tag}\" }}"));
    let world = busy(&tagged("1"));
    world.applied();
    world.aws.clock().set_per_call(Duration::ZERO);
    ask(&world.aws, "ModifyUser", &[("UserId", "app"), ("AccessString", "on ~* +@all")]);
    world.aws.record().clear();
    world.terraform.plan().assert_empty();
    assert_eq!(world.aws.calls("elasticache", "DescribeUsers").len(), 1, "a read does not wait");
    world.aws.clock().set_per_call(Duration::from_secs(5));
    world.aws.clock().advance(Duration::from_secs(60));
    ask(&world.aws, "ModifyUser", &[("UserId", "app"), ("AccessString", "on ~* +@all +get")]);
    world.then(&tagged("2"));
}

/// K13: Terraform validates the configuration again for each plan and apply.
#[test]
fn one_mistake_is_one_warning_of_a_plan() {
    let silent =
        |access: &str| user("app", &format!("access_string = \"{access}\"\npasswords = [\"{OLD}\"]"));
    let world = instant(&silent("~* +@all"));
    let warnings = |arguments: &[&str]| {
        let said = world.terraform.run(arguments).succeeds().diagnostics();
        said.iter().filter(|it| it.summary == "User cannot log in").count()
    };
    assert_eq!(warnings(&["plan", "-json"]), 1);
    world.terraform.run(&["plan", "-out=saved"]).succeeds();
    assert_eq!(warnings(&["apply", "-json", "saved"]), 1);
    // Nothing changes any more, and nothing is said.
    assert_eq!(warnings(&["plan", "-json"]), 0);
}

/// hashicorp/aws's case oobModify, with a change that the configuration contradicts.
#[test]
fn a_change_of_others_is_undone_while_tags_change() {
    let tagged = |tag: &str| user("app", &format!("passwords = [\"{OLD}\"]\ntags = {{ a = \"{tag}\" }}"));
    let world = busy(&tagged("1"));
    world.applied();
    ask(&world.aws, "ModifyUser", &[("UserId", "app"), ("AccessString", "off -@all")]);
    world.aws.clock().advance(Duration::from_secs(60));
    world.terraform.configure(&tagged("2"));
    world.terraform.plan().assert_update(THIS, &["access_string", "tags", "tags_all"]);
    world.then(&tagged("2"));
    let access = world.control(|aws| aws.access_string("app")).unwrap();
    assert!(access.starts_with("on ") && access.contains("~*"), "{access}");
}

/// What AWS has made is in the state though the wait was given up, and the next apply replaces it.
#[test]
fn a_create_that_takes_too_long_is_not_forgotten() {
    let world =
        World::new(&user("app", &format!("passwords = [\"{OLD}\"]\ntimeouts {{\ncreate = \"1s\"\n}}")));
    world.aws.clock().set_per_call(Duration::ZERO);
    let told = told(&world);
    assert!(told.contains("Failed to create user \"app\""), "{told}");
    assert!(told.contains("Waiting for user \"app\" to be active timed out after"));
    assert_eq!(world.terraform.text(THIS, "arn"), "arn:aws:elasticache:eu-west-1:123456789012:user:app");
    hurry(&world);
    assert_eq!(world.terraform.plan().actions_on(THIS), ["delete", "create"]);
    world.terraform.apply();
    world.terraform.assert_unchanged();
}

#[test]
fn a_user_that_is_there_already_is_told_of() {
    let world = instant(&basic());
    let taken = [
        ("UserId", "app"),
        ("UserName", "app"),
        ("Engine", "redis"),
        ("AccessString", "on ~* +@all"),
        ("Passwords.member.1", NEW),
    ];
    ask(&world.aws, "CreateUser", &taken);
    let told = told(&world);
    assert!(told.contains("UserAlreadyExists"), "{told}");
    assert!(told.contains("terraform import elasticache_user.NAME app"), "{told}");
    assert!(world.terraform.resources().is_empty());
}

/// Throttled, broken off, and refused because something else changes the user.
#[test]
fn faults_that_pass_are_waited_out() {
    let world = instant(&basic());
    world.aws.fault(on("elasticache", "CreateUser"), Fault::Throttle);
    world.aws.fault(on("elasticache", "DescribeUsers"), Fault::Status5xx);
    world.applied();
    let state = || Fault::code("InvalidUserState", "User app has status modifying.");
    world.aws.fault(on("elasticache", "ModifyUser"), state());
    world.then(&user("app", &format!("access_string = \"off -@all\"\npasswords = [\"{OLD}\"]")));
    world.aws.fault(on("elasticache", "DeleteUser"), state());
    world.terraform.destroy();
    assert_eq!(world.aws.pending_faults(), 0);
}

/// An answer that was cut short is no proof that the user is gone.
#[test]
fn an_answer_without_the_user_is_an_error() {
    let world = instant(&format!("provider \"elasticache\" {{\n  max_retries = 0\n}}\n{}", basic()));
    world.applied();
    world.aws.fault(on("elasticache", "DescribeUsers").always(), Fault::TruncatedBody(0.4));
    let told: String = world.terraform.plan_fails().iter().map(ToString::to_string).collect();
    assert!(told.contains("Failed to read user \"app\""), "{told}");
    world.aws.clear_faults();
    world.terraform.assert_settled();
}
