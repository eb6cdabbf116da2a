//! From the model to the requests of the service, and from the user that AWS returns to the model.

use aws_sdk_elasticache::types::User;

use super::attributes::UserModel;
use super::login;
use crate::services::elasticache::access_string::allow_the_same;
use crate::services::elasticache::authentication::UserAuthentication;
use crate::services::elasticache::user::{Modification, NewUser};

/// The user to create for the planned model.
pub(super) fn expand_create(planned: &UserModel, login: UserAuthentication) -> NewUser {
    NewUser {
        id: planned.aws_id(),
        name: planned.user_name.known().cloned().unwrap_or_default(),
        engine: planned.aws_engine(),
        access_string: planned.access_string.known().cloned().unwrap_or_default(),
        login,
        tags: planned.tags_all.known().cloned().unwrap_or_default(),
    }
}

/// The change from `prior` to `planned`; `login` is the new authentication, if that changes.
pub(super) fn expand_modify(
    prior: &UserModel,
    planned: &UserModel,
    login: Option<UserAuthentication>,
) -> Modification {
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

impl UserModel {
    /// The model with the values that AWS returns. Tags are read separately.
    pub(super) fn flatten(self, user: &User) -> Self {
        let mut model = login::flatten(self, user);
        model.id = user.user_id().into();
        model.user_id = user.user_id().into();
        model.user_name = user.user_name().into();
        model.engine = user.engine().into();
        model.access_string = user.access_string().into();
        model.minimum_engine_version = user.minimum_engine_version().into();
        model.arn = user.arn().into();
        model
    }
}
