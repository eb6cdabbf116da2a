//! From the user group that AWS returns to the model of the data source.

use std::collections::BTreeSet;

use aws_sdk_elasticache::types::UserGroup;

use super::attributes::UserGroupDataModel;
use crate::services::elasticache::user_group::members;
use crate::value::Field;

impl UserGroupDataModel {
    /// The model with the values that AWS returns. Tags are read separately.
    pub(super) fn flatten(self, group: &UserGroup) -> Self {
        Self {
            id: group.user_group_id().into(),
            arn: group.arn().into(),
            engine: group.engine().into(),
            status: group.status().into(),
            user_ids: Field::Known(members(group)),
            minimum_engine_version: group.minimum_engine_version().into(),
            replication_group_ids: texts(group.replication_groups()),
            serverless_cache_names: texts(group.serverless_caches()),
            ..self
        }
    }
}

fn texts(texts: &[String]) -> Field<BTreeSet<String>> {
    Field::Known(texts.iter().cloned().collect())
}
