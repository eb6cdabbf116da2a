//! Tags of alarms.

use aws_sdk_cloudwatch::types::Tag;

use crate::aws::{AwsError, Service};
use crate::diag::Diagnostic;
use crate::engine::Context;
use crate::engine::tags::{TagChanges, Tags};
use crate::value::Field;

/// Tags in the form of the API; `None` when there are none to send.
pub(in crate::resources) fn to_api(tags: &Field<Tags>) -> Option<Vec<Tag>> {
    let tags = tags.known().filter(|tags| !tags.is_empty())?;
    Some(tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect())
}

/// The tags of the alarm with that ARN.
pub(in crate::resources) async fn list_tags(cx: &Context<'_>, arn: &str) -> Result<Tags, AwsError> {
    let client = cx.aws().cloudwatch(cx.region()).await?;
    let call = client.list_tags_for_resource().resource_arn(arn);
    let answer = cx.call(Service::CloudWatch, "ListTagsForResource", call.send()).await?;
    let pair = |tag: &Tag| Some((tag.key()?.to_owned(), tag.value().unwrap_or_default().to_owned()));
    Ok(answer.tags().iter().filter_map(pair).collect())
}

/// What CloudWatch returns for the tags of an alarm that does not exist (API model of
/// ListTagsForResource; the older query protocol shortens the code).
const NOT_FOUND: &[&str] = &["ResourceNotFoundException", "ResourceNotFound"];

/// Whether the alarm with that ARN exists. DescribeAlarms has no fault for an alarm that does not,
/// only an empty list; ListTagsForResource has one.
pub(in crate::resources) async fn exists(cx: &Context<'_>, arn: &str) -> Result<bool, AwsError> {
    match list_tags(cx, arn).await {
        Ok(_) => Ok(true),
        Err(error) if error.is(NOT_FOUND) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The diagnostic of a listing that lacks an alarm which [`exists`].
pub(in crate::resources) fn unlisted(what: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::error(
        format!("Failed to {what}"),
        "DescribeAlarms does not return the alarm, but ListTagsForResource returns its tags. The state was not changed; \
         run Terraform again.",
    )
}

/// Brings the tags of the alarm with that ARN from `prior` to `planned`, both a
/// `tags_all`; no call when they are equal.
pub(in crate::resources) async fn change_tags(
    cx: &Context<'_>,
    arn: &str,
    prior: &Field<Tags>,
    planned: &Field<Tags>,
) -> Result<(), AwsError> {
    let changes = TagChanges::between(cx.provider(), prior, planned);
    if changes.is_empty() {
        return Ok(());
    }
    let client = cx.aws().cloudwatch(cx.region()).await?;
    if !changes.remove.is_empty() {
        let keys = changes.remove.into_iter().collect();
        let call = client.untag_resource().resource_arn(arn).set_tag_keys(Some(keys));
        cx.call(Service::CloudWatch, "UntagResource", call.send()).await?;
    }
    if !changes.set.is_empty() {
        let call = client.tag_resource().resource_arn(arn).set_tags(to_api(&Field::Known(changes.set)));
        cx.call(Service::CloudWatch, "TagResource", call.send()).await?;
    }
    Ok(())
}
