//! Carrying out the steps that add and remove shards and replicas.
//!
//! Each starts from what AWS returns at that moment, so that a step whose answer was lost, or
//! that was done elsewhere, is not done twice.

use std::collections::BTreeSet;

use aws_sdk_elasticache::types::{ConfigureShard, ReshardingConfiguration};

use super::layout::{Layout, Shard};
use super::scaling::{Placement, Replicas, ShardGoal, Shards, nodes_to_remove};
use super::update::run::Run;
use super::wait::Goal;
use crate::aws::{AwsError, ErrorKind, Service, UnansweredAttempts};
use crate::services::elasticache::replication_group;

/// Replicas in the form of the API: one number for all shards, or one for each of some.
enum Counts {
    All(i32),
    Some(Vec<ConfigureShard>),
}

impl Run<'_> {
    /// Adds or removes shards.
    pub(super) async fn reshard(
        &self,
        change: &Shards,
        attempts: &UnansweredAttempts,
    ) -> Result<(), AwsError> {
        let layout = self.layout().await?;
        let (mut remove, mut placements) = (Vec::new(), Vec::new());
        let count = match change {
            Shards::Count(shards) => {
                if is_reached(&layout, *shards) {
                    return Ok(());
                }
                remove = surplus(&layout, *shards);
                *shards
            }
            Shards::Add(all) => {
                if all.iter().all(|placement| layout.get(&placement.id).is_some()) {
                    return Ok(());
                }
                placements = all.iter().map(resharding).collect();
                change.count()
            }
            Shards::Remove { ids, left } => {
                remove.extend(ids.iter().filter(|id| layout.get(id).is_some()).cloned());
                if remove.is_empty() {
                    return Ok(());
                }
                i32::try_from(layout.shards.len() - remove.len()).unwrap_or(*left)
            }
        };
        let client = self.cx.scope().elasticache().await?;
        let call = client
            .modify_replication_group_shard_configuration()
            .replication_group_id(&self.id)
            .node_group_count(count)
            .apply_immediately(true)
            .set_node_groups_to_remove((!remove.is_empty()).then_some(remove))
            .set_resharding_configuration((!placements.is_empty()).then_some(placements));
        replication_group::modify_shards(self.cx.scope(), call, attempts).await
    }

    /// Adds replicas where there are fewer.
    pub(super) async fn increase(
        &self,
        change: &Replicas,
        attempts: &UnansweredAttempts,
    ) -> Result<(), AwsError> {
        let layout = self.layout().await?;
        let fewer = |shard: &Shard, replicas| shard.replicas < replicas;
        let Some(counts) = counts(&layout, change, true, fewer) else { return Ok(()) };
        let client = self.cx.scope().elasticache().await?;
        let call = client.increase_replica_count().replication_group_id(&self.id).apply_immediately(true);
        let call = match counts {
            Counts::All(replicas) => call.new_replica_count(replicas),
            Counts::Some(shards) => call.set_replica_configuration(Some(shards)),
        };
        replication_group::increase_replicas(self.cx.scope(), call, attempts).await
    }

    /// Removes replicas where there are more.
    pub(super) async fn decrease(
        &self,
        change: &Replicas,
        attempts: &UnansweredAttempts,
    ) -> Result<(), AwsError> {
        let layout = self.layout().await?;
        let more = |shard: &Shard, replicas| shard.replicas > replicas;
        let nodes = named(&layout, change)?;
        let Some(counts) = counts(&layout, change, false, more) else { return Ok(()) };
        let client = self.cx.scope().elasticache().await?;
        let call = client.decrease_replica_count().replication_group_id(&self.id).apply_immediately(true);
        let call = match counts {
            Counts::All(replicas) => call.new_replica_count(replicas),
            Counts::Some(shards) => call.set_replica_configuration(Some(shards)),
        };
        let call = call.set_replicas_to_remove((!nodes.is_empty()).then_some(nodes));
        replication_group::decrease_replicas(self.cx.scope(), call, attempts).await
    }

    /// The shards that exist now; none where AWS's answer was cut short.
    async fn layout(&self) -> Result<Layout, AwsError> {
        let group = replication_group::describe(self.cx.scope(), &self.id).await?.or_refusal()?;
        Ok(group.as_ref().map(Layout::of_group).unwrap_or_default())
    }
}

fn is_reached(layout: &Layout, shards: i32) -> bool {
    !layout.shards.is_empty() && i32::try_from(layout.shards.len()) == Ok(shards)
}

