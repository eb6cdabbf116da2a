//! Service updates and update actions. Members are those of the API model; rules are those of the user guide ("Managing
//! service updates"), and the acceptance tests of hashicorp/aws for its action. What neither says is a belief, marked as
//! such; words of refusals that no source has are ours.

use std::collections::BTreeMap;

use super::calendar;
use super::control::Control;
use super::faults;
use super::group::{Group, Status};
use super::input;
use super::protocol::{Millis, Params, ServiceError, Xml};
use super::region::{GroupRef, Region, Task};
use super::xml::Node;

const DAY: u64 = 24 * 3_600_000;

/// A service update; its times are milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ServiceUpdate {
    name: String,
    released: u64,
    /// `available`, `cancelled` or `expired`.
    status: &'static str,
}

impl ServiceUpdate {
    /// A belief, of the size that mails of AWS name.
    fn apply_by(&self) -> u64 {
        self.released + 60 * DAY
    }

    fn end(&self) -> u64 {
        self.released + 365 * DAY
    }
}

/// The updates that every Region has: both were released before any cache was created.
pub(super) fn known(start: u64) -> BTreeMap<String, ServiceUpdate> {
    let all = [("elc-20250801-001", 157, "expired"), ("elc-20251201-001", 35, "available")];
    let update = |(name, days, status): (&str, u64, &'static str)| {
        let update = ServiceUpdate { name: name.to_owned(), released: start - days * DAY, status };
        (update.name.clone(), update)
    };
    all.into_iter().map(update).collect()
}

/// How far an update is that was requested for a cache, or set by a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct UpdateAction {
    status: &'static str,
    modified: Millis,
    /// Since when AWS works on one node of each shard.
    working: Option<Millis>,
    /// Updated nodes, with start and end.
    done: BTreeMap<String, (Millis, Millis)>,
}

/// A cache, as when something was begun, and the name of an update.
pub(super) type ActionKey = (GroupRef, String);

impl Region {
    /// `DescribeServiceUpdates`.
    pub(super) fn describe_service_updates(&self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let statuses = limited(params, "ServiceUpdateStatus", 3)?;
        let mut chosen: Vec<&ServiceUpdate> = match input::text(params, "ServiceUpdateName") {
            Some(name) => vec![self.service_update(name)?],
            None => self.service_updates.values().collect(),
        };
        chosen.retain(|update| statuses.is_empty() || statuses.iter().any(|status| status == update.status));
        let entries = chosen.into_iter().map(|update| (update.name.clone(), update)).collect();
        input::page(params, "ServiceUpdates", (100, 100), entries, |update| {
            Node::new("ServiceUpdate")
                .text("ServiceUpdateName", &update.name)
                .text("ServiceUpdateReleaseDate", calendar::iso(update.released))
                .text("ServiceUpdateEndDate", calendar::iso(update.end()))
                .text("ServiceUpdateSeverity", "important")
                .text("ServiceUpdateRecommendedApplyByDate", calendar::iso(update.apply_by()))
                .text("ServiceUpdateStatus", update.status)
                .text("ServiceUpdateDescription", "Upgrades to improve the security of caches")
                .text("ServiceUpdateType", "security-update")
                .text("Engine", ENGINES)
                .text("AutoUpdateAfterRecommendedApplyByDate", "true")
                .text("EstimatedUpdateTime", ESTIMATE)
                .done()
        })
    }

