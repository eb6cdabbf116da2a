//! From the user that AWS returns to the model of the data source.

use aws_sdk_elasticache::types::{AuthenticationType, User};

use super::attributes::{ModeModel, UserDataModel};
use crate::value::Field;

impl UserDataModel {
    /// The model with the values that AWS returns. Tags are read separately.
    pub(super) fn flatten(self, user: &User) -> Self {
        let login = user.authentication();
        let kind = login.and_then(|login| login.r#type());
        let count = Field::from(login.map(|login| login.password_count.unwrap_or(0)));
        // The API returns no-password for the value that it accepts as no-password-required.
        let word = kind.map(|kind| match kind {
            AuthenticationType::NoPassword => "no-password-required",
            other => other.as_str(),
        });
        Self {
            id: user.user_id().into(),
            arn: user.arn().into(),
            user_name: user.user_name().into(),
            engine: user.engine().into(),
            status: user.status().into(),
            access_string: user.access_string().into(),
            authentication_mode: Field::Known(
                word.map(|word| ModeModel { r#type: word.into(), password_count: count.clone() })
                    .into_iter()
                    .collect(),
            ),
            no_password_required: Field::Known(kind == Some(&AuthenticationType::NoPassword)),
            password_count: count,
            minimum_engine_version: user.minimum_engine_version().into(),
            user_group_ids: Field::Known(user.user_group_ids().iter().cloned().collect()),
            ..self
        }
    }
}
