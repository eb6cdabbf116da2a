//! Attributes of `elasticache_alarm_set`.

use std::collections::{BTreeMap, BTreeSet};

use super::{names, presets, rules};
use crate::engine::TimeoutsModel;
use crate::engine::state::tags::Tags;
use crate::object;
use crate::resources::common::alarm::rules as cloudwatch;
use crate::resources::common::alarm::suppressor::SuppressorModel;
use crate::resources::common::connection;
use crate::schema::{Attribute, Check, block, common, computed, optional};
use crate::value::Field;

/// A set of ARNs.
pub(super) type Arns = BTreeSet<String>;

/// Alarms by key.
pub(super) type Alarms<A> = BTreeMap<String, A>;

object! {
    /// Manages CloudWatch alarms for every node of a replication group, or for a serverless cache. When nodes are
    /// added or removed, their alarms change in the same apply, because `replication_group` refers to the
    /// replication group. A preset selects the alarms; `metrics` changes, disables and adds alarms. If an alarm is
    /// changed or deleted outside of Terraform, the next apply restores it alone. Alarms that are not in the state
    /// are not changed or deleted. CloudWatch bills each alarm. See
    /// [PutMetricAlarm](https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html).
    pub struct AlarmSetModel {
        /// The replication group, as in `replication_group = elasticache_replication_group.this`. Only the attributes below
        /// are stored. An object with `id` and `member_clusters` is accepted as well. If omitted, `serverless_cache_name` is
        /// required.
        replication_group: Field<GroupModel> = optional().verbatim(),
        /// Name of the serverless cache, as in `serverless_cache_name = elasticache_serverless_cache.this.name`. The
        /// alarms have the dimension `clusterId`. The thresholds for stored data and ECPUs are 75 % of the maxima of the
        /// cache: each read finds these, and the next apply changes the alarms with them. If omitted, `replication_group` is
        /// required.
        serverless_cache_name: Field<String> = connection::serverless_cache_name(&["replication_group"]),
        /// The alarms of every node, which `metrics` then changes: `cache`, `basic`, `broker` or `none`. `cache` is for
        /// caches of query results: CPUUtilization > 75 % and DatabaseMemoryUsagePercentage > 85 % for 10 minutes,
        /// Evictions > 1000 in 5 minutes, CacheHitRate < 70 % for 15 minutes and, for shards with replicas,
        /// ReplicationLag > 5 s for 5 minutes. `basic` has CPUUtilization and DatabaseMemoryUsagePercentage > 80 % for 10
        /// minutes. `broker` is for queues: CPUUtilization > 75 % and DatabaseMemoryUsagePercentage > 80 % for 10 minutes.
        /// `none` has no alarms. The period of all alarms is 5 minutes; the statistic of Evictions is the sum, of the
        /// others the average. For a secondary of a global datastore, each of them also has
        /// GlobalDatastoreReplicationLag > 5 s for 5 minutes. For a serverless cache, `basic` and `broker` have
        /// ThrottledCmds > 0 in 5 minutes, BytesUsedForCache > 75 % of the maximum of data storage for 10 minutes, and
        /// ElastiCacheProcessingUnits > 75 % of the maximum of ECPUs for 10 minutes, the last two if the cache has that
        /// maximum; `cache` also has Evictions > 1000 in 5 minutes, CacheHitRate < 70 % for 15 minutes, and
        /// SuccessfulReadRequestLatency and SuccessfulWriteRequestLatency > 10000 microseconds for 10 minutes. For a
        /// serverless cache with the engine Memcached, ElastiCache does not publish CacheHitRate, so there is no alarm on it.
        preset: Field<String> = optional().check(Check::OneOf(presets::NAMES)).default(presets::DEFAULT)
            .not_readable("Recognized only if the alarms are exactly those of one preset"),
        /// Changes to the alarms of the preset, and further alarms. The key is the name of the metric, or any name if
        /// `metric_name` is set. Omitted arguments are those of the preset. For metrics that are not in the preset, these
        /// are the defaults, all with periods of 5 minutes: EngineCPUUtilization > 90 % for 10 minutes; FreeableMemory
        /// and CurrConnections for 10 minutes, with a required `threshold`, which depends on node type and application;
        /// SwapUsage > 52428800 bytes for 10 minutes; NetworkBandwidthInAllowanceExceeded and
        /// NetworkBandwidthOutAllowanceExceeded > 0 packets in each of two periods. For a serverless cache, only the
        /// metrics of its presets have defaults, and CurrConnections, with a required `threshold`. Other metrics require `threshold`,
        /// `comparison_operator` and `statistic`. If omitted, the alarms are those of the preset.
        metrics: Field<BTreeMap<String, MetricModel>> = optional().check(Check::By(rules::keys))
            .not_readable("AWS returns the alarms, not the arguments of the set"),
        /// Template of the alarm names, with the placeholders `{id}` (the ID of the replication group, or the name of the
        /// serverless cache), `{member}` (the node, or the same as `{id}` for an alarm with scope `group` and for a serverless
        /// cache), `{metric}` and `{alarm}` (the key in
        /// `metrics`). Alarm names are unique in the account and the Region, so the template requires `{alarm}`, and
        /// `{member}` or `{id}`.
        name_template: Field<String> = name_template().default(names::DEFAULT),
        /// Whether the alarms perform their actions.
        actions_enabled: Field<bool> = optional().default(true),
        /// ARNs of at most 5 actions, such as SNS topics, that an alarm performs when it enters the state ALARM. With
        /// `composite_alarm`, only the composite alarm performs them, and other alarms only the actions in `metrics`. If
        /// omitted, the alarms perform none.
        alarm_actions: Field<Arns> = cloudwatch::actions(),
        /// ARNs of at most 5 actions that an alarm performs when it enters the state OK, as in `alarm_actions`. If omitted,
        /// the alarms perform none.
        ok_actions: Field<Arns> = cloudwatch::actions(),
        /// ARNs of at most 5 actions that an alarm performs when it enters the state INSUFFICIENT_DATA, as in
        /// `alarm_actions`. If omitted, the alarms perform none.
        insufficient_data_actions: Field<Arns> = cloudwatch::actions(),
        /// A composite alarm that is in the state ALARM while at least one alarm of the set is, so that one notification is
        /// sent instead of one for each node; `{}` uses the defaults. A composite alarm has [at most 100
        /// alarms](https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html): for more,
        /// composite alarms named `<name>-1`, `<name>-2` and so on are created, and one over these. If omitted, no
        /// composite alarm is created.
        composite_alarm: Field<CompositeModel> = optional(),
        /// Whether existing alarms with names of the set are taken over and changed. If `false`, such an alarm is an error
        /// unless it is exactly as the set would create it.
        overwrite: Field<bool> = optional().default(false).directive()
            .not_readable("Used when alarms are written"),
        /// ID of the replication group, or `serverlesscache:` and the name of the serverless cache.
        id: Field<String> = computed(),
        /// Maximum usage limits of the serverless cache, as AWS returns them; null without `serverless_cache_name`.
        serverless_cache_maxima: Field<MaximaModel> = computed(),
        /// Engine of the serverless cache, as AWS returns it; null without `serverless_cache_name`.
        serverless_cache_engine: Field<String> = computed(),
        /// Names of the alarms, including composite alarms. The plan of an added node shows the names of its alarms.
        alarm_names: Field<BTreeSet<String>> = computed(),
        /// The alarms by `<node>/<key>`, by `<replication group>/<key>` for scope `group`, or by
        /// `<serverless cache>/<key>`. In the plan of an added node, an alarm that another node has unchanged is known
        /// after apply.
        alarms: Field<Alarms<AlarmModel>> = computed(),
        /// The composite alarms by `all`, and by `part-001` and so on if there are several. Empty without
        /// `composite_alarm`.
        composite_alarms: Field<Alarms<CompositeAlarmModel>> = computed(),
        region: Field<String> = common::region(),
        tags: Field<Tags> = common::tags(),
        tags_all: Field<Tags> = common::tags_all(),
        timeouts: Field<TimeoutsModel> = block(),
    }
}

