//! Configurations that many cases share.

/// The address of the replication group of [`group`] and [`small_group`].
pub const GROUP: &str = "elasticache_replication_group.this";

/// A replication group with this ID and these arguments.
pub fn group(id: &str, arguments: &str) -> String {
    format!(
        r#"resource "elasticache_replication_group" "this" {{
  replication_group_id = "{id}"
  description = "of a test"
  {arguments}
}}
"#
    )
}

const SMALL: &str = r#"node_type = "cache.t4g.small""#;

/// The replication group `cache` with these arguments, of small nodes unless they say otherwise.
pub fn small_group(arguments: &str) -> String {
    if arguments.contains("node_type") {
        group("cache", arguments)
    } else {
        group("cache", &format!("{SMALL}\n  {arguments}"))
    }
}
