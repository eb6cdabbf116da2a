//! Where a service is.

use super::ServiceModel;
use aws_smithy_runtime_api::client::endpoint::{EndpointFuture, EndpointResolverParams, ResolveEndpoint};
use thiserror::Error;

/// A partition: how its Regions begin, its DNS suffix, and the suffix of dual-stack endpoints.
struct Partition(&'static str, &'static str, &'static str);

/// AWS's partitions (`partitions.json` of the SDKs). A Region that none of these begins is one of
/// the first partition, which is how the SDKs treat a Region that they do not know.
const PARTITIONS: &[Partition] = &[
    Partition("", "amazonaws.com", "api.aws"),
    Partition("cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn"),
    Partition("eusc-", "amazonaws.eu", "api.amazonwebservices.eu"),
    Partition("us-iso-", "c2s.ic.gov", "api.aws.ic.gov"),
    Partition("us-isob-", "sc2s.sgov.gov", "api.aws.scloud"),
    Partition("eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"),
    Partition("us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov"),
    Partition(GOVCLOUD, "amazonaws.com", "api.aws"),
];

/// How Regions of AWS GovCloud (US) begin.
const GOVCLOUD: &str = "us-gov-";

/// Settings that exclude each other (`endpoint-rule-set-1.json` of every service).
#[derive(Debug, Clone, Copy, Error, PartialEq, Eq)]
pub(super) enum EndpointError {
    #[error("Invalid Configuration: FIPS and custom endpoint are not supported")]
    FipsWithUrl,
    #[error("Invalid Configuration: Dualstack and custom endpoint are not supported")]
    DualStackWithUrl,
}

/// Resolves to the error, so that it is the error of every call.
#[derive(Debug)]
pub(super) struct Unresolvable(pub(super) EndpointError);

impl ResolveEndpoint for Unresolvable {
    fn resolve_endpoint<'a>(&'a self, _params: &'a EndpointResolverParams) -> EndpointFuture<'a> {
        EndpointFuture::ready(Err(self.0.into()))
    }
}

/// The URL of a service in a Region. `url` is a custom endpoint, which rules out the others.
pub(super) fn endpoint(
    model: &ServiceModel,
    region: &str,
    fips: bool,
    dual_stack: bool,
    url: Option<&str>,
) -> Result<String, EndpointError> {
    match url {
        Some(_) if fips => return Err(EndpointError::FipsWithUrl),
        Some(_) if dual_stack => return Err(EndpointError::DualStackWithUrl),
        Some(url) => return Ok(url.to_owned()),
        None => {}
    }
    let partition = PARTITIONS.iter().rev().find(|partition| region.starts_with(partition.0));
    let (suffix, dual_suffix) = partition.map_or(("amazonaws.com", "api.aws"), |it| (it.1, it.2));
    let prefix = model.endpoint_prefix;
    let own = fips && !dual_stack && model.govcloud_is_fips && region.starts_with(GOVCLOUD);
    let fips = if fips && !own { "-fips" } else { "" };
    let suffix = if dual_stack { dual_suffix } else { suffix };
    Ok(format!("https://{prefix}{fips}.{region}.{suffix}"))
}
