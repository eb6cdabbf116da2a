//! A member of a global datastore: what its plan leaves alone, and how a secondary leaves.

use std::time::Duration;

use tokio::time::Instant;

use super::{FakeGroup, ReplicationGroup, changing, configured, none, params};
use crate::engine::{ApplyResponse, ReadResponse};
use crate::testing::aws::{Answer, Call, FakeAws, problems};
use crate::value::Value;

const ID: &str = "ldgnf-store";

/// The group as a member with this role.
fn member(role: &str) -> FakeGroup {
    let mut observed = FakeGroup::two();
    observed.group.push_str(&format!(
        "<GlobalReplicationGroupInfo><GlobalReplicationGroupId>{ID}</GlobalReplicationGroupId>\
         <GlobalReplicationGroupMemberRole>{role}</GlobalReplicationGroupMemberRole></GlobalReplicationGroupInfo>"
    ));
    observed
}

/// The configuration of a secondary, which has nothing that the datastore decides.
fn secondary() -> Value {
    configured([
        ("global_replication_group_id", ID.into()),
        ("engine", Value::Null),
        ("engine_version", Value::Null),
        ("node_type", Value::Null),
        ("automatic_failover_enabled", Value::Null),
        ("transit_encryption_enabled", Value::Null),
    ])
}

/// A member of this role that was created with `config`, as the next plan finds it.
async fn created(role: &str, config: Value) -> ReadResponse {
    let observed = member(role);
    let aws = FakeAws::new(move |call| observed.answer(call));
    let ApplyResponse { state, private, diags } = aws.create(&ReplicationGroup, config).await;
    none(&diags);
    assert_eq!(state.get("global_replication_group_id"), &Value::from(ID));
    ReadResponse { state, private, ..ReadResponse::default() }
}

#[tokio::test(start_paused = true)]
async fn what_the_datastore_decides_is_planned_as_it_is_with_one_warning() {
    let changes = [
        ("automatic_failover_enabled", false.into()),
        ("engine", "valkey".into()),
        ("engine_version", "8.0".into()),
        ("multi_az_enabled", true.into()),
        ("node_type", "cache.r7g.large".into()),
        ("num_node_groups", Value::from(3)),
        ("parameter_group_name", "own".into()),
    ];
    let nothing = FakeAws::new(|call| call.error("None", "A plan calls nothing."));
    for role in ["PRIMARY", "SECONDARY"] {
        let read = created(role, configured([])).await;
        for change in changes.clone() {
            let name = change.0;
            let plan = nothing.plan_read(&ReplicationGroup, &read, &configured([change]));
            assert_eq!(plan.planned, read.state, "{role}: {name}");
            let messages = problems(&plan.diags);
            let warning = format!("{name}: Global datastore controls the setting: ");
            assert!(
                messages.len() == 1 && messages[0].starts_with(&warning),
                "{role}: {name}: {messages:#?}"
            );
        }
        let all = nothing.plan_read(&ReplicationGroup, &read, &configured(changes.clone()));
        assert_eq!(all.planned, read.state, "{role}");
        let names = changes.clone().map(|(name, _)| format!("`{name}`")).join(", ");
        let messages = problems(&all.diags);
        assert!(messages.len() == 1 && messages[0].contains(&names), "{role}: {messages:#?}");
    }
}

/// hashicorp/aws #24919, #24854: AWS sets it to false when a group becomes a member, and refuses to change it.
#[tokio::test(start_paused = true)]
async fn minor_upgrades_that_a_member_cannot_have_are_no_difference() {
    for role in ["PRIMARY", "SECONDARY"] {
        let observed = member(role);
        let aws = FakeAws::new(move |call| match call.operation.as_str() {
            "ModifyReplicationGroup" => panic!("a member is modified"),
            _ => observed.answer(call),
        });
        let given = || match role {
            "PRIMARY" => configured([("auto_minor_version_upgrade", true.into())]),
            _ => with(secondary(), "auto_minor_version_upgrade", true.into()),
        };
        let created = aws.create(&ReplicationGroup, given()).await;
        none(&created.diags);
        let joined = with(created.state, "auto_minor_version_upgrade", false.into());
        let read = ReadResponse { state: joined, private: created.private, ..ReadResponse::default() };
        let plan = aws.plan_read(&ReplicationGroup, &read, &given());
        assert_eq!(problems(&plan.diags), [""; 0], "{role}");
        assert_eq!(plan.planned, read.state, "{role}");
    }
}

/// The object with this value.
fn with(object: Value, name: &str, value: Value) -> Value {
    let Value::Map(mut entries) = object else { panic!("no object") };
    entries.insert(name.to_owned(), value);
    Value::Map(entries)
}

