//! A service update of a replication group, against a scripted AWS.

use super::ServiceUpdate;
use crate::engine::{AnyResource, ReadRequest};
use crate::testing::aws::{Answer, Call, FakeAws, config, problems};
use crate::value::Value;

/// How AWS answers a call.
type Script = fn(&Call) -> Answer;

fn target() -> Value {
    config(
        &ServiceUpdate,
        [("replication_group_id", "Cache".into()), ("service_update_name", "elc-a".into())],
    )
}

fn listed(call: &Call, status: &str) -> Answer {
    call.xml(&format!(
        "<UpdateActions><UpdateAction><ReplicationGroupId>cache</ReplicationGroupId><ServiceUpdateName>elc-a\
         </ServiceUpdateName><UpdateActionStatus>{status}</UpdateActionStatus><NodesUpdated>2/2</NodesUpdated><SlaMet>yes</SlaMet>\
         <ServiceUpdateType>engine-update</ServiceUpdateType><ServiceUpdateStatus>available</ServiceUpdateStatus>\
         <ServiceUpdateReleaseDate>2026-01-05T00:00:00Z</ServiceUpdateReleaseDate><NodeGroupUpdateStatus>\
         <NodeGroupUpdateStatus><NodeGroupId>0001</NodeGroupId><NodeGroupMemberUpdateStatus><NodeGroupMemberUpdateStatus>\
         <CacheClusterId>cache-001</CacheClusterId><NodeUpdateStatus>complete</NodeUpdateStatus></NodeGroupMemberUpdateStatus>\
         </NodeGroupMemberUpdateStatus></NodeGroupUpdateStatus></NodeGroupUpdateStatus></UpdateAction></UpdateActions>"
    ))
}

fn released(call: &Call, status: &str) -> Answer {
    call.xml(&format!(
        "<ServiceUpdates><ServiceUpdate><ServiceUpdateName>elc-a</ServiceUpdateName><ServiceUpdateStatus>{status}\
         </ServiceUpdateStatus><Engine>redis</Engine></ServiceUpdate></ServiceUpdates>"
    ))
}

fn group(call: &Call, status: &str) -> Answer {
    call.xml(&format!(
        "<ReplicationGroups><ReplicationGroup><ReplicationGroupId>cache</ReplicationGroupId><Status>{status}</Status>\
         <ARN>arn:aws:elasticache:us-east-1:111122223333:replicationgroup:cache</ARN></ReplicationGroup></ReplicationGroups>"
    ))
}

fn text<'a>(state: &'a Value, name: &str) -> &'a str {
    state.get(name).as_str().unwrap_or_default()
}

/// An update that is applied when it is asked for.
fn obliging() -> FakeAws {
    let mut status = "not-applied";
    FakeAws::new(move |call| match call.operation.as_str() {
        "BatchApplyUpdateAction" => {
            status = "complete";
            call.xml("<ProcessedUpdateActions/>")
        }
        _ => listed(call, status),
    })
}

#[tokio::test(start_paused = true)]
async fn an_update_is_applied_and_shown_with_its_nodes() {
    let aws = obliging();
    let created = aws.create(&ServiceUpdate, target()).await;
    assert_eq!(problems(&created.diags), [""; 0]);
    for (name, value) in [
        ("id", "cache,elc-a"),
        ("replication_group_id", "Cache"),
        ("status", "complete"),
        ("nodes_updated", "2/2"),
        ("sla_met", "yes"),
        ("service_update_type", "engine-update"),
        ("release_date", "2026-01-05T00:00:00Z"),
    ] {
        assert_eq!(text(&created.state, name), value, "{name}");
    }
    let node = &created.state.get("nodes").as_elements().unwrap()[0];
    assert_eq!((text(node, "cache_cluster_id"), text(node, "status")), ("cache-001", "complete"));
    assert_eq!(
        aws.operations(),
        ["DescribeUpdateActions", "BatchApplyUpdateAction", "DescribeUpdateActions"]
    );
    let read = aws.read(&ServiceUpdate, &created.state).await;
    assert_eq!(read.state, created.state);
    let plan = aws.plan(&ServiceUpdate, &created.state, &target());
    assert_eq!(plan.planned, created.state);
}

