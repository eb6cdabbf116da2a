//! Pieces of configurations, and looks at the simulated AWS.

use crate::aws_control::instant;
use crate::fixture::Fixture;
use crate::simulator::protocol::{Params, Place};
use crate::simulator::{Call, DEFAULT_ACCOUNT};

/// The address of the datastore of [`datastore`].
pub const DATASTORE: &str = "elasticache_global_replication_group.this";

/// The address of the group of [`primary`].
pub const PRIMARY: &str = "elasticache_replication_group.primary";

/// The address of the group of [`secondary`].
pub const SECONDARY: &str = "elasticache_replication_group.secondary";

/// The ID of the datastore: the prefix of the Region of the cases, and the suffix.
pub const ID: &str = "gxeiz-store";

/// The ARN of the datastore.
pub const ARN: &str = "arn:aws:elasticache::123456789012:globalreplicationgroup:gxeiz-store";

/// The Region of the secondary.
pub const AWAY: &str = "us-west-2";

/// Two nodes of Redis OSS 7.0.
pub const NODES: &str = r#"engine = "redis"
engine_version = "7.0"
node_type = "cache.r7g.large"
num_cache_clusters = 2
automatic_failover_enabled = true
apply_immediately = true
"#;

/// Two shards of Redis OSS 7.1 with a replica each.
pub const SHARDS: &str = r#"engine = "redis"
engine_version = "7.1"
node_type = "cache.r7g.large"
num_node_groups = 2
replicas_per_node_group = 1
apply_immediately = true
"#;

/// The replication group `first` with these arguments.
pub fn primary(arguments: &str) -> String {
    format!(
        r#"resource "elasticache_replication_group" "primary" {{
  replication_group_id = "first"
  description = "of a test"
  {arguments}}}
"#
    )
}

/// The datastore `store` with these arguments beside the ones that it requires.
pub fn datastore(arguments: &str) -> String {
    let own = "primary_replication_group_id";
    let group = format!("{own} = {PRIMARY}.id\n");
    let group = if arguments.contains(own) { "" } else { &group };
    format!(
        r#"resource "elasticache_global_replication_group" "this" {{
  global_replication_group_id_suffix = "store"
  {group}{arguments}
}}
"#
    )
}

/// The replication group `second` in the other Region with these arguments beside the ones that it requires.
pub fn secondary(arguments: &str) -> String {
    format!(
        r#"resource "elasticache_replication_group" "secondary" {{
  replication_group_id = "second"
  region = {AWAY:?}
  description = "of a test"
  global_replication_group_id = {DATASTORE}.global_replication_group_id
  apply_immediately = true
  {arguments}
}}
"#
    )
}

/// A datastore with these arguments around a primary of two nodes.
pub fn alone(arguments: &str) -> String {
    primary(NODES) + &datastore(arguments)
}

/// The same with a secondary of two nodes.
pub fn pair(arguments: &str) -> String {
    alone(arguments) + &secondary("num_cache_clusters = 2")
}

/// A datastore with these arguments around a primary of two shards, with a secondary.
pub fn sharded(arguments: &str) -> String {
    primary(SHARDS) + &datastore(arguments) + &secondary("replicas_per_node_group = 1")
}

/// Applies the configuration, once more to take in what its members changed of each other, and checks that nothing is
/// left to do; the record begins after it.
#[track_caller]
pub fn applied(configuration: &str) -> Fixture {
    let fixture = instant(configuration);
    settle(&fixture);
    fixture
}

/// The same with another configuration.
#[track_caller]
pub fn then(fixture: &Fixture, configuration: &str) {
    fixture.terraform.configure(configuration);
    settle(fixture);
}

/// Applies what is configured, as [`applied`] does.
#[track_caller]
pub fn settle(fixture: &Fixture) {
    fixture.terraform.apply();
    fixture.terraform.apply();
    fixture.terraform.assert_settled();
}

/// The actions that changed something since the record was cleared, in order.
pub fn writes(fixture: &Fixture) -> Vec<String> {
    crate::aws_control::writes(&fixture.aws)
}

/// The calls of this kind that were carried out since the record was cleared.
pub fn done(fixture: &Fixture, action: &str) -> Vec<Call> {
    fixture.aws.calls("elasticache", action).into_iter().filter(Call::is_done).collect()
}

/// A call by another client in this Region, with parameters as `Name=value` separated by spaces.
#[track_caller]
pub fn other_client(fixture: &Fixture, region: &str, action: &str, parameters: &str) {
    let place = Place { account: DEFAULT_ACCOUNT.to_owned(), region: region.to_owned() };
    let pairs = parameters.split_whitespace().map(|pair| pair.split_once('=').expect("Name=value"));
    let parameters = Params(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect());
    let now = fixture.aws.clock().now();
    let answer = fixture.aws.with_state(|aws| aws.query(&place, "elasticache", action, &parameters, now));
    answer.unwrap_or_else(|fault| panic!("{action}: {fault:?}"));
}

/// The status of a group in the other Region.
pub fn status_away(fixture: &Fixture, group: &str) -> Option<String> {
    let place = Place { account: DEFAULT_ACCOUNT.to_owned(), region: AWAY.to_owned() };
    let now = fixture.aws.clock().now();
    fixture.aws.with_state(|aws| aws.elasticache.at(&place, now).status(group))
}
