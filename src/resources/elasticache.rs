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

/// What a listing has, page by page: ask with [`Pages::marker`] and give the answer to
/// [`Pages::add`] while there is [`Pages::more`].
#[derive(Debug)]
pub(crate) struct Pages<T> {
    all: Vec<T>,
    marker: Option<String>,
    state: Reading,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    More,
    Done,
    /// AWS gave the same marker twice: the same page for ever would follow.
    Endless,
}

impl<T> Pages<T> {
    /// None read yet.
    pub(crate) fn new() -> Self {
        Self { all: Vec::new(), marker: None, state: Reading::More }
    }

    /// True while there are pages to read.
    pub(crate) fn more(&self) -> bool {
        self.state == Reading::More
    }

    /// What to ask for the next page with; none for the first.
    pub(crate) fn marker(&self) -> Option<String> {
        self.marker.clone()
    }

    /// Adds a page: what is on it, and the marker of the next.
    pub(crate) fn add(&mut self, items: Option<Vec<T>>, next: Option<String>) {
        self.all.extend(items.unwrap_or_default());
        let next = next.filter(|next| !next.is_empty());
        self.state = match &next {
            None => Reading::Done,
            Some(_) if next == self.marker => Reading::Endless,
            Some(_) => Reading::More,
        };
        self.marker = next;
    }

    /// Everything; `None` when the pages did not end.
    pub(crate) fn whole(self) -> Option<Vec<T>> {
        (self.state == Reading::Done).then_some(self.all)
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
