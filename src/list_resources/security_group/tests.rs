use super::SecurityGroupList;
use crate::engine::AnyListResource;
use crate::testing::aws::{Answer, Call, FakeAws, problems};
use crate::testing::core::listed;
use crate::testing::listed_names;
use crate::value::Value;

fn group(id: &str, name: &str) -> String {
    format!(
        "<item><groupId>{id}</groupId><groupName>{name}</groupName><vpcId>vpc-1</vpcId>\
         <securityGroupArn>arn:aws:ec2:us-east-1:111122223333:security-group/{id}</securityGroupArn></item>"
    )
}

/// Two pages.
fn answer(call: &Call) -> Answer {
    let page = |groups: String, next: &str| {
        call.ec2(&format!("<securityGroupInfo>{groups}</securityGroupInfo>{next}"))
    };
    match call.param("NextToken") {
        "" => page(group("sg-3", "default") + &group("sg-2", "web"), "<nextToken>more</nextToken>"),
        "more" => page(group("sg-1", "api"), ""),
        _ => call.ec2_error("InvalidNextToken", "There is no such page."),
    }
}

async fn names(entries: Vec<(&'static str, Value)>) -> Vec<String> {
    listed_names(&SecurityGroupList, answer, "id", entries).await
}

#[tokio::test]
async fn groups_of_every_page_are_listed_without_that_of_aws() {
    assert_eq!(names(Vec::new()).await, ["sg-2 (web, vpc-1)", "sg-1 (api, vpc-1)"]);
    assert_eq!(names(vec![("name_prefix", "A".into())]).await, ["sg-1 (api, vpc-1)"]);
}

#[tokio::test]
async fn aws_is_asked_for_the_vpc() {
    let fake = FakeAws::new(answer);
    let config =
        AnyListResource::schema(&SecurityGroupList).conform(Value::map([("vpc_id", Value::from("vpc-1"))]));
    listed(&SecurityGroupList, &fake.provider, config, false, 0).await;
    let calls = fake.calls();
    assert_eq!(calls.len(), 2);
    for call in calls {
        assert_eq!((call.param("Filter.1.Name"), call.param("Filter.1.Value.1")), ("vpc-id", "vpc-1"));
    }
}

#[tokio::test]
async fn a_refused_listing_is_an_error() {
    let fake = FakeAws::new(|call| call.ec2_error("UnauthorizedOperation", "You may not."));
    let config = AnyListResource::schema(&SecurityGroupList).conform(Value::map([] as [(&str, Value); 0]));
    let events = listed(&SecurityGroupList, &fake.provider, config, false, 0).await;
    let errors = problems(&events.last().unwrap().diags);
    assert!(errors[0].starts_with("Failed to list security groups: "), "{errors:?}");
}
