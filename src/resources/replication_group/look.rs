//! Reading a group whole: what AWS shows of it, of one of its nodes, and its tags.

use std::collections::BTreeMap;

use aws_sdk_elasticache::types::{CacheCluster, ReplicationGroup};
use futures_util::future::join_all;

use super::live::Live;
use super::model::ReplicationGroupModel;
use super::schema::schema;
use super::{run, wait};
use crate::aws::{AwsError, Service, listed_or};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::tags::Tags;
use crate::engine::{Context, failed};
use crate::resources::elasticache::{self, Pages};
use crate::value::{FromValue, IntoValue, Path};

/// A group as it was found.
pub(crate) struct Seen {
    pub(super) live: Live,
    /// All its tags; `None` while the group changes, when AWS refuses to list them.
    pub(crate) tags: Option<Tags>,
}

impl Seen {
    /// What AWS shows of the group itself.
    pub(crate) fn group(&self) -> &ReplicationGroup {
        &self.live.group
    }

    /// The group as it is at present, without what AWS has still to do to it. What AWS does not return
    /// is null or empty as in the state of the resource.
    pub(crate) fn present(&self) -> ReplicationGroupModel {
        let mut live = self.live.clone();
        live.group.pending_modified_values = None;
        if let Some(member) = &mut live.member {
            member.pending_modified_values = None;
        }
        let model = live.model(ReplicationGroupModel::default());
        let settled = schema().block.settled(model.clone().into_value());
        ReplicationGroupModel::from_value(&settled, &Path::root()).unwrap_or(model)
    }

    /// What AWS has still to do to it, by attribute.
    pub(crate) fn pending(&self) -> BTreeMap<String, String> {
        self.live.all_pending(&ReplicationGroupModel::default())
    }
}

/// Reads the group in three calls and without waiting; `None` when AWS has none with
/// that id, or is deleting it.
pub(crate) async fn look(cx: &Context<'_>, id: &str) -> Result<Option<Seen>, Diagnostics> {
    let listed = cx.aws().reads(cx.region()).replication_group(id).await;
    let described = listed_or(listed, wait::group(cx, id)).await;
    let Some(group) = found(id, described)? else { return Ok(None) };
    let first = group.member_clusters().iter().min().cloned();
    let member = async {
        match &first {
            Some(first) => listed_member(cx, first).await,
            None => Ok(None),
        }
    };
    let arn = group.arn().unwrap_or_default().to_owned();
    let (member, tags) = tokio::join!(member, tags_of(cx, id, &arn));
    let member = member.map_err(|error| wait::unreadable(id, &error))?;
    Ok(Some(Seen { live: Live { group, member }, tags: tags? }))
}

/// The nodes of a group as far as AWS describes them: in the middle of scaling some may be
/// missing.
pub(crate) async fn members(cx: &Context<'_>, seen: &Seen) -> Vec<CacheCluster> {
    let first = seen.live.member.clone();
    let known = first.as_ref().and_then(|first| first.cache_cluster_id().map(str::to_owned));
    let others = seen.live.members().into_iter().filter(|id| Some(id) != known.as_ref());
    let others = join_all(others.map(|id| async move { listed_member(cx, &id).await.ok().flatten() })).await;
    first.into_iter().chain(others.into_iter().flatten()).collect()
}

/// A node, from a listing where others are read at the same time; otherwise as [`wait::member`].
pub(super) async fn listed_member(cx: &Context<'_>, id: &str) -> Result<Option<CacheCluster>, AwsError> {
    let listed = cx.aws().reads(cx.region()).cache_cluster(id).await;
    listed_or(listed, wait::member(cx, id)).await
}

/// What an answer to [`wait::group`] says; `None` when AWS has no group with that id, or
/// is deleting it.
pub(super) fn found(
    id: &str,
    described: Result<Option<ReplicationGroup>, AwsError>,
) -> Result<Option<ReplicationGroup>, Diagnostics> {
    match described {
        Ok(Some(group)) if group.status() == Some("deleting") => Ok(None),
        Ok(Some(group)) => Ok(Some(group)),
        Ok(None) => Err(Diagnostic::error(
            format!("Failed to read replication group {id:?}"),
            "AWS's answer holds no complete replication group; it may have been cut short. Nothing is assumed from \
             that; try again.",
        )
        .into()),
        Err(error) if error.is(wait::GROUP_NOT_FOUND) => Ok(None),
        Err(error) => Err(wait::unreadable(id, &error)),
    }
}

/// All tags of a group; `None` while it changes, when AWS refuses to list them.
pub(crate) async fn tags_of(cx: &Context<'_>, id: &str, arn: &str) -> Result<Option<Tags>, Diagnostics> {
    match elasticache::list_tags(cx, arn).await {
        Ok(tags) => Ok(Some(tags)),
        Err(error) if error.is(run::BUSY) => Ok(None),
        Err(error) => Err(failed(format!("read the tags of replication group {id:?}"), &error).into()),
    }
}

/// Every group of the region, without nodes and tags, but those being deleted; `None`
/// when the answer is not whole.
pub(crate) async fn list(cx: &Context<'_>) -> Result<Option<Vec<Seen>>, AwsError> {
    let client = cx.aws().elasticache(cx.region()).await?;
    const OPERATION: &str = "DescribeReplicationGroups";
    let mut groups = Pages::new(OPERATION);
    while groups.more() {
        let call = client.describe_replication_groups().set_marker(groups.marker());
        let answer = cx.call(Service::ElastiCache, OPERATION, call.send()).await?;
        groups.add(answer.replication_groups, answer.marker)?;
    }
    let whole = |group: &ReplicationGroup| group.arn().is_some() && group.status().is_some();
    let groups = groups.all();
    if !groups.iter().all(whole) {
        return Ok(None);
    }
    let there = groups.into_iter().filter(|group| group.status() != Some("deleting"));
    Ok(Some(there.map(|group| Seen { live: Live { group, member: None }, tags: None }).collect()))
}
