//! Alarms on metrics and composite alarms.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use aws_sdk_cloudwatch::operation::describe_alarms::builders::DescribeAlarmsFluentBuilder;
use aws_sdk_cloudwatch::operation::put_composite_alarm::builders::PutCompositeAlarmFluentBuilder;
use aws_sdk_cloudwatch::operation::put_metric_alarm::builders::PutMetricAlarmFluentBuilder;
use aws_sdk_cloudwatch::types::{ActionConfiguration, AlarmType, CompositeAlarm, MetricAlarm};

use super::CONFLICT;
use super::metrics::NAMESPACE;
use super::tags;
use crate::aws::{
    AwsError, ErrorKind, Listing, PageTokens, Poll, Scope, Service, WaitError, WaitPlan, about_another,
    listed_or, unless_not_found,
};

const SERVICE: Service = Service::CloudWatch;
const DESCRIBE: &str = "DescribeAlarms";

/// Most names in one call of DescribeAlarms or DeleteAlarms (API model).
const BATCH: usize = 100;

/// Calls in progress at once. CloudWatch accepts three PutMetricAlarm per second.
const CONCURRENCY: usize = 3;

/// The codes of an alarm that does not exist (API model of DeleteAlarms and ListTagsForResource; the
/// older query protocol shortens the code).
const NOT_FOUND: &[&str] = &["ResourceNotFound", "ResourceNotFoundException"];

/// The codes of a request that CloudWatch does not accept (CommonErrors, and its code in the newer protocols).
const INVALID: &[&str] = &["ValidationError", "ValidationException"];

/// The codes of a request rate that is too high, even after the retries within a call.
const THROTTLED: &[&str] = &["Throttling", "ThrottlingException", "RequestLimitExceeded"];

/// Alarms of both kinds.
#[derive(Debug, Default)]
pub(crate) struct Alarms {
    /// Alarms on metrics.
    pub(crate) metric: Vec<MetricAlarm>,
    /// Alarms over other alarms.
    pub(crate) composite: Vec<CompositeAlarm>,
}

impl Alarms {
    /// True without any alarm.
    pub(crate) fn is_empty(&self) -> bool {
        self.metric.is_empty() && self.composite.is_empty()
    }

    /// The ARNs by name.
    fn arns(&self) -> BTreeMap<String, String> {
        let metric = self.metric.iter().map(|alarm| (alarm.alarm_name(), alarm.alarm_arn()));
        let composite = self.composite.iter().map(|alarm| (alarm.alarm_name(), alarm.alarm_arn()));
        let owned = |text: Option<&str>| text.unwrap_or_default().to_owned();
        metric.chain(composite).map(|(name, arn)| (owned(name), owned(arn))).collect()
    }
}