object! {
    /// The attributes of a replication group that alarms require.
    pub struct GroupModel {
        /// ID of the replication group. If omitted, the plan fails.
        id: Field<String> = optional(),
        /// IDs of the nodes. If omitted, the plan fails.
        member_clusters: Field<Vec<String>> = optional(),
        /// Region of the replication group. If omitted, it is not compared with the Region of the alarms.
        region: Field<String> = optional(),
        /// Role of the replication group in a global datastore: `PRIMARY` or `SECONDARY`. The preset of a secondary has an
        /// alarm on the lag behind the primary. If omitted, the replication group is no secondary.
        global_replication_group_role: Field<String> = optional(),
    }
}

object! {
    /// Maximum usage limits of a serverless cache.
    pub struct MaximaModel {
        /// Maximum of the data, in GB; null without one.
        data_storage: Field<i32> = computed(),
        /// Maximum of the ECPUs per second; null without one.
        ecpu_per_second: Field<i32> = computed(),
    }
}

object! {
    /// An entry of `metrics`.
    pub struct MetricModel {
        /// Whether the alarm exists; `false` removes it from the preset. Defaults to `true`.
        enabled: Field<bool> = optional(),
        /// Name of the metric, for example for two alarms on one metric. Defaults to the key.
        metric_name: Field<String> = optional().check(Check::Length(1, 255)),
        /// Namespace of the metric. Defaults to `AWS/ElastiCache`.
        namespace: Field<String> = cloudwatch::namespace(),
        /// Scope of the alarms: `node` for an alarm on every node, with the dimensions `CacheClusterId` and `CacheNodeId`,
        /// or `group` for one alarm with the dimension `ReplicationGroupId`, which few metrics have. Defaults to `node`; a
        /// serverless cache accepts no other value.
        scope: Field<String> = optional().check(Check::OneOf(rules::SCOPES)),
        /// Dimensions instead of those of `scope`, for example of a custom metric. The values accept the placeholders of
        /// `name_template`. If omitted, `scope` sets the dimensions.
        dimensions: Field<BTreeMap<String, String>> = optional()
            .check(Check::By(rules::dimensions))
            .check(Check::Each(Box::new(Check::By(rules::text_template)))),
        /// Statistic of the metric: `SampleCount`, `Average`, `Sum`, `Minimum`, `Maximum`, or another such as `p95`. If
        /// omitted, the default of the metric is used.
        statistic: Field<String> = optional().check(Check::By(cloudwatch::any_statistic)),
        /// Comparison of the value with the threshold: `GreaterThanOrEqualToThreshold`, `GreaterThanThreshold`,
        /// `LessThanThreshold` or `LessThanOrEqualToThreshold`. If omitted, the default of the metric is used.
        comparison_operator: Field<String> = optional().check(Check::OneOf(rules::OPERATORS)),
        /// Threshold in the unit of the metric; percentages are numbers from 0 to 100. If omitted, the default of the
        /// preset or of the metric is used.
        threshold: Field<f64> = optional(),
        /// Length of a data point in seconds: 10, 20, 30 or a multiple of 60. Defaults to `300`.
        period: Field<i32> = optional().check(Check::By(cloudwatch::alarm_period)),
        /// Number of periods that are evaluated. If omitted, the default of the metric is used, and for other metrics `1`.
        evaluation_periods: Field<i32> = optional().check(Check::AtLeast(1)),
        /// Number of the `evaluation_periods` that must breach the threshold. If omitted, all of them must.
        datapoints_to_alarm: Field<i32> = optional().check(Check::AtLeast(1)),
        /// How missing data points are treated: `missing`, `breaching`, `notBreaching` or `ignore` (the state of the alarm
        /// is kept). If omitted, it is `notBreaching` for CacheHitRate, which has no data without reads; for
        /// ReplicationLag, which only replicas publish, and a failover changes which nodes are replicas; and for Evictions
        /// and the allowances, which count events. It is also `notBreaching` for GlobalDatastoreReplicationLag, and for the
        /// metrics of a serverless cache except BytesUsedForCache. It is `missing` for other metrics: a node always
        /// publishes CPU, memory, swap and connections, so INSUFFICIENT_DATA indicates that its state is unknown.
        treat_missing_data: Field<String> = optional().check(Check::By(cloudwatch::missing_data)),
        /// Template of the alarm names. If omitted, the template of the set is used.
        name_template: Field<String> = name_template(),
        /// Template of the alarm descriptions, with the placeholders of `name_template`. If omitted, the description has
        /// the condition, such as `CPUUtilization of demo-001 above 75 % for 10 minutes`.
        description: Field<String> = description_template(),
        /// ARNs of actions that these alarms perform when they enter the state ALARM. If omitted, those of the set.
        alarm_actions: Field<Arns> = own_actions(),
        /// ARNs of actions that these alarms perform when they enter the state OK. If omitted, those of the set.
        ok_actions: Field<Arns> = own_actions(),
        /// ARNs of actions that these alarms perform when they enter the state INSUFFICIENT_DATA. If omitted, those of the
        /// set.
        insufficient_data_actions: Field<Arns> = own_actions(),
    }
}

