//! A replication group that AWS returns, for the tests of actions.

use crate::testing::aws::{Answer, Call};

/// The replication group `cache`.
#[derive(Debug, Clone)]
pub(super) struct Group {
    /// The nodes of each shard, with whether it is the primary.
    pub(super) shards: Vec<Vec<(&'static str, bool)>>,
    pub(super) status: &'static str,
    /// `enabled` or `disabled`.
    pub(super) failover: &'static str,
    pub(super) cluster_mode: bool,
    /// Nodes with parameters that wait for a reboot.
    pub(super) waiting: Vec<String>,
    /// The node that is being rebooted.
    pub(super) rebooting: Option<String>,
}

impl Group {
    /// A primary and two replicas.
    pub(super) fn new() -> Self {
        Self {
            shards: vec![vec![("cache-001", true), ("cache-002", false), ("cache-003", false)]],
            status: "available",
            failover: "enabled",
            cluster_mode: false,
            waiting: Vec::new(),
            rebooting: None,
        }
    }

    /// Two shards, of whose nodes AWS returns no roles.
    pub(super) fn sharded() -> Self {
        let shards =
            vec![vec![("cache-0001-001", true), ("cache-0001-002", false)], vec![("cache-0002-001", true)]];
        Self { shards, cluster_mode: true, ..Self::new() }
    }

    /// Makes a node of the first shard its primary.
    pub(super) fn promote(&mut self, id: &str) {
        self.shards[0].iter_mut().for_each(|(node, primary)| *primary = *node == id);
    }

    /// The answer to a call that describes the group or a node; none for any other call.
    pub(super) fn described(&self, call: &Call) -> Option<Answer> {
        match call.operation.as_str() {
            "DescribeReplicationGroups" => Some(self.group(call)),
            "DescribeCacheClusters" => Some(self.node(call)),
            _ => None,
        }
    }

    fn group(&self, call: &Call) -> Answer {
        let node = |(id, primary): &(&str, bool)| {
            let role = match (self.cluster_mode, primary) {
                (true, _) => "",
                (false, true) => "<CurrentRole>primary</CurrentRole>",
                (false, false) => "<CurrentRole>replica</CurrentRole>",
            };
            format!("<NodeGroupMember><CacheClusterId>{id}</CacheClusterId>{role}</NodeGroupMember>")
        };
        let shard = |(at, nodes): (usize, &Vec<(&str, bool)>)| {
            let nodes: String = nodes.iter().map(node).collect();
            format!(
                "<NodeGroup><NodeGroupId>{:04}</NodeGroupId><NodeGroupMembers>{nodes}</NodeGroupMembers></NodeGroup>",
                at + 1
            )
        };
        let shards: String = self.shards.iter().enumerate().map(shard).collect();
        let members = self.shards.iter().flatten().map(|(id, _)| format!("<ClusterId>{id}</ClusterId>"));
        call.xml(&format!(
            "<ReplicationGroups><ReplicationGroup><ReplicationGroupId>cache</ReplicationGroupId><Status>{}</Status>\
             <MemberClusters>{}</MemberClusters><NodeGroups>{shards}</NodeGroups><AutomaticFailover>{}</AutomaticFailover>\
             <ClusterEnabled>{}</ClusterEnabled><ARN>arn:aws:elasticache:us-east-1:111122223333:replicationgroup:cache</ARN>\
             </ReplicationGroup></ReplicationGroups>",
            self.status,
            members.collect::<String>(),
            self.failover,
            self.cluster_mode
        ))
    }

    fn node(&self, call: &Call) -> Answer {
        let id = call.param("CacheClusterId");
        if !self.shards.iter().flatten().any(|(node, _)| *node == id) {
            return call.error("CacheClusterNotFound", "None.");
        }
        let status =
            if self.rebooting.as_deref() == Some(id) { "rebooting cluster nodes" } else { "available" };
        let (apply, nodes) = match self.waiting.iter().any(|node| node == id) {
            true => ("pending-reboot", "<CacheNodeId>0001</CacheNodeId>"),
            false => ("in-sync", ""),
        };
        call.xml(&format!(
            "<CacheClusters><CacheCluster><CacheClusterId>{id}</CacheClusterId><Engine>valkey</Engine>\
             <CacheClusterStatus>{status}</CacheClusterStatus><ReplicationGroupId>cache</ReplicationGroupId>\
             <CacheParameterGroup><ParameterApplyStatus>{apply}</ParameterApplyStatus>\
             <CacheNodeIdsToReboot>{nodes}</CacheNodeIdsToReboot></CacheParameterGroup>\
             <ARN>arn:aws:elasticache:us-east-1:111122223333:cluster:{id}</ARN></CacheCluster></CacheClusters>"
        ))
    }
}
