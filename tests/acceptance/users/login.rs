//! How users log in: passwords in and out of the state, IAM, none; and their rotation.

use serde_json::json;

use crate::steer::{ask, instant};
use crate::users::parts::{NEW, OLD, done, told, user};
use crate::world::World;

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

fn login(world: &World) -> Vec<String> {
    world.control(|aws| aws.login("app"))
}

/// hashicorp/aws's cases `password_auth_mode` and `update_password_auth_mode`.
#[test]
fn the_count_follows_passwords_of_the_mode() {
    let with = |given: &[&str]| mode(&format!("type = \"password\"\npasswords = {given:?}"));
    let world = instant(&with(&[OLD, NEW]));
    for (given, count) in [(&[OLD, NEW][..], 2), (&[NEW], 1), (&[NEW, OLD], 2)] {
        world.then(&with(given));
        let state = world.terraform.state(THIS);
        assert_eq!(state["authentication_mode"][0]["password_count"], count);
        assert_eq!(state["password_count"], count);
        assert_eq!(login(&world).len(), count);
    }
}

/// The new password beside the old one, then the new one alone: nobody is turned away.
#[test]
fn a_password_is_rotated_in_two_steps() {
    let world = instant(&passwords(&[OLD]));
    world.applied();
    world.then(&passwords(&[OLD, NEW]));
    assert_eq!(login(&world).len(), 2);
    world.then(&passwords(&[NEW]));
    assert_eq!(login(&world), [NEW]);
}

#[test]
fn a_rotation_that_turns_clients_away_is_warned_of() {
    let world = instant(&passwords(&[OLD]));
    world.applied();
    world.terraform.configure(&passwords(&[NEW]));
    let plan = world.terraform.plan();
    let warnings: Vec<&str> = plan.diagnostics.iter().map(|diagnostic| diagnostic.summary.as_str()).collect();
    assert_eq!(warnings, ["All passwords change in one apply"]);
    world.applied();
    assert_eq!(login(&world), [NEW]);
}

#[test]
fn iam_and_none() {
    let world = instant(&mode("type = \"iam\""));
    world.applied();
    assert_eq!(login(&world), ["iam"]);
    assert_eq!(world.terraform.state(THIS)["password_count"], 0);
    world.then(&mode("type = \"no-password-required\""));
    assert_eq!(login(&world), ["no-password"]);
    world.then(&user("app", "no_password_required = true"));
    world.then(&passwords(&[OLD]));
    assert_eq!(login(&world), [OLD]);
}

/// Another argument for the same login is no call.
#[test]
fn another_spelling_of_the_same_sends_nothing() {
    let world = instant(&passwords(&[OLD]));
    world.applied();
    world.aws.record().clear();
    world.then(&mode(&format!("type = \"password\"\npasswords = [\"{OLD}\"]")));
    world.then(&passwords(&[OLD]));
    assert!(done(&world, "ModifyUser").is_empty());
    world.then(&user("app", "no_password_required = true"));
    world.aws.record().clear();
    world.then(&mode("type = \"no-password-required\""));
    assert!(done(&world, "ModifyUser").is_empty());
}

/// Into the state, out of it, to IAM and back: each time the user has what the configuration says.
#[test]
fn every_way_leads_to_every_other() {
    let ways = [
        (passwords(&[OLD]), vec![OLD]),
        (write_only(&[NEW], 1), vec![NEW]),
        (mode("type = \"iam\""), vec!["iam"]),
        (write_only(&[OLD, NEW], 1), vec![OLD, NEW]),
        (user("app", "no_password_required = true"), vec!["no-password"]),
        (passwords(&[NEW]), vec![NEW]),
    ];
    let world = instant(&ways[0].0);
    for (config, expected) in &ways {
        world.then(config);
        assert_eq!(login(&world), *expected);
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
        (mode("type = \"iam\""), vec!["iam"]),
        (mode(&format!("type = \"password\"\npasswords = [\"{OLD}\"]")), vec![OLD]),
    ] {
        let world = instant(&config);
        world.applied();
        ask(&world.aws, "ModifyUser", &open);
        assert_eq!(world.terraform.plan().actions_on(THIS), ["update"], "{config}");
        world.applied();
        assert_eq!(login(&world), expected, "{config}");
    }
    let world = instant(&user("app", "no_password_required = true"));
    world.applied();
    ask(&world.aws, "ModifyUser", &[("UserId", "app"), ("AuthenticationMode.Type", "iam")]);
    assert_eq!(world.terraform.plan().actions_on(THIS), ["update"]);
    world.applied();
    assert_eq!(login(&world), ["no-password"]);
}

