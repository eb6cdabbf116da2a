//! The steps of a change as a value.

use aws_sdk_elasticache::types::{
    AutomaticFailoverStatus, GlobalNodeGroup, GlobalReplicationGroup as Datastore,
    GlobalReplicationGroupMember,
};

use crate::resources::global_replication_group::attributes::{
    GlobalNodeGroupModel, GlobalReplicationGroupModel, MemberModel,
};
use crate::resources::global_replication_group::update::steps::{Step, Upgrade, full_id, steps};
use crate::value::{Field, SetOf};

fn member(id: &str, region: &str, role: &str) -> MemberModel {
    MemberModel {
        replication_group_id: id.into(),
        replication_group_region: region.into(),
        role: role.into(),
        automatic_failover: "enabled".into(),
        status: "associated".into(),
    }
}

/// Three shards of Redis OSS 7.1 in two Regions.
fn prior() -> GlobalReplicationGroupModel {
    let shard = |number: u8| GlobalNodeGroupModel {
        global_node_group_id: Field::Known(format!("ldgnf-booking-000{number}")),
        slots: "0-16383".into(),
    };
    GlobalReplicationGroupModel {
        id: "ldgnf-booking".into(),
        primary_replication_group_id: "cache".into(),
        primary_region: "us-east-1".into(),
        engine: "redis".into(),
        engine_version: "7.1".into(),
        engine_version_actual: "7.1.0".into(),
        cache_node_type: "cache.r7g.large".into(),
        num_node_groups: Field::Known(3),
        automatic_failover_enabled: Field::Known(true),
        global_node_groups: Field::Known(SetOf(vec![shard(3), shard(1), shard(2)])),
        members: Field::Known(vec![
            member("cache", "us-east-1", "PRIMARY"),
            member("cache-west", "us-west-2", "SECONDARY"),
        ]),
        cluster_enabled: Field::Known(true),
        ..GlobalReplicationGroupModel::default()
    }
}

fn after(change: impl FnOnce(&mut GlobalReplicationGroupModel)) -> Vec<Step> {
    let mut planned = prior();
    change(&mut planned);
    steps(&prior(), &planned)
}

#[test]
fn an_unchanged_datastore_has_no_steps() {
    assert_eq!(after(|_| {}), []);
    // Spellings, and what AWS decides.
    let same = after(|planned| {
        planned.engine = "Redis".into();
        planned.engine_version = "7.1".into();
        planned.primary_replication_group_id = "CACHE".into();
        planned.cache_node_type = Field::Unknown;
        planned.global_replication_group_description = "".into();
        planned.parameter_group_name = "default.redis7".into();
    });
    assert_eq!(same, []);
}

#[test]
fn everything_at_once_is_one_request_after_the_other() {
    let all = after(|planned| {
        planned.tags_all = Field::Known([("team".to_owned(), "cache".to_owned())].into());
        planned.primary_replication_group_id = "cache-west".into();
        planned.primary_region = Field::Unknown;
        planned.global_replication_group_description = "Bookings".into();
        planned.engine = "valkey".into();
        planned.engine_version = "8.0".into();
        planned.parameter_group_name = "default.valkey8.cluster.on".into();
        planned.cache_node_type = "cache.r7g.xlarge".into();
        planned.automatic_failover_enabled = Field::Known(false);
        planned.num_node_groups = Field::Known(2);
    });
    assert_eq!(
        all,
        [
            Step::Tags,
            Step::Failover { group: "cache-west".to_owned(), region: "us-west-2".to_owned() },
            Step::Description("Bookings".to_owned()),
            Step::Engine(Upgrade {
                engine: Some("valkey".to_owned()),
                version: "8.0".to_owned(),
                parameter_group: Some("default.valkey8.cluster.on".to_owned()),
            }),
            Step::NodeType("cache.r7g.xlarge".to_owned()),
            Step::AutomaticFailover(false),
            Step::RemoveShards { count: 2, remove: vec!["ldgnf-booking-0003".to_owned()] },
        ]
    );
}

/// Shards and failover are added before, so that smaller nodes have room.
#[test]
fn additions_come_before_the_settings() {
    let steps = after(|planned| {
        planned.automatic_failover_enabled = Field::Known(true);
        planned.num_node_groups = Field::Known(4);
        planned.cache_node_type = "cache.m7g.large".into();
    });
    assert_eq!(
        steps,
        [Step::AddShards { count: 4, placement: Vec::new() }, Step::NodeType("cache.m7g.large".to_owned())]
    );
}

#[test]
fn an_upgrade_within_the_family_has_no_parameter_group() {
    let mut prior = prior();
    prior.engine_version_actual = "7.0.7".into();
    let mut planned = prior.clone();
    planned.engine_version = "7.1".into();
    planned.parameter_group_name = "default.redis7.cluster.on".into();
    let upgrade = Upgrade { engine: None, version: "7.1".to_owned(), parameter_group: None };
    assert_eq!(steps(&prior, &planned), [Step::Engine(upgrade)]);
}

/// AWS accepts `6.x` and `major.minor`, and before 6 the whole version.
#[test]
fn versions_are_sent_as_aws_accepts_them() {
    let mut prior = prior();
    prior.engine_version_actual = "5.0.5".into();
    for (text, sent) in [("5.0.6", "5.0.6"), ("6.x", "6.x"), ("6.2", "6.2")] {
        let mut planned = prior.clone();
        planned.engine_version = text.into();
        let steps = steps(&prior, &planned);
        let [Step::Engine(upgrade)] = steps.as_slice() else { panic!("{steps:?}") };
        assert_eq!(upgrade.version, sent);
    }
}

