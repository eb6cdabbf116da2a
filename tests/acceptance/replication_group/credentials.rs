//! Tokens and user groups. What AWS lets in is checked after each apply.

use std::time::Duration;

use serde_json::json;

use crate::fixture::Fixture;
use crate::hcl::GROUP;

const FIRST: &str = "first-token-0123456789";
const SECOND: &str = "second-token-0123456789";

/// A group with these arguments, TLS being on.
fn tls(more: &str) -> String {
    plain(&format!("transit_encryption_enabled = true\n{more}"))
}

/// A group with these arguments.
fn plain(more: &str) -> String {
    format!(
        r#"
        resource "elasticache_replication_group" "this" {{
          replication_group_id = "door"
          description          = "door"
          node_type            = "cache.t4g.small"
          engine_version       = "7.1"
          num_cache_clusters   = 2
          apply_immediately    = true
          {more}
        }}
        "#
    )
}

fn token(token: &str, strategy: &str) -> String {
    tls(&format!("auth_token = {token:?}\nauth_token_update_strategy = {strategy:?}"))
}

/// What opens the group now; an empty text stands for no password.
#[track_caller]
fn assert_opens(fixture: &Fixture, expected: &[&str]) {
    let tokens = fixture.control(|control| control.valid_tokens("door"));
    let tokens: Vec<String> = tokens.into_iter().map(Option::unwrap_or_default).collect();
    assert_eq!(tokens, expected);
}

/// Strategies of the modifications since the record was cleared, `-` where there is none.
#[track_caller]
fn assert_strategies(fixture: &Fixture, expected: &[&str]) {
    let calls = fixture.aws.calls("elasticache", "ModifyReplicationGroup");
    assert!(calls.iter().all(crate::simulator::Call::is_done), "{calls:?}");
    let strategy = |name| move |call: &crate::simulator::Call| call.parameter(name).unwrap_or("-".to_owned());
    let strategies: Vec<String> = calls.iter().map(strategy("AuthTokenUpdateStrategy")).collect();
    assert_eq!(strategies, expected);
    assert!(fixture.aws.calls("elasticache", "DeleteReplicationGroup").is_empty(), "replaced");
    fixture.aws.record().clear();
}

/// User groups `one` and `two`, as another client makes them.
fn user_groups(fixture: &Fixture) {
    for id in ["one", "two"] {
        fixture.other_client(
            "CreateUserGroup",
            &format!("UserGroupId={id} Engine=redis UserIds.member.1=default"),
        );
    }
    fixture.aws.clock().advance(Duration::from_secs(600));
}

#[test]
fn a_token_is_set_rotated_and_set() {
    let fixture = Fixture::new(&tls(""));
    fixture.apply_and_verify();
    assert_opens(&fixture, &[""]);
    fixture.aws.record().clear();

    fixture.change_and_verify(&token(FIRST, "SET"));
    assert_opens(&fixture, &[FIRST]);
    assert_strategies(&fixture, &["SET"]);

    fixture.change_and_verify(&token(SECOND, "ROTATE"));
    assert_opens(&fixture, &[FIRST, SECOND]);
    assert_strategies(&fixture, &["ROTATE"]);

    fixture.change_and_verify(&token(SECOND, "SET"));
    assert_opens(&fixture, &[SECOND]);
    assert_strategies(&fixture, &["SET"]);
    let state = fixture.terraform.state(GROUP);
    assert_eq!(state["auth_token"], SECOND);
    assert_eq!(state["auth_token_enabled"], true);
}

#[test]
fn the_first_token_is_set_without_being_told_how() {
    let fixture = Fixture::new(&tls(""));
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.change_and_verify(&tls(&format!("auth_token = {FIRST:?}")));
    assert_opens(&fixture, &[FIRST]);
    assert_strategies(&fixture, &["SET"]);
    // Another one lets clients follow.
    fixture.change_and_verify(&tls(&format!("auth_token = {SECOND:?}")));
    assert_opens(&fixture, &[FIRST, SECOND]);
    assert_strategies(&fixture, &["ROTATE"]);
}

