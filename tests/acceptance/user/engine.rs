//! From redis to valkey, and back.

use crate::aws_control::{failure, instant};
use crate::user::parts::{OLD, done, group, member, members, user};

/// hashicorp/aws's case `updateEngine`: in place, in both directions, and nothing but the engine
/// is sent.
#[test]
fn a_user_becomes_valkey_in_place_and_redis_again() {
    let valkey = user(
        "app",
        &format!(
            r#"engine = "valkey"
passwords = ["{OLD}"]"#
        ),
    );
    let fixture = instant(&member("app"));
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.change_and_verify(&valkey);
    let calls = done(&fixture, "ModifyUser");
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].parameter("Engine").as_deref(), Some("valkey"));
    assert_eq!(calls[0].parameter("AccessString"), None);
    assert_eq!(calls[0].parameter("AuthenticationMode.Type"), None);
    fixture.aws.record().clear();
    fixture.change_and_verify(&member("app"));
    let calls = done(&fixture, "ModifyUser");
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].parameter("Engine").as_deref(), Some("redis"));
    assert!(done(&fixture, "DeleteUser").is_empty());
}

/// First the group, whose users may stay as they are, then the users; the default user goes when
/// it is no longer asked for.
#[test]
fn a_group_becomes_valkey_in_place() {
    let redis = member("app") + &group("disabled_default_user = true\nuser_ids = [elasticache_user.app.id]");
    let fixture = instant(&redis);
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    let both = redis.replace(
        r#"engine = "redis"
disabled"#,
        r#"engine = "valkey"
disabled"#,
    );
    fixture.change_and_verify(&both);
    assert_eq!(done(&fixture, "ModifyUserGroup").len(), 1);
    assert_eq!(members(&fixture), ["app", "people-default-off"]);
    fixture.change_and_verify(&both.replace("disabled_default_user = true\n", ""));
    assert_eq!(members(&fixture), ["app"]);
    assert_eq!(fixture.control(|aws| aws.users()), ["app"]);
    let user = user(
        "app",
        &format!(
            r#"engine = "valkey"
passwords = ["{OLD}"]"#
        ),
    );
    fixture.change_and_verify(
        &(user
            + &group(
                r#"engine = "valkey"
user_ids = [elasticache_user.app.id]"#,
            )),
    );
    assert!(done(&fixture, "DeleteUserGroup").is_empty() && done(&fixture, "CreateUserGroup").is_empty());
}

/// The user alone cannot become valkey in a redis group, and the message says the way.
#[test]
fn a_user_of_a_redis_group_is_told_the_order() {
    let redis = member("app") + &group("disabled_default_user = true\nuser_ids = [elasticache_user.app.id]");
    let fixture = instant(&redis);
    fixture.apply_and_verify();
    fixture.terraform.configure(&redis.replacen(r#"engine = "redis""#, r#"engine = "valkey""#, 1));
    let message = failure(&fixture);
    assert!(
        message.contains("A user group with engine redis accepts only users with engine redis"),
        "{message}"
    );
}
