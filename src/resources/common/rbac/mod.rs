//! Shared by users, user groups and their associations.

mod checks;
mod deletion;
mod find;
mod membership;
mod replaced_user;
mod tags;

pub(crate) use checks::{
    check_access_string, check_engine, check_identifier, check_user_group_reference, check_user_reference,
    same_access, same_ids,
};
pub(in crate::resources) use deletion::delete_user;
pub(crate) use find::{find_user, find_user_group};
pub(in crate::resources) use membership::{advised, join_or_leave, lock_key};
pub(in crate::resources) use replaced_user::{
    end_memberships, groups_of_user, record_memberships, restore_memberships,
};
pub(in crate::resources) use tags::change_tags_when_free;
pub(crate) use tags::read_tags;
