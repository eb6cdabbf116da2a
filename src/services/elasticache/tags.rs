//! Tags of ElastiCache objects.

use std::collections::BTreeSet;

use aws_sdk_elasticache::types::Tag;

use crate::aws::{AwsError, Poll, Scope, Service, TagChanges, Tags, WaitError, WaitPlan};
use crate::services::elasticache::BUSY;

/// How AWS refuses tag calls for a user or a user group that is being changed: as if there were
/// none ("User … is not available for tagging", hashicorp/aws #47638).
const UNAVAILABLE: &[&str] = &["UserNotFoundFault", "UserGroupNotFoundFault"];

/// Tags in the form of the API; `None` when there are none to send.
pub(crate) fn to_api(tags: &Tags) -> Option<Vec<Tag>> {
    let tags = Some(tags).filter(|tags| !tags.is_empty())?;
    Some(tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect())
}

/// The tags of the object with that ARN.
pub(crate) async fn list(scope: &Scope<'_>, arn: &str) -> Result<Tags, AwsError> {
    let client = scope.elasticache().await?;
    let call = client.list_tags_for_resource().resource_name(arn);
    let answer = scope.call(Service::ElastiCache, "ListTagsForResource", call.send()).await?;
    let pair = |tag: &Tag| Some((tag.key()?.to_owned(), tag.value().unwrap_or_default().to_owned()));
    Ok(answer.tag_list().iter().filter_map(pair).collect())
}

/// The tags of the user or user group with that ARN; `None` while AWS refuses to list them
/// because it changes the object.
pub(crate) async fn list_when_free(scope: &Scope<'_>, arn: &str) -> Result<Option<Tags>, AwsError> {
    match list(scope, arn).await {
        Ok(tags) => Ok(Some(tags)),
        Err(error) if is_busy(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Removes and sets tags, once AWS is not changing the object.
pub(crate) async fn apply(scope: &Scope<'_>, arn: &str, changes: &TagChanges) -> Result<(), AwsError> {
    let client = scope.elasticache().await?;
    if !changes.remove.is_empty() {
        match remove(scope, arn, &changes.remove).await {
            // One key that is not there spoils the whole call. Another client may have
            // removed it, or by our own when an earlier answer was lost.
            Err(error) if error.is(&["TagNotFound"]) => {
                let observed = list(scope, arn).await?;
                let left: BTreeSet<String> =
                    changes.remove.iter().filter(|key| observed.contains_key(*key)).cloned().collect();
                if !left.is_empty() {
                    remove(scope, arn, &left).await?;
                }
            }
            removed => removed?,
        }
    }
    if !changes.set.is_empty() {
        let call = client.add_tags_to_resource().resource_name(arn).set_tags(to_api(&changes.set));
        let added =
            scope.retry(BUSY, || scope.call(Service::ElastiCache, "AddTagsToResource", call.clone().send()));
        added.await?;
    }
    Ok(())
}

/// Repeats `change`, which changes the tags of the user or user group with that ARN, until AWS
/// no longer refuses it because it changes the object.
pub(crate) async fn change_when_free<F, Fut>(
    scope: &Scope<'_>,
    arn: &str,
    mut change: F,
) -> Result<(), WaitError>
where
    F: FnMut() -> Fut + Send,
    Fut: Future<Output = Result<(), AwsError>> + Send,
{
    let plan = WaitPlan::new(format!("{arn} to be free for tagging"), scope.time_left());
    let changed = scope.wait(&plan, || {
        let change = change();
        async {
            match change.await {
                Ok(()) => Ok(Poll::Ready(())),
                Err(error) if is_busy(&error) => Ok(Poll::Refused { status: "busy".to_owned(), error }),
                Err(error) => Err(error),
            }
        }
    });
    changed.await
}

fn is_busy(error: &AwsError) -> bool {
    error.is(UNAVAILABLE)
        && error.message().is_some_and(|message| message.contains("not available for tagging"))
        || error.is(BUSY)
}

async fn remove(scope: &Scope<'_>, arn: &str, keys: &BTreeSet<String>) -> Result<(), AwsError> {
    let client = scope.elasticache().await?;
    let keys = keys.iter().cloned().collect();
    let call = client.remove_tags_from_resource().resource_name(arn).set_tag_keys(Some(keys));
    let removed =
        scope.retry(BUSY, || scope.call(Service::ElastiCache, "RemoveTagsFromResource", call.clone().send()));
    removed.await.map(drop)
}