object! {
    /// `composite_alarm`.
    pub struct CompositeModel {
        /// Template of the name, with the placeholder `{id}`. Defaults to `{id}-alarms`.
        name_template: Field<String> = name_template().check(Check::By(rules::composite_name)),
        /// Template of the description, with the placeholder `{id}`. If omitted, the description has the number of
        /// alarms.
        description: Field<String> = description_template(),
        /// Whether the composite alarm performs its actions. If omitted, `actions_enabled` of the set.
        actions_enabled: Field<bool> = optional(),
        actions_suppressor: Field<SuppressorModel> = optional().describe(
            "Another alarm that suppresses the actions of the composite alarm while it is in the state ALARM, such as one for \
             maintenance. If omitted, nothing suppresses them.",
        ),
        /// ARNs of actions that the composite alarm performs when it enters the state ALARM. If omitted, those of the set.
        alarm_actions: Field<Arns> = own_actions(),
        /// ARNs of actions that the composite alarm performs when it enters the state OK. If omitted, those of the set.
        ok_actions: Field<Arns> = own_actions(),
        /// ARNs of actions that the composite alarm performs when it enters the state INSUFFICIENT_DATA. If omitted, those
        /// of the set.
        insufficient_data_actions: Field<Arns> = own_actions(),
    }
}

