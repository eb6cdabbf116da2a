//! The log group against canned answers.

use serde_json::json;

use super::LogGroup;
use crate::testing::aws::{Call, FakeAws, config, problems};
use crate::value::Value;

const NAME: &str = "/aws/elasticache/cache/slow-log";
const ARN: &str = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/elasticache/cache/slow-log";

fn shown(extra: &serde_json::Value) -> serde_json::Value {
    let mut group = json!({ "logGroupName": NAME, "arn": format!("{ARN}:*"), "logGroupClass": "STANDARD" });
    if let (Some(group), Some(extra)) = (group.as_object_mut(), extra.as_object()) {
        group.extend(extra.clone());
    }
    json!({ "logGroups": [
        { "logGroupName": format!("{NAME}-older"), "arn": "arn:other:*" },
        group,
    ] })
}

fn answers(call: &Call) -> crate::testing::aws::Answer {
    match call.operation.as_str() {
        "DescribeLogGroups" => call.answer_json(&shown(&json!({ "retentionInDays": 14 }))),
        "ListTagsForResource" => call.answer_json(&json!({ "tags": { "team": "cache" } })),
        _ => call.answer_json(&json!({})),
    }
}

#[tokio::test]
async fn the_arn_is_without_the_ending_for_policies_and_tags_are_asked_with_it() {
    let aws = FakeAws::new(answers);
    let made = aws
        .create(&LogGroup, config(&LogGroup, [("name", NAME.into()), ("retention_in_days", Value::from(14))]))
        .await;
    assert_eq!(problems(&made.diags), [""; 0]);
    assert_eq!(made.state.get("arn").as_str(), Some(ARN));
    assert_eq!(aws.operations(), ["CreateLogGroup", "PutRetentionPolicy", "DescribeLogGroups"]);
    let read = aws.read(&LogGroup, &made.state).await;
    assert_eq!(aws.calls()[1].json()["resourceArn"], ARN);
    assert_eq!(read.state.get("tags").get("team").as_str(), Some("cache"));
}

#[tokio::test]
async fn gone_means_that_its_tags_cannot_be_listed() {
    let aws = FakeAws::new(answers);
    let state = aws.create(&LogGroup, config(&LogGroup, [("name", NAME.into())])).await.state;
    let aws = FakeAws::new(|call| match call.operation.as_str() {
        "DescribeLogGroups" => call.answer_json(&json!({ "logGroups": [] })),
        _ => call.error("ResourceNotFoundException", "The specified resource does not exist."),
    });
    assert_eq!(aws.read(&LogGroup, &state).await.state, Value::Null);
    // A list that leaves it out is not enough.
    let aws = FakeAws::new(|call| match call.operation.as_str() {
        "DescribeLogGroups" => call.answer_json(&json!({ "logGroups": [] })),
        _ => call.answer_json(&json!({ "tags": {} })),
    });
    let read = aws.read(&LogGroup, &state).await;
    assert_eq!(read.state, state);
    assert!(problems(&read.diags)[0].contains("does not list it and yet has its tags"));
}

#[tokio::test]
async fn retention_that_aws_sets_itself_is_no_drift() {
    let aws = FakeAws::new(|call| match call.operation.as_str() {
        "DescribeLogGroups" => {
            call.answer_json(&shown(&json!({ "logGroupClass": "DELIVERY", "retentionInDays": 2 })))
        }
        _ => call.answer_json(&json!({})),
    });
    let class = config(&LogGroup, [("name", NAME.into()), ("log_group_class", "DELIVERY".into())]);
    let made = aws.create(&LogGroup, class).await;
    assert_eq!(problems(&made.diags), [""; 0]);
    assert_eq!(aws.operations(), ["CreateLogGroup", "DescribeLogGroups"]);
    // AWS keeps two days, and hashicorp/aws shows them.
    assert_eq!(made.state.get("retention_in_days"), &Value::from(2));
    assert_eq!(aws.read(&LogGroup, &made.state).await.state, made.state);
}

