//! Attributes of `elasticache_serverless_cache`.

use std::collections::BTreeSet;

use super::rules;
use crate::engine::TimeoutsModel;
use crate::engine::state::tags::Tags;
use crate::object;
use crate::resources::common::rbac::check_user_group_reference;
use crate::resources::common::{forms, kms, validators};
use crate::schema::{
    Check, Equivalence, Reference, block, common, computed, optional, optional_computed, required,
};
use crate::value::{Field, Value};

object! {
    /// Manages an ElastiCache serverless cache: a Valkey, Redis OSS or Memcached cache that scales by itself, without
    /// nodes to choose. TLS is always on, and clients connect in cluster mode. AWS accepts a change of one field per
    /// request, so a change of several arguments is sent one after the other, and the resource waits for each, which
    /// has the whole `update` timeout. See
    /// [CreateServerlessCache](https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateServerlessCache.html).
    pub struct ServerlessCacheModel {
        /// Name of the serverless cache, in lower case.
        id: Field<String> = computed(),
        /// Name of the serverless cache: 1 to 40 letters, digits and single hyphens, neither beginning nor ending
        /// with a hyphen. Case is ignored: AWS stores the name in lower case. Changing this forces a new resource.
        name: Field<String> = required()
            .check(Check::Length(1, 40))
            .check(Check::By(validators::serverless_cache_name))
            .reference(Reference::Own)
            .equivalent_if(Equivalence::IgnoreCase)
            .replace(),
        /// Engine: `valkey`, `redis` or `memcached`. `redis` can be changed to `valkey`, and `valkey` 7 to `redis`
        /// 7, in place; any other change of the engine is an error unless `allow_engine_replacement` is true.
        engine: Field<String> = required()
            .check(Check::By(rules::engine))
            .equivalent_if(Equivalence::IgnoreCase),
        /// Major version of the engine, such as `8` for Valkey, `7` for Redis OSS or `1.6` for Memcached. A later version
        /// is applied in place; an earlier one is an error unless `allow_engine_replacement` is true. If omitted, AWS
        /// chooses the version of a new cache, and an existing one keeps its version.
        major_engine_version: Field<String> = optional_computed()
            .check(Check::By(rules::major_version))
            .reference(Reference::Own),
        /// Full version of the running engine, such as `8.1`.
        full_engine_version: Field<String> = computed().recomputed_when(&["engine", "major_engine_version"]),
        /// Whether a change of `engine` or `major_engine_version` that AWS cannot make in place replaces the cache,
        /// which loses its data. While it is false, such a change is an error.
        allow_engine_replacement: Field<bool> = optional().default(false).directive()
            .not_readable("Kept in the state only"),
        /// Description, at most 255 characters without `<` and `>`. If omitted, the cache has none.
        description: Field<String> = optional()
            .check(Check::Length(0, 255))
            .check(Check::By(rules::description))
            .equivalent_if(Equivalence::By(both_blank)),
        /// Limits on the use of the cache. If omitted, only the quotas of the account limit it; a limit that is removed is
        /// removed from the cache.
        cache_usage_limits: Field<Vec<UsageLimitsModel>> = block().max(1),
        /// Days for which daily snapshots are kept, 0 to 35; 0 disables them. AWS bills the storage of snapshots.
        snapshot_retention_limit: Field<i32> = optional().default(0_i64).check(Check::Range(0, 35)),
        /// Time of day at which AWS takes the daily snapshot, in UTC, such as `09:00`. If omitted, AWS chooses.
        daily_snapshot_time: Field<String> = optional_computed()
            .check(Check::Pattern(&rules::TIME, "a time of day in UTC, such as \"09:00\"")),
        /// ARNs of the snapshots from which the cache is created: of a serverless cache, of a replication group, or of RDB
        /// files in S3. If omitted, the cache is created empty. Changing this forces a new resource; removing it does not.
        snapshot_arns_to_restore: Field<Vec<String>> = optional()
            .check(Check::Each(Box::new(Check::By(rules::snapshot_arn))))
            .reference(Reference::Foreign)
            .directive()
            .forces_replacement_if(both_given)
            .not_readable("Used when the cache is created"),
        /// Name of the snapshot that AWS takes before the cache is deleted. Case is ignored: AWS stores the name in
        /// lower case. A plan that deletes the cache fails while a snapshot of that name exists. A cache whose
        /// creation was interrupted is deleted without one. If omitted, no final snapshot is taken.
        final_snapshot_name: Field<String> = optional()
            .check(Check::By(validators::snapshot_name))
            .equivalent_if(Equivalence::IgnoreCase)
            .not_readable("Used when the cache is deleted"),
        /// Whether plan and apply refuse to delete the cache, also for `-replace`, `terraform taint` and a changed
        /// address. A cache that AWS failed to create can be replaced.
        deletion_protection: Field<bool> = optional().default(false).not_readable("Kept in the state only"),
        /// KMS key that encrypts the data at rest: its ID, ARN or alias. If omitted, ElastiCache uses a key of its own.
        /// Changing this forces a new resource.
        kms_key_id: Field<String> = forms::kms_key(optional_computed())
            .equivalent_if(Equivalence::By(kms::same_key))
            .replace(),
        /// Encryption at rest in effect, as AWS returns it.
        storage_encryption_type: Field<String> = computed(),
        /// IDs of the security groups of the VPC endpoint. Clients need the ports of `endpoint` and
        /// `reader_endpoint`. If omitted, AWS uses the default security group of the VPC.
        security_group_ids: Field<BTreeSet<String>> = forms::security_groups(optional_computed()),
        /// IDs of the subnets of the VPC endpoint, all of one VPC. If omitted, AWS chooses subnets of the default VPC.
        /// Changing this forces a new resource.
        subnet_ids: Field<BTreeSet<String>> = forms::subnets(optional_computed()).replace(),
        /// User group for role-based access control (RBAC), for Valkey and Redis OSS only: the ID of a user group;
        /// `default.iam-user-group` of AWS is one for a public cache. If omitted, every client that reaches the
        /// cache may use it.
        user_group_id: Field<String> = optional()
            .check(Check::By(check_user_group_reference))
            .reference(Reference::Own)
            .equivalent_if(Equivalence::IgnoreCase),
        /// IP protocol of the cache: `ipv4`, `ipv6` or `dual_stack`. If omitted, AWS chooses `ipv6` when all subnets are
        /// IPv6-only, and `ipv4` otherwise. Changing this forces a new resource.
        network_type: Field<String> = optional_computed()
            .check(Check::OneOf(&["ipv4", "ipv6", "dual_stack"]))
            .forces_replacement_if(both_given),
        /// Where the cache is reached from: `vpc`, or `public` for the internet, which requires Valkey 9 or later and a
        /// `user_group_id` whose users log in with IAM. If omitted, AWS chooses `vpc`. Changing this forces a new resource.
        connection_type: Field<String> = optional_computed()
            .check(Check::OneOf(&["vpc", "public"]))
            .forces_replacement_if(both_given),
        /// Address and port for reads and writes; one element once the cache is available.
        endpoint: Field<Vec<EndpointModel>> = computed(),
        /// Address and port for reads; one element once the cache is available. Its port differs from that of `endpoint`.
        reader_endpoint: Field<Vec<EndpointModel>> = computed(),
        /// Migration of data into the cache; one element while there is a migration.
        migration: Field<Vec<MigrationModel>> = computed(),
        /// ARN of the serverless cache.
        arn: Field<String> = computed(),
        /// Status of the cache, such as `available` or `modifying`.
        status: Field<String> = computed(),
        /// Time at which AWS created the cache, in RFC 3339 format.
        create_time: Field<String> = computed(),
        region: Field<String> = common::region(),
        tags: Field<Tags> = common::tags(),
        tags_all: Field<Tags> = common::tags_all(),
        timeouts: Field<TimeoutsModel> = block(),
    }
}

