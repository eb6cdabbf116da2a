//! `GetResources` of the Resource Groups Tagging API. Names of members are those of the API model.

use super::{DirectError, ServiceModel};
use crate::aws::direct;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_types::SdkConfig;
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub(in crate::aws) static MODEL: ServiceModel = ServiceModel {
    id: "Resource Groups Tagging API",
    signing_name: "tagging",
    endpoint_prefix: "tagging",
    govcloud_is_fips: false,
    api_version: "2017-01-26",
    target_prefix: "ResourceGroupsTaggingAPI_20170126",
};

type Result<T> = std::result::Result<T, SdkError<DirectError, HttpResponse>>;

/// The configuration of a client.
pub(in crate::aws) fn config(sdk: &SdkConfig) -> direct::Builder {
    direct::Builder::new(&MODEL, sdk)
}

/// Tags by the ARN of what has them.
pub(in crate::aws) type Tagged = Vec<(String, BTreeMap<String, String>)>;

/// A client of the Resource Groups Tagging API in one Region. Cheap to clone.
#[derive(Debug, Clone)]
pub(in crate::aws) struct Client(direct::Client);

impl Client {
    pub(in crate::aws) fn from_conf(client: direct::Client) -> Self {
        Self(client)
    }

    /// `GetResources`: one page of the tagged objects of some types, and the token of the next.
    ///
    /// # Errors
    /// As the SDK's clients, here and below.
    pub(in crate::aws) async fn get_resources(
        &self,
        types: &[&str],
        page_size: i32,
        token: Option<&str>,
    ) -> Result<(Tagged, Option<String>)> {
        let input = json!({
            "ResourceTypeFilters": types,
            "ResourcesPerPage": page_size,
            "PaginationToken": token,
        });
        let output = self.0.json("GetResources", input).await?;
        Ok((tagged(&output), output["PaginationToken"].as_str().map(str::to_owned)))
    }

    /// `GetResources` by ARNs, which omits those without tags.
    pub(in crate::aws) async fn get_resources_by_arn(&self, arns: &[String]) -> Result<Tagged> {
        let output = self.0.json("GetResources", json!({ "ResourceARNList": arns })).await?;
        Ok(tagged(&output))
    }
}

fn tagged(output: &Value) -> Tagged {
    let pair = |tag: &Value| Some((tag["Key"].as_str()?.to_owned(), tag["Value"].as_str()?.to_owned()));
    let each = |mapping: &Value| {
        let tags = mapping["Tags"].as_array().into_iter().flatten().filter_map(pair).collect();
        Some((mapping["ResourceARN"].as_str()?.to_owned(), tags))
    };
    output["ResourceTagMappingList"].as_array().into_iter().flatten().filter_map(each).collect()
}
