# terraform test -filter=tests/plan.tftest.hcl
#
# Plans alone: this needs neither AWS nor credentials.

variables {
  name                      = "booking-production"
  environment               = "production"
  vpc_id                    = "vpc-0a1b2c3d4e5f60001"
  subnet_ids                = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
  client_security_group_ids = ["sg-0a1b2c3d4e5f60002"]
  kms_key_id                = "alias/caches"
}

run "production" {
  command = plan

  assert {
    condition     = elasticache_replication_group.this.multi_az_enabled && elasticache_replication_group.this.automatic_failover_enabled
    error_message = "A replica in another Availability Zone must take over from the primary."
  }

  assert {
    condition     = elasticache_replication_group.this.transit_encryption_mode == "required"
    error_message = "Clients without TLS must be refused."
  }

  assert {
    condition     = elasticache_parameter_group.this.name == "booking-production-valkey8"
    error_message = "The name of the parameter group must hold the family."
  }
}

run "one_node_for_development" {
  command = plan

  variables {
    environment              = "dev"
    nodes                    = 1
    snapshot_retention_limit = 0
  }

  assert {
    condition     = !elasticache_replication_group.this.multi_az_enabled && !elasticache_replication_group.this.automatic_failover_enabled
    error_message = "One node has nothing to fail over to."
  }
}

run "a_new_major_version" {
  command = plan

  variables {
    engine_version = "9.0"
  }

  assert {
    condition     = elasticache_parameter_group.this.family == "valkey9" && elasticache_parameter_group.this.name == "booking-production-valkey9"
    error_message = "A major version must have a parameter group of its own."
  }
}

run "one_subnet_is_refused" {
  command = plan

  variables {
    subnet_ids = ["subnet-0a1b2c3d4e5f60001"]
  }

  expect_failures = [var.subnet_ids]
}
