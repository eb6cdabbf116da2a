//! Requests and responses compared with the API models, of which `api_models.json` is an extract
//! (`tests/local_aws/api_models.py` writes it from botocore).

use super::{Sent, answering};
use crate::aws::UnansweredAttempts;
use crate::aws::direct::ServiceModel;
use crate::aws::direct::ec2::{Permission, Range, RuleUpdate};
use crate::aws::direct::logs::LogGroup;
use crate::aws::direct::{ec2, logs, tagging};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

fn models() -> Value {
    serde_json::from_str(include_str!("api_models.json")).unwrap()
}

#[test]
fn service_models_are_those_of_the_api() {
    let models = models();
    let all: [(&str, &ServiceModel); 3] =
        [("ec2", &ec2::MODEL), ("logs", &logs::MODEL), ("resourcegroupstaggingapi", &tagging::MODEL)];
    for (name, model) in all {
        let expected = &models[name];
        assert_eq!(expected["apiVersion"], model.api_version);
        assert_eq!(expected["serviceId"], model.id);
        assert_eq!(expected["signingName"], model.signing_name);
        assert_eq!(expected["endpointPrefix"], model.endpoint_prefix);
        assert_eq!(expected["targetPrefix"], model.target_prefix);
    }
}

/// A response of an operation in which every member of the model has a value.
fn sample(service: &str, operation: &str) -> String {
    let model = models()[service]["operations"][operation]["output"].clone();
    assert!(!model.is_null(), "{operation} is in the model");
    match service {
        "ec2" => {
            let mut xml = String::new();
            write_members(&model, &mut xml);
            format!("<{operation}Response xmlns=\"x\"><requestId>r</requestId>{xml}</{operation}Response>")
        }
        _ => value(&model).to_string(),
    }
}

fn write_members(structure: &Value, xml: &mut String) {
    for (name, member) in structure.as_object().unwrap() {
        xml.push_str(&format!("<{name}>"));
        match member {
            Value::Array(items) => {
                for item in items {
                    xml.push_str("<item>");
                    match item.is_object() {
                        true => write_members(item, xml),
                        false => xml.push_str(value(item).as_str().unwrap_or("7")),
                    }
                    xml.push_str("</item>");
                }
            }
            Value::Object(_) => write_members(member, xml),
            leaf => xml.push_str(&value(leaf).to_string().replace('"', "")),
        }
        xml.push_str(&format!("</{name}>"));
    }
}

fn value(model: &Value) -> Value {
    match model {
        Value::Array(items) => items.iter().map(value).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, member)| (name.clone(), value(member))).collect()
        }
        leaf => match leaf.as_str().unwrap() {
            "boolean" => true.into(),
            "integer" | "long" => 7.into(),
            _ => "text".into(),
        },
    }
}

/// Asserts that everything in the request is in the model of the operation.
#[track_caller]
fn assert_in_model(service: &str, sent: &Sent) {
    let request = sent.last();
    let (operation, names): (String, BTreeSet<String>) = match service {
        "ec2" => {
            let mut form: BTreeMap<String, String> = request.form().into_iter().collect();
            let operation = form.remove("Action").unwrap();
            assert_eq!(form.remove("Version").as_deref(), Some(ec2::MODEL.api_version));
            let general = |name: &String| {
                let part =
                    |part: &str| if part.parse::<u32>().is_ok() { "N".to_owned() } else { part.into() };
                name.split('.').map(part).collect::<Vec<String>>().join(".")
            };
            (operation, form.keys().map(general).collect())
        }
        _ => {
            let body: Value = serde_json::from_str(&request.body).unwrap();
            let target = request.header("x-amz-target").to_owned();
            let operation = target.split_once('.').unwrap().1.to_owned();
            (operation, body.as_object().unwrap().keys().cloned().collect())
        }
    };
    let known = models()[service]["operations"][&operation]["input"].clone();
    let known: BTreeSet<String> = serde_json::from_value(known).unwrap();
    let unknown: Vec<_> = names.difference(&known).collect();
    assert!(unknown.is_empty(), "{operation} has no members {unknown:?}");
    assert!(!names.is_empty() && !request.body.contains("null"), "{operation}: {}", request.body);
}

