//! Calls that read several objects by their names.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

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

/// While an operation waits, AWS changes objects without being called.
#[tokio::test(start_paused = true)]
async fn nothing_listed_before_the_end_of_a_change_is_read_after_it() {
    let aws = FakeAws::new(|call| {
        let group = |i| {
            let (name, arn) = ("CacheSubnetGroupName", format!("<ARN>arn:g{i}</ARN>"));
            format!("<CacheSubnetGroup><{name}>g{i}</{name}>{arn}</CacheSubnetGroup>")
        };
        let groups: String = (0..10).map(group).collect();
        call.xml(&format!("<CacheSubnetGroups>{groups}</CacheSubnetGroups>"))
    });
    let names: Vec<String> = (0..10).map(|i| format!("g{i}")).collect();
    let writes = Writes::default();
    let batchers = Arc::new(Batchers::new(&writes));
    let reads = || Reads::new(aws.provider.aws().unwrap(), None, Some(Arc::clone(&batchers)));
    let listings = async |reads: Reads<'_>| {
        tokio::time::advance(Duration::from_millis(1)).await;
        let found = futures_util::future::join_all(names.iter().map(|name| reads.subnet_group(name))).await;
        assert!(found.iter().all(Option::is_some));
        aws.operations().len()
    };
    assert_eq!(listings(reads()).await, 1);
    assert_eq!(listings(reads()).await, 0, "listed a moment ago");
    // The Region of the provider has batchers of its own for objects that name it.
    Reads::new(aws.provider.aws().unwrap(), None, Some(Arc::new(Batchers::new(&writes)))).end_change();
    assert_eq!(listings(reads()).await, 1);
    assert_eq!(listings(reads()).await, 0);
    // An operation that began a moment later, in a process that knows of no change.
    tokio::time::advance(Duration::from_millis(1)).await;
    let begun = Some(Instant::now());
    assert_eq!(listings(reads().not_before(begun)).await, 1);
    assert_eq!(listings(reads().not_before(begun)).await, 0);
}
