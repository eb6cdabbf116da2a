//! Reading a subnet group by its name.

use async_trait::async_trait;

use super::model::SubnetGroupDataModel;
use crate::data_sources::absent::absent;
use crate::diag::Diagnostics;
use crate::engine::{Context, DataSource, tags};
use crate::resources::subnet_group::look;
use crate::schema::Schema;
use crate::value::Field;

/// `elasticache_subnet_group`, the data source.
pub struct SubnetGroupData;

#[async_trait]
impl DataSource for SubnetGroupData {
    type Model = SubnetGroupDataModel;

    fn type_name(&self) -> &'static str {
        "elasticache_subnet_group"
    }

    fn schema(&self) -> &'static Schema {
        super::schema::schema()
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        config: SubnetGroupDataModel,
    ) -> Result<SubnetGroupDataModel, Diagnostics> {
        let name = config.name.known().map(|name| name.to_lowercase()).unwrap_or_default();
        let Some((group, live)) = look(cx, &name).await? else {
            return Err(absent(cx, "subnet group", "name", &name).await);
        };
        let tags = Field::Known(tags::visible(cx.provider(), live));
        Ok(SubnetGroupDataModel { tags, ..config.with_live(&group) })
    }
}
