//! Resource Groups Tagging API: the tagged objects of all services.

use super::json::Input;
use super::protocol::{Millis, Place, QueryService, ServiceError};
use super::state::{AwsState, unknown};
use super::stores::{Tags, page};
use serde_json::{Value, json};

const INVALID: &str = "InvalidParameterException";

pub(super) fn call(
    state: &mut AwsState,
    place: &Place,
    action: &str,
    input: &Value,
    now: Millis,
) -> Result<Value, ServiceError> {
    match action {
        "GetResources" => get(state, place, &Input::new(input, INVALID), now),
        _ => Err(unknown("tagging", action)),
    }
}

fn invalid(message: impl Into<String>) -> ServiceError {
    ServiceError::new(INVALID, message)
}

/// Everything with tags at this place.
fn tagged(state: &mut AwsState, place: &Place, now: Millis) -> Vec<(String, Tags)> {
    let mut all = state.elasticache.tagged(place, now);
    all.extend(state.ssm.tagged(place));
    all.extend(state.secrets.tagged(place));
    all.extend(state.cloudwatch.tagged(place));
    all.extend(state.logs.tagged(place));
    all.extend(state.ec2.tagged(place));
    // "GetResources ... Returns all the tagged or previously tagged resources": those that were never
    // tagged are not there. The simulator takes every object without tags for one of those.
    all.retain(|(_, tags)| !tags.is_empty());
    all.sort();
    all
}

fn get(state: &mut AwsState, place: &Place, input: &Input<'_>, now: Millis) -> Result<Value, ServiceError> {
    let arns = input.texts("ResourceARNList")?;
    let types = input.texts("ResourceTypeFilters")?;
    let filters = input.structures("TagFilters")?;
    let size = input.integer("ResourcesPerPage")?;
    let token = input.text("PaginationToken")?.filter(|token| !token.is_empty());
    if arns.len() > 100 {
        return Err(input.broken("ResourceARNList", arns.len(), "have length less than or equal to 100"));
    }
    let others = !types.is_empty() || !filters.is_empty() || size.is_some() || token.is_some();
    if !arns.is_empty() && others {
        // The reference, of ResourceARNList: "you can't specify both this parameter and any of the
        // following parameters ... ResourceTypeFilters, TagFilters, ResourcesPerPage, PaginationToken".
        return Err(invalid("ResourceARNList cannot be combined with other filters or paging."));
    }
    let per_page = match size {
        None => 100,
        // "You can set a minimum of 1 and maximum of 100 items."
        Some(size) => usize::try_from(size)
            .ok()
            .filter(|size| (1..=100).contains(size))
            .ok_or_else(|| invalid("ResourcesPerPage must be between 1 and 100."))?,
    };
    let mut desired = Vec::new();
    for filter in filters {
        let key = filter.need("Key", filter.bounded("Key", 1, 128)?)?;
        desired.push((key, filter.texts("Values")?));
    }
    let mut found = tagged(state, place, now);
    found.retain(|(arn, tags)| {
        (arns.is_empty() || arns.contains(&arn.as_str()))
            && (types.is_empty() || types.iter().any(|kind| is_of(arn, kind)))
            && desired.iter().all(|(key, values)| {
                tags.get(*key).is_some_and(|is| values.is_empty() || values.contains(&is.as_str()))
            })
    });
    let bad = || invalid("The PaginationToken is invalid.");
    let (found, next) = page(found, token, per_page).ok_or_else(bad)?;
    let show = |(arn, tags): (String, Tags)| {
        let tags: Vec<Value> =
            tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect();
        json!({ "ResourceARN": arn, "Tags": tags })
    };
    let observed: Vec<Value> = found.into_iter().map(show).collect();
    Ok(json!({ "ResourceTagMappingList": observed, "PaginationToken": next.unwrap_or_default() }))
}

/// Whether an ARN is of a type such as `elasticache` or `elasticache:replicationgroup`.
fn is_of(arn: &str, kind: &str) -> bool {
    let mut parts = arn.splitn(6, ':');
    let service = parts.nth(2).unwrap_or_default();
    let resource = parts.nth(2).unwrap_or_default();
    let (of, type_of) = kind.split_once(':').map_or((kind, None), |(of, type_of)| (of, Some(type_of)));
    service == of && type_of.is_none_or(|type_of| resource.split([':', '/']).next() == Some(type_of))
}
