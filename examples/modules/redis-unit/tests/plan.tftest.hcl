# terraform test -filter=tests/plan.tftest.hcl
#
# Plans alone: this needs neither AWS nor credentials.

variables {
  name       = "lightwave-django-test"
  subnet_ids = ["subnet-abc123"]
}

run "logs_where_the_commands_look_for_them" {
  command = plan

  assert {
    condition     = elasticache_log_group.this["slow-log"].name == "/aws/elasticache/lightwave-django-test/slow-log"
    error_message = "The slow log is at /aws/elasticache/<name>/slow-log."
  }
}

run "tags_of_the_caller_win" {
  command = plan

  variables {
    environment = "prod"
    tags        = { Environment = "production" }
  }

  assert {
    condition     = elasticache_replication_group.this.tags_all["Environment"] == "production"
    error_message = "A tag that is given is not replaced by environment."
  }
}

run "a_policy_redis_does_not_have" {
  command = plan

  variables {
    maxmemory_policy = "lru"
  }

  expect_failures = [var.maxmemory_policy]
}
