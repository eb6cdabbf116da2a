//! Schema of `elasticache_replication_group`. Names and shapes are those of
//! hashicorp/aws; booleans are booleans, and nothing defaults to a value that the
//! configuration does not say.

use std::sync::LazyLock;

use regex_lite::Regex;

use super::constructors::{count, flag, shown, text};
use super::{blocks, validate};
use crate::resources::common::rbac::{check_identifier, same_ids};
use crate::resources::common::{forms, secret};
use crate::resources::common::{kms, validators};
use crate::schema::{Attribute, Block, Check, Equivalence, Nesting, Reference, Schema, common, pattern};
use crate::value::{Type, Value};

static ID: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[A-Za-z](-?[0-9A-Za-z])*$"));
static NODE_TYPE: LazyLock<Regex> = LazyLock::new(|| pattern(r"^cache\.[a-z0-9]+\.[a-z0-9]+$"));
static WINDOW: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$"));
static WEEKLY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(mon|tue|wed|thu|fri|sat|sun):([01][0-9]|2[0-3]):[0-5][0-9]-(mon|tue|wed|thu|fri|sat|sun):([01][0-9]|2[0-3]):[0-5][0-9]$",
    )
});

/// What gives the group new hosts. Nodes that come and go do not.
pub(super) const ENDPOINT_CAUSES: &[&str] =
    &["cluster_mode", "transit_encryption_enabled", "transit_encryption_mode"];

/// What changes the URL.
pub(super) const URL_CAUSES: &[&str] = &["endpoint", "port", "transit_encryption_active"];

/// The schema.
pub(super) fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(build);
    &SCHEMA
}

fn build() -> Schema {
    let block = Block::new(
        "A Redis OSS or Valkey cache: one primary with replicas, or several shards (cluster mode). Creating one takes \
         AWS some ten minutes.",
    )
    .attributes(identity())
    .attributes(engine())
    .attributes(topology())
    .attributes(network())
    .attributes(security())
    .attributes(maintenance())
    .attributes(computed())
    .attributes([common::region()])
    .attributes(common::tags())
    .block(blocks::log_delivery())
    .block(blocks::node_groups())
    .block(common::timeouts());
    Schema::of_resource(block)
}

/// The rules of a group's id.
pub(crate) fn id_checks() -> [Check; 2] {
    let form = "letters, digits and single hyphens, beginning with a letter and not ending with a hyphen";
    [Check::Length(1, 40), Check::Pattern(&ID, form)]
}

fn identity() -> Vec<Attribute> {
    let [length, form] = id_checks();
    vec![
        shown("id", "Id of the group, in lower case as AWS keeps it."),
        Attribute::required(
            "replication_group_id",
            Type::String,
            "Id of the group: 1 to 40 letters, digits and single hyphens, beginning with a letter. AWS keeps it in lower \
             case; the spelling here makes no difference. A change means a new group.",
        )
        .check(length)
        .check(form)
        .reference(Reference::Own)
        .same_if(Equivalence::IgnoreCase)
        .replace(),
        Attribute::required("description", Type::String, "Description of the group. AWS does not take an empty one.")
            .check(Check::Length(1, 255)),
        text(
            "global_replication_group_id",
            "Global datastore that this group joins as a secondary. Engine, version, node type and parameter group then \
             belong to the datastore. A change means a new group.",
        )
        .conflicts(&[
            "num_node_groups",
            "parameter_group_name",
            "engine",
            "engine_version",
            "node_type",
            "security_group_names",
            "transit_encryption_enabled",
            "transit_encryption_mode",
            "at_rest_encryption_enabled",
            "snapshot_arns",
            "snapshot_name",
        ])
        .same_if(Equivalence::IgnoreCase)
        .never_chosen()
        .replace_if(was_told),
    ]
}

