//! Create, read, import and delete.

use super::{ARN, ServerlessCache, aws_with, created, given, ids, limits, members, none, problems, set};
use crate::testing::aws::text_map;
use crate::value::Value;

#[tokio::test]
async fn key_of_an_alias_is_noted_by_the_create_and_kept_by_an_update() {
    let members = members();
    set(&members, "KmsKeyId", "arn:aws:kms:us-east-1:111122223333:key/1");
    let aws = aws_with(&members);
    let encrypted = |description: &str| {
        given([("kms_key_id", "alias/cache".into()), ("description", description.into())])
    };
    set(&members, "Description", "a");
    let created = aws.create(&ServerlessCache, encrypted("a")).await;
    assert_eq!(problems(&created.diags), none());
    let read = aws.read_unchanged(&ServerlessCache, &created).await;
    assert!(!read.private.is_empty());
    let changed = aws.update_read(&ServerlessCache, &read, encrypted("b")).await;
    assert_eq!(problems(&changed.diags), none());
    aws.read_unchanged(&ServerlessCache, &changed).await;
}

#[tokio::test]
async fn create_sends_every_argument_once() {
    let aws = aws_with(&members());
    let config = given([
        ("name", "Cache".into()),
        ("engine", "Valkey".into()),
        ("major_engine_version", "8".into()),
        ("description", "Sessions".into()),
        ("cache_usage_limits", limits((0, 10), (1000, 5000))),
        ("snapshot_retention_limit", 7.into()),
        ("daily_snapshot_time", "09:00".into()),
        ("kms_key_id", "alias/cache".into()),
        ("security_group_ids", ids(&["sg-1"])),
        ("subnet_ids", ids(&["subnet-1", "subnet-2"])),
        ("user_group_id", "App".into()),
        ("network_type", "dual_stack".into()),
        ("connection_type", "vpc".into()),
        (
            "snapshot_arns_to_restore",
            Value::List(vec!["arn:aws:elasticache:us-east-1:111122223333:serverlesscachesnapshot:a".into()]),
        ),
        ("tags", text_map([("team", "x")])),
    ]);
    let done = aws.create(&ServerlessCache, config).await;
    assert_eq!(problems(&done.diags), none());
    let calls = aws.calls();
    let operations: Vec<_> = calls.iter().map(|call| call.operation.as_str()).collect();
    assert_eq!(operations, ["CreateServerlessCache", "DescribeServerlessCaches"]);
    let mut sent = calls[0].params.clone();
    for common in ["Action", "Version"] {
        sent.remove(common);
    }
    let expected = [
        ("CacheUsageLimits.DataStorage.Maximum", "10"),
        ("CacheUsageLimits.DataStorage.Unit", "GB"),
        ("CacheUsageLimits.ECPUPerSecond.Maximum", "5000"),
        ("CacheUsageLimits.ECPUPerSecond.Minimum", "1000"),
        ("ConnectionType", "vpc"),
        ("DailySnapshotTime", "09:00"),
        ("Description", "Sessions"),
        ("Engine", "valkey"),
        ("KmsKeyId", "alias/cache"),
        ("MajorEngineVersion", "8"),
        ("NetworkType", "dual_stack"),
        ("SecurityGroupIds.SecurityGroupId.1", "sg-1"),
        ("ServerlessCacheName", "cache"),
        (
            "SnapshotArnsToRestore.SnapshotArn.1",
            "arn:aws:elasticache:us-east-1:111122223333:serverlesscachesnapshot:a",
        ),
        ("SnapshotRetentionLimit", "7"),
        ("SubnetIds.SubnetId.1", "subnet-1"),
        ("SubnetIds.SubnetId.2", "subnet-2"),
        ("Tags.Tag.1.Key", "team"),
        ("Tags.Tag.1.Value", "x"),
        ("UserGroupId", "app"),
    ];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(sent.into_iter().collect::<Vec<_>>(), expected);
    assert_eq!(done.state.get("name"), &Value::from("Cache"));
    assert_eq!(done.state.get("id"), &Value::from("cache"));
}

