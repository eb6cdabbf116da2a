//! Global datastores, which the API calls global replication groups, and their members.

use aws_sdk_elasticache::operation::create_global_replication_group::builders::CreateGlobalReplicationGroupFluentBuilder;
use aws_sdk_elasticache::operation::decrease_node_groups_in_global_replication_group::builders::DecreaseNodeGroupsInGlobalReplicationGroupFluentBuilder;
use aws_sdk_elasticache::operation::increase_node_groups_in_global_replication_group::builders::IncreaseNodeGroupsInGlobalReplicationGroupFluentBuilder;
use aws_sdk_elasticache::operation::modify_global_replication_group::builders::ModifyGlobalReplicationGroupFluentBuilder;
use aws_sdk_elasticache::types::{GlobalReplicationGroup, GlobalReplicationGroupMember};

use crate::aws::{
    AwsError, Found, Listing, Poll, Scope, Service, Tags, UnansweredAttempts, WaitError, WaitPlan,
};
use crate::services::elasticache::{BUSY, replication_group, tags};

/// The global datastore does not exist.
pub(crate) const NOT_FOUND: &[&str] = &["GlobalReplicationGroupNotFoundFault"];

/// A global datastore of that ID exists.
pub(crate) const EXISTS: &[&str] = &["GlobalReplicationGroupAlreadyExistsFault"];

/// No such datastore, or no such group: nothing to leave.
const NOTHING_TO_LEAVE: &[&str] = &["GlobalReplicationGroupNotFoundFault", "ReplicationGroupNotFoundFault"];

/// Until 2026 the API reference excepted global datastores from tagging; where AWS still refuses their ARNs they have
/// no tags.
const NOT_TAGGABLE: &[&str] = &["InvalidARN"];

/// The status of a member that is neither joining nor leaving.
const ASSOCIATED: &str = "associated";

/// The global datastore with its members.
pub(crate) async fn describe(scope: &Scope<'_>, id: &str) -> Result<Found<GlobalReplicationGroup>, AwsError> {
    let client = scope.elasticache().await?;
    let call =
        client.describe_global_replication_groups().global_replication_group_id(id).show_member_info(true);
    let answer = scope.call(Service::ElastiCache, "DescribeGlobalReplicationGroups", call.send()).await;
    // An answer that was cut short parses as a datastore without its later parts.
    Found::named(
        answer.map(|answer| answer.global_replication_groups),
        (Service::ElastiCache, "DescribeGlobalReplicationGroups"),
        id,
        GlobalReplicationGroup::global_replication_group_id,
        is_whole,
        NOT_FOUND,
    )
}

fn is_whole(datastore: &GlobalReplicationGroup) -> bool {
    datastore.arn().is_some() && datastore.status().is_some()
}

/// The status of the global datastore; `None` when AWS has none of that ID.
pub(crate) async fn status(scope: &Scope<'_>, id: &str) -> Result<Option<String>, AwsError> {
    let status = describe(scope, id).await?.status(|datastore| datastore.status);
    Ok(status.filter(|status| status != "deleted"))
}

/// Every global datastore with a member in the Region. Those that a response holds in part are omitted.
pub(crate) async fn list(scope: &Scope<'_>) -> Result<Vec<GlobalReplicationGroup>, AwsError> {
    let (mut pages, mut all) = (listing(scope), Vec::new());
    while let Some(page) = pages.next().await? {
        all.extend(page);
    }
    all.retain(is_whole);
    Ok(all)
}

/// The global datastores with a member in the Region, page by page.
pub(crate) fn listing<'a>(scope: &'a Scope<'a>) -> Listing<'a, GlobalReplicationGroup> {
    Listing::new(Service::ElastiCache, "DescribeGlobalReplicationGroups", move |marker| async move {
        let client = scope.elasticache().await?;
        let call = client.describe_global_replication_groups().show_member_info(true).set_marker(marker);
        let answer = scope.call(Service::ElastiCache, "DescribeGlobalReplicationGroups", call.send()).await?;
        Ok((answer.global_replication_groups, answer.marker))
    })
}

/// What follows the prefix in the ID of a global datastore. The prefix is five letters and a hyphen (user guide, "Using
/// the CLI with global datastores").
pub(crate) fn suffix_of(id: &str) -> &str {
    match id.split_once('-') {
        Some((prefix, suffix)) if prefix.len() == 5 && prefix.bytes().all(|b| b.is_ascii_alphabetic()) => {
            suffix
        }
        _ => id,
    }
}

/// The primary of the datastore.
pub(crate) fn primary(datastore: &GlobalReplicationGroup) -> Option<&GlobalReplicationGroupMember> {
    datastore.members().iter().find(|member| is_primary(member))
}

