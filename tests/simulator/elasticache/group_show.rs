//! Groups as the API shows them, and `DescribeReplicationGroups`.

use super::durability;
use super::faults;
use super::group::{ClusterMode, Group, Host, Member, NodeGroup, Status, Tls};
use super::input;
use super::logs::LogDelivery;
use super::pending::TokenChange;
use super::protocol::{Params, ServiceError, Xml};
use super::region::Region;
use super::topology;
use super::xml::{Node, endpoint};

fn word(on: bool) -> &'static str {
    if on { "enabled" } else { "disabled" }
}

impl Region {
    /// `DescribeReplicationGroups`. A new group is found a little later than it is made.
    pub(super) fn describe_groups(&self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let chosen: Vec<&Group> = match input::text(params, "ReplicationGroupId") {
            Some(id) => {
                let group = self.group(id)?;
                if group.visible > self.now {
                    return Err(faults::no_group(&group.id));
                }
                vec![group]
            }
            None => self.groups.values().filter(|group| !group.alone && group.visible <= self.now).collect(),
        };
        let entries = chosen.into_iter().map(|group| (group.id.clone(), group)).collect();
        input::page(params, "ReplicationGroups", (100, 100), entries, |group| self.show_group(group))
    }

    /// The answer of most calls: the group as it is now.
    pub(super) fn group_answer(&self, id: &str) -> Result<Vec<Xml>, ServiceError> {
        Ok(vec![self.show_group(self.group(id)?)])
    }

    fn show_group(&self, group: &Group) -> Xml {
        let settled = !matches!(group.status, Status::Creating | Status::CreateFailed);
        let clustered = settled && group.cluster_enabled();
        let configuration = clustered.then(|| {
            let (host, port) = group.endpoint(&self.place, &self.config, Host::Configuration);
            endpoint("ConfigurationEndpoint", &host, port)
        });
        let failover = match (group.applying.failover, group.failover) {
            (Some(true), _) => "enabling",
            (Some(false), _) => "disabling",
            (None, on) => word(on),
        };
        let encryption = match (durability::encrypts(group), &group.kms_key) {
            (false, _) => "none",
            (true, None) => "sse-elasticache",
            (true, Some(_)) => "sse-kms",
        };
        let role = if group.global_primary { "PRIMARY" } else { "SECONDARY" };
        // A group in `deleting`, also in the answer of the delete, has no members, shards, cluster mode
        // flag, node type or create time any more (Cloud Custodian's recordings of 2021; example of
        // delete-replication-group in the AWS CLI's reference).
        let retained = group.status != Status::Deleting;
        let members = || group.members().map(|member| Xml::text("ClusterId", &member.id)).collect();
        let shards = || group.node_groups.iter().map(|shard| self.show_shard(group, shard)).collect();
        Node::new("ReplicationGroup")
            .text("ReplicationGroupId", &group.id)
            .text("Description", &group.description)
            .child(
                Node::new("GlobalReplicationGroupInfo")
                    .maybe("GlobalReplicationGroupId", group.global.as_ref())
                    .maybe("GlobalReplicationGroupMemberRole", group.global.as_ref().map(|_| role))
                    .done(),
            )
            .text("Status", group.status)
            .child(self.show_pending(group))
            .maybe_child(retained.then(|| Xml::element("MemberClusters", members())))
            .maybe_child(retained.then(|| Xml::element("NodeGroups", shards())))
            .maybe("SnapshottingClusterId", group.snapshotting_cluster.as_ref())
            .text("AutomaticFailover", failover)
            .text("MultiAZ", word(group.multi_az))
            .maybe_child(configuration)
            .text("SnapshotRetentionLimit", group.snapshot_retention)
            .text("SnapshotWindow", group.snapshot_window)
            .maybe("ClusterEnabled", retained.then(|| group.cluster_enabled()))
            .maybe("CacheNodeType", retained.then_some(&group.node_type))
            .text("AuthTokenEnabled", group.token_enabled())
            .maybe("AuthTokenLastModifiedDate", group.token_modified.map(|at| self.date(at)))
            .text("TransitEncryptionEnabled", group.tls.enabled())
            .text("AtRestEncryptionEnabled", group.at_rest)
            .maybe("KmsKeyId", group.kms_key.as_ref())
            .text("StorageEncryptionType", encryption)
            .text("ARN", self.arn("replicationgroup", &group.id))
            .texts("UserGroupIds", "member", &group.user_groups)
            .list("LogDeliveryConfigurations", group.logs.iter().map(LogDelivery::write))
            .maybe("ReplicationGroupCreateTime", retained.then(|| self.date(group.created)))
            .text("DataTiering", word(group.data_tiering))
            .text("AutoMinorVersionUpgrade", group.auto_minor)
            .each(&group.chosen)
            .maybe("TransitEncryptionMode", group.tls.mode())
            .text("ClusterMode", group.cluster_mode)
            .text("Engine", group.engine)
            .maybe("Durability", group.durability.as_ref())
            .maybe("EffectiveDurability", durability::effective(group))
            .done()
    }

