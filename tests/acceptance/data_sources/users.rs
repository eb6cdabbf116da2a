//! `elasticache_user` and `elasticache_user_group`, the data sources.

use serde_json::json;

use crate::aws_control::{ask, instant, plan_failure};
use crate::chaos::driver::{Driver, errors};
use crate::chaos::subjects::WAIT;
use crate::data_sources::asking::{assert_has, calls_of_a_plan, data, read};
use crate::fixture::Fixture;

/// Users `someone`, named `default`, and `app`, in the group `people`; all of another client.
fn foreign(fixture: &Fixture) {
    let user = |id: &str, name: &str, more: &[(&str, &str)]| {
        let own =
            [("UserId", id), ("UserName", name), ("Engine", "redis"), ("AccessString", "on ~app:* +@read")];
        ask(&fixture.aws, "CreateUser", &[&own[..], more].concat());
    };
    user("someone", "default", &[("NoPasswordRequired", "true")]);
    user(
        "app",
        "app",
        &[
            ("Passwords.member.1", "the-old-password-1"),
            ("Passwords.member.2", "the-new-password-2"),
            ("Tags.member.1.Key", "team"),
            ("Tags.member.1.Value", "web"),
        ],
    );
    ask(
        &fixture.aws,
        "CreateUserGroup",
        &[
            ("UserGroupId", "people"),
            ("Engine", "redis"),
            ("UserIds.member.1", "someone"),
            ("UserIds.member.2", "app"),
            ("Tags.member.1.Key", "team"),
            ("Tags.member.1.Value", "all"),
        ],
    );
}

#[test]
fn a_user() {
    let fixture = instant(&data("user", r#"user_id = "App""#));
    foreign(&fixture);
    let state = read(&fixture, "user");
    assert_has(
        &state,
        [
            ("user_id", json!("App")),
            ("id", json!("app")),
            ("arn", json!("arn:aws:elasticache:eu-west-1:123456789012:user:app")),
            ("user_name", json!("app")),
            ("engine", json!("redis")),
            ("status", json!("active")),
            ("access_string", json!("on ~app:* -@all +@read")),
            ("authentication_mode", json!([{ "type": "password", "password_count": 2 }])),
            ("no_password_required", json!(false)),
            ("password_count", json!(2)),
            ("minimum_engine_version", json!("6.0")),
            ("user_group_ids", json!(["people"])),
            ("tags", json!({ "team": "web" })),
        ],
    );
    let one = |action: &str| (format!("elasticache:{action}"), 1);
    assert_eq!(calls_of_a_plan(&fixture), ["DescribeUsers", "ListTagsForResource"].map(one).into());

    fixture.terraform.configure(&data("user", r#"user_id = "someone""#));
    let state = read(&fixture, "user");
    assert_has(
        &state,
        [
            ("user_name", json!("default")),
            ("no_password_required", json!(true)),
            ("password_count", json!(0)),
            ("authentication_mode", json!([{ "type": "no-password-required", "password_count": 0 }])),
        ],
    );
    fixture.terraform.configure(&data("user", r#"user_id = "nobody""#));
    let text = plan_failure(&fixture);
    assert!(text.contains(r#"AWS has no user "nobody" in eu-west-1, or is deleting it."#), "{text}");
    assert!(text.contains(r#"user_id = "nobody""#), "{text}");
}

#[test]
fn a_user_group() {
    let fixture = instant(&data("user_group", r#"user_group_id = "people""#));
    foreign(&fixture);
    ask(
        &fixture.aws,
        "CreateReplicationGroup",
        &[
            ("ReplicationGroupId", "cache"),
            ("ReplicationGroupDescription", "made elsewhere"),
            ("CacheNodeType", "cache.t4g.small"),
            ("TransitEncryptionEnabled", "true"),
            ("UserGroupIds.member.1", "people"),
        ],
    );
    let state = read(&fixture, "user_group");
    assert_has(
        &state,
        [
            ("id", json!("people")),
            ("arn", json!("arn:aws:elasticache:eu-west-1:123456789012:usergroup:people")),
            ("engine", json!("redis")),
            ("status", json!("active")),
            ("user_ids", json!(["app", "someone"])),
            ("minimum_engine_version", json!("6.0")),
            ("replication_group_ids", json!(["cache"])),
            ("serverless_cache_names", json!([])),
            ("tags", json!({ "team": "all" })),
        ],
    );
    assert_eq!(calls_of_a_plan(&fixture).values().sum::<usize>(), 2);
    fixture.terraform.configure(&data("user_group", r#"user_group_id = "nobody""#));
    let text = plan_failure(&fixture);
    assert!(text.contains(r#"AWS has no user group "nobody""#), "{text}");
}

/// AWS does not list tags while it changes the user; a read does not wait for the end.
#[test]
fn a_user_that_is_being_changed_is_read_without_its_tags() {
    let user = "UserId=app UserName=app Engine=redis AccessString=on%20~app:* NoPasswordRequired=true \
                Tags.member.1.Key=team Tags.member.1.Value=web";
    let mut driver = Driver::new(&[("eu-west-1", "elasticache", "CreateUser", user), WAIT]);
    driver.aws.with_state(|aws| aws.elasticache.configure(|config| config.durations.user = 600_000));
    driver.sow(&("eu-west-1", "elasticache", "ModifyUser", "UserId=app AccessString=on%20~*%20+@all"));
    let config = json!({ "user_id": "app" });
    let (state, warnings) = driver.read_data("elasticache_user", &config);
    assert_eq!(errors(&warnings), [""; 0]);
    let message: Vec<&str> = warnings.iter().map(|it| it.summary.as_str()).collect();
    assert_eq!(message, [r#"The tags of user "app" are not known"#]);
    assert_eq!(state.get("status").as_str(), Some("modifying"));
    assert!(state.get("tags").is_null());
    driver.sow(&WAIT);
    let (state, _) = driver.read_data("elasticache_user", &config);
    assert_eq!(state.get("tags").get("team").as_str(), Some("web"));
}

/// A user of another configuration joins a group of this one.
#[test]
fn a_user_joins_a_group_of_this_configuration() {
    let fixture = instant(
        &(data("user", r#"user_id = "app""#)
            + r#"resource "elasticache_user_group" "own" {
 user_group_id = "own"
 engine = "redis"
 disabled_default_user = true
 user_ids = [data.elasticache_user.this.id]
}
"#),
    );
    foreign(&fixture);
    fixture.apply_and_verify();
    let mut members = fixture.control(|aws| aws.user_group_members("own"));
    members.sort();
    assert_eq!(members, ["app", "own-default-off"]);
    // The user is of two groups now, which a plan reads and nothing else.
    assert_eq!(read(&fixture, "user")["user_group_ids"], json!(["own", "people"]));
}
