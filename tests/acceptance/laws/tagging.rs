//! A change of tags alone takes a replication group out of `available` for about 15 s, and its
//! tags cannot be listed meanwhile (hashicorp/aws PR #40320, #30444). Most cases set the clock
//! so that nobody notices; these see it.

use std::time::Duration;

use serde_json::json;

use crate::simulator::Call;
use crate::world::{GROUP, World, group};

fn tagged(team: &str) -> String {
    group(
        "tagged",
        &format!("num_cache_clusters = 1\n  node_type = \"cache.t4g.small\"\n  tags = {{ team = {team:?} }}"),
    ) + "data \"elasticache_replication_group\" \"test\" {\n  replication_group_id = \
         elasticache_replication_group.test.id\n  depends_on = [elasticache_replication_group.test]\n}\n\
         output \"team\" {\n  value = data.elasticache_replication_group.test.tags[\"team\"]\n}\n"
}

#[test]
fn an_apply_of_tags_alone_returns_when_the_group_is_available() {
    let world = World::new(&tagged("a"));
    world.terraform.apply();
    world.aws.clock().set_per_call(Duration::from_secs(2));
    world.aws.record().clear();
    world.terraform.configure(&tagged("b"));
    world.terraform.apply();
    assert_eq!(world.terraform.state(GROUP)["status"], json!("available"));
    assert_eq!(world.terraform.run(&["output", "-raw", "team"]).succeeds().stdout.trim(), "b");
    let polls = world.aws.calls("elasticache", "DescribeReplicationGroups").len();
    assert!(polls > 3, "{polls} polls: the group was never seen `modifying`");
    world.terraform.assert_unchanged();
}

/// A data source asks again while AWS refuses to list tags.
#[test]
fn a_data_source_waits_for_tags_that_cannot_be_listed() {
    let world = World::new(&tagged("a"));
    world.terraform.apply();
    let arn = world.terraform.text(GROUP, "arn");
    world.aws.clock().set_per_call(Duration::from_secs(2));
    world.other_client(
        "AddTagsToResource",
        &format!("ResourceName={arn} Tags.Tag.1.Key=owner Tags.Tag.1.Value=me"),
    );
    world.aws.record().clear();
    let warnings = world.terraform.apply();
    assert!(!warnings.iter().any(|it| it.to_string().contains("The tags of")), "{warnings:?}");
    let refused = |call: &Call| !call.is_done();
    assert!(world.aws.calls("elasticache", "ListTagsForResource").iter().any(refused), "AWS never refused");
    let tags = world.terraform.state("data.elasticache_replication_group.test")["tags"].clone();
    assert_eq!(tags["team"], json!("a"));
}
