//! The desired alarms: the settings, applied to the nodes.

use std::collections::{BTreeMap, BTreeSet};

use super::attributes::{Alarm, AlarmModel, AlarmSetModel, Alarms, CompositeAlarmModel};
use super::composite;
use super::names::Names;
use super::settings::{self, AlarmSpec};
use crate::diag::{Diagnostic, Diagnostics};
use crate::services::cloudwatch::metrics;
use crate::value::{Field, Path};

/// The desired alarms, by key.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct DesiredAlarms {
    /// Metric alarms, by node and key.
    pub alarms: Alarms<AlarmModel>,
    /// Composite alarms.
    pub composites: Alarms<CompositeAlarmModel>,
}

impl DesiredAlarms {
    /// The names of all.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.alarms.values().map(Alarm::name).chain(self.composites.values().map(Alarm::name))
    }
}

/// The desired alarms of the set; unknown if an argument is.
pub(super) fn desired_alarms(set: &AlarmSetModel, diags: &mut Diagnostics) -> Field<DesiredAlarms> {
    let specs = settings::specs(set, diags);
    let Some((id, members)) = places(set, diags) else { return Field::Unknown };
    let (id, members) = (id.as_str(), members.as_slice());
    let (Field::Known(specs), Field::Known(enabled)) = (specs, &set.actions_enabled) else {
        return Field::Unknown;
    };
    let mut alarms = Alarms::new();
    for spec in &specs {
        if spec.of_group {
            alarms.insert(format!("{id}/{}", spec.key), alarm(spec, id, id, *enabled));
        }
        for member in members.iter().filter(|_| !spec.of_group) {
            if !spec.with_replicas || has_replicas(id, members, member) {
                alarms.insert(format!("{member}/{}", spec.key), alarm(spec, id, member, *enabled));
            }
        }
    }
    let composites = match composite::composites(set, id, &alarms) {
        Ok(Field::Known(composites)) => composites,
        Ok(_) => return Field::Unknown,
        Err(diagnostic) => {
            diags.push(diagnostic);
            return Field::Unknown;
        }
    };
    let desired = DesiredAlarms { alarms, composites };
    match name_problem(&desired) {
        None => Field::Known(desired),
        Some(diagnostic) => {
            diags.push(diagnostic);
            Field::Unknown
        }
    }
}

/// The ID of the replication group with its nodes, or the name of the serverless cache, which is one place; `None` if they
/// are unknown or incomplete.
fn places(set: &AlarmSetModel, diags: &mut Diagnostics) -> Option<(String, Vec<String>)> {
    if set.replication_group.is_null() {
        if !set.serverless_cache_name.is_unknown() && set.cache_id().is_none() {
            diags.push(missing_cache());
        }
        let name = set.cache_id()?;
        return Some((name.clone(), vec![name]));
    }
    let group = set.replication_group.known()?;
    match (&group.id, &group.member_clusters) {
        (Field::Unknown, _) | (_, Field::Unknown) => None,
        (id, Field::Known(members)) if id.text().is_some() => {
            Some((id.text().unwrap_or_default().to_owned(), members.clone()))
        }
        _ => {
            diags.push(incomplete_group());
            None
        }
    }
}

fn missing_cache() -> Diagnostic {
    Diagnostic::error(
        "Missing cache",
        "Neither `replication_group` nor `serverless_cache_name` is set. Set `replication_group = \
         elasticache_replication_group.this` or `serverless_cache_name = elasticache_serverless_cache.this.name`.",
    )
    .at(Path::attribute("replication_group"))
}

fn incomplete_group() -> Diagnostic {
    Diagnostic::error(
        "Incomplete replication group",
        "Alarms require `id` and `member_clusters` of the replication group. Set `replication_group = \
         elasticache_replication_group.this`, or both attributes.",
    )
    .at(Path::attribute("replication_group"))
}

/// The shard of a node: the text between the ID of the replication group and the number of the node.
///
/// AWS names nodes `<group>-001` without and `<group>-0001-001` with cluster mode (user guide, "Shards"). A replication
/// group that was created from an existing cache cluster has another name for that node, and one shard.
fn shard<'a>(id: &str, member: &'a str) -> &'a str {
    let rest = member.strip_prefix(id).and_then(|rest| rest.strip_prefix('-'));
    rest.and_then(|rest| rest.split_once('-')).map_or("", |(shard, _)| shard)
}

