//! Attributes of `elasticache_replication_group`. Names and shapes are those of hashicorp/aws; booleans are
//! booleans, and nothing defaults to a value that the configuration does not say.

use std::collections::{BTreeMap, BTreeSet};

use super::{default_groups, rules};
use crate::aws::Secret;
use crate::engine::state::tags::Tags;
use crate::engine::{PlanContext, TimeoutsModel};
use crate::object;
use crate::resources::common::rbac::{check_user_group_reference, same_ids};
use crate::resources::common::secret::Reference as SecretReference;
use crate::resources::common::{engine_version, forms, kms, node_type, secret, validators};
use crate::schema::{
    Check, Equivalence, Reference, block, common, computed, optional, optional_computed, required,
};
use crate::services::elasticache::identifier::stored_id;
use crate::value::{Field, SetOf, Value};

/// A plan of a replication group.
pub(super) type Plan<'a> = PlanContext<'a, ReplicationGroupModel>;

/// What gives the group new hosts. Nodes that come and go do not.
pub(super) const ENDPOINT_CAUSES: &[&str] =
    &["cluster_mode", "transit_encryption_enabled", "transit_encryption_mode"];

/// What changes the URL.
pub(super) const URL_CAUSES: &[&str] = &["endpoint", "port", "transit_encryption_active"];

/// What a secondary takes from its global datastore, or cannot have.
const DECIDED_BY_DATASTORE: &[&str] = &[
    "num_node_groups",
    "parameter_group_name",
    "engine",
    "engine_version",
    "node_type",
    "security_group_names",
    "transit_encryption_enabled",
    "transit_encryption_mode",
    "at_rest_encryption_enabled",
    "serverless_cache_snapshot_name",
    "snapshot_arns",
    "snapshot_name",
];

/// Why a read does not find an argument.
const STATE_ONLY: &str = "Kept in the state only";
const CREATE_ONLY: &str = "Used when the replication group is created";
const TOKEN_SOURCE: &str = "AWS does not return the source of an AUTH token";

/// What changes whether clients must send a token.
const CREDENTIAL_CAUSES: &[&str] = &[
    "auth_token",
    "auth_token_wo_version",
    "auth_token_secret_arn",
    "auth_token_secret_version_id",
    "user_group_ids",
];

/// What modifies the token.
const TOKEN_CAUSES: &[&str] = &[
    "auth_token",
    "auth_token_wo_version",
    "auth_token_secret_arn",
    "auth_token_secret_version_id",
    "auth_token_update_strategy",
    "user_group_ids",
];