object! {
    /// Limits on the use of the cache.
    pub struct UsageLimitsModel {
        /// Limits of the data in the cache. If omitted, only the quotas of the account limit it.
        data_storage: Field<Vec<DataStorageModel>> = block().max(1),
        /// Limits of the ElastiCache Processing Units (ECPUs) per second. If omitted, only the quotas of the
        /// account limit them.
        ecpu_per_second: Field<Vec<EcpuPerSecondModel>> = block().max(1),
    }
}

object! {
    /// Limits of the data in the cache.
    pub struct DataStorageModel {
        /// Most data in the cache, 1 to 5000 in `unit`; at the limit, AWS evicts or refuses data. If omitted or `0`, there is
        /// no maximum.
        maximum: Field<i32> = optional().check(Check::By(rules::check_storage)),
        /// Storage that is billed and kept ready at all times, 1 to 5000 in `unit`. If omitted or `0`, there is no minimum.
        minimum: Field<i32> = optional().check(Check::By(rules::check_storage)),
        /// Unit of the limits: `GB`.
        unit: Field<String> = optional().default(rules::UNIT).check(Check::OneOf(&[rules::UNIT])),
    }
}

object! {
    /// Limits of the ElastiCache Processing Units (ECPUs) per second.
    pub struct EcpuPerSecondModel {
        /// Most ECPUs per second, 1000 to 15000000; above, AWS throttles requests. If omitted or `0`, there is no maximum.
        maximum: Field<i32> = optional().check(Check::By(rules::check_ecpu)),
        /// ECPUs per second that are billed and kept ready at all times, 1000 to 15000000. If omitted or `0`, there is no
        /// minimum.
        minimum: Field<i32> = optional().check(Check::By(rules::check_ecpu)),
    }
}

object! {
    /// Address and port.
    pub struct EndpointModel {
        /// DNS name.
        address: Field<String> = computed(),
        /// Port.
        port: Field<i32> = computed(),
    }
}

object! {
    /// A migration of data into the cache.
    pub struct MigrationModel {
        /// Status of the migration.
        status: Field<String> = computed(),
        /// How the migration ends.
        cutover_mode: Field<String> = computed(),
        /// Endpoint for applications during the migration.
        migration_endpoint: Field<Vec<EndpointModel>> = computed(),
    }
}

/// AWS returns one space where no description is set (hashicorp/terraform-provider-aws#45204).
fn both_blank(a: &Value, b: &Value) -> bool {
    let is_blank = |value: &Value| value.as_str().is_some_and(|text| text.trim().is_empty());
    is_blank(a) && is_blank(b)
}

/// What an import does not find is no other value, and what is not known yet may be one.
fn both_given(prior: &Value, planned: &Value) -> bool {
    let is_given = |value: &Value| !value.is_null() && !value.is_empty();
    is_given(prior) && is_given(planned)
}

impl ServerlessCacheModel {
    /// The name as AWS stores it.
    pub(super) fn aws_name(&self) -> String {
        self.name.known().map(|name| name.to_lowercase()).unwrap_or_default()
    }

    /// The engine as AWS writes it.
    pub(super) fn aws_engine(&self) -> Option<String> {
        self.engine.text().map(str::to_ascii_lowercase)
    }
}
