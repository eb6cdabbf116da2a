use std::time::Duration;

use super::action::AnyAction;
use crate::testing::aws::{FakeAws, problems};
use crate::testing::core::{invoked, provider};
use crate::testing::test_operations::Rehearse;
use crate::value::Value;

fn no_aws() -> FakeAws {
    FakeAws::new(|call| call.error("None", "Nothing is called."))
}

fn config<const N: usize>(steps: [&str; N], more: &[(&str, &str)]) -> Value {
    let steps = ("steps", Value::List(steps.map(Value::from).to_vec()));
    let more = more.iter().map(|(name, value)| (*name, Value::from(*value)));
    AnyAction::schema(&Rehearse).conform(Value::map([steps].into_iter().chain(more)))
}

#[tokio::test(start_paused = true)]
async fn newest_message_is_repeated_after_each_silent_minute() {
    let fake = no_aws();
    let steps = ["wait:70", "say:Waiting for the new primary", "wait:50", "say:Still waiting", "wait:130"];
    let (messages, diags) = invoked(&Rehearse, &fake.provider, &fake.cancel, config(steps, &[])).await;
    let expected = [
        "Running (1m00s elapsed)",
        "Waiting for the new primary",
        "Still waiting",
        "Still waiting (3m00s elapsed)",
        "Still waiting (4m00s elapsed)",
    ];
    assert_eq!(messages, expected);
    assert!(diags.is_empty(), "{diags:?}");
}

#[tokio::test(start_paused = true)]
async fn stop_ends_the_wait_and_says_what_goes_on() {
    let fake = no_aws();
    let steps = ["accept:The failover of shard 0001 continues in AWS.", "wait:600"];
    let stop = async {
        tokio::time::sleep(Duration::from_secs(10)).await;
        fake.cancel.cancel();
    };
    let invoking = invoked(&Rehearse, &fake.provider, &fake.cancel, config(steps, &[]));
    let ((messages, diags), ()) = tokio::join!(invoking, stop);
    let expected =
        "Rehearsal stopped: Terraform asked to stop.\n\nThe failover of shard 0001 continues in AWS.";
    assert_eq!((messages.len(), problems(&diags)), (0, vec![expected.to_owned()]));
}

#[tokio::test]
async fn failure_without_a_stop_says_nothing_of_what_goes_on() {
    let fake = no_aws();
    let steps = ["accept:It continues in AWS.", "warn:too early", "fail:AWS refuses it."];
    let (_, diags) = invoked(&Rehearse, &fake.provider, &fake.cancel, config(steps, &[])).await;
    assert_eq!(problems(&diags), ["Rehearsed: too early", "Rehearsal failed: AWS refuses it."]);
}

#[tokio::test]
async fn stop_after_the_end_is_no_failure() {
    let fake = no_aws();
    fake.cancel.cancel();
    let steps = ["accept:It continues in AWS.", "say:Done"];
    let (messages, diags) = invoked(&Rehearse, &fake.provider, &fake.cancel, config(steps, &[])).await;
    assert_eq!((messages, problems(&diags)), (vec!["Done".to_owned()], Vec::new()));
}

#[tokio::test]
async fn plan_checks_a_known_configuration_and_lets_unknown_values_pass() {
    let fake = no_aws();
    let plan = async |config: Value| problems(&Rehearse.plan(&fake.provider, &fake.cancel, &config).await);
    let busy = config([], &[("mode", "busy"), ("region", "eu-west-1")]);
    assert_eq!(plan(busy.clone()).await, ["Object busy: It changes in eu-west-1."]);
    let Value::Map(mut entries) = busy else { panic!("no object") };
    entries.insert("steps".to_owned(), Value::Unknown);
    assert_eq!(plan(Value::Map(entries)).await, [] as [&str; 0]);
    assert_eq!(plan(config([], &[("mode", "ready")])).await, [] as [&str; 0]);
    // Without AWS the plan asks nothing, and the action says why it cannot run.
    let offline = provider();
    let busy = config([], &[("mode", "busy")]);
    assert!(Rehearse.plan(&offline, &fake.cancel, &busy).await.is_empty());
    let (_, diags) = invoked(&Rehearse, &offline, &fake.cancel, busy).await;
    assert_eq!(problems(&diags), ["No AWS: This is a test."]);
}

#[tokio::test]
async fn invalid_configuration_is_refused_in_every_phase() {
    let fake = no_aws();
    let wrong = config(["say:never"], &[("mode", "idle")]);
    let refused = problems(&AnyAction::validate(&Rehearse, &wrong));
    assert!(refused.len() == 1 && refused[0].starts_with("mode: Invalid mode"), "{refused:?}");
    assert_eq!(problems(&Rehearse.plan(&fake.provider, &fake.cancel, &wrong).await), refused);
    let (messages, diags) = invoked(&Rehearse, &fake.provider, &fake.cancel, wrong).await;
    assert_eq!((messages.len(), problems(&diags)), (0, refused));
}

#[tokio::test]
async fn warnings_of_validation_come_with_the_plan_alone() {
    let fake = no_aws();
    let odd = config(["say:Done"], &[("mode", "odd")]);
    let planned = problems(&Rehearse.plan(&fake.provider, &fake.cancel, &odd).await);
    assert_eq!(planned, ["mode: Odd mode: It has no effect."]);
    let (messages, diags) = invoked(&Rehearse, &fake.provider, &fake.cancel, odd).await;
    assert_eq!((messages, problems(&diags)), (vec!["Done".to_owned()], Vec::new()));
}
