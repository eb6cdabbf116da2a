//! The calls for one alarm, which are retried while CloudWatch throttles them.

use aws_sdk_cloudwatch::types::ActionConfiguration;

use super::attributes::{AlarmModel, CompositeAlarmModel};
use super::convert;
use crate::aws::{AwsError, Scope, TagChanges, Tags};
use crate::services::cloudwatch::{alarm, tags};
use crate::value::Field;

/// Creates or replaces an alarm on a metric, which keeps this action configuration.
pub(super) async fn put(
    scope: &Scope<'_>,
    model: &AlarmModel,
    tags_all: &Field<Tags>,
    kept: Option<&ActionConfiguration>,
) -> Result<(), AwsError> {
    let client = scope.cloudwatch().await?;
    let call = convert::expand_metric(client.put_metric_alarm(), model, tags_all);
    alarm::retry_throttled(scope, || alarm::put(scope, call.clone(), kept.cloned())).await
}

/// Creates or replaces a composite alarm, which keeps this action configuration.
pub(super) async fn put_composite(
    scope: &Scope<'_>,
    model: &CompositeAlarmModel,
    tags_all: &Field<Tags>,
    kept: Option<&ActionConfiguration>,
) -> Result<(), AwsError> {
    let client = scope.cloudwatch().await?;
    let call = convert::expand_composite(client.put_composite_alarm(), model, tags_all);
    alarm::retry_throttled(scope, || alarm::put_composite(scope, call.clone(), kept.cloned())).await
}

/// Whether the alarm with this ARN exists; see [`alarm::exists`].
pub(super) async fn exists(scope: &Scope<'_>, arn: &str) -> Result<bool, AwsError> {
    alarm::retry_throttled(scope, || alarm::exists(scope, arn)).await
}

/// The tags of the alarm with this ARN.
pub(super) async fn list_tags(scope: &Scope<'_>, arn: &str) -> Result<Tags, AwsError> {
    alarm::retry_throttled(scope, || tags::list(scope, arn)).await
}

/// Removes and sets tags.
pub(super) async fn change_tags(scope: &Scope<'_>, arn: &str, changes: &TagChanges) -> Result<(), AwsError> {
    alarm::retry_throttled(scope, || tags::apply(scope, arn, changes)).await
}
