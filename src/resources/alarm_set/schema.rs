//! Schema of `elasticache_alarm_set`.

use std::sync::LazyLock;

use regex_lite::Regex;

use super::presets::GROUP;
use super::{names, presets};
use crate::resources::common::alarm::rules;
use crate::schema::{Attribute, Block, Check, Nesting, Schema, common, pattern};
use crate::value::{Type, Value};

/// Values of `scope`: an alarm for each node, or one for the group.
const SCOPES: &[&str] = &["node", GROUP];

/// Comparisons with a threshold. The other three that CloudWatch knows are with bands,
/// which need queries.
const OPERATORS: &[&str] = &[
    "GreaterThanOrEqualToThreshold",
    "GreaterThanThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
];

/// A key of `metrics`. It becomes a part of names, which stand between double quotes in
/// the rule of a composite alarm.
static KEY: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$"));

/// API model of CloudWatch, shape Namespace.
static NAMESPACE: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[^:]"));

/// The schema.
pub(super) fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(build);
    &SCHEMA
}

fn build() -> Schema {
    Schema::of_resource(
        Block::new(
            "The CloudWatch alarms of one replication group, on every node. They follow the nodes: when replicas or \
             shards come or go, their alarms do in the same apply, since `replication_group` takes the group itself. \
             A preset says which alarms there are, and `metrics` tunes them, switches them off and adds others. An \
             alarm that was changed or deleted by somebody else is repaired alone. Alarms that are not in the state are \
             never changed or deleted.",
        )
        .attributes([group()])
        .attributes(selection())
        .attributes([name_template(names::DEFAULT_DESCRIPTION).default(names::DEFAULT)])
        .attributes([Attribute::optional("actions_enabled", Type::Bool, "Whether the actions are taken.")
            .default(true)])
        .attributes(actions(Actions::Set))
        .attributes([composite(), overwrite()])
        .attributes(shown())
        .attributes([common::region()])
        .attributes(common::tags())
        .block(common::timeouts()),
    )
}

fn text(name: &'static str, description: &'static str) -> Attribute {
    Attribute::optional(name, Type::String, description)
}

fn number(name: &'static str, description: &'static str) -> Attribute {
    Attribute::optional(name, Type::Number, description)
}

fn group() -> Attribute {
    Attribute::required(
        "replication_group",
        Type::Dynamic,
        "The group to watch, as in `replication_group = elasticache_replication_group.this`: of the whole resource only \
         the attributes below are kept. An object with `id` and `member_clusters` will do as well.",
    )
    .nested(
        Nesting::Single,
        vec![
            Attribute::optional("id", Type::String, "Id of the group."),
            Attribute::optional("member_clusters", Type::list(Type::String), "Ids of its nodes."),
            Attribute::optional("region", Type::String, "Region it is in."),
        ],
    )
    .verbatim()
}

fn selection() -> [Attribute; 2] {
    [
        Attribute::optional(
            "preset",
            Type::String,
            "Which alarms there are, on every node, before `metrics` is looked at. `cache`, for a cache of query results: \
             CPUUtilization > 75 % and DatabaseMemoryUsagePercentage > 85 % for 10 minutes, Evictions > 1000 in 5 minutes, \
             CacheHitRate < 70 % for 15 minutes, and, on shards with replicas, ReplicationLag > 5 s for 5 minutes. \
             `basic`: CPUUtilization and DatabaseMemoryUsagePercentage > 80 % for 10 minutes. `broker`, for queues: \
             CPUUtilization > 75 % and DatabaseMemoryUsagePercentage > 80 % for 10 minutes. `none`: only what `metrics` \
             has. All look at periods of 5 minutes; Evictions are summed up, the others averaged.",
        )
        .check(Check::OneOf(presets::NAMES))
        .default(presets::DEFAULT),
        Attribute::optional(
            "metrics",
            Type::Dynamic,
            "Alarms beside those of the preset, and what is to be other than there. The key is the name of the metric, or \
             a name of its own when `metric_name` is given. What an entry leaves out is as in the preset, and otherwise as \
             follows, all with periods of 5 minutes: EngineCPUUtilization > 90 % for 10 minutes, FreeableMemory and \
             CurrConnections for 10 minutes with a `threshold` that you give, since it depends on node type and \
             application, SwapUsage > 52428800 bytes for 10 minutes, NetworkBandwidthInAllowanceExceeded and \
             NetworkBandwidthOutAllowanceExceeded > 0 packets in each of two periods. Any other metric needs `threshold`, \
             `comparison_operator` and `statistic`.",
        )
        .check(Check::By(check_keys))
        .nested(Nesting::Map, metric()),
    ]
}

