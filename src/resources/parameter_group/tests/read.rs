//! What a read makes of AWS's answers.

use super::{ParameterGroup, blocks, cache, group, parameters_xml};
use crate::testing::aws::{Answer, Call, FakeAws, problems};
use crate::value::Value;

/// A group with these parameters in its state, read from an AWS that answers
/// DescribeCacheParameters like `describe`.
async fn read(
    parameters: &[(&str, &str)],
    describe: impl Fn(&Call) -> Answer + Send + 'static,
) -> (FakeAws, Value, crate::engine::ReadResponse) {
    let aws = FakeAws::new(cache(move |call| {
        (call.operation == "DescribeCacheParameters").then(|| describe(call))
    }));
    let made = aws.create(&ParameterGroup, group("cache", parameters)).await;
    aws.calls();
    let read = aws.read(&ParameterGroup, &made.state).await;
    (aws, made.state, read)
}

#[tokio::test]
async fn all_pages_are_read() {
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
async fn the_source_is_looked_at_here_too() {
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
async fn a_parameter_set_to_its_default_stays_though_aws_calls_it_the_systems() {
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
async fn drift_is_shown() {
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
async fn an_answer_cut_short_is_an_error_and_no_deletion() {
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
        // A marker that never moves on.
        ("DescribeCacheParameters", "<Marker>x</Marker><Parameters/>"),
    ];
    for (operation, cut) in cases {
        let aws = FakeAws::new(cache(move |call| (call.operation == operation).then(|| call.xml(cut))));
        let made = aws.create(&ParameterGroup, group("cache", &[("a", "1")])).await;
        let read = aws.read(&ParameterGroup, &made.state).await;
        let expected = match cut.contains("Marker") {
            true => {
                "Failed to read parameter group \"cache\": ElastiCache DescribeCacheParameters: the answer could not be \
                 understood: it repeats the token of an earlier page, so the listing would never end. Something between \
                 here and AWS may have cut or changed it; run again."
            }
            false => {
                "Failed to read parameter group \"cache\": AWS's answer holds no complete parameter group; it \
                        may have been cut short. Nothing is assumed from that; try again."
            }
        };
        assert_eq!(problems(&read.diags), [expected], "{operation} {cut}");
        assert_eq!(read.state, made.state);
    }
}

#[tokio::test]
async fn a_refused_read_keeps_the_state() {
    let (_, state, read) = read(&[], |call| call.error("AccessDenied", "No.")).await;
    let expected = "Failed to read parameter group \"cache\": ElastiCache DescribeCacheParameters: AccessDenied: No \
                    (HTTP 400, request id r-1). The credentials need the IAM action \
                    elasticache:DescribeCacheParameters.";
    assert_eq!(problems(&read.diags), [expected]);
    assert_eq!(read.state, state);
}