#[tokio::test(start_paused = true)]
async fn a_destroy_calls_nothing() {
    let aws = obliging();
    let created = aws.create(&ServiceUpdate, target()).await;
    aws.calls();
    let deleted = aws.delete(&ServiceUpdate, &created.state).await;
    assert_eq!(problems(&deleted.diags), [""; 0]);
    assert!(deleted.state.is_null() && aws.calls().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_complete_update_is_not_requested() {
    for status in ["complete", "not-applicable"] {
        let aws = FakeAws::new(move |call| listed(call, status));
        let created = aws.create(&ServiceUpdate, target()).await;
        assert_eq!(text(&created.state, "status"), status);
        assert_eq!(aws.operations(), ["DescribeUpdateActions"], "{status}");
    }
}

/// A time limit that passes keeps the update in the state, and the next apply waits on.
#[tokio::test(start_paused = true)]
async fn a_timed_out_create_is_retained_with_its_status() {
    let mut status = "not-applied";
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "BatchApplyUpdateAction" => {
            status = "in-progress";
            call.xml("<ProcessedUpdateActions/>")
        }
        _ => listed(call, status),
    });
    let created = aws.create(&ServiceUpdate, target()).await;
    let found = problems(&created.diags);
    assert!(found[0].contains("timed out after 180m00s; its last status was \"in-progress\""), "{found:?}");
    assert_eq!((text(&created.state, "id"), text(&created.state, "status")), ("cache,elc-a", "in-progress"));
}

/// A group that was created after the end of an update has it, or a later one.
#[tokio::test(start_paused = true)]
async fn an_expired_update_that_is_not_listed_is_a_warning() {
    for status in ["expired", "cancelled"] {
        let aws = FakeAws::new(move |call| match call.operation.as_str() {
            "DescribeServiceUpdates" => released(call, status),
            "DescribeReplicationGroups" => group(call, "available"),
            _ => call.xml("<UpdateActions/>"),
        });
        let created = aws.create(&ServiceUpdate, target()).await;
        let found = problems(&created.diags);
        let expected = format!(
            "service_update_name: Service update was not applied: Service update \"elc-a\" is {status}, and AWS does not list it for \
             replication group \"cache\""
        );
        assert!(!created.diags.has_errors() && found[0].starts_with(&expected), "{found:?}");
        assert_eq!(created.state.get("status"), &Value::Null);
        assert_eq!(text(&created.state, "service_update_status"), status);
        let read = aws.read(&ServiceUpdate, &created.state).await;
        assert_eq!(read.state, created.state, "not created again by each apply");
    }
}

/// Absence from a listing says nothing of an update that was applied.
#[tokio::test(start_paused = true)]
async fn an_update_that_is_no_longer_listed_stays_in_the_state() {
    let aws = obliging();
    let created = aws.create(&ServiceUpdate, target()).await;
    let answers: [(&str, Script, &str); 3] = [
        ("expired", |call| released(call, "expired"), "expired"),
        ("unknown", |call| call.error("ServiceUpdateNotFoundFault", "None."), "available"),
        ("cut short", |call| call.xml("<ServiceUpdates/>"), "available"),
    ];
    for (case, answer, status) in answers {
        let aws = FakeAws::new(move |call| match call.operation.as_str() {
            "DescribeServiceUpdates" => answer(call),
            "DescribeReplicationGroups" => group(call, "available"),
            _ => call.xml("<UpdateActions/>"),
        });
        let read = aws.read(&ServiceUpdate, &created.state).await;
        assert_eq!(problems(&read.diags), [""; 0], "{case}");
        assert_eq!(
            (text(&read.state, "status"), text(&read.state, "service_update_status")),
            ("complete", status),
            "{case}"
        );
    }
}

