//! Attributes of `elasticache_dashboard`.

use std::collections::BTreeMap;

use super::validate;
use crate::engine::TimeoutsModel;
use crate::engine::state::tags::Tags;
use crate::object;
use crate::resources::common::connection;
use crate::schema::{Check, block, common, computed, optional, optional_computed, required};
use crate::value::Field;

/// Seconds of one data point if the configuration does not say.
pub(super) const PERIOD: i64 = 300;

object! {
    /// Manages a CloudWatch dashboard of one replication group or one serverless cache. The dashboard of a replication group
    /// has CPU, memory, evictions, connections, hit rate, replication lag, network, and commands by type, in cluster mode
    /// with a section for each shard. It follows the nodes: when replicas or shards are added or removed, the dashboard
    /// changes in the same apply. The dashboard of a serverless cache has ECPUs, data, throttled commands, latency,
    /// evictions, connections, hit rate, and network; for Memcached the graph of the hit rate is empty, because ElastiCache
    /// does not publish it. CloudWatch bills each dashboard beyond the first three of an account.
    pub struct DashboardModel {
        /// Name of the dashboard.
        id: Field<String> = computed(),
        /// Name of the dashboard: 1 to 255 letters, digits, hyphens and underscores. Dashboards are global, so it is
        /// unique in the account. If omitted, `elasticache-` and the ID of the replication group or the name of the
        /// serverless cache. Changing this forces a new resource.
        dashboard_name: Field<String> = optional_computed()
            .check(Check::Length(1, 255))
            .check(Check::Pattern(&validate::NAME, "letters, digits, hyphens and underscores"))
            .replace(),
        /// Replication group to show, as in `replication_group = elasticache_replication_group.this`. Only the
        /// attributes below are stored. An object with `id` and `member_clusters` is accepted as well. If omitted,
        /// `serverless_cache_name` is required.
        replication_group: Field<GroupModel> = optional().verbatim().directive()
            .not_readable("AWS returns the body, not the arguments that it is created from"),
        /// Name of the serverless cache to show, as in `serverless_cache_name = elasticache_serverless_cache.this.name`.
        /// If omitted, `replication_group` is required.
        serverless_cache_name: Field<String> = connection::serverless_cache_name(&["replication_group"]).directive()
            .not_readable("AWS returns the body, not the arguments that it is created from"),
        /// Alarm set whose thresholds are drawn into the graphs of its metrics, as in `alarm_set =
        /// elasticache_alarm_set.this`. If omitted, the graphs have no thresholds.
        alarm_set: Field<AlarmSetModel> = optional().verbatim().directive()
            .not_readable("AWS returns the body, not the arguments that it is created from"),
        /// Length of a data point of the graphs in seconds: 1, 5, 10, 30, or a multiple of 60.
        period: Field<i64> = optional().default(PERIOD).check(Check::By(validate::period)),
        /// Further widgets as a JSON list, placed below the others, as in `widgets = jsonencode([…])`. Each is an
        /// object of the [dashboard body
        /// structure](https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html);
        /// those without `x` and `y` are placed by CloudWatch. If omitted, there are none.
        widgets: Field<String> = optional().check(Check::By(validate::widgets)).equivalent_if(validate::SAME_JSON),
        /// Whether a create takes over an existing dashboard of this name and replaces its body. If `false`, an
        /// existing dashboard is an error; it can be imported.
        overwrite: Field<bool> = optional().default(false).directive()
            .not_readable("Used when the dashboard is created"),
        /// Body of the dashboard, as JSON.
        body: Field<String> = computed(),
        /// ARN of the dashboard.
        arn: Field<String> = computed(),
        region: Field<String> = common::region(),
        tags: Field<Tags> = common::tags(),
        tags_all: Field<Tags> = common::tags_all(),
        timeouts: Field<TimeoutsModel> = block(),
    }
}

object! {
    /// What a dashboard needs of a replication group.
    pub struct GroupModel {
        /// ID of the replication group.
        id: Field<String> = required(),
        /// IDs of its nodes. If omitted, those of `node_groups`.
        member_clusters: Field<Vec<String>> = optional(),
        /// Its shards. If omitted, or if there is one, the nodes are shown in one section.
        node_groups: Field<Vec<ShardModel>> = optional(),
        /// AWS Region of the replication group. If omitted, that of the dashboard.
        region: Field<String> = optional(),
    }
}

object! {
    /// A shard.
    pub struct ShardModel {
        /// ID of the shard. If omitted, the section has no title.
        node_group_id: Field<String> = optional(),
        /// Nodes of the shard. If omitted, the shard is not shown.
        nodes: Field<Vec<NodeModel>> = optional(),
    }
}

object! {
    /// A node.
    pub struct NodeModel {
        /// ID of the node. If omitted, the node is not shown.
        cache_cluster_id: Field<String> = optional(),
    }
}

object! {
    /// What a dashboard needs of an alarm set.
    pub struct AlarmSetModel {
        /// Its alarms. If omitted, the graphs have no thresholds.
        alarms: Field<BTreeMap<String, AlarmModel>> = optional(),
    }
}

object! {
    /// An alarm.
    pub struct AlarmModel {
        /// Metric of the alarm. If omitted, the alarm is not drawn.
        metric_name: Field<String> = optional(),
        /// Threshold of the alarm. If omitted, the alarm is not drawn.
        threshold: Field<f64> = optional(),
    }
}

impl DashboardModel {
    /// The name of a dashboard without `dashboard_name`; unknown while the cache is.
    pub(super) fn default_name(&self) -> Field<String> {
        let cache = match &self.replication_group {
            Field::Known(group) => &group.id,
            Field::Null => &self.serverless_cache_name,
            Field::Unknown => &Field::Unknown,
        };
        match cache {
            Field::Known(cache) => Field::Known(format!("elasticache-{}", cache.to_lowercase())),
            Field::Null | Field::Unknown => Field::Unknown,
        }
    }

    /// The name; empty while it is not known.
    pub(super) fn name(&self) -> &str {
        self.dashboard_name.text().unwrap_or_default()
    }
}