    /// `DescribeUpdateActions`. A cache that does not exist has no actions, and so has an update (beliefs: the model has no
    /// fault for either).
    pub(super) fn describe_update_actions(&self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let groups = lower(limited(params, "ReplicationGroupIds", 20)?);
        let clusters = lower(limited(params, "CacheClusterIds", 20)?);
        let of_update = limited(params, "ServiceUpdateStatus", 3)?;
        let statuses = limited(params, "UpdateActionStatus", 9)?;
        let with_nodes = input::flag(params, "ShowNodeLevelUpdateStatus")? == Some(true);
        let time = |name: &str| input::text(params, name).and_then(calendar::parse_iso);
        let from = time("ServiceUpdateTimeRange.StartTime").unwrap_or(0);
        let to = time("ServiceUpdateTimeRange.EndTime").unwrap_or(u64::MAX);
        let engine = input::text(params, "Engine");
        let mut entries = Vec::new();
        for update in self.service_updates.values() {
            let is_named = input::text(params, "ServiceUpdateName").is_none_or(|name| name == update.name);
            let is_then = update.released <= to && update.end() >= from;
            let fits = of_update.is_empty() || of_update.iter().any(|status| status == update.status);
            if !(is_named && is_then && fits && engine.is_none_or(|engine| ENGINES.contains(engine))) {
                continue;
            }
            for group in self.groups.values() {
                let named = if group.alone { &clusters } else { &groups };
                let is_meant = (groups.is_empty() && clusters.is_empty()) || named.contains(&group.id);
                let Some(action) = self.update_action(group, update).filter(|_| is_meant) else { continue };
                if statuses.is_empty() || statuses.iter().any(|status| status == action.status) {
                    entries.push((format!("{}/{}", update.name, group.id), (update, group, action)));
                }
            }
        }
        entries.sort_by(|(a, _), (b, _)| a.cmp(b));
        input::page(params, "UpdateActions", (100, 100), entries, |(update, group, action)| {
            self.show_update_action(update, group, &action, with_nodes)
        })
    }

    /// `BatchApplyUpdateAction` and `BatchStopUpdateAction`: an action that cannot be changed is in the list of those that
    /// are not processed, and the call succeeds.
    pub(super) fn change_update_actions(
        &mut self,
        params: &Params,
        is_apply: bool,
    ) -> Result<Vec<Xml>, ServiceError> {
        let update = self.service_update(input::required(params, "ServiceUpdateName")?)?.clone();
        let groups = lower(limited(params, "ReplicationGroupIds", 20)?);
        let clusters = lower(limited(params, "CacheClusterIds", 20)?);
        if groups.is_empty() && clusters.is_empty() {
            return Err(faults::value("Specify ReplicationGroupIds or CacheClusterIds."));
        }
        let all = groups.iter().map(|id| (id, false)).chain(clusters.iter().map(|id| (id, true)));
        let (mut processed, mut unprocessed) = (Vec::new(), Vec::new());
        for (id, is_cluster) in all {
            let member = if is_cluster { "CacheClusterId" } else { "ReplicationGroupId" };
            let entry = |name: &str| Node::new(name).text(member, id).text("ServiceUpdateName", &update.name);
            match self.change_update_action(id, is_cluster, &update, is_apply) {
                Ok(status) => {
                    processed.push(entry("ProcessedUpdateAction").text("UpdateActionStatus", status).done());
                }
                Err(fault) => unprocessed.push(
                    entry("UnprocessedUpdateAction")
                        .text("ErrorType", fault.code)
                        .text("ErrorMessage", fault.message)
                        .done(),
                ),
            }
        }
        Ok(vec![
            Xml::element("ProcessedUpdateActions", processed),
            Xml::element("UnprocessedUpdateActions", unprocessed),
        ])
    }

