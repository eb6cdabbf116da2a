//! Tokens and user groups.

use crate::aws_control::{control, instant, modifications, people, writes};
use crate::fixture::Fixture;
use crate::hcl::{GROUP, small_group};

const FIRST: &str = "first-token-of-the-group";
const SECOND: &str = "second-token-of-the-group";

fn with(more: &str) -> String {
    small_group(&format!(
        r#"num_cache_clusters = 1
engine_version = "7.1"
transit_encryption_enabled = true
apply_immediately = true
{more}"#
    ))
}

fn token(token: &str) -> String {
    with(&format!("auth_token = {token:?}"))
}

fn tokens(fixture: &Fixture) -> Vec<Option<String>> {
    control(&fixture.aws, |aws| aws.valid_tokens("cache"))
}

fn some(token: &str) -> Option<String> {
    Some(token.to_owned())
}

/// The first token was put in place with ROTATE, which left the group open to everybody.
#[test]
fn aws_33439_a_first_token_closes_the_group() {
    let fixture = instant(&with(""));
    fixture.apply_and_verify();
    assert_eq!(tokens(&fixture), [None]);
    fixture.aws.record().clear();
    fixture.change_and_verify(&token(FIRST));
    assert_eq!(tokens(&fixture), [some(FIRST)]);
    assert_eq!(modifications(&fixture.aws)[0].parameter("AuthTokenUpdateStrategy").as_deref(), Some("SET"));
}

/// A default of ROTATE for an argument that nobody gave made differences and wrong calls.
#[test]
fn aws_34496_no_strategy_unless_one_is_given() {
    let fixture = instant(&token(FIRST));
    fixture.apply_and_verify();
    assert_eq!(fixture.terraform.state(GROUP)["auth_token_update_strategy"], "");
    fixture.aws.record().clear();
    // Another change sends neither strategy nor token.
    fixture.change_and_verify(&token(FIRST).replace("of a test", "of another"));
    let sent = modifications(&fixture.aws);
    assert_eq!(sent.len(), 1);
    assert_eq!((sent[0].parameter("AuthTokenUpdateStrategy"), sent[0].parameter("AuthToken")), (None, None));
}

/// With the strategy null in the configuration, an update still sent ROTATE.
#[test]
fn aws_38209_a_strategy_that_is_null_stays_null() {
    let null = format!("auth_token = {FIRST:?}\nauth_token_update_strategy = null");
    let fixture = instant(&with(&null));
    fixture.apply_and_verify();
    fixture.change_and_verify(&with(&null.replace(FIRST, SECOND)));
    assert_eq!(tokens(&fixture), [some(FIRST), some(SECOND)]);
    assert_eq!(fixture.terraform.state(GROUP)["auth_token_update_strategy"], "");
    fixture.change_and_verify(&with(&format!(
        r#"auth_token = {SECOND:?}
auth_token_update_strategy = "SET""#
    )));
    assert_eq!(tokens(&fixture), [some(SECOND)]);
}

/// From a token to user groups: refused without strategy DELETE in the same call.
#[test]
fn aws_39546_from_a_token_to_user_groups_in_one_apply() {
    let fixture = instant(&token(FIRST));
    people(&fixture.aws);
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.change_and_verify(&with(r#"user_group_ids = ["people"]"#));
    let sent = modifications(&fixture.aws);
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].parameter("AuthTokenUpdateStrategy").as_deref(), Some("DELETE"));
    let state = fixture.terraform.state(GROUP);
    assert_eq!(
        (&state["auth_token_enabled"], &state["auth_token"]),
        (&false.into(), &serde_json::Value::Null)
    );
}

/// The way back as well: user groups make room for a token, in one call and without a gap.
#[test]
fn aws_31710_from_user_groups_to_a_token() {
    let fixture = instant(&with(r#"user_group_ids = ["people"]"#));
    people(&fixture.aws);
    fixture.apply_and_verify();
    fixture.aws.record().clear();
    fixture.change_and_verify(&token(FIRST));
    assert_eq!(writes(&fixture.aws), ["ModifyReplicationGroup"]);
    assert_eq!(tokens(&fixture), [some(FIRST)]);
}

/// After an import the token was sent, though it had not changed: refused next to user groups.
#[test]
fn aws_42372_an_import_sends_no_token() {
    for (configuration, tokens_after) in
        [(token(FIRST), vec![some(FIRST)]), (with(r#"user_group_ids = ["people"]"#), vec![])]
    {
        let fixture = instant(&configuration);
        people(&fixture.aws);
        fixture.apply_and_verify();
        fixture.terraform.run(&["state", "rm", GROUP]).succeeds();
        fixture.terraform.run(&["import", GROUP, "cache"]).succeeds();
        fixture.aws.record().clear();
        fixture.terraform.apply();
        assert_eq!(writes(&fixture.aws), [""; 0]);
        assert!(fixture.terraform.plan().actions().is_empty());
        if !tokens_after.is_empty() {
            assert_eq!(tokens(&fixture), tokens_after);
        }
    }
}
