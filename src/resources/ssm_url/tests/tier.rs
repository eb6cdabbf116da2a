//! Tiers of the parameter, and the wait of a replacement.

use std::time::Duration;

use tokio::time::Instant;

use super::SsmUrl;
use super::resource::{by_host, none, ssm};
use crate::engine::CreatedNames;
use crate::testing::aws::{FakeAws, problems, text_map};
use crate::value::Value;

/// A configuration with this tier, and with a URL of more than 4096 bytes if `is_long`.
fn tiered(tier: &str, is_long: bool) -> Value {
    let filler = "y".repeat(if is_long { 5000 } else { 1 });
    by_host([("tier", tier.into()), ("parameters", text_map([("x", filler.as_str())]))])
}

/// Applies the configuration, and returns the state and the tiers that were sent.
async fn applied(aws: &FakeAws, prior: &Value, config: Value) -> (Value, Vec<String>) {
    aws.calls();
    let applied = aws.update(&SsmUrl, prior, config.clone()).await;
    assert_eq!(problems(&applied.diags), none());
    let puts = aws.calls().into_iter().filter(|call| call.operation == "PutParameter");
    let sent = puts.map(|call| call.json()["Tier"].as_str().unwrap_or_default().to_owned()).collect();
    assert_eq!(aws.read(&SsmUrl, &applied.state).await.state, applied.state, "a refresh changes nothing");
    assert_eq!(aws.plan(&SsmUrl, &applied.state, &config).planned, applied.state, "the plan is empty");
    (applied.state, sent)
}

fn tiers(state: &Value) -> [&str; 2] {
    ["tier", "tier_actual"].map(|name| state.get(name).as_str().unwrap_or_default())
}

fn replaced(aws: &FakeAws, prior: &Value, config: &Value) -> Vec<String> {
    let plan = aws.plan(&SsmUrl, prior, config);
    assert_eq!(problems(&plan.diags), none());
    plan.replace.iter().map(ToString::to_string).collect()
}

const INTELLIGENT: &str = "Intelligent-Tiering";

/// SSM upgrades the parameter by itself, and never goes back (API reference of PutParameter).
#[tokio::test]
async fn intelligent_tiering_is_sent_with_each_write() {
    let (aws, _) = ssm();
    let (state, sent) = applied(&aws, &Value::Null, tiered(INTELLIGENT, false)).await;
    assert_eq!((tiers(&state), sent), ([INTELLIGENT, "Standard"], vec![INTELLIGENT.to_owned()]));
    let (state, sent) = applied(&aws, &state, tiered(INTELLIGENT, true)).await;
    assert_eq!((tiers(&state), sent), ([INTELLIGENT, "Advanced"], vec![INTELLIGENT.to_owned()]));
    let (state, _) = applied(&aws, &state, tiered(INTELLIGENT, false)).await;
    assert_eq!(tiers(&state), [INTELLIGENT, "Advanced"]);
    // The parameter is an advanced one, whatever its tier is called.
    assert_eq!(replaced(&aws, &state, &tiered("Standard", false)), ["tier"]);
    assert_eq!(replaced(&aws, &state, &by_host([("tier", Value::Unknown)])), ["tier"]);
    assert_eq!(replaced(&aws, &state, &tiered("Advanced", false)), none());
    let (state, sent) = applied(&aws, &state, tiered("Advanced", false)).await;
    assert_eq!((tiers(&state), sent), (["Advanced", "Advanced"], none()));
    assert_eq!(replaced(&aws, &state, &tiered("Standard", false)), ["tier"]);
}