/// Runs `work` for each item, a few at once, until one fails. Returns each result in any order;
/// items that were not begun have none.
pub(crate) async fn for_each_concurrent<'i, T, R, F, Fut>(
    items: &'i [T],
    work: F,
) -> Vec<(&'i T, Result<R, AwsError>)>
where
    T: Sync,
    R: Send,
    F: Fn(&'i T) -> Fut + Sync,
    Fut: Future<Output = Result<R, AwsError>> + Send,
{
    let (next, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
    let worker = || async {
        let mut done = Vec::new();
        while !failed.load(Ordering::Relaxed) {
            let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) else { break };
            let result = work(item).await;
            failed.fetch_or(result.is_err(), Ordering::Relaxed);
            done.push((item, result));
        }
        done
    };
    const { assert!(CONCURRENCY == 3, "as many workers as are joined below") };
    let (a, b, c) = tokio::join!(worker(), worker(), worker());
    a.into_iter().chain(b).chain(c).collect()
}

/// Repeats a call until the deadline while CloudWatch refuses the rate of requests.
pub(crate) async fn retry_throttled<T, Fut>(
    scope: &Scope<'_>,
    call: impl FnMut() -> Fut + Send,
) -> Result<T, AwsError>
where
    T: Send,
    Fut: Future<Output = Result<T, AwsError>> + Send,
{
    scope.retry(THROTTLED, call).await
}

/// Creates the alarm, or replaces all its settings but the tags, which AWS accepts only when it
/// creates. `kept` is the action configuration of an existing alarm, for which no resource has an argument: "the update
/// completely overwrites the previous configuration of the alarm" (API reference).
pub(crate) async fn put(
    scope: &Scope<'_>,
    call: PutMetricAlarmFluentBuilder,
    kept: Option<ActionConfiguration>,
) -> Result<(), AwsError> {
    let call = call.set_action_configuration(kept);
    scope.call(SERVICE, "PutMetricAlarm", call.send()).await.map(drop)
}

/// The same of a composite alarm.
pub(crate) async fn put_composite(
    scope: &Scope<'_>,
    call: PutCompositeAlarmFluentBuilder,
    kept: Option<ActionConfiguration>,
) -> Result<(), AwsError> {
    let call = call.set_action_configuration(kept);
    scope.call(SERVICE, "PutCompositeAlarm", call.send()).await.map(drop)
}

/// The alarm on a metric, from a listing if other alarms are read at the same time, otherwise as
/// [`describe`].
pub(crate) async fn find(scope: &Scope<'_>, name: &str) -> Result<Option<MetricAlarm>, AwsError> {
    let listed = scope.reads().alarm(name).await;
    listed_or(listed, describe(scope, name)).await
}

/// The alarm on a metric; `None` when AWS returns none of that name.
///
/// DescribeAlarms has no error for that: its documented way is an empty list, on the last page. A
/// list that is omitted counts as empty. A truncated body does not decode here, unlike with the XML
/// of ElastiCache.
pub(crate) async fn describe(scope: &Scope<'_>, name: &str) -> Result<Option<MetricAlarm>, AwsError> {
    let client = scope.cloudwatch().await?;
    let mut tokens = PageTokens::new(SERVICE, DESCRIBE);
    loop {
        let call = client
            .describe_alarms()
            .alarm_names(name)
            .alarm_types(AlarmType::MetricAlarm)
            .set_next_token(tokens.next());
        let answer = scope.call(SERVICE, DESCRIBE, call.send()).await?;
        let alarms = answer.metric_alarms.unwrap_or_default();
        of_names(alarms.iter().map(MetricAlarm::alarm_name), &[name])?;
        if let Some(alarm) = alarms.into_iter().next() {
            return match alarm.alarm_arn() {
                Some(_) => Ok(Some(alarm)),
                None => Err(incomplete("it holds an alarm without an ARN")),
            };
        }
        if !tokens.advance(answer.next_token)? {
            return Ok(None);
        }
    }
}

/// The same, by one call for all alarms that are described at the same time.
pub(crate) async fn describe_together(
    scope: &Scope<'_>,
    name: &str,
) -> Result<Option<MetricAlarm>, AwsError> {
    match scope.reads().alarm_of_name(name).await {
        Some(described) => Ok(described),
        None => describe(scope, name).await,
    }
}

/// The composite alarm; `None` when AWS returns none of that name, as in [`describe`].
pub(crate) async fn describe_composite(
    scope: &Scope<'_>,
    name: &str,
) -> Result<Option<CompositeAlarm>, AwsError> {
    let found = describe_all(scope, &[name.to_owned()]).await?;
    Ok(found.composite.into_iter().find(|alarm| alarm.alarm_name() == Some(name)))
}

/// The existing alarms of these names.
pub(crate) async fn describe_all(scope: &Scope<'_>, names: &[String]) -> Result<Alarms, AwsError> {
    let client = scope.cloudwatch().await?;
    let mut found = Alarms::default();
    for batch in names.chunks(BATCH) {
        let call = client.describe_alarms().set_alarm_names(Some(batch.to_vec()));
        let mut described = Alarms::default();
        add_pages(scope, call, &mut described).await?;
        let metric = described.metric.iter().map(MetricAlarm::alarm_name);
        let composite = described.composite.iter().map(CompositeAlarm::alarm_name);
        of_names(metric.chain(composite), batch)?;
        found.metric.extend(described.metric);
        found.composite.extend(described.composite);
    }
    Ok(found)
}

/// The alarms whose names begin with `prefix`.
pub(crate) async fn list(scope: &Scope<'_>, prefix: &str) -> Result<Alarms, AwsError> {
    let client = scope.cloudwatch().await?;
    let call =
        client.describe_alarms().set_alarm_name_prefix(Some(prefix.to_owned()).filter(|p| !p.is_empty()));
    let mut found = Alarms::default();
    add_pages(scope, call, &mut found).await?;
    Ok(found)
}

/// True for an alarm on a metric of ElastiCache. An alarm on an expression has its metrics, and their namespaces, in its
/// queries.
pub(crate) fn is_of_elasticache(alarm: &MetricAlarm) -> bool {
    let queried = alarm.metrics().iter().filter_map(|query| query.metric_stat()?.metric()?.namespace());
    alarm.namespace().into_iter().chain(queried).any(|namespace| namespace == NAMESPACE)
}

/// The alarms on metrics whose names begin with a prefix, page by page.
///
/// Without a prefix every alarm.
pub(crate) fn listing<'a>(scope: &'a Scope<'a>, prefix: Option<&'a str>) -> Listing<'a, MetricAlarm> {
    let prefix = prefix.filter(|prefix| !prefix.is_empty());
    Listing::new(SERVICE, DESCRIBE, move |token| async move {
        let client = scope.cloudwatch().await?;
        let call = client
            .describe_alarms()
            .set_alarm_name_prefix(prefix.map(str::to_owned))
            .alarm_types(AlarmType::MetricAlarm)
            .max_records(100)
            .set_next_token(token);
        let answer = retry_throttled(scope, || scope.call(SERVICE, DESCRIBE, call.clone().send())).await?;
        Ok((answer.metric_alarms, answer.next_token))
    })
}