object! {
    /// An entry of `alarms`: a planned or existing alarm.
    pub struct AlarmModel {
        /// Name of the alarm.
        name: Field<String> = computed(),
        /// ARN of the alarm.
        arn: Field<String> = computed(),
        /// Description of the alarm.
        description: Field<String> = computed(),
        /// Whether the alarm performs its actions.
        actions_enabled: Field<bool> = computed(),
        /// ARNs of its actions for the state ALARM.
        alarm_actions: Field<Arns> = computed(),
        /// ARNs of its actions for the state OK.
        ok_actions: Field<Arns> = computed(),
        /// ARNs of its actions for the state INSUFFICIENT_DATA.
        insufficient_data_actions: Field<Arns> = computed(),
        /// Tags of the alarm if they differ from `tags_all` of the set, otherwise null.
        tags: Field<Tags> = computed(),
        /// Namespace of the metric.
        namespace: Field<String> = computed(),
        /// Name of the metric.
        metric_name: Field<String> = computed(),
        /// Dimensions of the metric.
        dimensions: Field<BTreeMap<String, String>> = computed(),
        /// Statistic of the metric.
        statistic: Field<String> = computed(),
        /// Unit of the metric; null unless it was set outside of Terraform.
        unit: Field<String> = computed(),
        /// Comparison of the value with the threshold.
        comparison_operator: Field<String> = computed(),
        /// Threshold.
        threshold: Field<f64> = computed(),
        /// Length of a data point in seconds.
        period: Field<i32> = computed(),
        /// Number of periods that are evaluated.
        evaluation_periods: Field<i32> = computed(),
        /// Number of periods that must breach the threshold; null for all.
        datapoints_to_alarm: Field<i32> = computed(),
        /// How missing data points are treated.
        treat_missing_data: Field<String> = computed(),
    }
}

object! {
    /// An entry of `composite_alarms`.
    pub struct CompositeAlarmModel {
        /// Name of the alarm.
        name: Field<String> = computed(),
        /// ARN of the alarm.
        arn: Field<String> = computed(),
        /// Description of the alarm.
        description: Field<String> = computed(),
        /// Whether the alarm performs its actions.
        actions_enabled: Field<bool> = computed(),
        /// ARNs of its actions for the state ALARM.
        alarm_actions: Field<Arns> = computed(),
        /// ARNs of its actions for the state OK.
        ok_actions: Field<Arns> = computed(),
        /// ARNs of its actions for the state INSUFFICIENT_DATA.
        insufficient_data_actions: Field<Arns> = computed(),
        /// Tags of the alarm if they differ from `tags_all` of the set, otherwise null.
        tags: Field<Tags> = computed(),
        /// Rule over the other alarms.
        rule: Field<String> = computed(),
        /// Name of the alarm that suppresses its actions; null without one.
        suppressor: Field<String> = computed(),
        /// Seconds for which the actions wait for the suppressor; null without one.
        suppressor_wait_period: Field<i32> = computed(),
        /// Seconds for which the actions remain suppressed after the suppressor has left the state ALARM; null without one.
        suppressor_extension_period: Field<i32> = computed(),
    }
}

