//! A user group that was read, as a typed model.

use std::collections::BTreeSet;

use aws_sdk_elasticache::types::UserGroup;

use crate::engine::state::tags::Tags;
use crate::model;
use crate::services::elasticache::user_group::members;
use crate::value::Field;

model! {
    /// The data source `elasticache_user_group`.
    pub struct UserGroupDataModel {
        /// Id, as AWS keeps it.
        id: Field<String>,
        /// Id, as it was asked for.
        user_group_id: Field<String>,
        /// ARN.
        arn: Field<String>,
        /// `redis` or `valkey`.
        engine: Field<String>,
        /// Status.
        status: Field<String>,
        /// Members.
        user_ids: Field<BTreeSet<String>>,
        /// Lowest engine version the group works with.
        minimum_engine_version: Field<String>,
        /// Replication groups with its users.
        replication_group_ids: Field<BTreeSet<String>>,
        /// Serverless caches with its users.
        serverless_cache_names: Field<BTreeSet<String>>,
        /// Region.
        region: Field<String>,
        /// Tags.
        tags: Field<Tags>,
    }
}

impl UserGroupDataModel {
    /// The model with what AWS shows of the group, but its tags.
    pub(super) fn with_live(self, group: &UserGroup) -> Self {
        Self {
            id: text(group.user_group_id()),
            arn: text(group.arn()),
            engine: text(group.engine()),
            status: text(group.status()),
            user_ids: Field::Known(members(group)),
            minimum_engine_version: text(group.minimum_engine_version()),
            replication_group_ids: texts(group.replication_groups()),
            serverless_cache_names: texts(group.serverless_caches()),
            ..self
        }
    }
}

fn text(text: Option<&str>) -> Field<String> {
    text.map(str::to_owned).into()
}

fn texts(texts: &[String]) -> Field<BTreeSet<String>> {
    Field::Known(texts.iter().cloned().collect())
}
