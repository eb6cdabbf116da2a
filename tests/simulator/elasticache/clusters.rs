//! Members as cache clusters: `DescribeCacheClusters`.

use super::faults;
use super::group::{Group, Host, Member, Status, Tls};
use super::group_show::token_status;
use super::input;
use super::logs::LogDelivery;
use super::protocol::{Params, ServiceError, Xml};
use super::region::Region;
use super::xml::{Node, endpoint};

impl Region {
    /// `DescribeCacheClusters`.
    pub(super) fn describe_clusters(&self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let nodes = input::flag(params, "ShowCacheNodeInfo")?.unwrap_or(false);
        let alone = input::flag(params, "ShowCacheClustersNotInReplicationGroups")?.unwrap_or(false);
        let all = self.groups.values().filter(|group| group.visible <= self.now);
        let mut entries: Vec<(String, (&Group, &Member))> = all
            .filter(|group| group.alone || !alone)
            .flat_map(|group| group.members().map(move |member| (member.id.clone(), (group, member))))
            .collect();
        if let Some(id) = input::text(params, "CacheClusterId") {
            let id = id.to_ascii_lowercase();
            entries.retain(|(known, _)| *known == id);
            if entries.is_empty() {
                return Err(faults::no_cluster(&id));
            }
        }
        entries.sort_by(|one, other| one.0.cmp(&other.0));
        input::page(params, "CacheClusters", (100, 100), entries, |(group, member)| {
            self.show_cluster(group, member, nodes)
        })
    }

    /// The cluster, as the calls on one answer.
    pub(super) fn cluster_answer(&self, id: &str) -> Result<Vec<Xml>, ServiceError> {
        let found = self.groups.values().find_map(|group| Some((group, group.member(id)?)));
        let (group, member) = found.ok_or_else(|| faults::no_cluster(id))?;
        Ok(vec![self.show_cluster(group, member, false)])
    }

    fn show_cluster(&self, group: &Group, member: &Member, nodes: bool) -> Xml {
        let topic = group.topic.as_ref().map(|(arn, active)| {
            let status = if *active { "active" } else { "inactive" };
            Node::new("NotificationConfiguration").text("TopicArn", arn).text("TopicStatus", status).done()
        });
        // "A list of the cache node IDs which need to be rebooted for parameter changes to be applied" (API model).
        let parameters = Node::new("CacheParameterGroup")
            .text("CacheParameterGroupName", &group.parameter_group)
            .text("ParameterApplyStatus", parameter_status(group, member))
            .list("CacheNodeIdsToReboot", member.pending_reboot.then(|| Xml::text("CacheNodeId", "0001")));
        let security_groups = group
            .security_groups
            .iter()
            .map(|id| Node::new("member").text("SecurityGroupId", id).text("Status", "active").done());
        // "If the cluster is in the creating state, only cluster-level information is displayed";
        // likewise while deleting (API model).
        let ready = !matches!(member.status, Status::Creating | Status::Deleting);
        let node = (nodes && ready).then(|| Xml::element("CacheNodes", vec![self.show_node(group, member)]));
        Node::new("CacheCluster")
            .text("CacheClusterId", &member.id)
            .text(
                "ClientDownloadLandingPage",
                "https://console.aws.amazon.com/elasticache/home#client-download:",
            )
            .text("CacheNodeType", &group.node_type)
            .text("Engine", group.engine)
            .text("EngineVersion", group.version)
            .text("CacheClusterStatus", member.status)
            .text("NumCacheNodes", 1)
            .text("PreferredAvailabilityZone", &member.zone)
            .text("CacheClusterCreateTime", self.date(member.created))
            .text("PreferredMaintenanceWindow", group.maintenance_window)
            .child(show_pending(group))
            .maybe_child(topic)
            .list("CacheSecurityGroups", [])
            .child(parameters.done())
            .text("CacheSubnetGroupName", &group.subnet_group)
            .maybe_child(node)
            .text("AutoMinorVersionUpgrade", group.auto_minor)
            .list("SecurityGroups", security_groups)
            .maybe("ReplicationGroupId", (!group.alone).then_some(&group.id))
            .text("SnapshotRetentionLimit", self.retention_of(group, member))
            .text("SnapshotWindow", group.snapshot_window)
            .text("AuthTokenEnabled", group.token_enabled())
            .maybe("AuthTokenLastModifiedDate", group.token_modified.map(|at| self.date(at)))
            .text("TransitEncryptionEnabled", group.tls.enabled())
            .text("AtRestEncryptionEnabled", group.at_rest)
            .text("ARN", self.arn("cluster", &member.id))
            .text("ReplicationGroupLogDeliveryEnabled", !group.alone && !group.logs.is_empty())
            .list("LogDeliveryConfigurations", group.logs.iter().map(LogDelivery::write))
            .each(&group.chosen)
            .maybe("TransitEncryptionMode", group.tls.mode())
            .done()
    }

    /// Retention stands with the member that snapshots are taken of (a belief).
    fn retention_of(&self, group: &Group, member: &Member) -> usize {
        match &group.snapshotting_cluster {
            Some(id) if *id != member.id => 0,
            _ => group.snapshot_retention,
        }
    }

    fn show_node(&self, group: &Group, member: &Member) -> Xml {
        let (host, port) = group.endpoint(&self.place, &self.config, Host::Member(&member.id));
        Node::new("CacheNode")
            .text("CacheNodeId", "0001")
            .text("CacheNodeStatus", member.status)
            .text("CacheNodeCreateTime", self.date(member.created))
            .child(endpoint("Endpoint", &host, port))
            .text("ParameterGroupStatus", parameter_status(group, member))
            .text("CustomerAvailabilityZone", &member.zone)
            .done()
    }
}

/// What a member says of its parameters.
fn parameter_status(group: &Group, member: &Member) -> &'static str {
    if member.pending_reboot { "pending-reboot" } else { group.parameter_status }
}

/// What a member is still to become.
fn show_pending(group: &Group) -> Xml {
    let (now, then) = (&group.applying, &group.pending);
    let version = now.engine.or(then.engine).map(|(_, version)| version);
    let tls = now.tls.or(then.tls);
    let logs: Vec<Xml> = group.logs.iter().filter_map(LogDelivery::write_pending).collect();
    Node::new("PendingModifiedValues")
        .maybe("EngineVersion", version)
        .maybe("CacheNodeType", now.node_type.as_ref().or(then.node_type.as_ref()))
        .maybe("AuthTokenStatus", token_status(group))
        .maybe_child((!logs.is_empty()).then(|| Xml::element("LogDeliveryConfigurations", logs)))
        .maybe("TransitEncryptionEnabled", tls.map(Tls::enabled))
        .maybe("TransitEncryptionMode", tls.and_then(Tls::mode))
        .done()
}
