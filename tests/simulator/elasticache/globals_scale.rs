//! Shards of a datastore: `IncreaseNodeGroupsInGlobalReplicationGroup`,
//! `DecreaseNodeGroupsInGlobalReplicationGroup` and `RebalanceSlotsInGlobalReplicationGroup`.
//!
//! Every member has the same shards under the same numbers, so each is scaled as a group of its own is.

use super::ElastiCache;
use super::faults;
use super::globals::{no_datastore, not_associated};
use super::globals_store::{Membership, Stage};
use super::group_scale::now_only;
use super::input;
use super::protocol::{Millis, Params, Place, ServiceError, Xml};

/// Which way a call goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Increase,
    Decrease,
    Rebalance,
}

impl ElastiCache {
    /// Scales every member. None is begun before all are checked. The words of the refusals are ours.
    pub(super) fn scale_global(
        &mut self,
        place: &Place,
        params: &Params,
        way: Way,
        now: Millis,
    ) -> Result<Vec<Xml>, ServiceError> {
        let key = self.settled_datastore(place, params)?;
        now_only(params)?;
        let datastore = self.datastores.get(&key).ok_or_else(|| no_datastore(&key.1))?;
        let primary = self.primary_group(datastore).ok_or_else(|| no_datastore(&key.1))?;
        let before = primary.node_groups.len();
        let count = match way {
            Way::Rebalance => before,
            Way::Increase | Way::Decrease => {
                input::required(params, "NodeGroupCount")?;
                let refusal = "NodeGroupCount must be at least 1.";
                input::count(params, "NodeGroupCount", usize::MAX, refusal)?.unwrap_or_default()
            }
        };
        match way {
            Way::Increase if count <= before => {
                return Err(faults::value("NodeGroupCount must be greater than the current one."));
            }
            Way::Decrease if count >= before => {
                return Err(faults::value("NodeGroupCount must be less than the current one."));
            }
            _ => {}
        }
        let members = datastore.members.clone();
        check_regions(&key.1, params, &members)?;
        let mut planned = Vec::new();
        for member in members {
            let own = member_params(&key.1, params, &member, count)?;
            let (region, _) = self.member_group(&member).ok_or_else(|| no_datastore(&key.1))?;
            let shards = region.planned_shards(&own)?;
            planned.push((member, shards));
        }
        let lag = self.config.durations.global_lag;
        for (member, shards) in planned {
            let Some((region, _)) = self.member_group(&member) else { continue };
            region.begin_resharding(shards, if member.primary { 0 } else { lag });
        }
        if let Some(datastore) = self.datastores.get_mut(&key) {
            datastore.begin(Stage::Modifying, now);
        }
        self.observed(&key)
    }
}

/// Each regional configuration is of a member.
fn check_regions(id: &str, params: &Params, members: &[Membership]) -> Result<(), ServiceError> {
    for entry in params.numbered("RegionalConfigurations") {
        let group = input::required(&entry, "ReplicationGroupId")?.to_ascii_lowercase();
        let region = input::required(&entry, "ReplicationGroupRegion")?;
        if !members.iter().any(|member| member.group.0 == group && member.place.region == region) {
            return Err(not_associated(&group, id));
        }
    }
    Ok(())
}

/// What the call asks of one member.
fn member_params(
    id: &str,
    params: &Params,
    member: &Membership,
    count: usize,
) -> Result<Params, ServiceError> {
    let mut own = Params::default();
    let mut set = |name: String, value: &str| {
        own.0.insert(name, value.to_owned());
    };
    set("ReplicationGroupId".to_owned(), &member.group.0);
    set("NodeGroupCount".to_owned(), &count.to_string());
    set("ApplyImmediately".to_owned(), "true");
    for entry in params.numbered("RegionalConfigurations") {
        let of = |name: &str| input::text(&entry, name).unwrap_or_default().to_ascii_lowercase();
        if of("ReplicationGroupId") == member.group.0 && of("ReplicationGroupRegion") == member.place.region {
            for (name, value) in
                entry.0.iter().filter(|(name, _)| name.starts_with("ReshardingConfiguration."))
            {
                set(name.clone(), value);
            }
        }
    }
    for (requested, name) in [
        ("GlobalNodeGroupsToRemove", "NodeGroupsToRemove"),
        ("GlobalNodeGroupsToRetain", "NodeGroupsToRetain"),
    ] {
        for (at, shard) in params.list(requested).iter().enumerate() {
            let number = shard.strip_prefix(id).and_then(|rest| rest.strip_prefix('-'));
            let number =
                number.ok_or_else(|| faults::value(format!("Invalid global node group ID: {shard}")))?;
            set(format!("{name}.member.{}", at + 1), number);
        }
    }
    Ok(own)
}
