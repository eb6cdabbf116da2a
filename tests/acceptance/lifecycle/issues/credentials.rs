//! Tokens and user groups.

use crate::steer::{THIS, control, group, instant, modifications, people, writes};
use crate::world::World;

const FIRST: &str = "first-token-of-the-group";
const SECOND: &str = "second-token-of-the-group";

fn with(more: &str) -> String {
    group(&format!(
        "num_cache_clusters = 1\nengine_version = \"7.1\"\ntransit_encryption_enabled = true\napply_immediately = true\n{more}"
    ))
}

fn token(token: &str) -> String {
    with(&format!("auth_token = {token:?}"))
}

fn tokens(world: &World) -> Vec<Option<String>> {
    control(&world.aws, |aws| aws.valid_tokens("cache"))
}

fn some(token: &str) -> Option<String> {
    Some(token.to_owned())
}

/// The first token was put in place with ROTATE, which left the group open to everybody.
#[test]
fn aws_33439_a_first_token_closes_the_group() {
    let world = instant(&with(""));
    world.applied();
    assert_eq!(tokens(&world), [None]);
    world.aws.record().clear();
    world.then(&token(FIRST));
    assert_eq!(tokens(&world), [some(FIRST)]);
    assert_eq!(modifications(&world.aws)[0].parameter("AuthTokenUpdateStrategy").as_deref(), Some("SET"));
}

/// A default of ROTATE for an argument that nobody gave made differences and wrong calls.
#[test]
fn aws_34496_no_strategy_unless_one_is_given() {
    let world = instant(&token(FIRST));
    world.applied();
    assert_eq!(world.terraform.state(THIS)["auth_token_update_strategy"], "");
    world.aws.record().clear();
    // Another change sends neither strategy nor token.
    world.then(&token(FIRST).replace("of a test", "of another"));
    let sent = modifications(&world.aws);
    assert_eq!(sent.len(), 1);
    assert_eq!((sent[0].parameter("AuthTokenUpdateStrategy"), sent[0].parameter("AuthToken")), (None, None));
}

/// With the strategy null in the configuration, an update still sent ROTATE.
#[test]
fn aws_38209_a_strategy_that_is_null_stays_null() {
    let null = format!("auth_token = {FIRST:?}\nauth_token_update_strategy = null");
    let world = instant(&with(&null));
    world.applied();
    world.then(&with(&null.replace(FIRST, SECOND)));
    assert_eq!(tokens(&world), [some(FIRST), some(SECOND)]);
    assert_eq!(world.terraform.state(THIS)["auth_token_update_strategy"], "");
    world.then(&with(&format!("auth_token = {SECOND:?}\nauth_token_update_strategy = \"SET\"")));
    assert_eq!(tokens(&world), [some(SECOND)]);
}

/// From a token to user groups: refused without strategy DELETE in the same call.
#[test]
fn aws_39546_from_a_token_to_user_groups_in_one_apply() {
    let world = instant(&token(FIRST));
    people(&world.aws);
    world.applied();
    world.aws.record().clear();
    world.then(&with("user_group_ids = [\"people\"]"));
    let sent = modifications(&world.aws);
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].parameter("AuthTokenUpdateStrategy").as_deref(), Some("DELETE"));
    let state = world.terraform.state(THIS);
    assert_eq!(
        (&state["auth_token_enabled"], &state["auth_token"]),
        (&false.into(), &serde_json::Value::Null)
    );
}

/// The way back as well: user groups make room for a token, in one call and without a gap.
#[test]
fn aws_31710_from_user_groups_to_a_token() {
    let world = instant(&with("user_group_ids = [\"people\"]"));
    people(&world.aws);
    world.applied();
    world.aws.record().clear();
    world.then(&token(FIRST));
    assert_eq!(writes(&world.aws), ["ModifyReplicationGroup"]);
    assert_eq!(tokens(&world), [some(FIRST)]);
}

/// After an import the token was sent, though it had not changed: refused next to user groups.
#[test]
fn aws_42372_an_import_sends_no_token() {
    for (configuration, tokens_after) in
        [(token(FIRST), vec![some(FIRST)]), (with("user_group_ids = [\"people\"]"), vec![])]
    {
        let world = instant(&configuration);
        people(&world.aws);
        world.applied();
        world.terraform.run(&["state", "rm", THIS]).succeeds();
        world.terraform.run(&["import", THIS, "cache"]).succeeds();
        world.aws.record().clear();
        world.terraform.apply();
        assert_eq!(writes(&world.aws), [""; 0]);
        assert!(world.terraform.plan().actions().is_empty());
        if !tokens_after.is_empty() {
            assert_eq!(tokens(&world), tokens_after);
        }
    }
}
