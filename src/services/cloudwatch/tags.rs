//! Tags of alarms.

use aws_sdk_cloudwatch::types::Tag;

use super::CONFLICT;
use crate::aws::{AwsError, Scope, Service, TagChanges, Tags};

/// Tags as types of the SDK; `None` for no tags.
pub(crate) fn expand(tags: &Tags) -> Option<Vec<Tag>> {
    let tags = Some(tags).filter(|tags| !tags.is_empty())?;
    Some(tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect())
}

/// The tags of the alarm with that ARN.
pub(crate) async fn list(scope: &Scope<'_>, arn: &str) -> Result<Tags, AwsError> {
    let client = scope.cloudwatch().await?;
    let call = client.list_tags_for_resource().resource_arn(arn);
    let answer = scope.call(Service::CloudWatch, "ListTagsForResource", call.send()).await?;
    let pair = |tag: &Tag| Some((tag.key()?.to_owned(), tag.value().unwrap_or_default().to_owned()));
    Ok(answer.tags().iter().filter_map(pair).collect())
}

/// Removes and sets tags.
pub(crate) async fn apply(scope: &Scope<'_>, arn: &str, changes: &TagChanges) -> Result<(), AwsError> {
    let client = scope.cloudwatch().await?;
    if !changes.remove.is_empty() {
        let keys = changes.remove.iter().cloned().collect();
        let call = client.untag_resource().resource_arn(arn).set_tag_keys(Some(keys));
        let removed =
            scope.retry(CONFLICT, || scope.call(Service::CloudWatch, "UntagResource", call.clone().send()));
        removed.await?;
    }
    if !changes.set.is_empty() {
        let call = client.tag_resource().resource_arn(arn).set_tags(expand(&changes.set));
        let added =
            scope.retry(CONFLICT, || scope.call(Service::CloudWatch, "TagResource", call.clone().send()));
        added.await?;
    }
    Ok(())
}
