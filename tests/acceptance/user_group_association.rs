//! Associations: acceptance cases §5, and what they do not have.

use serde_json::json;

use crate::aws_control::{ask, failure, instant};
use crate::user::parts::{association, busy, done, group, group_of, member, members, refusals};

const THIS: &str = "elasticache_user_group_association.ann";

fn open_group() -> String {
    group("disabled_default_user = true")
}

fn with(names: &[&str]) -> String {
    open_group() + &names.iter().map(|name| member(name) + &association(name)).collect::<String>()
}

#[test]
fn basic() {
    let fixture = instant(&with(&["ann"]));
    fixture.apply_and_verify();
    let state = fixture.terraform.state(THIS);
    assert_eq!(state["id"], "people,ann");
    assert_eq!((&state["user_group_id"], &state["user_id"]), (&json!("people"), &json!("ann")));
    assert_eq!(members(&fixture), ["ann", "people-default-off"]);
    assert_eq!(fixture.terraform.state("elasticache_user_group.this")["user_ids"], json!(null));
    fixture.terraform.destroy();
    assert!(fixture.control(|aws| aws.users()).is_empty());
}

/// Another user means another association.
#[test]
fn update() {
    let all = member("ann") + &member("bob") + &open_group();
    let to = |name: &str| all.clone() + &association(name).replace(&format!(r#"" "{name}""#), r#"" "ann""#);
    let fixture = instant(&to("ann"));
    fixture.apply_and_verify();
    fixture.terraform.configure(&to("bob"));
    fixture.terraform.plan().assert_replace(THIS, &["user_id"]);
    fixture.apply_and_verify();
    assert_eq!(members(&fixture), ["bob", "people-default-off"]);
}

#[test]
fn disappears() {
    let fixture = instant(&with(&["ann"]));
    fixture.apply_and_verify();
    let out = [("UserGroupId", "people"), ("UserIdsToRemove.member.1", "ann")];
    ask(&fixture.aws, "ModifyUserGroup", &out);
    fixture.terraform.plan().assert_create(THIS);
    fixture.apply_and_verify();
    // Gone while Terraform is about to delete it: that is what was wanted.
    ask(&fixture.aws, "ModifyUserGroup", &out);
    fixture.terraform.run(&["destroy", "-auto-approve", "-refresh=false"]).succeeds();
}

/// The group leaves its members to associations, whatever comes first, in any number of applies.
#[test]
fn group_and_associations_do_not_fight() {
    let fixture = instant(&with(&["ann"]));
    fixture.apply_and_verify();
    fixture.change_and_verify(&with(&["ann", "bob"]));
    fixture.change_and_verify(
        &(with(&["ann", "bob"]).replace(
            "disabled_default_user = true",
            r#"disabled_default_user = true
tags = { a = "1" }"#,
        )),
    );
    fixture.change_and_verify(&with(&["bob"]));
    assert_eq!(members(&fixture), ["bob", "people-default-off"]);
}

/// From members listed by the group to associations and back, without anyone leaving in between.
#[test]
fn members_move_from_the_group_to_associations_and_back() {
    let listed = member("ann") + &group_of(&["ann"]);
    let fixture = instant(&listed);
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.change_and_verify(&with(&["ann"]));
    assert!(done(&fixture, "ModifyUserGroup").is_empty(), "the user was a member before");
    let handed =
        "removed {\nfrom = elasticache_user_group_association.ann\nlifecycle {\ndestroy = false\n}\n}\n";
    fixture.change_and_verify(&(listed + handed));
    assert!(done(&fixture, "ModifyUserGroup").is_empty());
    assert_eq!(members(&fixture), ["ann", "people-default-off"]);
}

/// One that AWS refuses fails alone.
#[test]
fn one_that_is_refused_does_not_keep_the_others_out() {
    let names = ["ann", "bob", "cid", "dan"];
    let twin = crate::user::parts::user(
        "eve",
        &format!(
            r#"user_name = "ann"
passwords = ["{}"]"#,
            crate::user::parts::OLD
        ),
    );
    let fixture = busy(&(with(&names) + &twin + &association("eve")));
    fixture.terraform.configure(&with(&["ann"]));
    fixture.terraform.apply();
    fixture.terraform.configure(&(with(&names) + &twin + &association("eve")));
    let message = failure(&fixture);
    assert!(message.contains(r#"Failed to add user "eve" to user group "people""#), "{message}");
    assert!(message.contains("DuplicateUserName"), "{message}");
    assert_eq!(message.matches("Failed to add").count(), 1, "{message}");
    fixture.change_and_verify(&with(&names));
    assert_eq!(members(&fixture), ["ann", "bob", "cid", "dan", "people-default-off"]);
}

#[test]
fn an_id_that_is_none_is_told_of() {
    let fixture = instant(&with(&["ann"]));
    fixture.apply_and_verify();
    fixture.terraform.run(&["state", "rm", THIS]).succeeds();
    let run = fixture.terraform.run(&["import", "-no-color", THIS, "ann"]).fails();
    assert!(run.stderr.contains(r#"The import ID is "ann"."#), "{run}");
    fixture.terraform.run(&["import", THIS, "People,Ann"]).succeeds();
    fixture.apply_and_verify();
    assert!(refusals(&fixture, "ModifyUserGroup").is_empty());
}

/// Users, groups and associations can have a region of their own, which an import then names.
#[test]
fn all_of_it_in_another_region() {
    let fixture = instant(&with(&["ann"]).replace(
        r#"" {
"#,
        r#"" {
region = "us-east-1"
"#,
    ));
    fixture.apply_and_verify();
    assert!(fixture.control(|aws| aws.users()).is_empty(), "nothing in the region of the provider");
    for (address, kind) in
        [("elasticache_user.ann", "user:ann"), ("elasticache_user_group.this", "usergroup:people")]
    {
        let arn = format!("arn:aws:elasticache:us-east-1:123456789012:{kind}");
        assert_eq!(fixture.terraform.text(address, "arn"), arn);
    }
    fixture.terraform.destroy();
}
