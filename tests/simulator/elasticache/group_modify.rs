//! `ModifyReplicationGroup`: reading and checking what is asked.
//!
//! Settings that no node needs to be touched for are taken up by the call itself. The others
//! become [`Changes`]: carried out now, or pending until the maintenance window.

use super::auth;
use super::choices;
use super::durability;
use super::faults;
use super::globals;
use super::group::{ClusterMode, Group, Status};
use super::group_settings::settings;
use super::input;
use super::logs;
use super::nodes;
use super::pending::Changes;
use super::protocol::{Params, ServiceError, Xml};
use super::region::{Region, Task};
use super::versions::{self, Version};

/// Reads a cluster mode.
pub(super) fn cluster_mode(text: &str) -> Result<ClusterMode, ServiceError> {
    match text {
        "enabled" => Ok(ClusterMode::Enabled),
        "disabled" => Ok(ClusterMode::Disabled),
        "compatible" => Ok(ClusterMode::Compatible),
        _ => Err(faults::value(format!("Invalid cluster mode: {text}"))),
    }
}

impl Region {
    /// `ModifyReplicationGroup`.
    pub(super) fn modify_group(&mut self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let id = input::required(params, "ReplicationGroupId")?.to_ascii_lowercase();
        let group = self.changeable(&id)?;
        globals::check_member(group, params)?;
        let immediate = input::flag(params, "ApplyImmediately")?.unwrap_or(false);
        let wanted_logs = logs::requests(params, group.engine, group.version)?;
        if !wanted_logs.is_empty() && !immediate {
            // The words of hashicorp/aws #49842.
            return Err(faults::value(
                "To modify the log delivery configuration, set the apply-immediately parameter to true.",
            ));
        }
        // Everything is checked and made on a copy, so that a refused call changes nothing.
        let mut copy = group.clone();
        let settled = settings(&mut copy, params)?;
        let changes = self.changes(group, params)?;
        let logs_changed = logs::merge(&mut copy.logs, wanted_logs);
        let pending_changed = self.drop_revoked(&mut copy, params)?;
        let failover_off = changes.failover == Some(false);
        check_failover(&copy, &changes, failover_off)?;

        let (settings_time, log_time) = (self.config.durations.settings, self.config.durations.log_delivery);
        let mut work = changes;
        if immediate && !copy.pending.is_empty() {
            // "causes the modifications in this request and any pending modifications to be applied"
            // (API model, `ApplyImmediately`).
            let mut all = std::mem::take(&mut copy.pending);
            all.merge(work);
            work = all;
            copy.window = None;
        }
        if work.is_empty() && !settled && !logs_changed && !pending_changed {
            return Err(faults::no_modifications());
        }
        let reference = (id.clone(), copy.serial);
        let opening = (!immediate && !work.is_empty()).then(|| self.opening(&copy));
        if let Some(opening) = opening {
            copy.pending.merge(std::mem::take(&mut work));
            copy.window = Some(self.now + opening);
        }
        self.groups.insert(id.clone(), copy);
        if let Some(opening) = opening {
            self.later(opening, Task::Window(reference.clone()));
        }
        if logs_changed {
            self.later(log_time, Task::LogsSettled(reference.clone()));
        }
        if !work.is_empty() {
            self.apply(&reference, work);
        } else if settled || logs_changed {
            self.busy(&reference, Status::Modifying, settings_time);
        }
        self.group_answer(&id)
    }

