//! Reading, listing and deleting parameters.

use super::Store;
use super::parameter::{Desired, Parameter, Version};
use crate::simulator::json::Input;
use crate::simulator::protocol::{Place, ServiceError};
use crate::simulator::stores::page;
use serde_json::{Value, json};

pub(super) fn get(store: &Store, place: &Place, input: &Input<'_>) -> Result<Value, ServiceError> {
    let desired = Desired::read(store, place, input.need("Name", input.bounded("Name", 1, 2048)?)?);
    let decrypt = input.flag("WithDecryption")?.unwrap_or_default();
    let version = desired.version(store)?;
    Ok(json!({ "Parameter": version.parameter(place, &desired.name, desired.selector, decrypt) }))
}

/// The names of a batch: ten at most, each once.
fn names<'a>(input: &Input<'a>) -> Result<Vec<&'a str>, ServiceError> {
    let names = input.texts("Names")?;
    if names.is_empty() {
        let given = input.get("Names").map(|_| Vec::<&str>::new());
        input.need("Names", given)?;
        return Err(input.broken("Names", "[]", "have length greater than or equal to 1"));
    }
    if names.len() > 10 {
        let observed = format!("[{}]", names.join(", "));
        return Err(input.broken("Names", observed, "have length less than or equal to 10"));
    }
    Ok(names)
}

pub(super) fn get_several(store: &Store, place: &Place, input: &Input<'_>) -> Result<Value, ServiceError> {
    let decrypt = input.flag("WithDecryption")?.unwrap_or_default();
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for name in names(input)? {
        let desired = Desired::read(store, place, name);
        match desired.version(store) {
            Ok(version) => found.push(version.parameter(place, &desired.name, desired.selector, decrypt)),
            Err(_) => missing.push(name),
        }
    }
    Ok(json!({ "Parameters": found, "InvalidParameters": missing }))
}

pub(super) fn get_by_path(store: &Store, place: &Place, input: &Input<'_>) -> Result<Value, ServiceError> {
    let path = input.required("Path")?;
    if !path.starts_with('/') {
        return Err(ServiceError::new(
            "ValidationException",
            "The parameter path must begin with a forward slash.",
        ));
    }
    let recursive = input.flag("Recursive")?.unwrap_or_default();
    let decrypt = input.flag("WithDecryption")?.unwrap_or_default();
    let filters = filters(input)?;
    let found = newest(store).filter(|(name, ..)| under(name, path, recursive));
    let found =
        found.filter(|(name, parameter, version)| filters.iter().all(|f| f.keeps(name, parameter, version)));
    let observed = found.map(|(name, _, version)| version.parameter(place, name, None, decrypt)).collect();
    paged(observed, input, 10, 10)
}

pub(super) fn history(store: &Store, place: &Place, input: &Input<'_>) -> Result<Value, ServiceError> {
    let desired = Desired::read(store, place, input.required("Name")?);
    desired.version(store)?;
    let decrypt = input.flag("WithDecryption")?.unwrap_or_default();
    let versions =
        store.get(&desired.name).map(|parameter| parameter.versions.as_slice()).unwrap_or_default();
    let show = |version: &Version| {
        let mut observed = version.metadata(place, &desired.name);
        observed["Value"] = version.parameter(place, &desired.name, None, decrypt)["Value"].take();
        observed["Labels"] = json!(version.labels);
        observed
    };
    paged(versions.iter().map(show).collect(), input, 50, 50)
}

/// Without MaxResults a page holds ten. Belief, from the many who found only ten; the reference
/// says 50 at most and no default.
pub(super) fn describe(store: &Store, place: &Place, input: &Input<'_>) -> Result<Value, ServiceError> {
    let mut all = filters(input)?;
    if !input.items("Filters")?.is_empty() {
        if !all.is_empty() {
            // The reference: "Filters ... this filter or ParameterFilters, not both".
            return Err(ServiceError::new(
                "ValidationException",
                "You can use either Filters or ParameterFilters in a single request.",
            ));
        }
        for filter in input.structures("Filters")? {
            let (key, values) = (filter.required("Key")?.to_owned(), owned(&filter.texts("Values")?));
            let option = if key == "Name" { "BeginsWith" } else { "Equals" }.to_owned();
            all.push(Filter { key, option, values });
        }
    }
    let found =
        newest(store).filter(|(name, p, version)| all.iter().all(|filter| filter.keeps(name, p, version)));
    let observed = found.map(|(name, _, version)| version.metadata(place, name)).collect();
    paged(observed, input, 10, 50)
}