/// True for the member that accepts writes.
pub(crate) fn is_primary(member: &GlobalReplicationGroupMember) -> bool {
    member.role().is_some_and(|role| role.eq_ignore_ascii_case("primary"))
}

/// The members that replicate the primary.
pub(crate) fn secondaries(datastore: &GlobalReplicationGroup) -> Vec<&GlobalReplicationGroupMember> {
    datastore.members().iter().filter(|member| !is_primary(member)).collect()
}

/// True in the two states in which AWS accepts a change; `primary-only` is that of a datastore without secondaries.
pub(crate) fn is_settled(datastore: &GlobalReplicationGroup) -> bool {
    matches!(datastore.status(), Some("available" | "primary-only"))
}

/// True while AWS deletes the datastore, or lists it although it is deleted.
pub(crate) fn is_deleting(datastore: &GlobalReplicationGroup) -> bool {
    matches!(datastore.status(), Some("deleting" | "deleted"))
}

/// One attempt to create a global datastore. `attempts` learns of attempts that were not answered. AWS puts a prefix
/// before the suffix that the request has; a response with another ID is incomplete.
pub(crate) async fn create(
    scope: &Scope<'_>,
    call: CreateGlobalReplicationGroupFluentBuilder,
    attempts: &UnansweredAttempts,
) -> Result<Option<GlobalReplicationGroup>, AwsError> {
    let suffix = call.get_global_replication_group_id_suffix().as_deref().unwrap_or_default().to_lowercase();
    let call = call.customize().interceptor(attempts.clone());
    let answer = scope.call(Service::ElastiCache, "CreateGlobalReplicationGroup", call.send()).await?;
    let is_of_form = |id: &str| {
        id.strip_suffix(suffix.as_str()).is_some_and(|prefix| prefix.len() > 1 && prefix.ends_with('-'))
    };
    let group = answer.global_replication_group;
    Ok(group.filter(|it| it.global_replication_group_id().is_some_and(|id| is_of_form(&id.to_lowercase()))))
}

/// One attempt to change a setting. `attempts` learns of attempts that were not answered.
pub(crate) async fn modify(
    scope: &Scope<'_>,
    call: ModifyGlobalReplicationGroupFluentBuilder,
    attempts: &UnansweredAttempts,
) -> Result<(), AwsError> {
    let call = call.customize().interceptor(attempts.clone());
    scope.call(Service::ElastiCache, "ModifyGlobalReplicationGroup", call.send()).await.map(drop)
}

/// One attempt to add shards in every member. `attempts` learns of attempts that were not answered.
pub(crate) async fn increase_node_groups(
    scope: &Scope<'_>,
    call: IncreaseNodeGroupsInGlobalReplicationGroupFluentBuilder,
    attempts: &UnansweredAttempts,
) -> Result<(), AwsError> {
    const OPERATION: &str = "IncreaseNodeGroupsInGlobalReplicationGroup";
    let call = call.customize().interceptor(attempts.clone());
    scope.call(Service::ElastiCache, OPERATION, call.send()).await.map(drop)
}

/// One attempt to remove shards from every member. `attempts` learns of attempts that were not answered.
pub(crate) async fn decrease_node_groups(
    scope: &Scope<'_>,
    call: DecreaseNodeGroupsInGlobalReplicationGroupFluentBuilder,
    attempts: &UnansweredAttempts,
) -> Result<(), AwsError> {
    const OPERATION: &str = "DecreaseNodeGroupsInGlobalReplicationGroup";
    let call = call.customize().interceptor(attempts.clone());
    scope.call(Service::ElastiCache, OPERATION, call.send()).await.map(drop)
}

/// One attempt to make a secondary in `region` the primary. `attempts` learns of attempts that were not answered.
pub(crate) async fn failover(
    scope: &Scope<'_>,
    id: &str,
    group: &str,
    region: &str,
    attempts: &UnansweredAttempts,
) -> Result<(), AwsError> {
    let client = scope.elasticache().await?;
    let call = client
        .failover_global_replication_group()
        .global_replication_group_id(id)
        .primary_replication_group_id(group)
        .primary_region(region)
        .customize()
        .interceptor(attempts.clone());
    scope.call(Service::ElastiCache, "FailoverGlobalReplicationGroup", call.send()).await.map(drop)
}

/// One attempt to distribute the slots evenly over the shards of every member. `attempts` learns of attempts that were not
/// answered.
pub(crate) async fn rebalance_slots(
    scope: &Scope<'_>,
    id: &str,
    attempts: &UnansweredAttempts,
) -> Result<(), AwsError> {
    let client = scope.elasticache().await?;
    let call = client
        .rebalance_slots_in_global_replication_group()
        .global_replication_group_id(id)
        .apply_immediately(true)
        .customize()
        .interceptor(attempts.clone());
    scope.call(Service::ElastiCache, "RebalanceSlotsInGlobalReplicationGroup", call.send()).await.map(drop)
}

