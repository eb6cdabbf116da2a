use super::SubnetGroupList;
use crate::engine::AnyListResource;
use crate::testing::aws::{Answer, Call, FakeAws, problems};
use crate::testing::core::listed;
use crate::testing::listed_names;
use crate::value::Value;

fn group(name: &str, vpc: &str) -> String {
    format!(
        "<CacheSubnetGroup><CacheSubnetGroupName>{name}</CacheSubnetGroupName><VpcId>{vpc}</VpcId><Subnets><Subnet>\
         <SubnetIdentifier>subnet-1</SubnetIdentifier></Subnet><Subnet><SubnetIdentifier>subnet-2</SubnetIdentifier></Subnet>\
         </Subnets><ARN>arn:aws:elasticache:us-east-1:111122223333:subnetgroup:{name}</ARN></CacheSubnetGroup>"
    )
}

/// Two pages.
fn answer(call: &Call) -> Answer {
    match call.param("Marker") {
        "" => call.xml(&format!(
            "<Marker>more</Marker><CacheSubnetGroups>{}</CacheSubnetGroups>",
            group("default", "vpc-1") + &group("web", "vpc-1")
        )),
        "more" => call.xml(&format!("<CacheSubnetGroups>{}</CacheSubnetGroups>", group("api", "vpc-2"))),
        _ => call.error("InvalidParameterValue", "There is no such page."),
    }
}

async fn names(entries: Vec<(&'static str, Value)>) -> Vec<String> {
    listed_names(&SubnetGroupList, answer, "name", entries).await
}

#[tokio::test]
async fn groups_of_every_page_are_listed() {
    let (api, web) = ("api (vpc-2, 2 subnets)", "web (vpc-1, 2 subnets)");
    assert_eq!(names(Vec::new()).await, [web, api]);
    assert_eq!(names(vec![("name_prefix", "A".into())]).await, [api]);
    assert_eq!(names(vec![("vpc_id", "vpc-1".into())]).await, [web]);
}

#[tokio::test]
async fn a_refused_listing_is_an_error() {
    let fake = FakeAws::new(|call| call.error("AccessDenied", "You may not."));
    let config = AnyListResource::schema(&SubnetGroupList).conform(Value::map([] as [(&str, Value); 0]));
    let events = listed(&SubnetGroupList, &fake.provider, config, false, 0).await;
    let errors = problems(&events.last().unwrap().diags);
    assert!(errors[0].starts_with("Failed to list subnet groups: "), "{errors:?}");
}
