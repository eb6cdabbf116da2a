//! The set as a typed model.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::TimeoutsModel;
use crate::engine::state::tags::Tags;
use crate::model;
use crate::value::Field;

/// A set of ARNs.
pub(super) type Arns = BTreeSet<String>;

model! {
    /// An `elasticache_alarm_set`; the schema says what each attribute means.
    pub struct AlarmSetModel {
        /// Id of the group.
        id: Field<String>,
        /// The group, or as much of it as alarms need.
        replication_group: Field<GroupModel>,
        /// Which alarms there are to begin with.
        preset: Field<String>,
        /// Alarms beside the preset, and what is to be other than there; by key.
        metrics: Field<BTreeMap<String, MetricModel>>,
        /// Template of the alarms' names.
        name_template: Field<String>,
        /// Whether the actions are taken.
        actions_enabled: Field<bool>,
        /// Actions on ALARM.
        alarm_actions: Field<Arns>,
        /// Actions on OK.
        ok_actions: Field<Arns>,
        /// Actions on INSUFFICIENT_DATA.
        insufficient_data_actions: Field<Arns>,
        /// One alarm over all others.
        composite_alarm: Field<CompositeModel>,
        /// Takes over what is there.
        overwrite: Field<bool>,
        /// The alarms, by node and key.
        alarms: Field<BTreeMap<String, AlarmModel>>,
        /// The composite alarms.
        composite_alarms: Field<BTreeMap<String, CompositeAlarmModel>>,
        /// Region.
        region: Field<String>,
        /// Own tags.
        tags: Field<Tags>,
        /// All tags.
        tags_all: Field<Tags>,
        /// How long to wait.
        timeouts: Field<TimeoutsModel>,
    }
}

model! {
    /// What alarms need of a replication group.
    pub struct GroupModel {
        /// Id.
        id: Field<String>,
        /// Names of the nodes.
        member_clusters: Field<Vec<String>>,
        /// Region.
        region: Field<String>,
    }
}

model! {
    /// An entry of `metrics`.
    pub struct MetricModel {
        /// Whether there is an alarm.
        enabled: Field<bool>,
        /// Metric; the key when not given.
        metric_name: Field<String>,
        /// Namespace.
        namespace: Field<String>,
        /// One alarm for each node, or one for the group.
        scope: Field<String>,
        /// Templates of dimensions.
        dimensions: Field<BTreeMap<String, String>>,
        /// Statistic, plain or extended.
        statistic: Field<String>,
        /// How value and threshold are compared.
        comparison_operator: Field<String>,
        /// Threshold.
        threshold: Field<f64>,
        /// Seconds of one data point.
        period: Field<i32>,
        /// Periods that are looked at.
        evaluation_periods: Field<i32>,
        /// Periods among them that must breach.
        datapoints_to_alarm: Field<i32>,
        /// What a missing data point counts as.
        treat_missing_data: Field<String>,
        /// Template of the name.
        name_template: Field<String>,
        /// Template of the description.
        description: Field<String>,
        /// Actions on ALARM.
        alarm_actions: Field<Arns>,
        /// Actions on OK.
        ok_actions: Field<Arns>,
        /// Actions on INSUFFICIENT_DATA.
        insufficient_data_actions: Field<Arns>,
    }
}

model! {
    /// `composite_alarm`.
    pub struct CompositeModel {
        /// Template of the name.
        name_template: Field<String>,
        /// Description.
        description: Field<String>,
        /// Actions on ALARM.
        alarm_actions: Field<Arns>,
        /// Actions on OK.
        ok_actions: Field<Arns>,
        /// Actions on INSUFFICIENT_DATA.
        insufficient_data_actions: Field<Arns>,
    }
}

model! {
    /// An entry of `alarms`: one alarm as it is to be, or as CloudWatch shows it.
    pub struct AlarmModel {
        /// Name.
        name: Field<String>,
        /// ARN.
        arn: Field<String>,
        /// Description.
        description: Field<String>,
        /// Namespace.
        namespace: Field<String>,
        /// Metric.
        metric_name: Field<String>,
        /// Dimensions.
        dimensions: Field<BTreeMap<String, String>>,
        /// Statistic, plain or extended.
        statistic: Field<String>,
        /// Unit; never ours.
        unit: Field<String>,
        /// How value and threshold are compared.
        comparison_operator: Field<String>,
        /// Threshold.
        threshold: Field<f64>,
        /// Seconds of one data point.
        period: Field<i32>,
        /// Periods that are looked at.
        evaluation_periods: Field<i32>,
        /// Periods among them that must breach; null when all.
        datapoints_to_alarm: Field<i32>,
        /// What a missing data point counts as.
        treat_missing_data: Field<String>,
        /// Whether the actions are taken.
        actions_enabled: Field<bool>,
        /// Actions on ALARM.
        alarm_actions: Field<Arns>,
        /// Actions on OK.
        ok_actions: Field<Arns>,
        /// Actions on INSUFFICIENT_DATA.
        insufficient_data_actions: Field<Arns>,
        /// Tags, where they are not those of the set.
        tags: Field<Tags>,
    }
}

model! {
    /// An entry of `composite_alarms`.
    pub struct CompositeAlarmModel {
        /// Name.
        name: Field<String>,
        /// ARN.
        arn: Field<String>,
        /// Description.
        description: Field<String>,
        /// Rule over other alarms.
        rule: Field<String>,
        /// Whether the actions are taken.
        actions_enabled: Field<bool>,
        /// Actions on ALARM.
        alarm_actions: Field<Arns>,
        /// Actions on OK.
        ok_actions: Field<Arns>,
        /// Actions on INSUFFICIENT_DATA.
        insufficient_data_actions: Field<Arns>,
        /// Tags, where they are not those of the set.
        tags: Field<Tags>,
    }
}

/// An alarm of either kind, as far as both are alike.
pub(super) trait Alarm: Clone + PartialEq + Default {
    /// Name of the alarm.
    fn name(&self) -> &str;
    /// Its ARN.
    fn arn(&self) -> &Field<String>;
    /// The same with this ARN.
    fn with_arn(self, arn: Field<String>) -> Self;
    /// Its tags, where they are not those of the set.
    fn tags(&self) -> &Field<Tags>;
    /// The same with these tags.
    fn with_tags(self, tags: Field<Tags>) -> Self;
    /// What is written to CloudWatch: all but ARN and tags.
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

/// Alarms by key.
pub(super) type Alarms<A> = BTreeMap<String, A>;

impl AlarmSetModel {
    /// The id of the group.
    pub(super) fn group_id(&self) -> Field<String> {
        match &self.replication_group {
            Field::Known(group) => group.id.clone(),
            Field::Unknown => Field::Unknown,
            Field::Null => Field::Null,
        }
    }

    /// The alarms of the state.
    pub(super) fn alarms_there(&self) -> Alarms<AlarmModel> {
        self.alarms.known().cloned().unwrap_or_default()
    }

    /// The composite alarms of the state.
    pub(super) fn composites_there(&self) -> Alarms<CompositeAlarmModel> {
        self.composite_alarms.known().cloned().unwrap_or_default()
    }
}
