//! Tests of the replication group, against AWS's documents and a fake AWS.

use super::ReplicationGroup;
use crate::diag::Diagnostics;
use crate::testing::aws::{Answer, Call, config};
use crate::value::Value;

mod adopt;
mod change;
mod checks;
mod cluster_mode;
mod counts;
mod create;
mod datastore;
mod delete;
mod early;
mod generated;
mod imported;
mod keeping;
mod needs;
mod node_types;
mod plan;
mod read;
mod reboot;
mod replacing;
mod scaling;
mod settings;
mod steps;
mod topology;

const ARN: &str = "arn:aws:elasticache:us-east-1:111122223333:replicationgroup:cache";
const HOST: &str = "master.cache.abc.use1.cache.amazonaws.com";
const READER: &str = "replica.cache.abc.use1.cache.amazonaws.com";
const TOKEN: &str = "abcDEF0123456789!&#$^<>-";

/// The group and the nodes that the fake AWS returns.
#[derive(Debug, Clone)]
struct FakeGroup {
    status: &'static str,
    /// Nodes and their status.
    nodes: Vec<(&'static str, &'static str)>,
    version: &'static str,
    /// More elements of the group.
    group: String,
    /// More elements of each node.
    node: String,
}

impl FakeGroup {
    /// A Redis 7.1 group of two nodes, with TLS.
    fn two() -> Self {
        Self {
            status: "available",
            nodes: vec![("cache-001", "available"), ("cache-002", "available")],
            version: "7.1.0",
            group: "<TransitEncryptionEnabled>true</TransitEncryptionEnabled>\
                    <TransitEncryptionMode>required</TransitEncryptionMode>\
                    <AuthTokenEnabled>false</AuthTokenEnabled>"
                .to_owned(),
            node: String::new(),
        }
    }

    fn group_xml(&self) -> String {
        let nodes: String = self.nodes.iter().map(|(id, _)| format!("<ClusterId>{id}</ClusterId>")).collect();
        let members: String = self
            .nodes
            .iter()
            .enumerate()
            .map(|(i, (id, _))| {
                let role = if i == 1 { "primary" } else { "replica" };
                format!(
                    "<NodeGroupMember><CacheClusterId>{id}</CacheClusterId><CurrentRole>{role}</CurrentRole></NodeGroupMember>"
                )
            })
            .collect();
        let endpoint = |name, host| format!("<{name}><Address>{host}</Address><Port>6379</Port></{name}>");
        let (primary, reader) = (endpoint("PrimaryEndpoint", HOST), endpoint("ReaderEndpoint", READER));
        format!(
            "<ReplicationGroupId>cache</ReplicationGroupId><Description>A cache</Description>\
             <Status>{}</Status><MemberClusters>{nodes}</MemberClusters><NodeGroups><NodeGroup>\
             <NodeGroupId>0001</NodeGroupId>{primary}{reader}<NodeGroupMembers>{members}</NodeGroupMembers>\
             </NodeGroup></NodeGroups><AutomaticFailover>enabled</AutomaticFailover><MultiAZ>disabled</MultiAZ>\
             <SnapshotRetentionLimit>0</SnapshotRetentionLimit><SnapshotWindow>03:00-05:00</SnapshotWindow>\
             <ClusterEnabled>false</ClusterEnabled><CacheNodeType>cache.t4g.small</CacheNodeType>\
             <AtRestEncryptionEnabled>true</AtRestEncryptionEnabled>\
             <AutoMinorVersionUpgrade>true</AutoMinorVersionUpgrade><NetworkType>ipv4</NetworkType>\
             <IpDiscovery>ipv4</IpDiscovery><ClusterMode>disabled</ClusterMode><Engine>redis</Engine>{}\
             <ARN>{ARN}</ARN>",
            self.status, self.group
        )
    }

    fn node_xml(&self, id: &str, status: &str) -> String {
        format!(
            "<CacheCluster><CacheClusterId>{id}</CacheClusterId><CacheClusterStatus>{status}</CacheClusterStatus>\
             <CacheNodeType>cache.t4g.small</CacheNodeType><Engine>redis</Engine>\
             <EngineVersion>{}</EngineVersion><PreferredMaintenanceWindow>sun:05:00-sun:07:00\
             </PreferredMaintenanceWindow><CacheParameterGroup><CacheParameterGroupName>default.redis7\
             </CacheParameterGroupName></CacheParameterGroup><CacheSubnetGroupName>subnets</CacheSubnetGroupName>\
             <SecurityGroups><member><SecurityGroupId>sg-1</SecurityGroupId></member></SecurityGroups>\
             <ARN>arn:aws:elasticache:us-east-1:111122223333:cluster:{id}</ARN>{}</CacheCluster>",
            self.version, self.node
        )
    }

    /// The answer to a call, of the describing kind or one that changes the group.
    fn answer(&self, call: &Call) -> Answer {
        match call.operation.as_str() {
            "DescribeReplicationGroups" => call.xml(&format!(
                "<ReplicationGroups><ReplicationGroup>{}</ReplicationGroup></ReplicationGroups>",
                self.group_xml()
            )),
            "DescribeCacheClusters" => {
                let configured = call.param("CacheClusterId");
                let all = configured.is_empty();
                let nodes: String = self
                    .nodes
                    .iter()
                    .filter(|(id, _)| all || *id == configured)
                    .map(|(id, status)| self.node_xml(id, status))
                    .collect();
                match nodes.is_empty() {
                    true => call.error("CacheClusterNotFound", "There is none."),
                    false => call.xml(&format!("<CacheClusters>{nodes}</CacheClusters>")),
                }
            }
            "ListTagsForResource" => call.xml("<TagList/>"),
            "DescribeEvents" => call.xml(
                "<Events><Event><Message>Not enough capacity for cache.t4g.small.</Message></Event></Events>",
            ),
            _ => call.xml(&format!("<ReplicationGroup>{}</ReplicationGroup>", self.group_xml())),
        }
    }
}

/// A configuration that fits [`FakeGroup::two`], with changes.
fn configured<const N: usize>(changes: [(&str, Value); N]) -> Value {
    let mut config = config(
        &ReplicationGroup,
        [
            ("replication_group_id", "cache".into()),
            ("description", "A cache".into()),
            ("engine", "redis".into()),
            ("engine_version", "7.1".into()),
            ("node_type", "cache.t4g.small".into()),
            ("num_cache_clusters", Value::from(2)),
            ("automatic_failover_enabled", true.into()),
            ("transit_encryption_enabled", true.into()),
        ],
    );
    if let Value::Map(entries) = &mut config {
        entries.extend(changes.into_iter().map(|(name, value)| (name.to_owned(), value)));
    }
    config
}

/// The operations that change something.
fn changing(calls: &[Call]) -> Vec<&Call> {
    calls
        .iter()
        .filter(|c| !c.operation.starts_with("Describe") && !c.operation.starts_with("List"))
        .collect()
}

/// The parameters of a call, without those every call has.
fn params(call: &Call) -> Vec<String> {
    let own = call.params.iter().filter(|(name, _)| !["Action", "Version"].contains(&name.as_str()));
    own.map(|(name, value)| format!("{name}={value}")).collect()
}

fn none(diags: &Diagnostics) {
    assert_eq!(crate::testing::aws::problems(diags), [] as [&str; 0]);
}