    /// What of the call takes time: everything that differs from how the group is now.
    pub(super) fn changes(&self, group: &Group, params: &Params) -> Result<Changes, ServiceError> {
        let mut changes = Changes::default();
        self.engine_changes(group, params, &mut changes)?;
        let (engine, version) = changes.engine.unwrap_or((group.engine, group.version));
        if engine != group.engine {
            // The way back to Redis OSS needs user groups of engine redis (user guide "Upgrading engine
            // versions").
            for user_group in &group.user_groups {
                self.check_user_group(user_group, engine, version)?;
            }
        }
        if let Some(node_type) =
            input::text(params, "CacheNodeType").filter(|requested| *requested != group.node_type)
        {
            nodes::check(node_type, engine, version)?;
            nodes::check_tiering(node_type, group.data_tiering)?;
            if group.cluster_mode == ClusterMode::Compatible {
                return Err(not_while_compatible());
            }
            changes.node_type = Some(node_type.to_owned());
        }
        changes.failover =
            input::flag(params, "AutomaticFailoverEnabled")?.filter(|enabled| *enabled != group.failover);
        changes.multi_az =
            input::flag(params, "MultiAZEnabled")?.filter(|enabled| *enabled != group.multi_az);
        changes.tls = auth::tls_change(params, group.tls, version)?;
        changes.chosen = choices::changes(params, group)?;
        changes.durability = durability::change(params, group)?;
        self.access_changes(group, params, (engine, version), &mut changes)?;
        Ok(changes)
    }

    fn engine_changes(
        &self,
        group: &Group,
        params: &Params,
        changes: &mut Changes,
    ) -> Result<(), ServiceError> {
        let engine = input::text(params, "Engine").map(versions::engine).transpose()?;
        let requested = input::text(params, "EngineVersion");
        let target = match (engine, requested) {
            // The user guide asks for both when going from redis to valkey.
            (Some(engine), None) if engine != group.engine => {
                return Err(faults::combination(
                    "EngineVersion must be specified when the engine is modified.",
                ));
            }
            (_, None) => None,
            (engine, Some(requested)) => {
                let release = versions::find(engine.unwrap_or(group.engine), requested)?;
                versions::upgrade((group.engine, group.version), release)?;
                // `6.x` is satisfied by any 6: upgrading to it goes to the newest one.
                let same = release.engine == group.engine && release.full <= group.version;
                (!same).then_some(release)
            }
        };
        if let Some(release) = target {
            changes.engine = Some((release.engine, release.full));
        }
        let family =
            target.map_or_else(|| versions::family(group.engine, group.version), |release| release.family);
        let mode = input::text(params, "ClusterMode").map(cluster_mode).transpose()?;
        let mode = mode.filter(|mode| *mode != group.cluster_mode);
        if let Some(mode) = mode {
            check_mode(group, mode)?;
            alone(params)?;
            changes.cluster_mode = Some(mode);
        } else if group.cluster_mode == ClusterMode::Compatible && target.is_some() {
            return Err(not_while_compatible());
        }
        let cluster = mode.unwrap_or(group.cluster_mode) != ClusterMode::Disabled;
        let name =
            self.next_parameter_group(group, params, family, cluster, target.is_some() || mode.is_some())?;
        let found = self.parameter_groups.get(&name).ok_or_else(|| faults::no_parameter_group(&name))?;
        found.must_be_of(family)?;
        if found.cluster_enabled() != cluster {
            // The words as in hashicorp/aws #35636.
            return Err(faults::combination(
                "The parameter cluster-enabled has a different value in the requested parameter group \
                 than the \
                 current parameter group. This parameter value cannot be changed for a cache cluster.",
            ));
        }
        changes.parameter_group = Some(name).filter(|name| *name != group.parameter_group);
        Ok(())
    }

    /// The parameter group after the call. Two beliefs: a default group follows an upgrade within
    /// redis by itself (hashicorp/aws acceptance test EngineVersion_update names none), but to and
    /// within valkey it must be named (aws-samples/dify-self-hosted-on-aws #24: "Expected a parameter
    /// group of family valkey8 but found one of family valkey7").
    fn next_parameter_group(
        &self,
        group: &Group,
        params: &Params,
        family: &str,
        cluster: bool,
        moves: bool,
    ) -> Result<String, ServiceError> {
        if let Some(requested) = input::text(params, "CacheParameterGroupName") {
            return Ok(requested.to_ascii_lowercase());
        }
        let current = &group.parameter_group;
        let crosses = self.parameter_groups.get(current).is_some_and(|found| found.family != family);
        let follows = !crosses || !family.starts_with("valkey") || self.config.valkey_default_group_follows;
        if moves && follows && versions::is_default_group(current) {
            return Ok(versions::default_group(family, cluster));
        }
        Ok(current.clone())
    }