object! {
    /// Manages a replication group: a Valkey or Redis OSS cache of one primary with replicas, or of several
    /// shards (cluster mode). Creating one takes AWS about ten minutes.
    pub struct ReplicationGroupModel {
        /// ID of the replication group, in lower case.
        id: Field<String> = computed(),
        /// ID of the replication group: 1 to 40 letters, digits and single hyphens, beginning with a letter and
        /// not ending with a hyphen. AWS stores it in lower case; case is ignored here. Changing this forces a
        /// new resource.
        replication_group_id: Field<String> = rules::id(required())
            .reference(Reference::Own)
            .equivalent_if(Equivalence::IgnoreCase)
            .replace(),
        /// Description of the replication group, 1 to 255 characters. AWS does not accept an empty one. Changes are
        /// always applied immediately.
        description: Field<String> =
            required().check(Check::Length(1, 255)).check(Check::By(forms::not_blank)),
        /// ID of the [global
        /// datastore](https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Redis-Global-Datastore.html) that
        /// the replication group joins as a secondary. The global datastore then decides engine, version, node
        /// type, number of shards and parameter group. If omitted, the replication group joins none. Removing
        /// this from a secondary that was created with it detaches the secondary from the global datastore, with
        /// its data. Another value for an existing secondary forces a new resource; an existing replication group
        /// cannot join.
        global_replication_group_id: Field<String> = optional_computed()
            .conflicts(DECIDED_BY_DATASTORE)
            .equivalent_if(Equivalence::IgnoreCase)
            .never_chosen()
            .forces_replacement_if(rules::both_given),
        /// Engine: `valkey` or `redis`. Defaults to `redis`. `redis` can be changed to `valkey`, and `valkey`
        /// 7.2 to `redis` 7.1, in place and together with `engine_version`. Changes are applied during the
        /// maintenance window unless `apply_immediately` is true. A change interrupts connections for a short
        /// time.
        engine: Field<String> = optional_computed()
            .check(Check::By(rules::engine))
            .equivalent_if(Equivalence::IgnoreCase),
        /// Version of the engine, such as `8.0`, `7.1`, `6.x` or `5.0.6`; see [supported
        /// versions](https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html).
        /// If omitted, AWS chooses. A running version that this one describes is no difference, nor is a later
        /// minor version while `auto_minor_version_upgrade` is true. For an older version see
        /// `allow_engine_replacement`. Changes are applied during the maintenance window unless
        /// `apply_immediately` is true. A change interrupts connections for a short time.
        engine_version: Field<String> = optional_computed()
            .check(Check::By(engine_version::check))
            .reference(Reference::Own),
        /// Full version of the running engine.
        engine_version_actual: Field<String> = computed().recomputed_when(&["engine", "engine_version"]),
        /// Running engine, `redis` or `valkey`. While a change of `engine` is pending, the previous one.
        engine_actual: Field<String> = computed().recomputed_when(&["engine"]),
        /// Whether a change of `engine` or `engine_version` that AWS cannot make in place (an older version, or
        /// `valkey` to `redis` other than 7.2 to 7.1) replaces the replication group, which loses its data. It
        /// takes precedence over `auto_minor_version_upgrade`; an automatic upgrade by AWS never causes a
        /// replacement. While it is false, such a change is an error.
        allow_engine_replacement: Field<bool> = optional().default(false).directive().not_readable(STATE_ONLY),
        /// Name of the parameter group. Its family must be that of `engine` and `engine_version`. If omitted,
        /// AWS uses the default parameter group of the engine version. Changes are applied during the
        /// maintenance window unless `apply_immediately` is true.
        parameter_group_name: Field<String> = optional_computed()
            .equivalent_if(Equivalence::IgnoreCase)
            .recomputed_when(&["engine", "engine_version"]),
        /// Node type, such as `cache.t4g.small`; see [supported node
        /// types](https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html). If
        /// omitted, that of the global datastore that the replication group joins; required otherwise. Changes
        /// are applied during the maintenance window unless `apply_immediately` is true. A change interrupts
        /// connections for a short time.
        node_type: Field<String> = optional_computed()
            .check(Check::By(node_type::check))
            .reference(Reference::Own),
        /// Whether [data tiering](https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/data-tiering.html) is
        /// enabled: required by r6gd node types, and not supported by others. If omitted, it is enabled for
        /// r6gd node types. Changing this forces a new resource.
        data_tiering_enabled: Field<bool> = optional_computed().forces_replacement_if(rules::was_told),
        /// Durability of writes: `sync`, `async`, `disabled`, or `default` to use the default of AWS. `sync`
        /// and `async` require Valkey 9.0 or later, cluster mode, Multi-AZ with a replica in each shard, and
        /// TLS. If omitted, AWS chooses. It is changed by a request of its own. Changes are applied during the
        /// maintenance window unless `apply_immediately` is true.
        durability: Field<String> = optional_computed()
            .check(Check::OneOf(&["default", "async", "sync", "disabled"])),
        /// Durability in effect, as AWS resolves `default`: `sync`, `async` or `disabled`. Null if AWS returns
        /// none.
        effective_durability: Field<String> = computed(),
        /// Number of nodes, the primary of each shard included; the usual count without cluster mode. It must
        /// agree with `num_node_groups` and `replicas_per_node_group`, or with the `node_group_configuration`
        /// blocks, if those are given. If omitted, it follows from them. Changes are always applied
        /// immediately. AWS bills each node.
        num_cache_clusters: Field<i32> = optional_computed()
            .check(Check::AtLeast(1))
            .recomputed_when(&["num_node_groups", "replicas_per_node_group"]),
        /// Number of shards. More than one requires cluster mode. Shards are added and removed in place; those
        /// with the highest IDs are removed, unless `node_group_configuration` blocks name those that remain.
        /// If omitted, the number of `node_group_configuration` blocks, or 1. Changes are always applied
        /// immediately. AWS bills each node. If Application Auto Scaling changes the number, set `lifecycle {
        /// ignore_changes = [num_node_groups] }`; what is ignored stays in each apply.
        num_node_groups: Field<i32> = optional_computed().check(Check::AtLeast(1)),
        /// Number of replicas of each shard; with `node_group_configuration` blocks, of those without a
        /// `replica_count`. If omitted, it follows from `num_cache_clusters`; without that, a new replication
        /// group has none. Changes are always applied immediately. AWS bills each node. If Application Auto Scaling
        /// changes the number, set `lifecycle { ignore_changes = [replicas_per_node_group] }`.
        replicas_per_node_group: Field<i32> = optional_computed()
            .check(Check::AtLeast(0))
            .recomputed_when(&["num_cache_clusters"]),
        /// Whether a replica is promoted if the primary fails ([automatic
        /// failover](https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html)). It requires a
        /// replica, and cluster mode requires it. If omitted, a new replication group has it with cluster mode,
        /// and with Valkey and replicas. Changes are applied during the maintenance window unless
        /// `apply_immediately` is true.
        automatic_failover_enabled: Field<bool> = optional_computed(),
        /// Whether the nodes are placed in several Availability Zones. Requires automatic failover. If omitted,
        /// AWS chooses, which is `false` for a new replication group. Changes are applied during the
        /// maintenance window unless `apply_immediately` is true.
        multi_az_enabled: Field<bool> = optional_computed(),
        /// Availability Zone of each node of a replication group with one shard, the primary's first; an
        /// Availability Zone may be repeated. Nodes are added in the Availability Zones that are new in the
        /// list, and removed from those that are no longer in it. That of the primary is used for the creation
        /// only: afterwards only a failover moves the primary. `node_groups` returns the Availability Zones of
        /// the nodes. If omitted, AWS chooses. Changes are always applied immediately.
        preferred_cache_cluster_azs: Field<Vec<String>> = optional().directive().not_readable(CREATE_ONLY),
        /// Cluster mode: `enabled`, `disabled` or `compatible`. `disabled` is changed to `enabled` by way of
        /// `compatible` ([Modifying cluster
        /// mode](https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/modify-cluster-mode.html)), and
        /// `enabled` is not changed back. While it is `compatible`, AWS accepts neither scaling nor another engine
        /// version. If omitted, it follows from the parameter group and the number of shards. Changes are
        /// applied during the maintenance window unless `apply_immediately` is true.
        cluster_mode: Field<String> = optional_computed()
            .check(Check::OneOf(&["enabled", "disabled", "compatible"])),
        /// Port on which the nodes accept connections. If omitted, AWS uses 6379. The `ports` of an
        /// `elasticache_security_group` do not follow: set them to the same port. Changing this forces a new
        /// resource.
        port: Field<i32> = optional_computed()
            .check(Check::Range(1, 65535))
            .reference(Reference::Own)
            .replace(),
        /// Name of the subnet group. If omitted, AWS uses the subnet group `default`. Changing this forces a
        /// new resource.
        subnet_group_name: Field<String> = optional_computed().equivalent_if(Equivalence::IgnoreCase).replace(),
        /// IDs of the security groups of the nodes. If omitted, AWS uses the default security group of the VPC.
        /// Changes are always applied immediately.
        security_group_ids: Field<BTreeSet<String>> = forms::security_groups(optional_computed()),
        /// Cache security groups of EC2-Classic, which AWS has retired: accepted only if empty, for modules
        /// that set it. If omitted, the replication group has none. Changing this forces a new resource.
        security_group_names: Field<BTreeSet<String>> = optional_computed().replace(),
        /// IP versions of the nodes: `ipv4`, `ipv6` or `dual_stack`. If omitted, AWS chooses, which is `ipv4`
        /// for a new replication group. Changing this forces a new resource.
        network_type: Field<String> = optional_computed()
            .check(Check::OneOf(&["ipv4", "ipv6", "dual_stack"]))
            .forces_replacement_if(rules::was_told),
        /// IP version of the addresses that clients discover: `ipv4` or `ipv6`. If omitted, AWS chooses
        /// according to `network_type`. Changes are applied during the maintenance window unless
        /// `apply_immediately` is true.
        ip_discovery: Field<String> = optional_computed().check(Check::OneOf(&["ipv4", "ipv6"])),
        /// Whether data is encrypted at rest ([at-rest
        /// encryption](https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/at-rest-encryption.html)). If
        /// omitted, AWS chooses: `true` for Valkey, `false` for Redis OSS. Changing this forces a new resource.
        at_rest_encryption_enabled: Field<bool> = optional_computed().forces_replacement_if(rules::was_told),
        /// KMS key that encrypts data at rest: key ID, key ARN, alias name or alias ARN. AWS returns the ARN of
        /// the key for an alias, so an alias that is given never differs from the key in use; another key does,
        /// also where the state has an alias. If omitted, AWS uses a key of the service. KMS bills customer managed
        /// keys. Changing this forces a new resource.
        kms_key_id: Field<String> = forms::kms_key(optional_computed())
            .equivalent_if(Equivalence::By(kms::same_key))
            .replace(),
        /// Encryption at rest in effect: `none`, `sse-elasticache` (a key of the service) or `sse-kms`.
        /// Durability enables encryption even if `at_rest_encryption_enabled` is false. Null if AWS returns
        /// none.
        storage_encryption_type: Field<String> = computed(),
        /// Whether connections are encrypted with TLS ([in-transit
        /// encryption](https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/in-transit-encryption.html)).
        /// Defaults to `false` for a new replication group. Changed in place from engine version 7.0.5 on; with
        /// an older version a change forces a new resource. Changes are applied during the maintenance window
        /// unless `apply_immediately` is true.
        transit_encryption_enabled: Field<bool> = optional_computed(),
        /// `preferred` (connections with and without TLS) or `required` (with TLS only). Defaults to `required` for
        /// a new replication group with TLS; empty without TLS. TLS is enabled and disabled by way of `preferred`;
        /// both steps in one apply require `apply_immediately`. Changes are applied during the maintenance window
        /// unless `apply_immediately` is true.
        transit_encryption_mode: Field<String> = optional_computed()
            .check(Check::OneOf(&["preferred", "required"]))
            .recomputed_when(&["transit_encryption_enabled"]),
        /// Whether connections use TLS now; while a change of `transit_encryption_enabled` is pending, the
        /// previous value. Dependent resources use this attribute.
        transit_encryption_active: Field<bool> = computed().recomputed_when(&["transit_encryption_enabled"]),
        /// [AUTH token](https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html) that clients must
        /// send, kept in the state: 16 to 128 letters, digits and `!&#$^<>-`. Requires TLS. If omitted, and
        /// `auth_token_wo` and `auth_token_secret_arn` as well, clients need no token. Changes are always
        /// applied immediately.
        auth_token: Field<Secret> = optional()
            .sensitive()
            .not_readable("AWS does not return AUTH tokens")
            .check(Check::By(rules::auth_token))
            .reference(Reference::Own)
            .conflicts(&["auth_token_wo", "user_group_ids"]),
        /// AUTH token, kept out of state and plan. Requires Terraform or OpenTofu 1.11. If omitted, see
        /// `auth_token`. Changes are always applied immediately.
        auth_token_wo: Field<Secret> = optional()
            .write_only()
            .check(Check::By(rules::auth_token))
            .reference(Reference::Own)
            .requires(&["auth_token_wo_version"])
            .conflicts(&["user_group_ids"]),
        /// Version of `auth_token_wo`. Terraform cannot detect a change of a write-only argument: increase the
        /// version with each change. If omitted, `auth_token_wo` must be omitted as well.
        auth_token_wo_version: Field<i64> = optional().requires(&["auth_token_wo"]).not_readable(STATE_ONLY),
        auth_token_secret_arn: Field<String> = secret::token_secret_arn(
            &["auth_token", "auth_token_wo", "user_group_ids"],
        )
        .not_readable(TOKEN_SOURCE),
        auth_token_secret_version_id: Field<String> = secret::token_secret_version_id()
            .not_readable(TOKEN_SOURCE),
        /// How an AUTH token is changed: `ROTATE` (the old and the new token are valid), `SET` (only the new
        /// one) or `DELETE` (with `user_group_ids`). If omitted, chosen automatically: `SET` for the first
        /// token, `ROTATE` for later ones, `DELETE` when migrating to user groups.
        auth_token_update_strategy: Field<String> = optional()
            .not_readable("Used when the AUTH token is changed")
            .check(Check::OneOf(&["SET", "ROTATE", "DELETE"])),
        /// ID of the user group whose users may connect ([role-based access
        /// control](https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html)); AWS accepts
        /// one. AWS stores IDs in lower case; case is ignored here. Requires TLS. If omitted, no users are
        /// needed. Changes are always applied immediately.
        user_group_ids: Field<BTreeSet<String>> = optional()
            .check(Check::Each(Box::new(Check::By(check_user_group_reference))))
            .reference(Reference::Own)
            .equivalent_if(Equivalence::By(same_ids))
            .default(Value::set([])),
        /// Whether changes that AWS can defer are applied immediately instead of during the maintenance window.
        /// The descriptions of the arguments say which ones can wait; the plan lists those that do. An
        /// immediate change of the replication group also carries out pending changes, which the plan lists as
        /// well.
        apply_immediately: Field<bool> = optional().default(false).directive().not_readable(STATE_ONLY),
        /// Whether plan and apply refuse to delete the replication group, also for `-replace`, `terraform
        /// taint` and a changed address. A replication group that AWS failed to create can be replaced.
        deletion_protection: Field<bool> = optional().default(false).not_readable(STATE_ONLY),
        /// Whether AWS upgrades to new minor versions during the maintenance window. If omitted, AWS chooses. AWS sets
        /// it to `false` for every member of a global datastore and refuses to change it there: for a member,
        /// another value is accepted and has no effect until the replication group leaves the global datastore.
        /// Changes are always applied immediately.
        auto_minor_version_upgrade: Field<bool> = optional_computed(),
        /// Weekly maintenance window in UTC, at least 60 minutes long, such as `sun:05:00-sun:07:00`. If
        /// omitted, AWS chooses. Changes are always applied immediately.
        maintenance_window: Field<String> = optional_computed()
            .check(Check::Pattern(&rules::WEEKLY, "of the form \"sun:05:00-sun:07:00\""))
            .check(Check::By(rules::weekly_window))
            .equivalent_if(Equivalence::IgnoreCase),
        /// ARN of the SNS topic that receives the events of the replication group. If omitted, no notifications
        /// are sent. Changes are always applied immediately.
        notification_topic_arn: Field<String> = forms::topic(optional()),
        /// Days for which daily snapshots are kept, 0 to 35; 0 disables them. Changes are always applied
        /// immediately. AWS bills the storage of snapshots.
        snapshot_retention_limit: Field<i32> = optional().check(Check::Range(0, 35)).default(0),
        /// Daily snapshot window in UTC, at least 60 minutes long, such as `03:00-05:00`. It must not overlap
        /// `maintenance_window`. If omitted, AWS chooses. Changes are always applied immediately.
        snapshot_window: Field<String> = optional_computed()
            .check(Check::Pattern(&rules::DAILY, "of the form \"03:00-05:00\""))
            .check(Check::By(rules::daily_window)),
        /// ID of the node from which AWS takes daily snapshots, such as a replica, which spares the primary. Requires
        /// `snapshot_retention_limit`, and is not supported with cluster mode. If omitted, AWS chooses. A new
        /// replication group is changed to it after its creation. Changes are always applied immediately.
        snapshotting_cluster_id: Field<String> = optional()
            .check(Check::Length(1, 50))
            .equivalent_if(Equivalence::IgnoreCase)
            .not_readable("Read only where the configuration has it"),
        /// ARNs of snapshot files in S3 from which the replication group is created. Several shards require a
        /// `node_group_configuration` block with `slots` for each. If omitted, no files are restored. Changing
        /// this forces a new resource; removing it does not.
        snapshot_arns: Field<BTreeSet<String>> = forms::objects(optional())
            .directive()
            .not_readable(CREATE_ONLY)
            .forces_replacement_if(rules::both_given),
        /// Name of the snapshot from which the replication group is created. AWS stores it in lower case; case
        /// is ignored here. If omitted, no snapshot is restored. Changing this forces a new resource; removing
        /// it does not.
        snapshot_name: Field<String> = optional()
            .directive()
            .not_readable(CREATE_ONLY)
            .equivalent_if(Equivalence::IgnoreCase)
            .forces_replacement_if(rules::both_given),
        /// Name of the snapshot of a serverless cache from which the replication group is created; `engine`
        /// must be that of the cache. AWS stores the name in lower case; case is ignored here. If omitted, no
        /// such snapshot is restored. Changing this forces a new resource; removing it does not.
        serverless_cache_snapshot_name: Field<String> = optional()
            .directive()
            .not_readable(CREATE_ONLY)
            .conflicts(&["snapshot_name", "snapshot_arns"])
            .equivalent_if(Equivalence::IgnoreCase)
            .forces_replacement_if(rules::both_given),
        /// Name of the snapshot that AWS takes before the replication group is deleted. AWS stores it in lower
        /// case; case is ignored here. A plan that deletes the replication group fails while a snapshot of that
        /// name exists. A replication group whose creation was interrupted is deleted without a snapshot. If
        /// omitted, no snapshot is taken.
        final_snapshot_identifier: Field<String> = optional()
            .equivalent_if(Equivalence::IgnoreCase)
            .check(Check::By(validators::snapshot_name))
            .not_readable("Used when the replication group is deleted"),
        /// ARN of the replication group.
        arn: Field<String> = computed(),
        /// Changes that AWS has accepted and carries out during the maintenance window, by attribute; empty without
        /// any. AWS does not return pending changes of every attribute: an import does not find those, and the apply
        /// after it requests them once more, which changes nothing.
        pending_modified_values: Field<BTreeMap<String, String>> = computed(),
        /// Values in effect of the attributes in `pending_modified_values`, until AWS carries the changes out.
        /// Setting an argument back to its value here withdraws the pending change, if AWS accepts that.
        running_values: Field<BTreeMap<String, String>> = computed(),
        /// Status of the replication group, such as `available`, `modifying` or `snapshotting`.
        status: Field<String> = computed(),
        /// Time of the creation in UTC, such as `2026-01-05T12:00:00Z`.
        create_time: Field<String> = computed(),
        /// Role of the replication group in its global datastore, `PRIMARY` or `SECONDARY`; null outside of
        /// one.
        global_replication_group_role: Field<String> = computed()
            .recomputed_when(&["global_replication_group_id"]),
        /// Time of the last change of the AUTH token in UTC; null without one.
        auth_token_last_modified_date: Field<String> = computed().recomputed_when(TOKEN_CAUSES),
        /// Whether clients must send an AUTH token.
        auth_token_enabled: Field<bool> = computed().recomputed_when(CREDENTIAL_CAUSES),
        /// Number of the AUTH token: 0 before the first one, and one higher with every change or removal,
        /// however the token is given. Dependent resources detect by it that the token has changed, although
        /// the state does not hold the token.
        auth_token_version: Field<i64> = computed().not_readable("Counted from the first apply on"),
        /// Whether cluster mode is enabled.
        cluster_enabled: Field<bool> = computed().recomputed_when(&["cluster_mode"]),
        /// IDs of the nodes, sorted.
        member_clusters: Field<Vec<String>> = computed()
            .recomputed_when(&["num_cache_clusters", "num_node_groups", "replicas_per_node_group"]),
        /// Whether the nodes use the values of their parameter group: `in-sync`, `pending-reboot` while a node waits
        /// for a reboot, or `applying`.
        parameter_apply_status: Field<String> = computed(),
        /// IDs of the nodes that must be rebooted before changed parameters take effect, sorted. The action
        /// `elasticache_reboot_nodes` reboots them, except with cluster mode, where AWS reboots no nodes.
        nodes_pending_reboot: Field<Vec<String>> = computed(),
        /// Shards as AWS returns them, by ID; one without cluster mode.
        node_groups: Field<Vec<ShardModel>> = computed().recomputed_when(&["cluster_mode"]),
        /// Hostname of the configuration endpoint, for connections with cluster mode; null without.
        configuration_endpoint_address: Field<String> = computed().recomputed_when(ENDPOINT_CAUSES),
        /// Hostname of the primary endpoint; null with cluster mode, unless
        /// `cluster_mode` is `compatible`.
        primary_endpoint_address: Field<String> = computed().recomputed_when(ENDPOINT_CAUSES),
        /// Hostname of the reader endpoint, which distributes reads over the replicas; null with cluster mode, unless
        /// `cluster_mode` is `compatible`.
        reader_endpoint_address: Field<String> = computed().recomputed_when(ENDPOINT_CAUSES),
        /// Hostname to connect to, with and without cluster mode: of the primary while `cluster_mode` is `compatible`.
        endpoint: Field<String> = computed().recomputed_when(ENDPOINT_CAUSES),
        /// Hostname to read from, with and without cluster mode.
        reader_endpoint: Field<String> = computed().recomputed_when(ENDPOINT_CAUSES),
        /// Connection URL without the AUTH token: `rediss://` with TLS, otherwise `redis://`. The function
        /// `redis_url` composes one with the token, and `elasticache_ssm_url` stores one.
        url: Field<String> = computed().recomputed_when(URL_CAUSES),
        region: Field<String> = common::region(),
        tags: Field<Tags> = common::tags(),
        tags_all: Field<Tags> = common::tags_all(),
        log_delivery_configuration: Field<SetOf<LogDeliveryModel>> = block().max(2),
        node_group_configuration: Field<SetOf<NodeGroupModel>> = block(),
        timeouts: Field<TimeoutsModel> = block(),
    }
}

