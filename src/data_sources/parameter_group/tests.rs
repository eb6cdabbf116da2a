//! The data source against scripted responses of AWS: pages, and values that depend on the node type.

use super::ParameterGroupData;
use crate::testing::aws::{Call, FakeAws, problems, text_map};
use crate::value::Value;

fn parameter(name: &str, value: &str) -> String {
    format!(
        "<Parameter><ParameterName>{name}</ParameterName><ParameterValue>{value}</ParameterValue>\
         <Source>user</Source><DataType>string</DataType><AllowedValues></AllowedValues></Parameter>"
    )
}

const GROUP: &str = "<CacheParameterGroups><CacheParameterGroup><CacheParameterGroupName>mine\
    </CacheParameterGroupName><CacheParameterGroupFamily>valkey8</CacheParameterGroupFamily><Description>d\
    </Description><IsGlobal>false</IsGlobal><ARN>arn:aws:elasticache:us-east-1:111122223333:parametergroup:mine</ARN>\
    </CacheParameterGroup></CacheParameterGroups>";

const SPECIFIC: &str = "<CacheNodeTypeSpecificParameters><CacheNodeTypeSpecificParameter><ParameterName>maxmemory\
    </ParameterName><CacheNodeTypeSpecificValues><CacheNodeTypeSpecificValue><CacheNodeType>cache.t4g.small\
    </CacheNodeType><Value>1471026299</Value></CacheNodeTypeSpecificValue></CacheNodeTypeSpecificValues>\
    </CacheNodeTypeSpecificParameter></CacheNodeTypeSpecificParameters>";

/// Two pages of parameters and two of defaults.
fn aws() -> FakeAws {
    let page = |call: &Call, pages: [String; 2]| {
        let second = call.param("Marker") == "next";
        let marker = if second { "" } else { "<Marker>next</Marker>" };
        format!("{marker}<Parameters>{}</Parameters>", pages[usize::from(second)])
    };
    FakeAws::new(move |call| match call.operation.as_str() {
        "DescribeCacheParameterGroups" => call.xml(GROUP),
        "DescribeCacheParameters" => {
            let pages = [parameter("a", "1") + &parameter("b", "x"), parameter("timeout", "20")];
            call.xml(&(page(call, pages) + SPECIFIC))
        }
        "DescribeEngineDefaultParameters" => {
            let pages = [parameter("a", "1"), parameter("timeout", "0")];
            call.xml(&format!("<EngineDefaults>{}</EngineDefaults>", page(call, pages)))
        }
        _ => call.xml("<TagList/>"),
    })
}

#[tokio::test]
async fn read_requests_all_pages_and_compares_with_the_defaults() {
    let aws = aws();
    let answer = aws.ask(&ParameterGroupData, [("name", "Mine".into())]).await;
    assert_eq!(problems(&answer.diags), [] as [&str; 0]);
    let state = answer.state;
    assert_eq!(*state.get("overrides"), text_map([("b", "x"), ("timeout", "20")]));
    let timeout = state.get("parameters").get("timeout");
    assert_eq!(timeout.get("value").as_str(), Some("20"));
    assert_eq!(timeout.get("default_value").as_str(), Some("0"));
    assert_eq!(*timeout.get("allowed_values"), Value::Null);
    assert_eq!(*state.get("parameters").get("b").get("default_value"), Value::Null);
    assert_eq!(
        *state.get("node_type_specific_values"),
        Value::map([("maxmemory", text_map([("cache.t4g.small", "1471026299")]))])
    );
    let calls = aws.calls();
    assert_eq!(calls.len(), 6, "one for the group, two pages each, one for the tags");
    assert!(calls.iter().all(|call| ["", "mine"].contains(&call.param("CacheParameterGroupName"))));
}

#[tokio::test]
async fn repeated_page_is_an_error() {
    let aws = FakeAws::new(|call| match call.operation.as_str() {
        "DescribeCacheParameterGroups" => call.xml(GROUP),
        "DescribeCacheParameters" => call.xml("<Marker>again</Marker><Parameters/>"),
        "DescribeEngineDefaultParameters" => call.xml("<EngineDefaults><Parameters/></EngineDefaults>"),
        _ => call.xml("<TagList/>"),
    });
    let message = problems(&aws.ask(&ParameterGroupData, [("name", "mine".into())]).await.diags);
    assert!(message[0].starts_with("Failed to read parameter group \"mine\""), "{message:?}");
}
