//! Pieces of configurations, and looks at the simulated AWS.

use crate::simulator::elasticache::Durations;
use crate::simulator::seam::{Params, Place};
use crate::simulator::{Call, DEFAULT_ACCOUNT};
use crate::steer::instant;
use crate::support::terraform::Diagnostic;
use crate::world::World;

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
pub const NODES: &str = "engine = \"redis\"\nengine_version = \"7.0\"\nnode_type = \"cache.r7g.large\"\n\
                         num_cache_clusters = 2\nautomatic_failover_enabled = true\napply_immediately = true\n";

/// Two shards of Redis OSS 7.1 with a replica each.
pub const SHARDS: &str = "engine = \"redis\"\nengine_version = \"7.1\"\nnode_type = \"cache.r7g.large\"\n\
                          num_node_groups = 2\nreplicas_per_node_group = 1\napply_immediately = true\n";

/// The replication group `first` with these arguments.
pub fn primary(arguments: &str) -> String {
    format!(
        "resource \"elasticache_replication_group\" \"primary\" {{\nreplication_group_id = \"first\"\ndescription = \
         \"of a test\"\n{arguments}}}\n"
    )
}

/// The datastore `store` with these arguments beside the ones that it requires.
pub fn datastore(arguments: &str) -> String {
    let own = "primary_replication_group_id";
    let group = format!("{own} = {PRIMARY}.id\n");
    let group = if arguments.contains(own) { "" } else { &group };
    format!(
        "resource \"elasticache_global_replication_group\" \"this\" {{\nglobal_replication_group_id_suffix = \
         \"store\"\n{group}{arguments}\n}}\n"
    )
}

/// The replication group `second` in the other Region with these arguments beside the ones that it requires.
pub fn secondary(arguments: &str) -> String {
    format!(
        "resource \"elasticache_replication_group\" \"secondary\" {{\nreplication_group_id = \"second\"\nregion = \
         {AWAY:?}\ndescription = \"of a test\"\nglobal_replication_group_id = \
         {DATASTORE}.global_replication_group_id\napply_immediately = true\n{arguments}\n}}\n"
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
pub fn applied(configuration: &str) -> World {
    let world = instant(configuration);
    settle(&world);
    world
}

/// The same with another configuration.
#[track_caller]
pub fn then(world: &World, configuration: &str) {
    world.terraform.configure(configuration);
    settle(world);
}

/// Applies what is configured, as [`applied`] does.
#[track_caller]
pub fn settle(world: &World) {
    world.terraform.apply();
    world.terraform.apply();
    world.terraform.assert_settled();
}

/// The actions that changed something since the record was cleared, in order.
pub fn writes(world: &World) -> Vec<String> {
    crate::steer::writes(&world.aws)
}

/// The calls of this kind that were carried out since the record was cleared.
pub fn done(world: &World, action: &str) -> Vec<Call> {
    world.aws.calls("elasticache", action).into_iter().filter(Call::is_done).collect()
}

/// A call by another client in this Region, with parameters as `Name=value` separated by spaces.
#[track_caller]
pub fn other_client(world: &World, region: &str, action: &str, parameters: &str) {
    let place = Place { account: DEFAULT_ACCOUNT.to_owned(), region: region.to_owned() };
    let pairs = parameters.split_whitespace().map(|pair| pair.split_once('=').expect("Name=value"));
    let parameters = Params(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect());
    let now = world.aws.clock().now();
    let answer = world.aws.with_world(|aws| aws.query(&place, "elasticache", action, &parameters, now));
    answer.unwrap_or_else(|fault| panic!("{action}: {fault:?}"));
}

/// The status of a group in the other Region.
pub fn status_away(world: &World, group: &str) -> Option<String> {
    let place = Place { account: DEFAULT_ACCOUNT.to_owned(), region: AWAY.to_owned() };
    let now = world.aws.clock().now();
    world.aws.with_world(|aws| aws.elasticache.at(&place, now).status(group))
}

/// How long things take from now on.
pub fn durations(world: &World, change: impl FnOnce(&mut Durations)) {
    world.aws.with_world(|aws| aws.elasticache.configure(|config| change(&mut config.durations)));
}

/// Everything that diagnostics say.
pub fn words(diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(|diagnostic| format!("{diagnostic}\n")).collect()
}

/// What an apply that must fail says.
#[track_caller]
pub fn failure(world: &World) -> String {
    words(&world.terraform.apply_fails())
}
