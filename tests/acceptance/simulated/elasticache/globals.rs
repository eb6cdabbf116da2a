//! Global datastores over two regions.

use super::*;
use crate::simulator::elasticache::Durations;

const HOME: &str = "us-west-2";
const AWAY: &str = "eu-west-1";
const ID: &str = "sgaui-store";

impl Aws {
    /// The same account in another region.
    fn region(&mut self, region: &str) -> &mut Self {
        region.clone_into(&mut self.place.region);
        self
    }

    /// A datastore around a primary with these parameters.
    fn datastore(&mut self, primary: &str) {
        self.group("first", &format!("CacheNodeType=cache.r7g.large {primary}"));
        let answer = self.ok(
            "CreateGlobalReplicationGroup",
            "GlobalReplicationGroupIdSuffix=store PrimaryReplicationGroupId=first",
        );
        assert_eq!(field(&answer, "GlobalReplicationGroup/GlobalReplicationGroupId"), ID);
        assert_eq!(field(&answer, "GlobalReplicationGroup/Status"), "creating");
        self.wait(self.sim.config().durations.global);
        assert_eq!(self.observed("Status"), "primary-only");
    }

    /// The same with a secondary in another region.
    fn pair(&mut self, primary: &str, secondary: &str) {
        self.datastore(primary);
        self.region(AWAY).join("second", secondary);
        self.wait(self.sim.config().durations.create);
        assert_eq!(self.observed("Status"), "available");
        self.region(HOME);
    }

    fn join(&mut self, id: &str, more: &str) {
        self.ok("CreateReplicationGroup", &secondary(id, more));
    }

    /// One field of the datastore, by its path.
    fn observed(&mut self, path: &str) -> String {
        let answer = self.ok(
            "DescribeGlobalReplicationGroups",
            &format!("GlobalReplicationGroupId={ID} ShowMemberInfo=true"),
        );
        field(&answer, &format!("GlobalReplicationGroups/GlobalReplicationGroup/{path}"))
    }

    fn members(&mut self, name: &str) -> String {
        self.observed(&format!("Members/GlobalReplicationGroupMember/{name}"))
    }

    fn change(&mut self, more: &str) -> Result<Vec<Xml>, ServiceError> {
        let all = format!("GlobalReplicationGroupId={ID} ApplyImmediately=true {more}");
        self.ask("ModifyGlobalReplicationGroup", &all)
    }

    fn changed(&mut self, more: &str) {
        self.change(more).unwrap_or_else(|fault| panic!("{more}: {fault:?}"));
    }

    fn change_refused(&mut self, more: &str) -> (String, String) {
        let fault = self.change(more).unwrap_err();
        (fault.code, fault.message)
    }
}

fn secondary(id: &str, more: &str) -> String {
    format!("ReplicationGroupId={id} ReplicationGroupDescription=words GlobalReplicationGroupId={ID} {more}")
}

fn leaving(group: &str, region: &str) -> String {
    format!("GlobalReplicationGroupId={ID} ReplicationGroupId={group} ReplicationGroupRegion={region}")
}

const NODES: &str = "NumCacheClusters=2 AutomaticFailoverEnabled=true Engine=redis EngineVersion=7.0";
const SHARDS: &str = "NumNodeGroups=2 ReplicasPerNodeGroup=1 Engine=redis EngineVersion=7.1";

