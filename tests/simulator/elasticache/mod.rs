//! ElastiCache, simulated: a state machine over simulated time, per account and region.
//!
//! Made from AWS's API model (botocore 1.43, `elasticache/2015-02-02/service-2.json`: shapes, names,
//! limits, error codes and statuses) and the user guide. What neither says is marked as a belief
//! where it stands; words of refusals that were seen in public issue threads name the thread, and
//! other words are ours.
//!
//! Nothing runs by itself: each call first does what has become due, each thing at its own time.

mod auth;
mod calendar;
mod choices;
mod clusters;
mod config;
mod control;
mod create_shape;
mod durability;
mod engine_info;
mod events;
mod faults;
mod globals;
mod globals_calls;
mod globals_change;
mod globals_scale;
mod globals_show;
mod globals_store;
mod group;
mod group_create;
mod group_delete;
mod group_modify;
mod group_scale;
mod group_settings;
mod group_show;
mod input;
mod lifecycle;
mod logs;
mod neighbours;
mod nodes;
mod parameter_groups;
mod parameter_show;
mod parameter_text;
mod parameters;
mod pending;
mod reboot;
mod region;
mod serverless;
mod serverless_control;
mod serverless_modify;
mod serverless_snapshots;
mod service_updates;
mod snapshots;
mod subnet_groups;
mod tags;
mod topology;
mod user_groups;
mod users;
mod versions;
mod xml;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use config::{Config, Durations, Hosts, Quotas};
pub use control::Control;

use super::protocol::{self, Interface, Millis, Params, Place, QueryService, ServiceError, Xml};
use group_scale::Direction;
use region::Region;

/// Simulated ElastiCache.
pub struct ElastiCache {
    config: Arc<Config>,
    regions: BTreeMap<Place, Region>,
    datastores: BTreeMap<globals_store::Key, globals_store::Datastore>,
}

impl ElastiCache {
    /// An AWS without any groups.
    pub fn new(config: Config) -> Self {
        Self { config: Arc::new(config), regions: BTreeMap::new(), datastores: BTreeMap::new() }
    }

    /// What was chosen.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Chooses anew, for what begins from now on.
    pub fn configure(&mut self, change: impl FnOnce(&mut Config)) {
        change(Arc::make_mut(&mut self.config));
        for region in self.regions.values_mut() {
            region.config = Arc::clone(&self.config);
        }
    }

    /// One account and region at this time, to look at and to interfere with.
    pub fn at(&mut self, place: &Place, now: Millis) -> Control<'_> {
        self.settle_globals(&place.account, now);
        Control { region: self.region(place, now) }
    }

    fn region(&mut self, place: &Place, now: Millis) -> &mut Region {
        let config = &self.config;
        let region = self
            .regions
            .entry(place.clone())
            .or_insert_with(|| Region::new(place.clone(), Arc::clone(config)));
        region.advance(now);
        region
    }
}

impl QueryService for ElastiCache {
    fn call(
        &mut self,
        place: &Place,
        action: &str,
        params: &Params,
        now: Millis,
    ) -> Result<Vec<Xml>, ServiceError> {
        self.settle_globals(&place.account, now);
        if let Some(answer) = self.global_call(place, action, params, now) {
            return answer;
        }
        let region = self.region(place, now);
        match action {
            "CreateReplicationGroup" => region.create_group(params),
            "DescribeReplicationGroups" => region.describe_groups(params),
            "ModifyReplicationGroup" => region.modify_group(params),
            "DeleteReplicationGroup" => region.delete_group(params),
            "DisassociateGlobalReplicationGroup" => region.disassociate_global(params),
            "ModifyReplicationGroupShardConfiguration" => region.scale_shards(params),
            "IncreaseReplicaCount" => region.scale_replicas(params, Direction::Up),
            "DecreaseReplicaCount" => region.scale_replicas(params, Direction::Down),
            "TestFailover" => region.test_failover(params),
            "DescribeCacheClusters" => region.describe_clusters(params),
            "DeleteCacheCluster" => region.delete_cluster(params),
            "RebootCacheCluster" => region.reboot_cluster(params),
            "CreateCacheParameterGroup" => region.create_parameter_group(params),
            "DescribeCacheParameterGroups" => region.describe_parameter_groups(params),
            "DescribeCacheParameters" => region.describe_parameters(params),
            "ModifyCacheParameterGroup" => region.modify_parameter_group(params),
            "ResetCacheParameterGroup" => region.reset_parameter_group(params),
            "DeleteCacheParameterGroup" => region.delete_parameter_group(params),
            "DescribeEngineDefaultParameters" => region.describe_engine_defaults(params),
            "CreateCacheSubnetGroup" => region.create_subnet_group(params),
            "DescribeCacheSubnetGroups" => region.describe_subnet_groups(params),
            "ModifyCacheSubnetGroup" => region.modify_subnet_group(params),
            "DeleteCacheSubnetGroup" => region.delete_subnet_group(params),
            "CreateSnapshot" => region.create_snapshot(params),
            "CopySnapshot" => region.copy_snapshot(params),
            "DescribeSnapshots" => region.describe_snapshots(params),
            "DeleteSnapshot" => region.delete_snapshot(params),
            "CreateServerlessCache" => region.create_serverless(params),
            "DescribeServerlessCaches" => region.describe_serverless(params),
            "ModifyServerlessCache" => region.modify_serverless(params),
            "DeleteServerlessCache" => region.delete_serverless(params),
            "CreateServerlessCacheSnapshot" => region.create_serverless_snapshot(params),
            "CopyServerlessCacheSnapshot" => region.copy_serverless_snapshot(params),
            "ExportServerlessCacheSnapshot" => region.export_serverless_snapshot(params),
            "DescribeServerlessCacheSnapshots" => region.describe_serverless_snapshots(params),
            "DeleteServerlessCacheSnapshot" => region.delete_serverless_snapshot(params),
            "DescribeServiceUpdates" => region.describe_service_updates(params),
            "DescribeUpdateActions" => region.describe_update_actions(params),
            "BatchApplyUpdateAction" => region.change_update_actions(params, true),
            "BatchStopUpdateAction" => region.change_update_actions(params, false),
            "CreateUser" => region.create_user(params),
            "DescribeUsers" => region.describe_users(params),
            "ModifyUser" => region.modify_user(params),
            "DeleteUser" => region.delete_user(params),
            "CreateUserGroup" => region.create_user_group(params),
            "DescribeUserGroups" => region.describe_user_groups(params),
            "ModifyUserGroup" => region.modify_user_group(params),
            "DeleteUserGroup" => region.delete_user_group(params),
            "AddTagsToResource" => region.add_tags(params),
            "RemoveTagsFromResource" => region.remove_tags(params),
            "ListTagsForResource" => region.list_tags(params),
            "DescribeEvents" => region.describe_events(params),
            "DescribeCacheEngineVersions" => region.describe_versions(params),
            "ListAllowedNodeTypeModifications" => region.allowed_node_types(params),
            _ => Err(ServiceError::new(
                "InvalidAction",
                format!("Could not find operation {action} for version 2015-02-02"),
            )),
        }
    }

    fn tagged(&mut self, place: &Place, now: Millis) -> Vec<(String, BTreeMap<String, String>)> {
        self.region(place, now).tagged()
    }

    fn interfaces(&mut self, place: &Place, now: Millis) -> Vec<Interface> {
        self.region(place, now).interfaces()
    }
}