/// Shards to remove to come down to `count`: those with the highest IDs.
fn surplus(layout: &Layout, count: i32) -> Vec<String> {
    let mut ids: Vec<String> = layout.shards.iter().map(|shard| shard.id.clone()).collect();
    ids.split_off(ids.len().min(usize::try_from(count).unwrap_or_default()))
}

fn resharding(placement: &Placement) -> ReshardingConfiguration {
    let zones = (!placement.zones.is_empty()).then(|| placement.zones.clone());
    ReshardingConfiguration::builder()
        .node_group_id(&placement.id)
        .set_preferred_availability_zones(zones)
        .build()
}

/// What to ask for; `None` where every shard is as desired. `places` sends Availability Zones.
fn counts(
    layout: &Layout,
    change: &Replicas,
    places: bool,
    differs: impl Fn(&Shard, i32) -> bool,
) -> Option<Counts> {
    let goals: Vec<ShardGoal> = match change {
        Replicas::InEach(replicas) => {
            let shards: Vec<&Shard> =
                layout.shards.iter().filter(|shard| differs(shard, *replicas)).collect();
            if shards.len() == layout.shards.len() {
                return Some(Counts::All(*replicas));
            }
            let goal = |shard: &&Shard| ShardGoal {
                id: shard.id.clone(),
                replicas: *replicas,
                ..ShardGoal::default()
            };
            shards.iter().map(goal).collect()
        }
        Replicas::Of(goals) => {
            let open =
                |goal: &&ShardGoal| layout.get(&goal.id).is_none_or(|shard| differs(shard, goal.replicas));
            goals.iter().filter(open).cloned().collect()
        }
    };
    if goals.is_empty() {
        return None;
    }
    Some(Counts::Some(goals.iter().map(|goal| configure(goal, places)).collect()))
}

/// Availability Zones are those of all nodes after an increase; a decrease names nodes instead.
fn configure(goal: &ShardGoal, places: bool) -> ConfigureShard {
    let list = |list: &Vec<String>| (places && !list.is_empty()).then(|| list.clone());
    ConfigureShard::builder()
        .node_group_id(&goal.id)
        .new_replica_count(goal.replicas)
        .set_preferred_availability_zones(list(&goal.zones))
        .set_preferred_outpost_arns(list(&goal.outposts))
        .build()
}

/// The nodes to remove, where Availability Zones decide.
fn named(layout: &Layout, change: &Replicas) -> Result<Vec<String>, AwsError> {
    let Replicas::Of(goals) = change else { return Ok(Vec::new()) };
    let mut nodes = BTreeSet::new();
    for goal in goals.iter().filter(|goal| !goal.zones.is_empty()) {
        let Some(shard) = layout.get(&goal.id).filter(|shard| shard.replicas > goal.replicas) else {
            continue;
        };
        let Some(found) = nodes_to_remove(shard, goal.replicas, &goal.zones) else {
            let detail = format!(
                "the node of shard {} that is not in {} is the primary, which AWS does not remove. Fail over to a replica \
                 first (aws elasticache test-failover), or keep the Availability Zone of the primary",
                goal.id,
                goal.zones.join(", ")
            );
            return Err(AwsError::new(
                Service::ElastiCache,
                replication_group::DECREASE,
                ErrorKind::Config { detail },
            ));
        };
        nodes.extend(found);
    }
    Ok(nodes.into_iter().collect())
}

impl Goal<'_> {
    /// What is still missing of shards and replicas; `None` when they are as desired.
    pub(super) fn missing_of(self, layout: &Layout) -> Option<String> {
        let other = |shard: &Shard, replicas: i32| {
            (shard.replicas != replicas)
                .then(|| format!("{} replicas in a shard, to become {replicas}", shard.replicas))
        };
        match self {
            Goal::Shards(count) => (!is_reached(layout, count))
                .then(|| format!("{} shards, to become {count}", layout.shards.len())),
            Goal::Replicas(Replicas::InEach(replicas), direction) => layout
                .shards
                .iter()
                .filter(|shard| direction.is_open(shard.replicas, *replicas))
                .find_map(|shard| other(shard, *replicas)),
            Goal::Replicas(Replicas::Of(goals), _) => {
                goals.iter().find_map(|goal| match layout.get(&goal.id) {
                    Some(shard) => other(shard, goal.replicas),
                    None => Some(format!("shard {} is missing", goal.id)),
                })
            }
            Goal::Created | Goal::Changed | Goal::Modified(..) | Goal::Tls(_) => None,
        }
    }
}