/// The tags of the global datastore with that ARN; `None` while AWS refuses to list them because it changes the object.
pub(crate) async fn list_tags(scope: &Scope<'_>, arn: &str) -> Result<Option<Tags>, AwsError> {
    match tags::list(scope, arn).await {
        Ok(tags) => Ok(Some(tags)),
        Err(error) if error.is(BUSY) => Ok(None),
        Err(error) if error.is(NOT_TAGGABLE) => Ok(Some(Tags::new())),
        Err(error) => Err(error),
    }
}

/// Waits until AWS accepts changes of the datastore and nothing of `missing` is left, which sees each response. AWS may
/// still return the state before a change for a moment after it has accepted it, and may not know a datastore that
/// `is_new`.
pub(crate) async fn wait_available(
    scope: &Scope<'_>,
    id: &str,
    is_new: bool,
    missing: impl Fn(&GlobalReplicationGroup) -> Option<String> + Sync,
) -> Result<GlobalReplicationGroup, WaitError> {
    let plan = WaitPlan::new(format!("global datastore {id:?} to be available"), scope.time_left());
    let available = scope.wait(&plan, async || {
        let pending = |status: &str| Ok(Poll::Pending { status: status.to_owned() });
        let datastore = match describe(scope, id).await? {
            Found::Yes(datastore) => datastore,
            Found::Incomplete => return pending("unknown"),
            Found::No(_) if is_new => return pending("not visible yet"),
            Found::No(refusal) => return Err(refusal),
        };
        let status = datastore.status().unwrap_or("unknown");
        let missing = missing(&datastore);
        if is_deleting(&datastore) {
            let reason = "It is being deleted outside of this operation.".to_owned();
            return Ok(Poll::Failed { status: status.to_owned(), reason });
        }
        if !is_settled(&datastore) {
            return pending(status);
        }
        match missing {
            Some(missing) => pending(&format!("{status}, but {missing}")),
            None => Ok(Poll::Ready(datastore)),
        }
    });
    available.await
}

/// Why a global datastore was not deleted.
#[derive(Debug)]
pub(crate) enum DeleteError {
    /// These secondaries stay in it.
    Secondaries(Vec<GlobalReplicationGroupMember>),
    /// The deletion was refused, or the time was up.
    Wait(WaitError),
}

/// How the attempts to delete a datastore end.
#[derive(Debug)]
enum Deletion {
    Accepted(Box<GlobalReplicationGroup>),
    Gone,
    Blocked(Vec<GlobalReplicationGroupMember>),
}

/// Deletes the global datastore and keeps its primary, once its secondaries have left and nothing else changes it.
/// `is_leaving` is true for a secondary that is about to leave. The result is the datastore as it was last; `None` when
/// it did not exist.
pub(crate) async fn delete(
    scope: &Scope<'_>,
    id: &str,
    is_leaving: impl Fn(&GlobalReplicationGroupMember) -> bool + Sync,
) -> Result<Option<GlobalReplicationGroup>, DeleteError> {
    let plan = WaitPlan::new(format!("global datastore {id:?} to be deleted"), scope.time_left());
    let outcome = scope.wait(&plan, || delete_once(scope, id, &is_leaving)).await;
    match outcome.map_err(DeleteError::Wait)? {
        Deletion::Accepted(datastore) => Ok(Some(*datastore)),
        Deletion::Gone => Ok(None),
        Deletion::Blocked(secondaries) => Err(DeleteError::Secondaries(secondaries)),
    }
}

async fn delete_once(
    scope: &Scope<'_>,
    id: &str,
    is_leaving: &(impl Fn(&GlobalReplicationGroupMember) -> bool + Sync),
) -> Result<Poll<Deletion>, AwsError> {
    let pending = |status: String| Ok(Poll::Pending { status });
    let datastore = match describe(scope, id).await? {
        Found::Yes(datastore) => datastore,
        Found::Incomplete => return pending("unknown".to_owned()),
        Found::No(_) => return Ok(Poll::Ready(Deletion::Gone)),
    };
    let status = datastore.status().unwrap_or("unknown").to_owned();
    if is_deleting(&datastore) {
        return Ok(Poll::Ready(Deletion::Accepted(Box::new(datastore))));
    }
    let secondaries = secondaries(&datastore);
    if let Some(first) = secondaries.first() {
        let stays = |member: &&&GlobalReplicationGroupMember| {
            member.status().is_none_or(|status| status == ASSOCIATED) && !is_leaving(member)
        };
        let staying: Vec<_> = secondaries.iter().filter(stays).map(|member| (*member).clone()).collect();
        if is_settled(&datastore) && !staying.is_empty() {
            return Ok(Poll::Ready(Deletion::Blocked(staying)));
        }
        let group = first.replication_group_id().unwrap_or_default();
        return pending(format!("{status}, with the secondary {group:?}"));
    }
    let client = scope.elasticache().await?;
    let call = client
        .delete_global_replication_group()
        .global_replication_group_id(id)
        .retain_primary_replication_group(true);
    match scope.call(Service::ElastiCache, "DeleteGlobalReplicationGroup", call.send()).await {
        Ok(_) => Ok(Poll::Ready(Deletion::Accepted(Box::new(datastore)))),
        Err(error) if error.is(NOT_FOUND) => Ok(Poll::Ready(Deletion::Gone)),
        Err(error) if error.is(BUSY) => Ok(Poll::Refused { status, error }),
        Err(error) => Err(error),
    }
}

