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

run "two_alarms_for_each_node" {
  command = plan

  assert {
    condition     = length(elasticache_metric_alarm.cpu_utilization) == 2 && length(elasticache_metric_alarm.memory_utilization) == 2
    error_message = "Each node has an alarm on CPU and one on memory."
  }

  assert {
    condition     = elasticache_metric_alarm.cpu_utilization["koneksi-test-redis-001"].dimensions["CacheClusterId"] == "koneksi-test-redis-001"
    error_message = "The alarm of a node has the id of the node."
  }
}

run "one_node_cannot_fail_over" {
  command = plan

  variables {
    number_cache_clusters = 1
  }

  expect_failures = [elasticache_replication_group.main]
}
