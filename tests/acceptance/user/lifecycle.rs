//! Users: acceptance cases §4, and what they do not have.

use std::time::Duration;

use serde_json::json;

use crate::aws_control::{ask, failure, instant};
use crate::fixture::Fixture;
use crate::simulator::{InjectedFault, on};
use crate::user::parts::{NEW, OLD, busy, done, hurry, user};

const THIS: &str = "elasticache_user.app";

fn basic() -> String {
    user("app", &format!(r#"passwords = ["{OLD}"]"#))
}

#[test]
fn basic_has_what_aws_tells() {
    let fixture = instant(&basic());
    fixture.apply_and_verify();
    let state = fixture.terraform.state(THIS);
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
    fixture.terraform.destroy();
    assert_eq!(done(&fixture, "DeleteUser").len(), 1);
    assert!(fixture.control(|aws| aws.users()).is_empty());
}

#[test]
fn disappears() {
    let fixture = instant(&basic());
    fixture.apply_and_verify();
    ask(&fixture.aws, "DeleteUser", &[("UserId", "app")]);
    fixture.terraform.plan().assert_create(THIS);
    fixture.apply_and_verify();
    // Gone while Terraform is about to delete it: that is what was wanted.
    ask(&fixture.aws, "DeleteUser", &[("UserId", "app")]);
    fixture.terraform.run(&["destroy", "-auto-approve", "-refresh=false"]).succeeds();
}

#[test]
fn capitals_in_id_and_engine_make_no_difference() {
    let config =
        basic().replace(r#"user_id = "app""#, r#"user_id = "App""#).replace(r#""redis""#, r#""REDIS""#);
    let fixture = instant(&config);
    fixture.apply_and_verify();
    let state = fixture.terraform.state(THIS);
    assert_eq!(
        (&state["id"], &state["user_id"], &state["engine"]),
        (&json!("app"), &json!("App"), &json!("REDIS"))
    );
    fixture.terraform.configure(&basic());
    fixture.terraform.assert_unchanged();
}

#[test]
fn what_names_a_user_replaces_it() {
    let fixture = instant(&basic());
    fixture.apply_and_verify();
    fixture.terraform.configure(&user(
        "app",
        &format!(
            r#"user_name = "other"
passwords = ["{OLD}"]"#
        ),
    ));
    fixture.terraform.plan().assert_replace(THIS, &["user_name"]);
    fixture.apply_and_verify();
    fixture.terraform.configure(&basic().replace(r#"user_id = "app""#, r#"user_id = "app-2""#));
    fixture.terraform.plan().assert_replace(THIS, &["user_id", "user_name"]);
    fixture.apply_and_verify();
    assert_eq!(fixture.control(|aws| aws.users()), ["app-2"]);
}

/// One call with the access string and nothing else; what was changed by hand is put back.
#[test]
fn the_access_string_changes_in_place() {
    let with = |access: &str| {
        user(
            "app",
            &format!(
                r#"access_string = "{access}"
passwords = ["{OLD}"]"#
            ),
        )
    };
    let fixture = instant(&with("on ~app:* +@read"));
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.change_and_verify(&with("on ~app:* +@read +@write -@dangerous"));
    let calls = done(&fixture, "ModifyUser");
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].parameter("AccessString").as_deref(), Some("on ~app:* +@read +@write -@dangerous"));
    for unsent in ["AuthenticationMode.Type", "Passwords.member.1", "Engine"] {
        assert_eq!(calls[0].parameter(unsent), None, "{unsent}");
    }
    fixture.control(|aws| aws.set_access_string("app", "on ~* +@all"));
    fixture.terraform.plan().assert_update(THIS, &["access_string"]);
    fixture.apply_and_verify();
    let observed = fixture.control(|aws| aws.access_string("app"));
    assert_eq!(observed.as_deref(), Some("on ~app:* -@all +@read +@write -@dangerous"));
}

/// Added, changed, swapped, taken away; and one that somebody else put there.
#[test]
fn tags() {
    let with = |tags: &str| {
        user(
            "app",
            &format!(
                r#"passwords = ["{OLD}"]
tags = {{ {tags} }}"#
            ),
        )
    };
    let fixture = instant(&basic());
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    for tags in [r#"a = "1""#, r#"a = "2", b = "1""#, r#"b = "2", c = """#] {
        fixture.change_and_verify(&with(tags));
    }
    assert_eq!(fixture.terraform.state(THIS)["tags"], json!({ "b": "2", "c": "" }));
    let arn = fixture.terraform.text(THIS, "arn");
    fixture.control(|aws| aws.set_tag(&arn, "by", "hand"));
    fixture.terraform.plan().assert_update(THIS, &["tags", "tags_all"]);
    fixture.apply_and_verify();
    fixture.change_and_verify(&basic());
    assert_eq!(done(&fixture, "ModifyUser").len(), 0, "tags alone do not change the user");
}

/// hashicorp/aws's case `oobModify`: changed by somebody else while Terraform looks and tags.
#[test]
fn a_user_that_is_being_changed_is_read_at_once_and_tagged_later() {
    let tagged = |tag: &str| {
        user(
            "app",
            &format!(
                r#"passwords = ["{OLD}"]
tags = {{ a = "{tag}" }}"#
            ),
        )
    };
    let fixture = busy(&tagged("1"));
    fixture.apply_and_verify();
    fixture.aws.clock().set_per_call(Duration::ZERO);
    ask(&fixture.aws, "ModifyUser", &[("UserId", "app"), ("AccessString", "on ~* +@all")]);
    fixture.aws.record().clear();
    fixture.terraform.plan().assert_empty();
    assert_eq!(fixture.aws.calls("elasticache", "DescribeUsers").len(), 1, "a read does not wait");
    fixture.aws.clock().set_per_call(Duration::from_secs(5));
    fixture.aws.clock().advance(Duration::from_secs(60));
    ask(&fixture.aws, "ModifyUser", &[("UserId", "app"), ("AccessString", "on ~* +@all +get")]);
    fixture.change_and_verify(&tagged("2"));
}

/// K13: Terraform validates the configuration again for each plan and apply.
#[test]
fn one_mistake_is_one_warning_of_a_plan() {
    let silent = |access: &str| {
        user(
            "app",
            &format!(
                r#"access_string = "{access}"
passwords = ["{OLD}"]"#
            ),
        )
    };
    let fixture = instant(&silent("~* +@all"));
    let warnings = |arguments: &[&str]| {
        let said = fixture.terraform.run(arguments).succeeds().diagnostics();
        said.iter().filter(|it| it.summary == "User cannot log in").count()
    };
    assert_eq!(warnings(&["plan", "-json"]), 1);
    fixture.terraform.run(&["plan", "-out=saved"]).succeeds();
    assert_eq!(warnings(&["apply", "-json", "saved"]), 1);
    // Nothing changes any more, and nothing is said.
    assert_eq!(warnings(&["plan", "-json"]), 0);
}

/// hashicorp/aws's case oobModify, with a change that the configuration contradicts.
#[test]
fn a_change_of_others_is_undone_while_tags_change() {
    let tagged = |tag: &str| {
        user(
            "app",
            &format!(
                r#"passwords = ["{OLD}"]
tags = {{ a = "{tag}" }}"#
            ),
        )
    };
    let fixture = busy(&tagged("1"));
    fixture.apply_and_verify();
    ask(&fixture.aws, "ModifyUser", &[("UserId", "app"), ("AccessString", "off -@all")]);
    fixture.aws.clock().advance(Duration::from_secs(60));
    fixture.terraform.configure(&tagged("2"));
    fixture.terraform.plan().assert_update(THIS, &["access_string", "tags", "tags_all"]);
    fixture.change_and_verify(&tagged("2"));
    let access = fixture.control(|aws| aws.access_string("app")).unwrap();
    assert!(access.starts_with("on ") && access.contains("~*"), "{access}");
}

/// What AWS has made is in the state though the wait was given up, and the next apply replaces it.
#[test]
fn a_create_that_takes_too_long_is_not_forgotten() {
    let fixture = Fixture::new(&user(
        "app",
        &format!(
            r#"passwords = ["{OLD}"]
timeouts {{
create = "1s"
}}"#
        ),
    ));
    fixture.aws.clock().set_per_call(Duration::ZERO);
    let message = failure(&fixture);
    assert!(message.contains(r#"Failed to create user "app""#), "{message}");
    assert!(message.contains(r#"Waiting for user "app" to be active timed out after"#));
    assert_eq!(fixture.terraform.text(THIS, "arn"), "arn:aws:elasticache:eu-west-1:123456789012:user:app");
    hurry(&fixture);
    assert_eq!(fixture.terraform.plan().actions_on(THIS), ["delete", "create"]);
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
}

#[test]
fn a_user_that_is_there_already_is_told_of() {
    let fixture = instant(&basic());
    let taken = [
        ("UserId", "app"),
        ("UserName", "app"),
        ("Engine", "redis"),
        ("AccessString", "on ~* +@all"),
        ("Passwords.member.1", NEW),
    ];
    ask(&fixture.aws, "CreateUser", &taken);
    let message = failure(&fixture);
    assert!(message.contains("UserAlreadyExists"), "{message}");
    assert!(message.contains("terraform import elasticache_user.NAME app"), "{message}");
    assert!(fixture.terraform.resources().is_empty());
}

/// Throttled, broken off, and refused because something else changes the user.
#[test]
fn faults_that_pass_are_waited_out() {
    let fixture = instant(&basic());
    fixture.aws.fault(on("elasticache", "CreateUser"), InjectedFault::Throttle);
    fixture.aws.fault(on("elasticache", "DescribeUsers"), InjectedFault::Status5xx);
    fixture.apply_and_verify();
    let state = || InjectedFault::code("InvalidUserState", "User app has status modifying.");
    fixture.aws.fault(on("elasticache", "ModifyUser"), state());
    fixture.change_and_verify(&user(
        "app",
        &format!(
            r#"access_string = "off -@all"
passwords = ["{OLD}"]"#
        ),
    ));
    fixture.aws.fault(on("elasticache", "DeleteUser"), state());
    fixture.terraform.destroy();
    assert_eq!(fixture.aws.pending_faults(), 0);
}

/// An answer that was cut short is no proof that the user is gone.
#[test]
fn an_answer_without_the_user_is_an_error() {
    let fixture = instant(&format!(
        r#"provider "elasticache" {{
  max_retries = 0
}}
{}"#,
        basic()
    ));
    fixture.apply_and_verify();
    fixture.aws.fault(on("elasticache", "DescribeUsers").always(), InjectedFault::TruncatedBody(0.4));
    let message: String = fixture.terraform.plan_fails().iter().map(ToString::to_string).collect();
    assert!(message.contains(r#"Failed to read user "app""#), "{message}");
    fixture.aws.clear_faults();
    fixture.terraform.assert_settled();
}
