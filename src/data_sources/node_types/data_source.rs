//! Listing the node types a group may scale to.

use async_trait::async_trait;

use super::model::NodeTypesDataModel;
use crate::aws::Service;
use crate::data_sources::absent::absent;
use crate::diag::Diagnostics;
use crate::engine::{Context, DataSource, failed};
use crate::resources::replication_group::GROUP_NOT_FOUND;
use crate::schema::Schema;

/// `elasticache_node_types`.
pub struct NodeTypesData;

#[async_trait]
impl DataSource for NodeTypesData {
    type Model = NodeTypesDataModel;

    fn type_name(&self) -> &'static str {
        "elasticache_node_types"
    }

    fn schema(&self) -> &'static Schema {
        super::schema::schema()
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        config: NodeTypesDataModel,
    ) -> Result<NodeTypesDataModel, Diagnostics> {
        let id = config.replication_group_id.known().map(|id| id.to_lowercase()).unwrap_or_default();
        let what = format!("list the node types that replication group {id:?} may scale to");
        let client = cx.aws().elasticache(cx.region()).await.map_err(|error| failed(&what, &error))?;
        let call = client.list_allowed_node_type_modifications().replication_group_id(&id);
        match cx.call(Service::ElastiCache, "ListAllowedNodeTypeModifications", call.send()).await {
            Ok(answer) => {
                Ok(config.with_live(&id, answer.scale_up_modifications(), answer.scale_down_modifications()))
            }
            Err(error) if error.is(GROUP_NOT_FOUND) => {
                Err(absent(cx, "replication group", "replication_group_id", &id).await)
            }
            Err(error) => Err(failed(&what, &error).into()),
        }
    }
}
