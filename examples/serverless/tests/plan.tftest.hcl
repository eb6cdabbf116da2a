# terraform test -filter=tests/plan.tftest.hcl
#
# Plans alone: this needs neither AWS nor credentials.

variables {
  name                      = "booking-api"
  environment               = "production"
  vpc_id                    = "vpc-0a1b2c3d4e5f60001"
  subnet_ids                = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
  client_security_group_ids = ["sg-0a1b2c3d4e5f60002"]
}

run "production" {
  command = plan

  assert {
    condition     = elasticache_serverless_cache.this.cache_usage_limits[0].data_storage[0].maximum == 10
    error_message = "A burst must be bounded."
  }

  assert {
    condition     = elasticache_metric_alarm.this["ecpu_per_second"].threshold == 2250000 && elasticache_metric_alarm.this["data_storage"].threshold == 7500000000
    error_message = "The alarms must be at three quarters of the limits."
  }

  assert {
    condition     = elasticache_serverless_cache.this.deletion_protection && elasticache_serverless_cache.this.final_snapshot_name == "booking-api-final"
    error_message = "The data must not be lost by mistake."
  }
}

run "ready_for_bursts" {
  command = plan

  variables {
    min_ecpu_per_second = 10000
    max_ecpu_per_second = 100000
  }

  assert {
    condition     = elasticache_serverless_cache.this.cache_usage_limits[0].ecpu_per_second[0].minimum == 10000
    error_message = "The minimum must be kept ready."
  }
}
