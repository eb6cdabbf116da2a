//! Attributes of the data source `elasticache_service_updates`.

use std::collections::BTreeSet;

use crate::object;
use crate::schema::{Attribute, Check, common, computed, optional};
use crate::services::elasticache::service_update::Filter;
use crate::value::Field;

object! {
    /// Lists the service updates of ElastiCache in the Region, newest first: security updates and engine updates for caches
    /// that consist of nodes. Serverless caches have none. Which caches an update still concerns is in
    /// `elasticache_service_update_actions`. See
    /// [DescribeServiceUpdates](https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DescribeServiceUpdates.html).
    pub struct ServiceUpdatesDataModel {
        /// Name of one service update. If omitted, all are listed; if no update has this name, none.
        service_update_name: Field<String> = optional().check(Check::Length(1, 255)),
        /// Statuses of the updates: `available`, `cancelled`, `expired`. If omitted, updates of every status are listed.
        status: Field<BTreeSet<String>> = statuses(),
        /// Region of the updates.
        id: Field<String> = computed(),
        /// Names of the updates, newest first.
        names: Field<Vec<String>> = computed(),
        /// The updates, newest first.
        service_updates: Field<Vec<ListedUpdateModel>> = computed(),
        region: Field<String> = common::region_to_ask(),
    }
}

object! {
    /// A service update.
    pub struct ListedUpdateModel {
        /// Name of the update.
        name: Field<String> = computed(),
        /// Description of the update by AWS.
        description: Field<String> = computed(),
        /// Status of the update: `available`, `cancelled` or `expired`.
        status: Field<String> = computed(),
        /// Severity of the update: `critical`, `important`, `medium` or `low`.
        severity: Field<String> = computed(),
        /// Type of the update, such as `security-update`.
        r#type: Field<String> = computed(),
        /// Engine that the update applies to.
        engine: Field<String> = computed(),
        /// Engine version that the update applies to.
        engine_version: Field<String> = computed(),
        /// Time of the release, in RFC 3339 format.
        release_date: Field<String> = computed(),
        /// Time by which AWS recommends to apply the update, in RFC 3339 format.
        recommended_apply_by_date: Field<String> = computed(),
        /// Time from which the update is no longer available, in RFC 3339 format.
        end_date: Field<String> = computed(),
        /// Whether AWS applies the update by itself, in a maintenance window after the recommended date.
        auto_update_after_recommended_apply_by_date: Field<bool> = computed(),
        /// Time that AWS estimates for the update, as a text such as `30 minutes per node`.
        estimated_update_time: Field<String> = computed(),
    }
}

/// Statuses of service updates. The limit is that of the API model.
pub(in crate::data_sources) fn statuses() -> Attribute {
    optional().check(Check::MaxItems(3)).check(Check::Each(Box::new(Check::OneOf(&[
        "available",
        "cancelled",
        "expired",
    ]))))
}

impl ServiceUpdatesDataModel {
    /// What is searched for.
    pub(super) fn filter(&self) -> Filter {
        Filter {
            name: self.service_update_name.text().map(str::to_owned),
            statuses: self.status.known().into_iter().flatten().cloned().collect(),
        }
    }
}