#[tokio::test]
async fn intelligent_tiering_of_an_existing_parameter_takes_effect() {
    let (aws, _) = ssm();
    let (state, sent) = applied(&aws, &Value::Null, tiered("Standard", false)).await;
    assert_eq!((tiers(&state), sent), (["Standard", "Standard"], vec!["Standard".to_owned()]));
    // By itself it is no change, as after an import.
    assert_eq!(aws.plan(&SsmUrl, &state, &tiered(INTELLIGENT, false)).planned, state);
    assert_eq!(replaced(&aws, &state, &tiered(INTELLIGENT, true)), none());
    let (state, sent) = applied(&aws, &state, tiered(INTELLIGENT, true)).await;
    assert_eq!((tiers(&state), sent), ([INTELLIGENT, "Advanced"], vec![INTELLIGENT.to_owned()]));
    // An omitted tier stays.
    let omitted = by_host([("parameters", text_map([("x", "z".repeat(5000).as_str())]))]);
    let (_, sent) = applied(&aws, &state, omitted).await;
    assert_eq!(sent, [INTELLIGENT]);
}

#[tokio::test]
async fn intelligent_tiering_of_a_standard_parameter_becomes_standard_in_place() {
    let (aws, _) = ssm();
    let (state, _) = applied(&aws, &Value::Null, tiered(INTELLIGENT, false)).await;
    assert_eq!(replaced(&aws, &state, &tiered("Standard", false)), none());
    let (state, sent) = applied(&aws, &state, tiered("Standard", false)).await;
    assert_eq!((tiers(&state), sent), (["Standard", "Standard"], none()));
    let (state, sent) = applied(&aws, &state, tiered("Advanced", false)).await;
    assert_eq!((tiers(&state), sent), (["Advanced", "Advanced"], vec!["Advanced".to_owned()]));
}

/// States of earlier builds have no `tier_actual`, and a refresh adds it.
#[tokio::test]
async fn state_without_the_actual_tier_is_understood() {
    let (aws, _) = ssm();
    for tier in ["Advanced", INTELLIGENT] {
        let (mut state, _) = applied(&aws, &Value::Null, tiered(tier, true)).await;
        if let Value::Map(entries) = &mut state {
            entries.insert("tier_actual".to_owned(), Value::Null);
        }
        if tier == "Advanced" {
            assert_eq!(replaced(&aws, &state, &tiered("Standard", false)), ["tier"]);
        }
        let read = aws.read(&SsmUrl, &state).await.state;
        assert_eq!(tiers(&read), [tier, "Advanced"]);
        assert_eq!(replaced(&aws, &read, &tiered("Standard", false)), ["tier"]);
        assert_eq!(problems(&aws.delete(&SsmUrl, &read).await.diags), none());
    }
}

/// API reference of DeleteParameter: 30 seconds.
#[tokio::test(start_paused = true)]
async fn replacement_waits_after_the_deletion() {
    let (mut later, store) = ssm();
    let created = later.create(&SsmUrl, by_host([("tier", "Advanced".into())])).await;
    assert_eq!(problems(&created.diags), none());
    later.provider.created_names = CreatedNames::default();
    let started = Instant::now();
    let deleted = later.delete_replaced(&SsmUrl, &created.state).await;
    assert_eq!(problems(&deleted.diags), none());
    tokio::time::sleep(Duration::from_secs(12)).await;
    let other = later.create(&SsmUrl, by_host([("name", "/app/other".into())])).await;
    assert_eq!(problems(&other.diags), none());
    assert_eq!(started.elapsed().as_secs(), 12, "another name");
    store.lock().unwrap().is_advanced = false;
    store.lock().unwrap().value = None;
    let replaced = later.create(&SsmUrl, by_host([("tier", "Standard".into())])).await;
    assert_eq!(problems(&replaced.diags), none());
    assert_eq!(started.elapsed().as_secs(), 30);
}

#[tokio::test(start_paused = true)]
async fn cancellation_ends_the_wait_after_the_deletion() {
    let (mut later, store) = ssm();
    let created = later.create(&SsmUrl, by_host([])).await;
    later.provider.created_names = CreatedNames::default();
    later.delete_replaced(&SsmUrl, &created.state).await;
    let started = Instant::now();
    let stop = async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        later.cancel.cancel();
    };
    let (replaced, ()) = tokio::join!(later.create(&SsmUrl, by_host([])), stop);
    assert!(replaced.diags.has_errors() && replaced.state.is_null(), "{:?}", problems(&replaced.diags));
    assert_eq!(started.elapsed().as_secs(), 3);
    assert!(store.lock().unwrap().value.is_none());
}
