# terraform test -filter=tests/plan.tftest.hcl
#
# Plans alone: this needs neither AWS nor credentials.

variables {
  app_name           = "myapp"
  environment        = "test"
  vpc_id             = "vpc-123"
  subnet_ids         = ["subnet-abc"]
  security_group_ids = ["sg-xyz"]
}

run "defaults" {
  command = plan

  assert {
    condition     = elasticache_replication_group.this.id == "myapp-test-redis"
    error_message = "The id is app_name, environment and redis."
  }

  assert {
    condition     = elasticache_ssm_url.this.name == "/myapp/test/redis/url"
    error_message = "The URL is at /app_name/environment/redis/url."
  }

  assert {
    condition     = elasticache_replication_group.this.node_type == "cache.t3.micro" && elasticache_replication_group.this.num_cache_clusters == 1
    error_message = "By default there is one small node."
  }

  assert {
    condition     = elasticache_replication_group.this.at_rest_encryption_enabled
    error_message = "Data on disk is always encrypted."
  }
}

run "a_token_turns_on_tls" {
  command = plan

  variables {
    enable_auth_token = true
    auth_token        = "a-token-of-no-worth-0123"
  }

  assert {
    condition     = elasticache_replication_group.this.transit_encryption_enabled
    error_message = "AWS takes a token with TLS only."
  }
}

run "one_node_cannot_be_multi_az" {
  command = plan

  variables {
    multi_az_enabled = true
  }

  expect_failures = [elasticache_replication_group.this]
}

run "a_token_with_a_slash" {
  command = plan

  variables {
    enable_auth_token = true
    auth_token        = "0123456789abcdef/"
  }

  expect_failures = [var.auth_token]
}
