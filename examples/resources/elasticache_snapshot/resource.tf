resource "elasticache_replication_group" "this" {
  replication_group_id = "backend-booking"
  description          = "Cache of the booking service"
  node_type            = "cache.t4g.small"
  num_cache_clusters   = 2
}

resource "elasticache_snapshot" "before_upgrade" {
  name                 = "backend-booking-before-upgrade"
  replication_group_id = elasticache_replication_group.this.id

  # The snapshot is kept when the resource is destroyed.
  skip_destroy = true

  tags = {
    Environment = "prod"
  }
}

# A copy within ElastiCache, encrypted with another key.
resource "elasticache_snapshot" "copy" {
  name                 = "backend-booking-before-upgrade-copy"
  source_snapshot_name = elasticache_snapshot.before_upgrade.name
  kms_key_id           = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
}
