//! A new global datastore whose creation AWS accepted, but whose response was lost; see
//! [`crate::resources::common::unanswered`].
//!
//! A replication group is the primary of one global datastore at most, and before the first attempt it was the primary
//! of none ([`super::preflight`]). So the one of the planned suffix that has this primary afterwards was created by this
//! call.

use aws_sdk_elasticache::types::GlobalReplicationGroup;

use super::attributes::GlobalReplicationGroupModel;
use super::convert::own_description;
use crate::aws::{AwsError, Found, UnansweredAttempts};
use crate::engine::Context;
use crate::resources::common::unanswered;
use crate::services::elasticache::global_replication_group as service;

/// What a create is refused with when an earlier attempt of it has made the datastore: its ID exists, or its primary has
/// joined it and is being changed.
const MADE: &[&str] =
    &["GlobalReplicationGroupAlreadyExistsFault", "InvalidReplicationGroupState", "InvalidParameterValue"];

/// The datastore of the planned suffix and primary; `None` while AWS lists none.
pub(super) async fn find(
    cx: &Context<'_>,
    planned: &GlobalReplicationGroupModel,
) -> Result<Option<GlobalReplicationGroup>, AwsError> {
    let all = service::list(cx.scope()).await?;
    Ok(all.into_iter().find(|datastore| has_suffix(datastore, planned) && has_primary(datastore, planned)))
}

/// The status of the datastore of the planned suffix in the planned Region; `None` when AWS lists none.
pub(super) async fn status(
    cx: &Context<'_>,
    planned: &GlobalReplicationGroupModel,
) -> Result<Option<String>, AwsError> {
    let all = service::list(cx.scope()).await?;
    Ok(all.into_iter().find(|datastore| has_suffix(datastore, planned)).and_then(|it| it.status))
}

/// The ID of the datastore of the planned suffix, to be named in an error.
pub(super) async fn existing_id(cx: &Context<'_>, planned: &GlobalReplicationGroupModel) -> Option<String> {
    let all = service::list(cx.scope()).await.ok()?;
    let found = all.into_iter().find(|datastore| has_suffix(datastore, planned))?;
    found.global_replication_group_id
}

fn has_suffix(datastore: &GlobalReplicationGroup, planned: &GlobalReplicationGroupModel) -> bool {
    let id = datastore.global_replication_group_id().unwrap_or_default();
    service::suffix_of(id).eq_ignore_ascii_case(planned.suffix())
}

fn has_primary(datastore: &GlobalReplicationGroup, planned: &GlobalReplicationGroupModel) -> bool {
    let Some(primary) = service::primary(datastore) else { return false };
    let region = planned.region.text();
    primary.replication_group_id().is_some_and(|id| id.eq_ignore_ascii_case(&planned.primary_id()))
        && region.is_none_or(|region| primary.replication_group_region() == Some(region))
}

/// The datastore that an unanswered attempt of a create has made; `None` when there is none that could only be this one.
pub(super) async fn created(
    cx: &Context<'_>,
    planned: &GlobalReplicationGroupModel,
    attempts: &UnansweredAttempts,
    error: &AwsError,
) -> Option<GlobalReplicationGroup> {
    let object = format!("global datastore {:?}", planned.suffix());
    // A listing never proves that the datastore does not exist.
    let find = async || Ok(find(cx, planned).await?.map_or(Found::Incomplete, Found::Yes));
    let found = unanswered::find_unanswered(cx, attempts, error, MADE, &object, find).await?;
    let mut differing = Vec::new();
    if own_description(&found) != planned.global_replication_group_description.text().unwrap_or_default() {
        differing.push("global_replication_group_description");
    }
    // AWS may refuse to list tags while it creates the datastore.
    let tags = service::list_tags(cx.scope(), found.arn().unwrap_or_default()).await.ok().flatten();
    differing
        .extend(tags.into_iter().flat_map(|tags| unanswered::tag_differences(cx, tags, &planned.tags_all)));
    unanswered::adopted(&object, found, &differing)
}