fn engine() -> Vec<Attribute> {
    vec![
        text(
            "engine",
            "`valkey` or `redis`. Defaults to `redis`. Changing `redis` to `valkey`, or `valkey` 7.2 to `redis` 7.1, is made in \
             place, together with `engine_version`.",
        )
            .check(Check::By(validate::engine))
            .same_if(Equivalence::IgnoreCase),
        text(
            "engine_version",
            "Version of the engine, such as `8.0`, `7.1`, `6.x` or `5.0.6`. A version that AWS runs and that this one \
             describes makes no difference; nor does a later minor version while `auto_minor_version_upgrade` is on.",
        )
        .check(Check::By(validate::engine_version))
        .reference(Reference::Own),
        shown("engine_version_actual", "Version that runs, in full.").recomputed_when(&["engine", "engine_version"]),
        shown("engine_actual", "Engine that runs, `redis` or `valkey`: while a change of `engine` waits for the maintenance window, the old one.")
            .recomputed_when(&["engine"]),
        Attribute::optional(
            "allow_engine_replacement",
            Type::Bool,
            "Allows a change of `engine` or `engine_version` that AWS cannot make in place (to an older version, or from valkey \
             to redis, other than from 7.2 to 7.1) to replace the group, which loses its data. It takes precedence over \
             `auto_minor_version_upgrade`; an upgrade that AWS made by itself never replaces the group. While it is \
             false, such a change is an error.",
        )
        .default(false)
        .directive(),
        text(
            "parameter_group_name",
            "Parameter group. Its family must be that of engine and version. AWS takes the default one of the engine when \
             it is not given.",
        )
        .same_if(Equivalence::IgnoreCase)
        .recomputed_when(&["engine", "engine_version"]),
        text("node_type", "Node type, such as `cache.t4g.small`. Needed unless the group joins a global datastore.")
            .check(Check::Pattern(&NODE_TYPE, "a node type such as \"cache.t4g.small\""))
            .reference(Reference::Own),
        flag("data_tiering_enabled", "Data tiering, which r6gd nodes have and no others: on with them when not given. A change means a new group.")
            .replace_if(was_told),
        text(
            "durability",
            "Durability of writes: `sync`, `async`, `disabled`, or `default` to leave the choice to AWS. Requires Valkey 9.0 \
             or later, cluster mode, Multi-AZ with a replica in each shard, and TLS. Changed in place, in a request of its \
             own. If omitted, AWS chooses.",
        )
        .check(Check::OneOf(&["default", "async", "sync", "disabled"])),
        shown(
            "effective_durability",
            "Durability in effect, as AWS resolves `default`: `sync`, `async` or `disabled`. Null where AWS returns none.",
        ),
    ]
}

fn topology() -> Vec<Attribute> {
    vec![
        count(
            "num_cache_clusters",
            "Number of nodes, the primary of each shard included. The usual count without cluster mode. Where \
             `num_node_groups` and `replicas_per_node_group`, or `node_group_configuration` blocks, are given as well, all \
             must agree. If omitted, it follows from them.",
        )
        .check(Check::AtLeast(1))
        .recomputed_when(&["num_node_groups", "replicas_per_node_group"]),
        count(
            "num_node_groups",
            "Number of shards. More than one needs cluster mode. Shards are added and removed in place; those with the \
             highest IDs are removed, unless `node_group_configuration` blocks say which stay. If omitted, the number of \
             `node_group_configuration` blocks, or 1.",
        )
        .check(Check::AtLeast(1)),
        count(
            "replicas_per_node_group",
            "Number of replicas of each shard; with `node_group_configuration` blocks, of those without a `replica_count`. \
             Changed in place. If omitted, it follows from `num_cache_clusters`; AWS creates none where neither is given.",
        )
        .check(Check::AtLeast(0))
        .recomputed_when(&["num_cache_clusters"]),
        flag(
            "automatic_failover_enabled",
            "Promote a replica when the primary fails. Requires a replica; cluster mode requires it. If omitted, a new group \
             has it with cluster mode, and on Valkey with replicas; otherwise it does not.",
        ),
        flag(
            "multi_az_enabled",
            "Place the nodes in several Availability Zones. Requires automatic failover. If omitted, AWS chooses, which is \
             `false` for a new group.",
        ),
        Attribute::optional(
            "preferred_cache_cluster_azs",
            Type::list(Type::String),
            "Availability Zone of each node of a group with one shard, the primary's first; one may be repeated. Added nodes \
             are created in the zones that are new in the list, and nodes are removed from those that are not in it any \
             more. The zone of the primary is used when the group is created: afterwards only a failover moves it. \
             `node_groups` shows where the nodes are. If omitted, AWS chooses.",
        )
        .directive(),
        text("cluster_mode", "`enabled`, `disabled` or `compatible`. From disabled to enabled the way is through compatible.")
            .check(Check::OneOf(&["enabled", "disabled", "compatible"])),
    ]
}

