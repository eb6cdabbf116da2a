//! The user named `default` that a redis group must have.

use serde_json::json;

use crate::simulator::{Fault, on};
use crate::steer::{ask, instant};
use crate::users::parts::{OLD, done, group, member, members, told, user};

const THIS: &str = "elasticache_user_group.this";
const OWN: &str = "people-default-off";

fn own_default(id: &str) -> String {
    user(id, &format!("user_name = \"default\"\naccess_string = \"off -@all\"\npasswords = [\"{OLD}\"]"))
}

/// Made before the group, deleted after it, and nobody can log in as it.
#[test]
fn a_group_keeps_a_default_user_that_nobody_can_be() {
    let world = instant(&group("disabled_default_user = true\nuser_ids = []\ntags = { team = \"red\" }"));
    world.applied();
    let state = world.terraform.state(THIS);
    assert_eq!((&state["default_user_id"], &state["user_ids"]), (&json!(OWN), &json!([])));
    assert_eq!(members(&world), [OWN]);
    assert_eq!(world.control(|aws| aws.access_string(OWN)).as_deref(), Some("off -@all"));
    let password = world.control(|aws| aws.login(OWN));
    assert_eq!(password[0].len(), 64);
    let made = &done(&world, "CreateUser")[0];
    assert_eq!(made.parameter("UserName").as_deref(), Some("default"));
    assert_eq!(made.parameter("Tags.Tag.1.Key").as_deref(), Some("team"));
    let state = std::fs::read_to_string(world.terraform.path().join("terraform.tfstate")).unwrap();
    assert!(!state.contains(&password[0]));
    world.terraform.destroy();
    assert!(world.control(|aws| aws.users()).is_empty());
}

/// From the group's own default user to one of the configuration and back: never without one, each
/// in one change of the group.
#[test]
fn the_default_user_is_exchanged_in_one_step() {
    let own = group("disabled_default_user = true\nuser_ids = []");
    let listed = own_default("nobody") + &group("user_ids = [elasticache_user.nobody.id]");
    let world = instant(&own);
    world.applied();
    world.aws.record().clear();
    world.then(&listed);
    assert_eq!(members(&world), ["nobody"]);
    assert_eq!(world.control(|aws| aws.users()), ["nobody"]);
    assert_eq!(world.terraform.state(THIS)["default_user_id"], json!(null));
    // Before its user is deleted the group has another: the user must outlive it.
    let back = own_default("nobody") + &own;
    world.then(&back);
    world.then(&own);
    assert_eq!(members(&world), [OWN]);
    assert_eq!(done(&world, "ModifyUserGroup").len(), 2);
}

/// Whoever enables the user, or takes it out, finds that undone by the next apply.
#[test]
fn a_default_user_that_was_enabled_is_disabled_again() {
    let world = instant(
        &(member("ann") + &group("disabled_default_user = true\nuser_ids = [elasticache_user.ann.id]")),
    );
    world.applied();
    world.control(|aws| aws.set_access_string(OWN, "on ~* +@all"));
    world.terraform.plan().assert_update(THIS, &["disabled_default_user"]);
    world.applied();
    assert_eq!(world.control(|aws| aws.access_string(OWN)).as_deref(), Some("off -@all"));
    ask(
        &world.aws,
        "ModifyUserGroup",
        &[("UserGroupId", "people"), ("UserIdsToAdd.member.1", "default"), ("UserIdsToRemove.member.1", OWN)],
    );
    let plan = world.terraform.plan();
    assert_eq!(
        plan.changed(THIS).into_iter().collect::<Vec<_>>(),
        ["disabled_default_user", "minimum_engine_version", "user_ids"]
    );
    world.applied();
    assert_eq!(members(&world), ["ann", OWN]);
}

/// A user that is left of a group that could not be made does not stay behind.
#[test]
fn a_group_that_is_refused_leaves_no_user() {
    let config = group("disabled_default_user = true");
    let world = instant(&config);
    let quota = Fault::code("UserGroupQuotaExceeded", "The request exceeds the quota of user groups.");
    world.aws.fault(on("elasticache", "CreateUserGroup"), quota);
    let told = told(&world);
    assert!(told.contains("UserGroupQuotaExceeded"), "{told}");
    assert!(world.control(|aws| aws.users()).is_empty());
    assert!(world.terraform.resources().is_empty());
    world.applied();
}

/// A user of that id that somebody may be is not taken over.
#[test]
fn a_foreign_user_of_that_id_is_left_alone() {
    let world = instant(&group("disabled_default_user = true"));
    let taken = [
        ("UserId", OWN),
        ("UserName", "default"),
        ("Engine", "redis"),
        ("AccessString", "on ~* +@all"),
        ("Passwords.member.1", OLD),
    ];
    ask(&world.aws, "CreateUser", &taken);
    let told = told(&world);
    assert!(told.contains("it is not a disabled user named default"), "{told}");
    assert_eq!(world.control(|aws| aws.access_string(OWN)).as_deref(), Some("on ~* +@all"));
}

/// A default user of the configuration that is replaced is exchanged in its group before it goes.
#[test]
fn a_replaced_default_user_is_exchanged_first() {
    let with = |id: &str| {
        own_default(id)
            .replace("elasticache_user\" \"", "elasticache_user\" \"x-")
            .replace(&format!("x-{id}\""), "nobody\"")
            + &group("user_ids = [elasticache_user.nobody.id]")
    };
    let lasting = |config: String| {
        config.replacen(
            "engine = \"redis\"\n",
            "engine = \"redis\"\nlifecycle {\ncreate_before_destroy = true\n}\n",
            1,
        )
    };
    let world = instant(&lasting(with("nobody-1")));
    world.applied();
    world.then(&lasting(with("nobody-2")));
    assert_eq!(members(&world), ["nobody-2"]);
    assert_eq!(world.control(|aws| aws.users()), ["nobody-2"]);
}

/// Without that, AWS refuses to delete it, and the message says what to do.
#[test]
fn a_default_user_in_use_is_told_of() {
    let world = instant(&own_default("nobody"));
    world.applied();
    ask(
        &world.aws,
        "CreateUserGroup",
        &[("UserGroupId", "people"), ("Engine", "redis"), ("UserIds.member.1", "nobody")],
    );
    let run = world.terraform.run(&["destroy", "-auto-approve", "-no-color"]).fails();
    let told = run.stderr.replace("│", " ").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("is the default user of people"), "{run}");
    assert!(told.contains("disabled_default_user = true"), "{run}");
    // While its group is on its way out, the user waits.
    world.aws.with_world(|aws| aws.elasticache.configure(|config| config.durations.user = 20_000));
    world.aws.clock().set_per_call(std::time::Duration::from_secs(5));
    ask(&world.aws, "DeleteUserGroup", &[("UserGroupId", "people")]);
    world.terraform.destroy();
}
