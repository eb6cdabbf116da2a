//! Checks the database of a connection.

use super::attributes::Connection;
use crate::diag::Diagnostics;
use crate::value::Path;

/// Warns of a database other than 0 with cluster mode: before Valkey 9, SELECT is then not allowed. The connection does not
/// have the engine version.
pub(in crate::resources) fn check_database(planned: &Connection, diags: &mut Diagnostics) {
    let Some(number) = planned.login.database.known().filter(|number| **number > 0) else { return };
    if planned.serverless.is_given() {
        diags.warning_at(
            Path::attribute("database"),
            "Cluster mode has one database",
            format!(
                "`database` is {number}, but a serverless cache has cluster mode, in which versions before Valkey 9 have only \
                 database 0, and SELECT fails. Remove `database`, unless the serverless cache has Valkey 9 or later."
            ),
        );
    }
    let has_cluster_mode = planned
        .replication_group
        .known()
        .is_some_and(|group| group.configuration_endpoint_address.text().is_some());
    if has_cluster_mode {
        diags.warning_at(
            Path::attribute("database"),
            "Cluster mode has one database",
            format!(
                "`database` is {number}, but the replication group has cluster mode, in which versions before Valkey 9 have only \
                 database 0, and SELECT fails. Remove `database`, unless the replication group has Valkey 9 or later and the \
                 parameter cluster-databases."
            ),
        );
    }
}
