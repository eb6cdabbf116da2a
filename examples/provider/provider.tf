terraform {
  required_providers {
    elasticache = {
      source  = "elasticache-rs/elasticache"
      version = "~> 0.1"
    }
  }
}

# Credentials come from where the AWS command line finds them.
provider "elasticache" {
  region = "eu-west-1"

  default_tags {
    tags = {
      ManagedBy = "Terraform"
    }
  }
}
