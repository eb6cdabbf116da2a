# Django, with the URLs of the Redis beside it. Before the Redis exists, a plan uses the mocks.

include "root" {
  path = find_in_parent_folders("root.hcl")
}

locals {
  root                     = dirname(find_in_parent_folders("root.hcl"))
  django_security_group_id = "sg-0123456789abcdef0"
}

terraform {
  source = "${local.root}/modules//django-service"
}

dependency "redis" {
  config_path = "../redis"

  mock_outputs = {
    redis_url               = "redis://localhost:6379/0"
    celery_broker_url       = "redis://localhost:6379/1"
    redis_security_group_id = "sg-12345"
  }

  # An apply requires the Redis. A destroy after a failed apply does not.
  mock_outputs_allowed_terraform_commands = ["init", "validate", "plan", "destroy"]
}

inputs = {
  redis_url         = dependency.redis.outputs.redis_url
  celery_broker_url = dependency.redis.outputs.celery_broker_url

  # Allow Django to access Redis
  additional_security_group_rules = [{
    type                     = "ingress"
    from_port                = 6379
    to_port                  = 6379
    protocol                 = "tcp"
    security_group_id        = dependency.redis.outputs.redis_security_group_id
    source_security_group_id = local.django_security_group_id
  }]
}
