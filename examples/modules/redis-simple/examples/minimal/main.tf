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

# One small node for development; everything else is a default.
module "redis" {
  source = "../.."

  app_name           = "myapp"
  environment        = "dev"
  vpc_id             = "vpc-123"
  subnet_ids         = ["subnet-abc"]
  security_group_ids = ["sg-xyz"]

  tags = { Environment = "dev" }
}

output "parameter_store_path" {
  value = module.redis.parameter_store_path
}