async fn add_pages(
    scope: &Scope<'_>,
    call: DescribeAlarmsFluentBuilder,
    found: &mut Alarms,
) -> Result<(), AwsError> {
    let call =
        call.alarm_types(AlarmType::MetricAlarm).alarm_types(AlarmType::CompositeAlarm).max_records(100);
    let mut tokens = PageTokens::new(SERVICE, DESCRIBE);
    loop {
        let page = call.clone().set_next_token(tokens.next());
        let answer = retry_throttled(scope, || scope.call(SERVICE, DESCRIBE, page.clone().send())).await?;
        let is_given = |text: Option<&str>| text.is_some_and(|text| !text.is_empty());
        let metric = answer.metric_alarms().iter().map(|it| (it.alarm_name(), it.alarm_arn()));
        let composite = answer.composite_alarms().iter().map(|it| (it.alarm_name(), it.alarm_arn()));
        if !metric.chain(composite).all(|(name, arn)| is_given(name) && is_given(arn)) {
            return Err(incomplete("it holds an alarm without name or ARN"));
        }
        found.metric.extend(answer.metric_alarms.unwrap_or_default());
        found.composite.extend(answer.composite_alarms.unwrap_or_default());
        if !tokens.advance(answer.next_token)? {
            return Ok(());
        }
    }
}

/// Refuses alarms that were not requested by name: such an answer does not prove that the requested ones do not exist.
fn of_names<'a>(
    found: impl Iterator<Item = Option<&'a str>>,
    requested: &[impl AsRef<str>],
) -> Result<(), AwsError> {
    for name in found {
        let Some(name) = name else { return Err(incomplete("it holds an alarm without name")) };
        if !requested.iter().any(|requested| requested.as_ref() == name) {
            let requested: Vec<&str> = requested.iter().map(AsRef::as_ref).collect();
            return Err(about_another(SERVICE, DESCRIBE, name, &requested.join("\", \"")));
        }
    }
    Ok(())
}

fn incomplete(detail: &str) -> AwsError {
    let kind = ErrorKind::Response { detail: detail.to_owned(), request_id: None };
    AwsError::new(SERVICE, DESCRIBE, kind)
}

/// The alarm on a metric that was just written: CloudWatch may return it only after a moment.
pub(crate) async fn wait_available(scope: &Scope<'_>, name: &str) -> Result<MetricAlarm, WaitError> {
    let plan = WaitPlan::new(format!("alarm {name:?} to appear"), scope.timeout());
    let visible = scope.wait(&plan, || async {
        Ok(match describe_together(scope, name).await? {
            Some(alarm) => Poll::Ready(alarm),
            None => Poll::Pending { status: "not shown yet".to_owned() },
        })
    });
    visible.await
}

/// The same of a composite alarm.
pub(crate) async fn wait_composite_available(
    scope: &Scope<'_>,
    name: &str,
) -> Result<CompositeAlarm, WaitError> {
    let plan = WaitPlan::new(format!("composite alarm {name:?} to appear"), scope.timeout());
    let visible = scope.wait(&plan, || async {
        Ok(match describe_composite(scope, name).await? {
            Some(alarm) => Poll::Ready(alarm),
            None => Poll::Pending { status: "not shown yet".to_owned() },
        })
    });
    visible.await
}

/// The same of alarms of both kinds: their ARNs by name.
pub(crate) async fn wait_all_available(
    scope: &Scope<'_>,
    names: &[String],
) -> Result<BTreeMap<String, String>, WaitError> {
    if names.is_empty() {
        return Ok(BTreeMap::new());
    }
    let plan = WaitPlan::new(format!("{} new alarms to appear", names.len()), scope.timeout());
    let visible = scope.wait(&plan, || async {
        let arns = describe_all(scope, names).await?.arns();
        let missing = names.iter().filter(|name| !arns.contains_key(*name)).count();
        Ok(match missing {
            0 => Poll::Ready(arns),
            missing => Poll::Pending { status: format!("{missing} not shown yet") },
        })
    });
    visible.await
}

