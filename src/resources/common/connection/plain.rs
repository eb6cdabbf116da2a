//! A connection outside of any resource, with known attributes.

use std::collections::BTreeMap;

use super::attributes::{Connection, Credentials, Place, database, host, parameters, port, username};
use super::token::{check_tokens, check_tokens_at_plan};
use crate::aws::Secret;
use crate::diag::{Diagnostic, Diagnostics};
use crate::object;
use crate::schema::{Attribute, Object as _, optional, optional_computed, validate};
use crate::value::{Field, FromValue as _, Path, Value};

object! {
    /// The parts of a connection, with the names and rules of the resources.
    struct Parts {
        /// Host: a name or an IP address.
        host: Field<String> = host(),
        /// Port. Defaults to `6379`.
        port: Field<i64> = port(),
        /// Whether the host uses TLS. Defaults to `false`.
        transit_encryption_enabled: Field<bool> = optional_computed(),
        /// User that logs in.
        username: Field<String> = username(),
        /// AUTH token, or password of the user.
        auth_token: Field<Secret> = optional().sensitive(),
        /// Number of the database.
        database: Field<i64> = database(),
        /// Query parameters of the URL.
        parameters: Field<BTreeMap<String, Field<String>>> = parameters(),
    }
}

/// The attributes of the parts.
pub(crate) fn attributes() -> &'static [Attribute] {
    &Parts::schema().block.attributes
}

/// The URL of these parts, an object of [`attributes`] with known or null values.
///
/// # Errors
/// A diagnostic at each invalid part.
pub(crate) fn url(parts: &Value) -> Result<Secret, Diagnostics> {
    let mut diags = Diagnostics::new();
    validate(Parts::schema(), parts, &mut diags);
    let parts = Parts::from_value(parts, &Path::root()).map_err(|error| {
        Diagnostic::error("Invalid part of a URL", format!("{error}.")).at(error.path.clone())
    })?;
    let place = Place {
        host: parts.host,
        port: parts.port,
        transit_encryption_enabled: parts.transit_encryption_enabled,
    };
    let login = Credentials {
        username: parts.username,
        auth_token: parts.auth_token,
        database: parts.database,
        parameters: parts.parameters,
        ..Credentials::default()
    };
    let source = Connection { place, login, ..Connection::default() };
    check_tokens(&source, &mut diags);
    check_tokens_at_plan(&source, &mut diags);
    if diags.has_errors() {
        return Err(diags);
    }
    match source.compose(&source.login.auth_token)? {
        Field::Known(url) => Ok(url.compose()),
        Field::Null | Field::Unknown => Err(Diagnostic::bug("The URL of known parts is unknown").into()),
    }
}
