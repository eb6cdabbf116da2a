# A cache in two Regions.

terraform {
  required_version = ">= 1.8"

  required_providers {
    elasticache = {
      source  = "elasticache-rs/elasticache"
      version = "~> 0.1"
    }
  }
}

variable "role" {
  type    = string
  default = "arn:aws:iam::123456789012:role/caches"
}

provider "elasticache" {
  region = "eu-west-1"

  assume_role {
    role_arn = var.role
  }

  default_tags {
    tags = { Team = "caches" }
  }
}

provider "elasticache" {
  alias  = "secondary"
  region = "eu-central-1" # far enough

  assume_role {
    role_arn = var.role
  }
}

module "pair" {
  source = "./pair"
  name   = "sessions"

  providers = {
    elasticache.primary   = elasticache
    elasticache.secondary = elasticache.secondary
  }
}

import {
  to = module.pair.elasticache_replication_group.primary
  id = "sessions"
}

data "elasticache_user" "app" {
  provider = elasticache.secondary
  user_id  = "app"
}

check "user" {
  assert {
    condition     = data.elasticache_user.app.engine == "redis"
    error_message = "The engine is ${data.elasticache_user.app.engine}."
  }
}

output "endpoints" {
  value = module.pair.endpoints
}
