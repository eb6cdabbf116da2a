//! How users log in: passwords in and out of the state, IAM, none; and their rotation.

use serde_json::json;

use crate::aws_control::{ask, failure, instant};
use crate::fixture::Fixture;
use crate::user::parts::{NEW, OLD, done, user};

const THIS: &str = "elasticache_user.app";

fn passwords(given: &[&str]) -> String {
    user("app", &format!("passwords = {given:?}"))
}

fn mode(body: &str) -> String {
    user("app", &format!("authentication_mode {{\n{body}\n}}"))
}

fn write_only(given: &[&str], version: u32) -> String {
    user("app", &format!("passwords_wo = {given:?}\npasswords_wo_version = {version}"))
}

fn login(fixture: &Fixture) -> Vec<String> {
    fixture.control(|aws| aws.login("app"))
}

/// hashicorp/aws's cases `password_auth_mode` and `update_password_auth_mode`.
#[test]
fn the_count_follows_passwords_of_the_mode() {
    let with = |given: &[&str]| {
        mode(&format!(
            r#"type = "password"
passwords = {given:?}"#
        ))
    };
    let fixture = instant(&with(&[OLD, NEW]));
    for (given, count) in [(&[OLD, NEW][..], 2), (&[NEW], 1), (&[NEW, OLD], 2)] {
        fixture.change_and_verify(&with(given));
        let state = fixture.terraform.state(THIS);
        assert_eq!(state["authentication_mode"][0]["password_count"], count);
        assert_eq!(state["password_count"], count);
        assert_eq!(login(&fixture).len(), count);
    }
}

/// The new password beside the old one, then the new one alone: nobody is turned away.
#[test]
fn a_password_is_rotated_in_two_steps() {
    let fixture = instant(&passwords(&[OLD]));
    fixture.apply_and_verify();
    fixture.change_and_verify(&passwords(&[OLD, NEW]));
    assert_eq!(login(&fixture).len(), 2);
    fixture.change_and_verify(&passwords(&[NEW]));
    assert_eq!(login(&fixture), [NEW]);
}

#[test]
fn a_rotation_that_turns_clients_away_is_warned_of() {
    let fixture = instant(&passwords(&[OLD]));
    fixture.apply_and_verify();
    fixture.terraform.configure(&passwords(&[NEW]));
    let plan = fixture.terraform.plan();
    let warnings: Vec<&str> = plan.diagnostics.iter().map(|diagnostic| diagnostic.summary.as_str()).collect();
    assert_eq!(warnings, ["All passwords change in one apply"]);
    fixture.apply_and_verify();
    assert_eq!(login(&fixture), [NEW]);
}

