//! Refusals and replacements at plan.

use super::{
    ServerlessCache, aws_with, created, errors_of, given, ids, limits, members, none, problems, set,
};
use crate::diag::Diagnostics;
use crate::engine::{AnyResource, PlanRequest, PlanResponse};
use crate::testing::aws::FakeAws;
use crate::value::{Path, Value};

fn destroy_plan(aws: &FakeAws, state: &Value) -> PlanResponse {
    let request = PlanRequest { prior: state.clone(), ..PlanRequest::default() };
    AnyResource::plan(&ServerlessCache, &aws.provider, request)
}

#[test]
fn arguments_that_do_not_fit_together_are_refused() {
    for (config, expected) in [
        (
            given([("engine", "memcached".into()), ("user_group_id", "app".into())]),
            "user_group_id: Memcached supports no user group: `user_group_id` is set, and `engine` is \"memcached\": \
             role-based access control exists for Valkey and Redis OSS only. Remove `user_group_id`, or set `engine = \
             \"valkey\"`.",
        ),
        (
            given([("engine", "memcached".into()), ("major_engine_version", "8".into())]),
            "major_engine_version: Invalid major_engine_version: `major_engine_version` is \"8\", but major versions of \
             memcached have the form \"1.6\". AWS chooses the minor version of a serverless cache.",
        ),
        (
            given([("major_engine_version", "8.0".into())]),
            "major_engine_version: Invalid major_engine_version: `major_engine_version` is \"8.0\", but major versions of \
             valkey have the form \"8\". AWS chooses the minor version of a serverless cache.",
        ),
        (
            given([("cache_usage_limits", limits((11, 10), (0, 0)))]),
            "cache_usage_limits[0].data_storage[0].minimum: Invalid usage limits: `minimum` of `data_storage` is 11 and its \
             `maximum` is 10, and AWS accepts no minimum above the maximum. Lower `minimum`, or raise `maximum`.",
        ),
        (
            given([("connection_type", "public".into())]),
            "user_group_id: Public cache requires a user group: `connection_type` is \"public\", and `user_group_id` is not \
             set: AWS requires a user group whose users log in with IAM. Set `user_group_id` to such a group, or to \
             \"default.iam-user-group\" of AWS.",
        ),
        (
            given([
                ("connection_type", "public".into()),
                ("major_engine_version", "8".into()),
                ("user_group_id", "default.iam-user-group".into()),
            ]),
            "connection_type: Public cache requires Valkey 9: `connection_type` is \"public\", which AWS supports for Valkey \
             9 and later only. Set `engine = \"valkey\"` and `major_engine_version = \"9\"`, or `connection_type = \"vpc\"`.",
        ),
    ] {
        assert_eq!(errors_of(&config), [expected]);
    }
}

#[test]
fn values_that_are_not_known_yet_pass() {
    let config = given([
        ("engine", Value::Unknown),
        ("major_engine_version", Value::Unknown),
        ("connection_type", "public".into()),
        ("user_group_id", Value::Unknown),
        ("cache_usage_limits", Value::Unknown),
        ("subnet_ids", Value::set([Value::Unknown])),
    ]);
    assert_eq!(errors_of(&config), none());
}

#[test]
fn names_are_checked() {
    let problems_of = |name: &str| {
        let mut diags = Diagnostics::new();
        crate::schema::validate(
            AnyResource::schema(&ServerlessCache),
            &given([("name", name.into())]),
            &mut diags,
        );
        problems(&diags).len()
    };
    let longest = "a".repeat(40);
    for name in ["a", "Cache-1", longest.as_str()] {
        assert_eq!(problems_of(name), 0, "{name}");
    }
    let too_long = "a".repeat(41);
    for name in ["-a", "a-", "a--b", "a_b", too_long.as_str()] {
        assert_eq!(problems_of(name), 1, "{name}");
    }
}