    fn change_update_action(
        &mut self,
        id: &str,
        is_cluster: bool,
        update: &ServiceUpdate,
        is_apply: bool,
    ) -> Result<&'static str, ServiceError> {
        let group = self.groups.get(id).filter(|group| group.alone == is_cluster);
        let group =
            group.ok_or_else(|| if is_cluster { faults::no_cluster(id) } else { faults::no_group(id) })?;
        let action = self.update_action(group, update);
        let action = action.ok_or_else(|| faults::value("The update action does not exist."))?;
        // "You can apply only those service updates that have an available or scheduled status" (user guide).
        if is_apply && update.status != "available" {
            return Err(faults::value(format!("The service update is {}.", update.status)));
        }
        let allowed: &[&str] = match is_apply {
            true => &["not-applied", "stopped", "scheduled"],
            false => &["waiting-to-start", "in-progress"],
        };
        if !allowed.contains(&action.status) {
            // The words are those of the acceptance tests of hashicorp/aws; the type is that of public mocks.
            return Err(faults::value(format!(
                "The update action is not in a valid status. Current status: {}.",
                action.status
            )));
        }
        // A belief, after the refusals of other changes.
        if is_apply && group.status != Status::Available {
            return Err(ServiceError::new(
                "InvalidReplicationGroupState",
                "Replication group must be in available state to modify.",
            ));
        }
        let key = ((group.id.clone(), group.serial), update.name.clone());
        let status = if is_apply { "waiting-to-start" } else { "stopping" };
        let changed = UpdateAction { status, modified: self.now, ..action };
        self.update_actions.insert(key.clone(), changed);
        if is_apply {
            self.later(self.config.durations.settings, Task::ServiceUpdate(key));
        }
        Ok(status)
    }

    /// A step of an update is due: one node of each shard after the other (user guide). A stop takes effect before the next
    /// node; those that are done stay updated.
    pub(super) fn service_update_step(&mut self, key: &ActionKey) {
        let (now, length) = (self.now, self.config.durations.update_node);
        let Some(group) = self.same_group(&key.0) else { return };
        let shards: Vec<Vec<String>> = group
            .node_groups
            .iter()
            .map(|shard| shard.members.iter().map(|member| member.id.clone()).collect())
            .collect();
        let Some(action) = self.update_actions.get_mut(key) else { return };
        if let Some(since) = action.working.take() {
            for shard in &shards {
                if let Some(next) = shard.iter().find(|id| !action.done.contains_key(*id)) {
                    action.done.insert(next.clone(), (since, now));
                }
            }
        }
        let is_complete = shards.iter().flatten().all(|id| action.done.contains_key(id));
        action.status = match action.status {
            _ if is_complete => "complete",
            "stopping" => "stopped",
            _ => "in-progress",
        };
        action.modified = now;
        if action.status == "in-progress" {
            action.working = Some(now);
            self.later(length, Task::ServiceUpdate(key.clone()));
        }
    }

    /// A service update, by its name.
    fn service_update(&self, name: &str) -> Result<&ServiceUpdate, ServiceError> {
        self.service_updates.get(name).ok_or_else(|| {
            faults::missing("ServiceUpdateNotFoundFault", format!("Service update {name} not found."))
        })
    }

    /// The action of an update for a cache, where AWS lists one. AWS applies current updates when it creates a cache, and
    /// lists them as complete about ten minutes after it is available (acceptance tests of hashicorp/aws). That a new cache has no actions
    /// of updates that are over is a belief.
    fn update_action(&self, group: &Group, update: &ServiceUpdate) -> Option<UpdateAction> {
        let key = ((group.id.clone(), group.serial), update.name.clone());
        if let Some(action) = self.update_actions.get(&key) {
            return Some(action.clone());
        }
        let created = calendar::unix(self.config.start, group.created);
        let durations = &self.config.durations;
        let is_listed = self.now >= group.created + durations.create + durations.update_listing;
        if !is_listed || update.status != "available" {
            return None;
        }
        let is_new = created >= update.released;
        let member = |id: &str| (id.to_owned(), (group.created, group.created));
        let done = group.members().filter(|_| is_new).map(|node| member(&node.id)).collect();
        let status = if is_new { "complete" } else { "not-applied" };
        Some(UpdateAction { status, modified: group.created, working: None, done })
    }

    fn show_update_action(
        &self,
        update: &ServiceUpdate,
        group: &Group,
        action: &UpdateAction,
        with_nodes: bool,
    ) -> Xml {
        let all = group.members().count();
        let done = group.members().filter(|member| action.done.contains_key(&member.id)).count();
        let created = calendar::unix(self.config.start, group.created);
        let now = calendar::unix(self.config.start, self.now);
        // API model, `UpdateAction.SlaMet`.
        let sla = match action.status {
            _ if created > update.apply_by() => "n/a",
            "complete" => "yes",
            _ if now > update.apply_by() => "no",
            _ => "n/a",
        };
        let nodes = group.node_groups.iter().filter(|_| with_nodes).map(|shard| {
            let members = shard.members.iter().map(|member| self.show_updated_node(&member.id, action));
            Node::new("NodeGroupUpdateStatus")
                .text("NodeGroupId", &shard.id)
                .list("NodeGroupMemberUpdateStatus", members)
                .done()
        });
        Node::new("UpdateAction")
            .text(if group.alone { "CacheClusterId" } else { "ReplicationGroupId" }, &group.id)
            .text("ServiceUpdateName", &update.name)
            .text("ServiceUpdateReleaseDate", calendar::iso(update.released))
            .text("ServiceUpdateSeverity", "important")
            .text("ServiceUpdateStatus", update.status)
            .text("ServiceUpdateRecommendedApplyByDate", calendar::iso(update.apply_by()))
            .text("ServiceUpdateType", "security-update")
            .text("UpdateActionAvailableDate", calendar::iso(created.max(update.released)))
            .text("UpdateActionStatus", action.status)
            .text("NodesUpdated", format!("{done}/{all}"))
            .text("UpdateActionStatusModifiedDate", self.date(action.modified))
            .text("SlaMet", sla)
            .list("NodeGroupUpdateStatus", nodes)
            .text("EstimatedUpdateTime", ESTIMATE)
            .text("Engine", ENGINES)
            .done()
    }

    fn show_updated_node(&self, id: &str, action: &UpdateAction) -> Xml {
        let times = action.done.get(id);
        let status = match times {
            Some(_) => "complete",
            None if ["complete", "scheduled"].contains(&action.status) => "not-applied",
            None => action.status,
        };
        Node::new("NodeGroupMemberUpdateStatus")
            .text("CacheClusterId", id)
            .text("CacheNodeId", "0001")
            .text("NodeUpdateStatus", status)
            .maybe("NodeUpdateStartDate", times.map(|(start, _)| self.date(*start)))
            .maybe("NodeUpdateEndDate", times.map(|(_, end)| self.date(*end)))
            .maybe("NodeUpdateInitiatedBy", times.map(|_| "customer"))
            .text("NodeUpdateStatusModifiedDate", self.date(times.map_or(action.modified, |(_, end)| *end)))
            .done()
    }
}

