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

# The group of the guide, argument by argument, are the defaults.
module "redis" {
  source = "../.."

  subnet_ids            = ["subnet-abc", "subnet-def"]
  app_security_group_id = "sg-app-servers"
}

output "env" {
  value = module.redis.env
}