#[test]
fn datastore_shows_what_its_primary_has() {
    let mut aws = Aws::usual();
    aws.datastore(&format!("{NODES} TransitEncryptionEnabled=true"));
    for (path, value) in [
        ("GlobalReplicationGroupDescription", " "),
        ("CacheNodeType", "cache.r7g.large"),
        ("Engine", "redis"),
        ("EngineVersion", "7.0.7"),
        ("ClusterEnabled", "false"),
        ("TransitEncryptionEnabled", "true"),
        ("AtRestEncryptionEnabled", "false"),
        ("AuthTokenEnabled", "false"),
        ("ARN", "arn:aws:elasticache::000000000000:globalreplicationgroup:sgaui-store"),
        ("Members/GlobalReplicationGroupMember/Role", "PRIMARY"),
        ("Members/GlobalReplicationGroupMember/Status", "associated"),
        ("Members/GlobalReplicationGroupMember/AutomaticFailover", "enabled"),
    ] {
        assert_eq!(aws.observed(path), value, "{path}");
    }
    let without = aws.ok("DescribeGlobalReplicationGroups", &format!("GlobalReplicationGroupId={ID}"));
    assert_eq!(
        field(
            &without,
            "GlobalReplicationGroups/GlobalReplicationGroup/Members/GlobalReplicationGroupMember/Role"
        ),
        ""
    );
    // Nowhere else, as long as it has no member there.
    aws.region(AWAY);
    let requested = format!("GlobalReplicationGroupId={ID}");
    assert_eq!(
        aws.code("DescribeGlobalReplicationGroups", &requested),
        "GlobalReplicationGroupNotFoundFault"
    );
    assert_eq!(
        aws.ok("DescribeGlobalReplicationGroups", ""),
        [Xml::element("GlobalReplicationGroups", Vec::new())]
    );
}

#[test]
fn primary_is_an_available_group_that_is_fit_for_it() {
    let mut aws = Aws::usual();
    let create = |id: &str, suffix: &str| {
        format!("GlobalReplicationGroupIdSuffix={suffix} PrimaryReplicationGroupId={id}")
    };
    let refused = |aws: &mut Aws, id: &str| aws.refused("CreateGlobalReplicationGroup", &create(id, "other"));
    assert_eq!(refused(&mut aws, "nothing").0, "ReplicationGroupNotFoundFault");
    aws.create("small", "NumCacheClusters=2");
    aws.wait(10 * SECOND);
    // The words of hashicorp/aws #17768.
    let words = "Global replication group is not supported for the node type.";
    assert_eq!(refused(&mut aws, "small"), ("InvalidParameterValue".to_owned(), words.to_owned()));
    aws.create("fresh", &format!("CacheNodeType=cache.r7g.large {NODES}"));
    assert_eq!(refused(&mut aws, "fresh").0, "InvalidReplicationGroupState");
    aws.datastore(NODES);
    assert_eq!(
        refused(&mut aws, "first").1,
        "Cluster [first] is part of a global cluster [sgaui-store]. Request rejected."
    );
    let again = create("fresh", "store");
    assert_eq!(aws.code("CreateGlobalReplicationGroup", &again), "GlobalReplicationGroupAlreadyExistsFault");
}

#[test]
fn secondary_takes_over_everything_and_gets_a_parameter_group_of_its_own() {
    let mut aws = Aws::usual();
    aws.datastore(&format!("{SHARDS} TransitEncryptionEnabled=true AtRestEncryptionEnabled=true"));
    aws.region(AWAY).join("second", "ReplicasPerNodeGroup=2");
    assert_eq!(aws.observed("Status"), "modifying");
    assert_eq!(aws.members("Status"), "associated,associating");
    aws.wait(600 * SECOND);
    assert_eq!(aws.observed("Status"), "available");
    assert_eq!(aws.members("Role"), "PRIMARY,SECONDARY");
    assert_eq!(aws.members("ReplicationGroupRegion"), "us-west-2,eu-west-1");
    assert_eq!(
        aws.observed("GlobalNodeGroups/GlobalNodeGroup/GlobalNodeGroupId"),
        "sgaui-store-0001,sgaui-store-0002"
    );
    for (path, value) in [
        ("Engine", "redis"),
        ("CacheNodeType", "cache.r7g.large"),
        ("ClusterEnabled", "true"),
        ("TransitEncryptionEnabled", "true"),
        ("AtRestEncryptionEnabled", "true"),
        ("AutomaticFailover", "enabled"),
        ("NodeGroups/NodeGroup/NodeGroupId", "0001,0002"),
        ("GlobalReplicationGroupInfo/GlobalReplicationGroupMemberRole", "SECONDARY"),
    ] {
        assert_eq!(aws.get("second", path), value, "{path}");
    }
    let parameters = aws.member("second-0001-001", "CacheParameterGroup/CacheParameterGroupName");
    assert!(parameters.starts_with("global-datastore-second"), "{parameters}");
    assert_eq!(aws.get("second", "MemberClusters/ClusterId").split(',').count(), 6);
}

