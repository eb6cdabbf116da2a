//! The user in the form of the service.

use super::model::UserModel;
use crate::services::elasticache::access_string::allow_the_same;
use crate::services::elasticache::authentication::Login;
use crate::services::elasticache::user::{Modification, NewUser};

/// The user to create for the planned model.
pub(super) fn expand_create(planned: &UserModel, login: Login) -> NewUser {
    NewUser {
        id: planned.aws_id(),
        name: planned.user_name.known().cloned().unwrap_or_default(),
        engine: planned.aws_engine(),
        access_string: planned.access_string.known().cloned().unwrap_or_default(),
        login,
        tags: planned.tags_all.known().cloned().unwrap_or_default(),
    }
}

/// The change from `prior` to `planned`. `login` is how the user is to log in, where that changes.
pub(super) fn expand_modify(prior: &UserModel, planned: &UserModel, login: Option<Login>) -> Modification {
    let before = prior.access_string.known();
    let access_string = planned
        .access_string
        .known()
        .filter(|access| before.is_none_or(|before| !allow_the_same(before, access)));
    Modification {
        access_string: access_string.cloned(),
        engine: Some(planned.aws_engine()).filter(|engine| *engine != prior.aws_engine()),
        login,
    }
}
