//! Reading a global datastore that exists.

use std::sync::atomic::{AtomicU32, Ordering};

use super::GlobalReplicationGroupData;
use crate::testing::aws::{Call, FakeAws, problems, text_map};
use crate::value::Value;

const ARN: &str = "arn:aws:elasticache::111122223333:globalreplicationgroup:ldgnf-booking";

fn datastore(status: &str) -> String {
    let member = |id: &str, region: &str, role: &str| {
        format!(
            "<GlobalReplicationGroupMember><ReplicationGroupId>{id}</ReplicationGroupId><ReplicationGroupRegion>{region}\
             </ReplicationGroupRegion><Role>{role}</Role><AutomaticFailover>enabled</AutomaticFailover>\
             <Status>associated</Status></GlobalReplicationGroupMember>"
        )
    };
    format!(
        "<GlobalReplicationGroups><GlobalReplicationGroup><GlobalReplicationGroupId>ldgnf-booking</GlobalReplicationGroupId>\
         <GlobalReplicationGroupDescription> </GlobalReplicationGroupDescription><Status>{status}</Status>\
         <CacheNodeType>cache.r7g.large</CacheNodeType><Engine>valkey</Engine><EngineVersion>8.0.1</EngineVersion>\
         <Members>{}{}</Members><ClusterEnabled>true</ClusterEnabled><GlobalNodeGroups><GlobalNodeGroup>\
         <GlobalNodeGroupId>ldgnf-booking-0001</GlobalNodeGroupId><Slots>0-16383</Slots></GlobalNodeGroup></GlobalNodeGroups>\
         <AuthTokenEnabled>false</AuthTokenEnabled><TransitEncryptionEnabled>true</TransitEncryptionEnabled>\
         <AtRestEncryptionEnabled>true</AtRestEncryptionEnabled><ARN>{ARN}</ARN></GlobalReplicationGroup>\
         </GlobalReplicationGroups>",
        member("cache-west", "us-west-2", "SECONDARY"),
        member("cache", "us-east-1", "PRIMARY")
    )
}

fn tags(call: &Call) -> crate::testing::aws::Answer {
    call.xml("<TagList><Tag><Key>team</Key><Value>cache</Value></Tag></TagList>")
}

const ASKED: [(&str, &str); 1] = [("global_replication_group_id", "ldgnf-booking")];

async fn ask(aws: &FakeAws) -> crate::engine::ReadResponse {
    aws.ask(&GlobalReplicationGroupData, ASKED.map(|(name, value)| (name, Value::from(value)))).await
}

#[tokio::test(start_paused = true)]
async fn a_datastore_is_read_with_its_members_and_tags() {
    let aws = FakeAws::new(|call| match call.operation.as_str() {
        "ListTagsForResource" => tags(call),
        _ => {
            assert_eq!(call.param("ShowMemberInfo"), "true");
            call.xml(&datastore("available"))
        }
    });
    let answer = ask(&aws).await;
    assert_eq!(problems(&answer.diags), [""; 0]);
    for (name, value) in [
        ("id", Value::from("ldgnf-booking")),
        ("arn", ARN.into()),
        ("global_replication_group_description", "".into()),
        ("status", "available".into()),
        ("primary_replication_group_id", "cache".into()),
        ("primary_region", "us-east-1".into()),
        ("engine", "valkey".into()),
        ("engine_version_actual", "8.0.1".into()),
        ("num_node_groups", Value::from(1)),
        ("automatic_failover_enabled", true.into()),
        ("cluster_enabled", true.into()),
        ("transit_encryption_enabled", true.into()),
        ("region", "us-east-1".into()),
        ("tags", text_map([("team", "cache")])),
    ] {
        assert_eq!(answer.state.get(name), &value, "{name}");
    }
    let members = answer.state.get("members").as_elements().unwrap();
    let roles: Vec<_> = members.iter().map(|it| it.get("role").as_str().unwrap()).collect();
    assert_eq!(roles, ["PRIMARY", "SECONDARY"]);
}

#[tokio::test(start_paused = true)]
async fn a_datastore_that_does_not_exist_is_an_error() {
    let missing =
        FakeAws::new(|call| call.error("GlobalReplicationGroupNotFoundFault", "None of that name."));
    let deleting = FakeAws::new(|call| call.xml(&datastore("deleting")));
    for aws in [missing, deleting] {
        let answer = ask(&aws).await;
        let problems = problems(&answer.diags);
        let expected = "global_replication_group_id: Global datastore \"ldgnf-booking\" not found: ";
        assert!(problems.len() == 1 && problems[0].starts_with(expected), "{problems:?}");
        assert_eq!(answer.state, Value::Null);
    }
}

/// AWS does not list tags while it changes the datastore.
#[tokio::test(start_paused = true)]
async fn tags_are_asked_for_again_while_the_datastore_is_busy() {
    let tries = AtomicU32::new(0);
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "ListTagsForResource" if tries.fetch_add(1, Ordering::Relaxed) < 3 => {
            call.error("InvalidGlobalReplicationGroupState", "It is modifying.")
        }
        "ListTagsForResource" => tags(call),
        _ => call.xml(&datastore("modifying")),
    });
    let answer = ask(&aws).await;
    assert_eq!(problems(&answer.diags), [""; 0]);
    assert_eq!(answer.state.get("tags"), &text_map([("team", "cache")]));
}