fn ranges() -> Vec<Range> {
    let description = || Some("why".to_owned());
    vec![
        Range::V4 { cidr: "10.0.0.0/8".into(), description: description() },
        Range::V6 { cidr: "2001:db8::/32".into(), description: description() },
        Range::PrefixList { id: "pl-1".into(), description: description() },
        Range::Group { id: "sg-2".into(), account: Some("1".into()), description: description() },
    ]
}

fn tags() -> BTreeMap<String, String> {
    BTreeMap::from([("team".to_owned(), "a&b".to_owned()), ("x".to_owned(), String::new())])
}

#[tokio::test]
async fn ec2_requests_have_members_of_the_model_only() {
    /// Calls an operation, with a response of it, and looks at the request.
    macro_rules! check {
        ($operation:literal, |$client:ident| $call:expr) => {
            let (aws, sent) = answering(200, sample("ec2", $operation));
            let $client = aws.ec2(None).await.unwrap();
            $call.await.unwrap();
            assert_in_model("ec2", &sent);
        };
    }
    let attempts = UnansweredAttempts::default();
    let ids = ["sgr-1".to_owned(), "sgr-2".to_owned()];
    let update = |range| RuleUpdate { rule_id: "sgr-1".into(), port: 6379, range };
    let updates: Vec<RuleUpdate> = ranges().into_iter().map(update).collect();
    let all = [Permission { protocol: "tcp", port: Some(6379), ranges: ranges() }];
    check!("CreateSecurityGroup", |client| client.create_security_group(
        "n",
        "d",
        Some("vpc-1"),
        &tags(),
        &attempts
    ));
    check!("DescribeSecurityGroups", |client| client.describe_security_group("sg-1"));
    check!("DescribeSecurityGroups", |client| client.find_security_groups(&[("vpc-id", "v"), ("a", "b")]));
    check!("DescribeSecurityGroups", |client| client.list_security_groups(&[("vpc-id", "v")], Some("t")));
    check!("DescribeSecurityGroupRules", |client| client.describe_security_group_rules("sg-1", Some("t")));
    check!("AuthorizeSecurityGroupIngress", |client| client.authorize_security_group_ingress("sg-1", &all));
    check!("ModifySecurityGroupRules", |client| client.modify_security_group_rules("sg-1", &updates));
    check!("RevokeSecurityGroupIngress", |client| client.revoke_security_group_ingress("sg-1", &ids));
    check!("RevokeSecurityGroupEgress", |client| client.revoke_security_group_egress("sg-1", &ids));
    check!("RevokeSecurityGroupEgress", |client| client
        .revoke_security_group_egress_permissions("sg-1", &all));
    check!("DeleteSecurityGroup", |client| client.delete_security_group("sg-1"));
    check!("DescribeNetworkInterfaces", |client| client.find_network_interfaces(&[("group-id", "sg-1")]));
    check!("CreateTags", |client| client.create_tags("sg-1", &tags()));
    check!("DeleteTags", |client| client.delete_tags("sg-1", &ids));
}