/// hashicorp/aws #32804. AWS may need longer than the update has: that time does not count.
#[tokio::test(start_paused = true)]
async fn a_secondary_whose_argument_is_removed_leaves_with_its_data() {
    let read = created("SECONDARY", secondary()).await;
    let mut begin = None;
    let aws = FakeAws::new(move |call| {
        if call.operation == "DisassociateGlobalReplicationGroup" {
            begin = Some(Instant::now());
            return call.xml("<GlobalReplicationGroup/>");
        }
        let minutes = begin.map_or(0, |begin: Instant| begin.elapsed().as_secs() / 60);
        let mut observed = if minutes < 50 { member("SECONDARY") } else { FakeGroup::two() };
        if (1..55).contains(&minutes) {
            observed.status = "modifying";
        }
        observed.answer(call)
    });
    let plan = aws.plan_read(&ReplicationGroup, &read, &configured([]));
    assert!(plan.replace.is_empty(), "{:?}", plan.replace);
    assert_eq!(
        problems(&plan.diags),
        [
            "global_replication_group_id: Replication group leaves its global datastore: The configuration no longer has \
             `global_replication_group_id`, so replication group \"cache\" leaves the global datastore \"ldgnf-store\", with \
             its data, and becomes a replication group of its own. AWS adds only new replication groups to a global \
             datastore: this one cannot join again. To keep it a secondary, set `global_replication_group_id = \
             \"ldgnf-store\"`."
        ]
    );
    let left = aws.update_read(&ReplicationGroup, &read, configured([])).await;
    none(&left.diags);
    let calls = aws.calls();
    let [call] = changing(&calls)[..] else { panic!("{calls:#?}") };
    assert_eq!(call.operation, "DisassociateGlobalReplicationGroup");
    assert_eq!(
        params(call),
        [
            "GlobalReplicationGroupId=ldgnf-store",
            "ReplicationGroupId=cache",
            "ReplicationGroupRegion=us-east-1"
        ]
    );
    assert_eq!(left.state.get("global_replication_group_id"), &Value::from(""));
    assert_eq!(left.state.get("global_replication_group_role"), &Value::Null);
    assert_eq!(left.private, b"");
}

/// A removal that an earlier run began: AWS refuses another one until the first is done.
#[tokio::test(start_paused = true)]
async fn a_removal_in_progress_is_waited_for() {
    let read = created("SECONDARY", secondary()).await;
    let begin = Instant::now();
    let aws = FakeAws::new(move |call| {
        let is_leaving = begin.elapsed() < Duration::from_mins(30);
        match call.operation.as_str() {
            "DisassociateGlobalReplicationGroup" if is_leaving => {
                call.error("InvalidGlobalReplicationGroupState", "It is being modified.")
            }
            "DisassociateGlobalReplicationGroup" => call.error(
                "InvalidParameterValue",
                "Replication group cache is not associated with Global Replication Group ldgnf-store",
            ),
            _ if is_leaving => FakeGroup { status: "modifying", ..member("SECONDARY") }.answer(call),
            _ => FakeGroup::two().answer(call),
        }
    });
    let left = aws.update_read(&ReplicationGroup, &read, configured([])).await;
    none(&left.diags);
    assert_eq!(left.state.get("global_replication_group_id"), &Value::from(""));
}

/// A primary that a failover made a secondary never had the argument, nor does an import show it; and the primary
/// cannot leave.
#[tokio::test(start_paused = true)]
async fn only_a_secondary_that_the_argument_made_one_leaves() {
    let nothing = FakeAws::new(|call| call.error("None", "A plan calls nothing."));
    for (role, config) in [("PRIMARY", secondary()), ("SECONDARY", configured([]))] {
        let read = created(role, config).await;
        let plan = nothing.plan_read(&ReplicationGroup, &read, &configured([]));
        assert_eq!(problems(&plan.diags), [""; 0], "{role}");
        assert_eq!(plan.planned, read.state, "{role}");
    }
}

/// Whether AWS accepts it of members is not documented, and the datastore has no such argument.
#[tokio::test(start_paused = true)]
async fn a_refused_change_of_a_member_says_who_owns_it() {
    let read = created("PRIMARY", configured([])).await;
    let aws = FakeAws::new(|call| match call.operation.as_str() {
        "ModifyReplicationGroup" => call.error(
            "InvalidParameterValue",
            "Cluster [cache] is part of a global cluster [ldgnf-store]. Request rejected.",
        ),
        _ => member("PRIMARY").answer(call),
    });
    let config = configured([("snapshot_retention_limit", Value::from(3))]);
    let refused = aws.update_read(&ReplicationGroup, &read, config).await;
    assert_eq!(
        problems(&refused.diags),
        ["snapshot_retention_limit: Failed to change settings of replication group \"cache\": \
             ElastiCache ModifyReplicationGroup: InvalidParameterValue: Cluster [cache] is part of a global \
             cluster [ldgnf-store]. Request rejected (HTTP 400, request id r-1). The global datastore \
             \"ldgnf-store\" owns what this request changes (`snapshot_retention_limit`). Change it on the \
             global datastore; where that has no such argument, undo the change here."]
    );
}

