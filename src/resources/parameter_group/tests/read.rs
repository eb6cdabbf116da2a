//! Reads of complete, incomplete and failed responses.

use super::{ARN, ParameterGroup, blocks, cache, group, not_found, parameters_xml};
use crate::testing::aws::{Answer, Call, FakeAws, problems};
use crate::value::Value;

/// Reads a parameter group with these parameters in its state. `describe` answers DescribeCacheParameters.
async fn read(
    parameters: &[(&str, &str)],
    describe: impl Fn(&Call) -> Answer + Send + 'static,
) -> (FakeAws, Value, crate::engine::ReadResponse) {
    let aws = FakeAws::new(cache(move |call| {
        (call.operation == "DescribeCacheParameters").then(|| describe(call))
    }));
    let created = aws.create(&ParameterGroup, group("cache", parameters)).await;
    aws.calls();
    let read = aws.read(&ParameterGroup, &created.state).await;
    (aws, created.state, read)
}

#[tokio::test]
async fn read_requests_all_pages() {
    let (aws, state, read) = read(&[("a", "1"), ("b", "2"), ("c", "3")], |call| {
        let page = |parameter, next| format!("<Marker>{next}</Marker>{}", parameters_xml([parameter]));
        match call.param("Marker") {
            "" => call.xml(&page(("a", "1", "user"), "second")),
            "second" => call.xml(&page(("b", "2", "user"), "third")),
            _ => call.xml(&page(("c", "3", "user"), "")),
        }
    })
    .await;
    assert_eq!(read.state, state);
    let calls = aws.calls();
    let pages: Vec<_> = calls.iter().filter(|call| call.operation == "DescribeCacheParameters").collect();
    assert_eq!(pages.len(), 3);
    assert!(pages.iter().all(|call| call.param("Source") == "user"));
}

#[tokio::test]
async fn read_filters_by_source() {
    let (_, _, read) = read(&[], |call| {
        call.xml(&parameters_xml([("maxmemory-policy", "volatile-lru", "system"), ("Timeout", "5", "user")]))
    })
    .await;
    assert_eq!(read.state.get("parameter"), &blocks(&[("timeout", "5")]));
}

#[tokio::test]
async fn parameters_without_a_value_are_left_out() {
    let (_, state, read) = read(&[], |call| call.xml(&parameters_xml([("notify", "", "user")]))).await;
    assert_eq!(read.state, state);
}

#[tokio::test]
async fn read_keeps_a_parameter_that_is_set_to_its_default() {
    let (aws, state, read) = read(&[("Timeout", "0"), ("tcp-keepalive", "1")], |call| {
        let user = [("tcp-keepalive", "1", "user")];
        let all = [("tcp-keepalive", "1", "user"), ("timeout", "0", "system"), ("databases", "16", "system")];
        match call.param("Source") {
            "user" => call.xml(&parameters_xml(user)),
            _ => call.xml(&parameters_xml(all)),
        }
    })
    .await;
    assert_eq!(read.state, state);
    assert_eq!(aws.operations().iter().filter(|name| *name == "DescribeCacheParameters").count(), 2);
}

#[tokio::test]
async fn read_returns_drift() {
    let (_, _, read) = read(&[("reset", "1"), ("changed", "1"), ("kept", "1")], |call| {
        let user = [("changed", "2", "user"), ("kept", "1", "user"), ("added", "1", "user")];
        match call.param("Source") {
            "user" => call.xml(&parameters_xml(user)),
            _ => call.xml(&parameters_xml(user.into_iter().chain([("reset", "0", "system")]))),
        }
    })
    .await;
    let expected = blocks(&[("added", "1"), ("changed", "2"), ("kept", "1")]);
    assert_eq!(read.state.get("parameter"), &expected);
}

#[tokio::test]
async fn read_fails_on_an_incomplete_response_and_keeps_the_state() {
    let group_only = "<CacheParameterGroups><CacheParameterGroup><CacheParameterGroupName>cache\
                      </CacheParameterGroupName></CacheParameterGroup></CacheParameterGroups>";
    let cases = [
        ("DescribeCacheParameterGroups", ""),
        ("DescribeCacheParameterGroups", "<CacheParameterGroups/>"),
        ("DescribeCacheParameterGroups", group_only),
        (
            "DescribeCacheParameters",
            "<Parameters><Parameter><ParameterName>a</ParameterName></Parameter></Parameters>",
        ),
        // The same marker in every page.
        ("DescribeCacheParameters", "<Marker>x</Marker><Parameters/>"),
    ];
    for (operation, cut) in cases {
        let aws = FakeAws::new(cache(move |call| (call.operation == operation).then(|| call.xml(cut))));
        let created = aws.create(&ParameterGroup, group("cache", &[("a", "1")])).await;
        let read = aws.read(&ParameterGroup, &created.state).await;
        let expected = match cut.contains("Marker") {
            true => {
                "Failed to read parameter group \"cache\": ElastiCache DescribeCacheParameters: the answer could not be \
                 understood: it repeats the token of an earlier page, so the listing would never end. Something between \
                 here and AWS may have cut or changed it; run again."
            }
            false => {
                "Failed to read parameter group \"cache\": AWS returned an incomplete response for the parameter \
                 group, which is ignored. Run Terraform again."
            }
        };
        assert_eq!(problems(&read.diags), [expected], "{operation} {cut}");
        assert_eq!(read.state, created.state);
    }
}

#[tokio::test]
async fn missing_tags_of_another_arn_do_not_remove_the_parameter_group() {
    const OTHER: &str = "arn:aws:elasticache:us-east-1:111122223333:parametergroup:other";
    for (arn, is_gone) in [(ARN, true), (OTHER, false)] {
        let members = format!(
            "<CacheParameterGroupName>cache</CacheParameterGroupName>\
             <CacheParameterGroupFamily>redis7</CacheParameterGroupFamily><ARN>{arn}</ARN>"
        );
        let groups = format!(
            "<CacheParameterGroups><CacheParameterGroup>{members}</CacheParameterGroup></CacheParameterGroups>"
        );
        let aws = FakeAws::new(cache(move |call| match call.operation.as_str() {
            "DescribeCacheParameterGroups" => Some(call.xml(&groups)),
            "ListTagsForResource" => Some(not_found(call)),
            _ => None,
        }));
        let created = aws.create(&ParameterGroup, group("cache", &[])).await;
        let read = aws.read(&ParameterGroup, &created.state).await;
        assert_eq!(read.state.is_null(), is_gone, "{arn}");
        assert_eq!(problems(&read.diags).is_empty(), is_gone, "{arn}");
        assert!(is_gone || read.state == created.state, "{arn}");
    }
}

#[tokio::test]
async fn failed_read_keeps_the_state() {
    let (_, state, read) = read(&[], |call| call.error("AccessDenied", "No.")).await;
    let expected = "Failed to read parameter group \"cache\": ElastiCache DescribeCacheParameters: AccessDenied: No \
                    (HTTP 400, request id r-1). The credentials need the IAM action \
                    elasticache:DescribeCacheParameters.";
    assert_eq!(problems(&read.diags), [expected]);
    assert_eq!(read.state, state);
}