/// Whether the alarm with that ARN exists. DescribeAlarms has no error for an alarm that does not,
/// only an empty list; ListTagsForResource has one.
pub(crate) async fn exists(scope: &Scope<'_>, arn: &str) -> Result<bool, AwsError> {
    Ok(unless_not_found(tags::list(scope, arn).await, NOT_FOUND)?.is_some())
}

/// Deletes the alarm. Not found is success.
pub(crate) async fn delete(scope: &Scope<'_>, name: &str) -> Result<(), AwsError> {
    let client = scope.cloudwatch().await?;
    let call = client.delete_alarms().alarm_names(name);
    let deleted = scope.retry(CONFLICT, || scope.call(SERVICE, "DeleteAlarms", call.clone().send())).await;
    unless_not_found(deleted, NOT_FOUND).map(drop)
}

/// An alarm that CloudWatch does not delete because a composite alarm has it in its rule.
#[derive(Debug, Clone)]
pub(crate) struct InRule {
    /// Name of the alarm.
    pub(crate) name: String,
    /// The refusal.
    pub(crate) error: AwsError,
}

/// True for the refusal of an alarm that a composite alarm has in its rule: "Cannot delete a as there are composite alarm(s)
/// depending on it." (ekristen/aws-nuke 462, cloud-custodian 7763). The code is that of every invalid request.
fn is_in_rule(error: &AwsError) -> bool {
    let message = error.message().unwrap_or_default().to_lowercase();
    error.is(INVALID) && message.contains("composite alarm") && message.contains("depend")
}

/// Deletes alarms, at most one of them composite. Not found is success: AWS's documents differ on what
/// becomes of the other alarms of that call, so each is then deleted by itself. A listing without them
/// would not prove that they do not exist. Returns the alarms in the rules of composite alarms, because of which CloudWatch
/// refuses the whole call; the others are deleted.
pub(crate) async fn delete_all(scope: &Scope<'_>, names: &[String]) -> Result<Vec<InRule>, AwsError> {
    let mut in_rules = Vec::new();
    for batch in names.chunks(BATCH) {
        match (delete_batch(scope, batch).await, batch) {
            (Ok(()), _) => {}
            (Err(error), [_]) if error.is(NOT_FOUND) => {}
            (Err(error), [name]) if is_in_rule(&error) => in_rules.push(InRule { name: name.clone(), error }),
            (Err(error), _) if error.is(NOT_FOUND) || is_in_rule(&error) => {
                in_rules.extend(delete_each(scope, batch).await?);
            }
            (Err(error), _) => return Err(error),
        }
    }
    Ok(in_rules)
}

/// Deletes alarms one by one, as [`delete_all`].
async fn delete_each(scope: &Scope<'_>, names: &[String]) -> Result<Vec<InRule>, AwsError> {
    let deleted = for_each_concurrent(names, |name| async move {
        match retry_throttled(scope, || delete(scope, name)).await {
            Err(error) if is_in_rule(&error) => Ok(Some(InRule { name: name.clone(), error })),
            deleted => deleted.map(|()| None),
        }
    });
    let mut in_rules = Vec::new();
    for (_, in_rule) in deleted.await {
        in_rules.extend(in_rule?);
    }
    // In the order of the names, whichever was deleted first.
    in_rules.sort_by_key(|it| names.iter().position(|name| *name == it.name));
    Ok(in_rules)
}

async fn delete_batch(scope: &Scope<'_>, names: &[String]) -> Result<(), AwsError> {
    let client = scope.cloudwatch().await?;
    let call = client.delete_alarms().set_alarm_names(Some(names.to_vec()));
    let passes = |error: &AwsError| error.is(THROTTLED) || error.is(CONFLICT);
    let deleted = scope.retry_if(passes, || scope.call(SERVICE, "DeleteAlarms", call.clone().send()));
    deleted.await.map(drop)
}

/// The names of the composite alarms with this alarm in their rules. The request has no other parameters: "you cannot specify
/// any other parameters in the request except for MaxRecords and NextToken" (API reference of DescribeAlarms).
pub(crate) async fn parents(scope: &Scope<'_>, name: &str) -> Result<Vec<String>, AwsError> {
    let call = scope.cloudwatch().await?.describe_alarms().parents_of_alarm_name(name).max_records(100);
    let mut tokens = PageTokens::new(SERVICE, DESCRIBE);
    let mut found = Vec::new();
    loop {
        let page = call.clone().set_next_token(tokens.next());
        let answer = retry_throttled(scope, || scope.call(SERVICE, DESCRIBE, page.clone().send())).await?;
        found.extend(answer.composite_alarms().iter().filter_map(|it| it.alarm_name()).map(str::to_owned));
        if !tokens.advance(answer.next_token)? {
            return Ok(found);
        }
    }
}
