//! Arguments of the action `elasticache_test_failover`.

use std::sync::LazyLock;

use regex_lite::Regex;

use crate::actions::replication_group::group_id;
use crate::object;
use crate::schema::{Check, common, optional, pattern, required};
use crate::value::Field;

/// API model, AllowedNodeGroupId.
static SHARD_ID: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[0-9]{1,4}$"));

object! {
    /// Tests the automatic failover of one shard: AWS fails the primary, promotes a replica, and replaces the failed
    /// node. The action waits until the primary has moved and every node is available.
    ///
    /// Connections to the primary are interrupted, and writes that have not reached the replica are lost. AWS meant the
    /// operation for tests, not as a tool for a failover in operation: it may refuse the request during large events, and
    /// accepts at most 15 tests in 24 hours. The shard requires automatic failover and a replica. With cluster mode, AWS
    /// accepts the next test of the same replication group once the failed node is replaced.
    pub struct TestFailoverModel {
        /// ID of the replication group. Case is ignored.
        replication_group_id: Field<String> = group_id(required()),
        /// ID of the shard: one to four digits; `1` and `0001` are the same. If omitted, the only shard; required for a
        /// replication group with several.
        node_group_id: Field<String> = optional().check(Check::Pattern(&SHARD_ID, "one to four digits")),
        region: Field<String> = common::region_of_action(),
        /// How long to wait for the new primary, as a duration such as `30m`. Defaults to `60m`.
        timeout: Field<String> = optional().check(Check::By(common::check_duration)),
    }
}
