//! Regressions by the issue in hashicorp/terraform-provider-aws that told of them.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::aws_control::{instant, words};
use crate::fixture::Fixture;
use crate::simulator::{InjectedFault, on};
use crate::user::parts::{OLD, association, busy, done, group, group_of, member, members, refusals, user};

/// A user is deleted and another added in one apply: AWS took the deleted one out by itself,
/// refused "is not a member", and that refusal swallowed the addition.
#[test]
fn aws_49945_a_deleted_user_does_not_cost_another_its_addition() {
    for slow in [false, true] {
        let before = member("ann") + &member("bob") + &group_of(&["ann"]);
        let fixture = if slow { busy(&before) } else { instant(&before) };
        fixture.apply_and_verify();
        fixture.change_and_verify(&(member("bob") + &group_of(&["bob"])));
        assert_eq!(members(&fixture), ["bob", "people-default-off"]);
        assert_eq!(fixture.control(|aws| aws.users()), ["bob", "people-default-off"]);
    }
}

/// The same, with the refusal between the look and the change.
#[test]
fn aws_43281_not_a_member_is_looked_at_again() {
    let fixture = instant(&(member("ann") + &member("bob") + &group_of(&["ann"])));
    fixture.apply_and_verify();
    let gone = InjectedFault::code("InvalidParameterValue", "User ann is not a member of user group people.");
    fixture.aws.fault(on("elasticache", "ModifyUserGroup"), gone);
    fixture.change_and_verify(&(member("ann") + &member("bob") + &group_of(&["bob"])));
    assert_eq!(fixture.aws.pending_faults(), 0);
    assert_eq!(members(&fixture), ["bob", "people-default-off"]);
}

/// A user could not be modified while its group was.
#[test]
fn aws_49726_a_user_whose_group_changes_is_modified_afterwards() {
    let reading = |name: &str, access: &str| {
        user(
            name,
            &format!(
                r#"access_string = "{access}"
passwords = ["{OLD}"]"#
            ),
        )
    };
    let config = |access: &str, names: &[&str]| {
        names.iter().map(|name| reading(name, access) + &association(name)).collect::<String>()
            + &group("disabled_default_user = true")
    };
    let fixture = busy(&config("on ~* +@read", &["ann"]));
    fixture.apply_and_verify();
    // Another client keeps ann modifying at the moment of the change.
    fixture.other_client("ModifyUser", "UserId=ann AccessString=off");
    fixture.aws.record().clear();
    fixture.terraform.configure(&config("on ~* +@read +@write", &["ann", "bob"]));
    fixture.terraform.run(&["apply", "-auto-approve", "-refresh=false"]).succeeds();
    assert!(refusals(&fixture, "ModifyUser").contains(&"InvalidUserState".to_owned()));
    fixture.apply_and_verify();
    assert_eq!(
        fixture.control(|aws| aws.access_string("ann")).as_deref(),
        Some("on ~* -@all +@read +@write")
    );
}

/// Associations of one group failed when they were made at once.
#[test]
fn aws_37911_many_associations_are_made_and_deleted_at_once() {
    let names: Vec<String> = (1..=8).map(|n| format!("user-{n}")).collect();
    let base: String =
        names.iter().map(|name| member(name)).collect::<String>() + &group("disabled_default_user = true");
    let all = base.clone() + &names.iter().map(|name| association(name)).collect::<String>();
    let fixture = busy(&base);
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.change_and_verify(&all);
    let mut expected: Vec<String> = names.clone();
    expected.insert(0, "people-default-off".to_owned());
    assert_eq!(members(&fixture), expected);
    let changes = done(&fixture, "ModifyUserGroup").len();
    assert!(changes <= 3, "{changes} changes of the group for {} associations", names.len());
    assert!(refusals(&fixture, "ModifyUserGroup").is_empty());
    fixture.aws.record().clear();
    fixture.change_and_verify(&base);
    assert_eq!(members(&fixture), ["people-default-off"]);
    assert!(done(&fixture, "ModifyUserGroup").len() <= 3);
    assert!(refusals(&fixture, "ModifyUserGroup").is_empty());
}

/// Changed by somebody else meanwhile, the group refuses; the association waits.
#[test]
fn aws_28688_an_association_waits_for_the_changes_of_others() {
    let config = member("ann") + &member("bob") + &group("disabled_default_user = true");
    let fixture = busy(&config);
    fixture.apply_and_verify();
    fixture.aws.clock().set_per_call(Duration::from_secs(4));
    fixture.other_client("ModifyUserGroup", "UserGroupId=people UserIdsToAdd.member.1=bob");
    fixture.aws.record().clear();
    fixture.terraform.configure(&(config + &association("ann")));
    fixture.terraform.run(&["apply", "-auto-approve", "-refresh=false"]).succeeds();
    assert!(refusals(&fixture, "ModifyUserGroup").contains(&"InvalidUserGroupState".to_owned()));
    fixture.apply_and_verify();
    assert_eq!(members(&fixture), ["ann", "bob", "people-default-off"]);
}

