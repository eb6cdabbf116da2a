//! What a new group has where the configuration says nothing: known at plan, and sent, because AWS's
//! defaults depend on engine and cluster mode. See "Where sources differ" in the API reference, which
//! documents false for both, and recordings of 2026 (go-to-k/cdk-real-drift; cfn-lint#4152): Valkey has
//! no default for TLS and fails over by default, so that a single node is refused; Redis OSS fails over
//! with cluster mode only.

use super::attributes::ReplicationGroupModel;
use super::default_groups;
use crate::engine::PlanContext;
use crate::value::Field;

type Plan<'a> = PlanContext<'a, ReplicationGroupModel>;

/// Plans TLS, its mode and failover of a new group that is no member of a global datastore.
pub(super) fn plan(cx: &mut Plan<'_>) {
    if !cx.config.global_replication_group_id.is_null() {
        return;
    }
    cx.set("global_replication_group_role", Field::<String>::Null);
    cx.set("transit_encryption_enabled", false);
    tls_mode(cx);
    if let Some(on) = cx.planned.transit_encryption_enabled.known().copied() {
        cx.set("transit_encryption_active", on);
    }
    if let Some(engine) = cx.planned.engine.text().map(str::to_lowercase) {
        cx.set("engine_actual", engine);
    }
    if let Some(on) = failover(&cx.planned, cx.config) {
        cx.set("automatic_failover_enabled", on);
    }
}

/// The mode of a new group without one: `required` with TLS, and empty without, as in hashicorp/aws.
fn tls_mode(cx: &mut Plan<'_>) {
    let mode = match cx.planned.transit_encryption_enabled.known() {
        Some(true) => "required",
        Some(false) => "",
        None => return,
    };
    cx.set("transit_encryption_mode", mode.to_owned());
}

/// Failover of a new group that does not say: on with cluster mode; without, on Valkey with replicas.
/// `None` while it depends on something unknown.
fn failover(planned: &ReplicationGroupModel, config: &ReplicationGroupModel) -> Option<bool> {
    let replicated = replicated(config)?;
    match (cluster_mode(planned, config), planned.engine.text()) {
        (Some(true), _) => Some(true),
        (Some(false), _) if !replicated => Some(false),
        // Where only AWS knows whether the parameter group has cluster mode: with replicas Valkey fails
        // over in both cases; a single node has cluster mode if its shards are counted.
        (_, Some(engine)) if replicated && engine.eq_ignore_ascii_case("valkey") => Some(true),
        (None, Some(engine)) if !replicated && engine.eq_ignore_ascii_case("valkey") => {
            Some(config.num_node_groups.known().is_some() || !config.node_groups().is_empty())
        }
        (Some(false), Some(_)) => Some(false),
        _ => None,
    }
}

/// Whether each shard of a new group has a replica; `None` when that is not known yet.
pub(super) fn replicated(config: &ReplicationGroupModel) -> Option<bool> {
    let counts = [
        config.num_cache_clusters.is_unknown(),
        config.replicas_per_node_group.is_unknown(),
        config.node_group_configuration.is_unknown(),
        config.node_groups().iter().any(|block| block.replica_count.is_unknown()),
    ];
    if counts.contains(&true) {
        return None;
    }
    let fallback = match config.num_cache_clusters.known() {
        Some(nodes) => nodes - 1,
        None => config.replicas_per_node_group.known().copied().unwrap_or_default(),
    };
    let blocks = config.node_groups();
    let of_block = |count: Option<&i32>| count.copied().unwrap_or(fallback) > 0;
    Some(match blocks {
        [] => fallback > 0,
        blocks => blocks.iter().all(|block| of_block(block.replica_count.known())),
    })
}