#[test]
fn another_token_with_set_is_rotated_in_and_set_in_one_apply() {
    let fixture = Fixture::new(&token(FIRST, "SET"));
    fixture.apply_and_verify();
    assert_opens(&fixture, &[FIRST]);
    fixture.aws.record().clear();
    fixture.change_and_verify(&token(SECOND, "SET"));
    assert_opens(&fixture, &[SECOND]);
    assert_strategies(&fixture, &["ROTATE", "SET"]);
}

#[test]
fn a_first_token_by_rotation_leaves_the_door_open_until_it_is_set() {
    let fixture = Fixture::new(&tls(""));
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.terraform.configure(&token(FIRST, "ROTATE"));
    let warnings = fixture.terraform.apply();
    assert!(warnings.iter().any(|w| w.summary == "AUTH token is not required yet"), "{warnings:?}");
    fixture.apply_and_verify();
    assert_opens(&fixture, &["", FIRST]);
    assert_strategies(&fixture, &["ROTATE"]);
    fixture.change_and_verify(&token(FIRST, "SET"));
    assert_opens(&fixture, &[FIRST]);
    assert_strategies(&fixture, &["SET"]);
}

#[test]
fn a_write_only_token_is_in_neither_state_nor_plan_and_its_version_rotates_it() {
    let wo = |token: &str, version: u32| {
        tls(&format!("auth_token_wo = {token:?}\nauth_token_wo_version = {version}"))
    };
    let fixture = Fixture::new(&wo(FIRST, 1));
    fixture.apply_and_verify();
    assert_opens(&fixture, &[FIRST]);
    fixture.aws.record().clear();
    let searched = |text: &str| {
        assert!(!text.contains(FIRST) && !text.contains(SECOND), "the token is to be seen");
    };
    let state = || std::fs::read_to_string(fixture.terraform.path().join("terraform.tfstate")).unwrap();
    searched(&state());

    // Without another version nothing says that it is another token.
    fixture.terraform.configure(&wo(SECOND, 1));
    fixture.terraform.plan().assert_empty();

    fixture.terraform.configure(&wo(SECOND, 2));
    let plan = fixture.terraform.plan();
    assert_eq!(plan.actions_on(GROUP), ["update"]);
    // All but the copy of the configuration, which Terraform keeps in every plan.
    for part in ["resource_changes", "planned_values", "prior_state"] {
        searched(&plan.json()[part].to_string());
    }
    fixture.apply_and_verify();
    assert_opens(&fixture, &[FIRST, SECOND]);
    assert_strategies(&fixture, &["ROTATE"]);
    searched(&state());
    searched(&fixture.terraform.state(GROUP).to_string());
    assert_eq!(fixture.terraform.state(GROUP)["auth_token_enabled"], true);
}

