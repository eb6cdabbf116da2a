# terraform test -filter=tests/plan.tftest.hcl
#
# Plans alone: this needs neither AWS nor credentials.

variables {
  environment                = "test"
  vpc_id                     = "vpc-123"
  subnet_ids                 = ["subnet-abc", "subnet-def"]
  allowed_security_group_ids = ["sg-lambda"]
}

run "names_and_logs" {
  command = plan

  assert {
    condition     = elasticache_replication_group.this.id == "securebase-test-redis"
    error_message = "The id is securebase-<environment>-redis."
  }

  assert {
    condition     = elasticache_log_group.this["slow-log"].name == "/aws/elasticache/securebase-test/redis/slow-log"
    error_message = "The slow log is where the document's command looks for it."
  }
}

run "a_token_that_is_given_is_not_generated" {
  command = plan

  variables {
    auth_token = "a-token-of-no-worth-0123"
  }

  assert {
    condition     = elasticache_auth_token_secret.this[0].generate == null && length(elasticache_connection_secret.this) == 1
    error_message = "A token that is given is stored as it is."
  }
}

run "a_token_that_is_not_stored_must_be_given" {
  command = plan

  variables {
    store_auth_token = false
  }

  expect_failures = [elasticache_replication_group.this]
}

run "one_node_cannot_be_multi_az" {
  command = plan

  variables {
    multi_az_enabled = true
  }

  expect_failures = [elasticache_replication_group.this]
}
