//! Attributes of the data source `elasticache_service_update_actions`.

use std::collections::BTreeSet;

use aws_sdk_elasticache::types::TimeRangeFilter;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

use crate::data_sources::service_updates::statuses;
use crate::object;
use crate::resources::common::validators;
use crate::resources::service_update::ActionModel;
use crate::schema::{Attribute, Check, common, computed, optional};
use crate::services::elasticache::update_action::Filter;
use crate::value::Field;

object! {
    /// Lists the update actions of the Region that match every argument: each is a service update for one replication group
    /// or one cluster. AWS lists those of a new cache about ten minutes after its creation. Serverless caches have none.
    /// See
    /// [DescribeUpdateActions](https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DescribeUpdateActions.html).
    pub struct ServiceUpdateActionsDataModel {
        /// ID of one replication group. If omitted, `replication_group_ids` applies.
        replication_group_id: Field<String> = optional()
            .check(Check::Length(1, 40))
            .conflicts(&["cache_cluster_id", "replication_group_ids"]),
        /// ID of one cluster that belongs to no replication group. If omitted, `cache_cluster_ids` applies.
        cache_cluster_id: Field<String> = optional()
            .check(Check::Length(1, 50))
            .conflicts(&["cache_cluster_ids", "replication_group_id"]),
        /// IDs of replication groups, at most 20. If omitted, update actions of all caches are listed, unless
        /// another argument names a cache.
        replication_group_ids: Field<BTreeSet<String>> = ids(40).conflicts(&["replication_group_id"]),
        /// IDs of clusters that belong to no replication group, at most 20. If omitted, update
        /// actions of all caches are listed, unless another argument names a cache.
        cache_cluster_ids: Field<BTreeSet<String>> = ids(50).conflicts(&["cache_cluster_id"]),
        /// Name of the service update. If omitted, update actions of all service updates are listed.
        service_update_name: Field<String> = optional().check(Check::Length(1, 255)),
        /// Engine of the service update: `valkey`, `redis` or `memcached`. If omitted, update actions for every
        /// engine are listed.
        engine: Field<String> = optional().check(Check::OneOf(&["valkey", "redis", "memcached"])),
        /// Statuses of the service updates: `available`, `cancelled`, `expired`. If omitted, update actions of
        /// service updates of every status are listed.
        service_update_status: Field<BTreeSet<String>> = statuses(),
        /// Time in which the service updates are available. If omitted, the time makes no difference.
        service_update_time_range: Field<TimeRangeModel> = optional(),
        /// Statuses of the update actions: `not-applied`, `waiting-to-start`, `in-progress`, `stopping`, `stopped`,
        /// `complete`, `scheduling`, `scheduled`, `not-applicable`. If omitted, update actions of every status are
        /// listed.
        update_action_status: Field<BTreeSet<String>> = optional()
            .check(Check::MaxItems(9))
            .check(Check::Each(Box::new(Check::OneOf(&[
                "not-applied",
                "waiting-to-start",
                "in-progress",
                "stopping",
                "stopped",
                "complete",
                "scheduling",
                "scheduled",
                "not-applicable",
            ])))),
        /// Whether to read the status of each node. If omitted, `nodes` is empty.
        show_node_level_update_status: Field<bool> = optional(),
        /// Region of the update actions.
        id: Field<String> = computed(),
        /// The update actions, by service update and cache.
        update_actions: Field<Vec<ListedActionModel>> = computed(),
        region: Field<String> = common::region_to_ask(),
    }
}

object! {
    /// A range of time.
    pub struct TimeRangeModel {
        /// Start of the range, in RFC 3339 format. If omitted, the range has no start.
        start_time: Field<String> = optional().check(Check::By(validators::time)),
        /// End of the range, in RFC 3339 format. If omitted, the range has no end.
        end_time: Field<String> = optional().check(Check::By(validators::time)),
    }
}

object! {
    /// A service update for one cache.
    pub struct ListedActionModel {
        /// Name of the service update.
        service_update_name: Field<String> = computed(),
        /// ID of the replication group; null for a cluster.
        replication_group_id: Field<String> = computed(),
        /// ID of the cluster; null for a replication group.
        cache_cluster_id: Field<String> = computed(),
        /// Status of the update for the cache, such as `not-applied`, `scheduled` or `complete`.
        update_action_status: Field<String> = computed(),
        action: ActionModel,
    }
}

fn ids(longest: usize) -> Attribute {
    optional().check(Check::MaxItems(20)).check(Check::Each(Box::new(Check::Length(1, longest))))
}

fn parse(text: &str) -> Option<DateTime> {
    DateTime::from_str(text, Format::DateTimeWithOffset).ok()
}

impl ServiceUpdateActionsDataModel {
    /// What is searched for.
    pub(super) fn filter(&self) -> Filter {
        let text = |field: &Field<String>| field.text().map(str::to_owned);
        let each = |field: &Field<BTreeSet<String>>| -> Vec<String> {
            field.known().into_iter().flatten().cloned().collect()
        };
        let lower = |one: &Field<String>, many: &Field<BTreeSet<String>>| -> Vec<String> {
            text(one).into_iter().chain(each(many)).map(|id| id.to_lowercase()).collect()
        };
        let range = self.service_update_time_range.known().map(|range| {
            TimeRangeFilter::builder()
                .set_start_time(range.start_time.text().and_then(parse))
                .set_end_time(range.end_time.text().and_then(parse))
                .build()
        });
        Filter {
            service_update_name: text(&self.service_update_name),
            replication_group_ids: lower(&self.replication_group_id, &self.replication_group_ids),
            cache_cluster_ids: lower(&self.cache_cluster_id, &self.cache_cluster_ids),
            engine: text(&self.engine),
            service_update_statuses: each(&self.service_update_status),
            time_range: range.filter(|range| range.start_time.is_some() || range.end_time.is_some()),
            statuses: each(&self.update_action_status),
            with_nodes: self.show_node_level_update_status.is_true(),
        }
    }
}
