//! The state that an import begins with, from an ID, an ARN, or `id@region`.

use super::resource::Resource;
use super::values::set_region;
use crate::diag::Diagnostic;
use crate::schema::common;
use crate::value::{IntoValue, Value};

/// ID and Region from the ID of an import: an ARN, or `id@region`, as hashicorp/aws accepts it since version 6.
pub(super) fn id_and_region_of_import<R: Resource>(
    resource: &R,
    id: &str,
) -> Result<(String, Option<String>), Diagnostic> {
    let (id, region) = id_and_region(resource, id)?;
    let is_regional = Resource::schema(resource).block.attribute(common::REGION).is_some();
    Ok(match id.rsplit_once('@') {
        Some((id, region)) if is_regional && looks_like_region(region) => {
            (id.to_owned(), Some(region.to_owned()))
        }
        _ => (id, region),
    })
}

/// ID and Region of an object from its ARN; the ID alone where that is given.
fn id_and_region<R: Resource>(resource: &R, id: &str) -> Result<(String, Option<String>), Diagnostic> {
    match resource.arns() {
        Some(form) if id.starts_with("arn:") => {
            // The ARN of a global object, such as a dashboard, names no Region.
            let given = |region: String| Some(region).filter(|region| !region.is_empty());
            form.read(Resource::type_name(resource), id).map(|(id, region)| (id, given(region)))
        }
        _ => Ok((id.to_owned(), None)),
    }
}

/// As [`id_and_region`], for the ID in an identity: an ARN of something else may be the ID itself.
pub(super) fn id_and_region_of_identity<R: Resource>(
    resource: &R,
    id: &str,
) -> Result<(String, Option<String>), Diagnostic> {
    match id_and_region(resource, id) {
        Err(_) if resource.arns().is_some_and(|form| form.any_id) => Ok((id.to_owned(), None)),
        read => read,
    }
}

/// The state of an object with this ID, still to be read.
pub(super) fn stub<R: Resource>(resource: &R, id: &str, region: Option<String>) -> Result<Value, Diagnostic> {
    let schema = Resource::schema(resource);
    let mut state = schema.conform(Resource::import(resource, id)?.into_value());
    set_region(&mut state, region.map(Value::string));
    Ok(state)
}

fn looks_like_region(text: &str) -> bool {
    let mut parts = text.split('-');
    parts.clone().count() >= 3
        && parts.next_back().is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit()))
        && parts.all(|part| part.bytes().all(|b| b.is_ascii_lowercase()))
}