#[tokio::test]
async fn logs_and_tagging_requests_have_members_of_the_model_only() {
    macro_rules! check {
        ($service:literal, $client:ident, $operation:literal, |$of:ident| $call:expr) => {
            let (aws, sent) = answering(200, sample($service, $operation));
            let $of = aws.$client(None).await.unwrap();
            $call.await.unwrap();
            assert_in_model($service, &sent);
        };
    }
    let keys = ["a".to_owned()];
    let group = LogGroup {
        name: Some("g".into()),
        class: Some("STANDARD".into()),
        kms_key_id: Some("k".into()),
        deletion_protection_enabled: Some(true),
        ..LogGroup::default()
    };
    let attempts = UnansweredAttempts::default();
    check!("logs", logs, "DescribeLogGroups", |client| client.describe_log_groups("g", Some("t")));
    check!("logs", logs, "DescribeLogGroups", |client| client.describe_log_groups("g", None));
    check!("logs", logs, "CreateLogGroup", |client| client.create_log_group(&group, &tags(), &attempts));
    check!("logs", logs, "PutRetentionPolicy", |client| client.put_retention_policy("g", 30));
    check!("logs", logs, "DeleteRetentionPolicy", |client| client.delete_retention_policy("g"));
    check!("logs", logs, "AssociateKmsKey", |client| client.associate_kms_key("g", "k"));
    check!("logs", logs, "DisassociateKmsKey", |client| client.disassociate_kms_key("g"));
    check!("logs", logs, "PutLogGroupDeletionProtection", |client| client
        .put_log_group_deletion_protection("g", true));
    check!("logs", logs, "DeleteLogGroup", |client| client.delete_log_group("g"));
    check!("logs", logs, "ListTagsForResource", |client| client.list_tags("arn"));
    check!("logs", logs, "TagResource", |client| client.tag_resource("arn", &tags()));
    check!("logs", logs, "UntagResource", |client| client.untag_resource("arn", &keys));
    let service = "resourcegroupstaggingapi";
    let (aws, sent) = answering(200, sample(service, "GetResources"));
    let client = aws.tagging(None).await.unwrap();
    client.get_resources(&["elasticache"], 100, Some("t")).await.unwrap();
    assert_in_model(service, &sent);
    client.get_resources_by_arn(&["arn".to_owned()]).await.unwrap();
    assert_in_model(service, &sent);
}

/// Every field has a value when every member of the model has one, so each is read by its name.
#[tokio::test]
async fn responses_are_read_by_the_names_of_the_model() {
    let (aws, _) = answering(200, sample("ec2", "DescribeSecurityGroups"));
    let client = aws.ec2(None).await.unwrap();
    let groups = format!("{:?}", client.describe_security_group("sg-1").await.unwrap());
    assert!(groups.starts_with("[SecurityGroup {"), "{groups}");
    let (aws, _) = answering(200, sample("ec2", "DescribeSecurityGroupRules"));
    let client = aws.ec2(None).await.unwrap();
    let rules = format!("{:?}", client.describe_security_group_rules("sg-1", None).await.unwrap());
    assert!(rules.contains("referenced_group: Some") && rules.contains("from_port: Some(7)"), "{rules}");
    assert!(rules.contains("is_egress: Some(true)") && rules.ends_with("Some(\"text\"))"), "{rules}");
    let (aws, _) = answering(200, sample("ec2", "DescribeNetworkInterfaces"));
    let client = aws.ec2(None).await.unwrap();
    let interfaces = format!("{:?}", client.find_network_interfaces(&[]).await.unwrap());
    assert!(interfaces.starts_with("[NetworkInterface {"), "{interfaces}");
    let (aws, _) = answering(200, sample("ec2", "CreateSecurityGroup"));
    let client = aws.ec2(None).await.unwrap();
    let created = client.create_security_group("n", "d", None, &tags(), &UnansweredAttempts::default()).await;
    assert_eq!(created.unwrap().as_deref(), Some("text"));
    let (aws, _) = answering(200, sample("logs", "DescribeLogGroups"));
    let client = aws.logs(None).await.unwrap();
    let (log_groups, next) = client.describe_log_groups("g", None).await.unwrap();
    assert_eq!(next.as_deref(), Some("text"));
    let (aws, _) = answering(200, sample("resourcegroupstaggingapi", "GetResources"));
    let client = aws.tagging(None).await.unwrap();
    let (tagged, next) = client.get_resources(&["elasticache"], 1, None).await.unwrap();
    assert_eq!(next.as_deref(), Some("text"));
    assert_eq!(tagged, [("text".into(), BTreeMap::from([("text".into(), "text".into())]))]);
    let (aws, _) = answering(200, sample("logs", "ListTagsForResource"));
    let client = aws.logs(None).await.unwrap();
    assert_eq!(client.list_tags("arn").await.unwrap(), BTreeMap::from([("KEY".into(), "text".into())]));
    for read in [groups, rules, interfaces, format!("{log_groups:?}")] {
        assert!(!read.contains("None") && !read.contains("[]"), "a member was not read: {read}");
    }
}