    fn access_changes(
        &self,
        group: &Group,
        params: &Params,
        (engine, version): (&'static str, Version),
        changes: &mut Changes,
    ) -> Result<(), ServiceError> {
        let lower = |ids: Vec<String>| ids.iter().map(|id| id.to_ascii_lowercase()).collect::<Vec<_>>();
        let add = lower(params.list("UserGroupIdsToAdd"));
        let mut remove = lower(params.list("UserGroupIdsToRemove"));
        let remove_all = input::flag(params, "RemoveUserGroups")?.unwrap_or(false);
        if remove_all {
            remove.clone_from(&group.user_groups);
        }
        for id in &add {
            self.check_user_group(id, engine, version)?;
            if group.user_groups.contains(id) {
                return Err(faults::combination(format!("User group {id} is already associated.")));
            }
        }
        if let Some(id) = remove.iter().find(|id| !group.user_groups.contains(id)) {
            return Err(faults::combination(format!("User group {id} is not associated.")));
        }
        changes.token = auth::token_change(params, group, (remove_all, !add.is_empty()))?;
        let deleted = input::text(params, "AuthTokenUpdateStrategy") == Some("DELETE");
        if !add.is_empty() && group.token_enabled() && !deleted {
            // The words of hashicorp/aws #39546.
            return Err(faults::combination(
                "User group can't be associated with auth token enabled. Pass AuthStrategy delete to \
                 proceed.",
            ));
        }
        let user_groups = group.user_groups.len() + add.len() - remove.len();
        let token = match &changes.token {
            Some(super::pending::TokenChange::Delete) => false,
            Some(_) => true,
            None => group.token_enabled(),
        };
        let tls = changes.tls.unwrap_or(group.tls);
        if changes.tls.is_some() || changes.token.is_some() || !add.is_empty() {
            auth::check_access(tls, token, user_groups)?;
        }
        (changes.add_user_groups, changes.remove_user_groups) = (add, remove);
        Ok(())
    }
}

/// Disabled to compatible, compatible to either, and nothing else; from 7.0 on, with failover and a replica
/// (API model, `ClusterMode`; user guide "Modifying cluster mode").
fn check_mode(group: &Group, mode: ClusterMode) -> Result<(), ServiceError> {
    if group.version < Version(7, 0, 0) {
        return Err(faults::combination(
            "Modifying the cluster mode is supported from engine version 7.0 on.",
        ));
    }
    match (group.cluster_mode, mode) {
        (ClusterMode::Disabled, ClusterMode::Enabled) => {
            Err(faults::combination("To set the cluster mode to enabled, set it to compatible first."))
        }
        (ClusterMode::Enabled, _) => {
            Err(faults::combination("The cluster mode cannot be modified once it is enabled."))
        }
        _ if !group.failover || group.node_groups.iter().any(|shard| shard.replicas() == 0) => {
            Err(faults::combination(
                "Modifying the cluster mode needs automatic failover and at least one replica.",
            ))
        }
        _ => Ok(()),
    }
}

/// Beside `ClusterMode` no other parameter than the parameter group is accepted (user guide "Modifying cluster mode"; the
/// words are a belief).
fn alone(params: &Params) -> Result<(), ServiceError> {
    let is_allowed = |name: &str| {
        [
            "Action",
            "Version",
            "ReplicationGroupId",
            "ApplyImmediately",
            "ClusterMode",
            "CacheParameterGroupName",
        ]
        .contains(&name)
    };
    match params.0.keys().find(|name| !is_allowed(name)) {
        Some(name) => {
            Err(faults::combination(format!("{name} cannot be modified together with ClusterMode.")))
        }
        None => Ok(()),
    }
}

/// "Modify operations such as scaling and engine version are not permitted" in compatible mode (user guide "Modifying
/// cluster mode"; the words are a belief).
pub(super) fn not_while_compatible() -> ServiceError {
    faults::combination("This modification is not permitted while the cluster mode is compatible.")
}

/// Failover needs a replica and cluster mode needs failover (words of hashicorp/aws #27116 and
/// cloudformation-coverage-roadmap #383); multi-AZ needs failover.
pub(super) fn check_failover(group: &Group, changes: &Changes, off: bool) -> Result<(), ServiceError> {
    if off && group.cluster_enabled() {
        return Err(faults::combination(
            "Turning off automatic failover for replication group with cluster mode enabled is not \
             supported.",
        ));
    }
    let single = group.node_groups.iter().any(|shard| shard.replicas() == 0);
    if changes.failover == Some(true) && single {
        return Err(faults::combination(
            "Replication group must have at least one read replica to enable autofailover.",
        ));
    }
    let failover = changes.failover.or(group.pending.failover).unwrap_or(group.failover);
    let multi_az = changes.multi_az.or(group.pending.multi_az).unwrap_or(group.multi_az);
    if multi_az && !failover {
        return Err(faults::combination("MultiAZ can be enabled only with automatic failover."));
    }
    if changes.multi_az == Some(true) && single {
        return Err(faults::combination("MultiAZ needs at least one replica in each node group."));
    }
    Ok(())
}

impl Region {
    /// Forgets pending changes whose opposite is asked for, where [`super::config::Config`] says that AWS
    /// does. Says whether there were any.
    fn drop_revoked(&self, group: &mut Group, params: &Params) -> Result<bool, ServiceError> {
        if !self.config.running_value_cancels {
            return Ok(false);
        }
        let before = group.pending.clone();
        let text = |name| input::text(params, name);
        let is = |name, on: bool| text(name) == Some(if on { "true" } else { "false" });
        let pending = &mut group.pending;
        if text("CacheNodeType") == Some(group.node_type.as_str()) {
            pending.node_type = None;
        }
        let named = text("CacheParameterGroupName").map(str::to_ascii_lowercase);
        if named.as_ref() == Some(&group.parameter_group) {
            pending.parameter_group = None;
        }
        if is("AutomaticFailoverEnabled", group.failover) {
            pending.failover = None;
        }
        if is("MultiAZEnabled", group.multi_az) {
            pending.multi_az = None;
        }
        if text("ClusterMode") == Some(group.cluster_mode.to_string().as_str()) {
            pending.cluster_mode = None;
        }
        choices::revoke(params, &group.chosen, &mut pending.chosen);
        if text("Durability").is_some() && text("Durability") == group.durability.as_deref() {
            pending.durability = None;
        }
        let same_tls = match (text("TransitEncryptionEnabled"), text("TransitEncryptionMode")) {
            (None, None) => false,
            (Some("false"), _) => !group.tls.enabled(),
            (_, mode) => group.tls.enabled() && mode.is_none_or(|mode| Some(mode) == group.tls.mode()),
        };
        if same_tls {
            pending.tls = None;
        }
        let existing = versions::of(group.engine, group.version);
        let engine = text("Engine").is_none_or(|engine| engine.eq_ignore_ascii_case(group.engine));
        let requested =
            text("EngineVersion").and_then(|requested| versions::find(group.engine, requested).ok());
        if engine && requested.is_some_and(|requested| existing == Some(requested)) {
            pending.engine = None;
            // A parameter group that waited with the version, of another family than what runs.
            if let Some(name) = pending.parameter_group.as_ref().filter(|_| named.is_none()) {
                let found =
                    self.parameter_groups.get(name).ok_or_else(|| faults::no_parameter_group(name))?;
                found.must_be_of(versions::family(group.engine, group.version))?;
            }
        }
        Ok(*pending != before)
    }
}
