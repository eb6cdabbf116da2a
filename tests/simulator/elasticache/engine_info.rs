//! `DescribeCacheEngineVersions` and `ListAllowedNodeTypeModifications`.

use super::faults;
use super::input;
use super::nodes;
use super::protocol::{Params, ServiceError, Xml};
use super::region::Region;
use super::versions::{RELEASES, Release};
use super::xml::Node;

impl Region {
    /// `DescribeCacheEngineVersions`.
    pub(super) fn describe_versions(&self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let desired =
            |name, value: &str| input::text(params, name).is_none_or(|text| text.eq_ignore_ascii_case(value));
        let default = input::flag(params, "DefaultOnly")?.unwrap_or(false);
        let is_default = |release: &Release| {
            release.name
                == if release.engine == "valkey" {
                    &self.config.valkey_version
                } else {
                    &self.config.redis_version
                }
        };
        let entries = RELEASES
            .iter()
            .enumerate()
            .filter(|(_, release)| {
                desired("Engine", release.engine)
                    && desired("EngineVersion", release.name)
                    && desired("CacheParameterGroupFamily", release.family)
                    && (!default || is_default(release))
            })
            .map(|(at, release)| (format!("{at:04}"), release))
            .collect();
        input::page(params, "CacheEngineVersions", (100, 100), entries, |release| {
            let engine = if release.engine == "valkey" { "Valkey" } else { "Redis" };
            Node::new("CacheEngineVersion")
                .text("Engine", release.engine)
                .text("EngineVersion", release.name)
                .text("CacheParameterGroupFamily", release.family)
                .text("CacheEngineDescription", engine)
                .text("CacheEngineVersionDescription", format!("{} version {}", release.engine, release.full))
                .done()
        })
    }

    /// `ListAllowedNodeTypeModifications`.
    pub(super) fn allowed_node_types(&self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let group = match (input::text(params, "ReplicationGroupId"), input::text(params, "CacheClusterId")) {
            (Some(id), None) => self.group(id)?,
            (None, Some(id)) => {
                let id = id.to_ascii_lowercase();
                let found = self.groups.values().find(|group| group.member(&id).is_some());
                found.ok_or_else(|| faults::no_cluster(&id))?
            }
            _ => return Err(faults::combination("Specify either CacheClusterId or ReplicationGroupId.")),
        };
        let (up, down) = nodes::allowed(&group.node_type, group.engine, group.version);
        let list =
            |types: Vec<String>| types.into_iter().map(|node_type| Xml::text("member", node_type)).collect();
        Ok(vec![
            Xml::element("ScaleUpModifications", list(up)),
            Xml::element("ScaleDownModifications", list(down)),
        ])
    }
}