fn newest(store: &Store) -> impl Iterator<Item = (&String, &Parameter, &Version)> {
    store.iter().filter_map(|(name, parameter)| Some((name, parameter, parameter.latest()?)))
}

fn paged(all: Vec<Value>, input: &Input<'_>, default: usize, most: i64) -> Result<Value, ServiceError> {
    let size = input.within("MaxResults", 1, most)?.and_then(|size| usize::try_from(size).ok());
    let token = input.text("NextToken")?;
    let bad = || ServiceError::new("InvalidNextToken", "The specified token isn't valid.");
    let (observed, next) = page(all, token, size.unwrap_or(default)).ok_or_else(bad)?;
    let mut answer = json!({ "Parameters": observed });
    if let Some(next) = next {
        answer["NextToken"] = json!(next);
    }
    Ok(answer)
}

struct Filter {
    key: String,
    option: String,
    values: Vec<String>,
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn filters(input: &Input<'_>) -> Result<Vec<Filter>, ServiceError> {
    let read = |filter: Input<'_>| {
        let (key, values) = (filter.required("Key")?, owned(&filter.texts("Values")?));
        let options: &[&str] = match key {
            "Name" => &["Equals", "BeginsWith", "Contains"],
            "Path" => &["OneLevel", "Recursive"],
            "Type" | "KeyId" | "Tier" | "DataType" | "Label" => &["Equals", "BeginsWith"],
            tag if tag.starts_with("tag:") => &["Equals"],
            _ => {
                return Err(ServiceError::new(
                    "InvalidFilterKey",
                    format!("The specified key isn't valid: {key}"),
                ));
            }
        };
        let default = options.first().copied().unwrap_or_default();
        let option = filter.text("Option")?.unwrap_or(default);
        if !options.contains(&option) {
            let valid = options.join(", ");
            let message = format!("The filter option is not valid. Valid options for {key}: {valid}");
            return Err(ServiceError::new("InvalidFilterOption", message));
        }
        if values.is_empty() && !key.starts_with("tag:") {
            return Err(ServiceError::new("InvalidFilterValue", "The filter value isn't valid."));
        }
        Ok(Filter { key: key.to_owned(), option: option.to_owned(), values })
    };
    input.structures("ParameterFilters")?.into_iter().map(read).collect()
}

impl Filter {
    fn keeps(&self, name: &str, parameter: &Parameter, version: &Version) -> bool {
        if self.key == "Path" {
            return self.values.iter().any(|path| under(name, path, self.option == "Recursive"));
        }
        if let Some(tag) = self.key.strip_prefix("tag:") {
            let has = parameter.tags.get(tag);
            return has.is_some_and(|value| self.values.is_empty() || self.values.contains(value));
        }
        let is: Vec<&str> = match self.key.as_str() {
            "Name" => vec![name],
            "Type" => vec![&version.kind],
            "KeyId" => version.key.iter().map(String::as_str).collect(),
            "Tier" => vec![&version.tier],
            "DataType" => vec![&version.data_type],
            _ => version.labels.iter().map(String::as_str).collect(),
        };
        // A name is found with and without the slash it begins with.
        let bare = |text: &str| text.strip_prefix('/').unwrap_or(text).to_owned();
        self.values.iter().any(|desired| {
            is.iter().any(|is| match self.option.as_str() {
                "BeginsWith" => is.starts_with(desired.as_str()) || bare(is).starts_with(desired.as_str()),
                "Contains" => is.contains(desired.as_str()),
                _ => *is == desired,
            })
        })
    }
}

fn under(name: &str, path: &str, recursive: bool) -> bool {
    let path = path.strip_suffix('/').unwrap_or(path);
    let rest = name.strip_prefix(path).and_then(|rest| rest.strip_prefix('/'));
    rest.is_some_and(|rest| recursive || !rest.contains('/'))
}

pub(super) fn delete(store: &mut Store, place: &Place, input: &Input<'_>) -> Result<Value, ServiceError> {
    let desired = Desired::read(store, place, input.required("Name")?);
    match store.remove(&desired.name) {
        Some(_) => Ok(json!({})),
        None => Err(ServiceError::new("ParameterNotFound", "")),
    }
}

pub(super) fn delete_several(
    store: &mut Store,
    place: &Place,
    input: &Input<'_>,
) -> Result<Value, ServiceError> {
    let (mut gone, mut missing) = (Vec::new(), Vec::new());
    for name in names(input)? {
        let desired = Desired::read(store, place, name);
        match store.remove(&desired.name) {
            Some(_) => gone.push(name),
            None => missing.push(name),
        }
    }
    Ok(json!({ "DeletedParameters": gone, "InvalidParameters": missing }))
}