/// The next plan creates it again, or with the group.
#[tokio::test(start_paused = true)]
async fn an_update_that_is_not_applied_is_gone_as_is_that_of_a_deleted_group() {
    let aws = obliging();
    let created = aws.create(&ServiceUpdate, target()).await;
    for status in ["stopped", "not-applied", "scheduled", "scheduling"] {
        let aws = FakeAws::new(move |call| listed(call, status));
        assert!(aws.read(&ServiceUpdate, &created.state).await.state.is_null(), "{status}");
    }
    for status in ["waiting-to-start", "in-progress", "stopping"] {
        let aws = FakeAws::new(move |call| listed(call, status));
        let read = aws.read(&ServiceUpdate, &created.state).await;
        assert_eq!(text(&read.state, "status"), status);
    }
    let gone: [Script; 2] =
        [|call| group(call, "deleting"), |call| call.error("ReplicationGroupNotFoundFault", "None.")];
    for answer in gone {
        let unlisted: [Script; 2] = [
            |call| call.xml("<UpdateActions/>"),
            |call| call.error("ReplicationGroupNotFoundFault", "None."),
        ];
        for unlisted in unlisted {
            let aws = FakeAws::new(move |call| match call.operation.as_str() {
                "DescribeReplicationGroups" => answer(call),
                _ => unlisted(call),
            });
            let read = aws.read(&ServiceUpdate, &created.state).await;
            assert_eq!(problems(&read.diags), [""; 0]);
            assert!(read.state.is_null());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_import_accepts_both_separators_and_the_arn_of_the_group() {
    let arn = "arn:aws:elasticache:us-east-1:111122223333:replicationgroup:cache";
    for id in ["cache,elc-a", "Cache/elc-a", &format!("{arn}/elc-a"), &format!("{arn},elc-a@us-east-1")] {
        let aws = FakeAws::new(|call| listed(call, "complete"));
        let imported = aws.import(&ServiceUpdate, id).await;
        assert_eq!(problems(&imported.diags), [""; 0], "{id}");
        assert_eq!(text(&imported.state, "id"), "cache,elc-a", "{id}");
        // The spelling of the import stays.
        assert!(text(&imported.state, "replication_group_id").eq_ignore_ascii_case("cache"), "{id}");
        let plan = aws.plan_read(&ServiceUpdate, &imported, &target());
        assert_eq!(plan.planned, imported.state, "{id}");
    }
    for id in ["cache", "cache,", ",elc-a", "arn:aws:elasticache:us-east-1:111122223333:user:cache,elc-a"] {
        assert_eq!(AnyResource::import(&ServiceUpdate, id).unwrap_err().summary, "Invalid import ID", "{id}");
    }
    // Nothing is known of one that is not listed, and one that is not applied is to be created.
    let unlisted = FakeAws::new(|call| match call.operation.as_str() {
        "DescribeReplicationGroups" => group(call, "available"),
        _ => call.xml("<UpdateActions/>"),
    });
    assert!(unlisted.import(&ServiceUpdate, "cache,elc-a").await.state.is_null());
    let open = FakeAws::new(|call| listed(call, "not-applied"));
    assert!(open.import(&ServiceUpdate, "cache,elc-a").await.state.is_null());
}

#[test]
fn another_group_or_update_is_another_resource() {
    let aws = FakeAws::new(|call| panic!("{}", call.operation));
    let state = ServiceUpdate.schema().conform(Value::map([
        ("id", Value::from("cache,elc-a")),
        ("replication_group_id", "cache".into()),
        ("service_update_name", "elc-a".into()),
        ("region", "us-east-1".into()),
    ]));
    for (group, update, replaced) in [
        ("CACHE", "elc-a", None),
        ("other", "elc-a", Some("replication_group_id")),
        ("cache", "elc-b", Some("service_update_name")),
    ] {
        let desired = config(
            &ServiceUpdate,
            [("replication_group_id", group.into()), ("service_update_name", update.into())],
        );
        let plan = aws.plan(&ServiceUpdate, &state, &desired);
        let paths: Vec<String> = plan.replace.iter().map(ToString::to_string).collect();
        assert_eq!(paths, Vec::from_iter(replaced), "{group} {update}");
    }
}

/// A refused read is no deletion.
#[tokio::test(start_paused = true)]
async fn a_refused_read_is_an_error() {
    let aws = FakeAws::new(|call| call.error("AccessDenied", "You may not."));
    let state = ServiceUpdate.schema().conform(Value::map([
        ("replication_group_id", Value::from("cache")),
        ("service_update_name", "elc-a".into()),
    ]));
    let request = ReadRequest { state, private: Vec::new() };
    let read = ServiceUpdate.read(&aws.provider, &aws.cancel, request).await;
    let found = problems(&read.diags);
    assert!(
        found[0].starts_with("Failed to read service update \"elc-a\" of replication group \"cache\": "),
        "{found:?}"
    );
}
