//! Reading and importing a global datastore.

use super::{
    ARN, BUSY, GlobalReplicationGroup, ID, Observed, aws, aws_state, created, desired, healthy, none,
    refreshed,
};
use crate::testing::aws::{problems, text_map};
use crate::value::Value;

#[tokio::test(start_paused = true)]
async fn a_read_of_an_unchanged_datastore_gives_the_state_back() {
    let aws_state = aws_state(Observed::missing());
    let state = created(&aws_state).await;
    assert_eq!(refreshed(&aws_state, &state).await, state);
    let plan = healthy(&aws_state).plan(&GlobalReplicationGroup, &state, &desired([]));
    none(&plan.diags);
    assert_eq!(plan.planned, state);
}

#[tokio::test(start_paused = true)]
async fn members_are_read_with_the_primary_first() {
    let aws_state = aws_state(Observed::missing());
    let state = created(&aws_state).await;
    *aws_state.lock().unwrap() = Observed::paired();
    let state = refreshed(&aws_state, &state).await;
    let members = state.get("members").as_elements().unwrap();
    let of = |name: &str| -> Vec<&str> { members.iter().map(|it| it.get(name).as_str().unwrap()).collect() };
    assert_eq!(of("replication_group_id"), ["cache", "cache-west"]);
    assert_eq!(of("replication_group_region"), ["us-east-1", "us-west-2"]);
    assert_eq!(of("role"), ["PRIMARY", "SECONDARY"]);
    assert_eq!(of("status"), ["associated", "associated"]);
    assert_eq!(of("automatic_failover"), ["enabled", "enabled"]);
    assert_eq!(state.get("status").as_str(), Some("available"));
    // What only joined needs no change.
    let plan = healthy(&aws_state).plan(&GlobalReplicationGroup, &state, &desired([]));
    none(&plan.diags);
    assert_eq!(plan.planned, state);
}

#[tokio::test(start_paused = true)]
async fn only_a_datastore_that_does_not_exist_or_is_deleted_leaves_the_state() {
    let gone = aws_state(Observed::missing());
    let state = created(&gone).await;
    for (observed, exists) in [
        (Observed::missing(), false),
        (Observed { status: "deleting", ..Observed::alone() }, false),
        (Observed { status: "deleted", ..Observed::alone() }, false),
        (Observed { status: "modifying", ..Observed::alone() }, true),
    ] {
        let read = healthy(&aws_state(observed)).read(&GlobalReplicationGroup, &state).await;
        none(&read.diags);
        assert_eq!(!read.state.is_null(), exists, "{:?}", read.state);
    }
    // A response that was cut short says nothing of the datastore, and neither does a refusal.
    let cut = aws(&aws_state(Observed::alone()), |call| {
        (call.operation == "DescribeGlobalReplicationGroups").then(|| call.xml("<GlobalReplicationGroups/>"))
    });
    let read = cut.read(&GlobalReplicationGroup, &state).await;
    assert_eq!(
        problems(&read.diags),
        [
            "Failed to read global datastore \"ldgnf-booking\": AWS returned an incomplete response for the global \
          datastore, which is ignored. Run Terraform again."
        ]
    );
    assert_eq!(read.state, state);
}

#[tokio::test(start_paused = true)]
async fn the_deletion_of_another_datastore_leaves_the_state_as_it_is() {
    let aws_state = aws_state(Observed::missing());
    let state = created(&aws_state).await;
    for name in ["<GlobalReplicationGroupId>ldgnf-other</GlobalReplicationGroupId>", ""] {
        let other = aws(&aws_state, move |call| {
            let datastore = format!("{name}<Status>deleting</Status><ARN>{ARN}</ARN>");
            (call.operation == "DescribeGlobalReplicationGroups").then(|| {
                call.xml(&format!(
                    "<GlobalReplicationGroups><GlobalReplicationGroup>{datastore}</GlobalReplicationGroup>\
                     </GlobalReplicationGroups>"
                ))
            })
        });
        let read = other.read(&GlobalReplicationGroup, &state).await;
        assert!(!read.state.is_null(), "{name}");
        // Without a name, the ARN is that of the datastore.
        assert!(name.is_empty() || problems(&read.diags)[0].contains("instead of"), "{:?}", read.diags);
        assert!(name.is_empty() || read.state == state);
    }
}

#[tokio::test(start_paused = true)]
async fn changes_of_other_clients_are_drift() {
    let aws_state = aws_state(Observed::missing());
    let state = created(&aws_state).await;
    *aws_state.lock().unwrap() = Observed {
        description: "of another client".to_owned(),
        version: "7.2.6".to_owned(),
        engine: "valkey".to_owned(),
        node_type: "cache.r7g.xlarge".to_owned(),
        failover: "disabling",
        shards: 3,
        tags: vec![("by".to_owned(), "hand".to_owned())],
        ..Observed::alone()
    };
    let state = refreshed(&aws_state, &state).await;
    for (name, value) in [
        ("global_replication_group_description", Value::from("of another client")),
        ("engine", "valkey".into()),
        ("engine_version", "7.2".into()),
        ("cache_node_type", "cache.r7g.xlarge".into()),
        ("automatic_failover_enabled", false.into()),
        ("num_node_groups", Value::from(3)),
        ("tags", text_map([("by", "hand")])),
    ] {
        assert_eq!(state.get(name), &value, "{name}");
    }
    assert_eq!(state.get("global_node_groups").as_elements().unwrap().len(), 3);
}

/// AWS refuses to list tags while it changes an object, and has refused it for global datastores altogether.
#[tokio::test(start_paused = true)]
async fn tags_that_are_not_listed_stay_as_they_are() {
    let config = desired([("tags", text_map([("team", "cache")]))]);
    let aws_state = aws_state(Observed::missing());
    let state = healthy(&aws_state).create(&GlobalReplicationGroup, config).await.state;
    let refusing = |code: &'static str| {
        aws(&aws_state, move |call| {
            (call.operation == "ListTagsForResource").then(|| call.error(code, "No."))
        })
    };
    let read = refusing(BUSY).read(&GlobalReplicationGroup, &state).await;
    none(&read.diags);
    assert_eq!(read.state, state);
    let read = refusing("InvalidARN").read(&GlobalReplicationGroup, &state).await;
    none(&read.diags);
    assert_eq!(read.state.get("tags"), &Value::Map(Default::default()));
}

#[tokio::test(start_paused = true)]
async fn an_import_by_id_or_arn_needs_no_change() {
    let aws_state = aws_state(Observed::paired());
    for id in [ID, ARN, "ldgnf-booking@us-east-1"] {
        let aws = healthy(&aws_state);
        let imported = aws.import(&GlobalReplicationGroup, id).await;
        none(&imported.diags);
        for (name, value) in
            [("id", ID), ("global_replication_group_id_suffix", "booking"), ("region", "us-east-1")]
        {
            assert_eq!(imported.state.get(name).as_str(), Some(value), "{id}: {name}");
        }
        for config in [
            desired([]),
            // How a change is made is no change by itself.
            desired([
                ("parameter_group_name", "default.redis7".into()),
                ("engine_version", "7.1".into()),
                ("global_replication_group_description", "".into()),
            ]),
        ] {
            let plan = aws.plan_read(&GlobalReplicationGroup, &imported, &config);
            none(&plan.diags);
            assert_eq!(plan.planned, imported.state, "{id}");
        }
    }
}
