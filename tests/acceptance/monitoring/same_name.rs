//! What is replaced by something of the same name, made before it goes or beside it.

use std::collections::BTreeSet;

use crate::monitoring::parts::{alarms, by_hand, composites, names, nodes_of, set, writes};
use crate::steer::{group, instant};
use crate::support::terraform::only;
use crate::users;

const FIRST: &str = "lifecycle { create_before_destroy = true }";

/// An alarm by this name, which is an expression.
fn alarm(address: &str, name: &str, more: &str) -> String {
    format!(
        "resource \"elasticache_metric_alarm\" \"{address}\" {{\n  alarm_name = {name}\n  \
         comparison_operator = \"GreaterThanThreshold\"\n  evaluation_periods = 1\n  threshold = 80\n  \
         namespace = \"AWS/ElastiCache\"\n  metric_name = \"CPUUtilization\"\n  period = 60\n  \
         statistic = \"Average\"\n  {more}\n}}\n"
    )
}

/// The name follows the nodes, and which of them leave is not known; a name that is not known may be
/// another one.
#[test]
fn an_alarm_whose_name_turns_out_the_same_is_left() {
    let config = |count: u32| {
        let name = "\"${elasticache_replication_group.this.member_clusters[0]}-cpu\"";
        group(&nodes_of(count)) + &alarm("cpu", name, FIRST)
    };
    let world = instant(&config(3));
    world.applied();
    world.terraform.configure(&config(2));
    let plan = world.terraform.plan();
    assert_eq!(plan.actions_on("elasticache_metric_alarm.cpu"), ["create", "delete"]);
    assert!(plan.is_unknown("elasticache_metric_alarm.cpu", "alarm_name"));
    world.aws.record().clear();
    let told = world.terraform.apply();
    assert_eq!(only(&told).summary, "Alarm \"cache-001-cpu\" already existed");
    assert_eq!(writes(&world), [""; 0], "it is exactly what the new one would be");
    world.terraform.assert_unchanged();
    assert_eq!(names(&world), ["cache-001-cpu".to_owned()].into());

    // What somebody else wrote over is deleted all the same.
    by_hand(&world, "cache-001-cpu", 99.0);
    world.terraform.destroy();
    assert!(names(&world).is_empty());
}

#[test]
fn alarms_that_exchange_their_names_are_both_left() {
    let config = |a: &str, b: &str| {
        alarm("a", &format!("{a:?}"), "alarm_description = \"a\"")
            + &alarm("b", &format!("{b:?}"), "alarm_description = \"b\"")
    };
    let world = instant(&config("one", "two"));
    world.terraform.apply();
    world.terraform.configure(&config("two", "one"));
    world.terraform.apply();
    world.terraform.assert_unchanged();
    let alarms = alarms(&world);
    assert_eq!(alarms["two"]["AlarmDescription"], "a");
    assert_eq!(alarms["one"]["AlarmDescription"], "b");
}

/// Every kind of resource whose create succeeds where there is one of the name.
#[test]
fn what_is_made_anew_outlives_what_it_replaces() {
    let world = instant(
        &[
            group(&nodes_of(1)),
            set(&format!("preset = \"basic\"\ncomposite_alarm = {{}}\n{FIRST}")),
            alarm("cpu", "\"cpu\"", FIRST),
            format!(
                "resource \"elasticache_ssm_url\" \"this\" {{\n  name = \"/app/url\"\n  host = \"cache.example\"\n  \
                 transit_encryption_enabled = false\n  overwrite = true\n  {FIRST}\n}}\n"
            ),
            format!(
                "resource \"elasticache_auth_token_secret\" \"this\" {{\n  name = \"app/token\"\n  generate = {{}}\n  \
                 {FIRST}\n}}\n"
            ),
            users::parts::member("ann"),
            users::parts::group("disabled_default_user = true"),
            users::parts::association("ann").replace("\n}", &format!("\n{FIRST}\n}}")),
        ]
        .concat(),
    );
    world.terraform.apply();
    let before = names(&world);
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
    let told = world.terraform.run(&arguments).succeeds().diagnostics();
    let told: BTreeSet<&str> = told.iter().map(|it| it.summary.as_str()).collect();
    let announced = [
        "Alarm \"cpu\" already existed",
        "Secret \"app/token\" already existed",
        "Existing alarms are taken over",
    ];
    assert_eq!(told, announced.into());
    world.terraform.assert_unchanged();
    assert_eq!(names(&world), before);

    world.destroyed();
    assert!(composites(&world).is_empty());
}
