//! What the resources that tell applications of a cache share: the attributes that say
//! where it is and how to log in, and the connection that follows from them.

mod group;
pub(crate) mod plain;
pub(super) mod schema;
mod source;
mod token;

pub(super) use group::GroupModel;
pub(super) use source::{Source, no_source};
pub(super) use token::{Cause, Token, check_missing_token, check_tokens, token, token_at_apply};
