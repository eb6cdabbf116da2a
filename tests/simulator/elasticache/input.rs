//! Reading the parameters of a call, and paging through an answer.

use super::faults;
use super::protocol::{Params, ServiceError, Xml};

/// A value that is there and not blank.
pub(super) fn text<'a>(params: &'a Params, name: &str) -> Option<&'a str> {
    params.get(name).filter(|value| !value.trim().is_empty())
}

/// A value that must be there.
pub(super) fn required<'a>(params: &'a Params, name: &str) -> Result<&'a str, ServiceError> {
    text(params, name)
        .ok_or_else(|| faults::value(format!("The parameter {name} must be provided and must not be blank.")))
}

/// A boolean, if given.
pub(super) fn flag(params: &Params, name: &str) -> Result<Option<bool>, ServiceError> {
    match text(params, name) {
        None => Ok(None),
        Some("true") => Ok(Some(true)),
        Some("false") => Ok(Some(false)),
        Some(other) => Err(ServiceError::new("MalformedInput", format!("{name}: {other} is not a boolean"))),
    }
}

/// An integer, if given.
pub(super) fn number(params: &Params, name: &str) -> Result<Option<i64>, ServiceError> {
    text(params, name)
        .map(|value| {
            value
                .parse()
                .map_err(|_| ServiceError::new("MalformedInput", format!("{name}: {value} is not a number")))
        })
        .transpose()
}

/// A count within limits, if given.
pub(super) fn count(
    params: &Params,
    name: &str,
    most: usize,
    refusal: &str,
) -> Result<Option<usize>, ServiceError> {
    number(params, name)?
        .map(|value| usize::try_from(value).ok().filter(|v| *v <= most).ok_or_else(|| faults::value(refusal)))
        .transpose()
}

/// Tags as `Tags.Tag.N.Key` and `.Value`. A value may be missing ("null is accepted", API model).
pub(super) fn tags(params: &Params) -> Vec<(String, String)> {
    params
        .numbered("Tags")
        .into_iter()
        .filter_map(|tag| Some((tag.get("Key")?.to_owned(), tag.get("Value").unwrap_or_default().to_owned())))
        .collect()
}

/// An identifier: letters, digits and hyphens, first a letter, no double and no last hyphen.
/// Stored in lower case (API model, `ReplicationGroupId` and others).
pub(super) fn identifier(kind: &str, id: &str, longest: usize) -> Result<String, ServiceError> {
    let plain = id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let first = id.starts_with(|c: char| c.is_ascii_alphabetic());
    if !plain || !first || id.len() > longest || id.ends_with('-') || id.contains("--") {
        return Err(faults::value(format!(
            "The parameter {kind} is not a valid identifier. Identifiers must begin with a letter; must \
             contain \
             only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two \
             consecutive \
             hyphens."
        )));
    }
    Ok(id.to_ascii_lowercase())
}

/// One page of a listing: `Marker` first if more follows, then the list. The marker names
/// the last entry given, so that what comes and goes meanwhile upsets nothing.
pub(super) fn page<T>(
    params: &Params,
    list: &str,
    (usual, most): (usize, usize),
    entries: Vec<(String, T)>,
    mut write: impl FnMut(T) -> Xml,
) -> Result<Vec<Xml>, ServiceError> {
    let size = match number(params, "MaxRecords")? {
        None => usual,
        Some(requested) => {
            usize::try_from(requested).ok().filter(|n| (20..=most).contains(n)).ok_or_else(|| {
                faults::value(format!("MaxRecords must be between 20 and {most}, but is {requested}."))
            })?
        }
    };
    let start = match text(params, "Marker") {
        None => 0,
        Some(marker) => {
            let after = marker
                .strip_prefix("after:")
                .ok_or_else(|| faults::value(format!("The marker {marker} is not valid.")))?;
            entries.iter().position(|(key, _)| key.as_str() > after).unwrap_or(entries.len())
        }
    };
    let more = entries.len() > start + size;
    let mut last = String::new();
    let mut observed = Vec::new();
    for (key, entry) in entries.into_iter().skip(start).take(size) {
        last = key;
        observed.push(write(entry));
    }
    let mut answer = Vec::new();
    if more {
        answer.push(Xml::text("Marker", format!("after:{last}")));
    }
    answer.push(Xml::element(list, observed));
    Ok(answer)
}
