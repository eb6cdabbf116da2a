# A Redis for Django: what config/redis.yaml says, or the file that the environment names.

include "root" {
  path   = find_in_parent_folders("root.hcl")
  expose = true
}

include "provider" {
  path = find_in_parent_folders("provider.hcl")
}

locals {
  root = dirname(find_in_parent_folders("root.hcl"))
}

terraform {
  source = "${local.root}/../modules//redis-unit"
}

inputs = yamldecode(file("${local.root}/config/${include.root.locals.env.redis_config}"))
