//! Imports of alarm sets: no alarm is deleted silently.

use super::importing;
use crate::alarm_set::parts::{SET, TOPIC, alarms, nodes_of, set, stack};
use crate::aws_control::instant;
use crate::hcl::GROUP;

const IMPORTS: [(&str, &str); 2] = [(GROUP, "cache"), (SET, "cache/{member}-{alarm}")];

/// Faults-met F6: what the configuration does not have is announced.
#[test]
fn the_plan_names_each_alarm_that_a_configuration_deletes() {
    let metrics = r#"preset = "basic"
metrics = { hot = { metric_name = "EngineCPUUtilization" } }"#;
    let fixture = instant(&stack(&nodes_of(2), metrics));
    fixture.terraform.apply();
    importing(&fixture, &stack(&nodes_of(2), metrics), IMPORTS).plan().assert_empty();
    let terraform = importing(&fixture, &stack(&nodes_of(2), r#"preset = "basic""#), IMPORTS);
    let plan = terraform.plan();
    plan.assert_update(SET, &["alarm_names", "alarms", "metrics"]);
    let said = &plan.diagnostics[0];
    assert_eq!(said.summary, "Imported alarms are deleted");
    assert!(said.detail.contains("cache-001-hot") && said.detail.contains("cache-002-hot"), "{said}");
    terraform.apply();
    assert!(!alarms(&fixture).contains_key("cache-001-hot"));
}

/// Whatever a set says, an import finds it.
#[test]
fn an_import_finds_metrics_actions_and_descriptions() {
    for of_set in [
        format!(
            r#"preset = "none"
metrics = {{ FreeableMemory = {{ threshold = 1e8 }} }}
alarm_actions = ["{TOPIC}"]"#
        ),
        format!(
            r#"ok_actions = ["{TOPIC}"]
metrics = {{ CPUUtilization = {{ ok_actions = [], period = 60 }}, Evictions = {{ enabled = false }} }}"#
        ),
        r#"composite_alarm = { description = "Trouble with {id}" }
actions_enabled = false"#
            .to_owned(),
    ] {
        let fixture = instant(&stack(&nodes_of(2), &of_set));
        fixture.terraform.apply();
        let plan = importing(&fixture, &stack(&nodes_of(2), &of_set), IMPORTS).plan();
        assert_eq!(plan.actions_on(SET), ["no-op"], "{of_set}: {}", plan.show(SET));
    }
    assert!(!set("").is_empty());
}
