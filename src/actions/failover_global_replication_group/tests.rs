//! The failover of a global datastore, against a scripted AWS.

use std::sync::{Arc, Mutex};

use super::FailoverGlobalReplicationGroup;
use crate::engine::AnyAction;
use crate::resources::replication_group::ReplicationGroup;
use crate::testing::aws::{Answer, Call, FakeAws, config as resource, problems};
use crate::testing::core::invoked;
use crate::value::Value;

/// Members as ID, Region and role; the status.
#[derive(Debug, Clone)]
struct Observed {
    members: Vec<(&'static str, &'static str, bool)>,
    status: &'static str,
}

impl Observed {
    fn paired() -> Self {
        let members = vec![("cache", "us-east-1", true), ("cache-west", "us-west-2", false)];
        Self { members, status: "available" }
    }

    fn answer(&self, call: &Call) -> Answer {
        let member = |(id, region, primary): &(&str, &str, bool)| {
            let role = if *primary { "PRIMARY" } else { "SECONDARY" };
            format!(
                "<GlobalReplicationGroupMember><ReplicationGroupId>{id}</ReplicationGroupId><ReplicationGroupRegion>{region}\
                 </ReplicationGroupRegion><Role>{role}</Role><Status>associated</Status></GlobalReplicationGroupMember>"
            )
        };
        let members: String = self.members.iter().map(member).collect();
        call.xml(&format!(
            "<GlobalReplicationGroups><GlobalReplicationGroup><GlobalReplicationGroupId>ldgnf-booking\
             </GlobalReplicationGroupId><Status>{}</Status><Members>{members}</Members>\
             <ARN>arn:aws:elasticache::111122223333:globalreplicationgroup:ldgnf-booking</ARN></GlobalReplicationGroup>\
             </GlobalReplicationGroups>",
            self.status
        ))
    }
}

fn config(group: &str, region: Option<&str>) -> Value {
    let schema = AnyAction::schema(&FailoverGlobalReplicationGroup);
    schema.conform(Value::map([
        ("global_replication_group_id", Value::from("ldgnf-booking")),
        ("primary_replication_group_id", group.into()),
        ("primary_region", region.map_or(Value::Null, Value::from)),
    ]))
}

/// An AWS that fails over when it is asked to; its datastore is `modifying` for some responses.
fn aws(observed: Observed) -> FakeAws {
    let observed = Arc::new(Mutex::new(observed));
    let mut polls = 0;
    FakeAws::new(move |call| {
        let mut observed = observed.lock().unwrap();
        match call.operation.as_str() {
            "FailoverGlobalReplicationGroup" => {
                observed.status = "modifying";
                call.xml("<GlobalReplicationGroup/>")
            }
            _ => {
                if observed.status == "modifying" {
                    polls += 1;
                }
                if polls == 3 {
                    observed.status = "available";
                    observed.members.iter_mut().for_each(|member| member.2 = !member.2);
                }
                observed.answer(call)
            }
        }
    })
}

fn writes(aws: &FakeAws) -> Vec<Call> {
    let mut calls = aws.calls();
    calls.retain(|call| !call.operation.starts_with("Describe"));
    calls
}

#[tokio::test(start_paused = true)]
async fn a_failover_waits_until_the_roles_have_moved() {
    let aws = aws(Observed::paired());
    let (messages, diags) =
        invoked(&FailoverGlobalReplicationGroup, &aws.provider, &aws.cancel, config("Cache-West", None))
            .await;
    assert_eq!(problems(&diags), [""; 0]);
    assert_eq!(
        messages,
        [
            "Starting a failover of global datastore \"ldgnf-booking\" from \"cache\" in us-east-1 to \"cache-west\" in us-west-2",
            "Global datastore \"ldgnf-booking\" is modifying",
            "Global datastore \"ldgnf-booking\" is available",
            "The primary moved from \"cache\" in us-east-1 to \"cache-west\" in us-west-2",
        ]
    );
    let [call] = writes(&aws).try_into().unwrap();
    assert_eq!(call.param("PrimaryReplicationGroupId"), "cache-west");
    assert_eq!(call.param("PrimaryRegion"), "us-west-2");
}

#[tokio::test(start_paused = true)]
async fn the_primary_itself_is_no_failover() {
    let aws = aws(Observed::paired());
    let (messages, diags) =
        invoked(&FailoverGlobalReplicationGroup, &aws.provider, &aws.cancel, config("cache", None)).await;
    assert_eq!(problems(&diags), [""; 0]);
    assert_eq!(messages, ["Replication group \"cache\" in us-east-1 is the primary already"]);
    assert!(writes(&aws).is_empty());
}