fn has_replicas(id: &str, members: &[String], member: &str) -> bool {
    members.iter().filter(|other| shard(id, other) == shard(id, member)).count() > 1
}

fn alarm(spec: &AlarmSpec, id: &str, member: &str, enabled: bool) -> AlarmModel {
    let names = Names { id, member, metric: &spec.metric, alarm: &spec.key };
    let dimensions = match &spec.dimensions {
        Some(templates) => templates.iter().map(|(k, v)| (k.clone(), names.fill(v))).collect(),
        None if spec.of_group => pairs([("ReplicationGroupId", id)]),
        None => pairs([("CacheClusterId", member), ("CacheNodeId", metrics::NODE_ID)]),
    };
    let description =
        spec.description.as_ref().map_or_else(|| describe(spec, member), |text| names.fill(text));
    AlarmModel {
        name: Field::Known(names.fill(&spec.name_template)),
        arn: Field::Null,
        description: Field::Known(description),
        namespace: Field::Known(spec.namespace.clone()),
        metric_name: Field::Known(spec.metric.clone()),
        dimensions: Field::Known(dimensions),
        statistic: Field::Known(spec.statistic.clone()),
        unit: Field::Null,
        comparison_operator: Field::Known(spec.operator.clone()),
        threshold: Field::Known(spec.threshold),
        period: Field::Known(spec.period),
        evaluation_periods: Field::Known(spec.periods),
        datapoints_to_alarm: spec.datapoints.into(),
        treat_missing_data: spec.missing.into(),
        actions_enabled: Field::Known(enabled),
        alarm_actions: Field::Known(spec.alarm_actions.clone()),
        ok_actions: Field::Known(spec.ok_actions.clone()),
        insufficient_data_actions: Field::Known(spec.insufficient_data_actions.clone()),
        tags: Field::Null,
    }
}

fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> BTreeMap<String, String> {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// `CPUUtilization of main-001 above 75 % for 10 minutes`
fn describe(spec: &AlarmSpec, member: &str) -> String {
    let compared = match spec.operator.as_str() {
        "GreaterThanThreshold" => "above",
        "GreaterThanOrEqualToThreshold" => "at or above",
        "LessThanThreshold" => "below",
        _ => "at or below",
    };
    let unit = match spec.metric.as_str() {
        metric if metrics::is_percentage(metric) => " %",
        "GlobalDatastoreReplicationLag" | "ReplicationLag" => " s",
        "BytesUsedForCache" | "FreeableMemory" | "SwapUsage" => " bytes",
        "SuccessfulReadRequestLatency" | "SuccessfulWriteRequestLatency" => " microseconds",
        _ => "",
    };
    let time = |seconds: i32| match seconds {
        60 => "1 minute".to_owned(),
        seconds if seconds % 60 == 0 => format!("{} minutes", seconds / 60),
        seconds => format!("{seconds} seconds"),
    };
    let lasting = match spec.datapoints {
        Some(points) => format!("in {points} of {} periods of {}", spec.periods, time(spec.period)),
        None => format!("for {}", time(spec.period.saturating_mul(spec.periods))),
    };
    format!("{} of {member} {compared} {}{unit} {lasting}", spec.metric, spec.threshold)
}

/// The error of an invalid name or description: names are unique in account and Region and have 1 to 255 characters,
/// descriptions have at most 1024 (API model).
fn name_problem(desired: &DesiredAlarms) -> Option<Diagnostic> {
    let error = |summary: &str, detail: String| {
        Some(Diagnostic::error(summary, detail).at(Path::attribute("name_template")))
    };
    let composites = desired.composites.values().map(|it| (&it.name, &it.description));
    let all = desired.alarms.values().map(|it| (&it.name, &it.description)).chain(composites);
    let mut names = BTreeSet::new();
    for (name, description) in all {
        let name = name.text().unwrap_or_default();
        if !(1..=255).contains(&name.chars().count()) {
            return error(
                "Alarm name is too long",
                format!(
                    "An alarm name has 1 to 255 characters, but {name:?} has {}. Shorten `name_template`.",
                    name.chars().count()
                ),
            );
        }
        if name.contains('"') {
            return error(
                "Alarm name has a double quote",
                format!(
                    "The alarm name {name:?} has a double quote, which the rule of a composite alarm does not accept. Use \
                     {{alarm}} instead of {{metric}} in `name_template`."
                ),
            );
        }
        if !names.insert(name) {
            return error(
                "Duplicate alarm name",
                format!(
                    "Two alarms of the set have the name {name:?}. Use {{member}} and {{alarm}} in `name_template`, as in \
                     \"{}\".",
                    super::names::DEFAULT
                ),
            );
        }
        if description.text().is_some_and(|text| text.chars().count() > 1024) {
            return error(
                "Alarm description is too long",
                format!(
                    "The description of an alarm has at most 1024 characters, but that of {name:?} has more. Shorten \
                     `description`."
                ),
            );
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::{select, subsequence};

    use super::super::attributes::{GroupModel, MetricModel};
    use super::super::presets;
    use super::*;

    #[test]
    fn shard_is_derived_from_the_node() {
        assert_eq!(shard("main", "main-001"), "");
        assert_eq!(shard("main", "main-0002-001"), "0002");
        assert_eq!(shard("a-b", "a-b-0001-002"), "0001");
        assert_eq!(shard("main", "older-name"), "");
        let members = ["main-0001-001", "main-0001-002", "main-0002-001"].map(str::to_owned);
        assert!(has_replicas("main", &members, "main-0001-002"));
        assert!(!has_replicas("main", &members, "main-0002-001"));
        let adopted = ["older", "main-002"].map(str::to_owned);
        assert!(has_replicas("main", &adopted, "older"));
    }

    /// A set for these nodes with this preset, and these metrics disabled.
    fn set(members: &[String], preset: &str, off: &[&str]) -> AlarmSetModel {
        let entry = MetricModel { enabled: Field::Known(false), ..MetricModel::default() };
        let group = GroupModel {
            id: "main".into(),
            member_clusters: Field::Known(members.to_vec()),
            ..GroupModel::default()
        };
        AlarmSetModel {
            replication_group: Field::Known(group),
            preset: preset.into(),
            metrics: Field::Known(off.iter().map(|it| ((*it).to_owned(), entry.clone())).collect()),
            actions_enabled: Field::Known(true),
            ..AlarmSetModel::default()
        }
    }

    proptest! {
        /// Every node of every shard has an alarm for each metric that is not disabled, and for ReplicationLag if the
        /// shard has replicas.
        #[test]
        fn every_node_has_the_alarms_of_the_preset(
            cluster in any::<bool>(),
            shards in 1..5_usize,
            replicas in 0..4_usize,
            preset in select(presets::NAMES),
            off in subsequence(vec!["CPUUtilization", "Evictions", "ReplicationLag"], 0..=3),
        ) {
            let (mut members, mut expected) = (Vec::new(), BTreeMap::new());
            for shard in 1..=(if cluster { shards } else { 1 }) {
                for member in 1..=replicas + 1 {
                    let node = if cluster {
                        format!("main-{shard:04}-{member:03}")
                    } else {
                        format!("main-{member:03}")
                    };
                    for (metric, threshold) in presets::preset(preset) {
                        let without_replicas = metric == "ReplicationLag" && replicas == 0;
                        if !off.contains(&metric) && !without_replicas {
                            expected.insert(format!("{node}-{metric}"), (node.clone(), threshold));
                        }
                    }
                    members.push(node);
                }
            }
            let mut diags = Diagnostics::new();
            let Field::Known(desired) = desired_alarms(&set(&members, preset, &off), &mut diags) else {
                panic!("unknown alarms: {diags:?}");
            };
            prop_assert!(diags.is_empty());
            let found: BTreeMap<_, _> = desired.alarms.values().map(|alarm| {
                let dimensions = alarm.dimensions.known().unwrap();
                assert_eq!((dimensions.len(), dimensions["CacheNodeId"].as_str()), (2, "0001"));
                let row = (dimensions["CacheClusterId"].clone(), *alarm.threshold.known().unwrap());
                (alarm.name.text().unwrap().to_owned(), row)
            }).collect();
            prop_assert_eq!(found.len(), desired.alarms.len());
            prop_assert_eq!(found, expected);
        }
    }
}
