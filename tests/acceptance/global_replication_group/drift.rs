//! What other clients changed.

use std::collections::BTreeMap;

use serde_json::json;

use super::parts::{ARN, AWAY, DATASTORE, ID, alone, applied, other_client, pair, writes};
use crate::aws_control::words;
use crate::simulator::DEFAULT_ACCOUNT;

#[track_caller]
fn modified(fixture: &crate::fixture::Fixture, more: &str) {
    let all = format!("GlobalReplicationGroupId={ID} ApplyImmediately=true {more}");
    other_client(fixture, "eu-west-1", "ModifyGlobalReplicationGroup", &all);
}

#[test]
fn configured_settings_go_back_and_others_are_taken_over() {
    for (argument, change, attribute, existing) in [
        (
            r#"global_replication_group_description = "Ours""#,
            "GlobalReplicationGroupDescription=Theirs",
            "global_replication_group_description",
            json!("Theirs"),
        ),
        (
            r#"cache_node_type = "cache.r7g.large""#,
            "CacheNodeType=cache.r7g.xlarge",
            "cache_node_type",
            json!("cache.r7g.xlarge"),
        ),
        (
            "automatic_failover_enabled = true",
            "AutomaticFailoverEnabled=false",
            "automatic_failover_enabled",
            json!(false),
        ),
    ] {
        let fixture = applied(&alone(argument));
        modified(&fixture, change);
        let plan = fixture.terraform.plan();
        assert_eq!(plan.actions_on(DATASTORE), ["update"], "{argument}");
        assert_eq!(plan.change(DATASTORE)["before"][attribute], existing, "{argument}");
        super::parts::settle(&fixture);

        let fixture = applied(&alone(""));
        modified(&fixture, change);
        let plan = fixture.terraform.plan();
        if attribute == "global_replication_group_description" {
            // Not computed: without it there is to be none.
            assert_eq!(plan.actions_on(DATASTORE), ["update"], "{argument}");
        } else {
            assert_eq!(plan.actions(), BTreeMap::new(), "{attribute}: {:?}", plan.actions());
            fixture.terraform.apply();
            assert_eq!(fixture.terraform.state(DATASTORE)[attribute], existing);
        }
    }
}

#[test]
fn tags_of_other_clients_are_removed() {
    let fixture = applied(&alone(r#"tags = { a = "1" }"#));
    fixture.aws.with_state(|aws| assert!(aws.elasticache.set_global_tag(DEFAULT_ACCOUNT, ID, "b", "2")));
    fixture.terraform.plan().assert_update(DATASTORE, &["tags", "tags_all"]);
    fixture.aws.record().clear();
    fixture.terraform.apply();
    assert_eq!(writes(&fixture), ["RemoveTagsFromResource"]);
    fixture.terraform.assert_settled();
}

/// A later version than the configured one is an error that says what to write; AWS does not downgrade.
#[test]
fn upgrade_by_another_client_is_adopted_in_the_configuration() {
    let fixture = applied(&alone(r#"engine_version = "7.0""#));
    modified(&fixture, "EngineVersion=7.1");
    let said = words(&fixture.terraform.plan_fails());
    for part in [
        "Engine version cannot be downgraded",
        r#"Global datastore "gxeiz-store" runs version 7.1.0"#,
        r#"Set `engine_version = "7.1"`"#,
    ] {
        assert!(said.contains(part), "no {part:?} in {said}");
    }
    fixture.terraform.configure(
        &alone(r#"engine_version = "7.1""#).replace(r#"engine_version = "7.0""#, r#"engine_version = "7.1""#),
    );
    fixture.aws.record().clear();
    fixture.terraform.apply();
    assert_eq!(writes(&fixture), [""; 0]);
    fixture.terraform.assert_settled();
}

/// A major upgrade by another client, or one that was interrupted: the configuration that follows it sends nothing.
#[test]
fn major_upgrade_by_another_client_is_adopted_with_its_parameter_group() {
    let of = |version: &str, arguments: &str| {
        alone(arguments).replace(r#"engine_version = "7.0""#, &format!("engine_version = {version:?}"))
    };
    let fixture = applied(&of("6.2", ""));
    modified(&fixture, "EngineVersion=7.1 CacheParameterGroupName=default.redis7");
    fixture.terraform.configure(&of(
        "6.2",
        r#"engine_version = "7.1"
parameter_group_name = "default.redis7""#,
    ));
    let plan = fixture.terraform.plan();
    assert!(
        words(&plan.diagnostics).contains("Parameter group may not be in use"),
        "{}",
        words(&plan.diagnostics)
    );
    fixture.aws.record().clear();
    fixture.terraform.apply();
    assert_eq!(writes(&fixture), [""; 0]);
    let plan = fixture.terraform.plan();
    assert_eq!(plan.actions(), BTreeMap::new(), "{:?}", plan.actions());
}

#[test]
fn secondary_of_another_client_is_shown_and_left_alone() {
    let fixture = applied(&alone(""));
    other_client(
        &fixture,
        AWAY,
        "CreateReplicationGroup",
        &format!(
            "ReplicationGroupId=theirs ReplicationGroupDescription=theirs NumCacheClusters=2 GlobalReplicationGroupId={ID}"
        ),
    );
    let plan = fixture.terraform.plan();
    assert_eq!(plan.actions(), BTreeMap::new(), "{:?}", plan.actions());
    fixture.terraform.apply();
    let state = fixture.terraform.state(DATASTORE);
    assert_eq!(state["members"][1]["replication_group_id"], "theirs");
    assert_eq!(state["arn"], ARN);
}

#[test]
fn datastore_that_is_being_deleted_is_gone() {
    let fixture = applied(&pair(""));
    for (action, parameters) in [
        (
            "DisassociateGlobalReplicationGroup",
            format!("GlobalReplicationGroupId={ID} ReplicationGroupId=second ReplicationGroupRegion={AWAY}"),
        ),
        ("DescribeGlobalReplicationGroups", String::new()),
    ] {
        other_client(&fixture, "eu-west-1", action, &parameters);
    }
    fixture.durations(|all| all.global = 86_400_000);
    other_client(
        &fixture,
        "eu-west-1",
        "DeleteGlobalReplicationGroup",
        &format!("GlobalReplicationGroupId={ID} RetainPrimaryReplicationGroup=true"),
    );
    let plan = fixture.terraform.plan_with(&["-target", DATASTORE]);
    assert_eq!(plan.actions_on(DATASTORE), ["create"]);
}
