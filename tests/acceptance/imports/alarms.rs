//! Imports of alarm sets: no alarm is deleted silently.

use super::importing;
use crate::monitoring::parts::{SET, TOPIC, alarms, nodes_of, set, stack};
use crate::steer::{THIS, instant};

const IMPORTS: [(&str, &str); 2] = [(THIS, "cache"), (SET, "cache/{member}-{alarm}")];

/// Faults-met F6: what the configuration does not have is announced.
#[test]
fn the_plan_names_each_alarm_that_a_configuration_deletes() {
    let metrics = "preset = \"basic\"\nmetrics = { hot = { metric_name = \"EngineCPUUtilization\" } }";
    let world = instant(&stack(&nodes_of(2), metrics));
    world.terraform.apply();
    importing(&world, &stack(&nodes_of(2), metrics), IMPORTS).plan().assert_empty();
    let terraform = importing(&world, &stack(&nodes_of(2), "preset = \"basic\""), IMPORTS);
    let plan = terraform.plan();
    plan.assert_update(SET, &["alarms", "metrics"]);
    let said = &plan.diagnostics[0];
    assert_eq!(said.summary, "Imported alarms are deleted");
    assert!(said.detail.contains("cache-001-hot") && said.detail.contains("cache-002-hot"), "{said}");
    terraform.apply();
    assert!(!alarms(&world).contains_key("cache-001-hot"));
}

/// Whatever a set says, an import finds it.
#[test]
fn an_import_finds_metrics_actions_and_descriptions() {
    for of_set in [
        format!(
            "preset = \"none\"\nmetrics = {{ FreeableMemory = {{ threshold = 1e8 }} }}\nalarm_actions = [\"{TOPIC}\"]"
        ),
        format!(
            "ok_actions = [\"{TOPIC}\"]\nmetrics = {{ CPUUtilization = {{ ok_actions = [], period = 60 }}, Evictions = {{ enabled = false }} }}"
        ),
        "composite_alarm = { description = \"Trouble with {id}\" }\nactions_enabled = false".to_owned(),
    ] {
        let world = instant(&stack(&nodes_of(2), &of_set));
        world.terraform.apply();
        let plan = importing(&world, &stack(&nodes_of(2), &of_set), IMPORTS).plan();
        assert_eq!(plan.actions_on(SET), ["no-op"], "{of_set}: {}", plan.show(SET));
    }
    assert!(!set("").is_empty());
}
