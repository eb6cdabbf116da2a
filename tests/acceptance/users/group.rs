//! User groups: acceptance cases §5, and what they do not have.

use std::time::Duration;

use serde_json::json;

use crate::simulator::{Fault, on};
use crate::steer::{ask, instant};
use crate::users::parts::{busy, done, group, group_of, hurry, member, members, refusals, told};
use crate::world::World;

const THIS: &str = "elasticache_user_group.this";

fn users(names: &[&str]) -> String {
    names.iter().map(|name| member(name)).collect()
}

fn valkey(arguments: &str) -> String {
    group(&format!("engine = \"valkey\"\n{arguments}"))
}

#[test]
fn basic_has_what_aws_tells() {
    let world = instant(&(users(&["ann"]) + &valkey("user_ids = [elasticache_user.ann.id]")));
    world.applied();
    let state = world.terraform.state(THIS);
    for (name, value) in [
        ("id", json!("people")),
        ("user_group_id", json!("people")),
        ("engine", json!("valkey")),
        ("user_ids", json!(["ann"])),
        ("disabled_default_user", json!(false)),
        ("default_user_id", json!(null)),
        ("minimum_engine_version", json!("7.2")),
        ("arn", json!("arn:aws:elasticache:eu-west-1:123456789012:usergroup:people")),
        ("tags", json!({})),
    ] {
        assert_eq!(state[name], value, "{name}");
    }
    world.terraform.destroy();
    assert_eq!(done(&world, "DeleteUserGroup").len(), 1);
}

/// One member, two, one again, another, none; each change is one call.
#[test]
fn members_come_and_go() {
    let all = users(&["ann", "bob"]);
    let with = |ids: &str| all.clone() + &valkey(&format!("user_ids = [{ids}]"));
    let world = instant(&with("\"ann\"").replace("\"ann\"]", "elasticache_user.ann.id]"));
    world.applied();
    world.aws.record().clear();
    let (ann, bob) = ("elasticache_user.ann.id", "elasticache_user.bob.id");
    for (ids, expected) in [
        (format!("{ann}, {bob}"), vec!["ann", "bob"]),
        (ann.to_owned(), vec!["ann"]),
        (bob.to_owned(), vec!["bob"]),
        (String::new(), vec![]),
    ] {
        world.then(&with(&ids));
        assert_eq!(members(&world), expected);
    }
    assert_eq!(done(&world, "ModifyUserGroup").len(), 4);
}

#[test]
fn disappears() {
    let world = instant(&(users(&["ann"]) + &group_of(&["ann"])));
    world.applied();
    ask(&world.aws, "DeleteUserGroup", &[("UserGroupId", "people")]);
    // The disabled default user of the lost group is left, and is replaced with it.
    let plan = world.terraform.plan();
    plan.assert_replace(THIS, &["arn"]);
    let warning = &plan.diagnostics[0];
    assert_eq!(warning.summary, "Default user of deleted user group \"people\" exists");
    world.applied();
    assert_eq!(members(&world), ["ann", "people-default-off"]);
}

#[test]
fn capitals_make_no_difference() {
    let config = users(&["ann"])
        + &valkey("user_ids = [\"ANN\"]\ndepends_on = [elasticache_user.ann]").replace("people", "People");
    let world = instant(&config.replace("\"valkey\"", "\"VALKEY\""));
    world.applied();
    assert_eq!(world.terraform.text(THIS, "id"), "people");
    assert_eq!(world.terraform.state(THIS)["user_ids"], json!(["ANN"]));
    world.terraform.configure(&config.replace("People", "people").replace("ANN", "ann"));
    world.terraform.assert_unchanged();
}

/// Tags of the group, which the default user it keeps has as well.
#[test]
fn tags() {
    let with = |tags: &str| group(&format!("disabled_default_user = true\ntags = {{ {tags} }}"));
    let world = instant(&group("disabled_default_user = true"));
    world.applied();
    for tags in ["a = \"1\"", "a = \"2\", b = \"1\"", "b = \"2\", c = \"\""] {
        world.then(&with(tags));
    }
    let arn = world.terraform.text(THIS, "arn");
    world.control(|aws| aws.set_tag(&arn, "by", "hand"));
    world.terraform.plan().assert_update(THIS, &["tags", "tags_all"]);
    world.applied();
    let own = "arn:aws:elasticache:eu-west-1:123456789012:user:people-default-off";
    let tagged: Vec<String> =
        done(&world, "AddTagsToResource").iter().filter_map(|call| call.parameter("ResourceName")).collect();
    assert_eq!(tagged.iter().filter(|arn| *arn == own).count(), 3, "{tagged:?}");
    assert_eq!(tagged.len(), 6);
}

