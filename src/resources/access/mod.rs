//! What users, user groups and their associations share.

mod access_string;
mod group;
mod identifier;
mod login;
mod look;
mod membership;
mod password;
mod tagging;
mod user;

pub(super) use access_string::{check as check_access_string, is_disabled, mentions_on_or_off, same_access};
pub(crate) use group::members;
pub(super) use group::{
    create_group, delete_group, describe_group, group_available, group_incomplete, group_status, is_leaving,
};
pub(super) use identifier::same_ids;
pub(crate) use identifier::{check_identifier, kept};
pub(super) use login::{Login, NO_PASSWORD};
pub(crate) use look::{look_at_group, look_at_user};
pub(super) use membership::{Modification, advised, join_or_leave, modify_group, turn_key};
pub(super) use password::unknowable;
pub(super) use tagging::change_tags_when_free;
pub(crate) use tagging::read_tags;
pub(super) use user::{
    NewUser, create_user, delete_user, describe_user, exists, modify_user, user_active, user_incomplete,
    user_status, waited,
};

/// A user that exists, and a user group.
pub(super) const USER_EXISTS: &[&str] = &["UserAlreadyExists"];
pub(super) const GROUP_EXISTS: &[&str] = &["UserGroupAlreadyExists"];
/// A user group that is not there.
pub(super) const GROUP_NOT_FOUND: &[&str] = &["UserGroupNotFoundFault"];
/// A user that is not there.
pub(super) const USER_NOT_FOUND: &[&str] = &["UserNotFoundFault"];
/// The name of the user that clients without a name log in as.
pub(super) const DEFAULT: &str = "default";
