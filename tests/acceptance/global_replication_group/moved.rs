//! A datastore of hashicorp/aws becomes ours by a `moved` block.

use serde_json::{Value, json};

use super::parts::{DATASTORE, applied, pair, writes};
use crate::fixture::Fixture;
use crate::module_compatibility::moved::{AWS, stand_in};

/// What hashicorp/aws 5.100.0 has in the state, by its schema, copied from ours.
const COPIED: &[&str] = &[
    "arn",
    "at_rest_encryption_enabled",
    "auth_token_enabled",
    "automatic_failover_enabled",
    "cache_node_type",
    "cluster_enabled",
    "engine",
    "engine_version",
    "engine_version_actual",
    "global_node_groups",
    "global_replication_group_id",
    "global_replication_group_id_suffix",
    "id",
    "num_node_groups",
    "primary_replication_group_id",
    "transit_encryption_enabled",
];

/// Puts the state of hashicorp/aws in the place of ours.
fn forge(fixture: &Fixture, of_its_own: &Value) {
    let path = fixture.terraform.path().join("terraform.tfstate");
    let mut state: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    let resources = state["resources"].as_array_mut().unwrap();
    let resource =
        resources.iter_mut().find(|it| it["type"] == "elasticache_global_replication_group").unwrap();
    let ours = resource["instances"][0]["attributes"].clone();
    let mut theirs = of_its_own.clone();
    for name in COPIED {
        theirs[*name] = ours[*name].clone();
    }
    resource["type"] = "aws_elasticache_global_replication_group".into();
    resource["provider"] = format!(r#"provider["{}"]"#, *AWS).into();
    let instance = &mut resource["instances"][0];
    instance["attributes"] = theirs;
    instance["schema_version"] = json!(0);
    instance["sensitive_attributes"] = json!([]);
    let instance = instance.as_object_mut().unwrap();
    for name in ["private", "identity", "identity_schema_version"] {
        instance.remove(name);
    }
    // What refers to the datastore is not read again by a plan of its move.
    state["serial"] = (state["serial"].as_u64().unwrap() + 1).into();
    std::fs::write(path, state.to_string().replace(DATASTORE, &format!("aws_{DATASTORE}"))).unwrap();
}

#[test]
fn a_datastore_of_hashicorp_aws_becomes_ours_without_a_change() {
    for (arguments, description) in
        [("", " "), (r#"global_replication_group_description = "Bookings""#, "Bookings")]
    {
        let fixture = applied(&pair(arguments));
        forge(
            &fixture,
            &json!({
                "global_replication_group_description": description,
                "parameter_group_name": null,
                "timeouts": null,
            }),
        );
        stand_in(&fixture, &[&AWS]);
        let moved = format!("moved {{\n  from = aws_{DATASTORE}\n  to   = {DATASTORE}\n}}\n");
        fixture.terraform.configure(&(pair(arguments) + &moved));
        let plan = fixture.terraform.plan();
        let from = format!("aws_{DATASTORE}");
        assert_eq!(plan.moved_from(DATASTORE), Some(from.as_str()));
        assert_eq!(
            plan.actions_on(DATASTORE),
            ["no-op"],
            "{}: {:?}",
            plan.show(DATASTORE),
            plan.changed(DATASTORE)
        );
        fixture.aws.record().clear();
        fixture.terraform.apply();
        assert_eq!(writes(&fixture), [""; 0]);
        fixture.terraform.configure(&pair(arguments));
        fixture.terraform.assert_unchanged();
    }
}