/// A belief: updates of one name for both engines.
const ENGINES: &str = "redis, valkey";
const ESTIMATE: &str = "30 minutes per node";

/// A list with the limit of the API model.
fn limited(params: &Params, name: &str, most: usize) -> Result<Vec<String>, ServiceError> {
    let all = params.list(name);
    match all.len() <= most {
        true => Ok(all),
        false => Err(faults::value(format!("{name} must have at most {most} members."))),
    }
}

fn lower(ids: Vec<String>) -> Vec<String> {
    ids.into_iter().map(|id| id.to_ascii_lowercase()).collect()
}

impl Control<'_> {
    /// AWS releases a service update: existing caches do not have it.
    pub fn release_service_update(&mut self, name: &str) {
        let released = calendar::unix(self.region.config.start, self.region.now) + 1;
        let update = ServiceUpdate { name: name.to_owned(), released, status: "available" };
        self.region.service_updates.insert(name.to_owned(), update);
    }

    /// An update expires, or AWS cancels it: `expired` or `cancelled`. With `is_listed` false its actions are no longer
    /// listed either. Says whether there is such an update.
    pub fn end_service_update(&mut self, name: &str, status: &'static str, is_listed: bool) -> bool {
        if !is_listed {
            self.region.update_actions.retain(|(_, update), _| update != name);
        }
        self.region.service_updates.get_mut(name).map(|update| update.status = status).is_some()
    }

    /// Puts an update of a group into a status, as AWS does with `scheduled`. Says whether AWS lists it.
    pub fn set_update_status(&mut self, group: &str, name: &str, status: &'static str) -> bool {
        let found = self.region.groups.get(group).zip(self.region.service_updates.get(name));
        let Some((group, update)) = found else { return false };
        let Some(action) = self.region.update_action(group, update) else { return false };
        let key = ((group.id.clone(), group.serial), name.to_owned());
        let modified = self.region.now;
        self.region.update_actions.insert(key, UpdateAction { status, modified, ..action });
        true
    }

    /// The status of an update of a group, where AWS lists it.
    pub fn update_status(&self, group: &str, name: &str) -> Option<&'static str> {
        let found = self.region.groups.get(group).zip(self.region.service_updates.get(name));
        found.and_then(|(group, update)| self.region.update_action(group, update)).map(|action| action.status)
    }
}