/// A second password put beside the ones that are known is taken out again.
#[test]
fn a_password_added_by_hand_is_taken_out() {
    for config in [passwords(&[OLD]), write_only(&[OLD], 1)] {
        let world = instant(&config);
        world.applied();
        let two = [
            ("UserId", "app"),
            ("AuthenticationMode.Type", "password"),
            ("AuthenticationMode.Passwords.member.1", OLD),
            ("AuthenticationMode.Passwords.member.2", NEW),
        ];
        ask(&world.aws, "ModifyUser", &two);
        assert_eq!(world.terraform.plan().actions_on(THIS), ["update"], "{config}");
        world.applied();
        assert_eq!(login(&world), [OLD], "{config}");
    }
}

/// hashicorp/aws #41649: passwords that are in neither state nor plan, two of them for a rotation,
/// sent when their version says so and not otherwise.
#[test]
fn aws_41649_write_only_passwords_rotate_and_leave_no_trace() {
    let world = instant(&write_only(&[OLD], 1));
    world.applied();
    world.aws.record().clear();
    world.terraform.configure(&write_only(&[OLD, NEW], 1));
    world.terraform.assert_unchanged();
    assert!(done(&world, "ModifyUser").is_empty());
    world.then(&write_only(&[OLD, NEW], 2));
    assert_eq!(login(&world), [OLD, NEW]);
    assert_eq!(world.terraform.state(THIS)["password_count"], 2);
    world.terraform.configure(&write_only(&[NEW], 3));
    let plan = world.terraform.plan();
    // The plan has the configuration, where these passwords stand in plain text, in a part of its own.
    for part in ["resource_changes", "planned_values", "prior_state"] {
        let part = plan.json[part].to_string();
        assert!(!part.contains(NEW) && !part.contains(OLD), "{part}");
    }
    world.applied();
    assert_eq!(login(&world), [NEW]);
    for file in ["terraform.tfstate", "terraform.tfstate.backup"] {
        let state = std::fs::read_to_string(world.terraform.path().join(file)).unwrap();
        assert!(!state.contains(OLD) && !state.contains(NEW), "{state}");
    }
    assert_eq!(world.terraform.state(THIS)["passwords_wo"], json!(null));
}

/// A password that AWS refuses is not repeated in what the user is told.
#[test]
fn no_password_is_told() {
    use crate::simulator::{Fault, on};
    let world = instant(&passwords(&[OLD]));
    world.aws.fault(on("elasticache", "CreateUser"), Fault::code("InvalidParameterValue", "Not this one."));
    let told = told(&world);
    assert!(told.contains("Not this one") && !told.contains(OLD), "{told}");
}

/// Fault I15. A user as configurations for hashicorp/aws have it: the write-only password is one text,
/// and reads have a time limit.
#[test]
fn a_write_only_password_may_be_one_text() {
    let with = |password: &str, version: u32| {
        let one = format!("passwords_wo = {password:?}\npasswords_wo_version = {version}");
        user("app", &format!("{one}\ntimeouts {{\nread = \"5m\"\n}}"))
    };
    let world = instant(&with(OLD, 1));
    world.terraform.apply();
    assert_eq!(login(&world), [OLD]);
    assert_eq!(world.terraform.state(THIS)["timeouts"]["read"], json!("5m"));
    world.terraform.assert_unchanged();
    // A list of one is the same.
    world.terraform.configure(&with(OLD, 1).replace(&format!("{OLD:?}"), &format!("[{OLD:?}]")));
    world.terraform.assert_unchanged();
    world.terraform.configure(&with(NEW, 2));
    world.terraform.apply();
    assert_eq!(login(&world), [NEW]);
}