object! {
    /// Delivery of a log to CloudWatch Logs or Firehose, which bill it ([log
    /// delivery](https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Log_Delivery.html)). At most one block
    /// for each log type. Changes are always applied immediately.
    pub struct LogDeliveryModel {
        /// Name of the log group or of the Firehose delivery stream (not its ARN), as in
        /// `elasticache_log_group.this.name`.
        destination: Field<String> = required().check(Check::Length(1, 512)),
        /// Type of the destination: `cloudwatch-logs` or `kinesis-firehose`.
        destination_type: Field<String> = required()
            .check(Check::OneOf(&["cloudwatch-logs", "kinesis-firehose"])),
        /// Format of the log: `text` or `json`.
        log_format: Field<String> = required().check(Check::OneOf(&["text", "json"])),
        /// Log: `slow-log` or `engine-log`.
        log_type: Field<String> = required().check(Check::OneOf(&["slow-log", "engine-log"])),
    }
}

object! {
    /// One shard. With these blocks each shard is described by one block; adding, removing or changing a block
    /// adds, removes or changes its shard in place. After an import the state has a block for each shard.
    pub struct NodeGroupModel {
        /// ID of the shard: one to four digits; `1` and `0001` are the same. If omitted, AWS numbers the shards
        /// of a new replication group, and a block continues an existing shard that it describes.
        node_group_id: Field<String> = optional_computed()
            .check(Check::Pattern(&rules::SHARD_ID, "one to four digits"))
            .equivalent_if(Equivalence::By(rules::same_shard)),
        /// Availability Zone of the primary when the shard is created. A failover moves the primary between the
        /// nodes of the shard, so afterwards only the Availability Zones of the shard as a whole are compared.
        /// An Availability Zone without a node of the shard forces a new resource. If omitted, AWS chooses.
        primary_availability_zone: Field<String> = optional_computed(),
        /// ARN of the Outpost of the primary. A failover moves the primary between the nodes of the shard, so afterwards
        /// only the Outposts of the shard as a whole are compared. Another Outpost forces a new resource. If omitted,
        /// AWS chooses.
        primary_outpost_arn: Field<String> = forms::outpost(optional_computed()),
        /// Availability Zone of each replica; an Availability Zone may be repeated. A change moves replicas in
        /// place: one is added in the new Availability Zone, then one is removed from the old one. If omitted,
        /// AWS chooses.
        replica_availability_zones: Field<Vec<String>> = optional_computed(),
        /// ARN of the Outpost of each replica. Other Outposts force a new resource; those of more replicas do not. If
        /// omitted, AWS chooses.
        replica_outpost_arns: Field<Vec<String>> = forms::outposts(optional_computed()),
        /// Number of replicas of the shard. If omitted, `replicas_per_node_group`; without that, an equal share of
        /// `num_cache_clusters`. Changes are always applied immediately. AWS bills each node.
        replica_count: Field<i32> = optional_computed().check(Check::AtLeast(0)),
        /// Hash slots of the shard, such as `0-8191`. AWS distributes the slots of all shards evenly when
        /// shards are added or removed, so omit them if the number of shards is to change. Other slots force a
        /// new resource. If omitted, AWS chooses.
        slots: Field<String> = optional_computed()
            .check(Check::Pattern(&rules::SLOTS, "slots such as \"0-8191\""))
            .check(Check::By(rules::slots_of_a_shard))
            .equivalent_if(Equivalence::By(rules::same_slots)),
    }
}

