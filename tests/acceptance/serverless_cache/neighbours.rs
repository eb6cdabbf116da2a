//! What a serverless cache uses: user groups and security groups.

use std::time::Duration;

use super::parts::{applied, cache, done};
use crate::aws_control::writes;
use crate::fixture::Fixture;

fn user_group(name: &str) -> String {
    format!(
        r#"resource "elasticache_user_group" {name:?} {{
  user_group_id = {name:?}
  engine = "valkey"
}}
"#
    )
}

fn security_group(name: &str) -> String {
    format!(
        r#"resource "elasticache_security_group" {name:?} {{
  name = {name:?}
}}
"#
    )
}

/// The cache releases its user group before that is deleted, in one apply.
#[test]
fn a_user_group_is_replaced_while_the_cache_stays() {
    let with =
        |name: &str| user_group(name) + &cache(&format!("user_group_id = elasticache_user_group.{name}.id"));
    let fixture = Fixture::new(&with("first"));
    fixture.apply_and_verify();
    fixture.aws.clock().set_per_call(Duration::from_secs(10));
    let both = user_group("first") + &with("second");
    fixture.terraform.configure(&both);
    fixture.terraform.apply();
    fixture.terraform.configure(&with("second"));
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    assert_eq!(done(&fixture, "ModifyServerlessCache").len(), 1);
    fixture.aws.clock().set_per_call(Duration::from_secs(300));
    fixture.destroyed();
}

/// A user group that an available cache goes on using is not waited for.
#[test]
fn a_user_group_in_use_names_the_cache() {
    let fixture = applied(
        &(user_group("people")
            + &cache(
                r#"user_group_id = "people"
depends_on = [elasticache_user_group.people]"#,
            )),
    );
    let run = fixture.terraform.run(&[
        "destroy",
        "-auto-approve",
        "-json",
        "-target",
        "elasticache_user_group.people",
    ]);
    // What depends on it is destroyed first.
    run.succeeds();
    assert_eq!(writes(&fixture.aws), ["DeleteServerlessCache", "DeleteUserGroup"]);
    fixture.apply_and_verify();
    fixture.terraform.run(&["state", "rm", "elasticache_serverless_cache.this"]).succeeds();
    fixture.terraform.configure("");
    let said: String =
        fixture.terraform.apply_fails().iter().map(|diagnostic| format!("{diagnostic}\n")).collect();
    assert!(said.contains(r#"serverless cache "cache""#), "{said}");
}

/// EC2 deletes no security group that the endpoint of the cache is in.
#[test]
fn a_security_group_is_deleted_once_the_cache_has_released_it() {
    let with = |name: &str| {
        security_group(name) + &cache(&format!("security_group_ids = [elasticache_security_group.{name}.id]"))
    };
    let fixture = Fixture::new(&with("first"));
    fixture.apply_and_verify();
    fixture.aws.clock().set_per_call(Duration::from_secs(20));
    fixture.terraform.configure(&(security_group("first") + &with("second")));
    fixture.terraform.apply();
    fixture.terraform.configure(&with("second"));
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    fixture.aws.clock().set_per_call(Duration::from_secs(300));
    fixture.destroyed();
}
