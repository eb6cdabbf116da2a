//! Associations: acceptance cases §5, and what they do not have.

use serde_json::json;

use crate::steer::{ask, instant};
use crate::users::parts::{association, busy, done, group, group_of, member, members, refusals, told};

const THIS: &str = "elasticache_user_group_association.ann";

fn open_group() -> String {
    group("disabled_default_user = true")
}

fn with(names: &[&str]) -> String {
    open_group() + &names.iter().map(|name| member(name) + &association(name)).collect::<String>()
}

#[test]
fn basic() {
    let world = instant(&with(&["ann"]));
    world.applied();
    let state = world.terraform.state(THIS);
    assert_eq!(state["id"], "people,ann");
    assert_eq!((&state["user_group_id"], &state["user_id"]), (&json!("people"), &json!("ann")));
    assert_eq!(members(&world), ["ann", "people-default-off"]);
    assert_eq!(world.terraform.state("elasticache_user_group.this")["user_ids"], json!(null));
    world.terraform.destroy();
    assert!(world.control(|aws| aws.users()).is_empty());
}

/// Another user means another association.
#[test]
fn update() {
    let all = member("ann") + &member("bob") + &open_group();
    let to = |name: &str| all.clone() + &association(name).replace(&format!("\" \"{name}\""), "\" \"ann\"");
    let world = instant(&to("ann"));
    world.applied();
    world.terraform.configure(&to("bob"));
    world.terraform.plan().assert_replace(THIS, &["user_id"]);
    world.applied();
    assert_eq!(members(&world), ["bob", "people-default-off"]);
}

#[test]
fn disappears() {
    let world = instant(&with(&["ann"]));
    world.applied();
    let out = [("UserGroupId", "people"), ("UserIdsToRemove.member.1", "ann")];
    ask(&world.aws, "ModifyUserGroup", &out);
    world.terraform.plan().assert_create(THIS);
    world.applied();
    // Gone while Terraform is about to delete it: that is what was wanted.
    ask(&world.aws, "ModifyUserGroup", &out);
    world.terraform.run(&["destroy", "-auto-approve", "-refresh=false"]).succeeds();
}

/// The group leaves its members to associations, whatever comes first, in any number of applies.
#[test]
fn group_and_associations_do_not_fight() {
    let world = instant(&with(&["ann"]));
    world.applied();
    world.then(&with(&["ann", "bob"]));
    world.then(
        &(with(&["ann", "bob"])
            .replace("disabled_default_user = true", "disabled_default_user = true\ntags = { a = \"1\" }")),
    );
    world.then(&with(&["bob"]));
    assert_eq!(members(&world), ["bob", "people-default-off"]);
}

/// From members listed by the group to associations and back, without anyone leaving in between.
#[test]
fn members_move_from_the_group_to_associations_and_back() {
    let listed = member("ann") + &group_of(&["ann"]);
    let world = instant(&listed);
    world.applied();
    world.aws.record().clear();
    world.then(&with(&["ann"]));
    assert!(done(&world, "ModifyUserGroup").is_empty(), "the user was a member before");
    let handed =
        "removed {\nfrom = elasticache_user_group_association.ann\nlifecycle {\ndestroy = false\n}\n}\n";
    world.then(&(listed + handed));
    assert!(done(&world, "ModifyUserGroup").is_empty());
    assert_eq!(members(&world), ["ann", "people-default-off"]);
}

/// One that AWS refuses fails alone.
#[test]
fn one_that_is_refused_does_not_keep_the_others_out() {
    let names = ["ann", "bob", "cid", "dan"];
    let twin = crate::users::parts::user(
        "eve",
        &format!("user_name = \"ann\"\npasswords = [\"{}\"]", crate::users::parts::OLD),
    );
    let world = busy(&(with(&names) + &twin + &association("eve")));
    world.terraform.configure(&with(&["ann"]));
    world.terraform.apply();
    world.terraform.configure(&(with(&names) + &twin + &association("eve")));
    let told = told(&world);
    assert!(told.contains("Failed to add user \"eve\" to user group \"people\""), "{told}");
    assert!(told.contains("DuplicateUserName"), "{told}");
    assert_eq!(told.matches("Failed to add").count(), 1, "{told}");
    world.then(&with(&names));
    assert_eq!(members(&world), ["ann", "bob", "cid", "dan", "people-default-off"]);
}

#[test]
fn an_id_that_is_none_is_told_of() {
    let world = instant(&with(&["ann"]));
    world.applied();
    world.terraform.run(&["state", "rm", THIS]).succeeds();
    let run = world.terraform.run(&["import", "-no-color", THIS, "ann"]).fails();
    assert!(run.stderr.contains("The import ID is \"ann\"."), "{run}");
    world.terraform.run(&["import", THIS, "People,Ann"]).succeeds();
    world.applied();
    assert!(refusals(&world, "ModifyUserGroup").is_empty());
}

/// Users, groups and associations can have a region of their own, which an import then names.
#[test]
fn all_of_it_in_another_region() {
    let world = instant(&with(&["ann"]).replace("\" {\n", "\" {\nregion = \"us-east-1\"\n"));
    world.applied();
    assert!(world.control(|aws| aws.users()).is_empty(), "nothing in the region of the provider");
    for (address, kind) in
        [("elasticache_user.ann", "user:ann"), ("elasticache_user_group.this", "usergroup:people")]
    {
        let arn = format!("arn:aws:elasticache:us-east-1:123456789012:{kind}");
        assert_eq!(world.terraform.text(address, "arn"), arn);
    }
    world.terraform.destroy();
}
