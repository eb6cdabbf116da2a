# The module called as its own Quick Start calls it. `make demo` applies this
# against a local AWS; nothing in here knows that the AWS is local.

terraform {
  required_providers {
    elasticache = {
      source = "elasticache-rs/elasticache"
    }
  }
}

# Region, endpoint and credentials come from the environment.
provider "elasticache" {}

variable "vpc_id" {
  type        = string
  description = "VPC of the cache."
}

variable "subnet_ids" {
  type        = list(string)
  description = "Subnets of the cache."
}

variable "security_group_ids" {
  type        = list(string)
  description = "Security groups of the cache."
}

module "redis" {
  source = "../modules/redis-simple"

  app_name           = "backend-booking"
  environment        = "dev"
  vpc_id             = var.vpc_id
  subnet_ids         = var.subnet_ids
  security_group_ids = var.security_group_ids

  tags = {
    Environment = "dev"
  }
}

output "parameter_store_path" {
  description = "Where an application finds its URL."
  value       = module.redis.parameter_store_path
}

output "redis_url" {
  description = "The URL itself."
  value       = module.redis.redis_url
  sensitive   = true
}

output "redis_endpoint" {
  description = "Address of the primary."
  value       = module.redis.redis_endpoint
}

output "redis_port" {
  description = "Port of the cache."
  value       = module.redis.redis_port
}

output "cluster_id" {
  description = "Id of the replication group."
  value       = module.redis.cluster_id
}