/// Whether a new group has cluster mode; `None` when only AWS knows, because of a parameter group that
/// is not AWS's own, or when it is not known yet.
pub(super) fn cluster_mode(planned: &ReplicationGroupModel, config: &ReplicationGroupModel) -> Option<bool> {
    if let Some(mode) = planned.cluster_mode.text() {
        return Some(mode != "disabled");
    }
    let shards = config.num_node_groups.known().copied().unwrap_or_default();
    if shards > 1 || config.node_groups().len() > 1 {
        return Some(true);
    }
    let unknown = config.cluster_mode.is_unknown()
        || config.num_node_groups.is_unknown()
        || config.node_group_configuration.is_unknown()
        || config.parameter_group_name.is_unknown();
    if unknown {
        return None;
    }
    match config.parameter_group_name.text() {
        None => Some(false),
        Some(name) => {
            let name = name.to_ascii_lowercase();
            default_groups::of_default_group(&name).map(|_| default_groups::has_cluster_mode(&name))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resources::replication_group::attributes::NodeGroupModel;
    use crate::value::{Field, SetOf};

    fn group(engine: &str) -> ReplicationGroupModel {
        ReplicationGroupModel { engine: engine.into(), ..ReplicationGroupModel::default() }
    }

    /// Failover of a group that is configured like this and does not say.
    fn of(config: &ReplicationGroupModel) -> Option<bool> {
        failover(config, config)
    }

    #[test]
    fn a_single_node_does_not_fail_over() {
        for engine in ["redis", "valkey", "Valkey"] {
            let one = ReplicationGroupModel { num_cache_clusters: Field::Known(1), ..group(engine) };
            for config in [group(engine), one] {
                assert_eq!(of(&config), Some(false), "{engine}");
            }
        }
    }

    #[test]
    fn replicas_fail_over_on_valkey_and_on_redis_only_with_cluster_mode() {
        let by_nodes =
            |engine| ReplicationGroupModel { num_cache_clusters: Field::Known(2), ..group(engine) };
        let by_replicas =
            |engine| ReplicationGroupModel { replicas_per_node_group: Field::Known(1), ..group(engine) };
        for counted in [by_nodes, by_replicas] {
            assert_eq!(of(&counted("valkey")), Some(true));
            assert_eq!(of(&counted("redis")), Some(false));
            let sharded = ReplicationGroupModel {
                parameter_group_name: "default.redis7.cluster.on".into(),
                ..counted("redis")
            };
            assert_eq!(of(&sharded), Some(true));
        }
    }

    #[test]
    fn cluster_mode_fails_over_with_and_without_replicas() {
        let block = || NodeGroupModel { replica_count: Field::Known(0), ..NodeGroupModel::default() };
        for engine in ["redis", "valkey"] {
            let blocks = Field::Known(SetOf(vec![block(), NodeGroupModel::default()]));
            for config in [
                ReplicationGroupModel { num_node_groups: Field::Known(2), ..group(engine) },
                ReplicationGroupModel { cluster_mode: "enabled".into(), ..group(engine) },
                ReplicationGroupModel { cluster_mode: "compatible".into(), ..group(engine) },
                ReplicationGroupModel { node_group_configuration: blocks, ..group(engine) },
                ReplicationGroupModel {
                    parameter_group_name: format!("default.{engine}7.cluster.on").as_str().into(),
                    ..group(engine)
                },
            ] {
                assert_eq!(of(&config), Some(true), "{config:?}");
            }
        }
    }

    #[test]
    fn own_parameter_group_leaves_failover_to_the_counts_or_aws() {
        let own = |engine| ReplicationGroupModel { parameter_group_name: "own".into(), ..group(engine) };
        let cases = [
            (ReplicationGroupModel { num_cache_clusters: Field::Known(1), ..own("valkey") }, Some(false)),
            (ReplicationGroupModel { num_node_groups: Field::Known(1), ..own("valkey") }, Some(true)),
            (ReplicationGroupModel { num_cache_clusters: Field::Known(2), ..own("valkey") }, Some(true)),
            (ReplicationGroupModel { num_cache_clusters: Field::Known(1), ..own("redis") }, None),
            (ReplicationGroupModel { num_cache_clusters: Field::Known(2), ..own("redis") }, None),
        ];
        for (config, expected) in cases {
            assert_eq!(of(&config), expected, "{config:?}");
        }
    }

    #[test]
    fn unknown_values_leave_failover_unknown() {
        let two = ReplicationGroupModel { num_cache_clusters: Field::Known(2), ..group("redis") };
        let cases = [
            ReplicationGroupModel { num_cache_clusters: Field::Unknown, ..group("valkey") },
            ReplicationGroupModel { engine: Field::Unknown, ..two.clone() },
            ReplicationGroupModel { parameter_group_name: Field::Unknown, ..two.clone() },
            ReplicationGroupModel { cluster_mode: Field::Unknown, ..two },
        ];
        for config in cases {
            assert_eq!(of(&config), None, "{config:?}");
        }
        let engine = ReplicationGroupModel {
            engine: Field::Unknown,
            num_cache_clusters: Field::Known(1),
            ..ReplicationGroupModel::default()
        };
        assert_eq!(of(&engine), Some(false), "a single node without cluster mode never fails over");
    }
}
