//! Reading a parameter group by its name.

use async_trait::async_trait;

use super::model::ParameterGroupDataModel;
use crate::data_sources::absent::absent;
use crate::diag::Diagnostics;
use crate::engine::{Context, DataSource, tags};
use crate::resources::parameter_group::look;
use crate::schema::Schema;
use crate::value::Field;

/// `elasticache_parameter_group`, the data source.
pub struct ParameterGroupData;

#[async_trait]
impl DataSource for ParameterGroupData {
    type Model = ParameterGroupDataModel;

    fn type_name(&self) -> &'static str {
        "elasticache_parameter_group"
    }

    fn schema(&self) -> &'static Schema {
        super::schema::schema()
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        config: ParameterGroupDataModel,
    ) -> Result<ParameterGroupDataModel, Diagnostics> {
        let name = config.name.known().map(|name| name.to_lowercase()).unwrap_or_default();
        let Some(mut seen) = look(cx, &name).await? else {
            return Err(absent(cx, "parameter group", "name", &name).await);
        };
        let tags = Field::Known(tags::visible(cx.provider(), std::mem::take(&mut seen.tags)));
        Ok(ParameterGroupDataModel { tags, ..config.with_live(&seen) })
    }
}
