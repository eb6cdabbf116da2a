# terraform test -filter=tests/plan.tftest.hcl
#
# Plans alone: this needs neither AWS nor credentials.

variables {
  name                      = "booking"
  environment               = "production"
  vpc_id                    = "vpc-0a1b2c3d4e5f60001"
  subnet_ids                = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
  client_security_group_ids = ["sg-0a1b2c3d4e5f60002"]
}

run "group" {
  command = plan

  assert {
    condition     = length(elasticache_serverless_cache.this) == 0 && length(elasticache_snapshot.this) == 0
    error_message = "The first stage must have the replication group alone."
  }

  assert {
    condition     = elasticache_replication_group.this[0].deletion_protection
    error_message = "The replication group must be protected."
  }
}

run "switch" {
  command = plan

  variables {
    stage = "switch"
  }

  assert {
    condition     = elasticache_snapshot.this[0].replication_group_id == "booking" && elasticache_ssm_url.this.serverless_cache_name == "booking"
    error_message = "The serverless cache must begin with the data of the replication group, and the URL must lead to it."
  }

  assert {
    condition     = !elasticache_replication_group.this[0].deletion_protection && !elasticache_serverless_cache.this[0].deletion_protection
    error_message = "Both the way on and the way back must be open."
  }
}

run "serverless" {
  command = plan

  variables {
    stage = "serverless"
  }

  assert {
    condition     = length(elasticache_replication_group.this) == 0 && length(elasticache_subnet_group.this) == 0
    error_message = "The last stage must have no nodes."
  }

  assert {
    condition     = elasticache_serverless_cache.this[0].deletion_protection && elasticache_serverless_cache.this[0].final_snapshot_name == "booking-final"
    error_message = "The data must not be lost by mistake."
  }
}

run "another_stage_is_refused" {
  command = plan

  variables {
    stage = "done"
  }

  expect_failures = [var.stage]
}
