//! A change of tags alone takes a replication group out of `available` for about 15 s, and its
//! tags cannot be listed meanwhile (hashicorp/aws PR #40320, #30444). Most cases set the clock
//! so that nobody notices; these see it.

use std::time::Duration;

use serde_json::json;

use crate::fixture::Fixture;
use crate::hcl::{GROUP, group};
use crate::simulator::Call;

fn tagged(team: &str) -> String {
    group(
        "tagged",
        &format!(
            r#"num_cache_clusters = 1
  node_type = "cache.t4g.small"
  tags = {{ team = {team:?} }}"#
        ),
    ) + r#"data "elasticache_replication_group" "this" {
  replication_group_id = elasticache_replication_group.this.id
  depends_on = [elasticache_replication_group.this]
}
output "team" {
  value = data.elasticache_replication_group.this.tags["team"]
}
"#
}

#[test]
fn an_apply_of_tags_alone_returns_when_the_group_is_available() {
    let fixture = Fixture::new(&tagged("a"));
    fixture.terraform.apply();
    fixture.aws.clock().set_per_call(Duration::from_secs(2));
    fixture.aws.record().clear();
    fixture.terraform.configure(&tagged("b"));
    fixture.terraform.apply();
    assert_eq!(fixture.terraform.state(GROUP)["status"], json!("available"));
    assert_eq!(fixture.terraform.run(&["output", "-raw", "team"]).succeeds().stdout.trim(), "b");
    let polls = fixture.aws.calls("elasticache", "DescribeReplicationGroups").len();
    assert!(polls > 3, "{polls} polls: the group was never seen `modifying`");
    fixture.terraform.assert_unchanged();
}

/// A data source asks again while AWS refuses to list tags.
#[test]
fn a_data_source_waits_for_tags_that_cannot_be_listed() {
    let fixture = Fixture::new(&tagged("a"));
    fixture.terraform.apply();
    let arn = fixture.terraform.text(GROUP, "arn");
    fixture.aws.clock().set_per_call(Duration::from_secs(2));
    fixture.other_client(
        "AddTagsToResource",
        &format!("ResourceName={arn} Tags.Tag.1.Key=owner Tags.Tag.1.Value=me"),
    );
    fixture.aws.record().clear();
    let warnings = fixture.terraform.apply();
    assert!(!warnings.iter().any(|it| it.to_string().contains("The tags of")), "{warnings:?}");
    let refused = |call: &Call| !call.is_done();
    assert!(fixture.aws.calls("elasticache", "ListTagsForResource").iter().any(refused), "AWS never refused");
    let tags = fixture.terraform.state("data.elasticache_replication_group.this")["tags"].clone();
    assert_eq!(tags["team"], json!("a"));
}
