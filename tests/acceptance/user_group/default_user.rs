//! The user named `default` that a redis group must have.

use serde_json::json;

use crate::aws_control::{ask, failure, instant};
use crate::simulator::{InjectedFault, on};
use crate::user::parts::{OLD, done, group, member, members, user};

const THIS: &str = "elasticache_user_group.this";
const OWN: &str = "people-default-off";

fn own_default(id: &str) -> String {
    user(
        id,
        &format!(
            r#"user_name = "default"
access_string = "off -@all"
passwords = ["{OLD}"]"#
        ),
    )
}

/// Made before the group, deleted after it, and nobody can log in as it.
#[test]
fn a_group_keeps_a_default_user_that_nobody_can_be() {
    let fixture = instant(&group(
        r#"disabled_default_user = true
user_ids = []
tags = { team = "red" }"#,
    ));
    fixture.apply_and_verify();
    let state = fixture.terraform.state(THIS);
    assert_eq!((&state["default_user_id"], &state["user_ids"]), (&json!(OWN), &json!([])));
    assert_eq!(members(&fixture), [OWN]);
    assert_eq!(fixture.control(|aws| aws.access_string(OWN)).as_deref(), Some("off -@all"));
    let password = fixture.control(|aws| aws.login(OWN));
    assert_eq!(password[0].len(), 64);
    let created = &done(&fixture, "CreateUser")[0];
    assert_eq!(created.parameter("UserName").as_deref(), Some("default"));
    assert_eq!(created.parameter("Tags.Tag.1.Key").as_deref(), Some("team"));
    let state = std::fs::read_to_string(fixture.terraform.path().join("terraform.tfstate")).unwrap();
    assert!(!state.contains(&password[0]));
    fixture.terraform.destroy();
    assert!(fixture.control(|aws| aws.users()).is_empty());
}

/// From the group's own default user to one of the configuration and back: never without one, each
/// in one change of the group.
#[test]
fn the_default_user_is_exchanged_in_one_step() {
    let own = group("disabled_default_user = true\nuser_ids = []");
    let listed = own_default("nobody") + &group("user_ids = [elasticache_user.nobody.id]");
    let fixture = instant(&own);
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.change_and_verify(&listed);
    assert_eq!(members(&fixture), ["nobody"]);
    assert_eq!(fixture.control(|aws| aws.users()), ["nobody"]);
    assert_eq!(fixture.terraform.state(THIS)["default_user_id"], json!(null));
    // Before its user is deleted the group has another: the user must outlive it.
    let back = own_default("nobody") + &own;
    fixture.change_and_verify(&back);
    fixture.change_and_verify(&own);
    assert_eq!(members(&fixture), [OWN]);
    assert_eq!(done(&fixture, "ModifyUserGroup").len(), 2);
}

/// Whoever enables the user, or takes it out, finds that undone by the next apply.
#[test]
fn a_default_user_that_was_enabled_is_disabled_again() {
    let fixture = instant(
        &(member("ann") + &group("disabled_default_user = true\nuser_ids = [elasticache_user.ann.id]")),
    );
    fixture.apply_and_verify();
    fixture.control(|aws| aws.set_access_string(OWN, "on ~* +@all"));
    fixture.terraform.plan().assert_update(THIS, &["disabled_default_user"]);
    fixture.apply_and_verify();
    assert_eq!(fixture.control(|aws| aws.access_string(OWN)).as_deref(), Some("off -@all"));
    ask(
        &fixture.aws,
        "ModifyUserGroup",
        &[("UserGroupId", "people"), ("UserIdsToAdd.member.1", "default"), ("UserIdsToRemove.member.1", OWN)],
    );
    let plan = fixture.terraform.plan();
    assert_eq!(
        plan.changed(THIS).into_iter().collect::<Vec<_>>(),
        ["disabled_default_user", "minimum_engine_version", "user_ids"]
    );
    fixture.apply_and_verify();
    assert_eq!(members(&fixture), ["ann", OWN]);
}

/// A user that is left of a group that could not be made does not stay behind.
#[test]
fn a_group_that_is_refused_leaves_no_user() {
    let config = group("disabled_default_user = true");
    let fixture = instant(&config);
    let quota =
        InjectedFault::code("UserGroupQuotaExceeded", "The request exceeds the quota of user groups.");
    fixture.aws.fault(on("elasticache", "CreateUserGroup"), quota);
    let message = failure(&fixture);
    assert!(message.contains("UserGroupQuotaExceeded"), "{message}");
    assert!(fixture.control(|aws| aws.users()).is_empty());
    assert!(fixture.terraform.resources().is_empty());
    fixture.apply_and_verify();
}

/// A user of that id that somebody may be is not taken over.
#[test]
fn a_foreign_user_of_that_id_is_left_alone() {
    let fixture = instant(&group("disabled_default_user = true"));
    let taken = [
        ("UserId", OWN),
        ("UserName", "default"),
        ("Engine", "redis"),
        ("AccessString", "on ~* +@all"),
        ("Passwords.member.1", OLD),
    ];
    ask(&fixture.aws, "CreateUser", &taken);
    let message = failure(&fixture);
    assert!(message.contains("it is not a disabled user named default"), "{message}");
    assert_eq!(fixture.control(|aws| aws.access_string(OWN)).as_deref(), Some("on ~* +@all"));
}

/// A default user of the configuration that is replaced is exchanged in its group before it goes.
#[test]
fn a_replaced_default_user_is_exchanged_first() {
    let with = |id: &str| {
        own_default(id)
            .replace(r#"elasticache_user" ""#, r#"elasticache_user" "x-"#)
            .replace(&format!(r#"x-{id}""#), r#"nobody""#)
            + &group("user_ids = [elasticache_user.nobody.id]")
    };
    let lasting = |config: String| {
        config.replacen(
            r#"engine = "redis"
"#,
            r#"engine = "redis"
lifecycle {
create_before_destroy = true
}
"#,
            1,
        )
    };
    let fixture = instant(&lasting(with("nobody-1")));
    fixture.apply_and_verify();
    fixture.change_and_verify(&lasting(with("nobody-2")));
    assert_eq!(members(&fixture), ["nobody-2"]);
    assert_eq!(fixture.control(|aws| aws.users()), ["nobody-2"]);
}

/// Without that, AWS refuses to delete it, and the message says what to do.
#[test]
fn a_default_user_in_use_is_told_of() {
    let fixture = instant(&own_default("nobody"));
    fixture.apply_and_verify();
    ask(
        &fixture.aws,
        "CreateUserGroup",
        &[("UserGroupId", "people"), ("Engine", "redis"), ("UserIds.member.1", "nobody")],
    );
    let run = fixture.terraform.run(&["destroy", "-auto-approve", "-no-color"]).fails();
    let message = run.stderr.replace("│", " ").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(message.contains("is the default user of people"), "{run}");
    assert!(message.contains("disabled_default_user = true"), "{run}");
    // While its group is on its way out, the user waits.
    fixture.aws.with_state(|aws| aws.elasticache.configure(|config| config.durations.user = 20_000));
    fixture.aws.clock().set_per_call(std::time::Duration::from_secs(5));
    ask(&fixture.aws, "DeleteUserGroup", &[("UserGroupId", "people")]);
    fixture.terraform.destroy();
}
