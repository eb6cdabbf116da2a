# terraform test -filter=tests/plan.tftest.hcl
#
# Plans alone: this needs neither AWS nor credentials.

variables {
  name                      = "reports-celery"
  environment               = "production"
  vpc_id                    = "vpc-0a1b2c3d4e5f60001"
  subnet_ids                = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
  client_security_group_ids = ["sg-0a1b2c3d4e5f60002"]
  kms_key_id                = "alias/caches"
}

run "production" {
  command = plan

  assert {
    condition     = one([for each in elasticache_parameter_group.this.parameter : each.value if each.name == "maxmemory-policy"]) == "noeviction"
    error_message = "A full broker must refuse tasks, not drop them."
  }

  assert {
    condition     = alltrue([for url in elasticache_ssm_url.this : url.parameters["ssl_cert_reqs"] == "required"])
    error_message = "Celery must be told to check certificates."
  }

  assert {
    condition     = elasticache_ssm_url.this["broker"].database != elasticache_ssm_url.this["results"].database
    error_message = "Queues and results must be in different databases."
  }
}

run "one_node_for_development" {
  command = plan

  variables {
    environment = "dev"
    nodes       = 1
  }

  assert {
    condition     = !elasticache_replication_group.this.multi_az_enabled
    error_message = "One node has nothing to fail over to."
  }
}