/// K23.
#[tokio::test]
async fn a_retention_without_effect_is_accepted_with_a_warning() {
    let aws = FakeAws::new(|call| match call.operation.as_str() {
        "DescribeLogGroups" => {
            call.answer_json(&shown(&json!({ "logGroupClass": "DELIVERY", "retentionInDays": 2 })))
        }
        _ => call.answer_json(&json!({})),
    });
    let month = || {
        config(
            &LogGroup,
            [
                ("name", NAME.into()),
                ("log_group_class", "DELIVERY".into()),
                ("retention_in_days", Value::from(30)),
            ],
        )
    };
    let plan = aws.plan(&LogGroup, &Value::Null, &month());
    assert!(!plan.diags.has_errors());
    assert!(problems(&plan.diags)[0].starts_with("retention_in_days: retention_in_days has no effect"));
    let made = aws.create(&LogGroup, month()).await;
    assert!(!aws.operations().contains(&"PutRetentionPolicy".to_owned()));
    let read = aws.read(&LogGroup, &made.state).await;
    assert_eq!(read.state, made.state);
    let again = aws.plan(&LogGroup, &made.state, &month());
    assert_eq!((again.planned, problems(&again.diags)), (made.state, vec![]));
    // An import finds two days, and the configuration changes nothing in AWS.
    let found = aws.import(&LogGroup, NAME).await;
    assert_eq!(found.state.get("retention_in_days"), &Value::from(2));
}

/// K24: as in hashicorp/aws.
#[tokio::test]
async fn a_log_group_without_a_name_gets_one() {
    let aws = FakeAws::new(|call| match call.operation.as_str() {
        "DescribeLogGroups" => call.answer_json(&json!({ "logGroups": [] })),
        _ => call.answer_json(&json!({})),
    });
    let plan = aws.plan(&LogGroup, &Value::Null, &config(&LogGroup, []));
    assert_eq!(problems(&plan.diags), [""; 0]);
    assert_eq!(plan.planned.get("name"), &Value::Unknown);
    drop(aws);
    let aws = FakeAws::new(|call| match call.operation.as_str() {
        "CreateLogGroup" => call.error("AccessDeniedException", "No."),
        _ => call.answer_json(&json!({})),
    });
    aws.create(&LogGroup, config(&LogGroup, [])).await;
    let calls = aws.calls();
    let name = calls[0].json()["logGroupName"].as_str().unwrap_or_default().to_owned();
    assert!(name.starts_with("terraform-") && name.len() > "terraform-".len() + 20, "{name}");
}

#[tokio::test]
async fn a_protected_group_is_not_planned_for_destruction() {
    let aws = FakeAws::new(answers);
    let protected = config(&LogGroup, [("name", NAME.into()), ("deletion_protection_enabled", true.into())]);
    let state = aws.create(&LogGroup, protected).await.state;
    let other = config(&LogGroup, [("name", "other".into()), ("deletion_protection_enabled", true.into())]);
    let told = problems(&aws.plan(&LogGroup, &state, &other).diags);
    assert!(told[0].starts_with("name: The log group is protected from deletion"), "{told:?}");
}

#[tokio::test]
async fn a_replacement_tells_what_is_lost() {
    let aws = FakeAws::new(answers);
    let state = aws.create(&LogGroup, config(&LogGroup, [("name", NAME.into())])).await.state;
    let other = config(&LogGroup, [("name", NAME.into()), ("log_group_class", "INFREQUENT_ACCESS".into())]);
    let told = problems(&aws.plan(&LogGroup, &state, &other).diags);
    assert!(told[0].contains("the old one is deleted with all its events"), "{told:?}");

    let kept = config(&LogGroup, [("name", NAME.into()), ("skip_destroy", true.into())]);
    let state = aws.create(&LogGroup, kept).await.state;
    let other = config(
        &LogGroup,
        [
            ("name", NAME.into()),
            ("skip_destroy", true.into()),
            ("log_group_class", "INFREQUENT_ACCESS".into()),
        ],
    );
    let told = problems(&aws.plan(&LogGroup, &state, &other).diags);
    assert!(told[0].contains("would have the name of the old one"), "{told:?}");
}