#[test]
fn secondary_that_does_not_fit_is_refused_and_leaves_nothing() {
    let mut aws = Aws::usual();
    aws.datastore(NODES);
    aws.region(AWAY);
    // The words of hashicorp/aws #19053 and #24854.
    let words = "Cannot use the given parameters when creating new replication group in an existing global replication group.";
    for own in
        ["CacheNodeType=cache.r7g.large", "Engine=redis", "EngineVersion=7.0", "AtRestEncryptionEnabled=true"]
    {
        let (code, said) =
            aws.refused("CreateReplicationGroup", &secondary("second", &format!("NumCacheClusters=2 {own}")));
        assert_eq!((code.as_str(), said.as_str()), ("InvalidParameterCombination", words), "{own}");
    }
    // Failover is inherited, which one node cannot have.
    let single = secondary("second", "NumCacheClusters=1");
    assert_eq!(aws.code("CreateReplicationGroup", &single), "InvalidParameterCombination");
    let parameters = aws.ok("DescribeCacheParameterGroups", "");
    let names = field(&parameters, "CacheParameterGroups/CacheParameterGroup/CacheParameterGroupName");
    assert!(!names.contains("global-datastore"), "{names}");
    aws.join("second", "NumCacheClusters=2");
    let busy = secondary("third", "NumCacheClusters=2");
    assert_eq!(
        aws.region("eu-west-2").code("CreateReplicationGroup", &busy),
        "InvalidGlobalReplicationGroupState"
    );
    aws.wait(600 * SECOND);
    let twin = secondary("twin", "NumCacheClusters=2");
    assert_eq!(aws.region(AWAY).code("CreateReplicationGroup", &twin), "InvalidParameterValue");
    aws.region("eu-west-2").join("third", "NumCacheClusters=2");
    aws.wait(600 * SECOND);
    let fourth = secondary("fourth", "NumCacheClusters=2");
    assert_eq!(aws.region("eu-west-3").code("CreateReplicationGroup", &fourth), "InvalidParameterValue");
}

#[test]
fn secondaries_carry_a_change_out_later_than_the_primary() {
    let mut aws = Aws::with(Config {
        durations: Durations { global_lag: 60 * SECOND, modify: 300 * SECOND, ..Durations::default() },
        ..Config::default()
    });
    aws.pair(NODES, "NumCacheClusters=2");
    aws.changed("CacheNodeType=cache.r7g.xlarge");
    assert_eq!(aws.observed("Status"), "modifying");
    aws.wait(300 * SECOND);
    assert_eq!(aws.observed("CacheNodeType"), "cache.r7g.xlarge");
    assert_eq!(aws.observed("Status"), "modifying", "the secondary lags");
    assert_eq!(aws.region(AWAY).get("second", "CacheNodeType"), "cache.r7g.large");
    assert_eq!(aws.change_refused("AutomaticFailoverEnabled=false").0, "InvalidGlobalReplicationGroupState");
    aws.wait(60 * SECOND);
    assert_eq!(aws.observed("Status"), "available");
    assert_eq!(aws.get("second", "CacheNodeType"), "cache.r7g.xlarge");
}

