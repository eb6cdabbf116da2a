//! Regressions by the issue in hashicorp/terraform-provider-aws that told of them.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::simulator::{Fault, on};
use crate::steer::instant;
use crate::users::parts::{OLD, association, busy, done, group, group_of, member, members, refusals, user};
use crate::world::World;

/// A user is deleted and another added in one apply: AWS took the deleted one out by itself,
/// refused "is not a member", and that refusal swallowed the addition.
#[test]
fn aws_49945_a_deleted_user_does_not_cost_another_its_addition() {
    for slow in [false, true] {
        let before = member("ann") + &member("bob") + &group_of(&["ann"]);
        let world = if slow { busy(&before) } else { instant(&before) };
        world.applied();
        world.then(&(member("bob") + &group_of(&["bob"])));
        assert_eq!(members(&world), ["bob", "people-default-off"]);
        assert_eq!(world.control(|aws| aws.users()), ["bob", "people-default-off"]);
    }
}

/// The same, with the refusal between the look and the change.
#[test]
fn aws_43281_not_a_member_is_looked_at_again() {
    let world = instant(&(member("ann") + &member("bob") + &group_of(&["ann"])));
    world.applied();
    let gone = Fault::code("InvalidParameterValue", "User ann is not a member of user group people.");
    world.aws.fault(on("elasticache", "ModifyUserGroup"), gone);
    world.then(&(member("ann") + &member("bob") + &group_of(&["bob"])));
    assert_eq!(world.aws.pending_faults(), 0);
    assert_eq!(members(&world), ["bob", "people-default-off"]);
}

/// A user could not be modified while its group was.
#[test]
fn aws_49726_a_user_whose_group_changes_is_modified_afterwards() {
    let reading = |name: &str, access: &str| {
        user(name, &format!("access_string = \"{access}\"\npasswords = [\"{OLD}\"]"))
    };
    let config = |access: &str, names: &[&str]| {
        names.iter().map(|name| reading(name, access) + &association(name)).collect::<String>()
            + &group("disabled_default_user = true")
    };
    let world = busy(&config("on ~* +@read", &["ann"]));
    world.applied();
    // Another client keeps ann modifying at the moment of the change.
    world.other_client("ModifyUser", "UserId=ann AccessString=off");
    world.aws.record().clear();
    world.terraform.configure(&config("on ~* +@read +@write", &["ann", "bob"]));
    world.terraform.run(&["apply", "-auto-approve", "-refresh=false"]).succeeds();
    assert!(refusals(&world, "ModifyUser").contains(&"InvalidUserState".to_owned()));
    world.applied();
    assert_eq!(world.control(|aws| aws.access_string("ann")).as_deref(), Some("on ~* -@all +@read +@write"));
}

/// Associations of one group failed when they were made at once.
#[test]
fn aws_37911_many_associations_are_made_and_deleted_at_once() {
    let names: Vec<String> = (1..=8).map(|n| format!("user-{n}")).collect();
    let base: String =
        names.iter().map(|name| member(name)).collect::<String>() + &group("disabled_default_user = true");
    let all = base.clone() + &names.iter().map(|name| association(name)).collect::<String>();
    let world = busy(&base);
    world.applied();
    world.aws.record().clear();
    world.then(&all);
    let mut expected: Vec<String> = names.clone();
    expected.insert(0, "people-default-off".to_owned());
    assert_eq!(members(&world), expected);
    let changes = done(&world, "ModifyUserGroup").len();
    assert!(changes <= 3, "{changes} changes of the group for {} associations", names.len());
    assert!(refusals(&world, "ModifyUserGroup").is_empty());
    world.aws.record().clear();
    world.then(&base);
    assert_eq!(members(&world), ["people-default-off"]);
    assert!(done(&world, "ModifyUserGroup").len() <= 3);
    assert!(refusals(&world, "ModifyUserGroup").is_empty());
}

