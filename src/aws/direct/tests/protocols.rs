//! Forms, endpoints, and errors.

use super::answering;
use crate::aws::direct::endpoint::{EndpointError, endpoint};
use crate::aws::direct::{ec2, logs, tagging};
use crate::aws::{AwsError, Cancel, ErrorKind, Service, UnansweredAttempts, call};
use std::collections::BTreeMap;

/// URLs from the endpoint tests of the services' models.
#[test]
fn endpoints_are_those_of_the_endpoint_rules() {
    let url = |model, region, fips, dual_stack| endpoint(model, region, fips, dual_stack, None).unwrap();
    for (region, fips, dual_stack, expected) in [
        ("us-east-1", false, false, "https://ec2.us-east-1.amazonaws.com"),
        ("us-east-1", true, false, "https://ec2-fips.us-east-1.amazonaws.com"),
        ("eu-west-1", false, true, "https://ec2.eu-west-1.api.aws"),
        ("us-east-1", true, true, "https://ec2-fips.us-east-1.api.aws"),
        ("cn-north-1", false, false, "https://ec2.cn-north-1.amazonaws.com.cn"),
        ("cn-north-1", true, true, "https://ec2-fips.cn-north-1.api.amazonwebservices.com.cn"),
        ("us-gov-east-1", false, false, "https://ec2.us-gov-east-1.amazonaws.com"),
        ("us-gov-east-1", true, false, "https://ec2.us-gov-east-1.amazonaws.com"),
        ("us-gov-east-1", true, true, "https://ec2-fips.us-gov-east-1.api.aws"),
        ("us-iso-east-1", false, false, "https://ec2.us-iso-east-1.c2s.ic.gov"),
        ("us-iso-east-1", true, false, "https://ec2-fips.us-iso-east-1.c2s.ic.gov"),
        ("us-isob-east-1", false, false, "https://ec2.us-isob-east-1.sc2s.sgov.gov"),
        ("eusc-de-east-1", false, false, "https://ec2.eusc-de-east-1.amazonaws.eu"),
        ("eu-isoe-west-1", false, false, "https://ec2.eu-isoe-west-1.cloud.adc-e.uk"),
        ("us-isof-south-1", false, false, "https://ec2.us-isof-south-1.csp.hci.ic.gov"),
        ("mx-central-1", false, false, "https://ec2.mx-central-1.amazonaws.com"),
    ] {
        assert_eq!(url(&ec2::MODEL, region, fips, dual_stack), expected);
    }
    assert_eq!(url(&logs::MODEL, "us-gov-west-1", true, false), "https://logs.us-gov-west-1.amazonaws.com");
    assert_eq!(url(&logs::MODEL, "us-east-1", true, false), "https://logs-fips.us-east-1.amazonaws.com");
    assert_eq!(
        url(&tagging::MODEL, "us-gov-west-1", true, false),
        "https://tagging-fips.us-gov-west-1.amazonaws.com"
    );
}

#[test]
fn a_custom_endpoint_excludes_fips_and_dual_stack() {
    let custom = Some("http://localhost:4566");
    let of = |fips, dual_stack| endpoint(&ec2::MODEL, "us-east-1", fips, dual_stack, custom);
    assert_eq!(of(false, false).as_deref(), Ok("http://localhost:4566"));
    assert_eq!(of(true, false), Err(EndpointError::FipsWithUrl));
    assert_eq!(of(false, true), Err(EndpointError::DualStackWithUrl));
}

/// The example of `CreateTags` in the EC2 API reference, with a key that needs encoding.
#[tokio::test]
async fn a_form_is_encoded_and_numbered() {
    let (aws, sent) = answering(200, "<CreateTagsResponse><return>true</return></CreateTagsResponse>");
    let tags = [("stack", "Test"), ("a&b=ü", "~ +")];
    let tags: BTreeMap<_, _> = tags.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
    aws.ec2(None).await.unwrap().create_tags("sg-1", &tags).await.unwrap();
    assert_eq!(
        sent.last().body,
        "Action=CreateTags&Version=2016-11-15&ResourceId.1=sg-1\
         &Tag.1.Key=a%26b%3D%C3%BC&Tag.1.Value=~%20%2B&Tag.2.Key=stack&Tag.2.Value=Test"
    );
}

