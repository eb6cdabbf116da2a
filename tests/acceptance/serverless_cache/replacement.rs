//! Changes that require another cache.

use super::parts::{CACHE, applied, cache, done};
use crate::aws_control::{words, writes};

#[test]
fn what_aws_cannot_change_replaces_the_cache_and_the_plan_says_what_is_lost() {
    for (before, after, because) in [
        ("", r#"subnet_ids = ["subnet-0a1b2c3d4e5f60001"]"#, "subnet_ids"),
        ("", r#"kms_key_id = "1234abcd-12ab-34cd-56ef-1234567890ab""#, "kms_key_id"),
        (r#"network_type = "ipv4""#, r#"network_type = "ipv6""#, "network_type"),
        (
            r#"major_engine_version = "9""#,
            r#"major_engine_version = "9"
connection_type = "public"
user_group_id = "default.iam-user-group""#,
            "connection_type",
        ),
    ] {
        let fixture = applied(&cache(before));
        fixture.terraform.configure(&cache(after));
        let plan = fixture.terraform.plan();
        plan.assert_replace(CACHE, &[because]);
        let warned = words(&plan.diagnostics);
        assert!(warned.contains("Serverless cache will be replaced"), "{warned}");
        assert!(
            warned.contains(&format!("`{because}` changes")) && warned.contains("its data is lost"),
            "{warned}"
        );
        fixture.apply_and_verify();
        assert_eq!(writes(&fixture.aws), ["DeleteServerlessCache", "CreateServerlessCache"], "{because}");
    }
}

#[test]
fn another_name_is_another_cache() {
    let fixture = applied(&cache(""));
    fixture.terraform.configure(&cache("").replace(r#""cache""#, r#""other""#));
    fixture.terraform.plan().assert_replace(CACHE, &["name"]);
    fixture.apply_and_verify();
    assert_eq!(fixture.control(|aws| aws.serverless_caches()), ["other"]);
}

#[test]
fn engines_that_aws_does_not_change_are_errors_unless_replacement_is_allowed() {
    for (before, after, cause) in [
        (r#"major_engine_version = "8""#, r#"major_engine_version = "7""#, "major_engine_version"),
        (
            r#"major_engine_version = "8""#,
            r#"engine = "redis"
major_engine_version = "7""#,
            "engine",
        ),
        (
            "",
            r#"engine = "memcached"
major_engine_version = "1.6""#,
            "engine",
        ),
        (
            r#"engine = "memcached"
major_engine_version = "1.6""#,
            r#"major_engine_version = "8""#,
            "engine",
        ),
    ] {
        let fixture = applied(&cache(before));
        let refused = fixture.refused(&cache(after));
        assert!(refused.contains("Engine cannot be changed in place"), "{refused}");
        assert!(refused.contains("`allow_engine_replacement = true`"), "{refused}");
        fixture.terraform.configure(&cache(&format!("{after}\nallow_engine_replacement = true")));
        let plan = fixture.terraform.plan();
        plan.assert_replace(CACHE, &[cause]);
        assert!(words(&plan.diagnostics).contains("Serverless cache will be replaced"), "{after}");
        fixture.apply_and_verify();
        assert_eq!(writes(&fixture.aws), ["DeleteServerlessCache", "CreateServerlessCache"], "{after}");
    }
}

/// The final snapshot carries the data over, in one apply.
#[test]
fn a_replacement_carries_the_data_over() {
    let with = |more: &str| {
        cache(&format!(
            r#"final_snapshot_name = "carry"
{more}"#
        ))
    };
    let fixture = applied(&with(""));
    let restored = r#"network_type = "ipv6"
snapshot_arns_to_restore = ["arn:aws:elasticache:eu-west-1:123456789012:serverlesscachesnapshot:carry"]"#;
    fixture.terraform.configure(&with(restored));
    let warned = words(&fixture.terraform.plan().diagnostics);
    assert!(warned.contains(r#"The final snapshot "carry" is taken first"#), "{warned}");
    fixture.terraform.apply();
    let created = &done(&fixture, "CreateServerlessCache")[0];
    assert!(
        created.parameter("SnapshotArnsToRestore.SnapshotArn.1").is_some_and(|arn| arn.ends_with(":carry"))
    );
    fixture.terraform.assert_unchanged();
}

#[test]
fn a_protected_cache_is_not_replaced() {
    let fixture = applied(&cache("deletion_protection = true"));
    let refused = fixture.refused(&cache(
        r#"deletion_protection = true
network_type = "ipv6""#,
    ));
    assert!(refused.contains("Serverless cache is protected from deletion"), "{refused}");
    assert!(refused.contains("The change of `network_type` requires a new serverless cache"), "{refused}");
}
