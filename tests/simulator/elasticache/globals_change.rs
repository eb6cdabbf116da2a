//! `ModifyGlobalReplicationGroup`: the primary is changed, and every secondary with it.

use super::ElastiCache;
use super::faults;
use super::globals::no_datastore;
use super::globals_calls::{is_fit, unfit_node_type};
use super::globals_store::{Datastore, Key, Membership, Stage};
use super::group::Group;
use super::group_modify::check_failover;
use super::group_scale::now_only;
use super::input;
use super::pending::Changes;
use super::protocol::{Millis, Params, Place, ServiceError, Xml};
use super::versions;

/// What a request may change: one of these, since "only one field can be changed per request" (hashicorp/aws,
/// `resourceGlobalReplicationGroupUpdate`). Engine, version and parameter group are one.
const FIELDS: [&[&str]; 4] = [
    &["GlobalReplicationGroupDescription"],
    &["CacheNodeType"],
    &["Engine", "EngineVersion", "CacheParameterGroupName"],
    &["AutomaticFailoverEnabled"],
];

/// A change of one member, and the parameter group that was made for it.
struct Planned {
    member: Membership,
    changes: Changes,
    copy: Option<String>,
}

impl ElastiCache {
    /// `ModifyGlobalReplicationGroup`.
    pub(super) fn modify_global(
        &mut self,
        place: &Place,
        params: &Params,
        now: Millis,
    ) -> Result<Vec<Xml>, ServiceError> {
        let key = self.settled_datastore(place, params)?;
        now_only(params)?;
        let given = |names: &&&[&str]| names.iter().any(|name| params.get(name).is_some());
        match FIELDS.iter().filter(given).count() {
            0 => return Err(faults::no_modifications()),
            1 => {}
            // The words are ours.
            _ => return Err(faults::value("Only one field can be modified per request.")),
        }
        if let Some(description) = params.get("GlobalReplicationGroupDescription") {
            let ready = now + self.config.durations.settings;
            let datastore = self.datastores.get_mut(&key).ok_or_else(|| no_datastore(&key.1))?;
            description.trim().clone_into(&mut datastore.description);
            datastore.begin(Stage::Modifying, ready);
            return self.observed(&key);
        }
        let planned = self.planned_changes(&key, params)?;
        let lag = self.config.durations.global_lag;
        for Planned { member, changes, .. } in planned {
            let Some((region, _)) = self.member_group(&member) else { continue };
            region.apply_late(&member.group, changes, if member.primary { 0 } else { lag });
        }
        if let Some(datastore) = self.datastores.get_mut(&key) {
            datastore.begin(Stage::Modifying, now);
        }
        self.observed(&key)
    }

    /// The changes of every member; none is begun before all are checked.
    fn planned_changes(&mut self, key: &Key, params: &Params) -> Result<Vec<Planned>, ServiceError> {
        let members = self.datastores.get(key).map(|it| it.members.clone()).unwrap_or_default();
        let mut planned = Vec::new();
        let mut refused = self.check_change(key, params).err();
        for member in members {
            if refused.is_some() {
                break;
            }
            match self.planned_change(key, member, params) {
                Ok(change) => planned.push(change),
                Err(fault) => refused = Some(fault),
            }
        }
        if refused.is_none() && planned.iter().all(|it| it.changes.is_empty()) {
            refused = Some(faults::no_modifications());
        }
        let Some(refused) = refused else { return Ok(planned) };
        for Planned { member, copy, .. } in planned {
            if let (Some((region, _)), Some(copy)) = (self.member_group(&member), copy) {
                region.parameter_groups.remove(&copy);
            }
        }
        Err(refused)
    }

    /// The first of AWS's words are those of hashicorp/aws PR #49110, the second are ours.
    fn check_change(&self, key: &Key, params: &Params) -> Result<(), ServiceError> {
        let datastore: &Datastore = self.datastores.get(key).ok_or_else(|| no_datastore(&key.1))?;
        let primary = self.primary_group(datastore).ok_or_else(|| no_datastore(&key.1))?;
        if input::text(params, "CacheNodeType").is_some_and(|requested| !is_fit(requested)) {
            return Err(unfit_node_type());
        }
        let is_major = target_family(primary, params)?
            .is_some_and(|family| family != versions::family(primary.engine, primary.version));
        match (is_major, input::text(params, "CacheParameterGroupName")) {
            (false, Some(_)) => Err(faults::value(
                "ModifyGlobalReplicationGroup API does not support cache parameter group modification without \
                 a change in major engine version.",
            )),
            (true, None) => Err(faults::value(
                "CacheParameterGroupName must be specified when the major engine version is modified.",
            )),
            _ => Ok(()),
        }
    }

    /// The change of one member. A secondary gets a parameter group of its own, as when it joins.
    fn planned_change(
        &mut self,
        key: &Key,
        member: Membership,
        params: &Params,
    ) -> Result<Planned, ServiceError> {
        let gone = || no_datastore(&key.1);
        let mut own = params.clone();
        let mut copy = None;
        if let Some(name) = input::text(params, "CacheParameterGroupName").filter(|_| !member.primary) {
            let datastore = self.datastores.get(key).ok_or_else(gone)?;
            let home = datastore.members.iter().find(|it| it.primary).map(|it| it.place.clone());
            let groups = home.and_then(|home| self.regions.get(&home)).map(|region| &region.parameter_groups);
            let source = groups.and_then(|groups| groups.get(&name.to_ascii_lowercase())).cloned();
            let source = source.ok_or_else(|| faults::no_parameter_group(name))?;
            let (region, _) = self.member_group(&member).ok_or_else(gone)?;
            let created = region.copy_parameter_group(&source, &member.group.0, &key.1);
            own.0.insert("CacheParameterGroupName".to_owned(), created.clone());
            copy = Some(created);
        }
        let (region, group) = self.member_group(&member).ok_or_else(gone)?;
        let changes = region.changes(&group, &own).and_then(|changes| {
            check_failover(&group, &changes, changes.failover == Some(false))?;
            Ok(changes)
        });
        if let (Err(_), Some(copy)) = (&changes, &copy) {
            region.parameter_groups.remove(copy);
        }
        Ok(Planned { member, changes: changes?, copy })
    }
}

/// The family that a request goes to; `None` without a version.
fn target_family(group: &Group, params: &Params) -> Result<Option<&'static str>, ServiceError> {
    let engine = input::text(params, "Engine").map(versions::engine).transpose()?.unwrap_or(group.engine);
    let requested = input::text(params, "EngineVersion");
    requested.map(|requested| versions::find(engine, requested).map(|release| release.family)).transpose()
}