#[test]
fn a_token_gives_way_to_a_user_group_and_comes_back_in_one_call_each() {
    let fixture = Fixture::new(&token(FIRST, "SET"));
    user_groups(&fixture);
    fixture.apply_and_verify();
    fixture.aws.record().clear();

    fixture.change_and_verify(&tls(r#"user_group_ids = ["one"]"#));
    assert_opens(&fixture, &[""]);
    assert_strategies(&fixture, &["DELETE"]);
    let state = fixture.terraform.state(GROUP);
    assert_eq!(state["user_group_ids"], serde_json::json!(["one"]));
    assert_eq!(state["auth_token_enabled"], false);

    fixture.change_and_verify(&tls(&format!("auth_token = {FIRST:?}")));
    assert_opens(&fixture, &[FIRST]);
    let calls = fixture.aws.calls("elasticache", "ModifyReplicationGroup");
    assert_eq!(calls[0].parameter("RemoveUserGroups").as_deref(), Some("true"));
    assert_eq!(calls[0].parameter("UserGroupIdsToRemove.member.1"), None);
    assert_strategies(&fixture, &["SET"]);
    let state = fixture.terraform.state(GROUP);
    assert_eq!(state["user_group_ids"].as_array().map_or(0, Vec::len), 0);
    assert_eq!(state["auth_token_enabled"], true);
}

#[test]
fn a_user_group_is_swapped_in_one_call() {
    let fixture = Fixture::new(&tls(r#"user_group_ids = ["one"]"#));
    user_groups(&fixture);
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.change_and_verify(&tls(r#"user_group_ids = ["two"]"#));
    let call = &fixture.aws.calls("elasticache", "ModifyReplicationGroup")[0];
    assert_eq!(call.parameter("UserGroupIdsToAdd.member.1").as_deref(), Some("two"));
    assert_eq!(call.parameter("UserGroupIdsToRemove.member.1").as_deref(), Some("one"));
    assert_strategies(&fixture, &["-"]);
    assert_eq!(fixture.terraform.state(GROUP)["user_group_ids"], serde_json::json!(["two"]));
}

#[test]
fn tls_and_a_token_come_in_one_apply() {
    let fixture = Fixture::new(&plain("transit_encryption_enabled = false"));
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.change_and_verify(&tls(&format!("auth_token = {FIRST:?}")));
    assert_opens(&fixture, &[FIRST]);
    assert_strategies(&fixture, &["-", "-", "SET"]);
    let state = fixture.terraform.state(GROUP);
    assert_eq!(state["transit_encryption_mode"], "required");
    let host = state["endpoint"].as_str().unwrap();
    assert_eq!(state["url"], format!("rediss://{host}:6379"));
}

#[test]
fn tls_and_a_user_group_come_in_one_apply() {
    let fixture = Fixture::new(&plain("transit_encryption_enabled = false"));
    user_groups(&fixture);
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.change_and_verify(&tls(r#"user_group_ids = ["one"]"#));
    assert_strategies(&fixture, &["-", "-", "-"]);
    assert_eq!(fixture.terraform.state(GROUP)["transit_encryption_mode"], "required");
}

/// AWS refuses to relax TLS while a user group is there.
#[test]
fn a_user_group_and_tls_go_in_one_apply() {
    let fixture = Fixture::new(&tls(r#"user_group_ids = ["one"]"#));
    user_groups(&fixture);
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.change_and_verify(&plain("transit_encryption_enabled = false"));
    assert_strategies(&fixture, &["-", "-", "-"]);
    let state = fixture.terraform.state(GROUP);
    assert_eq!((&state["transit_encryption_enabled"], &state["user_group_ids"]), (&json!(false), &json!([])));
}

#[test]
fn a_user_group_goes_while_tls_is_relaxed() {
    let fixture = Fixture::new(&tls(r#"user_group_ids = ["one"]"#));
    user_groups(&fixture);
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.change_and_verify(&tls(r#"transit_encryption_mode = "preferred""#));
    assert_strategies(&fixture, &["-", "-"]);
}

/// A module that always sends the list.
#[test]
fn no_user_groups_may_be_said_or_not() {
    let fixture = Fixture::new(&tls("user_group_ids = []"));
    fixture.apply_and_verify();
    fixture.terraform.configure(&tls(""));
    fixture.terraform.assert_unchanged();
}

#[test]
fn a_token_is_never_left_without_tls() {
    let fixture = Fixture::new(&token(FIRST, "SET"));
    fixture.apply_and_verify();
    for (configuration, name) in [
        (plain("transit_encryption_enabled = false"), "transit_encryption_enabled"),
        (tls(r#"transit_encryption_mode = "preferred""#), "transit_encryption_mode"),
    ] {
        let said = fixture.refused(&configuration);
        assert!(said.contains("AUTH token requires TLS") && said.contains(name), "{said}");
        assert!(said.contains("replace the token with `user_group_ids`"), "{said}");
    }
    assert_opens(&fixture, &[FIRST]);
}

#[test]
fn a_token_waits_for_no_window() {
    let later = |more: &str| more.replace("apply_immediately    = true", "apply_immediately = false");
    let fixture = Fixture::new(&later(&token(FIRST, "SET")));
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.change_and_verify(&later(&token(SECOND, "SET")));
    assert_opens(&fixture, &[SECOND]);
    assert_strategies(&fixture, &["ROTATE", "SET"]);
}