fn metric() -> Vec<Attribute> {
    let mut attributes = vec![
        Attribute::optional(
            "enabled",
            Type::Bool,
            "Whether there is an alarm; `false` takes it out of the preset. True when not given.",
        ),
        text("metric_name", "Name of the metric; the key when not given. Two alarms on one metric have two keys.")
            .check(Check::Length(1, 255)),
        text("namespace", "Namespace of the metric; `AWS/ElastiCache` when not given.")
            .check(Check::Length(1, 255))
            .check(Check::Pattern(&NAMESPACE, "a namespace, which does not begin with a colon")),
        text(
            "scope",
            "`node`, which is so when not given: an alarm on every node, with the dimensions `CacheClusterId` and \
             `CacheNodeId`. `group`: one alarm, with the dimension `ReplicationGroupId`, which few metrics have.",
        )
        .check(Check::OneOf(SCOPES)),
        Attribute::optional(
            "dimensions",
            Type::map(Type::String),
            "Other dimensions than those of `scope`, as a metric of your own has them. The values may hold the \
             placeholders of `name_template`.",
        )
        .check(Check::By(check_dimensions))
        .check(Check::Each(Box::new(Check::By(check_template)))),
        text("statistic", "`SampleCount`, `Average`, `Sum`, `Minimum`, `Maximum`, or another such as `p95`.")
            .check(Check::By(rules::any_statistic)),
        text("comparison_operator", "How the value is compared with the threshold.").check(Check::OneOf(OPERATORS)),
        number("threshold", "The value to compare with, in the unit of the metric: percentages are from 0 to 100."),
        number("period", "Seconds of one data point: 10, 20, 30 or a multiple of 60.")
            .check(Check::By(rules::alarm_period)),
        number("evaluation_periods", "How many of the latest periods are looked at.").check(Check::AtLeast(1)),
        number(
            "datapoints_to_alarm",
            "How many of the `evaluation_periods` must breach the threshold; all when not given.",
        )
        .check(Check::AtLeast(1)),
        missing_data(),
        name_template("Template of the alarms' names, in place of that of the set."),
        text(
            "description",
            "Template of the alarms' descriptions, with the placeholders of `name_template`. When not given, it says \
             what is watched, as in `CPUUtilization of demo-001 above 75 % for 10 minutes`.",
        )
        .check(Check::Length(0, 1024))
        .check(Check::By(check_template)),
    ];
    attributes.extend(actions(Actions::Metric));
    attributes
}

fn missing_data() -> Attribute {
    text(
        "treat_missing_data",
        "What a period without data counts as: `missing`, `breaching`, `notBreaching` or `ignore`. When not given: \
         `notBreaching` for CacheHitRate, since there is none while nobody reads, and that is no bad rate; for \
         ReplicationLag, since only replicas have one, and which nodes those are moves with each failover; for Evictions \
         and the allowances, which count events: none were counted. `missing` for CPU, memory, swap and connections, which \
         a node always has: without them nothing is known of the node, and INSUFFICIENT_DATA says so.",
    )
    .check(Check::By(rules::missing_data))
}

/// A template of names.
fn name_template(description: &'static str) -> Attribute {
    text("name_template", description).check(Check::Length(1, 255)).check(Check::By(check_template))
}