#[test]
fn iam_and_none() {
    let fixture = instant(&mode(r#"type = "iam""#));
    fixture.apply_and_verify();
    assert_eq!(login(&fixture), ["iam"]);
    assert_eq!(fixture.terraform.state(THIS)["password_count"], 0);
    fixture.change_and_verify(&mode(r#"type = "no-password-required""#));
    assert_eq!(login(&fixture), ["no-password"]);
    fixture.change_and_verify(&user("app", "no_password_required = true"));
    fixture.change_and_verify(&passwords(&[OLD]));
    assert_eq!(login(&fixture), [OLD]);
}

/// Another argument for the same login is no call.
#[test]
fn another_spelling_of_the_same_sends_nothing() {
    let fixture = instant(&passwords(&[OLD]));
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.change_and_verify(&mode(&format!(
        r#"type = "password"
passwords = ["{OLD}"]"#
    )));
    fixture.change_and_verify(&passwords(&[OLD]));
    assert!(done(&fixture, "ModifyUser").is_empty());
    fixture.change_and_verify(&user("app", "no_password_required = true"));
    fixture.aws.record().clear();
    fixture.change_and_verify(&mode(r#"type = "no-password-required""#));
    assert!(done(&fixture, "ModifyUser").is_empty());
}

/// Into the state, out of it, to IAM and back: each time the user has what the configuration says.
#[test]
fn every_way_leads_to_every_other() {
    let ways = [
        (passwords(&[OLD]), vec![OLD]),
        (write_only(&[NEW], 1), vec![NEW]),
        (mode(r#"type = "iam""#), vec!["iam"]),
        (write_only(&[OLD, NEW], 1), vec![OLD, NEW]),
        (user("app", "no_password_required = true"), vec!["no-password"]),
        (passwords(&[NEW]), vec![NEW]),
    ];
    let fixture = instant(&ways[0].0);
    for (config, expected) in &ways {
        fixture.change_and_verify(config);
        assert_eq!(login(&fixture), *expected);
    }
}

/// Whoever opens the door behind Terraform's back finds it shut by the next apply, whichever
/// argument shuts it.
#[test]
fn a_login_changed_by_hand_is_put_back() {
    let open = [("UserId", "app"), ("AuthenticationMode.Type", "no-password-required")];
    for (config, expected) in [
        (passwords(&[OLD]), vec![OLD]),
        (write_only(&[NEW], 3), vec![NEW]),
        (mode(r#"type = "iam""#), vec!["iam"]),
        (
            mode(&format!(
                r#"type = "password"
passwords = ["{OLD}"]"#
            )),
            vec![OLD],
        ),
    ] {
        let fixture = instant(&config);
        fixture.apply_and_verify();
        ask(&fixture.aws, "ModifyUser", &open);
        assert_eq!(fixture.terraform.plan().actions_on(THIS), ["update"], "{config}");
        fixture.apply_and_verify();
        assert_eq!(login(&fixture), expected, "{config}");
    }
    let fixture = instant(&user("app", "no_password_required = true"));
    fixture.apply_and_verify();
    ask(&fixture.aws, "ModifyUser", &[("UserId", "app"), ("AuthenticationMode.Type", "iam")]);
    assert_eq!(fixture.terraform.plan().actions_on(THIS), ["update"]);
    fixture.apply_and_verify();
    assert_eq!(login(&fixture), ["no-password"]);
}

/// A second password put beside the ones that are known is taken out again.
#[test]
fn a_password_added_by_hand_is_taken_out() {
    for config in [passwords(&[OLD]), write_only(&[OLD], 1)] {
        let fixture = instant(&config);
        fixture.apply_and_verify();
        let two = [
            ("UserId", "app"),
            ("AuthenticationMode.Type", "password"),
            ("AuthenticationMode.Passwords.member.1", OLD),
            ("AuthenticationMode.Passwords.member.2", NEW),
        ];
        ask(&fixture.aws, "ModifyUser", &two);
        assert_eq!(fixture.terraform.plan().actions_on(THIS), ["update"], "{config}");
        fixture.apply_and_verify();
        assert_eq!(login(&fixture), [OLD], "{config}");
    }
}

/// hashicorp/aws #41649: passwords that are in neither state nor plan, two of them for a rotation,
/// sent when their version says so and not otherwise.
#[test]
fn aws_41649_write_only_passwords_rotate_and_leave_no_trace() {
    let fixture = instant(&write_only(&[OLD], 1));
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.terraform.configure(&write_only(&[OLD, NEW], 1));
    fixture.terraform.assert_unchanged();
    assert!(done(&fixture, "ModifyUser").is_empty());
    fixture.change_and_verify(&write_only(&[OLD, NEW], 2));
    assert_eq!(login(&fixture), [OLD, NEW]);
    assert_eq!(fixture.terraform.state(THIS)["password_count"], 2);
    fixture.terraform.configure(&write_only(&[NEW], 3));
    let plan = fixture.terraform.plan();
    // The plan has the configuration, where these passwords stand in plain text, in a part of its own.
    for part in ["resource_changes", "planned_values", "prior_state"] {
        let part = plan.json()[part].to_string();
        assert!(!part.contains(NEW) && !part.contains(OLD), "{part}");
    }
    fixture.apply_and_verify();
    assert_eq!(login(&fixture), [NEW]);
    for file in ["terraform.tfstate", "terraform.tfstate.backup"] {
        let state = std::fs::read_to_string(fixture.terraform.path().join(file)).unwrap();
        assert!(!state.contains(OLD) && !state.contains(NEW), "{state}");
    }
    assert_eq!(fixture.terraform.state(THIS)["passwords_wo"], json!(null));
}

/// A password that AWS refuses is not repeated in what the user is told.
#[test]
fn no_password_is_told() {
    use crate::simulator::{InjectedFault, on};
    let fixture = instant(&passwords(&[OLD]));
    fixture.aws.fault(
        on("elasticache", "CreateUser"),
        InjectedFault::code("InvalidParameterValue", "Not this one."),
    );
    let message = failure(&fixture);
    assert!(message.contains("Not this one") && !message.contains(OLD), "{message}");
}

/// InjectedFault I15. A user as configurations for hashicorp/aws have it: the write-only password is one text,
/// and reads have a time limit.
#[test]
fn a_write_only_password_may_be_one_text() {
    let with = |password: &str, version: u32| {
        let one = format!("passwords_wo = {password:?}\npasswords_wo_version = {version}");
        user(
            "app",
            &format!(
                r#"{one}
timeouts {{
read = "5m"
}}"#
            ),
        )
    };
    let fixture = instant(&with(OLD, 1));
    fixture.terraform.apply();
    assert_eq!(login(&fixture), [OLD]);
    assert_eq!(fixture.terraform.state(THIS)["timeouts"]["read"], json!("5m"));
    fixture.terraform.assert_unchanged();
    // A list of one is the same.
    fixture.terraform.configure(&with(OLD, 1).replace(&format!("{OLD:?}"), &format!("[{OLD:?}]")));
    fixture.terraform.assert_unchanged();
    fixture.terraform.configure(&with(NEW, 2));
    fixture.terraform.apply();
    assert_eq!(login(&fixture), [NEW]);
}
