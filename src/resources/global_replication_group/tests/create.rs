//! Creating a global datastore.

use std::sync::Arc;

use super::{
    BUSY, GlobalReplicationGroup, ID, Observed, aws, aws_state, desired, healthy, none, sent, unanswered,
};
use crate::testing::aws::{problems, text_map};
use crate::value::Value;

const NODE: &str = "cache.r7g.xlarge";

#[tokio::test(start_paused = true)]
async fn a_new_datastore_has_what_its_primary_has() {
    let aws_state = aws_state(Observed::missing());
    let aws = healthy(&aws_state);
    let config = desired([
        ("global_replication_group_description", "Bookings".into()),
        ("tags", text_map([("team", "cache")])),
    ]);
    let created = aws.create(&GlobalReplicationGroup, config).await;
    none(&created.diags);
    assert_eq!(
        sent(&aws),
        [
            "CreateGlobalReplicationGroup GlobalReplicationGroupDescription=Bookings GlobalReplicationGroupIdSuffix=booking \
          PrimaryReplicationGroupId=cache Tags.Tag.1.Key=team Tags.Tag.1.Value=cache"
        ]
    );
    let state = &created.state;
    for (name, value) in [
        ("id", ID),
        ("global_replication_group_id", ID),
        ("engine", "redis"),
        ("engine_version", "7.1"),
        ("engine_version_actual", "7.1.0"),
        ("cache_node_type", "cache.r7g.large"),
        ("primary_region", "us-east-1"),
        ("status", "primary-only"),
    ] {
        assert_eq!(state.get(name).as_str(), Some(value), "{name}");
    }
    assert_eq!(state.get("automatic_failover_enabled"), &Value::from(true));
    assert_eq!(state.get("num_node_groups"), &Value::from(1));
    let [member] = state.get("members").as_elements().unwrap() else { panic!("{state:?}") };
    assert_eq!(member.get("role").as_str(), Some("PRIMARY"));
    assert_eq!(member.get("replication_group_region").as_str(), Some("us-east-1"));
}

#[tokio::test(start_paused = true)]
async fn id_without_the_prefix_of_aws_is_looked_up() {
    for id in ["", "booking", "-booking", "ldgnf-other"] {
        let aws_state = aws_state(Observed::missing());
        let shared = Arc::clone(&aws_state);
        let aws = aws(&aws_state, move |call| {
            (call.operation == "CreateGlobalReplicationGroup").then(|| {
                shared.lock().unwrap().exists = true;
                let id = format!("<GlobalReplicationGroupId>{id}</GlobalReplicationGroupId>");
                call.xml(&format!("<GlobalReplicationGroup>{id}</GlobalReplicationGroup>"))
            })
        });
        let created = aws.create(&GlobalReplicationGroup, desired([])).await;
        none(&created.diags);
        assert_eq!(created.state.get("id").as_str(), Some(ID), "{id:?}");
    }
}

/// Acceptance cases of hashicorp/aws: `…_createWithChange`, `SetNumNodeGroupsOnCreate_Increase`,
/// `SetEngineVersionOnCreate_MajorUpgrade`. AWS accepts one change at a time.
#[tokio::test(start_paused = true)]
async fn what_differs_from_the_primary_is_changed_one_after_the_other() {
    let aws_state = aws_state(Observed { shards: 2, ..Observed::missing() });
    let aws = healthy(&aws_state);
    let config = desired([
        ("automatic_failover_enabled", false.into()),
        ("cache_node_type", NODE.into()),
        ("engine", "valkey".into()),
        ("engine_version", "8.0".into()),
        ("parameter_group_name", "default.valkey8.cluster.on".into()),
        ("num_node_groups", Value::from(3)),
    ]);
    let created = aws.create(&GlobalReplicationGroup, config).await;
    none(&created.diags);
    assert_eq!(
        sent(&aws)[1..],
        [
            "IncreaseNodeGroupsInGlobalReplicationGroup NodeGroupCount=3",
            "ModifyGlobalReplicationGroup CacheParameterGroupName=default.valkey8.cluster.on Engine=valkey EngineVersion=8.0",
            "ModifyGlobalReplicationGroup CacheNodeType=cache.r7g.xlarge",
            "ModifyGlobalReplicationGroup AutomaticFailoverEnabled=false",
        ]
    );
    assert_eq!(created.state.get("engine_version_actual").as_str(), Some("8.0.0"));
}

