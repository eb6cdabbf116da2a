//! Reads a subnet group by its name.

use super::attributes::SubnetGroupDataModel;
use crate::diag::Diagnostics;
use crate::engine::state::tags;
use crate::engine::{Context, DataSource, failed};
use crate::resources::common::errors::{not_found, present};
use crate::services::elasticache;
use crate::services::elasticache::subnet_group;
use crate::value::Field;

/// `elasticache_subnet_group`, the data source.
pub struct SubnetGroupData;

impl DataSource for SubnetGroupData {
    type Model = SubnetGroupDataModel;

    fn type_name(&self) -> &'static str {
        "elasticache_subnet_group"
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        config: SubnetGroupDataModel,
    ) -> Result<SubnetGroupDataModel, Diagnostics> {
        let name = config.name.known().map(|name| name.to_lowercase()).unwrap_or_default();
        let what = format!("read subnet group {name:?}");
        let found = subnet_group::find(cx.scope(), &name).await;
        let Some(group) = present(&what, "subnet group", found)? else {
            return Err(not_found(cx, "subnet group", "name", &name).await);
        };
        let listed = elasticache::tags::list(cx.scope(), group.arn().unwrap_or_default()).await;
        let listed = listed.map_err(|error| failed(&what, &error))?;
        let tags = Field::Known(tags::visible(cx.provider(), listed));
        Ok(SubnetGroupDataModel { tags, ..config.flatten(&group) })
    }
}