/// Changed by somebody else meanwhile, the group refuses; the association waits.
#[test]
fn aws_28688_an_association_waits_for_the_changes_of_others() {
    let config = member("ann") + &member("bob") + &group("disabled_default_user = true");
    let world = busy(&config);
    world.applied();
    world.aws.clock().set_per_call(Duration::from_secs(4));
    world.other_client("ModifyUserGroup", "UserGroupId=people UserIdsToAdd.member.1=bob");
    world.aws.record().clear();
    world.terraform.configure(&(config + &association("ann")));
    world.terraform.run(&["apply", "-auto-approve", "-refresh=false"]).succeeds();
    assert!(refusals(&world, "ModifyUserGroup").contains(&"InvalidUserGroupState".to_owned()));
    world.applied();
    assert_eq!(members(&world), ["ann", "bob", "people-default-off"]);
}

/// "User … not available for tagging" just after a change.
#[test]
fn aws_47638_tags_wait_for_the_user() {
    let tagged = |tag: &str| user("app", &format!("passwords = [\"{OLD}\"]\ntags = {{ a = \"{tag}\" }}"));
    let world = instant(&tagged("1"));
    world.applied();
    let busy = Fault::code("UserNotFound", "User app is not available for tagging.");
    world.aws.fault(on("elasticache", "AddTagsToResource").times(2), busy);
    world.then(&tagged("2"));
    assert_eq!(world.aws.pending_faults(), 0);
    let busy = Fault::code("UserNotFound", "User app is not available for tagging.");
    world.aws.fault(on("elasticache", "ListTagsForResource"), busy);
    world.terraform.plan().assert_empty();
}

/// A redis group without a user named `default` failed at apply only.
#[test]
fn aws_25593_the_missing_default_user_is_told_at_plan() {
    let world = instant("");
    let told = world.refused(&group(""));
    assert!(told.contains("Redis user group requires a default user"), "{told}");
    assert!(world.aws.record().is_empty());
    // With members whose names only AWS knows, AWS refuses, and the message names the way out.
    world.terraform.configure(&(member("ann") + &group("user_ids = [elasticache_user.ann.id]")));
    let told: String = world.terraform.apply_fails().iter().map(ToString::to_string).collect();
    assert!(told.contains("DefaultUserRequired") && told.contains("disabled_default_user = true"), "{told}");
}

/// A group for associations alone could not be made, for want of a default user.
#[test]
fn aws_34784_a_group_for_associations_has_its_default_user() {
    let world = instant(&(member("ann") + &group("disabled_default_user = true") + &association("ann")));
    world.applied();
    assert_eq!(members(&world), ["ann", "people-default-off"]);
}

/// Thirty seconds and more passed for every change of a group.
#[test]
fn aws_groups_do_not_wait_for_a_fixed_time() {
    let started = std::time::Instant::now();
    let world = instant(&group("disabled_default_user = true"));
    world.terraform.apply();
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
}

/// AWS writes access strings anew, and every plan wanted the old one back.
#[test]
fn access_strings_that_aws_writes_anew_are_no_difference() {
    let strings = [
        "+@read ~app:* on",
        "on ~app:* +get +set &news",
        "off",
        "on ~* +@all -@dangerous",
        "on %R~a %RW~b +get -set",
        "on ~* nocommands +get",
    ];
    let users: String = strings
        .iter()
        .enumerate()
        .map(|(n, access)| {
            user(&format!("user-{n}"), &format!("access_string = \"{access}\"\npasswords = [\"{OLD}\"]"))
        })
        .collect();
    let world = instant(&users);
    world.applied();
    world.aws.record().clear();
    world.applied();
    assert!(done(&world, "ModifyUser").is_empty());
    let kept: BTreeSet<String> = (0..strings.len())
        .map(|n| world.terraform.text(&format!("elasticache_user.user-{n}"), "access_string"))
        .collect();
    assert_eq!(kept, strings.iter().map(|access| (*access).to_owned()).collect());
}

/// A user that was just made, or is being changed, cannot be put into a group for a moment.
#[test]
fn aws_20729_new_users_go_into_their_group_when_they_are_active() {
    let world: World = busy(&(member("ann") + &member("bob") + &group_of(&["ann", "bob"])));
    world.applied();
    assert_eq!(members(&world), ["ann", "bob", "people-default-off"]);
}