/// Acceptance cases of hashicorp/aws: `…_createNoChange`, `SetEngineVersionOnCreate_NoChange_v6x`.
#[tokio::test(start_paused = true)]
async fn what_the_primary_has_already_is_not_sent() {
    let aws_state = aws_state(Observed { version: "6.2.6".to_owned(), ..Observed::missing() });
    let aws = healthy(&aws_state);
    let config = desired([
        ("automatic_failover_enabled", true.into()),
        ("cache_node_type", "cache.r7g.large".into()),
        ("engine", "Redis".into()),
        ("engine_version", "6.x".into()),
        ("num_node_groups", Value::from(1)),
    ]);
    let created = aws.create(&GlobalReplicationGroup, config).await;
    none(&created.diags);
    assert_eq!(sent(&aws).len(), 1, "the create alone");
    assert_eq!(created.state.get("engine_version").as_str(), Some("6.x"));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_created_around_a_primary_that_does_not_fit() {
    let at = "primary_replication_group_id: ";
    let missing = aws(&aws_state(Observed::missing()), |call| {
        (call.operation == "DescribeReplicationGroups")
            .then(|| call.error("ReplicationGroupNotFoundFault", "None."))
    });
    let member = healthy(&aws_state(Observed { primary_in: Some("ldgnf-other"), ..Observed::missing() }));
    let old = healthy(&aws_state(Observed::missing()));
    let cases = [
        (
            missing,
            desired([]),
            format!(
                "{at}Primary does not exist: Replication group \"cache\" does not exist in us-east-1. A \
                 global datastore is created in the Region of its primary: correct \
                 `primary_replication_group_id` or `region`."
            ),
        ),
        (
            member,
            desired([]),
            format!(
                "{at}Primary belongs to a global datastore: Replication group \"cache\" is a member of the global datastore \
                 \"ldgnf-other\", and AWS allows one. To manage that one here, import it: terraform import \
                 elasticache_global_replication_group.NAME ldgnf-other, or by the next apply with this block."
            ),
        ),
        (
            old,
            desired([("engine_version", "7.0".into())]),
            "engine_version: Engine version cannot be downgraded: Replication group \"cache\" runs version \
             7.1.0, and `engine_version` is \"7.0\". AWS does not downgrade the members of a global \
             datastore. Set `engine_version = \"7.1\"`."
                .to_owned(),
        ),
        (
            healthy(&aws_state(Observed::missing())),
            desired([("num_node_groups", Value::from(2))]),
            "num_node_groups: Shards need cluster mode: Replication group \"cache\" has cluster mode disabled and \
             therefore one shard, and `num_node_groups` is 2. Set `num_node_groups = 1`, or create a global datastore \
             around a primary with cluster mode."
                .to_owned(),
        ),
        (
            aws(&aws_state(Observed { shards: 3, ..Observed::missing() }), |call| {
                let group = Observed { shards: 3, ..Observed::missing() }.primary_xml();
                let shards = "<NodeGroups><NodeGroup/><NodeGroup/><NodeGroup/></NodeGroups><ARN>";
                let answer = call.xml(&format!("<ReplicationGroups>{group}</ReplicationGroups>"));
                (call.operation == "DescribeReplicationGroups").then(|| answer.with("<ARN>", shards))
            }),
            desired([
                ("num_node_groups", Value::from(1)),
                ("global_node_groups_to_remove", Value::set([Value::from("3")])),
            ]),
            "global_node_groups_to_remove: Wrong number of shards: `global_node_groups_to_remove` has 1 shards, but the \
             change of `num_node_groups` from 3 to 1 requires 2."
                .to_owned(),
        ),
    ];
    for (aws, config, expected) in cases {
        let created = aws.create(&GlobalReplicationGroup, config).await;
        let problems = problems(&created.diags);
        assert!(problems.len() == 1 && problems[0].starts_with(&expected), "{problems:#?}");
        assert_eq!(created.state, Value::Null);
        assert_eq!(sent(&aws), [""; 0]);
    }
}

/// Acceptance case of hashicorp/aws: `SetParameterGroupOnCreate_MinorUpgrade`.
#[tokio::test(start_paused = true)]
async fn a_parameter_group_for_a_minor_upgrade_is_refused_before_the_create() {
    let aws = healthy(&aws_state(Observed { version: "7.0.7".to_owned(), ..Observed::missing() }));
    let config =
        desired([("engine_version", "7.1".into()), ("parameter_group_name", "default.redis7".into())]);
    let created = aws.create(&GlobalReplicationGroup, config).await;
    let problems = problems(&created.diags);
    let expected = "parameter_group_name: Parameter group cannot be changed alone: ";
    assert!(problems.len() == 1 && problems[0].starts_with(expected), "{problems:#?}");
    assert_eq!(sent(&aws), [""; 0]);
}

/// The primary is in the middle of a change, such as the one that its own creation ends with.
#[tokio::test(start_paused = true)]
async fn a_create_waits_for_a_primary_that_is_being_changed() {
    let mut refusals = 3;
    let aws = aws(&aws_state(Observed::missing()), move |call| {
        if call.operation != "CreateGlobalReplicationGroup" || refusals == 0 {
            return None;
        }
        refusals -= 1;
        Some(call.error("InvalidReplicationGroupState", "It is modifying."))
    });
    let created = aws.create(&GlobalReplicationGroup, desired([])).await;
    none(&created.diags);
    assert_eq!(sent(&aws).len(), 4);
}

/// The response is lost, and the repetition is refused: the datastore of that suffix around this primary is the one that
/// was created.
#[tokio::test(start_paused = true)]
async fn a_datastore_whose_response_was_lost_is_adopted() {
    let aws_state = aws_state(Observed::missing());
    let shared = Arc::clone(&aws_state);
    let mut is_lost = false;
    let aws = aws(&aws_state, move |call| {
        let is_create = call.operation == "CreateGlobalReplicationGroup";
        (is_create && !std::mem::replace(&mut is_lost, true)).then(|| {
            shared.lock().unwrap().answer(call);
            unanswered()
        })
    });
    let created = aws.create(&GlobalReplicationGroup, desired([("tags", text_map([("team", "a")]))])).await;
    none(&created.diags);
    assert_eq!(created.state.get("id").as_str(), Some(ID));
    assert_eq!(sent(&aws).len(), 1, "created once");
}

#[tokio::test(start_paused = true)]
async fn a_datastore_that_differs_from_the_request_is_not_adopted() {
    for change in [
        |observed: &mut Observed| observed.description = "of another client".to_owned(),
        |observed: &mut Observed| observed.members[0].id = "other",
        |observed: &mut Observed| observed.members[0].region = "eu-west-1",
        |observed: &mut Observed| observed.tags = vec![("team".to_owned(), "other".to_owned())],
    ] {
        let aws_state = aws_state(Observed::missing());
        let shared = Arc::clone(&aws_state);
        let aws = aws(&aws_state, move |call| {
            (call.operation == "CreateGlobalReplicationGroup").then(|| {
                let mut observed = shared.lock().unwrap();
                observed.exists = true;
                change(&mut observed);
                unanswered()
            })
        });
        let created = aws.create(&GlobalReplicationGroup, desired([])).await;
        let problems = problems(&created.diags);
        assert!(problems[0].starts_with("Failed to create global datastore \"booking\": "), "{problems:?}");
        assert_eq!(created.state, Value::Null);
    }
}

#[tokio::test(start_paused = true)]
async fn a_suffix_that_exists_is_an_error_with_the_import() {
    let aws = aws(&aws_state(Observed::alone()), |call| {
        (call.operation == "CreateGlobalReplicationGroup")
            .then(|| call.error("GlobalReplicationGroupAlreadyExistsFault", "It exists."))
    });
    let created = aws.create(&GlobalReplicationGroup, desired([])).await;
    let problems = problems(&created.diags);
    for words in [
        "Failed to create global datastore \"booking\": ElastiCache CreateGlobalReplicationGroup: \
         GlobalReplicationGroupAlreadyExistsFault: It exists (HTTP 400, request id r-1).",
        "terraform import elasticache_global_replication_group.NAME ldgnf-booking",
    ] {
        assert!(problems[0].contains(words), "{problems:?}");
    }
    assert_eq!(created.state, Value::Null);
}

/// What AWS has accepted is in the state, whatever follows.
#[tokio::test(start_paused = true)]
async fn a_change_that_fails_after_the_create_leaves_the_datastore_in_the_state() {
    let aws = aws(&aws_state(Observed::missing()), |call| {
        (call.operation == "ModifyGlobalReplicationGroup")
            .then(|| call.error("InvalidParameterValue", "No capacity."))
    });
    let created = aws.create(&GlobalReplicationGroup, desired([("cache_node_type", NODE.into())])).await;
    assert_eq!(
        problems(&created.diags),
        ["Failed to scale the nodes to cache.r7g.xlarge of global datastore \"ldgnf-booking\": ElastiCache \
          ModifyGlobalReplicationGroup: InvalidParameterValue: No capacity (HTTP 400, request id r-1)."]
    );
    assert_eq!(created.state.get("id").as_str(), Some(ID));
}

#[tokio::test(start_paused = true)]
async fn a_create_waits_until_the_datastore_accepts_changes() {
    let aws_state = aws_state(Observed { status: "creating", members: Vec::new(), ..Observed::missing() });
    let shared = Arc::clone(&aws_state);
    let mut polls = 0;
    let aws = aws(&aws_state, move |call| {
        if call.operation == "DescribeGlobalReplicationGroups" {
            polls += 1;
            match polls {
                1 => return Some(call.error(super::NOT_FOUND, "Not yet.")),
                3 => shared.lock().unwrap().status = "primary-only",
                4 => shared.lock().unwrap().members = Observed::alone().members,
                _ => {}
            }
        }
        None
    });
    let created = aws.create(&GlobalReplicationGroup, desired([])).await;
    none(&created.diags);
    assert_eq!(created.state.get("status").as_str(), Some("primary-only"));
    let polls = aws.operations().iter().filter(|it| *it == "DescribeGlobalReplicationGroups").count();
    assert_eq!(polls, 4);
}

#[tokio::test(start_paused = true)]
async fn a_create_that_is_busy_for_too_long_says_so() {
    let aws = aws(&aws_state(Observed::missing()), |call| {
        (call.operation == "CreateGlobalReplicationGroup").then(|| call.error(BUSY, "It is modifying."))
    });
    let config = desired([("timeouts", Value::map([("create", Value::from("5s"))]))]);
    let created = aws.create(&GlobalReplicationGroup, config).await;
    assert_eq!(
        problems(&created.diags),
        ["Failed to create global datastore \"booking\": ElastiCache CreateGlobalReplicationGroup: \
          InvalidGlobalReplicationGroupState: It is modifying (HTTP 400, request id r-1)."]
    );
}
