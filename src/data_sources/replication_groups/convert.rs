//! Which replication groups are listed, and the model of each.

use aws_sdk_elasticache::types::ReplicationGroup;
use regex_lite::Regex;

use super::attributes::{ListedGroupModel, ReplicationGroupsDataModel};
use crate::data_sources::copy::copy_by_name;
use crate::diag::Diagnostics;
use crate::engine::state::tags::Tags;
use crate::services::elasticache::replication_group::Observed;
use crate::value::Field;

impl ReplicationGroupsDataModel {
    /// True for a group whose ID and engine match; tags are compared separately.
    pub(super) fn matches(&self, group: &ReplicationGroup) -> bool {
        let id = group.replication_group_id().unwrap_or_default().to_lowercase();
        let prefix = self.id_prefix.text().map(str::to_lowercase);
        // Validation has checked the expression, unless it was unknown then.
        let regex = self.id_regex.text().map(Regex::new);
        let engine = self.engine.text();
        prefix.is_none_or(|prefix| id.starts_with(&prefix))
            && regex.is_none_or(|regex| regex.is_ok_and(|regex| regex.is_match(&id)))
            && engine.is_none_or(|engine| group.engine() == Some(engine))
    }

    /// The tags that a group must have.
    pub(super) fn desired_tags(&self) -> Option<&Tags> {
        self.tags.known().filter(|tags| !tags.is_empty())
    }

    /// The model with these groups, found in `region`.
    pub(super) fn flatten(
        self,
        region: Option<String>,
        found: Vec<ReplicationGroup>,
    ) -> Result<Self, Diagnostics> {
        let mut groups: Vec<ListedGroupModel> = found.into_iter().map(listed).collect::<Result<_, _>>()?;
        groups.sort_by(|a, b| a.id.text().cmp(&b.id.text()));
        let all = |get: fn(&ListedGroupModel) -> &Field<String>| {
            Field::Known(groups.iter().filter_map(|group| get(group).known().cloned()).collect())
        };
        Ok(Self {
            id: region.into(),
            ids: all(|group| &group.id),
            arns: all(|group| &group.arn),
            replication_groups: Field::Known(groups),
            ..self
        })
    }
}

fn listed(group: ReplicationGroup) -> Result<ListedGroupModel, Diagnostics> {
    copy_by_name(Observed { group, member: None }.present())
}