    /// With cluster mode enabled there are no roles and no endpoints of shards or members here, as
    /// in the answers that the AWS CLI's reference shows; `compatible` shows both (a belief). A replica
    /// that is being added is among the group's members before it is in its shard (example of
    /// increase-replica-count there: four names, two in the shard).
    fn show_shard(&self, group: &Group, shard: &NodeGroup) -> Xml {
        let created = group.status != Status::Creating;
        let single = created && group.cluster_mode != ClusterMode::Enabled;
        let end = |name: &str, host| {
            single.then(|| {
                let (host, port) = group.endpoint(&self.place, &self.config, host);
                endpoint(name, &host, port)
            })
        };
        let slots = (!shard.slots.is_empty()).then(|| topology::write_slots(&shard.slots));
        let members = shard
            .members
            .iter()
            .filter(|member| created && !member.joining)
            .map(|member| self.show_member(group, member, single));
        Node::new("NodeGroup")
            .text("NodeGroupId", &shard.id)
            .text("Status", shard.status)
            .maybe_child(end("PrimaryEndpoint", Host::Primary))
            .maybe_child(end("ReaderEndpoint", Host::Reader))
            .maybe("Slots", slots)
            .list("NodeGroupMembers", members)
            .done()
    }

    fn show_member(&self, group: &Group, member: &Member, single: bool) -> Xml {
        let ready = !matches!(member.status, Status::Creating | Status::Deleting);
        let read = (single && ready).then(|| {
            let (host, port) = group.endpoint(&self.place, &self.config, Host::Member(&member.id));
            endpoint("ReadEndpoint", &host, port)
        });
        let role = if member.primary { "primary" } else { "replica" };
        Node::new("NodeGroupMember")
            .text("CacheClusterId", &member.id)
            .text("CacheNodeId", "0001")
            .maybe_child(read)
            .text("PreferredAvailabilityZone", &member.zone)
            .maybe("CurrentRole", single.then_some(role))
            .done()
    }
}

impl Region {
    /// What a group is still to become: what waits for the window and what is being done. Node type
    /// and engine version stand with the members only (API model). Failover that is being enabled is
    /// not among it (user guide, "Enabling Multi-AZ": PendingModifiedValues is empty and the shard is
    /// `modifying`), and resharding only after the answer of the call that began it (example of
    /// modify-replication-group-shard-configuration in the AWS CLI's reference).
    fn show_pending(&self, group: &Group) -> Xml {
        let (now, then) = (&group.applying, &group.pending);
        let resharding = group.resharding.filter(|since| *since < self.now).map(|_| {
            let migration = Node::new("SlotMigration").text("ProgressPercentage", "0.0").done();
            Node::new("Resharding").child(migration).done()
        });
        let ids = |now: &[String], then: &[String]| [now, then].concat();
        let add = ids(&now.add_user_groups, &then.add_user_groups);
        let remove = ids(&now.remove_user_groups, &then.remove_user_groups);
        let user_groups = (!add.is_empty() || !remove.is_empty()).then(|| {
            Node::new("UserGroups")
                .texts("UserGroupIdsToAdd", "member", add)
                .texts("UserGroupIdsToRemove", "member", remove)
                .done()
        });
        let logs: Vec<Xml> = group.logs.iter().filter_map(LogDelivery::write_pending).collect();
        let tls = now.tls.or(then.tls);
        Node::new("PendingModifiedValues")
            .maybe("AutomaticFailoverStatus", then.failover.map(word))
            .maybe_child(resharding)
            .maybe("AuthTokenStatus", token_status(group))
            .maybe_child(user_groups)
            .maybe_child((!logs.is_empty()).then(|| Xml::element("LogDeliveryConfigurations", logs)))
            .maybe("TransitEncryptionEnabled", tls.map(Tls::enabled))
            .maybe("TransitEncryptionMode", tls.and_then(Tls::mode))
            .maybe("ClusterMode", now.cluster_mode.or(then.cluster_mode))
            .done()
    }
}

/// What is being done with the token, if something is.
pub(super) fn token_status(group: &Group) -> Option<&'static str> {
    match group.applying.token.as_ref().or(group.pending.token.as_ref())? {
        TokenChange::Rotate(_) => Some("ROTATING"),
        TokenChange::Set(_) | TokenChange::Delete => Some("SETTING"),
    }
}
