# terraform test -filter=tests/plan.tftest.hcl
#
# Plans alone: this needs neither AWS nor credentials.

variables {
  subnet_ids            = ["subnet-abc", "subnet-def"]
  app_security_group_id = "sg-app-servers"
}

run "the_group_of_the_guide" {
  command = plan

  assert {
    condition     = elasticache_replication_group.this.id == "revrx-redis-prod" && elasticache_replication_group.this.transit_encryption_enabled
    error_message = "The defaults are those of the guide."
  }

  assert {
    condition     = elasticache_ssm_url.celery.parameters["ssl_cert_reqs"] == "required"
    error_message = "Celery must be told how certificates are checked."
  }

  assert {
    condition     = length(output.ecs_secrets) == 4 && length(output.ecs_environment) == 3
    error_message = "An ECS task gets the seven settings of the .env."
  }
}

run "a_redis_cluster" {
  command = plan

  variables {
    num_node_groups = 3
  }

  assert {
    condition     = elasticache_replication_group.this.num_node_groups == 3 && elasticache_replication_group.this.replicas_per_node_group == 1
    error_message = "Each shard has a replica."
  }
}

run "a_token_in_base64_is_refused" {
  command = plan

  variables {
    auth_token = "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg="
  }

  expect_failures = [var.auth_token]
}
