//! Global datastores of an account, and how they move with time.
//!
//! A datastore spans regions: its members are groups of several [`Region`]s, and what it says of engine
//! and size is what its primary has. What it is busy with is done by its members, each in its region at
//! its own time; the datastore is `modifying` until the last one is done.
//!
//! Beliefs: a datastore is known in the regions of its members and nowhere else. Its primary is
//! `modifying` while the datastore is created or deleted (hashicorp/aws waits for both). Secondaries carry
//! a change out later than the primary.

use std::collections::BTreeMap;

use super::ElastiCache;
use super::globals::{invalid_state, no_datastore};
use super::group::{Group, Status};
use super::input;
use super::protocol::{Millis, Params, Place, ServiceError};
use super::region::{GroupRef, Region};

/// Account and ID of a datastore.
pub(super) type Key = (String, String);

/// What AWS is doing with a datastore.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Creating,
    Settled,
    Modifying,
    Deleting,
}

/// A group that belongs to a datastore.
#[derive(Debug, Clone)]
pub(super) struct Membership {
    pub(super) place: Place,
    pub(super) group: GroupRef,
    pub(super) primary: bool,
    /// `associating`, `associated` or `disassociating` (examples of the AWS CLI's reference).
    pub(super) status: &'static str,
    /// When it is to leave.
    pub(super) leaves: Option<Millis>,
}

/// A global datastore.
#[derive(Debug)]
pub(super) struct Datastore {
    pub(super) id: String,
    pub(super) description: String,
    pub(super) stage: Stage,
    /// When the stage may end, if the members are done.
    pub(super) ready: Millis,
    /// The member that becomes the primary then.
    pub(super) next_primary: Option<(Place, GroupRef)>,
    /// The primary first, when the datastore is created.
    pub(super) members: Vec<Membership>,
    pub(super) tags: BTreeMap<String, String>,
}

impl Datastore {
    /// The status as AWS writes it (API model, `GlobalReplicationGroup.Status`).
    pub(super) fn status(&self) -> &'static str {
        match self.stage {
            Stage::Creating => "creating",
            Stage::Modifying => "modifying",
            Stage::Deleting => "deleting",
            Stage::Settled if self.members.iter().all(|member| member.primary) => "primary-only",
            Stage::Settled => "available",
        }
    }

    /// Refuses what a datastore allows only while nothing else happens to it.
    pub(super) fn must_be_settled(&self) -> Result<(), ServiceError> {
        if self.stage == Stage::Settled { Ok(()) } else { Err(invalid_state(&self.id)) }
    }

    /// The member with that ID in that region.
    pub(super) fn member(&self, group: &str, region: &str) -> Option<&Membership> {
        self.members.iter().find(|member| member.group.0 == group && member.place.region == region)
    }

    /// Begins something that takes at least so long.
    pub(super) fn begin(&mut self, stage: Stage, ready: Millis) {
        (self.stage, self.ready) = (stage, ready);
    }
}

/// Whether nothing is done to a group.
fn is_idle(group: &Group) -> bool {
    let is_settled = matches!(group.status, Status::Available | Status::CreateFailed);
    is_settled && group.applying.is_empty() && group.resharding.is_none() && group.busy_member().is_none()
}

impl ElastiCache {
    /// Does what has become due in the datastores of an account, and in all its regions.
    pub(super) fn settle_globals(&mut self, account: &str, now: Millis) {
        let keys: Vec<Key> = self.datastores.keys().filter(|(owner, _)| owner == account).cloned().collect();
        if keys.is_empty() {
            return;
        }
        for (_, region) in self.regions.iter_mut().filter(|(place, _)| place.account == account) {
            region.advance(now);
        }
        for key in keys {
            self.settle_global(&key, now);
        }
    }

    fn settle_global(&mut self, key: &Key, now: Millis) {
        let (regions, Some(datastore)) = (&mut self.regions, self.datastores.get_mut(key)) else { return };
        let mut idle = true;
        datastore.members.retain_mut(|member| {
            let region = regions.get_mut(&member.place);
            let Some(group) = region.and_then(|region| region.same_group(&member.group)) else {
                return false;
            };
            if member.leaves.is_some_and(|at| at <= now) {
                (group.global, group.global_primary) = (None, false);
                return false;
            }
            idle &= is_idle(group) && member.leaves.is_none();
            if member.status == "associating" && group.status == Status::Available {
                member.status = "associated";
            }
            true
        });
        if datastore.ready > now || !idle || datastore.stage == Stage::Settled {
            return;
        }
        if datastore.stage == Stage::Deleting {
            self.forget_global(key);
            return;
        }
        if let Some((place, next)) = datastore.next_primary.take() {
            for member in &mut datastore.members {
                member.primary = member.place == place && member.group == next;
                let region = regions.get_mut(&member.place);
                if let Some(group) = region.and_then(|region| region.same_group(&member.group)) {
                    group.global_primary = member.primary;
                }
            }
        }
        datastore.stage = Stage::Settled;
    }

    /// The datastore is gone, and its primary stands alone.
    fn forget_global(&mut self, key: &Key) {
        let Some(datastore) = self.datastores.remove(key) else { return };
        for member in &datastore.members {
            let region = self.regions.get_mut(&member.place);
            if let Some(group) = region.and_then(|region| region.same_group(&member.group)) {
                (group.global, group.global_primary) = (None, false);
            }
        }
        for (_, region) in self.regions.iter_mut().filter(|(place, _)| place.account == key.0) {
            region.globals.remove(&key.1);
        }
    }

    /// The datastore that a call names, where the region of the call knows it.
    pub(super) fn datastore(&self, place: &Place, params: &Params) -> Result<Key, ServiceError> {
        let id = input::required(params, "GlobalReplicationGroupId")?;
        let key = (place.account.clone(), id.to_owned());
        let found = self.datastores.get(&key);
        let is_known = found.is_some_and(|it| it.members.iter().any(|member| member.place == *place));
        if is_known { Ok(key) } else { Err(no_datastore(id)) }
    }

    /// The same, once nothing else happens to it.
    pub(super) fn settled_datastore(&self, place: &Place, params: &Params) -> Result<Key, ServiceError> {
        let key = self.datastore(place, params)?;
        self.datastores.get(&key).ok_or_else(|| no_datastore(&key.1))?.must_be_settled()?;
        Ok(key)
    }

    /// The region and the group of a member.
    pub(super) fn member_group(&mut self, member: &Membership) -> Option<(&mut Region, Group)> {
        let region = self.regions.get_mut(&member.place)?;
        let group = region.same_group(&member.group)?.clone();
        Some((region, group))
    }

    /// The group of the primary.
    pub(super) fn primary_group(&self, datastore: &Datastore) -> Option<&Group> {
        let primary = datastore.members.iter().find(|member| member.primary)?;
        let group = self.regions.get(&primary.place)?.groups.get(&primary.group.0)?;
        (group.serial == primary.group.1).then_some(group)
    }
}