#[test]
fn one_field_is_changed_at_a_time_and_at_once() {
    let mut aws = Aws::instant();
    aws.pair(NODES, "NumCacheClusters=2");
    let two = "CacheNodeType=cache.r7g.xlarge AutomaticFailoverEnabled=false";
    assert_eq!(aws.change_refused(two).0, "InvalidParameterValue");
    assert_eq!(aws.change_refused("").1, "No modifications were requested");
    assert_eq!(aws.change_refused("CacheNodeType=cache.r7g.large").1, "No modifications were requested");
    assert_eq!(aws.change_refused("CacheNodeType=cache.t4g.medium").0, "InvalidParameterValue");
    let later =
        format!("GlobalReplicationGroupId={ID} ApplyImmediately=false CacheNodeType=cache.r7g.xlarge");
    assert_eq!(aws.code("ModifyGlobalReplicationGroup", &later), "InvalidParameterValue");
    aws.changed("GlobalReplicationGroupDescription=ours");
    assert_eq!(aws.observed("GlobalReplicationGroupDescription"), "ours");
    aws.changed("AutomaticFailoverEnabled=false");
    assert_eq!(aws.members("AutomaticFailover"), "disabled,disabled");
}

#[test]
fn major_version_needs_a_parameter_group_and_a_minor_one_refuses_it() {
    let mut aws = Aws::instant();
    aws.pair(NODES, "NumCacheClusters=2");
    // The words of hashicorp/aws PR #49110.
    let words = "ModifyGlobalReplicationGroup API does not support cache parameter group modification without a \
                 change in major engine version.";
    for minor in
        ["CacheParameterGroupName=default.redis7", "EngineVersion=7.1 CacheParameterGroupName=default.redis7"]
    {
        assert_eq!(
            aws.change_refused(minor),
            ("InvalidParameterValue".to_owned(), words.to_owned()),
            "{minor}"
        );
    }
    aws.changed("EngineVersion=7.1");
    assert_eq!(aws.observed("EngineVersion"), "7.1.0");
    let valkey = "Engine=valkey EngineVersion=8.0";
    assert_eq!(aws.change_refused(valkey).0, "InvalidParameterValue");
    let missing = format!("{valkey} CacheParameterGroupName=nothing");
    assert_eq!(aws.change_refused(&missing).0, "CacheParameterGroupNotFound");
    aws.changed(&format!("{valkey} CacheParameterGroupName=default.valkey8"));
    assert_eq!(
        (aws.observed("Engine"), aws.observed("EngineVersion")),
        ("valkey".to_owned(), "8.0.1".to_owned())
    );
    assert_eq!(aws.member("first-001", "CacheParameterGroup/CacheParameterGroupName"), "default.valkey8");
    aws.region(AWAY);
    assert_eq!(aws.get("second", "Engine"), "valkey");
    let own = aws.member("second-001", "CacheParameterGroup/CacheParameterGroupName");
    assert!(own.starts_with("global-datastore-second"), "{own}");
    assert_eq!(
        aws.change_refused("Engine=redis EngineVersion=7.1 CacheParameterGroupName=default.redis7").0,
        "InvalidParameterCombination"
    );
}

