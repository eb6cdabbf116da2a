//! Lists the node types to which a replication group can scale.

use super::attributes::NodeTypesDataModel;
use crate::diag::Diagnostics;
use crate::engine::{Context, DataSource, failed};
use crate::resources::common::errors::not_found;
use crate::services::elasticache::{node_type, replication_group};

/// `elasticache_node_types`.
pub struct NodeTypesData;

impl DataSource for NodeTypesData {
    type Model = NodeTypesDataModel;

    fn type_name(&self) -> &'static str {
        "elasticache_node_types"
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        config: NodeTypesDataModel,
    ) -> Result<NodeTypesDataModel, Diagnostics> {
        let id = config.replication_group_id.known().map(|id| id.to_lowercase()).unwrap_or_default();
        match node_type::list(cx.scope(), &id).await {
            Ok(types) => {
                Ok(config.flatten(&id, types.scale_up_modifications(), types.scale_down_modifications()))
            }
            Err(error) if error.is(replication_group::NOT_FOUND) => {
                Err(not_found(cx, "replication group", "replication_group_id", &id).await)
            }
            Err(error) => {
                let what = format!("list the node types to which replication group {id:?} can scale");
                Err(failed(what, &error).into())
            }
        }
    }
}