/// "User … not available for tagging" just after a change.
#[test]
fn aws_47638_tags_wait_for_the_user() {
    let tagged = |tag: &str| {
        user(
            "app",
            &format!(
                r#"passwords = ["{OLD}"]
tags = {{ a = "{tag}" }}"#
            ),
        )
    };
    let fixture = instant(&tagged("1"));
    fixture.apply_and_verify();
    let busy = InjectedFault::code("UserNotFound", "User app is not available for tagging.");
    fixture.aws.fault(on("elasticache", "AddTagsToResource").times(2), busy);
    fixture.change_and_verify(&tagged("2"));
    assert_eq!(fixture.aws.pending_faults(), 0);
    let busy = InjectedFault::code("UserNotFound", "User app is not available for tagging.");
    fixture.aws.fault(on("elasticache", "ListTagsForResource"), busy);
    fixture.terraform.plan().assert_empty();
}

/// A redis group without a user named `default` failed at apply only.
#[test]
fn aws_25593_the_missing_default_user_is_told_at_plan() {
    let fixture = instant("");
    let message = fixture.refused(&group(""));
    assert!(message.contains("Redis user group requires a default user"), "{message}");
    assert!(fixture.aws.record().is_empty());
    // With members whose names only AWS knows, AWS refuses, and the message names the way out.
    fixture.terraform.configure(&(member("ann") + &group("user_ids = [elasticache_user.ann.id]")));
    let message: String = fixture.terraform.apply_fails().iter().map(ToString::to_string).collect();
    assert!(
        message.contains("DefaultUserRequired") && message.contains("disabled_default_user = true"),
        "{message}"
    );
}

/// A group for associations alone could not be made, for want of a default user.
#[test]
fn aws_34784_a_group_for_associations_has_its_default_user() {
    let fixture = instant(&(member("ann") + &group("disabled_default_user = true") + &association("ann")));
    fixture.apply_and_verify();
    assert_eq!(members(&fixture), ["ann", "people-default-off"]);
}

/// Thirty seconds and more passed for every change of a group.
#[test]
fn aws_groups_do_not_wait_for_a_fixed_time() {
    let started = std::time::Instant::now();
    let fixture = instant(&group("disabled_default_user = true"));
    fixture.terraform.apply();
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
            user(
                &format!("user-{n}"),
                &format!(
                    r#"access_string = "{access}"
passwords = ["{OLD}"]"#
                ),
            )
        })
        .collect();
    let fixture = instant(&users);
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.apply_and_verify();
    assert!(done(&fixture, "ModifyUser").is_empty());
    let retained: BTreeSet<String> = (0..strings.len())
        .map(|n| fixture.terraform.text(&format!("elasticache_user.user-{n}"), "access_string"))
        .collect();
    assert_eq!(retained, strings.iter().map(|access| (*access).to_owned()).collect());
}

/// A user that was just made, or is being changed, cannot be put into a group for a moment.
#[test]
fn aws_20729_new_users_go_into_their_group_when_they_are_active() {
    let fixture: Fixture = busy(&(member("ann") + &member("bob") + &group_of(&["ann", "bob"])));
    fixture.apply_and_verify();
    assert_eq!(members(&fixture), ["ann", "bob", "people-default-off"]);
}

/// AWS removes a deleted user from its groups. One that is replaced under its ID is a member again after the same apply,
/// with the group's list as with an association.
#[test]
fn a_replaced_user_is_a_member_again() {
    let renamed = member("ann").replace(r#"user_name = "ann""#, r#"user_name = "anne""#);
    let associated = || group("disabled_default_user = true") + &association("ann");
    for rest in [group_of(&["ann"]), associated()] {
        let fixture: Fixture = busy(&(member("ann") + &rest));
        fixture.apply_and_verify();
        fixture.terraform.configure(&(renamed.clone() + &rest));
        fixture.terraform.plan().assert_replace("elasticache_user.ann", &["user_name"]);
        fixture.apply_and_verify();
        assert_eq!(members(&fixture), ["ann", "people-default-off"]);
    }
}

/// A user that left the group on purpose stays out; one that AWS does not accept again is a warning.
#[test]
fn a_replaced_user_does_not_return_to_a_group_that_it_left() {
    let renamed = member("ann").replace(r#"user_name = "ann""#, r#"user_name = "anne""#);
    let fixture: Fixture = busy(&(member("ann") + &member("bob") + &group_of(&["ann", "bob"])));
    fixture.apply_and_verify();
    fixture.change_and_verify(&(renamed.clone() + &member("bob") + &group_of(&["bob"])));
    assert_eq!(members(&fixture), ["bob", "people-default-off"]);
    fixture.change_and_verify(&(renamed + &member("bob") + &group_of(&["ann", "bob"])));
    fixture.aws.fault(on("elasticache", "ModifyUserGroup"), InjectedFault::Deny);
    fixture.terraform.configure(&(member("ann") + &member("bob") + &group_of(&["ann", "bob"])));
    let output = fixture.terraform.run(&["apply", "-auto-approve", "-json"]).succeeds();
    let message = words(&output.diagnostics());
    assert!(message.contains(r#"User "ann" is no longer a member of user group "people""#), "{message}");
    assert!(message.contains("The next apply adds the user"), "{message}");
    fixture.aws.clear_faults();
    fixture.apply_and_verify();
    assert_eq!(members(&fixture), ["ann", "bob", "people-default-off"]);
}
