//! What the resources of one run share: locks, created and deleted names, deferred deletions, lost memberships, changes
//! under way, and unique suffixes.

pub(super) mod created_names;
pub(super) mod deferred_deletions;
pub(super) mod deleted_names;
pub(super) mod locks;
pub(super) mod memberships;
pub(super) mod ongoing;
pub(super) mod unique_suffix;
