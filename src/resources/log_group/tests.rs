//! The log group against canned answers.

use serde_json::json;

use super::LogGroup;
use crate::testing::aws::{Call, FakeAws, config, problems};
use crate::value::Value;

const NAME: &str = "/aws/elasticache/cache/slow-log";
const ARN: &str = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/elasticache/cache/slow-log";

fn observed(extra: &serde_json::Value) -> serde_json::Value {
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
        "DescribeLogGroups" => call.answer_json(&observed(&json!({ "retentionInDays": 14 }))),
        "ListTagsForResource" => call.answer_json(&json!({ "tags": { "team": "cache" } })),
        _ => call.answer_json(&json!({})),
    }
}

#[tokio::test]
async fn read_removes_the_arn_suffix_and_lists_tags_with_the_arn() {
    let aws = FakeAws::new(answers);
    let created = aws
        .create(&LogGroup, config(&LogGroup, [("name", NAME.into()), ("retention_in_days", Value::from(14))]))
        .await;
    assert_eq!(problems(&created.diags), [""; 0]);
    assert_eq!(created.state.get("arn").as_str(), Some(ARN));
    assert_eq!(aws.operations(), ["CreateLogGroup", "PutRetentionPolicy", "DescribeLogGroups"]);
    let read = aws.read(&LogGroup, &created.state).await;
    assert_eq!(aws.calls()[1].json()["resourceArn"], ARN);
    assert_eq!(read.state.get("tags").get("team").as_str(), Some("cache"));
}

#[tokio::test]
async fn read_removes_a_log_group_whose_tags_are_not_found() {
    let aws = FakeAws::new(answers);
    let state = aws.create(&LogGroup, config(&LogGroup, [("name", NAME.into())])).await.state;
    let aws = FakeAws::new(|call| match call.operation.as_str() {
        "DescribeLogGroups" => call.answer_json(&json!({ "logGroups": [] })),
        _ => call.error("ResourceNotFoundException", "The specified resource does not exist."),
    });
    assert_eq!(aws.read(&LogGroup, &state).await.state, Value::Null);
    // A list without it is not enough.
    let aws = FakeAws::new(|call| match call.operation.as_str() {
        "DescribeLogGroups" => call.answer_json(&json!({ "logGroups": [] })),
        _ => call.answer_json(&json!({ "tags": {} })),
    });
    let read = aws.read(&LogGroup, &state).await;
    assert_eq!(read.state, state);
    assert!(problems(&read.diags)[0].contains("does not list the log group, but returns its tags"));
}

#[tokio::test]
async fn retention_that_aws_sets_is_no_drift() {
    let aws = FakeAws::new(|call| match call.operation.as_str() {
        "DescribeLogGroups" => {
            call.answer_json(&observed(&json!({ "logGroupClass": "DELIVERY", "retentionInDays": 2 })))
        }
        _ => call.answer_json(&json!({})),
    });
    let class = config(&LogGroup, [("name", NAME.into()), ("log_group_class", "DELIVERY".into())]);
    let created = aws.create(&LogGroup, class).await;
    assert_eq!(problems(&created.diags), [""; 0]);
    assert_eq!(aws.operations(), ["CreateLogGroup", "DescribeLogGroups"]);
    // AWS returns two days, as in hashicorp/aws.
    assert_eq!(created.state.get("retention_in_days"), &Value::from(2));
    assert_eq!(aws.read(&LogGroup, &created.state).await.state, created.state);
}

