//! Arguments of the action `elasticache_create_snapshot`.

use crate::actions::replication_group::group_id;
use crate::object;
use crate::resources::common::forms;
use crate::resources::common::validators::snapshot_name;
use crate::schema::{Check, common, optional, required};
use crate::value::Field;

object! {
    /// Takes a snapshot of a replication group or of one node, and waits until it is available.
    ///
    /// No state holds the snapshot, and Terraform does not delete it: AWS keeps it, and bills its storage, until it is
    /// deleted. Each invocation requires a name that no snapshot has, so an action with a trigger requires one that
    /// changes, such as `"booking-${formatdate("YYYYMMDDhhmmss", timestamp())}"`. A snapshot that Terraform manages is
    /// an `elasticache_snapshot`.
    pub struct CreateSnapshotModel {
        /// Name of the snapshot: 1 to 255 letters, digits and single hyphens, beginning with a letter and not ending with a
        /// hyphen. Case is ignored: AWS stores the name in lower case.
        name: Field<String> = required().check(Check::Length(1, 255)).check(Check::By(snapshot_name)),
        /// ID of the replication group to take a snapshot of, with or without cluster mode. If omitted,
        /// `cache_cluster_id` is required.
        replication_group_id: Field<String> = group_id(optional()),
        /// ID of the node to take a snapshot of, such as a replica, which does not load the primary. Not supported with
        /// cluster mode. If omitted, `replication_group_id` is required.
        cache_cluster_id: Field<String> = optional()
            .check(Check::Length(1, 50))
            .conflicts(&["replication_group_id"]),
        /// KMS key that encrypts the snapshot: its ID, ARN or alias. If omitted, the key of the cache is used.
        kms_key_id: Field<String> = forms::kms_key(optional()).check(Check::Length(1, 2048)),
        region: Field<String> = common::region_of_action(),
        /// How long to wait for the snapshot, as a duration such as `30m`. Defaults to `60m`.
        timeout: Field<String> = optional().check(Check::By(common::check_duration)),
    }
}