/// Waits until AWS no longer has the global datastore.
pub(crate) async fn wait_deleted(scope: &Scope<'_>, id: &str) -> Result<(), WaitError> {
    let plan = WaitPlan::new(format!("global datastore {id:?} to be gone"), scope.time_left());
    scope.wait_deleted(&plan, || status(scope, id)).await
}

/// Removes a secondary replication group, which is in `region`, from its global datastore. That it
/// belongs to none is success.
pub(crate) async fn disassociate(
    scope: &Scope<'_>,
    datastore: &str,
    group: &str,
    region: &str,
) -> Result<(), AwsError> {
    let client = scope.elasticache().await?;
    let left = scope.retry(BUSY, || {
        let call = client
            .disassociate_global_replication_group()
            .global_replication_group_id(datastore)
            .replication_group_id(group)
            .replication_group_region(region);
        scope.call(Service::ElastiCache, "DisassociateGlobalReplicationGroup", call.send())
    });
    match left.await {
        Err(error) if !(error.is(NOTHING_TO_LEAVE) || is_not_associated(&error)) => Err(error),
        _ => Ok(()),
    }
}

/// Another client was faster.
fn is_not_associated(error: &AwsError) -> bool {
    error.message().is_some_and(|message| message.contains("is not associated with Global Replication Group"))
}

/// Waits until the replication group belongs to no global datastore, or does not exist. AWS needs more than 20 minutes
/// at times (hashicorp/terraform-provider-aws#23583, #37121).
pub(crate) async fn wait_disassociated(scope: &Scope<'_>, group: &str) -> Result<(), WaitError> {
    let plan = WaitPlan::new(format!("replication group {group:?} to stand alone"), scope.time_left());
    let alone = scope.wait(&plan, async || match replication_group::describe(scope, group).await? {
        Found::Yes(group) => {
            let info = group.global_replication_group_info();
            match info.and_then(|info| info.global_replication_group_id()) {
                None => Ok(Poll::Ready(())),
                Some(_) => Ok(Poll::Pending { status: "associated".to_owned() }),
            }
        }
        Found::Incomplete => Ok(Poll::Pending { status: "unknown".to_owned() }),
        Found::No(_) => Ok(Poll::Ready(())),
    });
    alone.await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prefix_of_an_id_is_five_letters() {
        for (id, suffix) in [
            ("ldgnf-booking", "booking"),
            ("gxeiz-cache-prod", "cache-prod"),
            ("sgaui-a-b", "a-b"),
            // Not prefixes.
            ("booking", "booking"),
            ("abcd-x", "abcd-x"),
            ("ab12c-x", "ab12c-x"),
        ] {
            assert_eq!(suffix_of(id), suffix, "{id}");
        }
    }

    fn datastore(status: &str, members: &[(&str, &str)]) -> GlobalReplicationGroup {
        let members = members.iter().map(|(id, role)| {
            GlobalReplicationGroupMember::builder().replication_group_id(*id).role(*role).build()
        });
        GlobalReplicationGroup::builder().status(status).set_members(Some(members.collect())).build()
    }

    #[test]
    fn roles_tell_the_primary_from_its_secondaries() {
        let datastore = datastore("available", &[("b", "SECONDARY"), ("a", "PRIMARY"), ("c", "SECONDARY")]);
        assert_eq!(
            primary(&datastore).and_then(GlobalReplicationGroupMember::replication_group_id),
            Some("a")
        );
        let ids: Vec<_> = secondaries(&datastore).iter().filter_map(|it| it.replication_group_id()).collect();
        assert_eq!(ids, ["b", "c"]);
    }

    #[test]
    fn a_datastore_without_secondaries_accepts_changes() {
        for (status, settled, deleting) in [
            ("available", true, false),
            ("primary-only", true, false),
            ("creating", false, false),
            ("modifying", false, false),
            ("deleting", false, true),
            ("deleted", false, true),
        ] {
            let datastore = datastore(status, &[]);
            assert_eq!((is_settled(&datastore), is_deleting(&datastore)), (settled, deleting), "{status}");
        }
    }
}
