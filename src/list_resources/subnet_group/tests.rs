use super::SubnetGroupList;
use crate::engine::AnyListResource;
use crate::testing::aws::{Answer, Call, FakeAws, problems};
use crate::testing::core::listed;
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
            group("web", "vpc-1")
        )),
        "more" => call.xml(&format!("<CacheSubnetGroups>{}</CacheSubnetGroups>", group("api", "vpc-2"))),
        _ => call.error("InvalidParameterValue", "There is no such page."),
    }
}

async fn shown(entries: Vec<(&'static str, Value)>) -> Vec<String> {
    let fake = FakeAws::new(answer);
    let config = AnyListResource::schema(&SubnetGroupList).conform(Value::map(entries));
    let events = listed(&SubnetGroupList, &fake.provider, config, false, 0).await;
    assert!(events.iter().all(|event| problems(&event.diags).is_empty()), "{events:?}");
    for event in &events {
        assert_eq!(event.identity.get("account_id"), &Value::from("111122223333"));
        assert!(event.display_name.starts_with(event.identity.get("name").as_str().unwrap()));
    }
    events.into_iter().map(|event| event.display_name).collect()
}

#[tokio::test]
async fn groups_of_every_page_are_listed() {
    let (api, web) = ("api (vpc-2, 2 subnets)", "web (vpc-1, 2 subnets)");
    assert_eq!(shown(Vec::new()).await, [web, api]);
    assert_eq!(shown(vec![("name_prefix", "A".into())]).await, [api]);
    assert_eq!(shown(vec![("vpc_id", "vpc-1".into())]).await, [web]);
}

#[tokio::test]
async fn a_refused_listing_is_an_error() {
    let fake = FakeAws::new(|call| call.error("AccessDenied", "You may not."));
    let config = AnyListResource::schema(&SubnetGroupList).conform(Value::map([] as [(&str, Value); 0]));
    let events = listed(&SubnetGroupList, &fake.provider, config, false, 0).await;
    let errors = problems(&events.last().unwrap().diags);
    assert!(errors[0].starts_with("Failed to list subnet groups: "), "{errors:?}");
}
