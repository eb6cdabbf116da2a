//! User groups: acceptance cases §5, and what they do not have.

use std::time::Duration;

use serde_json::json;

use crate::aws_control::{ask, failure, instant};
use crate::fixture::Fixture;
use crate::simulator::{InjectedFault, on};
use crate::user::parts::{busy, done, group, group_of, hurry, member, members, refusals};

const THIS: &str = "elasticache_user_group.this";

fn users(names: &[&str]) -> String {
    names.iter().map(|name| member(name)).collect()
}

fn valkey(arguments: &str) -> String {
    group(&format!(
        r#"engine = "valkey"
{arguments}"#
    ))
}

#[test]
fn basic_has_what_aws_tells() {
    let fixture = instant(&(users(&["ann"]) + &valkey("user_ids = [elasticache_user.ann.id]")));
    fixture.apply_and_verify();
    let state = fixture.terraform.state(THIS);
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
    fixture.terraform.destroy();
    assert_eq!(done(&fixture, "DeleteUserGroup").len(), 1);
}

/// One member, two, one again, another, none; each change is one call.
#[test]
fn members_come_and_go() {
    let all = users(&["ann", "bob"]);
    let with = |ids: &str| all.clone() + &valkey(&format!("user_ids = [{ids}]"));
    let fixture = instant(&with(r#""ann""#).replace(r#""ann"]"#, "elasticache_user.ann.id]"));
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    let (ann, bob) = ("elasticache_user.ann.id", "elasticache_user.bob.id");
    for (ids, expected) in [
        (format!("{ann}, {bob}"), vec!["ann", "bob"]),
        (ann.to_owned(), vec!["ann"]),
        (bob.to_owned(), vec!["bob"]),
        (String::new(), vec![]),
    ] {
        fixture.change_and_verify(&with(&ids));
        assert_eq!(members(&fixture), expected);
    }
    assert_eq!(done(&fixture, "ModifyUserGroup").len(), 4);
}

#[test]
fn disappears() {
    let fixture = instant(&(users(&["ann"]) + &group_of(&["ann"])));
    fixture.apply_and_verify();
    ask(&fixture.aws, "DeleteUserGroup", &[("UserGroupId", "people")]);
    // The disabled default user of the lost group is left, and is replaced with it.
    let plan = fixture.terraform.plan();
    plan.assert_replace(THIS, &["arn"]);
    let warning = &plan.diagnostics[0];
    assert_eq!(warning.summary, r#"Default user of deleted user group "people" exists"#);
    fixture.apply_and_verify();
    assert_eq!(members(&fixture), ["ann", "people-default-off"]);
}

#[test]
fn capitals_make_no_difference() {
    let config = users(&["ann"])
        + &valkey(
            r#"user_ids = ["ANN"]
depends_on = [elasticache_user.ann]"#,
        )
        .replace("people", "People");
    let fixture = instant(&config.replace(r#""valkey""#, r#""VALKEY""#));
    fixture.apply_and_verify();
    assert_eq!(fixture.terraform.text(THIS, "id"), "people");
    assert_eq!(fixture.terraform.state(THIS)["user_ids"], json!(["ANN"]));
    fixture.terraform.configure(&config.replace("People", "people").replace("ANN", "ann"));
    fixture.terraform.assert_unchanged();
}

/// Tags of the group, which the default user it keeps has as well.
#[test]
fn tags() {
    let with = |tags: &str| group(&format!("disabled_default_user = true\ntags = {{ {tags} }}"));
    let fixture = instant(&group("disabled_default_user = true"));
    fixture.apply_and_verify();
    for tags in [r#"a = "1""#, r#"a = "2", b = "1""#, r#"b = "2", c = """#] {
        fixture.change_and_verify(&with(tags));
    }
    let arn = fixture.terraform.text(THIS, "arn");
    fixture.control(|aws| aws.set_tag(&arn, "by", "hand"));
    fixture.terraform.plan().assert_update(THIS, &["tags", "tags_all"]);
    fixture.apply_and_verify();
    let own = "arn:aws:elasticache:eu-west-1:123456789012:user:people-default-off";
    let tagged: Vec<String> = done(&fixture, "AddTagsToResource")
        .iter()
        .filter_map(|call| call.parameter("ResourceName"))
        .collect();
    assert_eq!(tagged.iter().filter(|arn| *arn == own).count(), 3, "{tagged:?}");
    assert_eq!(tagged.len(), 6);
}

/// A member put there by hand goes, one taken out by hand comes back.
#[test]
fn members_changed_by_hand_are_put_right() {
    let config = users(&["ann", "bob"]) + &group_of(&["ann"]);
    let fixture = instant(&config);
    fixture.apply_and_verify();
    ask(
        &fixture.aws,
        "ModifyUserGroup",
        &[("UserGroupId", "people"), ("UserIdsToAdd.member.1", "bob"), ("UserIdsToRemove.member.1", "ann")],
    );
    fixture.terraform.plan().assert_update(THIS, &["minimum_engine_version", "user_ids"]);
    fixture.apply_and_verify();
    assert_eq!(members(&fixture), ["ann", "people-default-off"]);
}

/// InjectedFault H7. A group that a replication group uses is not deleted, and the message names at once what
/// uses it.
#[test]
fn a_group_in_use_is_told_of() {
    let fixture = instant(&group("disabled_default_user = true"));
    fixture.terraform.apply();
    ask(
        &fixture.aws,
        "CreateReplicationGroup",
        &[
            ("ReplicationGroupId", "other"),
            ("ReplicationGroupDescription", "of somebody else"),
            ("CacheNodeType", "cache.t4g.small"),
            ("TransitEncryptionEnabled", "true"),
            ("UserGroupIds.member.1", "people"),
        ],
    );
    let run = fixture.terraform.run(&["destroy", "-auto-approve", "-no-color"]).fails();
    let message = run.stderr.replace("│", " ").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(message.contains(r#"Waiting for user group "people" to be deleted"#), "{run}");
    assert!(message.contains(r#"It is in use by replication group "other"."#), "{run}");
    assert_eq!(refusals(&fixture, "DeleteUserGroup").len(), 1, "not tried again");
    assert_eq!(members(&fixture), ["people-default-off"]);
    assert_eq!(fixture.terraform.resources().len(), 1);
}

/// Group, users, their group's cache: all goes in one destroy, in whatever time AWS takes.
#[test]
fn a_cache_and_all_its_users_are_destroyed_in_one_go() {
    let cache = r#"resource "elasticache_replication_group" "this" {
  replication_group_id = "cache"
  description = "of a test"
  node_type = "cache.t4g.small"
  num_cache_clusters = 1
  transit_encryption_enabled = true
  user_group_ids = [elasticache_user_group.this.id]
}
"#;
    let fixture = Fixture::new(&(users(&["ann", "bob"]) + &group_of(&["ann", "bob"]) + cache));
    fixture.apply_and_verify();
    fixture.terraform.destroy();
    assert!(fixture.control(|aws| aws.users()).is_empty());
    assert!(refusals(&fixture, "DeleteUser").is_empty());
}

#[test]
fn a_create_that_takes_too_long_is_not_forgotten() {
    let fixture = Fixture::new(&valkey(
        r#"timeouts {
create = "1s"
}"#,
    ));
    fixture.aws.clock().set_per_call(Duration::ZERO);
    let message = failure(&fixture);
    assert!(message.contains(r#"Waiting for user group "people" to be active timed out after"#), "{message}");
    hurry(&fixture);
    assert_eq!(fixture.terraform.plan().actions_on(THIS), ["delete", "create"]);
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
}

/// Something else changes the group all the time; each refusal is waited out.
#[test]
fn a_busy_group_is_waited_for() {
    let all = users(&["ann", "bob"]);
    let fixture = busy(&(all.clone() + &group_of(&["ann"])));
    fixture.apply_and_verify();
    let state = || InjectedFault::code("InvalidUserGroupState", "User group people has status modifying.");
    fixture.aws.fault(on("elasticache", "ModifyUserGroup").times(2), state());
    fixture.change_and_verify(&(all + &group_of(&["bob"])));
    fixture.aws.fault(on("elasticache", "DeleteUserGroup").times(2), state());
    fixture.terraform.destroy();
    assert_eq!(fixture.aws.pending_faults(), 0);
}
