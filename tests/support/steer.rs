//! Hands on the simulated AWS, for the cases that look behind its API.

use crate::simulator::elasticache::{Config, Control};
use crate::simulator::seam::{Params, QueryService};
use crate::simulator::{Call, Simulator};
use crate::world::{World, place};

/// The address of the replication group that the cases are about.
pub const THIS: &str = "elasticache_replication_group.this";

/// A replication group `cache` with these arguments beside the ones it cannot do without.
pub fn group(arguments: &str) -> String {
    format!(
        "resource \"elasticache_replication_group\" \"this\" {{\nreplication_group_id = \"cache\"\n\
         description = \"of a test\"\n{}{arguments}\n}}\n",
        if arguments.contains("node_type") { "" } else { "node_type = \"cache.t4g.small\"\n" }
    )
}

/// A world in which everything is done at the next call.
pub fn instant(configuration: &str) -> World {
    let world = World::new(configuration);
    world.aws.with_world(|aws| {
        aws.elasticache.configure(|config| *config = Config { start: config.start, ..Config::instant() });
    });
    world
}

/// Looks at the simulated ElastiCache, or interferes with it.
pub fn control<T>(aws: &Simulator, act: impl FnOnce(&mut Control<'_>) -> T) -> T {
    let now = aws.clock().now();
    aws.with_world(|world| act(&mut world.elasticache.at(&place(), now)))
}

/// Calls ElastiCache as another client does.
pub fn ask(aws: &Simulator, action: &str, parameters: &[(&str, &str)]) {
    let now = aws.clock().now();
    let parameters =
        Params(parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect());
    aws.with_world(|world| world.elasticache.call(&place(), action, &parameters, now)).unwrap();
}

/// Makes a user `someone` and with it the user group `people`.
pub fn people(aws: &Simulator) {
    ask(
        aws,
        "CreateUser",
        &[
            ("UserId", "someone"),
            ("UserName", "default"),
            ("Engine", "redis"),
            ("AccessString", "on ~* +@all"),
            ("NoPasswordRequired", "true"),
        ],
    );
    ask(
        aws,
        "CreateUserGroup",
        &[("UserGroupId", "people"), ("Engine", "redis"), ("UserIds.member.1", "someone")],
    );
}

/// What changed something since the record was cleared, such as `ModifyReplicationGroup`; in order.
pub fn writes(aws: &Simulator) -> Vec<String> {
    let reads = |call: &Call| call.action.starts_with("Describe") || call.action.starts_with("List");
    let all = aws.record().all();
    all.into_iter()
        .filter(|call| call.service == "elasticache" && call.is_done() && !reads(call))
        .map(|call| call.action)
        .collect()
}

/// The ModifyReplicationGroup that were carried out since the record was cleared.
pub fn modifications(aws: &Simulator) -> Vec<Call> {
    aws.calls("elasticache", "ModifyReplicationGroup").into_iter().filter(Call::is_done).collect()
}
