//! What the ElastiCache resources share.

use std::collections::BTreeSet;

use aws_sdk_elasticache::types::Tag;

use crate::aws::{AwsError, Service};
use crate::engine::Context;
use crate::engine::tags::{TagChanges, Tags};
use crate::value::Field;

/// Tags in the form of the API; `None` when there are none to send.
pub(super) fn to_api(tags: &Field<Tags>) -> Option<Vec<Tag>> {
    let tags = tags.known().filter(|tags| !tags.is_empty())?;
    Some(tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect())
}

/// The tags of the object with that ARN.
pub(super) async fn list_tags(cx: &Context<'_>, arn: &str) -> Result<Tags, AwsError> {
    let client = cx.aws().elasticache(cx.region()).await?;
    let answer = cx
        .call(
            Service::ElastiCache,
            "ListTagsForResource",
            client.list_tags_for_resource().resource_name(arn).send(),
        )
        .await?;
    Ok(answer
        .tag_list()
        .iter()
        .filter_map(|tag| Some((tag.key()?.to_owned(), tag.value().unwrap_or_default().to_owned())))
        .collect())
}

/// Brings the tags of the object with that ARN from `prior` to `planned`, both a
/// `tags_all`; no call when they are equal.
pub(super) async fn change_tags(
    cx: &Context<'_>,
    arn: &str,
    prior: &Field<Tags>,
    planned: &Field<Tags>,
) -> Result<(), AwsError> {
    let changes = TagChanges::between(cx.provider(), prior, planned);
    if changes.is_empty() {
        return Ok(());
    }
    let client = cx.aws().elasticache(cx.region()).await?;
    if !changes.remove.is_empty() {
        match remove_tags(cx, arn, &changes.remove).await {
            // One key that is not there spoils the whole call. It may be gone by somebody
            // else's doing, or by our own when an earlier answer was lost.
            Err(error) if error.is(&["TagNotFound"]) => {
                let live = list_tags(cx, arn).await?;
                let left: BTreeSet<String> =
                    changes.remove.into_iter().filter(|key| live.contains_key(key)).collect();
                if !left.is_empty() {
                    remove_tags(cx, arn, &left).await?;
                }
            }
            removed => removed?,
        }
    }
    if !changes.set.is_empty() {
        let call =
            client.add_tags_to_resource().resource_name(arn).set_tags(to_api(&Field::Known(changes.set)));
        cx.call(Service::ElastiCache, "AddTagsToResource", call.send()).await?;
    }
    Ok(())
}

async fn remove_tags(cx: &Context<'_>, arn: &str, keys: &BTreeSet<String>) -> Result<(), AwsError> {
    let client = cx.aws().elasticache(cx.region()).await?;
    let keys = keys.iter().cloned().collect();
    let call = client.remove_tags_from_resource().resource_name(arn).set_tag_keys(Some(keys));
    cx.call(Service::ElastiCache, "RemoveTagsFromResource", call.send()).await.map(drop)
}

/// What is said of an object that exists after an answer of AWS was lost. Nothing shows
/// whether this apply has made it or it was there before, and somebody else's must not
/// be taken over: a later destroy would delete it.
pub(super) const LOST_BEFORE: &str =
    "An answer of AWS was lost before, so this may be the one that this apply has made. ";