/// Whose actions they are.
#[derive(Clone, Copy)]
enum Actions {
    /// Those of every alarm.
    Set,
    /// Those of the alarms of one metric.
    Metric,
    /// Those of the composite alarm.
    Composite,
}

fn actions(of: Actions) -> [Attribute; 3] {
    let [alarm, ok, insufficient] = match of {
        Actions::Set => [
            "ARNs of what to do when an alarm goes to ALARM; at most 5. With `composite_alarm`, that alarm takes them, and \
             the others take none but those of their own in `metrics`.",
            "ARNs of what to do when an alarm goes to OK; likewise.",
            "ARNs of what to do when an alarm goes to INSUFFICIENT_DATA; likewise.",
        ],
        Actions::Metric => [
            "ARNs of what to do when one of these alarms goes to ALARM, in place of those of the set.",
            "ARNs of what to do when one of these alarms goes to OK, in place of those of the set.",
            "ARNs of what to do when one of these alarms goes to INSUFFICIENT_DATA, in place of those of the set.",
        ],
        Actions::Composite => [
            "ARNs of what to do when the alarm goes to ALARM, in place of those of the set.",
            "ARNs of what to do when the alarm goes to OK, in place of those of the set.",
            "ARNs of what to do when the alarm goes to INSUFFICIENT_DATA, in place of those of the set.",
        ],
    };
    let actions = |name, description| {
        let actions = rules::actions(name, description);
        // Elsewhere than on the set, none at all differs from those of the set.
        if matches!(of, Actions::Set) { actions } else { actions.empty_is_value() }
    };
    [
        actions("alarm_actions", alarm),
        actions("ok_actions", ok),
        actions("insufficient_data_actions", insufficient),
    ]
}

fn composite() -> Attribute {
    let mut attributes = vec![
        name_template("Template of its name; `{id}-alarms` when not given.")
            .check(Check::By(check_composite_name)),
        text("description", "Description; how many alarms it watches when not given.")
            .check(Check::Length(0, 1024))
            .check(Check::By(check_template)),
    ];
    attributes.extend(actions(Actions::Composite));
    Attribute::optional(
        "composite_alarm",
        Type::Dynamic,
        "One alarm over all alarms of the set, which is in ALARM while one of them is, so that one message goes out and \
         not one for every node; `{}` for one with all defaults. A composite alarm watches a hundred others at most: over \
         more there are parts, named `<name>-1`, `<name>-2` and so on, and one alarm over these.",
    )
    .nested(Nesting::Single, attributes)
}

fn overwrite() -> Attribute {
    Attribute::optional(
        "overwrite",
        Type::Bool,
        "Whether alarms that are there already, under names the set needs, are taken over and changed. Without it those \
         are an error, unless they are exactly what the set would make of them: then they become part of it.",
    )
    .default(false)
        .directive()
}