fn network() -> Vec<Attribute> {
    vec![
        count(
            "port",
            "Port on which the nodes accept connections. If omitted, AWS uses 6379. The `ports` of an \
             `elasticache_security_group` do not follow: set them to the same port. Changing this forces a new resource.",
        )
        .check(Check::Range(1, 65535))
        .reference(Reference::Own)
        .replace(),
        text("subnet_group_name", "Subnet group. A change means a new group.")
            .same_if(Equivalence::IgnoreCase)
            .replace(),
        forms::security_groups(Attribute::optional_computed(
            "security_group_ids",
            Type::set(Type::String),
            "IDs of the security groups of the nodes.",
        )),
        Attribute::optional_computed(
            "security_group_names",
            Type::set(Type::String),
            "Cache security groups of EC2-Classic, which AWS has retired. Kept for modules that send an empty list.",
        )
        .replace(),
        text("network_type", "`ipv4`, `ipv6` or `dual_stack`. A change means a new group.")
            .check(Check::OneOf(&["ipv4", "ipv6", "dual_stack"]))
            .replace_if(was_told),
        text("ip_discovery", "`ipv4` or `ipv6`: what the group tells its clients.").check(Check::OneOf(&["ipv4", "ipv6"])),
    ]
}

fn security() -> Vec<Attribute> {
    let [secret, version] = secret::schema::reference(&["auth_token", "auth_token_wo", "user_group_ids"]);
    vec![
        flag("at_rest_encryption_enabled", "Encrypt data on disk. A change means a new group.")
            .replace_if(was_told),
        forms::kms_key(text(
            "kms_key_id",
            "KMS key that encrypts data at rest: key ID, key ARN, alias name or alias ARN. AWS returns the ARN of the key for \
             an alias, so an alias is never taken for another key; to replace the group for one, give the key. If omitted, \
             AWS uses its own key. Changing this forces a new resource.",
        ))
            .same_if(Equivalence::By(kms::same_key))
            .replace(),
        shown(
            "storage_encryption_type",
            "Encryption of data at rest that is in effect: `none`, `sse-elasticache` (a key of AWS) or `sse-kms`. It may be \
             on although `at_rest_encryption_enabled` is false, as durability turns it on. Null where AWS returns none.",
        ),
        flag(
            "transit_encryption_enabled",
            "Encrypt connections (TLS). Defaults to `false` for a new group. Changed in place from engine version 7.0.5 on; \
             before, changing this forces a new resource.",
        ),
        text(
            "transit_encryption_mode",
            "`preferred` (clients with and without TLS) or `required`. Defaults to `required` for a new group with TLS; empty \
             without TLS. Switching TLS on or off passes through `preferred`, in two steps that need `apply_immediately`.",
        )
        .check(Check::OneOf(&["preferred", "required"]))
        .recomputed_when(&["transit_encryption_enabled"]),
        Attribute::computed(
            "transit_encryption_active",
            Type::Bool,
            "Whether connections use TLS now: while a change of TLS waits for the maintenance window, as before. Dependent \
             resources read this, not `transit_encryption_enabled`.",
        )
        .recomputed_when(&["transit_encryption_enabled"]),
        Attribute::optional(
            "auth_token",
            Type::String,
            "Token that clients must send, kept in the state: 16 to 128 letters, digits and `!&#$^<>-`. Needs TLS.",
        )
        .sensitive()
        .check(Check::By(validate::auth_token))
        .reference(Reference::Own)
        .conflicts(&["auth_token_wo", "user_group_ids"]),
        Attribute::optional(
            "auth_token_wo",
            Type::String,
            "The token, kept out of state and plan. Needs Terraform or OpenTofu 1.11.",
        )
            .write_only()
            .check(Check::By(validate::auth_token))
            .reference(Reference::Own)
            .requires(&["auth_token_wo_version"])
            .conflicts(&["user_group_ids"]),
        Attribute::optional(
            "auth_token_wo_version",
            Type::Number,
            "Version of `auth_token_wo`: Terraform cannot see a write-only value change, so raise this with it.",
        )
        .requires(&["auth_token_wo"]),
        secret,
        version,
        Attribute::optional(
            "auth_token_update_strategy",
            Type::String,
            "How a new token is put in place: `ROTATE` (old and new are valid), `SET` (only the new) or `DELETE` (with \
             `user_group_ids`). Found by itself when not given: SET for a first token, ROTATE for another, DELETE on the way \
             to user groups.",
        )
        .check(Check::OneOf(&["SET", "ROTATE", "DELETE"])),
        Attribute::optional(
            "user_group_ids",
            Type::set(Type::String),
            "ID of the user group whose users may connect; AWS accepts one. AWS keeps IDs in lower case; the spelling here \
             makes no difference. If omitted, no users are needed. Needs TLS.",
        )
        .check(Check::Each(Box::new(Check::By(check_identifier))))
        .reference(Reference::Own)
        .same_if(Equivalence::By(same_ids))
        .default(Value::set([])),
    ]
}