#[tokio::test]
async fn what_aws_cannot_change_replaces_the_cache_and_says_so() {
    let aws = aws_with(&members());
    let state = created(&aws, given([("network_type", "ipv4".into())])).await;
    for (name, value, rule) in [
        (
            "name",
            Value::from("other"),
            "`name` changes from \"cache\" to \"other\", but AWS does not rename a serverless cache.",
        ),
        (
            "subnet_ids",
            ids(&["subnet-3"]),
            "`subnet_ids` changes, but AWS sets it only when a cache is created.",
        ),
        (
            "kms_key_id",
            "1234abcd-12ab-34cd-56ef-1234567890ab".into(),
            "`kms_key_id` changes, but AWS sets it only when a cache is created.",
        ),
        (
            "network_type",
            "ipv6".into(),
            "`network_type` changes from \"ipv4\" to \"ipv6\", but AWS sets it only when a cache is created. To keep the \
             cache, keep `network_type = \"ipv4\"`.",
        ),
    ] {
        let plan = aws.plan(&ServerlessCache, &state, &given([(name, value)]));
        assert_eq!(plan.replace, [Path::attribute(name)]);
        let problems = problems(&plan.diags);
        assert_eq!(problems.len(), 1, "{problems:?}");
        let expected =
            format!("{name}: Serverless cache will be replaced: {rule} A new, empty cache takes the place");
        assert!(problems[0].starts_with(&expected), "{problems:?}");
    }
    // What AWS chose is no other value.
    let plan = aws.plan(&ServerlessCache, &state, &given([("connection_type", "vpc".into())]));
    assert!(plan.replace.is_empty() && problems(&plan.diags).is_empty());
}

#[tokio::test]
async fn engines_that_aws_does_not_change_are_errors_unless_replacement_is_allowed() {
    let aws = aws_with(&members());
    let state = created(&aws, given([])).await;
    let older = [("major_engine_version", Value::from("7"))];
    assert_eq!(
        problems(&aws.plan(&ServerlessCache, &state, &given(older.clone())).diags),
        [
            "major_engine_version: Engine cannot be changed in place: Serverless cache \"cache\" runs Valkey 8, and AWS does \
             not change Valkey to an earlier major version. Undo the change of `major_engine_version`; or set \
             `allow_engine_replacement = true` to replace the cache, which loses its data unless it is restored with \
             `snapshot_arns_to_restore`."
        ]
    );
    let [older] = older;
    let allowed = given([older, ("allow_engine_replacement", true.into())]);
    let plan = aws.plan(&ServerlessCache, &state, &allowed);
    assert_eq!(plan.replace, [Path::attribute("major_engine_version")]);
    assert!(!plan.diags.has_errors(), "{:?}", plan.diags);
    let plan = aws.plan(&ServerlessCache, &state, &given([("engine", "memcached".into())]));
    assert!(
        problems(&plan.diags)[0].contains("AWS does not change Valkey to Memcached."),
        "{:?}",
        plan.diags
    );
}

#[tokio::test]
async fn a_protected_cache_is_neither_replaced_nor_destroyed() {
    let aws = aws_with(&members());
    let protected = given([("deletion_protection", true.into())]);
    let state = created(&aws, protected).await;
    let config = given([("name", "other".into()), ("deletion_protection", true.into())]);
    assert_eq!(
        problems(&aws.plan(&ServerlessCache, &state, &config).diags),
        [
            "name: Serverless cache is protected from deletion: The change of `name` requires a new serverless cache in place \
             of \"cache\", which has `deletion_protection = true`. Undo the change; or, if the cache may be deleted, set \
             `deletion_protection = false` and apply that first."
        ]
    );
    let destroyed = destroy_plan(&aws, &state);
    assert!(
        problems(&destroyed.diags)[0]
            .starts_with("deletion_protection: Serverless cache is protected from deletion"),
        "{:?}",
        destroyed.diags
    );
    let deleted = aws.delete(&ServerlessCache, &state).await;
    assert!(problems(&deleted.diags)[0].contains("so it was not deleted"), "{:?}", deleted.diags);
    assert_eq!(aws.operations(), ["DescribeServerlessCaches"]);
}

#[tokio::test]
async fn a_destroy_that_loses_data_warns() {
    let members = members();
    set(&members, "SnapshotRetentionLimit", "7");
    let aws = aws_with(&members);
    let state = created(&aws, given([("snapshot_retention_limit", 7.into())])).await;
    let plan = destroy_plan(&aws, &state);
    let warned = problems(&plan.diags);
    assert!(warned[0].starts_with("final_snapshot_name: No final snapshot: "), "{warned:?}");
}