#[tokio::test]
async fn minimal_cache_has_what_aws_chose_and_an_empty_plan() {
    let aws = aws_with(&members());
    let config = given([]);
    let done = aws.create(&ServerlessCache, config.clone()).await;
    let sent = aws.calls().swap_remove(0).params;
    let sent: Vec<_> = sent.keys().filter(|name| !["Action", "Version"].contains(&name.as_str())).collect();
    assert_eq!(sent, ["Engine", "ServerlessCacheName"]);
    for (name, value) in [
        ("arn", Value::from(ARN)),
        ("status", "available".into()),
        ("major_engine_version", "8".into()),
        ("full_engine_version", "8.1".into()),
        ("description", "".into()),
        ("daily_snapshot_time", "17:30".into()),
        ("connection_type", "vpc".into()),
        ("network_type", "".into()),
        ("kms_key_id", "".into()),
        ("security_group_ids", ids(&["sg-1"])),
        ("subnet_ids", ids(&["subnet-1", "subnet-2"])),
        ("create_time", "2026-01-24T10:00:05.5Z".into()),
    ] {
        assert_eq!(done.state.get(name), &value, "{name}");
    }
    let port = |name: &str| done.state.get(name).as_elements().unwrap()[0].get("port").clone();
    assert_eq!((port("endpoint"), port("reader_endpoint")), (6379.into(), 6380.into()));
    let read = aws.read(&ServerlessCache, &done.state).await;
    assert_eq!((problems(&read.diags), &read.state), (none(), &done.state));
    assert_eq!(aws.plan(&ServerlessCache, &read.state, &config).planned, read.state);
}

#[tokio::test]
async fn spellings_of_no_limits_and_no_description_make_no_difference() {
    let aws = aws_with(&members());
    let empty = || Value::List(Vec::new());
    let nulls = Value::List(vec![Value::map([
        (
            "data_storage",
            Value::List(vec![Value::map([("maximum", Value::Null), ("minimum", Value::from(0))])]),
        ),
        ("ecpu_per_second", empty()),
    ])]);
    let block = Value::List(vec![Value::map([("data_storage", empty()), ("ecpu_per_second", empty())])]);
    for written in [empty(), block, nulls] {
        let config = given([("cache_usage_limits", written), ("description", " ".into())]);
        let state = created(&aws, config.clone()).await;
        let read = aws.read(&ServerlessCache, &state).await;
        assert_eq!(read.state, state);
        assert_eq!(aws.plan(&ServerlessCache, &state, &config).planned, state);
    }
}

#[tokio::test]
async fn read_waits_for_nothing_and_drops_a_cache_that_is_being_deleted() {
    let members = members();
    let aws = aws_with(&members);
    let state = created(&aws, given([])).await;
    set(&members, "Status", "MODIFYING");
    let read = aws.read(&ServerlessCache, &state).await;
    assert_eq!(read.state.get("status"), &Value::from("modifying"));
    set(&members, "Status", "deleting");
    aws.calls();
    assert_eq!(aws.read(&ServerlessCache, &state).await.state, Value::Null);
    assert_eq!(aws.operations(), ["DescribeServerlessCaches"]);
}

#[tokio::test]
async fn import_by_name_gives_a_state_without_changes() {
    let members = members();
    set(&members, "CacheUsageLimits", "<DataStorage><Maximum>10</Maximum><Unit>GB</Unit></DataStorage>");
    let aws = aws_with(&members);
    let found = aws.import(&ServerlessCache, "Cache").await;
    assert_eq!(problems(&found.diags), none());
    assert_eq!(found.state.get("id"), &Value::from("cache"));
    let config = given([("cache_usage_limits", limits((0, 10), (0, 0)))]);
    let plan = aws.plan_read(&ServerlessCache, &found, &config);
    assert_eq!((problems(&plan.diags), plan.planned), (none(), found.state.clone()));
}

#[tokio::test]
async fn import_of_a_cache_that_is_being_created_is_refused() {
    let members = members();
    set(&members, "Status", "creating");
    let found = aws_with(&members).import(&ServerlessCache, "cache").await;
    assert_eq!(
        problems(&found.diags),
        [
            "Serverless cache is being created: AWS is creating serverless cache \"cache\" and does not return its \
             endpoints yet, so it cannot be imported. Import it once its status is available: aws elasticache \
             describe-serverless-caches --serverless-cache-name cache"
        ]
    );
}

#[tokio::test]
async fn a_description_removed_outside_of_terraform_is_drift() {
    let members = members();
    set(&members, "Description", "Sessions");
    let aws = aws_with(&members);
    let state = created(&aws, given([("description", "Sessions".into())])).await;
    set(&members, "Description", " ");
    let read = aws.read(&ServerlessCache, &state).await;
    assert_eq!(read.state.get("description"), &Value::from(""));
}
