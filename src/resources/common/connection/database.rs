//! The number of the database, and caches that have one database only.

use super::Source;
use crate::diag::Diagnostics;
use crate::value::Path;

/// Warns of a database other than 0 in a group with cluster mode: before Valkey 9, SELECT
/// is not allowed there. Which version runs the connection does not know.
pub(in crate::resources) fn check_database(planned: &Source, diags: &mut Diagnostics) {
    let Some(number) = planned.database.known().filter(|number| **number > 0) else { return };
    let clustered = planned
        .replication_group
        .known()
        .is_some_and(|group| group.configuration_endpoint_address.text().is_some());
    if clustered {
        diags.warning_at(
            Path::attribute("database"),
            "Cluster mode has one database",
            format!(
                "database is {number}, but the replication group has cluster mode, which has database 0 only before Valkey 9: \
                 every client fails at SELECT. Remove database, unless the group runs Valkey 9 or later with the parameter \
                 cluster-databases."
            ),
        );
    }
}
