//! Tags of users and user groups.
//!
//! AWS refuses even to list them while the object is being changed, as if there were
//! none ("User … is not available for tagging", hashicorp/aws #47638).

use crate::aws::{AwsError, Poll, WaitError, WaitPlan, wait_for};
use crate::engine::Context;
use crate::engine::tags::Tags;
use crate::resources::{elasticache, tagging};
use crate::value::Field;

use super::user::time_left;
use super::{GROUP_NOT_FOUND, USER_NOT_FOUND};

fn is_busy(error: &AwsError) -> bool {
    (error.is(USER_NOT_FOUND) || error.is(GROUP_NOT_FOUND))
        && error.message().is_some_and(|message| message.contains("not available for tagging"))
        || error.is(&["InvalidUserState", "InvalidUserGroupState"])
}

/// `tags` and `tags_all` of a state, where there is one.
pub(crate) type Known<'a> = Option<(&'a Field<Tags>, &'a Field<Tags>)>;

/// The tags; `None` while AWS does not tell them.
pub(crate) async fn read_tags(
    cx: &Context<'_>,
    arn: &str,
    known: Known<'_>,
) -> Result<Option<Tags>, AwsError> {
    if let Some((own, all)) = known
        && let Some(tags) = tagging::unchanged(cx, arn, own, all).await
    {
        return Ok(Some(tags));
    }
    match elasticache::list_tags(cx, arn).await {
        Ok(tags) => Ok(Some(tags)),
        Err(error) if is_busy(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Brings tags from `prior` to `planned` as soon as AWS takes them. Without a `prior`
/// the object gets exactly the planned tags, ignored ones aside.
pub(in crate::resources) async fn change_tags_when_free(
    cx: &Context<'_>,
    arn: &str,
    prior: Option<&Field<Tags>>,
    planned: &Field<Tags>,
) -> Result<(), WaitError> {
    let plan = WaitPlan::new(format!("{arn} to be free for tagging"), time_left(cx));
    wait_for(cx.cancel(), &plan, async || match attempt(cx, arn, prior, planned).await {
        Ok(()) => Ok(Poll::Ready(())),
        Err(error) if is_busy(&error) => Ok(Poll::Pending { status: "busy".to_owned() }),
        Err(error) => Err(error),
    })
    .await
}

async fn attempt(
    cx: &Context<'_>,
    arn: &str,
    prior: Option<&Field<Tags>>,
    planned: &Field<Tags>,
) -> Result<(), AwsError> {
    match prior {
        Some(prior) => elasticache::change_tags(cx, arn, prior, planned).await,
        None => {
            let there = Field::Known(elasticache::list_tags(cx, arn).await?);
            elasticache::change_tags(cx, arn, &there, planned).await
        }
    }
}
