# terraform test -filter=tests/plan.tftest.hcl
#
# Plans alone: this needs neither AWS nor credentials.

variables {
  name        = "booking"
  environment = "production"

  home = {
    region                    = "eu-west-1"
    vpc_id                    = "vpc-0a1b2c3d4e5f60001"
    subnet_ids                = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
    client_security_group_ids = ["sg-0a1b2c3d4e5f60002"]
  }

  standby = {
    region                    = "us-west-2"
    vpc_id                    = "vpc-0a1b2c3d4e5f60009"
    subnet_ids                = ["subnet-0a1b2c3d4e5f60007", "subnet-0a1b2c3d4e5f60008"]
    client_security_group_ids = ["sg-0a1b2c3d4e5f60009"]
  }
}

run "two_regions" {
  command = plan

  assert {
    condition     = elasticache_replication_group.home.region == "eu-west-1" && elasticache_replication_group.standby.region == "us-west-2"
    error_message = "Each Region must have its own replication group."
  }

  assert {
    condition     = elasticache_global_replication_group.this.primary_region == "eu-west-1"
    error_message = "The home Region must take the writes first."
  }

  assert {
    condition     = length(elasticache_metric_alarm.lag) == 4 && elasticache_metric_alarm.lag["booking-us-west-2-002"].region == "us-west-2"
    error_message = "Every node must have an alarm in its own Region."
  }
}

run "another_region_is_refused" {
  command = plan

  variables {
    active_region = "ap-south-1"
  }

  expect_failures = [elasticache_global_replication_group.this]
}
