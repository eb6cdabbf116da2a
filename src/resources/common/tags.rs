//! Tags of an object of any service: reading them, and bringing them to the planned ones.

use crate::aws::{AwsError, TagChanges, Tags};
use crate::engine::Context;
pub(in crate::resources) use crate::engine::state::tags::{changes, read_back};
use crate::value::Field;

/// `tags` and `tags_all` of the object with that ARN, whose state has `own` and `all`.
///
/// The index of the Resource Groups Tagging API answers for many objects at once, but
/// lags behind by seconds. So it may say that nothing has changed; whatever else it
/// says is asked again of the service itself, by `ask`.
///
/// # Errors
/// Those of `ask`.
pub(in crate::resources) async fn read(
    cx: &Context<'_>,
    arn: &str,
    own: &Field<Tags>,
    all: &Field<Tags>,
    ask: impl Future<Output = Result<Tags, AwsError>>,
) -> Result<(Field<Tags>, Field<Tags>), AwsError> {
    let live = match unchanged(cx, arn, own, all).await {
        Some(live) => live,
        None => ask.await?,
    };
    Ok(read_back(cx.provider(), own, live))
}

/// The tags of the object with that ARN where the index says that they are as in the
/// state, which has `own` and `all`; `None` where the service has to be asked, as for an
/// object that is imported: the index may not have heard of it yet.
pub(in crate::resources) async fn unchanged(
    cx: &Context<'_>,
    arn: &str,
    own: &Field<Tags>,
    all: &Field<Tags>,
) -> Option<Tags> {
    // An import has no state to be confirmed.
    all.known()?;
    let indexed = cx.scope().reads().tags(arn).await?;
    let (indexed_own, indexed_all) = read_back(cx.provider(), own, indexed.clone());
    (same(&indexed_own, own) && same(&indexed_all, all)).then_some(indexed)
}

/// True for equal tags; null and none are the same.
fn same(a: &Field<Tags>, b: &Field<Tags>) -> bool {
    let none = Tags::new();
    a.known().unwrap_or(&none) == b.known().unwrap_or(&none)
}

/// Brings tags from `prior` to `planned`, both a `tags_all`, by `apply`; no request when they are
/// equal.
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
