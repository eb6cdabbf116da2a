//! Tags of users and user groups.

use crate::aws::{AwsError, WaitError};
use crate::engine::Context;
use crate::engine::state::tags::Tags;
use crate::resources::common::tags::{sync, unchanged};
use crate::services::elasticache::tags;
use crate::value::Field;

/// `tags` and `tags_all` of a state; `None` without a state.
pub(crate) type Known<'a> = Option<(&'a Field<Tags>, &'a Field<Tags>)>;

/// The tags; `None` while AWS does not list them.
pub(crate) async fn read_tags(
    cx: &Context<'_>,
    arn: &str,
    known: Known<'_>,
) -> Result<Option<Tags>, AwsError> {
    if let Some((own, all)) = known
        && let Some(tags) = unchanged(cx, arn, own, all).await
    {
        return Ok(Some(tags));
    }
    tags::list_when_free(cx.scope(), arn).await
}

/// Changes the tags from `prior` to `planned`, and retries while AWS refuses it. Without a `prior`, the object gets
/// exactly the planned tags, except for ignored ones.
pub(crate) async fn change_tags_when_free(
    cx: &Context<'_>,
    arn: &str,
    prior: Option<&Field<Tags>>,
    planned: &Field<Tags>,
) -> Result<(), WaitError> {
    tags::change_when_free(cx.scope(), arn, async || attempt(cx, arn, prior, planned).await).await
}

async fn attempt(
    cx: &Context<'_>,
    arn: &str,
    prior: Option<&Field<Tags>>,
    planned: &Field<Tags>,
) -> Result<(), AwsError> {
    let existing = match prior {
        Some(prior) => prior.clone(),
        None => Field::Known(tags::list(cx.scope(), arn).await?),
    };
    sync(cx, &existing, planned, async |changes| tags::apply(cx.scope(), arn, changes).await).await
}
