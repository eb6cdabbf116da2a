//! What a plan refuses, and what it says.

use super::{
    GlobalReplicationGroup, Member, Observed, PRIMARY, SECONDARY, aws_state, created, desired, healthy, none,
};
use crate::engine::AnyResource;
use crate::testing::aws::{config, problems};
use crate::value::{Path, Value};

/// The state of a datastore like this.
async fn state(observed: Observed) -> Value {
    let aws_state = aws_state(Observed { exists: false, ..observed.clone() });
    let prior = created(&aws_state).await;
    *aws_state.lock().unwrap() = Observed { exists: true, ..observed };
    super::refreshed(&aws_state, &prior).await
}

fn planned(state: &Value, config: &Value) -> Vec<String> {
    let aws = healthy(&aws_state(Observed::alone()));
    let plan = aws.plan(&GlobalReplicationGroup, state, config);
    assert_eq!(aws.operations(), [""; 0], "a plan calls nothing");
    problems(&plan.diags)
}

#[tokio::test(start_paused = true)]
async fn a_spelling_of_the_running_version_is_no_change() {
    let state = state(Observed { version: "6.2.6".to_owned(), ..Observed::alone() }).await;
    for text in ["6.2", "6.x", "6"] {
        let plan = healthy(&aws_state(Observed::alone())).plan(
            &GlobalReplicationGroup,
            &state,
            &desired([("engine_version", text.into()), ("engine", "REDIS".into())]),
        );
        none(&plan.diags);
        assert_eq!(plan.planned, state, "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn changes_of_the_version_that_aws_refuses_are_errors() {
    let redis = state(Observed::alone()).await;
    let valkey =
        state(Observed { engine: "valkey".to_owned(), version: "8.0.1".to_owned(), ..Observed::alone() })
            .await;
    let shards = state(Observed { shards: 2, ..Observed::alone() }).await;
    let text = |text: &str| Value::from(text);
    let cases: Vec<(&Value, Value, &str)> = vec![
        (
            &redis,
            desired([("engine_version", text("7.0"))]),
            "engine_version: Engine version cannot be downgraded: Global datastore \"ldgnf-booking\" runs \
             version 7.1.0, and `engine_version` is \"7.0\". AWS does not downgrade the members of a global \
             datastore. Set `engine_version = \"7.1\"`. For an older version, create a global datastore \
             around a primary that runs it.",
        ),
        (
            &redis,
            desired([("engine_version", text("8.0"))]),
            "engine: Missing engine: Global datastore \"ldgnf-booking\" runs Redis OSS, whose last version \
             is \"7.1\", and `engine_version` is \"8.0\". Set `engine = \"valkey\"` in the same change, or \
             `engine_version = \"7.1\"` or earlier.",
        ),
        (
            &redis,
            desired([("engine", text("valkey"))]),
            "engine_version: Missing engine_version: AWS changes the engine only together with its version. \
             Set `engine_version` to \"7.2\" or later.",
        ),
        (
            &valkey,
            desired([("engine", text("redis")), ("engine_version", text("7.1"))]),
            "engine: Engine cannot be changed back: Global datastore \"ldgnf-booking\" runs valkey, and \
             `engine` is \"redis\". AWS changes the engine of a global datastore from redis to valkey only. \
             Set `engine = \"valkey\"`.",
        ),
        (
            &redis,
            desired([("engine", text("valkey")), ("engine_version", text("8.0"))]),
            "parameter_group_name: Missing parameter_group_name: The planned engine version needs a \
             parameter group of the family \"valkey8\", and `parameter_group_name` is not set. Set \
             `parameter_group_name = \"default.valkey8\"`, or to a parameter group of your own of that \
             family.",
        ),
        (
            &shards,
            desired([
                ("engine", text("valkey")),
                ("engine_version", text("8.0")),
                ("parameter_group_name", text("default.valkey8")),
            ]),
            "parameter_group_name: Parameter group does not fit the version: `parameter_group_name` is \
             \"default.valkey8\", and the planned engine version needs \"default.valkey8.cluster.on\" or a \
             parameter group of your own of the family \"valkey8\".",
        ),
        (
            &redis,
            desired([("parameter_group_name", text("own"))]),
            "parameter_group_name: Parameter group cannot be changed alone: AWS accepts a parameter group \
             for a global datastore only together with a change of the engine or of the major version. \
             Change `engine_version` in the same apply, or remove the change of `parameter_group_name`. \
             Parameters are changed in the parameter group of any member, and apply to all members.",
        ),
        (
            &shards,
            desired([("parameter_group_name", text("default.redis7"))]),
            "parameter_group_name: Parameter group cannot be changed alone: AWS accepts a parameter group \
             for a global datastore only together with a change of the engine or of the major version. \
             Change `engine_version` in the same apply, or remove the change of `parameter_group_name`. \
             Parameters are changed in the parameter group of any member, and apply to all members.",
        ),
    ];
    for (state, config, expected) in cases {
        assert_eq!(planned(state, &config), [expected]);
    }
}

/// What is not known yet is no error.
#[tokio::test(start_paused = true)]
async fn unknown_values_pass() {
    let redis = state(Observed::alone()).await;
    for config in [
        desired([("engine_version", Value::Unknown)]),
        desired([("engine", Value::Unknown), ("engine_version", "8.0".into())]),
        desired([("engine", "valkey".into()), ("engine_version", Value::Unknown)]),
        desired([
            ("engine", "valkey".into()),
            ("engine_version", "8.0".into()),
            ("parameter_group_name", Value::Unknown),
        ]),
        desired([("primary_replication_group_id", Value::Unknown)]),
        desired([("num_node_groups", Value::Unknown)]),
    ] {
        assert_eq!(planned(&redis, &config), [""; 0], "{config:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_secondary_becomes_the_primary_with_a_warning() {
    let state = state(Observed::paired()).await;
    let config = desired([("primary_replication_group_id", "cache-west".into())]);
    let plan = healthy(&aws_state(Observed::paired())).plan(&GlobalReplicationGroup, &state, &config);
    assert!(plan.replace.is_empty());
    assert_eq!(
        problems(&plan.diags),
        ["primary_replication_group_id: Failover between Regions: This apply makes replication group \
             \"cache-west\" in us-west-2 the primary of global datastore \"ldgnf-booking\" in place of \
             \"cache\" in us-east-1. Writes that have not reached us-west-2 yet are lost. If \"cache\" is to \
             stay the primary, as after a failover outside of Terraform, set `primary_replication_group_id` \
             to its ID first."]
    );
    assert_eq!(plan.planned.get("primary_region").as_str(), Some("us-west-2"));
    assert!(plan.planned.get("members").is_unknown());
}

#[tokio::test(start_paused = true)]
async fn a_primary_that_is_no_member_is_an_error_and_no_replacement() {
    let state = state(Observed::paired()).await;
    let config = desired([("primary_replication_group_id", "other".into())]);
    let plan = healthy(&aws_state(Observed::paired())).plan(&GlobalReplicationGroup, &state, &config);
    assert!(plan.replace.is_empty());
    assert_eq!(
        problems(&plan.diags),
        ["primary_replication_group_id: Primary is not a member: Replication group \"other\" is not a \
             member of global datastore \"ldgnf-booking\", and AWS fails over only to a secondary. Members: \
             \"cache\" in us-east-1, \"cache-west\" in us-west-2. Add it first: an \
             `elasticache_replication_group` with `global_replication_group_id = \"ldgnf-booking\"`."]
    );
}

/// hashicorp/terraform-provider-aws#38919.
#[tokio::test(start_paused = true)]
async fn members_of_one_id_are_told_apart_by_their_region() {
    let same = Observed { members: vec![PRIMARY, Member { id: "cache", ..SECONDARY }], ..Observed::paired() };
    let here = state(same.clone()).await;
    let none: [&str; 0] = [];
    assert_eq!(planned(&here, &desired([])), none);
    let failover = planned(&here, &desired([("primary_region", "us-west-2".into())]));
    assert!(failover[0].starts_with("primary_region: Failover between Regions: "), "{failover:?}");
    let nowhere = planned(&here, &desired([("primary_region", "eu-west-1".into())]));
    assert!(
        nowhere[0].starts_with(
            "primary_region: Primary is not a member: Replication group \"cache\" in eu-west-1 is not"
        ),
        "{nowhere:?}"
    );
    // After a failover by another client the configuration with the same ID plans no way back.
    let mut moved = same;
    moved.members =
        vec![Member { is_primary: false, ..PRIMARY }, Member { id: "cache", is_primary: true, ..SECONDARY }];
    let there = state(moved).await;
    assert_eq!(there.get("primary_region").as_str(), Some("us-west-2"));
    assert_eq!(planned(&there, &desired([])), none);
}

#[tokio::test(start_paused = true)]
async fn shards_are_checked_against_those_that_exist() {
    let single = state(Observed::alone()).await;
    let three = state(Observed { shards: 3, ..Observed::alone() }).await;
    let set = |names: &[&str]| Value::set(names.iter().map(|name| Value::from(*name)));
    let cases: Vec<(&Value, Value, &str)> = vec![
        (
            &single,
            desired([("num_node_groups", Value::from(2))]),
            "num_node_groups: Shards need cluster mode: Global datastore \"ldgnf-booking\" has cluster mode \
             disabled and therefore one shard, and `num_node_groups` is 2. Set `num_node_groups = 1`, or \
             create a global datastore around a primary with cluster mode.",
        ),
        (
            &three,
            desired([("num_node_groups", Value::from(2)), ("global_node_groups_to_remove", set(&["9"]))]),
            "global_node_groups_to_remove: Unknown shard: \"ldgnf-booking-0009\" is not a shard of global datastore \
             \"ldgnf-booking\". Its shards are: ldgnf-booking-0001, ldgnf-booking-0002, ldgnf-booking-0003.",
        ),
        (
            &three,
            desired([("num_node_groups", Value::from(2)), ("global_node_groups_to_retain", set(&["1"]))]),
            "global_node_groups_to_retain: Wrong number of shards: `global_node_groups_to_retain` has 1 \
             shards, but the change of `num_node_groups` from 3 to 2 requires 2. Set 2 shards, or remove \
             `global_node_groups_to_retain` to remove the shards with the highest numbers.",
        ),
    ];
    for (state, config, expected) in cases {
        assert_eq!(planned(state, &config), [expected]);
    }
    // Names that no change uses are not compared.
    let config = desired([("global_node_groups_to_remove", set(&["9"]))]);
    assert_eq!(planned(&three, &config), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn only_another_suffix_or_region_replaces_the_datastore() {
    let state = state(Observed::alone()).await;
    for (config, path) in [
        (
            desired([
                ("global_replication_group_id_suffix", "other".into()),
                ("engine_version", "7.0".into()),
            ]),
            "global_replication_group_id_suffix",
        ),
        (desired([("region", "us-west-2".into())]), "region"),
    ] {
        let plan = healthy(&aws_state(Observed::alone())).plan(&GlobalReplicationGroup, &state, &config);
        assert_eq!(problems(&plan.diags), [""; 0]);
        assert_eq!(plan.replace, [Path::attribute(path)]);
    }
}

#[test]
fn a_new_datastore_is_in_the_region_of_its_primary() {
    let aws = healthy(&aws_state(Observed::missing()));
    let plan = aws.plan(&GlobalReplicationGroup, &Value::Null, &desired([]));
    none(&plan.diags);
    assert_eq!(plan.planned.get("primary_region").as_str(), Some("us-east-1"));
    for name in ["id", "arn", "engine", "engine_version", "members", "num_node_groups"] {
        assert!(plan.planned.get(name).is_unknown(), "{name}");
    }
    let plan =
        aws.plan(&GlobalReplicationGroup, &Value::Null, &desired([("primary_region", "us-west-2".into())]));
    assert_eq!(
        problems(&plan.diags),
        ["primary_region: Invalid primary_region: `primary_region` is \"us-west-2\", and a new global \
             datastore is created in the Region of its primary, which is \"us-east-1\" here. Set `region = \
             \"us-west-2\"`, or remove `primary_region`."]
    );
}

/// Acceptance case of hashicorp/aws: `SetParameterGroupOnCreate_NoVersion`.
#[test]
fn a_parameter_group_needs_a_version() {
    let aws = healthy(&aws_state(Observed::missing()));
    let config = desired([("parameter_group_name", "default.valkey8".into())]);
    assert_eq!(
        problems(&aws.plan(&GlobalReplicationGroup, &Value::Null, &config).diags),
        ["parameter_group_name: Missing engine_version: `parameter_group_name` is used only when the \
             major version changes, and `engine_version` is not set. Set `engine_version`, or remove \
             `parameter_group_name`."]
    );
}

#[test]
fn wrong_configurations_are_refused_by_validation() {
    let said = |entries: Vec<(&str, Value)>| {
        let Value::Map(mut all) = config(&GlobalReplicationGroup, []) else { panic!("no object") };
        for (name, value) in
            [("global_replication_group_id_suffix", "booking"), ("primary_replication_group_id", "cache")]
        {
            all.insert(name.to_owned(), value.into());
        }
        all.extend(entries.into_iter().map(|(name, value)| (name.to_owned(), value)));
        problems(&AnyResource::validate(&GlobalReplicationGroup, &Value::Map(all)))
    };
    let none: [&str; 0] = [];
    assert_eq!(said(Vec::new()), none);
    let zone = |region: &str, zone: &str| {
        Value::map([
            ("replication_group_id", Value::from("cache")),
            ("replication_group_region", region.into()),
            (
                "resharding_configurations",
                Value::List(vec![Value::map([
                    ("node_group_id", Value::Null),
                    ("preferred_availability_zones", Value::List(vec![zone.into()])),
                ])]),
            ),
        ])
    };
    let cases: Vec<(&str, Value, &str)> = vec![
        ("global_replication_group_id_suffix", " ".into(), "must not be empty"),
        ("primary_replication_group_id", "a--b".into(), "beginning with a letter"),
        ("engine", "memcached".into(), "must be \"redis\" or \"valkey\", but is \"memcached\""),
        ("engine_version", "7.0.7".into(), "must be a version as AWS writes it"),
        ("engine_version", "5.0.5".into(), "a global datastore needs version 5.0.6 or later"),
        ("cache_node_type", "cache.t4g.small".into(), "which AWS does not support in a global datastore"),
        ("num_node_groups", Value::from(0), "must be at least 1"),
        (
            "regional_configurations",
            Value::List(vec![zone("us-east-1", "us-east-1a"), zone("us-east-1", "us-east-1b")]),
            "Replication group \"cache\" in us-east-1 is configured twice.",
        ),
        (
            "regional_configurations",
            Value::List(vec![zone("us-west-2", "us-east-1a")]),
            "\"us-east-1a\" is not an Availability Zone of us-west-2",
        ),
    ];
    for (name, value, words) in cases {
        let said = said(vec![(name, value)]);
        assert!(said.len() == 1 && said[0].starts_with(name) && said[0].contains(words), "{name}: {said:?}");
    }
    let both = said(vec![
        ("global_node_groups_to_remove", Value::set([Value::from("1")])),
        ("global_node_groups_to_retain", Value::set([Value::from("2")])),
    ]);
    assert!(both[0].contains("cannot be set together"), "{both:?}");
    for (engine, version, words) in [
        ("valkey", "7.1", "Valkey 7.1 does not exist: the first version is \"7.2\"."),
        ("redis", "8.0", "Redis OSS 8.0 does not exist: the last version is \"7.1\"."),
    ] {
        let said = said(vec![("engine", engine.into()), ("engine_version", version.into())]);
        assert!(said.len() == 1 && said[0].contains(words), "{said:?}");
    }
}
