//! Rules over several arguments of a configuration.

use super::attributes::SsmUrlModel;
use crate::diag::Diagnostics;
use crate::resources::common::connection;
use crate::value::Path;

/// Checks the arguments against each other.
pub(super) fn validate(config: &SsmUrlModel, diags: &mut Diagnostics) {
    let source = &config.connection;
    if source.is_missing() {
        diags.push(connection::missing_endpoint());
    }
    connection::check_login(source, diags);
    if source.use_reader_endpoint.is_true() && source.place.host.text().is_some() {
        diags.error_at(
            Path::attribute("use_reader_endpoint"),
            "Conflicting arguments",
            "`use_reader_endpoint` selects an endpoint of `replication_group` or of a serverless cache, but `host` is set. Remove \
             one of them.",
        );
    }
    connection::check_tokens(source, diags);
}
