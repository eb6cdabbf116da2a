//! What a serverless cache uses: user groups and security groups.

use std::time::Duration;

use super::parts::{applied, cache, done, writes};
use crate::world::World;

fn user_group(name: &str) -> String {
    format!(
        "resource \"elasticache_user_group\" {name:?} {{\nuser_group_id = {name:?}\nengine = \"valkey\"\n}}\n"
    )
}

fn security_group(name: &str) -> String {
    format!("resource \"elasticache_security_group\" {name:?} {{\nname = {name:?}\n}}\n")
}

/// The cache releases its user group before that is deleted, in one apply.
#[test]
fn a_user_group_is_replaced_while_the_cache_stays() {
    let with =
        |name: &str| user_group(name) + &cache(&format!("user_group_id = elasticache_user_group.{name}.id"));
    let world = World::new(&with("first"));
    world.applied();
    world.aws.clock().set_per_call(Duration::from_secs(10));
    let both = user_group("first") + &with("second");
    world.terraform.configure(&both);
    world.terraform.apply();
    world.terraform.configure(&with("second"));
    world.terraform.apply();
    world.terraform.assert_unchanged();
    assert_eq!(done(&world, "ModifyServerlessCache").len(), 1);
    world.aws.clock().set_per_call(Duration::from_secs(300));
    world.destroyed();
}

/// A user group that an available cache goes on using is not waited for.
#[test]
fn a_user_group_in_use_names_the_cache() {
    let world = applied(
        &(user_group("people")
            + &cache(
                "user_group_id = \"people\"\ndepends_on = \
                                                          [elasticache_user_group.people]",
            )),
    );
    let run = world.terraform.run(&[
        "destroy",
        "-auto-approve",
        "-json",
        "-target",
        "elasticache_user_group.people",
    ]);
    // What depends on it is destroyed first.
    run.succeeds();
    assert_eq!(writes(&world), ["DeleteServerlessCache", "DeleteUserGroup"]);
    world.applied();
    world.terraform.run(&["state", "rm", "elasticache_serverless_cache.this"]).succeeds();
    world.terraform.configure("");
    let said: String =
        world.terraform.apply_fails().iter().map(|diagnostic| format!("{diagnostic}\n")).collect();
    assert!(said.contains("serverless cache \"cache\""), "{said}");
}

/// EC2 deletes no security group that the endpoint of the cache is in.
#[test]
fn a_security_group_is_deleted_once_the_cache_has_released_it() {
    let with = |name: &str| {
        security_group(name) + &cache(&format!("security_group_ids = [elasticache_security_group.{name}.id]"))
    };
    let world = World::new(&with("first"));
    world.applied();
    world.aws.clock().set_per_call(Duration::from_secs(20));
    world.terraform.configure(&(security_group("first") + &with("second")));
    world.terraform.apply();
    world.terraform.configure(&with("second"));
    world.terraform.apply();
    world.terraform.assert_unchanged();
    world.aws.clock().set_per_call(Duration::from_secs(300));
    world.destroyed();
}
