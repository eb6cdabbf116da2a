# terraform test -filter=tests/apply.tftest.hcl
#
# Creates a cache, which takes some ten minutes and is paid for, and destroys it. Give
# your own ids: -var vpc_id=… -var 'subnet_ids=["…"]' -var 'security_group_ids=["…"]'.

variables {
  app_name           = "myapp"
  environment        = "test"
  vpc_id             = "vpc-00000001"
  subnet_ids         = ["subnet-00000001"]
  security_group_ids = ["sg-00000001"]
}

run "one_url" {
  assert {
    condition     = output.redis_url == "redis://${output.redis_endpoint}:${output.redis_port}"
    error_message = "The URL leads to the endpoint."
  }

  assert {
    condition     = output.parameter_store_path == "/myapp/test/redis/url" && output.cluster_id == "myapp-test-redis"
    error_message = "The names are made of app_name and environment."
  }
}

run "nothing_is_left_to_do" {
  command = plan

  # A value that changes is not known in a plan, and an unknown condition is an error.
  assert {
    condition     = output.redis_url == "redis://${output.redis_endpoint}:${output.redis_port}"
    error_message = "A plan after the apply changes nothing."
  }
}
