//! What the resources that tell applications of a cache share: the attributes that say
//! where it is and how to log in, and the connection that follows from them.

pub mod auth_token;
mod database;
mod group;
mod imported;
pub(crate) mod plain;
pub(in crate::resources) mod schema;
mod source;
mod token;
pub mod url;

pub(in crate::resources) use database::check_database;
pub(in crate::resources) use group::GroupModel;
pub(in crate::resources) use imported::{Found, plan_place};
pub(in crate::resources) use source::{Source, no_source};
pub(in crate::resources) use token::{
    Cause, Token, check_missing_token, check_tokens, check_tokens_at_plan, token, token_at_apply,
};
