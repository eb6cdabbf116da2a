//! Attributes of the data source `elasticache_snapshot`.

use crate::engine::state::tags::Tags;
use crate::object;
use crate::resources::common::validators;
use crate::resources::snapshot::{SnapshotCacheModel, create_time};
use crate::schema::{Attribute, Check, Equivalence, common, computed, optional, optional_computed};
use crate::services::elasticache::snapshot::Filter;
use crate::value::Field;

object! {
    /// An existing snapshot: by name, or the newest one of a cache, which may be deleted. A replication group is restored
    /// from it with `snapshot_name`. Only available snapshots are found.
    pub struct SnapshotDataModel {
        /// Name of the snapshot. Case is ignored. One of this, `replication_group_id` and `cache_cluster_id` is required; if
        /// omitted, the name of the snapshot that is found.
        name: Field<String> = searched(),
        /// ID of the replication group of the snapshot. Automated snapshots of a replication group without cluster mode are
        /// of one of its nodes: search for them with `cache_cluster_id`. If omitted, snapshots of all caches are found.
        replication_group_id: Field<String> = searched(),
        /// ID of the node of the snapshot. If omitted, snapshots of all nodes are found.
        cache_cluster_id: Field<String> = searched(),
        snapshot_source: Field<String> = source(optional_computed()),
        created_after: Field<String> = created_after(),
        created_before: Field<String> = created_before(),
        /// Whether to use the newest of several snapshots that match. Defaults to `false`: several matches are an error.
        most_recent: Field<bool> = optional(),
        /// Name of the snapshot, in lower case.
        id: Field<String> = computed(),
        /// ARN of the snapshot.
        arn: Field<String> = computed(),
        /// Status of the snapshot: `available`, or `restoring` while a cache is restored from it.
        status: Field<String> = computed(),
        /// KMS key that encrypts the snapshot; null if an AWS owned key does.
        kms_key_id: Field<String> = computed(),
        region: Field<String> = common::region_to_ask(),
        tags: Field<Tags> = common::tags_shown(),
        snapshot_create_time: Field<String> = create_time(),
        cache: SnapshotCacheModel,
    }
}

fn searched() -> Attribute {
    optional_computed().check(Check::Length(1, 255)).equivalent_if(Equivalence::IgnoreCase)
}

/// `snapshot_source` of both data sources; in one of them it is computed as well.
pub(in crate::data_sources) fn source(attribute: Attribute) -> Attribute {
    attribute
        .describe(
            "Source of the snapshots: `manual`, which includes final snapshots of deleted caches, or `automated`. If omitted, \
             snapshots of both are found.",
        )
        .check(Check::OneOf(&["manual", "automated"]))
}

/// `created_after` of both data sources.
pub(in crate::data_sources) fn created_after() -> Attribute {
    optional()
        .describe(
            "Time in RFC 3339. Only snapshots whose data was taken after it are found, for example in the last day with \
             `timeadd(plantimestamp(), \"-24h\")`. If omitted, snapshots of any age are found.",
        )
        .check(Check::By(validators::time))
}

/// `created_before` of both data sources.
pub(in crate::data_sources) fn created_before() -> Attribute {
    optional().describe(
            "Time in RFC 3339. Only snapshots whose data was taken before it are found. If omitted, snapshots of any age are \
             found.",
        ).check(Check::By(validators::time))
}

impl SnapshotDataModel {
    /// The filter of the arguments.
    pub(super) fn filter(&self) -> Filter<'_> {
        Filter {
            name: self.name.text(),
            group: self.replication_group_id.text(),
            cluster: self.cache_cluster_id.text(),
            source: self.snapshot_source.text(),
            after: self.created_after.text(),
            before: self.created_before.text(),
        }
    }
}
