terraform {
  required_providers {
    elasticache = {
      source = "elasticache-rs/elasticache"
    }
  }
}

provider "elasticache" {
  region = "eu-west-1"
}

variable "redis_auth_token" {
  type        = string
  description = "AUTH token, 16 to 128 characters."
  sensitive   = true
}

# The token may also be made here, by the hashicorp/random provider. Then
# auth_token is random_password.redis.result, and the variable is not needed:
#
#   resource "random_password" "redis" {
#     length  = 32
#     special = false
#   }

# A primary and two replicas, which clients reach with TLS and a token only.
module "redis" {
  source = "../.."

  app_name           = "myapp"
  environment        = "prod"
  vpc_id             = "vpc-123"
  subnet_ids         = ["subnet-abc", "subnet-def"]
  security_group_ids = ["sg-xyz"]

  node_type         = "cache.t3.medium"
  num_cache_nodes   = 3
  multi_az_enabled  = true
  enable_auth_token = true
  auth_token        = var.redis_auth_token

  tags = {
    Environment = "prod"
    Critical    = "true"
  }
}

output "parameter_store_path" {
  value = module.redis.parameter_store_path
}