#[test]
fn the_shards_that_go_are_those_that_are_named() {
    let removed = |change: fn(&mut GlobalReplicationGroupModel)| {
        let steps = after(|planned| {
            planned.num_node_groups = Field::Known(1);
            change(planned);
        });
        match steps.as_slice() {
            [Step::RemoveShards { count: 1, remove }] => remove.clone(),
            other => panic!("{other:?}"),
        }
    };
    let of = |numbers: &[u8]| -> Vec<String> {
        numbers.iter().map(|number| format!("ldgnf-booking-000{number}")).collect()
    };
    // Without names the lowest numbers stay.
    assert_eq!(removed(|_| {}), of(&[2, 3]));
    let by_name = removed(|planned| {
        planned.global_node_groups_to_remove =
            Field::Known(["1".to_owned(), "ldgnf-booking-0003".to_owned()].into());
    });
    assert_eq!(by_name, of(&[1, 3]));
    let by_rest = removed(|planned| {
        planned.global_node_groups_to_retain = Field::Known(["0003".to_owned()].into());
    });
    assert_eq!(by_rest, of(&[1, 2]));
}

#[test]
fn a_shard_is_named_by_its_number_or_its_id() {
    for (named, id) in [
        ("2", "ldgnf-a-0002"),
        ("0002", "ldgnf-a-0002"),
        ("ldgnf-a-0002", "ldgnf-a-0002"),
        ("00002", "00002"),
        ("", ""),
    ] {
        assert_eq!(full_id("ldgnf-a", named), id);
    }
}

/// Members of the same ID in two Regions: hashicorp/terraform-provider-aws#38919.
#[test]
fn a_region_alone_is_a_failover_between_members_of_one_id() {
    let mut prior = prior();
    prior.members = Field::Known(vec![
        member("cache", "us-east-1", "PRIMARY"),
        member("cache", "us-west-2", "SECONDARY"),
    ]);
    let planned = GlobalReplicationGroupModel { primary_region: "us-west-2".into(), ..prior.clone() };
    let failover = Step::Failover { group: "cache".to_owned(), region: "us-west-2".to_owned() };
    assert_eq!(steps(&prior, &planned), [failover]);
}

fn datastore() -> aws_sdk_elasticache::types::builders::GlobalReplicationGroupBuilder {
    let member = |id: &str, region: &str, role: &str| {
        GlobalReplicationGroupMember::builder()
            .replication_group_id(id)
            .replication_group_region(region)
            .role(role)
            .automatic_failover(AutomaticFailoverStatus::Enabled)
            .build()
    };
    Datastore::builder()
        .engine("redis")
        .engine_version("7.1.0")
        .cache_node_type("cache.r7g.large")
        .global_replication_group_description(" ")
        .cluster_enabled(true)
        .global_node_groups(GlobalNodeGroup::builder().global_node_group_id("ldgnf-booking-0001").build())
        .members(member("cache", "us-east-1", "PRIMARY"))
        .members(member("cache", "us-west-2", "SECONDARY"))
}

/// AWS may return the former state for a moment after it has accepted a change.
#[test]
fn a_step_is_done_when_aws_returns_what_it_leads_to() {
    let upgrade = |engine: Option<&str>, version: &str| {
        Step::Engine(Upgrade {
            engine: engine.map(str::to_owned),
            version: version.to_owned(),
            parameter_group: None,
        })
    };
    let failover = |region: &str| Step::Failover { group: "cache".to_owned(), region: region.to_owned() };
    let shards = |count| Step::AddShards { count, placement: Vec::new() };
    let is = datastore().build();
    for done in [
        upgrade(None, "7.1"),
        upgrade(None, "7.x"),
        upgrade(Some("redis"), "7.1"),
        failover("us-east-1"),
        shards(1),
        Step::RemoveShards { count: 1, remove: Vec::new() },
        Step::Description(String::new()),
        Step::AutomaticFailover(true),
        Step::NodeType("cache.r7g.large".to_owned()),
        Step::Tags,
    ] {
        assert_eq!(done.missing(&is), None, "{done}");
    }
    for (open, missing) in [
        (upgrade(None, "7.2"), "it runs redis 7.1.0"),
        (upgrade(Some("valkey"), "7.1"), "it runs redis 7.1.0"),
        (failover("us-west-2"), "its primary is \"cache\""),
        (shards(2), "its number of shards is 1"),
        (Step::Description("new".to_owned()), "its description is the former one"),
        (Step::AutomaticFailover(false), "automatic failover is being changed"),
        (Step::NodeType("cache.r7g.xlarge".to_owned()), "its node type is cache.r7g.large"),
    ] {
        assert_eq!(open.missing(&is).as_deref(), Some(missing), "{open}");
    }
    let enabling = GlobalReplicationGroupMember::builder()
        .replication_group_id("cache-eu")
        .role("SECONDARY")
        .automatic_failover(AutomaticFailoverStatus::Enabling)
        .build();
    let is = datastore().members(enabling).build();
    let missing = Step::AutomaticFailover(true).missing(&is);
    assert_eq!(missing.as_deref(), Some("automatic failover is being changed"));
}
