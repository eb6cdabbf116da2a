//! Finding a group and its tags, and the diagnostics when AWS does not return them.

use aws_sdk_elasticache::types::ReplicationGroup;

use crate::aws::{AwsError, Found, Scope, Tags};
use crate::diag::Diagnostics;
use crate::engine::failed;
use crate::resources::common::errors::present;
use crate::services::elasticache;
use crate::services::elasticache::BUSY;
use crate::services::elasticache::replication_group;
use crate::services::elasticache::replication_group::Observed;

/// A group as it was found, and all its tags: `None` while the group changes, when AWS refuses to
/// list them.
pub(crate) type FoundGroup = (Observed, Option<Tags>);

/// Finds a group in three calls and without waiting; `None` when AWS has none with that ID, or
/// is deleting it.
///
/// # Errors
/// AWS does not return the group, its first node, or its tags.
pub(crate) async fn find(scope: &Scope<'_>, id: &str) -> Result<Option<FoundGroup>, Diagnostics> {
    let Some(group) = existing(id, replication_group::find(scope, id).await)? else { return Ok(None) };
    let first = group.member_clusters().iter().min().cloned();
    let member = async {
        match &first {
            Some(first) => replication_group::find_member(scope, first).await.map(Found::yes),
            None => Ok(None),
        }
    };
    let arn = group.arn().unwrap_or_default().to_owned();
    let (member, tags) = tokio::join!(member, list_tags(scope, id, &arn));
    let member = member.map_err(|error| read_failed(id, &error))?;
    Ok(Some((Observed { group, member }, tags?)))
}

/// What an answer to [`replication_group::describe`] says; `None` when AWS has no group with that
/// ID, or is deleting it.
///
/// # Errors
/// The call failed, or the response is incomplete.
pub(super) fn existing(
    id: &str,
    described: Result<Found<ReplicationGroup>, AwsError>,
) -> Result<Option<ReplicationGroup>, Diagnostics> {
    let what = format!("read replication group {id:?}");
    let group = present(&what, "replication group", described)?;
    let is_deleted = |group: &ReplicationGroup| group.status() == Some("deleting");
    Ok(group.filter(|group| !is_deleted(group)))
}

/// All tags of a group; `None` while it changes, when AWS refuses to list them.
///
/// # Errors
/// AWS refuses to list them for another reason.
pub(crate) async fn list_tags(scope: &Scope<'_>, id: &str, arn: &str) -> Result<Option<Tags>, Diagnostics> {
    match elasticache::tags::list(scope, arn).await {
        Ok(tags) => Ok(Some(tags)),
        Err(error) if error.is(BUSY) => Ok(None),
        Err(error) => Err(failed(format!("read the tags of replication group {id:?}"), &error).into()),
    }
}

/// The diagnostic of a failed read.
pub(super) fn read_failed(id: &str, error: &AwsError) -> Diagnostics {
    failed(format!("read replication group {id:?}"), error).into()
}
