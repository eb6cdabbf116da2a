//! From redis to valkey, and back.

use crate::steer::instant;
use crate::users::parts::{OLD, done, group, member, members, told, user};

/// hashicorp/aws's case `updateEngine`: in place, in both directions, and nothing but the engine
/// is sent.
#[test]
fn a_user_becomes_valkey_in_place_and_redis_again() {
    let valkey = user("app", &format!("engine = \"valkey\"\npasswords = [\"{OLD}\"]"));
    let world = instant(&member("app"));
    world.applied();
    world.aws.record().clear();
    world.then(&valkey);
    let calls = done(&world, "ModifyUser");
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].parameter("Engine").as_deref(), Some("valkey"));
    assert_eq!(calls[0].parameter("AccessString"), None);
    assert_eq!(calls[0].parameter("AuthenticationMode.Type"), None);
    world.aws.record().clear();
    world.then(&member("app"));
    let calls = done(&world, "ModifyUser");
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].parameter("Engine").as_deref(), Some("redis"));
    assert!(done(&world, "DeleteUser").is_empty());
}

/// First the group, whose users may stay as they are, then the users; the default user goes when
/// it is no longer asked for.
#[test]
fn a_group_becomes_valkey_in_place() {
    let redis = member("app") + &group("disabled_default_user = true\nuser_ids = [elasticache_user.app.id]");
    let world = instant(&redis);
    world.applied();
    world.aws.record().clear();
    let both = redis.replace("engine = \"redis\"\ndisabled", "engine = \"valkey\"\ndisabled");
    world.then(&both);
    assert_eq!(done(&world, "ModifyUserGroup").len(), 1);
    assert_eq!(members(&world), ["app", "people-default-off"]);
    world.then(&both.replace("disabled_default_user = true\n", ""));
    assert_eq!(members(&world), ["app"]);
    assert_eq!(world.control(|aws| aws.users()), ["app"]);
    let user = user("app", &format!("engine = \"valkey\"\npasswords = [\"{OLD}\"]"));
    world.then(&(user + &group("engine = \"valkey\"\nuser_ids = [elasticache_user.app.id]")));
    assert!(done(&world, "DeleteUserGroup").is_empty() && done(&world, "CreateUserGroup").is_empty());
}

/// The user alone cannot become valkey in a redis group, and the message says the way.
#[test]
fn a_user_of_a_redis_group_is_told_the_order() {
    let redis = member("app") + &group("disabled_default_user = true\nuser_ids = [elasticache_user.app.id]");
    let world = instant(&redis);
    world.applied();
    world.terraform.configure(&redis.replacen("engine = \"redis\"", "engine = \"valkey\"", 1));
    let told = told(&world);
    assert!(told.contains("A user group with engine redis accepts only users with engine redis"), "{told}");
}