/// A member put there by hand goes, one taken out by hand comes back.
#[test]
fn members_changed_by_hand_are_put_right() {
    let config = users(&["ann", "bob"]) + &group_of(&["ann"]);
    let world = instant(&config);
    world.applied();
    ask(
        &world.aws,
        "ModifyUserGroup",
        &[("UserGroupId", "people"), ("UserIdsToAdd.member.1", "bob"), ("UserIdsToRemove.member.1", "ann")],
    );
    world.terraform.plan().assert_update(THIS, &["minimum_engine_version", "user_ids"]);
    world.applied();
    assert_eq!(members(&world), ["ann", "people-default-off"]);
}

/// Fault H7. A group that a replication group uses is not deleted, and the message names at once what
/// uses it.
#[test]
fn a_group_in_use_is_told_of() {
    let world = instant(&group("disabled_default_user = true"));
    world.terraform.apply();
    ask(
        &world.aws,
        "CreateReplicationGroup",
        &[
            ("ReplicationGroupId", "other"),
            ("ReplicationGroupDescription", "of somebody else"),
            ("CacheNodeType", "cache.t4g.small"),
            ("TransitEncryptionEnabled", "true"),
            ("UserGroupIds.member.1", "people"),
        ],
    );
    let run = world.terraform.run(&["destroy", "-auto-approve", "-no-color"]).fails();
    let told = run.stderr.replace("│", " ").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("Waiting for user group \"people\" to be deleted"), "{run}");
    assert!(told.contains("It is in use by replication group \"other\"."), "{run}");
    assert_eq!(refusals(&world, "DeleteUserGroup").len(), 1, "not tried again");
    assert_eq!(members(&world), ["people-default-off"]);
    assert_eq!(world.terraform.resources().len(), 1);
}

/// Group, users, their group's cache: all goes in one destroy, in whatever time AWS takes.
#[test]
fn a_cache_and_all_its_users_are_destroyed_in_one_go() {
    let cache = "resource \"elasticache_replication_group\" \"this\" {\nreplication_group_id = \"cache\"\n\
                 description = \"of a test\"\nnode_type = \"cache.t4g.small\"\nnum_cache_clusters = 1\n\
                 transit_encryption_enabled = true\nuser_group_ids = [elasticache_user_group.this.id]\n}\n";
    let world = World::new(&(users(&["ann", "bob"]) + &group_of(&["ann", "bob"]) + cache));
    world.applied();
    world.terraform.destroy();
    assert!(world.control(|aws| aws.users()).is_empty());
    assert!(refusals(&world, "DeleteUser").is_empty());
}

#[test]
fn a_create_that_takes_too_long_is_not_forgotten() {
    let world = World::new(&valkey("timeouts {\ncreate = \"1s\"\n}"));
    world.aws.clock().set_per_call(Duration::ZERO);
    let told = told(&world);
    assert!(told.contains("Waiting for user group \"people\" to be active timed out after"), "{told}");
    hurry(&world);
    assert_eq!(world.terraform.plan().actions_on(THIS), ["delete", "create"]);
    world.terraform.apply();
    world.terraform.assert_unchanged();
}

/// Something else changes the group all the time; each refusal is waited out.
#[test]
fn a_busy_group_is_waited_for() {
    let all = users(&["ann", "bob"]);
    let world = busy(&(all.clone() + &group_of(&["ann"])));
    world.applied();
    let state = || Fault::code("InvalidUserGroupState", "User group people has status modifying.");
    world.aws.fault(on("elasticache", "ModifyUserGroup").times(2), state());
    world.then(&(all + &group_of(&["bob"])));
    world.aws.fault(on("elasticache", "DeleteUserGroup").times(2), state());
    world.terraform.destroy();
    assert_eq!(world.aws.pending_faults(), 0);
}