#[test]
fn shards_come_and_go_in_every_member() {
    let mut aws = Aws::instant();
    aws.pair(SHARDS, "ReplicasPerNodeGroup=1");
    let all = |more: &str| format!("GlobalReplicationGroupId={ID} ApplyImmediately=true {more}");
    let (up, down) =
        ("IncreaseNodeGroupsInGlobalReplicationGroup", "DecreaseNodeGroupsInGlobalReplicationGroup");
    assert_eq!(aws.code(up, &all("NodeGroupCount=2")), "InvalidParameterValue");
    assert_eq!(aws.code(down, &all("NodeGroupCount=2")), "InvalidParameterValue");
    let entry = "RegionalConfigurations.RegionalConfiguration.1";
    let placed = |group: &str| {
        format!(
            "NodeGroupCount=3 {entry}.ReplicationGroupId={group} {entry}.ReplicationGroupRegion={AWAY} \
             {entry}.ReshardingConfiguration.ReshardingConfiguration.1.NodeGroupId=0005 \
             {entry}.ReshardingConfiguration.ReshardingConfiguration.1.PreferredAvailabilityZones.AvailabilityZone.1=eu-west-1b \
             {entry}.ReshardingConfiguration.ReshardingConfiguration.1.PreferredAvailabilityZones.AvailabilityZone.2=eu-west-1a"
        )
    };
    assert_eq!(aws.code(up, &all(&placed("other"))), "InvalidParameterValue");
    aws.ok(up, &all("NodeGroupCount=3"));
    let ids = "GlobalNodeGroups/GlobalNodeGroup/GlobalNodeGroupId";
    assert_eq!(aws.observed(ids), "sgaui-store-0001,sgaui-store-0002,sgaui-store-0003");
    assert_eq!(aws.region(AWAY).get("second", "NodeGroups/NodeGroup/NodeGroupId"), "0001,0002,0003");
    assert_eq!(aws.code(down, &all("NodeGroupCount=2")), "InvalidParameterCombination");
    let stranger = all("NodeGroupCount=2 GlobalNodeGroupsToRemove.GlobalNodeGroupId.1=0001");
    assert_eq!(aws.code(down, &stranger), "InvalidParameterValue");
    aws.ok(down, &all("NodeGroupCount=2 GlobalNodeGroupsToRemove.GlobalNodeGroupId.1=sgaui-store-0001"));
    assert_eq!(aws.observed(ids), "sgaui-store-0002,sgaui-store-0003");
    aws.ok("RebalanceSlotsInGlobalReplicationGroup", &all(""));
    assert_eq!(aws.observed("Status"), "available");
}

#[test]
fn placement_of_a_new_shard_is_that_of_its_region() {
    let mut aws = Aws::instant();
    for (id, zone) in [("subnet-0000000a", "eu-west-1a"), ("subnet-0000000b", "eu-west-1b")] {
        aws.region(AWAY).control().set_subnet(id, zone, "vpc-1");
    }
    aws.ok(
        "CreateCacheSubnetGroup",
        "CacheSubnetGroupName=own CacheSubnetGroupDescription=own SubnetIds.SubnetIdentifier.1=subnet-0000000a \
         SubnetIds.SubnetIdentifier.2=subnet-0000000b",
    );
    aws.region(HOME).pair(SHARDS, "ReplicasPerNodeGroup=1 CacheSubnetGroupName=own");
    let entry = "RegionalConfigurations.RegionalConfiguration.1";
    let shard = format!("{entry}.ReshardingConfiguration.ReshardingConfiguration.1");
    aws.ok(
        "IncreaseNodeGroupsInGlobalReplicationGroup",
        &format!(
            "GlobalReplicationGroupId={ID} ApplyImmediately=true NodeGroupCount=3 {entry}.ReplicationGroupId=second \
             {entry}.ReplicationGroupRegion={AWAY} {shard}.PreferredAvailabilityZones.AvailabilityZone.1=eu-west-1b \
             {shard}.PreferredAvailabilityZones.AvailabilityZone.2=eu-west-1a"
        ),
    );
    let zones = aws.region(AWAY).control().zones("second");
    assert_eq!(zones["0003"], ["eu-west-1b", "eu-west-1a"]);
}

#[test]
fn failover_makes_a_secondary_the_primary() {
    let mut aws = Aws::usual();
    let failover = |group: &str, region: &str| {
        format!("GlobalReplicationGroupId={ID} PrimaryReplicationGroupId={group} PrimaryRegion={region}")
    };
    aws.pair(NODES, "NumCacheClusters=2");
    assert_eq!(aws.code("FailoverGlobalReplicationGroup", &failover("first", HOME)), "InvalidParameterValue");
    assert_eq!(
        aws.refused("FailoverGlobalReplicationGroup", &failover("second", HOME)).1,
        "Replication group second is not associated with Global Replication Group sgaui-store"
    );
    aws.ok("FailoverGlobalReplicationGroup", &failover("second", AWAY));
    assert_eq!(
        (aws.observed("Status"), aws.members("Role")),
        ("modifying".to_owned(), "PRIMARY,SECONDARY".to_owned())
    );
    aws.wait(60 * SECOND);
    assert_eq!(
        (aws.observed("Status"), aws.members("Role")),
        ("available".to_owned(), "SECONDARY,PRIMARY".to_owned())
    );
    let role = "GlobalReplicationGroupInfo/GlobalReplicationGroupMemberRole";
    assert_eq!(aws.get("first", role), "SECONDARY");
    assert_eq!(aws.region(AWAY).get("second", role), "PRIMARY");
}

