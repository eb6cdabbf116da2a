//! The calls to CloudWatch.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use aws_sdk_cloudwatch::operation::describe_alarms::builders::DescribeAlarmsFluentBuilder;
use aws_sdk_cloudwatch::types::{AlarmType, ComparisonOperator, Dimension, Statistic};

use super::live::{self, Live};
use super::model::{AlarmModel, Arns, CompositeAlarmModel};
use crate::aws::{
    AwsError, ErrorKind, PageTokens, Poll, Service, WaitError, WaitPlan, call_retrying, wait_for,
};
use crate::engine::Context;
use crate::engine::tags::Tags;
use crate::resources::cloudwatch::{ALARM, rules, tags};
use crate::value::Field;

/// Most names in one call of DescribeAlarms or DeleteAlarms (API model).
const BATCH: usize = 100;

/// Calls under way at once. CloudWatch takes three PutMetricAlarm in a second.
const LANES: usize = 3;

/// How CloudWatch says that there is no such alarm.
const NOT_FOUND: &[&str] = &["ResourceNotFound", "ResourceNotFoundException"];

/// How CloudWatch says "too fast", when even the retries within a call are used up.
const THROTTLED: &[&str] = &["Throttling", "ThrottlingException", "RequestLimitExceeded"];

/// Does `work` for every item, a few at a time, until one fails. Gives each result in
/// any order; items that were not begun have none.
pub(super) async fn in_lanes<'i, T, R, F, Fut>(items: &'i [T], work: F) -> Vec<(&'i T, Result<R, AwsError>)>
where
    T: Sync,
    R: Send,
    F: Fn(&'i T) -> Fut + Sync,
    Fut: Future<Output = Result<R, AwsError>> + Send,
{
    let (next, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
    let lane = || async {
        let mut done = Vec::new();
        while !failed.load(Ordering::Relaxed) {
            let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) else { break };
            let result = work(item).await;
            failed.fetch_or(result.is_err(), Ordering::Relaxed);
            done.push((item, result));
        }
        done
    };
    const { assert!(LANES == 3, "as many lanes as are joined below") };
    let (a, b, c) = tokio::join!(lane(), lane(), lane());
    a.into_iter().chain(b).chain(c).collect()
}

/// Runs a call again as long as CloudWatch is called too fast.
async fn patiently<T, Fut>(cx: &Context<'_>, call: impl FnMut() -> Fut) -> Result<T, AwsError>
where
    Fut: Future<Output = Result<T, AwsError>>,
{
    call_retrying(cx.cancel(), cx.deadline(), THROTTLED, call).await
}

/// The alarms of these names that there are.
pub(super) async fn describe(cx: &Context<'_>, names: &[String]) -> Result<BTreeMap<String, Live>, AwsError> {
    let client = cx.aws().cloudwatch(cx.region()).await?;
    let mut found = BTreeMap::new();
    for batch in names.chunks(BATCH) {
        let call = client.describe_alarms().set_alarm_names(Some(batch.to_vec()));
        pages(cx, call, &mut found).await?;
    }
    Ok(found)
}

/// The alarms whose names begin so.
pub(super) async fn describe_prefix(
    cx: &Context<'_>,
    prefix: &str,
) -> Result<BTreeMap<String, Live>, AwsError> {
    let client = cx.aws().cloudwatch(cx.region()).await?;
    let call =
        client.describe_alarms().set_alarm_name_prefix(Some(prefix.to_owned()).filter(|p| !p.is_empty()));
    let mut found = BTreeMap::new();
    pages(cx, call, &mut found).await?;
    Ok(found)
}

async fn pages(
    cx: &Context<'_>,
    call: DescribeAlarmsFluentBuilder,
    found: &mut BTreeMap<String, Live>,
) -> Result<(), AwsError> {
    const OPERATION: &str = "DescribeAlarms";
    let call =
        call.alarm_types(AlarmType::MetricAlarm).alarm_types(AlarmType::CompositeAlarm).max_records(100);
    let mut tokens = PageTokens::new(Service::CloudWatch, OPERATION);
    loop {
        let page = call.clone().set_next_token(tokens.next());
        let answer = patiently(cx, || cx.call(Service::CloudWatch, OPERATION, page.clone().send())).await?;
        let metric = answer.metric_alarms().iter().map(|it| Live::Metric(live::metric(it)));
        let composite = answer.composite_alarms().iter().map(|it| Live::Composite(live::composite(it)));
        for alarm in metric.chain(composite) {
            if alarm.name().is_empty() || alarm.arn().text().is_none() {
                let detail = "it holds an alarm without name or ARN".to_owned();
                let kind = ErrorKind::Response { detail, request_id: None };
                return Err(AwsError::new(Service::CloudWatch, OPERATION, kind));
            }
            found.insert(alarm.name().to_owned(), alarm);
        }
        if !tokens.advance(answer.next_token)? {
            return Ok(());
        }
    }
}

/// The alarms just written, which CloudWatch may need a moment to show: ARNs by name.
pub(super) async fn written(
    cx: &Context<'_>,
    names: &[String],
) -> Result<BTreeMap<String, Field<String>>, WaitError> {
    if names.is_empty() {
        return Ok(BTreeMap::new());
    }
    let plan = WaitPlan::new(format!("{} new alarms to appear", names.len()), cx.timeout());
    wait_for(cx.cancel(), &plan, || async {
        let found = describe(cx, names).await?;
        let missing = names.iter().filter(|name| !found.contains_key(*name)).count();
        Ok(match missing {
            0 => Poll::Ready(found.into_iter().map(|(name, live)| (name, live.arn().clone())).collect()),
            missing => Poll::Pending { status: format!("{missing} not shown yet") },
        })
    })
    .await
}

fn list(actions: &Field<Arns>) -> Option<Vec<String>> {
    Some(actions.known().into_iter().flatten().cloned().collect())
}

fn given(field: &Field<String>) -> Option<String> {
    field.text().map(str::to_owned)
}

/// Creates or replaces an alarm on a metric. AWS takes the tags only when it creates.
pub(super) async fn put(cx: &Context<'_>, alarm: &AlarmModel, all: &Field<Tags>) -> Result<(), AwsError> {
    let client = cx.aws().cloudwatch(cx.region()).await?;
    let dimension = |(name, value): (&String, &String)| Dimension::builder().name(name).value(value).build();
    let dimensions = alarm.dimensions.known().into_iter().flatten().map(dimension).collect();
    let (plain, extended) = match alarm.statistic.text() {
        Some(statistic) if rules::STATISTICS.contains(&statistic) => (Some(Statistic::from(statistic)), None),
        statistic => (None, statistic.map(str::to_owned)),
    };
    let call = client
        .put_metric_alarm()
        .set_alarm_name(given(&alarm.name))
        .set_alarm_description(given(&alarm.description))
        .set_namespace(given(&alarm.namespace))
        .set_metric_name(given(&alarm.metric_name))
        .set_dimensions(Some(dimensions))
        .set_statistic(plain)
        .set_extended_statistic(extended)
        .set_comparison_operator(alarm.comparison_operator.text().map(ComparisonOperator::from))
        .set_threshold(alarm.threshold.known().copied())
        .set_period(alarm.period.known().copied())
        .set_evaluation_periods(alarm.evaluation_periods.known().copied())
        .set_datapoints_to_alarm(alarm.datapoints_to_alarm.known().copied())
        .set_treat_missing_data(given(&alarm.treat_missing_data))
        .set_actions_enabled(alarm.actions_enabled.known().copied())
        .set_alarm_actions(list(&alarm.alarm_actions))
        .set_ok_actions(list(&alarm.ok_actions))
        .set_insufficient_data_actions(list(&alarm.insufficient_data_actions))
        .set_tags(tags::to_api(all));
    patiently(cx, || cx.call(Service::CloudWatch, "PutMetricAlarm", call.clone().send())).await.map(drop)
}

/// Creates or replaces a composite alarm, likewise.
pub(super) async fn put_composite(
    cx: &Context<'_>,
    alarm: &CompositeAlarmModel,
    all: &Field<Tags>,
) -> Result<(), AwsError> {
    let client = cx.aws().cloudwatch(cx.region()).await?;
    let call = client
        .put_composite_alarm()
        .set_alarm_name(given(&alarm.name))
        .set_alarm_description(given(&alarm.description))
        .set_alarm_rule(given(&alarm.rule))
        .set_actions_enabled(alarm.actions_enabled.known().copied())
        .set_alarm_actions(list(&alarm.alarm_actions))
        .set_ok_actions(list(&alarm.ok_actions))
        .set_insufficient_data_actions(list(&alarm.insufficient_data_actions))
        .set_tags(tags::to_api(all));
    patiently(cx, || cx.call(Service::CloudWatch, "PutCompositeAlarm", call.clone().send())).await.map(drop)
}

/// Those names of alarms that this run of Terraform has not made anew.
pub(super) async fn not_made(cx: &Context<'_>, names: &[String]) -> Vec<String> {
    let mut left = Vec::new();
    for name in names {
        if !cx.was_made(&cx.key(ALARM, name).await) {
            left.push(name.clone());
        }
    }
    left
}

/// Deletes alarms, at most one of them composite, but for those that were made anew. Those that are gone are passed over:
/// AWS's documents differ on what becomes of the others then, so each is deleted by itself. A listing without them would
/// not prove that they are gone.
pub(super) async fn delete(cx: &Context<'_>, names: &[String]) -> Result<(), AwsError> {
    for batch in not_made(cx, names).await.chunks(BATCH) {
        let deleted = delete_batch(cx, batch).await;
        if !deleted.as_ref().is_err_and(|error| error.is(NOT_FOUND)) {
            deleted?;
            continue;
        }
        for (_, deleted) in in_lanes(batch, |name| delete_one(cx, name)).await {
            deleted?;
        }
    }
    Ok(())
}

/// See [`delete`]. That the alarm is gone is no reason for [`in_lanes`] to stop.
async fn delete_one(cx: &Context<'_>, name: &String) -> Result<(), AwsError> {
    match delete_batch(cx, std::slice::from_ref(name)).await {
        Err(error) if error.is(NOT_FOUND) => Ok(()),
        result => result,
    }
}

async fn delete_batch(cx: &Context<'_>, names: &[String]) -> Result<(), AwsError> {
    let client = cx.aws().cloudwatch(cx.region()).await?;
    let call = client.delete_alarms().set_alarm_names(Some(names.to_vec()));
    patiently(cx, || cx.call(Service::CloudWatch, "DeleteAlarms", call.clone().send())).await.map(drop)
}

/// The tags of the alarm with that ARN.
pub(super) async fn list_tags(cx: &Context<'_>, arn: &str) -> Result<Tags, AwsError> {
    patiently(cx, || tags::list_tags(cx, arn)).await
}

/// Brings the tags of the alarm with that ARN from `prior` to `planned`.
pub(super) async fn change_tags(
    cx: &Context<'_>,
    arn: &str,
    prior: &Field<Tags>,
    planned: &Field<Tags>,
) -> Result<(), AwsError> {
    patiently(cx, || tags::change_tags(cx, arn, prior, planned)).await
}

/// Whether the alarm with that ARN exists; see [`tags::exists`].
pub(super) async fn exists(cx: &Context<'_>, arn: &str) -> Result<bool, AwsError> {
    patiently(cx, || tags::exists(cx, arn)).await
}
