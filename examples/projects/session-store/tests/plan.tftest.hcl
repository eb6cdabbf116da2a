# terraform test -filter=tests/plan.tftest.hcl
#
# Plans alone: this needs neither AWS nor credentials.

variables {
  name                      = "shop-sessions"
  environment               = "production"
  vpc_id                    = "vpc-0a1b2c3d4e5f60001"
  subnet_ids                = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
  client_security_group_ids = ["sg-0a1b2c3d4e5f60002"]
  kms_key_id                = "alias/caches"
}

run "two_shards_with_a_replica_each" {
  command = plan

  assert {
    condition     = elasticache_replication_group.this.num_cache_clusters == 4 && elasticache_replication_group.this.multi_az_enabled
    error_message = "Each of the two shards must have a primary and a replica, in different Availability Zones."
  }

  assert {
    condition     = elasticache_replication_group.this.deletion_protection
    error_message = "A plan that destroys the sessions must fail."
  }
}

run "a_user_for_the_keys_of_sessions" {
  command = plan

  variables {
    key_prefix = "spring:session:"
  }

  assert {
    condition     = startswith(elasticache_user.this.access_string, "on ~spring:session:* -@all ")
    error_message = "The user must reach the keys of sessions only."
  }
}

run "shards_without_a_replica_are_refused" {
  command = plan

  variables {
    replicas_per_shard = 0
  }

  expect_failures = [var.replicas_per_shard]
}
