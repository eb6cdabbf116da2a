//! Attributes of `elasticache_serverless_cache_snapshot`.

use super::rules;
use crate::engine::TimeoutsModel;
use crate::engine::state::tags::Tags;
use crate::object;
use crate::resources::common::{forms, kms, validators};
use crate::schema::{
    Check, Equivalence, Reference, block, common, computed, optional, optional_computed, required,
};
use crate::value::{Field, Value};

object! {
    /// Manages a manual snapshot of an ElastiCache serverless cache, or a copy of a snapshot. The snapshot is taken
    /// when the resource is created; later applies do not take another one. AWS keeps the snapshot, and bills its
    /// storage, until it is deleted, also after the cache is deleted. A serverless cache is created from it with
    /// `snapshot_arns_to_restore`. See
    /// [CreateServerlessCacheSnapshot](https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateServerlessCacheSnapshot.html).
    pub struct ServerlessCacheSnapshotModel {
        /// Name of the snapshot, in lower case.
        id: Field<String> = computed(),
        /// Name of the snapshot: 1 to 255 letters, digits and single hyphens, beginning with a letter and not
        /// ending with a hyphen. Case is ignored: AWS stores the name in lower case. Changing this forces a new
        /// resource.
        name: Field<String> = required()
            .check(Check::Length(1, 255))
            .check(Check::By(validators::snapshot_name))
            .reference(Reference::Own)
            .equivalent_if(Equivalence::IgnoreCase)
            .replace(),
        /// Serverless cache of which the snapshot is taken. Exactly one of `serverless_cache_name` and
        /// `source_snapshot_name` is required. If omitted, the cache of the copied snapshot. Changing this forces a new
        /// resource.
        serverless_cache_name: Field<String> = optional_computed()
            .equivalent_if(Equivalence::IgnoreCase)
            .forces_replacement_if(both_given),
        /// Snapshot of a serverless cache to copy, manual or automatic. If omitted, a snapshot of `serverless_cache_name` is
        /// taken. Changing this forces a new resource; removing it does not.
        source_snapshot_name: Field<String> = optional()
            .directive()
            .equivalent_if(Equivalence::IgnoreCase)
            .forces_replacement_if(both_given)
            .not_readable("AWS does not return the source of a copy"),
        /// KMS key that encrypts the snapshot: its ID, ARN or alias. If omitted, the key of the cache or of the copied
        /// snapshot is used. Changing this forces a new resource.
        kms_key_id: Field<String> = forms::kms_key(optional_computed())
            .equivalent_if(Equivalence::By(kms::same_key))
            .replace(),
        /// S3 bucket of the same Region to which the snapshot is exported as RDB files, for Valkey and Redis OSS only;
        /// ElastiCache must have access to the bucket. Another bucket is a further export. The files are not managed: they
        /// are neither read nor deleted. If omitted, the snapshot is not exported.
        s3_bucket_name: Field<String> = optional()
            .check(Check::Length(3, 63))
            .check(Check::Pattern(&rules::BUCKET, "the name of a bucket: lower-case letters, digits, hyphens and dots"))
            .reference(Reference::Foreign)
            .not_readable("AWS does not return exports"),
        /// Whether the snapshot is kept when the resource is destroyed: Terraform then only removes it from the
        /// state. A snapshot whose creation was interrupted is deleted.
        skip_destroy: Field<bool> = optional().default(false).not_readable("Kept in the state only"),
        contents: ContentsModel,
        region: Field<String> = common::region(),
        tags: Field<Tags> = common::tags(),
        tags_all: Field<Tags> = common::tags_all(),
        timeouts: Field<TimeoutsModel> = block(),
    }
}

object! {
    /// What AWS returns of a snapshot.
    pub struct ContentsModel {
        /// ARN of the snapshot.
        arn: Field<String> = computed(),
        /// Status of the snapshot, such as `available`.
        status: Field<String> = computed(),
        /// Type of the snapshot, such as `manual`.
        snapshot_type: Field<String> = computed(),
        /// Time at which the data of the cache was obtained for the snapshot, in RFC 3339 format.
        create_time: Field<String> = computed(),
        /// Time at which AWS deletes the snapshot, in RFC 3339 format; null for one that is retained.
        expiry_time: Field<String> = computed(),
        /// Size of the data in bytes.
        bytes_used_for_cache: Field<i64> = computed(),
        /// Engine of the cache: `valkey`, `redis` or `memcached`.
        engine: Field<String> = computed(),
        /// Major engine version of the cache.
        major_engine_version: Field<String> = computed(),
    }
}

/// What an import does not find is no other source, and what is not known yet may be one.
fn both_given(prior: &Value, planned: &Value) -> bool {
    let is_given = |value: &Value| !value.is_null() && !value.is_empty();
    is_given(prior) && is_given(planned)
}

impl ServerlessCacheSnapshotModel {
    /// The name as AWS stores it.
    pub(super) fn aws_name(&self) -> String {
        self.name.known().map(|name| name.to_lowercase()).unwrap_or_default()
    }
}
