//! What the ElastiCache resources share.

use std::collections::BTreeSet;

use aws_sdk_elasticache::types::{SourceType, Tag};

use crate::aws::{AwsError, PageTokens, Service};
use crate::engine::Context;
use crate::engine::tags::{TagChanges, Tags};
use crate::value::{Field, Value};

/// Tags in the form of the API; `None` when there are none to send.
pub(super) fn to_api(tags: &Field<Tags>) -> Option<Vec<Tag>> {
    let tags = tags.known().filter(|tags| !tags.is_empty())?;
    Some(tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect())
}

/// What a listing of ElastiCache has, page by page: ask with [`Pages::marker`] and give the
/// answer to [`Pages::add`] while there is [`Pages::more`].
#[derive(Debug)]
pub(crate) struct Pages<T> {
    all: Vec<T>,
    tokens: PageTokens,
    more: bool,
}

impl<T> Pages<T> {
    /// None read yet.
    pub(crate) fn new(operation: &'static str) -> Self {
        Self { all: Vec::new(), tokens: PageTokens::new(Service::ElastiCache, operation), more: true }
    }

    /// True while there are pages to read.
    pub(crate) fn more(&self) -> bool {
        self.more
    }

    /// The marker to ask for the next page with; none for the first.
    pub(crate) fn marker(&self) -> Option<String> {
        self.tokens.next()
    }

    /// Adds a page: its items, and the marker of the next.
    ///
    /// # Errors
    /// The marker was used before, so that the pages would never end.
    pub(crate) fn add(&mut self, items: Option<Vec<T>>, next: Option<String>) -> Result<(), AwsError> {
        self.all.extend(items.unwrap_or_default());
        self.more = self.tokens.advance(next)?;
        Ok(())
    }

    /// The items of all pages.
    pub(crate) fn all(self) -> Vec<T> {
        self.all
    }
}

/// The tags of the object with that ARN.
pub(crate) async fn list_tags(cx: &Context<'_>, arn: &str) -> Result<Tags, AwsError> {
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

/// Names of snapshots: letters, digits and single hyphens, a letter first.
pub(super) fn snapshot_name(value: &Value) -> Result<(), String> {
    let Some(name) = value.as_str() else { return Ok(()) };
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic());
    let chars = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if name.len() <= 255 && starts && chars && !name.contains("--") && !name.ends_with('-') {
        return Ok(());
    }
    Err(format!(
        "must be letters, digits and single hyphens, beginning with a letter and not ending with a hyphen, but is {name:?}"
    ))
}

/// A key ID and the ARN of that key are the same key, and so are the name of an alias and its
/// ARN. An alias may be the same as any key, which only KMS knows: AWS returns the ARN of the
/// key for it, so no difference between the two is taken for another key.
pub(super) fn same_key(a: &Value, b: &Value) -> bool {
    let (Some(a), Some(b)) = (a.as_str(), b.as_str()) else { return false };
    same_key_text(a, b)
}

/// See [`same_key`].
pub(super) fn same_key_text(a: &str, b: &str) -> bool {
    let is_end = |arn: &str, id: &str| {
        arn.strip_suffix(id)
            .is_some_and(|head| head.ends_with(":key/") || (head.ends_with(':') && is_alias(id)))
    };
    a == b || is_alias(a) != is_alias(b) || is_end(a, b) || is_end(b, a)
}

/// True for `alias/name` and the ARN of an alias.
pub(super) fn is_alias(key: &str) -> bool {
    key.starts_with("alias/") || key.contains(":alias/")
}

/// What AWS has to say of a group or a cluster, the latest five events of two hours;
/// none when they cannot be had.
pub(super) async fn events(cx: &Context<'_>, source: SourceType, id: &str) -> Vec<String> {
    let Ok(client) = cx.aws().elasticache(cx.region()).await else {
        return Vec::new();
    };
    let call = client.describe_events().source_type(source).source_identifier(id).duration(120);
    let Ok(answer) = cx.call(Service::ElastiCache, "DescribeEvents", call.send()).await else {
        return Vec::new();
    };
    let mut messages: Vec<String> =
        answer.events().iter().filter_map(|e| e.message().map(str::to_owned)).collect();
    messages.drain(..messages.len().saturating_sub(5));
    messages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_its_arn() {
        let arn = Value::from("arn:aws:kms:eu-west-1:123456789012:key/1234abcd");
        assert!(same_key(&arn, &Value::from("1234abcd")) && same_key(&Value::from("1234abcd"), &arn));
        assert!(!same_key(&arn, &Value::from("abcd")));
    }

    /// AWS returns the ARN of the key for an alias, so the two cannot be told apart.
    #[test]
    fn an_alias_may_be_any_key_but_no_other_alias() {
        let same = |a: &str, b: &str| {
            same_key(&Value::from(a), &Value::from(b)) && same_key(&Value::from(b), &Value::from(a))
        };
        let arn = "arn:aws:kms:eu-west-1:123456789012:alias/demo";
        for key in ["1234abcd", "arn:aws:kms:eu-west-1:123456789012:key/1234abcd"] {
            assert!(same("alias/demo", key) && same(arn, key));
        }
        assert!(same("alias/demo", arn));
        assert!(!same("alias/other", arn) && !same("alias/demo", "alias/other") && !same("alias/emo", arn));
    }
}