/// The same after a refresh: a new replication group has no role.
async fn refreshed(role: &str) -> ReadResponse {
    let created = created(role, configured([])).await;
    let observed = member(role);
    let read = FakeAws::new(move |call| observed.answer(call)).read(&ReplicationGroup, &created.state).await;
    none(&read.diags);
    assert_eq!(read.state.get("global_replication_group_role"), &Value::from(role));
    read
}

const REPLACED: &str = "Primary of a global datastore will be replaced";

#[tokio::test(start_paused = true)]
async fn replacement_of_a_primary_names_how_its_datastore_is_replaced_with_it() {
    let nothing = FakeAws::new(|call| call.error("None", "A plan calls nothing."));
    let warnings = async |role: &str, change: (&str, Value)| {
        let read = refreshed(role).await;
        let plan = nothing.plan_read(&ReplicationGroup, &read, &configured([change]));
        assert_eq!(plan.replace.len(), 1, "{:?}", plan.replace);
        let mut warnings = problems(&plan.diags);
        warnings.retain(|warning| warning.contains(REPLACED));
        warnings
    };
    let lifecycle = "lifecycle { replace_triggered_by = [elasticache_replication_group.NAME.arn] }";
    let port = || ("port", Value::from(6380));
    let same = warnings("PRIMARY", port()).await;
    assert!(same[0].starts_with(&format!("port: {REPLACED}: ")) && same[0].contains(lifecycle), "{same:?}");
    // A primary with another ID is no member, so the plan of the global datastore needs another suffix.
    let other = warnings("PRIMARY", ("replication_group_id", "other".into())).await;
    assert!(other[0].contains("`global_replication_group_id_suffix`"), "{other:?}");
    assert_eq!(warnings("SECONDARY", port()).await, [""; 0]);
}

/// The answer about the datastore, whose primary is this replication group.
fn datastore(call: &Call, status: &str, primary: &str) -> Answer {
    call.xml(&format!(
        "<GlobalReplicationGroups><GlobalReplicationGroup><GlobalReplicationGroupId>{ID}</GlobalReplicationGroupId>\
         <Status>{status}</Status><Members><GlobalReplicationGroupMember><ReplicationGroupId>{primary}</ReplicationGroupId>\
         <ReplicationGroupRegion>us-east-1</ReplicationGroupRegion><Role>PRIMARY</Role></GlobalReplicationGroupMember>\
         </Members><ARN>arn:aws:elasticache::111122223333:globalreplicationgroup:{ID}</ARN></GlobalReplicationGroup>\
         </GlobalReplicationGroups>"
    ))
}

#[tokio::test(start_paused = true)]
async fn primary_is_deleted_only_without_its_datastore() {
    let read = refreshed("PRIMARY").await;
    let aws = FakeAws::new(|call| match call.operation.as_str() {
        "DescribeGlobalReplicationGroups" => datastore(call, "primary-only", "cache"),
        _ => member("PRIMARY").answer(call),
    });
    let refused = aws.delete(&ReplicationGroup, &read.state).await;
    let messages = problems(&refused.diags);
    assert!(
        messages[0].starts_with(
            "Failed to delete replication group \"cache\": It is the primary of the global datastore \"ldgnf-store\", and \
             AWS deletes no primary. To destroy it, destroy the global datastore first. To replace it, add `lifecycle {"
        ),
        "{messages:?}"
    );
    assert!(!refused.state.is_null());
    assert_eq!(changing(&aws.calls()).len(), 0);
    // It is gone, is being deleted, or has another primary since the state was read.
    for answer in [None, Some(("deleting", "cache")), Some(("available", "other"))] {
        let mut is_deleted = false;
        let aws = FakeAws::new(move |call| match (call.operation.as_str(), answer) {
            ("DescribeGlobalReplicationGroups", Some((status, primary))) => datastore(call, status, primary),
            ("DescribeGlobalReplicationGroups" | "DisassociateGlobalReplicationGroup", _) => {
                call.error("GlobalReplicationGroupNotFoundFault", "None.")
            }
            ("DeleteReplicationGroup", _) => {
                is_deleted = true;
                FakeGroup::two().answer(call)
            }
            _ if is_deleted => call.error("ReplicationGroupNotFoundFault", "None."),
            _ => FakeGroup::two().answer(call),
        });
        none(&aws.delete(&ReplicationGroup, &read.state).await.diags);
        let calls = aws.calls();
        let operations: Vec<&str> = changing(&calls).iter().map(|call| call.operation.as_str()).collect();
        assert_eq!(
            operations,
            ["DisassociateGlobalReplicationGroup", "DeleteReplicationGroup"],
            "{answer:?}"
        );
    }
}