fn maintenance() -> Vec<Attribute> {
    vec![
        Attribute::optional(
            "apply_immediately",
            Type::Bool,
            "Apply changes immediately instead of during the maintenance window. It decides over changes \
             of `automatic_failover_enabled`, `cluster_mode`, `durability`, `engine`, `engine_version`, `ip_discovery`, `multi_az_enabled`, \
             `node_type`, `parameter_group_name`, `transit_encryption_enabled` and `transit_encryption_mode`; the plan \
             announces those that wait. Everything else is always applied immediately: shards, replicas and node counts (with \
             failover and Multi-AZ that are switched off to remove replicas), AUTH tokens, user groups, log delivery, security \
             groups, windows, snapshot settings, notifications, description and tags. An immediate change of the group also \
             carries out changes that wait; the plan then says so.",
        )
        .default(false)
        .directive(),
        Attribute::optional(
            "deletion_protection",
            Type::Bool,
            "Refuses to delete the group while it is true: at plan, and in the apply as well, so that `-replace`, \
             `terraform taint` and a moved address cannot delete it. A group that AWS could not create may be replaced. \
             Kept in the state only.",
        )
        .default(false),
        flag(
            "auto_minor_version_upgrade",
            "Let AWS upgrade to new minor versions in the maintenance window.",
        ),
        text(
            "maintenance_window",
            "Weekly window for maintenance in UTC, such as `sun:05:00-sun:07:00`, an hour at least.",
        )
        .check(Check::Pattern(&WEEKLY, "of the form \"sun:05:00-sun:07:00\""))
        .check(Check::By(validate::weekly_window))
        .same_if(Equivalence::IgnoreCase),
        forms::topic(Attribute::optional(
            "notification_topic_arn",
            Type::String,
            "ARN of the SNS topic that receives the events of the group. If omitted, no notifications are sent.",
        )),
        Attribute::optional(
            "snapshot_retention_limit",
            Type::Number,
            "Days that daily snapshots are kept; 0 for none.",
        )
        .check(Check::Range(0, 35))
        .default(0),
        text(
            "snapshot_window",
            "Daily window for snapshots in UTC, such as `03:00-05:00`, an hour at least.",
        )
        .check(Check::Pattern(&WINDOW, "of the form \"03:00-05:00\""))
        .check(Check::By(validate::daily_window)),
        forms::objects(Attribute::optional(
            "snapshot_arns",
            Type::set(Type::String),
            "ARNs of snapshot files in S3 to create the group from. Several shards need a `node_group_configuration` \
             block with `slots` for each. Changing this forces a new resource; removing it does not.",
        ))
        .directive()
        .replace_if(both_given),
        Attribute::optional(
            "snapshot_name",
            Type::String,
            "Name of the snapshot to create the group from. AWS keeps it in lower case; the spelling here makes no \
             difference. Changing this forces a new resource; removing it does not.",
        )
        .directive()
        .same_if(Equivalence::IgnoreCase)
        .replace_if(both_given),
        Attribute::optional(
            "final_snapshot_identifier",
            Type::String,
            "Name of the snapshot that AWS takes before the group is deleted. AWS keeps it in lower case; the spelling here \
             makes no difference. A plan that deletes the group fails while a snapshot of that name exists. A group whose \
             creation was interrupted is deleted without one. If omitted, none is taken.",
        )
        .same_if(Equivalence::IgnoreCase)
        .check(Check::By(validators::snapshot_name)),
    ]
}

