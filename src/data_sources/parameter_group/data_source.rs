//! Reads a parameter group by its name.

use super::attributes::ParameterGroupDataModel;
use crate::diag::Diagnostics;
use crate::engine::state::tags;
use crate::engine::{Context, DataSource};
use crate::resources::common::errors::{not_found, present};
use crate::services::elasticache::parameter_group;
use crate::value::Field;

/// `elasticache_parameter_group`, the data source.
pub struct ParameterGroupData;

impl DataSource for ParameterGroupData {
    type Model = ParameterGroupDataModel;

    fn type_name(&self) -> &'static str {
        "elasticache_parameter_group"
    }

    async fn read(
        &self,
        cx: &Context<'_>,
        config: ParameterGroupDataModel,
    ) -> Result<ParameterGroupDataModel, Diagnostics> {
        let name = config.name.known().map(|name| name.to_lowercase()).unwrap_or_default();
        let what = format!("read parameter group {name:?}");
        let found = parameter_group::find_whole(cx.scope(), &name).await;
        let found = present(&what, "parameter group", found)?;
        let Some(mut observed) = found else {
            return Err(not_found(cx, "parameter group", "name", &name).await);
        };
        let tags = Field::Known(tags::visible(cx.provider(), std::mem::take(&mut observed.tags)));
        Ok(ParameterGroupDataModel { tags, ..config.flatten(&observed) })
    }
}
