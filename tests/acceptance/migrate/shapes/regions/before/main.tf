# A cache in two Regions.

terraform {
  required_version = ">= 1.8"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

variable "role" {
  type    = string
  default = "arn:aws:iam::123456789012:role/caches"
}

provider "aws" {
  region = "eu-west-1"

  assume_role {
    role_arn = var.role
  }

  default_tags {
    tags = { Team = "caches" }
  }
}

provider "aws" {
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
    aws.primary   = aws
    aws.secondary = aws.secondary
  }
}

import {
  to = module.pair.aws_elasticache_replication_group.primary
  id = "sessions"
}

data "aws_elasticache_user" "app" {
  provider = aws.secondary
  user_id  = "app"
}

check "user" {
  assert {
    condition     = data.aws_elasticache_user.app.engine == "redis"
    error_message = "The engine is ${data.aws_elasticache_user.app.engine}."
  }
}

output "endpoints" {
  value = module.pair.endpoints
}