object! {
    /// A shard as AWS returns it.
    pub struct ShardModel {
        /// ID of the shard, such as `0001`.
        node_group_id: Field<String> = computed(),
        /// Hash slots of the shard, such as `0-8191`; null without cluster mode.
        slots: Field<String> = computed(),
        /// Nodes of the shard, by ID.
        nodes: Field<Vec<ShardNodeModel>> = computed(),
    }
}

object! {
    /// A node of a shard.
    pub struct ShardNodeModel {
        /// ID of the node, as in the dimension `CacheClusterId` of its metrics.
        cache_cluster_id: Field<String> = computed(),
        /// Availability Zone of the node.
        availability_zone: Field<String> = computed(),
    }
}

impl NodeGroupModel {
    /// The block with everything unknown that the configuration omits or gives as `""` or `[]`,
    /// as it is planned where nothing is known of the shard.
    pub(super) fn with_omitted_unknown(&self) -> Self {
        let text = |field: &Field<String>| match field.known() {
            Some(text) if !text.is_empty() => Field::Known(text.clone()),
            _ => Field::Unknown,
        };
        let list = |field: &Field<Vec<String>>| match field.known() {
            Some(list) if !list.is_empty() => Field::Known(list.clone()),
            _ => Field::Unknown,
        };
        Self {
            node_group_id: text(&self.node_group_id),
            primary_availability_zone: text(&self.primary_availability_zone),
            primary_outpost_arn: text(&self.primary_outpost_arn),
            replica_availability_zones: list(&self.replica_availability_zones),
            replica_outpost_arns: list(&self.replica_outpost_arns),
            replica_count: self.replica_count.known().map_or(Field::Unknown, |count| Field::Known(*count)),
            slots: text(&self.slots),
        }
    }

