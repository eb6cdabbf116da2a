//! Listing SSM parameters.

use aws_sdk_ssm::types::ParameterMetadata;

use super::attributes::SsmUrlsModel;
use crate::engine::{AnyResource, Context, ListError, ListResource, Listed, Results, failed};
use crate::list_resources::text::describe;
use crate::resources::ssm_url::SsmUrl;
use crate::services::ssm::parameter::listing;

/// `list "elasticache_ssm_url"`.
pub struct SsmUrlList;

impl ListResource for SsmUrlList {
    type Model = SsmUrlsModel;

    fn resource(&self) -> &'static dyn AnyResource {
        &SsmUrl
    }

    async fn list(
        &self,
        cx: &Context<'_>,
        config: SsmUrlsModel,
        results: &mut Results<'_>,
    ) -> Result<(), ListError> {
        // `/booking/` and `/booking` are the same path; `/` alone is every path.
        let path = match config.path.text().unwrap_or_default().trim_end_matches('/') {
            "" => "/",
            path => path,
        };
        let mut pages = listing(cx.scope(), path);
        while let Some(page) = pages.next().await.map_err(|error| failed("list SSM parameters", &error))? {
            let found = page.into_iter().filter_map(listed);
            results.page(found).await?;
        }
        Ok(())
    }
}

fn listed(parameter: ParameterMetadata) -> Option<Listed> {
    let name = parameter.name?;
    let kind = parameter.r#type.map(|kind| kind.as_str().to_owned()).unwrap_or_default();
    let observed = describe(&name, &[&kind]);
    Some(Listed::new(name, observed).arn(parameter.arn))
}
