resource "elasticache_serverless_cache" "this" {
  name   = "backend-booking"
  engine = "valkey"
}

resource "elasticache_serverless_cache_snapshot" "before_upgrade" {
  name                  = "backend-booking-before-upgrade"
  serverless_cache_name = elasticache_serverless_cache.this.name

  # RDB files in a bucket to which ElastiCache has access.
  s3_bucket_name = "backend-booking-backups"

  # The snapshot is kept when the resource is destroyed.
  skip_destroy = true

  tags = {
    Environment = "prod"
  }
}

# A copy within ElastiCache, encrypted with another key.
resource "elasticache_serverless_cache_snapshot" "copy" {
  name                 = "backend-booking-before-upgrade-copy"
  source_snapshot_name = elasticache_serverless_cache_snapshot.before_upgrade.name
  kms_key_id           = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
}