    /// True when anything of the block is not known yet.
    pub(super) fn has_unknown(&self) -> bool {
        self.node_group_id.is_unknown()
            || self.primary_availability_zone.is_unknown()
            || self.primary_outpost_arn.is_unknown()
            || self.replica_availability_zones.is_unknown()
            || self.replica_outpost_arns.is_unknown()
            || self.replica_count.is_unknown()
            || self.slots.is_unknown()
    }
}

impl ReplicationGroupModel {
    /// The ID in lower case, as AWS stores it.
    pub(super) fn group_id(&self) -> String {
        self.replication_group_id.known().map(|id| id.to_lowercase()).unwrap_or_default()
    }

    /// The blocks of log delivery.
    pub(super) fn logs(&self) -> &[LogDeliveryModel] {
        self.log_delivery_configuration.known().map(|logs| logs.0.as_slice()).unwrap_or_default()
    }

    /// The blocks of node groups.
    pub(super) fn node_groups(&self) -> &[NodeGroupModel] {
        self.node_group_configuration.known().map(|groups| groups.0.as_slice()).unwrap_or_default()
    }

    /// True when a new group has cluster mode, as far as its configuration shows: by mode, by
    /// several shards, or by one of AWS's parameter groups.
    pub(super) fn has_cluster_mode(&self) -> bool {
        matches!(self.cluster_mode.text(), Some("enabled" | "compatible"))
            || self.num_node_groups.known().is_some_and(|shards| *shards > 1)
            || self.parameter_group_name.text().is_some_and(default_groups::has_cluster_mode)
    }

