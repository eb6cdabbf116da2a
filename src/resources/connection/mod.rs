//! What the resources that tell applications of a cache share: the attributes that say
//! where it is and how to log in, and the connection that follows from them.

mod database;
mod group;
mod imported;
pub(crate) mod plain;
pub(super) mod schema;
mod source;
mod token;

pub(super) use database::check_database;
pub(super) use group::GroupModel;
pub(super) use imported::{Found, plan_place};
pub(super) use source::{Source, no_source};
pub(super) use token::{
    Cause, Token, check_missing_token, check_tokens, check_tokens_at_plan, token, token_at_apply,
};