async fn delete(status: u16, body: &str) -> AwsError {
    let (aws, _) = answering(status, body);
    let client = aws.ec2(None).await.unwrap();
    let request = client.delete_security_group("sg-1");
    call(&Cancel::new(), Service::Ec2, "DeleteSecurityGroup", request).await.unwrap_err()
}

#[tokio::test]
async fn an_ec2_error_has_code_message_and_request_id() {
    let body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Errors><Error><Code>DependencyViolation</Code>\
                <Message>resource sg-1 has a dependent object</Message></Error></Errors>\
                <RequestID>7a62c49f</RequestID></Response>";
    assert_eq!(
        delete(400, body).await.to_string(),
        "EC2 DeleteSecurityGroup: DependencyViolation: resource sg-1 has a dependent object \
         (HTTP 400, request id 7a62c49f)."
    );
}

#[tokio::test]
async fn a_response_of_another_server_is_no_success_and_no_refusal() {
    for (status, body) in [
        (200, "<html>sign in</html>"),
        (200, ""),
        (200, "<DeleteSecurityGroupResponse><return>true"),
        (200, "<OtherResponse></OtherResponse>"),
        (502, "<html>Bad gateway</html>"),
        (403, "{}"),
    ] {
        let error = delete(status, body).await;
        assert!(matches!(error.kind(), ErrorKind::Response { .. }), "{status} {body}: {error}");
    }
}

#[tokio::test]
async fn a_number_that_is_none_is_an_error() {
    let body = "<DescribeSecurityGroupRulesResponse><securityGroupRuleSet><item>\
                <fromPort>6379x</fromPort></item></securityGroupRuleSet></DescribeSecurityGroupRulesResponse>";
    let (aws, _) = answering(200, body);
    let client = aws.ec2(None).await.unwrap();
    let error = client.describe_security_group_rules("sg-1", None).await.unwrap_err();
    let text = format!("{}", aws_smithy_types::error::display::DisplayErrorContext(error));
    assert!(text.contains("fromPort is not of its type"), "{text}");
}

async fn describe_logs(status: u16, body: &str) -> Result<Vec<logs::LogGroup>, AwsError> {
    let (aws, _) = answering(status, body);
    let client = aws.logs(None).await.unwrap();
    let request = client.describe_log_groups("g", None);
    call(&Cancel::new(), Service::Logs, "DescribeLogGroups", request).await.map(|(groups, _)| groups)
}

/// The forms of error codes that the AWS JSON protocol names.
#[tokio::test]
async fn a_json_error_has_its_code_in_every_form() {
    for body in [
        r#"{"__type":"FooError","message":"m"}"#,
        r#"{"__type":"FooError:http://internal.amazon.com/coral/","Message":"m"}"#,
        r#"{"__type":"aws.protocoltests.restjson#FooError","errorMessage":"m"}"#,
        r#"{"code":"aws.protocoltests.restjson#FooError:http://internal.amazon.com/x","message":"m"}"#,
    ] {
        let error = describe_logs(400, body).await.unwrap_err();
        assert_eq!((error.code(), error.message()), (Some("FooError"), Some("m")), "{body}");
    }
    for (status, body) in
        [(200, ""), (200, "[]"), (200, "{\"logGroups\":"), (200, "<html/>"), (500, ""), (500, "oops")]
    {
        let error = describe_logs(status, body).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Response { .. }), "{status} {body}: {error}");
    }
    assert_eq!(describe_logs(200, "{}").await.unwrap(), []);
}

#[tokio::test]
async fn an_operation_is_named_in_the_target() {
    let (aws, sent) = answering(200, "");
    let group = logs::LogGroup { name: Some("g".into()), ..logs::LogGroup::default() };
    let client = aws.logs(None).await.unwrap();
    client.create_log_group(&group, &BTreeMap::new(), &UnansweredAttempts::default()).await.unwrap();
    let request = sent.last();
    assert_eq!(request.header("x-amz-target"), "Logs_20140328.CreateLogGroup");
    assert_eq!(request.header("content-type"), "application/x-amz-json-1.1");
    assert_eq!(request.body, r#"{"logGroupName":"g"}"#);
}
