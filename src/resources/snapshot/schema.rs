//! Schema of `elasticache_snapshot`.

use std::sync::LazyLock;

use regex_lite::Regex;

use super::shown;
use crate::resources::common::forms;
use crate::resources::common::{kms, validators};
use crate::schema::{Attribute, Block, Check, Equivalence, Reference, Schema, common, pattern};
use crate::value::{Type, Value};

/// User guide of S3, "General purpose bucket naming rules".
static BUCKET: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[a-z0-9][a-z0-9.-]*[a-z0-9]$"));

/// The schema.
pub(super) fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(build);
    &SCHEMA
}

fn build() -> Schema {
    Schema::of_resource(
        Block::new(
            "A snapshot that is taken when the resource is made, of a replication group or of one node; or a copy of a \
             snapshot, within ElastiCache or into a bucket. It is of that moment for ever: a later apply takes none. \
             AWS keeps it until it is deleted, also when the cache is gone, and a group is filled from it with \
             `snapshot_name`. To have the final snapshot of a destroyed group under Terraform's care, import it.",
        )
        .attributes(taken_of())
        .attributes([
            forms::kms_key(Attribute::optional_computed(
                "kms_key_id",
                Type::String,
                "KMS key that encrypts the snapshot: its ID, ARN or alias. If omitted, the key of the cache or of the \
                 copied snapshot is used. Changing this forces a new resource.",
            ))
            .check(Check::Length(1, 2048))
            .same_if(Equivalence::By(kms::same_key))
            .replace(),
            Attribute::optional(
                "skip_destroy",
                Type::Bool,
                "Whether the snapshot stays when the resource is destroyed. Terraform then just forgets it.",
            )
            .default(false),
            Attribute::computed("arn", Type::String, "ARN of the snapshot; none of one in a bucket."),
            common::region(),
        ])
        .attributes(shown::attributes())
        .attributes(common::tags())
        .block(common::timeouts()),
    )
}

fn taken_of() -> [Attribute; 6] {
    [
        Attribute::computed("id", Type::String, "Name of the snapshot, in lower case."),
        Attribute::required(
            "name",
            Type::String,
            "Name of the snapshot. AWS keeps it in lower case; the spelling here makes no difference. A change means a \
             new snapshot.",
        )
        .check(Check::Length(1, 255))
        .check(Check::By(validators::snapshot_name))
        .reference(Reference::Own)
        .same_if(Equivalence::IgnoreCase)
        .replace(),
        Attribute::optional_computed(
            "replication_group_id",
            Type::String,
            "Group to take the snapshot of, with or without cluster mode. Either this, `cache_cluster_id` or \
             `source_snapshot_name` is needed. Another one means a new snapshot. Of a copy, the group it came from.",
        )
        .same_if(Equivalence::IgnoreCase)
        .replace_if(both_given),
        Attribute::optional_computed(
            "cache_cluster_id",
            Type::String,
            "Node to take the snapshot of, such as a replica, so that the primary is spared. Not with cluster mode. \
             Another one means a new snapshot.",
        )
        .same_if(Equivalence::IgnoreCase)
        .replace_if(both_given),
        Attribute::optional(
            "source_snapshot_name",
            Type::String,
            "Snapshot to copy, a daily one too, which AWS would delete in time. Another one means a new copy; taking it \
             away does not.",
        )
        .directive()
        .same_if(Equivalence::IgnoreCase)
        .replace_if(both_given),
        Attribute::optional(
            "target_bucket",
            Type::String,
            "S3 bucket to copy the snapshot into, as files that begin with `name`; ElastiCache must be let write there. \
             The files are beyond this resource: they are neither looked at nor deleted. A change means a new copy.",
        )
        .check(Check::Length(3, 63))
        .check(Check::Pattern(&BUCKET, "the name of a bucket: lower-case letters, digits, hyphens and dots"))
        .reference(Reference::Foreign)
        .requires(&["source_snapshot_name"])
        .replace(),
    ]
}

/// What an import does not find is no other source; what is not known yet may be one.
fn both_given(prior: &Value, planned: &Value) -> bool {
    let given = |value: &Value| !value.is_null() && !value.is_empty();
    given(prior) && given(planned)
}
