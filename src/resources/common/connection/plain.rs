//! A connection of which everything is known at once, outside of any resource.

use std::collections::BTreeMap;

use super::{Source, check_tokens, check_tokens_at_plan, schema};
use crate::aws::Secret;
use crate::diag::{Diagnostic, Diagnostics};
use crate::model;
use crate::schema::{Attribute, Block, Schema, validate};
use crate::value::{Field, FromValue, Model, Path, Value};

model! {
    /// The parts of a connection, by the names that the resources use.
    struct Parts {
        host: Field<String>,
        port: Field<i64>,
        transit_encryption_enabled: Field<bool>,
        username: Field<String>,
        auth_token: Field<Secret>,
        database: Field<i64>,
        parameters: Field<BTreeMap<String, Field<String>>>,
    }
}

/// The attributes of a connection's parts, with the checks that the resources make.
pub(crate) fn attributes() -> Vec<Attribute> {
    let wanted = |attribute: &Attribute| Parts::ATTRIBUTES.contains(&attribute.name);
    // What they need beside them and what they conflict with are attributes of resources.
    let alone = |attribute: Attribute| attribute.conflicts(&[]).requires(&[]);
    schema::source(Vec::new()).into_iter().chain(schema::url()).filter(wanted).map(alone).collect()
}

/// The URL of these parts, an object of [`attributes`] of which each is known or null.
///
/// # Errors
/// What is wrong with which part.
pub(crate) fn url(parts: &Value) -> Result<Secret, Diagnostics> {
    let mut diags = Diagnostics::new();
    validate(&Schema::new(Block::new("").attributes(attributes())), parts, &mut diags);
    let parts = Parts::from_value(parts, &Path::root()).map_err(|error| {
        Diagnostic::error("Invalid part of a URL", format!("{error}.")).at(error.path.clone())
    })?;
    let source = Source {
        host: parts.host,
        port: parts.port,
        transit_encryption_enabled: parts.transit_encryption_enabled,
        username: parts.username,
        auth_token: parts.auth_token,
        database: parts.database,
        parameters: parts.parameters,
        ..Source::default()
    };
    check_tokens(&source, &mut diags);
    check_tokens_at_plan(&source, &mut diags);
    if diags.has_errors() {
        return Err(diags);
    }
    match source.compose(&source.auth_token)? {
        Field::Known(url) => Ok(url.compose()),
        Field::Null | Field::Unknown => Err(Diagnostic::bug("a URL of known parts is not known").into()),
    }
}
