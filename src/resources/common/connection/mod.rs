//! The connection to a cache: its attributes, its URL and its token. Shared by the resources that store it.

mod attributes;
pub mod auth_token;
mod database;
mod group;
mod imported;
mod login;
pub(crate) mod plain;
mod rules;
mod serverless;
mod source;
mod token;
pub mod url;

pub(in crate::resources) use attributes::{Connection, Credentials, Place, replication_group};
pub(in crate::resources) use database::check_database;
pub(in crate::resources) use group::GroupModel;
pub(in crate::resources) use imported::{ImportedConnection, lost_password, plan_place};
pub(in crate::resources) use login::check_login;
pub(in crate::resources) use rules::check_host;
pub(in crate::resources) use serverless::{
    Serverless, find as find_serverless_cache, plan_endpoints, plan_returned, serverless_cache_name,
};
pub(in crate::resources) use source::{check_tls, known_entries, missing_endpoint};
pub(in crate::resources) use token::{
    Cause, check_missing_token, check_tokens, check_tokens_at_plan, token, token_at_apply,
};
