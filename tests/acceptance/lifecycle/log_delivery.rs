//! Log delivery, with cluster mode and without: both logs, swapped, one, none.

use serde_json::json;

use crate::world::{World, group};

fn log(kind: &str, (destination, destination_type): (&str, &str), format: &str) -> String {
    format!(
        "log_delivery_configuration {{\n destination = \"{destination}\"\n destination_type = \
         \"{destination_type}\"\n log_format = \"{format}\"\n log_type = \"{kind}\"\n }}\n"
    )
}

const LOGS: (&str, &str) = ("a-log-group", "cloudwatch-logs");
const STREAM: (&str, &str) = ("a-stream", "kinesis-firehose");

fn stages(id: &str, lines: &str) {
    let at = |logs: &str| group(id, &format!("node_type = \"cache.t4g.small\"\n {lines}\n {logs}"));
    let both = log("slow-log", LOGS, "text") + &log("engine-log", STREAM, "json");
    let world = World::new(&at(&both));
    world.log_groups(&[LOGS.0]);
    world.applied();
    let count = || world.group()["log_delivery_configuration"].as_array().unwrap().len();
    assert_eq!((count(), world.modifications().len()), (2, 0));

    world.then(&at(&(log("slow-log", STREAM, "json") + &log("engine-log", LOGS, "text"))));
    assert_eq!(count(), 2);
    world.then(&at(&log("engine-log", LOGS, "text")));
    assert_eq!(
        world.group()["log_delivery_configuration"],
        json!([{"destination": LOGS.0, "destination_type": LOGS.1, "log_format": "text", "log_type": "engine-log"}])
    );
    world.then(&at(""));
    assert_eq!(count(), 0);
    world.then(&at(&log("slow-log", LOGS, "json")));
    assert_eq!(count(), 1);
    // AWS takes changes of log delivery only at once, whatever the configuration says.
    assert_eq!(world.sent("ApplyImmediately"), ["true"; 4]);
    world.assert_in_place();
}

#[test]
fn without_cluster_mode() {
    stages("logs", "num_cache_clusters = 1\n apply_immediately = true");
}

#[test]
fn with_cluster_mode() {
    stages("shardlogs", "num_node_groups = 2\n replicas_per_node_group = 0\n apply_immediately = true");
}

/// hashicorp/aws is refused (#49842).
#[test]
fn aws_49842_without_apply_immediately() {
    stages("laterlogs", "num_cache_clusters = 1\n apply_immediately = false");
}

/// hashicorp/aws shows a difference while AWS works on it (#49270).
#[test]
fn aws_49270_is_settled_while_aws_still_works_on_it() {
    let at = |logs: &str| group("slowly", &format!("node_type = \"cache.t4g.small\"\n {logs}"));
    let world = World::new(&at(""));
    world.log_groups(&[LOGS.0]);
    world
        .aws
        .with_world(|aws| aws.elasticache.configure(|config| config.durations.log_delivery = 86_400_000));
    world.applied();
    for logs in [log("slow-log", LOGS, "text"), log("slow-log", STREAM, "json"), String::new()] {
        world.then(&at(&logs));
    }
    world.assert_in_place();
}