fn name_template() -> Attribute {
    optional().check(Check::Length(1, 255)).check(Check::By(rules::template))
}

fn description_template() -> Attribute {
    optional().check(Check::Length(0, 1024)).check(Check::By(rules::text_template))
}

/// Actions instead of those of the set. An empty set differs from an omitted one.
fn own_actions() -> Attribute {
    cloudwatch::actions().empty_is_value()
}

/// The common part of metric alarms and composite alarms.
pub(super) trait Alarm: Clone + PartialEq + Default {
    /// Name of the alarm.
    fn name(&self) -> &str;
    /// Its ARN.
    fn arn(&self) -> &Field<String>;
    /// The same with this ARN.
    fn with_arn(self, arn: Field<String>) -> Self;
    /// Its tags if they differ from those of the set.
    fn tags(&self) -> &Field<Tags>;
    /// The same with these tags.
    fn with_tags(self, tags: Field<Tags>) -> Self;
    /// The settings that are written to CloudWatch: all except ARN and tags.
    fn settings(&self) -> Self {
        self.clone().with_arn(Field::Null).with_tags(Field::Null)
    }
}

macro_rules! alarm {
    ($model:ty) => {
        impl Alarm for $model {
            fn name(&self) -> &str {
                self.name.text().unwrap_or_default()
            }
            fn arn(&self) -> &Field<String> {
                &self.arn
            }
            fn with_arn(self, arn: Field<String>) -> Self {
                Self { arn, ..self }
            }
            fn tags(&self) -> &Field<Tags> {
                &self.tags
            }
            fn with_tags(self, tags: Field<Tags>) -> Self {
                Self { tags, ..self }
            }
        }
    };
}

alarm!(AlarmModel);
alarm!(CompositeAlarmModel);

/// The names of alarms of both types.
pub(super) fn names<'a>(
    alarms: impl IntoIterator<Item = (&'a String, &'a AlarmModel)>,
    composites: impl IntoIterator<Item = (&'a String, &'a CompositeAlarmModel)>,
) -> BTreeSet<String> {
    let alarms = alarms.into_iter().map(|(_, alarm)| alarm.name());
    let composites = composites.into_iter().map(|(_, alarm)| alarm.name());
    alarms.chain(composites).map(str::to_owned).collect()
}

impl AlarmSetModel {
    /// The ID of the set: that of the replication group, or `serverlesscache:` and the name of the serverless cache.
    pub(super) fn set_id(&self) -> Field<String> {
        match &self.replication_group {
            Field::Known(group) => group.id.clone(),
            Field::Unknown => Field::Unknown,
            Field::Null => match &self.serverless_cache_name {
                Field::Known(name) => {
                    Field::Known(format!("{}{}", names::SERVERLESS_ID, name.to_lowercase()))
                }
                other => other.clone(),
            },
        }
    }

    /// The ID of the replication group, or the name of the serverless cache as AWS stores it, if it is known.
    pub(super) fn cache_id(&self) -> Option<String> {
        match self.replication_group.known() {
            Some(group) => group.id.text().map(str::to_owned),
            None => self.serverless_cache_name.text().map(str::to_lowercase),
        }
    }

    /// True if the alarms are those of a serverless cache.
    pub(super) fn is_serverless(&self) -> bool {
        self.replication_group.is_null() && !self.serverless_cache_name.is_null()
    }

    /// The same with the names of its alarms.
    pub(super) fn with_alarm_names(self) -> Self {
        let names = names(
            self.alarms.known().into_iter().flatten(),
            self.composite_alarms.known().into_iter().flatten(),
        );
        Self { alarm_names: Field::Known(names), ..self }
    }

    /// The alarms of the state.
    pub(super) fn existing_alarms(&self) -> Alarms<AlarmModel> {
        self.alarms.known().cloned().unwrap_or_default()
    }

    /// The composite alarms of the state.
    pub(super) fn existing_composites(&self) -> Alarms<CompositeAlarmModel> {
        self.composite_alarms.known().cloned().unwrap_or_default()
    }
}