fn computed() -> Vec<Attribute> {
    vec![
        shown("arn", "ARN of the group."),
        Attribute::computed(
            "pending_modified_values",
            Type::map(Type::String),
            "Changes that AWS has accepted and carries out in the maintenance window, by attribute. Empty when there are \
             none. Of `multi_az_enabled`, `parameter_group_name`, `ip_discovery` and `durability` AWS does not show that they wait, so an \
             import does not find them: the apply after it asks for them once more, which changes nothing.",
        ),
        Attribute::computed(
            "running_values",
            Type::map(Type::String),
            "Values in effect of the attributes that `pending_modified_values` names, until AWS carries the changes out. \
             Setting an argument back to its value here takes the pending change back, if AWS accepts that.",
        ),
        shown("status", "Status of the group, such as `available`, `modifying` or `snapshotting`."),
        shown("create_time", "When AWS created the group, in UTC, such as `2026-01-05T12:00:00Z`."),
        shown(
            "global_replication_group_role",
            "Role of the group in its global datastore, `PRIMARY` or `SECONDARY`; null outside of one.",
        )
        .recomputed_when(&["global_replication_group_id"]),
        shown(
            "auth_token_last_modified_date",
            "When the AUTH token was last modified, in UTC; null without one.",
        )
        .recomputed_when(&[
            "auth_token",
            "auth_token_wo_version",
            "auth_token_secret_arn",
            "auth_token_secret_version_id",
            "auth_token_update_strategy",
            "user_group_ids",
        ]),
        Attribute::computed("auth_token_enabled", Type::Bool, "Whether clients must send a token.")
            .recomputed_when(&[
                "auth_token",
                "auth_token_wo_version",
                "auth_token_secret_arn",
                "auth_token_secret_version_id",
                "user_group_ids",
            ]),
        Attribute::computed(
            "auth_token_version",
            Type::Number,
            "Counts the tokens: one higher whenever the configuration gives another token, in whichever way, or takes it \
             away; 0 before the first. What follows the group sees by it that the token has changed, though the state does \
             not hold the token.",
        ),
        Attribute::computed("cluster_enabled", Type::Bool, "Whether cluster mode is on.")
            .recomputed_when(&["cluster_mode"]),
        Attribute::computed("member_clusters", Type::list(Type::String), "Ids of the nodes, sorted.")
            .recomputed_when(&["num_cache_clusters", "num_node_groups", "replicas_per_node_group"]),
        Attribute::computed(
            "node_groups",
            Type::Dynamic,
            "Shards as AWS returns them, by ID; one without cluster mode.",
        )
        .nested(Nesting::List, shards())
        .recomputed_when(&["cluster_mode"]),
        shown("configuration_endpoint_address", "Host to connect to with cluster mode; null without.")
            .recomputed_when(ENDPOINT_CAUSES),
        shown("primary_endpoint_address", "Host of the primary without cluster mode; null with.")
            .recomputed_when(ENDPOINT_CAUSES),
        shown(
            "reader_endpoint_address",
            "Host that spreads reads over the replicas, without cluster mode; null with.",
        )
        .recomputed_when(ENDPOINT_CAUSES),
        shown("endpoint", "Host to connect to, whatever the cluster mode.").recomputed_when(ENDPOINT_CAUSES),
        shown("reader_endpoint", "Host to read from, whatever the cluster mode.")
            .recomputed_when(ENDPOINT_CAUSES),
        shown(
            "url",
            "Connection URL without the AUTH token: `rediss://` when TLS is on, otherwise `redis://`. The function \
             `redis_url` composes one with the token, and `elasticache_ssm_url` stores one.",
        )
        .recomputed_when(URL_CAUSES),
    ]
}

fn shards() -> Vec<Attribute> {
    let nodes = vec![
        shown("cache_cluster_id", "ID of the node, as in the dimension `CacheClusterId` of its metrics."),
        shown("availability_zone", "Availability Zone of the node."),
    ];
    vec![
        shown("node_group_id", "ID of the shard, such as `0001`."),
        shown("slots", "Hash slots of the shard, such as `0-8191`; null without cluster mode."),
        Attribute::computed("nodes", Type::Dynamic, "Nodes of the shard, by ID.")
            .nested(Nesting::List, nodes),
    ]
}

/// False while AWS has not told the value: what is not known cannot be seen to change.
fn was_told(prior: &Value, _: &Value) -> bool {
    !prior.is_null() && !prior.is_empty()
}

/// False when what the group was filled from is taken away or, after an import,
/// given for the first time: the group has its data, and keeps it.
fn both_given(prior: &Value, planned: &Value) -> bool {
    let given = |value: &Value| !value.is_null() && !value.is_empty();
    given(prior) && given(planned)
}
