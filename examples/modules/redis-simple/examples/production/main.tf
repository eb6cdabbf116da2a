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

# A primary and a replica in two zones, five daily snapshots, AUTH and TLS.
module "redis" {
  source = "../.."

  app_name           = "myapp"
  environment        = "prod"
  vpc_id             = "vpc-123"
  subnet_ids         = ["subnet-abc", "subnet-def"]
  security_group_ids = ["sg-xyz"]

  node_type                = "cache.t3.small"
  num_cache_nodes          = 2
  multi_az_enabled         = true
  snapshot_retention_limit = 5
  enable_auth_token        = true
  auth_token               = var.redis_auth_token

  tags = { Environment = "prod" }
}

output "parameter_store_path" {
  value = module.redis.parameter_store_path
}
