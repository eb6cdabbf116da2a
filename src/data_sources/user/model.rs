//! A user that was read, as a typed model.

use std::collections::BTreeSet;

use aws_sdk_elasticache::types::{AuthenticationType, User};

use crate::engine::state::tags::Tags;
use crate::model;
use crate::value::Field;

model! {
    /// The data source `elasticache_user`.
    pub struct UserDataModel {
        /// Id, as AWS keeps it.
        id: Field<String>,
        /// Id, as it was asked for.
        user_id: Field<String>,
        /// ARN.
        arn: Field<String>,
        /// Name to log in with.
        user_name: Field<String>,
        /// `redis` or `valkey`.
        engine: Field<String>,
        /// Status.
        status: Field<String>,
        /// What the user may do.
        access_string: Field<String>,
        /// How the user logs in.
        authentication_mode: Field<Vec<ModeModel>>,
        /// Whether the name alone is enough.
        no_password_required: Field<bool>,
        /// Passwords AWS knows of.
        password_count: Field<i32>,
        /// Lowest engine version the user works with.
        minimum_engine_version: Field<String>,
        /// Groups the user is in.
        user_group_ids: Field<BTreeSet<String>>,
        /// Region.
        region: Field<String>,
        /// Tags.
        tags: Field<Tags>,
    }
}

model! {
    /// How a user logs in.
    pub struct ModeModel {
        /// `password`, `no-password-required` or `iam`.
        r#type: Field<String>,
        /// Passwords AWS knows of.
        password_count: Field<i32>,
    }
}

impl UserDataModel {
    /// The model with what AWS shows of the user, but its tags.
    pub(super) fn with_live(self, user: &User) -> Self {
        let login = user.authentication();
        let kind = login.and_then(|login| login.r#type());
        let count = Field::from(login.map(|login| login.password_count.unwrap_or(0)));
        // The API answers with the word no-password for what it is told as no-password-required.
        let word = kind.map(|kind| match kind {
            AuthenticationType::NoPassword => "no-password-required",
            other => other.as_str(),
        });
        Self {
            id: text(user.user_id()),
            arn: text(user.arn()),
            user_name: text(user.user_name()),
            engine: text(user.engine()),
            status: text(user.status()),
            access_string: text(user.access_string()),
            authentication_mode: Field::Known(
                word.map(|word| ModeModel { r#type: word.into(), password_count: count.clone() })
                    .into_iter()
                    .collect(),
            ),
            no_password_required: Field::Known(kind == Some(&AuthenticationType::NoPassword)),
            password_count: count,
            minimum_engine_version: text(user.minimum_engine_version()),
            user_group_ids: Field::Known(user.user_group_ids().iter().cloned().collect()),
            ..self
        }
    }
}

fn text(text: Option<&str>) -> Field<String> {
    text.map(str::to_owned).into()
}
