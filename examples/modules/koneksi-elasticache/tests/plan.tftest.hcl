# terraform test -filter=tests/plan.tftest.hcl
#
# Plans alone: this needs neither AWS nor credentials. In a copy with backend.tf run
# `terraform init -backend=false` first.

variables {
  name_prefix            = "koneksi-test"
  vpc_id                 = "vpc-123"
  elasticache_subnet_ids = ["subnet-abc", "subnet-def"]
  vpc_security_group_id  = "sg-xyz"
}

run "alarms_on_cpu_and_memory" {
  command = plan

  assert {
    condition = alltrue([
      for name in ["cpu-utilization", "memory-utilization"] :
      elasticache_alarm_set.main.metrics[name].threshold == 80 && elasticache_alarm_set.main.metrics[name].period == 300
    ])
    error_message = "Each node has an alarm on CPU and one on memory, above 80 %."
  }

  assert {
    condition     = elasticache_alarm_set.main.metrics["cache-hit-ratio-low"].enabled == false
    error_message = "The alarm on the hit ratio is an option."
  }
}

run "parameters_need_a_group_of_their_own" {
  command = plan

  variables {
    parameter_group_parameters = []
  }

  assert {
    condition     = elasticache_replication_group.main.parameter_group_name == "default.redis7"
    error_message = "Without parameters AWS's own group is used."
  }
}

run "one_node_cannot_fail_over" {
  command = plan

  variables {
    number_cache_clusters = 1
  }

  expect_failures = [elasticache_replication_group.main]
}