    /// The user groups by their IDs as AWS keeps them, in lower case; AWS refuses to add one
    /// again that it has under another spelling.
    pub(super) fn user_groups(&self) -> BTreeSet<String> {
        self.user_group_ids.known().into_iter().flatten().map(|id| stored_id(id)).collect()
    }

    /// True when clients must send a token.
    pub(super) fn has_token(&self) -> bool {
        self.auth_token_enabled.is_true() || self.knows_token()
    }

    /// True when the state says which token there is, be it by its value or by its version.
    fn knows_token(&self) -> bool {
        self.auth_token.given().is_some()
            || self.auth_token_wo_version.known().is_some()
            || self.auth_token_secret_version_id.text().is_some()
    }

    /// The secret that the token is taken from.
    pub(super) fn reference(&self) -> SecretReference {
        SecretReference::new(&self.auth_token_secret_arn, &self.auth_token_secret_version_id)
    }

    /// True when there is a token that the state does not know, as after an import: the configured one is then
    /// assumed to be the same, without a call.
    pub(super) fn has_unknown_token(&self) -> bool {
        self.has_token() && !self.knows_token()
    }

    /// True for a group whose create was interrupted and continues in AWS.
    pub(super) fn is_creating(&self) -> bool {
        self.status.text() == Some("creating")
    }

    /// True for a member of a global datastore, primary or secondary: the datastore owns engine and size.
    pub(super) fn is_global_member(&self) -> bool {
        self.global_replication_group_id.text().is_some()
    }
}
