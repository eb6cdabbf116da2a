//! Reads and changes the tags of an object of any service.

use crate::aws::{AwsError, TagChanges, Tags};
use crate::engine::Context;
pub(in crate::resources) use crate::engine::state::tags::{changes, read_back};
use crate::value::Field;

/// `tags` and `tags_all` of the object with this ARN, whose state has `own` and `all`.
///
/// The Resource Groups Tagging API returns the tags of many objects at once, but lags behind by seconds. It can confirm
/// the tags of the state; for any other result, `list` reads the tags from the service itself.
///
/// # Errors
/// Those of `list`.
pub(in crate::resources) async fn read(
    cx: &Context<'_>,
    arn: &str,
    own: &Field<Tags>,
    all: &Field<Tags>,
    list: impl Future<Output = Result<Tags, AwsError>>,
) -> Result<(Field<Tags>, Field<Tags>), AwsError> {
    let observed = match unchanged(cx, arn, own, all).await {
        Some(observed) => observed,
        None => list.await?,
    };
    Ok(read_back(cx.provider(), own, observed))
}

/// The tags of the object with this ARN from the Resource Groups Tagging API, if they are those of the state, which has
/// `own` and `all`, or if the object is listed by a query; otherwise `None`.
pub(in crate::resources) async fn unchanged(
    cx: &Context<'_>,
    arn: &str,
    own: &Field<Tags>,
    all: &Field<Tags>,
) -> Option<Tags> {
    if cx.is_listed() {
        // A query returns hundreds of objects, so the tags are not read one by one. The import of an object does so.
        return cx.indexed_tags(arn).await;
    }
    // An import has no tags in the state to confirm.
    all.known()?;
    let indexed = cx.indexed_tags(arn).await?;
    let (indexed_own, indexed_all) = read_back(cx.provider(), own, indexed.clone());
    (same(&indexed_own, own) && same(&indexed_all, all)).then_some(indexed)
}

/// True for equal tags; null and an empty map are equal.
fn same(a: &Field<Tags>, b: &Field<Tags>) -> bool {
    let none = Tags::new();
    a.known().unwrap_or(&none) == b.known().unwrap_or(&none)
}

/// Changes tags from `prior` to `planned`, both a `tags_all`, with `apply`. Sends no request if they are equal.
///
/// # Errors
/// Those of `apply`.
pub(in crate::resources) async fn sync(
    cx: &Context<'_>,
    prior: &Field<Tags>,
    planned: &Field<Tags>,
    apply: impl AsyncFnOnce(&TagChanges) -> Result<(), AwsError>,
) -> Result<(), AwsError> {
    let changes = changes(cx.provider(), prior, planned);
    if changes.is_empty() { Ok(()) } else { apply(&changes).await }
}
