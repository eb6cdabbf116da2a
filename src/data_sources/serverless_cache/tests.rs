//! The data sources of serverless caches against a scripted AWS.

use super::ServerlessCacheData;
use crate::data_sources::serverless_caches::ServerlessCachesData;
use crate::testing::aws::{Answer, Call, FakeAws, problems, text_map};
use crate::value::Value;

fn member(name: &str, engine: &str, status: &str) -> String {
    format!(
        "<member><ServerlessCacheName>{name}</ServerlessCacheName>\
         <ARN>arn:aws:elasticache:us-east-1:111122223333:serverlesscache:{name}</ARN><Status>{status}</Status>\
         <Description> </Description><Engine>{engine}</Engine><MajorEngineVersion>8</MajorEngineVersion>\
         <CacheUsageLimits><DataStorage><Maximum>10</Maximum><Unit>GB</Unit></DataStorage></CacheUsageLimits>\
         <SecurityGroupIds><SecurityGroupId>sg-2</SecurityGroupId><SecurityGroupId>sg-1</SecurityGroupId>\
         </SecurityGroupIds><Endpoint><Address>{name}.example</Address><Port>6379</Port></Endpoint></member>"
    )
}

fn caches() -> String {
    member("sessions", "valkey", "available")
        + &member("old", "valkey", "deleting")
        + &member("api", "redis", "modifying")
}

fn answer(call: &Call) -> Answer {
    match (call.operation.as_str(), call.param("ServerlessCacheName")) {
        ("DescribeServerlessCaches", "") => {
            call.xml(&format!("<ServerlessCaches>{}</ServerlessCaches>", caches()))
        }
        ("DescribeServerlessCaches", name @ ("sessions" | "api")) => {
            let member = member(name, "valkey", "available");
            call.xml(&format!("<ServerlessCaches>{member}</ServerlessCaches>"))
        }
        ("DescribeServerlessCaches", "old") => {
            let member = member("old", "valkey", "deleting");
            call.xml(&format!("<ServerlessCaches>{member}</ServerlessCaches>"))
        }
        ("ListTagsForResource", _) if call.param("ResourceName").ends_with(":sessions") => {
            call.xml("<TagList><Tag><Key>team</Key><Value>x</Value></Tag></TagList>")
        }
        ("ListTagsForResource", _) => call.xml("<TagList/>"),
        _ => call.error("ServerlessCacheNotFoundFault", "Serverless cache not found."),
    }
}

#[tokio::test]
async fn a_cache_is_read_with_limits_endpoint_and_tags() {
    let aws = FakeAws::new(answer);
    let found = aws.ask(&ServerlessCacheData, [("name", "Sessions".into())]).await;
    assert_eq!(problems(&found.diags), [""; 0]);
    let state = found.state;
    let limits = state.get("cache_usage_limits");
    assert_eq!(limits.get("data_storage").get("maximum"), &Value::from(10));
    assert_eq!(limits.get("data_storage").get("minimum"), &Value::Null);
    assert_eq!(limits.get("ecpu_per_second"), &Value::Null);
    assert_eq!(state.get("endpoint").get("port"), &Value::from(6379));
    assert_eq!(state.get("reader_endpoint"), &Value::Null);
    assert_eq!(state.get("security_group_ids"), &Value::List(vec!["sg-1".into(), "sg-2".into()]));
    assert_eq!(state.get("description"), &Value::from(""));
    assert_eq!(state.get("tags"), &text_map([("team", "x")]));
}

#[tokio::test]
async fn a_cache_that_does_not_exist_or_is_being_deleted_is_an_error_at_the_name() {
    for name in ["none", "old"] {
        let aws = FakeAws::new(answer);
        let found = aws.ask(&ServerlessCacheData, [("name", name.into())]).await;
        let errors = problems(&found.diags);
        assert!(errors[0].starts_with("name: ") && errors[0].contains(name), "{errors:?}");
        assert_eq!(found.state, Value::Null);
    }
}

#[tokio::test]
async fn caches_are_listed_by_name_without_those_being_deleted() {
    for (arguments, names) in [
        (vec![], vec!["api", "sessions"]),
        (vec![("name_prefix", Value::from("SES"))], vec!["sessions"]),
        (vec![("name_regex", "^a.i$".into())], vec!["api"]),
        (vec![("engine", "redis".into())], vec!["api"]),
        (vec![("tags", text_map([("team", "x")]))], vec!["sessions"]),
        (vec![("name_prefix", "none".into())], vec![]),
    ] {
        let aws = FakeAws::new(answer);
        let found = aws.ask(&ServerlessCachesData, arguments.clone()).await;
        assert_eq!(problems(&found.diags), [""; 0]);
        let expected = Value::List(names.iter().map(|name| Value::from(*name)).collect());
        assert_eq!(found.state.get("names"), &expected, "{arguments:?}");
        let listed = found.state.get("serverless_caches").as_elements().unwrap();
        assert_eq!(listed.len(), names.len());
    }
}

#[tokio::test]
async fn an_incomplete_listing_is_an_error() {
    let aws = FakeAws::new(|call| call.xml("<ServerlessCaches><member/></ServerlessCaches>"));
    let found = aws.ask(&ServerlessCachesData, []).await;
    assert!(problems(&found.diags)[0].starts_with("Failed to list serverless caches"), "{:?}", found.diags);
}
