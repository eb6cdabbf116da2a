//! What is replaced by something of the same name, made before it goes or beside it.

use std::collections::BTreeSet;

use crate::alarm_set::parts::{alarms, by_hand, composites, names, nodes_of, set, writes};
use crate::aws_control::instant;
use crate::hcl::small_group;
use crate::support::terraform::only;
use crate::user;

const FIRST: &str = "lifecycle { create_before_destroy = true }";

/// An alarm by this name, which is an expression.
fn alarm(address: &str, name: &str, more: &str) -> String {
    format!(
        r#"resource "elasticache_metric_alarm" "{address}" {{
  alarm_name = {name}
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods = 1
  threshold = 80
  namespace = "AWS/ElastiCache"
  metric_name = "CPUUtilization"
  period = 60
  statistic = "Average"
  {more}
}}
"#
    )
}

/// The name follows the nodes, and which of them leave is not known; a name that is not known may be
/// another one.
#[test]
fn an_alarm_whose_name_turns_out_the_same_is_left() {
    let config = |count: u32| {
        let name = r#""${elasticache_replication_group.this.member_clusters[0]}-cpu""#;
        small_group(&nodes_of(count)) + &alarm("cpu", name, FIRST)
    };
    let fixture = instant(&config(3));
    fixture.apply_and_verify();
    fixture.terraform.configure(&config(2));
    let plan = fixture.terraform.plan();
    assert_eq!(plan.actions_on("elasticache_metric_alarm.cpu"), ["create", "delete"]);
    assert!(plan.is_unknown("elasticache_metric_alarm.cpu", "alarm_name"));
    fixture.aws.record().clear();
    let message = fixture.terraform.apply();
    assert_eq!(only(&message).summary, r#"Alarm "cache-001-cpu" already existed"#);
    assert_eq!(writes(&fixture), [""; 0], "it is exactly what the new one would be");
    fixture.terraform.assert_unchanged();
    assert_eq!(names(&fixture), ["cache-001-cpu".to_owned()].into());

    // What somebody else wrote over is deleted all the same.
    by_hand(&fixture, "cache-001-cpu", 99.0);
    fixture.terraform.destroy();
    assert!(names(&fixture).is_empty());
}

#[test]
fn alarms_that_exchange_their_names_are_both_left() {
    let config = |a: &str, b: &str| {
        alarm("a", &format!("{a:?}"), r#"alarm_description = "a""#)
            + &alarm("b", &format!("{b:?}"), r#"alarm_description = "b""#)
    };
    let fixture = instant(&config("one", "two"));
    fixture.terraform.apply();
    fixture.terraform.configure(&config("two", "one"));
    fixture.terraform.apply();
    fixture.terraform.assert_unchanged();
    let alarms = alarms(&fixture);
    assert_eq!(alarms["two"]["AlarmDescription"], "a");
    assert_eq!(alarms["one"]["AlarmDescription"], "b");
}

/// Every kind of resource whose create succeeds where there is one of the name.
#[test]
fn what_is_made_anew_outlives_what_it_replaces() {
    let fixture = instant(
        &[
            small_group(&nodes_of(1)),
            set(&format!(
                r#"preset = "basic"
composite_alarm = {{}}
{FIRST}"#
            )),
            alarm("cpu", r#""cpu""#, FIRST),
            format!(
                r#"resource "elasticache_ssm_url" "this" {{
  name = "/app/url"
  host = "cache.example"
  transit_encryption_enabled = false
  overwrite = true
  {FIRST}
}}
"#
            ),
            format!(
                r#"resource "elasticache_auth_token_secret" "this" {{
  name = "app/token"
  generate = {{}}
  {FIRST}
}}
"#
            ),
            user::parts::member("ann"),
            user::parts::group("disabled_default_user = true"),
            user::parts::association("ann").replace("\n}", &format!("\n{FIRST}\n}}")),
        ]
        .concat(),
    );
    fixture.terraform.apply();
    let before = names(&fixture);
    let replaced = [
        "elasticache_alarm_set.this",
        "elasticache_metric_alarm.cpu",
        "elasticache_ssm_url.this",
        "elasticache_auth_token_secret.this",
        "elasticache_user_group_association.ann",
    ];
    let replace: Vec<String> = replaced.iter().map(|address| format!("-replace={address}")).collect();
    let mut arguments = vec!["apply", "-json", "-auto-approve"];
    arguments.extend(replace.iter().map(String::as_str));
    let message = fixture.terraform.run(&arguments).succeeds().diagnostics();
    let message: BTreeSet<&str> = message.iter().map(|it| it.summary.as_str()).collect();
    let announced = [
        r#"Alarm "cpu" already existed"#,
        r#"Secret "app/token" already existed"#,
        r#"User "ann" was already a member of user group "people""#,
        "Existing alarms are taken over",
    ];
    assert_eq!(message, announced.into());
    fixture.terraform.assert_unchanged();
    assert_eq!(names(&fixture), before);

    fixture.destroyed();
    assert!(composites(&fixture).is_empty());
}
