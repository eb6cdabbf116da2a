//! A cache of hashicorp/aws becomes ours by a `moved` block.

use serde_json::{Value, json};

use super::parts::{CACHE, cache};
use crate::aws_control::writes;
use crate::fixture::Fixture;
use crate::module_compatibility::moved::{AWS, stand_in};

/// What hashicorp/aws 5.100.0 has in the state, by its schema; what AWS chose is copied from ours.
const COPIED: &[&str] = &[
    "arn",
    "create_time",
    "daily_snapshot_time",
    "endpoint",
    "engine",
    "full_engine_version",
    "major_engine_version",
    "name",
    "reader_endpoint",
    "security_group_ids",
    "snapshot_retention_limit",
    "status",
    "subnet_ids",
    "cache_usage_limits",
    "tags",
    "tags_all",
];

/// Puts the state of hashicorp/aws in the place of ours.
fn forge(fixture: &Fixture, of_its_own: &Value) {
    let path = fixture.terraform.path().join("terraform.tfstate");
    let mut state: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    let resource = &mut state["resources"][0];
    let ours = resource["instances"][0]["attributes"].clone();
    let mut theirs = of_its_own.clone();
    for name in COPIED {
        theirs[*name] = ours[*name].clone();
    }
    resource["type"] = "aws_elasticache_serverless_cache".into();
    resource["provider"] = format!(r#"provider["{}"]"#, *AWS).into();
    let instance = &mut resource["instances"][0];
    instance["attributes"] = theirs;
    instance["schema_version"] = json!(0);
    instance["sensitive_attributes"] = json!([]);
    let instance = instance.as_object_mut().unwrap();
    instance.remove("private");
    instance.remove("identity");
    instance.remove("identity_schema_version");
    state["serial"] = (state["serial"].as_u64().unwrap() + 1).into();
    std::fs::write(path, state.to_string()).unwrap();
}

#[test]
fn a_cache_of_hashicorp_aws_becomes_ours_without_a_change() {
    let limits = r#"cache_usage_limits {
data_storage {
maximum = 10
unit = "GB"
}
}"#;
    for (arguments, description, key) in [
        (String::new(), " ", Value::Null),
        (
            format!(
                r#"description = "Sessions"
snapshot_retention_limit = 7
tags = {{ a = "1" }}
{limits}"#
            ),
            "Sessions",
            Value::Null,
        ),
        (
            r#"kms_key_id = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab""#
                .to_owned(),
            " ",
            json!("arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
        ),
    ] {
        let fixture = Fixture::new(&cache(&arguments));
        fixture.terraform.apply();
        forge(
            &fixture,
            &json!({
                "id": "cache",
                "description": description,
                "kms_key_id": key,
                "snapshot_arns_to_restore": null,
                "user_group_id": null,
                "timeouts": null,
            }),
        );
        stand_in(&fixture, &[&AWS]);
        let moved =
            format!("moved {{\n  from = aws_elasticache_serverless_cache.this\n  to   = {CACHE}\n}}\n");
        fixture.terraform.configure(&(cache(&arguments) + &moved));
        let plan = fixture.terraform.plan();
        assert_eq!(plan.moved_from(CACHE), Some("aws_elasticache_serverless_cache.this"));
        assert_eq!(plan.actions_on(CACHE), ["no-op"], "{}: {:?}", plan.show(CACHE), plan.changed(CACHE));
        fixture.aws.record().clear();
        fixture.terraform.apply();
        assert_eq!(writes(&fixture.aws), [""; 0]);
        fixture.terraform.configure(&cache(&arguments));
        fixture.terraform.assert_unchanged();
    }
}