/// At plan and again when it is invoked: a plan may have seen unknown values.
#[tokio::test(start_paused = true)]
async fn what_aws_would_refuse_is_refused_before() {
    let mut same = Observed::paired();
    same.members[1].0 = "cache";
    let cases = [
        (
            Observed::paired(),
            config("other", None),
            "primary_replication_group_id: Replication group is not a member: `primary_replication_group_id` \
             names \"other\", which is not a member of global datastore \"ldgnf-booking\". Members: \
             \"cache\" in us-east-1, \"cache-west\" in us-west-2.",
        ),
        (
            Observed::paired(),
            config("cache-west", Some("eu-west-1")),
            "primary_replication_group_id: Replication group is not a member: `primary_replication_group_id` \
             names \"cache-west\" in eu-west-1, which is not a member of global datastore \"ldgnf-booking\". \
             Members: \"cache\" in us-east-1, \"cache-west\" in us-west-2.",
        ),
        (
            same.clone(),
            config("cache", None),
            "primary_region: Missing primary_region: Several members of global datastore \"ldgnf-booking\" \
             have the ID \"cache\": \"cache\" in us-east-1, \"cache\" in us-west-2. Set `primary_region` to \
             the Region of the new primary.",
        ),
    ];
    for (observed, config, expected) in cases {
        let aws = aws(observed);
        let planned =
            AnyAction::plan(&FailoverGlobalReplicationGroup, &aws.provider, &aws.cancel, &config).await;
        assert_eq!(problems(&planned), [expected]);
        let (_, diags) =
            invoked(&FailoverGlobalReplicationGroup, &aws.provider, &aws.cancel, config.clone()).await;
        assert_eq!(problems(&diags), [expected]);
        assert!(writes(&aws).is_empty());
    }
    // With its Region the member is unambiguous.
    let aws = aws(same);
    let (_, diags) = invoked(
        &FailoverGlobalReplicationGroup,
        &aws.provider,
        &aws.cancel,
        config("cache", Some("us-west-2")),
    )
    .await;
    assert_eq!(problems(&diags), [""; 0]);
}

/// The trigger `after_create` of a secondary is planned before the secondary is a member.
#[tokio::test(start_paused = true)]
async fn secondary_that_this_plan_creates_is_no_error_at_plan() {
    let aws = aws(Observed::paired());
    let entries = [
        ("replication_group_id", Value::from("cache-south")),
        ("description", "Cache".into()),
        ("global_replication_group_id", "ldgnf-booking".into()),
        ("region", "eu-south-1".into()),
    ];
    aws.plan(&ReplicationGroup, &Value::Null, &resource(&ReplicationGroup, entries));
    let config = config("Cache-South", None);
    let planned = AnyAction::plan(&FailoverGlobalReplicationGroup, &aws.provider, &aws.cancel, &config).await;
    assert!(!planned.has_errors());
    assert!(problems(&planned)[0].contains("Replication group is not a member: "));
}

#[tokio::test(start_paused = true)]
async fn a_datastore_that_does_not_exist_is_an_error() {
    let aws = FakeAws::new(|call| call.error("GlobalReplicationGroupNotFoundFault", "None."));
    let config = || config("cache", None);
    // A trigger is planned before the apply creates the global datastore, and by a destroy after its deletion.
    let planned =
        AnyAction::plan(&FailoverGlobalReplicationGroup, &aws.provider, &aws.cancel, &config()).await;
    assert!(!planned.has_errors() && !planned.is_empty());
    let (_, diags) = invoked(&FailoverGlobalReplicationGroup, &aws.provider, &aws.cancel, config()).await;
    let problems = problems(&diags);
    assert!(
        diags.has_errors()
            && problems[0].starts_with(
                "global_replication_group_id: Global datastore does not exist: AWS has no global datastore"
            ),
        "{problems:?}"
    );
}

/// A lost response is no failure when the roles have moved.
#[tokio::test(start_paused = true)]
async fn a_failover_whose_response_was_lost_is_not_repeated() {
    let observed = Arc::new(Mutex::new(Observed::paired()));
    let aws = FakeAws::new(move |call| {
        let mut observed = observed.lock().unwrap();
        if call.operation == "FailoverGlobalReplicationGroup" {
            observed.members.iter_mut().for_each(|member| member.2 = !member.2);
            return Answer { status: 500, content_type: "text/xml", body: Vec::new() };
        }
        observed.answer(call)
    });
    let (_, diags) =
        invoked(&FailoverGlobalReplicationGroup, &aws.provider, &aws.cancel, config("cache-west", None))
            .await;
    assert_eq!(problems(&diags), [""; 0]);
    assert_eq!(writes(&aws).len(), 1);
}
