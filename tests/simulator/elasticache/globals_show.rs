//! Datastores as the API shows them, and `DescribeGlobalReplicationGroups`.

use super::ElastiCache;
use super::globals_store::{Datastore, Membership};
use super::group::Group;
use super::input;
use super::protocol::{Params, Place, ServiceError, Xml};
use super::topology;
use super::xml::Node;

impl ElastiCache {
    /// `DescribeGlobalReplicationGroups`.
    pub(super) fn describe_globals(&self, place: &Place, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let with_members = input::flag(params, "ShowMemberInfo")?.unwrap_or(false);
        let chosen: Vec<&Datastore> = match input::text(params, "GlobalReplicationGroupId") {
            Some(_) => self.datastores.get(&self.datastore(place, params)?).into_iter().collect(),
            None => {
                let here = |it: &&Datastore| it.members.iter().any(|member| member.place == *place);
                let own = self.datastores.iter().filter(|((account, _), _)| *account == place.account);
                own.map(|(_, datastore)| datastore).filter(here).collect()
            }
        };
        let entries = chosen.into_iter().map(|datastore| (datastore.id.clone(), datastore)).collect();
        input::page(params, "GlobalReplicationGroups", (100, 100), entries, |datastore| {
            self.show_global(&place.account, datastore, with_members)
        })
    }

    /// The answer of most calls: the datastore as it is now.
    pub(super) fn global_answer(&self, account: &str, datastore: &Datastore) -> Vec<Xml> {
        vec![self.show_global(account, datastore, true)]
    }

    /// An empty description is one space (hashicorp/aws suppresses the difference).
    fn show_global(&self, account: &str, datastore: &Datastore, with_members: bool) -> Xml {
        let primary = self.primary_group(datastore);
        let description = match datastore.description.as_str() {
            "" => " ",
            text => text,
        };
        let observed = with_members.then(|| {
            let members = datastore.members.iter();
            Xml::element("Members", members.map(|member| self.show_global_member(member)).collect())
        });
        let node = Node::new("GlobalReplicationGroup")
            .text("GlobalReplicationGroupId", &datastore.id)
            .text("GlobalReplicationGroupDescription", description)
            .text("Status", datastore.status())
            .maybe_child(observed)
            .text("ARN", arn(account, &datastore.id));
        let Some(group) = primary else { return node.done() };
        node.text("CacheNodeType", &group.node_type)
            .text("Engine", group.engine)
            .text("EngineVersion", group.version)
            .text("ClusterEnabled", group.cluster_enabled())
            .maybe_child(shards(datastore, group))
            .text("AuthTokenEnabled", group.token_enabled())
            .text("TransitEncryptionEnabled", group.tls.enabled())
            .text("AtRestEncryptionEnabled", group.at_rest)
            .done()
    }

    fn show_global_member(&self, member: &Membership) -> Xml {
        let region = self.regions.get(&member.place);
        let group = region.and_then(|region| region.groups.get(&member.group.0));
        let failover = group.map(|group| if group.failover { "enabled" } else { "disabled" });
        Node::new("GlobalReplicationGroupMember")
            .text("ReplicationGroupId", &member.group.0)
            .text("ReplicationGroupRegion", &member.place.region)
            .text("Role", if member.primary { "PRIMARY" } else { "SECONDARY" })
            .maybe("AutomaticFailover", failover)
            .text("Status", member.status)
            .done()
    }
}

/// The shards, under IDs as `ldgnf-example-0001` (example of increase-node-groups-in-global-replication-group
/// in the AWS CLI's reference). A belief: none without cluster mode.
fn shards(datastore: &Datastore, group: &Group) -> Option<Xml> {
    let shard = |shard: &super::group::NodeGroup| {
        Node::new("GlobalNodeGroup")
            .text("GlobalNodeGroupId", format!("{}-{}", datastore.id, shard.id))
            .text("Slots", topology::write_slots(&shard.slots))
            .done()
    };
    let shards = || group.node_groups.iter().map(shard).collect();
    group.cluster_enabled().then(|| Xml::element("GlobalNodeGroups", shards()))
}

/// The ARN of a datastore, which is in no region (service authorization reference, `globalreplicationgroup`).
pub(super) fn arn(account: &str, id: &str) -> String {
    format!("arn:aws:elasticache::{account}:globalreplicationgroup:{id}")
}
