//! The user group as a typed model.

use std::collections::BTreeSet;

use aws_sdk_elasticache::types::UserGroup;

use crate::engine::TimeoutsModel;
use crate::engine::state::tags::Tags;
use crate::model;
use crate::services::elasticache::identifier::kept;
use crate::services::elasticache::user_group::members;
use crate::value::Field;

model! {
    /// An `elasticache_user_group`.
    pub struct UserGroupModel {
        /// `user_group_id` as AWS keeps it.
        id: Field<String>,
        /// Id of the group.
        user_group_id: Field<String>,
        /// `redis` or `valkey`.
        engine: Field<String>,
        /// Members; null when they are managed elsewhere.
        user_ids: Field<BTreeSet<String>>,
        /// Whether the group keeps a user named `default` that nobody can log in as.
        disabled_default_user: Field<bool>,
        /// Id of that user.
        default_user_id: Field<String>,
        /// Lowest engine version the group works with.
        minimum_engine_version: Field<String>,
        /// ARN.
        arn: Field<String>,
        /// Region.
        region: Field<String>,
        /// Own tags.
        tags: Field<Tags>,
        /// All tags.
        tags_all: Field<Tags>,
        /// Time limits.
        timeouts: Field<TimeoutsModel>,
    }
}

impl UserGroupModel {
    /// The id as AWS keeps it.
    pub(super) fn aws_id(&self) -> String {
        self.user_group_id.known().map(|id| kept(id)).unwrap_or_default()
    }

    /// The engine as AWS writes it.
    pub(super) fn aws_engine(&self) -> String {
        self.engine.known().map(|engine| engine.to_ascii_lowercase()).unwrap_or_default()
    }

    /// The members that are managed here, as AWS keeps their ids; `None` when members
    /// are managed elsewhere.
    pub(super) fn managed(&self) -> Option<BTreeSet<String>> {
        self.user_ids.known().map(|ids| ids.iter().map(|id| kept(id)).collect())
    }

    /// The model with what AWS shows of the group, but its tags.
    pub(super) fn with_live(mut self, group: &UserGroup) -> Self {
        let text = |value: Option<&str>| Field::from(value.map(str::to_owned));
        self.id = text(group.user_group_id());
        self.user_group_id = text(group.user_group_id());
        self.engine = text(group.engine());
        self.minimum_engine_version = text(group.minimum_engine_version());
        self.arn = text(group.arn());
        if !self.user_ids.is_null() {
            let mut there = members(group);
            if let Some(own) = self.default_user_id.known() {
                there.remove(own);
            }
            self.user_ids = Field::Known(there);
        }
        self
    }
}