fn shown() -> [Attribute; 3] {
    let text = |name, description| Attribute::computed(name, Type::String, description);
    let number = |name, description| Attribute::computed(name, Type::Number, description);
    let arns = |name, description| Attribute::computed(name, Type::set(Type::String), description);
    let both = || {
        [
            text("name", "Name of the alarm."),
            text("arn", "ARN of the alarm."),
            text("description", "Its description."),
            Attribute::computed("actions_enabled", Type::Bool, "Whether its actions are taken."),
            arns("alarm_actions", "What is done when it goes to ALARM."),
            arns("ok_actions", "What is done when it goes to OK."),
            arns("insufficient_data_actions", "What is done when it goes to INSUFFICIENT_DATA."),
            Attribute::computed(
                "tags",
                Type::map(Type::String),
                "Its tags where they are not `tags_all` of the set.",
            ),
        ]
    };
    let mut alarm = Vec::from(both());
    alarm.extend([
        text("namespace", "Namespace of the metric."),
        text("metric_name", "Name of the metric."),
        Attribute::computed("dimensions", Type::map(Type::String), "Dimensions of the metric."),
        text("statistic", "Statistic, plain or another."),
        text("unit", "Unit, which is null unless somebody has set it."),
        text("comparison_operator", "How the value is compared with the threshold."),
        number("threshold", "The value to compare with."),
        number("period", "Seconds of one data point."),
        number("evaluation_periods", "How many periods are looked at."),
        number("datapoints_to_alarm", "How many of them must breach; null when all."),
        text("treat_missing_data", "What a period without data counts as."),
    ]);
    let mut composite = Vec::from(both());
    composite.push(text("rule", "Rule over the other alarms."));
    [
        Attribute::computed("id", Type::String, "Id of the replication group."),
        Attribute::computed(
            "alarms",
            Type::Dynamic,
            "The alarms, by `<node>/<key>`, or `<group>/<key>` for those of `scope = \"group\"`.",
        )
        .nested(Nesting::Map, alarm),
        Attribute::computed(
            "composite_alarms",
            Type::Dynamic,
            "The composite alarms: `all`, and `part-001` and so on when there are parts. Empty without `composite_alarm`.",
        )
        .nested(Nesting::Map, composite),
    ]
}

/// Placeholders that there are, and no double quote.
fn check_template(value: &Value) -> Result<(), String> {
    value.as_str().and_then(names::problem).map_or(Ok(()), Err)
}

/// The composite alarm is of no node and no metric.
fn check_composite_name(value: &Value) -> Result<(), String> {
    let template = value.as_str().unwrap_or_default();
    if ["{member}", "{metric}", "{alarm}"].iter().any(|it| template.contains(it)) {
        return Err("must use no placeholder but {id}, since the alarm is of the whole group".to_owned());
    }
    Ok(())
}

/// API model of CloudWatch, shapes Dimensions and Dimension.
fn check_dimensions(value: &Value) -> Result<(), String> {
    let Some(entries) = value.as_map() else { return Ok(()) };
    if entries.len() > 30 {
        return Err(format!("must have at most 30 dimensions, but has {}", entries.len()));
    }
    let wrong =
        entries.keys().find(|name| !(1..=255).contains(&name.chars().count()) || name.starts_with(':'));
    wrong.map_or(Ok(()), |name| {
        Err(format!(
            "must have names of 1 to 255 characters that do not begin with a colon, but has the name {name:?}"
        ))
    })
}

fn check_keys(value: &Value) -> Result<(), String> {
    let wrong = value.as_map().and_then(|entries| entries.keys().find(|key| !KEY.is_match(key)));
    wrong.map_or(Ok(()), |key| {
        Err(format!(
            "must have keys of letters, digits, '_', '.' and '-', at most 128 of them, that begin with a letter or digit, \
             but has the key {key:?}"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_tells_every_metric_with_defaults() {
        let told: String =
            selection().iter().chain(&metric()).map(|attribute| attribute.description).collect();
        for it in presets::BUILT_IN {
            assert!(told.contains(it.metric), "{}", it.metric);
        }
        for name in presets::NAMES {
            assert!(told.contains(&format!("`{name}`")), "{name}");
        }
    }

    #[test]
    fn keys_fit_into_names_and_rules() {
        let check = |key: &str| check_keys(&Value::map([(key, Value::Null)]));
        assert_eq!(check("CPUUtilization"), Ok(()));
        assert_eq!(check("cpu-high_2.5"), Ok(()));
        for key in ["", "a\"b", "a/b", "a b", "-a"] {
            assert!(check(key).is_err(), "{key:?}");
        }
    }

    #[test]
    fn a_composite_alarm_is_named_by_the_group() {
        let check = |text: &str| check_composite_name(&Value::string(text));
        assert_eq!(check("prod-{id}"), Ok(()));
        assert_eq!(
            check("{member}").unwrap_err(),
            "must use no placeholder but {id}, since the alarm is of the whole group"
        );
    }
}