#[test]
fn datastore_is_deleted_without_secondaries_and_without_its_primary() {
    let mut aws = Aws::usual();
    aws.pair(NODES, "NumCacheClusters=2");
    let delete = format!("GlobalReplicationGroupId={ID} RetainPrimaryReplicationGroup=true");
    // The words of hashicorp/aws #18533.
    assert_eq!(
        aws.refused("DeleteGlobalReplicationGroup", &delete),
        (
            "InvalidGlobalReplicationGroupState".to_owned(),
            "Cannot delete a global replication group in available state".to_owned()
        )
    );
    assert_eq!(
        aws.code("DeleteReplicationGroup", "ReplicationGroupId=first"),
        "InvalidReplicationGroupState"
    );
    assert_eq!(
        aws.code("DisassociateGlobalReplicationGroup", &leaving("first", HOME)),
        "InvalidParameterValue"
    );
    aws.ok("DisassociateGlobalReplicationGroup", &leaving("second", AWAY));
    assert_eq!(
        (aws.observed("Status"), aws.members("Status")),
        ("modifying".to_owned(), "associated,disassociating".to_owned())
    );
    aws.wait(120 * SECOND);
    assert_eq!(aws.observed("Status"), "primary-only");
    let role = "GlobalReplicationGroupInfo/GlobalReplicationGroupMemberRole";
    assert_eq!(aws.region(AWAY).get("second", role), "");
    assert_eq!(aws.get("second", "Status"), "available");
    aws.region(HOME).ok("DeleteGlobalReplicationGroup", &delete);
    assert_eq!(
        (aws.observed("Status"), aws.get("first", "Status")),
        ("deleting".to_owned(), "modifying".to_owned())
    );
    aws.wait(120 * SECOND);
    assert_eq!(aws.code("DeleteGlobalReplicationGroup", &delete), "GlobalReplicationGroupNotFoundFault");
    assert_eq!((aws.get("first", "Status"), aws.get("first", role)), ("available".to_owned(), String::new()));
    aws.ok("DeleteReplicationGroup", "ReplicationGroupId=first");
}

#[test]
fn datastores_have_tags_of_their_own() {
    let mut aws = Aws::usual();
    aws.datastore(NODES);
    let arn = "ResourceName=arn:aws:elasticache::000000000000:globalreplicationgroup:sgaui-store";
    aws.ok("AddTagsToResource", &format!("{arn} Tags.Tag.1.Key=team Tags.Tag.1.Value=blue"));
    let listed = aws.ok("ListTagsForResource", arn);
    assert_eq!(
        (field(&listed, "TagList/Tag/Key"), field(&listed, "TagList/Tag/Value")),
        ("team".to_owned(), "blue".to_owned())
    );
    assert_eq!(aws.code("RemoveTagsFromResource", &format!("{arn} TagKeys.member.1=other")), "TagNotFound");
    let elsewhere =
        "ResourceName=arn:aws:elasticache:us-west-2:000000000000:globalreplicationgroup:sgaui-store";
    assert_eq!(aws.code("ListTagsForResource", elsewhere), "InvalidARN");
    aws.changed("CacheNodeType=cache.r7g.xlarge");
    assert_eq!(aws.code("ListTagsForResource", arn), "InvalidGlobalReplicationGroupState");
}