#[tokio::test]
async fn retention_without_effect_is_a_warning() {
    let aws = FakeAws::new(|call| match call.operation.as_str() {
        "DescribeLogGroups" => {
            call.answer_json(&observed(&json!({ "logGroupClass": "DELIVERY", "retentionInDays": 2 })))
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
    let created = aws.create(&LogGroup, month()).await;
    assert!(!aws.operations().contains(&"PutRetentionPolicy".to_owned()));
    let read = aws.read(&LogGroup, &created.state).await;
    assert_eq!(read.state, created.state);
    let again = aws.plan(&LogGroup, &created.state, &month());
    assert_eq!((again.planned, problems(&again.diags)), (created.state, vec![]));
    // An import reads two days, and the plan changes nothing in AWS.
    let found = aws.import(&LogGroup, NAME).await;
    assert_eq!(found.state.get("retention_in_days"), &Value::from(2));
}

/// As in hashicorp/aws.
#[tokio::test]
async fn omitted_name_is_generated() {
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
async fn plan_rejects_the_replacement_of_a_protected_log_group() {
    let aws = FakeAws::new(answers);
    let protected = config(&LogGroup, [("name", NAME.into()), ("deletion_protection_enabled", true.into())]);
    let state = aws.create(&LogGroup, protected).await.state;
    let other = config(&LogGroup, [("name", "other".into()), ("deletion_protection_enabled", true.into())]);
    let found = problems(&aws.plan(&LogGroup, &state, &other).diags);
    assert!(found[0].starts_with("name: Log group is protected from deletion"), "{found:?}");
}

#[tokio::test]
async fn plan_warns_of_the_loss_of_events_by_a_replacement() {
    let aws = FakeAws::new(answers);
    let state = aws.create(&LogGroup, config(&LogGroup, [("name", NAME.into())])).await.state;
    let other = config(&LogGroup, [("name", NAME.into()), ("log_group_class", "INFREQUENT_ACCESS".into())]);
    let found = problems(&aws.plan(&LogGroup, &state, &other).diags);
    assert!(found[0].contains("the old one is deleted with all its events"), "{found:?}");

    let retained = config(&LogGroup, [("name", NAME.into()), ("skip_destroy", true.into())]);
    let state = aws.create(&LogGroup, retained).await.state;
    let other = config(
        &LogGroup,
        [
            ("name", NAME.into()),
            ("skip_destroy", true.into()),
            ("log_group_class", "INFREQUENT_ACCESS".into()),
        ],
    );
    let found = problems(&aws.plan(&LogGroup, &state, &other).diags);
    assert!(found[0].contains("a name can be used only once"), "{found:?}");
}

/// `skip_destroy` would otherwise leave the log group behind, and the next create fails for its name.
#[tokio::test]
async fn unfinished_log_group_is_deleted_whatever_skip_destroy_says() {
    let mut is_deleted = false;
    let aws = FakeAws::new(move |call| match call.operation.as_str() {
        "PutRetentionPolicy" => call.error("AccessDeniedException", "Not allowed."),
        "DeleteLogGroup" => {
            is_deleted = true;
            call.answer_json(&json!({}))
        }
        "DescribeLogGroups" if is_deleted => call.answer_json(&json!({ "logGroups": [] })),
        _ => answers(call),
    });
    let config = config(
        &LogGroup,
        [("name", NAME.into()), ("retention_in_days", Value::from(14)), ("skip_destroy", true.into())],
    );
    let refused = aws.create(&LogGroup, config).await;
    assert!(refused.diags.has_errors());
    assert_eq!(refused.state.get("name").as_str(), Some(NAME));
    let read = aws.read(&LogGroup, &refused.state).await;
    aws.calls();
    assert_eq!(problems(&aws.delete(&LogGroup, &read.state).await.diags), [""; 0]);
    assert_eq!(aws.operations(), ["DeleteLogGroup", "DescribeLogGroups"]);
}

/// No plan refuses the deletion of a tainted log group.
#[tokio::test]
async fn refused_deletion_of_a_protected_log_group_names_untaint() {
    let aws = FakeAws::new(answers);
    let protected = config(&LogGroup, [("name", NAME.into()), ("deletion_protection_enabled", true.into())]);
    let aws_state = aws.create(&LogGroup, protected).await.state;
    let Value::Map(mut state) = aws_state else { panic!("no state") };
    state.insert("deletion_protection_enabled".to_owned(), true.into());
    let refusing = FakeAws::new(|call| match call.operation.as_str() {
        "DeleteLogGroup" => call.error("ValidationException", "Deletion protection is enabled."),
        _ => answers(call),
    });
    let found = problems(&refusing.delete(&LogGroup, &Value::Map(state)).await.diags);
    assert!(found[0].contains("run `terraform untaint ADDRESS`"), "{found:?}");
}
