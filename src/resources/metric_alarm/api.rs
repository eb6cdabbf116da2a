//! The calls to CloudWatch.

use aws_sdk_cloudwatch::types::{AlarmType, ComparisonOperator, MetricAlarm, StandardUnit, Statistic};

use super::convert;
use super::model::MetricAlarmModel;
use crate::aws::{AwsError, ErrorKind, PageTokens, Poll, Service, WaitError, WaitPlan, wait_for};
use crate::engine::Context;
use crate::resources::cloudwatch::{rules, tags};

/// Creates the alarm, or replaces everything of it but its tags, which AWS takes
/// only when it creates.
pub(super) async fn put(cx: &Context<'_>, model: &MetricAlarmModel, create: bool) -> Result<(), AwsError> {
    let client = cx.aws().cloudwatch(cx.region()).await?;
    let missing_data = model.treat_missing_data.text().and_then(rules::canonical_missing_data);
    let call = client
        .put_metric_alarm()
        .alarm_name(model.name())
        .set_alarm_description(convert::owned(&model.alarm_description))
        .set_comparison_operator(model.comparison_operator.text().map(ComparisonOperator::from))
        .set_evaluation_periods(model.evaluation_periods.known().copied())
        .set_datapoints_to_alarm(model.datapoints_to_alarm.known().copied())
        .set_threshold(model.threshold.known().copied())
        .set_threshold_metric_id(convert::owned(&model.threshold_metric_id))
        .set_metric_name(convert::owned(&model.metric_name))
        .set_namespace(convert::owned(&model.namespace))
        .set_dimensions(convert::dimensions(&model.dimensions))
        .set_period(model.period.known().copied())
        .set_statistic(model.statistic.text().map(Statistic::from))
        .set_extended_statistic(convert::owned(&model.extended_statistic))
        .set_unit(model.unit.text().map(StandardUnit::from))
        .set_metrics(convert::queries(model))
        .set_actions_enabled(model.actions_enabled.known().copied())
        .set_alarm_actions(Some(convert::list(&model.alarm_actions)))
        .set_ok_actions(Some(convert::list(&model.ok_actions)))
        .set_insufficient_data_actions(Some(convert::list(&model.insufficient_data_actions)))
        .treat_missing_data(missing_data.unwrap_or("missing"))
        .set_evaluate_low_sample_count_percentile(convert::owned(
            &model.evaluate_low_sample_count_percentiles,
        ))
        .set_tags(if create { tags::to_api(&model.tags_all) } else { None });
    cx.call(Service::CloudWatch, "PutMetricAlarm", call.send()).await.map(|_| ())
}

/// The alarm, or `None` when AWS says there is none of that name.
///
/// CloudWatch has no fault for that: its documented way is an empty list, on the last
/// page. A list that is left out counts as empty. A body that was cut short does not
/// decode here, unlike with the XML of ElastiCache.
pub(super) async fn describe(cx: &Context<'_>, name: &str) -> Result<Option<MetricAlarm>, AwsError> {
    const OPERATION: &str = "DescribeAlarms";
    let broken = |detail: &str| {
        let kind = ErrorKind::Response { detail: detail.to_owned(), request_id: None };
        AwsError::new(Service::CloudWatch, OPERATION, kind)
    };
    let client = cx.aws().cloudwatch(cx.region()).await?;
    let mut tokens = PageTokens::new(Service::CloudWatch, OPERATION);
    loop {
        let call = client
            .describe_alarms()
            .alarm_names(name)
            .alarm_types(AlarmType::MetricAlarm)
            .set_next_token(tokens.next());
        let answer = cx.call(Service::CloudWatch, OPERATION, call.send()).await?;
        let alarms = answer.metric_alarms.unwrap_or_default();
        if let Some(alarm) = alarms.into_iter().find(|alarm| alarm.alarm_name() == Some(name)) {
            return match alarm.alarm_arn() {
                Some(_) => Ok(Some(alarm)),
                None => Err(broken("it holds an alarm without an ARN")),
            };
        }
        if !tokens.advance(answer.next_token)? {
            return Ok(None);
        }
    }
}

/// The alarm just written, which CloudWatch may need a moment to show.
pub(super) async fn written(cx: &Context<'_>, name: &str) -> Result<MetricAlarm, WaitError> {
    let plan = WaitPlan::new(format!("alarm {name:?} to appear"), cx.timeout());
    wait_for(cx.cancel(), &plan, || async {
        Ok(match describe(cx, name).await? {
            Some(alarm) => Poll::Ready(alarm),
            None => Poll::Pending { status: "not shown yet".to_owned() },
        })
    })
    .await
}

/// Deletes the alarm. That it is gone already is success.
pub(super) async fn delete(cx: &Context<'_>, name: &str) -> Result<(), AwsError> {
    let client = cx.aws().cloudwatch(cx.region()).await?;
    let call = client.delete_alarms().alarm_names(name);
    match cx.call(Service::CloudWatch, "DeleteAlarms", call.send()).await {
        Err(error) if !error.is(&["ResourceNotFound"]) => Err(error),
        _ => Ok(()),
    }
}
