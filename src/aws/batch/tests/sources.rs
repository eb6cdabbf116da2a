//! Calls that read several objects by their names.

use std::sync::Arc;

use super::super::{Batchers, Reads, Writes};
use crate::testing::aws::FakeAws;

/// Reads of an AWS that is scripted.
fn reads(aws: &FakeAws) -> Reads<'_> {
    let batchers = Arc::new(Batchers::new(&Writes::default()));
    Reads::new(aws.provider.aws().unwrap(), None, Some(batchers))
}

/// A call that names alarms says of each whether it exists; what is incomplete is left to another call.
#[tokio::test(start_paused = true)]
async fn alarms_are_described_together_by_their_names() {
    let aws = FakeAws::new(|call| {
        let existing = serde_json::json!({ "AlarmName": "existing", "AlarmArn": "arn:existing" });
        let cut = serde_json::json!({ "AlarmName": "cut" });
        let requested = String::from_utf8_lossy(&call.body).into_owned();
        let mut alarms = vec![existing, cut];
        alarms.retain(|alarm| alarm["AlarmName"].as_str().is_some_and(|name| requested.contains(name)));
        call.answer_json(&serde_json::json!({ "MetricAlarms": alarms, "CompositeAlarms": [] }))
    });
    let reads = reads(&aws);
    assert!(reads.alarm_of_name("existing").await.is_none(), "one name alone");
    assert_eq!(aws.operations(), [""; 0]);
    let (existing, missing, cut) = tokio::join!(
        reads.alarm_of_name("existing"),
        reads.alarm_of_name("missing"),
        reads.alarm_of_name("cut")
    );
    let arn = existing.unwrap().and_then(|alarm| alarm.alarm_arn().map(str::to_owned));
    assert_eq!(arn.as_deref(), Some("arn:existing"));
    assert!(missing.is_some_and(|missing| missing.is_none()) && cut.is_none());
    assert_eq!(aws.operations(), ["DescribeAlarms"]);
    let again = tokio::join!(reads.alarm_of_name("existing"), reads.alarm_of_name("missing"));
    assert!(again.0.is_some() && again.1.is_some());
    assert_eq!(aws.operations(), ["DescribeAlarms"], "no answer is kept");
}

#[tokio::test(start_paused = true)]
async fn parameters_that_were_written_are_read_together_without_decryption() {
    let aws = FakeAws::new(|call| {
        let body = call.json();
        assert_eq!(body["WithDecryption"], serde_json::json!(false));
        let parameter =
            |name: &serde_json::Value| serde_json::json!({ "Name": name, "ARN": "arn:a", "Value": "?" });
        let found: Vec<_> = body["Names"].as_array().unwrap().iter().map(parameter).collect();
        call.answer_json(&serde_json::json!({ "Parameters": found }))
    });
    let reads = reads(&aws);
    let names: Vec<String> = (0..12).map(|i| format!("/{i}")).collect();
    let found =
        futures_util::future::join_all(names.iter().map(|name| reads.encrypted_parameter(name))).await;
    assert!(found.iter().zip(&names).all(|(found, name)| found.as_ref().unwrap().name() == Some(name)));
    assert_eq!(aws.operations(), ["GetParameters", "GetParameters"]);
}
